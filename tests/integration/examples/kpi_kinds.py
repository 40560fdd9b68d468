"""Loyalty, yields, control charts and statuses: as files, and read from the marts of KPIs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.integration.books import Books, Job, month_end
from tests.integration.examples.kinds import Figures, Inputs, Marts, Stage, kind, month

JAN = "2025-01"
COLOURS = {"green": "Green", "amber": "Yellow", "red": "Red", "not_rated": "Not rated"}
RANK = ("not_rated", "green", "amber", "red")


def observe(books: Books, project: str, code: str, number: int, value: object, **more: Any) -> None:
    """A value on the last day of the month of that number."""
    books.add(
        "kpi_observation", project_id=project, kpi_code=code, observed_on=month_end(month(number)), value=value, **more
    )


def values(marts: Marts, project: str, code: str, columns: str) -> list[Any]:
    """The columns month by month."""
    rows = marts.rows(
        f"select {columns} from kpi.kpi_values_by_project_month where project_id = ? and kpi_code = ? order by month",
        project,
        code,
    )
    return [row[0] if len(row) == 1 else row for row in rows]


@kind("promoter_pct detractor_pct")
class Shares:
    """A thousand answers, most of them in between."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        customer = f"C-{name}"
        stage.books.add("customer", customer_id=customer, customer_name=customer)
        Job(stage.books, name, customer=customer)
        promoters, detractors = (int(Decimal(inputs[key]) * 1000) for key in ("promoter_pct", "detractor_pct"))
        for number in range(1000):
            score = 9 + number % 2 if number < promoters else number % 7 if number < promoters + detractors else 7
            stage.books.add(
                "survey_response", response_id=f"{name}-{number}", project_id=name, customer_id=customer,
                responded_on=f"{JAN}-15", kind="nps", score=score,
            )  # fmt: skip

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        (own,) = values(marts, name, "nps", "value")
        (of_customer,) = marts.rows(
            "select value from kpi.kpi_values_by_group_month "
            "where group_type = 'customer' and group_id = ? and kpi_code = 'nps'",
            f"C-{name}",
        )
        assert of_customer == (own,)
        return {"nps": own}


@kind("units defective")
class Yields:
    """Each step tests every unit once."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        Job(stage.books, name)
        for step, failed in enumerate(inputs["defective"]):
            Job(stage.books, f"{name}/{step}")
            for unit in range(inputs["units"]):
                for project in (name, f"{name}/{step}"):
                    stage.books.add(
                        "acceptance_test", project_id=project, test_id=f"step{step}-{unit:04d}",
                        tested_on=f"{JAN}-20", attempt=1, is_passed=unit >= failed,
                    )  # fmt: skip

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        steps = [
            values(marts, f"{name}/{step}", "first_time_right", "value")[0] for step in range(len(inputs["defective"]))
        ]
        return {"step": steps, "rty": values(marts, name, "rolled_yield_pct", "value")[0]}


@kind("x")
class ControlChart:
    """One value a month under a code that no dictionary knows, so that no natural bound cuts a limit off."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        Job(stage.books, name)
        for number, value in enumerate(inputs["x"]):
            observe(stage.books, name, "gauge", number, value)

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        columns = "centre_line, mean_moving_range, upper_control_limit, lower_control_limit, upper_moving_range_limit"
        chart = values(marts, name, "gauge", columns)
        assert all(row == (None,) * 5 for row in chart[:7])
        assert None not in chart[7]
        # as known then: the eighth month does not know the ninth
        assert chart[7][0] == round(sum(map(Decimal, inputs["x"][:8])) / 8, 10)
        keys = ("mean", "mr_bar", "ucl", "lcl", "mr_ucl")
        return dict(zip(keys, chart[-1], strict=True)) | {"mr_lcl": 0}


@kind("series8 series9 center")
class Runs:
    """Each series after its own mirror image, so that the centre is the mean of all."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        for key in ("series8", "series9"):
            Job(stage.books, f"{name}/{key}")
            mirrored = [2 * inputs["center"] - value for value in inputs[key]]
            for number, value in enumerate(mirrored + inputs[key]):
                observe(stage.books, f"{name}/{key}", "gauge", number, value)

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        columns = "centre_line, is_western_electric_4, is_nelson_2, signal"
        eight, nine = (values(marts, f"{name}/{key}", "gauge", columns)[-1] for key in ("series8", "series9"))
        assert eight[0] == nine[0] == inputs["center"]
        # the jump from the image to the series lies beyond the limits too
        assert [name for name in eight[3].split() if "limit" not in name] == ["western_electric_4"]
        assert [name for name in nine[3].split() if "limit" not in name] == ["western_electric_4", "nelson_2"]
        return {"we4_on_8": eight[1], "nelson2_on_8": eight[2], "nelson2_on_9": nine[2]}


@kind("pairs")
class Bands:
    """Each pair is a project: planned, earned and spent are such that the indices are those of the pair, exactly."""

    SIZE = 1_000_000

    @classmethod
    def tell(cls, stage: Stage, name: str, inputs: Inputs) -> None:
        for number, (cpi, spi) in enumerate(inputs["pairs"]):
            job = Job(stage.books, f"{name}/{number}")
            planned, spent, earned = cpi * cls.SIZE, spi * cls.SIZE, Decimal(cpi) * Decimal(spi) * cls.SIZE
            job.plan("baseline", "2025-01-01", [(JAN, "other", planned), ("2025-02", "other", 10 * cls.SIZE - planned)])
            job.cost(f"{JAN}-31", spent)
            stage.books.add(
                "progress", project_id=job.name, observed_on=f"{JAN}-31", percent_complete=earned / (10 * cls.SIZE)
            )

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        health = []
        for number, pair in enumerate(inputs["pairs"]):
            project, statuses = f"{name}/{number}", []
            for code, index in zip(("cpi", "spi"), pair, strict=True):
                value, status, reason = values(marts, project, code, "value, status, status_reason")[0]
                assert value == index, (project, code)
                assert f" is {status}: " in reason
                assert "green from 0.95 to 1.05; red below 0.9 or above 1.1" in reason
                statuses.append(status)
            ((cost, schedule, overall),) = marts.rows(
                "select cost_status, schedule_status, overall_status from kpi.scorecard_by_project_month "
                "where project_id = ? and month = date '2025-01-01'",
                project,
            )
            assert [cost, schedule] == statuses
            assert overall == max(statuses, key=RANK.index)
            health.append(COLOURS[overall])
        return {"health": health}
