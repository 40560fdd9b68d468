"""SAP list exports: CJI3, KSB1 and KOB1 (actual line items), CJI5 (commitments), ME2N (orders).

A list is told by the names of its columns (`sap_names`), found below its title by `grid`; this module decides which
amount is summed and in which currency, tells totals from postings and maps the rest. Columns with technical names are
a table of SAP (SE16N shows them as a list too); what is in it belongs to `sap_tables`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from pipelines.contracts.iso4217 import CURRENCIES
from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Context, ControlTotal, Exclusion, RawTable, Replacement, Source, TableRead
from pipelines.formats.erp import grid as grids
from pipelines.formats.erp import totals
from pipelines.formats.erp.common import alpha, left_out, occurrence, prefixed
from pipelines.formats.erp.grid import Grid
from pipelines.formats.erp.known import find, read_raw
from pipelines.formats.erp.sap_common import SYSTEM, period_end, project_of
from pipelines.formats.erp.sap_names import FIELDS, fields_of, kind_of, without_currency
from pipelines.formats.erp.sap_options import COMMITMENTS, SapOptions, not_chosen, sap_options
from pipelines.formats.erp.spelling import Spelling, date, decide, number
from pipelines.formats.headers import normalise

# what proves that a workbook may hold a list, before it is opened
_MARKS = tuple(
    name[:8]  # headers may be shortened
    for field in ("co_amount", "report_amount", "object_amount", "net_order_value", "movement_type")
    for name in FIELDS[field]
)
_AMOUNTS = {"co_amount": "co_currency", "report_amount": "report_currency", "object_amount": "object_currency"}
_NUMBERS = (*_AMOUNTS, "transaction_amount", "quantity", "net_order_value", "still_to_deliver", "still_to_invoice")
_DATES = ("posting_date", "document_date", "debit_date", "delivery_date")
_HOURS = ("H", "HR", "HRS", "HUR", "STD", "ST", "MIN", "HEURE", "GODZ", "UUR", "TAG", "DAY")
_ALLOCATIONS = ("RKL", "RKLN", "RKS", "RKLT", "RKIL")
# what tells a posting from a total row, in the order of preference
_IDENTIFYING = ("document", "ref_document", "posting_date", "document_date", "purchase_order", "material_document")
# what every posting of a list has
_FILLED = {
    "cji5": ("ref_document", "item"),
    "me2n": ("purchase_order", "item"),
    "cji3": ("document", "row", "posting_date", "period", "fiscal_year", "cost_element"),
    "ksb1": ("document", "row", "posting_date", "period", "fiscal_year", "cost_element"),
}
_CURRENCY_IN_TITLE = (
    r"(?i)(?:co area|controlling area|report|kkrs-?|kostenrechnungskreis|berichts)[\w .-]*"
    r"(?:currency|crcy|währung)\W+([A-Z]{3})\b"
)


@dataclass(frozen=True)
class Header:
    """What a row of cells is the header of."""

    kind: str
    fields: Mapping[str, int]


_TABLE = "table"


def _judge(options_columns: Mapping[str, str] | None):
    def judge(cells: Sequence[str]) -> Header | None:
        known = find(cells)
        if known is not None and known.system == "SAP":
            names = [normalise(cell) for cell in cells]
            fields = {name: index for index, name in reversed(list(enumerate(names))) if name}
            return Header(_TABLE, dict(reversed(fields.items())))
        fields = fields_of(cells, options_columns)
        if len(fields) < 3:
            return None
        kind = kind_of(fields)
        return Header(kind, fields) if kind else None

    return judge


def sniff(head: str) -> bool:
    """Whether a text or HTML file starts like a list or a table of SAP."""
    return grids.judged_head(head, _judge(None))


def read(source: Source, context: Context) -> list[TableRead]:
    """The canonical table in a text or HTML list. Raises RefusedFile."""
    options = sap_options(context)
    judge = _judge(options.columns)
    with source.path.open("rb") as stream:
        start = stream.read(64).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    grid = grids.html_grid(source, context, judge) if start[:1] == b"<" else grids.text_grid(source, context, judge)
    return _read_any(grid, options, source, context)


def read_spreadsheet_xml(source: Source, context: Context) -> list[TableRead]:
    """The canonical table in SpreadsheetML. Raises RefusedFile."""
    options = sap_options(context)
    grid = grids.spreadsheet_grid(source, context, _judge(options.columns))
    return _read_any(grid, options, source, context)


def read_workbook(source: Source, context: Context) -> list[TableRead] | None:
    """The canonical tables in a workbook; None where no sheet holds a list. Raises RefusedFile."""
    options = sap_options(context)
    marks = (*_MARKS, *options.columns)
    found = grids.workbook_grids(source, _judge(options.columns), marks=marks)
    found = [grid for grid in found if grid.judged.kind != _TABLE]
    context.work.mkdir(parents=True, exist_ok=True)
    return [_read(grid, options, where=f"{source.name}, {grid.carrier}", work=context.work) for grid in found] or None


def _read_any(grid: Grid, options: SapOptions, source: Source, context: Context) -> list[TableRead]:
    header: Header = grid.judged
    if header.kind != _TABLE:
        return [_read(grid, options, where=source.name, work=context.work)]
    raw = RawTable(
        format=grid.carrier,
        name=source.name,
        header=tuple(header.fields),
        frame=grid.rows(header.fields, work=context.work),
        dialect=grid.carrier,
        warnings=grid.warnings,
    )
    return read_raw(raw, {name: name for name in header.fields}, context, where=source.name) or []


# -- one list ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _List:
    """A grid with its fields as expressions of canonical text."""

    grid: Grid
    kind: str
    fields: Mapping[str, int]
    options: SapOptions
    spelling: Spelling
    amount: str
    currency: pl.Expr
    currency_name: str | None
    where: str

    def has(self, field: str) -> bool:
        return field in self.fields

    def cell(self, field: str) -> pl.Expr:
        return pl.col(field) if self.has(field) else pl.lit(None, dtype=pl.String)

    def first(self, *fields: str) -> pl.Expr:
        return pl.coalesce(*(self.cell(field) for field in fields))

    def number(self, field: str) -> pl.Expr:
        if field not in self.fields:
            return pl.lit(None, dtype=pl.String)
        index = self.fields[field]
        return self.cell(field) if index in self.grid.typed else number(self.cell(field), self.spelling)

    def date(self, field: str) -> pl.Expr:
        return date(self.cell(field), self.spelling) if self.has(field) else pl.lit(None, dtype=pl.String)

    def name(self, field: str) -> str:
        return self.grid.header[self.fields[field]]

    def named(self, *fields: str, join: str = " or ") -> str:
        return join.join(self.name(field) for field in fields if self.has(field))


_TITLES = {
    "cji3": "CJI3, actual line items of projects",
    "ksb1": "KSB1/KOB1, actual line items of cost centres or orders",
    "cji5": "CJI5, commitment line items of projects",
    "me2n": "ME2N, purchase orders",
}


def _read(grid: Grid, options: SapOptions, *, where: str, work: Path) -> TableRead:
    header: Header = grid.judged
    if header.kind == "mb51":
        raise RefusedFile(
            "a list of material documents (MB51): its goods issues for projects are postings of CO too and would be "
            "counted twice",
            where=where,
            remedy="export the project's line items (CJI3), which hold them with their cost element",
        )
    _check_chosen(header.kind, options, where=where)
    amount, currency, name = _amount(grid, header, options, where=where)
    frame = grid.rows(
        header.fields,
        filled=[field for field in _FILLED[header.kind] if field in header.fields],
        identifying=_identifying(header),
        amount=amount,
        work=work,
    )
    mapped = _List(
        grid=grid,
        kind=header.kind,
        fields=header.fields,
        options=options,
        spelling=_spelling(frame, grid, header, options, where=where),
        amount=amount,
        currency=currency,
        currency_name=name,
        where=where,
    )
    shown = _shown(grid, header, frame)
    controls = totals.control_totals(frame, amount=mapped.number(amount), unit=currency, unit_name=name, where=where)
    rows = frame.filter(pl.col(totals.LEVEL) == 0)
    if header.kind in ("cji3", "ksb1"):
        return replace(_actuals(mapped, rows, controls), raw=shown)
    return replace(_orders(mapped, rows, controls), raw=shown)


def _shown(grid: Grid, header: Header, frame: pl.LazyFrame) -> RawTable:
    """The list's own cells under its own names, for people."""
    names: dict[str, str] = {}
    for field, index in sorted(header.fields.items(), key=lambda item: item[1]):
        name = grid.header[index]
        names[field] = name if name not in names.values() else f"{name} (2)"
    return RawTable(
        format=grid.carrier,
        name="list",
        header=tuple(names.values()),
        frame=frame.select(*(pl.col(field).alias(name) for field, name in names.items()), "source_line", FAULT),
    )


