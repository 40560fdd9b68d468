"""Time sheets and project data that nobody here wrote: every file is read, or refused with a reason.

Skipped where absent.
"""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Source, TableRead
from pipelines.formats.detect import recognise
from pipelines.formats.profile_draft import draft_profile
from pipelines.formats.profile_frames import apply_profile
from pipelines.formats.profiles import load_profiles, read_profile
from pipelines.formats.tabular import open_tables

CORPORA = Path(os.environ.get("OUTTURN_CORPORA") or Path(__file__).parents[4] / "shared" / "corpora")
PROJECTS, TIMESHEETS = CORPORA / "projects", CORPORA / "timesheets"
CESAW = PROJECTS / "cesaw" / "CESAW_time_fact.csv"

pytestmark = pytest.mark.skipif(not PROJECTS.is_dir(), reason=f"no corpora at {CORPORA} (set OUTTURN_CORPORA)")

# file -> the profile that a user would write for it, and how it is read
PROFILES: dict[str, str] = {
    "CESAW_task_fact.csv": r"""
name: cesaw_tasks
table: time_entry
empty: ['\N']
header: [project_key, person_key, plan_item_key, task_actual_start_date, task_actual_time_minutes]
columns:
  entry_id: plan_item_key
  employee_id: person_key
  project_id: project_key
  wbs_id: wbs_element_key
  work_date: {from: task_actual_start_date, format: any}
  hours: {from: task_actual_time_minutes, unit: minutes}
""",
    "wbs_parent.csv": """
name: cesaw_wbs
table: wbs_element
empty: [NA]
header: [project_key, wbs_element_key, parent_wbs_element_key]
columns:
  project_id: project_key
  wbs_id: wbs_element_key
  wbs_name: wbs_element_key
  parent_wbs_id: parent_wbs_element_key
""",
    # hours of the developer, not of the task: those stand in the row of each of its developers
    "Sip-task-info.csv": """
name: sip_tasks
table: time_entry
empty: [NA]
header: [TaskNumber, ProjectCode, DeveloperID, DeveloperHoursActual]
columns:
  entry_id: {from: [TaskNumber, DeveloperID], join: "/"}
  employee_id: DeveloperID
  project_id: ProjectCode
  work_date: {const: "2014-12-03"}  # the dates are in the other file
  hours: {from: DeveloperHoursActual, decimal: point}
  description: Summary
""",
    "est-act-dates.csv": """
name: sip_dates
table: milestone
empty: [NA]
header: [TaskNumber, EstimateOn, StartedOn, CompletedOn]
columns:
  project_id: {const: SIP}
  milestone_id: TaskNumber
  milestone_name: TaskNumber
  reported_on: {from: EstimateOn, format: any}
  actual_date: {from: CompletedOn, format: any}
""",
    "EBSPM_Research_Repository_v07072017.csv": """
name: ebspm
table: cost_line
locale: file
header: [Project_ID, Actual_cost_EUR, Year_technical_go_live]
columns:
  cost_line_id: Project_ID
  project_id: {from: Project_ID, prefix: EBSPM-}
  posting_date: {const: "2017-07-07"}
  category: {const: other}
  amount: Actual_cost_EUR
  quantity: Actual_effort_hours
  currency_code: {const: EUR}
""",
    "Capital_Delivery_Project_deidentified.csv": """
name: melbourne_water
table: sales_opportunity
header: [ID, FFC, Delivery Program, Stage1, EPT]
columns:
  opportunity_id: ID
  customer_id: {from: Owner Group, default: none}
  kind: {const: new}
  title: Delivery Program
  amount: {from: FFC, round: 2}
  currency_code: {const: AUD}
  probability: {const: "1"}
  stage: EPT
  expected_close_date: {from: PBC, format: any}
  updated_on: {from: Stage1, format: any}
""",
}


