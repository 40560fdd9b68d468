"""The profile language: what it makes of values, what it decides for a whole file, what it refuses."""

from __future__ import annotations

import dataclasses
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import ConfigurationError, RefusedFile
from pipelines.formats.base import FAULT, Context, RawTable, Replacement
from pipelines.formats.profile_draft import draft_profile
from pipelines.formats.profile_frames import apply_profile, preview
from pipelines.formats.profiles import load_profiles, read_profile

# The columns of a published data set of time logs (formats.md, CESAW); the rows are made up.
CESAW = """
name: cesaw_time_log
table: time_entry
header: [time_log_fact_key, person_key, project_key, wbs_element_key, time_log_start_date, time_log_delta_minutes]
columns:
  entry_id: time_log_fact_key
  employee_id: person_key
  project_id: {from: project_key, prefix: CESAW-}
  wbs_id: wbs_element_key
  work_date: {from: time_log_start_date, format: "%m/%d/%Y %H:%M"}
  hours: {from: time_log_delta_minutes, unit: minutes}
  activity: phase_short_name
"""


def table(rows: dict[str, list[str | None]]) -> RawTable:
    height = len(next(iter(rows.values())))
    frame = pl.DataFrame(
        {
            **rows,
            "source_line": [str(line) for line in range(2, height + 2)],
            FAULT: [None] * height,
        },
        schema={**dict.fromkeys(rows, pl.String), "source_line": pl.String, FAULT: pl.String},
    )
    return RawTable(format="csv", name="export", header=tuple(rows), frame=frame.lazy())


class Maker:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "mine.yaml"

    def profile(self, text: str):
        self.path.write_text(text, encoding="utf-8")
        return read_profile(self.path)

    def column(self, column: str, spec: str, rows: dict[str, list[str | None]]) -> list[str | None]:
        """What the rule `spec` of a time entry's `column` makes of `rows`; the other columns are constant."""
        rules = dict.fromkeys(("employee_id", "project_id", "work_date", "hours"), "{const: x}") | {column: spec}
        text = f"name: mine\ntable: time_entry\nheader: {list(rows)}\ncolumns:\n"
        profile = self.profile(text + "".join(f"  {name}: {rule}\n" for name, rule in rules.items()))
        return apply_profile(profile, table(rows), where="export.csv").frame.collect()[column].to_list()


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


def test_the_documented_example_reads_time_logs(maker: Maker) -> None:
    raw = table(
        {
            "time_log_fact_key": ["1", "2", "3"],
            "person_key": ["7", "7", None],
            "project_key": ["23", "23", "24"],
            "wbs_element_key": ["a", None, "b"],
            "time_log_start_date": ["9/6/2011 3:03", "12/31/2011 23:59", "13/13/2011 1:00"],
            "time_log_delta_minutes": ["8", "90", "long"],
            "phase_short_name": ["Design", "Test", " "],
            "organization": ["C", "C", "C"],
        }
    )
    read = apply_profile(maker.profile(CESAW), raw, where="export.csv")
    assert (read.table, read.format, read.warnings) == ("time_entry", "csv (cesaw_time_log)", ())
    assert read.mapping["hours"] == "time_log_delta_minutes (minutes)"
    assert read.frame.collect().rows() == [
        ("1", "7", "CESAW-23", "a", "2011-09-06", "0.133333", "Design", "2", None),
        ("2", "7", "CESAW-23", None, "2011-12-31", "1.500000", "Test", "3", None),
        # what does not fit stays as it stands in the file, blanks too: landing rejects it and shows it
        ("3", None, "CESAW-24", "b", "13/13/2011 1:00", "long", " ", "4", None),
    ]
    assert preview(maker.profile(CESAW), raw, n=1).rows()[0][0] == "1"


