"""Projects that each tell one published example, or one edge case, of revenue, as rows of the canonical tables.

Nothing is asserted here. Every name begins with R-, and their currencies are nobody else's.
"""

from __future__ import annotations

from tests.integration.books import Books, Job, month_end

Q1 = ["2025-01", "2025-02", "2025-03"]


def published(books: Books) -> None:
    """The examples of worked_examples.json."""
    job = Job(books, "R-kieso")
    job.line("cost_to_cost")
    job.price(4500000)
    job.periods(Q1, [1000000, 2916000, 4050000], [4000000, 4050000, 4050000])
    for month, billed in zip(Q1, (900000, 2400000, 1200000), strict=True):
        job.bill(f"{month}-20", billed)

    job = Job(books, "R-seg4b")
    job.line("cost_to_cost")
    job.price(750000)
    job.periods(Q1, [280000, 506250, 750000], [600000, 750000, 750000])

    job = Job(books, "R-batac")
    job.line("cost_to_cost")
    job.price(120000000)
    job.plan("baseline", "2025-01-01", [("2025-01", "labour", 96000000)])
    for month, cost in zip(Q1, (24000000, 38400000, 33600000), strict=True):
        job.cost(f"{month}-15", cost)

    job = Job(books, "R-loss-s7")
    job.line("cost_to_cost")
    job.price(1000000)
    job.periods(Q1, [450000, 770000, 1100000], [900000, 1100000, 1100000])

    job = Job(books, "R-ex8")
    job.line("cost_to_cost")
    job.price(1000000)
    job.plan("baseline", "2025-01-01", [("2025-01", "other", 700000)])
    job.cost("2025-01-31", 420000)
    job.price(150000, "2025-02-15", kind="change_request")
    job.price(200000, "2025-02-15", kind="variable_consideration")
    job.plan("baseline", "2025-02-15", [("2025-01", "other", 820000)])

    job = Job(books, "R-ex19")
    job.line("cost_to_cost")
    job.price(5000000)
    job.plan("baseline", "2025-01-01", [("2025-01", "uninstalled_material", 1500000), ("2025-02", "other", 2500000)])
    job.cost("2025-01-20", 1500000, "uninstalled_material")
    job.cost("2025-01-25", 500000)

    # a unit is a cost of 1
    for name, on in (("ex5b-end", "2025-01-31"), ("ex5b-first", "2025-02-01"), ("ex5b-middle", "2025-01-20")):
        job = Job(books, f"R-{name}")
        job.line("cost_to_cost")
        job.price(12000)
        job.plan("baseline", "2025-01-01", [("2025-01", "other", 120)])
        job.cost("2025-01-10", 60)
        job.price(2400, on, kind="change_request", treatment="prospective")
        job.price(-900, on, kind="penalty")
        job.plan("baseline", on, [("2025-01", "other", 150)])
        for month, units in (("2025-02", 1), ("2025-03", 1), ("2025-04", 1), ("2025-05", 87)):
            job.cost(f"{month}-15", units)

    job = Job(books, "R-ex24")
    job.line("cost_to_cost")
    job.price(57500)
    job.plan("baseline", "2025-01-01", [("2025-01", "other", 575)])
    job.cost("2025-03-31", 75)
    job.price(-5750, "2025-06-30", kind="variable_consideration")
    job.cost("2025-06-30", 500)

    job = Job(books, "R-ex39")
    job.line("milestone", 1)
    job.line("milestone", 2)
    job.price(400)
    job.price(600, number=2)
    job.milestone("A", 400, "2025-01-31")
    job.milestone("B", 600, "2025-02-28", number=2)
    job.bill("2025-02-28", 1000, line=None)

    job = Job(books, "R-maint")
    job.line("straight_line", start_date="2025-01-01", end_date="2026-12-31")
    job.price(135000)
    job.price(60000, "2026-01-01", kind="change_request", treatment="prospective", line_end_date="2027-12-31")

    job = Job(books, "R-separate")
    job.line("straight_line", start_date="2025-01-01", end_date="2025-12-31")
    job.price(12000)
    job.price(2850, "2025-07-01", kind="change_request", treatment="separate", line_end_date="2026-03-31")

    job = Job(books, "R-rpo")
    job.line("straight_line", start_date="2024-07-01", end_date="2026-06-30")
    job.price(9600, "2024-07-01")

    for name, earned, billed in (("orion-under", 400000, 353994), ("orion-over", 389599, 423522)):
        job = Job(books, f"R-{name}")
        job.line("cost_to_cost")
        job.price(earned)
        job.plan("baseline", "2025-01-01", [("2025-01", "other", 300000)])
        job.cost("2025-01-15", 300000)
        job.bill("2025-01-31", billed)

    job = Job(books, "R-b2b")
    job.line("milestone")
    job.price(1000000)
    job.bill("2025-01-20", 800000)

    books.add(
        "exchange_rate", from_currency="MXN", to_currency="EUR", rate_date="2025-01-01", rate_type="daily", rate="1.1"
    )
    books.add(
        "exchange_rate", from_currency="MXN", to_currency="EUR", rate_date="2025-07-01", rate_type="daily", rate="1.2"
    )
    for number in range(1, 13):
        on = month_end(f"2025-{number:02d}")
        for kind in ("average", "closing"):
            books.add("exchange_rate", from_currency="MXN", to_currency="EUR", rate_date=on, rate_type=kind, rate="1.3")
    job = Job(books, "R-fx-080", currency="MXN")
    job.line("straight_line", start_date="2025-01-01", end_date="2025-12-31")
    job.price(12000)
    job.bill("2025-01-01", 6000)
    job.bill("2025-07-01", 6000)

    job = Job(books, "R-app3")
    job.line("milestone", retention_pct="0.1")
    job.price(750000)
    job.milestone("M1", 300000, "2025-01-31")
    job.milestone("M2", 112500, "2025-02-28")
    job.milestone("M3", 337500, "2025-03-31")
    job.milestone("Accepted", None, "2025-05-31", is_customer_acceptance="true")
    job.pay(job.bill("2025-01-31", 300000), "2025-02-10", 270000)
    job.bill("2025-02-28", 112500)
    job.bill("2025-03-31", 337500)


