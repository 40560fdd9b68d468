"""The report site of 1,000 projects and 36 months: built once, timed, and its first views opened in headless Chromium.

    python -m benchmarks.site_scale [--snapshot FILE] [--projects N] [--months N] [--keep DIR] [--out FILE]

`--snapshot`: a published warehouse of the demo firm; without it a demo is refreshed first (about a minute and a half).
Every table that knows projects gets copies of them under ids of their own, ten copies of each programme and customer
between them, and months before the first one, so that all pages and files have the size that they would have; the
sums of groups are then no sums any more, which no page and no gate needs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console

from pipelines.publishing.serve import make_server
from pipelines.publishing.site import build_site
from pipelines.publishing.snapshot import PUBLIC_SCHEMAS
from pipelines.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
OUTTURN = str(Path(sys.executable).parent / "outturn")
GOAL_BUILD_SECONDS, GOAL_VIEW_SECONDS, GOAL_VIEW_BYTES = 300, 1.0, 5_000_000

# ids that a copy of a project gets anew, and those that ten copies share between them
_OWN = ("project_id", "contract_id", "contract_line_id", "invoice_id", "payment_id", "invoice_key")
_SHARED = ("programme_id", "customer_id")
_MONTHS = ("month", "cost_month", "issue_month", "paid_month", "opened_month")
# facts that no page of the site lists by month: their copies keep their months
_KEPT = {"core.fct_plan_lines", "core.fct_exchange_rates", "ops.exceptions"}


@dataclass(frozen=True, kw_only=True)
class View:
    """One page as a first visitor meets it."""

    page: str
    first_figures: float
    settled: float
    transferred: int
    requests: int


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[str]:
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'large' and schema_name = ? "
        "and table_name = ? order by column_index",
        [schema, table],
    ).fetchall()
    return [name for (name,) in rows]


def _copied(columns: Sequence[str], copies: int) -> tuple[int, str]:
    """How often a table's rows stand in the large one, and the SELECT list of a copy."""
    own = "project_id" in columns or {"invoice_id", "contract_id"} & set(columns)
    if not own and not set(_SHARED) & set(columns):
        return 1, "*"
    changed = [
        f"case when k = 0 or {name} is null then {name} else {name} || '-' || k end as {name}"
        for name in _OWN
        if name in columns
    ] + [
        f"case when k % 10 = 0 or {name} is null then {name} else {name} || '-' || (k % 10) end as {name}"
        for name in _SHARED
        if name in columns
    ]
    return copies if own else min(copies, 10), f"* exclude (k) replace ({', '.join(changed)})"


