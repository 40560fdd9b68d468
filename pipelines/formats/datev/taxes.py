"""Tax keys (BU-Schlüssel) of DATEV: what they do to an amount that is given gross.

A key has a digit for the tax and one in front for a correction: 2 general reversal, 4 no automatic tax, 8 both. Keys
that are not known here leave the amount gross, and a finding says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from pipelines.formats.datev.charts import FULL, REDUCED, Standard
from pipelines.formats.datev.options import Options

OLD_FULL, CUT_REDUCED = Decimal("0.16"), Decimal("0.05")
# key -> rate, input or output (§ 12 UStG)
_KEYS: Mapping[str, tuple[Decimal, str]] = {
    "2": (REDUCED, "output"),
    "3": (FULL, "output"),
    "5": (OLD_FULL, "output"),
    "7": (OLD_FULL, "input"),
    "8": (REDUCED, "input"),
    "9": (FULL, "input"),
}
# no tax in the amount: exempt, within the EU, and § 13b UStG, where both taxes are owed by us and cancel out
_NET_KEYS = frozenset({"1", "10", "11", "12", "13", "18", "19", "91", "92", "94", "95"})
# from 1 July to 31 December 2020 the same keys meant other rates (§ 28 UStG)
CUT_FROM, CUT_TO = date(2020, 7, 1), date(2020, 12, 31)
_CUT = {FULL: OLD_FULL, REDUCED: CUT_REDUCED, OLD_FULL: FULL}
_CORRECTIONS = {"2": (True, False), "4": (False, True), "8": (True, True)}  # reverses, takes the automatic tax off


@dataclass(frozen=True)
class Key:
    """What a key says. `rate` None: nobody knows what it does; 0: the amount has no tax in it."""

    rate: Decimal | None
    side: str | None  # input, output; None: as the account is moved
    reverses: bool = False
    no_automatic: bool = False
    is_fixed: bool = False  # of the configuration: the same rate on every day
    is_empty: bool = False


def read_key(text: str | None, options: Options) -> Key:
    """The meaning of a BU-Schlüssel; None and 0 are no key."""
    key = (text or "").strip().lstrip("0")
    if not key:
        return Key(rate=Decimal(0), side=None, is_empty=True)
    reverses = no_automatic = False
    if key in options.tax_keys:
        return Key(rate=options.tax_keys[key], side=_KEYS.get(key, (None, None))[1], is_fixed=True)
    if len(key) == 2 and key[0] in _CORRECTIONS:
        reverses, no_automatic = _CORRECTIONS[key[0]]
        key = key[1:].lstrip("0")
        if not key:
            return Key(Decimal(0), None, reverses, no_automatic, is_empty=True)
        if key in options.tax_keys:
            return Key(options.tax_keys[key], _KEYS.get(key, (None, None))[1], reverses, no_automatic, is_fixed=True)
    if key in _NET_KEYS:
        return Key(Decimal(0), None, reverses, no_automatic)
    rate, side = _KEYS.get(key, (None, None))
    return Key(rate, side, reverses, no_automatic)


def on_day(rate: Decimal, *, is_cut: bool) -> Decimal:
    """The rate that a key of today meant in the second half of 2020."""
    return _CUT.get(rate, rate) if is_cut else rate


class Automatic:
    """Accounts that post tax by themselves."""

    def __init__(self, options: Options, standard: Standard | None, length: int) -> None:
        self.own, self.standard, self.length = options.automatic, standard, length

    def of(self, account: str) -> tuple[Decimal, str | None] | None:
        """Rate and side, or None. The configuration goes first."""
        padded = account.zfill(self.length)
        for key, rate in self.own.items():
            if _within(padded, key) or key.lstrip("0") == account:
                return rate, None
        if self.standard is not None and len(account) <= self.length:
            for key, found in self.standard.automatic.items():
                if _within(padded, key):
                    return found
        return None


def _within(account: str, key: str) -> bool:
    low, _, high = key.partition("-")
    high = high or low
    return len(low) == len(high) and low <= account[: len(low)] <= high and (low != high or account == low)


@cache
def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f} %"


def tax_account(key: str, side: str, rate: Decimal, options: Options, standard: Standard | None, length: int) -> str:
    """Where the tax goes; by its own name where nobody says which account it is."""
    if key in options.tax_accounts:
        return options.tax_accounts[key]
    known = standard.tax_accounts.get((side, rate)) if standard is not None else None
    if known is not None:
        return known.ljust(length, "0")
    return f"{'Vorsteuer' if side == 'input' else 'Umsatzsteuer'} {_percent(rate)}"
