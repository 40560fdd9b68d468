"""Projects whose earned value is known: random ones, each told twice, and stories of rules, orders and odd states.

What they must show is in test_earned_value.py. A random project is also told as it stood at the end of an earlier
month, so that nothing that came later may be seen in the rows up to it.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from tests.integration.books import Books, Job, month_end
from tests.integration.examples.kinds import month

PROJECTS = 12
MONTHS = 16  # of each random project, from the first one on
RULES = ("percent_complete", "fifty_fifty", "zero_hundred", "level_of_effort")

Amounts = dict[tuple[str, int], Decimal]  # element and month -> amount


@dataclass(kw_only=True)
class Drawn:
    """A random project. Elements without a rule were not delivered; the empty element is the project itself."""

    name: str
    rules: dict[str, str | None]
    baselines: list[tuple[int, Amounts]]  # approved on the first day of that month; a whole plan
    progress: dict[tuple[str, int], Decimal] = field(default_factory=dict)
    costs: Amounts = field(default_factory=dict)
    forecasts: dict[int, Amounts] = field(default_factory=dict)  # approved at that month's end
    cut: int = MONTHS - 1  # the month at whose end the early twin stands


def drawn(seed: int) -> list[Drawn]:
    random = Random(seed)
    return [_draw(random, f"EVM-{number}") for number in range(PROJECTS)]


def _draw(random: Random, name: str) -> Drawn:
    elements = [f"E{number}" for number in range(1, random.randint(2, 5))]
    rules: dict[str, str | None] = {element: random.choice((*RULES, "percent_complete")) for element in elements}
    rules[elements[0]] = random.choice(("percent_complete", None))
    length = random.randint(5, 9)
    baselines = [(0, _plan(random, elements, length))]
    if random.random() < 0.6:
        elements.append("E9")
        rules["E9"] = "percent_complete"
        baselines.append((random.randint(3, 6), _plan(random, elements, length + random.randint(1, 4))))
    made = Drawn(name=name, rules=rules, baselines=baselines, cut=random.randint(3, 9))
    pace = random.choice((0.6, 0.9, 1.0, 1.3))
    for element in elements:
        done = Decimal(0)
        for at in range(MONTHS):
            # some are measured only from the third month on
            if random.random() < 0.85 and (at > 1 or pace < 1):
                done = min(Decimal(1), done + Decimal(random.randint(0, 250)) * Decimal(str(pace)) / 1000)
                made.progress[element, at] = done
            if random.random() < 0.8 and (done < 1 or random.random() < 0.2):
                made.costs[element, at] = Decimal(random.randint(-500, 90000)) / 100
    for at in range(MONTHS):
        if random.random() < 0.2:
            made.costs["", at] = Decimal(random.randint(1, 9000)) / 100
        if random.random() < 0.3:
            ahead = range(at + 1, at + 1 + random.randint(1, 4))
            made.forecasts[at] = {("", later): Decimal(random.randint(0, 90000)) / 100 for later in ahead}
    return made


def _plan(random: Random, elements: list[str], length: int) -> Amounts:
    """Some months have no line; the first one has."""
    amounts = {
        (element, at): Decimal(random.randint(1, 80000)) / 100
        for element in elements
        for at in range(length)
        if random.random() < 0.7
    }
    return amounts | {(elements[0], 0): Decimal(random.randint(100, 9999)) / 100}


def _told(books: Books, one: Drawn, *, until: int, suffix: str = "") -> None:
    job = Job(books, one.name + suffix)
    for element, rule in one.rules.items():
        if rule:
            books.add(
                "wbs_element", project_id=job.name, wbs_id=element, wbs_name=element,
                earning_rule=rule,
            )  # fmt: skip
    for first, plan in one.baselines:
        if first <= until:
            job.plan("baseline", f"{month(first)}-01", _lines(plan))
    for (element, at), part in one.progress.items():
        if at <= until:
            _progress(books, job.name, month(at), part, element)
    for (element, at), amount in one.costs.items():
        if at <= until and amount:
            job.cost(month_end(month(at)), amount, wbs_id=element or None)
    for at, plan in one.forecasts.items():
        if at <= until:
            job.plan("forecast", month_end(month(at)), _lines(plan))


def _lines(plan: Amounts) -> list[tuple[Any, ...]]:
    return [(month(at), "other", amount, element or None) for (element, at), amount in plan.items()]


def _progress(books: Books, project: str, at: str, part: object, wbs: str | None = None) -> None:
    books.add("progress", project_id=project, wbs_id=wbs or None, observed_on=month_end(at), percent_complete=part)


def tell(books: Books, *, seed: int) -> None:
    for one in drawn(seed):
        _told(books, one, until=MONTHS - 1)
        _told(books, one, until=one.cut, suffix="-EARLY")
    _on_plan(books)
    _finished(books)
    _rules(books)
    _milestones(books)
    _orders(books)
    _odd_states(books)


def _on_plan(books: Books) -> None:
    """Each month is an element, done and paid for when it is planned."""
    job = Job(books, "EVM-PLAN")
    for at in range(10):
        books.add("wbs_element", project_id=job.name, wbs_id=f"N{at}", wbs_name=f"N{at}", earning_rule="zero_hundred")
        job.cost(month_end(month(at)), 100 + 10 * at, wbs_id=f"N{at}")
        _progress(books, job.name, month(at), 1, f"N{at}")
    job.plan("baseline", "2025-01-01", [(month(at), "other", 100 + 10 * at, f"N{at}") for at in range(10)])


def _finished(books: Books) -> None:
    """Planned for four months, 400; done in six, for 600, and 30 more come afterwards."""
    job = Job(books, "EVM-DONE", actual_end_date="2025-06-30", status="closed")
    job.plan("baseline", "2025-01-01", [(month(at), "other", 100) for at in range(4)])
    for at, part in enumerate(("0.1", "0.2", "0.3", "0.5", "0.75", "1")):
        _progress(books, job.name, month(at), part)
        job.cost(month_end(month(at)), 100)
    job.cost("2025-08-15", 30)


def _rules(books: Books) -> None:
    """Each rule, and a branch that is measured as a whole until one of its elements is."""
    job = Job(books, "EVM-RULES")
    rules = {
        "H": "fifty_fifty", "Z": "zero_hundred", "L": "level_of_effort", "P": "percent_complete",
        "B": "percent_complete", "B.1": "percent_complete", "B.2": "percent_complete",
    }  # fmt: skip
    for element, rule in rules.items():
        books.add(
            "wbs_element", project_id=job.name, wbs_id=element, wbs_name=element, earning_rule=rule,
            parent_wbs_id="B" if element.startswith("B.") else None,
        )  # fmt: skip
    lines = [(month(1), "other", 100, element) for element in ("H", "Z", "P", "B.1", "B.2")]
    job.plan("baseline", "2025-01-01", [*lines, (month(0), "other", 50, "L"), (month(1), "other", 50, "L")])
    for element, part in {"H": "0.01", "Z": "0.999999", "P": "0.25", "B": "0.4"}.items():
        _progress(books, job.name, month(0), part, element)
    for element, part in {"H": "1", "Z": "1", "B.1": "0.9"}.items():
        _progress(books, job.name, month(1), part, element)
    # of an element that nobody knows, and of none
    job.cost("2025-01-10", 7, wbs_id="X")
    job.cost("2025-01-11", 5)
    job.cost("2025-01-12", 30, wbs_id="P")


def _milestones(books: Books) -> None:
    """What is reported of them lies in files of their own: `write`."""
    job = Job(books, "EVM-MS")
    books.add("wbs_element", project_id=job.name, wbs_id="W", wbs_name="W", earning_rule="milestones")
    job.plan("baseline", "2025-01-01", [(month(at), "other", 100, "W") for at in range(4)])
    for at in range(4):
        job.cost(month_end(month(at)), 90, wbs_id="W")


REPORTS = (
    [("M1", 1, "2025-01-20", "2025-01-31"), ("M2", 3, None, "2025-01-31")],
    # reached in February, known in March
    [("M1", 1, "2025-01-20", "2025-03-31"), ("M2", 3, "2025-02-25", "2025-03-31")],
)


def write(inbox: Path) -> None:
    """The reports of milestones, one file each, the later one last."""
    for number, report in enumerate(REPORTS, start=1):
        path = inbox / "kpi" / f"milestone_evm_{number}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(
                ["project_id", "milestone_id", "milestone_name", "wbs_id", "weight", "actual_date", "reported_on"]
            )
            for milestone, weight, actual, reported in report:
                writer.writerow(["EVM-MS", milestone, milestone, "W", weight, actual or "", reported])
        os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))


def _orders(books: Books) -> None:
    """100 are left by the forecast of January. 60 are ordered then, invoiced in March; 90 more in February."""
    job = Job(books, "EVM-PO")
    job.line("cost_to_cost")
    job.price(1000)
    job.plan("baseline", "2025-01-01", [(month(0), "other", 100), (month(1), "other", 100)])
    job.plan("forecast", "2025-01-31", [(month(1), "other", 100)])
    job.cost("2025-01-15", 100)
    _progress(books, job.name, month(0), "0.5")
    for number, on, amount, invoiced, delivered in (
        (1, "2025-01-10", 60, 60, "2025-03-03"),
        (2, "2025-02-05", 90, 0, None),
    ):
        books.add(
            "purchase_order_line", purchase_order_id=f"PO-EVM-{number}", line_id="1", project_id=job.name,
            ordered_on=on, category="subcontract", ordered_amount=amount, received_amount=invoiced,
            invoiced_amount=invoiced, currency_code="EUR", delivered_on=delivered,
        )  # fmt: skip


def _odd_states(books: Books) -> None:
    """Each a project with a baseline of 100 in January and February; cost and progress by month."""
    stories: dict[str, list[tuple[object, object]]] = {
        "EVM-NO-EV": [(40, "0")],
        "EVM-NO-COST": [(0, "0.3")],
        "EVM-SPENT": [(99.99, "0.9"), (0.01, "0.9")],
        "EVM-FELL": [(40, "0.5"), (-10, "0.4")],
        "EVM-AFTER": [(80, "1"), (5, "1")],
        "EVM-BLIND": [(40, None)],
    }
    for name, months in stories.items():
        job = Job(books, name)
        job.plan("baseline", "2025-01-01", [(month(0), "other", 50), (month(1), "other", 50)])
        for at, (cost, part) in enumerate(months):
            if cost:
                job.cost(month_end(month(at)), cost)
            if part is not None:
                _progress(books, name, month(at), part)
    # a discount that is planned and not earned: 110 of 100
    job = Job(books, "EVM-ABOVE")
    job.plan("baseline", "2025-01-01", [(month(0), "other", 110, "A"), (month(1), "other", -10, "B")])
    job.cost("2025-01-15", 100)
    _progress(books, job.name, month(0), "1", "A")
    # as sold is no baseline
    job = Job(books, "EVM-SOLD")
    job.plan("as_sold", "2025-01-01", [(month(0), "other", 100)])
    job.cost("2025-01-15", 10)
    _progress(books, job.name, month(0), "0.1")
    # a forecast of nothing left, and half of the work is
    job = Job(books, "EVM-OVER")
    job.plan("baseline", "2025-01-01", [(month(0), "other", 100)])
    job.plan("forecast", "2025-01-31", [(month(1), "other", 0)])
    job.cost("2025-01-15", 60)
    _progress(books, job.name, month(0), "0.5")
