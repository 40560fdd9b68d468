"""Real files to a published site: e-invoices of public test suites and the time logs of real projects (CESAW).

    python -m benchmarks.corpora HOME        # then: outturn --home HOME refresh

Puts copies of the corpora (OUTTURN_CORPORA, default ../shared/corpora) into the inbox of an empty data home, with the
configuration and the declared column map that they need. What the corpora do not tell (project masters, the price of
an hour) is written as plain canonical files and said in docs/corpora.md. Nothing of the corpora enters the repository.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from rich.console import Console

from pipelines.errors import OutturnError, RefusedFile
from pipelines.formats import xml
from pipelines.formats.invoices.document import is_invoice, read_document
from pipelines.formats.pdf import embedded_invoice
from pipelines.settings import load_settings

ROOT = Path(__file__).resolve().parents[1]
CORPORA = Path(os.environ.get("OUTTURN_CORPORA") or ROOT.parent / "shared" / "corpora")
# an hour's price is not in the logs; 100 shows hours × 100 and is named as such in docs/corpora.md
NOMINAL_RATE = "100.00"


def profile_text() -> str:
    """The declared column map of docs/formats.md, word by word: the document is what is tried."""
    found = re.search(
        r"```yaml\n(name: cesaw_time_log\n.*?)```", (ROOT / "docs" / "formats.md").read_text("utf-8"), re.S
    )
    if found is None:
        raise OutturnError("docs/formats.md does not hold the profile cesaw_time_log")
    return found[1]


def _documents(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".xml", ".pdf"))


def _seller(path: Path) -> str | None:
    """What tells a document's seller from its buyer, or None where it is no readable invoice."""
    try:
        if path.suffix.lower() == ".pdf":
            root, _ = embedded_invoice(path, where=path.name)
        else:
            root = xml.parse(path.read_bytes(), where=path.name)
            if not is_invoice(root):
                return None
        found = read_document(root, where=path.name)
    except RefusedFile:
        return None
    own = [name for name in found.seller.identifiers if name not in found.buyer.identifiers]
    return own[0] if own else None


def prepare(home: Path) -> dict[str, int]:
    """Fills the inbox of an empty data home; returns how many files of each kind went in."""
    invoices, logs = CORPORA / "invoices", CORPORA / "projects" / "cesaw" / "CESAW_time_fact.csv"
    for needed in (invoices, logs):
        if not needed.exists():
            raise OutturnError("no corpora here", where=str(needed), remedy="set OUTTURN_CORPORA")
    if home.exists() and any(home.iterdir()):
        raise OutturnError("the data home is not empty", where=str(home))
    settings = load_settings(home)
    home.mkdir(parents=True, exist_ok=True)
    documents = list(_documents(invoices))
    sellers = sorted({seller for path in documents if (seller := _seller(path))})
    settings.config_file.write_text(
        'base_currency = "EUR"\nown_parties = ' + json.dumps(sellers, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    settings.create_home()
    (settings.profiles / "cesaw_time_log.yaml").write_text(profile_text(), encoding="utf-8")
    for path in documents:
        target = settings.inbox / "invoices" / path.relative_to(invoices)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.copyfile(logs, settings.inbox / "timesheets" / logs.name)
    _masters(settings.inbox / "erp", logs)
    return {"invoice files": len(documents), "own parties": len(sellers), "time log files": 1}


def _masters(folder: Path, logs: Path) -> None:
    """Project, person and rate masters, which the logs presuppose and do not hold."""
    frame = pl.read_csv(logs, infer_schema=False)
    started = (
        frame.with_columns(pl.col("time_log_start_date").str.to_datetime("%m/%d/%Y %H:%M", strict=False).alias("at"))
        .group_by("project_key")
        .agg(pl.col("at").min().dt.date())
        .sort(pl.col("project_key").cast(pl.Int64))
    )

    def write(name: str, header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)

    write("customer.csv", ("customer_id", "customer_name"), iter([("CESAW", "Organisations of the CESAW data set")]))
    write(
        "project.csv",
        ("project_id", "project_name", "customer_id", "currency_code", "status", "start_date"),
        ((key, f"CESAW project {key}", "CESAW", "EUR", "closed", str(day)) for key, day in started.iter_rows()),
    )
    people = frame.get_column("person_key").unique().sort()
    write("employee.csv", ("employee_id", "role_id"), ((person, "engineer") for person in people))
    write(
        "cost_rate.csv",
        ("role_id", "valid_from", "hourly_rate", "currency_code"),
        iter([("engineer", "2000-01-01", NOMINAL_RATE, "EUR")]),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    found = prepare(parser.parse_args().home.resolve())
    Console().print(", ".join(f"{count} {what}" for what, count in found.items()), highlight=False)


if __name__ == "__main__":
    main()
