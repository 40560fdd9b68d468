"""What a file is, told by its bytes; which table it is, told by name, profile or columns; what is refused and why."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, DocumentRead, Source, TableRead
from pipelines.formats.detect import recognise
from pipelines.formats.profiles import Profile, load_profiles, read_profile

ENTRIES = "employee_id,project_id,work_date,hours\nE1,P1,2026-03-31,8\nE2,P1,2026-03-31,7.5\n"
PROFILE = """
name: {name}
table: time_entry
header: [{header}]
columns: {{employee_id: Who, project_id: Job, work_date: Day, hours: Time}}
"""
CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"


class Inbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def drop(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def workbook(self, name: str, sheets: dict[str, list[list[object]]]) -> Path:
        path = self.folder / name
        with xlsxwriter.Workbook(path) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
        return path

    def recognise(self, path: Path, profiles: Sequence[Profile] = (), feed: str | None = None):
        source = Source(path=path, name=path.name, feed=feed, size=path.stat().st_size)
        return recognise(source, own_parties=("ours",), profiles=profiles, work=self.folder)

    def tables(self, path: Path, profiles: Sequence[Profile] = ()) -> list[TableRead]:
        found = self.recognise(path, profiles)
        assert not isinstance(found, DocumentRead)
        return found

    def profile(self, name: str = "mine", header: str = "Who, Job, Day, Time", *, shipped: bool = False) -> Profile:
        path = self.drop(f"{name}.yaml", PROFILE.format(name=name, header=header))
        return read_profile(path, is_shipped=shipped)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


def old_office(*, encrypted: bool) -> bytes:
    inside = "EncryptedPackage" if encrypted else "Workbook"
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + inside.encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("time_entry.csv", b"", "the file is empty"),
        ("time_entry.csv", b"\n \r\n", "the file is empty"),
        ("time_entry.csv", b"\xef\xbb\xbf\n<!DOCTYPE html><html>Log in</html>", "an HTML page, probably a log-in"),
        ("time_entry.csv", b"<table><tr><td>1</td></tr></table>", "an HTML page"),
        ("time_entry.xls", "\ufeff<html>".encode("utf-16"), "an HTML page"),
        ("time_entry.xls", old_office(encrypted=False), r"old binary Office format .*save it as \.xlsx"),
        ("time_entry.xlsx", old_office(encrypted=True), "a workbook with a password"),
        ("time_entry.xlsx", b"PK\x03\x04 and then nothing", "a broken ZIP or XLSX file"),
        ("invoice.txt", b"UNA:+.? 'UNB+UNOC:3+...", "an EDIFACT message"),
        ("invoice.xml", b"UNB+UNOC:3+...", "an EDIFACT message"),
        ("time_entry.csv", b"<?xml version='1.0'?><a/>", "an XML document of an unknown kind"),
        ("invoice.pdf", b"%PDF-1.7\nbroken", "not a readable PDF"),
        ("time_entry.csv.gz", b"\x1f\x8b\x08 broken", "a broken gzip file"),
        ("time_entry.csv", gzip.compress(gzip.compress(b"<a/>")), "a packed file within a packed file"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_by_its_content(
    inbox: Inbox, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(RefusedFile, match=reason) as refusal:
        inbox.recognise(inbox.drop(name, content))
    assert refusal.value.remedy
    assert name in refusal.value.where


def test_what_a_gzip_file_holds_is_recognised_like_the_file_itself(inbox: Inbox) -> None:
    with pytest.raises(RefusedFile, match=r"an XML document of an unknown kind in invoice\.xml "):
        inbox.recognise(inbox.drop("invoice.xml.gz", gzip.compress(b"<?xml version='1.0'?><a/>")))


def zipped(inbox: Inbox, members: dict[str, str | bytes]) -> Path:
    path = inbox.folder / "delivery.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_the_only_file_of_an_archive_is_read_under_its_own_name(inbox: Inbox) -> None:
    (read,) = inbox.tables(zipped(inbox, {"../../out/time_entry_2026.csv": ENTRIES, "__MACOSX/._x": "junk"}))
    assert read.table == "time_entry"
    # a name in an archive is no path
    assert not (inbox.folder.parent / "out").exists()
    assert [path.name for path in (inbox.folder / "unpacked").iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"time_entry.csv": ENTRIES, "customer.csv": "x"}, "neither a workbook nor a single packed file .*2 files"),
        ({"word/document.xml": "<a/>", "[Content_Types].xml": "<a/>"}, "neither a workbook nor a single packed file"),
        ({}, "neither a workbook nor a single packed file .*0 files"),
        ({"xl/workbook.bin": ENTRIES}, r"another format than \.xlsx"),
        ({"content.xml": ENTRIES}, r"another format than \.xlsx"),
        ({"time_entry.csv": b"0" * 200_000_000}, "expands beyond all measure"),
        ({"inner.zip": b"PK\x05\x06" + b"\0" * 18}, "a packed file within a packed file"),
    ],
)
def test_other_archives_are_refused(inbox: Inbox, members: dict[str, str | bytes], reason: str) -> None:
    with pytest.raises(RefusedFile, match=reason):
        inbox.recognise(zipped(inbox, members))


def test_an_invoice_is_an_invoice_whatever_it_is_called(inbox: Inbox) -> None:
    with pytest.raises(RefusedFile, match=r"number \(BT-1\) is missing"):
        inbox.recognise(inbox.drop("time_entry.csv", f'<CrossIndustryInvoice xmlns="{CII}"/>'))


@pytest.mark.parametrize(
    "name",
    [
        "time_entry.csv",
        "time_entry_2026-10.csv",
        "time_entry-x.csv",
        "TIME_ENTRY.CSV",
        "time entry 2026.txt",
        "time_entry",
    ],
)
def test_the_name_says_the_table(inbox: Inbox, name: str) -> None:
    (read,) = inbox.tables(inbox.drop(name, ENTRIES))
    assert (read.table, read.format, read.warnings) == ("time_entry", "csv", ())
    frame = read.frame.collect()
    assert frame.columns == ["employee_id", "project_id", "work_date", "hours", "source_line", FAULT]
    assert frame["hours"].to_list() == ["8", "7.5"]
    assert frame["source_line"].to_list() == ["2", "3"]


def test_a_longer_table_name_wins(inbox: Inbox) -> None:
    lines = "invoice_id,direction,counterparty_id,line_id,net_amount\nR1,customer,C1,1,5\n"
    (read,) = inbox.tables(inbox.drop("invoice_line_2026.csv", lines))
    assert (read.table, read.warnings) == ("invoice_line", ())


def test_column_names_are_compared_without_case_and_blanks(inbox: Inbox) -> None:
    text = ENTRIES.replace("employee_id,project_id", " Employee  ID ,PROJECT_ID").replace("work_date", "Ｗork date")
    (read,) = inbox.tables(inbox.drop("time_entry.csv", text))
    assert dict(read.mapping) == {
        "employee_id": "Employee  ID",
        "project_id": "PROJECT_ID",
        "work_date": "Ｗork date",
        "hours": "hours",
    }


def test_two_columns_with_one_name_are_refused(inbox: Inbox) -> None:
    text = ENTRIES.replace("hours\n", "hours,Work Date\n").replace("8\n", "8,x\n")
    with pytest.raises(RefusedFile, match="the header has the column 'work_date' twice"):
        inbox.recognise(inbox.drop("time_entry.csv", text))


def test_unknown_columns_are_left_out_and_named(inbox: Inbox) -> None:
    text = "employee_id,project_id,work_date,hours,mood,Shoe Size\nE1,P1,2026-03-31,8,good,43\n"
    (read,) = inbox.tables(inbox.drop("time_entry.csv", text))
    assert read.warnings == ("columns that time_entry does not know were left out: mood, Shoe Size",)
    assert "mood" not in read.frame.collect_schema().names()


def test_a_missing_required_column_refuses_the_file_and_names_it(inbox: Inbox) -> None:
    with pytest.raises(RefusedFile) as refusal:
        inbox.recognise(inbox.drop("time_entry.csv", ENTRIES.replace("work_date", "workdate")))
    assert refusal.value.what == (
        "the name says time_entry, but required columns are missing: work_date (perhaps 'workdate')"
    )
    assert "outturn profile new time_entry.csv" in refusal.value.remedy


def test_without_a_telling_name_the_columns_decide_where_only_one_table_has_them(inbox: Inbox) -> None:
    (read,) = inbox.tables(inbox.drop("export.csv", ENTRIES))
    assert read.table == "time_entry"
    assert read.warnings == ("taken as time_entry by its columns alone; a name like time_entry_… says so",)


def test_an_unknown_column_makes_columns_alone_too_little(inbox: Inbox) -> None:
    path = inbox.drop("export.csv", ENTRIES.replace("hours\n", "hours,mood\n"))
    with pytest.raises(
        RefusedFile, match=r"no canonical table fits .*nearest: time_entry, but its name does not say so"
    ):
        inbox.recognise(path)


def test_what_nothing_fits_is_refused_with_what_is_nearest(inbox: Inbox) -> None:
    path = inbox.drop("export.csv", "employee_id,project_id,date,hours\nE1,P1,2026-03-31,8\n")
    with pytest.raises(RefusedFile, match=r"nearest: time_entry, which lacks work_date"):
        inbox.recognise(path)
    path = inbox.drop("export.csv", "a,b\n1,2\n")
    with pytest.raises(RefusedFile) as refusal:
        inbox.recognise(path, feed="timesheets")
    assert "nearest" not in refusal.value.what
    assert (refusal.value.value, refusal.value.valid) == ("a, b", "time_entry")


FOREIGN = "Who,Job,Day,Time,Note\nE1,P1,2026-03-31,8,x\n"


def test_a_profile_is_chosen_by_its_fingerprint(inbox: Inbox) -> None:
    (read,) = inbox.tables(inbox.drop("export.csv", FOREIGN), [inbox.profile()])
    assert (read.table, read.format) == ("time_entry", "csv (mine)")
    assert dict(read.mapping) == {"employee_id": "Who", "project_id": "Job", "work_date": "Day", "hours": "Time"}
    # the name of a table over foreign columns does not hide the profile
    (read,) = inbox.tables(inbox.drop("time_entry.csv", FOREIGN), [inbox.profile()])
    assert read.format == "csv (mine)"


def test_the_longer_fingerprint_and_then_the_user_s_own_profile_win(inbox: Inbox) -> None:
    path = inbox.drop("export.csv", FOREIGN)
    longer = inbox.profile("longer", "Who, Job, Day, Time, Note")
    assert inbox.tables(path, [inbox.profile(), longer])[0].format == "csv (longer)"
    assert inbox.tables(path, [inbox.profile("tool", shipped=True), inbox.profile()])[0].format == "csv (mine)"
    with pytest.raises(RefusedFile, match=r"two profiles fit equally well .*(mine, other|other, mine)"):
        inbox.recognise(path, [inbox.profile(), inbox.profile("other")])


ROWS: list[list[object]] = [["employee_id", "project_id", "work_date", "hours"], ["E1", "P1", "2026-03-31", "8"]]


def test_a_workbook_loads_the_sheets_it_knows_and_names_the_others(inbox: Inbox) -> None:
    sheets = {"time_entry": ROWS, "Notes": [["remember"], ["this"]], "customer": [["customer_id", "customer_name"]]}
    reads = inbox.tables(inbox.workbook("book.xlsx", sheets))
    assert [read.table for read in reads] == ["time_entry", "customer"]
    assert reads[0].warnings == ("sheets that hold no canonical table were left out: Notes",)


def test_the_name_of_a_workbook_speaks_for_its_sheets(inbox: Inbox) -> None:
    reads = inbox.tables(inbox.workbook("time_entry 2026-10.xlsx", {"Sheet1": ROWS, "Notes": [["remember"], ["this"]]}))
    assert [read.table for read in reads] == ["time_entry"]


def test_sheets_of_one_table_are_put_together(inbox: Inbox) -> None:
    september = [["employee_id", "project_id", "work_date", "hours", "activity"], ["E2", "P1", "2026-02-28", "7", "x"]]
    (read,) = inbox.tables(inbox.workbook("b.xlsx", {"time_entry 02": september, "time_entry 03": ROWS}))
    frame = read.frame.collect()
    assert frame.sort("employee_id").select("employee_id", "hours", "activity").rows() == [
        ("E1", "8", None),
        ("E2", "7", "x"),
    ]
    assert frame["source_line"].n_unique() == 2


def test_a_sheet_that_calls_itself_a_table_and_is_none_refuses_the_workbook(inbox: Inbox) -> None:
    book = inbox.workbook("b.xlsx", {"time_entry": ROWS, "customer": [["customer_id", "name"], ["C1", "x"]]})
    with pytest.raises(RefusedFile, match=r"the name says customer.*customer_name.* in b.xlsx, sheet customer"):
        inbox.recognise(book)


def test_a_workbook_without_a_known_sheet_is_refused(inbox: Inbox) -> None:
    book = inbox.workbook("b.xlsx", {"Notes": [["remember"], ["this"]], "Data": [["a", "b"], ["1", "2"]]})
    with pytest.raises(RefusedFile, match=r"no canonical table fits .* in b\.xlsx, sheet Data"):
        inbox.recognise(book)


def test_parquet_and_json_lines_need_no_extension_either(inbox: Inbox) -> None:
    frame = pl.DataFrame({"employee_id": ["E1"], "project_id": ["P1"], "work_date": ["2026-03-31"], "hours": ["8"]})
    frame.write_parquet(inbox.folder / "time_entry.dat")
    frame.write_ndjson(inbox.folder / "time_entry.txt")
    for name, form in (("time_entry.dat", "parquet"), ("time_entry.txt", "jsonl")):
        (read,) = inbox.tables(inbox.folder / name)
        assert (read.table, read.format) == ("time_entry", form)
        assert read.frame.collect()["hours"].to_list() == ["8"]


def test_the_shipped_profiles_do_not_compete(inbox: Inbox) -> None:
    for profile in load_profiles():
        assert [other.name for other in load_profiles() if other.fits(profile.header)] == [profile.name]