def _identifying(header: Header) -> list[str]:
    found = [field for field in _IDENTIFYING if field in header.fields]
    if header.kind in ("cji3", "ksb1") and not set(found) - {"purchase_order"}:
        found = [field for field in ("period", "fiscal_year") if field in header.fields]
    return found


def _spelling(frame: pl.LazyFrame, grid: Grid, header: Header, options: SapOptions, *, where: str) -> Spelling:
    return decide(
        frame,
        numbers=[f for f in _NUMBERS if f in header.fields and header.fields[f] not in grid.typed],
        dates=[f for f in _DATES if f in header.fields],
        where=where,
        decimal=options.decimal,
        order=options.date_order,
    )


def _amount(grid: Grid, header: Header, options: SapOptions, *, where: str) -> tuple[str, pl.Expr, str | None]:
    """Which amount is summed, the currency of each row, and the one of the whole list where there is one.

    The amounts of a line stand in up to four currencies; only one of them may be added up. The controlling area's
    comes first, then the report's, then the object's: the first whose currency the file or the configuration states.
    """
    fields = header.fields
    if header.kind == "me2n":
        column = next((f for f in ("currency", "transaction_currency") if f in fields), None)
        if column is None:
            raise _no_currency(grid, ["net_order_value"], fields, where=where)
        return "net_order_value", pl.col(column), None
    present = [field for field in _AMOUNTS if field in fields]
    if not present:
        raise RefusedFile(
            "only the amount in transaction currency is in the layout, which must not be added up",
            where=where,
            remedy="add Val/COArea Crcy (Wert/KWähr) to the layout and export the list again",
        )
    for field in present:
        if _AMOUNTS[field] in fields:
            return field, pl.col(_AMOUNTS[field]), None
        stated = without_currency(grid.header[fields[field]])[1]
        if stated is None and field == "co_amount":
            stated = options.co_area_currency or _in_title(grid)
        if stated is not None:
            return field, pl.lit(stated), stated
    if len(present) == 1 and "currency" in fields:
        return present[0], pl.col("currency"), None
    raise _no_currency(grid, present, fields, where=where)


