"""Kinds of examples of schedules: networks of tasks, told as a schedule at a status date."""

from __future__ import annotations

from tests.integration.books import Job
from tests.integration.examples.kinds import Figures, Inputs, Marts, Stage, kind

STATUS = "2025-01-05"  # a Sunday: work begins on the day after
HOURS = 8


@kind("activities")
class Network:
    """`activities`: task, the tasks that it follows, its days."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        Job(stage.books, name)
        key = {"project_id": name, "status_date": STATUS}
        for task, before, days in inputs["activities"]:
            stage.books.add(
                "schedule_task", **key, task_id=task, task_name=task, duration_hours=days * HOURS, has_resource="true"
            )
            for one in before:
                stage.books.add("schedule_link", **key, predecessor_id=one, successor_id=task)

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        rows = marts.rows(
            "select task_id, total_float_days, early_finish_days, is_critical from forecast.schedule_tasks_by_project "
            "where project_id = ? order by task_id",
            name,
        )
        return {
            "duration": max(finish for _, _, finish, _ in rows),
            "critical": [task for task, _, _, is_critical in rows if is_critical],
            "slack": {task: slack for task, slack, _, _ in rows},
            "ef": {task: finish for task, _, finish, _ in rows},
        }
