"""What a schedule file says about itself, made sure of: whose project it is, in which currency, at which date.

Nothing is guessed: what the file leaves open is settled by the section [schedule_files] of outturn.toml or refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from pipelines.contracts.iso4217 import CURRENCIES
from pipelines.errors import RefusedFile
from pipelines.formats.base import Context
from pipelines.formats.schedules.model import Link, Options, Task

SECTION = "schedule_files"
# signs that stand for one currency of ISO 4217 in practice; $, ¥ and kr stand for several and are not here
_SYMBOLS: Mapping[str, str] = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₩": "KRW", "₪": "ILS", "₺": "TRY", "₴": "UAH", "₫": "VND",
    "฿": "THB", "₱": "PHP", "₦": "NGN", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "лв": "BGN", "R$": "BRL", "US$": "USD",
    "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "HK$": "HKD", "NZ$": "NZD", "NT$": "TWD", "Mex$": "MXN",
    "CN¥": "CNY", "JP¥": "JPY", "RMB": "CNY", "SFr.": "CHF", "Fr.": "CHF",
}  # fmt: skip
_SEVERAL = {
    "$": "USD, CAD, AUD, …",
    "¥": "JPY, CNY",
    "kr": "SEK, NOK, DKK, ISK",
    "kr.": "DKK, NOK, SEK, ISK",
    "Rs": "INR, PKR",
}
_UNNAMED = re.compile(r"^(project|projekt|projet|proyecto|progetto|projeto|проект|untitled|unnamed)[\s_-]*\d*$", re.I)
_ENDING = re.compile(r"\.(mpp|mpt|mpx|xml|xer|pod)$", re.I)
_LISTS = ("title", "name", "guid")


def options_of(context: Context) -> Options:
    """The section [schedule_files]. Raises RefusedFile naming the setting that cannot be used."""

    def setting(name: str, default: object) -> object:
        return context.option(SECTION, name, default)

    def refuse(name: str, value: object, valid: str) -> RefusedFile:
        return RefusedFile(
            f"the setting {name} cannot be used",
            where=f"outturn.toml [{SECTION}]",
            value=value,
            valid=valid,
            remedy="correct it and drop the file again",
        )

    order = setting("project_from", list(_LISTS))
    if isinstance(order, str):
        order = [order]
    if not isinstance(order, Iterable) or not set(order) <= set(_LISTS) or not order:
        raise refuse("project_from", order, ", ".join(_LISTS))
    wbs = setting("wbs_id", "wbs")
    if wbs not in ("wbs", "outline", "uid"):
        raise refuse("wbs_id", wbs, "wbs, outline, uid")
    decimal = setting("decimal", None)
    if decimal not in (None, "point", "comma"):
        raise refuse("decimal", decimal, "point, comma")
    groups = setting("resource_groups", {})
    categories = ("labour", "subcontract", "material", "uninstalled_material", "equipment", "travel", "other")
    if not isinstance(groups, Mapping) or not set(groups.values()) <= set(categories):
        raise refuse("resource_groups", groups, f"a group of resources = one of {', '.join(categories)}")
    currency = setting("currency", None)
    return Options(
        project_from=tuple(order),
        wbs_id=str(wbs),
        currency=None if currency is None else str(currency).upper(),
        decimal={"point": ".", "comma": ",", None: None}[decimal],  # type: ignore[index]
        source=str(setting("source", "project manager")),
        resource_groups={str(key).casefold(): str(value) for key, value in groups.items()},
        encoding=None if setting("encoding", None) is None else str(setting("encoding", None)),
        java_memory=str(setting("java_memory", "640m")),
    )


def project_reference(
    candidates: Mapping[str, str | None], options: Options, *, otherwise: str
) -> tuple[str, str | None]:
    """The file's own name of its project, and a warning where it is a poor one.

    `candidates`: title, name, guid as the file has them. A name such as Project1, which every new file gets, is none.
    """
    for key in options.project_from:
        text = _ENDING.sub("", (candidates.get(key) or "").strip())
        if text and not _UNNAMED.match(text):
            return _clean(text), None
    for key in (*options.project_from, *_LISTS):
        text = _ENDING.sub("", (candidates.get(key) or "").strip())
        if text:
            return _clean(text), (
                f"the project calls itself {text!r}, as every new file does; give it a title, "
                "or two such files are taken for one project"
            )
    text = _ENDING.sub("", otherwise)
    return _clean(text), f"the file does not name its project; its file name {text!r} was taken"


def _clean(text: str) -> str:
    """One line without control characters: the reference is a key."""
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text)
    return " ".join(text.split()) or "unnamed"


def currency_of(
    code: str | None, symbol: str | None, options: Options, *, has_money: bool, base: str, where: str
) -> tuple[str, str | None]:
    """The currency of a file's amounts, and a warning where it had to be derived. Raises RefusedFile."""
    code = (code or "").strip().upper()
    symbol = (symbol or "").strip()
    if code in CURRENCIES:
        return code, None
    for known in (symbol, symbol.upper()):
        if known in CURRENCIES:
            return known, None
    if options.currency is not None:
        if options.currency not in CURRENCIES:
            raise RefusedFile(
                "the setting currency cannot be used",
                where=f"outturn.toml [{SECTION}]",
                value=options.currency,
                valid="a code of ISO 4217, such as EUR",
                remedy="correct it and drop the file again",
            )
        return options.currency, None
    derived = _SYMBOLS.get(symbol)
    if derived is not None:
        return derived, f"the file names no currency; its sign {symbol} is taken for {derived}"
    if not has_money:
        return base, None
    stated = " and ".join(part for part in (code, symbol) if part)
    readings = _SEVERAL.get(symbol)
    raise RefusedFile(
        "the schedule has costs and does not say in which currency",
        where=where,
        value=stated or None,
        valid=f"{symbol} may be {readings}" if readings else None,
        remedy=f'say currency = "USD" (a code of ISO 4217) in outturn.toml under [{SECTION}], or name it in the file',
    )


