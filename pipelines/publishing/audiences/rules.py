"""Which rows of each published table an audience gets. A table without a rule is emptied: nothing is shown because
somebody forgot to think of it.

A row is given where it belongs to visible projects alone. Sums over more than that cannot be taken apart, so they are
given where every project behind them is visible ("whole") and left out where not; they are never filled up with zeros.
Every row that is given is a row that is published to all, less the columns that are blanked: hence whatever privacy
holds for the whole (hours of few people) holds for the part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# columns that tell on files in which other projects stand too, wherever they are
BLANKED_EVERYWHERE = frozenset({"source_file_id", "source_line", "file_name", "sha256"})


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`keep`: SQL over the table and the sets visible_projects, whole_customers, … (filtering.py); empty: no row.
    `reason`: why it is left out, or what of it, as readers are told. `scanned`: whether texts are searched for hidden
    names; not where they come from the programme and not from deliveries."""

    keep: str = ""
    reason: str = ""
    blanked: frozenset[str] = frozenset()
    scanned: bool = True


_VISIBLE = "project_id in (select project_id from visible_projects)"
_INVOICE = f"{_VISIBLE} and invoice_key not in (select invoice_key from mixed_invoices)"
_CONTRACT = f"{_VISIBLE} and contract_id not in (select contract_id from mixed_contracts)"
_PARTLY = "Rows of groups that have projects which this audience does not see are left out."


def _whole(column: str, group: str) -> Rule:
    return Rule(keep=f"{column} in (select {column} from whole_{group})", reason=_PARTLY)


_PROJECT = Rule(keep=_VISIBLE)
_CUSTOMER = _whole("customer_id", "customers")

_BY_PROJECT = (
    "core.dim_projects", "core.dim_wbs_elements", "core.fct_acceptance_tests",
    "core.fct_change_requests", "core.fct_complaints", "core.fct_cost_lines", "core.fct_handover_items",
    "core.fct_kpi_observations", "core.fct_milestones", "core.fct_plan_lines", "core.fct_progress",
    "core.fct_purchase_order_lines", "core.fct_resource_plans", "core.fct_risks", "core.fct_safety_incidents",
    "core.fct_schedule_tasks", "core.fct_survey_responses", "core.fct_sales_opportunities", "core.fct_time_entries",
    "forecast.cash_forecast_by_project_month", "forecast.eac_by_project_month_method",
    "forecast.earned_value_by_project_month", "forecast.earned_value_by_wbs_month", "forecast.forecast_versions",
    "forecast.schedule_quality_by_project", "forecast.schedule_tasks_by_project", "forecast.schedule_trust_by_project",
    "kpi.change_requests_by_project_month", "kpi.closing_checklist", "kpi.delivery_quality_by_project_month",
    "kpi.handover_readiness", "kpi.kpi_values_by_project_month", "kpi.milestone_performance_by_project_month",
    "kpi.pipeline_by_project_month", "kpi.risk_exposure_by_project_month", "kpi.safety_by_project_month",
    "kpi.scorecard_by_project_month", "margin.backlog_by_project_month", "margin.backlog_by_project_month_as_closed",
    "margin.cost_reconciliation", "margin.margin_bridge", "margin.margin_by_project_month",
    "margin.margin_by_project_month_as_closed", "margin.margin_restatements", "margin.reconciliation_documents",
)  # fmt: skip
_BY_CONTRACT = (
    "core.dim_contract_lines", "margin.contract_balances_by_contract_month",
    "margin.contract_balances_by_contract_month_as_closed", "margin.revenue_by_contract_line_month",
    "margin.revenue_by_contract_line_month_as_closed", "margin.wip_ageing",
)  # fmt: skip
_BY_INVOICE = (
    "core.fct_invoices", "core.fct_invoice_lines", "margin.fx_effects_by_month", "margin.receivables_ageing",
    "margin.receivables_ageing_as_closed",
)  # fmt: skip
_BY_CUSTOMER = (
    "kpi.customer_health_by_month", "kpi.pipeline_by_customer_month", "kpi.scorecard_by_customer_month",
    "margin.dso_by_customer_month", "margin.margin_by_customer_month",
)  # fmt: skip
_ALL_PROJECTS = "It sums over all projects, also those that this audience does not see."
_PEOPLE = "It is about people, who belong to no single project."
_FILES = "It names files and their totals, in which projects stand that this audience does not see."

