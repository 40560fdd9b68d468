"""The snapshot and the swap: whole, read-only, described, together, and untouched by a kill."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import duckdb
import pytest

from pipelines.errors import PublicationFailed
from pipelines.publishing import publications, snapshot
from pipelines.settings import load_settings


def build_private(settings, value: int) -> None:
    settings.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema core; create schema margin; create schema ops; create schema raw")
        connection.execute(f"create table core.dim_projects as select 'P-1' as project_id, {value} as generation")
        connection.execute(f"create table margin.m as select {value} as generation, 1.50::decimal(18,2) as amount")
        connection.execute("create table raw.employee as select 'Ada Example' as employee_name")
        connection.execute("comment on table margin.m is 'One row. It''s small'")
        connection.execute("comment on column margin.m.amount is 'An amount. Formula: 3 / 2'")


def stage_all(settings, value: int, *, site: bool = True) -> dict[str, int]:
    build_private(settings, value)
    snapshot.stage(settings)
    tables = snapshot.seal(settings, checks=[], refreshes=[{"refresh_id": str(value), "status": "published"}])
    if site:
        folder = publications.staged_site_path(settings)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text(str(value), encoding="utf-8")
    return tables


@pytest.fixture
def settings(tmp_path):
    found = load_settings(tmp_path, environment={})
    found.create_home()
    return found


def seen(settings) -> tuple[int, int, str, int]:
    with duckdb.connect(str(settings.published / "warehouse.duckdb"), read_only=True) as connection:
        core, margin = connection.execute(
            "select (select generation from core.dim_projects), (select generation from margin.m)"
        ).fetchone()
    site = (settings.published / "site" / "index.html").read_text(encoding="utf-8")
    return core, margin, site, publications.current_manifest(settings)["generation"]


def publish(settings, value: int, *, site: bool = True):
    stage_all(settings, value, site=site)
    return publications.publish(settings, manifest={"generation": value}, site={"pages": 1} if site else None)


def test_only_public_schemas_with_their_descriptions(settings):
    tables = stage_all(settings, 7)
    assert tables["margin.m"] == 1
    assert not any(name.startswith("raw.") for name in tables)
    with duckdb.connect(str(snapshot.staged_path(settings)), read_only=True) as connection:
        meaning = connection.execute(
            "select meaning, formula from ops.data_dictionary where model_name = 'm' and column_name = 'amount'"
        ).fetchone()
        comment = connection.execute("select comment from duckdb_tables() where table_name = 'm'").fetchone()
    assert meaning == ("An amount.", "3 / 2")
    assert comment == ("One row. It's small",)
    assert snapshot.staged_path(settings).stat().st_mode & 0o222 == 0
    # readable by every DuckDB since 1.0: the storage version is a number at byte 12 of the file
    assert int.from_bytes(snapshot.staged_path(settings).read_bytes()[12:20], "little") == 64


def test_warehouse_site_and_manifest_change_together_and_old_ones_go(settings):
    for value in range(1, 6):
        publish(settings, value)
        assert seen(settings) == (value, value, str(value), value)
    assert publications.numbers(settings) == [3, 4, 5]
    publications.show(settings, 4)
    assert seen(settings) == (4, 4, "4", 4)
    with pytest.raises(PublicationFailed, match="no such publication"):
        publications.show(settings, 1)


def test_without_a_site_the_last_one_is_carried_and_named(settings):
    publish(settings, 1)
    for value in range(2, 7):
        publish(settings, value, site=False)
    assert seen(settings) == (6, 6, "1", 6)
    assert publications.current_manifest(settings)["site"] == {"pages": 1, "carried_over": True}


def test_a_reader_keeps_what_it_opened_and_a_new_one_sees_the_new(settings):
    publish(settings, 1)
    path = str(settings.published / "warehouse.duckdb")
    held = duckdb.connect(path, read_only=True)
    for value in range(2, 7):
        publish(settings, value)
    assert held.execute("select generation from margin.m").fetchone() == (1,)
    assert seen(settings)[0] == 6
    held.close()


def test_nothing_to_publish_is_said(settings):
    with pytest.raises(PublicationFailed, match="no warehouse"):
        snapshot.stage(settings)
    duckdb.connect(str(settings.warehouse)).close()
    with pytest.raises(PublicationFailed, match="no published table"):
        snapshot.stage(settings)


KILLED = textwrap.dedent(
    """
    import os, pathlib, signal, shutil, sys
    from pipelines.publishing import publications, snapshot
    from pipelines.settings import load_settings
    settings, step = load_settings(sys.argv[1], environment={}), int(sys.argv[2])
    count = 0
    def deadly(function):
        def call(*arguments, **named):
            global count
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)
        return call
    for name in ("rename", "replace", "symlink_to", "mkdir", "write_text"):
        setattr(pathlib.Path, name, deadly(getattr(pathlib.Path, name)))
    shutil.rmtree = deadly(shutil.rmtree)
    snapshot.fsync = publications.fsync = deadly(publications.fsync)
    publications.publish(settings, manifest={"generation": 2}, site={"pages": 1})
    print(count)
    """
)


def test_killed_anywhere_readers_see_the_old_or_the_new_and_the_next_run_succeeds(settings):
    """Every file operation of a publication is a place to die at; the count of them is measured, not assumed."""
    for link in range(1, 5):  # so that the killed publication also removes an old one
        publish(settings, link)
    ended, step, outcomes = False, 0, []
    while not ended:
        step += 1
        publish(settings, 1)
        stage_all(settings, 2)
        run = subprocess.run(
            [sys.executable, "-c", KILLED, str(settings.home), str(step)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "OUTTURN_HOME": str(settings.home)},
        )
        ended = run.returncode == 0
        state = seen(settings)
        assert state in ((1, 1, "1", 1), (2, 2, "2", 2)), f"half a publication after operation {step}: {state}"
        outcomes.append(state[0])
        publish(settings, 3)
        assert seen(settings) == (3, 3, "3", 3)
    assert outcomes[0] == 1
    assert outcomes[-1] == 2
    assert len(outcomes) > 10
    assert outcomes == sorted(outcomes), "the swap is one operation"


def test_a_refresh_does_not_tell_the_rows_that_a_file_of_it_withholds(settings):
    """Rows of a late time sheet of one person; the refresh before it keeps its numbers."""
    build_private(settings, 1)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(
            "create table ops.loads as select timestamp '2026-11-03 05:00:07.5' as loaded_at, "
            "true as is_row_count_withheld, null::bigint as rows_loaded"
        )
    snapshot.stage(settings)
    counts = {"rows_loaded": 1, "rows_rejected": 0, "rows_by_step": "{}", "status": "published"}
    snapshot.seal(
        settings,
        checks=[],
        refreshes=[
            {
                "refresh_id": day,
                "started_at": f"2026-11-{day} 05:00:00",
                "ended_at": f"2026-11-{day} 05:01:00",
                **counts,
            }
            for day in ("02", "03")
        ],
    )
    with duckdb.connect(str(snapshot.staged_path(settings)), read_only=True) as connection:
        rows = connection.execute("select refresh_id, rows_loaded, rows_rejected, rows_by_step from ops.refreshes")
        assert sorted(rows.fetchall()) == [("02", 1, 0, "{}"), ("03", None, None, None)]
