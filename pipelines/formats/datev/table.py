"""The table below a DATEV header: columns by heading, whatever their place, dash or spelling; every cell as text."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Source
from pipelines.formats.datev.header import Header, read_header
from pipelines.formats.tables.delimited import read_delimited
from pipelines.formats.tables.streams import expanded

_FIRST_LINE = 64 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_FEWER = re.compile(r"^the row has (\d+) fields where the header has (\d+)$")


def heading(text: str) -> str:
    """A heading without what exporters write differently: case, dashes, dots, blanks, umlauts.

    >>> heading("Gegenkonto (ohne BU-Schlüssel)"), heading("Basis-Umsatz"), heading("KOST1 \u2013 Kostenstelle")
    ('gegenkontoohnebuschluessel', 'basisumsatz', 'kost1kostenstelle')
    """
    text = unicodedata.normalize("NFKC", text).casefold().translate(_FOLD)
    return re.sub(r"[^a-z0-9]", "", text)


@dataclasses.dataclass(frozen=True)
class Table:
    header: Header
    columns: Mapping[str, str]  # folded heading -> as the file writes it
    frame: pl.LazyFrame  # columns by folded heading, then source_line and FAULT
    dialect: str
    warnings: tuple[str, ...]

    def pick(self, names: Mapping[str, Sequence[str]], *, required: Sequence[str], where: str) -> pl.LazyFrame:
        """The columns `names` (ours -> folded headings, the first that is there); null where the file has none."""
        found = {ours: next((h for h in headings if h in self.columns), None) for ours, headings in names.items()}
        missing = [names[ours][0] for ours in required if found[ours] is None]
        if missing:
            raise RefusedFile(
                f"the headings of the DATEV file lack {', '.join(missing)}",
                where=where,
                value=", ".join(list(self.columns.values())[:12]),
                remedy="export it with its line of headings",
            )
        return self.frame.select(
            *(
                (pl.col(h).str.strip_chars() if h is not None else pl.lit(None, dtype=pl.String)).alias(ours)
                for ours, h in found.items()
            ),
            "source_line",
            FAULT,
        )

    def mapping(self, names: Mapping[str, Sequence[str]]) -> dict[str, str]:
        return {
            ours: next((self.columns[h] for h in headings if h in self.columns), "") for ours, headings in names.items()
        }


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _split(source: Source, target: Path) -> tuple[str, str]:
    """Writes what stands below the headings to `target`; returns the header's line and that of the headings."""
    with expanded(source) as stream, target.open("wb") as out:
        start = stream.read(_FIRST_LINE)
        if start.startswith(_UTF16):
            raise RefusedFile(
                "a DATEV file in UTF-16", where=source.name, valid="Windows-1252, UTF-8", remedy="export it again"
            )
        lines = re.split(rb"\r\n|\n|\r", start, maxsplit=2)
        if len(lines) < 3:
            lines += [b""] * (3 - len(lines))
        first, second, rest = (bytes(line) for line in lines)
        titles = next(csv.reader(io.StringIO(_decoded(second)), delimiter=";"), [])
        while titles and not titles[-1].strip():
            titles.pop()
        folded: list[str] = []
        for title in titles:
            name = heading(title) or "leer"
            folded.append(name if name not in folded else f"{name}{len(folded)}")
        out.write(";".join(folded).encode() + b"\n" + rest)
        shutil.copyfileobj(stream, out)
    return _decoded(first), _decoded(second)


def read_table(source: Source, *, work: Path) -> Table:
    """Raises RefusedFile for a header or headings that cannot be read."""
    body = work / "datev-body.csv"
    first, second = _split(source, body)
    header = read_header(first, where=source.name)
    titles = next(csv.reader(io.StringIO(second), delimiter=";"), [])
    if len([title for title in titles if title.strip()]) < 2:
        raise RefusedFile(
            "the DATEV file has no line of headings", where=source.name, value=second[:80], remedy="export it again"
        )
    raw = read_delimited(
        Source(path=body, name=source.name, feed=source.feed, size=body.stat().st_size), name="datev", work=work
    )
    # one line further down, since the header's line was taken off; a row that ends early has empty cells at its end
    fields = pl.col(FAULT).str.extract(_FEWER.pattern, 1).cast(pl.Int64)
    short = (fields < pl.col(FAULT).str.extract(_FEWER.pattern, 2).cast(pl.Int64)).fill_null(False)
    frame = raw.frame.with_columns(
        (pl.col("source_line").cast(pl.Int64) + 1).cast(pl.String).alias("source_line"),
        pl.when(~short).then(pl.col(FAULT)).alias(FAULT),
    )
    return Table(
        header=header,
        columns=dict(zip(raw.header, titles, strict=False)),
        frame=frame,
        dialect=raw.dialect.replace("utf-8", "UTF-8").replace("cp1252", "Windows-1252"),
        warnings=tuple(warning for warning in raw.warnings if "UTF-8" not in warning),
    )
