"""What each refresh did: steps, seconds, rows, how it ended; and the lock that keeps one writer.

`warehouse/running.json` is the refresh under way, `warehouse/refreshes.jsonl` the ended ones. A refresh that was
killed leaves the first behind; the next one writes it down as killed.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from pipelines.errors import WarehouseBusy, WarehouseDamaged
from pipelines.redaction import redacted
from pipelines.retry import retried
from pipelines.settings import Settings
from pipelines.version import code_version

# longer than any model of a refresh takes; dbt ends with the model at which it finds its parent gone
_LEFTOVER_SECONDS = 120.0


def _running(settings: Settings) -> Path:
    return settings.warehouse_dir / "running.json"


def _ended(settings: Settings) -> Path:
    return settings.warehouse_dir / "refreshes.jsonl"


def _naive(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")


def _lock(settings: Settings, file: TextIO) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        raise WarehouseBusy(
            "another refresh is running",
            where=str(settings.home),
            value=f"process {holder}",
            remedy="wait until it has ended; `outturn status` shows how far it is",
        ) from error


@contextmanager
def writer_lock(settings: Settings, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Holds the warehouse for one writer; released by the kernel when the process dies, however it dies.

    Raises WarehouseBusy, naming the process, where another one still holds it after `wait_seconds`.
    """
    settings.warehouse_dir.mkdir(parents=True, exist_ok=True)
    path = settings.warehouse_dir / "writer.lock"
    with path.open("a+", encoding="ascii") as file:
        retried(lambda: _lock(settings, file), seconds=wait_seconds)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        _wait_for_leftovers(settings)
        if (settings.warehouse_dir / "replacing.json").exists():
            from pipelines.replacement import finish

            finish(settings)  # a replay was killed while its warehouse took the old one's place
        yield


@contextmanager
def queueing(settings: Settings, *, run_id: str) -> Iterator[None]:
    """Shows, for as long as its process lives, that a run waits for the writer's lock: not dead, only not first."""
    settings.warehouse_dir.mkdir(parents=True, exist_ok=True)
    path = settings.warehouse_dir / f"queueing-{run_id}"
    with path.open("a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def is_queueing(settings: Settings, *, run_id: str) -> bool:
    """Whether a run waits for the lock in a process that lives; what a dead one left is removed."""
    path = settings.warehouse_dir / f"queueing-{run_id}"
    try:
        with path.open("r", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _wait_for_leftovers(settings: Settings) -> None:
    """A killed refresh may leave its dbt process behind, which ends by itself; nobody else may hold the file.

    Raises WarehouseBusy where the file is still held after `_LEFTOVER_SECONDS`.
    """
    if not settings.warehouse.exists():
        return
    import duckdb

    deadline = time.monotonic() + _LEFTOVER_SECONDS
    while True:
        try:
            duckdb.connect(str(settings.warehouse), read_only=True).close()
            return
        except duckdb.Error as error:
            # a damaged block is no lock
            if "could not set lock" not in str(error).lower():
                return  # damage is said by whoever reads it
            if time.monotonic() > deadline:
                raise WarehouseBusy(
                    "another process holds the private warehouse",
                    where=str(settings.warehouse),
                    value=str(error).splitlines()[0][-160:],
                    remedy="close it there; analysts read published/warehouse.duckdb",
                ) from error
            time.sleep(0.5)


def require_sound(settings: Settings) -> None:
    """Raises WarehouseDamaged where the private warehouse is there and is no database any more. The lock must be held.

    What is damaged further inside is found when it is read: DuckDB checks a sum of every block (`_said`).
    """
    if not settings.warehouse.exists():
        return
    import duckdb

    try:
        duckdb.connect(str(settings.warehouse), read_only=True).close()
    except duckdb.Error as error:
        raise WarehouseDamaged(
            "the private warehouse is damaged",
            where=str(settings.warehouse),
            value=str(error).splitlines()[0][:160],
            remedy=_REPLAY,
        ) from error


_REPLAY = "run `outturn replay`: it makes the warehouse anew from archive/; what is published stands until then"


def _said(error: BaseException) -> str:
    """An error as it may be written down: without secrets, and with what to do where the warehouse is damaged."""
    text = redacted(str(error))
    damaged = "Corrupt database file" in text or "not a valid DuckDB database file" in text
    return f"{text}; the private warehouse is damaged; to do: {_REPLAY}" if damaged else text


class RefreshRecord:
    """The refresh under way. Written to disk at each change, so that a kill leaves what was known."""

    def __init__(self, settings: Settings, content: dict[str, Any]) -> None:
        self._settings, self.content = settings, content

    @classmethod
    def begin(cls, settings: Settings, *, run_id: str) -> RefreshRecord:
        """Starts the record of a run; one that a kill left behind is written down first."""
        with suppress(FileNotFoundError):
            left = json.loads(_running(settings).read_text(encoding="utf-8"))
            cls(settings, left).end("killed", message="the process ended before the refresh did")
        moment = settings.now()
        record = cls(
            settings,
            {
                "refresh_id": f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{run_id[:8]}",
                "started_at": _naive(moment),
                "as_of": _naive(moment),
                "base_currency": settings.base_currency,
                "code_version": code_version(),
                "seconds_by_step": {},
                "rows_by_step": {},
                "files_loaded": 0,
                "files_refused": 0,
                "files_duplicate": 0,
                "rows_loaded": 0,
                "rows_rejected": 0,
            },
        )
        record.save()
        return record

    @classmethod
    def open(cls, settings: Settings) -> RefreshRecord:
        """The record of the refresh under way (its steps may run in another process than its start)."""
        return cls(settings, json.loads(_running(settings).read_text(encoding="utf-8")))

    def save(self) -> None:
        path = _running(self._settings)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(self.content, default=str), encoding="utf-8")
        fresh.replace(path)

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """Times one step; the block puts `rows` and whatever else is to be added up into the dictionary it gets."""
        begun = time.monotonic()
        found: dict[str, Any] = {}
        try:
            yield found
        except Exception as error:
            self.content["message"] = self.content.get("message") or f"{name}: {_said(error)}"
            raise
        finally:
            self.content["seconds_by_step"][name] = round(time.monotonic() - begun, 3)
            if "rows" in found:
                self.content["rows_by_step"][name] = found.pop("rows")
            for key, value in found.items():
                self.content[key] = self.content.get(key, 0) + value if isinstance(value, int) else value
            self.save()

    def as_row(self, status: str, *, message: str | None = None) -> dict[str, Any]:
        """The record as a row of ops.refreshes."""
        row = {**self.content, "status": status, "message": message, "ended_at": _naive(self._settings.now())}
        return {k: json.dumps(v, sort_keys=True) if isinstance(v, dict) else v for k, v in row.items()}

    def end(self, status: str, *, message: str | None = None) -> None:
        with _ended(self._settings).open("a", encoding="utf-8") as file:
            file.write(json.dumps(self.as_row(status, message=message), default=str) + "\n")
            file.flush()
            os.fsync(file.fileno())
        _running(self._settings).unlink(missing_ok=True)


def running(settings: Settings) -> dict[str, Any] | None:
    with suppress(FileNotFoundError):
        return json.loads(_running(settings).read_text(encoding="utf-8"))
    return None


def ended(settings: Settings, *, last: int = 100) -> list[dict[str, Any]]:
    """The last ended refreshes, oldest first."""
    with suppress(FileNotFoundError):
        lines = _ended(settings).read_text(encoding="utf-8").splitlines()[-last:]
        return [json.loads(line) for line in lines if line.strip()]
    return []
