"""The measurement files of a day in one ZIP archive, as networks deliver them: each 15 minutes one."""

from __future__ import annotations

import dataclasses
import tempfile
import zipfile
import zlib
from pathlib import Path

from pipelines.errors import RefusedFile
from pipelines.formats import xml
from pipelines.formats.base import Source
from pipelines.formats.container import unpacked_gzip
from pipelines.formats.kpi.measurements import ROOTS
from pipelines.formats.tables.streams import check_expansion

_BLOCK = 1024**2
_MOST = 10_000


def measurement_files(source: Source, *, work: Path) -> list[Source]:
    """The files of an archive that holds several, all of them measurements (also gzipped), in the order of their
    names; none where it holds anything else. Raises RefusedFile on damage and on bombs."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            members = [member for member in members if not member.filename.startswith("__MACOSX/")]
            if not 1 < len(members) <= _MOST or any(member.flag_bits & 1 for member in members):
                return []
            work.mkdir(parents=True, exist_ok=True)
            folder, found, size = Path(tempfile.mkdtemp(prefix="measured-", dir=work)), [], 0
            for number, member in enumerate(sorted(members, key=lambda member: member.filename)):
                target = folder / f"{number:05}"
                with archive.open(member) as stream, target.open("wb") as out:
                    while block := stream.read(_BLOCK):
                        size += len(block)
                        check_expansion(source, size)
                        out.write(block)
                name = member.filename.replace("\\", "/").rsplit("/", 1)[-1]
                file = _plain(dataclasses.replace(source, path=target, name=name, size=target.stat().st_size), folder)
                root = xml.root_name(file.path)
                if root is None or root.localname not in ROOTS:
                    return []
                found.append(file)
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise RefusedFile(
            f"a broken ZIP archive: {str(error)[:200]}", where=source.name, remedy="copy the file again"
        ) from error


def _plain(file: Source, folder: Path) -> Source:
    with file.path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    return unpacked_gzip(file, work=Path(tempfile.mkdtemp(dir=folder))) if packed else file
