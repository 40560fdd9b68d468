"""Which page of the report site shows a published table, found in the site's own sources: links cannot go stale."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pipelines.publishing.snapshot import PUBLIC_SCHEMAS
from pipelines.version import ROOT

_REPORTS = ROOT / "reports"
_TABLE = re.compile(rf"\bwh\.({'|'.join(PUBLIC_SCHEMAS)})\.(\w+)")
_EXPORT = re.compile(r"\bout\.(\w+)")
_USED = re.compile(r"\bwh\.(\w+)\b(?!\.)")
DICTIONARY, TRUST = "/dictionary", "/trust"


def _address(page: Path) -> str:
    """The address of a page; of one for each project that of the list of them."""
    parts = [part for part in page.relative_to(_REPORTS / "pages").with_suffix("").parts if not part.startswith("[")]
    return "/" + "/".join(part for part in parts if part != "index")


def _tables(export: str, seen: frozenset[str] = frozenset()) -> set[tuple[str, str]]:
    """The published tables behind one of the site's exports, also through others."""
    path = _REPORTS / "exports" / f"{export}.sql"
    if export in seen or not path.exists():
        return set()
    text = path.read_text(encoding="utf-8")
    found = {(schema, table) for schema, table in _TABLE.findall(text)}
    return found.union(*(_tables(other, seen | {export}) for other in _EXPORT.findall(text)))


@cache
def pages_of_tables() -> dict[tuple[str, str], str]:
    """(schema, table) -> the page that shows it; of several the one that shows the fewest tables."""
    shown = {}
    for page in sorted((_REPORTS / "pages").rglob("*.md")):
        exports = set(_USED.findall(page.read_text(encoding="utf-8")))
        tables = set().union(*(_tables(export) for export in exports))
        shown[page] = tables
    found: dict[tuple[str, str], str] = {}
    for page in sorted(shown, key=lambda each: (len(shown[each]), each)):
        for table in shown[page]:
            found.setdefault(table, _address(page))
    return found


def page_of(schema: str, table: str) -> str:
    """Where a reader looks: the page that shows the table, else the dictionary; of what is not published the page that
    says what was taken in and what is wrong."""
    fallback = DICTIONARY if schema in PUBLIC_SCHEMAS else TRUST
    return pages_of_tables().get((schema, table), fallback)
