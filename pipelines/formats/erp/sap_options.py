"""The `[sap]` section of outturn.toml, checked: what only the firm knows about its SAP system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.contracts import contracts
from pipelines.errors import RefusedFile
from pipelines.formats.base import Context
from pipelines.formats.erp.options import block, categories, chosen, classes, currency, text, wrong
from pipelines.formats.erp.sap_names import FIELDS

ACTUALS = ("cji3", "ksb1", "coep", "acdoca", "bseg")
COMMITMENTS = ("cji5", "me2n", "ekpo")


@dataclass(frozen=True, kw_only=True)
class SapOptions:
    """`[sap]` as the readers use it; see docs/formats.md, SAP."""

    actuals: str | None = None
    commitments: str | None = None
    co_area_currency: str | None = None
    local_currency: str | None = None
    decimal: str | None = None
    date_order: str | None = None
    controlling_area: str | None = None
    client: str | None = None
    ledger: str = "0L"
    project_of_wbs: str | None = None
    fiscal_year_start_month: int = 1
    fiscal_year_named_by: str = "first_month"
    implied_decimals: bool | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    rate_types: Mapping[str, str] = field(default_factory=lambda: {"M": "daily"})
    rate_factors: Mapping[str, str] = field(default_factory=dict)


def not_chosen(setting: str, chosen_kind: str, kind: str, *, where: str) -> RefusedFile:
    """Why a file is not loaded where the configuration has chosen another source of the same facts."""
    what = "cost lines" if setting == "actuals" else "orders"
    return RefusedFile(
        f"{what} of {kind.upper()} would count a second time: outturn.toml takes them from {chosen_kind.upper()}",
        where=where,
        remedy=f'leave it out, or set [sap] {setting} = "{kind}": what {chosen_kind.upper()} gave is then withdrawn',
    )


KEYS = frozenset(SapOptions.__dataclass_fields__)


def sap_options(context: Context) -> SapOptions:
    """Raises RefusedFile that names the setting."""
    start = context.option("sap", "fiscal_year_start_month", 1)
    if isinstance(start, bool) or not isinstance(start, int) or not 1 <= start <= 12:
        raise wrong("[sap] fiscal_year_start_month", start, "1 to 12")
    implied = context.option("sap", "implied_decimals")
    if implied is not None and not isinstance(implied, bool):
        raise wrong("[sap] implied_decimals", implied, "true, false")
    rate_types = contracts()["exchange_rate"].column("rate_type").codes
    return SapOptions(
        actuals=chosen(context, "sap", "actuals", ACTUALS),
        commitments=chosen(context, "sap", "commitments", COMMITMENTS),
        co_area_currency=currency(context, "sap", "co_area_currency"),
        local_currency=currency(context, "sap", "local_currency"),
        decimal=chosen(context, "sap", "decimal", ("comma", "point")),
        date_order=chosen(context, "sap", "date_order", ("day_first", "month_first")),
        controlling_area=text(context, "sap", "controlling_area"),
        client=text(context, "sap", "client"),
        ledger=text(context, "sap", "ledger") or "0L",
        project_of_wbs=text(context, "sap", "project_of_wbs"),
        fiscal_year_start_month=start,
        fiscal_year_named_by=chosen(context, "sap", "fiscal_year_named_by", ("first_month", "last_month"))
        or "first_month",
        implied_decimals=implied,
        columns=block(context, "sap", "columns", tuple(FIELDS)),
        categories=categories(context, "sap"),
        accounts=classes(context, "sap"),
        rate_types=block(context, "sap", "rate_types", rate_types) or {"M": "daily"},
        rate_factors=block(context, "sap", "rate_factors"),
    )
