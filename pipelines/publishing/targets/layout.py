"""What lies on a target, whatever its kind, and the small objects that say which version readers see.

    publications/000012-1f0c2d3e/{warehouse.duckdb, site/, manifest.json}   immutable; manifest.json is put last
    current -> publications/000012-1f0c2d3e                                 where there are links: one rename
    current.json, index.html                                                where there are none: put last

The number is the data home's, the digits are of the manifest's hash: another data home's publication of the same
number, or one made after a back-up was put back, is another version. A version without a manifest is unfinished.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pipelines.errors import PublicationFailed

FOLDER = "publications"
MANIFEST = "manifest.json"
MEMBERS = ("warehouse.duckdb", "site", MANIFEST)
VERSION = re.compile(r"\d{6,}-[0-9a-f]{8}")


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A publication of the data home: its folder and its files relative to it, the manifest last."""

    name: str
    number: int
    folder: Path
    files: tuple[Path, ...]
    manifest: dict[str, Any]

    @property
    def bytes(self) -> int:
        return sum((self.folder / file).stat().st_size for file in self.files)


class Target(Protocol):
    """A place that versions are put to. Errors are OutturnError, or what the library of the place raises."""

    def complete(self) -> set[str]:
        """Names of the versions that were put there whole."""

    def current(self) -> str | None:
        """The version that readers see."""

    def put(self, publication: Publication) -> None:
        """Puts a version there whole, sizes checked; until it is, `complete` does not name it. What an earlier try
        left of it is replaced."""

    def show(self, publication: Publication) -> None:
        """Makes a complete version the one that readers see: one step that nobody sees half of."""

    def remove(self, names: set[str]) -> None:
        """Removes versions."""

    def unfinished(self) -> set[str]:
        """Names of the versions that a try left behind."""

    def close(self) -> None: ...


def publication_of(folder: Path) -> Publication:
    """Raises PublicationFailed where the folder holds no whole publication."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise PublicationFailed("not a publication", where=str(folder))
    content = manifest.read_bytes()
    found = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    number = int(folder.name)
    return Publication(
        name=f"{number:06d}-{hashlib.sha256(content).hexdigest()[:8]}",
        number=number,
        folder=folder,
        files=(*(file for file in found if file != Path(MANIFEST)), Path(MANIFEST)),
        manifest=json.loads(content),
    )


def pointer(publication: Publication) -> bytes:
    """`current.json`: where the version lies, relative to the target."""
    content = {
        "publication": publication.number,
        "path": f"{FOLDER}/{publication.name}",
        "warehouse": f"{FOLDER}/{publication.name}/warehouse.duckdb",
        "site": f"{FOLDER}/{publication.name}/site/",
        "as_of": publication.manifest.get("as_of"),
        "sha256": (publication.manifest.get("warehouse") or {}).get("sha256"),
    }
    return (json.dumps(content, indent=2) + "\n").encode()


def landing_page(publication: Publication) -> bytes:
    """`index.html`: leads whoever opens the target itself to the version's site."""
    site = html.escape(f"{FOLDER}/{publication.name}/site/index.html", quote=True)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Outturn</title>'
        f'<meta http-equiv="refresh" content="0; url={site}"><p><a href="{site}">Publication {publication.number}</a>'
        "</html>\n"
    ).encode()


def superfluous(complete: set[str], *, keep: int, shown: str) -> set[str]:
    """Which versions go: all but the newest `keep` and the one that readers see."""
    return set(sorted(complete)[:-keep]) - {shown}
