"""A target that is a folder: of this machine, or of a mounted share. Swapped by one rename of one link; on a share
without links by one rename of `current.json`."""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path

from pipelines.errors import PublicationFailed
from pipelines.publishing.snapshot import file_hash, fsync
from pipelines.publishing.targets.address import Address
from pipelines.publishing.targets.layout import (
    FOLDER,
    MANIFEST,
    MEMBERS,
    VERSION,
    Publication,
    landing_page,
    pointer,
)


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.chmod(0o644)
    fsync(fresh)
    fresh.replace(path)


def _link(path: Path, target: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    fresh.replace(path)


def _has_links(folder: Path) -> bool:
    """Whether the file system knows symbolic links; some shares do not."""
    probe = folder / ".links"
    probe.unlink(missing_ok=True)
    try:
        probe.symlink_to(MANIFEST)
    except OSError as error:
        if error.errno in {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}:
            return False
        raise
    probe.unlink()
    return True


class FolderTarget:
    """`address.path` must be there: a folder that is made where a share is not mounted would fill the wrong disk."""

    def __init__(self, address: Address) -> None:
        self._root = Path(address.path)
        if not self._root.is_dir():
            raise PublicationFailed(
                "the target's folder is not there", where=address.text, remedy="make it, or mount the share"
            )
        self._versions = self._root / FOLDER
        self._versions.mkdir(exist_ok=True)
        self._versions.chmod(0o755)

    def complete(self) -> set[str]:
        return {path.name for path in self._versions.iterdir() if VERSION.fullmatch(path.name)}

    def unfinished(self) -> set[str]:
        names = {path.name[1:] for path in self._versions.iterdir() if path.name.startswith(".")}
        return {name for name in names if VERSION.fullmatch(name)}

    def current(self) -> str | None:
        link, pointed = self._root / "current", self._root / "current.json"
        if link.is_symlink():
            return link.readlink().name
        if pointed.is_file():
            return json.loads(pointed.read_text(encoding="utf-8"))["path"].rpartition("/")[2]
        return None

    def put(self, publication: Publication) -> None:
        fresh, final = self._versions / f".{publication.name}", self._versions / publication.name
        for leftover in (fresh, final):
            if leftover.exists():
                shutil.rmtree(leftover)
        for file in publication.files:
            source, target = publication.folder / file, fresh / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            fsync(target)
            if target.stat().st_size != source.stat().st_size:
                raise PublicationFailed("a file did not arrive whole", where=str(target))
            target.chmod(0o444 if file.suffix == ".duckdb" else 0o644)
        expected = publication.manifest["warehouse"]["sha256"]
        if file_hash(fresh / "warehouse.duckdb") != expected:
            raise PublicationFailed("the snapshot is not the published one", where=str(fresh), valid=expected)
        for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        fresh.rename(final)
        fsync(self._versions)

    def show(self, publication: Publication) -> None:
        if not (self._versions / publication.name / MANIFEST).is_file():
            raise PublicationFailed("the version is not whole", where=str(self._versions / publication.name))
        if _has_links(self._root):
            for member in MEMBERS:
                if not (self._root / member).is_symlink():
                    _link(self._root / member, f"current/{member}")
            _link(self._root / "current", f"{FOLDER}/{publication.name}")
        else:
            _replace(self._root / "index.html", landing_page(publication))
            _replace(self._root / "current.json", pointer(publication))
        fsync(self._root)

    def remove(self, names: set[str]) -> None:
        for name in names:
            for folder in (self._versions / name, self._versions / f".{name}"):
                if folder.exists():
                    # out of sight first, so that a kill leaves nothing that looks whole
                    hidden = self._versions / f".{name}"
                    if folder != hidden:
                        shutil.rmtree(hidden, ignore_errors=True)
                        folder.rename(hidden)
                    shutil.rmtree(hidden)

    def close(self) -> None:
        """Nothing is held open."""
