"""The section [saft] of outturn.toml, as far as it can be right. Errors are shown with the file that met them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.contracts.iso4217 import CURRENCIES
from pipelines.errors import RefusedFile
from pipelines.formats.accounts import Chart, chart
from pipelines.formats.base import Context

_DATES = ("GLPostingDate", "TransactionDate")


@dataclass(frozen=True)
class Options:
    project_type: str | None
    posting_date: str
    classes: Chart
    currency: str | None
    reports: bool
    accounts: bool
    customers: bool
    exchange_rates: bool


def read_options(context: Context) -> Options:
    """[saft] of outturn.toml. Raises RefusedFile for a value that is none."""
    where = "outturn.toml, [saft]"

    def choice(name: str, default: str, valid: Sequence[str]) -> str:
        value = context.option("saft", name, default)
        if value not in valid:
            raise RefusedFile(f"unknown value of {name}", where=where, value=value, valid=valid)
        return value

    def flag(name: str, default: bool) -> bool:
        value = context.option("saft", name, default)
        if not isinstance(value, bool):
            raise RefusedFile(f"unknown value of {name}", where=where, value=value, valid="true, false")
        return value

    classes = context.option("saft", "account_classes", {})
    if not isinstance(classes, Mapping):
        raise RefusedFile("account_classes is no table", where=where, value=classes, valid='{"4000-4999" = "material"}')
    currency = context.option("saft", "currency")
    if currency is not None and currency not in CURRENCIES:
        raise RefusedFile("no currency of ISO 4217", where=where, value=currency)
    return Options(
        project_type=context.option("saft", "project_analysis_type"),
        posting_date=choice("posting_date", _DATES[0], _DATES),
        classes=chart(classes, where=f"{where} account_classes"),
        currency=currency,
        reports=choice("control_totals", "refuse", ("refuse", "report")) == "report",
        accounts=flag("accounts", True),
        customers=flag("customers", True),
        exchange_rates=flag("exchange_rates", False),
    )
