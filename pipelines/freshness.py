"""Which expected deliveries are late now, by `[feeds.<table>]` and what readers see: the private file may be in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pipelines.contracts import contracts
from pipelines.publishing.publications import current
from pipelines.settings import Feed, Settings


@dataclass(frozen=True, kw_only=True)
class Late:
    """`last`: the last delivery, in UTC; None: there was none yet."""

    table: str
    feed: str
    last: datetime | None
    expected: Feed


def last_deliveries(settings: Settings) -> dict[str, datetime]:
    """Table -> its last delivery of the published ones."""
    import duckdb

    folder = current(settings)
    if folder is None:
        return {}
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, max(loaded_at) from ops.loads where status = 'loaded' group by table_name"
        ).fetchall()
    return {table: last.replace(tzinfo=UTC) for table, last in rows}


def late_feeds(settings: Settings) -> list[Late]:
    """The tables that are late, by name; one that never came is late."""
    deliveries, now = last_deliveries(settings), settings.now()
    return [
        Late(table=table, feed=contracts()[table].feed, last=deliveries.get(table), expected=expected)
        for table, expected in sorted(settings.feeds.items())
        if table not in deliveries or now - deliveries[table] > expected.late_after
    ]
