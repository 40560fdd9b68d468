"""What a file is, by its bytes, and which reader and which canonical table it belongs to.

File extensions are never believed: a log-in page named .csv, a workbook named .csv and an invoice named .txt are
common. What cannot be taken in is refused here, with what it is and what to do.
"""

from __future__ import annotations

import dataclasses
import difflib
import gzip
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts import FEEDS, Contract, contracts, feed_tables
from pipelines.errors import RefusedFile
from pipelines.formats import xml
from pipelines.formats.base import (
    CORRECTED_FILE,
    CORRECTED_LINE,
    FAULT,
    PROBLEM,
    Context,
    DocumentRead,
    RawTable,
    Read,
    Source,
    TableRead,
)
from pipelines.formats.container import only_member, unpacked_gzip
from pipelines.formats.erp.known import read_raw as read_erp_table
from pipelines.formats.erp.sap_lists import read_workbook as read_lists
from pipelines.formats.headers import by_normalised, normalise, table_named
from pipelines.formats.invoices import is_invoice, read_invoice
from pipelines.formats.kpi.archive import measurement_files
from pipelines.formats.kpi.known import read_raw as read_kpi_table
from pipelines.formats.kpi.performance import read_files as read_measurements
from pipelines.formats.profile_frames import apply_profile
from pipelines.formats.profiles import Profile
from pipelines.formats.registry import text_reader, xml_reader
from pipelines.formats.tables.delimited import DELIMITERS
from pipelines.formats.tables.naming import IsHeader
from pipelines.formats.tables.streams import expanded
from pipelines.formats.tabular import open_tables

_HEAD = 4096
_TEXT_HEAD = 65536
_PARSED_AT_ONCE = 1024 * 1024
_HTML = ("<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<script", "<div", "<style")


