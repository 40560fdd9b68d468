"""A list within a file: the grid of cells below a header that stands somewhere in the first lines, whatever carries it.

Carriers: text with tabs, semicolons, commas or bars (also framed spool lists and UTF-16 text named .xls), HTML and
SpreadsheetML tables, XLSX sheets. One pass finds the header and writes what stands below it to scratch; the rows are
then a lazy frame, so that millions of them take no memory. What the columns mean is the caller's knowledge.
"""

from __future__ import annotations

import codecs
import csv
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import fastexcel
import polars as pl
from lxml import etree

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Context, Source
from pipelines.formats.erp import totals
from pipelines.formats.tables.delimited import DELIMITERS, read_delimited
from pipelines.formats.tables.streams import expanded

# What a grid is looked for within: a title and the selection that a list was made with take a dozen lines.
HEADER_WITHIN = 40
_BLOCK = 4 * 1024**2
_SAMPLE = 256 * 1024
_CHUNK = 50_000  # rows of a marked-up table that are held at once
_MOST_CELLS = 2000
_TAG = re.compile(r"<[^<>]*>")
_ROW_TAG = re.compile(r"<(?:\w+:)?(?:tr|row)\b", re.IGNORECASE)
_CELL_TAG = re.compile(r"<(?:\w+:)?(?:td|th|cell)\b", re.IGNORECASE)
_END = "\x02"  # stands behind the last bar of a framed line
_FRAMED = re.compile(r"\|[ \t]*\n")
_OVER = "__over"  # the spare column shows lines that are too long
_WHOLE = "__whole"  # all cells of a row
_TEXT = rf"[^-=_\s{totals.CELL}{_END}]"  # more than a blank line or a rule

# Judges a row of cells: what it is the header of, None where of nothing.
Judge = Callable[[Sequence[str]], Any]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """`frame`: c0, c1, … as they stand, source_line, FAULT; every line below the header. `rows` makes data of it."""

    carrier: str
    header: tuple[str, ...]
    judged: Any
    frame: pl.LazyFrame
    title: tuple[str, ...] = ()  # the lines above the header
    typed: frozenset[int] = field(default_factory=frozenset)  # columns whose values a workbook holds as numbers
    is_framed: bool = False  # every line of it starts and ends with a bar
    warnings: tuple[str, ...] = ()

    def rows(
        self,
        fields: Mapping[str, int],
        *,
        work: Path,
        amount: str | None = None,
        filled: Sequence[str] = (),
        identifying: Sequence[str] = (),
    ) -> pl.LazyFrame:
        """The list's data and totals, of all columns only `fields`, under their names: stripped text, null where
        empty; source_line, FAULT; with `amount` the level and label of totals (`totals`).

        One pass over the file, written to `work`: everything else reads the few columns that it needs from there.
        Gone are blank lines, rules, lines outside a frame and the header repeated on every page.
        """
        every = [f"c{index}" for index in range(len(self.header) - self.is_framed)]
        frame = self.frame.select(
            *(_stripped(pl.col(f"c{index}")).alias(field) for field, index in fields.items()),
            pl.concat_str([pl.col(name).fill_null("") for name in every], separator=totals.CELL).alias(_WHOLE),
            *(self._frame_checks() if self.is_framed else ()),
            "source_line",
            FAULT,
        )
        is_header = pl.all_horizontal(
            pl.col(field).eq_missing(pl.lit(self.header[index])) for field, index in fields.items()
        )
        kept = pl.col(_WHOLE).str.contains(_TEXT) & ~is_header
        if self.is_framed:
            frame = frame.with_columns(pl.coalesce("__frame", FAULT).alias(FAULT))
            kept = kept & pl.col("__inside")
        names = list(fields)
        path = Path(tempfile.mkdtemp(prefix="rows-", dir=work)) / "rows.parquet"
        frame.filter(kept).select(
            *names,
            *(totals.marked(_WHOLE, filled=filled, identifying=identifying, amount=amount) if amount else ()),
            "source_line",
            FAULT,
        ).sink_parquet(path, compression="lz4")
        return pl.scan_parquet(path, glob=False)

    def _frame_checks(self) -> tuple[pl.Expr, pl.Expr]:
        """Why a framed line cannot be right (`__frame`), and whether it is one at all (`__inside`).

        Every line starts and ends with a bar: nothing stands in the first cell, the mark of the line's end in the last.
        Titles of pages have no bars.
        """
        last = len(self.header) - 1
        outside = (pl.col("c0").str.len_bytes() > 0).fill_null(False)
        more = pl.any_horizontal(pl.col(f"c{index}").is_not_null() for index in range(1, last + 1))
        reason = (
            pl.when(outside)
            .then(pl.lit("the line does not start with the list's frame"))
            .when(pl.col(f"c{last}").ne_missing(pl.lit(_END)))
            .then(
                pl.lit(
                    f"the line has not the {last - 1} cells of the header; a text in it may hold a bar, which parts "
                    "cells"
                )
            )
        )
        return reason.alias("__frame"), (~outside | more).alias("__inside")


