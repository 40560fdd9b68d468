"""Processes that read what is published while it is published anew. 50 of them through 20 refreshes: `make soak`."""

from __future__ import annotations

import os

import duckdb
import pytest

from benchmarks.soak import read_through
from pipelines.publishing import publications, snapshot
from pipelines.settings import load_settings


def publish(settings, number: int, *, torn: bool = False) -> None:
    """A publication whose warehouse and manifest name the same refresh, unless it is torn on purpose."""
    settings.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema core; create schema ops")
        connection.execute(f"create table core.dim_projects as select range as i, {number} as n from range(20000)")
    snapshot.stage(settings)
    snapshot.seal(settings, checks=[], refreshes=[{"refresh_id": f"r{number}", "status": "published"}])
    site = publications.staged_site_path(settings)
    site.mkdir()
    (site / "index.html").write_text(str(number), encoding="utf-8")
    name = "another" if torn else f"r{number}"
    publications.publish(settings, manifest={"refresh_id": name}, site={"pages": 1})


@pytest.fixture
def settings(tmp_path):
    found = load_settings(tmp_path, environment={})
    found.create_home()
    publish(found, 0)
    return found


def test_readers_meet_no_error_and_no_half_state(settings):
    found = read_through(settings.published, lambda n: publish(settings, n + 1), readers=8, publications=3)
    assert found.troubles == []
    assert found.publications == 3
    assert found.rounds >= 8 * 4
    assert publications.numbers(settings)[-1] == 4


def test_a_half_state_would_be_met(settings):
    found = read_through(settings.published, lambda n: publish(settings, n + 1, torn=True), readers=2, publications=1)
    assert any("beside the warehouse of" in trouble for trouble in found.troubles)


def test_a_reader_of_the_published_file_blocks_no_publication(settings):
    held = duckdb.connect(os.fspath(settings.published / "warehouse.duckdb"), read_only=True)
    for number in range(1, 6):  # also its own publication is thrown away under it
        publish(settings, number)
    assert held.execute("select max(n) from core.dim_projects").fetchone() == (0,)
    held.close()
