"""The last steps of a refresh in their order: seal the snapshot, build the site over it, swap both in."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publishing import publications, snapshot
from pipelines.publishing.results import check_results, summary
from pipelines.refresh_log import RefreshRecord, ended
from pipelines.replacement import forget_old
from pipelines.settings import Settings
from pipelines.state import files_taken_in, input_hash


def seal_snapshot(settings: Settings, record: RefreshRecord) -> dict[str, int]:
    """Writes the checks and the refreshes into the staged snapshot; returns rows by published table."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        record.content["files_hash"] = files_taken_in(connection)
    record.content["input_hash"] = input_hash(settings)
    record.save()
    return snapshot.seal(
        settings,
        checks=check_results(settings),
        refreshes=[*ended(settings), record.as_row("published")],
    )


def stage_site(settings: Settings) -> dict[str, Any]:
    """Builds the site and the data docs over the staged snapshot; returns what the manifest says about the site."""
    from pipelines.publishing.site import build_site
    from pipelines.quality.data_docs import write_data_docs

    docs = settings.work / "data-docs"
    shutil.rmtree(docs, ignore_errors=True)
    write_data_docs(settings, docs)
    out = publications.staged_site_path(settings)
    shutil.rmtree(out, ignore_errors=True)
    shown = publications.current(settings)
    manifest = settings.work / "dbt" / "target" / "manifest.json"
    built = build_site(
        settings,
        snapshot=snapshot.staged_path(settings),
        out=out,
        data_docs=docs,
        previous=shown / "warehouse.duckdb" if shown else None,
        dbt_manifest=manifest if manifest.exists() else None,
    )
    return {"pages": built.pages, "files": built.files, "bytes": built.bytes, "seconds": round(built.seconds, 1)}


def swap_in(settings: Settings, record: RefreshRecord) -> Path:
    """Publishes what is staged, with a manifest of what it was made of."""
    content = record.content
    manifest = {
        "refresh_id": content["refresh_id"],
        "published_at": settings.now().isoformat(timespec="seconds"),
        "as_of": content["as_of"],
        "base_currency": settings.base_currency,
        "code_version": content["code_version"],
        "input_hash": content["input_hash"],
        "files_hash": content["files_hash"],
        "checks": summary(check_results(settings)),
        "tables": content.get("tables", {}),
    }
    folder = publications.publish(settings, manifest=manifest, site=content.get("site"))
    forget_old(settings)
    return folder
