"""How a file writes numbers and dates: decided from all of its values, refused with both readings where open."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.erp.spelling import Spelling, date, decide, number


def numbers(*values: str | None, **settings: str) -> list[str | None]:
    frame = pl.LazyFrame({"n": values}, schema={"n": pl.String})
    spelling = decide(frame, numbers=["n"], dates=[], where="list.txt", **settings)  # type: ignore[arg-type]
    return frame.select(number(pl.col("n"), spelling).alias("n")).collect()["n"].to_list()


def dates(*values: str | None, **settings: str) -> list[str | None]:
    frame = pl.LazyFrame({"d": values}, schema={"d": pl.String})
    spelling = decide(frame, numbers=[], dates=["d"], where="list.txt", **settings)  # type: ignore[arg-type]
    looked_up = frame.select(date(pl.col("d"), spelling).alias("d")).collect()["d"].to_list()
    one_by_one = frame.select(date(pl.col("d"), Spelling(order=spelling.order)).alias("d")).collect()["d"].to_list()
    assert looked_up == one_by_one
    return looked_up


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["1.234,56-", "12", "(978)", None], ["-1234.56", "12", "-978", None]),
        (["1 234,5", "1\u00a0234\u00a0567,00-", "1\u202f234,00"], ["1234.5", "-1234567.00", "1234.00"]),
        (["5'000.00", "−3.5", "+7.25"], ["5000.00", "-3.5", "7.25"]),
        (["1,234.56", "1,23,456.00", "-3"], ["1234.56", "123456.00", "-3"]),
        # a fraction of three digits beside a decimal comma is a thousand, and the other way round
        (["1.234", "5,5"], ["1234", "5.5"]),
        (["1.234", "5.5"], ["1.234", "5.5"]),
        (["0,500", "8,000-"], ["0.500", "-8.000"]),
        ([",5", "3,"], ["0.5", "3"]),
        (["12", "-3"], ["12", "-3"]),
    ],
)
def test_numbers_are_read_as_the_file_writes_them(written: list[str], read: list[str]) -> None:
    assert numbers(*written) == read


def test_what_is_no_number_in_the_files_spelling_stays_for_landing_to_reject() -> None:
    assert numbers("1,50", "twelve", "1,2,3", "1e5", "--4") == ["1.50", "twelve", "1,2,3", "1e5", "--4"]


def test_open_numbers_are_refused_with_both_readings_and_settled_by_a_setting() -> None:
    with pytest.raises(RefusedFile) as caught:
        numbers("12", "1.234")
    assert "1.234 is 1234 with a decimal comma and 1.234 with a decimal point" in str(caught.value)
    assert '[sap] decimal = "comma"' in str(caught.value)
    assert numbers("12", "1.234", decimal="comma") == ["12", "1234"]
    assert numbers("12", "1.234", decimal="point") == ["12", "1.234"]


def test_a_file_in_two_spellings_is_refused_a_stray_is_left_to_its_row() -> None:
    with pytest.raises(RefusedFile, match=r"numbers are written in two ways.*1,50.*2\.75"):
        numbers("1,50", "2.75")
    assert numbers(*["1,50"] * 200, "2.75")[-1] == "2.75"[:4]
    assert numbers(*["1,50"] * 200, "2.755")[-2:] == ["1.50", "2755"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["03.02.2026", "21.01.10", "3.2.2026"], ["2026-02-03", "2010-01-21", "2026-02-03"]),
        (["2026-03-01", "2017-05-07 0:00:00", "2026/3/1"], ["2026-03-01", "2017-05-07", "2026-03-01"]),
        (["20260301", "00000000", "0", "46023", "46023.5"], ["2026-03-01", None, None, "2026-01-01", "2026-01-01"]),
        (["16 Mar 2011", "21.01.2010", "03-Okt-09"], ["2011-03-16", "2010-01-21", "2009-10-03"]),
        (["04/13/2026", "04/05/2026"], ["2026-04-13", "2026-04-05"]),
        (["13/05/2026", "04/05/26"], ["2026-05-13", "2026-05-04"]),
        (["31.02.2026", "soon", None], ["31.02.2026", "soon", None]),
        (["05/05/2026"], ["2026-05-05"]),
    ],
)
def test_dates_are_read_as_the_file_writes_them(written: list[str], read: list[str]) -> None:
    assert dates(*written) == read


def test_open_dates_are_refused_with_both_readings_and_settled_by_a_setting() -> None:
    with pytest.raises(RefusedFile) as caught:
        dates("04/05/2026", "07/07/2026")
    assert "04/05/2026 is 2026-05-04 with the day first and 2026-04-05 with the month first" in str(caught.value)
    assert dates("04/05/2026", order="month_first") == ["2026-04-05"]
    with pytest.raises(RefusedFile, match="dates are written in two ways"):
        dates("13/05/2026", "05/13/2026")
