"""A dbt manifest for the fixture's snapshot: every published model as the contracts describe it, one private model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pipelines.publishing.snapshot import PUBLIC_SCHEMAS

PRIVATE = "int_secret__rates"


def write_manifest(path: Path, contracts: Mapping[str, list[tuple[str, str]]]) -> Path:
    """`contracts`: columns and types by `schema.table`."""
    nodes = {}
    for name, columns in contracts.items():
        schema, table = name.split(".")
        assert schema in PUBLIC_SCHEMAS
        nodes[f"model.o.{table}"] = {
            "name": table,
            "schema": schema,
            "resource_type": "model",
            "description": f"One row per … of {table}.",
            "columns": {column: {"data_type": kind, "description": f"What {column} says."} for column, kind in columns},
            "config": {"materialized": "table"},
            "depends_on": {"nodes": [f"model.o.{PRIVATE}"]},
            "compiled_code": f'select * from "warehouse"."intermediate"."{PRIVATE}"',
        }
    nodes[f"model.o.{PRIVATE}"] = {
        "name": PRIVATE,
        "schema": "intermediate",
        "resource_type": "model",
        "depends_on": {"nodes": ["source.o.raw.cost_line"]},
    }
    sources = {"source.o.raw.cost_line": {"name": "cost_line", "source_name": "raw", "schema": "raw"}}
    path.write_text(json.dumps({"nodes": nodes, "sources": sources, "unit_tests": {}}), encoding="utf-8")
    return path
