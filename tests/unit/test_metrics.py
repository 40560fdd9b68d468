"""The page for Prometheus: read back with Prometheus' own parser, figure by figure."""

from __future__ import annotations

import stat

import duckdb
import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.metrics import metrics_text, write_metrics
from pipelines.publishing import publications, snapshot
from pipelines.refresh_log import RefreshRecord
from pipelines.settings import load_settings

NOW = "2026-11-03T05:00:00+00:00"


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "www").mkdir()
    home = tmp_path / "home"
    home.mkdir()
    (home / "outturn.toml").write_text(
        f'[publish]\ntargets = ["{tmp_path / "www"}"]\n'
        '[feeds.time_entry]\nexpected_every = "1d"\nlate_after = "36h"\n'
        '[feeds.risk]\nexpected_every = "1w"\n',
        encoding="utf-8",
    )
    found = load_settings(home, environment={"OUTTURN_NOW": NOW})
    found.create_home()
    return found


def publish(settings) -> None:
    staged = snapshot.staged_path(settings)
    staged.parent.mkdir(exist_ok=True)
    with duckdb.connect(str(staged)) as connection:
        connection.execute(
            """
            create schema ops;
            create table ops.loads as select * from (values
                ('erp', 'cost_line', timestamp '2026-11-03 04:00:00', 'a', 'loaded', 10, 2, 1),
                ('timesheets', 'time_entry', timestamp '2026-11-01 04:00:00', 'b', 'loaded', 5, null, 0),
                ('erp', null, timestamp '2026-11-03 04:00:00', 'c', 'refused', null, null, null)
            ) as t (feed, table_name, loaded_at, sha256, status, rows_loaded, rows_rejected, rows_unchanged);
            create table ops.exceptions as select * from (values
                ('odd "rule" \\', 'error', 'EUR', 10.25::decimal(18, 2)), ('odd "rule" \\', 'error', 'EUR', 0.50),
                ('quiet', 'notice', null, null)
            ) as t (rule, severity, unit, amount_at_stake);
            create table ops.check_results as select * from (values
                ('critical', 'passed'), ('critical', 'passed'), ('warning', 'failed')
            ) as t (severity, status)
            """
        )
    manifest = {"as_of": "2026-11-03 05:00:00", "published_at": NOW}
    publications.publish(settings, manifest=manifest, site=None)


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name.removeprefix("outturn_"), tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_before_the_first_refresh_nothing_is_said_that_is_not_known(settings):
    found = samples(metrics_text(settings))
    assert ("publication_number", ()) not in found
    assert found["refreshes_total", (("status", "published"),)] == 0
    assert found["feed_late", (("table", "risk"),)] == 0


def test_each_figure_is_the_one_that_is_published(settings):
    publish(settings)
    RefreshRecord.begin(settings, run_id="1").end("published")
    record = RefreshRecord.begin(settings, run_id="2")
    record.content.update(files_loaded=3, files_refused=1, started_at="2026-11-03 04:58:30")
    record.end("failed", message="gate erp")
    found = samples(metrics_text(settings))
    assert found["refreshes_total", (("status", "failed"),)] == 1
    assert found["refresh_last_published", ()] == 0
    assert found["refresh_last_duration_seconds", ()] == 90
    assert found["refresh_last_files", (("outcome", "refused"),)] == 1
    assert found["refresh_last_success_timestamp_seconds", ()] == 1793682000
    assert found["refresh_last_failure_timestamp_seconds", ()] == 1793682000
    assert found["feed_rows", (("feed", "erp"), ("outcome", "loaded"))] == 10
    assert found["feed_rows", (("feed", "erp"), ("outcome", "rejected"))] == 2
    assert ("feed_rows", (("feed", "timesheets"), ("outcome", "rejected"))) not in found, "withheld is not zero"
    assert found["feed_files", (("feed", "erp"), ("outcome", "refused"))] == 1
    assert found["feed_late", (("table", "time_entry"),)] == 1
    assert found["feed_late", (("table", "risk"),)] == 1, "it never came"
    assert found["feed_last_delivery_timestamp_seconds", (("table", "time_entry"),)] == 1793505600
    odd = (("rule", 'odd "rule" \\'), ("severity", "error"), ("unit", "EUR"))
    assert (found["exceptions", odd], found["exceptions_at_stake", odd]) == (2, 10.75)
    assert ("exceptions_at_stake", (("rule", "quiet"), ("severity", "notice"), ("unit", ""))) not in found
    assert found["checks", (("severity", "critical"), ("status", "passed"))] == 2
    assert found["checks", (("severity", "critical"), ("status", "failed"))] == 0
    assert found["publication_number", ()] == 1
    assert found["warehouse_bytes", (("warehouse", "published"),)] > 10_000
    assert not any(name == "target_ok" for name, _ in found)


def test_a_target_that_failed_is_told(settings):
    from pipelines.publishing.targets.deliver import deliver_all

    publish(settings)
    (settings.home.parent / "www").rmdir()
    deliver_all(settings)
    found = samples(metrics_text(settings))
    assert found["target_ok", (("target", settings.targets[0].text),)] == 0


def test_the_page_is_replaced_at_once_and_readable(settings):
    path = write_metrics(settings)
    first = path.stat().st_ino
    write_metrics(settings)
    assert path.stat().st_ino != first
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [p.name for p in path.parent.iterdir()] == ["outturn.prom"]
