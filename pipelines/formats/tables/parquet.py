"""Parquet: typed columns as exact text. Columns are not interpreted here."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow
import pyarrow.parquet

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, RawTable, Source
from pipelines.formats.tables.naming import column_names
from pipelines.formats.tables.numbers import shown_series
from pipelines.formats.tables.streams import MAX_EXPANDED

_ROW = "__row"
# Run-length encoding makes a billion equal rows of a few bytes. A table with keys has at least a byte a row.
_MAX_ROWS_PER_BYTE = 4
_FREE_ROWS = 1_000_000
_BATCH_ROWS = 65_536


def _decoded(values: pl.Series) -> pl.Series:
    """Bytes as UTF-8 text, null where they are none."""
    texts: list[str | None] = []
    for value in values.to_list():
        try:
            texts.append(None if value is None else value.decode())
        except UnicodeDecodeError:
            texts.append(None)
    return pl.Series(values.name, texts, dtype=pl.String)


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    """The column as text: dates YYYY-MM-DD, midnight without its time, numbers without exponents."""
    column = pl.col(name)
    if dtype.is_float():
        return column.map_batches(shown_series, return_dtype=pl.String(), is_elementwise=True)
    if dtype == pl.Date:
        return column.dt.to_string("%Y-%m-%d")
    if isinstance(dtype, pl.Datetime):
        pattern = "%Y-%m-%d %H:%M:%S%.f" + ("%:z" if dtype.time_zone else "")
        midnight = column.dt.time() == pl.time(0, 0, 0)
        return (
            column.dt.to_string(pattern)
            if dtype.time_zone
            else pl.when(midnight).then(column.dt.to_string("%Y-%m-%d")).otherwise(column.dt.to_string(pattern))
        )
    if isinstance(dtype, pl.Duration):
        return column.dt.to_string("iso")
    if isinstance(dtype, pl.Struct):
        return column.struct.json_encode()
    if isinstance(dtype, (pl.List, pl.Array)):
        # a list has no text of its own: wrapped, it is the one field of an object
        wrapped = pl.struct(column.alias("list")).struct.json_encode()
        return pl.when(column.is_not_null()).then(wrapped)
    if dtype == pl.Binary:
        return column.map_batches(_decoded, return_dtype=pl.String(), is_elementwise=True)
    if dtype == pl.Null:
        return pl.lit(None, dtype=pl.String)
    return column.cast(pl.String)


def _fault(name: str, dtype: pl.DataType) -> pl.Expr | None:
    if dtype != pl.Binary:
        return None
    unreadable = pl.col(name).is_not_null() & _text(name, dtype).is_null()
    return pl.when(unreadable).then(pl.lit(f"the bytes in {name!r} are not text"))


def _damaged(error: Exception, source: Source) -> RefusedFile:
    said = str(error).splitlines() or [type(error).__name__]
    return RefusedFile(
        f"the Parquet file is damaged: {said[0][:200]}",
        where=source.name,
        remedy="write and deliver it again; it may have been cut off on the way",
    )


def _copied(source: Source, work: Path) -> Path:
    """The file once through Arrow, written anew. Raises RefusedFile.

    Polars believes a file's own lengths: one wrong byte can end the whole process (a failed allocation is no exception
    there), where Arrow says what is wrong.
    """
    try:
        with pyarrow.parquet.ParquetFile(source.path) as file:
            rows = file.metadata.num_rows
            groups = range(file.metadata.num_row_groups)
            size = sum(file.metadata.row_group(group).total_byte_size for group in groups)
            if size > MAX_EXPANDED or (rows > _FREE_ROWS and rows > _MAX_ROWS_PER_BYTE * source.size):
                raise RefusedFile(
                    "the Parquet file expands beyond all measure",
                    where=source.name,
                    value=f"{source.size} bytes hold {rows} rows, {size} bytes",
                    remedy="deliver it in parts",
                )
            for column in file.schema_arrow:
                if pyarrow.types.is_map(column.type) or pyarrow.types.is_decimal256(column.type):
                    raise RefusedFile(
                        f"the column {column.name!r} is of a type that no table takes",
                        where=source.name,
                        value=str(column.type),
                        valid="text, numbers of up to 38 digits, dates, times, yes or no",
                        remedy="write it as text, or leave the column out",
                    )
            work.mkdir(parents=True, exist_ok=True)
            path = work / "table.parquet"
            with pyarrow.parquet.ParquetWriter(path, file.schema_arrow, compression="lz4") as copy:
                for batch in file.iter_batches(_BATCH_ROWS):
                    batch.validate(full=True)
                    copy.write_batch(batch)
    except (pyarrow.ArrowException, UnicodeDecodeError, OverflowError) as error:
        raise _damaged(error, source) from error
    except OSError as error:
        if error.errno is not None:  # the machine's: no space, no rights
            raise
        raise _damaged(error, source) from error
    return path


def read_parquet(source: Source, *, name: str, work: Path) -> RawTable:
    """The one table of a Parquet file; `work`: a scratch folder of its own. Raises RefusedFile."""
    path = _copied(source, work)
    try:
        scan = pl.scan_parquet(path, glob=False, row_index_name=_ROW, row_index_offset=1)
        schema = scan.collect_schema()
    except pl.exceptions.PolarsError as error:
        raise _damaged(error, source) from error
    own = [column for column in schema if column != _ROW]
    names = column_names(own, where=source.name)
    kept = [(column, title) for column, title in zip(own, names.names, strict=False) if title is not None]
    faults = [fault for column, _ in kept if (fault := _fault(column, schema[column])) is not None]
    return RawTable(
        format="parquet",
        name=name,
        header=names.header,
        frame=scan.select(
            *(_text(column, schema[column]).alias(title) for column, title in kept),
            pl.col(_ROW).cast(pl.String).alias("source_line"),
            (pl.coalesce(faults) if faults else pl.lit(None, dtype=pl.String)).alias(FAULT),
        ),
        warnings=names.warnings,
        repeated=names.repeated,
    )
