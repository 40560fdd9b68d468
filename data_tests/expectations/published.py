"""The marts that get published, checked in the very file that gets published.

What only these bytes can show: nothing is missing in them, nothing personal is in them, the sums of the marts are the
sums of the facts. Keys, references and the logic of a single model are dbt's to test (data_tests/README.md). Every
finding here is critical: the private warehouse can wait, a published figure cannot be called back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipelines.contracts import contracts
from pipelines.quality.checks import CATALOGUE, Check, SuiteContext, quoted

PUBLIC_SCHEMAS = ("core", "margin", "forecast", "kpi", "ops")

# Everything else stands on these; without them the file is not a publication whatever else is in it.
INDISPENSABLE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("core", "dim_projects"): ("project_id",),
    ("core", "dim_months"): ("month",),
    ("core", "fct_cost_lines"): ("project_id", "amount_base"),
    ("core", "fct_invoice_lines"): ("project_id", "net_amount_base"),
    ("core", "fct_time_entries"): ("project_id", "month", "hours"),
    ("margin", "margin_by_project_month"): (
        "project_id",
        "month",
        "revenue_amount_base",
        "cost_of_sales_amount_base",
        "gross_margin_amount_base",
        "gross_margin_pct",
    ),
    ("ops", "loads"): ("source_file_id", "file_name"),
    ("ops", "control_totals"): ("difference",),
    ("ops", "exceptions"): ("rule",),
}

# Columns of which a row is known by; the grain that its description promises.
GRAINS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("core", "dim_projects"): ("project_id",),
    ("core", "dim_customers"): ("customer_id",),
    ("core", "dim_months"): ("month",),
    ("margin", "margin_by_project_month"): ("project_id", "month"),
}

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
    for (schema, table), key in GRAINS.items():
        if set(key) <= set(context.columns(schema, table)):
            yield from _grain(schema, table, key)
    if _stands(context, "margin", "margin_by_project_month"):
        yield from _margin(context)
    if _stands(context, "ops", "control_totals"):
        yield _check(
            "ops",
            "control_totals",
            "totals_agree",
            holds="what was delivered and what the warehouse holds differ by nothing",
            rows="select null as source_file_id, concat_ws(' ', feed, measure, cast(month as varchar)) as source_line "
            "from {batch} where difference <> 0",
        )


def _stands(context: SuiteContext, schema: str, table: str) -> bool:
    return set(INDISPENSABLE[schema, table]) <= set(context.columns(schema, table))


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


def _margin(context: SuiteContext) -> Iterator[Check]:
    schema, table = "margin", "margin_by_project_month"
    columns = context.columns(schema, table)
    row = "select null as source_file_id, concat_ws(' ', project_id, strftime(month, '%Y-%m')) as source_line from "

    def check(name: str, *, holds: str, breaks: str, source: str = "{batch}") -> Check:
        return _check(schema, table, name, holds=holds, rows=f"{row}{source} where {breaks}")

    yield check(
        "margin_is_revenue_minus_cost",
        holds="gross_margin_amount_base = revenue_amount_base - cost_of_sales_amount_base, to the cent",
        breaks="gross_margin_amount_base is distinct from revenue_amount_base - cost_of_sales_amount_base",
    )
    categories = [c for c in columns if c.endswith("_cost_amount_base") and c != "quality_cost_amount_base"]
    categories += [c for c in columns if c == "loss_provision_change_amount_base"]
    if categories:
        total = " + ".join(f"coalesce({c}, 0)" for c in categories)
        yield check(
            "cost_is_the_sum_of_its_categories",
            holds="cost_of_sales_amount_base is the sum of the costs by category",
            breaks=f"cost_of_sales_amount_base is distinct from {total}",
        )
    yield check(
        "pct_is_margin_over_revenue",
        # a fraction is published with 6 decimals or more; half a unit of the sixth is its rounding
        holds="gross_margin_pct = gross_margin_amount_base / revenue_amount_base, and empty without revenue",
        breaks=(
            "(gross_margin_pct is null) <> (coalesce(revenue_amount_base, 0) = 0) or abs(gross_margin_pct "
            "- cast(gross_margin_amount_base as double) / nullif(revenue_amount_base, 0)) > 0.0000005"
        ),
    )
    running = {c: c.replace("_to_date", "") for c in columns if "_to_date" in c and not c.endswith("_pct")}
    running = {to_date: c for to_date, c in running.items() if c in columns}
    if running:
        sums = ", ".join(
            f"sum({c}) over (partition by project_id order by month) as run_{n}" for n, c in enumerate(running.values())
        )
        yield check(
            "to_date_is_the_running_sum",
            holds="every column to date is the running sum of its months",
            source=f"(select *, {sums} from {{batch}}) as months",
            breaks=" or ".join(f"{to_date} is distinct from run_{n}" for n, to_date in enumerate(running)),
        )
    yield check(
        "months_follow_each_other",
        holds="a project's months have no gap",
        source=(
            "(select project_id, month, lag(month) over (partition by project_id order by month) as before "
            "from {batch}) as months"
        ),
        breaks="before + interval 1 month <> month",
    )
    yield check(
        "month_is_a_first_day",
        holds="month is the first day of a month",
        breaks="month <> date_trunc('month', month)",
    )
