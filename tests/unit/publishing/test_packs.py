"""Which packs there are, what their files are called, and what stops them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import PublicationFailed
from pipelines.publishing.packs import packs as module
from pipelines.publishing.packs.data import read_packs
from pipelines.publishing.packs.packs import write_packs

from .conftest import Written, make_snapshot


def changed(folder: Path, *statements: str) -> Path:
    snapshot = make_snapshot(folder / "warehouse.duckdb")
    with duckdb.connect(str(snapshot)) as connection:
        for statement in statements:
            connection.execute(statement)
    return snapshot


def test_index_names_every_file_with_its_hash(packs: Written) -> None:
    entries = json.loads((packs.out / "index.json").read_text(encoding="utf-8"))["files"]
    files = {path.relative_to(packs.out).as_posix() for path in packs.out.rglob("*") if path.is_file()}
    assert files == {entry["name"] for entry in entries} | {"index.json"}
    assert sorted(files - {"index.json"}) == [
        "portfolio.pdf", "portfolio.xlsx", "programmes/PG1.pdf", "programmes/PG1.xlsx", "programmes/PG2.pdf",
        "programmes/PG2.xlsx",
    ]  # fmt: skip
    for entry in entries:
        content = (packs.out / entry["name"]).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert entry["month"] == "2026-10-01"
    assert [entry["projects"] for entry in entries] == [7, 7, 2, 2, 2, 2]


def test_the_same_snapshot_gives_the_same_bytes(packs: Written, tmp_path: Path) -> None:
    again = write_packs(packs.snapshot, tmp_path / "packs")
    assert [entry["sha256"] for entry in again] == [entry["sha256"] for entry in packs.entries]


def test_names_of_files_are_safe_whatever_a_programme_is_called(tmp_path: Path) -> None:
    odd = {
        "P-001": "../../etc/passwd",
        "P-002": "pg2",
        "P-004": "PG2",
        "<b>six</b>": "index",
        "P-005": "Good_1",
        "p-004": " ",
    }
    updates = [
        f"update core.dim_projects set programme_id = '{new}' where project_id = '{old}'" for old, new in odd.items()
    ]
    snapshot = changed(tmp_path, *updates)
    keys = [pack.key for pack in read_packs(snapshot)][1:]
    hashed = {
        "pg-" + hashlib.sha256(text.encode()).hexdigest()[:20]
        for text in ("../../etc/passwd", "pg2", "PG2", "index", " ")
    }
    assert set(keys) == {"Good_1"} | hashed  # the addresses of the programmes' pages on the site
    entries = write_packs(snapshot, tmp_path / "packs")
    for entry in entries:
        assert (tmp_path / "packs" / str(entry["name"])).resolve().is_relative_to(tmp_path / "packs")
    assert len({str(entry["name"]).lower() for entry in entries}) == len(entries) == 14


def test_projects_without_a_programme_are_in_the_portfolio_only(packs: Written) -> None:
    found = {pack.key: {row["project_id"] for row in pack.rows("project_rows")} for pack in read_packs(packs.snapshot)}
    assert found[""] - found["PG1"] - found["PG2"] == {"P 003/50%", "p-004", "P-005"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("drop table forecast.forecast_by_project_month", "the packs' table estimates cannot be made"),
        ("alter table margin.backlog_by_project_month drop column closing_amount_base", "closing_amount_base"),
        ("delete from ops.refreshes", "the snapshot does not say what it stands for"),
    ],
)
def test_what_is_missing_stops_the_packs_and_is_named(tmp_path: Path, change: str, said: str) -> None:
    with pytest.raises(PublicationFailed, match=said):
        write_packs(changed(tmp_path, change), tmp_path / "packs")
    assert not (tmp_path / "packs").exists()


def test_a_pack_that_cannot_be_written_is_named(
    packs: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, **rest: object) -> None:
        raise ValueError("a row is higher than a page")

    monkeypatch.setattr(module, "_WRITERS", (("pdf", "PDF", broken),))
    with pytest.raises(PublicationFailed) as caught:
        write_packs(packs.snapshot, tmp_path / "packs", only=frozenset({"PG2"}))
    assert "the PDF pack cannot be written: ValueError: a row is higher than a page" in str(caught.value)
    assert "programmes/PG2.pdf" in str(caught.value)


def test_a_row_of_the_longest_texts_still_fits_on_a_page(tmp_path: Path) -> None:
    long = "w" * 20_000
    snapshot = changed(
        tmp_path,
        f"update core.fct_risks set title = '{long}' where risk_id = 'R-1'",
        f"update core.dim_projects set project_name = '{long}', customer_name = '{long}' where project_id = 'P-001'",
        f"update ops.exceptions set message = '{long}', rule = '{long}' where project_id = 'P-001'",
        f"update kpi.scorecard_by_project_month set cost_status_reason = '{long}' where project_id = 'P-001'",
        f"update core.dim_programmes set programme_name = '{long}', programme_manager = '{long}'",
    )
    assert len(write_packs(snapshot, tmp_path / "packs")) == 6