def _in_title(grid: Grid) -> str | None:
    for line in grid.title:
        match = re.search(_CURRENCY_IN_TITLE, line)
        if match and match[1] in CURRENCIES:
            return match[1]
    return None


def _no_currency(grid: Grid, present: Sequence[str], fields: Mapping[str, int], *, where: str) -> RefusedFile:
    return RefusedFile(
        f"the list does not say in which currency {' and '.join(grid.header[fields[f]] for f in present)} is",
        where=where,
        remedy='set [sap] co_area_currency = "EUR" (the controlling area\'s) in outturn.toml, or add the currency '
        "column to the layout and export again",
    )


def _check_chosen(kind: str, options: SapOptions, *, where: str) -> None:
    """Raises RefusedFile where the configuration takes these facts from elsewhere."""
    if kind in ("cji3", "ksb1"):
        # lists of projects and of orders share the numbers of their lines: the same line counts once
        if options.actuals not in (None, "cji3", "ksb1"):
            raise not_chosen("actuals", options.actuals, kind, where=where)
    elif options.commitments not in (None, kind):
        raise not_chosen("commitments", options.commitments, kind, where=where)


def _excluded(kind: str, *, numbered: bool) -> tuple[str, ...]:
    """The other sources of the same cost: lines of both would be counted twice."""
    others = ["sap coep", "sap acdoca", "sap bseg"]
    if not numbered:
        others += ["sap cji3", "sap ksb1"] if kind == "ksb1" else ["sap ksb1 unnumbered"]
    else:
        others += ["sap ksb1 unnumbered"]
    return tuple(others)


