"""Tickets as counts and sums by project and month, answers to surveys as responses; nobody's name is taken."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Context, RawTable, TableRead
from pipelines.formats.kpi import surveys
from tests.unit.formats.erp_files import Reader, faults, rows
from tests.unit.formats.seeds import kpi as seeds

SURVEYS = {"surveys": {"Q5": "csat"}, "labels": {"Very satisfied": 5}}


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def figures(found: TableRead) -> dict[tuple[str, str, str], str]:
    """Project, month and code -> value."""
    return {
        (project, month[:7], code): value
        for project, month, code, value in rows(found, "project_id", "observed_on", "kpi_code", "value")
    }


def test_of_a_log_of_changes_the_last_state_of_each_ticket_counts(reader: Reader) -> None:
    found = reader.one(seeds.LOG)
    assert (found.format, found.table, found.source_system) == ("servicenow", "kpi_observation", "servicenow")
    north, south = "Field North", "Field South"
    assert figures(found) == {
        (north, "2026-01", "incidents_opened"): "1.00",
        (north, "2026-02", "incidents_opened"): "1.00",
        (south, "2026-02", "incidents_opened"): "1.00",
        (north, "2026-02", "incidents_closed"): "2.00",
        (north, "2026-02", "incidents_resolved"): "2.00",
        (north, "2026-02", "incidents_resolved_with_sla"): "2.00",
        (north, "2026-02", "incidents_resolved_within_sla"): "1.00",  # INC1 was within it until its last state
        (north, "2026-02", "incidents_reopened"): "1.00",
        (north, "2026-02", "incidents_reopens"): "1.00",
        (north, "2026-02", "incidents_resolution_hours"): "98.00",  # 97.5 + 0.5
    }
    assert found.warnings == ("2 earlier states of 4 tickets left out: the last one counts",)
    assert faults(found) == [("7", "the ticket names no project: assignment_group is empty")]
    assert not {"Ann", "Bob", "Caller 1", "Caller 2"} & set(found.frame.collect().to_numpy().ravel())


def test_durations_count_from_the_start_of_1970(reader: Reader) -> None:
    found = reader.one(seeds.TASKS)
    values = figures(found)
    assert values[("grp-1", "2026-02", "change_requests_business_hours")] == "34.771667"  # 33:46:18 + 1:00
    assert values[("grp-1", "2026-02", "change_requests_resolution_hours")] == "58.771667"
    assert values[("grp-1", "2026-02", "change_requests_resolved_within_sla")] == "1.00"
    assert values[("grp-1", "2026-02", "change_requests_opened")] == "2.00"
    assert found.warnings == ("1 rows deleted in the source left out",)


def test_days_other_columns_and_projects_can_be_set(reader: Reader) -> None:
    found = reader.one(seeds.LOG, kpi={"period": "day", "projects": {"Field *": "P-1"}})
    opened = [row for row in rows(found, "project_id", "observed_on", "value", "kpi_code") if row[3].endswith("opened")]
    assert opened[:3] == [
        ("P-1", "2026-01-29", "1.00", "incidents_opened"),
        ("P-1", "2026-02-03", "1.00", "incidents_opened"),
        ("P-1", "2026-02-04", "1.00", "incidents_opened"),
    ]
    by_caller = reader.one(seeds.LOG, kpi={"project_column": "caller_id"})
    assert figures(by_caller)[("Caller 1", "2026-02", "incidents_opened")] == "2.00"
    with pytest.raises(RefusedFile, match="project_column"):
        reader.one(seeds.LOG, kpi={"project_column": "site"})
    with pytest.raises(RefusedFile, match=r"neither a project nor an assignment group.*project_column"):
        reader.one(seeds.LOG.replace("assignment_group", "site"))


def test_tickets_that_cannot_be_right_are_rejected(reader: Reader) -> None:
    head = "number,opened_at,closed_at,made_sla,assignment_group\n"
    found = reader.one(
        f"{head}A,2026-02-02 08:00,2026-02-01 08:00,true,G\nB,never,,true,G\nC,,,true,G\nD,2026-02-01 08:00,,true,G\n"
    )
    assert [reason for _, reason in faults(found)] == [
        "the ticket was resolved before it was opened",
        "opened_at is no date: never",
        "the ticket has no day on which it was opened",
    ]
    assert figures(found) == {("G", "2026-02", "incidents_opened"): "1.00"}


def test_issues_of_jira_belong_to_the_project_of_their_key(reader: Reader) -> None:
    found = reader.one(seeds.ISSUES)
    assert figures(found) == {
        ("NET", "2026-01", "issues_opened"): "2.00",
        ("OPS", "2026-01", "issues_opened"): "1.00",
        ("NET", "2026-02", "issues_resolved"): "2.00",
        ("NET", "2026-02", "issues_resolution_hours"): "73.00",
        ("NET", "2026-02", "issues_time_spent_hours"): "1.50",
    }
    assert [reason for _, reason in faults(found)] == ["the ticket names no project: key is empty"]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("sys_id,user_name,first_name,last_name,email", "ServiceNow sys_user holds .* personal data"),
        ("sys_id,has_breached,stage,planned_end_time,task_value", "task_sla holds .* made_sla"),
        ("id,name,board_id,start_date,end_date,complete_date", "Jira sprint holds sprints"),
        (
            "id,company_name,establishment_name,naics_code,total_hours_worked,total_deaths,total_dafw_cases",
            r"300A holds .* safety_incident\.csv",
        ),
    ],
)
def test_tables_that_are_not_wanted_are_refused_by_name(reader: Reader, header: str, reason: str) -> None:
    with pytest.raises(RefusedFile, match=reason):
        reader.one(f"{header}\n{','.join('1' * len(header.split(',')))}\n")


def test_a_qualtrics_export_with_three_header_rows(reader: Reader) -> None:
    found = reader.one(seeds.QUALTRICS, kpi=SURVEYS)
    columns = ("response_id", "customer_id", "project_id", "responded_on", "kind", "score")
    assert rows(found, *columns) == [
        ("R_1/Q5", "C1", "P1", "2026-02-01", "csat", "5"),
        ("R_2/Q5", "C2", "P1", "2026-02-03", "csat", "4"),
        ("R_1/Q1", "C1", "P1", "2026-02-01", "nps", "10"),
        ("R_2/Q1", "C2", "P1", "2026-02-03", "nps", "0"),
    ]
    assert faults(found) == [("7", 'the answer "meh" is no number; say in [kpi.labels] of outturn.toml which it is')]
    assert found.warnings == (
        "1 responses that are previews left out",
        "columns about persons are not taken over: IPAddress, RecipientEmail, LocationLatitude",
        "1 questions without an answer left out",
    )


def test_a_qualtrics_export_of_old(reader: Reader) -> None:
    found = reader.one(seeds.LEGACY)
    assert rows(found, "response_id", "customer_id", "responded_on", "kind", "score") == [
        ("R_9/Q3", "C7", "2015-03-01", "nps", "7")
    ]
    assert found.warnings == ("columns about persons are not taken over: IPAddress, Name, EmailAddress",)


def test_a_surveymonkey_export(reader: Reader) -> None:
    found = reader.one(seeds.MONKEY)
    question = "How likely is it that you would recommend us to a friend?"
    assert rows(found, "response_id", "customer_id", "responded_on", "kind", "score") == [
        (f"118/{question}", "C3", "2026-02-13", "nps", "9"),
        (f"119/{question}", "C4", "2026-02-01", "nps", "0"),
    ]


def test_a_survey_without_a_known_question_is_refused_with_its_questions(reader: Reader) -> None:
    text = seeds.QUALTRICS.replace("Q1_NPS_GROUP", "Q2")
    with pytest.raises(RefusedFile, match=r"Q1, Q2, Q5.*\[kpi.surveys\]"):
        reader.one(text)
    found = reader.one(text, kpi={"surveys": {"Zufrieden?": "csat"}, "customer_column": "Q2"})
    assert rows(found, "response_id", "customer_id") == [("R_2/Q5", "1")]


def test_a_numbered_column_beside_its_name_is_refused() -> None:
    header = ("V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9", "V10", "ResponseID")
    frame = pl.LazyFrame({name: ["x"] for name in (*header, "source_line", FAULT)})
    raw = RawTable(format="csv", name="answers", header=header, frame=frame)
    with pytest.raises(RefusedFile, match="have the same name"):
        surveys.read_raw(raw, surveys.tool_of(header), Context(work=Path()), where="answers.csv")
