"""Names that several definitions share: asset keys, pools, groups."""

from __future__ import annotations

import dagster as dg

from pipelines.contracts import feed_tables

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