@pytest.mark.parametrize(
    ("spec", "values", "expected"),
    [
        ("{from: x, unit: seconds}", ["3600", "1", "-5400"], ["1.000000", "0.000278", "-1.500000"]),
        ("{from: x, unit: minutes}", ["0", "-0", "0.00003", "10"], ["0.000000", "0.000000", "0.000001", "0.166667"]),
        ("{from: x, unit: days}", ["1", "0.5", "-0.25"], ["8.000000", "4.000000", "-2.000000"]),
        ("{from: x, unit: hours}", ["7.5", "-1"], ["7.5", "-1"]),
        (
            "{from: x, unit: clock}",
            ["1:30", "00:00:02", "-0:30", "100:00"],
            ["1.500000", "0.000556", "-0.500000", "100.000000"],
        ),
        ("{from: x, unit: clock}", ["1:60", "12.5", "1h 30m", None], ["1:60", "12.5", "1h 30m", None]),
        ("{from: x, decimal: comma}", ["20,0", "2.000,0", "0,01", "-3"], ["20.0", "2000.0", "0.01", "-3"]),
        ("{from: x, decimal: comma}", ["1,2,3", "20.00,0", "1e3", "5 h"], ["1,2,3", "20.00,0", "1e3", "5 h"]),
        ("{from: x, decimal: comma}", ["1.234,56-", "(978,5)", "+2,5"], ["-1234.56", "-978.5", "2.5"]),
        ("{from: x, decimal: comma, thousands: ' '}", ["1 234,5", "1\u202f234,5"], ["1234.5", "1234.5"]),
        ('{from: x, thousands: "\'"}', ["1'234.5", "1,234.5"], ["1234.5", "1,234.5"]),
        ("{from: x, sign: reverse}", ["5", "-5", "0", "x"], ["-5", "5", "0", "x"]),
        ("{from: x, unit: minutes, sign: reverse}", ["30"], ["-0.500000"]),
        ("{from: x, unit: minutes, decimal: comma}", ["7,5"], ["0.125000"]),
        ("{from: x, default: '0'}", [None, " ", "4"], ["0", "0", "4"]),
    ],
)
def test_numbers(maker: Maker, spec: str, values: list, expected: list) -> None:
    assert maker.column("hours", spec, {"x": values}) == expected


@settings(deadline=None)
@given(minutes=st.lists(st.decimals(-(10**9), 10**9, places=3), min_size=1, max_size=20))
def test_minutes_become_hours_exactly_half_away_from_zero(
    tmp_path_factory: pytest.TempPathFactory, minutes: list
) -> None:
    maker = Maker(tmp_path_factory.getbasetemp())
    found = maker.column("hours", "{from: x, unit: minutes}", {"x": [f"{m:f}" for m in minutes]})
    expected = [(m / 60).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP) for m in minutes]
    assert [Decimal(hours) for hours in found] == expected


def test_a_sign_may_depend_on_another_column(maker: Maker) -> None:
    rows = {"x": ["5", "5", "5"], "Side": ["S", " h ", None]}
    assert maker.column("hours", "{from: x, sign: {column: side, reverse: [H]}}", rows) == ["5", "-5", "5"]


@pytest.mark.parametrize(
    ("spec", "values", "expected"),
    [
        (
            '{from: x, format: "%d.%m.%Y"}',
            ["1.2.2026", "31.12.2026", "30.2.2026"],
            ["2026-02-01", "2026-12-31", "30.2.2026"],
        ),
        ('{from: x, format: "%m/%d/%Y"}', ["9/16/11", None], ["9/16/11", None]),  # not the year 11
        ('{from: x, format: "%m/%d/%Y %I:%M %p"}', ["03/04/2024 10:23 PM"], ["2024-03-04"]),
        ('{from: x, format: ["%m/%d/%Y", "%d/%m/%Y"]}', ["04/05/2026", "13/05/2026"], ["2026-05-04", "2026-05-13"]),
        ('{from: x, format: ["%d/%m/%Y", "%m/%d/%Y"]}', ["04/05/2026", "05/13/2026"], ["2026-04-05", "2026-05-13"]),
        ('{from: x, format: ["%m/%d/%Y", "%d/%m/%Y"]}', ["04/04/2026", "soon"], ["2026-04-04", "soon"]),
    ],
)
def test_dates(maker: Maker, spec: str, values: list, expected: list) -> None:
    assert maker.column("work_date", spec, {"x": values}) == expected


