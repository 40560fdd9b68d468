"""The tables of the packs, described once: their columns, what these are called, how they add up, what defines them.

A workbook shows every column of a table, a document those it has room for. No writing, no figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipelines.publishing.packs.data import Row, ratio, total

Kind = Literal["text", "long", "amount", "share", "index", "count", "date", "month", "status"]

PROJECT_MONTH = "margin.margin_by_project_month"
FORECAST = "forecast.forecast_by_project_month"
METHOD = "forecast.eac_by_project_month_method"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. `adds`: its total is the sum; `ratio`: two columns that each value is made of, in the total too.

    `source`: the published column that ops.data_dictionary describes.
    """

    id: str
    title: str
    kind: Kind = "text"
    adds: bool = False
    ratio: tuple[str, str] | None = None
    source: str | None = None
    width: float | None = None

    def of(self, row: Row) -> Any:
        """The value in a row."""
        if self.ratio is None:
            return row[self.id]
        return ratio(row[self.ratio[0]], row[self.ratio[1]])

    def in_total(self, rows: Sequence[Row]) -> Any:
        """The value in the row of totals: a sum, or the ratio of two sums; else nothing."""
        if self.ratio is not None:
            return ratio(total(rows, self.ratio[0]), total(rows, self.ratio[1]))
        return total(rows, self.id) if self.adds else None


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its columns, the sentence that stands where it has no row, and the notes above it."""

    id: str
    title: str
    columns: tuple[Column, ...]
    empty: str
    note: str | None = None
    total: str | None = None
    frozen: int = 1

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.id == name)


def _amount(name: str, title: str, source: str | None = None) -> Column:
    return Column(id=name, title=title, kind="amount", adds=True, source=source)


def _flat(name: str, title: str, source: str | None = None) -> Column:
    """An amount that is not added: rows are in different currencies, or hold the same money twice."""
    return Column(id=name, title=title, kind="amount", source=source)


def _share(title: str, numerator: str, denominator: str, source: str | None = None) -> Column:
    return Column(id=f"{numerator}_share", title=title, kind="share", ratio=(numerator, denominator), source=source)


_NAME = Column(id="project_name", title="Project", width=34)
_ID = Column(id="project_id", title="Id", width=12)
_PCT = f"{PROJECT_MONTH}.gross_margin_pct"
_MARGIN = f"{PROJECT_MONTH}.gross_margin_amount_base"
_REVENUE = f"{PROJECT_MONTH}.revenue_amount_base"
_COST = f"{PROJECT_MONTH}.cost_of_sales_amount_base"
_SCORE = "kpi.scorecard_by_project_month"
_BALANCE = "margin.contract_balances_by_contract_month"
_BACKLOG = "margin.backlog_by_project_month"

PROGRAMMES = Table(
    id="groups",
    title="Programmes",
    columns=(
        Column(id="programme_name", title="Programme", width=34),
        Column(id="programme_manager", title="Manager", width=22),
        Column(id="projects", title="Projects", kind="count", adds=True),
        Column(id="red_projects", title="Red", kind="count", adds=True),
        _amount("month_revenue", "Revenue, month", _REVENUE),
        _amount("month_margin", "Margin, month", _MARGIN),
        _share("Margin %, month", "month_margin", "month_revenue", _PCT),
        _amount("year_revenue", "Revenue, year", _REVENUE),
        _amount("year_margin", "Margin, year", _MARGIN),
        _share("Margin %, year", "year_margin", "year_revenue", _PCT),
        _amount("revenue_to_date", "Revenue to date", _REVENUE),
        _amount("margin_to_date", "Margin to date", _MARGIN),
        _share("Margin % to date", "margin_to_date", "revenue_to_date", _PCT),
        _amount("backlog", "Order backlog", f"{_BACKLOG}.closing_amount_base"),
    ),
    empty="No project has been delivered yet.",
    total="All programmes",
)

PROJECTS = Table(
    id="project_rows",
    title="Projects",
    columns=(
        _NAME,
        _ID,
        Column(id="customer_name", title="Customer", width=26),
        Column(id="programme_name", title="Programme", width=26),
        Column(id="status", title="Stage"),
        Column(
            id="overall_status", title="Status", kind="status", source="kpi.scorecard_by_project_month.overall_status"
        ),
        _amount("month_revenue", "Revenue, month", _REVENUE),
        _amount("month_cost", "Cost of sales, month", _COST),
        _amount("month_margin", "Margin, month", _MARGIN),
        _share("Margin %, month", "month_margin", "month_revenue", _PCT),
        _amount("previous_margin", "Margin, month before", _MARGIN),
        _amount("moved", "Moved"),
        _amount("year_revenue", "Revenue, year", _REVENUE),
        _amount("year_margin", "Margin, year", _MARGIN),
        _share("Margin %, year", "year_margin", "year_revenue", _PCT),
        _amount("revenue_to_date", "Revenue to date", f"{PROJECT_MONTH}.revenue_amount_base_to_date"),
        _amount("cost_to_date", "Cost to date", f"{PROJECT_MONTH}.cost_of_sales_amount_base_to_date"),
        _amount("margin_to_date", "Margin to date", f"{PROJECT_MONTH}.gross_margin_amount_base_to_date"),
        _share("Margin % to date", "margin_to_date", "revenue_to_date", f"{PROJECT_MONTH}.gross_margin_pct_to_date"),
        _amount("forecast_revenue", "Revenue at completion", f"{PROJECT_MONTH}.forecast_revenue_amount_base"),
        _amount("forecast_margin", "Margin at completion", f"{PROJECT_MONTH}.forecast_margin_amount_base"),
        _share("Margin % at completion", "forecast_margin", "forecast_revenue", f"{PROJECT_MONTH}.forecast_margin_pct"),
        _amount("backlog", "Order backlog", f"{_BACKLOG}.closing_amount_base"),
        Column(id="exceptions", title="Exceptions", kind="count", adds=True),
        Column(id="business_group", title="Business group", width=20),
        Column(id="market", title="Market", width=14),
        Column(id="project_manager", title="Manager", width=22),
        Column(id="planned_end_date", title="Planned end", kind="date"),
    ),
    empty="No project has been delivered yet.",
    total="All projects",
    frozen=2,
)

MONTHS = Table(
    id="months",
    title="Months",
    columns=(
        Column(id="month", title="Month", kind="month"),
        _amount("revenue", "Revenue", _REVENUE),
        *(
            _amount(name, name.capitalize(), f"{PROJECT_MONTH}.{name}_cost_amount_base")
            for name in ("labour", "subcontract", "material", "equipment", "travel", "other")
        ),
        _amount("loss_provision_change", "Loss provision", f"{PROJECT_MONTH}.loss_provision_change_amount_base"),
        _amount("cost", "Cost of sales", _COST),
        _amount("margin", "Gross margin", _MARGIN),
        _share("Margin %", "margin", "revenue", _PCT),
        _amount("quality", "Of which poor quality", f"{PROJECT_MONTH}.quality_cost_amount_base"),
        _amount("billed", "Billed, net", f"{PROJECT_MONTH}.billed_amount_base"),
        _amount("collected", "Collected, with tax", f"{PROJECT_MONTH}.collected_amount_base"),
        _flat("backlog", "Order backlog", f"{_BACKLOG}.closing_amount_base"),
        Column(id="state", title="Note", width=18),
    ),
    empty="No month has figures yet.",
    total="All months",
)

WALKS = Table(
    id="walks",
    title="Margin walk",
    columns=(
        _NAME,
        _ID,
        Column(id="walk", title="Walk", width=30),
        _flat("from_margin", "From margin", "margin.margin_bridge.from_margin_amount_base"),
        *(
            _flat(name, title, "margin.margin_bridge.effect_amount_base")
            for name, title in (
                ("price", "Price"), ("approved_changes", "Approved changes"), ("hours", "Hours"), ("rate", "Rate"),
                ("subcontract", "Subcontract"), ("material", "Material"), ("equipment", "Equipment"),
                ("travel", "Travel"), ("other", "Other"), ("fx", "Currency"), ("risk", "Loss provision"),
                ("residual", "Residual"),
            )
        ),
        _flat("to_margin", "To margin", "margin.margin_bridge.to_margin_amount_base"),
        Column(id="note", title="Note", kind="long", width=40),
    ),
    empty="No project has two versions of its margin to walk between.",
    note="Steps that hurt the margin are negative. From as sold to forecast both ends are the margin of the whole "
    "project: that walk is added up. Each walk stands by itself; walks of one project are not added.",
    frozen=3,
)  # fmt: skip

STEPS = tuple(column for column in WALKS.columns if column.source == "margin.margin_bridge.effect_amount_base")

ESTIMATES = Table(
    id="estimates",
    title="Forecast",
    columns=(
        _NAME,
        _ID,
        Column(id="currency_code", title="In", source=f"{FORECAST}.currency_code", width=6),
        _flat("bac", "Budget (BAC)", f"{METHOD}.bac_amount"),
        _flat("ac", "Cost to date (AC)", f"{FORECAST}.ac_amount"),
        _flat("recommended_eac", "EAC, recommended", f"{FORECAST}.recommended_eac_amount"),
        Column(id="recommended_method", title="Method", source=f"{FORECAST}.recommended_method", width=16),
        _flat("p10", "EAC P10", f"{FORECAST}.eac_p10_amount"),
        _flat("p50", "EAC P50", f"{FORECAST}.eac_p50_amount"),
        _flat("p80", "EAC P80", f"{FORECAST}.eac_p80_amount"),
        _flat("p90", "EAC P90", f"{FORECAST}.eac_p90_amount"),
        Column(id="range_basis", title="Range", source=f"{FORECAST}.is_range_calibrated", width=16),
        _flat("risk_adjusted_eac", "EAC with open risks", f"{FORECAST}.risk_adjusted_eac_amount"),
        _flat("revenue_at_completion", "Revenue at completion", f"{FORECAST}.revenue_at_completion_amount"),
        _flat("margin_at_completion", "Margin at completion", f"{FORECAST}.margin_at_completion_amount"),
        _share("Margin % at completion", "margin_at_completion", "revenue_at_completion",
               f"{FORECAST}.margin_at_completion_pct"),
        *(
            _flat(name, title, f"{METHOD}.eac_amount")
            for name, title in (
                ("bottom_up", "EAC bottom up"), ("remaining_at_budget", "EAC rest at budget"), ("by_cpi", "EAC by CPI"),
                ("by_cpi_spi", "EAC by CPI × SPI"), ("by_cpi_spi_t", "EAC by CPI × SPI(t)"),
                ("last_3", "EAC last 3 months"), ("last_6", "EAC last 6 months"), ("weighted", "EAC weighted"),
                ("reference_class", "EAC reference class"),
            )
        ),
        _flat("project_manager_eac", "EAC project manager", f"{FORECAST}.project_manager_eac_amount"),
        _flat("finance_eac", "EAC finance", f"{FORECAST}.finance_eac_amount"),
        Column(id="pending_changes", title="Pending changes", kind="count", adds=True,
               source=f"{FORECAST}.pending_change_count"),
        _flat("pending_change_price", "Their price", f"{FORECAST}.pending_change_price_amount"),
        _flat("pending_change_cost", "Their cost", f"{FORECAST}.pending_change_cost_amount"),
        Column(id="recommendation_reason", title="Why this method", kind="long", width=60,
               source=f"{FORECAST}.recommendation_reason"),
    ),
    empty="No project has a forecast yet.",
    note="Each project in the currency of its contract: amounts are not added up.",
    frozen=2,
)  # fmt: skip

VERSIONS = Table(
    id="versions",
    title="Margin by version",
    columns=(
        _NAME,
        _ID,
        *(
            column
            for name, title in (("as_sold", "as sold"), ("baseline", "baseline"), ("forecast", "forecast"))
            for column in (
                _amount(f"{name}_revenue", f"Revenue, {title}", f"{PROJECT_MONTH}.{name}_revenue_amount_base"),
                _amount(f"{name}_margin", f"Margin, {title}", f"{PROJECT_MONTH}.{name}_margin_amount_base"),
                _share(f"Margin %, {title}", f"{name}_margin", f"{name}_revenue", f"{PROJECT_MONTH}.{name}_margin_pct"),
            )
        ),
        _amount("change_from_as_sold", "Forecast less as sold"),
        _amount("revenue_to_date", "Revenue to date", f"{PROJECT_MONTH}.revenue_amount_base_to_date"),
        _amount("margin_to_date", "Margin to date", f"{PROJECT_MONTH}.gross_margin_amount_base_to_date"),
    ),
    empty="No project has a plan with a margin yet.",
    note="At completion, as known at the end of the month. A project without a version adds nothing to its total.",
    total="All projects",
    frozen=2,
)

HISTORY = Table(
    id="history",
    title="Forecast versions",
    columns=(
        _NAME,
        _ID,
        Column(id="plan_version_id", title="Version", width=16),
        Column(id="kind", title="Kind"),
        Column(id="source", title="By", width=18, source="forecast.forecast_versions.source"),
        Column(id="approved_date", title="Approved", kind="date"),
        _flat("revenue", "Revenue", "forecast.forecast_versions.revenue_amount_base"),
        _flat("cost", "Cost", "forecast.forecast_versions.cost_amount_base"),
        _flat("margin", "Margin", "forecast.forecast_versions.margin_amount_base"),
        _share("Margin %", "margin", "revenue", "forecast.forecast_versions.margin_pct"),
        _flat("margin_change", "Change", "forecast.forecast_versions.margin_change_amount_base"),
        Column(id="reason", title="Why", kind="long", width=60, source="forecast.forecast_versions.reason"),
    ),
    empty="No version of a plan is approved yet.",
    frozen=2,
)

BALANCES = Table(
    id="balances",
    title="Balances",
    columns=(
        Column(id="contract_id", title="Contract", width=16),
        _NAME,
        _ID,
        _amount("revenue_to_date", "Revenue to date", f"{_BALANCE}.revenue_to_date_base"),
        _amount("billed_to_date", "Billed to date", f"{_BALANCE}.billed_to_date_base"),
        _amount("contract_asset", "Contract asset", f"{_BALANCE}.contract_asset_amount_base"),
        _amount("contract_liability", "Contract liability", f"{_BALANCE}.contract_liability_amount_base"),
        _amount("receivable", "Receivable", f"{_BALANCE}.receivable_amount_base"),
        _amount("retention", "Retention", f"{_BALANCE}.retention_amount_base"),
        _amount("loss_provision", "Loss provision", f"{_BALANCE}.loss_provision_amount_base"),
        _amount("backlog", "Order backlog", f"{_BALANCE}.backlog_amount_base"),
        Column(id="state", title="Note", width=18),
    ),
    empty="No contract has a balance at the end of the month.",
    total="All contracts",
    frozen=2,
)

_AGE = "margin.wip_ageing.unbilled_amount_base"
UNBILLED = Table(
    id="unbilled",
    title="Unbilled work",
    columns=(
        Column(id="contract_id", title="Contract", width=16),
        _NAME,
        _ID,
        Column(id="owner", title="Owner", width=22, source="margin.wip_ageing.owner"),
        _amount("unbilled", "Unbilled", _AGE),
        _amount("to_30", "0–30 days", _AGE),
        _amount("to_60", "31–60 days", _AGE),
        _amount("to_90", "61–90 days", _AGE),
        _amount("to_180", "91–180 days", _AGE),
        _amount("over_180", "181 days and more", _AGE),
        Column(id="oldest_days", title="Oldest, days", kind="count", source="margin.wip_ageing.oldest_age_days"),
    ),
    empty="Everything that was recognised is billed.",
    total="All contracts",
    frozen=2,
)

_OPEN = "margin.receivables_ageing.open_amount_base"
RECEIVABLES = Table(
    id="receivables",
    title="Receivables",
    columns=(
        Column(id="customer_name", title="Customer", width=34),
        _amount("receivable", "Receivable", _OPEN),
        _amount("not_due", "Not due", _OPEN),
        _amount("to_30", "1–30 days", _OPEN),
        _amount("to_60", "31–60 days", _OPEN),
        _amount("to_90", "61–90 days", _OPEN),
        _amount("over_90", "91 days and more", _OPEN),
        _amount("overdue", "Overdue", _OPEN),
        _share("Overdue %", "overdue", "receivable"),
        Column(id="oldest_days", title="Oldest, days", kind="count", source="margin.receivables_ageing.days_overdue"),
        Column(id="state", title="Note", width=18),
    ),
    empty="No customer owes anything.",
    note="With tax, less credit notes and cash without a document; by days overdue.",
    total="All customers",
)

BACKLOG = Table(
    id="backlog",
    title="Backlog",
    columns=(
        _NAME,
        _ID,
        _amount("opening", "Opening", f"{_BACKLOG}.opening_amount_base"),
        _amount("bookings", "Bookings", f"{_BACKLOG}.bookings_amount_base"),
        _amount("changes", "Changes", f"{_BACKLOG}.changes_amount_base"),
        _amount("revenue", "Revenue", f"{_BACKLOG}.revenue_amount_base"),
        _amount("fx", "Currency", f"{_BACKLOG}.fx_amount_base"),
        _amount("closing", "Closing", f"{_BACKLOG}.closing_amount_base"),
        _amount("billed", "Billed, net", f"{_BACKLOG}.billed_amount_base"),
        Column(
            id="book_to_bill",
            title="Book to bill",
            kind="index",
            ratio=("bookings", "billed"),
            source=f"{_BACKLOG}.book_to_bill_ratio",
        ),
    ),
    empty="No project has an order backlog at the end of the month.",
    note="Opening, bookings, changes, revenue (which uses it up: negative) and currency add up to closing.",
    total="All projects",
    frozen=2,
)

DIMENSIONS = ("cost", "scope", "schedule", "quality", "customer", "safety")
SCORECARD = Table(
    id="scorecard",
    title="Scorecard",
    columns=(
        _NAME,
        _ID,
        *(
            Column(id=name, title=name.capitalize(), kind="status", source=f"{_SCORE}.{name}_status")
            for name in ("overall", *DIMENSIONS)
        ),
        _amount("margin", "Margin, month", _MARGIN),
        _amount("margin_to_date", "Margin to date", f"{PROJECT_MONTH}.gross_margin_amount_base_to_date"),
        Column(id="commentary", title="Commentary", kind="long", width=40,
               source=f"{_SCORE}.commentary"),
        *(
            Column(id=f"{name}_reason", title=f"Why {name}", kind="long", width=90,
                   source=f"{_SCORE}.{name}_status_reason")
            for name in ("overall", *DIMENSIONS)
        ),
    ),
    empty="No project has a scorecard for the month.",
    total="All projects",
    frozen=2,
)  # fmt: skip

_RISK = "core.fct_risks"
RISKS = Table(
    id="risks",
    title="Risks",
    columns=(
        _NAME,
        _ID,
        Column(id="risk_id", title="Risk", width=10),
        Column(id="kind", title="Kind", width=12),
        Column(id="title", title="Title", kind="long", width=48),
        Column(id="response", title="Response"),
        Column(id="probability_pct", title="Probability", kind="share", source=f"{_RISK}.probability_pct"),
        _flat("likely", "Likely amount", f"{_RISK}.cost_likely_amount_base"),
        _amount("emv", "Expected value", f"{_RISK}.emv_amount_base"),
        Column(id="schedule_days", title="Days", kind="count", source=f"{_RISK}.schedule_days"),
        Column(id="raised_date", title="Raised", kind="date"),
    ),
    empty="No threat or opportunity is open.",
    note="Open on the day of the refresh. Expected value = probability × likely amount, threats negative.",
    total="All risks",
    frozen=2,
)

_CHANGE = "core.fct_change_requests"
CHANGES = Table(
    id="changes",
    title="Change requests",
    columns=(
        _NAME,
        _ID,
        Column(id="change_request_id", title="Request", width=10),
        Column(id="title", title="Title", kind="long", width=48),
        Column(id="status", title="Decision"),
        Column(id="requested_date", title="Requested", kind="date"),
        Column(id="decided_date", title="Decided", kind="date"),
        _flat("price", "Price", f"{_CHANGE}.price_amount_base"),
        _flat("cost", "Cost", f"{_CHANGE}.cost_amount_base"),
        _flat("margin", "Margin"),
        Column(id="schedule_days", title="Days", kind="count", source=f"{_CHANGE}.schedule_days"),
        Column(id="probability_pct", title="Probability", kind="share", source=f"{_CHANGE}.probability_pct"),
    ),
    empty="No change has been requested.",
    note="Undecided ones first. They are not added up: decided and undecided, approved and rejected, are not "
    "the same money.",
    frozen=2,
)

EXCEPTIONS = Table(
    id="exceptions",
    title="Exceptions",
    columns=(
        Column(id="severity", title="Severity", width=11, source="ops.exceptions.severity"),
        Column(id="rule", title="Rule", width=28, source="ops.exceptions.rule"),
        Column(id="entity", title="What", width=26),
        Column(id="project_id", title="Project", width=12),
        Column(id="month", title="Month", kind="month"),
        Column(id="message", title="What is the matter", kind="long", width=80, source="ops.exceptions.message"),
        _flat("amount_at_stake", "At stake", "ops.exceptions.amount_at_stake"),
        Column(id="unit", title="In", width=6, source="ops.exceptions.unit"),
    ),
    empty="Nothing is open: no rate, price or plan is missing and no amount is in doubt.",
    note="Errors: an amount is missing in the figures. Warnings: a figure rests on an assumption. Notices tell the "
    "same money at several levels; amounts are not added up.",
    frozen=2,
)

SHEETS = (
    PROJECTS, MONTHS, WALKS, ESTIMATES, VERSIONS, HISTORY, BALANCES, UNBILLED, RECEIVABLES, BACKLOG, SCORECARD, RISKS,
    CHANGES, EXCEPTIONS,
)  # fmt: skip
