"""`make fuzz`: damaged files of every format through the inbox; prints a table and ends with 1 where one does harm.

    python -m benchmarks.fuzz [--count N] [--seed N] [--format NAME ...] [--keep FOLDER]

Each format's seeds are small files made by its tests (tests/unit/formats/seeds). What must hold for every damaged file:
it is loaded, refused with a reason, or known already; reading it raises nothing but a refusal; it takes under ten
seconds of the processors' time (other work on the machine is not its fault); the process stays under 1 GiB; every row
and amount that was read is loaded, rejected or unchanged; nothing is written outside the data home.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import pkgutil
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rich.console import Console

from benchmarks.mutate import mutants

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 10.0
MEBIBYTES = 1024
_BATCH = 2_500
OWN_PARTIES = ("DE111111111", "DE123456789", "Brinkholt Networks GmbH")


def formats() -> dict[str, dict[str, bytes]]:
    """Format -> its seed files: every function of a seeds module that needs no argument and gives names and bytes."""
    package = importlib.import_module("tests.unit.formats.seeds")
    found: dict[str, dict[str, bytes]] = {}
    for module in pkgutil.iter_modules(package.__path__):
        names = vars(importlib.import_module(f"{package.__name__}.{module.name}"))
        for name, function in names.items():
            if not inspect.isfunction(function) or name.startswith("_"):
                continue
            needed = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
            if function.__module__ != f"{package.__name__}.{module.name}" or needed:
                continue
            made = function()
            if isinstance(made, Mapping) and all(isinstance(value, bytes) for value in made.values()):
                found.setdefault(module.name, {}).update(made)
    return found


def land(folder: Path, name: str, *, count: int, seed: int) -> dict[str, Any]:
    """Lands `count` damaged files of a format in a data home below `folder`; what happened, and what must not have."""
    from benchmarks.java_worker import Converter
    from pipelines.formats.schedules import mpxj
    from pipelines.landing import land as landing
    from pipelines.landing import land_inbox
    from pipelines.settings import Settings

    home = folder / "home"
    settings = Settings(
        home=home, settle_seconds=0, fixed_now=datetime(2026, 11, 1, tzinfo=UTC), own_parties=OWN_PARTIES
    )
    settings.create_home(pseudonym_key="0" * 64)
    slow: list[str] = []
    take = landing.Landing.take

    def timed(self: Any, arrival: Any) -> None:
        begun = time.process_time()
        take(self, arrival)
        if (spent := time.process_time() - begun) > SECONDS:
            slow.append(f"{arrival.file.relative}: {spent:.1f} s")

    landing.Landing.take = timed
    converter = Converter()
    mpxj.subprocess = SimpleNamespace(run=converter, TimeoutExpired=subprocess.TimeoutExpired)
    dropped = 0
    for file, data in mutants(formats()[name], count=count, seed=seed):
        (settings.inbox / "erp" / file).write_bytes(data)
        dropped += 1
    result = land_inbox(settings)
    converter.end()
    if converter.slowest > SECONDS:
        slow.append(f"a conversion by MPXJ: {converter.slowest:.1f} s")
    faults = [f"{f.file_name}: {f.reason}" for f in result.files if "a fault of the programme" in (f.reason or "")]
    unfair = [
        f"{f.file_name}: {t.table} {t.rows_read} read"
        for f in result.files
        for t in f.tables
        if t.rows_read != t.rows_loaded + t.rows_rejected + t.rows_unchanged
    ]
    wordless = [f.file_name for f in result.files if f.status == "refused" and not f.reason]
    strangers = [str(path) for path in folder.iterdir() if path != home]
    left = [str(path) for feed in settings.inbox.iterdir() for path in feed.iterdir()]
    harm = [*faults, *slow, *unfair, *wordless, *strangers, *left]
    if len(result.files) != dropped:
        harm.append(f"{dropped} dropped, {len(result.files)} told of")
    return {
        "dropped": dropped,
        "status": Counter(f.status for f in result.files),
        "rows": sum(t.rows_read for f in result.files for t in f.tables),
        "rejected": sum(t.rows_rejected for f in result.files for t in f.tables),
        "slowest": max((f.seconds for f in result.files), default=0.0),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "harm": harm,
    }


def run(name: str, *, count: int, seed: int, keep: Path | None = None) -> dict[str, Any]:
    """As `land`, in batches, each in a process of its own; one that dies is harm too."""
    total: dict[str, Any] = {"dropped": 0, "status": Counter(), "rows": 0, "rejected": 0, "memory": 0, "harm": []}
    for number, done in enumerate(range(0, count, _BATCH)):
        with tempfile.TemporaryDirectory(prefix="outturn-fuzz-") as scratch:
            folder = Path(scratch) if keep is None else keep / f"{name}-{number}"
            folder.mkdir(parents=True, exist_ok=True)
            batch = min(_BATCH, count - done)
            command = [sys.executable, "-m", "benchmarks.fuzz", "--land", name, "--folder", str(folder)]
            command += ["--count", str(batch), "--seed", str(seed * 1_000 + number)]
            try:
                ended = subprocess.run(
                    command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60 + batch * SECONDS
                )
            except subprocess.TimeoutExpired:
                total["harm"].append(f"batch {number}: did not end")
                continue
        if ended.returncode:
            total["harm"].append(f"batch {number} died with {ended.returncode}: {ended.stderr[-500:]}")
            continue
        found = json.loads(ended.stdout.splitlines()[-1])
        total["status"].update(found["status"])
        for key in ("dropped", "rows", "rejected"):
            total[key] += found[key]
        total["memory"] = max(total["memory"], found["memory"])
        total["harm"] += found["harm"]
        if found["memory"] > MEBIBYTES:
            total["harm"].append(f"batch {number}: {found['memory']} MiB")
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000, help="damaged files of each format")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", action="append", dest="names")
    parser.add_argument("--keep", type=Path, help="keep the data homes here, to look at a fault")
    parser.add_argument("--land", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    console = Console(width=200)
    if arguments.land:
        found = land(arguments.folder, arguments.land, count=arguments.count, seed=arguments.seed)
        console.file.write(json.dumps(found) + "\n")
        return
    lines = [
        "| format | files | loaded | refused | known already | rows read | rejected | peak MiB |",
        "|---|" + "---:|" * 7,
    ]
    harm: list[str] = []
    for name in arguments.names or sorted(formats()):
        found = run(name, count=arguments.count, seed=arguments.seed, keep=arguments.keep)
        status = found["status"]
        cells = (
            name, f"{found['dropped']:,}", f"{status['loaded']:,}", f"{status['refused']:,}",
            f"{status['duplicate']:,}", f"{found['rows']:,}", f"{found['rejected']:,}", f"{found['memory']:,}",
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
        harm += [f"{name}: {what}" for what in found["harm"]]
        console.print(lines[-1], markup=False, highlight=False)
    console.print("\n".join(["", *lines, "", *(harm or ["No harm done."])]), markup=False, highlight=False)
    sys.exit(1 if harm else 0)


if __name__ == "__main__":
    main()
