"""Rows per second of each format beside a floor of the same bytes, measured in the same run.

    python -m benchmarks.formats [--scale N] [--only NAME ...] [--out FILE]

Floors: DuckDB's own CSV, JSON or Parquet reader into a table of a file; lxml's bare parse; fastexcel's bare sheet.
Reading is bytes to canonical rows, written to Parquet; landing the same into the warehouse: archive, types, rules,
keys, restatement, ledger, proof. Each measurement is a process of its own; memory is what the process holds for itself
(anonymous), not the file that it maps.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = 20_000
# each person's day once: more hours than a day has are rejected, and a file of rejects is another measurement
DAYS = f"strftime(date '2024-01-01' + (i // {PEOPLE} % 900)::int, '{{}}')"
OURS = "DE111111111"  # the seller of the seed invoices


def _csv(select: str, *, delimiter: str = ",") -> Callable[[Path, int], None]:
    def make(folder: Path, rows: int) -> None:
        import duckdb

        with duckdb.connect() as connection:
            connection.execute(
                f"copy (select {select} from range({rows}) as r(i)) to '{folder / 'rows.csv'}' "
                f"(format csv, header, delimiter '{delimiter}')"
            )

    return make


ENTRY = (
    f"'E' || i as entry_id, 'P' || (i % {PEOPLE}) as employee_id, 'P-' || (1000 + i * 17 % 200) as project_id, "
    f"'W' || (i % 10) as wbs_id, {DAYS.format('%Y-%m-%d')} as work_date, round((i % 8 + 1) * 0.25, 2) as hours, "
    "'design' as activity, (i % 2 = 0)::varchar as is_billable, 'approved' as approval_status, "
    "'worked on ticket ' || (i * 13 % 99999) as description"
)
CLOCKIFY = (
    "'Project ' || (i % 200) as \"Project\", 'Client' as \"Client\", 'ticket ' || i as \"Description\", "
    f"'Build' as \"Task\", 'User ' || (i % {PEOPLE}) as \"User\", '' as \"Group\", "
    f"'u' || (i % {PEOPLE}) || '@example.test' as \"Email\", '' as \"Tags\", 'Yes' as \"Billable\", "
    f'{DAYS.format("%d/%m/%Y")} as "Start Date", \'09:00:00\' as "Start Time", '
    f'{DAYS.format("%d/%m/%Y")} as "End Date", \'10:30:00\' as "End Time", \'01:30:00\' as "Duration (h)", '
    "'1.50' as \"Duration (decimal)\", '80.00' as \"Billable Rate (EUR)\", '120.00' as \"Billable Amount (EUR)\""
)
CJI3 = (
    '(5000000000 + i)::varchar as "Document Number", \'1\' as "Posting Row", \'2026\' as "Fiscal Year", '
    "'400100' as \"Cost Element\", replace(replace(format('{:,.2f}', (i % 9000) + 0.25), ',', ' '), '.', ',') "
    'as "Val/COArea Crcy", \'EUR\' as "CO Area Currency", \'P-1001.\' || (i % 40) as "WBS Element", '
    f'{DAYS.format("%d.%m.%Y")} as "Posting Date", \'P-1001\' as "Project definition", '
    "'Material' as \"Name of offsetting account\""
)


def _datev(folder: Path, rows: int) -> None:
    from tests.unit.formats.seeds import datev

    bookings = [
        datev.row(
            amount=f"{n % 9000 + 100},{n % 100:02}", account="3100", other="70001", key="9", document=f"ER-{n}",
            text="Fremdleistung", kost2=f"P-{n % 200}", day=f"{n % 28 + 1}03",
        )
        for n in range(1000)
    ]  # fmt: skip
    (folder / "rows.csv").write_bytes(datev.stack(*(bookings * (rows // 1000 + 1))[:rows], chart="03"))


def _invoices(kind: str) -> Callable[[Path, int], None]:
    def make(folder: Path, rows: int) -> None:
        from tests.unit.formats.seeds import invoices

        write = getattr(invoices, kind)
        for number in range(rows):
            items = tuple(invoices.Item(net=f"{n + 1}.50", number=str(n + 1)) for n in range(20))
            bill = invoices.added_up(invoices.Bill(number=f"R-{number}", project="P-1", items=items))
            (folder / f"{number}.{'pdf' if kind == 'pdf' else 'xml'}").write_bytes(write(bill))

    return make


def _saft(folder: Path, rows: int) -> None:
    from benchmarks import saft

    saft.write(folder / "rows.xml", megabytes=max(1, rows // 1700))


def _mspdi(folder: Path, rows: int) -> None:
    from tests.unit.formats.seeds import schedules

    text = schedules.plan().decode()
    end = text.index("</Tasks>")
    extra = "".join(
        f"<Task><UID>{n}</UID><ID>{n}</ID><Name>Task {n}</Name><WBS>9.{n}</WBS><OutlineNumber>9.{n}</OutlineNumber>"
        "<OutlineLevel>1</OutlineLevel><Summary>0</Summary><Milestone>0</Milestone><Start>2026-03-02T08:00:00</Start>"
        "<Finish>2026-04-17T17:00:00</Finish><Duration>PT280H0M0S</Duration><DurationFormat>7</DurationFormat>"
        "<Cost>100000</Cost><FixedCost>100000</FixedCost><RemainingCost>100000</RemainingCost>"
        "<PercentComplete>0</PercentComplete></Task>"
        for n in range(100_000, 100_000 + rows)
    )
    (folder / "rows.xml").write_text(text[:end] + extra + text[end:], encoding="utf-8")


def _polars(write: str) -> Callable[[Path, int], None]:
    def make(folder: Path, rows: int) -> None:
        import duckdb

        with duckdb.connect() as connection:
            frame = connection.sql(f"select {ENTRY} from range({rows}) as r(i)").pl()
        if write == "xlsx":
            frame.write_excel(folder / "time_entry.xlsx", worksheet="time_entry")
        elif write == "jsonl":
            frame.write_ndjson(folder / "time_entry.jsonl")
        else:
            frame.write_parquet(folder / "time_entry.parquet")

    return make


@dataclass(frozen=True, kw_only=True)
class Case:
    """`rows` at scale 1; `floor`: SQL with {file}, or one of lxml, lxml documents, fastexcel, pypdf."""

    rows: int
    make: Callable[[Path, int], None]
    floor: str
    unit: str = "rows"
    name: str = "rows.csv"
    options: Mapping[str, Mapping[str, Any]] | None = None


CASES: Mapping[str, Case] = {
    "CSV, canonical": Case(rows=1_000_000, make=_csv(ENTRY), floor="read_csv('{file}')", name="time_entry.csv"),
    "CSV, canonical, ten times": Case(
        rows=10_000_000, make=_csv(ENTRY), floor="read_csv('{file}')", name="time_entry.csv"
    ),
    "CSV, Clockify": Case(rows=1_000_000, make=_csv(CLOCKIFY), floor="read_csv('{file}', all_varchar = true)"),
    "CSV, SAP CJI3": Case(
        rows=500_000, make=_csv(CJI3, delimiter=";"), floor="read_csv('{file}', delim = ';', all_varchar = true)"
    ),
    "CSV, DATEV": Case(
        rows=200_000,
        make=_datev,
        floor="read_csv('{file}', delim = ';', skip = 1, all_varchar = true, encoding = 'latin-1', "
        "strict_mode = false, null_padding = true, ignore_errors = true)",
        options={"datev": {"chart": "SKR03"}},
    ),
    "JSON Lines": Case(
        rows=500_000, make=_polars("jsonl"), floor="read_json('{file}', format = 'newline_delimited')", name="*"
    ),
    "Parquet": Case(rows=1_000_000, make=_polars("parquet"), floor="read_parquet('{file}')", name="*"),
    "XLSX": Case(rows=50_000, make=_polars("xlsx"), floor="fastexcel", name="*"),
    "UBL, 20 lines each": Case(rows=3_000, make=_invoices("ubl"), floor="lxml documents", unit="documents", name="*"),
    "CII, 20 lines each": Case(rows=3_000, make=_invoices("cii"), floor="lxml documents", unit="documents", name="*"),
    "PDF with CII": Case(rows=500, make=_invoices("pdf"), floor="pypdf", unit="documents", name="*"),
    "SAF-T, ledger lines": Case(
        rows=100_000, make=_saft, floor="lxml", name="*", options={"saft": {"project_analysis_type": "P"}}
    ),
    "MS Project XML": Case(rows=20_000, make=_mspdi, floor="lxml", unit="tasks", name="*"),
}


class _Memory(threading.Thread):
    """The peak of what the process holds for itself, looked at fifty times a second, in MiB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.ended = 0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.02):
            for line in Path("/proc/self/status").read_text().splitlines():
                if line.startswith("RssAnon"):
                    self.peak = max(self.peak, int(line.split()[1]) // 1024)


def _floor(case: Case, files: list[Path], scratch: Path) -> None:
    from lxml import etree

    if case.floor == "lxml documents":
        for file in files:
            etree.fromstring(file.read_bytes())
    elif case.floor == "lxml":
        for _, element in etree.iterparse(str(files[0]), events=("end",)):
            element.clear(keep_tail=False)
    elif case.floor == "fastexcel":
        import fastexcel

        fastexcel.read_excel(files[0]).load_sheet(0, dtypes="string").to_polars()
    elif case.floor == "pypdf":
        from pypdf import PdfReader

        for file in files:
            for attachment in PdfReader(file).attachment_list:
                etree.fromstring(attachment.content)
    else:
        import duckdb

        with duckdb.connect(str(scratch / "floor.duckdb"), config={"threads": 2}) as connection:
            connection.execute(f"create table t as select * from {case.floor.format(file=files[0])}")
            connection.execute("checkpoint")


def _read(case: Case, files: list[Path], scratch: Path) -> None:
    from pipelines.formats.base import DocumentRead, Source
    from pipelines.formats.detect import recognise
    from pipelines.formats.profiles import load_profiles

    profiles = load_profiles()
    for file in files:
        source = Source(path=file, name=file.name, feed=None, size=file.stat().st_size)
        read = recognise(source, own_parties=(OURS,), profiles=profiles, work=scratch / "work", options=case.options)
        if not isinstance(read, DocumentRead):
            for table in read:
                table.frame.sink_parquet(scratch / f"{table.table}.parquet")


def _land(case: Case, files: list[Path], scratch: Path) -> None:
    from pipelines.landing import land_inbox
    from pipelines.settings import Settings

    settings = Settings(
        home=scratch / "home",
        settle_seconds=0,
        fixed_now=datetime(2026, 11, 1, tzinfo=UTC),
        own_parties=(OURS,),
        formats=case.options or {},
    )
    settings.create_home(pseudonym_key="0" * 64)
    for file in files:
        shutil.copy(file, settings.inbox / "erp" / file.name)
    begun = time.perf_counter()
    result = land_inbox(settings)
    _land.seconds = time.perf_counter() - begun  # type: ignore[attr-defined]
    refused = [f.reason for f in result.files if f.status == "refused"]
    if refused:
        raise SystemExit(f"refused: {refused[0]}")
    if rejected := sum(t.rows_rejected for f in result.files for t in f.tables):
        raise SystemExit(f"{rejected} rows were rejected: not the measurement that this is")


_WAYS: Mapping[str, Callable[[Case, list[Path], Path], None]] = {"floor": _floor, "read": _read, "land": _land}


def measure(name: str, way: str, folder: Path) -> dict[str, float]:
    """Seconds and peak of one way over the files in `folder`, in this process, imports left out."""
    import duckdb  # noqa: F401
    import pandas  # noqa: F401  (DuckDB imports it with the first parameter)
    import polars  # noqa: F401

    import pipelines.formats.detect
    import pipelines.landing  # noqa: F401

    files = sorted(folder.iterdir())
    memory = _Memory()
    memory.start()
    with tempfile.TemporaryDirectory(prefix="outturn-bench-") as scratch:
        if len(files) > 1 and way != "land":  # modules are imported by the first document
            _WAYS[way](CASES[name], files[:1], Path(scratch))
        begun = time.perf_counter()
        _WAYS[way](CASES[name], files, Path(scratch))
        seconds = getattr(_land, "seconds", None) if way == "land" else None
        seconds = seconds if seconds is not None else time.perf_counter() - begun
    memory.ended.set()
    return {"seconds": seconds, "memory": memory.peak}


def _apart(name: str, way: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.formats", "--measure", name, way, str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if ended.returncode:
        raise SystemExit(f"{name}, {way}: {ended.stderr[-2000:]}")
    return json.loads(ended.stdout.splitlines()[-1])


def row(name: str, *, scale: float) -> str:
    """One line of the table: the format's files are made, then measured in turn."""
    case = CASES[name]
    rows = max(1, int(case.rows * scale))
    with tempfile.TemporaryDirectory(prefix="outturn-bench-") as place:
        folder = Path(place)
        case.make(folder, rows)
        if case.name != "*":
            (folder / "rows.csv").rename(folder / case.name)
        floor, read, land = (_apart(name, way, folder) for way in ("floor", "read", "land"))
    cells = [name, f"{rows:,} {case.unit}", f"{rows / floor['seconds']:,.0f}"]
    for found in (read, land):
        ratio = found["seconds"] / floor["seconds"]
        cells += [f"{rows / found['seconds']:,.0f}", f"{ratio:.1f} ×", f"{found['memory']:,.0f}"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", action="append")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "bench" / "formats.md")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    console = Console(width=200)
    if arguments.measure:
        name, way, folder = arguments.measure
        console.file.write(json.dumps(measure(name, way, Path(folder))) + "\n")
        return
    head = ("format", "size", "floor /s", "read /s", "of the floor", "MiB", "land /s", "of the floor", "MiB")
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for name in arguments.only or CASES:
        lines.append(row(name, scale=arguments.scale))
        console.print(lines[-1], markup=False, highlight=False)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    console.print("\n".join(["", *lines]), markup=False, highlight=False)


if __name__ == "__main__":
    main()
