"""Which class the standard accounts of a country have, for accounts that the file itself maps to them.

Norway: NS 4102, as StandardAccountID (two or four characters) or, from 1.30 on, GroupingCode.
Portugal: SNC (Portaria 218/2015), which account codes follow where TaxonomyReference is S, M or N.
"""

from __future__ import annotations

from functools import cache

from pipelines.formats.accounts import Chart, chart

_NORWAY = {
    "1000-2999": "out_of_scope",  # what is neither receivable, payable nor a contract balance
    "1500-1529": "receivable",
    "1530-1539": "contract_asset",  # earned, not yet invoiced
    "1540-1559": "receivable",
    "2400-2499": "payable",
    "2900-2909": "contract_liability",  # prepayments from customers
    "2965-2969": "contract_liability",  # prepaid income
    "3000-3799": "revenue",
    "3800-3999": "out_of_scope",  # gains on assets, other operating income
    "4000-4499": "material",
    "4500-4599": "subcontract",
    "4600-4699": "material",
    "4900-4999": "out_of_scope",  # accruals, capitalised own work
    "5000-5999": "labour",
    "6000-6099": "equipment",  # depreciation; in a project only where somebody booked it there
    "6100-6399": "other",
    "6400-6599": "equipment",
    "6600-6719": "other",
    "6720-6799": "subcontract",
    "6800-7099": "other",
    "7100-7199": "travel",
    "7200-7899": "other",
    "7900-8999": "out_of_scope",
}
_PORTUGAL = {
    "1*": "out_of_scope",
    "2*": "out_of_scope",
    "21*": "receivable",
    "218*": "contract_liability",  # advances of customers
    "22*": "payable",
    "228*": "out_of_scope",  # advances to suppliers
    "2721*": "contract_asset",  # accrued income
    "282*": "contract_liability",  # income to be recognised
    "3*": "out_of_scope",
    "31*": "material",
    "4*": "out_of_scope",
    "5*": "out_of_scope",
    "61*": "material",
    "62*": "other",
    "621*": "subcontract",
    "6221*": "subcontract",  # specialised work
    "623*": "material",
    "6231*": "equipment",  # tools
    "625*": "travel",
    "63*": "labour",
    "64*": "equipment",  # depreciation
    "65*": "out_of_scope",
    "66*": "out_of_scope",
    "67*": "out_of_scope",
    "68*": "other",
    "69*": "out_of_scope",
    "71*": "revenue",
    "72*": "revenue",
    "7*": "out_of_scope",
    "8*": "out_of_scope",
}
# AccountType of the OECD schema, as far as it says more than that it is a general ledger account
OECD_TYPES = {
    "sale": "revenue",
    "sales": "revenue",
    "revenue": "revenue",
    "income": "revenue",
    "expense": "other",
    "cost": "other",
    "asset": "out_of_scope",
    "liability": "out_of_scope",
    "equity": "out_of_scope",
}


@cache
def norway() -> Chart:
    return chart(_NORWAY, where="NS 4102")


@cache
def portugal() -> Chart:
    return chart(_PORTUGAL, where="SNC")


def standard_class(
    *, country: str, account: str, standard: str, grouping: str, taxonomy: str, account_type: str
) -> str | None:
    """The class that the file gives an account by its standard account; None where it gives none."""
    if country == "NO":
        for code in (standard, grouping):
            if code.isdigit() and len(code) == 4:
                return norway().of(code)
            if code.isdigit() and len(code) == 2:
                # group 29 holds more than prepayments of customers
                return "out_of_scope" if code == "29" else norway().of(f"{code}00")
        return None
    if country == "PT":
        return portugal().of(account) if taxonomy in ("S", "M", "N") else None
    return OECD_TYPES.get(account_type.strip().lower())
