"""The job `refresh` and the resource that holds the warehouse for one run. What starts the job: triggers.py."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import dagster as dg
from pydantic import PrivateAttr

from pipelines.alerts import tell_quietly
from pipelines.defs.operations.leftovers import end_leftovers
from pipelines.defs.operations.retention import forget_old_runs
from pipelines.metrics import write_metrics
from pipelines.refresh_log import RefreshRecord, is_queueing, queueing, require_sound, writer_lock
from pipelines.settings import Settings, load_settings


class Refresh(dg.ConfigurableResource):
    """The data home and the record of the run under way.

    Held open for the whole run by the in-process executor, and with it the writer's lock: a second refresh never meets
    a lock error in the middle. One that a trigger started waits `wait_seconds` for the first to end; one that a person
    started ends at once with a sentence.
    """

    build_site: bool = True
    wait_seconds: float = 3600.0
    _run_id: str = PrivateAttr(default="")

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Refresh"]:
        settings = load_settings()
        settings.create_home()
        run_id = context.run_id or ""
        with ExitStack() as stack:
            with queueing(settings, run_id=run_id):
                stack.enter_context(writer_lock(settings, wait_seconds=self.wait_seconds))
            require_sound(settings)
            if context.instance is not None:
                end_leftovers(
                    context.instance, run_id=run_id, is_alive=lambda other: is_queueing(settings, run_id=other)
                )
            RefreshRecord.begin(settings, run_id=run_id)
            try:
                yield self
            finally:
                record = RefreshRecord.open(settings)
                published = bool(record.content.get("published"))
                record.end("published" if published else "failed", message=record.content.get("message"))
                # a page of numbers that cannot be written must not fail what is published
                with suppress(Exception):
                    write_metrics(settings)
        tell_quietly(settings)
        if context.instance is not None:
            # nor must old runs that cannot be deleted
            with suppress(Exception):
                forget_old_runs(context.instance, settings)

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


@dg.definitions
def defs() -> dg.Definitions:
    return dg.Definitions(jobs=[refresh_job], resources={"refresh": Refresh()})
