"""A new private warehouse put in the place of the old one, whole or not at all, whenever the process dies.

    warehouse/replayed.duckdb        the new one, finished and closed
    warehouse/replacing.json         written first: from here on the replacement is finished by whoever takes the lock
    warehouse/set-aside/<moment>/    the old one, its write-ahead log beside it, until the new one is published

A warehouse and its log are two files and no rename moves both. A log left beside another warehouse would be lost rows
or damage, hence the note of what is meant. How the new one is made belongs in `landing/replay.py`.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from pipelines.publishing.snapshot import fsync, write_json
from pipelines.settings import Settings


def new_warehouse(settings: Settings) -> Path:
    """Where a replay builds: beside the warehouse, so that one rename is enough."""
    return settings.warehouse_dir / "replayed.duckdb"


def _note(settings: Settings) -> Path:
    return settings.warehouse_dir / "replacing.json"


def set_aside(settings: Settings) -> Path:
    return settings.warehouse_dir / "set-aside"


def replace_warehouse(settings: Settings) -> Path:
    """Puts the finished new warehouse in force and returns the folder of the old one. The caller holds the lock."""
    fsync(new_warehouse(settings))
    folder = set_aside(settings) / f"{settings.now():%Y%m%dT%H%M%SZ}"
    number = 1
    while folder.exists():  # twice in a second, or under a fixed clock
        number += 1
        folder = folder.with_name(f"{folder.name.partition('-')[0]}-{number}")
    folder.mkdir(parents=True, mode=0o700)
    write_json(_note(settings), {"old": folder.name})
    finish(settings)
    return folder


def finish(settings: Settings) -> None:
    """Ends a replacement that was begun; nothing to do without one. Each step may be repeated."""
    note = _note(settings)
    if not note.exists():
        return
    folder = set_aside(settings) / json.loads(note.read_text(encoding="utf-8"))["old"]
    fresh, warehouse = new_warehouse(settings), settings.warehouse
    if fresh.exists():  # else the last rename was done already
        for old in (warehouse, warehouse.with_name(warehouse.name + ".wal")):
            if old.exists():
                old.rename(folder / old.name)
        fresh.rename(warehouse)
        fsync(settings.warehouse_dir)
    note.unlink()


def forget_old(settings: Settings) -> None:
    """Removes warehouses set aside, once a publication stands that was made of the new one."""
    shutil.rmtree(set_aside(settings), ignore_errors=True)
