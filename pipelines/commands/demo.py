"""`outturn demo`: the demo firm's files into an empty data home, then an ordinary refresh."""

from __future__ import annotations

import json
import os
from typing import Any

from pipelines.commands.refresh import Outcome, run_refresh
from pipelines.errors import ConfigurationError
from pipelines.progress import Progress
from pipelines.settings import Settings, load_settings

# The demo firm's books end on 2026-10-31; its refresh runs on the second working day after, whenever it is run.
AS_OF = "2026-11-03T05:00:00+00:00"
MARK = "demo.json"


def run_demo(settings: Settings, *, scale: int, site: bool, progress: Progress) -> tuple[Outcome, dict[str, Any]]:
    """Writes the files once (a second run finds them taken in and changes nothing) and refreshes.

    Raises ConfigurationError where the data home holds something else than this demo.
    """
    from pipelines.demo import write_demo

    mark = settings.home / MARK
    wanted = {"scale": scale}
    if mark.exists():
        found = json.loads(mark.read_text(encoding="utf-8"))
        if {key: found.get(key) for key in wanted} != wanted:
            raise ConfigurationError(
                "another demo lies here",
                where=str(settings.home),
                value=found,
                remedy=f"remove {settings.home} or set OUTTURN_HOME to an empty folder",
            )
        report = found
    else:
        if settings.home.exists() and any(settings.home.iterdir()):
            raise ConfigurationError(
                "the data home is not empty",
                where=str(settings.home),
                remedy="set OUTTURN_HOME to an empty folder; the demo never mixes with your own files",
            )
        settings.create_home()
        progress.say("Writing the demo firm's files …")
        demo = write_demo(settings.home, scale=scale)
        report = {**wanted, "files": demo.files, "rows": demo.rows, "seconds": round(demo.seconds, 1)}
        mark.write_text(json.dumps(report, default=str), encoding="utf-8")
        progress.say(f"{sum(demo.rows.values()):,} rows in {demo.files:,} files.")
    os.environ.setdefault("OUTTURN_NOW", AS_OF)
    os.environ["OUTTURN_HOME"] = str(settings.home)
    os.environ.setdefault("OUTTURN_SETTLE_SECONDS", "0")
    return run_refresh(load_settings(settings.home), site=site, progress=progress), report