def _folder(context: Context) -> Path:
    context.work.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="list-", dir=context.work))


# -- text ------------------------------------------------------------------------------------------------------------


def _split(line: str, delimiter: str) -> list[str]:
    if delimiter == "|" or '"' not in line:
        return [cell.strip() for cell in line.split(delimiter)]
    return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]


@dataclass(frozen=True)
class _Found:
    number: int  # of the header's line, from 0
    delimiter: str
    cells: tuple[str, ...]
    judged: Any


def _find(lines: Sequence[str], judge: Judge) -> _Found | None:
    """The first line that `judge` knows, under any delimiter."""
    for number, line in enumerate(lines[:HEADER_WITHIN]):
        for delimiter in DELIMITERS:
            if line.count(delimiter) < 2 or len(line) > 100_000:
                continue
            cells = _split(line, delimiter)
            judged = judge(cells)
            if judged is not None:
                return _Found(number, delimiter, tuple(cells), judged)
    return None


def _markup_rows(text: str) -> Iterator[list[str]]:
    for part in _ROW_TAG.split(text)[1 : HEADER_WITHIN + 1]:
        yield [" ".join(_TAG.sub(" ", "<" + cell).split()) for cell in _CELL_TAG.split(part)[1:_MOST_CELLS]]


def judged_head(head: str, judge: Judge) -> bool:
    """Whether the first characters of a file hold a header that `judge` knows."""
    head = head.replace("\0", "")  # UTF-16 without its mark
    if head[:1] == "<":
        return any(judge(cells) is not None for cells in _markup_rows(head))
    if _find(_lines(head), judge) is not None:
        return True
    if head.isascii():
        return False
    try:  # the head is decoded as Western European; the names may be Central European
        return _find(_lines(head.encode("cp1252").decode("cp1250")), judge) is not None
    except UnicodeError:
        return False


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _encodings(head: bytes) -> tuple[str, ...]:
    """The encodings to try, the likeliest first."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if len(head) > 20 and head[1:200:2].count(0) > 50:
        return ("utf-16-le",)
    if len(head) > 20 and head[0:200:2].count(0) > 50:
        return ("utf-16-be",)
    return ("utf-8-sig", "cp1252", "cp1250")


def _decoded(head: bytes, judge: Judge) -> tuple[str, _Found] | None:
    """The encoding under which a header is known, and the header."""
    for encoding in _encodings(head):
        # the sample may end within a character
        text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
        if encoding == "utf-8-sig" and "\ufffd" in text:
            continue
        found = _find(_lines(text.lstrip("\ufeff")), judge)
        if found is not None:
            return encoding, found
    return None


def _body(stream: BinaryIO, encoding: str, skip: int, target: BinaryIO, source: Source, *, is_framed: bool) -> int:
    """Writes the lines after the first `skip` ones to `target` as UTF-8; returns how many quotes are in them."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    held, quotes = "", 0
    while True:
        block = stream.read(_BLOCK)
        text = held + decoder.decode(block, final=not block)
        held = ""
        if "\0" in text:
            raise RefusedFile(
                "the file holds NUL characters: it is not text, or text in an unmarked encoding",
                where=source.name,
                remedy="export the list again",
            )
        if block and text.endswith("\r"):
            text, held = text[:-1], "\r"
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        while skip and text:
            line, newline, text = text.partition("\n")
            if not newline:
                held = line + held
                break
            skip -= 1
        if is_framed:
            # a line is marked when it is whole
            whole, newline, rest = (text + held).rpartition("\n")
            if not block:
                whole, newline, rest = whole + newline + rest, "\n", ""
            text, held = _FRAMED.sub(f"|{_END}\n", whole + newline), rest
        quotes += text.count('"')
        target.write(text.encode())
        if not block:
            return quotes


