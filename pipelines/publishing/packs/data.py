"""What the packs say: the rows of every table, by pack, out of a published snapshot.

The queries lie in `sql/` and, where the site says the same, in `reports/exports`; they read the five published schemas
and nothing else, so what is private cannot reach a pack. No layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import PublicationFailed
from pipelines.version import ROOT

Row = Mapping[str, Any]

PORTFOLIO = ""  # the portfolio's key; a programme's is never empty

_SQL = Path(__file__).parent / "sql"
_EXPORTS = ROOT / "reports" / "exports"

# In this order: a later one may read what an earlier one has made (`out.<name>`).
_STEPS = (
    *(
        (name, _EXPORTS)
        for name in (
            "projects",
            "programmes",
            "project_months",
            "months",
            "plan_months",
            "exception_summary",
            "control_totals",
            "attention",
        )
    ),
    *((name, _SQL) for name in ("scopes", "reported", "project_rows")),
)
_TABLES = (
    "summary", "plan", "months", "project_rows", "groups", "walks", "estimates", "versions", "history", "balances",
    "unbilled", "receivables", "backlog", "scorecard", "risks", "changes", "exceptions", "stakes", "curve",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class About:
    """What the snapshot stands for; the times are UTC."""

    as_of: datetime
    base_currency: str
    refresh_id: str
    code_version: str
    input_hash: str


@dataclass(frozen=True, kw_only=True)
class Pack:
    """Everything that one pack says: `tables` by the name of their query, their rows in the order of reading."""

    key: str
    title: str
    manager: str | None
    projects: int
    about: About
    reported: Row | None
    meanings: Mapping[str, tuple[str | None, str | None]]
    attention: tuple[Row, ...] = ()
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    @property
    def is_portfolio(self) -> bool:
        return self.key == PORTFOLIO

    @property
    def month(self) -> date | None:
        """The month that the pack is about; None where no month is complete and has figures."""
        return self.reported["month"] if self.reported else None

    def meaning(self, source: str | None) -> tuple[str | None, str | None]:
        """Meaning and formula of a published column; a `_base` one that says "the same" says as what."""
        meaning, formula = self.meanings.get(source or "", (None, None))
        if source and meaning and meaning.startswith("The same") and source.endswith("_base"):
            meaning = " ".join(filter(None, (self.meanings.get(source.removesuffix("_base"), (None,))[0], meaning)))
        return meaning or None, formula or None

    def rows(self, table: str) -> tuple[Row, ...]:
        return self.tables.get(table, ())


def ratio(numerator: Any, denominator: Any) -> Any:
    """A share of two sums; None where the denominator is not above zero, as in the marts."""
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return numerator / denominator


def total(rows: Iterable[Row], column: str) -> Any:
    """The sum of what is known; None where nothing is."""
    known = [row[column] for row in rows if row[column] is not None]
    return sum(known[1:], known[0]) if known else None


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = connection.execute(sql)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _about(connection: duckdb.DuckDBPyConnection) -> About:
    names = ("as_of", "base_currency", "refresh_id", "code_version", "input_hash")
    row = connection.execute(
        f"select {', '.join(names)} from wh.ops.refreshes where status = 'published' order by started_at desc limit 1"
    ).fetchone()
    if row is None or any(value is None for value in row):
        raise PublicationFailed(
            "the snapshot does not say what it stands for",
            where="ops.refreshes",
            value=row,
            valid=f"a published refresh with {', '.join(names)}",
        )
    as_of: datetime = row[0]
    as_of = as_of.replace(tzinfo=UTC) if as_of.tzinfo is None else as_of.astimezone(UTC)
    return About(**{**dict(zip(names, row, strict=True)), "as_of": as_of})


def _run(connection: duckdb.DuckDBPyConnection, name: str, *, folder: Path, made: bool = False) -> list[dict[str, Any]]:
    """The rows of a query, or none where it is `made` into `out.<name>`; a failure says which table and why."""
    sql = (folder / f"{name}.sql").read_text(encoding="utf-8")
    try:
        if made:
            connection.execute(f'create table out."{name}" as {sql}')
            return []
        return _rows(connection, sql)
    except duckdb.Error as error:
        raise PublicationFailed(
            f"the packs' table {name} cannot be made: {str(error).splitlines()[0]}", where=str(folder / f"{name}.sql")
        ) from error


def _by_scope(rows: Iterable[dict[str, Any]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.pop("scope_key"), []).append(row)
    return found


def _meanings(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str | None, str | None]]:
    rows = connection.execute(
        "select schema_name || '.' || model_name || '.' || column_name, meaning, formula from wh.ops.data_dictionary "
        "where column_name <> ''"
    ).fetchall()
    return {name: (meaning, formula) for name, meaning, formula in rows}


def _named(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    named = _rows(
        connection,
        "select g.programme_key, g.programme_name, d.programme_manager from out.programmes as g "
        "left join wh.core.dim_programmes as d on g.programme_id = d.programme_id "
        "where g.programme_key in (select scope_key from out.scopes) order by 1",
    )
    if len({row["programme_key"].lower() for row in named}) < len(named):
        raise PublicationFailed("two programmes would get the same file", where="core.dim_programmes")
    return named


def read_packs(snapshot: Path) -> list[Pack]:
    """The portfolio's pack and one of each programme that has projects, by key.

    Raises PublicationFailed where the snapshot lacks a table or column that a pack is made of.
    """
    with duckdb.connect(config={"threads": 2, "autoinstall_known_extensions": False}) as connection:
        connection.execute(f"attach {_literal(str(snapshot))} as wh (read_only)")
        connection.execute("attach ':memory:' as out")
        about = _about(connection)
        for name, folder in _STEPS:
            _run(connection, name, folder=folder, made=True)
        reported = _rows(connection, "select * from out.reported")
        attention = _rows(connection, "select * from out.attention order by position")
        named = _named(connection)
        counts = dict(connection.execute("select scope_key, count(*) from out.scopes group by 1").fetchall())
        meanings = _meanings(connection)
        tables = {name: _by_scope(_run(connection, name, folder=_SQL)) for name in _TABLES}

    def pack(key: str, title: str, manager: str | None) -> Pack:
        return Pack(
            key=key,
            title=title,
            manager=manager,
            projects=counts.get(key, 0),
            about=about,
            reported=reported[0] if reported else None,
            meanings=meanings,
            attention=tuple(attention) if key == PORTFOLIO else (),
            tables={name: tuple(found.get(key, ())) for name, found in tables.items()},
        )

    programmes = [pack(row["programme_key"], row["programme_name"], row["programme_manager"]) for row in named]
    return [pack(PORTFOLIO, "Portfolio", None), *programmes]
