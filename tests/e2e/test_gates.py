"""The gates of the site can fail: each planted fault is named and nothing is handed over."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from fixture_snapshot import write_snapshot

from pipelines.errors import PublicationFailed
from pipelines.publishing import site as site_module
from pipelines.publishing.site import REPORTS, build_site
from pipelines.publishing.site_gates import log_findings, page_findings, site_findings
from pipelines.settings import Settings

AS_OF = "2026-11-21T05:00:00Z"
POLICY = "<meta http-equiv=\"content-security-policy\" content=\"default-src 'none'; script-src 'self'\">"
STAMP = f'<p data-testid="as-of" data-as-of="{AS_OF}"></p>'


def _page(body: str, *, policy: str = POLICY, stamp: str = STAMP) -> str:
    return f"<!doctype html><html><head>{policy}</head><body>{stamp}{body}</body></html>"


def test_sound_page_has_no_findings() -> None:
    body = '<td>NaN</td><td>&lt;script&gt; http://example.invalid</td><td data-figure="margin">−1,234</td>'
    assert page_findings(_page(body), as_of=AS_OF) == []


@pytest.mark.parametrize(
    ("html", "finding"),
    [
        (_page('<td data-figure="margin">NaN</td>'), "no figure where margin should be"),
        (_page('<td data-figure="margin"><b>1 Jan 1970</b></td>'), "no figure where margin should be"),
        (_page('<div class="p-2 border-negative">x</div>'), "an error box"),
        (_page('<img src="https://example.invalid/x.png">'), "<img> asks another host"),
        (_page('<script src="//example.invalid/x.js"></script>'), "<script> asks another host"),
        (_page('<p style="background: url(http://example.invalid)">x</p>'), "asks another host in its style"),
        (_page('<p onclick="go()">x</p>'), "runs a script of its own: onclick"),
        (_page("<script>go()</script>"), "an inline script that the policy does not know"),
        (_page("", policy=""), "no content security policy"),
        (_page("", policy=POLICY.replace("'self'", "'self' 'unsafe-eval'")), "the policy allows 'unsafe-eval'"),
        (_page("", policy=POLICY.replace("'self'", "https:")), "the policy allows https:"),
        (_page("", stamp=""), "the stamp says None"),
        (_page("", stamp=STAMP.replace("2026", "2025")), "the stamp says '2025-11-21"),
    ],
)
def test_faulty_page_is_named(html: str, finding: str) -> None:
    assert [found for found in page_findings(html, as_of=AS_OF) if finding in found]


def test_page_that_lacks_its_figures_is_named() -> None:
    shown = _page('<td data-figure="margin">1</td>')
    assert page_findings(shown, as_of=AS_OF, with_figures=True) == []
    found = page_findings(_page("<p>No month has figures yet.</p>"), as_of=AS_OF, with_figures=True)
    assert found == ["shows no figure, though there are some to show"]


def test_file_of_figures_that_a_page_fetches_must_be_there_and_hold_rows(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(_page(""), encoding="utf-8")
    files = {"a": '{"columns": ["month"], "rows": []}', "b": '{"columns": ["mon', "c": '{"columns": [], "rows": []}'}
    for name, text in files.items():
        (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
    found = site_findings(tmp_path, as_of=AS_OF, expected=[""], files=[f"{name}.json" for name in "abcd"])
    assert found == ["b.json: is no JSON", "c.json: holds no columns and rows", "d.json: was not made"]


def test_data_block_is_not_taken_for_a_script() -> None:
    assert page_findings(_page('<script type="application/json">{"a": 1}</script>'), as_of=AS_OF) == []


def test_log_of_a_broken_query_is_found_once() -> None:
    line = "\x1b[31mfigures | Error in Query! Binder Error: no such column\x1b[0m"
    assert log_findings(f"Build complete\n{line}\n{line}\n") == [
        "figures | Error in Query! Binder Error: no such column"
    ]
    assert log_findings("[INFO]:  Enabling strict mode\nWrote site to ./build\n  ✔ done\n") == []


def test_site_lacks_a_page_or_asks_another_host(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(_page(""), encoding="utf-8")
    (tmp_path / "a.js").write_text('const x = "https://docs.invalid"; fetch("https://example.invalid/d")')
    (tmp_path / "a.css").write_text("p { background: url('https://example.invalid/p.png') }")
    (tmp_path / "wh.duckdb").write_bytes(b"")
    found = site_findings(tmp_path, as_of=AS_OF, expected=["", "projects/P-1"])
    assert len(found) == 4
    assert found[0] == "projects/P-1: was not built"
    assert {entry.split(":")[0] for entry in found[1:]} == {"a.js", "a.css", "wh.duckdb"}


def _refused(tmp_path: Path, snapshot: Path) -> str:
    with pytest.raises(PublicationFailed) as caught:
        build_site(Settings(home=tmp_path / "home"), snapshot=snapshot, out=tmp_path / "out", data_docs=None)
    assert not (tmp_path / "out").exists()
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("drop table margin.margin_by_project_month", "margin_by_project_month"),
        ("alter table ops.loads drop column rows_rejected", "rows_rejected"),
        ("drop table core.dim_kpis", "the site's table kpi_dictionary cannot be made"),
        ("drop table forecast.forecast_by_project_month", "forecast_by_project_month"),
        ("drop table kpi.scorecard_by_project_month", "scorecard_by_project_month"),
        ("drop table core.fct_payments", "the site's table project_payments cannot be made"),
        ("delete from margin.margin_by_project_month where month = date '2026-10-01'",
         "a month that is over has no figure at all, though the months around it have"),
        ("update margin.margin_by_project_month set revenue_amount_base = 0, cost_of_sales_amount_base = 0 "
         "where month = date '2026-10-01'", "2026-10"),
        ("delete from ops.refreshes", "the snapshot does not say what it stands for"),
        ("update margin.margin_by_project_month set month = null where project_id = 'P-001'", "rows without a month"),
        ("insert into margin.margin_by_project_month select * from margin.margin_by_project_month limit 1",
         "a project has a month twice"),
    ],
)  # fmt: skip
def test_unfit_snapshot_is_refused_before_anything_is_built(
    tmp_path: Path, packages: None, change: str, named: str
) -> None:
    snapshot = write_snapshot(tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(snapshot)) as connection:
        connection.execute(change)
    assert named in _refused(tmp_path, snapshot)


def test_broken_query_and_foreign_picture_stop_the_publication(
    tmp_path: Path, packages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generator itself ends well over both (`evidence build:strict`, exit code 0)."""
    reports = tmp_path / "reports"
    shutil.copytree(REPORTS, reports, ignore=shutil.ignore_patterns("node_modules"))
    (reports / "node_modules").symlink_to(REPORTS / "node_modules")
    page = reports / "pages" / "dictionary.md"
    text = page.read_text(encoding="utf-8").replace("from wh.dictionary", "from wh.no_such_table")
    page.write_text(text + '\n<img src="https://example.invalid/x.png" alt=""/>\n', encoding="utf-8")
    monkeypatch.setattr(site_module, "REPORTS", reports)
    message = _refused(tmp_path, write_snapshot(tmp_path / "warehouse.duckdb"))
    assert "no_such_table" in message
    assert "<img> asks another host: https://example.invalid/x.png" in message


def test_firm_that_delivered_nothing_gets_a_site_of_sentences(tmp_path: Path, packages: None) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    snapshot = write_snapshot(tmp_path / "warehouse.duckdb", empty=True)
    built = build_site(Settings(home=home), snapshot=snapshot, out=out, data_docs=None)
    assert built.pages == len(site_module._PAGES)
    assert not (out / "projects" / "P-001").exists()
    first = (out / "index.html").read_text(encoding="utf-8")
    for sentence in ("No complete month has figures yet.", "Nothing needs attention"):
        assert sentence in first
    assert "No project has been delivered" in (out / "projects" / "index.html").read_text(encoding="utf-8")
    balances = (out / "balances" / "index.html").read_text(encoding="utf-8")
    for sentence in ("No customer owes anything.", "No month is closed yet", "Nothing has changed a closed month."):
        assert sentence in balances
    trust = (out / "trust" / "index.html").read_text(encoding="utf-8")
    assert "No file has been taken in yet." in trust
    assert "This publication was made without data docs." in trust
    # the build leaves nothing in the sources that every home shares
    assert not (REPORTS / ".evidence").exists()
    assert not (REPORTS / "components" / "about.json").exists()