def _text_start(head: bytes) -> str:
    """The first characters of a file as far as they can be told: blanks and byte order marks gone, lower case."""
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1"
    text = head[: len(head) // 2 * 2].decode(encoding, errors="replace").lower()
    return text.removeprefix("\u00ef\u00bb\u00bf").replace("\0", "").lstrip("\ufeff \t\r\n\f")


def _kind(head: bytes) -> str:
    if not head.strip(b"\0 \t\r\n"):
        return "empty"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PK\x03\x04") or head.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    start = _text_start(head)
    if start.startswith("%pdf-"):
        return "pdf"
    if start.startswith(("una:+", "unb+", "unh+")):
        return "edifact"
    if start.startswith(_HTML):
        return "html"
    if start.startswith(("<?xml", "<!")) or (start[:1] == "<" and (start[1:2].isalpha() or start[1:2] == "_")):
        return "xml"
    return "table"


def _refuse_html(source: Source) -> RefusedFile:
    what = "an HTML page, probably a log-in or error page saved in place of the file"
    return RefusedFile(what, where=source.name, remedy="download or export the file again")


def _ole(source: Source, context: Context) -> Read:
    # An encrypted .xlsx is an OLE file too, with this stream inside.
    with source.path.open("rb") as stream:
        start = stream.read(xml.MAX_BYTES)
    if "EncryptedPackage".encode("utf-16-le") in start:
        raise RefusedFile("a workbook with a password", where=source.name, remedy="save it without a password")
    from pipelines.formats.schedules import mpxj  # hardly any inbox holds one

    if mpxj.is_mpp(start):
        return mpxj.read_mpp(source, context)
    raise RefusedFile(
        "a file in the old binary Office format (such as .xls)", where=source.name, remedy="save it as .xlsx or .csv"
    )


def _is_workbook(source: Source) -> bool:
    """Whether a ZIP file is a workbook. Raises RefusedFile for a broken one and for other kinds of workbook."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise RefusedFile(
            f"a broken ZIP or XLSX file: {error}", where=source.name, remedy="copy the file again"
        ) from error
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise RefusedFile(
            "a workbook in another format than .xlsx", where=source.name, remedy="save it as .xlsx or .csv"
        )
    return "xl/workbook.xml" in names


def _inside(source: Source) -> str:
    """The kind of what a gzip file holds."""
    try:
        with gzip.open(source.path) as stream:
            return _kind(stream.read(_HEAD))
    except (OSError, EOFError, zlib.error) as error:
        raise RefusedFile(f"a broken gzip file: {error}", where=source.name, remedy="copy the file again") from error


def recognise(
    source: Source,
    *,
    own_parties: tuple[str, ...],
    profiles: Sequence[Profile],
    work: Path,
    base_currency: str = "EUR",
    time_zone: str = "UTC",
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> Read:
    """What `source` holds: the rows of one document, or canonical tables (several for a workbook or a ledger).

    `work` is scratch for readers that need a converted copy. Raises RefusedFile for everything else.
    """
    context = Context(
        work=work, own_parties=own_parties, base_currency=base_currency, time_zone=time_zone, options=options or {}
    )
    return _recognised(source, context, profiles)


def _recognised(source: Source, context: Context, profiles: Sequence[Profile], *, is_unpacked: bool = False) -> Read:
    with source.path.open("rb") as stream:
        head = stream.read(_HEAD)
    kind = _kind(head)
    match kind:
        case "empty":
            raise RefusedFile("the file is empty", where=source.name, remedy="export it again")
        case "html":
            reader = text_reader(_readable_start(source))
            if reader is None:
                raise _refuse_html(source)
            return reader(source, context)
        case "ole":
            return _ole(source, context)
        case "edifact":
            raise RefusedFile(
                "an EDIFACT message", where=source.name, remedy="ask the sender for UBL 2.1, CII D16B or Factur-X"
            )
        case "xml":
            return _xml(source, context)
        case "pdf":
            return _invoice_in_pdf(source, own_parties=context.own_parties)
        case "zip" if not _is_workbook(source):
            _refuse_nested(source, is_unpacked=is_unpacked)
            measured = measurement_files(source, work=context.work)
            if measured:
                return read_measurements(measured, context, where=source.name)
            return _recognised(only_member(source, work=context.work), context, profiles, is_unpacked=True)
        case "zip":
            lists = read_lists(source, context)
            if lists is not None:
                return _merged(lists)
        case "gzip":
            _refuse_nested(source, is_unpacked=is_unpacked)
            if _inside(source) != "table" or text_reader(_readable_start(source)) is not None:
                return _recognised(unpacked_gzip(source, work=context.work), context, profiles, is_unpacked=True)
        case "table":
            start = _readable_start(source)
            reader = text_reader(start) if not _has_own_profile(start, profiles) else None
            if reader is not None:
                return reader(source, context)
    raws = open_tables(source, work=context.work, is_header=known_header(profiles))
    return _tables(raws, source, context, profiles)


def _has_own_profile(start: str, profiles: Sequence[Profile]) -> bool:
    """Whether a profile of the user's fits the first line: it goes before every reader of foreign formats."""
    own = [profile for profile in profiles if not profile.is_shipped]
    if not own:
        return False
    line = start.partition("\n")[0].rstrip("\r")
    headers = [tuple(normalise(cell.strip(' "')) for cell in line.split(delimiter)) for delimiter in DELIMITERS]
    return any(profile.fits(header) for profile in own for header in headers)


def _refuse_nested(source: Source, *, is_unpacked: bool) -> None:
    if is_unpacked:
        raise RefusedFile("a packed file within a packed file", where=source.name, remedy="unpack it once")


def known_header(profiles: Sequence[Profile]) -> IsHeader | None:
    """Knows the headers that a profile looks for below a title; None where no profile does."""
    finding = [profile for profile in profiles if profile.finds_header]
    if not finding:
        return None

    def is_header(cells: Sequence[str | None]) -> bool:
        names = {normalise(cell) for cell in cells if cell}
        return any(profile.fits(names) for profile in finding)

    return is_header


def _readable_start(source: Source) -> str:
    """The first characters of a text as a sniffer needs them: decoded as well as can be told, blanks in front gone."""
    with expanded(source) as stream:
        head = stream.read(_TEXT_HEAD)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace").lstrip("\ufeff \t\r\n\f")
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # a character cut in two at the end is no sign of another encoding
        text = head.decode("utf-8-sig" if error.start > len(head) - 4 else "cp1252", errors="replace")
    return text.lstrip("\ufeff \t\r\n\f")


def document_of(source: Source, context: Context) -> DocumentRead | None:
    """The rows of an e-invoice; None for anything else. Raises RefusedFile for one that cannot be read."""
    with source.path.open("rb") as stream:
        kind = _kind(stream.read(_HEAD))
    if kind == "pdf":
        return _invoice_in_pdf(source, own_parties=context.own_parties)
    if kind != "xml":
        return None
    root = xml.parse(source.path.read_bytes(), where=source.name)
    return read_invoice(root, own_parties=context.own_parties, where=source.name) if is_invoice(root) else None


def _xml(source: Source, context: Context) -> Read:
    if source.size <= _PARSED_AT_ONCE:
        # most XML is an e-invoice, and small: asking for its root first would cost as much as parsing it
        try:
            parsed = xml.parse(source.path.read_bytes(), where=source.name)
        except RefusedFile:
            parsed = None  # another reader may take it, or `_invoice` says again what is wrong
        if parsed is not None and is_invoice(parsed):
            return read_invoice(parsed, own_parties=context.own_parties, where=source.name)
    root = xml.root_name(source.path)
    reader = xml_reader(root.namespace, root.localname) if root is not None else None
    if reader is not None:
        return reader(source, context)
    return _invoice(source, own_parties=context.own_parties)


def _invoice(source: Source, *, own_parties: tuple[str, ...]) -> DocumentRead:
    if source.size > xml.MAX_BYTES:
        raise xml.too_large(source.size, where=source.name)
    root = xml.parse(source.path.read_bytes(), where=source.name)
    if not is_invoice(root):
        raise xml.foreign(root, where=source.name)
    return read_invoice(root, own_parties=own_parties, where=source.name)


def _invoice_in_pdf(source: Source, *, own_parties: tuple[str, ...]) -> DocumentRead:
    from pipelines.formats.pdf import embedded_invoice  # pypdf takes 0.2 s to import; most inboxes hold no PDF

    root, warnings = embedded_invoice(source.path, where=source.name)
    read = read_invoice(root, own_parties=own_parties, where=source.name)
    return dataclasses.replace(read, format=f"pdf+{read.format}", warnings=(*warnings, *read.warnings))


def _tables(raws: Sequence[RawTable], source: Source, context: Context, profiles: Sequence[Profile]) -> list[TableRead]:
    reads: list[TableRead] = []
    unknown: list[RawTable] = []
    for raw in raws:
        where = source.name if len(raws) == 1 else f"{source.name}, sheet {raw.name}"
        read = _read(raw, source, context, profiles, where=where)
        if read:
            reads += read
        elif table_named(raw.name) is not None or len(raws) == 1:
            # A sheet that calls itself a table and is none would be missed without a word.
            raise _unrecognised(raw, source, where=where)
        else:
            unknown.append(raw)
    if not reads:
        nearest = max(unknown, key=lambda raw: len(raw.header), default=None)
        if nearest is None:
            raise RefusedFile("a workbook without a filled sheet", where=source.name, remedy="export it again")
        raise _unrecognised(nearest, source, where=f"{source.name}, sheet {nearest.name}")
    if unknown:
        names = ", ".join(raw.name for raw in unknown)
        warning = f"sheets that hold no canonical table were left out: {names}"
        reads[0] = dataclasses.replace(reads[0], warnings=(*reads[0].warnings, warning))
    return _merged(reads)


def _read(
    raw: RawTable, source: Source, context: Context, profiles: Sequence[Profile], *, where: str
) -> Sequence[TableRead]:
    """The canonical tables in `raw`: by its name, else by a profile, else those of a foreign table, else by its
    columns alone. None where it is nothing known."""
    columns = by_normalised(raw.header, where=where)
    for name in (raw.name, source.name):
        table = table_named(name)
        if table is not None and not _missing(contracts()[table], columns):
            return [_canonical(raw, contracts()[table], columns, where=where)]
    profile = _fitting(profiles, columns, where=where)
    if profile is not None:
        return [apply_profile(profile, raw, where=where, context=context)]
    for read_known in (read_erp_table, read_kpi_table):
        known = read_known(raw, columns, context, where=where)
        if known is not None:
            return known
    alone = _by_columns(raw, columns, where=where)
    return [alone] if alone is not None else []


def _missing(contract: Contract, columns: Iterable[str]) -> list[str]:
    return [name for name in contract.required if name not in columns]


def _canonical(raw: RawTable, contract: Contract, columns: Mapping[str, str], *warnings: str, where: str) -> TableRead:
    twice = [name for name in contract.column_names if name in raw.repeated]
    if twice:
        raise RefusedFile(
            f"the header has the column {twice[0]!r} twice", where=where, remedy="rename or delete one of them"
        )
    mapping = {name: columns[name] for name in contract.column_names if name in columns}
    ours = (CORRECTED_FILE, CORRECTED_LINE, PROBLEM)
    extra = [spelled for name, spelled in columns.items() if name not in mapping and name not in ours]
    corrects = None
    if CORRECTED_FILE in columns and CORRECTED_LINE in columns:
        corrects = raw.frame.select(pl.col(columns[name]).alias(name) for name in (CORRECTED_FILE, CORRECTED_LINE))
    if extra:
        warnings = (*warnings, f"columns that {contract.name} does not know were left out: {', '.join(extra)}")
    return TableRead(
        format=raw.format,
        table=contract.name,
        frame=raw.frame.select(
            *(pl.col(spelled).alias(name) for name, spelled in mapping.items()), "source_line", FAULT
        ),
        warnings=(*raw.warnings, *warnings),
        mapping=mapping,
        corrects=corrects,
        dialect=raw.dialect,
        findings=raw.findings,
    )


def _rank(profile: Profile) -> tuple[int, bool]:
    return len(profile.header), not profile.is_shipped


def _fitting(profiles: Sequence[Profile], columns: Mapping[str, str], *, where: str) -> Profile | None:
    """The profile with the longest fingerprint among those that fit; a user's own before a shipped one."""
    fitting = sorted((p for p in profiles if p.fits(tuple(columns))), key=_rank, reverse=True)
    if len(fitting) > 1 and _rank(fitting[0]) == _rank(fitting[1]):
        raise RefusedFile(
            "two profiles fit equally well",
            where=where,
            value=f"{fitting[0].name}, {fitting[1].name}",
            remedy="add a column to the header of the one that is meant, or remove the other",
        )
    return fitting[0] if fitting else None


def _by_columns(raw: RawTable, columns: Mapping[str, str], *, where: str) -> TableRead | None:
    """A table whose columns are all of one contract, its required ones among them, and of no other."""
    fitting = [
        contract
        for contract in contracts().values()
        if columns and not _missing(contract, columns) and set(columns) <= set(contract.column_names)
    ]
    if len(fitting) != 1:
        return None
    table = fitting[0].name
    said = f"taken as {table} by its columns alone; a name like {table}_… says so"
    return _canonical(raw, fitting[0], columns, said, where=where)


def _unrecognised(raw: RawTable, source: Source, *, where: str) -> RefusedFile:
    columns = by_normalised(raw.header, where=where)
    tables: Sequence[str] = ()
    named = table_named(raw.name) or table_named(source.name)
    if named is not None:
        contract = contracts()[named]
        what = f"the name says {named}, but required columns are missing: {_described_missing(contract, columns)}"
        remedy = f"rename the columns, or declare them in a profile: outturn profile new {source.name}"
    else:
        contract = max(
            contracts().values(),
            key=lambda c: len(set(columns) & set(c.column_names)) - len(_missing(c, columns)),
        )
        what = "no canonical table fits the file's name and columns"
        if len(_missing(contract, columns)) < len(contract.required):
            missing = _described_missing(contract, columns)
            lacking = f"which lacks {missing}" if missing else "but its name does not say so"
            what += f" (nearest: {contract.name}, {lacking})"
        tables = feed_tables(source.feed) if source.feed in FEEDS else ()
        remedy = (
            f"name the file after its table, or declare its columns in a profile: outturn profile new {source.name}"
        )
    return RefusedFile(what, where=where, value=", ".join(raw.header), valid=tables or None, remedy=remedy)


def _described_missing(contract: Contract, columns: Mapping[str, str]) -> str:
    described = []
    for name in _missing(contract, columns):
        similar = difflib.get_close_matches(
            name, [c for c in columns if c not in contract.column_names], n=1, cutoff=0.7
        )
        described.append(f"{name} (perhaps {columns[similar[0]]!r})" if similar else name)
    return ", ".join(described)


def _merged(reads: Sequence[TableRead]) -> list[TableRead]:
    """One read a table: the sheets of a workbook that hold the same one (a sheet a month) are put together."""
    grouped: dict[str, list[TableRead]] = {}
    for read in reads:
        grouped.setdefault(read.table, []).append(read)
    return [
        dataclasses.replace(
            same[0],
            frame=pl.concat([read.frame for read in same], how="diagonal"),
            warnings=tuple(dict.fromkeys(warning for read in same for warning in read.warnings)),
        )
        if len(same) > 1
        else same[0]
        for same in grouped.values()
    ]
