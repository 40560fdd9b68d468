"""Settings: what wins, what is refused, and with which sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.errors import ConfigurationError
from pipelines.settings import load_settings


def write(home: Path, text: str) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    (home / "outturn.toml").write_text(text, encoding="utf-8")
    return home


def test_the_template_is_itself_a_usable_configuration(tmp_path):
    load_settings(tmp_path, environment={}).create_home()
    assert load_settings(tmp_path, environment={}) == load_settings(tmp_path / "other", environment={}).__class__(
        home=tmp_path
    )


def test_home_is_absolute_and_complete(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load_settings(environment={"OUTTURN_HOME": "data"})
    settings.create_home()
    assert settings.home == tmp_path / "data"
    assert sorted(p.name for p in settings.inbox.iterdir()) == ["erp", "invoices", "kpi", "projects", "timesheets"]
    assert settings.archive.stat().st_mode & 0o077 == 0
    assert settings.pseudonym_key_file.stat().st_mode & 0o077 == 0
    key = settings.pseudonym_key()
    settings.create_home()
    assert settings.pseudonym_key() == key
    assert len(key) == 64


def test_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path):
    home = write(tmp_path, 'base_currency = "USD"\n[privacy]\nminimum_group = 7\n')
    settings = load_settings(home, environment={"OUTTURN_MINIMUM_GROUP": "9"})
    assert (settings.base_currency, settings.minimum_group, settings.labour_cost_source) == ("USD", 9, "timesheets")
    parties = load_settings(home, environment={"OUTTURN_OWN_PARTIES": "DE1, Acme"}).own_parties
    assert parties == ("DE1", "Acme")


def test_feeds_and_the_clock(tmp_path):
    home = write(tmp_path, '[feeds.time_entry]\nexpected_every = "1d"\nlate_after = "36h"\n')
    settings = load_settings(home, environment={"OUTTURN_NOW": "2026-11-03T06:00:00+01:00"})
    assert settings.feeds["time_entry"].late_after == timedelta(hours=36)
    assert settings.now() == datetime(2026, 11, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("base_currency = 'euro'", "not a currency"),
        ("time_zone = 'Mars/Olympus'", "unknown time zone"),
        ("labour_cost_source = 'guess'", "valid: timesheets, erp"),
        ("base_curency = 'EUR'", "unknown setting"),
        ("[privacy]\nminimum_group = 0", "valid: 1 to 1000"),
        ("[privacy]\nmin_group = 5", "unknown setting"),
        ("[feeds.timesheet]\nexpected_every = '1d'", "unknown table"),
        ("[feeds.time_entry]\nexpected_every = 'daily'", "not a duration"),
        ("[schedule]\nrefresh = '5 o clock'", "not a cron expression"),
        ("fiscal_year_start_month = 13", "valid: 1 to 12"),
        ("own_parties = [1]", "not a list of names"),
        ("base_currency = ", "not readable as TOML"),
    ],
)
def test_what_is_not_usable_is_refused_with_a_sentence(tmp_path, text, says):
    with pytest.raises(ConfigurationError, match=says) as caught:
        load_settings(write(tmp_path, text), environment={})
    assert caught.value.exit_code == 2
