"""Snapshot staged, gated, site built over it, both swapped in together."""

import dagster as dg

from pipelines.defs.keys import AUDIENCES, PUBLICATION, SITE, SNAPSHOT, TARGETS, WRITER_POOL, links, owners
from pipelines.defs.operations.refresh import Refresh
from pipelines.settings import load_settings
from pipelines.warehouse import public_models


def _upstream() -> list[dg.AssetKey]:
    return [dg.AssetKey([schema, model]) for schema, model in public_models()]


def _links(module: str) -> dict[str, dg.MetadataValue]:
    return links(load_settings(), schema="publication", table=module, model=f"pipelines/publishing/{module}.py")


@dg.asset(
    key=SNAPSHOT,
    owners=owners("publication"),
    metadata=_links("snapshot"),
    deps=_upstream(),
    group_name="publication",
    kinds={"duckdb"},
    pool=WRITER_POOL,
    description="The five public schemas in one file, staged: what analysts will open.",
)
def staged_warehouse(refresh: Refresh) -> dg.MaterializeResult:
    from pipelines.publishing.snapshot import stage

    with refresh.record().step("stage_snapshot"):
        path = stage(refresh.settings())
    return dg.MaterializeResult(metadata={"bytes": path.stat().st_size})


@dg.asset(
    key=SITE,
    owners=owners("publication"),
    metadata=_links("site"),
    deps=[SNAPSHOT],
    group_name="publication",
    kinds={"evidence"},
    pool=WRITER_POOL,
    description="The report site over the staged snapshot, staged too.",
)
def staged_site(refresh: Refresh) -> dg.MaterializeResult:
    from pipelines.publishing.publishing import seal_snapshot, stage_site

    settings, record = refresh.settings(), refresh.record()
    with record.step("seal_snapshot") as step:
        tables = seal_snapshot(settings, record)
        step["rows"] = sum(tables.values())
        step["tables"] = tables
    if not refresh.build_site:
        return dg.MaterializeResult(metadata={"built": False})
    with record.step("build_site"):
        site = stage_site(settings)
        record.content["site"] = site
    return dg.MaterializeResult(metadata={"built": True, **site})


@dg.asset(
    key=PUBLICATION,
    owners=owners("publication"),
    metadata=_links("publications"),
    deps=[SITE],
    group_name="publication",
    pool=WRITER_POOL,
    description="What readers see: warehouse, site and manifest, swapped in together.",
)
def current_publication(refresh: Refresh) -> dg.MaterializeResult:
    from pipelines.publishing.publishing import swap_in

    settings, record = refresh.settings(), refresh.record()
    with record.step("publish"):
        folder = swap_in(settings, record)
        record.content["published"] = True
    return dg.MaterializeResult(metadata={"publication": folder.name, "folder": str(folder)})


@dg.asset(
    key=AUDIENCES,
    owners=owners("publication"),
    metadata=_links("audiences/publish"),
    deps=[PUBLICATION],
    group_name="publication",
    kinds={"duckdb", "evidence"},
    pool=WRITER_POOL,
    description="For each configured audience the snapshot of what it may see, and a site over it.",
)
def audience_publications(refresh: Refresh) -> dg.MaterializeResult:
    from pipelines.publishing.audiences.publish import publish_audiences

    with refresh.record().step("audiences"):
        # one that failed is told by the targets' step: the others are brought out first
        done = publish_audiences(refresh.settings(), site=refresh.build_site)
    return dg.MaterializeResult(metadata={one.audience: one.status for one in done})


@dg.asset(
    key=TARGETS,
    owners=owners("publication"),
    metadata=_links("targets/deliver"),
    deps=[PUBLICATION, AUDIENCES],
    group_name="publication",
    pool=WRITER_POOL,
    description="The publication on every configured target: folders and shares, S3-compatible stores, SSH.",
)
def publication_targets(refresh: Refresh) -> dg.MaterializeResult:
    from pipelines.publishing.outside import require
    from pipelines.publishing.targets.deliver import deliver_all

    settings, record = refresh.settings(), refresh.record()
    with record.step("targets"):
        done = deliver_all(settings)
        require(settings)
    return dg.MaterializeResult(metadata={one.target: f"{one.status}, {one.version}" for one in done})


@dg.definitions
def defs() -> dg.Definitions:
    return dg.Definitions(
        assets=[staged_warehouse, staged_site, current_publication, audience_publications, publication_targets]
    )
