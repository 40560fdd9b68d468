"""The habits of the dbt project that no dbt run enforces: grains, layers, imports, the seeds that are derived."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

from pipelines.contracts import dbt_as_closed, dbt_seeds

DBT = Path(__file__).parents[3] / "dbt_project"
MODELS = {path.stem: path for path in sorted((DBT / "models").rglob("*")) if path.suffix in {".sql", ".py"}}
PUBLIC = {
    name for name, path in MODELS.items() if path.relative_to(DBT / "models").parts[0] in {"core", "marts", "ops"}
}
PROPERTIES = {
    model["name"]: model
    for path in sorted((DBT / "models").rglob("*.yml"))
    for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", ())
}

# layer -> what its models may read: layers by ref, sources by their schema
MAY_READ = {
    "staging": {"raw"},
    "intermediate": {"staging", "intermediate", "core", "seeds", "ledger", "history"},
    "core": {"staging", "intermediate", "core", "seeds", "ledger"},
    # what is recommended follows from the published estimates, and is published in its turn
    "forecast": {"intermediate", "core", "marts"},
    # a KPI is made of published figures: the models that judge them read the marts that they judge
    "kpi": {"staging", "intermediate", "core", "marts", "seeds", "ledger"},
    "marts": {"core", "intermediate", "marts", "seeds"},
    "ops": {"staging", "intermediate", "core", "marts", "ops", "seeds", "ledger", "history", "raw"},
}
READS_MARTS = "int_kpi__"
IMPORT = re.compile(r"\b\w+ as \(\s*select \* from \{\{ (?:ref|source)\([^)]*\) \}\}\s*\)")


def layer(name: str) -> str:
    path = MODELS.get(name)
    return path.relative_to(DBT / "models").parts[0] if path else "seeds"


def reader(name: str) -> str:
    """Whose rules a model reads by: those of its layer, but for the models between published ones."""
    if name.startswith(READS_MARTS):
        return "kpi"
    between = MODELS[name].parent == DBT / "models" / "intermediate" / "forecast"
    return "forecast" if between else layer(name)


def forbidden_reads(own_layer: str, sql: str) -> list[str]:
    """What a model of that layer reads and must not."""
    reads = [(name, layer(name)) for name in re.findall(r"ref\(['\"](\w+)['\"]\)", sql)]
    reads += [(f"{schema}.{table}", schema) for schema, table in re.findall(r"source\('(\w+)', '(\w+)'\)", sql)]
    return [name for name, room in reads if room not in MAY_READ[own_layer]]


def stars_outside_imports(sql: str) -> int:
    """How many `select *` stand elsewhere than in an import CTE (a CTE that only names a model or a source)."""
    return len(re.findall(r"select\s+(?:\w+\.)?\*", IMPORT.sub("", sql)))


def undescribed(model: dict) -> list[str]:
    """What a published model's properties leave out: the grain, its test, a column's description or type."""
    missing = [] if model.get("description", "").strip().startswith("One row per ") else ["a grain in the description"]
    tests = [t if isinstance(t, str) else next(iter(t)) for t in model.get("data_tests", ())]
    missing += [] if "grain" in tests else ["a test of the grain"]
    for column in model.get("columns", ()):
        missing += [f"{key} of {column['name']}" for key in ("description", "data_type") if not column.get(key)]
    return missing + ([] if model.get("columns") else ["columns"])


def test_the_columns_known_to_dbt_are_those_of_the_contracts():
    assert dbt_seeds.PATH.read_text(encoding="utf-8") == dbt_seeds.render(), (
        "contracts changed: python -m pipelines.contracts.dbt_seeds"
    )


def test_marts_as_closed_have_the_columns_of_the_marts():
    assert dbt_as_closed.PATH.read_text(encoding="utf-8") == dbt_as_closed.render(), (
        "a mart changed: python -m pipelines.contracts.dbt_as_closed"
    )


def test_every_amount_of_a_closed_month_is_compared_with_what_it_is_now():
    macro = (DBT / "macros" / "closes.sql").read_text(encoding="utf-8").split("macro restated_measures")[1]
    names = [column["name"] for column in PROPERTIES["margin_by_project_month"]["columns"]]
    assert re.findall(r"'(\w+)'", macro) == [name for name in names if name.endswith("_amount_base")]


def test_every_personal_column_is_known_to_dbt():
    rows = csv.DictReader(dbt_seeds.render().splitlines())
    personal = {(r["table_name"], r["column_name"]): r["personal"] for r in rows if r["personal"]}
    assert personal["employee", "employee_name"] == "private"
    assert personal["cost_rate", "hourly_rate"] == "private"
    assert personal["project", "project_manager"] == "role_holder"
    assert len(personal) == 14


def test_model_names_are_unique():
    paths = [path.stem for path in (DBT / "models").rglob("*") if path.suffix in {".sql", ".py"}]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_published_models_state_their_grain_and_their_columns(name):
    assert undescribed(PROPERTIES.get(name, {})) == []


@pytest.mark.parametrize("name", sorted(set(MODELS) - PUBLIC))
def test_private_models_say_what_a_row_is(name):
    assert PROPERTIES.get(name, {}).get("description", "").startswith("One row ")


@pytest.mark.parametrize("name", sorted(MODELS))
def test_models_read_only_what_their_layer_may(name):
    assert forbidden_reads(reader(name), MODELS[name].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", sorted(MODELS))
def test_columns_are_named_outside_of_imports(name):
    assert stars_outside_imports(MODELS[name].read_text(encoding="utf-8")) == 0


def test_a_file_is_in_force_by_whatever_table_it_was_delivered_to():
    listed = re.findall(r"'(stg_\w+)'", MODELS["int_landing__files_held"].read_text(encoding="utf-8"))
    assert listed == sorted(name for name in MODELS if layer(name) == "staging")


def test_only_the_refreshs_own_parameters_hold_the_pseudonym_key():
    holders = {name for name, path in MODELS.items() if 'var("pseudonym_key")' in path.read_text(encoding="utf-8")}
    assert holders == {"int_refresh__parameters_pivoted"}


def test_a_mart_that_reads_staging_is_found():
    sql = (
        "with a as (select * from {{ ref('stg_erp__projects') }}), b as (select * from {{ source('raw', 'project') }})"
    )
    assert forbidden_reads("marts", sql) == ["stg_erp__projects", "raw.project"]


def test_a_star_outside_of_an_import_is_found():
    sql = "with a as (\n\n    select * from {{ ref('x') }}\n\n),\n\nb as (select a.* from a)\n\nselect * from b"
    assert stars_outside_imports(sql) == 2


def test_a_model_without_grain_test_or_type_is_found():
    model = {"description": "Projects.", "columns": [{"name": "project_id", "description": "Project"}]}
    assert undescribed(model) == ["a grain in the description", "a test of the grain", "data_type of project_id"]
