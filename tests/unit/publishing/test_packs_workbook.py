"""The Excel packs, opened: their figures beside plain SQL over the marts, and nothing that a spreadsheet would run."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from pipelines.publishing.packs import words
from pipelines.publishing.packs.columns import PROGRAMMES, SHEETS, Table
from pipelines.publishing.packs.workbook import _number_format

from .conftest import FORMULAS, NAMES, OCTOBER, Written, fixture, make_snapshot, written

HEADER = 5
MARGIN = """
    select
        p.project_id,
        sum(f.revenue_amount_base) filter (where f.month = date '2026-10-01'),
        sum(f.cost_of_sales_amount_base) filter (where f.month = date '2026-10-01'),
        sum(f.gross_margin_amount_base) filter (where f.month = date '2026-10-01'),
        max(f.gross_margin_pct) filter (where f.month = date '2026-10-01'),
        sum(f.gross_margin_amount_base) filter (where f.month = date '2026-09-01'),
        sum(f.revenue_amount_base) filter (where year(f.month) = 2026 and f.month <= date '2026-10-01'),
        sum(f.gross_margin_amount_base) filter (where year(f.month) = 2026 and f.month <= date '2026-10-01'),
        max(f.revenue_amount_base_to_date) filter (where f.month = date '2026-10-01'),
        max(f.gross_margin_amount_base_to_date) filter (where f.month = date '2026-10-01'),
        max(f.gross_margin_pct_to_date) filter (where f.month = date '2026-10-01'),
        max(f.forecast_margin_pct) filter (where f.month = date '2026-10-01')
    from core.dim_projects as p
    left join margin.margin_by_project_month as f on p.project_id = f.project_id
    where p.project_id <> 'p-004'  -- it ended in February: to date is what that month says
    group by p.project_id
"""
SHOWN = ("Revenue, month", "Cost of sales, month", "Margin, month", "Margin %, month", "Margin, month before",
         "Revenue, year", "Margin, year", "Revenue to date", "Margin to date", "Margin % to date",
         "Margin % at completion")  # fmt: skip


@pytest.fixture(scope="module")
def book(packs: Written) -> Workbook:
    return openpyxl.load_workbook(packs.out / "portfolio.xlsx")


def rows(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    """The rows under the header by the column's title, the total among them."""
    found = list(book[sheet].iter_rows(min_row=HEADER, values_only=True))
    return [dict(zip(found[0], row, strict=True)) for row in found[1:]]


def differences(shown: Sequence[Any], expected: Sequence[Any]) -> list[tuple[int, Any, Any]]:
    """Where a shown figure is not the expected one, to a hundredth of a cent; empty and zero are not the same."""
    found = []
    for place, (one, other) in enumerate(zip(shown, expected, strict=True)):
        if isinstance(other, Decimal | float | int) and one is not None:
            same = abs(Decimal(str(one)) - Decimal(str(other))) < Decimal("0.0001")
        else:
            same = one == other
        if not same:
            found.append((place, one, other))
    return found


def compared(book: Workbook, packs: Written) -> list[tuple[str, list[tuple[int, Any, Any]]]]:
    """Projects whose figures on the sheet are not those of the marts."""
    sheet = {row["Id"]: row for row in rows(book, "Projects") if row["Id"]}
    found = [(key, differences([sheet[key][t] for t in SHOWN], figures)) for key, *figures in packs.sql(MARGIN)]
    assert len(found) == len(fixture.PROJECTS) - 1
    return [(key, wrong) for key, wrong in found if wrong]


def test_projects_are_those_of_the_marts(book: Workbook, packs: Written) -> None:
    assert compared(book, packs) == []


def test_a_planted_cent_is_seen(packs: Written, tmp_path: Path) -> None:
    snapshot = make_snapshot(tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(snapshot)) as connection:
        connection.execute(
            "update margin.margin_by_project_month set revenue_amount_base = revenue_amount_base + 0.01 "
            "where project_id = 'P-001' and month = date '2026-10-01'"
        )
    changed = written(tmp_path, snapshot)
    wrong = compared(openpyxl.load_workbook(changed.out / "portfolio.xlsx"), packs)
    assert [(key, [place for place, *_ in places]) for key, places in wrong] == [("P-001", [0, 5, 7])]


def test_totals_are_the_sums_and_their_ratios(book: Workbook, packs: Written) -> None:
    last = rows(book, "Projects")[-1]
    revenue, margin, to_date = packs.sql(
        "select sum(revenue_amount_base) filter (where month = date '2026-10-01'), "
        "sum(gross_margin_amount_base) filter (where month = date '2026-10-01'), "
        "sum(gross_margin_amount_base) filter (where month <= date '2026-10-01') from margin.margin_by_project_month"
    )[0]
    assert last["Project"] == "All projects"
    shown = [last["Revenue, month"], last["Margin, month"], last["Margin %, month"], last["Margin to date"]]
    assert differences(shown, [revenue, margin, margin / revenue, to_date]) == []
    assert last["Id"] is last["Status"] is None


