"""Runs one suite over one database and says what does not hold.

Which rules there are is decided in `data_tests/expectations`; what a blocked gate stops is decided by its caller.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import ConfigurationError, GateFailed
from pipelines.quality.checks import CATALOGUE, Catalogue, Check, SuiteContext, quoted
from pipelines.quality.results import CheckResult, GateResult, load_result, save_result
from pipelines.settings import Settings

__all__ = ["CheckResult", "GateResult", "run_gate"]

NAMED_ROWS = 20
SHOWN_ROWS = 5


def run_gate(settings: Settings, *, suite: str, database: Path, tables: Collection[str] | None = None) -> GateResult:
    """Runs `suite` over `database`, keeps the result under the work folder and returns it.

    Tables without rows are not checked: that nothing was delivered is freshness, not a fault of the data. `tables`
    names those that changed: a check that looks at none of them keeps its last result if it had passed then and has
    not changed since; one that had failed runs again, so nothing that blocks is ever forgotten.

    Raises GateFailed where a check cannot run: that says nothing about the data, and must not look as if it did.
    """
    from data_tests.expectations import SUITES

    if suite not in SUITES:
        raise ConfigurationError("unknown suite of checks", value=suite, valid=sorted(SUITES))
    began = time.perf_counter()
    catalogue, filled = _look(database)
    context = SuiteContext(as_of=settings.now().astimezone(UTC).date(), catalogue=catalogue)
    checks = [c for c in SUITES[suite](context) if (c.schema_name, c.model_name) in {*filled, CATALOGUE}]
    kept = _kept(settings, suite, checks, tables) if tables is not None else {}
    due = [c for c in checks if _identity(c) not in kept]
    fresh = dict(zip(map(_identity, due), _run(suite, due, database), strict=True)) if due else {}
    result = GateResult(
        suite=suite,
        checks=tuple((kept | fresh)[_identity(c)] for c in checks),
        seconds=round(time.perf_counter() - began, 3),
        checked_at=settings.now().astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
    )
    save_result(settings, result)
    return result


def _identity(check: Check | CheckResult) -> tuple[str, str, str]:
    name = check.name if isinstance(check, Check) else check.check_name
    return check.schema_name, check.model_name, name


def _kept(
    settings: Settings, suite: str, checks: Sequence[Check], tables: Collection[str]
) -> dict[tuple[str, str, str], CheckResult]:
    last = load_result(settings, suite)
    passed = {_identity(c): c for c in last.checks if c.passed} if last else {}
    # whatever changed came with a load
    changed = {*tables, "loads"} if tables else set()
    return {
        _identity(check): passed[_identity(check)]
        for check in checks
        if not {check.model_name, *check.reads} & changed
        and _identity(check) in passed
        and passed[_identity(check)].fingerprint == check.fingerprint
    }


def _look(database: Path) -> tuple[Catalogue, set[tuple[str, str]]]:
    """Every table with its columns and types, and which of them hold rows. Takes milliseconds, needs no import."""
    try:
        connection = duckdb.connect(str(database), read_only=True)
    except duckdb.Error as error:
        raise GateFailed("the database to check cannot be opened", where=str(database), value=error) from error
    with connection:
        catalogue: dict[tuple[str, str], dict[str, str]] = {}
        for schema, table, column, kind in connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where database_name = current_database() and not internal order by 1, 2, column_index"
        ).fetchall():
            catalogue.setdefault((schema, table), {})[column] = kind
        filled = {
            (schema, table)
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
            ).fetchall()
            if connection.execute(f"select exists (from {quoted(schema)}.{quoted(table)})").fetchone()[0]
        }
    return catalogue, filled


def _run(suite: str, checks: Sequence[Check], database: Path) -> list[CheckResult]:
    """The result of each check, in the order of `checks`."""
    outcomes: dict[int, Mapping[str, Any]] = {}
    # held open, so that the connections that Great Expectations opens and closes for each query share one instance
    with duckdb.connect(str(database), read_only=True) as connection:
        context, source = _data_source(database)
        numbered = sorted(enumerate(checks), key=lambda pair: (pair[1].schema_name, pair[1].model_name, pair[0]))
        for (schema, table), group in groupby(numbered, key=lambda pair: (pair[1].schema_name, pair[1].model_name)):
            outcomes |= _validate(context, source, suite, schema, table, list(group))
        files = _file_names(connection)
        return [_result(suite, check, outcomes[number], connection, files) for number, check in enumerate(checks)]


def _data_source(database: Path) -> tuple[Any, Any]:
    """An ephemeral context of Great Expectations, and the file in it, read only."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    from pipelines.quality import duckdb_dialect

    duckdb_dialect.register()
    # its progress and its guesses about the dialect are of no use to whoever reads our log
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        "warehouse",
        connection_string=duckdb_dialect.address(database),
        kwargs={"connect_args": {"read_only": True}},
    )
    return context, source