def profiled(path: Path, work: Path, **options: dict) -> TableRead:
    profiles = list(load_profiles())
    if path.name in PROFILES:
        (work / "mine.yaml").write_text(PROFILES[path.name], encoding="utf-8")
        profiles.append(read_profile(work / "mine.yaml"))
    source = Source(path=path, name=path.name, feed="timesheets", size=path.stat().st_size)
    (read,) = recognise(
        source, own_parties=(), profiles=profiles, work=work, time_zone="Europe/Vienna", options=options
    )
    assert isinstance(read, TableRead)
    return read


def total(frame: pl.DataFrame, column: str) -> Decimal:
    return frame[column].cast(pl.Decimal(30, 6), strict=False).sum()


def test_every_file_of_the_time_sheets_is_read_or_refused_with_a_reason(tmp_path: Path) -> None:
    read, refused, remedies = {}, {}, []
    for path in sorted(p for p in TIMESHEETS.rglob("*") if p.suffix in (".csv", ".json")):
        try:
            found = profiled(path, tmp_path)
            read[path.name] = (found.format, total(found.frame.collect(), "hours"))
        except RefusedFile as refusal:
            name = (
                str(path.relative_to(TIMESHEETS / "solidtime/resources/testfiles"))
                if "solid" in str(path)
                else path.name
            )
            refused[name] = refusal.what
            remedies.append(refusal.remedy)
    assert read == {
        "import_time_entries.csv": ("csv (redmine_import)", Decimal(10)),
        "generic_time_entries_import_test_1.csv": ("csv (solidtime_generic)", Decimal("1.000278")),
        "toggl_time_entries_import_test_1.csv": ("csv (toggl_detailed)", Decimal("1.000278")),
    }
    ambiguous = [name for name, what in refused.items() if what.startswith("the dates can be read in two ways")]
    assert ambiguous == ["clockify_time_entries_import_test_1.csv", "clockify_time_entries_import_test_5.csv"]
    folder = "toggl_data_import_test_1"
    assert sorted(name for name, what in refused.items() if "holds no rows" in what) == [
        f"{folder}/projects_users/401.json",
        f"{folder}/projects_users/403.json",
        f"{folder}/tasks/401.json",
        f"{folder}/tasks/403.json",
    ]
    # lists of projects, clients, users, tags and issues: no canonical table, and no profile
    assert sorted(name for name, what in refused.items() if what.startswith("no canonical table fits")) == [
        "clockify_projects_import_test_1.csv",
        "clockify_projects_import_test_2.csv",
        "harvest_projects_import_test_1.csv",
        "import_dates.csv",
        "import_issues.csv",
        "import_issues_utf8_with_bom.csv",
        f"{folder}/clients.json",
        f"{folder}/projects.json",
        f"{folder}/projects_users/402.json",
        f"{folder}/tags.json",
        f"{folder}/tasks/402.json",
        f"{folder}/workspace_users.json",
    ]
    assert len(read) + len(refused) == 21
    assert all(remedies)


@pytest.mark.parametrize(("order", "day"), [("mdy", "2024-03-04"), ("dmy", "2024-04-03")])
def test_the_configuration_settles_what_clockify_leaves_open(tmp_path: Path, order: str, day: str) -> None:
    for number in (1, 5):
        path = TIMESHEETS / f"solidtime/resources/testfiles/clockify_time_entries_import_test_{number}.csv"
        frame = profiled(path, tmp_path, tables={"date_order": order}).frame.collect()
        # the second lasted an hour and a second, whatever its rounded duration of 0.00 says
        assert frame.select("work_date", "hours", "activity").rows() == [
            (day, "0.000000", None),
            (day, "1.000278", "Task 1"),
        ]


def test_the_tasks_of_cesaw(tmp_path: Path) -> None:
    frame = profiled(PROJECTS / "cesaw/CESAW_task_fact.csv", tmp_path).frame.collect()
    minutes = pl.read_csv(PROJECTS / "cesaw/CESAW_task_fact.csv", infer_schema=False)["task_actual_time_minutes"]
    assert frame.height == 30_605
    assert abs(total(frame, "hours") * 60 - minutes.cast(pl.Decimal(20, 6)).sum()) < 1
    # tasks that nobody has begun have no date: landing rejects them
    assert frame["work_date"].null_count() == 709
    assert frame["work_date"].drop_nulls().str.contains(r"^20\d\d-\d\d-\d\d$").all()
    wbs = profiled(PROJECTS / "cesaw/wbs_parent.csv", tmp_path).frame.collect()
    assert (wbs.height, wbs["parent_wbs_id"].null_count()) == (6_035, 13)


