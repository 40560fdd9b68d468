"""Tells the demo firm as files: which table goes into which file and format, when it arrives, how often it repeats.

At scale 1 the files are those of one firm. At scale N the same firm stands N times side by side (its keys end in
-1, -2 …): time entries in the same monthly files, everything else of the further ones in `<table>_teams.csv`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl

from pipelines.contracts import contracts
from pipelines.demo import firm, ubl
from pipelines.demo.billing import Biller, Invoice, Line, as_rows, ledger
from pipelines.demo.billing import contracts as sell
from pipelines.demo.costs import Rates, Row, Tables, accounts, exchange_rates, spend
from pipelines.demo.effort import Workforce, time_entries, workforce
from pipelines.demo.faults import (
    CORRECTED_MONTH,
    LATE_MONTH,
    NEW_EMPLOYEE,
    NEW_ROLE,
    UNRATED_MONTH,
    WITHOUT_PROJECT,
    Fault,
    catalogue,
    planted_rows,
)
from pipelines.demo.files import Folder, text_frame
from pipelines.demo.masters import masters
from pipelines.demo.network import networks
from pipelines.demo.periods import HISTORY, Periods
from pipelines.demo.plans import courses, plans
from pipelines.demo.registers import registers
from pipelines.demo.schedule import reports
from pipelines.errors import ConfigurationError
from pipelines.settings import TEMPLATE

SEED = 20261101
AS_OF = date(2026, 10, 31)
TOGETHER = 24  # firms a chunk: about 100,000 time entries in memory at once
RESTATED = 8  # cost lines that were first posted with VAT
SHARED = ("account", "exchange_rate", "gl_balance", "time_entry")  # not repeated in files of their own
OWN_KEYS = (
    "customer_id", "vat_id", "programme_id", "project_id", "alias", "employee_id", "contract_id", "contract_line_id",
    "cost_line_id", "document_number", "purchase_order_id", "payment_id", "invoice_id", "counterparty_id",
    "supplier_id", "response_id", "complaint_id", "incident_id", "opportunity_id", "entry_id",
)  # fmt: skip
CONFIGURATION = f"""\
# The demo firm. The settings are explained in docs/operations.md.

base_currency = "{firm.BASE}"
time_zone = "Europe/Berlin"
own_parties = ["{firm.FIRM_VAT_ID}", "{firm.FIRM_NAME}"]

[feeds.time_entry]
expected_every = "31d"
late_after = "36d"

[feeds.cost_line]
expected_every = "31d"
late_after = "36d"

[feeds.exchange_rate]
expected_every = "31d"
late_after = "36d"

