"""Rows of one canonical table into the warehouse, within the caller's transaction: split, rules, keys, restatement.

Set-based and without indexes: on ten million rows delete and insert by a join takes a quarter of what upserts into a
primary key take.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.contracts import Contract
from pipelines.errors import ConservationError
from pipelines.formats.base import Replacement
from pipelines.landing import coerce
from pipelines.landing.coerce import ROW
from pipelines.landing.results import TableResult
from pipelines.landing.warehouse import parquet

_PLACE = f"{ROW}, source_file_id, source_line"
_FINDING = "column_name, value, reason, remedy"
# time entries: more in a day than a day has, as the contract of time_entry promises
_HOURS_IN_A_DAY = 24


def _shown(contract: Contract, column: str, *, alias: str = "") -> str:
    """A typed value as a person writes it: 25, not 25.000000."""
    name = f"{alias}{column}"
    if contract.column(column).type in ("decimal", "fraction"):
        return f"rtrim(rtrim(cast({name} as varchar), '0'), '.')"
    return f"cast({name} as varchar)"


def corrected_key(record: str) -> str:
    """SQL: the key of a corrected row whose table makes keys of content, so that it meets no row of its own file."""
    return f"'corrected-' || {record}.source_file_id || '-' || {record}.source_line"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _same(columns: tuple[str, ...], left: str, right: str) -> str:
    """Equality in which an empty cell equals an empty cell."""
    return " and ".join(f"{left}.{c} is not distinct from {right}.{c}" for c in columns) or "true"


class _Load:
    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        contract: Contract,
        *,
        sources: Mapping[str, str],
        replaces: Mapping[str, Replacement],
        yields: Collection[str],
        work: Path,
        at: datetime,
    ) -> None:
        self.connection, self.contract, self.work, self.at = connection, contract, work, at
        self.sources, self.replaces, self.yields = sources, replaces, list(yields)
        self.table = contract.name
        self.keys = contract.key
        self.columns = contract.column_names
        self.stored = ", ".join((*self.columns, "source_file_id", "source_line"))

    def run(self, sql: str, parameters: list[Any] | None = None) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(sql, parameters or [])

    def is_any(self, sql: str) -> bool:
        return self.run(f"select 1 from {sql} limit 1").fetchone() is not None

    def unless(self, table: str, rows: str, condition: str = "true") -> str:
        """A where clause that leaves out the rows which `table` names; none where it names none (0.4 s a join)."""
        if not self.is_any(f"{table} as x where {condition}"):
            return ""
        return f"where not exists (select 1 from {table} as x where x.{ROW} = {rows}.{ROW} and {condition})"

    def by_file(self, sql: str, parameters: list[Any] | None = None) -> dict[str, tuple]:
        return {row[0]: row[1:] for row in self.run(sql, parameters).fetchall()}

    # -- splitting ---------------------------------------------------------------------------------------------------

    def split(self, text: pl.LazyFrame) -> pl.DataFrame:
        """Good rows to `incoming`, bad ones to a file, their findings to `finding`; returns the totals read."""
        good, bad, why = (self.work / f"{self.table}-{name}.parquet" for name in ("good", "bad", "why"))
        cells = coerce.as_text(text, self.contract).with_row_index(ROW)
        rows = coerce.examined(cells, self.contract)
        _, _, totals = pl.collect_all(
            [
                coerce.good_rows(rows, self.contract).sink_parquet(good, compression="lz4", lazy=True),
                coerce.bad_rows(rows, self.contract).sink_parquet(bad, compression="lz4", lazy=True),
                coerce.totals(cells, self.contract),
            ],
            engine="streaming",
        )
        bad_rows = pl.scan_parquet(bad, glob=False)
        self.bad = coerce.totals(bad_rows, self.contract).collect()
        if self.bad.height:
            coerce.faults(bad_rows, self.contract).sink_parquet(why, compression="lz4")
            self.run(f"create or replace temp view unreadable as select * from read_parquet({parquet(why)})")
            self.run(f"create or replace temp view unreadable_row as select * from read_parquet({parquet(bad)})")
        self.run(f"create or replace temp view incoming as select * from read_parquet({parquet(good)})")
        self.run(
            f"create or replace temp table finding ({ROW} bigint, source_file_id varchar, source_line varchar, "
            "column_name varchar, value varchar, reason varchar, remedy varchar)"
        )
        return totals

    def make_keys(self) -> None:
        """Gives rows without a key one made of their content and their occurrence in the file."""
        parts = self.contract.key_when_empty
        if not parts:
            return
        (key,) = self.keys
        if not self.is_any(f"incoming where {key} is null"):
            return
        made = self.work / f"{self.table}-keyed.parquet"
        texts = ", ".join(f"cast({part} as varchar)" for part in parts)
        # two tools' exports never make the same key; a canonical file's key does not know where it came from
        named = " ".join(f"when {_literal(file)} then {_literal(name)}" for file, name in self.sources.items())
        tool = f"case source_file_id {named} end" if named else "null"
        within = ", ".join(("source_file_id", f"{key} is null", *parts))
        self.run(
            f"""
            copy (
                select * replace (
                    coalesce({key}, 'made-' || md5(cast(to_json([{texts}, cast(
                        row_number() over (partition by {within} order by {ROW}) as varchar
                    )]) as varchar) || coalesce(' of ' || {tool}, ''))) as {key}
                )
                from incoming
            ) to {parquet(made)} (format parquet)
            """
        )
        self.run(f"create or replace temp view incoming as select * from read_parquet({parquet(made)})")

    # -- findings ----------------------------------------------------------------------------------------------------

    def apply_rules(self) -> None:
        for rule in self.contract.rules:
            self.run(
                f"""
                insert into finding
                select {_PLACE}, ?, {_shown(self.contract, rule.column)}, ?, ?
                from incoming
                where not coalesce({rule.holds}, true)
                """,
                [rule.column, rule.reason, rule.remedy],
            )

    def find_same_keys(self) -> None:
        """Two rows of a file with the same key contradict each other; neither is better."""
        keys = ", ".join(self.keys)
        hashed = f"hash(source_file_id, {keys})"  # 8 bytes a row to sort out the unsuspicious ones
        value = ", ".join(f"coalesce({_shown(self.contract, key, alias='r.')}, '')" for key in self.keys)
        self.run(
            f"""
            insert into finding
            with suspect as (
                select {hashed} as hashed from incoming group by {hashed} having count(*) > 1
            ),
            candidate as (
                select {_PLACE}, {keys} from incoming where {hashed} in (select hashed from suspect)
            ),
            twice as (
                select source_file_id, {keys}, count(*) as copies, arg_min(source_line, {ROW}, 4) as lines
                from candidate
                group by source_file_id, {keys}
                having count(*) > 1
            ),
            other as (
                select
                    r.{ROW}, r.source_file_id, r.source_line, t.copies,
                    concat_ws(' | ', {value}) as value,
                    list_filter(t.lines, line -> line <> r.source_line)[:3] as lines
                from candidate as r
                inner join twice as t on r.source_file_id = t.source_file_id and {_same(self.keys, "r", "t")}
            )
            select
                {_PLACE}, ?, value,
                'the same key stands in line ' || array_to_string(lines, ', ')
                    || case when copies - 1 > len(lines) then ' and ' || copies - 1 - len(lines) || ' more' else '' end
                    || ' too',
                'keep one row for each ' || ?
            from other
            """,
            [keys, " + ".join(self.keys)],
        )

    def find_long_days(self) -> None:
        if self.table != "time_entry":
            return
        self.run(
            f"""
            insert into finding
            with open as (
                select *
                from (
                    -- what was refused, or superseded by another entry, is no time of that day
                    select * from incoming where approval_status is distinct from 'rejected'
                ) as i
                {self.unless("finding", "i")}
            ),
            long_day as (
                select source_file_id, employee_id, work_date, sum(hours) as day_hours
                from open
                group by source_file_id, employee_id, work_date
                having sum(hours) > {_HOURS_IN_A_DAY}
            )
            select
                o.{ROW}, o.source_file_id, o.source_line, 'hours', {_shown(self.contract, "hours", alias="o.")},
                'the entries of this person and day add up to '
                    || rtrim(rtrim(cast(d.day_hours as varchar), '0'), '.') || ' hours',
                'correct the entries of that day; perhaps one of them is there twice'
            from open as o
            inner join long_day as d
                on o.source_file_id = d.source_file_id
                and o.employee_id = d.employee_id
                and o.work_date = d.work_date
            """
        )

    # -- writing -----------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Restates, inserts and leaves alone; `known` says which row is which."""
        others = tuple(c for c in self.columns if c not in self.keys)
        self.run(
            f"""
            create or replace temp view accepted as
            select i.* from incoming as i {self.unless("finding", "i")}
            """
        )
        # a row that yields to a canonical file's counts as found unchanged
        yields = (
            " or (a.source_file_id in (select unnest(?::varchar[])) and r.source_file_id in "
            "(select source_file_id from ledger.loads where source_system is null))"
            if self.yields
            else ""
        )
        self.run(
            f"""
            create or replace temp table known as
            select a.{ROW}, ({_same(others, "a", "r")}){yields} as is_same
            from accepted as a
            inner join raw.{self.table} as r on {_same(self.keys, "a", "r")}
            """,
            [self.yields] if self.yields else [],
        )
        if self.is_any("known where not is_same"):
            self.run(
                f"""
                create or replace temp view restated as
                select a.* from accepted as a inner join known as k on a.{ROW} = k.{ROW} and not k.is_same
                """
            )
            self.run(
                f"""
                insert into history.{self.table} ({self.stored}, superseded_by_file_id, superseded_at)
                select {", ".join(f"r.{c}" for c in self.stored.split(", "))}, n.source_file_id, ?
                from raw.{self.table} as r
                inner join restated as n on {_same(self.keys, "r", "n")}
                """,
                [self.at],
            )
            self.run(f"delete from raw.{self.table} as r using restated as n where {_same(self.keys, 'r', 'n')}")
        self.withdrawn = {file: self.withdraw(file, replaced) for file, replaced in self.replaces.items()}
        self.run(
            f"""
            create or replace temp view inserted as
            select * from accepted as a {self.unless("known", "a", "x.is_same")}
            """
        )
        done = self.run(f"insert into raw.{self.table} ({self.stored}) select {self.stored} from inserted").fetchone()
        self.rows_inserted = done[0] if done else 0
        for findings in ("unreadable", "finding") if self.bad.height else ("finding",):
            self.run(
                f"""
                insert into ledger.rejected_rows (source_file_id, table_name, source_line, {_FINDING})
                select source_file_id, ?, source_line, {_FINDING} from {findings}
                """,
                [self.table],
            )
        if self.is_any("finding"):
            cells = {name: _shown(self.contract, name) for name in self.columns}
            self.keep_records(f"incoming where {ROW} in (select {ROW} from finding)", cells)
        if self.bad.height:
            self.keep_records("unreadable_row", {name: name for name in self.columns})

    def keep_records(self, rejected: str, cells: Mapping[str, str]) -> None:
        """The cells of rejected rows, once a row, so that they can be corrected without the file."""
        pairs = ", ".join(f"'{name}', {text}" for name, text in cells.items())
        self.run(
            f"""
            insert into ledger.rejected_records (source_file_id, table_name, source_line, record)
            select source_file_id, ?, source_line, cast(json_object({pairs}) as varchar) from {rejected}
            """,
            [self.table],
        )

    def withdraw(self, file: str, replaced: Replacement) -> int:
        """Moves to history what the file's source delivered before for the file's period and does not deliver now.

        A row that a rule rejects now keeps its earlier version.
        """
        if replaced.period is None:
            same = _same(replaced.within, "w", "r")
            where = [f"exists (select 1 from incoming as w where w.source_file_id = ? and {same})"]
            values = [file]
        else:
            where = [
                f"r.{replaced.period} between (select min({replaced.period}) from incoming where source_file_id = ?) "
                f"and (select max({replaced.period}) from incoming where source_file_id = ?)",
                *(f"r.{c} in (select {c} from incoming where source_file_id = ?)" for c in replaced.within),
            ]
            values = [file, file, *([file] * len(replaced.within))]
        condition = " and ".join(
            [
                *where,
                f"({self.of_source('r')})",
                f"not exists (select 1 from incoming as i where i.source_file_id = ? and {_same(self.keys, 'i', 'r')})",
            ]
        )
        source = self.sources.get(file)
        values += [*[source] * (2 if self.contract.key_when_empty else 1), file]
        if replaced.starts_with is not None:
            column, prefix = replaced.starts_with
            condition += f" and starts_with(r.{column}, ?)"
            values.append(prefix)
        self.run(
            f"""
            insert into history.{self.table} ({self.stored}, superseded_by_file_id, superseded_at)
            select {self.stored}, ?, ? from raw.{self.table} as r where {condition}
            """,
            [file, self.at, *values],
        )
        gone = self.run(f"delete from raw.{self.table} as r where {condition}", values).fetchone()
        return gone[0] if gone else 0

    def of_source(self, rows: str) -> str:
        """Whether a row came from a source: in one of its files, or as the correction of a row that those rejected."""
        files = f"{rows}.source_file_id in (select source_file_id from ledger.loads where source_system = ?)"
        if not self.contract.key_when_empty:
            return files
        (key,) = self.keys
        return (
            f"{files} or {rows}.{key} in (select {corrected_key('j')} from ledger.rejected_records as j "
            "inner join ledger.loads as l on j.source_file_id = l.source_file_id and l.source_system = ?)"
        )

    # -- proof -------------------------------------------------------------------------------------------------------

    def results(self, totals: pl.DataFrame) -> dict[str, TableResult]:
        """Read is what the text held; loaded is what went into the warehouse. Raises ConservationError.

        The rows are summed where they came from and their number is compared with what the insert says: reading rows
        of an open transaction back keeps all of them in memory (10 million time entries: over 600 MB).
        """
        control = self.contract.control_column
        amount = f"coalesce(sum({control}), 0)" if control else "null"
        loaded = self.by_file(f"select source_file_id, count(*), {amount} from inserted group by source_file_id")
        if sum(row[0] for row in loaded.values()) != self.rows_inserted:
            raise ConservationError(
                "the warehouse took another number of rows than it was given",
                where=self.table,
                value=f"{self.rows_inserted} taken, {sum(row[0] for row in loaded.values())} given",
            )
        found = self.by_file(
            f"select source_file_id, count(*), {amount} from incoming as i "
            f"where {ROW} in (select {ROW} from finding) group by source_file_id"
        )
        unchanged, restated = (
            self.by_file(
                f"select source_file_id, count(*), {amount} from incoming as i "
                f"where {ROW} in (select {ROW} from known where {same}) group by source_file_id"
            )
            for same in ("is_same", "not is_same")
        )
        bad = {row["source_file_id"]: row for row in self.bad.to_dicts()}
        none = (0, Decimal(0))
        results = {}
        for row in totals.to_dicts():
            file = row["source_file_id"]
            unreadable = bad.get(file, {"rows_read": 0, "amount_read": Decimal(0)})
            by_rule, here, before = found.get(file, none), loaded.get(file, none), unchanged.get(file, none)
            results[file] = TableResult(
                table=self.table,
                rows_read=row["rows_read"],
                rows_loaded=here[0],
                rows_rejected=unreadable["rows_read"] + by_rule[0],
                rows_unchanged=before[0],
                rows_restated=restated.get(file, none)[0],
                rows_withdrawn=self.withdrawn.get(file, 0),
                amount_column=control,
                amount_read=row["amount_read"] or Decimal(0) if control else None,
                amount_loaded=here[1] if control else None,
                amount_rejected=(unreadable["amount_read"] or Decimal(0)) + by_rule[1] if control else None,
                amount_unchanged=before[1] if control else None,
                amounts_unreadable=row["amounts_unreadable"],
            )
            prove(results[file])
        return results


