"""Documents in files: the sharding, the bound on the whole, and that nothing of a sum is lost by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publishing import documents
from pipelines.publishing.documents import write_documents


def _connection(lines: int, *, projects: int = 2) -> duckdb.DuckDBPyConnection:
    """`projects` projects with `lines` material documents of 1.01, 2.01, … in each of two months, and their figures."""
    connection = duckdb.connect()
    for name in ("out", "scratch", "wh"):
        connection.execute(f"attach ':memory:' as {name}")
    connection.execute("create schema wh.ops")
    connection.execute(
        "create table wh.ops.loads as select * from (values ('f1', 'cost <b>.csv', repeat('a', 64)), "
        "('f1', 'cost again.csv', repeat('a', 64))) as v (source_file_id, file_name, sha256)"
    )
    connection.execute(
        f"create table out.projects as select 'P' || range as project_key, 'id ' || range as project_id, "
        f"'Name ' || range as project_name from range({projects} + 1)"
    )
    connection.execute(
        f"""
        create table scratch.documents as
        select
            'P' || p.range as project_key, m.month, 'material' as measure, 'D-' || n.range as document, 'S' as about,
            'posted' as detail, m.month as document_date, cast(n.range + 1.01 as decimal(18, 2)) as amount,
            'EUR' as currency_code, cast(n.range + 1.01 as decimal(18, 2)) as amount_base, null as wbs_id,
            case when n.range % 2 = 0 then 'f1' end as source_file_id, n.range::varchar as source_line
        from range({projects}) as p, range({lines}) as n,
            (values (date '2026-01-01'), (date '2026-02-01'), (date '2025-12-01')) as m (month)
        """
    )
    connection.execute(
        "create table scratch.document_figures as select project_key, month, measure, sum(amount_base) as figure, "
        "count(*) as documents, 0 as without_amount, sum(amount_base) as amount from scratch.documents group by all"
    )
    return connection


def _read(folder: Path, name: str) -> dict[str, Any]:
    return json.loads((folder / "documents" / f"{name}.json").read_text(encoding="utf-8"))


def _rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(content["columns"], row, strict=True)) for row in content["rows"]]


def test_documents_of_a_year_stand_together_and_add_up_to_the_figure(tmp_path: Path) -> None:
    written = write_documents(_connection(5), tmp_path)
    index, year = _read(tmp_path, "P0/index"), _read(tmp_path, "P0/2026")
    assert (written.documents, written.limit) == (30, documents.LIMITS[0])
    assert index["lists"] == {"2025-12": "2025", "2026-01": "2026", "2026-02": "2026"}
    assert (index["project_id"], index["project_name"]) == ("id 0", "Name 0")
    january = [row for row in _rows(year) if row["month"] == "2026-01"]
    assert [row["amount_base"] for row in january] == [5.01, 4.01, 3.01, 2.01, 1.01]
    figure = next(row for row in _rows(index) if row["month"] == "2026-01")
    assert figure == {"month": "2026-01", "measure": "material", "figure": 15.05, "documents": 5, "without_amount": 0,
                      "amount": 15.05, "shown": 5}  # fmt: skip
    # a file's name stands once, and a document names its place; one that was summed from several files names none
    assert year["files"] == [["f1", "cost <b>.csv", "a" * 64]]
    assert [row["file"] for row in january] == [0, None, 0, None, 0]
    assert [row["source_line"] for row in january] == ["4", "3", "2", "1", "0"]


def test_project_without_documents_has_an_index_all_the_same(tmp_path: Path) -> None:
    written = write_documents(_connection(1), tmp_path)
    assert _read(tmp_path, "P2/index")["rows"] == []
    on_disk = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json")}
    assert on_disk == set(written.files)


def test_long_year_is_written_month_by_month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "YEAR", 7)
    write_documents(_connection(5), tmp_path)
    assert _read(tmp_path, "P1/index")["lists"] == {"2025-12": "2025", "2026-01": "2026-01", "2026-02": "2026-02"}
    assert {row["month"] for row in _rows(_read(tmp_path, "P1/2026-02"))} == {"2026-02"}


def test_whole_is_bounded_and_the_rest_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LIMITS", (100, 3, 2))
    written = write_documents(_connection(5), tmp_path, total=20)
    assert (written.documents, written.limit) == (18, 3)
    shown = [row["amount_base"] for row in _rows(_read(tmp_path, "P0/2025"))]
    figure = next(row for row in _rows(_read(tmp_path, "P0/index")) if row["month"] == "2025-12")
    assert shown == [5.01, 4.01, 3.01]
    assert (figure["documents"] - figure["shown"], round(figure["amount"] - sum(shown), 2)) == (2, 3.02)
