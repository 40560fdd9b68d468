"""Standard charts of DATEV: classes of accounts, which of them are money, and which post tax by themselves.

By the first four digits of an account, filled up with zeros in front to the length of the client's accounts: 400 is
0400, and with five digits 84000 lies where 8400 does. Ranges as DATEV's SKR03 and SKR04 of 2024 have them; a client's
own accounts go into `account_classes` under [datev] in outturn.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pipelines.formats.accounts import Chart, chart

_SKR03 = {
    "0000-9999": "out_of_scope",
    "1400-1499": "receivable",
    "1600-1659": "payable",
    "1710-1719": "contract_liability",  # advances received
    "3000-3099": "material",
    "3100-3199": "subcontract",
    "3200-3969": "material",
    "4000-4099": "material",
    "4100-4199": "labour",
    "4200-4659": "other",
    "4660-4699": "travel",
    "4700-4819": "other",
    "4820-4899": "equipment",  # depreciation; in a project only where somebody booked it there
    "4900-4908": "other",
    "4909-4909": "subcontract",
    "4910-4959": "other",
    "4960-4969": "equipment",  # hire and leasing
    "4970-4984": "other",
    "4985-4985": "equipment",  # tools
    "4986-4999": "other",
    "8000-8589": "revenue",
    "8700-8799": "revenue",  # reductions of revenue
}
_SKR04 = {
    "0000-9999": "out_of_scope",
    "1200-1259": "receivable",
    "3250-3299": "contract_liability",
    "3300-3349": "payable",
    "4000-4599": "revenue",
    "4700-4799": "revenue",
    "5000-5899": "material",
    "5900-5999": "subcontract",
    "6000-6199": "labour",
    "6200-6299": "equipment",
    "6300-6302": "other",
    "6303-6303": "subcontract",
    "6304-6649": "other",
    "6650-6699": "travel",
    "6700-6779": "other",
    "6780-6789": "subcontract",
    "6790-6834": "other",
    "6835-6845": "equipment",
    "6846-6999": "other",
}
FULL, REDUCED = Decimal("0.19"), Decimal("0.07")


@dataclass(frozen=True)
class Standard:
    """What a standard chart says beside the classes of its accounts."""

    name: str
    money: tuple[tuple[str, str], ...]  # cash and banks: never the account that tax is taken out of
    automatic: Mapping[str, tuple[Decimal, str]]  # account or range -> rate, input or output
    tax_accounts: Mapping[tuple[str, Decimal], str]


STANDARDS: Mapping[str, Standard] = {
    "SKR03": Standard(
        name="SKR03",
        money=(("1000", "1399"),),
        automatic={
            "3300-3309": (REDUCED, "input"),
            "3400-3409": (FULL, "input"),
            "8300-8309": (REDUCED, "output"),
            "8400-8409": (FULL, "output"),
        },
        tax_accounts={
            ("input", REDUCED): "1571",
            ("input", FULL): "1576",
            ("output", REDUCED): "1771",
            ("output", FULL): "1776",
        },
    ),
    "SKR04": Standard(
        name="SKR04",
        money=(("1550", "1999"),),
        automatic={
            "5300-5309": (REDUCED, "input"),
            "5400-5409": (FULL, "input"),
            "4300-4309": (REDUCED, "output"),
            "4400-4409": (FULL, "output"),
        },
        tax_accounts={
            ("input", REDUCED): "1401",
            ("input", FULL): "1406",
            ("output", REDUCED): "3801",
            ("output", FULL): "3806",
        },
    ),
}
_CHARTS = {"SKR03": _SKR03, "SKR04": _SKR04}


@cache
def standard_chart(name: str) -> Chart:
    return chart(_CHARTS[name], where=name)
