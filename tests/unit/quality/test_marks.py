"""Changed tables are found by the ledger, so a refresh that was killed before its gate is judged by the next."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.contracts import ddl
from pipelines.quality.marks import changed_tables, remember_marks, table_marks
from pipelines.settings import load_settings


@pytest.fixture
def settings(tmp_path):
    found = load_settings(tmp_path, environment={})
    found.create_home()
    with duckdb.connect(str(found.warehouse)) as connection:
        for statement in ddl.statements():
            connection.execute(statement)
    return found


def load(settings, number: int, table: str, rows: int) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(
            "insert into ledger.loads (load_number, table_name, sha256, rows_loaded, status) "
            "values (?, ?, ?, ?, 'loaded')",
            [number, table, f"sha{number}", rows],
        )


def test_all_at_first_then_only_what_was_taken_in_since_the_gate(settings):
    load(settings, 1, "customer", 3)
    load(settings, 2, "project", 4)
    marks = table_marks(settings)
    assert changed_tables(settings, "erp", marks) == ["customer", "project"]
    # killed here: nothing was remembered, so nothing is waved through
    assert changed_tables(settings, "erp", table_marks(settings)) == ["customer", "project"]
    remember_marks(settings, "erp", marks)
    assert changed_tables(settings, "erp", table_marks(settings)) == []
    load(settings, 3, "project", 0)
    assert changed_tables(settings, "erp", table_marks(settings)) == ["project"]
    assert changed_tables(settings, "kpi", table_marks(settings)) == ["customer", "project"]
