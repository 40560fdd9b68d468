"""Lands an inbox in a process that kills itself at a named place, or goes on to the end. Run by test_killed.py.

Arguments: data home, place as `module:function`, `before` or `after`, how many calls to let pass.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from pipelines.landing import land_inbox
from pipelines.settings import Settings


def _kill_at(place: str, moment: str, passing: int) -> None:
    module_name, _, path = place.partition(":")
    owner: Any = import_module(module_name)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    original = getattr(owner, name)
    calls = 0

    def dying(*args: Any, **keys: Any) -> Any:
        nonlocal calls
        calls += 1
        if moment == "before" and calls > passing:
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **keys)
        if calls > passing:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, dying)


if __name__ == "__main__":
    home, place, moment, passing = sys.argv[1:]
    if place != "nowhere":
        _kill_at(place, moment, int(passing))
    land_inbox(
        Settings(
            home=Path(home),
            settle_seconds=0,
            fixed_now=datetime(2026, 11, 1, 5, 0, tzinfo=UTC),
            own_parties=("DE123456789",),
        )
    )
