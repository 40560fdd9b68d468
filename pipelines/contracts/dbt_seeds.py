"""The dbt seed that tells the models which columns the contracts have and which of them are personal, derived.

`dbt_project/seeds/contract_columns.csv` is kept in git so that the dbt project reads whole without a set-up step; a
drift test compares it with `render()`. Write it anew with `python -m pipelines.contracts.dbt_seeds`.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from pipelines.contracts.model import contracts

PATH = Path(__file__).parents[2] / "dbt_project" / "seeds" / "contract_columns.csv"


def render() -> str:
    """CSV text: one row per canonical column, `personal` empty where the column is not personal."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["feed", "table_name", "column_name", "personal"])
    for contract in contracts().values():
        for column in contract.columns:
            writer.writerow([contract.feed, contract.name, column.name, column.personal or ""])
    return text.getvalue()


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
