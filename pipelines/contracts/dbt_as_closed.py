"""The properties of the margin marts as closed, derived from those of the live marts.

A model `<mart>_as_closed.sql` has the columns of `<mart>`: the same names, types and meanings, but nothing that must be
filled, because a close may be older than a column. `dbt_project/models/marts/margin/_as_closed.yml` is kept in git so
that the dbt project reads whole without a set-up step; a drift test compares it with `render()`. Write it anew with
`python -m pipelines.contracts.dbt_as_closed`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "dbt_project" / "models" / "marts" / "margin"
PATH = FOLDER / "_as_closed.yml"
_SUFFIX = "_as_closed"


def _properties() -> dict[str, dict[str, Any]]:
    files = [path for path in sorted(FOLDER.glob("*.yml")) if path != PATH]
    found = [yaml.safe_load(path.read_text(encoding="utf-8")) or {} for path in files]
    return {model["name"]: model for content in found for model in content.get("models", ())}


def _key(model: dict[str, Any]) -> list[str]:
    tests = [test["grain"]["arguments"]["columns"] for test in model["data_tests"] if "grain" in test]
    return list(tests[0])


def _as_closed(mart: str, model: dict[str, Any]) -> dict[str, Any]:
    key = _key(model)
    what = " ".join(model["description"].split()).split(": ")[0].split(", ", 1)[0].removeprefix("One row per ")
    described = [" ".join(column["description"].split()) for column in model["columns"]]
    return {
        "name": f"{mart}{_SUFFIX}",
        "description": (
            f"One row per row of {mart} ({what.rstrip('.')}) in a closed month, as published when `outturn close` "
            "froze the month, in the columns of today; a column that the close did not know is empty. "
            f"{mart} itself says what is known now, margin_restatements what lies between."
        ),
        "data_tests": [{"grain": {"arguments": {"columns": key}}}],
        "columns": [
            {"name": column["name"], "data_type": column["data_type"], "description": f"As closed. {text}"}
            for column, text in zip(model["columns"], described, strict=True)
        ],
    }


def render() -> str:
    """The YAML text: one model for each `<mart>_as_closed.sql`, columns in the mart's order."""
    properties = _properties()
    marts = [path.stem.removesuffix(_SUFFIX) for path in sorted(FOLDER.glob(f"*{_SUFFIX}.sql"))]
    models = [_as_closed(mart, properties[mart]) for mart in marts]
    head = "# Derived: python -m pipelines.contracts.dbt_as_closed\n"
    return head + yaml.safe_dump({"version": 2, "models": models}, sort_keys=False, allow_unicode=True, width=120)


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
