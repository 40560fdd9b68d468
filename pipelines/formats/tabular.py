"""Which physical format a tabular file has, told from its bytes, and the tables that it holds.

The formats themselves are read in `pipelines.formats.tables`; what a column means is decided by `detect`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pipelines.errors import RefusedFile
from pipelines.formats.base import RawTable, Source
from pipelines.formats.tables.delimited import read_delimited
from pipelines.formats.tables.json_documents import is_document, read_json_document
from pipelines.formats.tables.json_lines import read_json_lines
from pipelines.formats.tables.naming import IsHeader, stem
from pipelines.formats.tables.parquet import read_parquet
from pipelines.formats.tables.streams import expanded, is_gzip
from pipelines.formats.tables.workbook import read_workbook

VALID = "CSV, TSV, JSON or JSON Lines (also gzipped), XLSX, Parquet"

# what a file is that no reader of tables takes: first bytes -> (name, what to do)
_NOT_TABLES: dict[bytes, tuple[str, str]] = {
    b"%PDF": ("a PDF", "deliver the data behind it as a table"),
    b"\xd0\xcf\x11\xe0": ("a workbook of Excel 97 to 2003, or one with a password", "save it as .xlsx, unprotected"),
    b"{\\rtf": ("a text document", "export it as CSV in UTF-8"),
    b"7z\xbc\xaf": ("a 7z archive", "unpack it"),
    b"Rar!": ("a RAR archive", "unpack it"),
    b"BZh": ("compressed with bzip2", "unpack it, or compress it with gzip"),
    b"\xfd7zXZ": ("compressed with xz", "unpack it, or compress it with gzip"),
    b"\x28\xb5\x2f\xfd": ("compressed with zstd", "unpack it, or compress it with gzip"),
}


def _refused(source: Source, what: str, remedy: str) -> RefusedFile:
    return RefusedFile(f"the file is {what}, not a table", where=source.name, valid=VALID, remedy=remedy)


def _reader(source: Source, is_header: IsHeader | None) -> Callable[..., RawTable]:
    """The reader of a text file, by its first characters."""
    with expanded(source) as stream:
        head = stream.read(4096)
    packed = is_gzip(source)
    if packed and head.startswith((b"PK\x03\x04", b"PAR1", b"\x1f\x8b")):
        raise _refused(source, "a packed file within a gzip file", "unpack it once")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return read_json_document if is_document(source) else read_json_lines
    if text.startswith(b"[") and text[1:].lstrip().startswith((b"{", b"]")):
        return read_json_document
    if text.startswith(b"<"):
        raise _refused(source, "XML or HTML", "export it as CSV or XLSX")
    return partial(read_delimited, is_header=is_header)


def open_tables(source: Source, *, work: Path, is_header: IsHeader | None = None) -> list[RawTable]:
    """The tables of a tabular file: one, or one for each sheet of a workbook that is not empty.

    `work` is a scratch folder, made where it does not stand yet; the lazy frames read from it, so it must outlive
    them. `is_header` knows headers that may stand below a title. Raises RefusedFile.
    """
    with source.path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise RefusedFile("the file is empty", where=source.name, remedy="deliver it with a header row")
    for magic, (what, remedy) in _NOT_TABLES.items():
        if head.startswith(magic):
            raise _refused(source, what, remedy)
    if head.startswith(b"PK\x03\x04"):
        return read_workbook(source, is_header=is_header)
    name = stem(source.name)
    work.mkdir(parents=True, exist_ok=True)
    own_work = Path(tempfile.mkdtemp(prefix="table-", dir=work))
    if head.startswith(b"PAR1"):
        return [read_parquet(source, name=name, work=own_work)]
    return [_reader(source, is_header)(source, name=name, work=own_work)]
