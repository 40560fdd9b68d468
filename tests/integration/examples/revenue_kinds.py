"""Revenue, losses, contract balances and backlog: each kind of example as files, and its figures in the marts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tests.integration.books import Job, month_end
from tests.integration.examples.kinds import Figures, Inputs, Marts, Stage, kind, month

START = "2025-01-01"


@kind("price bonus bonus_included_initially eac cost_to_date mod_price mod_cost bonus_included_after")
class Modification:
    """One obligation, modified in the second month."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = Job(stage.books, name)
        job.line("cost_to_cost")
        job.price(inputs["price"])
        if inputs["bonus_included_initially"]:
            job.price(inputs["bonus"], kind="variable_consideration")
        job.plan("baseline", START, [(month(0), "other", inputs["eac"])])
        job.cost("2025-01-31", inputs["cost_to_date"])
        job.price(inputs["mod_price"], "2025-02-15", kind="change_request")
        bonus = inputs["bonus"] * (inputs["bonus_included_after"] - inputs["bonus_included_initially"])
        if bonus:
            job.price(bonus, "2025-02-15", kind="variable_consideration")
        job.plan("baseline", "2025-02-15", [(month(0), "other", inputs["eac"] + inputs["mod_cost"])])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        rows = marts.line(
            f"{name}/1", "progress_pct, revenue_to_date_amount, transaction_price_amount, catch_up_amount"
        )
        before, after = rows[month(0)], rows[month(1)]
        displayed = after[0].quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
        return {
            "progress_before": before[0],
            "revenue_before": before[1],
            "tp_after": after[2],
            "progress_after_displayed": after[0],
            "revenue_after_exact": after[1],
            "catch_up_exact": after[3],
            # what the standard prints: progress rounded for display before it is used
            "catch_up_standard_rounded": displayed * after[2] - before[1],
        }


@kind("price eac_total uninstalled_cost other_cost_to_date")
class UninstalledMaterial:
    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = Job(stage.books, name)
        job.line("cost_to_cost")
        job.price(inputs["price"])
        rest = inputs["eac_total"] - inputs["uninstalled_cost"]
        lines = [(month(0), "uninstalled_material", inputs["uninstalled_cost"]), (month(1), "other", rest)]
        job.plan("baseline", START, lines)
        job.cost("2025-01-20", inputs["uninstalled_cost"], "uninstalled_material")
        job.cost("2025-01-25", inputs["other_cost_to_date"])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        progress, revenue = marts.line(f"{name}/1", "progress_pct, revenue_to_date_amount")[month(0)]
        cost, margin = marts.project(name, "cost_of_sales_amount_base, gross_margin_amount_base")[month(0)]
        return {
            "progress": progress,
            "revenue": revenue,
            "contract_asset_unbilled": marts.contract(name, "contract_asset_amount")[month(0)],
            "cost_of_revenue": cost,
            "gross_profit": margin,
        }


