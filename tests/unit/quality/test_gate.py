"""The gate itself: what blocks, what a message says, what an error is, what is kept between refreshes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

import data_tests.expectations
from pipelines.errors import ConfigurationError, GateFailed
from pipelines.quality.checks import Check, SuiteContext
from pipelines.quality.gate import run_gate
from pipelines.quality.results import load_result, load_results
from pipelines.settings import Settings

CHECK = Check(
    name="score_is_low",
    schema_name="raw",
    model_name="survey_response",
    column_name="score",
    holds="score is at most 5",
    remedy="ask again",
    rows="select source_file_id, source_line from {batch} where score > 5",
)

_UNREAD = "select source_file_id, table_name as source_line from {batch} where rows_read = 0"


@pytest.fixture
def suite(monkeypatch: pytest.MonkeyPatch) -> list[Check]:
    """A suite `own` whose checks a test gives, over a warehouse with one answer of 9."""
    checks: list[Check] = []
    monkeypatch.setattr(data_tests.expectations, "SUITES", {"own": lambda _: iter(checks)})
    return checks


@pytest.fixture
def database(warehouse) -> Path:
    warehouse.load("survey_response", source_file_id="f1", file_name="kpi/answers 2026.csv")
    for number in range(10, 17):
        warehouse.row("survey_response", response_id=f"r{number}", score=9, file="f1", line=str(number))
    return warehouse.close()


@pytest.mark.parametrize(("severity", "blocked"), [("critical", True), ("warning", False)])
def test_only_a_critical_failure_blocks(severity, blocked, settings: Settings, suite, database: Path) -> None:
    suite.append(replace(CHECK, severity=severity))
    result = run_gate(settings, suite="own", database=database)
    assert result.blocked is blocked
    assert [(c.passed, c.severity, c.failing_rows) for c in result.checks] == [(False, severity, 7)]


def test_a_passed_critical_check_does_not_block(settings: Settings, suite, database: Path) -> None:
    suite.append(replace(CHECK, rows=CHECK.rows.replace("> 5", "> 9")))
    result = run_gate(settings, suite="own", database=database)
    assert not result.blocked
    assert result.checks[0].message == "score is at most 5"


def test_a_message_says_where_how_many_which_rows_and_what_to_do(settings: Settings, suite, database: Path) -> None:
    suite.append(CHECK)
    check = run_gate(settings, suite="own", database=database).checks[0]
    assert check.message == (
        "raw.survey_response.score: 7 rows break the rule “score is at most 5” "
        "(kpi/answers 2026.csv line 10, 11, 12, 13, 14, …). To do: ask again"
    )
    assert check.rows == tuple(("f1", str(number)) for number in range(10, 17))


def test_at_most_twenty_rows_are_named(settings: Settings, suite, warehouse) -> None:
    warehouse.connection.execute(
        "insert into raw.survey_response (score, source_file_id, source_line) "
        "select 9, 'f', i::varchar from range(50) t(i)"
    )
    suite.append(CHECK)
    check = run_gate(settings, suite="own", database=warehouse.close()).checks[0]
    assert check.failing_rows == 50
    assert [line for _, line in check.rows] == [str(number) for number in range(20)]


def test_hostile_names_do_not_reach_a_message_as_they_are(settings: Settings, suite, warehouse) -> None:
    warehouse.load("survey_response", source_file_id="f", file_name="a\x1b[31m\n.csv")
    warehouse.row("survey_response", score=9, file="f", line="x" * 500 + "\x00")
    suite.append(CHECK)
    check = run_gate(settings, suite="own", database=warehouse.close()).checks[0]
    assert check.message.isprintable()
    assert len(check.rows[0][1]) == 120


@pytest.mark.parametrize(
    "broken",
    [
        replace(CHECK, rows="select source_file_id, source_line from {batch} where no_such_column > 5"),
        replace(CHECK, column_name="no_such_column", builtin=("not_null", {})),
    ],
)
def test_an_exception_in_a_check_is_an_error_and_not_bad_data(
    broken: Check, settings: Settings, suite, database: Path
) -> None:
    suite.append(broken)
    with pytest.raises(GateFailed, match=r"the check score_is_low could not run.*no_such_column"):
        run_gate(settings, suite="own", database=database)
    assert load_result(settings, "own") is None


def test_braces_and_colons_in_a_query_are_taken_as_they_are(settings: Settings, suite, database: Path) -> None:
    rows = CHECK.rows
    rows += (
        " and kind not in ('{nps}', ':csat', 'x'::varchar) and regexp_matches(response_id, 'r[0-9]{2}') and '%' = '%'"
    )
    suite.append(replace(CHECK, rows=rows))
    assert run_gate(settings, suite="own", database=database).checks[0].failing_rows == 7


def test_unknown_suite_and_missing_database_are_named(settings: Settings, suite, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="unknown suite"):
        run_gate(settings, suite="erq", database=tmp_path / "x")
    with pytest.raises(GateFailed, match="cannot be opened"):
        run_gate(settings, suite="own", database=tmp_path / "x")


def test_an_empty_table_is_not_checked(settings: Settings, suite, warehouse) -> None:
    suite.append(CHECK)
    result = run_gate(settings, suite="own", database=warehouse.close())
    assert result.checks == ()


def test_the_database_is_free_afterwards(settings: Settings, suite, database: Path) -> None:
    suite.append(CHECK)
    run_gate(settings, suite="own", database=database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table main.written (x integer)")


def test_results_are_kept_for_other_processes(settings: Settings, suite, database: Path) -> None:
    suite.append(CHECK)
    result = run_gate(settings, suite="own", database=database)
    assert load_result(settings, "own") == result
    assert load_results(settings) == (result,)
    kept = json.loads((settings.work / "quality" / "own.json").read_text())
    assert kept["blocked"] is True
    assert kept["checked_at"] == "2026-11-01 05:00:00"


class TestOnlyChangedTables:
    """`tables` saves the checks of what did not change, and never forgets what had failed."""

    def run(self, settings: Settings, database: Path, *tables: str) -> bool:
        return run_gate(settings, suite="own", database=database, tables=tables).checks[0].passed

    def change(self, database: Path, score: int) -> None:
        with duckdb.connect(str(database)) as connection:
            connection.execute("update raw.survey_response set score = ?", [score])

    def test_without_an_earlier_result_everything_runs(self, settings, suite, database) -> None:
        suite.append(CHECK)
        assert not self.run(settings, database)

    def test_what_had_failed_runs_again(self, settings, suite, database) -> None:
        suite.append(CHECK)
        assert not self.run(settings, database)
        assert not self.run(settings, database)
        self.change(database, 1)
        assert self.run(settings, database)

    def test_what_had_passed_is_kept_until_its_table_or_one_it_reads_or_the_check_changes(
        self, settings, suite, database
    ) -> None:
        self.change(database, 1)
        suite.append(replace(CHECK, reads=("project",)))
        assert self.run(settings, database)
        self.change(database, 9)
        assert self.run(settings, database, "milestone")
        assert not self.run(settings, database, "project")
        self.change(database, 1)
        assert self.run(settings, database)
        self.change(database, 9)
        assert not self.run(settings, database, "survey_response")
        self.change(database, 1)
        assert self.run(settings, database)
        self.change(database, 9)
        suite[0] = replace(suite[0], rows=f"{CHECK.rows} or false")
        assert not self.run(settings, database)

    def test_the_ledger_is_checked_with_every_change(self, settings, suite, database) -> None:
        suite.append(replace(CHECK, schema_name="ledger", model_name="loads", rows=_UNREAD))
        assert self.run(settings, database)
        with duckdb.connect(str(database)) as connection:
            connection.execute("update ledger.loads set rows_read = 0")
        assert self.run(settings, database)
        assert not self.run(settings, database, "milestone")


def test_a_suite_gets_the_catalogue_and_the_day(settings: Settings, monkeypatch, warehouse) -> None:
    seen: list[SuiteContext] = []

    def checks(context: SuiteContext) -> Iterator[Check]:
        seen.append(context)
        return iter(())

    monkeypatch.setattr(data_tests.expectations, "SUITES", {"own": checks})
    run_gate(settings, suite="own", database=warehouse.close())
    assert str(seen[0].as_of) == "2026-11-01"
    assert seen[0].columns("raw", "payment")["amount"] == "DECIMAL(24,6)"
