"""What an audience gets, table by table: rows of hidden projects are marked in every column of every published table,
and no mark may come through."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.errors import ConfigurationError, PublicationFailed
from pipelines.publishing import publications, snapshot
from pipelines.publishing.audiences.filtering import filter_snapshot
from pipelines.publishing.audiences.publish import behind, outcomes, publish_audiences, settings_of, show
from pipelines.publishing.audiences.rules import RULES
from pipelines.publishing.targets.deliver import deliver_all
from pipelines.settings import load_settings
from pipelines.version import ROOT
from pipelines.warehouse import public_models
from tests.written import places

HIDDEN, AMOUNT = "Zephyrquill", 48151623
# project, customer, programme, market, business group; the visible market shares its business group with a hidden one
PROJECTS = (
    ("P-1", "C-1", "PG-1", "Nordics", "Networks"),
    ("P-2", "C-1", "PG-1", "Nordics", "Networks"),
    ("P-3", "C-2", "PG-2", "Nordics", "Cloud"),
    ("H-1", "C-2", "PG-2", "Iberia", "Networks"),
    ("H-2", "C-3", "PG-3", "Iberia", "Services"),
)
IDENTITY = ("project_id", "customer_id", "programme_id", "market", "business_group")
CHOICE = {"market": ("Nordics",)}
# of tables that are about the programme and its runs, the columns that can tell of what was delivered
TELLING = {
    "check_results": {"message", "failing_rows"},
    "feed_freshness": {"files"},
    "refreshes": {"files_loaded", "files_refused", "files_duplicate", "rows_loaded", "rows_rejected", "seconds_by_step",
                  "rows_by_step", "message"},
    "data_dictionary": set(),
    "dim_kpis": set(),
}  # fmt: skip
# what stands for a group, by the group's column; whole: C-1, PG-1, Nordics
GROUPS = {"C-1": "whole", "PG-1": "whole", "Nordics": "whole", "Cloud": "whole"}


def columns_of_models() -> dict[str, list[tuple[str, str]]]:
    found = {}
    for path in (ROOT / "dbt_project" / "models").rglob("*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            found[model["name"]] = [(c["name"], c["data_type"]) for c in model.get("columns", []) if "data_type" in c]
    return found


def value(column: str, kind: str, row: tuple[str, ...], *, marked: bool, number: int) -> object:
    identity = dict(zip(IDENTITY, row, strict=True))
    if column in identity:
        return identity[column]
    kind = kind.upper()
    if kind.startswith("VARCHAR"):
        if column == "direction":
            return "sales"
        if column in {"project_name", "customer_name", "programme_name", "project_manager", "programme_manager"}:
            of = identity[{"project_manager": "project_id", "programme_manager": "programme_id"}.get(
                column, column.replace("_name", "_id"))]  # fmt: skip
            return f"{HIDDEN if of in {'H-1', 'H-2', 'C-3', 'PG-3'} else 'Fjord'} {of}"
        return f"{HIDDEN} {column} {number}" if marked else f"text {number}"
    if kind.startswith(("DECIMAL", "BIGINT", "INTEGER", "HUGEINT", "DOUBLE")):
        digits = re.match(r"DECIMAL\((\d+), ?(\d+)\)", kind)
        holds = not digits or int(digits[1]) - int(digits[2]) >= len(str(AMOUNT))
        return AMOUNT if marked and holds else 1
    if kind == "BOOLEAN":
        return False
    if kind.startswith(("DATE", "TIMESTAMP")):
        return "2026-10-01"
    return None


def is_hidden(table: str, names: set[str], row: tuple[str, ...]) -> bool:
    """Whether the row tells of hidden projects: it is one's, or a sum over more than visible ones."""
    identity = dict(zip(IDENTITY, row, strict=True))
    if "project_id" in names:
        return identity["project_id"].startswith("H-")
    for column in IDENTITY[1:]:
        if column in names and table not in {"dim_customers", "dim_programmes"}:
            return GROUPS.get(identity[column]) != "whole"
    if table in {"dim_customers", "dim_programmes"}:
        return identity["customer_id"] == "C-3"
    return table not in {"dim_months", "fct_exchange_rates", "fct_payments", "closes"}


