"""Progress for people: a live line per step on a terminal, plain lines elsewhere. Always on standard error.

Standard output belongs to results, and to `--json`.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from rich.console import Console

if TYPE_CHECKING:
    import dagster as dg

_TITLES = {
    "build_models": "Build the models",
    "dbt_models": "Build the models",
    "gate_published": "Check what will be published",
    "publication__warehouse": "Stage the snapshot",
    "publication__site": "Seal the snapshot, build the site",
    "publication__current": "Publish",
}


def title(step: str) -> str:
    if step in _TITLES:
        return _TITLES[step]
    verb, _, feed = step.partition("_")
    return {"land": f"Take in {feed}", "gate": f"Check {feed}"}.get(verb, step.replace("_", " "))


class Progress:
    """Prints `✓ Build the models  12.3 s` per step, and what went wrong where it did."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)
        self._begun: dict[str, float] = {}
        self._status = None
        self.errors: list[str] = []

    def say(self, text: str) -> None:
        self.console.print(text, markup=False)

    def start(self, step: str) -> None:
        self._begun[step] = time.monotonic()
        if self.console.is_terminal:
            self._status = self.console.status(f"{title(step)} …")
            self._status.start()

    def _stop(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def end(self, step: str, *, ok: bool = True) -> None:
        self._stop()
        seconds = time.monotonic() - self._begun.get(step, time.monotonic())
        self.say(f"{'✓' if ok else '✗'} {title(step):34} {seconds:7.1f} s")

    def error(self, text: str) -> None:
        self._stop()
        self.errors.append(text)


class _Handler(logging.Handler):
    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        meta: dict[str, Any] = getattr(record, "dagster_meta", None) or {}
        event = meta.get("dagster_event")
        step = meta.get("step_key") or (event.step_key if event is not None else None)
        if event is None or step is None:
            if record.levelno >= logging.ERROR and step is not None:
                self.progress.error(str(meta.get("orig_message") or record.getMessage()))
            return
        kind = event.event_type_value
        if kind == "STEP_START":
            self.progress.start(step)
        elif kind in ("STEP_SUCCESS", "STEP_FAILURE"):
            self.progress.end(step, ok=kind == "STEP_SUCCESS")


def progress_logger(progress: Progress) -> dg.LoggerDefinition:
    """A Dagster logger that turns step events into progress lines."""
    # imported here: it costs 1.7 s, which a refresh with nothing to do need not pay
    import dagster as dg

    @dg.logger(description="Progress lines of the command line")
    def progress_lines(_context: Any) -> logging.Logger:
        logger = logging.getLogger("outturn.progress")
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        logger.handlers = [_Handler(progress)]
        return logger

    return progress_lines
