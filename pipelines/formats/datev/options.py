"""The section [datev] of outturn.toml. Errors are shown with the file that met them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pipelines.errors import RefusedFile
from pipelines.formats.accounts import Chart, chart
from pipelines.formats.base import Context
from pipelines.formats.datev.charts import STANDARDS, Standard, standard_chart

_WHERE = "outturn.toml, [datev]"
_RATES = ("foreign_per_base", "base_per_foreign")


@dataclass(frozen=True)
class Options:
    project_field: str  # KOST1, KOST2 or another heading
    is_project_required: bool  # the configuration names the field, so every file must have it
    chart: str | None
    classes: Chart
    tax_keys: Mapping[str, Decimal]
    tax_accounts: Mapping[str, str]  # tax key -> account
    automatic: Mapping[str, Decimal]  # account or range -> rate
    rate: str | None
    one_stack_a_month: bool

    def standard(self, of_header: str | None) -> Standard | None:
        name = self.chart or of_header
        return STANDARDS[name] if name else None

    def class_of(self, account: str, *, length: int, standard: Standard | None) -> str | None:
        """The class of a ledger account; None where nobody says."""
        own = self.classes.of(account) or self.classes.of(account.zfill(length))
        if own is not None or standard is None or len(account) > length:
            return own
        return standard_chart(standard.name).of(account.zfill(length))


def _rates(context: Context, name: str) -> dict[str, Decimal]:
    table = context.option("datev", name, {})
    if not isinstance(table, Mapping):
        raise RefusedFile(f"{name} is no table", where=_WHERE, value=table, valid='{"9" = 0.19}')
    found = {}
    for key, value in table.items():
        try:
            rate = Decimal(str(value))
        except InvalidOperation:
            rate = Decimal(-1)
        if not 0 <= rate < 1:
            raise RefusedFile(f"not a rate of tax in {name}", where=_WHERE, value=value, valid="0.19 for 19 %")
        found[str(key).strip()] = rate
    return found


def read_options(context: Context) -> Options:
    """Raises RefusedFile for a value that is none."""
    name = context.option("datev", "chart")
    if name is not None and name not in STANDARDS:
        raise RefusedFile("unknown chart", where=_WHERE, value=name, valid=tuple(STANDARDS))
    rate = context.option("datev", "rate")
    if rate is not None and rate not in _RATES:
        raise RefusedFile("unknown value of rate", where=_WHERE, value=rate, valid=_RATES)
    classes = context.option("datev", "account_classes", {})
    accounts = context.option("datev", "tax_accounts", {})
    for value, what in ((classes, "account_classes"), (accounts, "tax_accounts")):
        if not isinstance(value, Mapping):
            raise RefusedFile(f"{what} is no table", where=_WHERE, value=value)
    return Options(
        project_field=str(context.option("datev", "project_field", "KOST2")),
        is_project_required=context.option("datev", "project_field") is not None,
        chart=name,
        classes=chart(classes, where=f"{_WHERE} account_classes"),
        tax_keys={key.lstrip("0"): rate for key, rate in _rates(context, "tax_keys").items()},
        tax_accounts={str(key).lstrip("0"): str(account) for key, account in accounts.items()},
        automatic=_rates(context, "automatic_accounts"),
        rate=rate,
        one_stack_a_month=bool(context.option("datev", "one_stack_a_month", False)),
    )
