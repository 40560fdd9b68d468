"""Small schedules written by hand, one for each way in which the format goes: name -> bytes.

Figures are round, so that a test can state what comes out. `mspdi` holds one plan in three generations.
"""

from __future__ import annotations

from collections.abc import Mapping

_DAYS = "".join(
    f"<WeekDay><DayType>{day}</DayType><DayWorking>1</DayWorking><WorkingTimes>"
    "<WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime>"
    "<WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay>"
    for day in range(2, 7)
)
CALENDAR = (
    "<Calendars><Calendar><UID>1</UID><Name>Standard</Name><BaseCalendarUID>-1</BaseCalendarUID><WeekDays>"
    f"<WeekDay><DayType>1</DayType><DayWorking>0</DayWorking></WeekDay>{_DAYS}"
    "<WeekDay><DayType>7</DayType><DayWorking>0</DayWorking></WeekDay></WeekDays></Calendar></Calendars>"
)
HEADER: Mapping[str, str] = {
    "SaveVersion": "14",
    "Name": "rollout.mpp",
    "Title": "Rollout North",
    "StatusDate": "2026-03-31T17:00:00",
    "CurrencySymbol": "€",
    "CurrencyCode": "EUR",
    "CalendarUID": "1",
    "MinutesPerDay": "480",
    "BaselineForEarnedValue": "0",
}


def element(name: str, parts: Mapping[str, object]) -> str:
    """An element with plain children; a text that starts with `<` stands as it is, under no name."""
    body = "".join(
        str(value) if str(value).startswith("<") else f"<{key}>{value}</{key}>" for key, value in parts.items()
    )
    return f"<{name}>{body}</{name}>"


def task(uid: int | None, name: str, **parts: object) -> str:
    return element("Task", {**({} if uid is None else {"UID": uid}), "Name": name, **parts})


def baseline(number: int = 0, **parts: object) -> str:
    return element("Baseline", {"Number": number, **parts})


def phase(kind: int, start: str, finish: str, value: str | None, unit: int = 2) -> str:
    given = "" if value is None else f"<Value>{value}</Value>"
    return (
        f"<TimephasedData><Type>{kind}</Type><UID>1</UID><Start>{start}</Start><Finish>{finish}</Finish>"
        f"<Unit>{unit}</Unit>{given}</TimephasedData>"
    )


def mspdi(
    tasks: str, *, resources: str = "", assignments: str = "", header: Mapping[str, str | None] | None = None
) -> bytes:
    """An MSPDI document. `header`: values in place of HEADER's; None leaves one out."""
    head = {key: value for key, value in {**HEADER, **(header or {})}.items() if value is not None}
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Project xmlns="http://schemas.microsoft.com/project">'
        + "".join(f"<{key}>{value}</{key}>" for key, value in head.items())
        + f"{CALENDAR}<Tasks>{tasks}</Tasks><Resources>{resources}</Resources>"
        f"<Assignments>{assignments}</Assignments></Project>"
    ).encode()


RESOURCES = (
    element("Resource", {"UID": 1, "Name": "A person whose name is nobody's business", "Type": 1})
    + element("Resource", {"UID": 2, "Name": "Cable", "Type": 0})
    + element("Resource", {"UID": 3, "Name": "Flights", "Type": 1, "IsCostResource": 1, "AccrueAt": 2})
    + element("Resource", {"UID": 4, "Name": "Crane crew", "Type": 1, "Group": "Subcontractors"})
)