def own(books: Books) -> None:
    """Edge cases and the methods of which no example is published."""
    books.add("cost_rate", role_id="R-1", valid_from="2025-01-01", hourly_rate=1, currency_code="EUR")
    for number in range(1, 7):
        books.add(
            "employee",
            employee_id=f"R-E{number}",
            employee_name=f"Person {number}",
            role_id="R-1" if number < 6 else "R-2",
        )

    job = Job(books, "R-hourly")
    job.line("time_and_material", cost_markup="0.1")
    rate = {"contract_line_id": "R-hourly/1", "currency_code": "EUR"}
    books.add("bill_rate", **rate, employee_id="R-E1", valid_from="2025-01-01", hourly_rate=150)
    books.add("bill_rate", **rate, role_id="R-1", valid_from="2025-01-01", valid_to="2025-01-31", hourly_rate=100)
    books.add("bill_rate", **rate, role_id="R-1", valid_from="2025-02-01", hourly_rate="110.01")
    job.work("R-E1", "2025-01-10", 8)
    job.work("R-E2", "2025-01-31", "7.5")
    job.work("R-E2", "2025-02-01", "0.25")
    job.work("R-E2", "2025-02-02", 8, is_billable="false")
    job.work("R-E6", "2025-02-03", 4)
    job.cost("2025-01-20", 200, "travel", is_billable="true")
    job.cost("2025-01-20", 999, "travel")

    job = Job(books, "R-capped")
    job.line("time_and_material", not_to_exceed_amount=1000)
    books.add("bill_rate", contract_line_id="R-capped/1", valid_from="2025-01-01", hourly_rate=100, currency_code="EUR")
    job.plan("baseline", "2025-01-01", [("2025-01", "other", 1300)])
    for month in Q1:
        job.work("R-E3", f"{month}-10", 6)

    job = Job(books, "R-hours")
    job.line("labour_hours")
    job.price(90000)
    job.plan("baseline", "2025-01-01", [("2025-01", "labour", 300)])
    for number in range(1, 6):
        job.work(f"R-E{number}", "2025-01-15", 20)
    job.work("R-E1", "2025-02-15", 23)

    job = Job(books, "R-few")
    job.line("labour_hours")
    job.price(900)
    job.plan("baseline", "2025-01-01", [("2025-01", "labour", 30)])
    job.work("R-E1", "2025-01-17", 10)

    job = Job(books, "R-invoiced")
    job.line("as_invoiced")
    job.bill("2025-01-15", "100.10", tax=19)
    job.bill("2025-02-15", "-30.05")

    job = Job(books, "R-unplanned")
    job.line("cost_to_cost")
    job.price(1000)
    job.cost("2025-01-15", 300)
    job.cost("2025-02-15", 900)

    job = Job(books, "R-unpriced")
    job.line("cost_to_cost")
    job.plan("baseline", "2025-01-01", [("2025-01", "other", 100)])
    job.cost("2025-01-15", 50)

    job = Job(books, "R-undated")
    job.line("straight_line")
    job.price(1000)

    job = Job(books, "R-overrun")
    job.line("cost_to_cost")
    job.price(1000)
    job.plan("baseline", "2025-01-01", [("2025-01", "other", 100)])
    job.cost("2025-01-15", 130)

    job = Job(books, "R-huge")
    job.line("cost_to_cost")
    job.price("999999999999.99")
    job.plan("baseline", "2025-01-01", [("2025-01", "other", "999999999999.97")])
    job.cost("2025-01-15", "333333333333.33")

    job = Job(books, "R-thirds")
    job.line("cost_to_cost")
    job.price("100.00")
    job.plan("baseline", "2025-01-01", [("2025-01", "other", 3)])
    for month in Q1:
        job.cost(f"{month}-15", 1)

    job = Job(books, "R-credit")
    job.line("cost_to_cost")
    job.price(1000)
    job.plan("baseline", "2025-01-01", [("2025-01", "other", 100)])
    job.cost("2025-01-15", 50)
    job.price(-1200, "2025-02-10", kind="penalty")
    job.cost("2025-02-15", -60)

    job = Job(books, "R-no-rate", currency="BRL")
    job.line("straight_line", start_date="2025-01-01", end_date="2025-12-31")
    job.price(1200)

    job = Job(books, "R-branches")
    books.add("wbs_element", project_id="R-branches", wbs_id="A", wbs_name="A")
    books.add("wbs_element", project_id="R-branches", wbs_id="A.1", parent_wbs_id="A", wbs_name="A.1")
    job.line("cost_to_cost", 1)
    job.line("cost_to_cost", 2, wbs_id="A")
    job.price(1000)
    job.price(500, number=2)
    job.plan("baseline", "2025-01-01", [("2025-01", "other", 400, "A.1"), ("2025-01", "other", 800)])
    job.cost("2025-01-15", 200, wbs_id="B")
    job.cost("2025-01-15", 100, wbs_id="A.1")

    job = Job(books, "R-no-line")
    job.bill("2025-01-15", 700, line=None, contract_id=None)

    # 20 hours at 50 for 2,000 of cost, and nobody has agreed to a cap: what is lost is lost as it is spent
    job = Job(books, "R-uncapped")
    job.line("time_and_material")
    books.add(
        "bill_rate", contract_line_id="R-uncapped/1", valid_from="2025-01-01", hourly_rate=50, currency_code="EUR"
    )
    job.plan("baseline", "2025-01-01", [("2025-01", "other", 5000)])
    for month in ("2025-01", "2025-02"):
        job.work("R-E4", f"{month}-10", 10)
        job.cost(f"{month}-12", 990, "subcontract")