def prove(result: TableResult) -> None:
    """Raises ConservationError unless every row and every amount read is loaded, rejected or unchanged."""
    rows = result.rows_loaded + result.rows_rejected + result.rows_unchanged
    if rows != result.rows_read:
        raise ConservationError(
            "rows were lost or counted twice",
            where=result.table,
            value=f"{result.rows_read} read, {result.rows_loaded} loaded, {result.rows_rejected} rejected, "
            f"{result.rows_unchanged} unchanged",
        )
    parts = (result.amount_loaded, result.amount_rejected, result.amount_unchanged)
    amounts = sum((part for part in parts if part is not None), Decimal(0))
    if result.amount_read is not None and amounts != result.amount_read:
        raise ConservationError(
            "amounts were lost or counted twice",
            where=f"{result.table}.{result.amount_column}",
            value=f"{result.amount_read} read, {amounts} loaded, rejected and unchanged",
        )


def load_table(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    text: pl.LazyFrame,
    *,
    files: Mapping[str, object],
    at: datetime,
    work: Path,
    sources: Mapping[str, str] | None = None,
    replaces: Mapping[str, Replacement] | None = None,
    yields: Collection[str] = (),
) -> dict[str, TableResult]:
    """Loads the rows of one table; returns what became of them, by source_file_id.

    `text`: canonical columns as text, source_line, FAULT and source_file_id. Several files may come together as long as
    no key stands in two of them. `files` names every file, so that one without rows has its result too; `sources` the
    tool of those that a tool wrote, `replaces` the period of those that replace it, `yields` those whose rows leave the
    rows of canonical files as they are. Raises ConservationError; the
    caller rolls back.
    """
    load = _Load(connection, contract, sources=sources or {}, replaces=replaces or {}, yields=yields, work=work, at=at)
    totals = load.split(text)
    load.make_keys()
    load.apply_rules()
    load.find_same_keys()
    load.find_long_days()
    load.write()
    results = load.results(totals)
    zero = Decimal(0) if contract.control_column else None
    for file in files:
        results.setdefault(
            file,
            TableResult(
                table=contract.name,
                rows_read=0,
                rows_loaded=0,
                rows_rejected=0,
                rows_unchanged=0,
                rows_restated=0,
                amount_column=contract.control_column,
                amount_read=zero,
                amount_loaded=zero,
                amount_rejected=zero,
                amount_unchanged=zero,
            ),
        )
    return results