def write_marked(path: Path) -> None:
    """A snapshot with every published table, each with a row for each project, marked where it must not be seen."""
    models = columns_of_models()
    sealed = {"check_results": snapshot._CHECKS, "refreshes": snapshot._REFRESHES}
    sealed["data_dictionary"] = snapshot._DICTIONARY
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        for schema in snapshot.PUBLIC_SCHEMAS:
            connection.execute(f"create schema {schema}")
        tables = [(schema, name, models[name]) for schema, name in public_models()]
        tables += [("ops", name, [(c, k) for c, (k, _) in described.items()]) for name, described in sealed.items()]
        for schema, name, columns in tables:
            body = ", ".join(f'"{c}" {k}' for c, k in columns)
            connection.execute(f"create table {schema}.{name} ({body})")
            connection.execute(f"comment on table {schema}.{name} is 'One row per thing.'")
            names = {c for c, _ in columns}
            for number, row in enumerate(PROJECTS):
                marked = {c for c in TELLING.get(name, names) if is_hidden(name, names, row)}
                values = [value(c, k, row, marked=c in marked, number=number) for c, k in columns]
                marks = ", ".join("?" for _ in values)
                connection.execute(f"insert into {schema}.{name} values ({marks})", values)
        connection.execute("delete from ops.data_dictionary")
        for schema, name, _ in tables:
            connection.execute(
                "insert into ops.data_dictionary values (?, ?, '', null, 'One row per thing.', null)", [schema, name]
            )
        # invoice 9 belongs to a visible project and has a line of a hidden one: its total would tell
        connection.execute("update core.fct_invoices set invoice_key = project_id, invoice_id = project_id")
        connection.execute("update core.fct_invoice_lines set invoice_key = project_id")
        connection.execute("update core.fct_invoice_lines set invoice_key = 'P-2' where project_id = 'H-2'")
        connection.execute(f"update core.fct_invoices set net_amount = {AMOUNT} where invoice_key = 'P-2'")
        for mart in ("receivables_ageing", "fx_effects_by_month"):
            connection.execute(f"update margin.{mart} set invoice_key = project_id")
        connection.execute(f"update margin.receivables_ageing set open_amount = {AMOUNT} where project_id = 'P-2'")
        payments = [("P-1", 11), ("P-2", AMOUNT), ("H-1", AMOUNT)]
        connection.execute("delete from core.fct_payments where payment_id <> 'text 0'")
        for invoice, amount in payments:
            connection.execute(
                "insert into core.fct_payments by name select * replace (? as invoice_id, ? as payment_amount) "
                "from core.fct_payments where payment_id = 'text 0' limit 1",
                [invoice, amount],
            )
        # a finding about a visible project that names a hidden one
        connection.execute(f"update ops.exceptions set message = 'see {HIDDEN} H-1' where project_id = 'P-2'")
        # contract and line are the project's own
        for table in ("core.dim_contract_lines", "margin.wip_ageing", "margin.revenue_by_contract_line_month"):
            connection.execute(f"update {table} set contract_id = 'CT ' || project_id")
        connection.execute("update margin.contract_balances_by_contract_month set contract_id = 'CT ' || project_id")
        connection.commit()


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("marked") / "warehouse.duckdb"
    write_marked(path)
    return path


@pytest.fixture
def filtered(marked, tmp_path) -> tuple[Path, object]:
    folder = tmp_path / "out"
    return folder, filter_snapshot(marked, folder / "warehouse.duckdb", choice=CHOICE, where="the test")


