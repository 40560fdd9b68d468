"""`make bench`: times of the demo firm's refresh beside their floors; prints a table and writes it.

    python -m benchmarks.run [--scale N] [--out FILE]

Seconds depend on the machine and on who else uses it; the ratios in the last column are what is compared.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).resolve().parents[1]
OUTTURN = str(Path(sys.executable).parent / "outturn")
DBT = str(Path(sys.executable).parent / "dbt")


@dataclass(frozen=True, kw_only=True)
class Measure:
    what: str
    seconds: float
    beside: str = ""
    ratio: float | None = None

    def cells(self) -> tuple[str, str, str]:
        beside = f"{self.ratio:.2f} × {self.beside}" if self.ratio is not None else self.beside
        return self.what, f"{self.seconds:.1f}", beside


def _timed(command: Sequence[str], environment: dict[str, str]) -> tuple[float, str]:
    begun = time.monotonic()
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    seconds = time.monotonic() - begun
    if run.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {run.returncode}\n{run.stdout[-2000:]}\n{run.stderr[-4000:]}")
    return seconds, run.stdout


def _floor_read(home: Path) -> float:
    """DuckDB's own reader over the time-sheet files as they lie in the inbox, into typed columns."""
    code = (
        "import duckdb, sys\n"
        "c = duckdb.connect(config={'threads': 2})\n"
        "files = sys.argv[1:]\n"
        "c.execute('create table t as select * from read_csv(?, union_by_name=true, ignore_errors=true)', [files])\n"
    )
    files = [
        str(p)
        for p in sorted((home / "inbox" / "timesheets").rglob("time_entry*"))
        if p.name.endswith((".csv", ".csv.gz"))
    ]
    return _timed([sys.executable, "-c", code, *files], dict(os.environ))[0] if files else 0.0


def measure(scale: int, work: Path) -> list[Measure]:
    """Runs everything once in a fresh data home under `work`."""
    from benchmarks import forecast_scale
    from pipelines.commands.demo import AS_OF
    from pipelines.demo import write_demo
    from pipelines.settings import load_settings
    from pipelines.warehouse import dbt_variables

    home = work / "home"
    settings = load_settings(home)
    settings.create_home()
    begun = time.monotonic()
    report = write_demo(home, scale=scale)
    generated = time.monotonic() - begun
    entries = report.rows["time_entry"]
    read = _floor_read(home)
    environment = {**os.environ, "OUTTURN_HOME": str(home), "OUTTURN_NOW": AS_OF, "OUTTURN_SETTLE_SECONDS": "0"}

    cold, printed = _timed([OUTTURN, "refresh", "--no-site", "--json"], environment)
    refresh = json.loads(printed)["refresh"]
    steps = json.loads(refresh["seconds_by_step"])
    working = sum(steps.values())
    landing = sum(seconds for step, seconds in steps.items() if step.startswith("land_"))
    gates = sum(seconds for step, seconds in steps.items() if step.startswith("gate_"))
    again, printed = _timed([OUTTURN, "refresh", "--no-site", "--json"], environment)
    if json.loads(printed)["changed"]:
        raise SystemExit("the second refresh did not say that nothing changed")
    bare, _ = _timed(
        [DBT, "build", "--vars", json.dumps(dbt_variables(load_settings(home))), "--profiles-dir", "dbt_project",
         "--project-dir", "dbt_project", "--target-path", str(work / "target"), "--log-path", str(work / "log")],
        {**environment, "OUTTURN_WAREHOUSE": str(settings.warehouse)},
    )  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    forecasts = forecast_scale.measure(settings.warehouse, work)
    return [
        Measure(what=f"write the demo firm's files ({entries:,} time entries)", seconds=generated),
        Measure(what="demo refresh, without the site", seconds=cold),
        Measure(
            what="  of it orchestration: start, Dagster, between the steps",
            seconds=cold - working,
            beside="of the refresh",
            ratio=(cold - working) / cold,
        ),
        Measure(what="  of it landing all files", seconds=landing, beside="of the refresh", ratio=landing / cold),
        Measure(what="  of it Great Expectations gates", seconds=gates, beside="of the refresh", ratio=gates / cold),
        Measure(
            what="  of it dbt inside the job",
            seconds=steps["build_models"],
            beside="bare `dbt build` of the same models",
            ratio=steps["build_models"] / bare,
        ),
        Measure(what="floor: bare `dbt build` on the same warehouse, parsing included", seconds=bare),
        Measure(what="floor: DuckDB's CSV reader over the same CSV time sheets, process start included", seconds=read),
        Measure(what="refresh with nothing changed", seconds=again, beside="of the refresh", ratio=again / cold),
        Measure(what=f"peak memory of one process: {peak:,.0f} MiB", seconds=0.0),
        Measure(
            what=f"forecast marts of 10,000 projects × 36 months ({forecasts.rows:,} rows, simulated; "
            f"{forecasts.cpu_seconds:.0f} s of processor, {forecasts.peak:,.0f} MiB)",
            seconds=forecasts.seconds,
            beside="goal",
            ratio=forecasts.seconds / forecast_scale.GOAL_SECONDS,
        ),
    ]


def table(rows: Sequence[Measure], scale: int) -> str:
    """The results as Markdown."""
    head = f"Scale {scale}; Python {platform.python_version()}, {os.cpu_count()} cores.\n\n"
    lines = ["| what | seconds | beside |", "|---|---:|---|"]
    lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    return head + "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "bench" / "results.md")
    arguments = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="outturn-bench-"))
    try:
        text = table(measure(arguments.scale, work), arguments.scale)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(text, encoding="utf-8")
    Console().print(text, markup=False, highlight=False)


if __name__ == "__main__":
    main()
