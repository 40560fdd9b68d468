"""What starts the job `refresh`: a drop, the clock; and what tells people: the close that is due, the alerts."""

from collections.abc import Iterator
from datetime import UTC
from zoneinfo import ZoneInfo

import dagster as dg

from pipelines.contracts import FEEDS
from pipelines.defs.operations.refresh import refresh_job
from pipelines.settings import load_settings

# KPI files may come every few minutes: the hourly refresh takes them, not every drop
HOURLY = "kpi"


def _is_waiting(instance: dg.DagsterInstance) -> bool:
    """Whether a refresh waits for its turn: it will take in what lies there now."""
    return bool(
        instance.get_run_ids(dg.RunsFilter(job_name=refresh_job.name, statuses=[dg.DagsterRunStatus.QUEUED]), limit=1)
    )


def _drop_sensor(feed: str) -> dg.SensorDefinition:
    @dg.sensor(
        name=f"drop_{feed}",
        job=refresh_job,
        minimum_interval_seconds=30,
        description=f"Starts a refresh when complete files lie in inbox/{feed}."
        + (" Off as delivered: hourly_kpi takes them in." if feed == HOURLY else ""),
        default_status=dg.DefaultSensorStatus.STOPPED if feed == HOURLY else dg.DefaultSensorStatus.RUNNING,
    )
    def drop(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        from pipelines.landing.inbox import look
        from pipelines.refresh_log import ended
        from pipelines.triggers import Asked, dropped

        settings = load_settings()
        last = (ended(settings, last=1) or [{}])[0].get("refresh_id", "")
        asked = Asked.from_cursor(context.cursor)
        decided = dropped(feed, look(settings, feeds=[feed]).files, asked=asked, last_refresh=last)
        if decided.run_key is not None and _is_waiting(context.instance):
            return dg.SkipReason("a refresh waits for its turn and will take these files in")
        if decided.run_key is None:
            return dg.SensorResult(skip_reason=decided.reason, cursor=decided.asked.cursor())
        return dg.SensorResult(
            run_requests=[dg.RunRequest(run_key=decided.run_key, tags={"outturn/trigger": f"drop_{feed}"})],
            cursor=decided.asked.cursor(),
        )

    return drop


@dg.sensor(
    name="alerts",
    minimum_interval_seconds=300,
    description="Tells what is late, failed, blocked, rejected or restated, and the daily digest (docs/operations.md).",
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def alerts_sensor() -> dg.SkipReason:
    from pipelines.alerts import tell

    return dg.SkipReason(tell(load_settings()).sentence())


@dg.op(description="Says which month is to be closed, by which command, and what is still open. Closes nothing.")
def propose(context: dg.OpExecutionContext) -> None:
    from pipelines.alerts import tell
    from pipelines.close_proposal import proposal

    settings = load_settings()
    proposed = proposal(settings)
    if proposed is None:
        context.log.info("No close is due.")
        return
    context.log.info(f"{proposed.month} is due: {proposed.command}. Still open: {'; '.join(proposed.still_open)}")
    context.add_output_metadata(
        {"month": proposed.month, "command": proposed.command, "still_open": list(proposed.still_open)}
    )
    context.log.info(tell(settings).sentence())


@dg.job(
    name="propose_close", executor_def=dg.in_process_executor, description="Proposes the close of the month before."
)
def propose_close_job() -> None:
    propose()


def _schedules() -> Iterator[dg.ScheduleDefinition]:
    settings = load_settings()
    yield dg.ScheduleDefinition(
        name="daily_refresh",
        job=refresh_job,
        cron_schedule=settings.refresh_cron,
        execution_timezone=settings.time_zone,
        description="The daily refresh, also without new files: lateness and the as-of stamp move on.",
        tags={"outturn/trigger": "daily_refresh"},
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    if settings.kpi_cron:

        @dg.schedule(
            name="hourly_kpi",
            job=refresh_job,
            cron_schedule=settings.kpi_cron,
            execution_timezone=settings.time_zone,
            description="A refresh where KPI files wait in inbox/kpi, else nothing.",
            default_status=dg.DefaultScheduleStatus.RUNNING,
        )
        def hourly_kpi(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
            from pipelines.landing.inbox import look

            files = look(load_settings(), feeds=[HOURLY]).files
            if not files:
                return dg.SkipReason("no complete file in inbox/kpi")
            if _is_waiting(context.instance):
                return dg.SkipReason("a refresh waits for its turn and will take these files in")
            return dg.RunRequest(tags={"outturn/trigger": "hourly_kpi"})

        yield hourly_kpi
    if settings.close_working_day:

        @dg.schedule(
            name="close_proposal",
            job=propose_close_job,
            cron_schedule="30 6 * * *",
            execution_timezone=settings.time_zone,
            description="On the configured working day: proposes to close the month before. Never closes it.",
            default_status=dg.DefaultScheduleStatus.RUNNING,
        )
        def close_proposal(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
            from pipelines.close_proposal import is_close_day

            settings = load_settings()
            day = context.scheduled_execution_time.astimezone(UTC).astimezone(ZoneInfo(settings.time_zone)).date()
            if not is_close_day(settings, day=day):
                return dg.SkipReason(f"{day} is not working day {settings.close_working_day} of its month")
            return dg.RunRequest(run_key=f"close-{day:%Y-%m}", tags={"outturn/trigger": "close_proposal"})

        yield close_proposal


@dg.definitions
def defs() -> dg.Definitions:
    return dg.Definitions(
        jobs=[propose_close_job],
        sensors=[*(_drop_sensor(feed) for feed in FEEDS), alerts_sensor],
        schedules=list(_schedules()),
    )