def first_date(*candidates: datetime | None) -> date | None:
    """The first that is a date; 1 January 1984 is how MS Project writes that there is none."""
    for candidate in candidates:
        if candidate is not None and candidate.date() != date(1984, 1, 1):
            return candidate.date()
    return None


def circular(links: Iterable[Link]) -> list[str]:
    """Tasks whose links run in a circle, some of them; empty where the logic has an order."""
    after: dict[str, list[str]] = {}
    waiting: dict[str, int] = {}
    for link in links:
        if not link.is_external:
            after.setdefault(link.predecessor_id, []).append(link.successor_id)
            waiting[link.successor_id] = waiting.get(link.successor_id, 0) + 1
            waiting.setdefault(link.predecessor_id, 0)
    free = [task for task, count in waiting.items() if count == 0]
    while free:
        task = free.pop()
        del waiting[task]
        for follower in after.get(task, ()):
            waiting[follower] -= 1
            if waiting[follower] == 0:
                free.append(follower)
    return sorted(waiting)


def name_elements(tasks: list[Task], schemes: Mapping[str, Mapping[int, str]], first: str) -> str | None:
    """Gives each task its wbs_id by the first scheme that names every one of them, each differently.

    `schemes`: name of the scheme -> id(task) -> identifier, in order of preference after `first`. Returns a warning
    where the wanted scheme could not be used.
    """
    order = [first, *(name for name in schemes if name != first)]
    for name in order:
        ids = [schemes[name].get(id(task), "") for task in tasks]
        if all(ids) and len(set(ids)) == len(ids):
            for task, wbs_id in zip(tasks, ids, strict=True):
                task.wbs_id = wbs_id
            if name == first:
                return None
            return f"the {first} codes of the tasks are missing or repeat; elements are named by {name} instead"
    for task in tasks:  # nothing names them all: tasks without any name keep their position
        task.wbs_id = schemes[first].get(id(task), "") or task.place
    seen: dict[str, int] = {}
    for task in tasks:
        seen[task.wbs_id] = seen.get(task.wbs_id, 0) + 1
        if seen[task.wbs_id] > 1:
            task.wbs_id = f"{task.wbs_id} ({seen[task.wbs_id]})"
    return f"the {first} codes of the tasks are missing or repeat; repeated ones got a number"
