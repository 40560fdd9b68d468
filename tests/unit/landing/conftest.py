"""A data home for each test, valid rows for every canonical table, and ways to drop files and to look at the result."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts import Column, Contract
from pipelines.contracts.ddl import LEDGER
from pipelines.settings import Settings

NOW = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
_LATE = ("end", "valid_to", "closed", "decided", "delivered", "due", "done")
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def _value(contract: Contract, column: Column, number: int) -> Any:
    match column.type:
        case "decimal":
            if contract.name == "survey_response":
                return Decimal(1 + number % 5)
            return Decimal(number % 8 + 1) + Decimal("0.25")
        case "fraction":
            return Decimal(number % 4 + 1) / 8
        case "integer":
            return number + 1
        case "date":
            return date(2026 if any(word in column.name for word in _LATE) else 2025, number % 12 + 1, number % 28 + 1)
        case "month":
            return date(2025, number % 12 + 1, 1)
        case "boolean":
            return number % 2 == 0
        case "code":
            return column.codes[number % len(column.codes)]
        case "currency":
            return ("EUR", "USD", "SEK")[number % 3]
    if (contract.name, column.name) == ("cost_rate", "role_id"):
        return None
    return f'{column.name} "{number}", é; x' if column.name == "description" else f"{column.name}-{number}"


def valid_rows(contract: Contract, count: int) -> list[dict[str, Any]]:
    """Typed rows that meet every rule of a contract, each with its own key; every fifth optional cell is empty."""
    rows = [{c.name: _value(contract, c, number) for c in contract.columns} for number in range(count)]
    for number, row in enumerate(rows):
        for column in contract.columns:
            if not column.required and not column.key and column.default is None and number % 5 == 4:
                row[column.name] = None
    return rows


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


class Home:
    """A data home with a fixed clock; files are taken at once."""

    def __init__(self, root: Path) -> None:
        self.settings = Settings(
            home=root, settle_seconds=0, fixed_now=NOW, own_parties=("DE123456789",), base_currency="EUR"
        )
        self.settings.create_home(pseudonym_key="0" * 64)
        self.dropped = 0

    def drop(self, relative: str, content: bytes | str) -> Path:
        """Writes a file into the inbox; files are taken in the order of the calls."""
        path = self.settings.inbox / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.dropped += 1
        os.utime(path, (1_700_000_000 + self.dropped,) * 2)
        return path

    @contextmanager
    def warehouse(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect(str(self.settings.warehouse), read_only=True) as connection:
            yield connection

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple]:
        with self.warehouse() as connection:
            return connection.execute(sql, parameters or []).fetchall()

    def content(self) -> dict[str, list[tuple]]:
        """Everything that landing wrote: tables that are not empty, each in a fixed order."""
        found = {}
        with self.warehouse() as connection:
            tables = connection.execute(
                "select table_schema || '.' || table_name from information_schema.tables "
                "where table_schema in ('raw', 'history', 'ledger') order by all"
            ).fetchall()
            for (table,) in tables:
                if rows := connection.execute(f"select * from {table} order by all").fetchall():
                    found[table] = rows
        return found

    def loads(self) -> list[dict[str, Any]]:
        columns = list(LEDGER["loads"])
        rows = self.rows(f"select {', '.join(columns)} from ledger.loads order by load_number, table_name")
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def rejected(self) -> list[tuple]:
        """table, line, column, value, reason of every finding."""
        return self.rows(
            "select table_name, source_line, column_name, value, reason from ledger.rejected_rows order by all"
        )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def make_home() -> Callable[[Path], Home]:
    return Home


@pytest.fixture
def rows_of() -> Callable[[Contract, int], list[dict[str, Any]]]:
    return valid_rows


@pytest.fixture
def text_of() -> Callable[[Any], str]:
    return as_text


@pytest.fixture(scope="session")
def ubl() -> Callable[..., str]:
    """A small UBL invoice of ours: `ubl("R-1", "100.00")`."""

    def party(role: str, vat: str) -> str:
        return (
            f"<cac:{role}><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID><cac:TaxScheme>"
            f"<cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity>"
            f"<cbc:RegistrationName>{vat}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:{role}>"
        )

    def invoice(number: str, net: str, *, issued: str = "2026-03-31") -> str:
        gross = Decimal(net) + 19
        return (
            f'<Invoice xmlns="{_UBL}Invoice-2" xmlns:cac="{_UBL}CommonAggregateComponents-2" '
            f'xmlns:cbc="{_UBL}CommonBasicComponents-2"><cbc:ID>{number}</cbc:ID><cbc:IssueDate>{issued}'
            "</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR"
            f"</cbc:DocumentCurrencyCode>{party('AccountingSupplierParty', 'DE123456789')}"
            f"{party('AccountingCustomerParty', 'FR12345678901')}"
            '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">19.00</cbc:TaxAmount></cac:TaxTotal>'
            f'<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>'
            f'<cbc:TaxExclusiveAmount currencyID="EUR">{net}</cbc:TaxExclusiveAmount>'
            f'<cbc:TaxInclusiveAmount currencyID="EUR">{gross}</cbc:TaxInclusiveAmount>'
            f'<cbc:PayableAmount currencyID="EUR">{gross}</cbc:PayableAmount></cac:LegalMonetaryTotal>'
            '<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="HUR">8</cbc:InvoicedQuantity>'
            f'<cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>'
            "<cac:Item><cbc:Name>Work</cbc:Name></cac:Item></cac:InvoiceLine></Invoice>"
        )

    return invoice
