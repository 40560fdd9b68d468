"""`outturn service NAME`: one long-lived process for a service manager (docs/deploy): Dagster's daemon or UI, the site.

`outturn serve` starts all three for a workplace; here each lives and is restarted by itself.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipelines.dagster_home import prepare
from pipelines.settings import Settings
from pipelines.version import ROOT

NAMES = ("daemon", "webserver", "site")
_LOCATION = ["--module-name", "pipelines.definitions"]


def command_of(name: str, *, host: str, port: int) -> list[str]:
    """The program that becomes of the process, its arguments behind it."""
    programs = Path(sys.executable).parent
    if name == "daemon":
        return [str(programs / "dagster-daemon"), "run", *_LOCATION]
    return [str(programs / "dagster-webserver"), "--host", host, "--port", str(port), *_LOCATION]


def run_service(settings: Settings, *, name: str, host: str, port: int) -> None:
    """Does not return: Dagster takes this process's place, so that a service manager's signals reach it."""
    prepare(settings)
    if name == "site":
        from pipelines.publishing.serve import serve

        serve(settings.published / "site", host=host, port=port)
        return
    os.chdir(ROOT)
    command = command_of(name, host=host, port=port)
    os.execv(command[0], command)