def plan(*, header: Mapping[str, str | None] | None = None) -> bytes:
    """A summary with two tasks and a milestone. 1,300.00 in all: 800 labour, 300 material, 50 travel, 150 fixed."""
    tasks = (
        task(0, "Rollout North", OutlineNumber=0, OutlineLevel=0, Summary=1, Cost=130000, Work="PT80H0M0S")
        + task(
            1, "Build", WBS="1", OutlineNumber="1", OutlineLevel=1, Summary=1, Cost=130000, RemainingCost=95000,
            Start="2026-03-16T08:00:00", Finish="2026-04-30T17:00:00", Work="PT80H0M0S",
        )
        + task(
            2, "Dig", WBS="1.1", OutlineNumber="1.1", OutlineLevel=2, Summary=0, Milestone=0,
            Start="2026-03-16T08:00:00", Finish="2026-04-10T17:00:00", Duration="PT160H0M0S", DurationFormat=7,
            Work="PT80H0M0S", ActualWork="PT35H0M0S", RemainingWork="PT45H0M0S", ActualStart="2026-03-16T08:00:00",
            Cost=95000, ActualCost=35000, RemainingCost=60000, FixedCost=15000, FixedCostAccrual=2,
            PercentComplete=40, PhysicalPercentComplete=50, EarnedValueMethod=1, TotalSlack=4800, ConstraintType=4,
            ConstraintDate="2026-03-16T08:00:00",
            b=baseline(
                0, Start="2026-03-02T08:00:00", Finish="2026-04-10T17:00:00", Duration="PT240H0M0S",
                Work="PT80H0M0S", Cost=95000,
            ),
        )
        + task(
            3, "Lay cable", WBS="1.2", OutlineNumber="1.2", OutlineLevel=2, Summary=0,
            Start="2026-04-13T08:00:00", Finish="2026-04-30T17:00:00", Duration="PT112H0M0S", Work="PT0H0M0S",
            Cost=35000, RemainingCost=35000, PercentComplete=0, TotalSlack=-600,
            l=element("PredecessorLink", {"PredecessorUID": 2, "Type": 1, "LinkLag": 4800, "LagFormat": 7}),
        )
        + task(
            4, "Handed over", WBS="1.3", OutlineNumber="1.3", OutlineLevel=2, Summary=0, Milestone=1,
            Start="2026-04-30T17:00:00", Finish="2026-04-30T17:00:00", Duration="PT0H0M0S", Cost=0, PercentComplete=0,
            l=element("PredecessorLink", {"PredecessorUID": 3, "Type": 0, "LinkLag": -4800, "LagFormat": 7}),
            b=baseline(0, Start="2026-04-24T17:00:00", Finish="2026-04-24T17:00:00"),
        )
    )  # fmt: skip
    assignments = (
        element(
            "Assignment",
            {
                "UID": 1, "TaskUID": 2, "ResourceUID": 1, "Start": "2026-03-16T08:00:00",
                "Finish": "2026-04-10T17:00:00", "Work": "PT80H0M0S", "ActualWork": "PT35H0M0S",
                "RemainingWork": "PT45H0M0S", "Cost": 80000, "ActualCost": 35000, "RemainingCost": 45000,
                "b": baseline(0, Work="PT80H0M0S", Cost="80000", Start="2026-03-02T08:00:00",
                              Finish="2026-04-10T17:00:00"),
                "p1": phase(1, "2026-03-30T08:00:00", "2026-03-31T08:00:00", "PT5H0M0S"),
                "p2": phase(1, "2026-04-01T08:00:00", "2026-04-02T08:00:00", "PT40H0M0S"),
                "p3": phase(1, "2026-04-02T08:00:00", "2026-04-03T08:00:00", None),
                "p4": phase(4, "2026-03-02T08:00:00", "2026-03-03T08:00:00", "PT20H0M0S"),
                "p5": phase(4, "2026-04-02T08:00:00", "2026-04-03T08:00:00", "PT60H0M0S"),
            },
        )
        + element(
            "Assignment",
            {"UID": 2, "TaskUID": 3, "ResourceUID": 2, "Start": "2026-04-13T08:00:00",
             "Finish": "2026-04-30T17:00:00", "Work": "PT30H0M0S", "RemainingWork": "PT30H0M0S", "Cost": 30000,
             "RemainingCost": 30000},
        )
        + element(
            "Assignment",
            {"UID": 3, "TaskUID": 3, "ResourceUID": 3, "Start": "2026-04-13T08:00:00",
             "Finish": "2026-04-30T17:00:00", "Cost": 5000, "RemainingCost": 5000},
        )
    )  # fmt: skip
    return mspdi(tasks, resources=RESOURCES, assignments=assignments, header=header)


