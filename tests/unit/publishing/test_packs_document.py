"""The PDF packs, opened: their text beside the marts, numbers and stamp of every page, names that no font has."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from pypdf import PdfReader
from reportlab.platypus import Paragraph

from pipelines.publishing.packs import charts, document, fonts, grids, paper, words
from pipelines.publishing.packs.columns import Column, Table
from pipelines.publishing.packs.data import Pack, read_packs

from .conftest import Written, fixture, make_snapshot, written

FILES = ("portfolio.pdf", "programmes/PG1.pdf", "programmes/PG2.pdf")


def pages(path: Path) -> list[str]:
    """The text of each page, on one line."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


@pytest.fixture(scope="module")
def portfolio(packs: Written) -> list[str]:
    return pages(packs.out / "portfolio.pdf")


@pytest.fixture(scope="module")
def pack(packs: Written) -> Pack:
    return read_packs(packs.snapshot)[0]


@pytest.mark.parametrize("name", FILES)
def test_every_page_says_what_it_stands_for(packs: Written, name: str) -> None:
    found = pages(packs.out / name)
    assert len(found) > 3
    for number, text in enumerate(found, start=1):
        assert f"Page {number} of {len(found)} " in f"{text} "
        assert "As of 21 Nov 2026, 05:00 UTC · amounts in EUR unless said otherwise" in text
        assert "Publication 20261121T050000Z-2" in text
        assert "Oct 2026" in text


@pytest.mark.parametrize("name", FILES)
def test_file_says_what_it_is_and_brings_its_font(packs: Written, name: str) -> None:
    reader = PdfReader(packs.out / name)
    assert reader.metadata.author == "Outturn"
    assert reader.metadata.title.endswith(", Oct 2026")
    assert reader.metadata["/CreationDate"] == "D:20261121050000+00'00'"
    assert reader.root_object["/Lang"] == "en-GB"
    for page in reader.pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)  # A4, landscape
        for font in page["/Resources"]["/Font"].values():
            described = font.get_object()
            if "NotoSans" in described["/BaseFont"]:
                assert "/FontFile2" in described["/FontDescriptor"].get_object()
                assert "/ToUnicode" in described


def figures(packs: Written) -> dict[str, str]:
    """What the first page must show of the portfolio, reckoned in plain SQL and written in the site's words."""
    revenue, cost, margin = packs.sql(
        "select sum(revenue_amount_base), sum(cost_of_sales_amount_base), sum(gross_margin_amount_base) "
        "from margin.margin_by_project_month where month = date '2026-10-01'"
    )[0]
    pct = words.share(margin / revenue)
    return {"Revenue": words.number(revenue), "Cost of sales": words.number(cost), "Gross margin": words.number(margin),
            "Gross margin %": pct}  # fmt: skip


def unshown(text: str, expected: dict[str, str]) -> list[str]:
    """Measures whose figure is not the first beside their name."""
    return [name for name, figure in expected.items() if f"{name} {figure} " not in text]


def test_first_page_shows_the_month_in_figures(packs: Written, portfolio: list[str]) -> None:
    assert unshown(portfolio[0], figures(packs)) == []
    assert "Oct 2026 in figures" in portfolio[0]
    assert "of 1 of 7 projects" in portfolio[0]  # one has a plan with revenue and cost


def test_a_planted_euro_is_seen(packs: Written, tmp_path: Path) -> None:
    snapshot = make_snapshot(tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(snapshot)) as connection:
        connection.execute(
            "update margin.margin_by_project_month set cost_of_sales_amount_base = cost_of_sales_amount_base + 1 "
            "where project_id = 'P-001' and month = date '2026-10-01'"
        )
    changed = written(tmp_path, snapshot)
    assert unshown(pages(changed.out / "portfolio.pdf")[0], figures(packs)) == ["Cost of sales"]


def test_totals_are_the_sums(packs: Written, portfolio: list[str]) -> None:
    revenue, margin = packs.sql(
        "select sum(revenue_amount_base), sum(gross_margin_amount_base) from margin.margin_by_project_month "
        "where month = date '2026-10-01'"
    )[0]
    text = " ".join(portfolio)
    shown = f"All projects {words.number(revenue)} {words.number(margin)} {words.share(margin / revenue)}"
    assert shown in text
    assert "All customers 1,300" in text


def test_what_is_cut_off_is_in_the_total(pack: Pack) -> None:
    table = Table(id="t", title="", empty="none", total="All", columns=(
        Column(id="name", title="Name"), Column(id="a", title="A", kind="amount", adds=True),
        Column(id="b", title="B", kind="amount", adds=True), Column(id="r", title="R", kind="share", ratio=("a", "b")),
        Column(id="note", title="Note"),
    ))  # fmt: skip
    rows = [{"name": f"row {n}", "a": Decimal(n), "b": Decimal(100), "note": "x"} for n in range(10)]
    made = grids.grid(table, rows, names=["name", "a", "b", "r", "note"], limit=4, of="things")
    texts = [[c.getPlainText() if isinstance(c, Paragraph) else c for c in row] for row in made._cellvalues]
    assert texts[-2] == ["6 other things, in the Excel pack", "39", "600", "6.5 %", ""]
    assert texts[-1] == ["All", "45", "1,000", "4.5 %", ""]
    assert len(texts) == 1 + 4 + 2


