"""One file after the other: loaded, restated, unchanged, rejected in part, refused whole, known already."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from typing import Any

import pytest

from pipelines.contracts import contracts
from pipelines.errors import ConservationError, RefusedFile
from pipelines.landing import coerce, land, land_inbox, load

HEAD = "cost_line_id,project_id,posting_date,amount,currency_code\n"
ENTRIES = "employee_id,project_id,work_date,hours,entry_id\n"


def cost(number: object, amount: str, *, day: str = "2026-01-05") -> str:
    return f"{number},P1,{day},{amount},EUR\n"


def test_good_rows_load_and_bad_ones_are_named(home: Any) -> None:
    home.drop(
        "erp/cost_line.csv",
        HEAD
        + cost(1, "10.50")
        + cost(2, '"1.234,56"')
        + cost("", "3")
        + cost(4, "4", day="2026-02-30")
        + "5,P1,2026-01-05,5\n"
        + cost(6, "6")
        + cost(7, "7")
        + cost(6, "8")
        + "8,P1,soon,n/a,ABC\n",
    )
    (file,) = land_inbox(home.settings).files
    (table,) = file.tables
    assert (table.rows_read, table.rows_loaded, table.rows_rejected, table.rows_unchanged) == (9, 2, 7, 0)
    # 1.234,56 and n/a are no numbers, and in the ragged row nobody knows which cell is the amount
    assert (table.amount_read, table.amount_loaded, table.amount_rejected) == (
        Decimal("38.5"),
        Decimal("17.5"),
        Decimal(21),
    )
    assert table.amounts_unreadable == 3
    assert home.rejected() == [
        ("cost_line", "10", "amount", "n/a", "a word for nothing, not a number"),
        ("cost_line", "10", "currency_code", "ABC", "no currency of ISO 4217"),
        ("cost_line", "10", "posting_date", "soon", "not a date"),
        ("cost_line", "3", "amount", "1.234,56", "not the canonical form of a number"),
        ("cost_line", "4", "cost_line_id", None, "required, but empty"),
        ("cost_line", "5", "posting_date", "2026-02-30", "no such day in the calendar"),
        ("cost_line", "6", None, None, "the row has 4 fields where the header has 5"),
        ("cost_line", "7", "cost_line_id", "6", "the same key stands in line 9 too"),
        ("cost_line", "9", "cost_line_id", "6", "the same key stands in line 7 too"),
    ]
    assert home.rows("select count(*) from ledger.rejected_rows where remedy is null or source_file_id is null") == [
        (0,)
    ]
    assert home.rows("select cost_line_id, amount, is_billable, source_line from raw.cost_line order by 1") == [
        ("1", Decimal("10.500000"), False, "2"),
        ("7", Decimal("7.000000"), False, "8"),
    ]
    (entry,) = home.loads()
    assert (entry["file_name"], entry["feed"], entry["table_name"], entry["status"]) == (
        "cost_line.csv",
        "erp",
        "cost_line",
        "loaded",
    )
    assert (entry["rows_read"], entry["rows_loaded"], entry["rows_rejected"]) == (9, 2, 7)
    assert str(entry["loaded_at"]) == "2026-11-01 05:00:00"


def test_a_key_in_many_lines(home: Any) -> None:
    home.drop("erp/cost_line.csv", HEAD + "".join(cost("A", "1") for _ in range(9)))
    land_inbox(home.settings)
    reasons = [row[4] for row in home.rejected()]
    assert len(reasons) == 9
    assert reasons[0] == "the same key stands in line 2, 3, 4 and 5 more too"


def test_rules_of_a_contract_reject_the_row_on_their_column(home: Any) -> None:
    home.drop(
        "erp/cost_rate.csv",
        "employee_id,role_id,valid_from,valid_to,hourly_rate,currency_code\n"
        "E1,,2026-01-01,,50,EUR\nE1,R1,2026-02-01,,50,EUR\n,,2026-01-01,2025-12-31,-1,EUR\n",
    )
    land_inbox(home.settings)
    assert home.rejected() == [
        ("cost_rate", "3", "role_id", "R1", "both employee_id and role_id are given"),
        ("cost_rate", "4", "hourly_rate", "-1", "below zero"),
        ("cost_rate", "4", "role_id", None, "neither employee_id nor role_id is given"),
        ("cost_rate", "4", "valid_to", "2025-12-31", "ends before it starts"),
    ]
    assert home.loads()[0]["rows_rejected"] == 2


@pytest.mark.parametrize("table", list(contracts()))
def test_every_rule_can_fail(home: Any, rows_of: Any, text_of: Any, table: str) -> None:
    """A rule that no row can break protects nothing: each is broken on purpose and named."""
    contract = contracts()[table]
    breaking = {
        "terms_not_negative": {"payment_terms_days": "-1"},
        "dates_in_order": {"planned_end_date": "1999-01-01", "end_date": "1999-01-01", "valid_to": "1999-01-01",
                           "closed_on": "1999-01-01"},
        "actual_dates_in_order": {"actual_end_date": "1999-01-01"},
        "capacity_in_a_week": {"weekly_capacity_hours": "169"},
        "names_a_person_or_a_role": {"employee_id": "", "role_id": ""},
        "not_both": {"employee_id": "E", "role_id": "R"},
        "rate_not_negative": {"hourly_rate": "-1"},
        "hours_not_negative": {"hours": "-1"},
        "delivered_after_ordered": {"delivered_on": "1999-01-01"},
        "rate_above_zero": {"rate": "0"},
        "hours_fit_in_a_day": {"hours": "-24.5"},
        "weight_not_negative": {"weight": "-1"},
        "attempt_counts_from_one": {"attempt": "0"},
        "score_on_its_scale": {"score": "11"},
        "days_not_negative": {"days_lost": "-1"},
        "decided_after_requested": {"decided_on": "1999-01-01"},
        "defects_not_negative": {"defects": "-1"},
        "amount_has_currency": {"cost_amount": "1", "currency_code": ""},
        "closed_after_raised": {"closed_on": "1999-01-01"},
    }  # fmt: skip
    for number, rule in enumerate(contract.rules):
        (row,) = rows_of(contract, 1)
        row |= {name: value for name, value in breaking[rule.name].items() if name in row}
        content = ",".join(row) + "\n" + ",".join('"' + text_of(v).replace('"', '""') + '"' for v in row.values())
        home.drop(f"{contract.feed}/{table}_{number}.csv", content)
        land_inbox(home.settings)
        findings = {(column, reason) for _, _, column, _, reason in home.rejected()}
        assert (rule.column, rule.reason) in findings
    assert not contract.rules or home.rows(f"select count(*) from raw.{table}") == [(0,)]


def test_a_later_file_restates_and_the_old_version_moves_to_history(home: Any) -> None:
    home.drop("erp/cost_line_1.csv", HEAD + cost(1, "10") + cost(2, "20") + cost(3, "30"))
    home.drop("erp/cost_line_2.csv", HEAD + cost(2, "20.0") + cost(3, "33") + cost(4, "40"))
    first, second = land_inbox(home.settings).files
    (table,) = second.tables
    assert (table.rows_read, table.rows_loaded, table.rows_restated, table.rows_unchanged) == (3, 2, 1, 1)
    assert (table.amount_read, table.amount_loaded, table.amount_unchanged) == (Decimal(93), Decimal(73), Decimal(20))
    rows = home.rows("select cost_line_id, cast(amount as int), source_file_id from raw.cost_line order by 1")
    one, two = first.source_file_id, second.source_file_id
    assert rows == [("1", 10, one), ("2", 20, one), ("3", 33, two), ("4", 40, two)]
    assert home.rows(
        "select cost_line_id, cast(amount as int), source_file_id, superseded_by_file_id, superseded_at::varchar "
        "from history.cost_line"
    ) == [("3", 30, one, two, "2026-11-01 05:00:00")]


def test_empty_key_columns_are_equal_to_each_other(home: Any) -> None:
    head = "project_id,role_id,employee_id,month,hours\n"
    home.drop("projects/resource_plan_1.csv", head + "P,R,,2026-01,10\nP,R,E,2026-01,5\n")
    home.drop("projects/resource_plan_2.csv", head + "P,R,,2026-01-31,12\n")
    home.drop("projects/resource_plan_3.csv", head + "P,R,,2026-02,1\nP,R,,2026-02,2\n")
    land_inbox(home.settings)
    assert home.rows("select employee_id, cast(hours as int) from raw.resource_plan order by 2") == [
        ("E", 5),
        (None, 12),
    ]
    assert home.rows("select count(*) from history.resource_plan") == [(1,)]
    assert [row[4] for row in home.rejected()] == [
        "the same key stands in line 3 too",
        "the same key stands in line 2 too",
    ]


def test_the_same_bytes_twice_change_nothing(home: Any) -> None:
    home.drop("erp/cost_line.csv", HEAD + cost(1, "10") + cost(2, "x"))
    land_inbox(home.settings)
    before = home.content()
    again = home.drop("erp/other name.csv", HEAD + cost(1, "10") + cost(2, "x"))
    (file,) = land_inbox(home.settings).files
    assert (file.status, file.reason) == (
        "duplicate",
        "the same bytes were loaded on 2026-11-01 05:00 UTC as erp/cost_line.csv",
    )
    assert home.content() == before
    assert not again.exists()


def test_entries_without_a_key_get_one_that_comes_again(home: Any) -> None:
    rows = "E1,P1,2026-01-05,4\nE1,P1,2026-01-05,4\nE2,P1,2026-01-05,8\n"
    head = "employee_id,project_id,work_date,hours\n"
    home.drop("timesheets/time_entry_1.csv", head + rows)
    home.drop("timesheets/time_entry_2.csv", head + rows.replace("E2,P1,2026-01-05,8", "E2,P1,2026-01-05,7.5") + "\n")
    home.drop("timesheets/time_entry_3.csv", ENTRIES + "E1,P1,2026-01-05,1,T-1\nE1,P1,2026-01-06,2,\n")
    first, second, third = land_inbox(home.settings).files
    assert (first.tables[0].rows_loaded, first.tables[0].rows_restated) == (3, 0)
    assert (second.tables[0].rows_unchanged, second.tables[0].rows_restated) == (2, 1)
    assert third.tables[0].rows_loaded == 2
    assert home.rows("select count(*), count(distinct entry_id), sum(hours) from raw.time_entry") == [
        (5, 5, Decimal("18.500000"))
    ]


def test_more_hours_than_a_day_has_reject_that_day_of_that_person(home: Any) -> None:
    home.drop(
        "timesheets/time_entry.csv",
        ENTRIES
        + "E1,P1,2026-01-05,13,A\nE1,P2,2026-01-05,12,B\nE1,P1,2026-01-06,12,C\nE2,P1,2026-01-05,24,D\n"
        + "E3,P1,2026-01-05,80,F\nE3,P1,2026-01-05,8,G\nE4,P1,2026-01-05,20,H\nE4,P1,2026-01-05,-4,I\n"
        + "E4,P1,2026-01-05,8,J\n",
    )
    (file,) = land_inbox(home.settings).files
    assert home.rejected() == [
        ("time_entry", "2", "hours", "13", "the entries of this person and day add up to 25 hours"),
        ("time_entry", "3", "hours", "12", "the entries of this person and day add up to 25 hours"),
        ("time_entry", "6", "hours", "80", "more than 24 hours in one entry"),
    ]
    assert (file.tables[0].rows_loaded, file.tables[0].amount_loaded) == (6, Decimal(68))


def test_a_refused_file_lies_in_refused_with_its_reason_and_can_be_dropped_again(home: Any) -> None:
    home.drop("erp/cost_line.csv", "id,value\n1,2\n")
    home.drop("erp/payment.csv", "payment_id,invoice_id,paid_on,amount,currency_code\n1,R,2026-01-01,5,EUR\n")
    bad, good = land_inbox(home.settings).files
    assert (bad.status, good.status) == ("refused", "loaded")
    assert "required columns are missing" in bad.reason
    (kept,) = home.settings.refused.rglob("cost_line.csv")
    assert kept.read_text() == "id,value\n1,2\n"
    note = kept.with_name("cost_line.csv.reason.txt").read_text()
    assert bad.reason in note
    assert "inbox/erp" in note
    assert {path.name for path in home.settings.archive.iterdir()} == {good.sha256, "index.jsonl"}
    refused = home.loads()[0]
    assert (refused["table_name"], refused["status"], refused["reason"], refused["rows_read"]) == (
        None,
        "refused",
        bad.reason,
        0,
    )
    before = home.loads()
    home.drop("erp/cost_line.csv", kept.read_bytes())
    assert land_inbox(home.settings).count("refused") == 1
    assert home.loads() == before


def test_a_file_refused_by_an_older_version_is_loaded_by_a_newer_one(home: Any, monkeypatch: Any) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(land, "recognise", lambda *a, **k: (_ for _ in ()).throw(RefusedFile("not known yet")))
        home.drop("erp/cost_line.csv", HEAD + cost(1, "10"))
        land_inbox(home.settings)
    home.drop("erp/cost_line.csv", HEAD + cost(1, "10"))
    (file,) = land_inbox(home.settings).files
    assert file.status == "loaded"
    assert [(load["load_number"], load["status"]) for load in home.loads()] == [(1, "loaded")]
    assert [path for path in home.settings.refused.rglob("*") if path.is_file()] == []


def test_a_fault_of_the_programme_stops_no_other_file_and_loses_none(home: Any, monkeypatch: Any) -> None:
    recognise = land.recognise

    def stumble(source: Any, **keys: Any) -> Any:
        if source.name == "payment.csv":
            raise ZeroDivisionError("division by zero")
        return recognise(source, **keys)

    monkeypatch.setattr(land, "recognise", stumble)
    home.drop("erp/payment.csv", "x")
    home.drop("erp/cost_line.csv", HEAD + cost(1, "10"))
    bad, good = land_inbox(home.settings).files
    assert good.status == "loaded"
    assert bad.reason.startswith("a fault of the programme, not necessarily of the file (ZeroDivisionError: division")
    assert len(list(home.settings.refused.rglob("payment.csv"))) == 1


def test_a_full_disk_is_nobody_s_fault_and_leaves_the_file_where_it_is(home: Any, monkeypatch: Any) -> None:
    path = home.drop("erp/cost_line.csv", HEAD + cost(1, "10"))

    def full(*args: Any, **keys: Any) -> Any:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(land, "load_table", full)
        with pytest.raises(OSError, match="No space"):
            land_inbox(home.settings)
    assert path.exists()
    assert land_inbox(home.settings).rows_loaded == 1


@pytest.mark.parametrize("lost", ["good", "bad", "amount"])
def test_a_row_or_an_amount_that_gets_lost_stops_the_file(home: Any, monkeypatch: Any, lost: str) -> None:
    """The proof must be able to fail: the splitting is broken on purpose."""
    good_rows, bad_rows = coerce.good_rows, coerce.bad_rows
    import polars as pl

    broken = {
        "good": ("good_rows", lambda rows, c: good_rows(rows, c).filter(pl.col("cost_line_id") != "2")),
        "bad": ("bad_rows", lambda rows, c: bad_rows(rows, c).head(0)),
        "amount": ("good_rows", lambda rows, c: good_rows(rows, c).with_columns(pl.col("amount") * 2)),
    }[lost]
    monkeypatch.setattr(coerce, *broken)
    home.drop("erp/cost_line.csv", HEAD + cost(1, "10") + cost(2, "20") + cost(3, "x"))
    (file,) = land_inbox(home.settings).files
    assert file.status == "refused"
    what = "amounts" if lost == "amount" else "rows"
    assert f"ConservationError: {what} were lost or counted twice in cost_line" in file.reason
    assert set(home.content()) == {"ledger.loads"}


def test_the_proof_itself() -> None:
    def result(**keys: Any) -> load.TableResult:
        base: dict[str, Any] = {
            "table": "t", "rows_read": 3, "rows_loaded": 1, "rows_rejected": 1, "rows_unchanged": 1,
            "rows_restated": 0, "amount_column": "a", "amount_read": Decimal(6), "amount_loaded": Decimal(1),
            "amount_rejected": Decimal(2), "amount_unchanged": Decimal(3),
        }  # fmt: skip
        return load.TableResult(**(base | keys))

    load.prove(result())
    for broken in ({"rows_loaded": 2}, {"rows_rejected": 0}, {"amount_loaded": Decimal("1.000001")}):
        with pytest.raises(ConservationError):
            load.prove(result(**broken))


def test_documents_share_a_transaction_and_each_has_its_own_entry(home: Any, ubl: Any) -> None:
    for number in range(5):
        home.drop(f"invoices/{number}.xml", ubl(f"R-{number}", f"{number + 1}00.00"))
    home.drop("invoices/page.xml", "<html></html>")
    home.drop("invoices/again.xml", ubl("R-0", "150.00"))
    home.drop("invoices/same bytes.xml", ubl("R-1", "200.00"))
    seen: list[str] = []
    result = land_inbox(home.settings, on_file=lambda file: seen.append(f"{file.file_name} {file.status}"))
    assert seen == [
        "0.xml loaded", "1.xml loaded", "2.xml loaded", "3.xml loaded", "4.xml loaded", "page.xml refused",
        "again.xml loaded", "same bytes.xml duplicate",
    ]  # fmt: skip
    assert {(t.table, t.rows_read, t.rows_loaded) for t in result.files[0].tables} == {
        ("invoice", 1, 1),
        ("invoice_line", 1, 1),
    }
    assert [t.rows_restated for t in result.files[6].tables] == [1, 1]
    assert home.rows("select sum(net_amount) from raw.invoice") == [(Decimal("1550.000000"),)]
    assert home.rows("select sum(net_amount) from history.invoice_line") == [(Decimal("100.000000"),)]
    assert [(load["file_name"], load["load_number"]) for load in home.loads() if load["table_name"] != "invoice"] == [
        ("0.xml", 1), ("1.xml", 2), ("2.xml", 3), ("3.xml", 4), ("4.xml", 5), ("page.xml", 6), ("again.xml", 7),
    ]  # fmt: skip


def test_one_document_that_cannot_be_loaded_takes_no_other_with_it(home: Any, ubl: Any, monkeypatch: Any) -> None:
    record = land.ledger.record

    def stumble(connection: Any, entries: Any, **keys: Any) -> None:
        if any(entry.taken.file.name == "1.xml" and entry.reason is None for entry in entries):
            raise KeyError("one")
        record(connection, entries, **keys)

    monkeypatch.setattr(land.ledger, "record", stumble)
    for number in range(3):
        home.drop(f"invoices/{number}.xml", ubl(f"R-{number}", "100.00"))
    assert [file.status for file in land_inbox(home.settings).files] == ["loaded", "refused", "loaded"]
    assert home.rows("select invoice_id from raw.invoice order by 1") == [("R-0",), ("R-2",)]


def test_files_are_taken_in_the_order_of_their_time(home: Any) -> None:
    home.drop("erp/z/cost_line.csv", HEAD + cost(1, "1"))
    home.drop("erp/cost_line.csv", HEAD + cost(1, "2"))
    home.drop("erp/a/cost_line.csv.gz", gzip.compress((HEAD + cost(1, "3")).encode()))
    land_inbox(home.settings)
    assert home.rows("select cast(amount as int) from raw.cost_line") == [(3,)]
    assert home.rows("select cast(amount as int) from history.cost_line order by 1") == [(1,), (2,)]


def test_only_the_feeds_asked_for_are_taken(home: Any) -> None:
    home.drop("erp/cost_line.csv", HEAD + cost(1, "1"))
    home.drop("kpi/milestone.csv", "project_id,milestone_id,milestone_name,reported_on\nP,M,n,2026-01-01\n")
    assert [f.feed for f in land_inbox(home.settings, feeds=["kpi"]).files] == ["kpi"]
    assert [f.feed for f in land_inbox(home.settings, feeds=["erp", "invoices"]).files] == ["erp"]


def test_an_empty_table_is_a_delivery_too(home: Any) -> None:
    home.drop("erp/cost_line.csv", HEAD)
    (file,) = land_inbox(home.settings).files
    assert (file.status, file.tables[0].rows_read, file.tables[0].amount_read) == ("loaded", 0, Decimal(0))
    assert [(load["table_name"], load["rows_read"]) for load in home.loads()] == [("cost_line", 0)]


def test_a_workbook_is_one_delivery_of_several_tables(home: Any, rows_of: Any, tmp_path: Any) -> None:
    import xlsxwriter

    path = tmp_path / "master data.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for table in ("customer", "programme"):
            sheet = book.add_worksheet(table)
            sheet.write_row(0, 0, [c.name for c in contracts()[table].columns])
            for line, row in enumerate(rows_of(contracts()[table], 3), start=1):
                sheet.write_row(line, 0, ["" if v is None else v for v in row.values()])
    home.drop("erp/master data.xlsx", path.read_bytes())
    (file,) = land_inbox(home.settings).files
    assert [(t.table, t.rows_loaded) for t in file.tables] == [("customer", 3), ("programme", 3)]
    assert [(load["load_number"], load["table_name"]) for load in home.loads()] == [(1, "customer"), (1, "programme")]
    assert home.rows("select source_line from raw.programme order by 1")[0] == ("programme!2",)


def test_the_archive_names_its_files_in_their_order(home: Any) -> None:
    """Bytes under hashes are half an archive: what they were called, and which came first, stands beside them."""
    header = "payment_id,invoice_id,paid_on,amount,currency_code\n"
    home.drop("erp/payment_1.csv", header + "1,R,2026-01-01,5,EUR\n")
    (first,) = land_inbox(home.settings).files
    index = home.settings.archive / "index.jsonl"
    with index.open("a", encoding="utf-8") as file:
        file.write('{"load_number": 2, "sha')  # the power went while the next line was written
    home.drop("erp/sub/payment_2.csv", header + "2,R,2026-01-02,6,EUR\n")
    home.drop("erp/refused.csv", "nothing,known\n1,2\n")
    second = next(file for file in land_inbox(home.settings).files if file.status == "loaded")
    lines = [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines()]
    assert [(line["sha256"], line["feed"], line["file_name"]) for line in lines if line["status"] == "loaded"] == [
        (first.sha256, "erp", "payment_1.csv"),
        (second.sha256, "erp", "sub/payment_2.csv"),
    ]
    assert [(line["load_number"], line["status"]) for line in lines] == [(1, "loaded"), (2, "loaded"), (3, "refused")]
    assert lines[2]["reason"]


def test_the_same_bytes_twice_in_one_inbox_are_refused_twice(home: Any) -> None:
    home.drop("erp/a.csv", b"")
    home.drop("erp/b.csv", b"")
    files = land_inbox(home.settings).files
    assert [(file.file_name, file.status) for file in files] == [("a.csv", "refused"), ("b.csv", "refused")]
    assert len(list(home.settings.refused.rglob("*.csv"))) == 2
