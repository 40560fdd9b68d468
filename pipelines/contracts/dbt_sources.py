"""The dbt sources, derived from the contracts.

`dbt_project/models/staging/sources.yml` is kept in git so that the dbt project reads whole without a set-up step;
a drift test compares it with `render()`. Write it anew with `python -m pipelines.contracts.dbt_sources`.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from pipelines.contracts.ddl import LEDGER
from pipelines.contracts.model import FEEDS, PROVENANCE, Contract, contracts

PATH = Path(__file__).parents[2] / "dbt_project" / "models" / "staging" / "sources.yml"
_HEADER = "# Derived from pipelines/contracts; write anew with: python -m pipelines.contracts.dbt_sources\n"


def _table(contract: Contract) -> dict:
    columns = [
        {"name": c.name, "description": c.description, "data_type": c.duckdb_type.lower()} for c in contract.columns
    ]
    columns += [
        {"name": name, "description": text, "data_type": kind.lower()} for name, (kind, text) in PROVENANCE.items()
    ]
    return {
        "name": contract.name,
        "description": contract.description,
        "config": {"meta": {"feed": contract.feed}},
        "columns": columns,
    }


def render() -> str:
    """The YAML text: source `raw` (rows in force), `history` (replaced versions), `ledger` (what landing did)."""
    tables = [_table(c) for feed in FEEDS for c in contracts().values() if c.feed == feed]
    sources = [
        {"name": "raw", "schema": "raw", "description": "Canonical tables, the version in force.", "tables": tables},
        {
            "name": "history",
            "schema": "history",
            "description": "Versions of canonical rows that a later file replaced.",
            "tables": [{"name": t["name"], "description": t["description"]} for t in tables],
        },
        {
            "name": "ledger",
            "schema": "ledger",
            "description": "What landing did with every file.",
            "tables": [
                {"name": name, "columns": [{"name": c, "data_type": k.lower()} for c, k in columns.items()]}
                for name, columns in LEDGER.items()
            ],
        },
    ]
    body = yaml.safe_dump({"version": 2, "sources": sources}, sort_keys=False, allow_unicode=True, width=120)
    return _HEADER + body


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
