"""One cell at a time: what is taken, as what, and what is said about the rest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts import Column, Contract, contracts
from pipelines.formats.base import FAULT
from pipelines.landing import coerce


def judged(column: Column, cells: list[str | None]) -> list[Any]:
    """For each cell the typed value, or (reason, remedy)."""
    contract = Contract(name="t", feed="erp", description="", columns=(column,))
    frame = pl.LazyFrame({"x": cells}, schema={"x": pl.String}).with_columns(
        pl.lit("f").alias("source_file_id"), pl.lit("1").alias("source_line"), pl.lit(None, pl.String).alias(FAULT)
    )
    rows = coerce.examined(coerce.as_text(frame, contract).with_row_index(coerce.ROW), contract)
    good = coerce.good_rows(rows, contract).collect()
    why = coerce.faults(coerce.bad_rows(rows, contract), contract).collect()
    found: dict[int, Any] = dict(zip(good[coerce.ROW], good["x"], strict=True))
    found |= {n: (r, t) for n, r, t in why.select(coerce.ROW, "reason", "remedy").iter_rows()}
    return [found[number] for number in range(len(cells))]


def judge(kind: str, cell: str | None, **keys: Any) -> Any:
    return judged(Column(name="x", type=kind, description="", **keys), [cell])[0]


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("text", " \u00a0a\u00a0 b\t", "a\u00a0 b"),
        ("text", "NULL", "NULL"),
        ("text", "n/a", "n/a"),
        ("text", "two\nlines", "two\nlines"),
        ("text", "   ", None),
        ("decimal", "1234.56", Decimal("1234.56")),
        ("decimal", "-0.000001", Decimal("-0.000001")),
        ("decimal", "1.5000000000", Decimal("1.5")),
        ("decimal", "999999999999999999.999999", Decimal("999999999999999999.999999")),
        ("decimal", "007", Decimal(7)),
        ("fraction", "0.25", Decimal("0.25")),
        ("fraction", "1.0", Decimal(1)),
        ("fraction", "0.123456789012", Decimal("0.123456789012")),
        ("integer", "42", 42),
        ("integer", "-3.0", -3),
        ("date", "2026-02-28", date(2026, 2, 28)),
        ("month", "2026-02", date(2026, 2, 1)),
        ("month", "2026-02-17", date(2026, 2, 1)),
        ("boolean", "Yes", True),
        ("boolean", "0", False),
        ("currency", "eur", "EUR"),
        ("currency", "BGN", "BGN"),
    ],
)
def test_what_is_taken(kind: str, cell: str, value: Any) -> None:
    assert judge(kind, cell) == value


FORM = "not the canonical form of a number"


@pytest.mark.parametrize(
    ("kind", "cell", "reason"),
    [
        ("text", "a\0b", "holds control characters"),
        ("text", "#REF!", "an error of the spreadsheet, not a value"),
        ("decimal", "1,234.56", FORM),
        ("decimal", "1.234,56", FORM),
        ("decimal", "1.234.567", FORM),
        ("decimal", "12,5", FORM),
        ("decimal", "1 234.56", FORM),
        ("decimal", "12.50-", FORM),
        ("decimal", "(12.50)", FORM),
        ("decimal", "+5", FORM),
        ("decimal", ".5", FORM),
        ("decimal", "0.1234567", "more than 6 decimals"),
        ("decimal", "1234567890123456789", "more than 18 digits before the point"),
        ("decimal", "1e3", "not a number"),
        ("decimal", "12h", "not a number"),
        ("decimal", "NULL", "a word for nothing, not a number"),
        ("decimal", "-", "a word for nothing, not a number"),
        ("decimal", "nan", "a word for nothing, not a number"),
        ("decimal", "#DIV/0!", "an error of the spreadsheet, not a value"),
        ("decimal", "\u0661\u0662", "not a number"),
        ("fraction", "25", "not between 0 and 1"),
        ("fraction", "-0.1", "not between 0 and 1"),
        ("fraction", "25 %", "a percentage, not a fraction"),
        ("integer", "1.5", "not a whole number"),
        ("integer", "1,000", "not a whole number"),
        ("date", "2026-02-30", "no such day in the calendar"),
        ("date", "0001-01-01", "not a plausible date"),
        ("date", "2201-01-01", "not a plausible date"),
        ("date", "28/02/2026", "not the canonical form of a date"),
        ("date", "2026-2-1", "not the canonical form of a date"),
        ("date", "2026-02-28 13:45:10", "a date with a time of day"),
        ("date", "46023", "not a date"),
        ("month", "2026-13", "not a month"),
        ("month", "02/2026", "not a month"),
        ("boolean", "maybe", "not a yes or no"),
        ("currency", "XYZ", "no currency of ISO 4217"),
        ("currency", "\u20ac", "no currency of ISO 4217"),
    ],
)
def test_what_is_not_taken_and_why(kind: str, cell: str, reason: str) -> None:
    said, remedy = judge(kind, cell)
    assert said == reason
    assert remedy


def test_codes_are_taken_whatever_their_case() -> None:
    column = Column(name="x", type="code", codes=("draft", "approved"), description="")
    assert judged(column, ["Approved", "DRAFT", "done"]) == [
        "approved",
        "draft",
        ("unknown code", "give one of draft, approved"),
    ]


def test_empty_cells() -> None:
    assert judge("decimal", " ") is None
    assert judge("decimal", None, required=True)[0] == "required, but empty"
    assert judge("code", "", codes=("a", "b"), default="b") == "b"
    assert judge("code", "c", codes=("a", "b"), default="b")[0] == "unknown code"


def test_a_key_takes_no_invisible_characters() -> None:
    assert judge("text", "A\u00071", key=True)[0] == "holds control characters"
    assert judge("text", "A\n1", key=True)[0] == "holds control characters"
    assert judge("text", "A\u00071") == "A\u00071"


def test_a_row_that_is_wrong_as_a_whole_is_told_once() -> None:
    contract = contracts()["payment"]
    frame = pl.LazyFrame({"payment_id": ["x"], "source_line": ["7"], FAULT: ["too many fields"]}).with_columns(
        pl.lit("f").alias("source_file_id")
    )
    rows = coerce.examined(coerce.as_text(frame, contract).with_row_index(coerce.ROW), contract)
    assert coerce.faults(coerce.bad_rows(rows, contract), contract).collect().select(
        "source_line", "column_name", "value", "reason"
    ).rows() == [("7", None, None, "too many fields")]


@settings(max_examples=100, deadline=None)
@given(numbers=st.lists(st.decimals(-(10**17), 10**17, places=6, allow_nan=False), min_size=1, max_size=30))
def test_decimals_are_exact_and_so_is_their_sum(numbers: list[Decimal]) -> None:
    cells = [format(number, "f") for number in numbers]
    assert judged(Column(name="x", type="decimal", description=""), cells) == numbers
    frame = (
        pl.LazyFrame({"x": cells})
        .with_columns(pl.lit(None, pl.String).alias(FAULT))
        .select(coerce.readable_amount("x").sum())
    )
    assert frame.collect().item() == sum(numbers)


@settings(max_examples=200, deadline=None)
@given(cell=st.text(alphabet="0123456789.,-+eE %'\u00a0()", min_size=1, max_size=12))
def test_a_number_is_what_python_reads_or_nothing(cell: str) -> None:
    value = judge("decimal", cell)
    if isinstance(value, Decimal):
        assert value == Decimal(cell.strip())
