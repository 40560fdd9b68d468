"""The dbt project as text, and its data tests run on tables made by hand: no dbt is started here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
import pytest

ROOT = Path(__file__).parents[3]
DBT = ROOT / "dbt_project"
DATA_TESTS = ROOT / "data_tests" / "dbt"
VARIABLES = {"minimum_group": 3, "labour_cost_source": "timesheets"}


def _dateadd(part: str, number: object, expression: str) -> str:
    return f"({expression} + interval ({number}) {part})"


def _date_trunc(part: str, expression: str) -> str:
    return f"date_trunc('{part}', {expression})"


def _render(source: str, **more: Any) -> str:
    dbt = SimpleNamespace(dateadd=_dateadd, date_trunc=_date_trunc, type_string=lambda: "varchar")
    names = {"ref": lambda name: name, "var": VARIABLES.__getitem__, "dbt": dbt, **more}
    macros = (DBT / "macros" / "money.sql").read_text(encoding="utf-8")
    return jinja2.Environment().from_string(macros + source).render(**names)


def _create(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[str]]) -> None:
    """`tables`: name -> a header "column type, …", then one text of values a row."""
    for name, (header, *rows) in tables.items():
        connection.execute(f"create table {name} ({header})")
        for row in rows:
            connection.execute(f"insert into {name} values ({row})")


Tables = Mapping[str, Sequence[str]]


@pytest.fixture
def assertion() -> Callable[[str, Tables], list[dict]]:
    """Runs data_tests/dbt/assert_<name>.sql on the given tables and returns the rows that it finds at fault."""

    def run(name: str, tables: Tables) -> list[dict]:
        with duckdb.connect() as connection:
            _create(connection, tables)
            text = (DATA_TESTS / f"assert_{name}.sql").read_text(encoding="utf-8")
            found = connection.execute(_render(text))
            return [dict(zip([c[0] for c in found.description], row, strict=True)) for row in found.fetchall()]

    return run


@pytest.fixture
def generic() -> Callable[..., list[tuple]]:
    """Runs the generic test of that name on a table and returns the rows that it finds at fault."""

    def run(name: str, tables: Tables, *, model: str, **arguments: Any) -> list[tuple]:
        text = (DATA_TESTS / "generic" / f"{name}.sql").read_text(encoding="utf-8")
        signature = re.search(r"\{% test (\w+)\((.*?)\) %\}", text)
        text = text.replace(signature[0], f"{{% macro {signature[1]}({signature[2]}) %}}")
        text = text.replace("{% endtest %}", "{% endmacro %}")
        passed = ", ".join(f"{key}={value!r}" for key, value in {"model": model, **arguments}.items())
        with duckdb.connect() as connection:
            _create(connection, tables)
            return connection.execute(_render(text + f"{{{{ {name}({passed}) }}}}")).fetchall()

    return run
