"""What MPXJ reads from schedules, as JSON: the second opinion of the tests. Run as a process of its own.

    python mpxj_oracle.py FILE… > {file: [{project, tasks: [{uid, cost, work, …}]}]}

Amounts and hours as MPXJ's doubles print them; nothing of Outturn is imported.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def _number(value: Any) -> str | None:
    return None if value is None else str(value)


def _hours(duration: Any, properties: Any) -> str | None:
    from org.mpxj import TimeUnit  # type: ignore[import-not-found]

    return None if duration is None else str(duration.convertUnits(TimeUnit.HOURS, properties).getDuration())


def _date(value: Any) -> str | None:
    return None if value is None else str(value)[:10]


def _task(task: Any, properties: Any) -> dict[str, Any]:
    return {
        "uid": str(task.getUniqueID()),
        "code": _number(task.getActivityID()),
        "summary": bool(task.getSummary()),
        "milestone": bool(task.getMilestone()),
        "cost": _number(task.getCost()),
        "actual_cost": _number(task.getActualCost()),
        "remaining_cost": _number(task.getRemainingCost()),
        "work": _hours(task.getWork(), properties),
        "actual_work": _hours(task.getActualWork(), properties),
        "duration": _hours(task.getDuration(), properties),
        "percent": _number(task.getPercentageComplete()),
        "start": _date(task.getStart()),
        "finish": _date(task.getFinish()),
        "actual_start": _date(task.getActualStart()),
        "actual_finish": _date(task.getActualFinish()),
        "predecessors": sorted(
            f"{link.getPredecessorTask().getUniqueID()} {link.getType()}" for link in task.getPredecessors()
        ),
        "baselines": {
            n: {
                "cost": _number(task.getBaselineCost(n) if n else task.getBaselineCost()),
                "work": _hours(task.getBaselineWork(n) if n else task.getBaselineWork(), properties),
                "start": _date(task.getBaselineStart(n) if n else task.getBaselineStart()),
                "finish": _date(task.getBaselineFinish(n) if n else task.getBaselineFinish()),
            }
            for n in range(11)
        },
    }


def main(paths: list[str]) -> None:
    import jpype
    import mpxj  # noqa: F401  adds its libraries to the class path

    jpype.startJVM("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
    import jpype.imports
    from org.mpxj.reader import UniversalProjectReader  # type: ignore[import-not-found]

    found = {}
    for path in paths:
        found[path] = [
            {
                "id": _number(project.getProjectProperties().getProjectID()),
                "tasks": [_task(task, project.getProjectProperties()) for task in project.getTasks()],
            }
            for project in UniversalProjectReader().readAll(path)
        ]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
