"""Schedules into the warehouse: a later file of the same project is all there is of its outline and plan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipelines.landing import land_inbox
from tests.unit.formats.seeds.schedules import plan, xer, xer_tables


def loaded(home: Any, table: str) -> int:
    return home.rows(f"select count(*) from raw.{table}")[0][0]


def test_a_schedule_goes_into_all_of_its_tables_and_conserves_its_amounts(home: Any) -> None:
    home.drop("kpi/plan.dat", plan())
    (file,) = land_inbox(home.settings).files
    assert (file.status, file.format) == ("loaded", "mspdi")
    assert {t.table: (t.rows_loaded, t.rows_rejected) for t in file.tables} == {
        "wbs_element": (4, 0),
        "plan_version": (2, 0),
        "plan_line": (7, 0),
        "progress": (3, 0),
        "milestone": (1, 0),
        "schedule_task": (5, 0),
        "schedule_link": (2, 0),
    }
    assert {t.table: t.amount_loaded for t in file.tables if t.amount_loaded} == {
        "plan_line": Decimal(950 + 950),
        "schedule_task": Decimal(1300),
    }
    assert home.rows("select measure, unit, stated, found from ledger.control_totals") == [
        ("Cost of the project", "EUR", 1300, 1300),
        ("Work of the project", "hours", 80, 80),
    ]
    assert {load["source_system"] for load in home.loads()} == {"msproject"}


def test_a_later_schedule_withdraws_what_it_does_not_hold_any_more(home: Any) -> None:
    home.drop("erp/march.xml", plan())
    home.drop("erp/other.xml", plan(header={"Title": "Another"}))
    land_inbox(home.settings)
    shorter = plan(header={"StatusDate": "2026-04-30T17:00:00"}).decode()
    start = shorter.index("<Task><UID>3<")
    later = shorter[:start] + shorter[shorter.index("<Task><UID>4<") :]
    home.drop("erp/april.xml", later)
    (file,) = land_inbox(home.settings).files
    by_table = {t.table: t for t in file.tables}
    assert by_table["wbs_element"].rows_withdrawn == 1
    mine = "project_id = 'Rollout North'"
    assert home.rows(f"select wbs_id from raw.wbs_element where {mine} order by 1") == [("1",), ("1.1",), ("1.3",)]
    # what was said of March stays, of progress as of tasks and of the forecast
    assert home.rows(f"select count(*) from raw.progress where {mine} group by observed_on order by observed_on") == [
        (3,),
        (2,),
    ]
    versions = home.rows(f"select distinct plan_version_id from raw.plan_line where {mine} order by 1")
    assert versions == [("MSP-BL00",), ("MSP-F-2026-03-31",), ("MSP-F-2026-04-30",)]
    # another project's rows are none of this one's
    assert home.rows("select count(*) from raw.wbs_element where project_id = 'Another'") == [(4,)]


def test_a_new_baseline_takes_the_place_of_the_old_one_whole(home: Any) -> None:
    home.drop("erp/old.xer", xer())
    land_inbox(home.settings)
    tables = xer_tables()
    for row in (*tables["TASK"], *tables["TASKRSRC"]):
        if row["proj_id"] == "11":
            row |= {"target_start_date": "2026-05-04 08:00", "target_end_date": "2026-05-08 17:00"}
    home.drop("erp/new.xer", xer(tables))
    land_inbox(home.settings)
    months = home.rows(
        "select distinct strftime(month, '%Y-%m'), sum(amount) over () from raw.plan_line "
        "where plan_version_id = 'P6-BL00'"
    )
    assert months == [("2026-05", 15000)]


def test_elements_of_a_canonical_file_stay_as_they_are(home: Any) -> None:
    home.drop("erp/wbs_element.csv", "project_id,wbs_id,wbs_name\nRollout North,1.1,Trenches as posted on\n")
    home.drop("erp/plan.xml", plan())
    *_, file = land_inbox(home.settings).files
    (table,) = [t for t in file.tables if t.table == "wbs_element"]
    assert (table.rows_loaded, table.rows_unchanged) == (3, 1)
    assert home.rows("select wbs_name from raw.wbs_element where wbs_id = '1.1'") == [("Trenches as posted on",)]


def test_an_unreadable_task_is_rejected_and_the_rest_is_loaded(home: Any) -> None:
    broken = plan().replace(b"<FixedCost>15000<", b"<FixedCost>many<")
    home.drop("erp/plan.xml", broken)
    (file,) = land_inbox(home.settings).files
    by_table = {t.table: t for t in file.tables}
    assert (by_table["plan_line"].rows_loaded, by_table["plan_line"].rows_rejected) == (2, 2)
    assert (by_table["schedule_task"].rows_loaded, by_table["schedule_task"].rows_rejected) == (4, 1)
    reasons = {
        row[0] for row in home.rows("select reason from ledger.rejected_rows where table_name = 'schedule_task'")
    }
    assert reasons == {"FixedCost 'many' is no amount"}
