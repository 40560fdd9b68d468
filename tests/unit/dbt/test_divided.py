"""The macro `divided`: exact, half away from zero, and wide enough for the product of two amounts below 10^15."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from random import Random

import duckdb
import jinja2
import pytest

MACRO = Path(__file__).parents[3] / "dbt_project" / "macros" / "divided.sql"
LARGEST = Decimal("999999999999999.99")


def divided(digits: int) -> str:
    """The SQL of n / d on DuckDB."""
    text = MACRO.read_text(encoding="utf-8")
    start = text.index("{% macro duckdb__divided")
    end = text.index("{%- endmacro %}", start) + len("{%- endmacro %}")
    call = f"{{{{ duckdb__divided('n', 'd', {digits}, 6) }}}}"
    return jinja2.Environment(autoescape=False).from_string(text[start:end] + call).render()


def on_duckdb(rows: list[tuple[Decimal, Decimal]], digits: int) -> list[Decimal | None]:
    with duckdb.connect() as connection:
        connection.execute("create table given (place integer, n decimal(38, 6), d decimal(24, 4))")
        connection.executemany("insert into given values (?, ?, ?)", [(i, *row) for i, row in enumerate(rows)])
        return [
            value for (value,) in connection.execute(f"select {divided(digits)} from given order by place").fetchall()
        ]


def exactly(numerator: Decimal, denominator: Decimal, digits: int) -> Fraction | None:
    if not denominator:
        return None
    share = abs(Fraction(numerator) / Fraction(denominator)) * 10**digits
    whole = (2 * share.numerator + share.denominator) // (2 * share.denominator)
    return Fraction(whole, 10**digits) * (1 if (numerator >= 0) == (denominator > 0) else -1)


@pytest.mark.parametrize("digits", [2, 12])
def test_it_is_exact_and_rounds_half_away_from_zero(digits: int) -> None:
    random = Random(digits)
    rows = [(Decimal(n), Decimal(d)) for n, d in ((0, 5), (5, 0), ("0.025", 5), ("-0.025", 5), ("0.025", -5), (1, 3))]
    for _ in range(500):
        top, bottom = 10 ** random.randrange(1, 18), 10 ** random.randrange(1, 12)
        rows.append((Decimal(random.randrange(-top, top)) / 10**6, Decimal(random.randrange(-bottom, bottom)) / 10**4))
    found = on_duckdb(rows, digits)
    for row, value in zip(rows, found, strict=True):
        assert (None if value is None else Fraction(value)) == exactly(*row, digits), row


def test_the_product_of_the_largest_amounts_fits() -> None:
    other = LARGEST - Decimal("0.01")
    with localcontext(Context(prec=40)):
        product = LARGEST * other
    assert on_duckdb([(product, LARGEST)], 2) == [other]


@pytest.mark.parametrize(
    "numerator", ["9999999999999999999999999.999999", "10000000000000000000000000", "-1" + "0" * 25]
)
def test_where_the_numerator_is_taken_apart_nothing_changes(numerator: str) -> None:
    """From 10^25 on (of six places) it is divided in two parts, below in one."""
    rows = [(Decimal(numerator), Decimal(d)) for d in ("3", "-7.0001", "1")]
    for row, value in zip(rows, on_duckdb(rows, 2), strict=True):
        assert Fraction(value) == exactly(*row, 2), row


def test_what_has_more_digits_is_null() -> None:
    assert on_duckdb([(Decimal("1" + "0" * 31), Decimal("0.0001"))], 2) == [None]
