"""One refresh of the demo seen from outside: its target, its metrics, its audience, and where no secret may be."""

from __future__ import annotations

import json
from dataclasses import replace

import duckdb
import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.publishing.audiences.filtering import filter_snapshot
from pipelines.settings import Audience
from tests.integration.attacks import texts
from tests.integration.conftest import PLANTED
from tests.written import places

pytestmark = pytest.mark.whole


def test_the_refresh_brought_its_publication_to_the_target(demo):
    home, outcome = demo
    (delivered,) = outcome["targets"]
    assert (delivered["status"], delivered["publication"], delivered["attempts"]) == ("delivered", 1, 1)
    there, here = home.path.parent / "www", home.path / "published"
    for member in ("warehouse.duckdb", "manifest.json"):
        assert (there / member).read_bytes() == (here / member).read_bytes()


def test_the_refresh_wrote_its_metrics(demo):
    home, outcome = demo
    text = (home.path / "metrics" / "outturn.prom").read_text(encoding="utf-8")
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["outturn_refreshes_total", "published"] == 1
    assert found["outturn_publication_number",] == 1
    ((rejected,),) = home.published("select sum(rows_rejected) from ops.loads where feed = 'erp'")
    assert found["outturn_feed_rows", "erp", "rejected"] == rejected > 0
    checks = outcome["manifest"]["checks"]
    assert found["outturn_checks", "warning", "failed"] == checks["warnings"]
    ((at_stake,),) = home.published("select sum(amount_at_stake) from ops.exceptions where rule = 'unknown_project'")
    assert found["outturn_exceptions_at_stake", "unknown_project", "error", "EUR"] == float(at_stake)


def test_no_planted_secret_is_anywhere_in_the_home(demo):
    """Logs, run configuration, Dagster's metadata and events, dbt's artefacts, manifest, snapshot, target."""
    home, _ = demo
    (home.path / "archive" / "canary").write_text("planted-canary", encoding="utf-8")
    try:
        found = places(home.path.parent, set(PLANTED))
    finally:
        (home.path / "archive" / "canary").unlink()
    assert found == {"planted-": {"home/archive/canary"}}, "the scan finds the canary, and nothing else is there"


def test_the_pseudonym_key_leaves_its_two_places_nowhere(demo):
    home, _ = demo
    key = (home.path / "pseudonym.key").read_text(encoding="ascii").strip()
    assert set(places(home.path.parent, {key})[key]) == {"home/pseudonym.key", "home/warehouse/warehouse.duckdb"}


def test_an_error_tells_no_secret(copied):
    """The address of a target with a password in it is refused without it."""
    ended = copied.run("refresh", "--no-site", OUTTURN_TARGETS="ssh://publisher:planted-ssh-password@web.example/srv")
    assert ended.returncode == 2
    assert "a target with a secret in it" in ended.stderr
    assert "planted-" not in ended.stderr
    assert places(copied.path, {"planted-"}) == {}


def test_a_target_that_is_away_is_told_and_brought_up_to_date_without_a_refresh(copied, tmp_path):
    away = tmp_path / "share"
    ended = copied.run("refresh", "--no-site", OUTTURN_TARGETS=str(away))
    assert ended.returncode == 1
    assert f"not on {away}" in ended.stderr
    status = json.loads(copied.run("status", "--json", OUTTURN_TARGETS=str(away)).stdout)
    assert status["behind"] == [str(away)]
    assert "mount the share" in status["targets"][0]["message"]
    away.mkdir()
    again = copied.run("refresh", "--no-site", "--json", OUTTURN_TARGETS=str(away))
    assert again.returncode == 0, again.stderr
    outcome = json.loads(again.stdout)
    assert (outcome["changed"], outcome["targets"][0]["status"]) == (False, "delivered")
    assert (away / "warehouse.duckdb").read_bytes() == (copied.path / "published" / "warehouse.duckdb").read_bytes()
    assert len(copied.private("select 1")) == 1


def test_an_audience_of_the_demo_sees_its_rows_and_no_name_of_others(demo, tmp_path):
    home, _ = demo
    choice = {"market": ("Nordics",)}
    snapshot = home.path / "published" / "warehouse.duckdb"
    found = filter_snapshot(snapshot.resolve(), tmp_path / "nordics.duckdb", choice=choice, where="the test")
    columns = ("project_id", "project_name", "project_manager", "customer_name", "programme_name")
    query = " union ".join(f"select {c} as v from core.dim_projects where market {{}} 'Nordics'" for c in columns)
    hidden = {v for (v,) in home.published(query.replace("{}", "<>")) if v}
    hidden -= {v for (v,) in home.published(query.replace("{}", "="))}
    assert len(hidden) > 30
    with duckdb.connect(str(tmp_path / "nordics.duckdb"), read_only=True) as connection:
        written = {text for _, text in texts(connection)}
        assert not {name for name in hidden if any(name in text for text in written)}
        mine, all_projects = (
            f"select project_id, month, revenue_amount_base from margin.margin_by_project_month {w} order by all"
            for w in ("", "where project_id in (select project_id from core.dim_projects where market = 'Nordics')")
        )
        assert connection.execute(mine).fetchall() == home.published(all_projects)
        # what is shown of the market is the sum of what is shown of its projects
        (part,) = connection.execute("select sum(revenue_amount_base) from margin.margin_by_project_month").fetchone()
        assert connection.execute(
            "select market, sum(revenue_amount_base) from margin.margin_by_market_month group by market"
        ).fetchall() == [("Nordics", part)]
    assert found.rows["margin.ledger_reconciliation"] == found.rows["ops.loads"] == 0


def test_an_audience_is_part_of_what_decides_a_refresh(demo):
    from pipelines.state import input_hash

    settings = demo[0].settings
    audience = Audience(name="North", sees={"market": ("Nordics",)})
    assert input_hash(replace(settings, audiences=(audience,))) != input_hash(settings)
