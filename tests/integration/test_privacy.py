"""Nothing that is published names a person, and no arithmetic on published hours tells on few people's."""

from __future__ import annotations

import dataclasses
import html
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
from pypdf import PdfReader

from pipelines.publishing.packs.data import read_packs
from pipelines.publishing.packs.document import write_document
from pipelines.publishing.packs.packs import write_packs
from pipelines.publishing.packs.workbook import write_workbook
from tests.integration.attacks import ATOMS, CUTS, MEASURES, personal_values, published_hours, texts

pytestmark = pytest.mark.whole
MINIMUM = 5


@pytest.fixture(scope="module")
def private(demo) -> Iterator[duckdb.DuckDBPyConnection]:
    home, _ = demo
    with duckdb.connect(str(home.settings.warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def published(demo) -> Iterator[duckdb.DuckDBPyConnection]:
    home, _ = demo
    with duckdb.connect(str(home.path / "published" / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def leaks(values: set[str], found: list[tuple[str, str]]) -> set[str]:
    """Columns in which a personal value stands, alone or within a longer text."""
    long = {value for value in values if len(value) >= 6}
    return {column for column, text in found if text in values or any(value in text for value in long)}


def test_no_published_text_holds_a_personal_value(private, published):
    values = personal_values(private)
    assert len(values) > 100
    found = list(texts(published))
    assert len(found) > 2000
    assert leaks(values, found) == set()


def test_a_planted_name_is_found(private, published):
    values = personal_values(private)
    name = max(values, key=len)
    planted = [("kpi.closing_checklist.check_name", f"ask {name} first"), ("core.dim_projects.market", "Nordics")]
    assert leaks(values, planted) == {"kpi.closing_checklist.check_name"}


def contents(path: Path) -> Iterator[bytes]:
    """What a file says: its bytes, the parts of a workbook, the text of a PDF's pages with one blank between words."""
    yield path.read_bytes()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            for part in archive.namelist():
                yield html.unescape(archive.read(part).decode("utf-8")).encode()
    elif path.suffix == ".pdf":
        for page in PdfReader(path).pages:
            yield " ".join(page.extract_text().split()).encode()


def full_names(private: duckdb.DuckDBPyConnection) -> set[bytes]:
    needles = {value.encode() for value in personal_values(private) if len(value) >= 8 and " " in value}
    assert len(needles) > 50
    return needles


def named_in(path: Path, needles: set[bytes]) -> set[bytes]:
    """Full names that stand in a file."""
    return {needle for content in contents(path) for needle in needles if needle in content}


def test_no_published_file_holds_a_name(demo, private, tmp_path):
    """Site data, data docs, manifest, Excel and PDF packs: whatever lies in the publication beside the warehouse."""
    home, _ = demo
    root = (home.path / "published" / "current").resolve()
    write_packs(root / "warehouse.duckdb", tmp_path / "packs")
    files = [path for folder in (root, tmp_path / "packs") for path in folder.rglob("*") if path.is_file()]
    assert {".xlsx", ".pdf", ".duckdb"} <= {path.suffix for path in files}
    needles = full_names(private)
    for path in files:
        assert named_in(path, needles) == set(), path.name


def test_a_name_in_a_pack_is_found(demo, private, tmp_path):
    """Compressed and cut into glyphs as it is there."""
    home, _ = demo
    name = max((value for value in personal_values(private) if " " in value and "@" not in value), key=len)
    pack = read_packs(home.path / "published" / "warehouse.duckdb")[1]
    for writer, file in ((write_workbook, "planted.xlsx"), (write_document, "planted.pdf")):
        writer(tmp_path / file, pack=dataclasses.replace(pack, title=name))
        assert named_in(tmp_path / file, full_names(private)) == {name.encode()}
        assert name.encode() not in (tmp_path / file).read_bytes()


def test_no_published_number_is_a_persons_own_rate(private, published):
    """Rates with cents that nobody else has, in any decimal column."""
    query = "select hourly_rate from raw.cost_rate where employee_id is not null group by 1 having count(*) = 1"
    rates = [rate for (rate,) in private.execute(query).fetchall()]
    assert rates
    for schema, table, column in published.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where starts_with(data_type, 'DECIMAL') "
        "and contains(column_name, 'rate') order by all"
    ).fetchall():
        query = f'select count(*) from {schema}."{table}" where "{column}" in (select unnest(?))'
        assert published.execute(query, [rates]).fetchone() == (0,), f"{schema}.{table}.{column}"


def months(private: duckdb.DuckDBPyConnection) -> list[date]:
    query = "select distinct work_month from intermediate.int_labour__time_entries_costed where is_costed order by 1"
    return [month for (month,) in private.execute(query).fetchall()]


def few(private: duckdb.DuckDBPyConnection, month: date) -> list[set[str]]:
    """Sets of fewer than the minimum that an attacker would ask for: each person, small teams, small cells."""
    atoms = private.execute(ATOMS, [month]).pl()
    sets = {frozenset({person}) for person in atoms["employee_id"].unique()}
    for keys in (
        ["role"],
        ["cost_centre"],
        ["market"],
        ["role", "market"],
        ["cell"],
        ["project_id"],
        ["role", "measure"],
    ):
        groups = atoms.group_by(keys).agg(pl.col("employee_id").unique())["employee_id"].to_list()
        sets |= {frozenset(group) for group in groups if len(group) < MINIMUM}
    return [set(one) for one in sets]


def attacked(private: duckdb.DuckDBPyConnection, published: duckdb.DuckDBPyConnection, month: date) -> list[set[str]]:
    known = published_hours(published, private, month)
    return [people for people in few(private, month) if known.tells_on(people)]


def test_every_published_column_of_hours_is_known_to_the_attack(published):
    """A new one is either tried by it or, like capacity and plans, not made of hours that somebody worked."""
    tried = {"core.fct_time_entries.hours", "kpi.safety_by_project_month.hours"}
    tried |= {f"kpi.utilisation_by_{cut}_month.{measure}_hours" for cut in CUTS for measure in MEASURES}
    derived = {"kpi.safety_by_project_month.hours_12_months"}  # the sum of published months
    for cut in CUTS:
        derived |= {f"kpi.utilisation_by_{cut}_month.{name}_hours" for name in ("capacity", "bench", "over_booked")}
    not_worked = {f"kpi.utilisation_by_{cut}_month.contracted_hours" for cut in CUTS}
    not_worked |= {f"kpi.safety_by_project_month.{base}_base_hours" for base in ("rate", "frequency")}
    not_worked |= {"core.dim_people.weekly_capacity_hours", "core.fct_resource_plans.hours"}
    not_worked |= {"core.fct_schedule_links.lag_hours"}
    not_worked |= {f"forecast.resource_forecast_by_role_month.{n}_hours" for n in ("capacity", "gap", "planned")}
    columns = published.execute(
        "select concat_ws('.', schema_name, table_name, column_name) from duckdb_columns() "
        "where not internal and contains(column_name, 'hours') and data_type <> 'BOOLEAN'"
    ).fetchall()
    assert {column for (column,) in columns} <= tried | derived | not_worked


def test_hours_behind_kpis_are_those_of_the_marts(published):
    """A rate's denominator is a project's published hours, or those of the projects of a group together."""
    assert (
        published.execute(
            "select k.project_id, k.month from kpi.kpi_values_by_project_month as k "
            "left join kpi.safety_by_project_month as s on k.project_id = s.project_id and k.month = s.month "
            "where k.kpi_code in ('trir', 'ltifr') and k.denominator is not null "
            "and k.denominator not in (coalesce(s.hours, -1), coalesce(s.hours_12_months, -1))"
        ).fetchall()
        == []
    )


def test_the_attackers_equations_are_what_is_published(private, published):
    """Else the attack below would prove nothing: each published sum is the sum of the hours that it is said to be."""
    for month in months(private)[::6]:
        known = published_hours(published, private, month)
        assert len(known.names) > 20
        for name, amount, row in zip(known.names, known.sums, known.matrix, strict=True):
            if not name.startswith("file "):  # rejected time and other months are in it
                assert abs(Decimal(str(round(float(row @ known.hours), 2))) - amount) < Decimal("0.01"), name


def test_no_arithmetic_on_published_hours_tells_on_few_people(private, published):
    for month in months(private)[-7::3]:
        assert attacked(private, published, month) == [], month


def test_the_attack_succeeds_where_one_withheld_group_is_published(private, published):
    """Hours of a role and measure behind which few people stand, as if they were not withheld."""
    planted = 0
    for month in months(private)[-7::3]:
        atoms = private.execute(ATOMS, [month]).pl().filter("is_employed")
        groups = atoms.group_by("role", "measure").agg(pl.col("employee_id").unique())
        for role, measure, people in groups.filter(pl.col("employee_id").list.len() < MINIMUM).rows():
            assert not published_hours(published, private, month).tells_on(set(people))
            leaking = published_hours(published, private, month, also=[("role", role, measure)])
            assert leaking.tells_on(set(people))
            planted += 1
    assert planted