def _posting_date(mapped: _List) -> tuple[pl.Expr, str, tuple[str, ...]]:
    """The posting date, where it comes from, what to warn of. Raises RefusedFile where the layout has none."""
    if mapped.has("posting_date"):
        return mapped.date("posting_date"), mapped.name("posting_date"), ()
    if mapped.has("period") and mapped.has("fiscal_year"):
        made = period_end(mapped.cell("period"), mapped.cell("fiscal_year"), mapped.options)
        warning = (
            f"the layout has no posting date: the last day of {mapped.name('period')} and "
            f"{mapped.name('fiscal_year')} is taken"
        )
        return made, f"last day of {mapped.name('period')} of {mapped.name('fiscal_year')}", (warning,)
    raise RefusedFile(
        "the list has no posting date, nor period and fiscal year",
        where=mapped.where,
        value=", ".join(cell for cell in mapped.grid.header if cell),
        remedy="add Posting Date (Buchungsdatum) to the layout and export it again",
    )


def _projects(mapped: _List) -> tuple[pl.Expr, pl.Expr, str]:
    """Project, WBS element, and where the project comes from."""
    wbs = mapped.cell("wbs")
    if mapped.kind == "ksb1":
        foreign = [f for f in ("order", "cost_centre", "object") if mapped.has(f)]
        project = pl.coalesce(
            mapped.cell("project"), project_of(wbs, mapped.options), *(alpha(mapped.cell(f)) for f in foreign)
        )
        return project, wbs, mapped.named("project", "wbs", *foreign)
    # CO calls an object by its kind: "WBS P-1001.1"
    from_object = mapped.cell("object").str.replace(r"^(?:WBS|PSP|OTP|PEP|PRJ|PRO|PR)\s+", "")
    element = pl.coalesce(wbs, from_object)
    return (
        pl.coalesce(mapped.cell("project"), project_of(element, mapped.options)),
        element,
        mapped.named("project", "wbs", "object"),
    )


def _category(mapped: _List) -> pl.Expr:
    """labour for activity allocations and for postings that name a person; else left to the account."""
    signs = [
        alpha(mapped.cell("personnel_number")).str.contains(r"[1-9A-Za-z]"),
        mapped.cell("activity_type").is_not_null(),
        mapped.cell("transaction").str.to_uppercase().is_in(_ALLOCATIONS),
        mapped.cell("unit").str.to_uppercase().is_in(_HOURS) & mapped.cell("partner_cost_centre").is_not_null(),
    ]
    labour = pl.any_horizontal(sign.fill_null(False) for sign in signs)
    declared = prefixed(alpha(mapped.cell("cost_element")), mapped.options.categories)
    return pl.when(labour).then(pl.lit("labour")).otherwise(declared)