def _validate(
    context: Any, source: Any, suite: str, schema: str, table: str, checks: Sequence[tuple[int, Check]]
) -> dict[int, Mapping[str, Any]]:
    """One run of Great Expectations over one table: number of the check -> what it reports."""
    import great_expectations as gx

    from pipelines.quality.expectations import RESULT_FORMAT, expectation

    name = f"{suite}.{schema}.{table}"
    if (schema, table) == CATALOGUE:
        asset = source.add_query_asset(name, query=f"select * from {schema}.{table}")
    else:
        asset = source.add_table_asset(name, table_name=table, schema_name=schema)
    definition = gx.ValidationDefinition(
        name=name,
        data=asset.add_batch_definition_whole_table("all"),
        suite=context.suites.add(
            gx.ExpectationSuite(name=name, expectations=[expectation(c, number=n) for n, c in checks])
        ),
    )
    results = context.validation_definitions.add(definition).run(result_format=RESULT_FORMAT)
    outcomes = {}
    for outcome in (result.to_json_dict() for result in results.results):
        # random: the same data must give the same result
        del outcome["expectation_config"]["id"]
        outcomes[outcome["expectation_config"]["meta"]["number"]] = outcome
    return outcomes


def _result(
    suite: str,
    check: Check,
    outcome: Mapping[str, Any],
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, str],
) -> CheckResult:
    error = _exception(outcome["exception_info"])
    if error is not None:
        raise GateFailed(
            f"the check {check.name} could not run, so nothing is known about the data",
            where=f"suite {suite}, {check.place}",
            value=error,
            remedy="this is a fault of the check or of the table's structure, not of a delivered file",
        )
    passed = bool(outcome["success"])
    found = outcome["result"]
    failing = 0 if passed else int(found.get("observed_value", found.get("unexpected_count", 0)))
    rows = () if passed else _rows(check, connection)
    return CheckResult(
        suite=suite,
        check_name=check.name,
        schema_name=check.schema_name,
        model_name=check.model_name,
        column_name=check.column_name,
        severity=check.severity,
        passed=passed,
        failing_rows=failing,
        message=check.holds if passed else _message(check, failing, rows, files),
        rows=rows,
        fingerprint=check.fingerprint,
        expectation=outcome,
    )


def _exception(info: Mapping[str, Any]) -> str | None:
    """Great Expectations reports an exception flat or by metric, and the failed check as success = false."""
    for found in (info, *(i for i in info.values() if isinstance(i, Mapping))):
        if found.get("raised_exception"):
            return str(found.get("exception_message")).splitlines()[0]
    return None


def _rows(check: Check, connection: duckdb.DuckDBPyConnection) -> tuple[tuple[str | None, str | None], ...]:
    found = connection.execute(
        f"select distinct source_file_id, source_line from ({check.query}) as broken "
        f"order by source_file_id, try_cast(source_line as bigint), source_line limit {NAMED_ROWS}"
    )
    return tuple((_clean(file), _clean(line)) for file, line in found.fetchall())


def _file_names(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Names of the delivered files, where the database knows them: privately in `ledger`, published in `ops`."""
    schema = connection.execute(
        "select schema_name from duckdb_tables() where database_name = current_database() "
        "and table_name = 'loads' and schema_name in ('ledger', 'ops') order by schema_name limit 1"
    ).fetchone()
    if not schema:
        return {}
    return dict(connection.execute(f"select distinct source_file_id, file_name from {schema[0]}.loads").fetchall())


def _clean(text: str | None) -> str | None:
    """Without control characters and cut short: sheet names and identifiers come from outside."""
    if text is None:
        return None
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(text))
    return text if len(text) <= 120 else f"{text[:119]}…"


def _message(
    check: Check, failing: int, rows: Iterable[tuple[str | None, str | None]], files: Mapping[str, str]
) -> str:
    """What does not hold, where, how many, the first rows, what to do."""
    rows = list(rows)
    named = []
    for file, shown in groupby(rows[:SHOWN_ROWS], key=lambda row: row[0]):
        lines = ", ".join(line for _, line in shown if line)
        prefix = f"{_clean(files.get(file, file))} " if file else ""
        named.append(f"{prefix}{'line ' if prefix and lines else ''}{lines}".strip())
    count = "1 row breaks" if failing == 1 else f"{failing} rows break"
    first = f" ({'; '.join(filter(None, named))}{', …' if failing > SHOWN_ROWS else ''})" if any(named) else ""
    return f"{check.place}: {count} the rule “{check.holds}”{first}. To do: {check.remedy}"
