"""The snapshot of one audience: a new file into which only its rows are written, made from the published snapshot.

Rows are chosen by `rules`; what is left is searched for names and identifiers of hidden projects and customers, and a
row in which one stands is left out too: free texts follow no rule. Nothing is written and then deleted, so the file
holds no trace of what is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from pipelines.errors import PublicationFailed
from pipelines.publishing.audiences.rules import BLANKED_EVERYWHERE, RULES, UNKNOWN, Rule
from pipelines.publishing.snapshot import PUBLIC_SCHEMAS, _name, _quote

# shorter ones stand in half of all words; as the value of an identifier's column the rules have left them out already
_SHORTEST = 3

_WHOLE = {
    "customers": "customer_id",
    "programmes": "programme_id",
    "markets": "market",
    "business_groups": "business_group",
}
# as kpi.kpi_values_by_group_month.group_type and ops.exceptions.entity_type call them
_GROUP_TYPES = {
    "customers": "customer",
    "programmes": "programme",
    "markets": "market",
    "business_groups": "business_group",
}


@dataclass(frozen=True, kw_only=True)
class Filtered:
    """`rows` by table, `left_out`: why rows or columns of a table are missing, `withheld`: rows by table in whose
    texts a hidden name stands."""

    rows: dict[str, int]
    left_out: dict[str, str]
    withheld: dict[str, int] = field(default_factory=dict)


def _choose(connection: duckdb.DuckDBPyConnection, choice: Mapping[str, Sequence[str]], *, where: str) -> None:
    """Makes the sets that the rules speak of. Raises PublicationFailed for a value that no project has."""
    for column, values in choice.items():
        known = connection.execute(f"select distinct {_name(column)} from wh.core.dim_projects").fetchall()
        missing = sorted(set(values) - {value for (value,) in known})
        if missing:
            raise PublicationFailed(
                f"no project has this {column}",
                where=where,
                value=missing[0],
                valid=sorted(str(value) for (value,) in known if value is not None)[:20],
            )
    wanted = " and ".join(f"{_name(column)} in (select unnest(?))" for column in choice)
    connection.execute(
        f"create temp table visible_projects as select * from wh.core.dim_projects where {wanted}",
        [list(values) for values in choice.values()],
    )
    connection.execute(
        "create temp table hidden_projects as select * from wh.core.dim_projects "
        "where project_id not in (select project_id from visible_projects)"
    )
    for group, column in _WHOLE.items():
        connection.execute(
            f"create temp table whole_{group} as select distinct {column} from visible_projects "
            f"where {column} is not null and {column} not in "
            f"(select {column} from hidden_projects where {column} is not null)"
        )
    pairs = " union all ".join(
        f"select '{kind}' as kind, {_WHOLE[group]} as id from whole_{group}" for group, kind in _GROUP_TYPES.items()
    )
    connection.execute(f"create temp table whole_groups as {pairs}")


def _mixed(connection: duckdb.DuckDBPyConnection, tables: set[str]) -> None:
    """Documents and contracts of which a part belongs to hidden projects: their totals would tell of it."""
    hidden = "project_id not in (select project_id from visible_projects)"
    sources = [f"wh.{table}" for table in ("core.fct_invoice_lines", "core.fct_invoices") if table in tables]
    parts = [f"select invoice_key from {source} where {hidden}" for source in sources]
    connection.execute(
        "create temp table mixed_invoices as "
        + (" union ".join(parts) or "select null::varchar as invoice_key where false")
    )
    contracts = "wh.core.dim_contract_lines"
    connection.execute(
        f"create temp table mixed_contracts as select contract_id from {contracts} where {hidden} "
        "and contract_id is not null"
        if "core.dim_contract_lines" in tables
        else "create temp table mixed_contracts as select null::varchar as contract_id where false"
    )
    if "core.fct_invoices" in tables:
        # a payment names an invoice by its number alone: every invoice of that number must be visible
        connection.execute(
            "create temp table visible_payments as select invoice_id, direction from wh.core.fct_invoices "
            "group by all having bool_and(coalesce(project_id in (select project_id from visible_projects), false) "
            "and invoice_key not in (select invoice_key from mixed_invoices where invoice_key is not null))"
        )
    else:
        connection.execute("create temp table visible_payments (invoice_id varchar, direction varchar)")


def _values(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], tables: set[str]) -> list[str]:
    """Texts of columns of a published table of which no row is hidden behind a rule of its own."""
    if table not in tables:
        return []
    known = {name for (name,) in connection.execute(
        "select column_name from duckdb_columns() where database_name = 'wh' and schema_name || '.' || table_name = ?",
        [table],
    ).fetchall()}  # fmt: skip
    found: set[str] = set()
    for column in columns:
        if column in known:
            rows = connection.execute(f"select distinct {_name(column)} from wh.{table}").fetchall()
            found |= {str(value) for (value,) in rows if value is not None}
    return sorted(found)


_IDENTIFY = {
    "core.dim_projects": ("project_id", "project_name", "project_manager", "customer_id", "customer_name",
                          "programme_id", "programme_name"),
    "core.dim_customers": ("customer_id", "customer_name", "vat_id"),
    "core.dim_programmes": ("programme_id", "programme_name", "programme_manager", "customer_id", "customer_name"),
    "core.dim_contract_lines": ("contract_id", "contract_line_id"),
    "margin.margin_by_project_month": ("project_id",),
}  # fmt: skip


def _bounded(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def _hidden_names(connection: duckdb.DuckDBPyConnection, tables: set[str]) -> list[str]:
    """What must not stand in any text: names and identifiers that are published, and not given to this audience."""
    everything = {name for table, columns in _IDENTIFY.items() for name in _values(connection, table, columns, tables)}
    given: set[str] = set()
    for table, columns in _IDENTIFY.items():
        if table in tables:
            for column in columns:
                given |= {
                    str(value)
                    for (value,) in connection.execute(
                        f"select distinct {_name(column)} from wh.{table} where {RULES[table].keep}"
                    ).fetchall()
                    if value is not None
                }
    given |= {
        str(value)
        for column in ("market", "business_group", "status")
        for (value,) in connection.execute(f"select distinct {column} from visible_projects").fetchall()
        if value is not None
    }
    # a hidden name that is part of a visible one (a customer "Net", a project "Net core") cannot be told from it
    visible = "\n".join(sorted(given))
    long = sorted(name for name in everything - given if len(name) >= _SHORTEST)
    return [name for name in long if not _bounded(name).search(visible)]


def _telling(texts: pl.Series, names: Sequence[str]) -> list[str]:
    """Which of the texts hold one of the names as a word."""
    lowered = [name.lower() for name in names]
    near = texts.filter(texts.str.to_lowercase().str.contains_any(lowered)).to_list()
    patterns = {name: _bounded(name) for name in lowered}
    return [text for text in near if any(n in text.lower() and patterns[n].search(text) for n in lowered)]


def _copy(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, rule: Rule, names: Sequence[str]
) -> tuple[int, int]:
    """Writes the audience's rows of one table; returns how many, and how many were withheld for a name in a text."""
    columns = connection.execute(
        "select column_name, data_type from duckdb_columns() where database_name = 'wh' and schema_name = ? "
        "and table_name = ? order by column_index",
        [schema, table],
    ).fetchall()
    blanked = BLANKED_EVERYWHERE | rule.blanked
    given = {column for column, _ in columns} - blanked
    body = ", ".join(
        f"cast(null as {kind}) as {_name(column)}" if column in blanked else _name(column) for column, kind in columns
    )
    source, target = f"wh.{_name(schema, table)}", f"out.{_name(schema, table)}"
    keep = rule.keep or "false"
    texts = [column for column, kind in columns if kind == "VARCHAR" and column in given]
    told: list[str] = []
    if names and rule.scanned and rule.keep and texts:
        union = " union ".join(f"select {_name(c)} as v from {source} where {keep}" for c in texts)
        told = _telling(connection.execute(f"select v from ({union}) where v is not null").pl()["v"], names)
    without = " and ".join(f"coalesce({_name(c)} not in (select unnest($told)), true)" for c in texts)
    chosen = f"({keep}) and {without}" if told else keep
    parameters = {"told": told} if told else {}
    connection.execute(f"create table {target} as select {body} from {source} where {chosen}", parameters)
    kept = connection.execute(f"select count(*) from {target}").fetchone()[0]
    before = connection.execute(f"select count(*) from {source} where {keep}").fetchone()[0] if told else kept
    return kept, before - kept