def mspdi_files() -> dict[str, bytes]:
    """One plan in three generations, and one with what the format leaves out of it."""
    return {
        "2003.xml": plan(header={"SaveVersion": None, "CurrencyCode": None}),
        "2007.xml": plan(header={"SaveVersion": "12"}),
        "2010.xml": plan(),
    }


# -- Primavera ---------------------------------------------------------------------------------------------------

_WEEK = "(0||1()())" + "".join(
    f"(0||{day}()((0||0(s|08:00|f|12:00)())(0||1(s|13:00|f|17:00)())))" for day in range(2, 7)
) + "(0||7()())"  # fmt: skip
# Good Friday 2026-04-03 is day 46115 of the spreadsheet's calendar
CALENDAR_DATA = f"(0||CalendarData()((0||DaysOfWeek()({_WEEK}))(0||Exceptions()((0||0(d|46115)())))))"

_TABLES: dict[str, list[dict[str, str]]] = {
    "CURRTYPE": [
        {"curr_id": "1", "curr_symbol": "€", "decimal_symbol": ",", "curr_short_name": "EUR", "base_exch_rate": "1"}
    ],
    "PROJECT": [
        {
            "proj_id": "10", "proj_short_name": "ROLL", "project_flag": "Y", "sum_base_proj_id": "11",
            "last_recalc_date": "2026-04-01 00:00", "plan_start_date": "2026-03-02 08:00", "clndr_id": "5",
            "name_sep_char": ".",
        },
        {"proj_id": "11", "proj_short_name": "ROLL - B1", "project_flag": "Y", "orig_proj_id": "10", "clndr_id": "5"},
    ],
    "CALENDAR": [{"clndr_id": "5", "day_hr_cnt": "8", "clndr_data": CALENDAR_DATA}],
    "PROJWBS": [
        {"wbs_id": "100", "proj_id": "10", "proj_node_flag": "Y", "wbs_short_name": "ROLL", "wbs_name": "Rollout",
         "parent_wbs_id": "9"},
        {"wbs_id": "101", "proj_id": "10", "proj_node_flag": "N", "wbs_short_name": "CIV", "wbs_name": "Works",
         "parent_wbs_id": "100", "ev_compute_type": "EC_50_50"},
        {"wbs_id": "110", "proj_id": "11", "proj_node_flag": "Y", "wbs_short_name": "ROLL - B1", "wbs_name": "Rollout"},
    ],
    "RSRC": [
        {"rsrc_id": "1", "rsrc_name": "A person", "rsrc_type": "RT_Labor"},
        {"rsrc_id": "2", "rsrc_name": "Crane", "rsrc_type": "RT_Equip"},
    ],
    "TASK": [
        {
            "task_id": "1000", "proj_id": "10", "wbs_id": "101", "clndr_id": "5", "complete_pct_type": "CP_Phys",
            "phys_complete_pct": "25", "task_type": "TT_Task", "status_code": "TK_Active", "task_code": "A10",
            "task_name": "Ausschachten für den Kabelweg", "total_float_hr_cnt": "16", "remain_drtn_hr_cnt": "72",
            "target_drtn_hr_cnt": "160", "act_work_qty": "40", "remain_work_qty": "120", "target_work_qty": "160",
            "act_start_date": "2026-03-16 08:00", "restart_date": "2026-04-01 08:00",
            "reend_date": "2026-04-14 17:00", "target_start_date": "2026-03-16 08:00",
            "target_end_date": "2026-04-10 17:00", "cstr_type": "CS_MSOA", "cstr_date": "2026-03-16 08:00",
        },
        {
            "task_id": "1001", "proj_id": "10", "wbs_id": "101", "clndr_id": "5", "task_type": "TT_FinMile",
            "status_code": "TK_NotStart", "task_code": "M1", "task_name": "Handed over",
            "reend_date": "2026-04-14 17:00", "target_end_date": "2026-04-10 17:00", "remain_drtn_hr_cnt": "0",
            "target_drtn_hr_cnt": "0",
        },
        {
            "task_id": "1002", "proj_id": "10", "wbs_id": "100", "clndr_id": "5", "task_type": "TT_LOE",
            "status_code": "TK_NotStart", "task_code": "L1", "task_name": "Management",
            "restart_date": "2026-04-01 08:00", "reend_date": "2026-04-14 17:00", "remain_drtn_hr_cnt": "72",
        },
        {
            "task_id": "2000", "proj_id": "11", "wbs_id": "110", "clndr_id": "5", "task_type": "TT_Task",
            "status_code": "TK_NotStart", "task_code": "A10", "task_name": "Dig", "target_drtn_hr_cnt": "80",
            "target_start_date": "2026-03-16 08:00", "target_end_date": "2026-03-27 17:00",
        },
        {
            "task_id": "2001", "proj_id": "11", "wbs_id": "110", "clndr_id": "5", "task_type": "TT_Task",
            "status_code": "TK_NotStart", "task_code": "A99", "task_name": "Dropped since",
            "target_start_date": "2026-04-06 08:00", "target_end_date": "2026-04-10 17:00", "target_work_qty": "10",
        },
    ],
    "TASKPRED": [
        {"task_id": "1001", "pred_task_id": "1000", "proj_id": "10", "pred_proj_id": "10", "pred_type": "PR_FF",
         "lag_hr_cnt": "8"},
        {"task_id": "1000", "pred_task_id": "7777", "proj_id": "10", "pred_proj_id": "70", "pred_type": "PR_FS",
         "lag_hr_cnt": "0"},
    ],
    "TASKRSRC": [
        {
            "taskrsrc_id": "1", "task_id": "1000", "proj_id": "10", "rsrc_id": "1", "remain_qty": "120",
            "target_qty": "160", "act_reg_qty": "30", "act_ot_qty": "10", "target_cost": "16000.0000",
            "act_reg_cost": "3000.0000", "act_ot_cost": "1500.0000", "remain_cost": "12000.0000",
            "restart_date": "2026-04-01 08:00", "reend_date": "2026-04-14 17:00",
        },
        {
            "taskrsrc_id": "2", "task_id": "1000", "proj_id": "10", "rsrc_id": "2", "remain_qty": "8",
            "target_qty": "8", "remain_cost": "1000.0000", "target_cost": "1000.0000", "act_reg_cost": "0.0000",
        },
        {
            "taskrsrc_id": "3", "task_id": "2000", "proj_id": "11", "rsrc_id": "1", "target_qty": "150",
            "target_cost": "15000.0000", "target_start_date": "2026-03-16 08:00",
            "target_end_date": "2026-03-27 17:00",
        },
    ],
    "PROJCOST": [
        {"task_id": "1000", "proj_id": "10", "target_cost": "500.0000", "act_cost": "0.0000",
         "remain_cost": "600.0000", "cost_load_type": "CL_End"},
    ],
}  # fmt: skip


def xer(
    tables: Mapping[str, list[dict[str, str]]] | None = None, *, encoding: str = "cp1252", currency: str = "EUR"
) -> bytes:
    """An XER file of the given tables (those above where none are given), each row with all columns of its table."""
    lines = [f"ERMHDR\t20.12\t2026-04-02\tProject\tadmin\tadmin\tdb\tProject Management\t{currency}"]
    for name, rows in (_TABLES if tables is None else tables).items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        lines += [f"%T\t{name}", "\t".join(["%F", *columns])]
        lines += ["\t".join(["%R", *(row.get(column, "") for column in columns)]) for row in rows]
    return ("\r\n".join([*lines, "%E"]) + "\r\n").encode(encoding)


def xer_tables() -> dict[str, list[dict[str, str]]]:
    """A copy of the tables, to change."""
    return {name: [dict(row) for row in rows] for name, rows in _TABLES.items()}


def xer_files() -> dict[str, bytes]:
    """One project with its baseline in three encodings."""
    return {
        "cp1252.xer": xer(),
        "utf8.xer": xer(encoding="utf-8"),
        "utf16.xer": b"\xff\xfe" + xer(encoding="utf-16-le"),
    }
