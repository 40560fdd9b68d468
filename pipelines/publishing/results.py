"""How the checks of a refresh ended, as rows of ops.check_results: the gates and dbt's tests, in one shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipelines.settings import Settings

_PASSED = {"pass", "success"}


def _gates(settings: Settings) -> Iterator[dict[str, Any]]:
    for path in sorted((settings.work / "quality").glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for check in content["checks"]:
            yield {
                **check,
                "status": "passed" if check["passed"] else "failed",
                "checked_at": content.get("checked_at"),
            }


def _dbt(settings: Settings) -> Iterator[dict[str, Any]]:
    target = settings.work / "dbt" / "target"
    results, manifest = target / "run_results.json", target / "manifest.json"
    if not results.exists():
        return
    nodes = json.loads(manifest.read_text(encoding="utf-8"))
    nodes = {**nodes["nodes"], **nodes.get("unit_tests", {})}
    content = json.loads(results.read_text(encoding="utf-8"))
    for result in content["results"]:
        node = nodes.get(result["unique_id"])
        if node is None or node["resource_type"] not in {"test", "unit_test"}:
            continue
        about = node.get("attached_node") or next(iter(node.get("depends_on", {}).get("nodes", [])), "")
        model = nodes.get(about, {})
        severity = str(node.get("config", {}).get("severity") or "error").lower()
        passed = result["status"] in _PASSED
        yield {
            "suite": "dbt",
            "check_name": node["name"],
            "schema_name": model.get("schema"),
            "model_name": model.get("name"),
            "column_name": node.get("column_name"),
            "severity": "warning" if severity == "warn" else "critical",
            "status": "passed" if passed else "failed",
            "failing_rows": result.get("failures") or 0,
            "message": None if passed else (node.get("description") or result.get("message")),
            "checked_at": content["metadata"]["generated_at"].rstrip("Z").replace("T", " ")[:19],
        }


def check_results(settings: Settings) -> list[dict[str, Any]]:
    """Every check of the last refresh, gates first."""
    return [*_gates(settings), *_dbt(settings)]


def summary(rows: list[dict[str, Any]]) -> dict[str, int]:
    failed = [row for row in rows if row["status"] == "failed"]
    critical = sum(row["severity"] == "critical" for row in failed)
    return {"passed": len(rows) - len(failed), "warnings": len(failed) - critical, "critical": critical}
