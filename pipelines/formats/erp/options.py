"""Settings of the ERP readers in outturn.toml, checked one by one; a wrong one refuses the file with its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.contracts import contracts
from pipelines.contracts.iso4217 import CURRENCIES
from pipelines.errors import RefusedFile
from pipelines.formats.base import Context


def wrong(name: str, value: object, valid: str | Sequence[str]) -> RefusedFile:
    return RefusedFile(
        "a setting cannot be used",
        where=f"outturn.toml, {name}",
        value=value,
        valid=valid,
        remedy="correct it and drop the file again",
    )


def chosen(context: Context, section: str, name: str, valid: Sequence[str]) -> str | None:
    """A setting that is one of `valid`, in lower case; None where it is not given. Raises RefusedFile."""
    value = context.option(section, name)
    if value is None:
        return None
    if not isinstance(value, str) or value.lower() not in valid:
        raise wrong(f"[{section}] {name}", value, valid)
    return value.lower()


def currency(context: Context, section: str, name: str) -> str | None:
    """A setting that is a currency. Raises RefusedFile."""
    value = context.option(section, name)
    if value is None:
        return None
    if not isinstance(value, str) or value.upper() not in CURRENCIES:
        raise wrong(f"[{section}] {name}", value, 'a code of ISO 4217, such as "EUR"')
    return value.upper()


def text(context: Context, section: str, name: str) -> str | None:
    """A setting that is a text or a number. Raises RefusedFile."""
    value = context.option(section, name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value).strip():
        raise wrong(f"[{section}] {name}", value, "a text")
    return str(value).strip()


def block(context: Context, section: str, name: str, valid: Sequence[str] | None = None) -> Mapping[str, str]:
    """A block of texts by name ([section.name]). Raises RefusedFile."""
    value: Any = context.option(section, name, {})
    if not isinstance(value, Mapping):
        raise wrong(f"[{section}.{name}]", value, "a block of name = value")
    for key, item in value.items():
        if valid is not None and item not in valid:
            raise wrong(f"[{section}.{name}] {key}", item, valid)
    return {str(key): str(item) for key, item in value.items()}


def currencies(context: Context, section: str, name: str) -> Mapping[str, str]:
    """A block of currencies by name. Raises RefusedFile."""
    found = {key: item.upper() for key, item in block(context, section, name).items()}
    for key, item in found.items():
        if item not in CURRENCIES:
            raise wrong(f"[{section}.{name}] {key}", item, "a code of ISO 4217")
    return found


def categories(context: Context, section: str) -> Mapping[str, str]:
    """First digits of an account -> cost category ([section.categories])."""
    return block(context, section, "categories", contracts()["cost_line"].column("category").codes)


def classes(context: Context, section: str) -> Mapping[str, str]:
    """First digits of an account -> its class ([section.accounts])."""
    return block(context, section, "accounts", contracts()["account"].column("class").codes)
