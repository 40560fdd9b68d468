"""The dbt project as assets, its tests as asset checks."""

import importlib.metadata
import json
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, DbtProject, dbt_assets
from packaging import version

from pipelines.defs.keys import WRITER_POOL, links, owners
from pipelines.defs.operations.refresh import Refresh
from pipelines.settings import Settings, load_settings
from pipelines.warehouse import DBT_DIR, dbt_environment, dbt_variables, manifest_path, remember_parameters


class FastDbt(DbtCliResource):
    """The stock resource asks `dbt --version` in a process of its own (3 s) at every start."""

    @cached_property
    def _cli_version(self) -> version.Version:
        return version.parse(importlib.metadata.version("dbt-core"))


class Translator(DagsterDbtTranslator):
    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        schema = dbt_resource_props.get("config", {}).get("schema")
        return str(schema or dbt_resource_props["resource_type"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return owners(self.get_group_name(dbt_resource_props) or "")

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        schema, name = str(dbt_resource_props.get("schema")), str(dbt_resource_props["name"])
        model = f"dbt_project/{dbt_resource_props['original_file_path']}"
        own = links(load_settings(), schema=schema, table=name, model=model)
        return {**super().get_metadata(dbt_resource_props), **own}


def _written_by_landing(settings: Settings, manifest: Path) -> Iterator[dg.AssetSpec]:
    """What landing writes beside the raw tables: the ledger, earlier versions. No step of its own makes it, so Dagster
    is told here."""
    for source in json.loads(manifest.read_text(encoding="utf-8"))["sources"].values():
        schema, name = source["source_name"], source["name"]
        if schema != "raw":
            yield dg.AssetSpec(
                [schema, name],
                group_name=schema,
                owners=owners(schema),
                description=source["description"] or f"{name} of the schema {schema}, written by landing.",
                kinds={"duckdb"},
                metadata=links(settings, schema=schema, table=name, model="pipelines/contracts/ddl.py"),
            )


@dg.definitions
def defs() -> dg.Definitions:
    settings = load_settings()
    manifest = manifest_path(settings)
    project = DbtProject(project_dir=DBT_DIR, profiles_dir=DBT_DIR, target_path=manifest.parent)

    @dbt_assets(
        manifest=manifest,
        project=project,
        pool=WRITER_POOL,
        dagster_dbt_translator=Translator(
            settings=DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True, enable_asset_checks=True)
        ),
    )
    def dbt_models(context: dg.AssetExecutionContext, dbt: FastDbt, refresh: Refresh) -> Iterator[Any]:
        settings, record = refresh.settings(), refresh.record()
        with record.step("build_models") as step:
            remember_parameters(settings, as_of=record.content["as_of"])
            # unit tests judge the code, not the delivery: `make test` runs them
            arguments = ["build", "--exclude-resource-type", "unit_test", "--vars", json.dumps(dbt_variables(settings))]
            run = dbt.cli(arguments, context=context, target_path=manifest.parent)
            yield from run.stream()
            results = run.get_artifact("run_results.json")["results"]
            step["rows"] = sum(r["unique_id"].startswith("model.") for r in results)

    dbt_environment(settings)
    return dg.Definitions(
        assets=[dbt_models, *_written_by_landing(settings, manifest)],
        resources={
            "dbt": FastDbt(
                project_dir=project,
                profiles_dir=str(DBT_DIR),
                dbt_executable=str(Path(sys.executable).parent / "dbt"),
            )
        },
    )
