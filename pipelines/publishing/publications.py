"""Publications on disk and the one swap that readers see.

    published/publications/000012/{warehouse.duckdb, site/, manifest.json}   immutable
    published/current            -> publications/000012                      the swap: one rename
    published/warehouse.duckdb   -> current/warehouse.duckdb                 never changes
    published/site               -> current/site
    published/manifest.json      -> current/manifest.json

Snapshot, site and manifest change together because one link changes. A link, not a rename over the file: an open
DuckDB process caches by real path and would go on showing the old content to new connections (docs/decisions.md).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.errors import PublicationFailed
from pipelines.publishing.snapshot import file_hash, fsync, staged_path, write_json
from pipelines.settings import Settings

_MEMBERS = ("warehouse.duckdb", "site", "manifest.json")


def _folder(settings: Settings) -> Path:
    return settings.published / "publications"


def numbers(settings: Settings) -> list[int]:
    """The numbers of the publications on disk, oldest first."""
    folder = _folder(settings)
    return sorted(int(p.name) for p in folder.iterdir() if p.name.isdigit()) if folder.exists() else []


def manifests(settings: Settings) -> list[dict[str, Any]]:
    """The manifests of the publications on disk, oldest first."""
    folder = _folder(settings)
    found = [folder / f"{number:06d}" / "manifest.json" for number in numbers(settings)]
    return [json.loads(path.read_text(encoding="utf-8")) for path in found if path.exists()]


def current(settings: Settings) -> Path | None:
    """The folder of the publication that readers see now, or None before the first."""
    link = settings.published / "current"
    return link.resolve() if link.is_symlink() and link.exists() else None


def current_manifest(settings: Settings) -> dict[str, Any] | None:
    folder = current(settings)
    if folder is None:
        return None
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def _swap(link: Path, target: str) -> None:
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


def staged_site_path(settings: Settings) -> Path:
    return settings.published / ".staged" / "site"


def _carried_site(settings: Settings, folder: Path) -> dict[str, Any] | None:
    """A refresh without a site keeps the last site beside the new figures; the manifest says which one."""
    before = current(settings)
    if before is None or not (before / "site").exists():
        return None
    # hard links: the publications before it may be thrown away
    shutil.copytree((before / "site").resolve(), folder / "site", copy_function=os.link, symlinks=True)
    site = json.loads((before / "manifest.json").read_text(encoding="utf-8")).get("site")
    return {**site, "carried_over": True} if site else None


def _readable(folder: Path) -> None:
    """Lets others read what is published, whatever the umask of who published it."""
    for path in (folder.parent, folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        wanted = mode | (0o555 if path.is_dir() else 0o444)
        if wanted != mode:
            path.chmod(wanted & 0o7777)


def publish(
    settings: Settings,
    *,
    manifest: Mapping[str, Any],
    site: Mapping[str, Any] | None,
) -> Path:
    """Moves what was staged into a new publication and swaps it in; returns its folder.

    `site`: what is known about the staged site, or None to keep the last one. Until the last rename nothing that a
    reader sees has changed; a kill at any point leaves the old or the new publication, whole.
    """
    staged = staged_path(settings)
    if not staged.exists():
        raise PublicationFailed("nothing is staged", where=str(staged))
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.glob(".*"):
        shutil.rmtree(leftover)
    number = max(numbers(settings), default=0) + 1
    fresh = folder / f".{number:06d}"
    fresh.mkdir()
    if site is None:
        site = _carried_site(settings, fresh)
    else:
        staged_site_path(settings).rename(fresh / "site")
    fsync(staged)
    content = {
        "publication": number,
        **manifest,
        "warehouse": {"bytes": staged.stat().st_size, "sha256": file_hash(staged)},
        "site": site,
    }
    staged.rename(fresh / "warehouse.duckdb")
    write_json(fresh / "manifest.json", content)
    _readable(fresh)
    final = folder / f"{number:06d}"
    fresh.rename(final)
    fsync(folder)
    show(settings, number)
    for old in numbers(settings)[: -settings.keep_publications]:
        if old != number:
            shutil.rmtree(folder / f"{old:06d}")
    return final


def show(settings: Settings, number: int) -> None:
    """Makes publication `number` the one that readers see: one rename of one link."""
    if not (_folder(settings) / f"{number:06d}" / "manifest.json").exists():
        raise PublicationFailed("no such publication", value=number, valid=[str(n) for n in numbers(settings)])
    for member in _MEMBERS:
        link = settings.published / member
        if not link.is_symlink():
            _swap(link, f"current/{member}")
    _swap(settings.published / "current", f"publications/{number:06d}")
    fsync(settings.published)