def test_a_file_that_two_formats_read_differently_is_refused(maker: Maker) -> None:
    with pytest.raises(
        RefusedFile, match=r"04/05/2026 in line 2 \(x\) is 5 April 2026 \(month first\) or 4 May 2026 \(day first\)"
    ):
        maker.column("work_date", '{from: x, format: ["%m/%d/%Y", "%d/%m/%Y"]}', {"x": ["04/05/2026", "soon"]})
    with pytest.raises(RefusedFile, match=r"1,234 in line 2 \(x\) is 1234 .* or 1\.234 "):
        maker.column("hours", "{from: x, decimal: [point, comma]}", {"x": ["1,234", "7"]})
    with pytest.raises(RefusedFile, match=r"in two ways: 1\.5 in line 2 .*point.*, 1,5 in line 3 .*comma"):
        maker.column("hours", "{from: x, decimal: [point, comma]}", {"x": ["1.5", "1,5"]})


def test_a_few_typing_errors_do_not_hide_the_order(maker: Maker) -> None:
    days = [f"{day:02}/10/2026" for day in range(13, 32)] + ["31/12/2026", "04/05/2026", "05/13/2026"]
    found = maker.column("work_date", "{from: x, format: any}", {"x": days})
    assert found[-3:] == ["2026-12-31", "2026-05-04", "05/13/2026"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-05-04", "2026-05-04"),
        ("2026-05-04 17:00:00", "2026-05-04"),
        ("2026/5/4", "2026-05-04"),
        ("20260504", "2026-05-04"),
        ("4.5.2026", "2026-05-04"),
        ("04. 05. 26", "2026-05-04"),
        ("16 Mar 2011", "2011-03-16"),
        ("02-Nov-04", "2004-11-02"),
        ("10/May/26 9:30 AM", "2026-05-10"),
        ("4. März 2026", "2026-03-04"),
        ("4 de marzo de 2026", "2026-03-04"),
        ("March 4, 2026", "2026-03-04"),
        ("31/12/69", "2069-12-31"),
        ("31/12/70", "1970-12-31"),
        # 23:30 in UTC is the next day in Berlin; another offset is the person's own
        ("2026-05-04T23:30:00Z", "2026-05-05"),
        ("2026-05-04T23:30:00.000+00:00", "2026-05-05"),
        ("2026-05-04T23:30:00-0500", "2026-05-04"),
        ("31/02/2026", "31/02/2026"),
        ("00000000", "00000000"),
        ("soon", "soon"),
    ],
)
def test_any_date(maker: Maker, written: str, day: str) -> None:
    profile = maker.profile(
        "name: x\ntable: progress\nheader: [a, b, d]\n"
        "columns: {project_id: a, percent_complete: b, observed_on: {from: d, format: any}}\n"
    )
    raw = table({"a": ["P"], "b": ["0.5"], "d": [written]})
    context = Context(work=maker.path.parent, time_zone="Europe/Berlin")
    frame = apply_profile(profile, raw, where="x.csv", context=context).frame.collect()
    assert frame["observed_on"].to_list() == [day]


def test_the_decimal_sign_is_decided_for_the_whole_file(maker: Maker) -> None:
    spec = "{from: x, decimal: [point, comma]}"
    assert maker.column("hours", spec, {"x": ["1,234", "2,5", "8"]}) == ["1.234", "2.5", "8"]
    assert maker.column("hours", spec, {"x": ["1,234", "2.5", "8"]}) == ["1234", "2.5", "8"]
    assert maker.column("hours", spec, {"x": ["8", "7"]}) == ["8", "7"]


