"""MS Project XML: what comes out, in which month, and what each trap of the format does."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import RefusedFile
from tests.unit.formats.schedules_read import read_bytes
from tests.unit.formats.seeds import schedules as seeds
from tests.unit.formats.seeds.schedules import baseline, element, mspdi, mspdi_files, phase, plan, task

FORECAST = "MSP-F-2026-03-31"


@pytest.mark.parametrize("name", mspdi_files())
def test_every_generation_gives_the_same_rows(name: str, tmp_path: Path) -> None:
    read = read_bytes(mspdi_files()[name], tmp_path, name="anything.txt")
    assert (read.format, read.source_system) == ("mspdi", "msproject")
    assert {table: len(rows) for table, rows in read.tables.items()} == {
        "wbs_element": 4,
        "plan_version": 2,
        "plan_line": 7,
        "progress": 3,
        "milestone": 1,
        "schedule_task": 5,
        "schedule_link": 2,
    }
    assert read.tables == read_bytes(plan(), tmp_path).tables
    assert {row["currency_code"] for row in read.tables["plan_line"]} == {"EUR"}
    assert read.faults() == []


def test_the_outline_is_the_wbs_and_the_project_is_none_of_it(tmp_path: Path) -> None:
    read = read_bytes(plan(), tmp_path)
    assert [
        (r["wbs_id"], r["parent_wbs_id"], r["wbs_name"], r["earning_rule"]) for r in read.tables["wbs_element"]
    ] == [
        ("1", None, "Build", "percent_complete"),
        ("1.1", "1", "Dig", "percent_complete"),
        ("1.2", "1", "Lay cable", "percent_complete"),
        ("1.3", "1", "Handed over", "zero_hundred"),
    ]
    assert {row["project_id"] for rows in read.tables.values() for row in rows} == {"Rollout North"}
    assert read.one("wbs_element", wbs_id="1.1")["source_line"] == "/Project/Tasks/Task[3]"


def test_hundredfold_amounts_fall_into_months_as_the_file_phases_them(tmp_path: Path) -> None:
    read = read_bytes(plan(), tmp_path)
    # time-phased baseline work: 20 h of 80 in March; the fixed cost of 150 accrues at the end
    assert read.cells("MSP-BL00") == {
        ("1.1", "2026-03", "labour"): ("20", "200"),
        ("1.1", "2026-04", "labour"): ("60", "600"),
        ("1.1", "2026-04", "other"): (None, "150"),
    }
    # 5 h still stand on the day before the status date: they are done after it, in April
    assert read.cells(FORECAST) == {
        ("1.1", "2026-04", "labour"): ("45", "450"),
        ("1.1", "2026-04", "other"): (None, "150"),
        ("1.2", "2026-04", "material"): (None, "300"),
        ("1.2", "2026-04", "other"): (None, "50"),
    }
    assert any("5 h, 50 EUR" in warning for warning in read.warnings)
    assert [(c.measure, c.stated, c.found) for c in read.controls] == [
        ("Cost of the project", Decimal(1300), Decimal(1300)),
        ("Work of the project", Decimal(80), Decimal(80)),
    ]


def test_versions_count_from_the_first_planned_day_and_from_the_status_date(tmp_path: Path) -> None:
    versions = read_bytes(plan(), tmp_path).tables["plan_version"]
    assert [(v["plan_version_id"], v["kind"], v["approved_on"], v["source"]) for v in versions] == [
        ("MSP-BL00", "baseline", "2026-03-02", "project manager"),
        (FORECAST, "forecast", "2026-03-31", "project manager"),
    ]


def test_progress_is_what_the_task_earns_by(tmp_path: Path) -> None:
    read = read_bytes(plan(), tmp_path)
    assert [(r["wbs_id"], r["observed_on"], r["percent_complete"]) for r in read.tables["progress"]] == [
        ("1.1", "2026-03-31", "0.5"),  # physical, by its EarnedValueMethod; 40 % by duration
        ("1.2", "2026-03-31", "0"),
        ("1.3", "2026-03-31", "0"),
    ]


def test_milestones_and_tasks(tmp_path: Path) -> None:
    read = read_bytes(plan(), tmp_path)
    (milestone,) = read.tables["milestone"]
    assert (milestone["milestone_id"], milestone["wbs_id"], milestone["baseline_date"], milestone["forecast_date"]) == (
        "4",
        "1.3",
        "2026-04-24",
        "2026-04-30",
    )
    assert (milestone["actual_date"], milestone["reported_on"]) == (None, "2026-03-31")
    dig = read.one("schedule_task", task_id="2")
    expected = {
        "duration_hours": "160", "hours_per_day": "8", "total_float_hours": "8", "percent_complete": "0.4",
        "constraint_type": "start_no_earlier_than", "constraint_date": "2026-03-16", "actual_start_date": "2026-03-16",
        "baseline_start_date": "2026-03-02", "baseline_duration_hours": "240", "work_hours": "80",
        "actual_work_hours": "35", "cost_amount": "950", "actual_cost_amount": "350", "remaining_cost_amount": "600",
        "baseline_cost_amount": "950", "is_summary": "false", "has_resource": "true",
    }  # fmt: skip
    assert {key: dig[key] for key in expected} == expected
    assert read.one("schedule_task", task_id="3")["total_float_hours"] == "-1"
    # what a summary costs beside its children
    assert [read.one("schedule_task", task_id=uid)["cost_amount"] for uid in ("0", "1")] == ["0", "0"]
    assert "nobody" not in str(read.tables), "a resource's name is a person's"


def test_links_with_leads_and_types(tmp_path: Path) -> None:
    links = read_bytes(plan(), tmp_path).tables["schedule_link"]
    assert [(r["predecessor_id"], r["successor_id"], r["link_type"], r["lag_hours"]) for r in links] == [
        ("2", "3", "FS", "8"),
        ("3", "4", "FF", "-8"),
    ]


def test_a_lag_in_percent_is_of_the_predecessors_duration(tmp_path: Path) -> None:
    link = element("PredecessorLink", {"PredecessorUID": 1, "Type": 3, "LinkLag": 25, "LagFormat": 19})
    tasks = task(1, "A", Duration="PT40H0M0S", OutlineLevel=1) + task(2, "B", OutlineLevel=1, l=link)
    (row,) = read_bytes(mspdi(tasks), tmp_path).tables["schedule_link"]
    assert (row["link_type"], row["lag_hours"]) == ("SS", "10")


def test_without_phases_work_is_spread_over_working_time_and_adds_up(tmp_path: Path) -> None:
    """From Thursday the 30th of April to Monday the 4th of May there are three working days, one of them in April."""
    tasks = task(
        1, "A", OutlineLevel=1, Cost=10000, RemainingCost=10000, Work="PT24H0M0S", RemainingWork="PT24H0M0S",
        Start="2026-04-30T08:00:00", Finish="2026-05-04T17:00:00",
    )  # fmt: skip
    read = read_bytes(mspdi(tasks), tmp_path)
    assert read.cells(FORECAST) == {
        ("1", "2026-04", "labour"): ("8", "33.33"),
        ("1", "2026-05", "labour"): ("16", "66.67"),
    }
    assert any("uid" in warning for warning in read.warnings)  # no WBS codes: named by UID


def test_an_elapsed_duration_runs_through_nights_and_weekends(tmp_path: Path) -> None:
    """Friday 24 April to Sunday 3 May: 7 of 9 elapsed days are in April, of the working days 5 of 5."""
    spread = {"Start": "2026-04-24T00:00:00", "Finish": "2026-05-03T00:00:00", "Cost": 90000, "RemainingCost": 90000}
    read = read_bytes(mspdi(task(1, "A", OutlineLevel=1, DurationFormat=8, **spread)), tmp_path)
    assert [amount for _, amount in read.cells(FORECAST).values()] == ["700", "200"]


def test_exceptions_of_both_generations_are_not_worked(tmp_path: Path) -> None:
    """The first of May is off by a 2003 exception, the 4th by a 2010 one: three days stay in April, none in May."""
    off = "<TimePeriod><FromDate>{0}T00:00:00</FromDate><ToDate>{0}T23:59:00</ToDate></TimePeriod>"
    weekday = f"<WeekDay><DayType>0</DayType><DayWorking>0</DayWorking>{off.format('2026-05-01')}</WeekDay></WeekDays>"
    exception = f"<Exceptions><Exception><Type>1</Type>{off.format('2026-05-04')}<DayWorking>0</DayWorking></Exception>"
    tasks = task(1, "A", OutlineLevel=1, Start="2026-04-28T08:00:00", Finish="2026-05-04T17:00:00", Cost=30000)
    data = mspdi(tasks).decode().replace("</WeekDays>", weekday + exception + "</Exceptions>")
    assert read_bytes(data.encode(), tmp_path).cells(FORECAST) == {("1", "2026-04", "other"): (None, "300")}


@pytest.mark.parametrize(
    ("exception", "days"),
    [
        ({"Type": 1}, {1, 2, 3, 4, 5, 6, 7}),
        ({"Type": 2, "Month": 4, "MonthDay": 3}, {3}),
        ({"Type": 3, "Month": 4, "MonthItem": 4, "MonthPosition": 0}, {4}),
        ({"Type": 4, "MonthDay": 5, "Period": 1}, {5}),
        ({"Type": 5, "MonthItem": 8, "MonthPosition": 0, "Period": 1}, {1}),
        ({"Type": 6, "DaysOfWeek": 0b0100010, "Period": 1}, {1, 4}),
    ],
)
def test_recurring_exceptions(exception: dict[str, int], days: set[int]) -> None:
    """In the week from Friday the 1st to Thursday the 7th of May 2026."""
    from lxml import etree

    from pipelines.formats.schedules.mspdi_calendars import read_calendar

    span = "<TimePeriod><FromDate>2026-05-01T00:00:00</FromDate><ToDate>2026-05-07T23:59:00</ToDate></TimePeriod>"
    text = f"<Calendar><UID>1</UID><Exceptions>{element('Exception', {**exception, 's': span})}</Exceptions></Calendar>"
    _, read = read_calendar(etree.fromstring(text))
    assert {day.day for day in read["exceptions"]} == days


def test_fixed_cost_of_a_summary_is_its_own_unless_it_repeats_its_children(tmp_path: Path) -> None:
    def tree(total: int, fixed: int) -> bytes:
        dates = {"Start": "2026-04-06T08:00:00", "Finish": "2026-04-10T17:00:00"}
        return mspdi(
            task(0, "P", OutlineNumber=0, Summary=1, Cost=total)
            + task(1, "S", WBS="1", OutlineLevel=1, Summary=1, Cost=total, FixedCost=fixed, **dates)
            + task(2, "L", WBS="1.1", OutlineLevel=2, Cost=10000, FixedCost=10000, **dates)
        )

    own = read_bytes(tree(12000, 2000), tmp_path)
    assert own.cells(FORECAST) == {("1", "2026-04", "other"): (None, "20"), ("1.1", "2026-04", "other"): (None, "100")}
    repeated = read_bytes(tree(10000, 10000), tmp_path)
    assert repeated.cells(FORECAST) == {("1.1", "2026-04", "other"): (None, "100")}
    assert [(c.stated, c.found) for c in repeated.controls] == [(Decimal(100), Decimal(100))]


def test_what_is_no_work_of_the_project_is_left_out_and_named(tmp_path: Path) -> None:
    dates = {"Start": "2026-04-06T08:00:00", "Finish": "2026-04-10T17:00:00"}
    tasks = (
        task(1, "Kept", WBS="1", OutlineLevel=1, Cost=10000, **dates)
        + task(2, "", WBS="2", IsNull=1)
        + task(3, "Off", WBS="3", OutlineLevel=1, Active=0, Cost=7700, **dates)
        + task(4, "Theirs", WBS="4", OutlineLevel=1, ExternalTask=1, Cost=0, **dates)
        + task(5, "Inserted", WBS="5", OutlineLevel=1, Summary=1, IsSubproject=1, Cost=99900, **dates)
        + task(
            6, "After", WBS="6", OutlineLevel=1, **dates,
            l1=element("PredecessorLink", {"PredecessorUID": 3, "Type": 1}),
            l2=element("PredecessorLink", {"PredecessorUID": 4, "Type": 1, "CrossProject": 1}),
        )
    )  # fmt: skip
    read = read_bytes(mspdi(tasks), tmp_path)
    assert [row["wbs_id"] for row in read.tables["wbs_element"]] == ["1", "5", "6"]
    assert read.total(FORECAST) == 100
    said = " | ".join(read.warnings)
    assert "1 tasks inactive were left out, which would cost 77 EUR" in said
    assert "1 tasks of other projects" in said
    assert "the inserted project 'Inserted' (999)" in said
    assert [(r["predecessor_id"], r["is_external"]) for r in read.tables["schedule_link"]] == [("4", "true")]


def test_all_eleven_baselines_and_the_one_that_is_measured_by_holds(tmp_path: Path) -> None:
    dates = {"Start": "2026-02-02T08:00:00", "Finish": "2026-02-06T17:00:00"}
    several = "".join(baseline(n, Cost=100 * (n + 1), **dates) for n in range(11))
    tasks = task(1, "A", WBS="1", OutlineLevel=1, Cost=100, b=several, **dates)
    read = read_bytes(mspdi(tasks, header={"BaselineForEarnedValue": "3"}), tmp_path)
    assert [read.total(f"MSP-BL{n:02d}") for n in range(11)] == list(range(1, 12))
    approved = {v["plan_version_id"]: v["approved_on"] for v in read.tables["plan_version"] if v["kind"] == "baseline"}
    assert approved.pop("MSP-BL03") == "2026-02-02"
    assert set(approved.values()) == {"2026-02-01"}  # never in the place of the measured one
    assert read.one("schedule_task", task_id="1")["baseline_cost_amount"] == "4"


def test_phased_cost_of_a_baseline_goes_before_its_work(tmp_path: Path) -> None:
    tasks = task(1, "A", WBS="1", OutlineLevel=1, Cost=40000, b=baseline(2, Cost=40000, Work="PT10H0M0S"))
    assignment = element(
        "Assignment",
        {
            "TaskUID": 1, "ResourceUID": 1, "Cost": 40000,
            "b": baseline(2, Cost="40000", Work="PT10H0M0S"),
            "w": phase(22, "2026-01-05T08:00:00", "2026-01-06T08:00:00", "PT10H0M0S"),
            "c1": phase(23, "2026-01-05T08:00:00", "2026-01-06T08:00:00", "30000"),
            "c2": phase(23, "2026-02-02T08:00:00", "2026-02-03T08:00:00", "10000"),
        },
    )  # fmt: skip
    read = read_bytes(mspdi(tasks, resources=seeds.RESOURCES, assignments=assignment), tmp_path)
    assert read.cells("MSP-BL02") == {
        ("1", "2026-01", "labour"): ("10", "300"),
        ("1", "2026-02", "labour"): (None, "100"),
    }


def test_groups_of_resources_are_categories_by_configuration(tmp_path: Path) -> None:
    tasks = task(1, "A", WBS="1", OutlineLevel=1, Cost=5000, Start="2026-04-06T08:00:00", Finish="2026-04-06T17:00:00")
    assignment = element("Assignment", {"TaskUID": 1, "ResourceUID": 4, "Cost": 5000, "Start": "2026-04-06T08:00:00"})
    data = mspdi(tasks, resources=seeds.RESOURCES, assignments=assignment)
    assert {c for _, _, c in read_bytes(data, tmp_path).cells(FORECAST)} == {"labour"}
    options = {"resource_groups": {"subcontractors": "subcontract"}, "source": "finance"}
    read = read_bytes(data, tmp_path, options=options)
    assert {c for _, _, c in read.cells(FORECAST)} == {"subcontract"}
    assert read.tables["plan_version"][0]["source"] == "finance"


def _with_baseline_costs(*texts: str) -> bytes:
    tasks = task(1, "A", WBS="1", OutlineLevel=1, Start="2026-04-06T08:00:00", Finish="2026-04-06T17:00:00", Cost=100)
    assignments = "".join(
        element("Assignment", {"TaskUID": 1, "ResourceUID": 1, "b": baseline(1, Cost=text)}) for text in texts
    )
    return mspdi(tasks, resources=seeds.RESOURCES, assignments=assignments)


def test_costs_written_by_the_desktops_locale_are_read_by_all_of_them(tmp_path: Path) -> None:
    assert read_bytes(_with_baseline_costs("9995"), tmp_path).total("MSP-BL01") == Decimal("99.95")
    # 1.234,5 shows the comma, so that 1.000 is a thousand
    assert read_bytes(_with_baseline_costs("1.234,50", "1.000"), tmp_path).total("MSP-BL01") == Decimal("22.345")
    assert read_bytes(_with_baseline_costs("€1,234.50", "1,000"), tmp_path).total("MSP-BL01") == Decimal("22.345")
    with pytest.raises(RefusedFile, match=r"1.000 = 1.000 \(decimal point\) or 1000 \(comma\)"):
        read_bytes(_with_baseline_costs("1.000"), tmp_path)
    settled = read_bytes(_with_baseline_costs("1.000"), tmp_path, options={"decimal": "comma"})
    assert settled.total("MSP-BL01") == 10
    with pytest.raises(RefusedFile, match="with a decimal point and with a decimal comma"):
        read_bytes(_with_baseline_costs("1.50", "1,50"), tmp_path)


def test_the_currency_is_never_guessed(tmp_path: Path) -> None:
    dollars = plan(header={"CurrencyCode": None, "CurrencySymbol": "$"})
    with pytest.raises(RefusedFile, match=r"\$ may be USD, CAD, AUD.*currency = "):
        read_bytes(dollars, tmp_path)
    assert read_bytes(dollars, tmp_path, options={"currency": "CAD"}).tables["plan_line"][0]["currency_code"] == "CAD"
    with pytest.raises(RefusedFile, match="setting currency"):
        read_bytes(dollars, tmp_path, options={"currency": "Dollar"})
    with pytest.raises(RefusedFile, match="does not say in which currency"):
        read_bytes(plan(header={"CurrencyCode": None, "CurrencySymbol": None}), tmp_path)
    # without any cost the currency is of no account
    free = mspdi(task(1, "A", OutlineLevel=1), header={"CurrencyCode": None, "CurrencySymbol": "$"})
    assert read_bytes(free, tmp_path).tables["schedule_task"][0]["currency_code"] == "EUR"


def test_work_without_cost_is_no_plan_worth_nothing(tmp_path: Path) -> None:
    dates = {"Start": "2026-04-06T08:00:00", "Finish": "2026-04-10T17:00:00"}
    read = read_bytes(mspdi(task(1, "A", WBS="1", OutlineLevel=1, Work="PT40H0M0S", Cost=0, **dates)), tmp_path)
    assert read.tables["plan_line"] == []
    assert read.tables["plan_version"] == []
    (finding,) = read.findings
    assert (finding.rule, finding.amount, finding.unit) == ("schedule_without_cost", 40, "hours")
    assert read.one("schedule_task", task_id="1")["work_hours"] == "40"


def test_a_finished_project_has_a_forecast_of_nothing(tmp_path: Path) -> None:
    done = task(1, "A", WBS="1", OutlineLevel=1, Cost=5000, ActualCost=5000, RemainingCost=0, PercentComplete=100)
    read = read_bytes(mspdi(done), tmp_path)
    assert [v["plan_version_id"] for v in read.tables["plan_version"]] == [FORECAST]
    assert read.tables["plan_line"] == []


@pytest.mark.parametrize(
    ("header", "reference"),
    [
        ({}, "Rollout North"),
        ({"Title": None}, "rollout"),
        ({"Title": "Project1"}, "rollout"),
        ({"Title": None, "Name": None, "GUID": "ABC-1"}, "ABC-1"),
        ({"Title": "  Two\n lines "}, "Two lines"),
    ],
)
def test_the_project_is_called_as_the_file_calls_it(header: dict, reference: str, tmp_path: Path) -> None:
    assert read_bytes(plan(header=header), tmp_path).tables["wbs_element"][0]["project_id"] == reference


def test_the_reference_and_the_codes_can_be_chosen(tmp_path: Path) -> None:
    read = read_bytes(plan(header={"GUID": "G-7"}), tmp_path, options={"project_from": ["guid"], "wbs_id": "uid"})
    assert [(r["project_id"], r["wbs_id"]) for r in read.tables["wbs_element"]] == [
        ("G-7", str(n)) for n in (1, 2, 3, 4)
    ]
    with pytest.raises(RefusedFile, match=r"setting project_from.*valid: title, name, guid"):
        read_bytes(plan(), tmp_path, options={"project_from": ["client"]})
    unnamed = read_bytes(plan(header={"Title": None, "Name": None}), tmp_path, name="North.xml")
    assert unnamed.tables["wbs_element"][0]["project_id"] == "North"
    assert any("does not name its project" in warning for warning in unnamed.warnings)


def test_the_status_date_is_the_best_that_the_file_has(tmp_path: Path) -> None:
    def status(**header: str | None) -> str:
        return read_bytes(plan(header={"StatusDate": None, **header}), tmp_path).tables["progress"][0]["observed_on"]

    assert status(LastSaved="2026-03-20T10:00:00", CurrentDate="2026-03-21T08:00:00") == "2026-03-20"
    assert status(LastSaved="1984-01-01T00:00:00", CurrentDate="2026-03-21T08:00:00") == "2026-03-21"
    assert status(CreationDate="2026-01-02T08:00:00") == "2026-01-02"
    assert status(StartDate="2026-01-05T08:00:00") == "2026-01-05"
    with pytest.raises(RefusedFile, match="from which day it is"):
        status()


def test_tasks_that_cannot_be_right_are_rejected_with_their_amount(tmp_path: Path) -> None:
    dates = {"OutlineLevel": 1, "Start": "2026-04-06T08:00:00", "Finish": "2026-04-10T17:00:00", "RemainingCost": 10000}
    tasks = (
        task(1, "Good", WBS="1", Cost=10000, **dates)
        + task(None, "No UID", WBS="2", Cost=10000, **dates)
        + task(1, "Same UID", WBS="3", Cost=10000, **dates)
        + task(4, "Odd date", WBS="4", Cost=10000, **{**dates, "Finish": "9999-13-45T00:00:00"})
        + task(5, "Odd percent", WBS="5", Cost=10000, PercentComplete=140, **dates)
        + task(6, "Too long", WBS="6", Cost=10000, **{**dates, "Finish": "2199-04-10T17:00:00"})
        + task(7, "Odd work", WBS="7", Cost=10000, Work="P3Y", **dates)
    )
    read = read_bytes(mspdi(tasks), tmp_path)
    faults = read.faults()
    assert [reason for table, reason in faults if table == "schedule_task"] == [
        "the task has no UID, so that nothing can refer to it",
        "another task has the same UID 1",
        "Finish '9999-13-45T00:00:00' is no date from 1900 to 2200",
        "PercentComplete '140' is no percentage from 0 to 100",
        "Work 'P3Y' is no duration such as PT8H0M0S",
    ]
    assert [table for table, _ in faults].count("plan_line") == 6
    assert all("(100 EUR not planned)" in reason for table, reason in faults if table == "plan_line")
    assert any("more than 50 years" in reason for _, reason in faults)
    assert [table for table, _ in faults].count("wbs_element") == 2


def test_codes_that_repeat_are_replaced_for_the_whole_file(tmp_path: Path) -> None:
    tasks = task(1, "A", WBS="X", OutlineNumber="1", OutlineLevel=1) + task(
        2, "B", WBS="X", OutlineNumber="2", OutlineLevel=1
    )
    read = read_bytes(mspdi(tasks), tmp_path)
    assert [row["wbs_id"] for row in read.tables["wbs_element"]] == ["1", "2"]
    assert any("named by outline instead" in warning for warning in read.warnings)


def test_circles_and_jumps_do_no_harm(tmp_path: Path) -> None:
    def link(uid: int) -> str:
        return element("PredecessorLink", {"PredecessorUID": uid, "Type": 1})

    tasks = (
        task(1, "A", WBS="1", OutlineLevel=7, l=link(2))
        + task(2, "B", WBS="2", OutlineLevel=1, l=link(1))
        + task(3, "C", WBS="3", OutlineLevel=9, l=link(3) + link(77))
    )
    read = read_bytes(mspdi(tasks), tmp_path)
    assert [row["parent_wbs_id"] for row in read.tables["wbs_element"]] == [None, None, "2"]
    said = " | ".join(read.warnings)
    assert "the links of 2 tasks run in a circle (UID 1, 2)" in said
    assert "2 links lead to a task itself or to none of the file" in said


def test_a_summary_that_its_parts_do_not_make_is_named_and_not_counted(tmp_path: Path) -> None:
    dates = {"Start": "2026-04-06T08:00:00", "Finish": "2026-04-10T17:00:00"}
    tasks = task(0, "P", OutlineNumber=0, Summary=1, Cost=50000, Work="PT0H0M0S") + task(
        1, "L", WBS="1", OutlineLevel=1, Cost=10000, **dates
    )
    read = read_bytes(mspdi(tasks), tmp_path)
    assert read.total(FORECAST) == 100
    (finding,) = read.findings
    assert finding.rule == "schedule_total"
    assert finding.amount == -400


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<Project xmlns='http://schemas.microsoft.com/project'><Tasks>", "not well-formed XML"),
        (
            b"<!DOCTYPE Project [<!ENTITY a 'b'>]><Project xmlns='http://schemas.microsoft.com/project'>&a;</Project>",
            "DOCTYPE",
        ),
        (b"<Project xmlns='http://schemas.microsoft.com/developer/msbuild/2003'/>", "unknown kind"),
        (
            b"<Project xmlns='http://schemas.microsoft.com/project'><StatusDate>2026-01-01</StatusDate></Project>",
            "no tasks",
        ),
        (
            b"<Project xmlns='http://schemas.microsoft.com/project'>" + b"<a>" * 400 + b"</a>" * 400 + b"</Project>",
            "256 levels",
        ),
    ],
)
def test_hostile_and_foreign_xml_is_refused(data: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match=reason):
        read_bytes(data, tmp_path)


def test_a_root_without_namespace_is_a_schedule_too(tmp_path: Path) -> None:
    data = plan().replace(b' xmlns="http://schemas.microsoft.com/project"', b"")
    assert read_bytes(data, tmp_path).tables == read_bytes(plan(), tmp_path).tables
