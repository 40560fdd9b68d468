"""CSV and TSV: one streaming pass to a canonical UTF-8 copy, then a lazy scan of that copy.

The pass decodes strictly, finds the delimiter, repairs quotes that stand where none may stand, drops blank lines and
remembers for every record its physical line and whether it has the wrong number of fields. Polars alone cannot say
that: it refuses a whole file for one stray quote and cuts over-long rows silently. Columns are not interpreted here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, RawTable, Source
from pipelines.formats.tables.naming import HEADER_WITHIN, IsHeader, Names, column_names, title_left_out
from pipelines.formats.tables.streams import expanded

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_BLOCK = 4 * 1024**2
# No honest record is longer; beyond it an opening quote counts as never closed.
_MAX_RECORD = 1024**2
_SAMPLE = 64 * 1024  # enough for a header and for finding the delimiter
_QUOTE, _NEWLINE = 34, 10
_ROW = "__row"


@dataclass
class _Lines:
    """Record number -> physical line, and the records that cannot be right. Grows with the oddities, not the rows."""

    rows: int = 0
    breaks: list[np.ndarray] = field(default_factory=list)  # records from which on the shift differs
    shifts: list[np.ndarray] = field(default_factory=list)  # physical line minus record number
    ragged: list[np.ndarray] = field(default_factory=list)
    ragged_fields: list[np.ndarray] = field(default_factory=list)
    broken: dict[int, str] = field(default_factory=dict)

    def settled(self) -> _Lines:
        """The same with one array each, so that a batch looks up without joining them again."""
        for name in ("breaks", "shifts", "ragged", "ragged_fields"):
            setattr(self, name, [np.concatenate(getattr(self, name))])
        return self

    def of(self, rows: pl.Series) -> pl.Series:
        (breaks,), (shifts,) = self.breaks, self.shifts
        numbers = rows.to_numpy().astype(np.int64)
        return pl.Series(numbers + shifts[np.searchsorted(breaks, numbers, side="right") - 1]).cast(pl.String)

    def faults(self, rows: pl.Series, width: int) -> pl.Series:
        (ragged,), (fields,) = self.ragged, self.ragged_fields
        numbers = rows.to_numpy().astype(np.int64)
        if not len(numbers) or not (len(ragged) or self.broken):
            return pl.repeat(None, len(numbers), dtype=pl.String, eager=True)
        at = np.searchsorted(ragged, numbers)
        inside = at < len(ragged)
        hit = np.zeros(len(numbers), bool)
        hit[inside] = ragged[at[inside]] == numbers[inside]
        found: list[str | None] = [None] * len(numbers)
        for index in np.flatnonzero(hit):
            found[index] = f"the row has {fields[at[index]]} fields where the header has {width}"
        if self.broken:
            for index, number in enumerate(numbers.tolist()):
                found[index] = self.broken.get(number, found[index])
        return pl.Series(found, dtype=pl.String)


def _encodings(head: bytes) -> tuple[str, ...]:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8-sig", "cp1252")


def _texts(stream: BinaryIO, encoding: str, source: Source) -> Iterator[str]:
    """Decoded blocks with newlines as \\n. Raises UnicodeDecodeError; RefusedFile for NUL bytes."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    held, only_returns, first = "", False, True
    while True:
        block = stream.read(_BLOCK)
        text = held + decoder.decode(block, final=not block)
        held = ""
        if "\0" in text:
            raise RefusedFile(
                "the file holds NUL characters: it is not text, or text in an unmarked encoding",
                where=source.name,
                remedy="export it as CSV in UTF-8",
            )
        if first and text:
            only_returns, first = "\r" in text and "\n" not in text, False
        if only_returns:
            text = text.replace("\r", "\n")
        elif "\r" in text:
            if block and text.endswith("\r"):
                text, held = text[:-1], "\r"
            text = text.replace("\r\n", "\n")
        if text:
            yield text
        if not block:
            return


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A quoted cell with what must follow it, a cell that opens with a quote and closes it somewhere, a plain cell."""
    d = re.escape(delimiter)
    blank = "[ ]*+" if delimiter == "\t" else r"[ \t]*+"
    quoted = rf'{blank}"((?:[^"]++|"")*+)"'
    return re.compile(rf"{quoted}{blank}(?={d}|\n|\Z)"), re.compile(quoted), re.compile(rf"[^{d}\n]*+")


class _Record(NamedTuple):
    cells: list[str] | None  # None: not readable
    end: int
    closed: bool = True  # its quotes are
    regular: bool = True  # quotes only where RFC 4180 has them


def _record(text: str, position: int, delimiter: str) -> _Record:
    """The record of `text` that starts at `position`."""
    quoted, opened, plain = _patterns(delimiter)
    cells: list[str] = []
    regular = True
    while True:
        match = quoted.match(text, position)
        if match:
            cells.append(match[1].replace('""', '"'))
            regular &= len(match[0]) == len(match[1]) + 2
        else:
            match = plain.match(text, position)
            assert match is not None  # it matches the empty text too
            if match[0].lstrip().startswith('"'):
                return _Record(None, position, closed=opened.match(text, position) is not None)
            cells.append(match[0])
            regular &= '"' not in match[0]
        position = match.end()
        if position >= len(text) or text[position] == "\n":
            return _Record(cells, position, regular=regular)
        position += 1


def sniff_delimiter(text: str) -> str:
    """The delimiter under which most of the first records have as many fields as the header, then the widest header.

    >>> sniff_delimiter("day;hours\\n2026-01-05;7,5\\n2026-01-06;8,0\\n")
    ';'
    """
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        counts: list[int] = []
        position = 0
        sample = text[:_MAX_RECORD]
        while position < len(sample) and len(counts) < 50:
            record = _record(sample, position, delimiter)
            end = record.end
            if record.cells is None:
                end = sample.find("\n", position)
                end = len(sample) if end < 0 else end
            elif any(cell.strip() for cell in record.cells):
                counts.append(len(record.cells))
            position = end + 1
        if not counts or counts[0] < 2:
            continue
        score = (sum(count == counts[0] for count in counts) / len(counts), counts[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _quoted(cell: str, delimiter: str) -> str:
    if '"' in cell or delimiter in cell or "\n" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _repair(text: str, *, delimiter: str, width: int, final: bool) -> tuple[str, str, dict[int, str]]:
    """Records with quotes out of place, written properly.

    A quote inside an unquoted cell is a character like any other. A record whose opening quote is not closed, or is
    closed before more text, is kept as one line with a reason, and reading goes on at the next physical line.
    Returns the repaired text, the rest that needs more input, and record number (blank lines counted) -> reason.
    """
    out: list[str] = []
    broken: dict[int, str] = {}
    position, size = 0, len(text)
    while position < size:
        line_end = text.find("\n", position)
        line_end = size if line_end < 0 else line_end
        wait = not final and size - position < _MAX_RECORD
        if line_end == size and wait:
            break
        if '"' not in text[position:line_end]:
            out.append(text[position:line_end])
            position = line_end + 1
            continue
        record = _record(text, position, delimiter)
        if wait and (record.end >= size or not record.closed):
            break
        if record.cells is None:
            what = (
                "text stands behind the closing quote of a cell"
                if record.closed
                else "the quote of a cell is never closed"
            )
            broken[len(out)] = what
            out.append(_quoted(text[position:line_end], delimiter) + delimiter * (width - 1))
            position = line_end + 1
            continue
        if record.regular:
            out.append(text[position : record.end])
        else:
            out.append(delimiter.join(_quoted(cell, delimiter) for cell in record.cells))
        position = record.end + 1
    return "".join(f"{written}\n" for written in out), text[position:], broken


def _well_formed(a: np.ndarray, quotes: np.ndarray, delimiter: int) -> bool:
    """Whether every opening quote follows a delimiter or newline and every closing one precedes one."""
    if len(quotes) % 2:
        return False
    opening, closing = quotes[0::2], quotes[1::2]
    before = a[opening[opening > 0] - 1]
    after = a[closing[closing < len(a) - 1] + 1]
    fits = (delimiter, _NEWLINE, _QUOTE)
    return bool(np.isin(before, fits).all() and np.isin(after, fits).all())


class _Copy:
    """Writes the canonical copy block by block and keeps `_Lines` right."""

    def __init__(self, target: BinaryIO, *, delimiter: str, width: int, line: int) -> None:
        self.target, self.delimiter, self.width = target, delimiter, width
        self.line = line  # physical line at which the next record starts
        self.lines = _Lines(
            breaks=[np.zeros(1, np.int64)],
            shifts=[np.full(1, line, np.int64)],
            ragged=[np.zeros(0, np.int64)],
            ragged_fields=[np.zeros(0, np.int64)],
        )
        self.shift = line

    def feed(self, text: str, *, final: bool) -> str:
        """Takes in what is whole of `text`; returns the rest."""
        if final and text and not text.endswith("\n"):
            text += "\n"
        data = text.encode()
        a = np.frombuffer(data, np.uint8)
        quotes = np.flatnonzero(a == _QUOTE)
        ends = np.flatnonzero(a == _NEWLINE)
        if len(quotes):
            ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        cut = int(ends[-1]) + 1 if len(ends) else 0
        rest = len(data) - cut
        inside = quotes[: np.searchsorted(quotes, cut)]
        if _well_formed(a[:cut], inside, ord(self.delimiter)) and (rest == 0 or not (final or rest > _MAX_RECORD)):
            self._write(data[:cut], a[:cut], inside, ends, {})
            return data[cut:].decode()
        repaired, left, broken = _repair(text, delimiter=self.delimiter, width=self.width, final=final)
        data = repaired.encode()
        a = np.frombuffer(data, np.uint8)
        quotes, ends = np.flatnonzero(a == _QUOTE), np.flatnonzero(a == _NEWLINE)
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        self._write(data, a, quotes, ends, broken)
        return left

    def _write(self, data: bytes, a: np.ndarray, quotes: np.ndarray, ends: np.ndarray, broken: dict[int, str]) -> None:
        if not len(ends):
            return
        starts = np.concatenate([[0], ends[:-1] + 1])
        commas = np.flatnonzero(a == ord(self.delimiter))
        newlines = ends
        if len(quotes):
            commas = commas[np.searchsorted(quotes, commas) % 2 == 0]
            newlines = np.flatnonzero(a == _NEWLINE)
        counts = np.diff(np.searchsorted(commas, ends), prepend=0)
        lengths = ends - starts
        blank = lengths == counts  # nothing but delimiters
        lines = self.line + np.searchsorted(newlines, starts)
        self.line += len(newlines)
        for number, reason in broken.items():
            self.lines.broken[self.lines.rows + number - int(blank[:number].sum())] = reason
        if blank.any():
            self.target.write(a[np.repeat(~blank, lengths + 1)].tobytes())
            keep = ~blank
            ends, counts, lines = ends[keep], counts[keep], lines[keep]
        else:
            self.target.write(data)
        numbers = self.lines.rows + np.arange(len(ends))
        shifts = lines - numbers
        changed = np.flatnonzero(np.diff(shifts, prepend=self.shift))
        if len(changed):
            self.lines.breaks.append(numbers[changed])
            self.lines.shifts.append(shifts[changed])
            self.shift = int(shifts[-1])
        odd = counts + 1 != self.width
        if odd.any():
            # one empty field too many is a delimiter at the end of the line, which many exports write (perhaps with a
            # blank behind it)
            last = np.where(a[ends - 1] == ord(" "), a[ends - 2], a[ends - 1])
            odd &= ~((counts == self.width) & (last == ord(self.delimiter)))
            self.lines.ragged.append(numbers[odd])
            self.lines.ragged_fields.append(counts[odd] + 1)
        self.lines.rows += len(ends)


class _Header(NamedTuple):
    cells: list[str]
    delimiter: str
    rest: str  # the text after it
    line: int  # the physical line at which that starts
    above: int = 0  # lines with text above it


def _known_header(text: str, line: int, delimiters: Sequence[str], is_header: IsHeader) -> _Header | None:
    """The first of the first records, under any delimiter, that somebody knows as a header."""
    found: list[tuple[int, _Header]] = []
    for delimiter in delimiters:
        position, above = 0, 0
        for _ in range(HEADER_WITHIN):
            if position >= len(text):
                break
            record = _record(text, position, delimiter)
            end = record.end if record.cells is not None else text.find("\n", position)
            end = len(text) if end < 0 else end
            if record.cells is not None and is_header(record.cells):
                after = line + text[: end + 1].count("\n")
                found.append((position, _Header(record.cells, delimiter, text[end + 1 :], after, above)))
                break
            above += bool(text[position:end].strip())
            position = end + 1
    return min(found, key=lambda one: one[0])[1] if found else None


def _header(text: str, source: Source, is_header: IsHeader | None) -> _Header:
    line, declared = 1, None
    while text:
        first, _, rest = text.partition("\n")
        hint = re.fullmatch(r"sep=([,;\t|])", first.strip(" "))  # Excel's own, on the first line
        if first.strip() and not hint:
            break
        declared = hint[1] if hint else declared
        text, line = rest, line + 1
    if not text:
        raise RefusedFile("the file is empty", where=source.name, remedy="deliver it with a header row")
    if is_header is not None:
        known = _known_header(text, line, [declared] if declared else list(DELIMITERS), is_header)
        if known is not None:
            return known
    delimiter = declared or sniff_delimiter(text)
    record = _record(text, 0, delimiter)
    if record.cells is None:
        raise RefusedFile("the header's quotes are not closed", where=source.name, value=text[:80])
    end = record.end + 1
    return _Header(record.cells, delimiter, text[end:], line + text[:end].count("\n"))


@dataclass(frozen=True)
class _Copied:
    names: Names
    delimiter: str
    lines: _Lines
    above: int


def _copy(source: Source, encoding: str, target: Path, is_header: IsHeader | None) -> _Copied:
    with expanded(source) as stream, target.open("wb") as out:
        texts = _texts(stream, encoding, source)
        head = ""
        for text in texts:
            head += text
            if len(head) >= _SAMPLE:
                break
        header = _header(head, source, is_header)
        names, rest = column_names(header.cells, where=source.name), header.rest
        width = len(names.names)
        # the scan sizes its rows by the header line
        out.write((header.delimiter.join(f"c{i}" for i in range(width)) + "\n").encode())
        copy = _Copy(out, delimiter=header.delimiter, width=width, line=header.line)
        for text in texts:
            rest = copy.feed(rest + text, final=False)
        copy.feed(rest, final=True)
    return _Copied(names, header.delimiter, copy.lines.settled(), header.above)


def read_delimited(source: Source, *, name: str, work: Path, is_header: IsHeader | None = None) -> RawTable:
    """The one table of a CSV or TSV file. `work` is the caller's own folder; the frame reads the copy in it.

    The first line with text is the header; `is_header` finds one below a title.

    Raises RefusedFile for bytes that are no text, for an empty file and for a header that cannot be one.
    """
    target = work / "canonical.csv"
    with expanded(source) as stream:
        encodings = _encodings(stream.read(4))
    noted: tuple[str, ...] = ()
    for encoding in encodings:
        try:
            copied = _copy(source, encoding, target, is_header)
            break
        except UnicodeDecodeError:
            noted = ("the text is not UTF-8; it was read as Windows-1252",)
    else:
        raise RefusedFile(
            "the text is in no encoding known here",
            where=source.name,
            valid="UTF-8, UTF-16 with its mark, Windows-1252",
            remedy="export it as CSV in UTF-8",
        )
    names = copied.names
    width, lines = len(names.names), copied.lines
    scan = pl.scan_csv(
        target,
        separator=copied.delimiter,
        schema={f"c{i}": pl.String() for i in range(width)},
        truncate_ragged_lines=True,
        row_index_name=_ROW,
        glob=False,
    )
    frame = scan.select(
        *(
            # a quoted empty cell comes as '', an unquoted one as null
            pl.when(pl.col(f"c{i}") != "").then(pl.col(f"c{i}")).alias(column)
            for i, column in enumerate(names.names)
            if column is not None
        ),
        pl.col(_ROW).map_batches(lines.of, return_dtype=pl.String(), is_elementwise=True).alias("source_line"),
        pl.col(_ROW)
        .map_batches(lambda rows: lines.faults(rows, width), return_dtype=pl.String(), is_elementwise=True)
        .alias(FAULT),
    )
    return RawTable(
        format="tsv" if copied.delimiter == "\t" else "csv",
        name=name,
        header=names.header,
        frame=frame,
        dialect=f"{encoding.removesuffix('-sig')}, {DELIMITERS[copied.delimiter]}",
        warnings=(*noted, *title_left_out(copied.above), *names.warnings),
        repeated=names.repeated,
    )
