"""The ECB's reference rates: history and day, CSV, ZIP and XML."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import RefusedFile
from tests.unit.formats.erp_files import Reader, faults, rows
from tests.unit.formats.seeds import kpi as seeds

COLUMNS = ("from_currency", "to_currency", "rate_date", "rate_type", "rate")


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


@pytest.mark.parametrize("content", [seeds.HISTORY.encode(), seeds.seeds()["eurofxref-hist.zip"]], ids=["csv", "zip"])
def test_the_history(reader: Reader, content: bytes) -> None:
    found = reader.one(content)
    assert (found.format, found.table, found.source_system) == ("ecb", "exchange_rate", "ecb")
    assert rows(found, *COLUMNS) == [
        ("EUR", "USD", "2026-04-13", "daily", "1.1684"),
        ("EUR", "USD", "2005-01-03", "daily", "1.3507"),
        ("EUR", "JPY", "2026-04-13", "daily", "171.2"),
        ("EUR", "JPY", "2005-01-03", "daily", "139.0"),
        ("EUR", "TRL", "2005-01-03", "daily", "1828000"),
        ("EUR", "GBP", "2026-04-13", "daily", "0.87"),
        ("EUR", "GBP", "2005-01-03", "daily", "0.7073"),
        ("EUR", "HRK", "2005-01-03", "daily", "7.5550"),
    ]
    assert found.warnings == ("2 days of a currency without a rate (N/A) left out",)
    assert faults(found) == []


def test_the_rates_of_a_day(reader: Reader) -> None:
    found = reader.one(seeds.DAILY)
    assert rows(found, "to_currency", "rate_date", "rate") == [
        ("USD", "2026-04-13", "1.1684"),
        ("JPY", "2026-04-13", "171.20"),
        ("GBP", "2026-04-13", "0.87000"),
    ]


def test_the_envelope(reader: Reader) -> None:
    found = reader.one(seeds.RATES_XML)
    assert rows(found, *COLUMNS[1:], "source_line") == [
        ("USD", "2026-04-13", "daily", "1.1684", "/Envelope/Cube/Cube[1]/Cube[@currency='USD']"),
        ("JPY", "2026-04-13", "daily", "171.2", "/Envelope/Cube/Cube[1]/Cube[@currency='JPY']"),
        ("USD", "2026-04-10", "daily", "1.1711", "/Envelope/Cube/Cube[2]/Cube[@currency='USD']"),
    ]
    with pytest.raises(RefusedFile, match="without exchange rates"):
        reader.one(seeds.RATES_XML.replace("currency=", "money="))


def test_a_currency_that_does_not_exist_is_named(reader: Reader) -> None:
    found = reader.one(seeds.HISTORY.replace("HRK", "QQQ"))
    assert found.warnings[1] == "rates of currencies that ISO 4217 does not know are rejected: QQQ (1)"