@kind("original_units price delivered added_units added_price")
class AddedAtTheirPrice:
    """A unit is a cost of 1 in its own branch: what is added is an obligation of its own (IFRS 15.20)."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = Job(stage.books, name)
        for number, wbs, units, price, on in (
            (1, "A", inputs["original_units"], inputs["price"], START),
            (2, "B", inputs["added_units"], inputs["added_price"], "2025-02-10"),
        ):
            stage.books.add("wbs_element", project_id=name, wbs_id=wbs, wbs_name=wbs)
            job.line("cost_to_cost", number, wbs_id=wbs)
            job.price(units * price, on, number=number)
        whole = [(month(0), "other", inputs["original_units"], "A"), (month(1), "other", inputs["added_units"], "B")]
        job.plan("baseline", START, whole)
        job.cost("2025-01-31", inputs["delivered"], wbs_id="A")
        job.cost("2025-03-15", inputs["original_units"] - inputs["delivered"], wbs_id="A")
        job.cost("2025-03-15", inputs["added_units"], wbs_id="B")

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        original, added = (marts.line(f"{name}/{number}", "revenue_to_date_amount") for number in (1, 2))
        assert original[month(0)] == original[month(1)] == inputs["delivered"] * inputs["price"]
        return {"original_revenue_total": original[month(2)], "new_contract_revenue": added[month(2)]}


@kind("original_units price delivered added_units added_price credit_per_delivered_unit")
class AddedBelowTheirPrice:
    """A unit is a cost of 1. The change takes effect on the last day of the first month, whose units are before it."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = Job(stage.books, name)
        job.line("cost_to_cost")
        original, delivered = inputs["original_units"], inputs["delivered"]
        job.price(original * inputs["price"])
        job.plan("baseline", START, [(month(0), "other", original)])
        job.cost("2025-01-10", delivered)
        job.bill("2025-01-31", delivered * inputs["price"])
        job.price(inputs["added_units"] * inputs["added_price"], "2025-01-31", kind="change_request",
                  treatment="prospective")  # fmt: skip
        job.price(-delivered * inputs["credit_per_delivered_unit"], "2025-01-31", kind="penalty")
        job.plan("baseline", "2025-01-31", [(month(0), "other", original + inputs["added_units"])])
        rest = original - delivered
        for number, units in enumerate((1, 1, 1, rest - 3, inputs["added_units"]), start=1):
            job.cost(f"{month(number)}-15", units)
        job.bill(f"{month(4)}-20", rest * inputs["price"])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        rows = marts.line(
            f"{name}/1",
            "revenue_to_date_amount, revenue_amount, catch_up_amount, transaction_price_amount, "
            "eac_amount - cost_to_date_amount",
        )
        position = marts.contract(name, "contract_liability_amount, backlog_amount")
        credit, price = -rows[month(0)][2], rows[month(0)][3]
        return {
            "credit": credit,
            "paid_for_added": price - inputs["original_units"] * inputs["price"],
            "pool": position[month(0)][1],
            "units_remaining": rows[month(0)][4],
            "blended_price": rows[month(1)][1],
            "revenue_cum_at_mod": rows[month(0)][0],
            "revenue_cum_after_1": rows[month(1)][0],
            "revenue_cum_after_2": rows[month(2)][0],
            "revenue_cum_after_3": rows[month(3)][0],
            "contract_liability_after_60_more": position[month(4)][0],
            "revenue_cum_end": rows[month(5)][0],
        }


@kind("price_tier1 price_tier2 q1_units q2_units")
class VolumeDiscount:
    """A unit is a cost of 1; all units cost the lower price once that is expected."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        units = inputs["q1_units"] + inputs["q2_units"]
        job = Job(stage.books, name)
        job.line("cost_to_cost")
        job.price(units * inputs["price_tier1"])
        job.plan("baseline", START, [(month(0), "other", units)])
        job.cost("2025-03-31", inputs["q1_units"])
        job.price(units * (inputs["price_tier2"] - inputs["price_tier1"]), "2025-06-30", kind="variable_consideration")
        job.cost("2025-06-30", inputs["q2_units"])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        rows = marts.line(f"{name}/1", "revenue_amount, revenue_to_date_amount")
        return {"q1_revenue": rows[month(2)][0], "q2_revenue": rows[month(5)][0], "cum": rows[month(5)][1]}


@kind("ex39_products")
class TwoDeliveries:
    """The right to be paid arises with the second delivery, and is invoiced then."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = Job(stage.books, name)
        for number, amount in enumerate(inputs["ex39_products"], start=1):
            job.line("milestone", number)
            job.price(amount, number=number)
            job.milestone(f"M{number}", amount, str(month_end(month(number - 1))), number=number)
        last = month_end(month(len(inputs["ex39_products"]) - 1))
        job.bill(str(last), sum(inputs["ex39_products"]), line=None)

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        rows = marts.contract(name, "contract_asset_amount, receivable_amount")
        last = rows[month(len(inputs["ex39_products"]) - 1)]
        return {
            "ex39_contract_asset_after_A": rows[month(0)][0],
            "ex39_receivable_after_B": last[1],
            "ex39_contract_asset_after_B": last[0],
        }