def test_figures_of_any_size_stay_apart() -> None:
    """Letters shrink until the figures stand beside one another; what fits nowhere is squeezed, never an error."""
    names = [f"c{n}" for n in range(14)]
    columns = (Column(id="name", title="Name"), *(Column(id=n, title=n, kind="amount", adds=True) for n in names))
    table = Table(id="t", title="", empty="none", total="All", columns=columns)
    for digits, size in ((6, paper.SIZE), (9, 6.4), (10, 5.6), (40, 4.0)):
        rows = [{"name": "a name of some length", **dict.fromkeys(names, -Decimal(10**digits))}]
        made = grids.grid(table, rows, names=["name", *names])
        assert sum(made._argW) <= paper.WIDTH + 0.01
        assert min(made._argW) > 0
        assert made._cellStyles[1][3].fontsize == size
        text = made._cellvalues[1][3]
        if digits < 40:
            assert fonts.width(text, size=size, bold=True) < made._argW[3]


def test_walk_adds_up(pack: Pack) -> None:
    start, steps, end, count = document.walked(pack)
    assert count == 2
    assert start + sum(effect for _, effect in steps) == end == 2_000_000
    assert [name for name, _ in steps] == ["Price", "Hours", "Currency"]


def test_statuses_come_with_their_reason(packs: Written, portfolio: list[str]) -> None:
    text = " ".join(portfolio)
    assert "Cost performance index 0.81 (earned value −5 / actual cost 100) is red: below 0.9." in text
    programme = " ".join(pages(packs.out / "programmes" / "PG1.pdf"))
    assert "Project by project" in programme
    assert "EAC 2,000,000 (bottom up); P10 1,910,000, P50 2,005,000, P80 2,060,000, P90 2,110,000" in programme


def test_names_that_try_everything_are_shown_as_text(packs: Written, portfolio: list[str]) -> None:
    text = " ".join(portfolio)
    assert fixture.HOSTILE in text
    assert "Ωμέγα Щука Łódź Ærø Ș" in text
    assert '=HYPERLINK("http://example.invalid/?"&A1,"click")' in text
    assert "\N{REPLACEMENT CHARACTER} emoji \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}" in text
    assert "nulbell\N{REPLACEMENT CHARACTER}half\N{REPLACEMENT CHARACTER}" in text
    assert text.replace(" ", "").count("n" * 300) == 1
    for name in FILES:
        reader = PdfReader(packs.out / name)
        for page in reader.pages:
            assert not page.get("/Annots"), "nothing delivered is a link"
        assert "/OpenAction" not in reader.root_object
        assert "/JavaScript" not in reader.root_object.get("/Names", {})


def test_characters_without_a_glyph_are_replaced_and_never_lost() -> None:
    assert fonts.shown("a\u202eb 漢 ≤ c") == "ab \N{REPLACEMENT CHARACTER} <= c"
    assert fonts.shown("−1 – Δ") == "−1 – Δ"
    assert fonts.shown("x" * 50, length=10) == "x" * 9 + "…"
    assert fonts.width("−", size=10) > 0


def test_a_firm_without_figures_gets_a_sentence(empty: Written) -> None:
    found = pages(empty.out / "portfolio.pdf")
    assert len(found) == 1
    assert "No month is complete and has figures yet" in found[0]
    assert "Page 1 of 1" in found[0]


@pytest.mark.parametrize("values", [[0], [-5, 5], [0.001, 0.002], [1e12, -3e11], [7, 7]])
def test_axes_hold_what_they_show(values: list[float]) -> None:
    low, high = min(0.0, *values), max(0.0, *values)
    ticks = charts._ticks(low, high)
    assert ticks[0] <= low
    assert ticks[-1] >= high
    assert 2 <= len(ticks) <= 8


def test_labels_do_not_lie_on_one_another() -> None:
    found = sorted(charts._spread([10, 10, 11, 40, 10], gap=7))
    assert all(after - before >= 7 for before, after in pairwise(found))


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("-0.4"), "0"), (Decimal("-0.5"), "−1"), (Decimal("1234567.5"), "1,234,568"), (None, "–"), (0, "0")],
)
def test_figures_are_written_as_on_the_site(value: Decimal | None, text: str) -> None:
    assert words.number(value) == text


def test_other_words() -> None:
    assert words.share(Decimal("-0.0004")) == "0.0 %"
    assert words.points(Decimal("0.0123")) == "+1.2 pp"
    assert words.signed(Decimal("5")) == "+5"
    assert words.with_minus("margin -5 pp (-3 / 4) of 2026-09, R-7") == "margin −5 pp (−3 / 4) of 2026-09, R-7"
    reason = (
        "Index 0.9 (a / b) is red: below 1; green from 2. Bugs 3 is green: inside; red above 9. Late 1 is red: over 0."
    )
    assert words.told(reason, status="red") == "Index 0.9 (a / b) is red: below 1. Late 1 is red: over 0."
    assert words.told("Nobody has measured it.", status="not rated") == "Nobody has measured it."