def _written(source: Source, judge: Judge, work: Path) -> tuple[Path, str, _Found, tuple[str, ...], int]:
    """The body of the list as a UTF-8 file under a header c0, c1, …; raises RefusedFile."""
    with expanded(source) as stream:
        decoded = _decoded(stream.read(_SAMPLE), judge)
    if decoded is None:
        raise RefusedFile("no header was found", where=source.name, remedy="export the list again")
    encoding, found = decoded
    body = work / "body.txt"
    encodings = (encoding, "cp1252") if encoding == "utf-8-sig" else (encoding,)
    for attempt in encodings:
        try:
            with expanded(source) as stream, body.open("wb") as target:
                target.write((found.delimiter.join([*_names(found), _OVER]) + "\n").encode())
                quotes = _body(stream, attempt, found.number + 1, target, source, is_framed=_is_framed(found))
            break
        except UnicodeDecodeError:
            continue
    else:
        raise RefusedFile(
            f"the text is not in {encoding} throughout", where=source.name, remedy="export the list again as UTF-8"
        )
    with expanded(source) as stream:
        text = codecs.getincrementaldecoder(attempt)("replace").decode(stream.read(_SAMPLE))
    title = tuple(line.strip() for line in _lines(text)[: found.number] if line.strip())
    return body, attempt.removesuffix("-sig"), found, title, quotes


def _is_framed(found: _Found) -> bool:
    return found.delimiter == "|" and not found.cells[0] and not found.cells[-1]


def _names(found: _Found) -> list[str]:
    return [f"c{i}" for i in range(len(found.cells))]


def _unquoted(body: Path, found: _Found) -> pl.LazyFrame:
    """Every physical line is a row; no character quotes another. The row's line is that of the file."""
    width = len(found.cells)
    scan = pl.scan_csv(
        body,
        separator=found.delimiter,
        quote_char=None,
        schema={**{f"c{i}": pl.String() for i in range(width)}, _OVER: pl.String()},
        truncate_ragged_lines=True,
        row_index_name="__row",
        glob=False,
    )
    beyond = (pl.col(_OVER).str.len_bytes() > 0).fill_null(False)
    reason = f"the line has more cells than the {width} columns of the header; a text in it may hold the separator"
    return scan.select(
        *(f"c{i}" for i in range(width)),
        (pl.col("__row") + found.number + 2).cast(pl.String).alias("source_line"),
        pl.when(beyond).then(pl.lit(reason)).alias(FAULT),
    )


def _quoted(body: Path, found: _Found, source: Source, work: Path) -> pl.LazyFrame:
    """Cells may stand in quotes and hold separators and line breaks."""
    names = _names(found)
    last = f"{names[-1]}_{_OVER}"
    with body.open("r+b") as file:  # no spare column here: its name becomes a part of the last one's
        file.write(found.delimiter.join([*names[:-1], last]).encode())
    copy = Source(path=body, name=source.name, feed=source.feed, size=body.stat().st_size)
    raw = read_delimited(copy, name="body", work=work)
    if len(raw.header) != len(found.cells):  # the delimiter was judged differently
        raise RefusedFile("the list's columns cannot be told apart", where=source.name, remedy="export it as XLSX")
    # line 1 of the copy is the header's
    line = (pl.col("source_line").cast(pl.Int64) + found.number).cast(pl.String)
    return raw.frame.rename({last: names[-1]}).with_columns(line.alias("source_line"))


def text_grid(source: Source, context: Context, judge: Judge) -> Grid:
    """The list in a text file. Raises RefusedFile."""
    work = _folder(context)
    body, encoding, found, title, quotes = _written(source, judge, work)
    unquoted = quotes == 0 or found.delimiter == "|"
    frame = _unquoted(body, found) if unquoted else _quoted(body, found, source, work)
    carrier = {"|": "spool list", "\t": "tab separated"}.get(found.delimiter, DELIMITERS[found.delimiter])
    return Grid(
        carrier=f"{carrier}, {encoding}",
        header=found.cells,
        judged=found.judged,
        frame=frame,
        title=title,
        is_framed=_is_framed(found),
    )


def _stripped(text: pl.Expr) -> pl.Expr:
    stripped = text.str.strip_chars(" \t\r\n\u00a0\u202f")
    return pl.when(stripped != "").then(stripped)


