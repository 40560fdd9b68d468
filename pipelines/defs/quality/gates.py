"""The gates: Great Expectations suites as blocking asset checks, at the door and before publication."""

from collections.abc import Iterator

import dagster as dg

from pipelines.contracts import FEEDS, feed_tables
from pipelines.defs.keys import SNAPSHOT, WRITER_POOL, raw_key
from pipelines.defs.operations.refresh import Refresh
from pipelines.quality.gate import CheckResult, run_gate
from pipelines.quality.marks import changed_tables, remember_marks, table_marks

DOOR_CHECK = "is_fit_to_use"
MARTS_CHECK = "is_fit_to_publish"


def _result(name: str, asset: dg.AssetKey, checks: list[CheckResult]) -> dg.AssetCheckResult:
    """One asset check out of many findings: an error where a critical one failed, else a warning, else passed."""
    failed = [check for check in checks if not check.passed]
    critical = [check for check in failed if check.severity == "critical"]
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=asset,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if critical else dg.AssetCheckSeverity.WARN,
        description="; ".join(check.message for check in (critical or failed)[:5]) or None,
        metadata={"checks": len(checks), "critical": len(critical), "warnings": len(failed) - len(critical)},
    )


def _remember(refresh: Refresh, context: dg.AssetCheckExecutionContext, checks: tuple[CheckResult, ...]) -> None:
    critical = [check for check in checks if not check.passed and check.severity == "critical"]
    for check in critical:
        context.log.error(f"{check.suite}.{check.check_name}: {check.message}")
    if critical:
        record = refresh.record()
        record.content["message"] = f"gate {critical[0].suite}: {critical[0].message}"
        record.save()


def _door(feed: str) -> dg.AssetChecksDefinition:
    tables = feed_tables(feed)

    @dg.multi_asset_check(
        name=f"gate_{feed}",
        specs=[
            dg.AssetCheckSpec(
                DOOR_CHECK,
                asset=raw_key(table),
                blocking=True,
                description="Contract and cross-file rules hold; a critical finding stops the publication.",
            )
            for table in tables
        ],
        pool=WRITER_POOL,
    )
    def gate(context: dg.AssetCheckExecutionContext, refresh: Refresh) -> Iterator[dg.AssetCheckResult]:
        settings = refresh.settings()
        with refresh.record().step(f"gate_{feed}") as step:
            marks = table_marks(settings)
            # a check over tables that did not change keeps its last pass
            changed = changed_tables(settings, feed, marks)
            result = run_gate(settings, suite=feed, database=settings.warehouse, tables=changed)
            remember_marks(settings, feed, marks)
            step["rows"] = len(result.checks)
        _remember(refresh, context, result.checks)
        for table in tables:
            home = [c for c in result.checks if c.model_name == table]
            if table == tables[0]:
                home += [c for c in result.checks if c.model_name not in tables]
            yield _result(DOOR_CHECK, raw_key(table), home)

    return gate


@dg.multi_asset_check(
    name="gate_published",
    specs=[
        dg.AssetCheckSpec(
            MARTS_CHECK,
            asset=SNAPSHOT,
            blocking=True,
            description="The staged file is what its marts promise: sums, keys, no personal data.",
        )
    ],
    pool=WRITER_POOL,
)
def gate_published(context: dg.AssetCheckExecutionContext, refresh: Refresh) -> Iterator[dg.AssetCheckResult]:
    from pipelines.publishing.snapshot import staged_path

    settings = refresh.settings()
    with refresh.record().step("gate_published") as step:
        result = run_gate(settings, suite="published", database=staged_path(settings))
        step["rows"] = len(result.checks)
    _remember(refresh, context, result.checks)
    yield _result(MARTS_CHECK, SNAPSHOT, list(result.checks))


@dg.definitions
def defs() -> dg.Definitions:
    return dg.Definitions(asset_checks=[*(_door(feed) for feed in FEEDS), gate_published])
