"""Every page can be read by whoever reads it: axe finds nothing serious at any size and in any light, nothing is wider
than the window, and the first view is small and asks for no figure.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from built_site import Built
from reading import look, opened, pages

pytestmark = pytest.mark.browser

SERIOUS = {"serious", "critical"}


def _kinds(out: Path) -> list[str]:
    """Every page, of those of one template (a project's, a programme's) the first two."""
    found = groupby(pages(out), key=lambda place: place.split("/")[1] if place.count("/") == 3 else place)
    return [place for _, of_kind in found for place in list(of_kind)[:2]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_serious(built: Built, address: str, browser: Any, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, faults = Axe(), []
    for place in _kinds(built.out):
        with opened(browser, address + place, width=width, scheme=scheme) as (page, wrong):
            found = axe.run(page).response["violations"]
            faults += [
                f"{place}: {each['id']} ({each['impact']}): {each['nodes'][0]['html'][:160]}"
                for each in found
                if each["impact"] in SERIOUS
            ]
            faults += [f"{place}: {fault}" for fault in wrong]
    assert faults == []


def test_axe_sees_a_planted_fault(address: str, browser: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with opened(browser, address + "/") as (page, _):
        page.evaluate("document.querySelector('[data-testid=filter-month]').parentElement.firstElementChild.remove()")
        found = Axe().run(page).response["violations"]
        assert "select-name" in {each["id"] for each in found if each["impact"] in SERIOUS}


@pytest.mark.parametrize("width", [768, 2560])
def test_no_page_is_wider_than_the_window(built: Built, address: str, browser: Any, width: int) -> None:
    faults = []
    for place in _kinds(built.out):
        with opened(browser, address + place, width=width) as (page, wrong):
            widest = page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
            faults += [f"{place}: {widest} px"] if widest > width else []
            faults += [f"{place}: {fault}" for fault in wrong]
    assert faults == []


def test_first_view_is_small_and_fetches_no_figures(address: str, browser: Any) -> None:
    with browser.new_context() as context:
        page, answers = context.new_page(), []
        page.on("response", lambda answer: answers.append(answer))
        page.goto(address + "/")
        page.wait_for_load_state("networkidle")
        assert sum(len(answer.body()) for answer in answers) < 5_000_000
        assert not [answer.url for answer in answers if "/figures/" in answer.url]
        # another month asks for the files of what the page shows, and for nothing else
        look(page, month="2026-08-01")
        asked = {
            url.split("/figures/")[1].split("?")[0] for url in (each.url for each in answers) if "/figures/" in url
        }
        assert asked == {f"{table}/2026-08.json" for table in ("portfolio", "margin_costs", "reds", "losses")}
