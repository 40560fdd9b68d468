"""One data home for all that this package tells: examples, edge cases, files, random portfolios; one refresh."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Home
from tests.integration.examples import (
    balance_kinds,  # noqa: F401 (registers its kinds)
    cost_files,
    edges,
    evm_books,
    evm_kinds,  # noqa: F401
    invoice_files,
    kpi_kinds,  # noqa: F401
    kpi_projects,
    range_kinds,  # noqa: F401
    register_kinds,  # noqa: F401
    revenue_books,
    revenue_kinds,  # noqa: F401
    schedule_kinds,  # noqa: F401
)
from tests.integration.examples.kinds import Example, Marts, Stage, example, kind_of
from tests.integration.examples.portfolio import Portfolio, random_portfolios
from tests.integration.examples.variants import variants

FACTS = sorted(Path(__file__).parent.glob("*facts.json"))
SHARED = Path(
    os.environ.get("OUTTURN_EXAMPLES") or Path(__file__).parents[4] / "shared" / "examples" / "worked_examples.json"
)
AREAS = {"revenue", "loss", "contract_balances", "backlog", "margin", "receivables", "fx", "evm", "earned_schedule"}
AREAS |= {"resources", "hs", "pipeline"}
AREAS |= {"risk", "monte_carlo", "reference_class", "schedule", "kpi", "quality", "control_chart", "rag"}
NOW = "2026-12-31T12:00:00+00:00"
SEED = int(os.environ.get("OUTTURN_EXAMPLES_SEED", "1"))  # another one gives other portfolios and variants
SEEDS = range(SEED, SEED + 6)


def facts() -> dict[str, Example]:
    """The examples as written down here: inputs and expected figures with their sources."""
    rows = [row for path in FACTS for row in json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)]
    return {row["id"]: example(row) for row in rows}


def shared() -> dict[str, Example]:
    """The examples of the shared file, of these areas; none where the file is absent."""
    if not SHARED.is_file():
        return {}
    rows = json.loads(SHARED.read_text(encoding="utf-8"), parse_float=Decimal)["examples"]
    return {row["id"]: example(row) for row in rows if row["area"] in AREAS}


EXAMPLES = facts() | shared() | variants(SEED)


def everything() -> tuple[Stage, list[Portfolio]]:
    """The rows of all that is told, and the portfolios among it."""
    stage = Stage()
    for one in EXAMPLES.values():
        kind_of(one.inputs).tell(stage, one.id, one.inputs)
    edges.people(stage.books)
    for case in edges.EDGES:
        case.tell(stage.books, case.id)
    kpi_projects.tell(stage.books)
    evm_books.tell(stage.books, seed=SEED)
    revenue_books.published(stage.books)
    revenue_books.own(stage.books)
    revenue_books.added(stage.books)
    return stage, random_portfolios(stage.books, seeds=SEEDS)


@dataclass(kw_only=True)
class Told:
    """The refreshed home and what had been told."""

    home: Home
    portfolios: list[Portfolio]

    @cached_property
    def marts(self) -> Marts:
        return Marts(home=self.home)


@pytest.fixture(scope="session")
def told(tmp_path_factory: Any) -> Told:
    """Set OUTTURN_EXAMPLES_HOME to a home that was refreshed before to look at it without a refresh."""
    stage, portfolios = everything()
    if kept := os.environ.get("OUTTURN_EXAMPLES_HOME"):
        return Told(home=Home(path=Path(kept)), portfolios=portfolios)
    home = Home(path=tmp_path_factory.mktemp("examples") / "home")
    home.path.mkdir()
    (home.path / "outturn.toml").write_text(f'base_currency = "EUR"\n{invoice_files.CONFIGURATION}', encoding="utf-8")
    home.settings.create_home()
    stage.books.write(home.path / "inbox")
    kpi_projects.write_rules(home.path)
    evm_books.write(home.path / "inbox")
    cost_files.write(home.path / "inbox")
    invoice_files.write(home.path / "inbox")
    ended = home.run("refresh", "--no-site", "--json", OUTTURN_NOW=NOW)
    assert ended.returncode == 0, ended.stderr
    return Told(home=home, portfolios=portfolios)
