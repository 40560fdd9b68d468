"""Closed months on disk: what a close is, whether it is still what it was, and its way back into the warehouse.

    closes/2026-10/manifest.json                      what was closed, from what, by which code, and the hash of it all
    closes/2026-10/<mart>.parquet                     the month's rows of every margin mart, as published
    closes/2026-10/documents.parquet                  the documents behind them; private, like the warehouse

Each hash covers the files, the rest of the manifest and the hash of the close before it, and the warehouse remembers
every hash that it has read: a close that was changed, removed or made anew is found. Writing one belongs in
commands/close.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import OutturnError
from pipelines.landing.warehouse import parquet
from pipelines.publishing.snapshot import file_hash
from pipelines.settings import Settings

DOCUMENTS = "documents"
_BACK = "put the folder back from the back-up; a closed month stays as it is"


class CloseChanged(OutturnError):
    """A closed month is not what it was when it was closed."""


def content_hash(manifest: Mapping[str, Any]) -> str:
    """SHA-256 over everything that a manifest says but its own hash."""
    said = {key: value for key, value in manifest.items() if key != "hash"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def closed_months(settings: Settings) -> list[str]:
    """The closed months (YYYY-MM) on disk, oldest first."""
    if not settings.closes.exists():
        return []
    return sorted(path.name for path in settings.closes.iterdir() if path.is_dir() and path.name[0].isdigit())


def _manifest(settings: Settings, month: str) -> dict[str, Any]:
    path = settings.closes / month / "manifest.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CloseChanged(f"the close of {month} cannot be read", where=str(path), remedy=_BACK) from error


def _remembered(settings: Settings) -> dict[str, str]:
    """Month to hash, of every close that the private warehouse has read so far."""
    if not settings.warehouse.exists():
        return {}
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        known = connection.execute(
            "select 1 from duckdb_tables() where schema_name = 'ledger' and table_name = 'closes'"
        ).fetchone()
        if not known:
            return {}
        return dict(connection.execute("select strftime(month, '%Y-%m'), hash from ledger.closes").fetchall())


def verified(settings: Settings) -> list[dict[str, Any]]:
    """The manifests of all closes, oldest first, each proven against its files, its chain and the warehouse's memory.

    The caller holds the writer's lock. Raises CloseChanged, naming month and file.
    """
    manifests = []
    previous = None
    for month in closed_months(settings):
        manifest = _manifest(settings, month)
        folder = settings.closes / month
        there = {path.name for path in folder.iterdir()} - {"manifest.json"}
        for name, expected in manifest.get("files", {}).items():
            path = folder / name
            if not path.exists() or file_hash(path) != expected:
                raise CloseChanged(f"the close of {month} was changed", where=str(path), remedy=_BACK)
        if strange := there - set(manifest.get("files", {})):
            raise CloseChanged(
                f"the close of {month} was changed",
                where=str(folder / min(strange)),
                remedy="take the file away; a closed month stays as it is",
            )
        if manifest.get("hash") != content_hash(manifest) or manifest.get("month") != month:
            raise CloseChanged(f"the close of {month} was changed", where=str(folder / "manifest.json"), remedy=_BACK)
        if manifest.get("previous_hash") != previous:
            raise CloseChanged(
                f"the close of {month} does not follow the close before it", where=str(folder), remedy=_BACK
            )
        previous = manifest["hash"]
        manifests.append(manifest)
    found = {manifest["month"]: manifest["hash"] for manifest in manifests}
    for month, remembered in sorted(_remembered(settings).items()):
        if found.get(month) != remembered:
            state = "was made anew" if month in found else "is gone"
            raise CloseChanged(f"the close of {month} {state}", where=str(settings.closes / month), remedy=_BACK)
    return manifests


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    return connection.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = 'ledger' and table_name = ? "
        "and database_name = current_database()",
        [table],
    ).fetchall()


def _read(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    """Adds a frozen file to `ledger.<table>`. Columns that came or went since the close are empty there."""
    connection.execute(f"create or replace temp view frozen as select * from read_parquet({parquet(path)})")
    known = {name for name, _ in _columns(connection, table)}
    described = connection.execute("describe frozen").fetchall()
    if not known:
        connection.execute(f'create table ledger."{table}" as select * from frozen')
    else:
        for name, kind, *_ in described:
            if name not in known:
                connection.execute(f'alter table ledger."{table}" add column "{name}" {kind}')
        connection.execute(f'insert into ledger."{table}" by name select * from frozen')
    connection.execute("drop view frozen")


def read_back(settings: Settings, connection: duckdb.DuckDBPyConnection, manifests: list[dict[str, Any]]) -> None:
    """Makes the warehouse hold every close of `manifests`: `ledger.closes`, `ledger.closed_documents` and one
    `ledger.closed_<mart>` a mart. What it holds already is left alone. Runs in the caller's transaction.
    """
    known = dict(connection.execute("select strftime(month, '%Y-%m'), hash from ledger.closes").fetchall())
    for manifest in manifests:
        if known.get(manifest["month"]) == manifest["hash"]:
            continue
        for name in manifest["files"]:
            _read(connection, f"closed_{Path(name).stem}", settings.closes / manifest["month"] / name)
        connection.execute(
            "insert into ledger.closes by name select strptime(? || '-01', '%Y-%m-%d')::date as month, "
            "?::timestamp as closed_at, ? as hash, ? as code_version, ? as input_hash, ? as last_load_number",
            [
                manifest["month"],
                datetime.fromisoformat(manifest["closed_at"]).astimezone(UTC).replace(tzinfo=None),
                *(manifest[key] for key in ("hash", "code_version", "input_hash", "last_load_number")),
            ],
        )