def _actuals(mapped: _List, rows: pl.LazyFrame, controls: tuple[ControlTotal, ...]) -> TableRead:
    numbered = mapped.has("document") and mapped.has("row")
    posting_date, dated, warnings = _posting_date(mapped)
    project, wbs, attributed = _projects(mapped)
    amount = mapped.number(mapped.amount)
    account = alpha(mapped.cell("cost_element"))
    area = pl.coalesce(mapped.cell("controlling_area"), pl.lit(mapped.options.controlling_area, dtype=pl.String))
    year = pl.coalesce(mapped.cell("fiscal_year"), posting_date.str.slice(0, 4))
    key = pl.concat_str(
        [
            pl.lit("co"),
            area,
            year,
            alpha(mapped.cell("document")),
            alpha(mapped.cell("row")),
        ],
        separator="/",
        ignore_nulls=True,
    )
    complete = mapped.cell("document").is_not_null() & mapped.cell("row").is_not_null()
    columns = {
        "cost_line_id": pl.when(complete).then(key) if numbered else pl.lit(None, dtype=pl.String),
        "project_id": project,
        "wbs_id": wbs,
        "posting_date": posting_date,
        "account_code": account,
        "category": _category(mapped),
        "amount": amount,
        "currency_code": mapped.currency,
        "quantity": mapped.number("quantity"),
        "supplier_id": alpha(mapped.cell("supplier")),
        "document_number": alpha(mapped.first("reference", "ref_document", "document")),
        "description": mapped.first("purchase_order_text", "text", "material_text", "header_text", "cost_element_name"),
    }
    frame = rows.select(*(e.alias(name) for name, e in columns.items()), "source_line", FAULT)
    if not numbered:
        frame = occurrence(
            frame,
            "cost_line_id",
            prefix=mapped.kind,
            parts=["posting_date", "project_id", "wbs_id", "account_code", "currency_code", "amount", "description"],
        )
        warnings += (
            "the layout has no document number and posting row: the list replaces what earlier lists of its kind gave "
            "for the same projects and dates; add both to the layout to have every line followed by its number",
        )
    mapping = {
        "cost_line_id": "fiscal year / document number / posting row" if numbered else "made of the line's content",
        "project_id": attributed,
        "wbs_id": mapped.named("wbs"),
        "posting_date": dated,
        "account_code": mapped.named("cost_element"),
        "amount": mapped.name(mapped.amount),
        "currency_code": _currency_source(mapped),
        "quantity": mapped.named("quantity"),
        "supplier_id": mapped.named("supplier"),
        "document_number": mapped.named("reference", "ref_document", "document"),
    }
    return TableRead(
        format=f"sap {mapped.kind}" if numbered else f"sap {mapped.kind} unnumbered",
        table="cost_line",
        frame=frame,
        warnings=(*mapped.grid.warnings, _summed(mapped), *warnings),
        mapping={name: value for name, value in mapping.items() if value},
        dialect=f"{_TITLES[mapped.kind]}; {mapped.grid.carrier}; {mapped.spelling.described()}",
        source_system=SYSTEM,
        replaces=None
        if numbered
        else Replacement(
            period="posting_date", within=("project_id",), starts_with=("cost_line_id", f"{mapped.kind}/")
        ),
        controls=controls,
        excludes=Exclusion(
            formats=_excluded(mapped.kind, numbered=numbered),
            setting=f'[sap] actuals = "{mapped.kind}"',
            takes_over=mapped.options.actuals == mapped.kind,
        ),
    )


def _currency_source(mapped: _List) -> str:
    column = _AMOUNTS.get(mapped.amount, "currency")
    if mapped.currency_name:
        return f"always {mapped.currency_name}"
    return mapped.named(column) or mapped.named("currency", "transaction_currency")


def _summed(mapped: _List) -> str:
    others = [
        mapped.name(field)
        for field in (*_AMOUNTS, "transaction_amount")
        if mapped.has(field) and field != mapped.amount
    ]
    said = f"amounts are those of {mapped.name(mapped.amount)}, in {mapped.currency_name or 'the currency of each row'}"
    return f"{said}; the same in other currencies is not added up: {', '.join(others)}" if others else said


# -- orders ------------------------------------------------------------------------------------------------------------