def test_texts_are_joined_chosen_and_mapped(maker: Maker) -> None:
    rows = {"First": ["Ann", None, " "], "Last": ["Lee", "Ray", None], "Mail": [None, "r@x.test", " "]}
    assert maker.column("employee_id", "{from: [First, Last]}", rows) == ["Ann Lee", "Ray", None]
    assert maker.column("employee_id", "{from: [Last, First], join: ', '}", rows) == ["Lee, Ann", "Ray", None]
    assert maker.column("employee_id", "{first: [Mail, Last]}", rows) == ["Lee", "r@x.test", None]
    values = {"x": ["Yes", "NO", "perhaps", None]}
    assert maker.column("is_billable", "{from: x, map: {Yes: 'true', No: 'false'}}", values) == [
        "true",
        "false",
        "perhaps",
        None,
    ]
    assert maker.column("approval_status", "{const: approved}", values) == ["approved"] * 4


def test_columns_have_other_names_in_other_languages(maker: Maker) -> None:
    text = (
        "name: x\ntable: time_entry\nsource_system: tool\nlocale: de\nheader: [Who, Job, Day, Time]\n"
        "names: {Day: [Tag, Jour], Time: [Stunden], Note: [Notiz]}\n"
        "replaces: {period: work_date, within: [employee_id]}\n"
        "columns: {employee_id: Who, project_id: Job, work_date: Day, hours: Time, description: Note}\n"
    )
    profile = maker.profile(text)
    rows = {"Who": ["7"], "Job": ["P"], "Tag": ["04/05/2026"], "Stunden": ["1.234,5"], "Notiz": ["n"]}
    assert profile.fits(["who", "job", "tag", "stunden"])
    assert not profile.fits(["who", "job", "tag"])
    read = apply_profile(profile, table(rows), where="x.csv")
    assert read.frame.collect().rows() == [("7", "P", "2026-05-04", "1234.5", "n", "2", None)]
    assert read.mapping["work_date"] == "Tag"
    assert (read.source_system, read.replaces) == ("tool", Replacement(period="work_date", within=("employee_id",)))
    assert read.dialect == "day first; the comma before the decimals"


def test_a_locale_of_the_file_is_decided_over_all_columns(maker: Maker) -> None:
    text = (
        "name: x\ntable: plan_line\nlocale: file\nheader: [P, V, M, A, H]\n"
        "columns: {project_id: P, plan_version_id: V, month: M, category: {const: other}, amount: A, hours: H,\n"
        "  currency_code: {const: EUR}}\n"
    )
    rows = {"P": ["P"] * 2, "V": ["1"] * 2, "M": ["2026-05-01"] * 2, "A": ["1.234", "5"], "H": ["2,5", "8"]}
    frame = apply_profile(maker.profile(text), table(rows), where="x.csv").frame.collect()
    assert frame.select("amount", "hours").rows() == [("1234", "2.5"), ("5", "8")]


def test_a_unit_may_stand_in_each_row(maker: Maker) -> None:
    rows = {"x": ["8", "30", "1", "5"], "Unit": ["H", "min", "TAG", "XX"]}
    spec = "{from: x, unit: {column: Unit, hours: [H, STD], minutes: [MIN], days: [TAG, D]}}"
    assert maker.column("hours", spec, rows) == ["8", "0.500000", "8.000000", "5 XX"]


def test_keys_are_cut_out_and_filled_up(maker: Maker) -> None:
    rows = {"x": ["ABC-12", "no key"], "y": ["17", "A7"]}
    assert maker.column("project_id", "{from: x, extract: '^([A-Z]+)-[0-9]+$'}", rows) == ["ABC", "no key"]
    assert maker.column("project_id", "{from: [x, y], pad: 4, join: /}", rows) == ["ABC-12/0017", "no key/A7"]
    assert maker.column("employee_id", "{first: [[y, x], x], join: '.'}", rows) == ["17.ABC-12", "A7.no key"]


