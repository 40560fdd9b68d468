"""The first line of a DATEV file: whose it is, of which year and period, in which currency and chart."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipelines.contracts.iso4217 import CURRENCIES
from pipelines.errors import RefusedFile

# https://developer.datev.de/datev/platform/de/dtvf: categories that exist
CATEGORIES = {
    16: "Debitoren/Kreditoren",
    20: "Kontenbeschriftungen",
    21: "Buchungsstapel",
    44: "Textschlüssel",
    46: "Zahlungsbedingungen",
    47: "Konto-Notizen",
    48: "Diverse Adressen",
    62: "Anlagenbuchführung - Filialen",
    63: "Anlagenbuchführung - Buchungssatzvorlagen",
    65: "Wiederkehrende Buchungen",
    67: "Buchungstextkonstanten",
}
MAGIC = re.compile(r'^"?(EXTF|DTVF)"?;')


@dataclass(frozen=True)
class Header:
    category: int
    name: str
    version: str
    consultant: str
    client: str
    year_start: date | None
    account_length: int
    first: date | None
    last: date | None
    label: str
    currency: str
    chart: str | None  # SKR03, SKR04

    @property
    def company(self) -> str:
        return f"{self.consultant}-{self.client}"

    @property
    def year_end(self) -> date | None:
        """Last day of the fiscal year: a year after its start, less a day."""
        if self.year_start is None:
            return None
        start = self.year_start
        following = date(start.year + 1, start.month, 28 if (start.month, start.day) == (2, 29) else start.day)
        return following - timedelta(days=1)


def _day(text: str, name: str, *, where: str) -> date | None:
    text = text.strip()
    if not text or not text.strip("0"):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()
    except ValueError as error:
        raise RefusedFile(
            f"the DATEV header's {name} is no day", where=where, value=text, valid="YYYYMMDD", remedy="export it again"
        ) from error


def read_header(line: str, *, where: str) -> Header:
    """The header of the file's first line. Raises RefusedFile for one that cannot be a header."""
    fields = next(csv.reader(io.StringIO(line), delimiter=";"), [])
    fields += [""] * (31 - len(fields))
    category, length = fields[2].strip(), fields[13].strip()
    if not category.isdigit():
        raise RefusedFile(
            "the DATEV header has no category of data", where=where, value=fields[2], remedy="export it again"
        )
    currency = fields[21].strip().upper() or "EUR"
    if currency not in CURRENCIES:
        raise RefusedFile("the DATEV header's currency is none of ISO 4217", where=where, value=currency)
    chart = fields[26].strip().zfill(2)
    return Header(
        category=int(category),
        name=fields[3].strip() or CATEGORIES.get(int(category), "unknown"),
        version=fields[4].strip(),
        consultant=fields[10].strip(),
        client=fields[11].strip(),
        year_start=_day(fields[12], "start of the fiscal year", where=where),
        account_length=int(length) if length.isdigit() and 4 <= int(length) <= 9 else 4,
        first=_day(fields[14], "first day", where=where),
        last=_day(fields[15], "last day", where=where),
        label=fields[16].strip(),
        currency=currency,
        chart=f"SKR{chart}" if chart in ("03", "04") else None,
    )
