"""Is there anything to do? Compares what a refresh would read with what the last publication was made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines import kpi_rules
from pipelines.publishing.publications import current, current_manifest
from pipelines.publishing.snapshot import file_hash
from pipelines.settings import Settings
from pipelines.version import code_version

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, kw_only=True)
class Pending:
    """`reasons`: why a refresh is due, in words; empty: nothing changed since `publication`."""

    reasons: tuple[str, ...]
    files: int
    publication: int | None


def _ever_loaded(settings: Settings) -> bool:
    return any(settings.archive.iterdir()) if settings.archive.exists() else False


def files_taken_in(connection: duckdb.DuckDBPyConnection) -> str:
    """Hash of the files that the private warehouse holds, in their order, and of what became of them."""
    known = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = 'ledger' and table_name = 'loads'"
    ).fetchone()
    rows = []
    if known and known[0]:
        rows = connection.execute(
            "select sha256, table_name, status, rows_loaded, rows_rejected, rows_unchanged, amount_loaded "
            "from ledger.loads order by load_number, table_name"
        ).fetchall()
    return hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()


def input_hash(settings: Settings) -> str:
    """Hash of everything a figure can depend on but the code: files taken in, in order, profiles, configuration."""
    import duckdb

    digest = hashlib.sha256()
    if settings.warehouse.exists():
        with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            digest.update(files_taken_in(connection).encode())
    for profile in sorted(settings.profiles.glob("*.y*ml")) if settings.profiles.exists() else ():
        digest.update(profile.name.encode() + profile.read_bytes())
    for table in kpi_rules.TABLES:
        if (rules := kpi_rules.path_of(settings, table)).exists():
            digest.update(table.encode() + rules.read_bytes())
    for close in sorted(settings.closes.glob("[0-9]*/manifest.json")):
        digest.update(close.read_bytes())
    decides = (
        settings.base_currency,
        settings.fiscal_year_start_month,
        settings.time_zone,
        settings.own_parties,
        settings.labour_cost_source,
        settings.minimum_group,
        settings.show_project_managers,
        sorted((table, str(feed)) for table, feed in settings.feeds.items()),
    )
    digest.update(json.dumps(decides).encode())
    for audience in settings.audiences:
        digest.update(json.dumps([audience.name, sorted(audience.sees.items())]).encode())
    return digest.hexdigest()


def _is_as_published(settings: Settings, manifest: Mapping[str, Any]) -> bool:
    folder = current(settings)
    file = folder / "warehouse.duckdb" if folder else None
    return bool(file and file.exists()) and file_hash(file) == manifest["warehouse"]["sha256"]


def pending(settings: Settings, *, site: bool) -> Pending:
    """Looks at the inbox and at the last publication. Opens the private warehouse for reading only."""
    from pipelines.landing.inbox import scan_inbox

    files = scan_inbox(settings)
    manifest = current_manifest(settings)
    reasons = []
    if files:
        reasons.append(f"{len(files)} file{'s' if len(files) != 1 else ''} in the inbox")
    if manifest is None and (files or _ever_loaded(settings)):
        reasons.append("nothing is published yet")
    elif manifest is not None:
        if manifest["code_version"] != code_version():
            reasons.append("the code changed")
        if not files and manifest["input_hash"] != input_hash(settings):
            reasons.append("files taken in or the configuration changed since the last publication")
        if not _is_as_published(settings, manifest):
            reasons.append("the published warehouse is damaged")
        published_site = manifest.get("site")
        if site and (not published_site or published_site.get("carried_over")):
            reasons.append("the site does not show the published figures yet")
    return Pending(reasons=tuple(reasons), files=len(files), publication=manifest["publication"] if manifest else None)
