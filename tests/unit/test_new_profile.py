"""`outturn profile new`: the draft, its preview, and what it never does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.commands.profile import new_profile
from pipelines.errors import ConfigurationError, RefusedFile
from pipelines.formats.profiles import load_profiles
from pipelines.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def dropped(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


LOGS = "person_key;project_key;started;minutes\n7;P-1;13.10.2026;90\n8;P-1;31.02.2026;30\n9;;14.10.2026;x\n"
LOGS += "7;P-1;15.10.2026;60\n" * 9


def test_a_draft_is_written_and_previewed(settings: Settings, tmp_path: Path) -> None:
    found, lines = new_profile(settings, dropped(tmp_path, "Work Log.csv", LOGS))
    path = settings.profiles / "work_log.yaml"
    assert found["path"] == str(path)
    assert path.read_text(encoding="utf-8") == found["draft"]
    assert "work_log" in {profile.name for profile in load_profiles(settings.profiles)}
    assert found["loads"]
    preview = found["preview"]
    assert (preview["table"], preview["rows"], preview["rows_rejected"], preview["amount"]) == (
        "time_entry",
        12,
        2,
        "11",
    )
    first, second, third, *_ = preview["first_rows"]
    assert first["line"] == "2"
    assert {name: str(value) for name, value in first["values"].items()} == {
        "employee_id": "7",
        "project_id": "P-1",
        "work_date": "2026-10-13",
        "hours": "1.500000",
        "approval_status": "approved",
    }
    assert [(reject["column"], reject["value"]) for reject in second["rejects"]] == [("work_date", "31.02.2026")]
    assert [(reject["column"], reject["reason"]) for reject in third["rejects"]] == [
        ("project_id", "required, but empty"),
        ("hours", "not a number"),
    ]
    assert (
        "  line 2: employee_id=7, project_id=P-1, work_date=2026-10-13, hours=1.500000, approval_status=approved"
        in lines
    )
    assert any("rejected: work_date '31.02.2026': not the canonical form of a date" in line for line in lines)
    assert any(line.startswith("  1 × hours: not a number (first in line 4: 'x')") for line in lines)
    json.dumps(found, default=str)
    assert list(settings.work.iterdir()) == []


def test_what_is_to_be_filled_in_is_said_and_the_rest_shown(settings: Settings, tmp_path: Path) -> None:
    found, lines = new_profile(
        settings, dropped(tmp_path, "costs.csv", 'ID,Date,Amount (EUR)\n1,2026-10-05,"1.234,50"\n2,2026-10-06,"2,5"\n')
    )
    assert (found["loads"], found["missing"]) == (False, ("project_id",))
    assert "It does not load yet, fill in: project_id" in lines
    # it stops no refresh
    assert (found["path"], load_profiles(settings.profiles)) == (
        str(settings.profiles / "costs.draft"),
        load_profiles(None),
    )
    with pytest.raises(ConfigurationError, match="the profile stands already"):
        new_profile(settings, tmp_path / "costs.csv")
    assert '  currency_code: {"const": "EUR"}  # guessed; required' in found["draft"].splitlines()
    values = found["preview"]["first_rows"][0]["values"]
    assert (str(values["amount"]), values["currency_code"]) == ("1234.500000", "EUR")
    assert not any("rejected: project_id" in line for line in lines)


def test_the_draft_can_be_printed_instead(settings: Settings, tmp_path: Path) -> None:
    found, lines = new_profile(settings, dropped(tmp_path, "log.csv", LOGS), to_stdout=True)
    assert found["path"] is None
    assert list(settings.profiles.iterdir()) == []
    # what is printed is the profile, its preview as comments
    (tmp_path / "printed.yaml").write_text("\n".join(lines), encoding="utf-8")
    (settings.profiles / "log.yaml").write_text("\n".join(lines), encoding="utf-8")
    assert "log" in {profile.name for profile in load_profiles(settings.profiles)}


def test_the_table_can_be_given(settings: Settings, tmp_path: Path) -> None:
    found, _ = new_profile(settings, dropped(tmp_path, "log.csv", LOGS), table="cost_line")
    assert "table: cost_line  # as you said" in found["draft"]
    with pytest.raises(ConfigurationError, match=r"not a canonical table .*found 'costs'.*cost_line"):
        new_profile(settings, tmp_path / "log.csv", name="other", table="costs")


def test_a_profile_is_never_overwritten(settings: Settings, tmp_path: Path) -> None:
    file = dropped(tmp_path, "log.csv", LOGS)
    new_profile(settings, file)
    (settings.profiles / "log.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="the profile stands already"):
        new_profile(settings, file)
    assert (settings.profiles / "log.yaml").read_text(encoding="utf-8") == "mine"
    with pytest.raises(ConfigurationError, match="not a name for a profile"):
        new_profile(settings, file, name="../x")


def test_what_cannot_be_decided_is_said_by_the_preview(settings: Settings, tmp_path: Path) -> None:
    text = "person,project,day,hours\n7,P,04/05/2026,8\n7,P,05/05/2026,8\n"
    found, lines = new_profile(settings, dropped(tmp_path, "log.csv", text))
    assert not found["loads"]
    assert "04/05/2026 in line 2 (day) is 4 May 2026 (day first) or 5 April 2026 (month first)" in found["refusal"]
    assert lines[1].startswith("It does not load yet: the dates can be read in two ways")


def test_what_is_no_table_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="a PDF"):
        new_profile(settings, dropped(tmp_path, "x.csv", "%PDF-1.7"))
    assert list(settings.profiles.iterdir()) == []


def test_hours_are_the_time_between_where_nothing_else_says_them(settings: Settings, tmp_path: Path) -> None:
    text = "user,project,start,end\nann,P,2026-10-05 09:00,2026-10-05 10:30\n"
    found, _ = new_profile(settings, dropped(tmp_path, "log.csv", text))
    assert '  hours: {"start": "start", "end": "end"}  # guessed; required' in found["draft"].splitlines()
    assert str(found["preview"]["first_rows"][0]["values"]["hours"]) == "1.500000"