# -- markup ----------------------------------------------------------------------------------------------------------


def _html_rows(source: Source) -> Iterator[list[str | None]]:
    with expanded(source) as stream:
        for _, row in etree.iterparse(stream, events=("end",), tag="tr", html=True, no_network=True, huge_tree=False):
            cells: list[str | None] = []
            for cell in row.iterchildren("td", "th"):
                cells.append(" ".join("".join(cell.itertext()).split()) or None)
                span = cell.get("colspan", "1")
                cells.extend([None] * (min(int(span), _MOST_CELLS) - 1 if span.isdigit() else 0))
            yield cells[:_MOST_CELLS]
            _forget(row)


def _spreadsheet_rows(source: Source) -> Iterator[list[str | None]]:
    """Rows of SpreadsheetML 2003 (an .xls that is XML)."""
    space = "{urn:schemas-microsoft-com:office:spreadsheet}"
    with expanded(source) as stream:
        parsed = etree.iterparse(
            stream,
            events=("end",),
            tag=f"{space}Row",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        for _, row in parsed:
            cells: list[str | None] = []
            for cell in row.iterchildren(f"{space}Cell"):
                index = cell.get(f"{space}Index", "")
                if index.isdigit():
                    cells.extend([None] * (min(int(index), _MOST_CELLS) - 1 - len(cells)))
                data = cell.find(f"{space}Data")
                text = " ".join("".join(data.itertext()).split()) if data is not None else ""
                if data is not None and data.get(f"{space}Type") == "DateTime":
                    text = text.partition("T")[0]
                cells.append(text or None)
            yield cells[:_MOST_CELLS]
            _forget(row)


def _forget(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def markup_grid(
    source: Source, context: Context, judge: Judge, rows: Callable[[Source], Iterable[list[str | None]]], carrier: str
) -> Grid:
    """The list in an HTML or SpreadsheetML table, written to Parquet in chunks. Raises RefusedFile."""
    work = _folder(context)
    title: list[str] = []
    header: tuple[str, ...] = ()
    judged: Any = None
    chunk: list[list[str | None]] = []
    parts = 0
    try:
        for number, cells in enumerate(rows(source), start=1):
            if judged is None:
                shown = [cell or "" for cell in cells]
                judged = judge(shown)
                header = tuple(shown)
                if judged is None:
                    title.append(" ".join(cell for cell in shown if cell))
                    if number > HEADER_WITHIN:
                        break
                continue
            chunk.append(_fitted(cells, len(header), number))
            if len(chunk) >= _CHUNK:
                _flush(chunk, len(header), work / f"rows-{parts:05}.parquet")
                parts, chunk = parts + 1, []
    except etree.XMLSyntaxError as error:
        raise RefusedFile(
            f"the table is damaged: {error.msg}", where=source.name, remedy="export the list again"
        ) from error
    if judged is None:
        raise RefusedFile("no header was found", where=source.name, remedy="export the list again")
    _flush(chunk, len(header), work / f"rows-{parts:05}.parquet")
    return Grid(
        carrier=carrier,
        header=header,
        judged=judged,
        frame=pl.scan_parquet([work / f"rows-{part:05}.parquet" for part in range(parts + 1)], glob=False),
        title=tuple(line for line in title if line),
    )


def html_grid(source: Source, context: Context, judge: Judge) -> Grid:
    """The list in an HTML table. Browsers repair a page that was cut off; here its rows would be missing."""
    with expanded(source) as stream:
        tail = b""
        while block := stream.read(_BLOCK):
            tail = (tail + block)[-4096:]
    if b"</table" not in tail.replace(b"\0", b"").lower():
        raise RefusedFile(
            "the HTML table is cut off before its end", where=source.name, remedy="export or copy the list again"
        )
    return markup_grid(source, context, judge, _html_rows, "HTML table")


def spreadsheet_grid(source: Source, context: Context, judge: Judge) -> Grid:
    return markup_grid(source, context, judge, _spreadsheet_rows, "XML spreadsheet")


def _fitted(cells: list[str | None], width: int, number: int) -> list[str | None]:
    beyond = any(cells[width:])
    fault = f"the row has more cells than the {width} columns of the header" if beyond else None
    return [*cells[:width], *[None] * (width - len(cells)), f"row {number}", fault]


def _flush(rows: list[list[str | None]], width: int, path: Path) -> None:
    names = [*(f"c{i}" for i in range(width)), "source_line", FAULT]
    pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row").write_parquet(path, compression="lz4")


# -- workbooks -------------------------------------------------------------------------------------------------------


def _may_hold(source: Source, marks: Sequence[str]) -> bool:
    """Whether the first texts of a workbook hold one of `marks`: cheaper than opening it."""
    wanted = re.compile("|".join(re.escape(mark) for mark in marks).encode(), re.IGNORECASE)
    try:
        with zipfile.ZipFile(source.path) as archive:
            for name in archive.namelist():
                if name.endswith("sharedStrings.xml") or re.search(r"worksheets/sheet\d+\.xml$", name):
                    with archive.open(name) as stream:
                        if wanted.search(stream.read(_SAMPLE)):
                            return True
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError):
        return False  # the ordinary reader says what is wrong
    return False


def workbook_grids(source: Source, judge: Judge, *, marks: Sequence[str]) -> list[Grid]:
    """The lists in a workbook's sheets; sheets that hold none are named in a warning. Numbers and dates that the
    workbook holds as such come canonical, texts as they stand."""
    if not _may_hold(source, marks):
        return []
    try:
        book = fastexcel.read_excel(source.path)
        grids = [(name, _sheet_grid(book, name, judge)) for name in book.sheet_names]
    except fastexcel.FastExcelError:
        return []  # the ordinary reader says what is wrong
    found = [grid for _, grid in grids if grid is not None]
    others = [name for name, grid in grids if grid is None]
    if found and others:
        warning = f"sheets that hold no list were left out: {', '.join(others)}"
        found[0] = replace(found[0], warnings=(*found[0].warnings, warning))
    return found


def _sheet_grid(book: fastexcel.ExcelReader, sheet: str, judge: Judge) -> Grid | None:
    top = pl.DataFrame(
        pl.from_arrow(
            book.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=HEADER_WITHIN, dtypes="string").to_arrow()
        )
    )
    title: list[str] = []
    for number in range(top.height):
        cells = tuple((cell or "").strip() for cell in top.row(number))
        judged = judge(cells)
        if judged is not None:
            break
        title.append(" ".join(cell for cell in cells if cell))
    else:
        return None
    while cells and not cells[-1]:
        cells = cells[:-1]
    loaded = book.load_sheet(sheet, header_row=None, skip_rows=number + 1, schema_sample_rows=None)
    body = pl.DataFrame(pl.from_arrow(loaded.to_arrow()))
    typed = frozenset(
        index for index, kind in enumerate(body.dtypes[: len(cells)]) if kind.is_numeric() or kind == pl.Boolean
    )
    mark = sheet.replace("!", "_")
    frame = body.lazy().select(
        *(
            (_cell(body, index) if index < body.width else pl.lit(None, dtype=pl.String)).alias(f"c{index}")
            for index in range(len(cells))
        ),
        pl.format(f"{mark}!{{}}", pl.int_range(pl.len()) + number + 2).alias("source_line"),
        _beyond(body, len(cells)).alias(FAULT),
    )
    return Grid(
        carrier=f"xlsx, sheet {sheet}",
        header=cells,
        judged=judged,
        frame=frame,
        title=tuple(line for line in title if line),
        typed=typed,
    )


def _cell(body: pl.DataFrame, index: int) -> pl.Expr:
    column, kind = pl.col(body.columns[index]), body.dtypes[index]
    if kind.is_float():
        # 15 digits are what a workbook keeps; six decimals what the warehouse does
        text = column.round(6).cast(pl.Decimal(38, 6), strict=False).cast(pl.String)
        return pl.coalesce(text.str.replace(r"\.?0+$", ""), column.cast(pl.String))
    if kind == pl.Datetime:
        return column.dt.to_string("%Y-%m-%d")
    if kind.is_temporal():
        return column.dt.to_string("iso")
    return column.cast(pl.String)


def _beyond(body: pl.DataFrame, width: int) -> pl.Expr:
    further = [pl.col(name).is_not_null() for name in body.columns[width:] if body[name].dtype != pl.Null]
    if not further:
        return pl.lit(None, dtype=pl.String)
    reason = f"the row has cells beyond the {width} columns of the header"
    return pl.when(pl.any_horizontal(further)).then(pl.lit(reason))
