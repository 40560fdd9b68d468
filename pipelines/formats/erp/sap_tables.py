"""SAP tables as replications and SE16N give them, by technical names: ledger, controlling, projects, orders, rates.

Signs: ACDOCA and COEP are signed; BSEG by its debit/credit key. Internal project numbers (PROJK, OBJNR) stay as they
are: PRPS and PROJ deliver what they stand for as project_alias, so that no file waits for another. Which of the
journals costs are taken from is `[sap] actuals`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Exclusion, TableRead
from pipelines.formats.erp.balances import balance_read
from pipelines.formats.erp.cells import Cells
from pipelines.formats.erp.common import alpha, prefixed
from pipelines.formats.erp.sap_common import SYSTEM, period_end, project_of
from pipelines.formats.erp.sap_money import rates, scaled
from pipelines.formats.erp.sap_options import ACTUALS, COMMITMENTS, SapOptions, not_chosen, sap_options
from pipelines.formats.erp.spelling import filled

_NO_NUMBER = r"^[0\s]*$"  # SAP's empty number


def _sap(cells: Cells, *, numbers: tuple[str, ...] = (), dates: tuple[str, ...] = ()) -> SapOptions:
    """The options, after what every table of SAP needs: one client, no deleted rows."""
    cells.declare(section="sap", numbers=numbers, dates=dates)
    cells.leave_out_deleted()
    options = sap_options(cells.context)
    client = next((name for name in ("mandt", "rclnt", "mandant") if cells.has(name)), None)
    if client is not None:
        cells.only(client, "[sap] client", options.client, of="client", what="rows of other clients")
    return options


def _internal(text: pl.Expr) -> pl.Expr:
    """An internal number as PRPS and PROJ give it, without leading zeros; null for 00000000."""
    return alpha(pl.when(~text.str.contains(_NO_NUMBER)).then(text))


def _exclusion(kind: str, options: SapOptions, others: tuple[str, ...], setting: str) -> Exclusion:
    numbered = [f"sap {other}" for other in others if other != kind]
    if setting == "actuals":
        numbered.append("sap ksb1 unnumbered")
    chosen = options.actuals if setting == "actuals" else options.commitments
    return Exclusion(formats=tuple(numbered), setting=f'[sap] {setting} = "{kind}"', takes_over=chosen == kind)


# -- the ledger --------------------------------------------------------------------------------------------------------


def acdoca(cells: Cells) -> list[TableRead]:
    """ACDOCA: gl_balance from every line of one ledger, cost_line from those with a WBS element."""
    options = _sap(cells, numbers=("hsl", "msl"), dates=("budat",))
    cells.demand(("budat",), ("rhcur",), remedy="export ACDOCA with BUDAT and RHCUR")
    amount = scaled(cells, "hsl", "rhcur", options)
    cells.only(
        "rldnr", "[sap] ledger", options.ledger, of="ledger", what=f"lines of ledgers other than {options.ledger}"
    )
    internal, element = _internal(cells.text("ps_psp_pnr")), cells.text("ps_posid")
    costs = element.is_not_null() | internal.is_not_null()
    if cells.has("glaccount_type"):
        costs = costs & ~cells.text("glaccount_type").str.to_uppercase().is_in(["X", "C"]).fill_null(False)
    if cells.has("katyp"):
        costs = costs & ~_is_revenue(cells)
    key = pl.concat_str(
        [pl.lit("fi"), cells.text("rbukrs"), cells.text("gjahr"), alpha(cells.text("belnr")), cells.text("docln")],
        separator="/",
    )
    project = pl.coalesce(cells.text("ps_pspid"), project_of(element, options), internal)
    columns = {
        "cost_line_id": key,
        "project_id": project,
        "wbs_id": element,
        "posting_date": cells.date("budat"),
        "account_code": alpha(cells.text("racct")),
        "category": _category(cells, options, account="racct"),
        "amount": amount,
        "currency_code": cells.text("rhcur").str.to_uppercase(),
        "quantity": cells.number("msl") if cells.has("msl") else pl.lit(None, dtype=pl.String),
        "supplier_id": alpha(cells.text("lifnr")),
        "document_number": alpha(cells.text("xblnr", "awref", "belnr")),
        "description": cells.text("sgtxt"),
    }
    mapping = {
        "cost_line_id": "RBUKRS / GJAHR / BELNR / DOCLN",
        "project_id": cells.named("ps_pspid", "ps_posid", "ps_psp_pnr"),
        "posting_date": cells.named("budat"),
        "account_code": cells.named("racct"),
        "amount": cells.named("hsl"),
        "currency_code": cells.named("rhcur"),
    }
    balances = balance_read(
        cells,
        company=cells.text("rbukrs"),
        account=columns["account_code"],
        date=columns["posting_date"],
        amount=amount,
        currency=columns["currency_code"],
        format="sap acdoca",
        system=SYSTEM,
    )
    return _ledger(cells, "acdoca", options, columns, mapping, balances, costs=costs)


def bseg(cells: Cells) -> list[TableRead]:
    """BSEG joined with the dates and the currency of BKPF: gl_balance and cost_line, signed by SHKZG."""
    options = _sap(cells, numbers=("dmbtr", "menge"), dates=("budat", "h_budat"))
    cells.demand(
        ("budat", "h_budat"),
        remedy="a posting date is in BKPF: export BSEG joined with BKPF, with BUDAT and HWAER",
    )
    waers = next((name for name in ("hwaer", "h_hwaer") if cells.has(name)), None)
    if waers is None and options.local_currency is None:
        raise RefusedFile(
            "the table does not say in which currency DMBTR is",
            where=cells.where,
            remedy='join HWAER from BKPF, or set [sap] local_currency = "EUR" in outturn.toml',
        )
    unsigned = scaled(cells, "dmbtr", waers, options, currency=options.local_currency)
    side = cells.text("shkzg").str.to_uppercase()
    # amounts are unsigned; H (Haben) is credit
    turned = pl.when(unsigned.str.starts_with("-")).then(unsigned.str.slice(1)).otherwise(pl.lit("-") + unsigned)
    amount = pl.when(side == "H").then(turned).otherwise(unsigned)
    known = side.is_in(["S", "H"]).fill_null(False)
    fault = pl.when(~known).then(pl.lit("SHKZG is neither S (debit) nor H (credit): the amount has no sign"))
    cells.frame = cells.frame.with_columns(pl.coalesce(FAULT, fault).alias(FAULT))
    currency = cells.text(waers).str.to_uppercase() if waers else pl.lit(options.local_currency)
    internal, element = _internal(cells.text("projk")), cells.text("ps_posid", "posid")
    costs = internal.is_not_null() | element.is_not_null()
    if cells.has("xbilk"):
        costs = costs & ~cells.flag("xbilk")
    elif cells.has("kstar"):
        costs = costs & cells.text("kstar").is_not_null()
    date = cells.date("budat", "h_budat")
    columns = {
        "cost_line_id": pl.concat_str(
            [pl.lit("fi"), cells.text("bukrs"), cells.text("gjahr"), alpha(cells.text("belnr")), cells.text("buzei")],
            separator="/",
        ),
        "project_id": pl.coalesce(project_of(element, options), internal),
        "wbs_id": element,
        "posting_date": date,
        "account_code": alpha(cells.text("hkont")),
        "category": _category(cells, options, account="hkont"),
        "amount": amount,
        "currency_code": currency,
        "quantity": cells.number("menge") if cells.has("menge") else pl.lit(None, dtype=pl.String),
        "supplier_id": alpha(cells.text("lifnr")),
        "document_number": alpha(cells.text("xblnr", "belnr")),
        "description": cells.text("sgtxt"),
    }
    mapping = {
        "cost_line_id": "BUKRS / GJAHR / BELNR / BUZEI",
        "project_id": cells.named("ps_posid", "posid", "projk"),
        "posting_date": cells.named("budat", "h_budat"),
        "account_code": cells.named("hkont"),
        "amount": f"{cells.named('dmbtr')}, negative where {cells.named('shkzg')} is H",
        "currency_code": cells.named(waers) if waers else f"always {options.local_currency}",
    }
    balances = balance_read(
        cells,
        company=cells.text("bukrs"),
        account=columns["account_code"],
        date=date,
        amount=amount,
        currency=currency,
        format="sap bseg",
        system=SYSTEM,
    )
    return _ledger(cells, "bseg", options, columns, mapping, balances, costs=costs)


def _is_revenue(cells: Cells) -> pl.Expr:
    """Cost element categories of revenue: 11 revenues, 12 sales deductions."""
    return alpha(cells.text("katyp")).is_in(["11", "12"]).fill_null(False)


def _category(cells: Cells, options: SapOptions, *, account: str) -> pl.Expr:
    person = ~cells.text("pernr").str.contains(_NO_NUMBER)
    labour = person.fill_null(False) | cells.text("lstar", "paccas_lstar").is_not_null()
    return pl.when(labour).then(pl.lit("labour")).otherwise(prefixed(alpha(cells.text(account)), options.categories))


def _ledger(
    cells: Cells,
    kind: str,
    options: SapOptions,
    columns: Mapping[str, pl.Expr],
    mapping: Mapping[str, str],
    balances: TableRead,
    *,
    costs: pl.Expr,
) -> list[TableRead]:
    """gl_balance, and cost_line where the configuration does not take costs from elsewhere."""
    if options.actuals not in (None, kind):
        said = f"cost lines are taken from {options.actuals.upper()} ([sap] actuals); this file gives balances only"
        return [replace(balances, warnings=(*balances.warnings, said))]
    lines = cells.table(
        "cost_line",
        columns,
        format=f"sap {kind}",
        system=SYSTEM,
        frame=cells.frame.filter(costs & pl.col(FAULT).is_null()),
        mapping=mapping,
        excludes=_exclusion(kind, options, ACTUALS, "actuals"),
    )
    return [lines, balances]


# -- controlling -------------------------------------------------------------------------------------------------------


def coep(cells: Cells) -> list[TableRead]:
    """COEP (or the view COVP): actual line items on WBS elements and orders. Plan is another value type."""
    options = _sap(cells, numbers=("wkgbtr", "megbtr", "mbgbtr"), dates=("budat",))
    if options.actuals not in (None, "coep"):
        raise not_chosen("actuals", options.actuals, "coep", where=cells.where)
    if not cells.has("kwaer") and options.co_area_currency is None:
        raise RefusedFile(
            "the table does not say in which currency WKGBTR is",
            where=cells.where,
            remedy='set [sap] co_area_currency = "EUR" in outturn.toml (TKA01-WAERS), or join it as KWAER',
        )
    currency = pl.coalesce(cells.text("kwaer").str.to_uppercase(), pl.lit(options.co_area_currency, dtype=pl.String))
    amount = scaled(
        cells, "wkgbtr", "kwaer" if cells.has("kwaer") else None, options, currency=options.co_area_currency
    )
    value_type = alpha(cells.text("wrttp"))
    cells.leave_out(value_type.ne_missing(pl.lit("4")), "lines that are no actual costs (WRTTP not 04)", amount=amount)
    kind = cells.text("objnr").str.slice(0, 2).str.to_uppercase()
    number = cells.text("objnr").str.slice(2)
    cells.leave_out(
        ~kind.is_in(["PR", "PD", "OR", "NP", "NV"]).fill_null(True),
        "lines on cost centres and other objects that are no project or order",
        amount=amount,
    )
    if cells.has("budat"):
        dated, said = cells.date("budat"), cells.named("budat")
    else:
        dated = period_end(cells.text("perio"), cells.text("gjahr"), options)
        said = "last day of PERIO of GJAHR"
        cells.warnings.append("COEP has no posting date: the last day of its period is taken; the view COVP has BUDAT")
    person = ~cells.text("pernr").str.contains(_NO_NUMBER)
    transaction = cells.text("vrgng").str.to_uppercase()
    labour = person.fill_null(False) | transaction.str.starts_with("RKL").fill_null(False)
    columns = {
        "cost_line_id": pl.concat_str(
            [
                pl.lit("co"),
                cells.text("kokrs"),
                cells.text("gjahr"),
                alpha(cells.text("belnr")),
                alpha(cells.text("buzei")),
            ],
            separator="/",
        ),
        "project_id": _internal(number),
        "posting_date": dated,
        "account_code": alpha(cells.text("kstar")),
        "category": pl.when(labour)
        .then(pl.lit("labour"))
        .otherwise(prefixed(alpha(cells.text("kstar")), options.categories)),
        "amount": amount,
        "currency_code": currency,
        "quantity": cells.number("megbtr", "mbgbtr"),
        "supplier_id": alpha(cells.text("lifnr")),
        "document_number": alpha(cells.text("xblnr", "refbn", "belnr")),
        "description": cells.text("sgtxt"),
    }
    mapping = {
        "cost_line_id": "KOKRS / GJAHR / BELNR / BUZEI",
        "project_id": f"{cells.named('objnr')} without its first two letters",
        "posting_date": said,
        "account_code": cells.named("kstar"),
        "amount": cells.named("wkgbtr"),
        "currency_code": cells.named("kwaer") or f"always {options.co_area_currency}",
        "quantity": cells.named("megbtr", "mbgbtr"),
    }
    return [
        cells.table(
            "cost_line",
            columns,
            format="sap coep",
            system=SYSTEM,
            mapping=mapping,
            excludes=_exclusion("coep", options, ACTUALS, "actuals"),
        )
    ]


# -- projects ----------------------------------------------------------------------------------------------------------


def prps(cells: Cells) -> list[TableRead]:
    """PRPS: WBS elements, and what their internal and their own number stand for."""
    options = _sap(cells)
    element, internal = cells.text("posid"), _internal(cells.text("pspnr"))
    # the project's own number where it is joined in or can be told from the element, else its internal one: PROJ
    # delivers what that stands for
    told = project_of(element, options) if options.project_of_wbs else pl.lit(None, dtype=pl.String)
    project = pl.coalesce(cells.text("pspid"), told, _internal(cells.text("psphi")))
    said = cells.named("pspid") or ("part of POSID ([sap] project_of_wbs)" if options.project_of_wbs else "PSPHI")
    elements = cells.table(
        "wbs_element",
        {"project_id": project, "wbs_id": element, "wbs_name": cells.text("post1", "posid")},
        format="sap prps",
        system=SYSTEM,
        mapping={"project_id": said, "wbs_id": cells.named("posid"), "wbs_name": cells.named("post1")},
    )
    names = pl.concat(
        [
            cells.frame.select(
                name.alias("alias"), project.alias("project_id"), element.alias("wbs_id"), "source_line", FAULT
            )
            for name in (internal, element)
        ]
    )
    return [elements, _aliases(cells, names, "sap prps", said)]


def proj(cells: Cells) -> list[TableRead]:
    """PROJ: what a project's internal number stands for. Customer and status are not in it."""
    _sap(cells)
    cells.warnings.append(
        "PROJ tells what internal project numbers stand for; the projects themselves, with customer and status, are "
        "the canonical table project"
    )
    names = cells.frame.select(
        _internal(cells.text("pspnr")).alias("alias"),
        cells.text("pspid").alias("project_id"),
        pl.lit(None, dtype=pl.String).alias("wbs_id"),
        "source_line",
        FAULT,
    )
    return [_aliases(cells, names, "sap proj", cells.named("pspid"))]