def _describe(connection: duckdb.DuckDBPyConnection, left_out: Mapping[str, str]) -> None:
    """Copies the descriptions; what of a table an audience does not get is part of the table's."""
    tables = connection.execute(
        "select schema_name, table_name, comment from duckdb_tables() where database_name = 'wh' and not internal"
    ).fetchall()
    columns = connection.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns() "
        "where database_name = 'wh' and not internal and comment is not null"
    ).fetchall()
    statements = []
    for schema, table, comment in tables:
        reason = left_out.get(f"{schema}.{table}")
        text = " ".join(part for part in (comment, reason and f"For this audience: {reason}") if part)
        if text and schema in PUBLIC_SCHEMAS:
            statements.append(f"comment on table out.{_name(schema, table)} is {_quote(text)}")
    statements += [
        f"comment on column out.{_name(schema, table, column)} is {_quote(comment)}"
        for schema, table, column, comment in columns
        if schema in PUBLIC_SCHEMAS
    ]
    if statements:
        connection.execute("; ".join(statements))


def filter_snapshot(source: Path, target: Path, *, choice: Mapping[str, Sequence[str]], where: str) -> Filtered:
    """Writes the snapshot of an audience to `target`, which must not be there; read-only in the end.

    `choice`: column of core.dim_projects (business_group, market, customer_id, programme_id) to the values that are
    seen; a project is visible where all of them hold. `where` names the setting in messages.
    Raises PublicationFailed where a value belongs to no project.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    rows, left_out, withheld = {}, {}, {}
    connection = duckdb.connect(config={"threads": 2, "autoinstall_known_extensions": False})
    try:
        connection.execute(f"attach {_quote(str(source))} as wh (read_only)")
        connection.execute(f"attach {_quote(str(target))} as out (storage_version 'v1.0.0')")
        found = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'wh' and not internal "
            "and schema_name in (select unnest(?)) order by all",
            [list(PUBLIC_SCHEMAS)],
        ).fetchall()
        tables = {f"{schema}.{table}" for schema, table in found}
        _choose(connection, choice, where=where)
        _mixed(connection, tables)
        names = _hidden_names(connection, tables)
        # one transaction: 2,000 descriptions, each with a commit of its own, took 15 s
        connection.begin()
        for schema in PUBLIC_SCHEMAS:
            connection.execute(f"create schema out.{_name(schema)}")
        for schema, table in found:
            name = f"{schema}.{table}"
            rule = RULES.get(name, UNKNOWN)
            rows[name], lost = _copy(connection, schema, table, rule, names)
            if lost:
                withheld[name] = lost
            if rule.reason:
                left_out[name] = rule.reason
        _describe(connection, left_out)
        _tell_in_dictionary(connection, left_out)
        connection.commit()
        connection.execute("checkpoint out")
    finally:
        connection.close()
    target.chmod(0o444)
    return Filtered(rows=rows, left_out=left_out, withheld=withheld)


def _tell_in_dictionary(connection: duckdb.DuckDBPyConnection, left_out: Mapping[str, str]) -> None:
    """The dictionary's line of a table says what of it this audience does not get."""
    known = connection.execute(
        "select count(*) from duckdb_tables() where database_name = 'out' and table_name = 'data_dictionary'"
    ).fetchone()
    if not known or not known[0]:
        return
    for name, reason in left_out.items():
        connection.execute(
            "update out.ops.data_dictionary set meaning = concat_ws(' ', meaning, 'For this audience: ' || ?) "
            "where schema_name || '.' || model_name = ? and column_name = ''",
            [reason, name],
        )
