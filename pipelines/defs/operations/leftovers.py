"""What a killed run leaves in Dagster's own storage: an unfinished run and its places in the pools."""

from collections.abc import Callable

import dagster as dg

WITHOUT_LOCK = ("propose_close",)  # jobs that may run beside a refresh


def end_leftovers(
    instance: dg.DagsterInstance, *, run_id: str, is_alive: Callable[[str], bool] = lambda _: False
) -> list[str]:
    """Ends the runs that a kill left unfinished and frees their places in the pools; returns their ids.

    Only for the holder of the writer's lock: while it is held, any other unfinished run of this home is dead, but for
    those that wait for the lock (`is_alive`). Without this a killed run keeps its place, and every later one waits for
    it.
    """
    unfinished = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
    others = [run for run in instance.get_runs(filters=unfinished) if run.run_id != run_id]
    left = [run for run in others if run.job_name not in WITHOUT_LOCK and not is_alive(run.run_id)]
    for run in left:
        instance.report_run_failed(run, message="The process ended before the refresh did.")
    storage = instance.event_log_storage
    holders = {run.run_id for run in left}
    for pool in storage.get_concurrency_keys():
        info = storage.get_concurrency_info(pool)
        holders |= {*info.active_run_ids, *info.pending_run_ids, *info.assigned_run_ids} - {run_id}
    for holder in holders:
        storage.free_concurrency_slots_for_run(holder)
    return sorted(holders)
