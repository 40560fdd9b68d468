"""Which class an account has: by configuration, else by a chart that a format brings along. Never by its name.

A chart is a list of prefixes, ranges and codes with a class each, as text: `4000`, `43*`, `4000-4999`. A range holds
sub-accounts too: 40001 lies in 4000-4999, because 4000 does. The narrowest entry wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pipelines.contracts import contracts
from pipelines.errors import RefusedFile

COST_CLASSES = ("labour", "subcontract", "material", "uninstalled_material", "equipment", "travel", "other")
_RANGE = re.compile(r"^([0-9]{1,12})\s*-\s*([0-9]{1,12})$")
_PREFIX = re.compile(r"^([0-9A-Za-z]{1,12})\*$")


@cache
def classes() -> tuple[str, ...]:
    """The classes of the contract `account`."""
    return contracts()["account"].column("class").codes


@dataclass(frozen=True)
class _Entry:
    low: str  # the first characters of the codes that it holds, all of one length
    high: str
    account_class: str
    whole: bool = False  # the code itself and none below it

    def holds(self, code: str) -> bool:
        return (not self.whole or code == self.low) and self.low <= code[: len(self.low)] <= self.high

    @property
    def width(self) -> tuple[bool, float]:
        """Less is narrower: codes before prefixes and ranges, then by the share of all codes that it takes."""
        size = int(self.high) - int(self.low) + 1 if self.low.isdigit() and self.high.isdigit() else 1
        return not self.whole, size / 10 ** len(self.low)


@dataclass(frozen=True)
class Chart:
    """Entries, narrowest first."""

    entries: tuple[_Entry, ...]

    def of(self, code: str) -> str | None:
        """The class of an account; None where no entry holds it."""
        return next((entry.account_class for entry in self.entries if entry.holds(code)), None)

    def __bool__(self) -> bool:
        return bool(self.entries)


def _entry(key: str, account_class: str) -> _Entry | None:
    if span := _RANGE.match(key):
        low, high = span[1], span[2]
        return _Entry(low, high, account_class) if len(low) == len(high) and low <= high else None
    if prefix := _PREFIX.match(key):
        return _Entry(prefix[1], prefix[1], account_class)
    return _Entry(key, key, account_class, whole=True) if key else None


def chart(entries: Mapping[str, str] | Iterable[tuple[str, str]], *, where: str) -> Chart:
    """The chart of `entries`. Raises RefusedFile, naming `where`, for a key or a class that is none."""
    found = []
    for key, account_class in dict(entries).items():
        entry = _entry(str(key).strip(), str(account_class))
        if account_class not in classes():
            raise RefusedFile("unknown class of account", where=where, value=account_class, valid=classes())
        if entry is None:
            raise RefusedFile(
                "not an account, a prefix or a range", where=where, value=key, valid='"4000", "43*" or "4000-4999"'
            )
        found.append(entry)
    return Chart(tuple(sorted(found, key=lambda entry: entry.width)))
