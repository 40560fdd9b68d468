"""What several definitions share: asset keys, pools, who owns what, where to look at it."""

from __future__ import annotations

import dagster as dg

from pipelines.contracts import feed_tables
from pipelines.publishing.pages import page_of
from pipelines.settings import Settings

# one writer: whatever opens the private warehouse takes part in this pool (limit 1, see dagster.yaml)
WRITER_POOL = "duckdb_writer"

SNAPSHOT = dg.AssetKey(["publication", "warehouse"])
SITE = dg.AssetKey(["publication", "site"])
PUBLICATION = dg.AssetKey(["publication", "current"])
AUDIENCES = dg.AssetKey(["publication", "audiences"])
TARGETS = dg.AssetKey(["publication", "targets"])


def raw_key(table: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", table])


def raw_keys(feed: str) -> list[dg.AssetKey]:
    return [raw_key(table) for table in feed_tables(feed)]


# group -> who answers for it: a feed to those who deliver it, the rest to those who run and read it
OWNERS = {
    "erp": "team:finance",
    "timesheets": "team:delivery",
    "invoices": "team:finance",
    "kpi": "team:delivery",
    "projects": "team:pmo",
    "margin": "team:finance",
    "forecast": "team:pmo",
}
_EVERYTHING_ELSE = "team:data"


def owners(group: str) -> list[str]:
    return [OWNERS.get(group, _EVERYTHING_ELSE)]


def links(settings: Settings, *, schema: str, table: str, model: str) -> dict[str, dg.MetadataValue]:
    """Where an asset is read and where it is made: a page of the report site, a file of the code."""
    site = settings.alerts.reports or "http://127.0.0.1:8080"
    return {
        "report_page": dg.MetadataValue.url(site + page_of(schema, table)),
        "model": dg.MetadataValue.path(model),
    }