def test_the_rest_of_a_map_and_words_for_yes(maker: Maker) -> None:
    rows = {"x": ["0", "3600", None, "Nein", "oui"]}
    assert maker.column("is_billable", "{from: x, map: {'0': 'false', '*': 'true'}}", rows) == [
        "false",
        "true",
        None,
        "true",
        "true",
    ]
    assert maker.column("is_billable", "{from: x}", rows) == ["false", "3600", None, "false", "true"]


def test_a_column_that_stands_twice_matters_only_where_it_is_used(maker: Maker) -> None:
    raw = dataclasses.replace(
        table({name: ["1"] for name in (*maker.profile(CESAW).header, "Tag", "Tag (2)")}), repeated=("tag",)
    )
    assert apply_profile(maker.profile(CESAW), raw, where="x.csv").frame.collect().height == 1
    with pytest.raises(RefusedFile, match="'person_key' twice, and the profile uses it"):
        apply_profile(maker.profile(CESAW), dataclasses.replace(raw, repeated=("person_key",)), where="x.csv")


def test_a_column_that_the_file_does_not_have_is_absent_or_its_default(maker: Maker) -> None:
    text = CESAW + "  description: Notes\n  approval_status: {from: State, default: submitted}\n"
    raw = table({name: ["1"] for name in maker.profile(text).header})
    frame = apply_profile(maker.profile(text), raw, where="export.csv").frame.collect()
    assert "description" not in frame.columns
    assert frame["approval_status"].to_list() == ["submitted"]


