"""The blocks `[[audiences]]` and the lists of targets as outturn.toml writes them, checked. Called by `settings`.

Errors are ConfigurationError and name the place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import ConfigurationError
from pipelines.publishing.targets.address import Address, parse


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Readers who may see only the projects for which every key of `sees` (business_group, market, customer,
    programme) has one of its values. `folder` is the name as a folder may have it."""

    name: str
    sees: Mapping[str, tuple[str, ...]]
    targets: tuple[Address, ...] = ()

    @property
    def folder(self) -> str:
        return self.name.lower().replace(" ", "-")


def targets_of(value: Any, *, home: Path, where: str) -> tuple[Address, ...]:
    texts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise ConfigurationError("not a list of targets", where=where, valid='such as ["/srv/www", "s3://bucket/x"]')
    found = tuple(parse(text, home=home, where=where) for text in texts if text)
    if len({address.text for address in found}) < len(found):
        raise ConfigurationError("a target twice", where=where)
    return found


_SEES = ("business_group", "market", "customer", "programme")


def _audience(spec: Any, *, home: Path, where: str) -> Audience:
    if not isinstance(spec, Mapping):
        raise ConfigurationError("not an audience", where=where, value=spec, valid="a block [[audiences]]")
    if unknown := set(spec) - {"name", "targets", *_SEES}:
        valid = ["name", "targets", *_SEES]
        raise ConfigurationError("unknown setting", where=where, value=sorted(unknown)[0], valid=valid)
    name = spec.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,62}[A-Za-z0-9]|[A-Za-z0-9]", name):
        raise ConfigurationError("not a name", where=where, value=name, valid="letters, digits, blanks, - and _")
    sees: dict[str, tuple[str, ...]] = {}
    for key in _SEES:
        values = spec.get(key)
        if values is None:
            continue
        values = [values] if isinstance(values, str) else values
        if not isinstance(values, list) or not values or not all(isinstance(v, str) and v for v in values):
            raise ConfigurationError("not a list of names", where=f"{where}, {key}", value=values, valid='["Nordics"]')
        sees[key] = tuple(values)
    if not sees:
        # an audience without a filter would see everything under the name of one that does not
        raise ConfigurationError("an audience that is not told what it sees", where=where, value=name, valid=_SEES)
    targets = targets_of(spec.get("targets", ()), home=home, where=f"{where}, targets")
    return Audience(name=name, sees=sees, targets=targets)


def audiences_of(specs: Any, *, home: Path, everybody: tuple[Address, ...]) -> tuple[Audience, ...]:
    if not isinstance(specs, list):
        raise ConfigurationError("not audiences", where="outturn.toml", valid="blocks [[audiences]]")
    found = [
        _audience(spec, home=home, where=f"outturn.toml, audiences, number {number}")
        for number, spec in enumerate(specs, 1)
    ]
    for what in ([audience.folder for audience in found], _places(found, everybody)):
        if twice := sorted({one for one in what if what.count(one) > 1}):
            raise ConfigurationError("twice among the audiences", where="outturn.toml", value=twice[0])
    return tuple(found)


def _places(audiences: list[Audience], everybody: tuple[Address, ...]) -> list[str]:
    """One place shows one audience: two at one address would show each other's publications by turns."""
    return [address.text for address in (*everybody, *(a for audience in audiences for a in audience.targets))]
