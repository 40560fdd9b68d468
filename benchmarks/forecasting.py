"""How right estimates of a cost at completion are on real projects: the league table of docs/forecasting.md.

    python -m benchmarks.forecasting [--write]

Runs the back-test and the calibration of pipelines/forecasting, as the forecast marts do, on the projects of CESAW
(OUTTURN_CORPORA). What is a project's earned value there belongs in cesaw.py.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import polars as pl
import yaml
from rich.console import Console

from benchmarks import cesaw
from pipelines.forecasting.backtest import Rules, judge

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "forecasting.md"
_MARKED = re.compile(r"(<!-- league table -->\n).*?(<!-- end of the league table -->)", re.S)


def rules() -> Rules:
    """The rules of the marts, from their one home, dbt_project.yml."""
    variables = yaml.safe_load((ROOT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    return Rules(fewest=variables["forecast_minimum_projects"], spread=tuple(variables["forecast_default_factor"]))


def league(folder: Path = cesaw.FOLDER) -> pl.DataFrame:
    """One row per method and progress band, as backtest.judge gives it, when all projects have finished."""
    observed = cesaw.weeks(folder)
    latest = observed["month"].max()
    finals = observed.group_by("project_id").agg(month=pl.lit(latest), ac_amount=pl.col("ac").last())
    return judge(cesaw.estimates(observed), finals, rules=rules()).sort("method", "progress_band")


def coverage(rows: pl.DataFrame) -> float:
    """Share of projects whose P80 held, over all methods and bands."""
    held = rows.select((pl.col("p80_coverage") * pl.col("projects")).sum() / pl.col("projects").sum())
    return float(held.item())


def table(rows: pl.DataFrame) -> str:
    """Markdown: one line a method, in each band MAPE, bias and P80 coverage in percent; coverage over bands last."""

    def cell(row: dict[str, float]) -> str:
        return f"{row['mape']:.1%} · {row['bias']:+.1%} · {row['p80_coverage']:.0%}"

    lines = ["| method | " + " | ".join(f"{band} %" for band in cesaw.BANDS) + " | P80 held |"]
    lines.append("|---|" + "---:|" * (len(cesaw.BANDS) + 1))
    for method in cesaw.METHODS:
        part = rows.filter(pl.col("method") == method)
        cells = {row["progress_band"]: cell(row) for row in part.iter_rows(named=True)}
        lines.append(
            f"| {method} | " + " | ".join(cells.get(band, "–") for band in cesaw.BANDS) + f" | {coverage(part):.0%} |"
        )
    counts = rows.filter(pl.col("method") == "cpi")
    said = {r["progress_band"]: f"{r['projects']} · {r['forecasts']}" for r in counts.iter_rows(named=True)}
    lines.append("| projects · weeks | " + " | ".join(said[band] for band in cesaw.BANDS) + " | |")
    return "\n".join(lines) + f"\n\nOver all methods and bands the P80 held in {coverage(rows):.1%}.\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    arguments = parser.parse_args()
    if not cesaw.FOLDER.is_dir():
        sys.exit(f"no projects of CESAW at {cesaw.FOLDER}; set OUTTURN_CORPORA")
    text = table(league())
    if arguments.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(_MARKED.sub(lambda found: found[1] + text + found[2], page), encoding="utf-8")
    Console(width=200).print(text, markup=False, highlight=False)


if __name__ == "__main__":
    main()