def test_rows_left_out_are_counted(maker: Maker) -> None:
    text = CESAW.replace("time_log_delta_minutes]", "time_log_delta_minutes, State]") + (
        "leave_out:\n  - {column: State, is: [cancelled, template]}\n  - {column: person_key, is_not: ['7']}\n"
    )
    columns = [name for name in maker.profile(text).header if name != "state"]
    raw = table({name: ["7"] * 4 for name in columns} | {"State": ["ok", "Cancelled", None, "ok"]})
    raw = RawTable(
        format="csv",
        name="x",
        header=raw.header,
        frame=raw.frame.with_columns(
            person_key=pl.Series(["7", "7", "8", "9"]), __fault=pl.Series([None] * 3 + ["cut"])
        ),
    )
    read = apply_profile(maker.profile(text), raw, where="export.csv")
    assert read.warnings == (
        "1 rows left out, where State is cancelled or template: hours 0.116667",
        "1 rows left out, where person_key is not 7: hours 0.116667",
    )
    # a row with a fault is landing's to reject, whatever its cells say
    assert read.frame.collect()["source_line"].to_list() == ["2", "5"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("table: time_entry", "table: hours", r"table .*found 'hours'"),
        ("name: cesaw_time_log\n", "", "missing key .*name"),
        ("name: cesaw_time_log", "colour: red\nname: x", r"unknown key .*colour"),
        ("  entry_id:", "  entry:", r"unknown key .*columns\.entry"),
        (
            'work_date: {from: time_log_start_date, format: "%m/%d/%Y %H:%M"}',
            "description: x",
            "required column work_date of time_entry is not mapped",
        ),
        ("unit: minutes", "unit: fortnights", r"columns\.hours\.unit .*fortnights.*valid: seconds, minutes"),
        ("unit: minutes", "units: minutes", r"unknown key .*columns\.hours\.units"),
        ("unit: minutes", "const: '1'", r"exactly one of from, first and const .*columns\.hours"),
        ("unit: minutes", "decimal: dot", r"columns\.hours\.decimal .*dot"),
        (
            "unit: minutes",
            "thousands: '.', decimal: [point, comma]",
            r"clashes with decimal .*columns\.hours\.thousands",
        ),
        ("unit: minutes", "thousands: '.'", r"clashes with decimal"),
        ("unit: minutes", "sign: minus", r"not a sign .*columns\.hours\.sign"),
        ("unit: minutes", "sign: {column: Side, reverse: H}", "header does not demand this column .*side"),
        ("prefix: CESAW-", "unit: minutes", r"only numbers have it .*columns\.project_id\.unit"),
        ("prefix: CESAW-", "format: x", r"only dates have a format .*columns\.project_id\.format"),
        ("prefix: CESAW-", "map: none", r"not a block of keys .*columns\.project_id\.map"),
        ("employee_id: person_key", "employee_id: email", "made of email, which header does not demand"),
        ("employee_id: person_key", "employee_id: []", r"columns\.employee_id"),
        ("columns:", "leave_out: [{column: x, is: y}]\ncolumns:", r"leave_out\.column .*found 'x'"),
        ("columns:", "leave_out: [{column: person_key}]\ncolumns:", "needs column and one of is and is_not"),
        ("columns:", "leave_out: [{column: person_key, is: []}]\ncolumns:", "not a text or a list of texts"),
        ("columns:", "tell: [{column: person_key, is: x}]\ncolumns:", "needs why"),
        ("columns:", "locale: en\ncolumns:", r"locale .*found 'en'.*en-us, en-gb"),
        ("columns:", "header_row: below\ncolumns:", r"header_row .*first, find"),
        ("columns:", "names: {x: {}}\ncolumns:", r"names\.x"),
        ("columns:", "each: {column: person_key, into: [a]}\ncolumns:", r"missing key .*each\.separator"),
        ("columns:", "each: {column: x, separator: ';', into: [a]}\ncolumns:", r"each\.column .*found 'x'"),
        ("columns:", "replaces: {period: hours}\ncolumns:", r"replaces\.period .*found 'hours'.*work_date"),
        ("columns:", "replaces: {period: work_date, within: [person]}\ncolumns:", r"replaces\.within .*found 'person'"),
        ("unit: minutes", "unit: {hours: [H]}", r"needs a column and the values of each unit"),
        ("unit: minutes", "unit: {column: Unit, hours: [H]}", r"columns\.hours\.unit\.column .*found 'unit'"),
        ("unit: minutes", "start: time_log_start_date", "start and end go together"),
        ("prefix: CESAW-", "extract: '([a-z]'", r"not a regular expression.*columns\.project_id\.extract"),
        ("prefix: CESAW-", "extract: '[a-z]+'", "not a regular expression with one group"),
        ("prefix: CESAW-", "pad: many", r"columns\.project_id\.pad"),
        ('format: "%m/%d/%Y %H:%M"', 'format: [any, "%d"]', "any stands alone"),
        ("columns:", "columns: [", "not readable as YAML"),
    ],
)
def test_a_bad_profile_is_refused_naming_file_and_key(maker: Maker, old: str, new: str, complaint: str) -> None:
    assert old in CESAW
    with pytest.raises(ConfigurationError, match=complaint) as error:
        maker.profile(CESAW.replace(old, new, 1))
    assert "mine.yaml" in str(error.value)
    assert "docs/formats.md" in error.value.remedy