def _aliases(cells: Cells, names: pl.LazyFrame, format: str, said: str) -> TableRead:
    return TableRead(
        format=format,
        table="project_alias",
        frame=names.filter(pl.col("alias").is_not_null() | pl.col(FAULT).is_not_null()).with_columns(
            pl.lit(SYSTEM).alias("source_system")
        ),
        warnings=tuple(cells.warnings),
        mapping={"alias": cells.named("pspnr", "posid"), "project_id": said, "source_system": f"always {SYSTEM}"},
        dialect=cells.raw.dialect,
        source_system=SYSTEM,
    )


# -- orders and masters ------------------------------------------------------------------------------------------------


def ekpo(cells: Cells) -> list[TableRead]:
    """EKPO joined with EKKO (and EKKN): order lines."""
    options = _sap(cells, numbers=("netwr", "wemng_value", "remng_value"), dates=("bedat", "eindt"))
    if options.commitments not in (None, "ekpo"):
        raise not_chosen("commitments", options.commitments, "ekpo", where=cells.where)
    cells.demand(
        ("ps_psp_pnr", "ps_posid", "pspid"), remedy="join PS_PSP_PNR from EKKN: an order line needs its project"
    )
    amount = scaled(cells, "netwr", "waers", options)
    if cells.has("loekz"):
        cells.leave_out(cells.text("loekz").is_not_null(), "deleted items", amount=amount)
    internal, element = _internal(cells.text("ps_psp_pnr")), cells.text("ps_posid")
    project = pl.coalesce(cells.text("pspid"), project_of(element, options), internal)
    cells.leave_out(project.is_null(), "order items without a project", amount=amount)
    declared = prefixed(alpha(cells.text("sakto")), options.categories)
    material = cells.text("matnr").is_not_null()
    columns = {
        "purchase_order_id": alpha(cells.text("ebeln")),
        "line_id": alpha(cells.text("ebelp")),
        "project_id": project,
        "wbs_id": element,
        "supplier_id": alpha(cells.text("lifnr")),
        "ordered_on": cells.date("bedat"),
        "expected_on": cells.date("eindt"),
        "category": pl.coalesce(declared, pl.when(material).then(pl.lit("material")).otherwise(pl.lit("subcontract"))),
        "ordered_amount": amount,
        "currency_code": cells.text("waers").str.to_uppercase(),
    }
    cells.warnings.append(
        "what was received and invoiced is not in EKPO: the whole order counts as open (ME2N and CJI5 say what is). "
        "Items without a material number are taken for subcontracts unless [sap.categories] says otherwise"
    )
    mapping = {
        "purchase_order_id": cells.named("ebeln"),
        "line_id": cells.named("ebelp"),
        "project_id": cells.named("pspid", "ps_posid", "ps_psp_pnr"),
        "ordered_amount": cells.named("netwr"),
        "ordered_on": cells.named("bedat"),
        "currency_code": cells.named("waers"),
    }
    return [
        cells.table(
            "purchase_order_line",
            columns,
            format="sap ekpo",
            system=SYSTEM,
            mapping=mapping,
            excludes=_exclusion("ekpo", options, COMMITMENTS, "commitments"),
        )
    ]