def added(books: Books) -> None:
    """What was added at its own price (IFRS 15.20): 30 units at 95 to 120 at 100; a unit is a cost of 1."""
    for name, wbs in (("R-apart", "CR-1"), ("R-together", None)):
        job = Job(books, name)
        job.line("cost_to_cost")
        job.price(12000)
        job.plan("baseline", "2025-01-01", [("2025-01", "other", 120)])
        job.cost("2025-01-15", 60)
        job.price(2850, "2025-02-10", kind="change_request", treatment="separate", change_request_id="CR-1")
        job.price(-285, "2025-03-05", kind="penalty", change_request_id="CR-1")
        job.plan("baseline", "2025-02-10", [("2025-01", "other", 120), ("2025-02", "other", 30, wbs)])
        below = None
        if wbs:
            books.add("wbs_element", project_id=name, wbs_id="CR-1", wbs_name="What was added")
            books.add("wbs_element", project_id=name, wbs_id="CR-1.1", parent_wbs_id="CR-1", wbs_name="A part of it")
            below = "CR-1.1"
        for month, units, added_units in (("2025-02", 30, 10), ("2025-03", 30, 20)):
            job.cost(f"{month}-15", units)
            job.cost(f"{month}-20", added_units, wbs_id=below)
        job.bill("2025-02-28", 9000, line=None)

    # hours, told apart by an alias that a planning tool's time sheet uses
    job = Job(books, "R-alias")
    job.line("labour_hours")
    job.price(1000)
    books.add("wbs_element", project_id="R-alias", wbs_id="X", wbs_name="Extra")
    books.add("project_alias", alias="R-CR-9", project_id="R-alias", wbs_id="X")
    job.price(300, "2025-02-01", kind="change_request", treatment="separate", change_request_id="R-CR-9")
    job.plan("baseline", "2025-01-01", [("2025-01", "labour", 100), ("2025-02", "labour", 20, "X")])
    job.work("R-E1", "2025-01-20", 20)
    job.work("R-E1", "2025-02-20", 20)
    job.work("R-E2", "2025-02-20", 10, project_id="R-CR-9")
