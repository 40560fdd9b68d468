"""`make soak`: kill -9 at random moments of a refresh, and readers through refreshes; ends with 1 where one does harm.

    python -m benchmarks.soak [--points N] [--readers N] [--refreshes N] [--seed N] [--keep FOLDER]

Points: a copy of the demo firm's home before its first refresh is refreshed and killed with everything it started at
a moment drawn over the length of an undisturbed refresh; then readers see the old state or the new one, whole; run
again, the ordered contents of every published table are those of the undisturbed refresh.
Readers: processes that open what is published, again and again, while it is refreshed: no error, no half state, and no
refresh waits for them. The short versions are tests (tests/integration/test_killed.py, tests/unit/test_readers.py).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console

from pipelines.commands.demo import AS_OF
from pipelines.demo import write_demo
from pipelines.settings import load_settings

OUTTURN = str(Path(sys.executable).parent / "outturn")
# what tells of the refresh itself and of when it ran
EXEMPT_TABLES = frozenset({"ops.refreshes"})
EXEMPT_COLUMNS = {"ops.check_results": "checked_at"}
_DEADLINE = 600.0


def ordered_contents(snapshot: Path) -> dict[str, str]:
    """A hash of the ordered contents of each published table, but for what tells of the refresh itself."""
    found = {}
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        for (table,) in tables:
            if table in EXEMPT_TABLES:
                continue
            but = f"exclude ({EXEMPT_COLUMNS[table]})" if table in EXEMPT_COLUMNS else ""
            rows = connection.execute(f"select * {but} from {table} order by all").fetchall()
            found[table] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OUTTURN_", "DAGSTER_"))}
    return {**kept, "OUTTURN_NOW": AS_OF, "OUTTURN_SETTLE_SECONDS": "0"}


def start_refresh(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A refresh without the site, in a process group of its own."""
    return subprocess.Popen(
        [OUTTURN, "--home", str(home), "refresh", "--no-site", *arguments],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def kill_after(process: subprocess.Popen[bytes], seconds: float, *, with_children: bool) -> bool:
    """Kills a refresh so long after now, alone or with all it started; False where it had ended before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    alive = process.poll() is None
    if alive and with_children:
        os.killpg(process.pid, signal.SIGKILL)
    elif alive:
        process.kill()
    process.wait()
    if process.stderr:
        process.stderr.close()
    return alive


def whole(home: Path) -> str | None:
    """What is wrong with what readers see now; None where it is whole, or nothing is published yet."""
    folder = home / "published" / "current"
    if not folder.exists():
        return None
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((folder / "warehouse.duckdb").read_bytes()).hexdigest()
    return None if digest == manifest["warehouse"]["sha256"] else "the published warehouse is not its manifest's"


def point(before: Path, undisturbed: Mapping[str, str], folder: Path, *, seconds: float, with_children: bool) -> str:
    """One point: '' where all held, else what did not."""
    home = folder / "home"
    shutil.copytree(before, home, symlinks=True)
    try:
        kill_after(start_refresh(home), seconds, with_children=with_children)
        if trouble := whole(home):
            return trouble
        again = start_refresh(home)
        _, said = again.communicate(timeout=1800)
        if again.returncode:
            return f"run again it ended with {again.returncode}: {said.decode(errors='replace')[-300:]}"
        found = ordered_contents(home / "published" / "warehouse.duckdb")
        differing = sorted(name for name in {*found, *undisturbed} if found.get(name) != undisturbed.get(name))
        return f"differs: {', '.join(differing[:5])}" if differing else ""
    finally:
        shutil.rmtree(home, ignore_errors=True)


@dataclass(kw_only=True)
class Read:
    """What the readers met: rounds of all of them together, and what went wrong."""

    rounds: int = 0
    publications: int = 0
    troubles: list[str] = field(default_factory=list)


def _round(published: str) -> None:
    """What an analyst and a web server do. Raises where a part of one publication stands beside one of another."""
    with duckdb.connect(f"{published}/warehouse.duckdb", read_only=True) as connection:
        connection.execute("select count(*) from ops.refreshes").fetchone()
    folder = os.path.realpath(f"{published}/current")
    with open(f"{folder}/manifest.json", encoding="utf-8") as file:  # noqa: PTH123
        manifest = json.load(file)
    with duckdb.connect(f"{folder}/warehouse.duckdb", read_only=True) as connection:
        inside = connection.execute("select refresh_id from ops.refreshes order by rowid desc limit 1").fetchone()
        tables = connection.execute("select schema_name, table_name from duckdb_tables() where not internal").fetchall()
        for schema, table in tables:
            connection.execute(f'select count(*) from "{schema}"."{table}"').fetchone()
    if inside != (manifest["refresh_id"],):
        raise AssertionError(f"manifest of {manifest['refresh_id']} beside the warehouse of {inside}")
    if manifest.get("site") and not os.path.exists(f"{folder}/site/index.html"):  # noqa: PTH110
        raise AssertionError("a manifest with a site, and no site")


def _reader(published: str, rounds: Synchronized[int], stop: Any, troubles: Any) -> None:
    while not stop.is_set():
        try:
            _round(published)
        except Exception as error:
            troubles.put(f"{type(error).__name__}: {error}"[:300])
            return
        rounds.value += 1


def read_through(published: Path, publish: Callable[[int], None], *, readers: int, publications: int) -> Read:
    """Lets processes read while `publish` is called `publications` times; between two of them every reader reads at
    least once. Something must be published before."""
    context = multiprocessing.get_context("spawn")
    stop, troubles = context.Event(), context.Queue()
    rounds = [context.Value("L", 0) for _ in range(readers)]
    processes = [
        context.Process(target=_reader, args=(str(published), counter, stop, troubles), daemon=True)
        for counter in rounds
    ]
    result = Read()

    def all_read() -> bool:
        """Waits until each has read once more; False where one cannot any more."""
        before, deadline = [counter.value for counter in rounds], time.monotonic() + _DEADLINE
        while any(counter.value <= value for counter, value in zip(rounds, before, strict=True)):
            if not all(process.is_alive() for process in processes):
                return False
            if time.monotonic() > deadline:
                result.troubles.append("a reader stood still")
                return False
            time.sleep(0.01)
        return True

    for process in processes:
        process.start()
    try:
        for number in range(publications):
            if not all_read():
                break
            publish(number)
            result.publications += 1
        all_read()
    finally:
        stop.set()
        for process in processes:
            process.join(30)
            process.kill()
    while not troubles.empty():
        result.troubles.append(troubles.get())
    result.rounds = sum(counter.value for counter in rounds)
    return result


def _undisturbed(folder: Path) -> tuple[Path, Path, float]:
    """A home before its first refresh, another one after it, and how long that took."""
    before, after = folder / "before", folder / "after"
    settings = load_settings(before, environment=environment())
    settings.create_home()
    write_demo(before, scale=1)
    shutil.copytree(before, after, symlinks=True)
    begun = time.monotonic()
    process = start_refresh(after)
    _, said = process.communicate()
    if process.returncode:
        raise SystemExit(f"the undisturbed refresh failed: {said.decode(errors='replace')[-2000:]}")
    return before, after, time.monotonic() - begun


def _points(console: Console, folder: Path, *, count: int, seed: int) -> int:
    before, after, seconds = _undisturbed(folder)
    undisturbed = ordered_contents(after / "published" / "warehouse.duckdb")
    console.print(
        f"An undisturbed refresh takes {seconds:.0f} s and publishes {len(undisturbed)} tables that are compared."
    )
    draw, harmed = random.Random(seed), 0
    for number in range(1, count + 1):
        moment, with_children = draw.uniform(0, seconds), bool(number % 2)
        trouble = point(before, undisturbed, folder / "point", seconds=moment, with_children=with_children)
        harmed += bool(trouble)
        how = "all of it" if with_children else "its first process"
        console.print(f"{number:4} killed {how} after {moment:6.1f} s: {trouble or 'same marts'}")
    return harmed


def _readers(console: Console, folder: Path, *, readers: int, refreshes: int) -> int:
    home = folder / "after"
    if not home.exists():
        _undisturbed(folder)
    waits: list[float] = []

    def refresh(_: int) -> None:
        begun = time.monotonic()
        process = start_refresh(home, "--force")
        _, said = process.communicate()
        if process.returncode:
            raise SystemExit(f"a refresh failed beside readers: {said.decode(errors='replace')[-2000:]}")
        waits.append(time.monotonic() - begun)

    found = read_through(home / "published", refresh, readers=readers, publications=refreshes)
    console.print(
        f"{readers} readers, {found.publications} refreshes of {min(waits, default=0):.0f} to "
        f"{max(waits, default=0):.0f} s, {found.rounds} rounds: {found.troubles or 'no error, no half state'}"
    )
    return len(found.troubles) + (found.publications < refreshes)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--refreshes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--keep", type=Path, help="work in this folder, which must not be there, and leave it")
    options = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=not options.keep)
        harmed = 0
        if options.points:
            harmed += _points(console, folder, count=options.points, seed=options.seed)
        if options.readers:
            harmed += _readers(console, folder, readers=options.readers, refreshes=options.refreshes)
    return 1 if harmed else 0


if __name__ == "__main__":
    sys.exit(main())
