"""The files themselves: the same every time, every table, every format, arrival order, the scale."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts import contracts
from pipelines.demo import write_demo
from pipelines.errors import ConfigurationError, RefusedFile
from pipelines.formats.base import FAULT, DocumentRead, Source
from pipelines.formats.detect import recognise
from pipelines.settings import TEMPLATE, load_settings

TOLD = list(contracts())


def prints(home: Path) -> dict[str, tuple[str, float]]:
    return {
        str(path.relative_to(home)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime if "inbox" in path.parts else 0.0,
        )
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_times(demo, tmp_path):
    write_demo(tmp_path)
    assert prints(tmp_path) == prints(demo.home)


def test_another_seed_gives_other_hours(demo, tmp_path):
    write_demo(tmp_path, seed=7)
    name = "inbox/timesheets/time_entry_2026-10.csv.gz"
    assert prints(tmp_path)[name][0] != prints(demo.home)[name][0]


def test_every_table_is_told_and_counted(demo):
    assert set(demo.tables) == set(TOLD)
    for table, frame in demo.tables.items():
        refused = [f.file for f in demo.report.faults if f.outcome == "refused"]
        read = frame.filter(~pl.col("file").is_in(refused)).height
        xml = demo.report.rows[table] - read
        assert xml == 0 or table in ("invoice", "invoice_line"), table
    assert demo.report.files == sum(1 for p in demo.inbox.rglob("*") if p.is_file())
    assert 95_000 <= demo.report.rows["time_entry"] <= 110_000


def test_every_header_stands_in_its_contract(demo):
    for file, found in demo.files.items():
        for table, frame in found:
            extra = set(frame.columns) - set(contracts()[table].column_names)
            missing = set(contracts()[table].required) - set(frame.columns)
            assert extra == ({"site_code"} if file == "kpi/safety_incident.csv" else set()), file
            assert missing == ({"hours"} if file == "projects/resource_plan_2026-04.csv" else set()), file


def test_every_file_lies_in_its_feed_and_all_formats_occur(demo):
    for file, found in demo.files.items():
        assert {contracts()[table].feed for table, _ in found} == {file.split("/")[0]}
    endings = {
        "".join(Path(f.split("/")[-1]).suffixes[-2:] if f.endswith(".gz") else [Path(f).suffix]) for f in demo.files
    }
    assert endings == {".csv", ".csv.gz", ".tsv", ".tsv.gz", ".xlsx", ".jsonl", ".parquet"}
    assert 200 <= len(list((demo.inbox / "invoices" / "ubl").iterdir())) <= 500


def test_a_restating_file_arrives_after_the_restated_one(demo):
    erp = demo.inbox / "erp"
    first, later = erp / "cost_line_2026-07.csv", erp / "cost_line_2026-07_corrected.csv"
    assert later.stat().st_mtime > first.stat().st_mtime
    reports = sorted((demo.inbox / "kpi").glob("milestone_*.csv"))
    times = [path.stat().st_mtime for path in reports]
    assert times == sorted(set(times))
    assert len(times) == 8


def test_the_configuration_is_usable_and_an_edited_one_is_left_alone(demo, tmp_path):
    settings = load_settings(demo.home, environment={})
    assert (settings.base_currency, settings.time_zone) == ("EUR", "Europe/Berlin")
    assert "DE999000117" in settings.own_parties
    assert settings.feeds["time_entry"].expected_every.days == 31
    configuration = tmp_path / "outturn.toml"
    configuration.write_text('base_currency = "NOK"\n', encoding="utf-8")
    write_demo(tmp_path)
    assert configuration.read_text(encoding="utf-8") == 'base_currency = "NOK"\n'
    configuration.write_text(TEMPLATE, encoding="utf-8")
    write_demo(tmp_path)
    assert load_settings(tmp_path, environment={}).time_zone == "Europe/Berlin"


def test_three_firms_are_three_times_one(demo, tmp_path):
    report = write_demo(tmp_path, scale=3)
    planted = sum(f.count for f in report.faults if f.table == "time_entry" and f.rows)
    assert report.rows["time_entry"] == 3 * (demo.report.rows["time_entry"] - planted) + planted
    invoices = pl.read_csv(tmp_path / "inbox/invoices/invoice_teams.csv", infer_schema=False)
    sold = invoices.filter(pl.col("direction") == "customer")
    assert sold.height == 2 * (len(list((demo.inbox / "invoices" / "ubl").iterdir())) - 3)
    projects = pl.read_csv(tmp_path / "inbox/erp/project_teams.csv", infer_schema=False)
    assert projects["project_id"].n_unique() == projects.height == 36
    sheet = pl.read_csv(tmp_path / "inbox/timesheets/time_entry_2026-05.csv.gz", infer_schema=False)
    assert sheet["entry_id"].is_unique().all()
    named = set(projects["project_id"]) | {p.removesuffix("-1") for p in projects["project_id"]}
    assert set(sheet["project_id"]) <= named
    aliases = pl.read_csv(tmp_path / "inbox/erp/project_alias_teams.csv", infer_schema=False)
    orders = sold.filter(pl.col("purchase_order_id").is_not_null())["purchase_order_id"]
    assert set(orders) <= set(aliases["alias"])
    months = {table: (tmp_path / f"inbox/erp/{table}_teams.csv").exists() for table in ("account", "gl_balance")}
    assert months == {"account": False, "gl_balance": False}


def test_another_day_moves_the_whole_story(tmp_path):
    report = write_demo(tmp_path, as_of=date(2027, 2, 28))
    assert (tmp_path / "inbox/timesheets/time_entry_2027-02.csv.gz").exists()
    assert (tmp_path / "inbox/timesheets/time_entry_2025-03.csv.gz").exists()
    impossible = next(f for f in report.faults if f.id == "impossible_date")
    assert impossible.rows[0]["work_date"] == "2027-01-32"


@pytest.mark.parametrize(("how", "named"), [({"as_of": date(2026, 10, 30)}, "2026-10-30"), ({"scale": 0}, "0")])
def test_unusable_arguments_are_named(tmp_path, how, named):
    with pytest.raises(ConfigurationError, match=named):
        write_demo(tmp_path, **how)
    assert not list(tmp_path.iterdir())


def test_the_readers_recognise_every_file_and_every_row(demo, tmp_path):
    """Names, encodings and sheets are such that the road's own readers find every row that was written."""
    rows, refused = Counter(), set()
    own = load_settings(demo.home, environment={}).own_parties
    for path in sorted(p for p in demo.inbox.rglob("*") if p.is_file()):
        name = str(path.relative_to(demo.inbox))
        source = Source(path=path, name=path.name, feed=name.split("/")[0], size=path.stat().st_size)
        try:
            found = recognise(source, own_parties=own, profiles=(), work=tmp_path)
        except RefusedFile:
            refused.add(name)
            continue
        if isinstance(found, DocumentRead):
            rows.update({table: len(content) for table, content in found.rows.items()})
            continue
        for read in found:
            frame = read.frame.collect()
            assert frame[FAULT].null_count() == frame.height, name
            rows[read.table] += frame.height
    assert refused == {fault.file for fault in demo.report.faults if fault.outcome == "refused"}
    assert dict(rows) == {table: demo.report.rows[table] for table in TOLD}
