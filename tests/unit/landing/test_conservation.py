"""Whatever is delivered in whatever order: no row and no amount is lost or counted twice.

Generated deliveries, good rows and bad ones shuffled, keys twice, files again and restated, are landed and compared
with a second, plain implementation of the same promises written in Python.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.landing import land_inbox

# cell -> the value it stands for; None: not readable
AMOUNTS = {
    "10.50": Decimal("10.5"), "-3": Decimal(-3), " 7 ": Decimal(7), "7.0": Decimal(7), "0": Decimal(0),
    "999999999999.999999": Decimal("999999999999.999999"), "1.234,56": None, "1,234.56": None, "0.1234567": None,
    "n/a": None, "NULL": None, "12.": None,
}  # fmt: skip
DAYS = {"2026-01-31": "2026-01-31", " 2026-02-28": "2026-02-28", "2026-02-30": None, "31.01.2026": None}
CURRENCIES = {"EUR": "EUR", "usd": "USD", "XYZ": None}
HEADER = ("cost_line_id", "project_id", "posting_date", "amount", "currency_code", "description")

_row = st.tuples(
    st.sampled_from(["A", "B", "C", "D", "E", " A", ""]),
    st.sampled_from(["P1", "P2", ""]),
    st.sampled_from([*DAYS, "2026-01-31", "2026-01-31", ""]),
    st.sampled_from([*AMOUNTS, ""]),
    st.sampled_from([*CURRENCIES, "EUR", "EUR", ""]),
    st.sampled_from(["", "x", 'a "b", c', "two\nlines"]),
)
_good = st.tuples(
    st.sampled_from(["A", "B", "C", "D", "E", "F", "G"]),
    st.sampled_from(["P1", "P2"]),
    st.just("2026-01-31"),
    st.sampled_from(["10.50", "-3", "7", "0", "999999999999.999999"]),
    st.just("EUR"),
    st.sampled_from(["", "x", "two\nlines"]),
)
_ragged = st.sampled_from([("A", "P1"), ("B", "P1", "2026-01-31", "5", "EUR", "x", "y"), ("5" * 3,)])
_file = st.lists(st.one_of(_row, _good, _good, _ragged), max_size=9)
_files = st.lists(_file, min_size=1, max_size=4)


@dataclass
class Expected:
    status: str
    counts: tuple[int, ...] = ()
    amounts: tuple[Decimal, ...] = ()
    unreadable: int = 0


def plain(files: list[list[tuple[str, ...]]]) -> tuple[dict[str, tuple], list[Expected], Counter]:
    """The promises once more: rows in force, what became of each file, and the replaced versions."""
    force: dict[str, tuple] = {}
    outcomes: list[Expected] = []
    replaced: Counter = Counter()
    seen: set[bytes] = set()
    for rows in files:
        content = written(rows)
        if content in seen:
            outcomes.append(Expected("duplicate"))
            continue
        seen.add(content)
        counts: dict[str, int] = defaultdict(int)
        amounts: dict[str, Decimal] = defaultdict(Decimal)
        unreadable = 0
        typed = []
        for row in rows:
            counts["read"] += 1
            if len(row) != len(HEADER):
                counts["rejected"] += 1
                unreadable += 1
                continue
            key, project, day, amount, currency, text = (cell.strip() for cell in row)
            value = AMOUNTS.get(amount, Decimal(amount) if amount.lstrip("-").isdigit() else None) if amount else None
            unreadable += value is None and amount != ""
            amounts["read"] += value or 0
            found = (key, project, {k.strip(): v for k, v in DAYS.items()}.get(day), value, CURRENCIES.get(currency))
            if any(cell in ("", None) for cell in found):
                counts["rejected"] += 1
                amounts["rejected"] += value or 0
            else:
                typed.append((*found, text or None))
        times = Counter(row[0] for row in typed)
        for row in typed:
            if times[row[0]] > 1:
                kind = "rejected"
            elif force.get(row[0]) == row:
                kind = "unchanged"
            else:
                kind = "loaded"
                if row[0] in force:
                    counts["restated"] += 1
                    replaced[force[row[0]]] += 1
                force[row[0]] = row
            counts[kind] += 1
            amounts[kind] += row[3]
        outcomes.append(
            Expected(
                "loaded",
                tuple(counts[k] for k in ("read", "loaded", "rejected", "unchanged", "restated")),
                tuple(amounts[k] for k in ("read", "loaded", "rejected", "unchanged")),
                unreadable,
            )
        )
    return force, outcomes, replaced


def written(rows: list[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return out.getvalue().encode()


SELECTED = "cost_line_id, project_id, cast(posting_date as varchar), amount, currency_code, description"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=_files, again=st.booleans())
def test_nothing_is_lost_and_nothing_counted_twice(
    tmp_path_factory: pytest.TempPathFactory, make_home: Any, files: list[list[tuple[str, ...]]], again: bool
) -> None:
    home = make_home(tmp_path_factory.mktemp("home"))
    delivered = [*files, files[0]] if again else files
    for number, rows in enumerate(delivered):
        home.drop(f"erp/cost_line_{number}.csv", written(rows))
    result = land_inbox(home.settings)

    force, outcomes, replaced = plain(delivered)
    assert {row[0]: row for row in home.rows(f"select {SELECTED} from raw.cost_line")} == force
    assert Counter(home.rows(f"select {SELECTED} from history.cost_line")) == replaced
    for file, expected in zip(result.files, outcomes, strict=True):
        assert file.status == expected.status
        if file.status == "loaded":
            (t,) = file.tables
            assert (t.rows_read, t.rows_loaded, t.rows_rejected, t.rows_unchanged, t.rows_restated) == expected.counts
            assert (t.amount_read, t.amount_loaded, t.amount_rejected, t.amount_unchanged) == expected.amounts
            assert t.amounts_unreadable == expected.unreadable
            assert t.rows_read == t.rows_loaded + t.rows_rejected + t.rows_unchanged
    # every rejected row is named at least once, by its line, and no other row is
    named = home.rows("select count(distinct (source_file_id, source_line)) from ledger.rejected_rows")
    assert named == [(sum(o.counts[2] for o in outcomes if o.counts),)]

    before = home.content()
    for number, rows in enumerate(delivered):
        home.drop(f"erp/again_{number}.csv", written(rows))
    assert {file.status for file in land_inbox(home.settings).files} == {"duplicate"}
    assert home.content() == before
