"""Primavera XER: projects, their baselines and expenses, encodings, and what may be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import RefusedFile
from tests.unit.formats.schedules_read import read_bytes
from tests.unit.formats.seeds.schedules import CALENDAR_DATA, xer, xer_files, xer_tables

FORECAST = "P6-F-2026-03-31"


@pytest.mark.parametrize("name", xer_files())
def test_every_encoding_gives_the_same_rows(name: str, tmp_path: Path) -> None:
    read = read_bytes(xer_files()[name], tmp_path, name="anything.csv")
    assert (read.format, read.source_system) == ("xer", "primavera")
    assert {table: len(rows) for table, rows in read.tables.items()} == {
        "wbs_element": 5,
        "plan_version": 2,
        "plan_line": 5,
        "progress": 3,
        "milestone": 1,
        "schedule_task": 4,
        "schedule_link": 2,
    }
    assert read.one("wbs_element", wbs_id="A10")["wbs_name"] == "Ausschachten für den Kabelweg"
    assert read.faults() == []
    assert "A person" not in str(read.tables)


def test_the_outline_is_the_wbs_and_its_activities(tmp_path: Path) -> None:
    read = read_bytes(xer(), tmp_path)
    assert [(r["wbs_id"], r["parent_wbs_id"], r["earning_rule"]) for r in read.tables["wbs_element"]] == [
        ("CIV", None, "percent_complete"),
        ("A10", "CIV", "fifty_fifty"),
        ("M1", "CIV", "zero_hundred"),
        ("L1", None, "level_of_effort"),
        ("A99", None, "percent_complete"),  # only the baseline knows it
    ]
    assert {row["project_id"] for rows in read.tables.values() for row in rows} == {"ROLL"}


def test_a_data_date_at_midnight_lies_before_that_day(tmp_path: Path) -> None:
    """The first of April at 0:00 is the end of March: the forecast is in force when March is closed."""
    read = read_bytes(xer(), tmp_path)
    assert {row["observed_on"] for row in read.tables["progress"]} == {"2026-03-31"}
    tables = xer_tables()
    tables["PROJECT"][0]["last_recalc_date"] = "2026-04-01 17:00"
    assert {row["observed_on"] for row in read_bytes(xer(tables), tmp_path).tables["progress"]} == {"2026-04-01"}


def test_the_baseline_is_the_project_that_is_named_as_such(tmp_path: Path) -> None:
    read = read_bytes(xer(), tmp_path)
    assert read.cells("P6-BL00") == {
        ("A10", "2026-03", "labour"): ("150", "15000"),
        ("A99", "2026-04", "labour"): ("10", "0"),
    }
    assert read.one("plan_version", plan_version_id="P6-BL00")["approved_on"] == "2026-03-16"
    task = read.one("schedule_task", task_id="A10")
    assert (task["baseline_finish_date"], task["baseline_duration_hours"], task["baseline_cost_amount"]) == (
        "2026-03-27",
        "80",
        "15000",
    )
    assert not any("not in the file" in warning for warning in read.warnings)


def test_without_its_baseline_the_planned_dates_and_budget_count(tmp_path: Path) -> None:
    tables = xer_tables()
    tables["PROJECT"] = tables["PROJECT"][:1]
    tables["TASK"] = [row for row in tables["TASK"] if row["proj_id"] == "10"]
    read = read_bytes(xer(tables), tmp_path)
    # of the 19 working days from 16 March to 10 April (Good Friday is off) 12 are in March
    assert read.total("P6-BL00") == 16000 + 1000 + 500
    assert read.cells("P6-BL00")["A10", "2026-03", "labour"] == ("101.052632", "10105.26")
    assert read.cells("P6-BL00")["A10", "2026-04", "labour"] == ("58.947368", "5894.74")
    assert any("is not in the file; its planned dates and budget count" in warning for warning in read.warnings)


def test_what_remains_by_category_and_when_expenses_accrue(tmp_path: Path) -> None:
    read = read_bytes(xer(), tmp_path)
    assert read.cells(FORECAST) == {
        ("A10", "2026-04", "labour"): ("120", "12000"),
        ("A10", "2026-04", "equipment"): (None, "1000"),
        ("A10", "2026-04", "other"): (None, "600"),
    }
    task = read.one("schedule_task", task_id="A10")
    # regular and overtime: 3,000 + 1,500 spent
    assert [task[c] for c in ("cost_amount", "actual_cost_amount", "remaining_cost_amount")] == [
        "18100",
        "4500",
        "13600",
    ]
    assert (task["work_hours"], task["actual_work_hours"]) == ("160", "40")


def test_dates_float_and_constraints_of_activities(tmp_path: Path) -> None:
    read = read_bytes(xer(), tmp_path)
    task = read.one("schedule_task", task_id="A10")
    expected = {
        "start_date": "2026-03-16", "finish_date": "2026-04-14", "actual_start_date": "2026-03-16",
        "total_float_hours": "16", "constraint_type": "start_no_earlier_than", "percent_complete": "0.25",
        # 12 days worked to the end of March, 72 h to go
        "duration_hours": "168", "hours_per_day": "8", "is_loe": "false",
    }  # fmt: skip
    assert {key: task[key] for key in expected} == expected
    assert read.one("schedule_task", task_id="L1")["is_loe"] == "true"
    milestone = read.tables["milestone"][0]
    assert (milestone["milestone_id"], milestone["forecast_date"], milestone["actual_date"]) == (
        "M1",
        "2026-04-14",
        None,
    )
    links = read.tables["schedule_link"]
    assert [(r["predecessor_id"], r["link_type"], r["lag_hours"], r["is_external"]) for r in links] == [
        ("A10", "FF", "8", "false"),
        ("external 7777", "FS", "0", "true"),
    ]


@pytest.mark.parametrize(
    ("changes", "percent"),
    [
        ({"complete_pct_type": "CP_Phys"}, "0.25"),
        ({"complete_pct_type": "CP_Drtn"}, "0.55"),  # 88 of 160 h done
        ({"complete_pct_type": "CP_Units"}, "0.25"),  # 40 of 160 units
        ({"complete_pct_type": "CP_Drtn", "remain_drtn_hr_cnt": "200"}, "0"),
        ({"status_code": "TK_Complete"}, "1"),
        ({"status_code": "TK_NotStart"}, "0"),
    ],
)
def test_percent_complete_by_the_activitys_own_type(changes: dict[str, str], percent: str, tmp_path: Path) -> None:
    tables = xer_tables()
    tables["TASK"][0] |= changes
    assert read_bytes(xer(tables), tmp_path).one("progress", wbs_id="A10")["percent_complete"] == percent


def test_several_projects_of_one_file_keep_apart(tmp_path: Path) -> None:
    tables = xer_tables()
    tables["PROJECT"].append(
        {"proj_id": "20", "proj_short_name": "CORE", "project_flag": "Y", "last_recalc_date": "2026-03-16 00:00"}
    )
    tables["PROJECT"].append({"proj_id": "30", "proj_short_name": "EPS", "project_flag": "N"})
    tables["PROJECT"].append({"proj_id": "40", "proj_short_name": "EMPTY", "project_flag": "Y"})
    tables["TASK"].append(
        {"task_id": "3000", "proj_id": "20", "task_code": "A10", "task_name": "Other", "status_code": "TK_NotStart",
         "target_start_date": "2026-05-04 08:00", "target_end_date": "2026-05-04 17:00"}
    )  # fmt: skip
    tables["TASKRSRC"].append(
        {"task_id": "3000", "proj_id": "20", "rsrc_type": "RT_Mat", "target_cost": "10", "remain_cost": "10"}
    )
    read = read_bytes(xer(tables), tmp_path)
    assert {row["project_id"] for row in read.tables["wbs_element"]} == {"ROLL", "CORE"}
    (line,) = [r for r in read.tables["plan_line"] if r["project_id"] == "CORE" and r["plan_version_id"] == "P6-BL00"]
    assert (line["category"], line["month"], line["amount"]) == ("material", "2026-05", "10")
    assert any(
        "1 projects have no activities in the file and were left out: EMPTY" in warning for warning in read.warnings
    )


def test_a_file_without_its_project_or_activities_is_refused(tmp_path: Path) -> None:
    for missing in ("PROJECT", "TASK"):
        tables = xer_tables()
        del tables[missing]
        with pytest.raises(RefusedFile, match=r"no project with activities.*export the project with its activities"):
            read_bytes(xer(tables), tmp_path)
    tables = xer_tables()
    del tables["PROJECT"][0]
    with pytest.raises(RefusedFile, match="only baselines"):
        read_bytes(xer(tables), tmp_path)


def test_partial_exports_give_what_they_have(tmp_path: Path) -> None:
    """Without resources, calendars, WBS and links, and with columns missing."""
    tables = {"PROJECT": xer_tables()["PROJECT"][:1], "TASK": xer_tables()["TASK"][:1]}
    for column in ("total_float_hr_cnt", "cstr_type", "complete_pct_type"):
        del tables["TASK"][0][column]
    read = read_bytes(xer(tables), tmp_path)
    assert len(read.tables["schedule_task"]) == 1
    assert read.tables["plan_line"] == []


def test_the_currency_may_be_called_by_a_name_of_primaveras_own(tmp_path: Path) -> None:
    tables = xer_tables()
    tables["CURRTYPE"][0] |= {"curr_short_name": "U.K.", "curr_symbol": "£"}
    read = read_bytes(xer(tables, currency="U.K."), tmp_path)
    assert {row["currency_code"] for row in read.tables["plan_line"]} == {"GBP"}
    tables["CURRTYPE"][0] |= {"curr_short_name": "CUR", "curr_symbol": "$"}
    with pytest.raises(RefusedFile, match=r"'CUR and \$'.*USD, CAD, AUD"):
        read_bytes(xer(tables, currency="CUR"), tmp_path)
    read = read_bytes(xer(tables, currency="CUR"), tmp_path, options={"currency": "AUD"})
    assert {row["currency_code"] for row in read.tables["plan_line"]} == {"AUD"}


def test_decimal_commas_are_told_by_the_values_before_the_currencys_own_sign(tmp_path: Path) -> None:
    tables = xer_tables()
    for name in ("TASKRSRC", "PROJCOST"):
        for row in tables[name]:
            row |= {key: value.replace(".", ",") for key, value in row.items() if key.endswith("_cost")}
    assert read_bytes(xer(tables), tmp_path).total(FORECAST) == 13600
    # CURRTYPE says comma, the amounts have four decimals after a point: as in most files
    assert read_bytes(xer(), tmp_path).total(FORECAST) == 13600


def test_the_code_page_is_told_by_the_signs_of_currencies(tmp_path: Path) -> None:
    tables = xer_tables()
    tables["TASK"][0]["task_name"] = "Прокладка кабеля"
    read = read_bytes(xer(tables, encoding="cp1251"), tmp_path)
    assert read.one("wbs_element", wbs_id="A10")["wbs_name"] == "Прокладка кабеля"
    assert not any("encoded" in warning for warning in read.warnings)
    del tables["CURRTYPE"]
    tables["TASK"][0]["task_name"] = "تمديد الكابلات"
    guessed = read_bytes(xer(tables, encoding="cp1256", currency="EUR"), tmp_path)
    assert any('encoding = "cp1252"' in warning for warning in guessed.warnings)
    told = read_bytes(xer(tables, encoding="cp1256", currency="EUR"), tmp_path, options={"encoding": "cp1256"})
    assert told.one("wbs_element", wbs_id="A10")["wbs_name"] == "تمديد الكابلات"
    with pytest.raises(RefusedFile, match="setting encoding"):
        read_bytes(xer(), tmp_path, options={"encoding": "klingon"})


def test_rows_that_cannot_be_right_are_rejected_or_named(tmp_path: Path) -> None:
    tables = xer_tables()
    tables["TASK"][0] |= {"target_drtn_hr_cnt": "12O"}
    tables["TASK"].append({**xer_tables()["TASK"][1], "task_id": "1009"})  # M1 again
    tables["TASKPRED"].append({"task_id": "1002", "pred_task_id": "1002", "proj_id": "10", "pred_type": "PR_FS"})
    read = read_bytes(xer(tables), tmp_path)
    assert [reason for table, reason in read.faults() if table == "schedule_task"] == [
        "target_drtn_hr_cnt '12O' is no number",
        "another activity has the same code M1",
    ]
    assert {reason for table, reason in read.faults() if table == "plan_line"} == {
        "task A10: target_drtn_hr_cnt '12O' is no number (15000 EUR not planned)",
        "task A10: target_drtn_hr_cnt '12O' is no number (13600 EUR not planned)",
    }
    assert any("1 links lead to an activity itself" in warning for warning in read.warnings)


def test_a_circle_in_the_wbs_is_refused_and_one_in_the_logic_named(tmp_path: Path) -> None:
    tables = xer_tables()
    tables["TASKPRED"].append({"task_id": "1000", "pred_task_id": "1001", "proj_id": "10", "pred_type": "PR_FS"})
    read = read_bytes(xer(tables), tmp_path)
    assert any("the links of 2 activities run in a circle (A10, M1)" in warning for warning in read.warnings)
    tables["PROJWBS"][1]["parent_wbs_id"] = "101"
    with pytest.raises(RefusedFile, match="above each other in a circle"):
        read_bytes(xer(tables), tmp_path)


def test_a_file_that_was_cut_off_says_so(tmp_path: Path) -> None:
    read = read_bytes(xer().replace(b"%E\r\n", b""), tmp_path)
    assert any("may have been cut off" in warning for warning in read.warnings)
    # a record that a line break within a text cuts in two is one record; NUL bytes are no characters
    broken = xer().replace(b"Handed over", b"Handed\r\nover\0")
    assert read_bytes(broken, tmp_path).one("milestone")["milestone_name"] == "Handed\nover"


def test_calendars_take_over_from_their_base_and_survive_nonsense() -> None:
    from pipelines.formats.schedules.xer_tables import calendar_of

    week, exceptions = calendar_of(CALENDAR_DATA.replace("(0||", "( 0||").replace(")(", ") \x7f\x7f("))
    assert week[0] == ((480, 720), (780, 1020))
    assert week[6] == ()
    assert [day.isoformat() for day in exceptions] == ["2026-04-03"]
    for nonsense in ("", "(0||", "(0||" * 100_000, CALENDAR_DATA[:200], "(((()))))", "(0||A()(" * 1000):
        calendar_of(nonsense)