[feeds.milestone]
expected_every = "92d"
late_after = "99d"
"""


@dataclass(frozen=True)
class DemoReport:
    """What was written: number of files, rows by table (planted ones included; invoices in XML as rows), the planted
    faults with the amounts at stake, seconds."""

    files: int
    rows: dict[str, int]
    faults: tuple[Fault, ...]
    seconds: float


@dataclass(frozen=True)
class Firm:
    """Everything that is told, before it is a file. `entries`: time entries by month of the history."""

    periods: Periods
    force: Workforce
    rates: Rates
    tables: Tables
    invoices: list[Invoice]
    entries: list[pl.DataFrame]


def invent(periods: Periods, seed: int) -> Firm:
    """The whole firm, clean: nothing planted yet."""
    force = workforce(periods, seed)
    entries = [time_entries(force, month, seed) for month in range(HISTORY)]
    everything = pl.concat(entries)
    tables: Tables = defaultdict(list)
    rates, told = exchange_rates(periods, seed), courses(force, seed)
    masters(force, told, tables)
    sell(told, periods, tables)
    spend(force, rates, everything, seed, tables)
    plans(told, seed, tables)
    reports(told, tables)
    networks(told, periods, tables)
    registers(told, periods, seed, tables)
    biller = Biller(force, told, everything, tables, seed)
    invoices = biller.bill()
    biller.collect(invoices)
    tables["account"] = accounts()
    tables["exchange_rate"] = rates.rows
    return Firm(periods, force, rates, tables, invoices, entries)


def write_demo(home: Path, *, scale: int = 1, seed: int = SEED, as_of: date = AS_OF) -> DemoReport:
    """Writes the firm's files under `home/inbox` and, where none was edited yet, `home/outturn.toml`.

    The same arguments give the same bytes and the same modification times. `as_of` is the last day of a month.
    """
    if scale < 1:
        raise ConfigurationError("not a usable scale", where="scale", value=scale, valid="1 or more")
    began = perf_counter()
    periods = Periods(as_of)
    told = invent(periods, seed)
    configuration = home / "outturn.toml"
    if not configuration.exists() or configuration.read_text(encoding="utf-8") == TEMPLATE:
        home.mkdir(parents=True, exist_ok=True)
        configuration.write_text(CONFIGURATION, encoding="utf-8")
    writer = _Teller(told, Folder(home / "inbox"), catalogue(periods), scale)
    writer.tell()
    return DemoReport(writer.folder.files, writer.folder.rows, tuple(writer.faults), perf_counter() - began)


class _Teller:
    def __init__(self, told: Firm, folder: Folder, faults: tuple[Fault, ...], scale: int) -> None:
        self.firm, self.folder, self.scale = told, folder, scale
        self.faults = list(faults)
        self.planted = planted_rows(faults)
        self.periods = told.periods
        self.today = told.periods.as_of + timedelta(days=2)

    def label(self, month: int) -> str:
        return self.periods.label(month)

    def settle(self, fault_id: str, **known: Any) -> None:
        """Completes a fault with what only the written files know."""
        at = next(i for i, fault in enumerate(self.faults) if fault.id == fault_id)
        self.faults[at] = replace(self.faults[at], **known)

    def with_planted(self, path: str, table: str, rows: Sequence[Row]) -> list[Row]:
        return [*rows, *self.planted.get((path, table), [])]

    def tell(self) -> None:
        self.master_data()
        self.plans()
        self.postings()
        self.time()
        self.documents()
        self.kpi()
        self.registers()
        for block in self.further():
            block()

    def csv(self, path: str, table: str, day: date, rows: Sequence[Row] | None = None, **how: Any) -> None:
        rows = self.with_planted(path, table, self.firm.tables[table] if rows is None else rows)
        self.folder.delimited(path, table, rows, day, **how)

    def book(self, path: str, day: date, *names: str) -> None:
        sheets = {name: self.with_planted(path, name, self.firm.tables[name]) for name in names}
        self.folder.workbook(path, sheets, day)

    def master_data(self) -> None:
        now, tables = self.label(HISTORY - 1), self.firm.tables
        self.book(
            f"erp/master_data_{now}.xlsx",
            self.today,
            "customer",
            "programme",
            "project",
            "project_alias",
            "wbs_element",
        )
        self.book(f"erp/contracts_{now}.xlsx", self.today, "contract_line", "contract_price")
        person = {
            "employee_id": NEW_EMPLOYEE,
            "employee_name": "Wenzel Übermuth",
            "role_id": NEW_ROLE,
            "cost_centre": "CC-240",
            "market": "DACH",
            "weekly_capacity_hours": 40,
            "start_date": self.periods.first(UNRATED_MONTH),
        }
        rate = {
            "role_id": NEW_ROLE,
            "valid_from": self.periods.first(UNRATED_MONTH + 1),
            "hourly_rate": Decimal("71.00"),
            "currency_code": firm.BASE,
        }
        bill_rate = {
            "contract_line_id": "CL-1006-1",
            "role_id": NEW_ROLE,
            "valid_from": self.periods.first(UNRATED_MONTH + 1),
            "hourly_rate": Decimal("112.00"),
            "currency_code": firm.BASE,
        }
        people = [*tables["employee"], person]
        self.csv("erp/employee.csv", "employee", self.today, people, separator=";", encoding="cp1252")
        self.csv("erp/cost_rate.csv", "cost_rate", self.today, [*tables["cost_rate"], rate])
        self.csv("erp/bill_rate.csv", "bill_rate", self.today, [*tables["bill_rate"], bill_rate])
        self.csv("erp/account.csv", "account", self.today, separator=";")
        self.csv("erp/exchange_rate.csv.gz", "exchange_rate", self.today)

    def plans(self) -> None:
        self.csv("erp/plan_version.csv", "plan_version", self.today)
        self.csv("erp/plan_line.csv.gz", "plan_line", self.today)
        self.csv("erp/progress.tsv", "progress", self.today, separator="\t")

    def postings(self) -> None:
        """Cost lines: the older months in one file, then one a month; one of them is corrected later."""
        tables = self.firm.tables
        by_month: dict[str, list[Row]] = defaultdict(list)
        for row in tables["cost_line"]:
            by_month[f"{row['posting_date']:%Y-%m}"].append(row)
        older = HISTORY - 10
        first = [row for m in range(older) for row in by_month[self.label(m)]]
        name = f"erp/cost_line_{self.label(0)}_to_{self.label(older - 1)}.csv"
        # every cost file has the same columns, whatever its month uses
        columns = contracts()["cost_line"].column_names
        self.csv(name, "cost_line", self.periods.day(older, 3), first, separator=";", columns=columns)
        for month in range(older, HISTORY):
            rows = by_month[self.label(month)]
            day = self.periods.last(month) + timedelta(days=2)
            if month == CORRECTED_MONTH:
                rows = self.corrected(rows)
            self.csv(f"erp/cost_line_{self.label(month)}.csv", "cost_line", day, rows, separator=";", columns=columns)
        self.csv("erp/purchase_order_line.tsv.gz", "purchase_order_line", self.today, separator="\t")
        self.csv("erp/payment.csv", "payment", self.today)

    def corrected(self, rows: list[Row]) -> list[Row]:
        """The month as it was posted first, some lines with VAT in them; writes the right ones as a later file."""
        wrong = [row for row in rows if row["category"] == "subcontract"][:RESTATED]
        before = {row["cost_line_id"]: (row["amount"] * Decimal("1.19")).quantize(Decimal("0.01")) for row in wrong}
        path = f"erp/cost_line_{self.label(CORRECTED_MONTH)}_corrected.csv"
        self.csv(path, "cost_line", self.periods.day(CORRECTED_MONTH + 1, 12), wrong, separator=";")
        change = sum((row["amount"] - before[row["cost_line_id"]] for row in wrong), Decimal(0))
        self.settle("restated_costs", count=len(wrong), amount=change, key=wrong[0]["cost_line_id"])
        return [row | {"amount": before.get(row["cost_line_id"], row["amount"])} for row in rows]

    def time(self) -> None:
        """Monthly sheets of the office tool; Parquet a quarter from North America, without entry numbers."""
        away = [p.id for p in self.firm.force.people if p.market == "North America"]
        for quarter in range(0, HISTORY, 3):
            months = range(quarter, quarter + 3)
            name = f"timesheets/time_entry_na_{self.label(quarter)}_to_{self.label(quarter + 2)}.parquet"
            day = self.periods.last(quarter + 2) + timedelta(days=2)
            template = self.firm.entries[quarter].drop("entry_id", "description").head(0)
            with ExitStack() as stack:
                packed = stack.enter_context(self.folder.parquet(name, day, template))
                for month in months:
                    frame = self.firm.entries[month]
                    if month == LATE_MONTH:
                        frame = self.late(frame)
                    abroad = frame.filter(pl.col("employee_id").is_in(away))
                    for chunk in self.repeated(abroad.drop("entry_id", "description")):
                        packed.write_table(chunk.to_arrow())
                        self.folder.count("time_entry", chunk.height)
                    arrives = self.periods.last(month) + timedelta(days=2)
                    here = frame.filter(~pl.col("employee_id").is_in(away))
                    self.sheet(f"timesheets/time_entry_{self.label(month)}.csv.gz", arrives, here)

    def sheet(self, path: str, arrives: date, frame: pl.DataFrame) -> None:
        frame = frame.with_columns(
            pl.when(pl.col("description") != "").then(pl.col("description")).alias("description")
        )
        with self.folder.open(path, arrives) as file:
            file.write((",".join(frame.columns) + "\n").encode())
            for chunk in self.repeated(frame):
                file.write(chunk.write_csv(include_header=False).encode())
                self.folder.count("time_entry", chunk.height)
            planted = self.planted.get((path, "time_entry"), [])
            if planted:
                rows = text_frame("time_entry", planted, frame.columns)
                file.write(rows.write_csv(include_header=False).encode())
                self.folder.count("time_entry", rows.height)

    def late(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Takes one person's month out of the ordinary sheet and writes it as a late one, under the ticket key."""
        on_project = frame.filter(pl.col("project_id") == "P-1012")
        person = on_project.group_by("employee_id").agg(pl.len()).sort("len", "employee_id")["employee_id"][-1]
        mine = (pl.col("project_id") == "P-1012") & (pl.col("employee_id") == person)
        rows = frame.filter(mine).with_columns(pl.lit("OSS-CON").alias("project_id"))
        self.sheet(
            f"timesheets/time_entry_{self.label(LATE_MONTH)}_late.csv", self.periods.day(LATE_MONTH + 1, 19), rows
        )
        self.settle("late_hours", count=rows.height, amount=rows["hours"].sum(), key=person)
        return frame.filter(~mine)

    def repeated(self, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """The frame once as it is, then for each further firm with its own keys, some firms at a time."""
        yield frame
        keys = [name for name in frame.columns if name in OWN_KEYS]
        for start in range(1, self.scale, TOGETHER):
            marks = pl.DataFrame({"mark": [f"-{n}" for n in range(start, min(start + TOGETHER, self.scale))]})
            mark = [pl.concat_str([key, "mark"]).alias(key) for key in keys]  # an empty key stays empty
            yield marks.join(frame, how="cross").with_columns(mark).select(frame.columns)

    def documents(self) -> None:
        """Sales as UBL, purchases as tables, the ledger over both."""
        year = self.periods.as_of.year
        invoices = list(self.firm.invoices)
        customer = firm.CUSTOMERS[0]
        issued = self.periods.day(HISTORY - 2, 24)
        line = Line("Workshop on energy saving", Decimal(4), "DAY", WITHOUT_PROJECT, "")
        due = issued + timedelta(days=customer.terms)
        alone = Invoice(f"INV-{year}-9003", "", customer.id, issued, due, firm.BASE, (line,))
        for invoice in [*invoices, alone]:
            self.folder.raw(f"invoices/ubl/{invoice.number}.xml", ubl.document(invoice).encode(), invoice.issued)
            self.folder.count("invoice", 1)
            self.folder.count("invoice_line", len(invoice.lines))
        broken = replace(alone, number=f"INV-{year}-9001", project="P-1001")
        whole = ubl.document(broken).encode()
        self.folder.raw(f"invoices/ubl/{broken.number}.xml", whole[: len(whole) * 3 // 5], issued)
        strange = ubl.document(
            replace(alone, number=f"INV-{year}-9002"),
            seller=ubl.Party("Quellbach Druck GmbH", "DE999009911", "DE", "Quellbach"),
            to=ubl.Party("Zirbelhof Hotel GmbH", "DE999009922", "DE", "Zirbel"),
            vat=19,
        )
        self.folder.raw(f"invoices/ubl/INV-{year}-9002.xml", strange.encode(), issued)

        split = date(year, 1, 1)
        supplied = self.firm.tables["invoice"]
        older = [row for row in supplied if row["issue_date"] < split]
        names = {row["invoice_id"] for row in older}
        lines = self.firm.tables["invoice_line"]
        span = f"{self.label(0)[:4]}-{year - 1}"
        self.csv(f"invoices/invoice_{span}.csv", "invoice", split, older, separator=";")
        first = [row for row in lines if row["invoice_id"] in names]
        self.csv(f"invoices/invoice_line_{span}.csv", "invoice_line", split, first, separator=";")
        sheets = {
            "invoice": [row for row in supplied if row["issue_date"] >= split],
            "invoice_line": [row for row in lines if row["invoice_id"] not in names],
        }
        self.folder.workbook(f"invoices/suppliers_{year}.xlsx", sheets, self.today)
        self.csv("erp/gl_balance.csv", "gl_balance", self.today, self.balances([alone]), separator=";")

    def balances(self, more: list[Invoice]) -> list[Row]:
        """The ledger over all firms, and over those planted postings that are good enough to be loaded."""
        posted = [
            row | {"posting_date": date.fromisoformat(row["posting_date"]), "amount": Decimal(row["amount"])}
            for fault in self.faults
            if fault.table == "cost_line" and fault.outcome in ("exception", "loaded") and fault.unit == firm.BASE
            for row in fault.rows
        ]
        clean, rates = self.firm.tables, self.firm.rates
        extra = ledger({"cost_line": posted, "payment": []}, more, rates)
        found = {(r["account_code"], r["month"]): r for r in ledger(clean, self.firm.invoices, rates, times=self.scale)}
        for row in extra:
            same = found.get((row["account_code"], row["month"]), row | {"amount": Decimal(0)})
            found[row["account_code"], row["month"]] = same | {"amount": same["amount"] + row["amount"]}
        return [found[key] for key in sorted(found)]

    def kpi(self) -> None:
        tables, folder = self.firm.tables, self.folder
        folder.json_lines("kpi/kpi_observation.jsonl", "kpi_observation", tables["kpi_observation"], self.today)
        folder.json_lines("kpi/acceptance_test.jsonl", "acceptance_test", tables["acceptance_test"], self.today)
        complaints = self.with_planted("kpi/complaint.jsonl", "complaint", tables["complaint"])
        folder.json_lines("kpi/complaint.jsonl", "complaint", complaints, self.today)
        self.csv("kpi/survey_response.csv", "survey_response", self.today)
        by_report: dict[date, list[Row]] = defaultdict(list)
        for row in tables["milestone"]:
            by_report[row["reported_on"]].append(row)
        for reported, rows in by_report.items():
            day = reported + timedelta(days=1)
            self.csv(f"kpi/milestone_{reported:%Y-%m}.csv", "milestone", day, rows, separator=";")
        incidents = tables["safety_incident"]
        columns = contracts()["safety_incident"].column_names
        sited = [row | {"site_code": f"SITE-{n:02d}"} for n, row in enumerate(incidents, start=1)]
        self.csv("kpi/safety_incident.csv", "safety_incident", self.today, sited, columns=[*columns, "site_code"])

    def registers(self) -> None:
        now = self.label(HISTORY - 1)
        self.book(
            f"projects/registers_{now}.xlsx", self.today, "change_request", "risk", "sales_opportunity", "handover_item"
        )
        self.csv(f"projects/resource_plan_{now}.csv", "resource_plan", self.today)
        self.csv("projects/commentary.csv", "commentary", self.today, separator=";")
        self.csv(f"projects/schedule_task_{now}.csv", "schedule_task", self.today)
        self.csv(f"projects/schedule_link_{now}.csv", "schedule_link", self.today)
        old = self.firm.tables["resource_plan"][:40]
        columns = [c for c in contracts()["resource_plan"].column_names if c != "hours"]
        path = f"projects/resource_plan_{self.label(HISTORY - 7)}.csv"
        before = self.periods.day(HISTORY - 6, 2)
        frame = text_frame("resource_plan", old, columns)
        self.folder.raw(path, frame.write_csv().encode(), before)

    def further(self) -> Iterator[Callable[[], None]]:
        """One job a table that writes the rows of all firms but the first."""
        if self.scale == 1:
            return
        sold = [as_rows(invoice) for invoice in self.firm.invoices]
        more = {"invoice": [head for head, _ in sold], "invoice_line": [line for _, lines in sold for line in lines]}
        for name, contract in contracts().items():
            if name in SHARED:
                continue
            rows = [*self.firm.tables[name], *more.get(name, [])]
            if name == "milestone":  # a file holds a key once: the last report
                rows = list({(row["project_id"], row["milestone_id"]): row for row in rows}.values())
            if name == "cost_rate":  # the rates of roles hold for all
                rows = [row for row in rows if row["employee_id"]]
            frame = text_frame(name, rows)
            yield lambda frame=frame, name=name, feed=contract.feed: self.teams(feed, name, frame)

    def teams(self, feed: str, name: str, frame: pl.DataFrame) -> None:
        with self.folder.open(f"{feed}/{name}_teams.csv", self.today) as file:
            chunks = self.repeated(frame)
            file.write((",".join(frame.columns) + "\n").encode())
            next(chunks)
            for chunk in chunks:
                file.write(chunk.write_csv(include_header=False).encode())
                self.folder.count(name, chunk.height)


__all__ = ["AS_OF", "SEED", "DemoReport", "Firm", "invent", "write_demo"]