@kind("monthly_fee months_next_year months_year_after")
class RemainingFee:
    """Six months are done when the year ends."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = Job(stage.books, name, start="2024-07-01")
        ahead = int(inputs["months_next_year"] + inputs["months_year_after"])
        job.line("straight_line", start_date="2024-07-01", end_date=month_end(month(ahead - 1)))
        job.price(inputs["monthly_fee"] * (6 + ahead), "2024-07-01")

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        left = marts.contract(name, "backlog_amount")
        assert marts.backlog(name, "closing_amount")["2024-12"] == left["2024-12"]
        return {
            "total": left["2024-12"],
            "next_year": left["2024-12"] - left["2025-12"],
            "year_after": left["2025-12"] - left["2026-12"],
        }


@kind("allocated months months_done added_months added_price")
class Extension:
    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        months, done, added = (int(inputs[key]) for key in ("months", "months_done", "added_months"))
        job = Job(stage.books, name)
        job.line("straight_line", start_date=START, end_date=month_end(month(months - 1)))
        job.price(inputs["allocated"])
        job.price(inputs["added_price"], f"{month(done)}-01", kind="change_request", treatment="prospective",
                  line_end_date=month_end(month(months + added - 1)))  # fmt: skip

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        rows = marts.line(f"{name}/1", "revenue_amount, revenue_to_date_amount, transaction_price_amount")
        done = int(inputs["months_done"])
        return {
            "old_monthly": rows[month(done - 1)][0],
            "recognised": rows[month(done - 1)][1],
            "pool": rows[month(done)][2] - rows[month(done - 1)][1],
            "new_monthly": rows[month(done)][0],
        }


@kind("price cost_cum eac", "billed_cum")
class CostToCost:
    """A period is a month; the estimate at completion is told as the forecast of its last day."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = Job(stage.books, name)
        job.line("cost_to_cost")
        job.price(inputs["price"])
        months = [month(number) for number in range(len(inputs["eac"]))]
        job.periods(months, inputs["cost_cum"], inputs["eac"])
        before = 0
        for at, billed in zip(months, inputs.get("billed_cum", []), strict=False):
            if billed != before:
                job.bill(f"{at}-20", billed - before)
            before = billed

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        lines = marts.line(f"{name}/1", "progress_pct, revenue_amount, revenue_to_date_amount, loss_provision_amount")
        margins = marts.project(
            name,
            "revenue_amount_base, cost_of_sales_amount_base - loss_provision_change_amount_base, "
            "gross_margin_amount_base, gross_margin_pct, loss_provision_change_amount_base",
        )
        positions = marts.contract(name, "contract_asset_amount - contract_liability_amount")
        months = [month(number) for number in range(len(inputs["eac"]))]
        assert [margins[at][0] for at in months] == [lines[at][1] for at in months]
        return {
            "progress": [lines[at][0] for at in months],
            "revenue_period": [lines[at][1] for at in months],
            "revenue_cum": [lines[at][2] for at in months],
            "loss_provision": [lines[at][3] for at in months],
            "cost_period": [margins[at][1] for at in months],
            "margin_period": [margins[at][2] for at in months],
            "margin_pct_period": [margins[at][3] for at in months],
            "loss_expense_period": [margins[at][4] for at in months],
            "net_contract_position": [positions[at] for at in months],
        }


@kind("bac ev_m3 ac_m3 ev_m5 ac_m5")
class EarnedValueLink:
    """Until the fifth month the budget is the estimate; then it is the budget over the cost performance."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = Job(stage.books, name)
        job.line("cost_to_cost")
        job.price(inputs["bac"] * 2)
        job.plan("baseline", START, [(month(0), "other", inputs["bac"])])
        spent = 0
        for number in (3, 5):
            on, cost, earned = month_end(month(number - 1)), inputs[f"ac_m{number}"], inputs[f"ev_m{number}"]
            job.cost(on, cost - spent)
            spent = cost
            stage.books.add(
                "progress", project_id=name, observed_on=on, percent_complete=round(Decimal(earned) / inputs["bac"], 6)
            )
        estimate = round(Decimal(inputs["bac"]) * inputs["ac_m5"] / inputs["ev_m5"], 2)
        job.plan("forecast", month_end(month(4)), [(month(5), "other", estimate - inputs["ac_m5"])])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        progress = marts.line(f"{name}/1", "progress_pct")
        earned = dict(
            marts.rows(
                "select strftime(observed_date, '%Y-%m'), progress_pct from core.fct_progress where project_id = ?",
                name,
            )
        )
        return {
            "c2c_m3": progress[month(2)],
            "ev_pct_m3": earned[month(2)],
            "c2c_m5": progress[month(4)],
            "ev_pct_m5": earned[month(4)],
        }


@kind("cash rate years")
class AdvanceWithInterest:
    """The interest that accrues on an advance (IFRS 15.60-65) raises the price each year; it is a document that
    no money follows, so it is settled on its day. The delivery is at the end."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = Job(stage.books, name)
        job.line("milestone")
        job.price(inputs["cash"])
        job.pay(job.bill(START, inputs["cash"]), START, inputs["cash"])
        owed = inputs["cash"]
        for year in range(1, int(inputs["years"]) + 1):
            interest = round(owed * inputs["rate"], 2)
            on = str(month_end(month(12 * year - 1)))
            job.price(interest, on, kind="variable_consideration")
            job.pay(job.bill(on, interest), on, interest)
            owed += interest
        job.milestone("Delivery", owed, str(month_end(month(12 * int(inputs["years"]) - 1))))

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        changes = marts.backlog(name, "changes_amount")
        years = [month(12 * year - 1) for year in range(1, int(inputs["years"]) + 1)]
        revenue = marts.line(f"{name}/1", "revenue_to_date_amount")
        owed = marts.contract(name, "contract_liability_amount, contract_asset_amount, receivable_amount")
        assert owed[years[0]] == (inputs["cash"] + changes[years[0]], 0, 0)
        assert owed[years[-1]] == (0, 0, 0)
        return {
            "interest": [changes[at] for at in years],
            "interest_total": sum(changes.values()),
            "revenue": revenue[years[-1]],
        }


