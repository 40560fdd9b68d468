"""The section [kpi] of outturn.toml, checked setting by setting, and what it makes of a foreign project name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase

from pipelines.formats.base import Context
from pipelines.formats.erp.options import block, chosen, text, wrong

SECTION = "kpi"
AGGREGATES = ("sum", "mean", "max", "min")
PROJECT_FROM = ("managed_element", "sender", "object")
PART_DAYS = ("refuse", "replace")
PERIODS = ("month", "day")
KINDS = ("nps", "csat")


@dataclass(frozen=True, kw_only=True)
class Options:
    """`aggregate`: counter, or pattern with `*` -> how its values of a day become one. `projects`: foreign name, or
    pattern -> project. `surveys`: question -> kind. `labels`: answer as shown -> score."""

    project_from: str
    aggregate: Mapping[str, str]
    part_days: str
    period: str
    projects: Mapping[str, str]
    project_column: str | None
    customer_column: str | None
    surveys: Mapping[str, str]
    labels: Mapping[str, Decimal]

    def aggregation(self, counter: str) -> str | None:
        """How a counter is added up; None where nothing is declared for it."""
        return _longest(self.aggregate, counter)

    def project(self, name: str) -> str:
        """The project that a foreign name stands for; the name itself where the section does not know it."""
        return _longest(self.projects, name) or name

    def resolved(self, names: Iterable[str]) -> Mapping[str, str]:
        return {name: self.project(name) for name in names}


def _longest(patterns: Mapping[str, str], name: str) -> str | None:
    """By its own name, else by the longest pattern that fits: the narrower one was written with it in mind."""
    if name in patterns:
        return patterns[name]
    fitting = [pattern for pattern in patterns if "*" in pattern and fnmatchcase(name, pattern)]
    return patterns[max(fitting, key=len)] if fitting else None


def options_of(context: Context) -> Options:
    """Raises RefusedFile naming the setting that cannot be used."""
    return Options(
        project_from=_one(context, "project_from", PROJECT_FROM),
        aggregate=block(context, SECTION, "aggregate", AGGREGATES),
        part_days=_one(context, "part_days", PART_DAYS),
        period=_one(context, "period", PERIODS),
        projects=block(context, SECTION, "projects"),
        project_column=text(context, SECTION, "project_column"),
        customer_column=text(context, SECTION, "customer_column"),
        surveys=block(context, SECTION, "surveys", KINDS),
        labels=_labels(context),
    )


def _one(context: Context, name: str, valid: Sequence[str]) -> str:
    """One of `valid`, the first where nothing is set."""
    return chosen(context, SECTION, name, valid) or valid[0]


def _labels(context: Context) -> Mapping[str, Decimal]:
    value = context.option(SECTION, "labels", {})
    valid = "a block of answer = score"
    if not isinstance(value, Mapping):
        raise wrong(f"[{SECTION}.labels]", value, valid)
    for score in value.values():
        if isinstance(score, bool) or not isinstance(score, (int, float)):
            raise wrong(f"[{SECTION}.labels]", score, valid)
    return {str(label).strip().casefold(): Decimal(str(score)) for label, score in value.items()}
