"""The dbt docs of a publication: each published model with its columns, tests, lineage and SQL, as static pages.

dbt's own page is one programme that loads the whole manifest, private models and machine paths included, into the
browser. Here only what is published is written, from the manifest that the refresh has made anyway: no other run of
dbt, no script, no request. A private model between two published ones is stepped over in the lineage and has no name
in the SQL.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.errors import PublicationFailed

TEMPLATES = Path(__file__).parent / "templates"
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"
PRIVATE = "private"


@dataclass(frozen=True)
class _Project:
    """The dbt project as the manifest has it, reduced to what is published."""

    manifest: Mapping[str, Any]
    published: frozenset[tuple[str, str]]

    @cached_property
    def nodes(self) -> dict[str, Mapping[str, Any]]:
        return {**self.manifest["nodes"], **self.manifest["sources"]}

    @cached_property
    def models(self) -> dict[str, Mapping[str, Any]]:
        """Published models by their id in the manifest, sorted by schema and name."""
        found = {
            key: node
            for key, node in self.manifest["nodes"].items()
            if node["resource_type"] in {"model", "snapshot"} and (node["schema"], node["name"]) in self.published
        }
        return dict(sorted(found.items(), key=lambda item: (item[1]["schema"], item[1]["name"])))

    @cached_property
    def _private_names(self) -> re.Pattern[str] | None:
        names = {
            node["name"]
            for key, node in self.manifest["nodes"].items()
            if key not in self.models and node["resource_type"] in {"model", "seed", "snapshot"}
        } - {node["name"] for node in self.models.values()}
        if not names:
            return None
        return re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")\b")

    def masked(self, sql: str) -> str:
        """SQL in which relations that are not published have no name."""

        def named(match: re.Match[str]) -> str:
            schema, name = match["schema"], match["name"]
            return f"{schema}.{name}" if (schema, name) in self.published else PRIVATE

        sql = re.sub(r'(?:"[^"\s]+"\.)?"(?P<schema>[^"\s]+)"\."(?P<name>[^"\s]+)"', named, sql)
        return self._private_names.sub(PRIVATE, sql) if self._private_names else sql

    def sources_of(self, key: str) -> tuple[list[str], list[str]]:
        """The nearest published models, and the landed tables, that a model is made of."""
        models, tables, seen = set(), set(), set()
        waiting = list(self.nodes[key].get("depends_on", {}).get("nodes", []))
        while waiting:
            upstream = waiting.pop()
            if upstream in seen or upstream not in self.nodes:
                continue
            seen.add(upstream)
            if upstream in self.models:
                models.add(upstream)
            elif upstream.startswith("source."):
                # what landing keeps for itself is no delivered table
                if self.nodes[upstream]["source_name"] == "raw":
                    tables.add(self.nodes[upstream]["name"])
            else:
                waiting += self.nodes[upstream].get("depends_on", {}).get("nodes", [])
        return sorted(models, key=self._order), sorted(tables)

    def _order(self, key: str) -> tuple[str, str]:
        return self.nodes[key]["schema"], self.nodes[key]["name"]

    def tests_of(self, key: str) -> list[Mapping[str, Any]]:
        about = [
            node
            for node in self.manifest["nodes"].values()
            if node["resource_type"] == "test"
            and (node.get("attached_node") or next(iter(node["depends_on"]["nodes"]), None)) == key
        ]
        units = [
            node
            for node in self.manifest.get("unit_tests", {}).values()
            if next(iter(node["depends_on"]["nodes"]), None) == key
        ]
        return sorted([*about, *units], key=lambda node: (node.get("column_name") or "", node["name"]))


def _test(node: Mapping[str, Any], project: _Project, states: Mapping[str, str]) -> dict[str, Any]:
    metadata = node.get("test_metadata") or {}
    said = [
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in sorted((metadata.get("kwargs") or {}).items())
        if name not in {"model", "column_name"} and value not in (None, [], "")
    ]
    kind = metadata.get("name") or ("unit test" if node["resource_type"] == "unit_test" else node["name"])
    return {
        "kind": kind.replace("_", " "),
        "column": node.get("column_name"),
        "says": project.masked("; ".join(said)) or node.get("description") or "",
        "state": states.get(node["name"], "not run"),
    }


def _page(key: str, project: _Project, states: Mapping[str, str], used_by: Iterable[str]) -> dict[str, Any]:
    node = project.models[key]
    models, tables = project.sources_of(key)
    sql = node.get("compiled_code")
    return {
        "name": f"{node['schema']}.{node['name']}",
        "file": f"{node['schema']}.{node['name']}.html",
        "description": node.get("description", "").strip(),
        "materialized": node.get("config", {}).get("materialized"),
        "columns": [
            {
                "name": name,
                "type": column.get("data_type") or "",
                "description": (column.get("description") or "").strip(),
            }
            for name, column in node.get("columns", {}).items()
        ],
        "made_of": [f"{project.nodes[one]['schema']}.{project.nodes[one]['name']}" for one in models],
        "tables": tables,
        "used_by": [f"{project.nodes[one]['schema']}.{project.nodes[one]['name']}" for one in used_by],
        "tests": [_test(test, project, states) for test in project.tests_of(key)],
        "sql": project.masked(sql).strip() if sql else None,
    }


def _snapshot_facts(snapshot: Path) -> tuple[frozenset[tuple[str, str]], dict[str, str]]:
    """Which tables are published, and how dbt's tests ended, by their name."""
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables() where not internal").fetchall()
        ended = connection.execute("select check_name, status from ops.check_results where suite = 'dbt'").fetchall()
    return frozenset(tables), dict(ended)


def write_dbt_docs(manifest: Path, out: Path, *, snapshot: Path, as_of: str) -> list[str]:
    """Writes `index.html`, a page for each published model and their stylesheet into `out`; returns the pages' names.

    `manifest`: dbt's `manifest.json` of the build that the snapshot was copied from. `as_of`: the stamp of every page.
    Raises PublicationFailed where the manifest cannot be read or knows none of the published tables.
    """
    try:
        content = orjson.loads(manifest.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise PublicationFailed(f"dbt's manifest cannot be read: {error}", where=str(manifest)) from error
    published, states = _snapshot_facts(snapshot)
    project = _Project(content, published)
    if not project.models:
        raise PublicationFailed("dbt's manifest knows no published table", where=str(manifest), remedy="refresh again")
    used_by: dict[str, list[str]] = {}
    for key in project.models:
        for upstream in project.sources_of(key)[0]:
            used_by.setdefault(upstream, []).append(key)
    pages = [_page(key, project, states, used_by.get(key, [])) for key in project.models]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shared = {"as_of": as_of, "policy": POLICY}
    out.mkdir(parents=True)
    shutil.copyfile(TEMPLATES / "dbt_docs.css", out / "dbt_docs.css")
    schemas = {schema: [page for page in pages if page["name"].startswith(f"{schema}.")] for schema in _schemas(pages)}
    index = environment.get_template("dbt_index.html").render(schemas=schemas, **shared)
    (out / "index.html").write_text(index, encoding="utf-8")
    template = environment.get_template("dbt_model.html")
    for page in pages:
        (out / page["file"]).write_text(template.render(page=page, **shared), encoding="utf-8")
    return ["index.html", *(page["file"] for page in pages)]


def _schemas(pages: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(page["name"].split(".")[0] for page in pages))
