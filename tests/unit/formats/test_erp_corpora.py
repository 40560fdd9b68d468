"""ERP tables and payments that nobody here wrote: each is loaded with its sums, or refused with the reason expected."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.profiles import read_profile
from tests.unit.formats.erp_files import Reader, rows, total

CORPORA = Path(os.environ.get("OUTTURN_CORPORA") or Path(__file__).parents[4] / "shared" / "corpora")
ERP = CORPORA / "erp"
DOCS = Path(__file__).parents[3] / "docs" / "formats.md"
OPTIONS = {"netsuite": {"currencies": {"1": "USD"}}, "sap": {"accounts": {"1": "out_of_scope"}}}

pytestmark = pytest.mark.skipif(not ERP.is_dir(), reason=f"no corpora at {ERP} (set OUTTURN_CORPORA)")

# file -> canonical table -> (rows, sum of its amounts, what is said of rows left out)
LOADED = {
    "netsuite2_account_data.csv": {"account": (3, None)},
    "netsuite2_customer_data.csv": {"customer": (5, None)},
    "netsuite2_job_data.csv": {"project": (4, None), "project_alias": (4, None)},
    "sage_intacct__ap_bill.csv": {"invoice": (10, "1978")},
    "sage_intacct__ap_bill_item.csv": {"cost_line": (10, "95754.42")},
    "sage_intacct__gl_account.csv": {"account": (9, None)},
    # the amounts of the sample are empty: landing rejects both lines
    "sap_coep_data.csv": {"cost_line": (2, None)},
    "sap_kna1_data.csv": {"customer": (3, None)},
    "sap_kna1_data_bigquery.csv": {"customer": (3, None)},
    "sap_kna1_data_snowflake.csv": {"customer": (3, None)},
    "sap_prps_data.csv": {"wbs_element": (2, None), "project_alias": (4, None)},
    "sap_ska1_data.csv": {"account": (3, None)},
}
REFUSED = {
    "netsuite2_account_type_data.csv": "NetSuite accounttype holds kinds of accounts: Outturn has no use for it",
    "netsuite2_accounting_book_data.csv": "NetSuite accountingbook holds accounting books",
    "netsuite2_accounting_book_sub_data.csv": "NetSuite accountingbooksubsidiaries holds books of subsidiaries",
    "netsuite2_accounting_period_data.csv": "NetSuite accountingperiod holds accounting periods",
    "netsuite2_accounting_period_fiscal_cal_data.csv": "holds periods of fiscal calendars",
    "netsuite2_consolidated_exchange_rate_data.csv": "exchange rates between subsidiaries by internal numbers",
    "netsuite2_currency_data.csv": "NetSuite currency holds currencies",
    "netsuite2_customer_subsidiary_relationship_data.csv": "which subsidiary serves which customer",
    "netsuite2_department_data.csv": "NetSuite department holds departments",
    "netsuite2_employee_data.csv": "names, e-mails and limits of employees: personal data",
    "netsuite2_entities_data.csv": "what employees cost: personal data",
    "netsuite2_entity_address_data.csv": "postal addresses: personal data",
    "netsuite2_item_data.csv": "items that are sold and bought",
    "netsuite2_subsidiary_data.csv": "NetSuite subsidiary holds subsidiaries",
    "netsuite2_transaction_data.csv": "heads of transactions without amounts by account: they say nothing alone",
    "sage_intacct__gl_batch.csv": "heads of journals without amounts",
    "sap_bkpf_data.csv": "SAP BKPF holds heads of accounting documents without amounts",
    "sap_dd07l_data.csv": "SAP DD07L holds permitted values",
    "sap_dd07t_data.csv": "SAP DD07T holds texts",
    "sap_pa0000_data.csv": "SAP PA0000 holds personnel actions: entries, moves and leavings: personal data",
    "sap_pa0001_data.csv": "SAP PA0001 holds names, positions and units of employees: it names people",
    "sap_pa0007_data.csv": "SAP PA0007 holds working time rules of employees: personal data",
    "sap_pa0008_data.csv": "SAP PA0008 holds salaries of employees: personal data",
    "sap_t001_data.csv": "SAP T001 holds company codes",
    "sap_t001w_data.csv": "SAP T001W holds plants",
    "sap_tj01_data.csv": "SAP TJ01 holds business transactions of controlling",
    "sap_tka01_data.csv": "SAP TKA01 holds controlling areas",
    "all.csv": "what was paid to suppliers, without project and currency",
}


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def files() -> dict[str, Path]:
    folders = ("fivetran_dbt_sap", "fivetran_dbt_netsuite", "fivetran_dbt_sage_intacct", "gla_expenditure")
    return {path.name: path for folder in folders for path in (ERP / folder).rglob("*.csv")}


def test_every_file_is_expected() -> None:
    assert set(files()) == set(LOADED) | set(REFUSED)


@pytest.mark.parametrize("name", sorted(LOADED))
def test_a_table_that_is_wanted_is_loaded(reader: Reader, name: str) -> None:
    reads = {read.table: read for read in reader.reads(files()[name].read_bytes(), name=name, **OPTIONS)}
    assert set(reads) == set(LOADED[name])
    for table, (count, amount) in LOADED[name].items():
        assert reads[table].frame.collect().height == count
        if amount is not None:
            column = "gross_amount" if table == "invoice" else "amount"
            assert total(reads[table], column) == Decimal(amount)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_table_that_is_not_wanted_is_refused_with_its_reason(reader: Reader, name: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        reader.reads(files()[name].read_bytes(), name=name, **OPTIONS)
    assert REFUSED[name] in str(caught.value)
    assert caught.value.remedy


def test_the_payments_load_through_the_documented_profile(reader: Reader, tmp_path: Path) -> None:
    section = DOCS.read_text(encoding="utf-8").split("### Payments without projects")[1]
    (tmp_path / "payments.yaml").write_text(section.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    read = reader.one(files()["all.csv"].read_bytes(), profiles=[read_profile(tmp_path / "payments.yaml")])
    found = rows(read, "cost_line_id", "posting_date", "amount")
    amounts = [Decimal(amount) for _, _, amount in found]
    assert len(found) == len({key for key, _, _ in found})
    assert (len(found), sum(amounts)) == (10_719, Decimal("118809280.31"))
    assert all(len(day) == 10 and day.startswith("20") for _, day, _ in found)
