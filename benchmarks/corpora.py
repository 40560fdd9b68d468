"""Real files to a published site: e-invoices of public test suites, time logs of real projects (CESAW), KPI feeds.

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
from calendar import monthrange
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
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
# what a firm would declare of its service desk, its network and its survey
KPI_CONFIGURATION = """
[kpi]
part_days = "replace"
customer_column = "DistributionChannel"
[kpi.aggregate]
"*" = "sum"
[kpi.projects]
"Group *" = "SERVICE"
"Dublin*" = "NETWORK"
[kpi.surveys]
Q1 = "csat"
"""
KPI_FILES = (
    "uci_incident_log/incident_event_log.csv",
    "qualtrics_export/tests/testthat/files/sample.csv",
    "onap_pm_mapper/src/test/resources/split_test/lte/type_c_3_events/test.xml",
)
# the counters of the measurements are called a1, b1, …: a ratio of two of them, as a firm would write it down
KPI_DICTIONARY = """\
kpi_code,kpi_name,dimension,formula,unit,direction,aggregation,within_month,numerator_kpi,denominator_kpi,role
a1,Counter a1,quality,as measured,count,target_band,sum,sum,,,shown
b1,Counter b1,quality,as measured,count,target_band,sum,sum,,,shown
a1_of_b1_pct,Counter a1 of b1,quality,a1 / b1,fraction,higher_is_better,ratio,last,a1,b1,leading
"""
KPI_THRESHOLDS = """\
kpi_code,valid_from,amber_lower,red_lower
a1_of_b1_pct,2000-01-01,0.02,0.005
"""


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
    for needed in (invoices, logs, *(CORPORA / "kpi" / name for name in KPI_FILES)):
        if not needed.exists():
            raise OutturnError("no corpora here", where=str(needed), remedy="set OUTTURN_CORPORA")
    if home.exists() and any(home.iterdir()):
        raise OutturnError("the data home is not empty", where=str(home))
    settings = load_settings(home)
    home.mkdir(parents=True, exist_ok=True)
    documents = list(_documents(invoices))
    sellers = sorted({seller for path in documents if (seller := _seller(path))})
    settings.config_file.write_text(
        'base_currency = "EUR"\nown_parties = ' + json.dumps(sellers, ensure_ascii=False) + "\n" + KPI_CONFIGURATION,
        encoding="utf-8",
    )
    settings.create_home()
    (settings.profiles / "cesaw_time_log.yaml").write_text(profile_text(), encoding="utf-8")
    for path in documents:
        target = settings.inbox / "invoices" / path.relative_to(invoices)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.copyfile(logs, settings.inbox / "timesheets" / logs.name)
    _masters(settings.inbox / "erp", logs)
    for name in KPI_FILES:
        shutil.copyfile(CORPORA / "kpi" / name, settings.inbox / "kpi" / name.replace("/", "_"))
    (settings.home / "kpi_dictionary.csv").write_text(KPI_DICTIONARY, encoding="utf-8")
    (settings.home / "kpi_thresholds.csv").write_text(KPI_THRESHOLDS, encoding="utf-8")
    return {
        "invoice files": len(documents),
        "own parties": len(sellers),
        "time log files": 1,
        "KPI files": len(KPI_FILES),
    }


def _masters(folder: Path, logs: Path) -> None:
    """Project, person and rate masters, which the logs presuppose and do not hold; plans and progress by the tasks."""
    frame = pl.read_csv(logs, infer_schema=False)
    started = (
        frame.with_columns(pl.col("time_log_start_date").str.to_datetime("%m/%d/%Y %H:%M", strict=False).alias("at"))
        .group_by("project_key")
        .agg(pl.col("at").min().dt.date(), pl.col("at").max().dt.date().alias("last"))
        .sort(pl.col("project_key").cast(pl.Int64))
    )

    def write(name: str, header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)

    write(
        "customer.csv",
        ("customer_id", "customer_name"),
        iter(
            [
                ("CESAW", "Organisations of the CESAW data set"),
                ("UCI", "Users of the incident log's service desk"),
                ("anonymous", "Whoever answered the survey"),
            ]
        ),
    )
    write(
        "project.csv",
        ("project_id", "project_name", "customer_id", "currency_code", "status", "start_date", "actual_end_date"),
        chain(
            (
                (key, f"CESAW project {key}", "CESAW", "EUR", "closed", str(first), str(last))
                for key, first, last in started.iter_rows()
            ),
            [
                ("SERVICE", "Service desk of the incident log", "UCI", "EUR", "care", "2016-02-01", ""),
                ("NETWORK", "Network of the measurements", "UCI", "EUR", "care", "2001-10-01", ""),
            ],
        ),
    )
    people = frame.get_column("person_key").unique().sort()
    write("employee.csv", ("employee_id", "role_id"), ((person, "engineer") for person in people))
    write(
        "cost_rate.csv",
        ("role_id", "valid_from", "hourly_rate", "currency_code"),
        iter([("engineer", "2000-01-01", NOMINAL_RATE, "EUR")]),
    )
    from benchmarks import cesaw  # which takes the folder from here

    observed = cesaw.months(logs.parent)
    firsts = {key: str(day) for key, day, _ in started.iter_rows()}
    write(
        "plan_version.csv",
        ("project_id", "plan_version_id", "kind", "approved_on", "source"),
        ((key, "PLAN", "baseline", day, "CESAW_task_fact.csv") for key, day in firsts.items()),
    )
    write(
        "plan_line.csv",
        ("project_id", "plan_version_id", "month", "category", "role_id", "hours", "amount", "currency_code"),
        (
            (key, "PLAN", f"{month:%Y-%m}", "labour", "engineer", f"{hours:.2f}",
             f"{Decimal(f'{hours:.2f}') * Decimal(NOMINAL_RATE):.2f}", "EUR")
            for key, month, hours, _ in observed.iter_rows()
        ),
    )  # fmt: skip
    write(
        "progress.csv",
        ("project_id", "wbs_id", "observed_on", "percent_complete"),
        (
            (key, "", str(month.replace(day=monthrange(month.year, month.month)[1])), f"{share:.12f}")
            for key, month, _, share in observed.iter_rows()
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    found = prepare(parser.parse_args().home.resolve())
    Console().print(", ".join(f"{count} {what}" for what, count in found.items()), highlight=False)


if __name__ == "__main__":
    main()