def test_the_hours_of_sip_are_not_counted_again_for_each_developer(tmp_path: Path) -> None:
    path = PROJECTS / "sip/Sip-task-info.csv"
    read = profiled(path, tmp_path)
    frame = read.frame.collect()
    assert read.warnings == ("the text is not UTF-8; it was read as Windows-1252",)
    assert (frame.height, frame["entry_id"].n_unique()) == (5_201, 5_201)
    assert total(frame, "hours") == Decimal("27795.46")
    raw = pl.read_csv(path, encoding="cp1252", infer_schema=False)
    task_hours = raw["HoursActual"].cast(pl.Decimal(20, 6)).sum()
    assert task_hours == Decimal("38579.77")  # what adding up the task's own hours would have made
    dates = profiled(PROJECTS / "sip/est-act-dates.csv", tmp_path).frame.collect()
    assert (dates.height, dates["actual_date"].null_count()) == (5_201, 719)
    assert dates.select("reported_on", "actual_date").row(0) == ("2004-11-02", "2004-11-16")
    assert dates.filter(~pl.col("reported_on").str.contains(r"^20\d\d-\d\d-\d\d$")).height == 0


def test_the_costs_of_ebspm_have_points_between_their_thousands(tmp_path: Path) -> None:
    read = profiled(PROJECTS / "ebspm/EBSPM_Research_Repository_v07072017.csv", tmp_path)
    frame = read.frame.collect()
    assert read.dialect.endswith("the comma before the decimals")
    # an empty row at the end is none; a line break of another alphabet (0x85) splits no record
    assert (frame.height, frame[FAULT].null_count()) == (238, 238)
    raw = pl.read_csv(
        read_text(PROJECTS / "ebspm/EBSPM_Research_Repository_v07072017.csv"), separator=";", infer_schema=False
    )
    for column, ours in (("Actual_cost_EUR", "amount"), ("Actual_effort_hours", "quantity")):
        plain = raw[column].str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        assert total(frame, ours) == plain.cast(pl.Decimal(30, 6), strict=False).sum()
    assert frame["amount"][0] == "110643"


def read_text(path: Path) -> bytes:
    return path.read_bytes().decode("cp1252").encode()


def test_the_dates_of_melbourne_water_come_in_five_shapes(tmp_path: Path) -> None:
    path = PROJECTS / "melbourne_water/Capital_Delivery_Project_deidentified.csv"
    frame = profiled(path, tmp_path).frame.collect()
    raw = pl.read_csv(path, infer_schema=False)
    dated = frame["expected_close_date"].drop_nulls()
    assert frame.height == raw.height
    assert dated.len() == raw["PBC"].str.strip_chars().replace("", None).drop_nulls().len()
    assert dated.str.contains(r"^20\d\d-\d\d-\d\d$").all()
    assert frame.row(0, named=True)["expected_close_date"] == "2016-03-30"
    assert total(frame, "amount") == raw["FFC"].cast(pl.Decimal(30, 12), strict=False).round(2).sum()


def test_a_draft_reads_the_time_logs_at_once(tmp_path: Path) -> None:
    source = Source(path=CESAW, name=CESAW.name, feed=None, size=CESAW.stat().st_size)
    (raw,) = open_tables(source, work=tmp_path)
    (tmp_path / "draft.yaml").write_text(draft_profile(raw, "draft"), encoding="utf-8")
    frame = apply_profile(read_profile(tmp_path / "draft.yaml"), raw, where="x").frame.collect()
    assert total(frame, "hours") == Decimal("63617.866404")
