"""How a test reads the built site: a page with everything that went wrong on it, its tables and figures as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb


def pages(out: Path) -> list[str]:
    """The addresses of a built site's pages, without the data docs."""
    found = [path.parent.relative_to(out).as_posix() for path in out.rglob("index.html")]
    return sorted("/" if page == "." else f"/{page}/" for page in found if page not in {"data-docs", "dbt-docs"})


@contextmanager
def opened(browser: Any, url: str, *, width: int = 1440, scheme: str = "light") -> Iterator[tuple[Any, list[str]]]:
    """A page, loaded, with everything that went wrong while it was."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, wrong = context.new_page(), []
    origin = "/".join(url.split("/")[:3])
    page.on("console", lambda m: wrong.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(f"uncaught: {error}"))
    page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url} {request.failure}"))
    page.on("response", lambda answer: wrong.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None)
    page.on(
        "request",
        lambda r: None if r.url.startswith((origin, "data:", "blob:")) else wrong.append(f"foreign: {r.url}"),
    )
    page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    # the documents page keeps more in its address than what is looked at
    if "?" in url and "/documents/" not in url:
        settled(page, at="?" + url.split("?")[1])
    try:
        yield page, wrong
    finally:
        context.close()


def settled(page: Any, *, at: str | None = None) -> None:
    """Waits until what is looked at has been fetched and shown; `at`: the end of the address as the site writes it."""
    if at is not None:
        page.locator(f'[data-testid=filters][data-at="{at}"]').wait_for()
    page.wait_for_timeout(100)
    busy = page.locator("[aria-busy=true]")
    for _ in range(300):
        if busy.count() == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError("figures are still awaited")


def look(page: Any, **choices: str) -> None:
    """Chooses in the filters by value, and waits for what is fetched."""
    for name, value in choices.items():
        page.locator(f"[data-testid=filter-{name}]").select_option(value)
        settled(page)


def written(value: Decimal | None, digits: int = 0) -> str:
    """A figure as the site writes it."""
    if value is None:
        return "–"
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{rounded:,}".replace("-", "−")
    return text.lstrip("−") if not any(digit in text for digit in "123456789") else text


def signed(value: Decimal | None, digits: int = 0) -> str:
    """A change as the site writes it."""
    text = written(value, digits)
    return f"+{text}" if value is not None and value > 0 and any(digit in text for digit in "123456789") else text


def pct(value: Decimal | None) -> str:
    return "–" if value is None else f"{written(value * 100, 1)} %"


def rows(page: Any, table: str) -> list[list[str]]:
    """The texts of the cells of a table, row by row, the heads first."""
    found = page.locator(f"[data-testid=table-{table}] tr").all()
    return [[" ".join(cell.split()) for cell in each.locator("th, td").all_inner_texts()] for each in found]


def cells(page: Any, table: str, row: str) -> list[str]:
    """The texts of the row of a table that begins with `row`."""
    texts = rows(page, table)
    found = [cells for cells in texts if cells and cells[0] == row]
    assert len(found) == 1, (row, texts)
    return found[0]


def figure(page: Any, name: str) -> str:
    return " ".join(page.locator(f"[data-figure={name}]").first.inner_text().split())


def one(snapshot: Path, sql: str) -> tuple[Any, ...]:
    """The one row of a query over the snapshot."""
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return row