def enlarge(source: Path, target: Path, *, projects: int, months: int) -> None:
    """Writes a snapshot of `projects` projects and `months` months, made of copies of the one in `source`."""
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"attach '{source}' as small (read_only)")
        connection.execute(f"attach '{target}' as large (storage_version 'v1.0.0')")

        def one(sql: str) -> Any:
            return connection.execute(sql).fetchone()[0]

        copies = -(-projects // one("select count(*) from small.core.dim_projects"))
        there = one("select count(distinct month) from small.margin.margin_by_project_month")
        # months before the first one: those of the first years again, so many months earlier
        earlier = max(months - there, 0)
        begin = f"(select min(month) + interval {earlier} month from small.margin.margin_by_project_month)"
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'small' "
            "and schema_name in (select unnest(?)) order by all",
            [list(PUBLIC_SCHEMAS)],
        ).fetchall()
        for schema in PUBLIC_SCHEMAS:
            connection.execute(f"create schema large.{schema}")
        for schema, table in tables:
            name = f"{schema}.{table}"
            connection.execute(f"create table large.{name} as from small.{name}")
            columns = _columns(connection, schema, table)
            month = next((column for column in _MONTHS if column in columns), None)
            is_moved = month is not None and earlier and name not in _KEPT
            if is_moved:
                connection.execute(
                    f"insert into large.{name} select * replace "
                    f"(cast({month} - interval {earlier} month as date) as {month}) "
                    f"from small.{name} where {month} < {begin} "
                    f"and {month} >= (select min(month) from small.margin.margin_by_project_month)"
                )
            many, selected = _copied(columns, copies)
            if many > 1:
                connection.execute(
                    f"insert into large.{name} select {selected} from large.{name}, range(1, {many}) as c (k)"
                )
        if earlier:
            connection.execute(
                "delete from large.core.dim_months as m using (select month, max(rowid) as kept from "
                "large.core.dim_months group by month) as k where m.month = k.month and m.rowid <> k.kept"
            )
        connection.execute("checkpoint large")


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        raise SystemExit("there is no chromium on PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, headless=True, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def _view(browser: Any, address: str, page_path: str) -> View:
    """Opens a page with nothing in the browser's cache; bytes as they came over the line."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[int] = []
    session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    begun = time.monotonic()
    page.goto(address + page_path, wait_until="commit")
    page.wait_for_selector("[data-figure]", state="visible")
    first = time.monotonic() - begun
    page.wait_for_load_state("networkidle")
    settled = time.monotonic() - begun
    context.close()
    return View(page=page_path, first_figures=first, settled=settled, transferred=sum(received), requests=len(received))


def views(site: Path, pages: Sequence[str]) -> list[View]:
    """The pages, each in a browser of its own; the median of three by the time to the first figures."""
    with make_server(site, port=0) as server, _browser() as browser:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        _view(browser, address, pages[0])
        found = [
            sorted((_view(browser, address, page) for _ in range(3)), key=lambda v: v.first_figures) for page in pages
        ]
        server.shutdown()
    return [each[1] for each in found]


def _pages(site: Path) -> list[str]:
    """The pages that readers open first, one project and one programme among them, those that there are."""
    wanted = ["", "margin", "forecast", "balances", "cssq", "projects", "documents", "trust", "dictionary"]
    for kind in ("projects", "programmes"):
        folder = site / kind
        one = next((path.name for path in sorted(folder.iterdir()) if path.is_dir()), None) if folder.is_dir() else None
        wanted += [f"{kind}/{one}"] if one else []
    return [f"/{page}/" if page else "/" for page in wanted if (site / page / "index.html").is_file()]


def _demo(work: Path) -> Path:
    home = work / "demo"
    environment = {**os.environ, "OUTTURN_SETTLE_SECONDS": "0"}
    command = [OUTTURN, "--home", str(home), "demo", "--no-site"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    if run.returncode:
        raise SystemExit(f"the demo ended with {run.returncode}\n{run.stderr[-4000:]}")
    return home / "published" / "warehouse.duckdb"


def _largest(site: Path) -> tuple[int, str]:
    found = max((path for path in (site / "figures").rglob("*.json")), key=lambda path: path.stat().st_size)
    return found.stat().st_size, found.relative_to(site).as_posix()


def measure(work: Path, *, snapshot: Path | None, projects: int, months: int) -> list[tuple[str, str, str]]:
    """Rows of the table: what, measured, goal."""
    large = work / "large.duckdb"
    enlarge(snapshot or _demo(work), large, projects=projects, months=months)
    site = work / "site"
    built = build_site(Settings(home=work / "home"), snapshot=large, out=site, data_docs=None)
    documents = site / "figures" / "documents"
    size, name = _largest(site)
    shown = sum(path.stat().st_size for path in documents.rglob("*.json"))
    rows = [
        (f"build of {built.pages:,} pages", f"{built.seconds:.0f} s", f"< {GOAL_BUILD_SECONDS} s"),
        ("files of the site", f"{built.files:,}, {built.bytes / 1e6:.0f} MB", ""),
        ("of them documents", f"{shown / 1e6:.0f} MB", "< 200 MB"),
        (f"largest file that a page fetches ({name})", f"{size / 1e3:.0f} kB", ""),
    ]
    for view in views(site, _pages(site)):
        rows.append(
            (
                f"first view of {view.page}",
                f"figures after {view.first_figures:.2f} s, all after {view.settled:.2f} s, "
                f"{view.transferred / 1e6:.2f} MB in {view.requests} requests",
                f"< {GOAL_VIEW_SECONDS:.0f} s, < {GOAL_VIEW_BYTES / 1e6:.0f} MB",
            )
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--snapshot", type=Path)
    parser.add_argument("--projects", type=int, default=1000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--keep", type=Path, help="work here and leave what was made")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "bench" / "site.md")
    arguments = parser.parse_args()
    work = arguments.keep or Path(tempfile.mkdtemp(prefix="outturn-site-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        rows = measure(work, snapshot=arguments.snapshot, projects=arguments.projects, months=arguments.months)
    finally:
        if arguments.keep is None:
            shutil.rmtree(work, ignore_errors=True)
    lines = [
        f"{arguments.projects:,} projects, {arguments.months} months",
        "",
        "| what | measured | goal |",
        "|---|---|---|",
    ]
    lines += [f"| {what} | {measured} | {goal} |" for what, measured, goal in rows]
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    Console().print("\n".join(lines), markup=False, highlight=False)


if __name__ == "__main__":
    main()