RULES: Mapping[str, Rule] = {
    **dict.fromkeys(_BY_PROJECT, _PROJECT),
    **dict.fromkeys(_BY_CONTRACT, Rule(keep=_CONTRACT)),
    **dict.fromkeys(_BY_INVOICE, Rule(keep=_INVOICE)),
    **dict.fromkeys(_BY_CUSTOMER, _CUSTOMER),
    "core.dim_customers": Rule(keep="customer_id in (select customer_id from visible_projects)"),
    "core.dim_programmes": Rule(
        keep="programme_id in (select programme_id from visible_projects) "
        "and (customer_id is null or customer_id in (select customer_id from visible_projects))"
    ),
    "core.dim_kpis": Rule(
        keep="(customer_id is null or customer_id in (select customer_id from visible_projects)) "
        "and (business_group is null or business_group in (select business_group from visible_projects))",
        scanned=False,
    ),
    "core.dim_months": Rule(keep="true", scanned=False),
    "core.fct_exchange_rates": Rule(keep="true"),
    "core.fct_payments": Rule(
        keep="(invoice_id, direction) in (select (invoice_id, direction) from visible_payments)",
    ),
    "core.fct_schedule_links": Rule(
        keep=f"{_VISIBLE} and not coalesce(is_external, false)", reason="Links to other schedules are left out."
    ),
    "core.dim_people": Rule(reason=_PEOPLE),
    "forecast.earned_value_by_programme_month": _whole("programme_id", "programmes"),
    "forecast.forecast_accuracy": Rule(reason=_ALL_PROJECTS),
    "forecast.forecast_bias_by_business_group": _whole("business_group", "business_groups"),
    "forecast.forecast_bias_by_project_manager": Rule(reason=_ALL_PROJECTS),
    # how many projects have finished is the whole firm's number
    "forecast.forecast_by_project_month": Rule(
        keep=_VISIBLE,
        blanked=frozenset({"finished_projects", "recommendation_reason"}),
        reason="What the recommendation rests on counts all projects and is blank.",
    ),
    "forecast.resource_forecast_by_role_month": Rule(reason=_PEOPLE),
    "kpi.kpi_values_by_group_month": Rule(
        keep="(group_type, group_id) in (select (kind, id) from whole_groups)", reason=_PARTLY
    ),
    "kpi.scorecard_by_business_group_month": _whole("business_group", "business_groups"),
    "kpi.scorecard_by_key_projects_month": Rule(reason=_ALL_PROJECTS),
    "kpi.scorecard_by_market_month": _whole("market", "markets"),
    "kpi.scorecard_by_programme_month": _whole("programme_id", "programmes"),
    "kpi.utilisation_by_cost_centre_month": Rule(reason=_PEOPLE),
    "kpi.utilisation_by_market_month": Rule(reason=_PEOPLE),
    "kpi.utilisation_by_role_month": Rule(reason=_PEOPLE),
    "margin.ledger_reconciliation": Rule(reason=_ALL_PROJECTS),
    "margin.margin_by_business_group_month": _whole("business_group", "business_groups"),
    "margin.margin_by_key_projects_month": Rule(reason=_ALL_PROJECTS),
    "margin.margin_by_market_month": _whole("market", "markets"),
    "margin.margin_by_programme_month": _whole("programme_id", "programmes"),
    "ops.check_results": Rule(
        keep="true",
        blanked=frozenset({"message", "failing_rows"}),
        reason="What failed where is blank: it may be about projects that this audience does not see.",
        scanned=False,
    ),
    "ops.closes": Rule(keep="true"),
    "ops.control_totals": Rule(reason=_FILES),
    "ops.data_dictionary": Rule(keep="true", scanned=False),
    "ops.exceptions": Rule(
        keep=f"({_VISIBLE}) or (project_id is null and (entity_type, entity) in (select (kind, id) from whole_groups))",
        reason="Findings that belong to no visible project are left out.",
    ),
    "ops.feed_freshness": Rule(keep="true", blanked=frozenset({"files"})),
    "ops.loads": Rule(reason=_FILES),
    "ops.refreshes": Rule(
        keep="true",
        blanked=frozenset(
            {
                "files_loaded",
                "files_refused",
                "files_duplicate",
                "rows_loaded",
                "rows_rejected",
                "seconds_by_step",
                "rows_by_step",
                "message",
            }
        ),
        reason="Counts of all files and rows are blank.",
    ),
    "ops.rejected_rows": Rule(reason=_FILES),
}

UNKNOWN = Rule(reason="Nobody has said yet which of its rows an audience may see.")
