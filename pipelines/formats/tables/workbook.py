"""XLSX: one table for each sheet that is not empty. Columns are not interpreted here.

The cells come from fastexcel as text (0.7 s for 200,000 rows; numbers at 15 digits, dates as ISO). What it passes over
silently is looked for beside it: cells with an error value, and formulas that were never calculated.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import defaultdict
from pathlib import PurePosixPath

import fastexcel
import polars as pl
from lxml import etree

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, RawTable, Source
from pipelines.formats.tables.naming import HEADER_WITHIN, IsHeader, column_names, title_left_out
from pipelines.formats.tables.numbers import shown

# A full sheet of 1,048,576 rows and 12 columns is 0.7 GB of XML, and is held in memory.
_MAX_EXPANDED = 1024**3
_MAX_RATIO = 100
_RATIO_FROM = 64 * 1024**2
_MAX_MEMBERS = 10_000
# a cell with a formula and no value; an empty text (t="str") is a value
_UNCALCULATED = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"(?![^>]* t="str")[^>]*>'
    rb"<(?:\w+:)?f(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
# fastexcel's name of an error value -> what Excel shows; landing takes none of them for a value
_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}
_LONG_DECIMAL = r"^-?\d*\.\d{14,}$|^-?\d{2,}\.\d{13,}$"


def _check_zip(source: Source) -> None:
    """Raises RefusedFile for what is no workbook, is damaged or would fill the memory. Reads every member once: the
    sizes in a zip's directory are claims, and a member longer than its claim fails its checksum."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            if "xl/workbook.xml" not in archive.namelist():
                raise RefusedFile(
                    "the file is a zip archive without a workbook in it",
                    where=source.name,
                    remedy="unpack it; workbooks must be saved as .xlsx",
                )
            if (
                size > _MAX_EXPANDED
                or (size > _RATIO_FROM and size > _MAX_RATIO * source.size)
                or len(members) > _MAX_MEMBERS
            ):
                raise RefusedFile(
                    "the workbook expands beyond all measure",
                    where=source.name,
                    value=f"{source.size} bytes become {size}",
                    valid=f"at most {_MAX_EXPANDED >> 20} MiB and {_MAX_RATIO} times its size",
                    remedy="deliver the data as CSV, gzipped if need be",
                )
            bad = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise _damaged(source, str(error)) from error
    if bad is not None:
        raise _damaged(source, f"checksum of {bad!r}")


def _damaged(source: Source, what: str) -> RefusedFile:
    return RefusedFile(
        f"the workbook is damaged: {what[:200]}",
        where=source.name,
        remedy="save it again as .xlsx without a password",
    )


def _sheet_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> the archive member that holds it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    relations = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {r.get("Id"): r.get("Target", "") for r in relations.iter("{*}Relationship")}
    found = {}
    for sheet in etree.fromstring(archive.read("xl/workbook.xml"), parser).iter("{*}sheet"):
        identity = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
        target = targets.get(identity, "")
        path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        found[sheet.get("name", "")] = path
    return found


def _uncalculated(source: Source) -> dict[str, dict[int, str]]:
    """Sheet -> row -> cell of a formula without a result, which scripts leave behind and Excel does not."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    try:
        with zipfile.ZipFile(source.path) as archive:
            for sheet, member in _sheet_members(archive).items():
                with archive.open(member) as stream:
                    held = b""
                    while block := stream.read(1 << 22):
                        held += block
                        for match in _UNCALCULATED.finditer(held):
                            found[sheet].setdefault(int(match[2]), f"{match[1].decode()}{match[2].decode()}")
                        held = held[-4096:]
    except (KeyError, etree.XMLSyntaxError) as error:
        raise _damaged(source, str(error)) from error
    return found


def _cells(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates without a midnight, decimals at the 15 digits that Excel keeps."""
    changes = []
    for name in frame.columns:
        column = pl.col(name)
        long = frame[name].str.contains(_LONG_DECIMAL)
        text = column.str.replace(r"^(\d{4}-\d{2}-\d{2}) 00:00:00$", "$1")
        if long.any():
            noisy = frame[name].filter(long).unique()
            replaced = {value: shown(float(value)) for value in noisy if len(value.lstrip("-0.").replace(".", "")) > 15}
            text = text.replace(replaced) if replaced else text
        changes.append(text)
    return frame.with_columns(changes)