def test_a_user_s_profile_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    shipped = load_profiles(tmp_path / "absent")
    assert {"clockify_detailed", "harvest_detailed", "toggl_detailed"} < {p.name for p in shipped}
    assert all(p.is_shipped for p in shipped)
    (tmp_path / "mine.yaml").write_text(CESAW.replace("cesaw_time_log", "toggl_detailed"), encoding="utf-8")
    found = {p.name: p for p in load_profiles(tmp_path)}
    assert len(found) == len(shipped)
    assert found["toggl_detailed"].header[0] == "time_log_fact_key"
    assert not found["toggl_detailed"].is_shipped
    (tmp_path / "other.yml").write_text(CESAW.replace("cesaw_time_log", "toggl_detailed"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"two profiles have the same name .*mine\.yaml and .*other\.yml"):
        load_profiles(tmp_path)


def shipped(name: str):
    return next(profile for profile in load_profiles() if profile.name == name)


def test_clockify_takes_the_exact_duration_and_one_date_format(maker: Maker) -> None:
    rows = {
        "Project": ["P1", "P1"],
        "Client": [None, "C"],
        "Task": [None, "Design"],
        "User": ["Ann Lee", "Ann Lee"],
        "Email": ["ann@x.test", None],
        "Billable": ["Yes", "No"],
        "Start Date": ["03/04/2026", "03/28/2026"],
        "Start Time": ["10:23 AM", "10:23:52 AM"],
        "Duration (h)": ["00:00:09", "01:30:00"],
        "Duration (decimal)": ["0.00", "1.50"],
        "Billable Rate (EUR)": ["0.00", "0.00"],
    }
    read = apply_profile(shipped("clockify_detailed"), table(rows), where="x.csv")
    assert read.frame.drop("source_line", FAULT).collect().to_dicts() == [
        {"employee_id": "ann@x.test", "project_id": "P1", "work_date": "2026-03-04", "hours": "0.002500"}
        | {"activity": None, "is_billable": "true"},
        {"employee_id": "Ann Lee", "project_id": "P1", "work_date": "2026-03-28", "hours": "1.500000"}
        | {"activity": "Design", "is_billable": "false"},
    ]


def test_harvest_decides_its_decimal_sign(maker: Maker) -> None:
    names = (
        "Date",
        "Client",
        "Project",
        "Project Code",
        "Task",
        "Notes",
        "Hours",
        "First Name",
        "Last Name",
        "Approved?",
    )
    rows = [
        ("2026-03-02", "C", "Bridge", "P-1", "Design", "n", "20,0", "Ann", "Lee", "Yes"),
        ("2026-03-03", "C", "Bridge", None, "Design", "n", "2.000,5", "Ann", "Lee", "No"),
    ]
    raw = table({name: [row[i] for row in rows] for i, name in enumerate(names)})
    frame = apply_profile(shipped("harvest_detailed"), raw, where="x.csv").frame.collect()
    assert frame.select("employee_id", "project_id", "hours", "approval_status").rows() == [
        ("Ann Lee", "P-1", "20.0", "approved"),
        ("Ann Lee", "Bridge", "2000.5", "submitted"),
    ]


def test_a_draft_is_a_profile_that_reads_the_file(maker: Maker) -> None:
    raw = table(
        {
            "Log Number": ["1", "2"],
            "Person": ["7", "8"],
            "Project Key": ["P1", "P2"],
            "Started": ["9/16/2011 3:03", "12/31/2011 23:59"],
            "Start Date": ["9/16/2011 3:03", "12/31/2011 23:59"],
            "Time (minutes)": ["30", "60"],
            "Mood": ["good", None],
        }
    )
    text = draft_profile(raw, "mine")
    profile = maker.profile(text)
    frame = apply_profile(profile, raw, where="x.csv").frame.collect()
    assert profile.table == "time_entry"
    assert frame.select("employee_id", "project_id", "work_date", "hours").rows() == [
        ("7", "P1", "2011-09-16", "0.500000"),
        ("8", "P2", "2011-12-31", "1.000000"),
    ]
    assert "not used: Started, Mood" in text


def test_a_draft_says_what_is_to_be_filled_in(maker: Maker) -> None:
    text = draft_profile(table({"Customer No": ["1"], "Colour": ["red"]}), "mine")
    assert "table: customer" in text
    assert "# customer_name:   # FILL IN: required, any text" in text
    with pytest.raises(ConfigurationError, match="required column customer_name of customer is not mapped"):
        maker.profile(text)