@kind("costs earnings billings under_billed over_billed")
class UnderAndOverBilled:
    """Two contracts: half of the revenue each, one billed less than it earned, the other more."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        revenue = inputs["costs"] + inputs["earnings"]
        half, cost = revenue // 2, inputs["costs"] // 2
        under = (half, cost, half - inputs["under_billed"])
        over = (revenue - half, inputs["costs"] - cost, revenue - half + inputs["over_billed"])
        assert under[2] + over[2] == inputs["billings"]
        for side, (earned, spent, billed) in (("under", under), ("over", over)):
            job = Job(stage.books, f"{name}-{side}")
            job.line("cost_to_cost")
            job.price(earned)
            job.plan("baseline", START, [(month(0), "other", spent)])
            job.cost("2025-01-15", spent)
            job.bill("2025-01-31", billed)

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        columns = "revenue_to_date, billed_to_date, contract_asset_amount, contract_liability_amount"
        sides = [marts.contract(f"{name}-{side}", columns)[month(0)] for side in ("under", "over")]
        revenue, billed, assets, liabilities = (sum(column) for column in zip(*sides, strict=True))
        assert (assets, liabilities) == (inputs["under_billed"], inputs["over_billed"])
        assert billed == inputs["billings"]
        return {"revenue_to_date": revenue, "net": assets - liabilities}


@kind("bookings billings")
class BookToBill:
    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = Job(stage.books, name)
        job.line("milestone")
        job.price(inputs["bookings"])
        job.bill("2025-01-20", inputs["billings"])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        return {"ratio": marts.backlog(name, "book_to_bill_ratio")[month(0)]}


@kind("layers revenue_per_month months")
class AdvancesInLayers:
    """Each advance is invoiced in the month in which those before it are used up, at its day's rate."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        months, currency = int(inputs["months"]), stage.currency(name)
        job = Job(stage.books, name, currency=currency)
        job.line("straight_line", start_date=START, end_date=month_end(month(months - 1)))
        job.price(inputs["revenue_per_month"] * months)
        rate = {"from_currency": currency, "to_currency": "EUR"}
        used = 0
        for amount, worth in inputs["layers"]:
            on = f"{month(int(used // inputs['revenue_per_month']))}-01"
            stage.books.add("exchange_rate", **rate, rate_date=on, rate_type="daily", rate=worth)
            job.bill(on, amount)
            used += amount
        for number in range(months):  # rates that must play no part
            for kind_of_rate in ("average", "closing"):
                stage.books.add(
                    "exchange_rate", **rate, rate_date=month_end(month(number)), rate_type=kind_of_rate, rate="1.3"
                )

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        months = int(inputs["months"])
        lines = marts.line(f"{name}/1", "revenue_amount_base, revenue_to_date_amount_base")
        owed = marts.contract(name, "contract_liability_amount_base, fx_difference_to_date_amount_base")
        figures: Figures = {
            f"revenue_functional_month{number}": lines[month(number - 1)][0] for number in range(1, months + 1)
        }
        names = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
        figures["liability_functional"] = {label: owed[month(number)][0] for number, label in enumerate(names[:months])}
        figures["revenue_functional_year"] = lines[month(months - 1)][1]
        figures["fx_gain"] = sum(abs(owed[month(number)][1]) for number in range(months))
        return figures