def kna1(cells: Cells) -> list[TableRead]:
    """KNA1: customers."""
    _sap(cells)
    if cells.has("loevm"):
        cells.leave_out(cells.text("loevm").is_not_null(), "customers marked for deletion")
    columns = {
        "customer_id": alpha(cells.text("kunnr")),
        "customer_name": pl.concat_str(
            [cells.text("name1"), cells.text("name2")], separator=" ", ignore_nulls=True
        ).pipe(filled),
        "country_code": cells.text("land1"),
        "vat_id": cells.text("stceg"),
    }
    mapping = {
        "customer_id": cells.named("kunnr"),
        "customer_name": " + ".join(cells.named(name) for name in ("name1", "name2") if cells.has(name)),
        "country_code": cells.named("land1"),
        "vat_id": cells.named("stceg"),
    }
    return [cells.table("customer", columns, format="sap kna1", system=SYSTEM, mapping=mapping)]


def ska1(cells: Cells) -> list[TableRead]:
    """SKA1: accounts, classed by `[sap.accounts]`. SAP does not know which cost an account is."""
    options = _sap(cells)
    if not options.accounts:
        raise RefusedFile(
            "SKA1 holds account numbers, and nothing says which of them are labour, material, revenue, …",
            where=cells.where,
            remedy='give their classes by first digits, [sap.accounts] "40" = "material" in outturn.toml, or deliver '
            "account.csv",
        )
    code = alpha(cells.text("saknr"))
    kind = prefixed(code, options.accounts)
    cells.leave_out(kind.is_null() & cells.text("xbilk").is_not_null(), "balance sheet accounts without a class")
    fault = pl.when(kind.is_null()).then(
        pl.lit("no class for this account: add its first digits to [sap.accounts] in outturn.toml")
    )
    columns = {"account_code": code, "account_name": cells.text("txt50", "txt20"), "class": kind}
    mapping = {"account_code": cells.named("saknr"), "class": "[sap.accounts]", "account_name": cells.named("txt50")}
    return [cells.table("account", columns, format="sap ska1", system=SYSTEM, mapping=mapping, fault=fault)]


# -- rates -------------------------------------------------------------------------------------------------------------


def tcurr(cells: Cells) -> list[TableRead]:
    """TCURR: exchange rates, also in indirect quotation and with ratios of units."""
    options = _sap(cells, numbers=("ukurs", "ffact", "tfact"))
    return [rates(cells, options)]