def test_months_are_those_of_the_marts(book: Workbook, packs: Written) -> None:
    expected = packs.sql(
        "select m.month, sum(f.revenue_amount_base), sum(f.labour_cost_amount_base), sum(f.travel_cost_amount_base), "
        "sum(f.cost_of_sales_amount_base), sum(f.gross_margin_amount_base), "
        "sum(f.gross_margin_amount_base) / nullif(sum(f.revenue_amount_base), 0), sum(f.billed_amount_base), "
        "sum(f.collected_amount_base), sum(f.quality_cost_amount_base) "
        "from core.dim_months as m left join margin.margin_by_project_month as f using (month) "
        "where m.month <= date '2026-11-01' group by 1 order by 1"
    )
    titles = ("Revenue", "Labour", "Travel", "Cost of sales", "Gross margin", "Margin %", "Billed, net",
              "Collected, with tax", "Of which poor quality")  # fmt: skip
    shown = rows(book, "Months")[:-1]
    assert len(shown) == len(expected) == 15
    for row, (month, *figures) in zip(shown, expected, strict=True):
        assert row["Month"] == datetime(month.year, month.month, 1)
        assert differences([row[title] for title in titles], figures) == []
    assert [row["Note"] for row in shown[-2:]] == ["open exceptions", "incomplete"]


def test_the_month_in_figures(book: Workbook, packs: Written) -> None:
    lines = {row["In EUR"]: row for row in rows(book, "Summary")[:8]}
    by_month = dict(packs.sql("select month, sum(revenue_amount_base) from margin.margin_by_project_month group by 1"))
    sheet = book["Summary"]
    titles = [cell.value for cell in sheet[HEADER]]
    assert titles == ["In EUR", "Oct 2026", "Plan", "Against plan", "Sep 2026", "Change", "Oct 2025", "Change",
                      "FY 2026 to date", "Plan", "Against plan", "Same months, FY 2025", "Change"]  # fmt: skip
    revenue = [cell.value for cell in sheet[HEADER + 1]][1:]
    this, before, year_ago = (by_month[m] for m in (OCTOBER, OCTOBER.replace(month=9), OCTOBER.replace(year=2025)))
    done = packs.sql(
        "select sum(revenue_amount_base) filter (where month = date '2026-10-01'), sum(revenue_amount_base) "
        "from margin.margin_by_project_month where project_id = 'P-001' and month between date '2026-01-01' and "
        "date '2026-10-01'"
    )[0]
    plan = Decimal("150000.10")
    year = sum(amount for month, amount in by_month.items() if month.year == 2026 and month <= OCTOBER)
    year_before = sum(amount for month, amount in by_month.items() if month.year == 2025 and month.month <= 10)
    expected = [this, plan, done[0] - plan, before, this - before, year_ago, this - year_ago, year, 2 * plan,
                done[1] - 2 * plan, year_before, year - year_before]  # fmt: skip
    assert differences(revenue, expected) == []
    cost = [cell.value for cell in sheet[HEADER + 2]]
    assert cost[3] == pytest.approx(91000.05 - float(packs.sql(
        "select cost_of_sales_amount_base from margin.margin_by_project_month where project_id = 'P-001' and "
        "month = date '2026-10-01'")[0][0]))  # fmt: skip
    assert lines["Order backlog, end of period"]["Oct 2026"] == pytest.approx(1809.75 + 310.25)
    assert lines["Gross margin %"]["Oct 2026"] == pytest.approx(
        float(packs.sql("select sum(gross_margin_amount_base) / sum(revenue_amount_base) from "
                        "margin.margin_by_project_month where month = date '2026-10-01'")[0][0])
    )  # fmt: skip


def test_balances_and_ageing(book: Workbook) -> None:
    balance = rows(book, "Balances")[0]
    assert (balance["Contract"], balance["Contract asset"], balance["Order backlog"]) == ("CT-1", 400, 1375)
    owed = {row["Customer"]: row for row in rows(book, "Receivables")}
    assert owed["Ægir Telecom AS"]["Receivable"] == 1500
    assert owed["Ægir Telecom AS"]["Overdue %"] == pytest.approx(1 / 3)
    assert owed["(none)"]["Receivable"] == -200
    assert (owed["All customers"]["Receivable"], owed["All customers"]["Overdue"]) == (1300, 500)
    unbilled = rows(book, "Unbilled work")
    assert [(row["Unbilled"], row["0–30 days"], row["91–180 days"], row["Oldest, days"]) for row in unbilled] == [
        (700, 500, 200, 122), (700, 500, 200, None),
    ]  # fmt: skip
    backlog = rows(book, "Backlog")
    for row in backlog:
        parts = [row[title] for title in ("Opening", "Bookings", "Changes", "Revenue", "Currency")]
        assert sum(parts) == pytest.approx(row["Closing"])
    assert backlog[-1]["Closing"] == pytest.approx(1809.75 + 310.25)


