"""What SAP's lists and tables share: periods as dates, projects of WBS elements."""

from __future__ import annotations

import re

import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.erp.sap_options import SapOptions

SYSTEM = "sap"  # as project_alias knows it


def period_end(period: pl.Expr, year: pl.Expr, options: SapOptions) -> pl.Expr:
    """The last day of a period of a fiscal year, YYYY-MM-DD; special periods (13 to 16) end with the year."""
    count = period.str.strip_chars().cast(pl.Int32, strict=False)
    count = pl.when(count.is_between(1, 16)).then(pl.min_horizontal(count, pl.lit(12)))
    start = options.fiscal_year_start_month
    shift = -1 if start > 1 and options.fiscal_year_named_by == "last_month" else 0
    months = (year.str.strip_chars().cast(pl.Int32, strict=False) + shift) * 12 + (start - 1) + count  # the month after
    first = pl.date(months // 12, months % 12 + 1, 1)
    return first.dt.offset_by("-1d").dt.to_string("%Y-%m-%d")


def project_of(wbs: pl.Expr, options: SapOptions) -> pl.Expr:
    """The project of a WBS element: the part that `[sap] project_of_wbs` takes, else the element itself, which
    project_alias knows."""
    if options.project_of_wbs is None:
        return wbs
    pattern = options.project_of_wbs
    try:
        groups = re.compile(pattern).groups
        return pl.coalesce(wbs.str.extract(pattern if groups else f"({pattern})", 1), wbs)
    except re.error as error:
        raise RefusedFile(
            f"the pattern cannot be used: {error}", where="outturn.toml, [sap] project_of_wbs", value=pattern
        ) from error
