"""A SAF-T file of any size, read beside a bare parse of the same bytes: seconds and peak memory of each.

    python -m benchmarks.saft /tmp/saft.xml --megabytes 200

Writes the file where it does not stand yet: Norwegian 1.30, vouchers of three lines, every second one with a project.
Each measurement is a process of its own, so that its peak is its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<n1:AuditFile xmlns:n1="urn:StandardAuditFile-Taxation-Financial:NO"><n1:Header>
<n1:AuditFileVersion>1.30</n1:AuditFileVersion><n1:AuditFileCountry>NO</n1:AuditFileCountry>
<n1:Company><n1:RegistrationNumber>999999999</n1:RegistrationNumber></n1:Company>
<n1:DefaultCurrencyCode>NOK</n1:DefaultCurrencyCode></n1:Header><n1:MasterFiles><n1:GeneralLedgerAccounts>
"""
_ACCOUNTS = (("4000", "4000"), ("4500", "4500"), ("5000", "5000"), ("7140", "7140"), ("2740", "2740"), ("2400", "2400"))


def _account(code: str, standard: str) -> str:
    return (
        f"<n1:Account><n1:AccountID>{code}</n1:AccountID><n1:AccountDescription>Account {code}</n1:AccountDescription>"
        f"<n1:GroupingCategory>RF-1167</n1:GroupingCategory><n1:GroupingCode>{standard}</n1:GroupingCode>"
        "<n1:AccountType>GL</n1:AccountType></n1:Account>\n"
    )


def _line(record: int, account: str, side: str, amount: str, extra: str = "") -> str:
    return (
        f"<n1:Line>\n  <n1:RecordID>{record}</n1:RecordID>\n  <n1:AccountID>{account}</n1:AccountID>\n  {extra}"
        "<n1:Analysis><n1:AnalysisType>A</n1:AnalysisType><n1:AnalysisID>100</n1:AnalysisID></n1:Analysis>\n"
        "  <n1:ValueDate>2025-03-15</n1:ValueDate>\n  <n1:SourceDocumentID>1234</n1:SourceDocumentID>\n"
        f"  <n1:Description>Invoice of a supplier</n1:Description>\n  <n1:{side}Amount><n1:Amount>{amount}"
        f"</n1:Amount></n1:{side}Amount>\n  <n1:ReferenceNumber>123456</n1:ReferenceNumber>\n</n1:Line>\n"
    )


def _voucher(number: int) -> str:
    day = f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}"
    net = f"{number % 9000 + 100}.{number % 100:02}"
    gross = f"{number % 9000 + 600}.{number % 100:02}"
    project = (
        f"<n1:Analysis><n1:AnalysisType>P</n1:AnalysisType><n1:AnalysisID>P-{number % 400:03}</n1:AnalysisID>"
        "</n1:Analysis>\n  "
        if number % 2
        else ""
    )
    return (
        f"<n1:Transaction><n1:TransactionID>{number}</n1:TransactionID><n1:Period>{number % 12 + 1}</n1:Period>"
        f"<n1:PeriodYear>2025</n1:PeriodYear><n1:TransactionDate>{day}</n1:TransactionDate><n1:Description>Voucher"
        f"</n1:Description><n1:SystemEntryDate>{day}</n1:SystemEntryDate><n1:GLPostingDate>{day}</n1:GLPostingDate>\n"
        + _line(1, _ACCOUNTS[number % 4][0], "Debit", net, project)
        + _line(2, "2740", "Debit", "500.00")
        + _line(3, "2400", "Credit", gross, "<n1:SupplierID>20000</n1:SupplierID>\n  ")
        + "</n1:Transaction>\n"
    )


def write(path: Path, *, megabytes: int) -> None:
    """A file of about `megabytes`, with control totals that agree."""
    size, count, cents = 0, 0, 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as body:
        while size < megabytes * 1_000_000:
            voucher = _voucher(count)
            size += len(voucher)
            cents += (count % 9000 + 600) * 100 + count % 100
            count += 1
            body.write(voucher)
        total = f"{cents // 100}.{cents % 100:02}"
        body.seek(0)
        with path.open("w", encoding="utf-8") as out:
            out.write(_HEAD + "".join(_account(*account) for account in _ACCOUNTS))
            out.write(
                "</n1:GeneralLedgerAccounts></n1:MasterFiles><n1:GeneralLedgerEntries>"
                f"<n1:NumberOfEntries>{count}</n1:NumberOfEntries><n1:TotalDebit>{total}</n1:TotalDebit>"
                f"<n1:TotalCredit>{total}</n1:TotalCredit><n1:Journal><n1:JournalID>GL</n1:JournalID>\n"
            )
            while block := body.read(1 << 20):
                out.write(block)
            out.write("</n1:Journal></n1:GeneralLedgerEntries></n1:AuditFile>\n")


def _bare(path: Path) -> dict[str, object]:
    """lxml's own iterparse over every element, each cleared: the floor."""
    from lxml import etree

    count = 0
    for _, element in etree.iterparse(str(path), resolve_entities=False, no_network=True):
        count += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return {"elements": count}


def _read(path: Path) -> dict[str, object]:
    """The whole reader: rows of every table, written as landing writes them."""
    import polars as pl

    from pipelines.formats.base import Source
    from pipelines.formats.detect import recognise

    with tempfile.TemporaryDirectory() as work:
        reads = recognise(
            Source(path=path, name=path.name, feed="erp", size=path.stat().st_size),
            own_parties=(), profiles=(), work=Path(work), options={"saft": {"project_analysis_type": "P"}},
        )  # fmt: skip
        rows = {}
        for read in reads:  # type: ignore[union-attr]
            target = Path(work) / f"{read.table}.parquet"
            read.frame.sink_parquet(target)
            rows[read.table] = pl.scan_parquet(target).select(pl.len()).collect().item()
    return rows


def _measure(what: str, path: Path) -> dict[str, object]:
    start, used = time.perf_counter(), time.process_time()
    found = _bare(path) if what == "bare" else _read(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, cpu = time.perf_counter() - start, time.process_time() - used
    return {"what": what, "seconds": round(seconds, 2), "cpu": round(cpu, 2), "peak_mib": round(peak), **found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--only", choices=["bare", "read"])
    arguments = parser.parse_args()
    if arguments.only:
        sys.stdout.write(json.dumps(_measure(arguments.only, arguments.path)) + "\n")
        return
    if not arguments.path.exists():
        write(arguments.path, megabytes=arguments.megabytes)
    for what in ("bare", "read", "bare", "read"):
        subprocess.run([sys.executable, "-m", "benchmarks.saft", str(arguments.path), "--only", what], check=True)


if __name__ == "__main__":
    main()
