"""Charts of accounts: the narrowest entry wins, sub-accounts belong to their range."""

from __future__ import annotations

import pytest

from pipelines.contracts import contracts
from pipelines.errors import RefusedFile
from pipelines.formats.accounts import COST_CLASSES, chart, classes
from pipelines.formats.datev.charts import STANDARDS, standard_chart
from pipelines.formats.saft.charts import norway, portugal


def test_the_narrowest_entry_wins() -> None:
    found = chart({"4000-4999": "material", "45*": "subcontract", "4510": "travel"}, where="here")
    codes = ("4000", "45001", "4510", "45101", "4999", "49999", "5000", "400")
    assert [found.of(code) for code in codes] == [
        "material", "subcontract", "travel", "subcontract", "material", "material", None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ({"4000": "cost"}, "unknown class"),
        ({"4999-4000": "other"}, "not an account"),
        ({"": "other"}, "not an account"),
    ],
)
def test_entries_that_cannot_be_are_refused(entries: dict[str, str], reason: str) -> None:
    with pytest.raises(RefusedFile, match=reason):
        chart(entries, where="here")


def test_the_classes_are_those_of_the_contracts() -> None:
    assert set(COST_CLASSES) == set(contracts()["cost_line"].column("category").codes)
    assert set(COST_CLASSES) < set(classes())


def test_the_standard_charts_know_every_account_and_disagree_nowhere() -> None:
    for name in STANDARDS:
        assert all(standard_chart(name).of(f"{code:04}") for code in range(10_000)), name
    known = {
        "SKR03": "1400 receivable 1600 payable 3100 subcontract 3400 material 4120 labour 4660 travel 8400 revenue",
        "SKR04": "1200 receivable 3300 payable 5900 subcontract 5400 material 6020 labour 6650 travel 4400 revenue",
    }
    for name, pairs in known.items():
        codes, expected = pairs.split()[::2], pairs.split()[1::2]
        assert [standard_chart(name).of(code) for code in codes] == expected
    assert all(norway().of(f"{code:04}") for code in range(1000, 4700))
    assert (norway().of("1530"), norway().of("2900"), norway().of("4500")) == (
        "contract_asset", "contract_liability", "subcontract",
    )  # fmt: skip
    assert (portugal().of("2111"), portugal().of("621"), portugal().of("631"), portugal().of("7211")) == (
        "receivable", "subcontract", "labour", "revenue",
    )  # fmt: skip
