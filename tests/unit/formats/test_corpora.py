"""Files that nobody here wrote: every one is read, or refused with a reason; none crashes. Skipped where absent."""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import RefusedFile
from pipelines.formats import xml
from pipelines.formats.base import FAULT, DocumentRead, Source
from pipelines.formats.detect import recognise
from pipelines.formats.invoices.document import Document, is_invoice, read_document
from pipelines.formats.invoices.rows import canonical
from pipelines.formats.pdf import embedded_invoice
from pipelines.formats.profiles import load_profiles, read_profile

CORPORA = Path(os.environ.get("OUTTURN_CORPORA") or Path(__file__).parents[4] / "shared" / "corpora")
INVOICES = CORPORA / "invoices"
DOCS = Path(__file__).parents[3] / "docs" / "formats.md"
CESAW = CORPORA / "projects" / "cesaw" / "CESAW_time_fact.csv"

pytestmark = pytest.mark.skipif(not INVOICES.is_dir(), reason=f"no corpora at {CORPORA} (set OUTTURN_CORPORA)")


def document(path: Path) -> tuple[str, Document]:
    """The invoice in a file, before anything is mapped; raises RefusedFile."""
    if path.suffix.lower() == ".pdf":
        root, _ = embedded_invoice(path, where=path.name)
        return "pdf", read_document(root, where=path.name)
    root = xml.parse(path.read_bytes(), where=path.name)
    if not is_invoice(root):
        raise xml.foreign(root, where=path.name)
    return "xml", read_document(root, where=path.name)


@cache
def survey() -> tuple[dict[Path, tuple[str, Document, DocumentRead]], dict[Path, RefusedFile]]:
    """Every file of the invoice corpora: what was read (as the seller's own invoices), what was refused."""
    read: dict[Path, tuple[str, Document, DocumentRead]] = {}
    refused: dict[Path, RefusedFile] = {}
    for path in sorted(p for p in INVOICES.rglob("*") if p.suffix.lower() in (".xml", ".pdf")):
        try:
            carrier, found = document(path)
            # some samples give both parties one name or one VAT number: what only the seller has tells them apart
            seller = [i for i in found.seller.identifiers if i not in found.buyer.identifiers]
            read[path] = carrier, found, canonical(found, own_parties=tuple(seller[:1]), where=path.name)
        except RefusedFile as refusal:
            refused[path] = refusal
    return read, refused


def test_every_invoice_is_read_and_everything_else_refused_with_a_reason() -> None:
    read, refused = survey()
    counts = Counter(f"{carrier} {result.format}" for carrier, _, result in read.values())
    reasons = Counter(refusal.what.removeprefix("unsupported document: ") for refusal in refused.values())
    assert dict(counts) == {"xml ubl": 55, "xml cii": 37, "pdf cii": 39}
    assert dict(reasons) == {
        "a test set of validation rules (testSet), not one invoice": 186,
        "a ZUGFeRD 1.0 invoice": 11,
        "an Italian FatturaPA invoice": 7,
        "an EDIFACT INVOIC message written as XML": 6,
        "a ZUGFeRD draft from before 1.0": 1,
        # an anonymised sample in which both parties are the same
        "neither seller XX nor buyer XX is one of our own parties": 1,
    }
    assert all(refusal.remedy for refusal in refused.values())


