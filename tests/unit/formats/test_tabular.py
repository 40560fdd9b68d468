"""Physical tables: what stands in a file comes out as text, and what cannot be right is named."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import polars as pl
import pyarrow
import pyarrow.parquet
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, RawTable, Source
from pipelines.formats.tables import delimited
from pipelines.formats.tabular import open_tables


def opened(path: Path, work: Path | None = None) -> list[RawTable]:
    source = Source(path=path, name=path.name, feed=None, size=path.stat().st_size)
    return open_tables(source, work=work or path.parent)


def one(path: Path, content: bytes | str) -> RawTable:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (table,) = opened(path)
    return table


def rows(table: RawTable) -> list[tuple]:
    return table.frame.collect(engine="streaming").rows()


@pytest.mark.parametrize(
    "column",
    [
        pyarrow.array([Decimal("1.25")], pyarrow.decimal256(50, 2)),
        pyarrow.array([[("k", 1)]], pyarrow.map_(pyarrow.string(), pyarrow.int64())),
    ],
)
def test_a_type_that_no_table_takes_is_named(column, tmp_path):
    pyarrow.parquet.write_table(pyarrow.table({"amount": column}), path := tmp_path / "x.parquet")
    with pytest.raises(RefusedFile, match="'amount' is of a type that no table takes"):
        opened(path, tmp_path / "work")


def test_a_wrong_byte_in_parquet_ends_no_process(tmp_path):
    """Polars itself aborts on some of these: a length that it believes is more than any machine has."""
    pl.DataFrame({"a": ["x", "y"] * 50, "b": [1.5, None] * 50}).write_parquet(path := tmp_path / "x.parquet")
    sound = path.read_bytes()
    read = refused = 0
    for position in range(4, len(sound)):
        path.write_bytes(sound[:position] + bytes([sound[position] ^ 0x6D]) + sound[position + 1 :])
        try:
            rows(opened(path, tmp_path / "work")[0])
            read += 1
        except RefusedFile:
            refused += 1
    assert 0 < read < refused


def refusal(path: Path, content: bytes | str) -> str:
    with pytest.raises(RefusedFile) as caught:
        one(path, content)
    return str(caught.value)


def test_cells_lines_and_faults_of_a_csv(tmp_path: Path) -> None:
    table = one(
        tmp_path / "time_entry 2026-10.csv",
        'day,hours,note\n1,"a\nb",x\n\n2,"q""q",y\n3\n4,a,b,c\n5, "x, y" ,z\n6,5" pipe,z\n'
        '7,"a"b,c\n,,\n8,"open,x\n9,1,2,\n10,1,2',
    )
    assert (table.format, table.name, table.header) == ("csv", "time_entry 2026-10", ("day", "hours", "note"))
    assert table.dialect == "utf-8, comma"
    assert rows(table) == [
        ("1", "a\nb", "x", "2", None),
        ("2", 'q"q', "y", "5", None),
        ("3", None, None, "6", "the row has 1 fields where the header has 3"),
        ("4", "a", "b", "7", "the row has 4 fields where the header has 3"),
        ("5", "x, y", "z", "8", None),
        ("6", '5" pipe', "z", "9", None),
        ('7,"a"b,c', None, None, "10", "text stands behind the closing quote of a cell"),
        ('8,"open,x', None, None, "12", "the quote of a cell is never closed"),
        ("9", "1", "2", "13", None),
        ("10", "1", "2", "14", None),
    ]


@pytest.mark.parametrize(
    ("content", "dialect", "cells"),
    [
        (b"a;b\n1;2,5\n", "utf-8, semicolon", ("1", "2,5")),
        (b"\xef\xbb\xbfa\tb\r\n1\tx y\r\n", "utf-8, tab", ("1", "x y")),
        ("a|b\n1|Gr\u00fcn\n".encode("cp1252"), "cp1252, bar", ("1", "Gr\u00fcn")),
        ("a;b\r1;\u00fc\r".encode("utf-16"), "utf-16, semicolon", ("1", "\u00fc")),
        (b"sep=;\r\na,x;b\r\n1;2\r\n", "utf-8, semicolon", ("1", "2")),
        (gzip.compress(b"a,b\n1,2\n"), "utf-8, comma", ("1", "2")),
        (b"a,b,\n1,2,\n", "utf-8, comma", ("1", "2")),
    ],
)
def test_encodings_and_delimiters(tmp_path: Path, content: bytes, dialect: str, cells: tuple) -> None:
    table = one(tmp_path / "x.data", content)
    assert table.dialect == dialect
    assert [row[: len(cells)] for row in rows(table)] == [cells]
    assert all(row[-1] is None for row in rows(table))


def test_text_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    assert one(tmp_path / "x.csv", "a,b\n1,\xfc\n".encode("cp1252")).warnings == (
        "the text is not UTF-8; it was read as Windows-1252",
    )


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    assert rows(one(tmp_path / "x.csv", "a,b")) == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.csv", b"", "the file is empty"),
        ("x.csv", b"\n \n", "the file is empty"),
        ("x.csv", b"a,b\n1,\0\n", "NUL characters"),
        ("x.csv", b"a,b\n1,\x81\n", "in no encoding known here"),
        ("x.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 512, "Excel 97 to 2003"),
        ("x.csv", b"<html></html>", "XML or HTML"),
        ("x.csv", b"%PDF-1.4", "a PDF"),
        ("x.json", b"[]", "holds no rows"),
        ("x.json", b'{"results": []}', "holds no rows"),
        ("x.json", b'[{"a": 1}', "broken"),
        ("x.json", b'[{"a": 1}] more', "more text behind its end"),
        ("x.json", b'[{"a": 1,}]', "broken"),
        ("x.json", b'[{"a": NaN}]', "NaN is not a value"),
        ("x.json", b'[{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]", "nested too deeply"),
        ("x.json", b'{"results": [{"a": "\xff"}]}', "not UTF-8"),
        ("x.jsonl", b'{\n"a": 1}\n', "not JSON Lines"),
        ("x.csv.gz", gzip.compress(b"a,b\n1,2\n" * 100)[:-20], "damaged"),
        ("x.xlsx.gz", gzip.compress(b"PK\x03\x04"), "a packed file within a gzip file"),
        ("x.xlsx", b"PK\x03\x04" + b"\0" * 100, "the workbook is damaged"),
        ("x.parquet", b"PAR1" + b"\0" * 100, "the Parquet file is damaged"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    assert reason in refusal(tmp_path / name, content)


_CELL = st.text(alphabet=st.sampled_from('ab1,;"\n \té'), max_size=6)


@settings(max_examples=300, deadline=None)
@given(
    table=st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(_CELL, min_size=width, max_size=width), min_size=1, max_size=12)
    ),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ending=st.sampled_from(["\n", "\r\n"]),
    block=st.sampled_from([1, 7, 64, 4096]),
)
def test_every_csv_that_python_writes_is_read_cell_by_cell(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], quoting: int, ending: str, block: int
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    width = len(table[0])
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator=ending)
    writer.writerow([f"h{i}" for i in range(width)])
    expected, line = [], 2
    for row in table:
        start = text.tell()
        writer.writerow(row)
        written = text.getvalue()[start:]
        if written.strip(ending) != "," * (width - 1):
            expected.append([*(cell or None for cell in row), str(line), None])
        line += written.count("\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_BLOCK", block)
        patch.setattr(delimited, "_SAMPLE", text.getvalue().index("\n") + 1)
        patch.setattr(delimited, "sniff_delimiter", lambda _: ",")
        got = rows(one(folder / "x.csv", text.getvalue()))
    stripped = [[None if c is None else c.strip(" \t") or None for c in row] for row in got]
    assert stripped == [[None if c is None else c.strip(" \t") or None for c in row] for row in expected]


@settings(max_examples=200, deadline=None)
@given(
    lines=st.lists(st.text(alphabet='ab,"\n', min_size=1, max_size=12), min_size=1, max_size=10),
    block=st.sampled_from([1, 5, 4096]),
)
def test_no_line_is_lost_whatever_its_quotes(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], block: int
) -> None:
    """Every physical line with text on it stands in exactly one row; block borders change nothing."""
    folder = tmp_path_factory.mktemp("csv")
    content = "x,y\n" + "\n".join(lines)
    results = []
    for size in (block, 1 << 20):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(delimited, "_BLOCK", size)
            patch.setattr(delimited, "_SAMPLE", len("x,y\n"))
            patch.setattr(delimited, "sniff_delimiter", lambda _: ",")
            results.append(rows(one(folder / "x.csv", content)))
    assert results[0] == results[1]
    starts = [int(row[2]) for row in results[1]]
    assert starts == sorted(set(starts))
    physical = content.split("\n")
    for start, following in pairwise([*starts, len(physical) + 1]):
        spanned = physical[start - 1 : following - 1]
        inside = [line for line in spanned[1:] if line.strip(',"')]
        # further lines with text belong to the row only where a quote holds them together
        assert not inside or '"' in spanned[0]


def test_json_lines_keep_numbers_as_written(tmp_path: Path) -> None:
    table = one(
        tmp_path / "x.jsonl",
        '{"a": 12345678901234567.890, "b": "x", "t": true, "n": null}\n\nnope\n{"a": 1e3, "c": {"z": [1.5]}}\n'
        '{"a": 1, "a": 2}\n[1]\n{"a": NaN}\n{"a": 1E+999999999}\n',
    )
    assert table.header == ("a", "b", "t", "n", "c.z")
    got = rows(table)
    assert got[0] == ("12345678901234567.890", "x", "true", None, None, "1", None)
    assert got[2][:5] == ("1000", None, None, None, "[1.5]")
    assert got[6][0] == "1E+999999999"
    assert [(row[5], row[6]) for row in got if row[6]] == [
        ("3", "the line is not JSON: Expecting value at character 1"),
        ("5", "the name 'a' stands twice"),
        ("6", "the line is not a JSON object"),
        ("7", "NaN is not a value"),
    ]


def test_a_json_document_has_a_row_for_each_object_of_its_list(tmp_path: Path) -> None:
    text = (
        '{"self": "x", "total": 3, "meta": {"a": [{"no": 1}]},\n "results": ['
        '\n  {"id": 1, "who": {"name": "Ann", "id": 7}},'
        '\n  {"id": 12345678901234567.890, "tags": ["a", "b"]},\n  5]}'
    )
    table = one(tmp_path / "x.json", text)
    assert (table.format, table.header) == ("json", ("id", "who.name", "who.id", "tags"))
    assert rows(table) == [
        ("1", "Ann", "7", None, "results[1]", None),
        ("12345678901234567.890", None, None, '["a", "b"]', "results[2]", None),
        (None, None, None, None, "results[3]", "the entry of the list is not an object"),
    ]
    assert table.warnings == ()
    assert one(tmp_path / "y.json", text.replace('"total": 3', '"total": 30')).warnings == (
        "the document says that there are 30 entries, and holds 3",
    )


def test_one_object_with_a_list_is_a_document_and_one_without_a_line(tmp_path: Path) -> None:
    assert rows(one(tmp_path / "a.json", '{"value": [{"a": 1}]}')) == [("1", "value[1]", None)]
    assert rows(one(tmp_path / "b.json", '{"a": 1}')) == [("1", "1", None)]
    assert rows(one(tmp_path / "c.json", '{"a": 1}\n{"value": [{"a": 1}]}'))[0][:1] == ("1",)
    assert rows(one(tmp_path / "d.json", '{"_embedded": {"elements": [{"a": 1}]}}')) == [
        ("1", "_embedded.elements[1]", None)
    ]


def test_a_json_document_of_many_blocks(tmp_path: Path) -> None:
    count = 60_001
    objects = [{"id": number, "text": "é" * 40} for number in range(count)]
    frame = one(tmp_path / "x.json", json.dumps({"rows": objects}, ensure_ascii=False)).frame.collect()
    assert frame.height == count
    assert frame.row(count - 1) == (str(count - 1), "é" * 40, f"rows[{count}]", None)


def test_names_that_stand_twice_are_told_apart(tmp_path: Path) -> None:
    table = one(tmp_path / "x.csv", "a,b, a,A\n1,2,3,4\n")
    assert (table.header, table.repeated) == (("a", "b", "a (2)", "A (3)"), ("a",))
    assert rows(table) == [("1", "2", "3", "4", "2", None)]


@pytest.mark.parametrize("text", ["Title; of, it\n\n1\nk;v\n1;2\n", "k;v\n1;2\n", "sep=;\nk;v\n1;2\n"])
def test_a_known_header_is_found_below_a_title(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    source = Source(path=path, name=path.name, feed=None, size=path.stat().st_size)
    (table,) = open_tables(source, work=tmp_path, is_header=lambda cells: [*cells] == ["k", "v"])
    assert table.header == ("k", "v")
    line = str(text.count("\n"))
    assert rows(table) == [("1", "2", line, None)]
    assert table.warnings == (("2 lines above the header left out",) if text.startswith("Title") else ())


def test_json_lines_beyond_one_batch(tmp_path: Path) -> None:
    count = 100_001
    lines = (json.dumps({"id": str(i)} | ({"late": i} if i > 60_000 else {})) for i in range(count))
    frame = one(tmp_path / "x.jsonl", gzip.compress("\n".join(lines).encode())).frame.collect()
    assert frame.columns == ["id", "late", "source_line", FAULT]
    assert frame.height == count
    assert frame["late"].null_count() == 60_001
    assert frame.row(100_000) == ("100000", "100000", "100001", None)


def test_parquet_types_become_exact_text(tmp_path: Path) -> None:
    path = tmp_path / "cost_line.parquet"
    pl.DataFrame(
        {
            "double": [0.1 + 0.2, 1e21, 1e-7, None],
            "single": pl.Series([0.1, 2.5, None, 7.0], dtype=pl.Float32),
            "day": [date(2026, 1, 31)] * 4,
            "time": [datetime(2026, 1, 1), datetime(2026, 1, 1, 5, 6, 7), None, None],
            "exact": pl.Series([Decimal("12345678901234567.123456")] * 4, dtype=pl.Decimal(24, 6)),
            "yes": [True, False, None, True],
            "binary": [b"ok", b"\xff", None, b"x"],
            "code": pl.Series(["a", "b", None, "a"], dtype=pl.Categorical),
        }
    ).write_parquet(path)
    (table,) = opened(path)
    got = rows(table)
    assert got[0] == (
        "0.3", "0.1", "2026-01-31", "2026-01-01", "12345678901234567.123456", "true", "ok", "a", "1", None,
    )  # fmt: skip
    assert got[1][:4] == ("1000000000000000000000", "2.5", "2026-01-31", "2026-01-01 05:06:07")
    assert got[1][-1] == "the bytes in 'binary' are not text"
    assert got[2][0] == "0.0000001"


def test_a_parquet_file_of_a_billion_equal_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pl.LazyFrame({"a": ["x"]}).select(pl.col("a").repeat_by(20_000_000).explode()).sink_parquet(path)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(RefusedFile, match="beyond all measure"):
        opened(path)


def _workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("time_entry")
    sheet.write_row(2, 1, ["entry_id", "work_date", "hours", "note"])
    sheet.write_row(3, 1, ["0012"])
    sheet.write_datetime(3, 2, datetime(2026, 1, 31), day)
    sheet.write_number(3, 3, 0.1 + 0.2)
    sheet.write_string(5, 1, "13")
    sheet.write_formula(5, 3, "=1/0", None, "#DIV/0!")
    sheet.write_string(6, 5, "beyond")
    book.add_worksheet("notes")
    book.add_worksheet("wbs_element").write_row(0, 0, ["project_id", "wbs_id"])
    book.close()


def test_a_sheet_is_a_table_and_its_oddities_are_named(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    _workbook(path)
    entries, elements = opened(path)
    assert (entries.format, entries.name, entries.header) == (
        "xlsx",
        "time_entry",
        ("entry_id", "work_date", "hours", "note"),
    )
    assert rows(entries) == [
        ("0012", "2026-01-31", "0.3", None, "time_entry!4", None),
        ("13", None, "#DIV/0!", None, "time_entry!6", None),
        (None, None, None, None, "time_entry!7", "the row has cells beyond the 4 columns of the header"),
    ]
    assert (elements.name, rows(elements)) == ("wbs_element", [])


def test_a_formula_without_a_result_is_not_an_empty_cell(tmp_path: Path) -> None:
    plain, path = tmp_path / "plain.xlsx", tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(str(plain))
    sheet = book.add_worksheet("a")
    sheet.write_row(0, 0, ["x", "y"])
    sheet.write_row(1, 0, ["1", "2"])
    sheet.write_formula(2, 1, "=A2*7", None, 123456)
    book.close()
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(path, "w") as after:
        for member in before.namelist():
            after.writestr(member, before.read(member).replace(b"<v>123456</v>", b"<v/>"))
    (table,) = opened(path)
    faults = [row[-1] for row in rows(table)]
    assert faults[0] is None
    assert faults[1] is not None
    assert "the formula in B3 was never calculated" in faults[1]


def test_bombs_are_refused(tmp_path: Path) -> None:
    packed = tmp_path / "x.csv.gz"
    with gzip.open(packed, "wb", compresslevel=9) as stream:
        stream.write(b"a,b\n")
        for _ in range(70):
            stream.write(b"1,2\n" * (1 << 18))
    with pytest.raises(RefusedFile, match="beyond all measure"):
        opened(packed)
    book = tmp_path / "x.xlsx"
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (70 << 20))
    with pytest.raises(RefusedFile, match="beyond all measure"):
        opened(book)


def test_a_column_with_a_reserved_name_is_left_out(tmp_path: Path) -> None:
    table = one(tmp_path / "x.csv", "a,source_line,,b\n1,2,3,4\n")
    assert table.header == ("a", "column 3", "b")
    assert rows(table) == [("1", "3", "4", "2", None)]
    assert table.warnings == ("the column 'source_line' is left out: the name is reserved",)