def _orders(mapped: _List, rows: pl.LazyFrame, controls: tuple[ControlTotal, ...]) -> TableRead:
    commitments = mapped.kind == "cji5"
    if not mapped.has("wbs") and not mapped.has("project"):
        raise RefusedFile(
            "the list of orders does not name a project",
            where=mapped.where,
            value=", ".join(cell for cell in mapped.grid.header if cell),
            remedy="add WBS Element (PSP-Element) to the layout, or export the orders by project (ME2J)",
        )
    order = alpha(mapped.cell("ref_document" if commitments else "purchase_order"))
    ordered = mapped.number(mapped.amount)
    dated = mapped.first("document_date") if not mapped.has("document_date") else mapped.date("document_date")
    if not mapped.has("document_date"):
        dated, _, _ = _posting_date(mapped)
    category, guessed = _order_category(mapped)
    warnings: list[str] = [_summed(mapped)] if commitments else []
    columns = {
        "purchase_order_id": order,
        "line_id": alpha(mapped.cell("item")),
        "project_id": pl.coalesce(mapped.cell("project"), project_of(mapped.cell("wbs"), mapped.options)),
        "wbs_id": mapped.cell("wbs"),
        # "0000100123  Name of the supplier"
        "supplier_id": alpha(mapped.cell("supplier").str.replace(r"^(\d{3,10})\s+\D.*$", "$1")),
        "ordered_on": dated,
        "expected_on": mapped.date("debit_date" if commitments else "delivery_date"),
        "category": category,
        "ordered_amount": ordered,
        "received_amount": _less(ordered, mapped.number("still_to_deliver")),
        "invoiced_amount": _less(ordered, mapped.number("still_to_invoice")),
        "currency_code": mapped.currency,
    }
    if mapped.has("deletion"):
        deleted = mapped.cell("deletion").is_not_null()
        rows, noted = left_out(rows, deleted, "deleted items", amount=ordered)
        warnings += noted
    counted = rows.select(guessed.sum()).collect(engine="streaming").item()
    if counted:
        warnings.append(
            f"{counted} lines without a material number are taken for subcontracts; [sap.categories] says what other "
            "cost elements are"
        )
    frame = rows.select(*(e.alias(name) for name, e in columns.items()), "source_line", FAULT)
    if commitments:
        warnings.append(
            "a list of commitments is the whole of what is open: what an earlier one gave for the same projects and "
            "this one lacks is withdrawn; amounts are what is still open, not what was ordered"
        )
        frame = _split_items(frame)
    elif not (mapped.has("still_to_deliver") and mapped.has("still_to_invoice")):
        warnings.append(
            "the layout has not both values that are still to be delivered and invoiced: what lacks counts as nothing "
            "received or invoiced yet"
        )
    mapping = {
        "purchase_order_id": mapped.named("ref_document" if commitments else "purchase_order"),
        "line_id": mapped.named("item"),
        "project_id": mapped.named("project", "wbs"),
        "wbs_id": mapped.named("wbs"),
        "supplier_id": mapped.named("supplier"),
        "ordered_on": mapped.named("document_date"),
        "expected_on": mapped.named("debit_date" if commitments else "delivery_date"),
        "ordered_amount": mapped.name(mapped.amount),
        "received_amount": mapped.named("still_to_deliver"),
        "invoiced_amount": mapped.named("still_to_invoice"),
        "currency_code": _currency_source(mapped),
    }
    return TableRead(
        format=f"sap {mapped.kind}",
        table="purchase_order_line",
        frame=frame,
        warnings=(*mapped.grid.warnings, *warnings),
        mapping={name: value for name, value in mapping.items() if value},
        dialect=f"{_TITLES[mapped.kind]}; {mapped.grid.carrier}; {mapped.spelling.described()}",
        source_system=SYSTEM,
        replaces=Replacement(period=None, within=("project_id",)) if commitments else None,
        controls=controls,
        excludes=Exclusion(
            formats=tuple(f"sap {kind}" for kind in COMMITMENTS if kind != mapped.kind),
            setting=f'[sap] commitments = "{mapped.kind}"',
            takes_over=mapped.options.commitments == mapped.kind,
        ),
    )


def _less(ordered: pl.Expr, open_amount: pl.Expr) -> pl.Expr:
    """ordered - open, exact, as text; null where the open amount is not known."""
    kind = pl.Decimal(24, 6)
    shape = r"^-?\d{1,16}(?:\.\d{1,6})?$"
    amounts = [pl.when(e.str.contains(shape)).then(e).cast(kind, strict=False) for e in (ordered, open_amount)]
    return (amounts[0] - amounts[1]).cast(pl.String)


def _order_category(mapped: _List) -> tuple[pl.Expr, pl.Expr]:
    """The category of an order line, and whether it is only presumed."""
    declared = prefixed(alpha(mapped.cell("cost_element")), mapped.options.categories)
    material = mapped.cell("material").is_not_null()
    category = pl.coalesce(declared, pl.when(material).then(pl.lit("material")).otherwise(pl.lit("subcontract")))
    return category, declared.is_null() & ~material


def _split_items(frame: pl.LazyFrame) -> pl.LazyFrame:
    """An order item that several WBS elements pay for stands in several lines: each has a number of its own."""
    several = pl.len().over("purchase_order_id", "line_id") > 1
    number = (pl.int_range(pl.len()).over("purchase_order_id", "line_id", "wbs_id") + 1).cast(pl.String)
    made = pl.concat_str([pl.col("line_id"), pl.col("wbs_id").fill_null("-"), number], separator="/")
    return frame.with_columns(
        pl.when(several & pl.col("line_id").is_not_null()).then(made).otherwise(pl.col("line_id")).alias("line_id")
    )
