"""What every feed's suite shares: the checks that follow from the contracts and from the ledger of loads.

Landing rejects single cells and rows; these checks look at what stands in the warehouse after it, so that a fault of
landing, of a migration or of a hand at the database cannot reach a report. Critical is what would make figures wrong
without anybody seeing it. What figures survive, because dbt sets the row aside with the amount at stake, is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from pipelines.contracts import Column, Contract, contracts, feed_tables
from pipelines.quality.checks import Check, Severity

# before this day lies a slip of the keyboard (0205, 1025), not a project that is reported on today
FIRST_PLAUSIBLE_DAY = date(1990, 1, 1)
# a month ahead covers time zones and postings dated to the end of the period
DAYS_AHEAD = 31
# plans, contracts and warranties reach far, but not this far
YEARS_AHEAD = 50

# A delivery of which so much was rejected is not the delivery that was meant (a wrong column, a wrong separator).
# From the first share on a warning; from the second a stop, because the margin without those rows looks plausible.
# In fewer rows than MANY_ROWS a handful of honest rejects reaches any share: they warn and never stop.
REJECTED_SHARE_WARNING = "0.20"
REJECTED_SHARE_CRITICAL = "0.50"
MANY_ROWS = 20

ROWS = "select b.source_file_id, b.source_line from {batch} as b"


def rule(
    table: str,
    name: str,
    *,
    breaks: str,
    holds: str,
    remedy: str,
    column: str | None = None,
    severity: Severity = "warning",
    reads: tuple[str, ...] = (),
    schema: str = "raw",
) -> Check:
    """A rule about the rows of one table: `breaks` is the condition under which a row breaks it."""
    return Check(
        name=name,
        schema_name=schema,
        model_name=table,
        column_name=column,
        severity=severity,
        holds=holds,
        remedy=remedy,
        rows=f"{ROWS} where {breaks}",
        reads=reads,
    )


def feed_checks(feed: str, *, events: Mapping[str, str], as_of: date) -> Iterator[Check]:
    """Every check that follows from the contracts of a feed. `events`: table -> the date on which it happened."""
    for table in feed_tables(feed):
        contract = contracts()[table]
        for column in contract.columns:
            yield from _cells(contract, column)
        yield _key(contract)
        yield from _rules(contract)
        yield from _amounts_fit(contract)
        yield _provenance(contract)
        yield from _references(contract)
        yield from _dates(contract, event=events.get(table), as_of=as_of)
    yield from _ledger(feed)


def _cells(contract: Contract, column: Column) -> Iterator[Check]:
    deliver = f"deliver the row again with {column.name} as {column.valid}"
    named = {"schema_name": "raw", "model_name": contract.name, "column_name": column.name, "remedy": deliver}
    if column.required:
        yield Check(
            name=f"{column.name}_is_filled",
            holds=f"{column.name} is filled",
            rows=f"{ROWS} where {column.name} is null",
            builtin=("not_null", {}),
            **named,
        )
    if column.type == "code":
        listed = ", ".join(f"'{code}'" for code in column.codes)
        yield Check(
            name=f"{column.name}_is_a_listed_code",
            holds=f"{column.name} is {column.valid}",
            rows=f"{ROWS} where {column.name} not in ({listed})",
            builtin=("in_set", {"value_set": list(column.codes)}),
            **named,
        )
    if column.type == "fraction":
        yield Check(
            name=f"{column.name}_is_a_fraction",
            holds=f"{column.name} lies between 0 and 1",
            rows=f"{ROWS} where {column.name} not between 0 and 1",
            builtin=("between", {"min_value": 0, "max_value": 1}),
            **named,
        )
    if column.type == "currency":
        yield Check(
            name=f"{column.name}_is_a_currency",
            holds=f"{column.name} is three capital letters, as in ISO 4217",
            rows=f"{ROWS} where not regexp_full_match({column.name}, '[A-Z][A-Z][A-Z]')",
            **named,
        )
    if column.type == "month":
        yield Check(
            name=f"{column.name}_is_a_first_day",
            holds=f"{column.name} is the first day of a month",
            rows=f"{ROWS} where {column.name} <> date_trunc('month', {column.name})",
            **named,
        )


def _key(contract: Contract) -> Check:
    # group by treats empty cells of a key as equal, as landing does; a window would need twice the memory
    same = " and ".join(f"b.{c} is not distinct from d.{c}" for c in contract.key)
    key = ", ".join(contract.key)
    return Check(
        name="key_is_unique",
        schema_name="raw",
        model_name=contract.name,
        holds=f"no two rows in force have the same {', '.join(contract.key)}",
        remedy="rebuild the warehouse from the archive; landing replaces a row with a known key, so this is our fault",
        rows=(
            "select b.source_file_id, b.source_line from {batch} as b inner join "
            f"(select {key} from {{batch}} group by {key} having count(*) > 1) as d on {same}"
        ),
    )


def _rules(contract: Contract) -> Iterator[Check]:
    for found in contract.rules:
        yield rule(
            contract.name,
            found.name,
            # an empty cell neither keeps nor breaks a rule: whether it may be empty is another check
            breaks=f"not coalesce({found.holds}, true)",
            holds=f"no {found.column} with the fault: {found.reason}",
            remedy=found.remedy,
            column=found.column,
            severity="critical",
        )


def _amounts_fit(contract: Contract) -> Iterator[Check]:
    """The contract takes 18 digits, published money 16; a typing error of that size would end in a failing model."""
    amounts = [c.name for c in contract.columns if c.type == "decimal"]
    if amounts:
        yield rule(
            contract.name,
            "amounts_fit",
            breaks=" or ".join(f"abs({name}) >= 1000000000000000" for name in amounts),
            holds=f"{', '.join(amounts)} lie below 10^15",
            remedy="deliver the row again under its key with the right number",
            column=amounts[0] if len(amounts) == 1 else None,
            severity="critical",
        )


def _provenance(contract: Contract) -> Check:
    return rule(
        contract.name,
        "row_names_its_file",
        breaks=(
            "source_line is null or source_file_id is null or source_file_id not in "
            f"(select source_file_id from ledger.loads where table_name = '{contract.name}')"
        ),
        holds="every row names its line and a file that the ledger knows",
        remedy="rebuild the warehouse from the archive; something else than landing wrote these rows",
        column="source_file_id",
        severity="critical",
        reads=("loads",),
    )


def _references(contract: Contract) -> Iterator[Check]:
    names = contract.column_names
    for column in contract.columns:
        if not column.references:
            continue
        target = contracts()[column.references]
        known = f"select {target.key[0]} from raw.{target.name}"
        reads = (target.name,)
        if target.name == "project" and contract.name != "project_alias":
            # a foreign name of a project is as good as its identifier
            known += " union all select alias from raw.project_alias"
            reads = ("project", "project_alias")
        yield rule(
            contract.name,
            f"{column.name}_is_known",
            breaks=f"{column.name} is not null and {column.name} not in ({known})",
            holds=f"{column.name} names a delivered {target.name}",
            remedy=f"deliver the {target.name} row, or correct {column.name}; until then the rows are exceptions",
            column=column.name,
            reads=reads,
        )
    if {"project_id", "wbs_id"} <= set(names) and contract.name != "wbs_element":
        # only where the project has a breakdown at all: without one, elements are just labels
        yield rule(
            contract.name,
            "wbs_id_is_known",
            breaks=(
                "wbs_id is not null and project_id in (select project_id from raw.wbs_element) "
                "and (project_id, wbs_id) not in (select (project_id, wbs_id) from raw.wbs_element)"
            ),
            holds="wbs_id is an element of the project's work breakdown structure",
            remedy="deliver the element as a wbs_element, or correct wbs_id",
            column="wbs_id",
            reads=("wbs_element",),
        )


def _dates(contract: Contract, *, event: str | None, as_of: date) -> Iterator[Check]:
    first = f"date '{FIRST_PLAUSIBLE_DAY}'"
    if event:
        last = as_of + timedelta(days=DAYS_AHEAD)
        yield rule(
            contract.name,
            f"{event}_is_plausible",
            breaks=f"{event} not between {first} and date '{last}'",
            holds=f"{event} lies between {FIRST_PLAUSIBLE_DAY} and {last}",
            remedy="correct the year or the order of day and month, or leave out what has not happened yet",
            column=event,
        )
    others = [c.name for c in contract.columns if c.type in ("date", "month") and c.name != event]
    if others:
        last = date(as_of.year + YEARS_AHEAD, 12, 31)
        yield rule(
            contract.name,
            "dates_are_plausible",
            breaks=" or ".join(f"{c} not between {first} and date '{last}'" for c in others),
            holds=f"{', '.join(others)} lie between {FIRST_PLAUSIBLE_DAY} and {last}",
            remedy="correct the year or the order of day and month",
            column=others[0] if len(others) == 1 else None,
        )


# A delivery stands for itself until the same file name is delivered again for the same table, so the next refresh
# cannot wave through what stopped this one, and a corrected file releases it.
_ANSWERED = (
    "exists (select 1 from ledger.loads as later where later.table_name = b.table_name "
    "and later.file_name = b.file_name and later.load_number > b.load_number)"
)
_LOADS = "select b.source_file_id, b.table_name as source_line from {batch} as b"


def _ledger(feed: str) -> Iterator[Check]:
    mine = f"feed = '{feed}' and status = 'loaded'"
    loads = {"schema_name": "ledger", "model_name": "loads"}
    broken = "rebuild the warehouse from the archive and report it: rows must never be lost or counted twice"
    yield Check(
        name="rows_are_conserved",
        holds="rows read = loaded + rejected + unchanged, for every file and table",
        remedy=broken,
        rows=f"{_LOADS} where {mine} and coalesce(rows_read <> rows_loaded + rows_rejected + rows_unchanged, true)",
        **loads,
    )
    yield Check(
        name="amounts_are_conserved",
        holds="the amount read = loaded + rejected + unchanged, for every file and table with an amount",
        remedy=broken,
        rows=(
            f"{_LOADS} where {mine} and amount_column is not null and coalesce("
            "coalesce(amount_read, 0) <> coalesce(amount_loaded, 0) + coalesce(amount_rejected, 0) "
            "+ coalesce(amount_unchanged, 0), true)"
        ),
        **loads,
    )
    rejected = f"{mine} and rows_read > 0 and not {_ANSWERED} and rows_rejected > {{share}} * rows_read"
    again = "look at ops.rejected_rows, correct the file and deliver it again under the same name"
    yield Check(
        name="most_rows_were_taken",
        holds=f"at most half of a file of {MANY_ROWS} rows or more was rejected",
        remedy=again,
        rows=f"{_LOADS} where rows_read >= {MANY_ROWS} and {rejected.replace('{share}', REJECTED_SHARE_CRITICAL)}",
        **loads,
    )
    yield Check(
        name="few_rows_were_rejected",
        severity="warning",
        holds="at most a fifth of a file's rows was rejected",
        remedy=again,
        rows=f"{_LOADS} where {rejected.replace('{share}', REJECTED_SHARE_WARNING)}",
        **loads,
    )
