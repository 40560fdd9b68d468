"""The marts that get published, checked in the very file that gets published.

What only these bytes can show: nothing is missing in them, nothing personal is in them, the sums of the marts are the
sums of the facts. Keys, references and the logic of a single model are dbt's to test (data_tests/README.md). Every
finding here is critical: the private warehouse can wait, a published figure cannot be called back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from pipelines.contracts import contracts
from pipelines.quality.checks import CATALOGUE, Check, SuiteContext, quoted
from pipelines.warehouse import public_models

PUBLIC_SCHEMAS = ("core", "margin", "forecast", "kpi", "ops")

# What the checks below and every page stand on; without it the file is no publication, whatever else is in it.
MARGIN_COLUMNS = (
    "month",
    "revenue_amount_base",
    "loss_provision_change_amount_base",
    "cost_of_sales_amount_base",
    "gross_margin_amount_base",
    "gross_margin_pct",
    "billed_amount_base",
)
# margin mart -> what its rows are about, beside the month
MARGIN_MARTS = {
    "margin_by_project_month": "project_id",
    "margin_by_programme_month": "programme_id",
    "margin_by_customer_month": "customer_id",
    "margin_by_business_group_month": "business_group",
    "margin_by_market_month": "market",
    "margin_by_key_projects_month": "project_group",
}
# mart of a register, or of the people -> what its rows are about, beside the month
REGISTER_MARTS = {
    "change_requests_by_project_month": "project_id",
    "risk_exposure_by_project_month": "project_id",
    "milestone_performance_by_project_month": "project_id",
    "delivery_quality_by_project_month": "project_id",
    "safety_by_project_month": "project_id",
    "customer_health_by_month": "customer_id",
    "utilisation_by_role_month": "role_id",
    "utilisation_by_cost_centre_month": "cost_centre",
    "utilisation_by_market_month": "market",
}
# scorecard -> what its rows are about, beside the month
SCORECARDS = {mart.replace("margin_by", "scorecard_by"): group for mart, group in MARGIN_MARTS.items()}
INDISPENSABLE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("core", "dim_projects"): ("project_id",),
    ("core", "dim_months"): ("month",),
    ("core", "fct_cost_lines"): ("cost_line_key", "project_id", "amount_base"),
    ("core", "fct_invoice_lines"): ("invoice_line_key", "project_id", "direction", "net_amount_base"),
    ("core", "fct_time_entries"): ("project_id", "month", "hours", "is_hours_withheld"),
    **{("margin", mart): (group, *MARGIN_COLUMNS) for mart, group in MARGIN_MARTS.items()},
    **{("kpi", mart): (group, "month") for mart, group in REGISTER_MARTS.items()},
    ("kpi", "kpi_values_by_project_month"): ("project_id", "month", "kpi_code", "value", "status", "status_reason"),
    **{("kpi", mart): (group, "month", "overall_status") for mart, group in SCORECARDS.items()},
    ("forecast", "earned_value_by_project_month"): ("project_id", "month", "ev_amount", "ac_amount"),
    ("forecast", "eac_by_project_month_method"): ("project_id", "month", "method", "eac_amount"),
    ("forecast", "forecast_by_project_month"): ("project_id", "month"),
    ("forecast", "forecast_accuracy"): ("method", "progress_band"),
    ("ops", "loads"): ("source_file_id", "file_name", "table_name"),
    ("ops", "control_totals"): ("feed", "table_name", "month", "source_file_id", "measure", "difference"),
    ("ops", "exceptions"): ("rule", "message"),
}

# The grain that a description promises, again on the published bytes; dbt tests it for every model.
GRAINS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("core", "dim_projects"): ("project_id",),
    ("core", "dim_months"): ("month",),
    ("core", "fct_cost_lines"): ("cost_line_key",),
    ("core", "fct_invoice_lines"): ("invoice_line_key",),
    **{("margin", mart): (group, "month") for mart, group in MARGIN_MARTS.items()},
    ("forecast", "forecast_by_project_month"): ("project_id", "month"),
    ("forecast", "forecast_accuracy"): ("method", "progress_band"),
    **{("kpi", mart): (group, "month") for mart, group in REGISTER_MARTS.items()},
    ("kpi", "kpi_values_by_project_month"): ("project_id", "month", "kpi_code"),
    **{("kpi", mart): (group, "month") for mart, group in SCORECARDS.items()},
    ("forecast", "earned_value_by_project_month"): ("project_id", "month"),
    ("forecast", "eac_by_project_month_method"): ("project_id", "month", "method"),
}

# plans at completion that a margin mart shows beside its months
PLANS = ("as_sold", "baseline", "forecast")

_MONTHLY = "sum(revenue_amount_base) as revenue, sum(cost_of_sales_amount_base) as cost"

# Columns of the contracts that hold personal data, but whose plain names also say something harmless elsewhere
# (dim_kpis.owner is an office, data_dictionary has descriptions).
HARMLESS_NAMES = frozenset({"description", "owner"})
PERSONAL_NAMES = tuple(
    sorted(
        {c.name for t in contracts().values() for c in t.columns if c.personal == "private"} - HARMLESS_NAMES
        | {"employee", "person_name", "first_name", "last_name", "e_mail", "phone"}
    )
)
PERSONAL_PARTS = ("email", "employee", "hourly_rate", "birth", "salary")

E_MAIL = r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z][A-Za-z]+"

MONEY_PARTS = ("amount", "price", "cost")
FLOATS = ("DOUBLE", "FLOAT")

OURS = "this is a fault of the programme, not of a delivery: keep the work folder and report it"


def checks(context: SuiteContext) -> Iterator[Check]:
    yield from _structure()
    for schema, table in sorted(context.catalogue):
        if schema in PUBLIC_SCHEMAS:
            yield from _cells(context, schema, table)
    # what stands on a column that is not there is left to the check that says so
    whole = {model for model, columns in INDISPENSABLE.items() if set(columns) <= set(context.columns(*model))}
    for model, key in GRAINS.items():
        if model in whole:
            yield from _grain(*model, key)
    for mart, group in MARGIN_MARTS.items():
        if ("margin", mart) in whole:
            yield from _margin(context.columns("margin", mart), mart, group)
    yield from _sums(whole)


def _check(schema: str, table: str, name: str, *, holds: str, rows: str, remedy: str = OURS) -> Check:
    return Check(name=name, schema_name=schema, model_name=table, holds=holds, rows=rows, remedy=remedy)


def _texts(values: Iterable[str]) -> str:
    return ", ".join(map(_text, values))


def _structure() -> Iterator[Check]:
    """Which tables, columns and types there are."""
    place = "select null as source_file_id, concat_ws('.', table_schema, table_name, column_name) as source_line"
    expected = ", ".join(f"('{s}', '{t}', '{c}')" for (s, t), columns in INDISPENSABLE.items() for c in columns)
    yield _check(
        *CATALOGUE,
        "indispensable_columns_are_there",
        holds="the models on which every report stands are there with their columns",
        rows=(
            f"{place} from (values {expected}) as expected (table_schema, table_name, column_name) where "
            "(table_schema, table_name, column_name) not in "
            "(select (table_schema, table_name, column_name) from {batch} as b)"
        ),
    )
    models = ", ".join(f"('{schema}', '{model}')" for schema, model in public_models())
    yield _check(
        *CATALOGUE,
        "every_model_is_published",
        holds="every public model of the dbt project is in the file",
        rows=(
            "select null as source_file_id, concat_ws('.', table_schema, table_name) as source_line "
            f"from (values {models}) as expected (table_schema, table_name) where (table_schema, table_name) not in "
            "(select (table_schema, table_name) from {batch} as b)"
        ),
    )
    yield _check(
        *CATALOGUE,
        "something_was_loaded",
        holds="there is at least one file behind the figures",
        rows=(
            "select distinct null as source_file_id, 'ops.loads' as source_line from {batch} as b "
            "where table_schema = 'ops' and table_name = 'loads' and not exists (select 1 from ops.loads)"
        ),
    )
    yield _check(
        *CATALOGUE,
        "only_public_schemas",
        holds=f"nothing but the schemas {', '.join(PUBLIC_SCHEMAS)} is published",
        rows=f"{place} from {{batch}} as b where table_schema not in ({_texts(PUBLIC_SCHEMAS)})",
    )
    parts = " or ".join(f"contains(lower(column_name), '{part}')" for part in PERSONAL_PARTS)
    yield _check(
        *CATALOGUE,
        "no_personal_columns",
        holds="no column is named like a person's name, address, identifier or rate",
        rows=f"{place} from {{batch}} as b where lower(column_name) in ({_texts(PERSONAL_NAMES)}) or {parts}",
        remedy="take the column out of the model; the private schema `intermediate` is its place",
    )
    money = " or ".join(f"contains(column_name, '{part}')" for part in MONEY_PARTS)
    yield _check(
        *CATALOGUE,
        "money_is_exact",
        holds="no amount is a binary floating-point number",
        rows=f"{place} from {{batch}} as b where data_type in ({_texts(FLOATS)}) and ({money})",
        remedy="cast the column to DECIMAL in its model",
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _cells(context: SuiteContext, schema: str, table: str) -> Iterator[Check]:
    """What no cell of any published table may hold. The columns are named, never the cells."""
    columns = context.columns(schema, table)

    def rows(broken: Mapping[str, str]) -> str:
        names = ", ".join(f"case when {condition} then {_text(c)} end" for c, condition in broken.items())
        return (
            f"select null as source_file_id, concat_ws(', ', {names}) as source_line from {{batch}} "
            f"where {' or '.join(broken.values())}"
        )

    texts = [c for c, kind in columns.items() if kind == "VARCHAR"]
    if texts:
        yield _check(
            schema,
            table,
            "no_e_mail_addresses",
            holds="no text holds an e-mail address",
            rows=rows({c: f"(contains({quoted(c)}, '@') and regexp_matches({quoted(c)}, '{E_MAIL}'))" for c in texts}),
            remedy="mask the column in its model, or correct the delivered value if it does not belong there",
        )
    floats = [c for c, kind in columns.items() if kind in FLOATS]
    if floats:
        yield _check(
            schema,
            table,
            "numbers_are_finite",
            holds="no number is infinite or not a number",
            rows=rows({c: f"not isfinite({quoted(c)})" for c in floats}),
        )


def _grain(schema: str, table: str, columns: tuple[str, ...]) -> Iterator[Check]:
    key = ", ".join(columns)
    place = f"concat_ws(' ', {', '.join(f'cast({c} as varchar)' for c in columns)})"
    yield _check(
        schema,
        table,
        "grain_is_filled",
        holds=f"every row has {key}",
        rows=f"select null as source_file_id, {place} as source_line from {{batch}} where "
        + " or ".join(f"{c} is null" for c in columns),
    )
    yield _check(
        schema,
        table,
        "grain_is_unique",
        holds=f"one row per {key}",
        rows=f"select null as source_file_id, {place} as source_line from {{batch}} group by {key} having count(*) > 1",
    )


def _margin(columns: Mapping[str, str], mart: str, group: str) -> Iterator[Check]:
    """What every row of a margin mart must keep by itself, and beside the rows of the months before it."""
    row = f"select null as source_file_id, concat_ws(' ', {group}, strftime(month, '%Y-%m')) as source_line from "

    def check(name: str, *, holds: str, breaks: str, source: str = "{batch}") -> Check:
        return _check("margin", mart, name, holds=holds, rows=f"{row}{source} where {breaks}")

    yield check(
        "margin_is_revenue_minus_cost",
        holds="gross_margin_amount_base = revenue_amount_base - cost_of_sales_amount_base, to the cent",
        breaks="gross_margin_amount_base is distinct from revenue_amount_base - cost_of_sales_amount_base",
    )
    # quality is a part of the others, and a plan at completion is no cost of the month
    apart = {"quality_cost_amount_base", *(f"{plan}_cost_amount_base" for plan in PLANS)}
    categories = [c for c in columns if c.endswith("_cost_amount_base") and c not in apart]
    categories += [c for c in columns if c == "loss_provision_change_amount_base"]
    if categories:
        yield check(
            "cost_is_the_sum_of_its_categories",
            holds="cost_of_sales_amount_base is the sum of the costs by category",
            breaks="cost_of_sales_amount_base is distinct from " + " + ".join(f"coalesce({c}, 0)" for c in categories),
        )
    for suffix in ("", "_to_date"):
        margin, revenue, pct = (
            f"{c}{suffix}" for c in ("gross_margin_amount_base", "revenue_amount_base", "gross_margin_pct")
        )
        if {margin, revenue, pct} <= set(columns):
            yield check(
                f"{pct}_is_margin_over_revenue",
                holds=f"{pct} = {margin} / {revenue} to 6 decimals, and empty where there is no revenue above zero",
                breaks=(
                    f"({pct} is null) <> (coalesce({revenue}, 0) <= 0) or "
                    f"abs({pct} - cast({margin} as double) / nullif({revenue}, 0)) > 0.0000006"
                ),
            )
    running = {c: c.replace("_to_date", "") for c in columns if c.endswith("_amount_base_to_date")}
    running = {to_date: c for to_date, c in running.items() if c in columns}
    if running:
        sums = ", ".join(
            f"sum({c}) over (partition by {group} order by month) as run_{n}" for n, c in enumerate(running.values())
        )
        yield check(
            "to_date_is_the_running_sum",
            holds="every amount to date is the running sum of its months",
            source=f"(select *, {sums} from {{batch}}) as months",
            # a currency effect to date is unknown once that of a month is
            breaks=" or ".join(
                f"({to_date} is not null and {to_date} is distinct from run_{n})"
                if to_date.startswith("fx_effect") or "_at_budget_rates_" in to_date
                else f"{to_date} is distinct from run_{n}"
                for n, to_date in enumerate(running)
            ),
        )
    plans = [f"{plan}_{{}}_amount_base" for plan in PLANS if f"{plan}_margin_amount_base" in columns]
    if plans:
        yield check(
            "plans_have_a_margin",
            holds="a plan's margin at completion is its revenue less its cost, and the three are there together",
            breaks=" or ".join(
                f"{plan.format('margin')} is distinct from {plan.format('revenue')} - {plan.format('cost')} "
                f"or ({plan.format('revenue')} is null) <> ({plan.format('cost')} is null)"
                for plan in plans
            ),
        )
    at_budget, effect = "gross_margin_at_budget_rates_amount_base", "fx_effect_amount_base"
    effects = [s for s in ("", "_to_date") if {f"{at_budget}{s}", f"{effect}{s}"} <= set(columns)]
    if effects:
        yield check(
            "budget_rates_and_currencies_make_the_margin",
            holds="margin at budget rates and currency effect are the margin, to the cent; both are there or neither",
            breaks=" or ".join(
                f"{at_budget}{s} + {effect}{s} <> gross_margin_amount_base{s} "
                f"or ({at_budget}{s} is null) <> ({effect}{s} is null)"
                for s in effects
            ),
        )
    yield check(
        "months_follow_each_other",
        holds=f"the months of a {group} have no gap, and each is a first day",
        source=(
            f"(select {group}, month, lag(month) over (partition by {group} order by month) as before "
            "from {batch}) as months"
        ),
        breaks="before + interval 1 month <> month or month <> date_trunc('month', month)",
    )


def _sums(whole: Collection[tuple[str, str]]) -> Iterator[Check]:
    """What must be the same sum in two tables of the file."""
    mart = ("margin", "margin_by_project_month")
    if {mart, ("core", "fct_cost_lines"), ("core", "fct_invoice_lines"), ("core", "dim_projects")} <= set(whole):
        yield _check(
            "core",
            "dim_projects",
            "margins_are_the_sums_of_the_facts",
            holds="what a project billed and cost are the sums of its customer invoice lines and of its cost lines",
            rows=(
                "with invoiced as (select project_id, sum(net_amount_base) as total from core.fct_invoice_lines "
                "where direction = 'customer' group by project_id), "
                "spent as (select project_id, sum(amount_base) as total from core.fct_cost_lines group by project_id), "
                "shown as (select project_id, sum(billed_amount_base) as billed, "
                "sum(cost_of_sales_amount_base - loss_provision_change_amount_base) as cost "
                "from margin.margin_by_project_month group by project_id) "
                "select null as source_file_id, projects.project_id as source_line from {batch} as projects "
                "left join invoiced on projects.project_id = invoiced.project_id "
                "left join spent on projects.project_id = spent.project_id "
                "left join shown on projects.project_id = shown.project_id "
                "where coalesce(shown.billed, 0) <> coalesce(invoiced.total, 0) "
                "or coalesce(shown.cost, 0) <> coalesce(spent.total, 0)"
            ),
        )
        yield _check(
            *mart,
            "projects_are_known",
            holds="every margin is a known project's",
            rows=(
                "select null as source_file_id, project_id as source_line from {batch} "
                "where project_id not in (select project_id from core.dim_projects)"
            ),
        )
    for other in MARGIN_MARTS:
        if mart in whole and ("margin", other) in whole and other != mart[1]:
            yield _check(
                "margin",
                other,
                "months_add_up_to_the_projects",
                holds="a month's revenue and cost are those of the projects",
                rows=(
                    "select null as source_file_id, strftime(coalesce(a.month, b.month), '%Y-%m') as source_line from "
                    f"(select month, {_MONTHLY} from {{batch}} group by month) as a full outer join "
                    f"(select month, {_MONTHLY} from margin.margin_by_project_month group by month) as b "
                    "on a.month = b.month "
                    "where a.revenue is distinct from b.revenue or a.cost is distinct from b.cost"
                ),
            )
    if ("ops", "control_totals") in whole:
        yield _check(
            "ops",
            "control_totals",
            "totals_agree",
            holds="what was delivered and what the warehouse holds or leaves out on purpose differ by nothing",
            rows=(
                "select null as source_file_id, "
                "concat_ws(' ', feed, table_name, strftime(month, '%Y-%m'), measure) as source_line "
                "from {batch} where source_file_id is null and (difference <> 0 or difference is null)"
            ),
        )
        yield Check(
            name="files_agree_with_themselves",
            schema_name="ops",
            model_name="control_totals",
            severity="warning",
            holds="the totals that a file states are what was found in it",
            rows=(
                "select source_file_id, concat_ws(' ', file_name, measure, unit) as source_line "
                "from {batch} where source_file_id is not null and difference <> 0"
            ),
            remedy="ask for the file again; its findings in ops.exceptions say what does not agree",
        )
    if ("core", "fct_time_entries") in whole:
        yield _check(
            "core",
            "fct_time_entries",
            "withheld_hours_are_empty",
            holds="hours that are said to be withheld are not there",
            rows=(
                "select null as source_file_id, concat_ws(' ', project_id, strftime(month, '%Y-%m')) as source_line "
                "from {batch} where is_hours_withheld <> (hours is null) or is_hours_withheld is null"
            ),
        )
    if ("kpi", "safety_by_project_month") in whole:
        yield _check(
            "kpi",
            "safety_by_project_month",
            "withheld_hours_are_empty",
            holds="hours that are said to be withheld are not there, and no rate that would tell them",
            rows=(
                "select null as source_file_id, concat_ws(' ', project_id, strftime(month, '%Y-%m')) as source_line "
                "from {batch} where is_hours_withheld <> (hours is null) or is_hours_withheld is null "
                "or (is_hours_withheld and coalesce(trir, ltir, trifr, ltifr, severity_rate) is not null)"
            ),
        )
