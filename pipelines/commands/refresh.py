"""`outturn refresh`: the job `refresh` once, in this process, without a web server."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from pipelines import kpi_rules
from pipelines.closes import verified
from pipelines.dagster_home import held_open, prepare
from pipelines.errors import GateFailed, OutturnError, TargetFailed
from pipelines.landing.inbox import look
from pipelines.progress import Progress, progress_logger
from pipelines.publishing.outside import behind, bring_up_to_date
from pipelines.publishing.publications import current_manifest
from pipelines.publishing.targets.deliver import deliveries
from pipelines.refresh_log import ended, require_sound, writer_lock
from pipelines.settings import Settings
from pipelines.state import pending
from pipelines.warehouse import manifest_path


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`changed` is False where there was nothing to do; `manifest` is what readers see now."""

    changed: bool
    seconds: float
    reasons: tuple[str, ...]
    manifest: dict[str, Any]
    refresh: dict[str, Any]
    targets: list[dict[str, Any]] = field(default_factory=list)


def _execute(settings: Settings, *, site: bool, progress: Progress) -> None:
    with ThreadPoolExecutor(max_workers=1) as beside:
        # dbt parses in a process of its own (5 to 8 s after a change), while this one imports
        parsed = beside.submit(manifest_path, settings)
        # imported here: Dagster and dbt cost 4 to 5 s, which a refresh with nothing to do need not pay
        import dagster as dg
        import dagster_dbt  # noqa: F401

        from pipelines.definitions import defs as location

        parsed.result()
    # 5 s of imports that the first gate needs, beside landing, which mostly waits for DuckDB, Polars and the disk
    threading.Thread(target=importlib.import_module, args=("great_expectations",), daemon=True).start()
    log = settings.work / "refresh.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    run_id = str(uuid.uuid4())
    instance = dg.DagsterInstance.get()
    with (
        log.open("w", encoding="utf-8") as file,
        contextlib.redirect_stdout(file),
        held_open(settings, run_id=run_id),
    ):
        merged = dg.Definitions.merge(location(), dg.Definitions(loggers={"progress": progress_logger(progress)}))
        job = merged.resolve_job_def("refresh")
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            raise_on_error=False,
            run_config={
                "resources": {"refresh": {"config": {"build_site": site, "wait_seconds": 0.0}}},
                "loggers": {"progress": {}},
            },
        )
    if result.success:
        return
    last = (ended(settings, last=1) or [{}])[0]
    message = last.get("message") or "; ".join(progress.errors[:3]) or "a step failed"
    if last.get("status") == "published":
        # what came after the swap: readers here see the new publication
        raise TargetFailed(message.partition("targets: ")[2] or message)
    kind = GateFailed if message.startswith("gate ") else OutturnError
    raise kind(
        f"not published: {message}",
        remedy=f"mend it and run `outturn refresh` again; the previous publication stands; the log is {log}",
    )


def _settle(settings: Settings, progress: Progress) -> None:
    """Gives files that were dropped a moment ago the time to be complete: who copies and refreshes means them too."""
    deadline = time.monotonic() + 3 * settings.settle_seconds + 1
    while (waiting := look(settings).waiting) and time.monotonic() < deadline:
        time.sleep(0.2)
    if waiting:
        progress.say(f"Still being written, left for the next refresh: {', '.join(waiting[:5])}")


def run_refresh(settings: Settings, *, site: bool = True, force: bool = False, progress: Progress) -> Outcome:
    """Runs the job where something changed since the last publication (or `force`), else says so.

    Raises OutturnError (exit code 1) where a step or a gate failed, or a closed month is not what it was; what readers
    see is then untouched.
    """
    begun = time.monotonic()
    prepare(settings)
    _settle(settings, progress)
    with writer_lock(settings):
        require_sound(settings)
        verified(settings)
        kpi_rules.read(settings)
        due = pending(settings, site=site)
        if not due.reasons and not force and (late := behind(settings)):
            progress.say(f"Nothing new; bringing publication {due.publication} to {', '.join(late)}.")
            bring_up_to_date(settings, site=site)
    if not due.reasons and not force:
        return Outcome(
            changed=False,
            seconds=time.monotonic() - begun,
            reasons=(),
            manifest=current_manifest(settings) or {},
            refresh={},
            targets=deliveries(settings),
        )
    progress.say("Refresh: " + ("; ".join(due.reasons) or "asked for") + ".")
    _execute(settings, site=site, progress=progress)
    return Outcome(
        changed=True,
        seconds=time.monotonic() - begun,
        reasons=due.reasons,
        manifest=current_manifest(settings) or {},
        refresh=ended(settings, last=1)[0],
        targets=deliveries(settings),
    )


def as_json(outcome: Outcome) -> dict[str, Any]:
    return dataclasses.asdict(outcome)
