"""Which raw tables changed since a suite last ran, by what the ledger says of their loads.

Not by what the refresh under way took in: one that was killed between landing and its gate leaves changed tables that
nobody has judged yet.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from pipelines.settings import Settings


def _path(settings: Settings, suite: str) -> Path:
    return settings.work / "quality" / "marks" / f"{suite}.json"


def table_marks(settings: Settings) -> dict[str, str]:
    """Table -> a hash over its loads in their order; it changes with every file that is taken in for the table."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, md5(string_agg(sha256 || ' ' || rows_loaded, ',' order by load_number)) "
            "from ledger.loads where status = 'loaded' group by table_name order by table_name"
        ).fetchall()
    return dict(rows)


def changed_tables(settings: Settings, suite: str, marks: dict[str, str]) -> list[str]:
    """Tables whose mark is not the one that the suite's last run left; all of them before its first run."""
    path = _path(settings, suite)
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return [table for table in sorted({*marks, *known}) if marks.get(table) != known.get(table)]


def remember_marks(settings: Settings, suite: str, marks: dict[str, str]) -> None:
    path = _path(settings, suite)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(marks), encoding="utf-8")