def test_forecast_is_that_of_the_marts(book: Workbook, packs: Written) -> None:
    shown = {row["Id"]: row for row in rows(book, "Forecast")}
    for key, *figures in packs.sql(
        "select f.project_id, f.recommended_eac_amount, f.eac_p10_amount, f.eac_p90_amount, "
        "f.margin_at_completion_amount / f.revenue_at_completion_amount, m.eac_amount, f.currency_code "
        "from forecast.forecast_by_project_month as f join forecast.eac_by_project_month_method as m "
        "on f.project_id = m.project_id and f.month = m.month and m.method = 'cpi'"
    ):
        titles = ("EAC, recommended", "EAC P10", "EAC P90", "Margin % at completion", "EAC by CPI", "In")
        assert differences([shown[key][title] for title in titles], figures) == []
        assert shown[key]["EAC last 6 months"] is None  # not known is not zero
    assert set(shown) == {"P-001", "P-002", "P-004"}


def test_walk_hangs_together(book: Workbook) -> None:
    for row in rows(book, "Margin walk"):
        steps = [row[column.title] or 0 for column in SHEETS[2].columns if column.id in ("price", "hours", "fx")]
        if row["Walk"] == "as sold to forecast":
            assert row["From margin"] + sum(steps) == pytest.approx(row["To margin"])
    assert [row["Walk"] for row in rows(book, "Margin walk")].count("as sold to forecast") == 2


def test_exceptions_come_with_the_money_at_stake(book: Workbook, packs: Written) -> None:
    shown = [(row["Severity"], row["At stake"], row["In"]) for row in rows(book, "Exceptions")]
    assert shown[:3] == [("error", 33000, "EUR"), ("error", 12500.5, "USD"), ("error", 48, "h")]
    assert len(shown) == packs.sql("select count(*) from ops.exceptions")[0][0]
    programme = openpyxl.load_workbook(packs.out / "programmes" / "PG1.xlsx")
    assert [row["Project"] for row in rows(programme, "Exceptions")] == ["P-002", "P-001", "P-001"]


def test_a_programme_has_its_own_projects(packs: Written) -> None:
    programme = openpyxl.load_workbook(packs.out / "programmes" / "PG2.xlsx")
    assert [row["Id"] for row in rows(programme, "Projects")] == ["<b>six</b>", "P-004", None]
    assert "Programmes" not in programme.sheetnames
    expected = packs.sql(
        "select sum(gross_margin_amount_base) from margin.margin_by_project_month as f join core.dim_projects as p "
        "using (project_id) where p.programme_id = 'PG2' and month = date '2026-10-01'"
    )[0][0]
    assert differences([rows(programme, "Projects")[-1]["Margin, month"]], [expected]) == []


@pytest.mark.parametrize("name", ["portfolio.xlsx", "programmes/PG1.xlsx", "programmes/PG2.xlsx"])
def test_sheets_are_ready_to_read_and_print(packs: Written, name: str) -> None:
    book = openpyxl.load_workbook(packs.out / name)
    described: dict[str, Table] = {table.title: table for table in (PROGRAMMES, *SHEETS)}
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
        assert sheet.oddFooter.right.text == "Page &P of &N"
        assert sheet.oddFooter.left.text == "As of 21 Nov 2026, 05:00 UTC, in EUR"
        assert "20261121T050000Z-2" in sheet.oddFooter.center.text
        if sheet.title in described:
            table = described[sheet.title]
            assert sheet.freeze_panes == f"{chr(ord('A') + table.frozen)}{HEADER + 1}"
            assert sheet.print_title_rows == f"${HEADER}:${HEADER}"
            assert [cell.value for cell in sheet[HEADER]] == [column.title for column in table.columns]
            body = sheet.max_row - HEADER - (1 if table.total else 0)
            if sheet.cell(HEADER + 1, 1).value != table.empty:
                assert sheet.auto_filter.ref.endswith(str(HEADER + body))
            for place, column in enumerate(table.columns, start=1):
                cell = sheet.cell(HEADER + 1, place)
                if column.kind == "amount" and cell.value is not None:
                    assert cell.number_format == '#,##0.00;"−"#,##0.00;0.00'
                    assert cell.alignment.horizontal == "right"
                if column.kind == "share" and isinstance(cell.value, float):
                    assert cell.number_format.startswith("0.0%")
    assert book.properties.creator == "Outturn"
    assert book.properties.created == datetime(2026, 11, 21, 5)