def test_every_published_table_has_a_rule_and_every_rule_a_table():
    published = {f"{schema}.{name}" for schema, name in public_models()}
    published |= {"ops.check_results", "ops.refreshes", "ops.data_dictionary"}
    assert set(RULES) == published
    assert all(rule.keep or rule.reason for rule in RULES.values())


def test_no_mark_of_a_hidden_project_is_in_any_byte(marked, filtered):
    folder, _ = filtered
    assert set(places(marked.parent, {HIDDEN, str(AMOUNT)})) == {HIDDEN, str(AMOUNT)}, "the marks are there to be found"
    assert places(folder, {HIDDEN, str(AMOUNT), "H-1", "H-2", "C-3", "PG-3", "Iberia", "Services"}) == {}


def test_a_rule_that_lets_everything_through_would_be_found(marked, tmp_path, monkeypatch):
    from pipelines.publishing.audiences import filtering

    careless = {**RULES, "forecast.forecast_accuracy": replace(RULES["core.dim_months"])}
    monkeypatch.setattr(filtering, "RULES", careless)
    filter_snapshot(marked, tmp_path / "o" / "warehouse.duckdb", choice=CHOICE, where="the test")
    assert str(AMOUNT) in places(tmp_path / "o", {str(AMOUNT)})


def test_what_is_visible_is_there_and_nothing_else_was_made_up(marked, filtered):
    folder, found = filtered
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        connection.execute(f"attach '{marked}' as wh (read_only)")
        keys = connection.execute("select project_id from core.dim_projects order by 1").fetchall()
        assert keys == [("P-1",), ("P-2",), ("P-3",)]
        # whole customers and programmes alone: C-2 and PG-2 have a hidden project, Networks too
        assert connection.execute("select distinct customer_id from margin.margin_by_customer_month").fetchall() == [
            ("C-1",)
        ]
        assert found.rows["margin.margin_by_programme_month"] == 2
        assert found.rows["margin.margin_by_business_group_month"] == 1
        assert found.rows["margin.margin_by_market_month"] == 3
        assert connection.execute("select invoice_key from core.fct_invoices order by 1").fetchall() == [
            ("P-1",),
            ("P-3",),
        ]
        assert connection.execute("select distinct invoice_id from core.fct_payments").fetchall() == [("P-1",)]
        # the finding whose text names a hidden project is left out and counted
        assert found.withheld == {"ops.exceptions": 1}
        assert connection.execute("select project_id from ops.exceptions order by 1").fetchall() == [("P-1",), ("P-3",)]
        for (schema, table), kept in [(name.split("."), n) for name, n in found.rows.items()]:
            if not kept or table == "data_dictionary":
                continue
            rule, blanked = RULES[f"{schema}.{table}"], {"source_file_id", "source_line", "file_name", "sha256"}
            columns = connection.execute(
                "select column_name from duckdb_columns() where database_name = 'wh' and schema_name = ? "
                "and table_name = ?",
                [schema, table],
            ).fetchall()
            given = ", ".join(f'"{c}"' for (c,) in columns if c not in blanked | rule.blanked)
            more = connection.execute(
                f"select count(*) from (select {given} from {schema}.{table} "
                f"except all select {given} from wh.{schema}.{table})"
            ).fetchone()
            assert more == (0,), f"{schema}.{table}: hours are protected because every row is a published one"


def test_readers_are_told_what_is_left_out_and_why(filtered):
    folder, found = filtered
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        (meaning,) = connection.execute(
            "select meaning from ops.data_dictionary where model_name = 'loads' and column_name = ''"
        ).fetchone()
        (comment,) = connection.execute("select comment from duckdb_tables() where table_name = 'loads'").fetchone()
    assert meaning == comment
    assert meaning.startswith("One row per thing. For this audience: It names files")
    assert found.left_out["ops.loads"]


