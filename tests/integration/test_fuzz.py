"""A short run of the fuzzing harness over every format; `make fuzz` is the long one."""

from __future__ import annotations

import importlib.util
import os
import shutil

import pytest

from benchmarks import fuzz

FORMATS = sorted(fuzz.formats())
# each of its files starts a Java machine: a second of work
SLOW = {"schedules_mpxj": 15}
HAS_MPXJ = all(importlib.util.find_spec(name) for name in ("mpxj", "jpype")) and (
    shutil.which("java") is not None or "JAVA_HOME" in os.environ
)


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_do_no_harm(name: str) -> None:
    if name == "schedules_mpxj" and not HAS_MPXJ:
        pytest.skip("MPXJ or a Java runtime is not installed")
    count = SLOW.get(name, 150)
    found = fuzz.run(name, count=count, seed=7)
    assert found["harm"] == []
    assert found["dropped"] == count
    # damage that nothing survives, or that nobody notices, would test nothing
    assert found["status"]["refused"] > 0
    assert found["status"]["loaded"] > 0


def test_harm_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """A reader that stumbles, instead of refusing, is named."""
    from pipelines.landing import land

    def stumble(*_, **__):
        raise KeyError("somewhere deep")

    monkeypatch.setattr(land, "recognise", stumble)
    found = fuzz.land(tmp_path, "tables", count=3, seed=1)
    assert len([what for what in found["harm"] if "a fault of the programme" in what]) == 3
