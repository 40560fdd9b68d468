"""One asset per canonical table; one step per feed folder, which takes in whatever lies there."""

from collections import defaultdict
from collections.abc import Iterator

import dagster as dg

from pipelines.contracts import FEEDS, contracts, feed_tables
from pipelines.defs.keys import WRITER_POOL, links, owners, raw_key
from pipelines.defs.operations.refresh import Refresh
from pipelines.settings import Settings, load_settings

_REFERENCE = "docs/formats.md"


def _freshness(settings: Settings, table: str) -> dg.FreshnessPolicy | None:
    feed = settings.feeds.get(table)
    if feed is None:
        return None
    return (
        dg.FreshnessPolicy.time_window(fail_window=feed.late_after, warn_window=feed.expected_every)
        if (feed.expected_every < feed.late_after)
        else dg.FreshnessPolicy.time_window(fail_window=feed.late_after)
    )


def _spec(settings: Settings, table: str) -> dg.AssetSpec:
    contract = contracts()[table]
    return dg.AssetSpec(
        raw_key(table),
        group_name=contract.feed,
        owners=owners(contract.feed),
        description=contract.description,
        kinds={"duckdb", "polars"},
        freshness_policy=_freshness(settings, table),
        skippable=True,
        metadata={
            "dagster/column_schema": dg.TableSchema(
                columns=[dg.TableColumn(c.name, c.duckdb_type, c.description) for c in contract.columns]
            ),
            "key": ", ".join(contract.key),
            "formats": _REFERENCE,
            **links(settings, schema="raw", table=table, model=f"pipelines/contracts/{contract.feed}.yaml"),
        },
    )


def _landing(settings: Settings, feed: str) -> dg.AssetsDefinition:
    tables = feed_tables(feed)

    @dg.multi_asset(
        name=f"land_{feed}",
        specs=[_spec(settings, table) for table in tables],
        pool=WRITER_POOL,
        description=f"Takes in every complete file of inbox/{feed}: archive, check, load or refuse.",
    )
    def land(context: dg.AssetExecutionContext, refresh: Refresh) -> Iterator[dg.MaterializeResult]:
        from pipelines.landing import land_inbox

        with refresh.record().step(f"land_{feed}") as step:
            result = land_inbox(refresh.settings(), feeds=[feed], on_file=lambda file: context.log.info(file.sentence))
            by_table: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
            for file in result.files:
                for table in file.tables:
                    totals = by_table[table.table]
                    totals["files"] += 1
                    totals["rows_read"] += table.rows_read
                    totals["rows_loaded"] += table.rows_loaded
                    totals["rows_rejected"] += table.rows_rejected
                    totals["rows_unchanged"] += table.rows_unchanged
            step["rows"] = sum(t["rows_read"] for t in by_table.values())
            step["rows_loaded"] = sum(t["rows_loaded"] for t in by_table.values())
            step["rows_rejected"] = sum(t["rows_rejected"] for t in by_table.values())
            for status in ("loaded", "refused", "duplicate"):
                step[f"files_{status}"] = sum(file.status == status for file in result.files)
        for table in tables:
            # a file may hold tables of another feed; their own assets are reported with the feed they belong to
            yield dg.MaterializeResult(asset_key=raw_key(table), metadata=dict(by_table.get(table, {})))

    return land


@dg.definitions
def defs() -> dg.Definitions:
    settings = load_settings()
    return dg.Definitions(assets=[_landing(settings, feed) for feed in FEEDS])