def test_all_keys_of_an_audience_must_hold(marked, tmp_path):
    choice = {"market": ("Nordics", "Iberia"), "business_group": ("Networks",), "customer_id": ("C-2",)}
    filter_snapshot(marked, tmp_path / "a.duckdb", choice=choice, where="the test")
    with duckdb.connect(str(tmp_path / "a.duckdb"), read_only=True) as connection:
        assert connection.execute("select project_id from core.dim_projects").fetchall() == [("H-1",)]


def test_a_value_that_no_project_has_is_named(marked, tmp_path):
    with pytest.raises(PublicationFailed, match=r"no project has this market.*Nordix.*Iberia, Nordics"):
        filter_snapshot(marked, tmp_path / "a.duckdb", choice={"market": ("Nordix",)}, where="audience North")


def test_the_scan_opens_what_is_packed(tmp_path):
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(b'{"a": "Zephyrquill"}'))
    assert places(tmp_path, {HIDDEN}) == {HIDDEN: {"a.json.gz"}}


CONFIGURATION = """
[publish]
targets = ["{everybody}"]
[[audiences]]
name = "North team"
market = ["Nordics"]
targets = ["{north}"]
[[audiences]]
name = "Mistyped"
customer = ["C-77"]
"""


def test_each_audience_has_a_publication_and_targets_of_its_own(marked, tmp_path):
    home = tmp_path / "home"
    load_settings(home, environment={}).create_home()
    for name in ("everybody", "north"):
        (tmp_path / name).mkdir()
    text = CONFIGURATION.format(everybody=tmp_path / "everybody", north=tmp_path / "north")
    (home / "outturn.toml").write_text(text, encoding="utf-8")
    settings = load_settings(home, environment={})
    north = settings_of(settings, settings.audiences[0])

    def publish_all(number: int) -> None:
        staged = snapshot.staged_path(settings)
        staged.parent.mkdir(exist_ok=True)
        staged.write_bytes(marked.read_bytes())
        publications.publish(settings, manifest={"refresh_id": str(number), "as_of": "x", "checks": {}}, site=None)

    publish_all(1)
    assert behind(settings) == ["North team", "Mistyped"]
    done = publish_audiences(settings, site=False)
    assert [(one.audience, one.status) for one in done] == [("North team", "published"), ("Mistyped", "failed")]
    assert "C-77" in outcomes(settings)[1]["message"]
    assert behind(settings) == ["Mistyped"]
    manifest = publications.current_manifest(north)
    assert (manifest["audience"], manifest["of_publication"], manifest["refresh_id"]) == ("North team", 1, "1")
    assert manifest["tables"]["core.dim_projects"] == 3
    assert {one.audience: one.status for one in deliver_all(settings)} == {None: "delivered", "North team": "delivered"}
    assert HIDDEN in places(tmp_path / "everybody", {HIDDEN})
    assert places(tmp_path / "north", {HIDDEN, str(AMOUNT)}) == {}
    assert places(home / "published" / "audiences", {HIDDEN, str(AMOUNT)}) == {}
    publish_all(2)
    publish_audiences(settings, site=False)
    publications.show(settings, 1)
    show(settings)
    assert publications.current_manifest(north)["of_publication"] == 1
    # taken out of the configuration, it is published no longer
    publish_audiences(replace(settings, audiences=()), site=False)
    assert not north.published.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('name = "N"', "not told what it sees"),
        ('name = "../x"\nmarket = ["a"]', "not a name"),
        ('name = "N"\nmarket = []', "not a list"),
        ('name = "N"\nmarked = ["a"]', "unknown setting"),
        ('name = "N"\nmarket = ["a"]\n[[audiences]]\nname = "n"\nmarket = ["a"]', "twice"),
        ('name = "N"\nmarket = ["a"]\ntargets = ["/srv"]\n[publish]\ntargets = ["/srv"]', "twice"),
    ],
)
def test_audiences_that_cannot_be_used_are_named(tmp_path, text, says):
    (tmp_path / "outturn.toml").write_text(f"[[audiences]]\n{text}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=says):
        load_settings(tmp_path, environment={})
