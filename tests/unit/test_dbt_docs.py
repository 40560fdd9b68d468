"""The dbt docs name what is published and nothing else, run no script, and ask no host."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.errors import PublicationFailed
from pipelines.publishing.dbt_docs import write_dbt_docs
from pipelines.publishing.site_gates import page_findings

AS_OF = "2026-11-21T05:00:00Z"
HOSTILE = "<script>alert(1)</script> a < b"


def _node(name: str, schema: str, *upstream: str, kind: str = "model", **more: Any) -> dict[str, Any]:
    return {"name": name, "schema": schema, "resource_type": kind, "depends_on": {"nodes": list(upstream)},
            "columns": {}, "config": {"materialized": "table"}, "description": "", **more}  # fmt: skip


def _manifest() -> dict[str, Any]:
    sql = (
        'select * from "warehouse"."intermediate"."int_secret__rates" join "warehouse"."core"."dim_projects" '
        "using (project_id) -- int_secret__rates < 2"
    )
    column = {"margin": {"data_type": "decimal(18, 2)", "description": "Revenue less cost."}}
    return {
        "nodes": {
            "model.o.stg_erp__rates": _node("stg_erp__rates", "staging", "source.o.raw.cost_rate"),
            "model.o.int_secret__rates": _node(
                "int_secret__rates", "intermediate", "model.o.stg_erp__rates", "seed.o.secret_classes",
                compiled_code="select 1 as secret_sql",
            ),
            "seed.o.secret_classes": _node("secret_classes", "seeds", kind="seed"),
            "model.o.dim_projects": _node("dim_projects", "core", "source.o.ledger.parameters"),
            "model.o.margin_by_project_month": _node(
                "margin_by_project_month", "margin", "model.o.int_secret__rates", "model.o.dim_projects",
                compiled_code=sql, columns=column, description=HOSTILE,
            ),
            "test.o.grain": _node(
                "grain_margin", "tests", "model.o.margin_by_project_month", kind="test",
                attached_node="model.o.margin_by_project_month", column_name="margin",
                test_metadata={"name": "refers_to", "kwargs": {"model": "x", "to": "ref('int_secret__rates')"}},
            ),
        },
        "sources": {
            "source.o.raw.cost_rate": {"name": "cost_rate", "source_name": "raw", "schema": "raw"},
            "source.o.ledger.parameters": {"name": "parameters", "source_name": "ledger", "schema": "ledger"},
        },
        "unit_tests": {},
    }  # fmt: skip


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        for schema in ("core", "margin", "ops"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table core.dim_projects (project_id varchar)")
        connection.execute("create table margin.margin_by_project_month (project_id varchar)")
        connection.execute("create table ops.check_results (suite varchar, check_name varchar, status varchar)")
        connection.execute("insert into ops.check_results values ('dbt', 'grain_margin', 'failed')")
    return path


def _written(tmp_path: Path, snapshot: Path, content: dict[str, Any]) -> dict[str, str]:
    manifest, out = tmp_path / "manifest.json", tmp_path / "dbt-docs"
    manifest.write_text(json.dumps(content), encoding="utf-8")
    names = write_dbt_docs(manifest, out, snapshot=snapshot, as_of=AS_OF)
    assert {path.name for path in out.iterdir()} == {*names, "dbt_docs.css"}
    return {name: (out / name).read_text(encoding="utf-8") for name in names}


def test_published_models_are_described_and_private_ones_stepped_over(tmp_path: Path, snapshot: Path) -> None:
    pages = _written(tmp_path, snapshot, _manifest())
    assert set(pages) == {"index.html", "core.dim_projects.html", "margin.margin_by_project_month.html"}
    page = pages["margin.margin_by_project_month.html"]
    assert "Revenue less cost." in page
    assert '<a class="code" href="core.dim_projects.html">' in page
    assert "cost_rate" in page  # delivered, behind two private models
    assert '<a class="code" href="margin.margin_by_project_month.html">' in pages["core.dim_projects.html"]
    assert "refers to" in page
    assert '<td class="failed">failed</td>' in page
    assert "select * from private join core.dim_projects using (project_id) -- private &lt; 2" in page


def test_nothing_private_runs_or_asks(tmp_path: Path, snapshot: Path) -> None:
    pages = _written(tmp_path, snapshot, _manifest())
    for name, html in pages.items():
        assert page_findings(html, as_of=AS_OF) == [], name
        for private in ("secret", "stg_", "parameters", "intermediate", "<script", str(tmp_path)):
            assert private not in html, (name, private)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; a &lt; b" in pages["index.html"]


def test_name_that_is_not_masked_would_be_seen(tmp_path: Path, snapshot: Path) -> None:
    content = _manifest()
    content["nodes"]["model.o.margin_by_project_month"]["description"] = "made of int_secret__rates"
    assert "int_secret__rates" in _written(tmp_path, snapshot, content)["index.html"]


@pytest.mark.parametrize(
    ("text", "said"), [("{", "cannot be read"), ('{"nodes": {}, "sources": {}}', "knows no published table")]
)
def test_manifest_that_says_nothing_stops_the_publication(tmp_path: Path, snapshot: Path, text: str, said: str) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(text, encoding="utf-8")
    with pytest.raises(PublicationFailed, match=said):
        write_dbt_docs(manifest, tmp_path / "out", snapshot=snapshot, as_of=AS_OF)
    assert not (tmp_path / "out").exists()
