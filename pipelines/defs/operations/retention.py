"""How long Dagster's runs, their events and their logs are kept: `[dagster] keep_runs_days`.

What sensors and schedules did is kept by Dagster's own retention (dagster.yaml), what refreshes did by
`warehouse/refreshes.jsonl`, which nothing here touches.
"""

import shutil
from contextlib import suppress
from datetime import timedelta

import dagster as dg

from pipelines.settings import Settings

# a home that was never cleaned has thousands; a refresh need not wait for all of them
_AT_ONCE = 200
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def forget_old_runs(instance: dg.DagsterInstance, settings: Settings) -> list[str]:
    """Deletes ended runs that are older than `keep_runs_days`, oldest first, with all that is kept of them; returns
    their ids. Assets keep the record of their last materialization."""
    before = settings.now() - timedelta(days=settings.keep_runs_days)
    old = instance.get_run_records(
        filters=dg.RunsFilter(statuses=_ENDED, created_before=before), limit=_AT_ONCE, ascending=True
    )
    for record in old:
        run_id = record.dagster_run.run_id
        instance.delete_run(run_id)
        for folder in (settings.dagster_home / "storage" / run_id, settings.dagster_home / "logs" / run_id):
            shutil.rmtree(folder, ignore_errors=True)
        # SQLite keeps each run's events in a file of its own, which deleting them only empties
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                (settings.dagster_home / "history" / "runs" / f"{run_id}.db{ending}").unlink()
    return [record.dagster_run.run_id for record in old]