def _header_row(cells: pl.DataFrame, filled: pl.Series, is_header: IsHeader | None) -> int | None:
    """The first row with a value; where a title stands above, the row that is known as a header."""
    candidates = filled.arg_true().head(HEADER_WITHIN).to_list()
    if not candidates:
        return None
    if is_header is not None:
        return next((index for index in candidates if is_header(cells.row(index))), candidates[0])
    return candidates[0]


def _table(
    source: Source,
    book: fastexcel.ExcelReader,
    sheet: str,
    uncalculated: dict[int, str],
    is_header: IsHeader | None,
) -> RawTable | None:
    try:
        loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string", whitespace_as_null=False)
        batch, errors = loaded.to_arrow_with_errors()
    except fastexcel.FastExcelError as error:
        raise _damaged(source, f"sheet {sheet!r}: {error}") from error
    cells = pl.DataFrame(pl.from_arrow(batch))
    if not cells.width:
        return None
    missing = max(uncalculated, default=0) - cells.height
    if missing > 0:  # at the end of the sheet, rows of nothing but such formulas are not there at all
        cells = pl.concat([cells, cells.clear(missing)])
    row_of = pl.Series("__row", range(1, cells.height + 1))
    filled = (
        cells.select(pl.any_horizontal(pl.all().str.strip_chars().str.len_bytes() > 0)).to_series().fill_null(False)
    )
    faults: dict[int, str] = {
        row: f"the formula in {cell} was never calculated: open and save the workbook in Excel or LibreOffice"
        for row, cell in uncalculated.items()
    }
    wrong: dict[int, tuple[list[int], list[str]]] = defaultdict(lambda: ([], []))
    for error in errors.errors if errors else ():
        row, column = error.position
        wrong[column][0].append(row)
        wrong[column][1].append(_ERRORS.get(error.detail.rpartition("Error(")[2].rstrip(")'"), "#ERROR!"))
    for column, (rows, shown_as) in wrong.items():
        cells = cells.with_columns(cells.to_series(column).scatter(rows, shown_as))
    where = f"{source.name}, sheet {sheet!r}"
    first = _header_row(cells, filled, is_header)
    if first is None:
        return None
    names = column_names(cells.row(first), where=where)
    above = filled.head(first).sum()
    faults_series = pl.Series(FAULT, [faults.get(row) for row in row_of], dtype=pl.String)
    kept = [(f"{name}", title) for name, title in zip(cells.columns, names.names, strict=False) if title is not None]
    beyond = cells.columns[len(names.names) :]
    body = cells.with_columns(row_of, faults_series, filled.alias("__filled")).slice(first + 1)
    if beyond:
        over = pl.any_horizontal(pl.col(beyond).str.strip_chars().str.len_bytes() > 0).fill_null(False)
        too_many = pl.when(over).then(pl.lit(f"the row has cells beyond the {len(names.names)} columns of the header"))
        body = body.with_columns(pl.coalesce(FAULT, too_many).alias(FAULT))
    body = body.filter(pl.col("__filled") | pl.col(FAULT).is_not_null())
    mark = sheet.replace("!", "_")
    frame = body.select(
        *(pl.col(column).alias(title) for column, title in kept),
        (pl.lit(f"{mark}!") + pl.col("__row").cast(pl.String)).alias("source_line"),
        FAULT,
    )
    cleaned = _cells(frame.select(names.header)).with_columns(frame["source_line"], frame[FAULT])
    return RawTable(
        format="xlsx",
        name=sheet,
        header=names.header,
        frame=cleaned.lazy(),
        warnings=(*title_left_out(above), *names.warnings),
        repeated=names.repeated,
    )


def read_workbook(source: Source, *, is_header: IsHeader | None = None) -> list[RawTable]:
    """The tables of a workbook: the first row of a sheet that is not empty is its header, or the first known as one.

    Raises RefusedFile.
    """
    _check_zip(source)
    uncalculated = _uncalculated(source)
    try:
        book = fastexcel.read_excel(source.path)
    except fastexcel.FastExcelError as error:
        raise _damaged(source, str(error)) from error
    tables = [_table(source, book, sheet, uncalculated.get(sheet, {}), is_header) for sheet in book.sheet_names]
    found = [table for table in tables if table is not None]
    if not found:
        raise RefusedFile("the workbook is empty", where=source.name, remedy="deliver it with a header row")
    return found
