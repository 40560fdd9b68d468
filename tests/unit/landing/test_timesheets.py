"""Time sheets through the whole of landing: what a later export takes back, and what counts in a day."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipelines.landing import land_inbox
from tests.unit.formats.seeds.timesheets import clockify, table


def entries(home: Any, columns: str = "cast(work_date as varchar), hours") -> list[tuple]:
    return home.rows(f"select {columns} from raw.time_entry order by all")


def test_an_export_without_numbers_replaces_its_period(home: Any) -> None:
    first = clockify(
        ("05/13/2026", "10:00", "11:00", "01:00:00"),
        ("05/14/2026", "10:00", "12:00", "02:00:00"),
        ("05/14/2026", "10:00", "12:00", "02:00:00"),
        ("05/20/2026", "10:00", "13:00", "03:00:00"),
    )
    home.drop("timesheets/1.csv", first.decode())
    land_inbox(home.settings)
    assert sum(row[1] for row in entries(home)) == Decimal(8)
    # the same days again: one of the equal entries is gone, another lasted longer
    home.drop(
        "timesheets/2.csv",
        clockify(("05/13/2026", "10:00", "11:30", "01:30:00"), ("05/14/2026", "10:00", "12:00", "02:00:00")).decode(),
    )
    (file,) = land_inbox(home.settings).files
    (result,) = file.tables
    assert (result.rows_restated, result.rows_unchanged, result.rows_withdrawn) == (1, 1, 1)
    assert entries(home) == [
        ("2026-05-13", Decimal("1.5")),
        ("2026-05-14", Decimal(2)),
        ("2026-05-20", Decimal(3)),
    ]


CATS = ("PERNR", "WORKDATE", "CATSHOURS", "STATUS", "COUNTER", "POSID")


def test_a_cancelled_record_takes_back_what_was_approved(home: Any) -> None:
    home.drop("timesheets/1.csv", table(CATS, ["1234", "20260504", "8.00", "30", "17", "P.1"]).decode())
    land_inbox(home.settings)
    # Excel has taken the zeros from nothing here, and spells the number in full
    home.drop(
        "timesheets/2.csv",
        table(
            CATS,
            ["00001234", "20260504", "8.00", "60", "000000000017", "P.1"],
            ["00001234", "20260504", "9.00", "60", "000000000018", "P.1"],
            ["00001234", "20260504", "8.50", "30", "000000000019", "P.1"],
        ).decode(),
    )
    (file,) = land_inbox(home.settings).files
    # 25.5 hours stand in the file for that day; those that are cancelled are none of it
    assert (file.status, file.tables[0].rows_rejected, file.tables[0].rows_restated) == ("loaded", 0, 1)
    assert entries(home, "approval_status, sum(hours)".replace("sum(hours)", "hours")) == [
        ("approved", Decimal("8.5")),
        ("rejected", Decimal(8)),
        ("rejected", Decimal(9)),
    ]
    assert file.warnings == (
        "2 rows cancelled (status 60): loaded as rejected, what they said before counts no longer",
    )


def test_more_than_a_day_has_is_still_rejected(home: Any) -> None:
    rows = [["1", "20260504", "13.00", "30", str(number), "P.1"] for number in (1, 2)]
    home.drop("timesheets/1.csv", table(CATS, *rows).decode())
    (file,) = land_inbox(home.settings).files
    assert file.tables[0].rows_rejected == 2


def test_the_configuration_reaches_the_readers(home: Any) -> None:
    import dataclasses

    content = clockify(("05/04/2026", "10:00", "11:00", "01:00:00")).decode()
    home.drop("timesheets/1.csv", content)
    (file,) = land_inbox(home.settings).files
    assert file.status == "refused"
    assert "05/04/2026 in line 2 (Start Date) is 5 April 2026 (day first) or 4 May 2026 (month first)" in file.reason
    settings = dataclasses.replace(home.settings, formats={"tables": {"date_order": "mdy"}})
    home.drop("timesheets/1.csv", content)
    (file,) = land_inbox(settings).files
    assert (file.status, entries(home)) == ("loaded", [("2026-05-04", Decimal(1))])


def test_an_instant_in_utc_belongs_to_the_day_of_the_configured_zone(home: Any) -> None:
    import dataclasses

    header = ["description", "project", "start", "end", "user_name", "user_email"]
    row = ["n", "P", "2026-05-04T22:30:00Z", "2026-05-04T23:30:00Z", "Ann", "ann@x.test"]
    home.drop("timesheets/1.csv", table(header, row).decode())
    land_inbox(dataclasses.replace(home.settings, time_zone="Europe/Berlin"))
    assert entries(home) == [("2026-05-05", Decimal(1))]
