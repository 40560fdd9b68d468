"""The job `refresh`, the resource that holds the warehouse for one run, and what starts the job."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dagster as dg
from pydantic import PrivateAttr

from pipelines.contracts import FEEDS
from pipelines.defs.operations.leftovers import end_leftovers
from pipelines.metrics import write_metrics
from pipelines.refresh_log import RefreshRecord, require_sound, writer_lock
from pipelines.settings import Settings, load_settings


class Refresh(dg.ConfigurableResource):
    """The data home and the record of the run under way.

    Held open for the whole run by the in-process executor, and with it the writer's lock: a second refresh, whoever
    starts it, ends at once with a sentence instead of a lock error in the middle.
    """

    build_site: bool = True
    _run_id: str = PrivateAttr(default="")

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Refresh"]:
        settings = load_settings()
        settings.create_home()
        with writer_lock(settings):
            require_sound(settings)
            if context.instance is not None:
                end_leftovers(context.instance, run_id=context.run_id or "")
            RefreshRecord.begin(settings, run_id=context.run_id or "")
            try:
                yield self
            finally:
                record = RefreshRecord.open(settings)
                published = bool(record.content.get("published"))
                record.end("published" if published else "failed", message=record.content.get("message"))
                # a page of numbers that cannot be written must not fail what is published
                with suppress(Exception):
                    write_metrics(settings)

    def settings(self) -> Settings:
        return load_settings()

    def record(self) -> RefreshRecord:
        return RefreshRecord.open(load_settings())


refresh_job = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    description="From the inbox to the published warehouse and site. Safe to run at any time, and again.",
    executor_def=dg.in_process_executor,
    tags={"dagster/max_runtime": "14400"},
)


def _drop_sensor(feed: str) -> dg.SensorDefinition:
    @dg.sensor(
        name=f"drop_{feed}",
        job=refresh_job,
        minimum_interval_seconds=30,
        description=f"Starts a refresh when complete files lie in inbox/{feed}.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def drop(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        from pipelines.landing.inbox import scan_inbox

        files = [file for file in scan_inbox(load_settings()) if file.feed == feed]
        if not files:
            return dg.SkipReason(f"no complete file in inbox/{feed}")
        state = hashlib.sha256()
        for file in files:
            state.update(f"{file.relative}\0{file.size}\0{file.mtime_ns}\n".encode())
        key = state.hexdigest()[:16]
        if key == context.cursor:
            return dg.SkipReason("a refresh was asked for these files already")
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=f"{feed}-{key}")], cursor=key)

    return drop


@dg.definitions
def defs() -> dg.Definitions:
    settings = load_settings()
    daily = dg.ScheduleDefinition(
        name="daily_refresh",
        job=refresh_job,
        cron_schedule=settings.refresh_cron,
        execution_timezone=settings.time_zone,
        description="The daily refresh, also without new files: lateness and the as-of stamp move on.",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    return dg.Definitions(
        jobs=[refresh_job],
        sensors=[_drop_sensor(feed) for feed in FEEDS],
        schedules=[daily],
        resources={"refresh": Refresh()},
    )