def test_no_file_of_the_corpora_crashes_the_recogniser(tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()
    for path in sorted(p for p in INVOICES.rglob("*") if p.is_file()):
        source = Source(path=path, name=path.name, feed="invoices", size=path.stat().st_size)
        try:
            recognise(source, own_parties=("nobody here",), profiles=load_profiles(), work=tmp_path)
            outcomes["read"] += 1
        except RefusedFile as refusal:
            outcomes["not ours" if "our own parties" in refusal.what else "refused"] += 1
    assert outcomes == {"not ours": 132, "refused": 225}


def test_the_amounts_of_every_invoice_add_up() -> None:
    read, _ = survey()
    found = [(path.name, result) for path, (_, _, result) in read.items()]
    assert [(name, w) for name, result in found for w in result.warnings if w.startswith("BR-")] == []
    without_lines = 0
    for name, result in found:
        header, lines = result.rows["invoice"][0], result.rows["invoice_line"]
        net, tax, gross = (Decimal(header[f"{amount}_amount"]) for amount in ("net", "tax", "gross"))
        assert net + tax == gross, name
        without_lines += not lines
        assert not lines or sum(Decimal(line["net_amount"]) for line in lines) == net, name
        assert len({line["line_id"] for line in lines}) == len(lines), name
    assert without_lines == 7


def test_the_signs_of_the_corpora() -> None:
    read, _ = survey()
    signs = Counter(
        (
            result.rows["invoice"][0]["type"],
            "negative" if result.rows["invoice"][0]["net_amount"][0] == "-" else "positive",
        )
        for _, _, result in read.values()
    )
    assert dict(signs) == {
        ("invoice", "positive"): 121,
        ("invoice", "negative"): 4,  # three of type 380, one of type 384: not turned again
        ("credit_note", "negative"): 6,
    }


def test_the_same_invoice_as_ubl_cii_and_pdf_gives_the_same_rows() -> None:
    read, _ = survey()
    folder = INVOICES / "zugferd-corpus" / "XML-Rechnung"
    testsuite = INVOICES / "xrechnung-testsuite"
    pairs = [(p, folder / "CII" / p.name.replace(".ubl", ".cii")) for p in sorted((folder / "UBL").glob("*.xml"))]
    pairs += [(p, folder / "FX" / p.name.replace(".ubl.xml", ".pdf")) for p in sorted((folder / "UBL").glob("*.xml"))]
    pairs += [(p, p.with_name(p.name.replace("_ubl", "_uncefact"))) for p in sorted(testsuite.rglob("*_ubl.xml"))]
    compared, different = 0, []
    for one, other in pairs:
        if one in read and other in read:
            compared += 1
            rows = [
                [
                    {**row, "source_line": None}
                    for table in ("invoice", "invoice_line")
                    for row in read[path][2].rows[table]
                ]
                for path in (one, other)
            ]
            if rows[0] != rows[1]:
                different.append(one.name)
    # These three have a placeholder as order number in UBL, whose schema wants one beside the seller's own number.
    assert different == ["01.08a-INVOICE_ubl.xml", "01.09a-INVOICE_ubl.xml", "01.13a-INVOICE_ubl.xml"]
    assert compared == 36


@pytest.mark.skipif(not CESAW.is_file(), reason=f"no {CESAW}")
def test_real_time_logs_become_time_entries_through_the_documented_profile(tmp_path: Path) -> None:
    documented = DOCS.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    (tmp_path / "cesaw.yaml").write_text(documented, encoding="utf-8")
    profile = read_profile(tmp_path / "cesaw.yaml")
    source = Source(path=CESAW, name=CESAW.name, feed="timesheets", size=CESAW.stat().st_size)
    (read,) = recognise(source, own_parties=(), profiles=[*load_profiles(), profile], work=tmp_path)
    frame = read.frame.collect()
    assert (read.table, frame.height, frame["entry_id"].n_unique()) == ("time_entry", 93_633, 93_633)
    assert frame[FAULT].null_count() == 93_633
    assert frame.filter(~pl.col("work_date").str.contains(r"^20\d\d-\d\d-\d\d$")).height == 0
    hours = frame["hours"].cast(pl.Decimal(24, 6))
    minutes = pl.read_csv(CESAW, columns=["time_log_delta_minutes"])["time_log_delta_minutes"]
    # each entry is rounded to a millionth of an hour
    assert abs(hours.sum() - Decimal(int(minutes.sum())) / 60) < Decimal("0.000001") * frame.height
    assert hours.sum() == Decimal("63617.866404")
    assert (hours > 24).sum() == 8
