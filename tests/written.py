"""Everything that was written below a folder, as bytes to search: as it lies there, and what is packed inside."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pypdf


def _duckdb(path: Path) -> Iterator[bytes]:
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name, comment from duckdb_tables() where not internal"
        ).fetchall()
        columns = connection.execute("select column_name, comment from duckdb_columns() where not internal").fetchall()
        yield repr(tables).encode() + repr(columns).encode()
        for schema, table, _ in tables:
            cursor = connection.execute(f'select columns(*)::varchar from "{schema}"."{table}"')
            while rows := cursor.fetchmany(50_000):
                yield "\n".join("\t".join(v or "" for v in row) for row in rows).encode()


def _sqlite(path: Path) -> Iterator[bytes]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        yield "\n".join(connection.iterdump()).encode()


def _packed(content: bytes, name: str) -> Iterator[bytes]:
    yield content
    if content[:2] == b"\x1f\x8b":
        yield from _packed(gzip.decompress(content), name)
    elif content[:3] == b"BZh":
        yield from _packed(bz2.decompress(content), name)
    elif content[:6] == b"\xfd7zXZ\x00":
        yield from _packed(lzma.decompress(content), name)
    elif content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield member.encode()
                yield from _packed(archive.read(member), member)
    elif content[:5] == b"%PDF-":
        reader = pypdf.PdfReader(io.BytesIO(content))
        yield repr(reader.metadata).encode()
        for page in reader.pages:
            yield page.extract_text().encode()
    elif name.endswith(".arrow") or content[:6] == b"ARROW1":
        open_it = pa.ipc.open_file if content[:6] == b"ARROW1" else pa.ipc.open_stream
        yield repr(open_it(io.BytesIO(content)).read_all().to_pylist()).encode()
    elif content[:4] == b"PAR1":
        import pyarrow.parquet as pq

        yield repr(pq.read_table(io.BytesIO(content)).to_pylist()).encode()


def written(root: Path) -> Iterator[tuple[Path, bytes]]:
    """Each file's path below `root` (as bytes too: a name can tell) with each form of its content."""
    for path in sorted(root.rglob("*")):
        yield path, str(path.relative_to(root)).encode()
        if not path.is_file() or path.is_symlink():
            continue
        content = path.read_bytes()
        forms = _packed(content, path.name)
        if content[8:12] == b"DUCK":
            forms = _duckdb(path)
        elif content[:15] == b"SQLite format 3":
            forms = _sqlite(path)
        yield path, content
        for form in forms:
            yield path, form


def places(root: Path, needles: set[str]) -> dict[str, set[str]]:
    """The files in which a needle stands, by needle; in UTF-8 and UTF-16, whatever the case."""
    forms = {n: (n.lower().encode(), n.lower().encode("utf-16-le")) for n in needles}
    found: dict[str, set[str]] = {}
    for path, content in written(root):
        lowered = content.lower()
        for needle, spelled in forms.items():
            if any(one in lowered for one in spelled):
                found.setdefault(needle, set()).add(str(path.relative_to(root)))
    return found
