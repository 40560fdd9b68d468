"""E-invoices: reading beside lxml's bare parse of the same bytes, and landing from the inbox.

    python -m benchmarks.invoices                 # 2,000 invoices of 20 lines read, in UBL and CII
    python -m benchmarks.invoices --land 10000    # the whole way of 10,000 of them into an empty warehouse
    python -m benchmarks.invoices --public FOLDER # those in a folder of real files, such as public test suites

Run at the root of the repository: the invoices are those of the tests. Seconds of the processor, of this process and of
those that it started, so that a busy machine is no excuse; the clock stands beside them.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from lxml import etree
from rich.console import Console

from pipelines.errors import RefusedFile
from pipelines.formats import xml
from pipelines.formats.invoices import is_invoice, read_invoice
from pipelines.formats.invoices.document import read_document
from pipelines.landing import land_inbox
from pipelines.settings import Settings
from tests.unit.formats.seeds.invoices import OURS, PEPPOL, Bill, Item, added_up, cii, ubl

_LINES = 20
_OWN = (OURS["vat"],)


def bills(count: int) -> Iterator[Bill]:
    """Invoices with a price, a reference and a description on each of their lines."""
    for number in range(count):
        items = tuple(
            Item(
                net=f"{(number + line) % 40 + 1}00.00",
                quantity=str((number + line) % 40 + 1),
                price="100.00",
                cost=f"WP-{line}",
                name=f"Engineering services, work package {line}",
            )
            for line in range(1, _LINES + 1)
        )
        yield added_up(
            Bill(number=f"R-{number}", profile=PEPPOL, project=f"P-{number % 50}", order="PO-1", items=items)
        )


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _best(run: Callable[[Any], object], documents: Sequence[Any]) -> float:
    """Milliseconds of the processor a document, of the best of five rounds."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for data in documents:
            run(data)
        best = min(best, time.process_time() - start)
    return best / len(documents) * 1000


def read(count: int, console: Console) -> None:
    for name, written in (("UBL", ubl), ("CII", cii)):
        documents = [written(bill) for bill in bills(count)]
        floor = _best(etree.fromstring, documents)
        ours = _best(lambda data: read_invoice(xml.parse(data, where="x"), own_parties=_OWN, where="x"), documents)
        size = sum(map(len, documents)) // count
        console.print(
            f"{name}: {count} of {size} bytes, bare {floor:.3f} ms, read {ours:.3f} ms ({ours / floor:.2f} x)"
        )


def land(count: int, console: Console) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", settle_seconds=0, own_parties=_OWN, base_currency="EUR")
        settings.create_home()
        for number, bill in enumerate(bills(count)):
            (settings.inbox / "invoices" / f"{number:06}.xml").write_bytes(ubl(bill))
        os.sync()
        clock, used = time.perf_counter(), _processor()
        result = land_inbox(settings)
        clock, used = time.perf_counter() - clock, _processor() - used
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        console.print(
            f"{result.count('loaded')} landed, {result.rows_loaded} rows: {clock:.1f} s, {count / clock:.0f} a second; "
            f"processor {used:.1f} s, {used / count * 1000:.2f} ms each; peak {peak} MiB"
        )


def read_public(folder: Path, console: Console) -> None:
    """Real files, as written by many programmes: every e-invoice in XML below `folder` that can be read."""
    found: dict[str, list[tuple[bytes, tuple[str, ...]]]] = {}
    for file in sorted(folder.rglob("*.xml")):
        data = file.read_bytes()
        with suppress(RefusedFile):
            root = xml.parse(data, where=file.name)
            if is_invoice(root):
                document = read_document(root, where=file.name)
                own = tuple(document.seller.identifiers)[:1]
                read_invoice(root, own_parties=own, where=file.name)
                found.setdefault(document.format, []).append((data, own))
    for name, documents in found.items():
        floor = _best(lambda each: etree.fromstring(each[0]), documents)
        ours = _best(
            lambda each: read_invoice(xml.parse(each[0], where="x"), own_parties=each[1], where="x"), documents
        )
        size = sum(len(data) for data, _ in documents) // len(documents)
        console.print(
            f"{name}: {len(documents)} of {size} bytes, bare {floor:.3f} ms, read {ours:.3f} ms ({ours / floor:.2f} x)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--land", type=int)
    parser.add_argument("--public", type=Path)
    arguments = parser.parse_args()
    console = Console(highlight=False)
    if arguments.public:
        read_public(arguments.public, console)
    elif arguments.land:
        land(arguments.land, console)
    else:
        read(arguments.count, console)


if __name__ == "__main__":
    main()
