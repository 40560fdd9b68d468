"""A file within a file: gzip, or a ZIP archive with one file in it, unpacked within limits into scratch.

Names inside an archive are never used as paths. What the unpacked bytes are, `detect` decides.
"""

from __future__ import annotations

import dataclasses
import re
import zipfile
import zlib
from pathlib import Path

from pipelines.errors import RefusedFile
from pipelines.formats.base import Source
from pipelines.formats.tables.streams import check_expansion, expanded

_BLOCK = 1024**2
_MAX_MEMBERS = 10_000


def unpacked_gzip(source: Source, *, work: Path) -> Source:
    """The file inside a gzip file, under its name without `.gz`. Raises RefusedFile on damage and on bombs."""
    target = _target(work)
    with expanded(source) as stream, target.open("wb") as out:
        while block := stream.read(_BLOCK):
            out.write(block)
    return dataclasses.replace(
        source, path=target, name=re.sub(r"\.gz$", "", source.name, flags=re.IGNORECASE), size=target.stat().st_size
    )


def only_member(source: Source, *, work: Path) -> Source:
    """The one file of a ZIP archive, under its own base name. Raises RefusedFile where there is not exactly one."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            # what macOS adds to every archive
            files = [member for member in members if not member.filename.startswith("__MACOSX/")]
            if len(files) != 1 or len(members) > _MAX_MEMBERS:
                shown = ", ".join(sorted(member.filename for member in files)[:3]) or "nothing in it"
                raise RefusedFile(
                    "a ZIP archive that is neither a workbook nor a single packed file",
                    where=source.name,
                    value=f"{len(files)} files: {shown}",
                    remedy="unpack it and drop the files themselves",
                )
            (member,) = files
            if member.flag_bits & 1:
                raise RefusedFile(
                    "a ZIP archive with a password", where=source.name, remedy="unpack it and drop the file itself"
                )
            target, size = _target(work), 0
            with archive.open(member) as stream, target.open("wb") as out:
                while block := stream.read(_BLOCK):
                    size += len(block)
                    check_expansion(source, size)
                    out.write(block)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise RefusedFile(
            f"a broken ZIP archive: {str(error)[:200]}", where=source.name, remedy="copy the file again"
        ) from error
    name = member.filename.replace("\\", "/").rsplit("/", 1)[-1] or source.name
    return dataclasses.replace(source, path=target, name=name, size=size)


def _target(work: Path) -> Path:
    folder = work / "unpacked"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "file"
