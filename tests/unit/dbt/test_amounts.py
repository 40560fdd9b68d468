"""The macros of whole numbers: exact, half away from zero, on both sides of what fits into 64 bits."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import duckdb
import jinja2
import pytest

MACROS = Path(__file__).parents[3] / "dbt_project" / "macros"
BOUND = Decimal(40_000_000_000)  # of amount_ratio
LARGEST = Decimal("999999999999999.99")
CENT = Decimal("0.01")


def sql(call: str) -> str:
    """A call as SQL on DuckDB, whatever the macros dispatch to."""
    text = (MACROS / "divided.sql").read_text(encoding="utf-8").split("{#- Days' sales")[0]
    text += (MACROS / "amounts.sql").read_text(encoding="utf-8")
    text = re.sub(r"\{\{ return\(adapter\.dispatch\('(\w+)'\)\((.*?)\)\) \}\}", r"{{ duckdb__\1(\2) }}", text)
    return jinja2.Environment(autoescape=False).from_string(text + "{{ " + call + " }}").render().strip()


def on_duckdb(call: str, rows: list[tuple[Decimal, ...]], names: str) -> list[Decimal | None]:
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} decimal(18, 2)" for name in names)
        connection.execute(f"create table given (place integer, {columns})")
        marks = ", ".join("?" for _ in names)
        connection.executemany(f"insert into given values (?, {marks})", [(i, *row) for i, row in enumerate(rows)])
        return [v for (v,) in connection.execute(f"select {sql(call)} from given order by place").fetchall()]


def rounded(exact: Fraction, places: int) -> Fraction:
    share = abs(exact) * 10**places
    whole = (2 * share.numerator + share.denominator) // (2 * share.denominator)
    return Fraction(whole, 10**places) * (1 if exact >= 0 else -1)


def amounts(random: Random) -> Decimal:
    return Decimal(random.randrange(-(10 ** random.randrange(1, 17)), 10 ** random.randrange(1, 17))) / 100


def test_a_ratio_is_exact_whatever_its_size() -> None:
    random = Random(1)
    edges = [BOUND - CENT, BOUND, LARGEST, CENT, -CENT, -BOUND, Decimal(0), Decimal(3), Decimal("-0.07")]
    rows = [(n, d) for n in edges for d in edges]
    rows += [(amounts(random), amounts(random)) for _ in range(2000)]
    for (n, d), found in zip(rows, on_duckdb("amount_ratio('n', 'd')", rows, "nd"), strict=True):
        if not d:
            assert found is None
        elif found is None:
            # its digits do not fit: null, never wrong
            assert abs(n / d) > 10**16
        else:
            assert Fraction(found) == rounded(Fraction(n) / Fraction(d), 12), (n, d)


@pytest.mark.parametrize(("shift", "places"), [(0, 2), (6, 8)])
def test_a_share_is_a_product_divided_once(shift: int, places: int) -> None:
    random = Random(shift)
    rows = [tuple(abs(amounts(random)) + CENT for _ in "abc") for _ in range(1000)]
    rows += [(Decimal("0.05"), Decimal("0.10"), Decimal("0.10")), (LARGEST, CENT, LARGEST)]
    whole = [f"whole_number('{name}', 2)" for name in "abc"]
    call = f"from_whole(whole_share({', '.join(whole)}, {shift}), {places})"
    for (a, b, c), found in zip(rows, on_duckdb(call, rows, "abc"), strict=True):
        exact = Fraction(a) * Fraction(b) / Fraction(c)
        if found is None:
            assert a * b * 10**4 * 2 * 10**shift > 10**38
        else:
            assert Fraction(found) == rounded(exact, places), (a, b, c)


@pytest.mark.parametrize("value", ["0", "0.01", "-0.01", "89999999999999.99", "90000000000000", "-999999999999999.99"])
def test_a_whole_number_keeps_every_cent(value: str) -> None:
    (found,) = on_duckdb("whole_number('a', 2)", [(Decimal(value),)], "a")
    assert found == int(Decimal(value) * 100)
