"""`outturn serve`: Dagster's UI and daemon, and the published site, until stopped. Loopback unless told otherwise."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from pipelines.dagster_home import prepare
from pipelines.errors import ConfigurationError
from pipelines.progress import Progress
from pipelines.settings import Settings
from pipelines.version import ROOT


def _site_folder(settings: Settings, audience: str | None) -> Path:
    """Raises ConfigurationError where no audience is called so."""
    if audience is None:
        return settings.published / "site"
    for one in settings.audiences:
        if one.name == audience:
            return settings.published / "audiences" / one.folder / "site"
    raise ConfigurationError("no such audience", value=audience, valid=[one.name for one in settings.audiences])


def run_serve(
    settings: Settings,
    *,
    host: str,
    dagster_host: str,
    audience: str | None,
    site_port: int,
    dagster_port: int,
    progress: Progress,
) -> None:
    """Blocks until SIGINT or SIGTERM; both servers end with it. `host`: where the site listens; Dagster has a host of
    its own, so that showing the site to others does not let them start and stop refreshes."""
    from pipelines.publishing.serve import serve

    folder = _site_folder(settings, audience)
    prepare(settings)
    dagster = subprocess.Popen(
        [
            str(Path(sys.executable).parent / "dagster"),
            "dev",
            "--module-name",
            "pipelines.definitions",
            "--host",
            dagster_host,
            "--port",
            str(dagster_port),
        ],
        cwd=ROOT,
        start_new_session=True,
    )
    site = threading.Thread(target=serve, args=(folder,), kwargs={"host": host, "port": site_port}, daemon=True)
    site.start()
    progress.say(f"Dagster: http://{dagster_host}:{dagster_port}   site: http://{host}:{site_port}   stop with Ctrl-C")
    # a list, not an Event: setting an Event in a handler while the main thread waits for it locks both for ever
    signals: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: signals.append(received))
    while not signals and dagster.poll() is None:
        time.sleep(0.5)
    # dagster dev does not hand SIGTERM on to its code server: the whole process group gets it, then SIGKILL
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            subprocess.run(["kill", f"-{number.value}", "--", f"-{dagster.pid}"], check=False, capture_output=True)
            dagster.wait(15)
            return
        except subprocess.TimeoutExpired:
            continue
