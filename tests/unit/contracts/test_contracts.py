"""The contracts and what is derived from them say the same."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml

from pipelines.contracts import FEEDS, PROVENANCE, contracts, dbt_sources, ddl, feed_tables
from pipelines.contracts.frames import polars_schema, text_schema

DESIGN = Path(os.environ.get("OUTTURN_DESIGN", Path(__file__).parents[4] / "shared" / "design")) / "inbox.yaml"


@pytest.fixture
def warehouse():
    with duckdb.connect() as connection:
        for statement in [*ddl.statements(), *ddl.statements()]:
            connection.execute(statement)
        yield connection


def test_every_table_belongs_to_one_feed_and_has_a_key_of_columns_it_has():
    assert len(contracts()) == 36
    assert [name for feed in FEEDS for name in feed_tables(feed)] == list(contracts())
    for contract in contracts().values():
        assert contract.key
        assert set(contract.key) <= set(contract.column_names)
        assert len(set(contract.column_names)) == len(contract.columns)


@pytest.mark.parametrize("table", list(contracts()))
def test_raw_table_and_polars_schema_are_the_same_columns_and_types(warehouse, table):
    contract = contracts()[table]
    described = {row[0]: row[1] for row in warehouse.execute(f"describe raw.{table}").fetchall()}
    assert list(described) == [*contract.column_names, *PROVENANCE]
    warehouse.register("empty_frame", pl.DataFrame(schema=polars_schema(contract)))
    as_duckdb = {row[0]: row[1] for row in warehouse.execute("describe empty_frame").fetchall()}
    assert as_duckdb == described
    assert text_schema(contract).names() == list(described)
    history = {row[0] for row in warehouse.execute(f"describe history.{table}").fetchall()}
    assert history == {*described, "superseded_by_file_id", "superseded_at"}


@pytest.mark.parametrize("table", list(contracts()))
def test_rules_and_defaults_are_valid_in_sql(warehouse, table):
    contract = contracts()[table]
    for rule in contract.rules:
        assert warehouse.execute(f"select count(*) from raw.{table} where not ({rule.holds})").fetchone() == (0,)
    for column in contract.columns:
        if column.default is not None:
            cast = warehouse.execute(f"select try_cast(? as {column.duckdb_type})", [column.default]).fetchone()
            assert cast[0] is not None, column.name
            assert not column.codes or column.default in column.codes


def test_the_dbt_sources_in_git_are_the_ones_derived():
    assert dbt_sources.PATH.read_text(encoding="utf-8") == dbt_sources.render(), (
        "contracts changed: python -m pipelines.contracts.dbt_sources"
    )


# what the design page does not have and schedules need (docs/decisions.md)
ADDED = {"schedule_task", "schedule_link"}


@pytest.mark.skipif(not DESIGN.exists(), reason=f"the design page {DESIGN} is not here")
def test_the_contracts_are_the_designed_ones():
    """Names, order, types, codes, required, key and defaults, column by column."""
    designed = {}
    for feed, tables in yaml.safe_load(DESIGN.read_text(encoding="utf-8")).items():
        for table, columns in tables.items():
            for column, text in columns.items():
                kind, codes, rest = re.match(r"^(code\(([^)]*)\)|\w+)\s*([^—]*)", text.strip()).groups()[:3]
                kind = kind.split("(")[0]
                default = re.search(r"=\s*'?([^\s']+)", rest)
                designed[feed, table, column] = (
                    kind,
                    tuple(codes.split("|")) if codes else (),
                    "required" in rest.split(),
                    "key" in rest.split(),
                    default[1] if default else None,
                )
    ours = {
        (contract.feed, contract.name, c.name): (c.type, c.codes, c.required, c.key, c.default)
        for contract in contracts().values()
        for c in contract.columns
    }
    added = {key: ours.pop(key) for key in list(ours) if key[1] in ADDED}
    assert {key[1] for key in added} == ADDED
    assert list(ours) == list(designed)
    assert ours == designed
