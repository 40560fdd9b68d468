"""What a gate found, and where it is kept until it is published.

One JSON file a suite under the work folder: publishing writes `ops.check_results` from it and `data_docs` its pages,
possibly in another process. It holds no cell of the data, only names of checks, counts, file names and lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipelines.quality.checks import Severity
from pipelines.settings import Settings


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One check's outcome. `rows` names up to 20 of the failing rows as (source_file_id, source_line)."""

    suite: str
    check_name: str
    schema_name: str
    model_name: str
    column_name: str | None
    severity: Severity
    passed: bool
    failing_rows: int
    message: str
    rows: tuple[tuple[str | None, str | None], ...] = ()
    fingerprint: str = ""
    # the outcome as Great Expectations reports it, for its data docs
    expectation: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def blocks(self) -> bool:
        return self.severity == "critical" and not self.passed


@dataclass(frozen=True, kw_only=True)
class GateResult:
    suite: str
    checks: tuple[CheckResult, ...]
    seconds: float
    checked_at: str  # UTC, to the second

    @property
    def blocked(self) -> bool:
        """Whether a critical check failed: then nothing may be published."""
        return any(check.blocks for check in self.checks)

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """What does not hold, critical first."""
        return tuple(sorted((c for c in self.checks if not c.passed), key=lambda c: not c.blocks))

    def summary(self) -> str:
        """One line: how many checks, and what does not hold."""
        critical = sum(c.blocks for c in self.checks)
        warnings = len(self.failures) - critical
        return f"{self.suite}: {len(self.checks)} checks, {critical} critical and {warnings} warnings do not hold"


def _file(settings: Settings, suite: str) -> Path:
    return settings.work / "quality" / f"{suite}.json"


def save_result(settings: Settings, result: GateResult) -> Path:
    path = _file(settings, result.suite)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(result) | {"blocked": result.blocked}, indent=1), encoding="utf-8")
    fresh.replace(path)
    return path


def load_result(settings: Settings, suite: str) -> GateResult | None:
    """The last result of a suite; None where it has not run since the work folder was emptied."""
    path = _file(settings, suite)
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    checks = (CheckResult(**c | {"rows": tuple(tuple(row) for row in c["rows"])}) for c in kept["checks"])
    return GateResult(suite=kept["suite"], checks=tuple(checks), seconds=kept["seconds"], checked_at=kept["checked_at"])


def load_results(settings: Settings) -> tuple[GateResult, ...]:
    """The last result of every suite that has one, in the order of the suites."""
    from data_tests.expectations import SUITES

    return tuple(result for suite in SUITES if (result := load_result(settings, suite)))
