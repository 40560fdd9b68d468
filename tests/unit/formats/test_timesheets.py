"""Every time sheet tool: what becomes of its export, figure by figure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Replacement, Source, TableRead
from pipelines.formats.detect import recognise
from pipelines.formats.profile_frames import document_text
from pipelines.formats.profiles import load_profiles
from tests.unit.formats.seeds.timesheets import ODD_TEXT, clockify, page, table, timesheets, worklog

SEEDS = timesheets()
BY_PERSON = Replacement(period="work_date", within=("employee_id",))


class Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, content: bytes, name: str = "export.csv", **options: Mapping[str, Any]) -> TableRead:
        path = self.folder / name
        path.write_bytes(content)
        (found,) = recognise(
            Source(path=path, name=name, feed="timesheets", size=len(content)),
            own_parties=(),
            profiles=load_profiles(),
            work=self.folder,
            time_zone="Europe/Berlin",
            options=options,
        )
        assert isinstance(found, TableRead)
        return found

    def seed(self, name: str) -> tuple[TableRead, list[dict[str, Any]]]:
        found = self.read(SEEDS[name], name)
        return found, found.frame.collect().to_dicts()


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


# file -> profile, source system, and of each row: employee, project, day, hours, activity
EXPECTED: dict[str, tuple[str, str | None, list[tuple[str | None, ...]]]] = {
    "clockify_2024.csv": (
        "clockify_detailed",
        "clockify",
        [
            ("ann@x.test", "Bridge", "2026-05-04", "1.000278", "Design"),
            ("ann@x.test", "Bridge", "2026-05-13", "0.500000", "Design"),
            ("ann@x.test", "Bridge", "2026-05-13", "0.500000", "Design"),  # twice the same is legal
        ],
    ),
    # over midnight: the day on which the work began
    "clockify_2026.csv": (
        "clockify_detailed",
        "clockify",
        [("ann@x.test", "Bridge", "2026-05-13", "3.000000", "Design")],
    ),
    "clockify_de.csv": (
        "clockify_detailed",
        "clockify",
        [("aenne@x.test", "Brücke", "2026-05-04", "1.333333", "Entwurf")],
    ),
    "toggl.csv": ("toggl_detailed", "toggl", [("ann@x.test", "Bridge", "2026-05-04", "0.000556", None)]),
    # 0.31 is rounded: start and end say it exactly
    "toggl_minutes.csv": (
        "toggl_detailed",
        "toggl",
        [
            ("ann@x.test", "Bridge", "2026-05-04", "0.306944", None),
            ("ann@x.test", None, "2026-05-04", "0.306944", None),
        ],
    ),
    "harvest_comma.csv": (
        "harvest_detailed",
        "harvest",
        [("Ann Lee", "P-1", "2026-05-04", "2000.0", "Design"), ("Ann Lee", "P-1", "2026-05-05", "0.01", "Design")],
    ),
    "kimai_de.csv": ("kimai", "kimai", [("0042", "P-1", "2026-05-12", "3.500000", "Design")]),
    "kimai.xlsx": ("kimai", "kimai", [("ann", "Bridge", "2026-05-12", "2.500000", "Design")]),
    # the offset is the person's own: 23:30 of the 10th
    "jira_v2.json": (
        "jira_worklogs",
        "jira",
        [
            ("acc-1", "10010", "2026-05-10", "2.500000", "10010"),
            ("acc-1", "10010", "2026-05-10", "0.016667", "10010"),
        ],
    ),
    "jira_v3.json": ("jira_worklogs", "jira", [("acc-1", "10010", "2026-05-10", "1.500000", "10010")]),
    "jira_issues.json": (
        "jira_issues",
        "jira",
        [("acc-1", "ABC", "2026-05-10", "1.000000", "ABC-12"), ("acc-1", "ABC", "2026-05-10", "0.500000", "ABC-12")],
    ),
    "tempo_ru.csv": ("tempo_worklogs", "tempo", [("ann", "ABC", "2026-05-10", "2.5", "Design")]),
    "tempo_v4.json": ("tempo_api", "tempo", [("acc-1", "10010", "2026-05-10", "1.500000", "10010")]),
    "redmine_import.csv": (
        "redmine_import",
        "redmine",
        [
            ("ann@x.test", "12", "2026-05-04", "1.5", "Design"),
            ("ann@x.test", None, "2026-05-05", "2", "Design"),
        ],
    ),
    "redmine_de.csv": (
        "redmine_export",
        "redmine",
        [
            ("Ann Lee", "Bridge", "2026-05-04", "7.50", "Design"),
            ("Ann Lee", "Bridge", "2026-05-05", "0.750000", "Design"),
        ],
    ),
    "openproject.json": ("openproject_api", "openproject", [("Ann Lee", "Bridge", "2026-05-04", "7.500000", "Design")]),
    "openproject.xlsx": ("openproject_report", "openproject", [("Ann Lee", "Bridge", "2026-05-04", "7.5", "Design")]),
    # 22:30 in UTC is 00:30 of the 5th in Berlin
    "solidtime.csv": ("solidtime_generic", "solidtime", [("ann@x.test", "Bridge", "2026-05-05", "1.000278", None)]),
    "solidtime_detailed.csv": (
        "solidtime_detailed",
        "solidtime",
        [("Ann", "Bridge", "2026-05-04", "1.333333", "Design")],
    ),
    "cats.csv": (
        "sap_cats",
        "sap",
        [
            ("00001234", "P.1.2", "2026-05-04", "8.00", "0800"),
            ("00001234", "P.1.2", "2026-05-05", "4.00", "0800"),
            ("00001234", "P.1.2", "2026-05-06", "-2.00", "0800"),
        ],
    ),
    "harvest_api.json": ("harvest_api", "harvest", [("Ann Lee", "P-1", "2026-05-04", "1.25", "Design")]),
    "toggl_api.json": ("toggl_api", "toggl", [("7", "401", "2026-05-05", "0.002500", None)]),
    "kimai_api.json": ("kimai_api", "kimai", [("ann", "Bridge", "2026-05-04", "1.500000", "Design")]),
    "clockify_api.json": ("clockify_api", "clockify", [("ann@x.test", "Bridge", "2026-05-04", "1.500000", None)]),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_tool_s_export_becomes_time_entries(reader: Reader, name: str) -> None:
    profile, system, expected = EXPECTED[name]
    found, rows = reader.seed(name)
    assert found.table == "time_entry"
    assert found.format.endswith(f"({profile})")
    assert found.source_system == system
    columns = ("employee_id", "project_id", "work_date", "hours", "activity")
    assert [tuple(row.get(column) for column in columns) for row in rows if row[FAULT] is None] == expected


def test_every_seed_is_asserted() -> None:
    assert set(SEEDS) == {*EXPECTED, "jira_export.csv", "time_entry.json"}
    assert {profile for profile, _, _ in EXPECTED.values()} | {"jira_csv"} == {p.name for p in load_profiles()}


def test_exports_without_row_numbers_replace_their_period(reader: Reader) -> None:
    with_numbers = {name for name in EXPECTED if "entry_id" in reader.seed(name)[0].mapping}
    for name in EXPECTED:
        assert reader.seed(name)[0].replaces == (None if name in with_numbers else BY_PERSON), name
    assert "cats.csv" in with_numbers
    assert "clockify_2024.csv" not in with_numbers


def test_what_is_left_out_is_counted_with_its_hours(reader: Reader) -> None:
    def warnings(name: str) -> list[str]:
        return [warning for warning in reader.seed(name)[0].warnings if "not taken" not in warning]

    assert warnings("clockify_2026.csv") == [
        "1 rows left out, where Type is break or pause or pausa or descanso or intervalo (a break is not work): "
        "hours 0.5"
    ]
    assert warnings("openproject.xlsx") == [
        "1 line above the header left out",
        "1 rows left out, where User is empty (a total): hours 7.5",
        "1 rows left out, where Activity is empty (not labour: entries of other costs have no activity): hours 7.5",
    ]
    assert warnings("harvest_api.json") == ["1 rows left out, where is_running is true (still running): hours 0.5"]
    assert warnings("tempo_v4.json") == ["the document is one page of several: deliver the others too"]
    assert warnings("cats.csv") == [
        "1 rows cancelled (status 60): loaded as rejected, what they said before counts no longer"
    ]


def test_rates_and_amounts_are_never_taken(reader: Reader) -> None:
    found, rows = reader.seed("clockify_2024.csv")
    assert found.warnings == (
        "rates and amounts of time sheets are not taken: they tell people's prices "
        "(Billable Rate (USD), Billable Amount (USD))",
    )
    assert not any("100.00" in str(value) for row in rows for value in row.values())
    for name in ("toggl.csv", "harvest_comma.csv", "kimai_de.csv", "kimai.xlsx", "harvest_api.json"):
        assert any("rates and amounts" in warning for warning in reader.seed(name)[0].warnings), name


def test_texts_come_as_they_are(reader: Reader) -> None:
    for name in ("clockify_2024.csv", "toggl.csv"):
        assert reader.seed(name)[1][0]["description"] == ODD_TEXT


def test_words_for_yes_and_states(reader: Reader) -> None:
    assert [row["is_billable"] for row in reader.seed("clockify_de.csv")[1]] == ["true"]
    assert [row["is_billable"] for row in reader.seed("tempo_v4.json")[1]] == ["false"]
    assert [row["approval_status"] for row in reader.seed("harvest_comma.csv")[1]] == ["approved", "submitted"]
    assert [row["approval_status"] for row in reader.seed("harvest_api.json")[1]] == ["draft"]
    assert [row["approval_status"] for row in reader.seed("cats.csv")[1]] == ["approved", "draft", "rejected"]


def test_a_record_of_cats_has_one_number_however_excel_spells_it(reader: Reader) -> None:
    assert [row["entry_id"] for row in reader.seed("cats.csv")[1]] == [
        f"cats-000000001234-0000000000{number}" for number in (17, 18, 19)
    ]


def test_jira_csv_has_a_row_for_each_log(reader: Reader) -> None:
    found, rows = reader.seed("jira_export.csv")
    assert found.replaces == Replacement(period="work_date", within=("activity",))
    assert [(r["employee_id"], r["project_id"], r["work_date"], r["hours"], r["activity"]) for r in rows[:2]] == [
        ("acc-1", "ABC", "2026-05-10", "2.500000", "ABC-12"),
        ("acc-2", "ABC", "2026-05-11", "0.500000", "ABC-12"),
    ]
    assert [(r["description"], r["source_line"]) for r in rows[:2]] == [("one; two", "2"), (None, "2 (2)")]
    assert [r[FAULT] for r in rows] == [None, None, "a Log Work is not comment;started;author;seconds"]
    assert found.warnings == ("1 rows without a Log Work of their own left out",)


def test_a_list_that_jira_cut_off_is_a_finding(reader: Reader) -> None:
    found, _ = reader.seed("jira_issues.json")
    (finding,) = found.findings
    assert (finding.rule, finding.severity, finding.entity) == ("list_cut_off", "critical", "ABC-12")
    assert finding.message == "ABC-12 has 3 entries, and the file holds 2 of them: fetch its own list"


def test_comments_in_atlassian_s_format_become_text(reader: Reader) -> None:
    assert reader.seed("jira_v3.json")[1][0]["description"] == "First. Second."
    assert reader.seed("jira_v2.json")[1][0]["description"] == "text, of \\ v2"
    assert (
        document_text('[{"type": "paragraph", "content": [{"type": "mention", "attrs": {"text": "@Ann"}}]}]') == "@Ann"
    )
    assert document_text("[broken") == "[broken"


def test_a_list_of_plain_objects_is_a_table(reader: Reader) -> None:
    found, rows = reader.seed("time_entry.json")
    assert (found.format, found.source_system) == ("json", None)
    assert (rows[0]["hours"], rows[0]["source_line"]) == ("7.50", "[1]")


@pytest.mark.parametrize(
    ("first", "second", "order", "days"),
    [
        # one field of more than 12 tells
        ("04/05/2026", "13/05/2026", None, ["2026-05-04", "2026-05-13"]),
        ("04/05/2026", "05/13/2026", None, ["2026-04-05", "2026-05-13"]),
        # nothing tells but the configuration
        ("04/05/2026", "05/05/2026", "dmy", ["2026-05-04", "2026-05-05"]),
        ("04/05/2026", "05/05/2026", "mdy", ["2026-04-05", "2026-05-05"]),
        # what the file says itself goes before the configuration
        ("04/05/2026", "13/05/2026", "mdy", ["2026-05-04", "2026-05-13"]),
    ],
)
def test_the_order_of_day_and_month_is_one_for_the_file(
    reader: Reader, first: str, second: str, order: str | None, days: list[str]
) -> None:
    content = clockify((first, "10:00", "11:00", "01:00:00"), (second, "10:00", "11:00", "01:00:00"))
    options = {"tables": {"date_order": order}} if order else {}
    assert reader.read(content, **options).frame.collect()["work_date"].to_list() == days


def test_an_open_order_is_refused_with_both_readings(reader: Reader) -> None:
    content = clockify(("05/05/2026", "10:00", "11:00", "01:00:00"), ("04/05/2026", "10:00", "11:00", "01:00:00"))
    with pytest.raises(RefusedFile) as refusal:
        reader.read(content)
    assert "04/05/2026 in line 3 (Start Date) is 4 May 2026 (day first) or 5 April 2026 (month first)" in str(
        refusal.value
    )
    assert 'date_order = "dmy"' in refusal.value.remedy
    with pytest.raises(RefusedFile, match=r"tables\.date_order .*found 'day first'.*dmy, mdy, ymd"):
        reader.read(content, tables={"date_order": "day first"})


def test_both_orders_in_one_file_are_refused(reader: Reader) -> None:
    content = clockify(("13/05/2026", "10:00", "11:00", "01:00:00"), ("05/14/2026", "10:00", "11:00", "01:00:00"))
    with pytest.raises(
        RefusedFile, match=r"written in two ways: 13/05/2026 in line 2 .*day first, 05/14/2026 in line 3"
    ):
        reader.read(content)


def test_start_and_end_tell_the_order_where_work_went_over_midnight(reader: Reader) -> None:
    row = ["Bridge", "C", "", "Design", "Ann", "", "ann@x.test", "", "Yes"]
    row += ["04/05/2026", "23:00", "05/05/2026", "01:00", "02:00:00", "2.00", "", ""]
    content = table(clockify().decode().splitlines()[0].split(","), row)
    # month first it would have lasted a month and two hours
    assert reader.read(content).frame.collect()["work_date"].to_list() == ["2026-05-04"]


def test_decimals_of_a_file_are_one(reader: Reader) -> None:
    def harvest(*hours: str, **options: Any) -> list[str]:
        rows = [["2026-05-04", "Bridge", "Design", value, "Ann", "Lee"] for value in hours]
        content = table(["Date", "Project", "Task", "Hours", "First Name", "Last Name"], *rows)
        return reader.read(content, **options).frame.collect()["hours"].to_list()

    assert harvest("1,5", "2") == ["1.5", "2"]
    assert harvest("1.234", "2,5") == ["1234", "2.5"]
    assert harvest("1.234", "2.5") == ["1.234", "2.5"]
    assert harvest("1.234", tables={"decimal_sign": "point"}) == ["1.234"]
    with pytest.raises(RefusedFile) as refusal:
        harvest("8", "1.234")
    assert (
        "1.234 in line 3 (Hours) is 1.234 (the point before the decimals) or 1234 (the comma before the decimals)"
        in str(refusal.value)
    )


def test_days_and_weeks_are_as_long_as_configured(reader: Reader) -> None:
    rows = [["ABC-12", value, "2026-05-10", "ann"] for value in ("1w 2d 3h", "2h 30m", "45m")]
    content = table(["Issue Key", "Hours", "Work date", "Username"], *rows)
    assert reader.read(content).frame.collect()["hours"].to_list() == ["59.000000", "2.500000", "0.750000"]
    configured = reader.read(content, timesheets={"hours_per_day": 7, "days_per_week": 4})
    assert configured.frame.collect()["hours"].to_list()[0] == "45.000000"
    with pytest.raises(RefusedFile, match=r"timesheets\.hours_per_day .*found 'eight'"):
        reader.read(content, timesheets={"hours_per_day": "eight"})


def test_a_break_within_the_time_stays_deducted(reader: Reader) -> None:
    header = ["Date", "From", "To", "Duration", "User", "Project", "Activity"]
    rows = [
        ["2026-05-04", "09:00", "18:00", "8:00", "ann", "P", "A"],
        ["2026-05-04", "19:00", "", "0:30", "ann", "P", "A"],
    ]
    assert reader.read(table(header, *rows)).frame.collect()["hours"].to_list() == ["8.000000", "0.500000"]


def test_what_cannot_be_read_stays_and_is_shown(reader: Reader) -> None:
    header = ["Date", "From", "To", "Duration", "User", "Project", "Activity"]
    rows = [
        ["31/02/2026", "09:00", "10:00", "a while", "ann", "P", "A"],
        ["2026-05-04", "9", "10", "", "ann", "P", "A"],
    ]
    frame = reader.read(table(header, *rows)).frame.collect()
    assert frame.select("work_date", "hours").rows() == [
        ("31/02/2026", "a while"),
        ("2026-05-04", "2026-05-04 to 2026-05-04"),
    ]


def test_a_title_above_the_header_is_passed_over(reader: Reader) -> None:
    body = table(["Issue Key", "Hours", "Work date", "Username"], ["ABC-12", "1.5", "2026-05-10", "ann"])
    found = reader.read(b"Report of May, 2026\r\n\r\nfrom, to\r\n" + body)
    assert found.warnings == ("2 lines above the header left out",)
    assert found.frame.collect()["source_line"].to_list() == ["5"]


def test_a_million_seconds_keep_their_sum(reader: Reader) -> None:
    logs = [worklog(number, number % 7200 + 1, "") for number in range(5000)]
    found = reader.read(page("worklogs", logs, total=5000), "worklogs.json").frame.collect()
    hours = sum(Decimal(value) for value in found["hours"])
    seconds = sum(number % 7200 + 1 for number in range(5000))
    assert abs(hours - Decimal(seconds) / 3600) < Decimal("0.000001") * 5000 / 2
    assert found["entry_id"].n_unique() == 5000