def test_negative_is_written_in_one_way_and_nothing_has_no_sign() -> None:
    assert _number_format("amount", Decimal("-1")) == '#,##0.00;"−"#,##0.00;0.00'
    assert _number_format("share", Decimal("-0.2")) == '0.0%;"−"0.0%;0.0%'
    assert _number_format("share", Decimal("-0.0004")) == "0.0%"


@pytest.mark.parametrize("name", ["portfolio.xlsx", "programmes/PG1.xlsx"])
def test_nothing_delivered_is_ever_run_or_followed(packs: Written, name: str) -> None:
    """No formula, no link, no macro, no outside part, whatever names and titles say; each stays the text it was."""
    with zipfile.ZipFile(packs.out / name) as archive:
        for part in archive.namelist():
            content = archive.read(part).decode("utf-8")
            assert "<f>" not in content, part
            assert "<hyperlink" not in content, part
            assert 'TargetMode="External"' not in content, part
            assert "vba" not in part.lower()
    book = openpyxl.load_workbook(packs.out / name)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    titles = {row["Risk"]: row["Title"] for row in rows(book, "Risks")}
    for place, text in enumerate(FORMULAS):
        assert titles[f"R-{place}"] == text.replace("\r", "\n")
    cell = next(cell for row in book["Risks"].iter_rows() for cell in row if cell.value == "00123")
    assert cell.data_type == "s"


def test_hostile_names_survive(packs: Written, book: Workbook) -> None:
    titles = [row["Title"] for row in rows(book, "Risks")]
    assert "n" * 300 in titles
    assert "Ωμέγα Щука Łódź Ærø Ș" in titles
    assert "😀 emoji 漢字" in titles
    assert "\u202egnihtemos\u202c شركة שלום" in titles
    assert any("bell\N{REPLACEMENT CHARACTER}half" in (title or "") for title in titles)
    projects = [row["Project"] for row in rows(book, "Projects")]
    assert {fixture.HOSTILE, fixture.LONG, "NaN undefined null"} <= set(projects)
    assert len(titles) == len(NAMES) + 1


def test_what_columns_mean_is_told(book: Workbook) -> None:
    found = {(row[0], row[1]): row for row in book["About"].iter_rows(min_row=12, values_only=True)}
    described = found["Projects", "Margin %, month"]
    assert described[2:] == ("margin.margin_by_project_month.gross_margin_pct", "Margin over revenue",
                             "gross_margin_amount_base / revenue_amount_base")  # fmt: skip
    facts = {row[0]: row[1] for row in book["About"].iter_rows(max_row=10, values_only=True)}
    assert facts["Reporting currency"] == "EUR"
    assert facts["Code version"] == "0.1.0+bbbbccccdddd"
    assert facts["Hash of the inputs"] == "c0ffee" * 10


def test_a_firm_without_figures_gets_sentences(empty: Written) -> None:
    book = openpyxl.load_workbook(empty.out / "portfolio.xlsx")
    assert book["Summary"].cell(6, 1).value == "No month is complete and has figures yet."
    for table in (PROGRAMMES, *SHEETS):
        assert book[table.title].cell(6, 1).value == table.empty
        assert book[table.title].max_row == 6


def test_what_excel_has_no_room_for_does_not_break_the_file(tmp_path: Path) -> None:
    snapshot = make_snapshot(tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(snapshot)) as connection:
        connection.execute(
            "update core.dim_projects set planned_end_date = date '0850-01-01' where project_id = 'P-001'"
        )
        connection.execute("update core.fct_risks set title = repeat('😀', 40000) where risk_id = 'R-1'")
        connection.execute("update core.dim_programmes set programme_name = '2026 & more &P'")
    made = written(tmp_path, snapshot)
    book = openpyxl.load_workbook(made.out / "programmes" / "PG1.xlsx")
    assert {row["Id"]: row["Planned end"] for row in rows(book, "Projects")}["P-001"] == "0850-01-01"
    title = next(row["Title"] for row in rows(book, "Risks") if row["Risk"] == "R-1")
    assert title == "😀" * 16_383
    with zipfile.ZipFile(made.out / "programmes" / "PG1.xlsx") as archive:
        assert (
            "&amp;L&amp;8 2026 &amp;&amp; more &amp;&amp;P&amp;R" in archive.read("xl/worksheets/sheet1.xml").decode()
        )


def test_sheet_names_are_such_as_excel_takes() -> None:
    taken: set[str] = set()
    names = [
        words.sheet_name(text, taken=taken)
        for text in ("a/b:c*?[d]\\", "A B C    D", "x" * 60, "x" * 60, "''", "History")
    ]
    assert len({name.lower() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert names[3].endswith(" (2)")
    assert names[4] == "Sheet"
    assert names[5].lower() != "history"
