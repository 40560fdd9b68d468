"""Hand-made DATEV files: bookings, captions of accounts, partners."""

from __future__ import annotations

COLUMNS = (
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz", "WKZ Basis-Umsatz",
    "Konto", "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Buchungstext",
    "KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Generalumkehr (GU)", "Leistungsdatum", "Leerfeld", "Leerfeld",
)  # fmt: skip
SHORT = {
    "amount": 0, "side": 1, "currency": 2, "rate": 3, "base": 4, "base_currency": 5, "account": 6, "other": 7, "key": 8,
    "day": 9, "document": 10, "text": 11, "kost1": 12, "kost2": 13, "reversal": 14, "supplied": 15,
}  # fmt: skip


def header(
    *, category: int = 21, name: str = "Buchungsstapel", year: str = "20250101", first: str = "20250301",
    last: str = "20250331", label: str = "März", currency: str = "EUR", chart: str = "", magic: str = "EXTF",
    length: int = 4,
) -> str:  # fmt: skip
    return (
        f'"{magic}";700;{category};"{name}";13;20250401120000000;;"RE";"";"";1001;456;{year};{length};{first};{last};'
        f'"{label}";"";1;0;0;"{currency}";;"";;;"{chart}";;;"";""'
    )


def row(**cells: str) -> str:
    """A booking by the short names of `SHORT`."""
    filled = [""] * len(COLUMNS)
    for name, value in {"side": "S", "day": "1503", **cells}.items():
        filled[SHORT[name]] = value
    return ";".join(f'"{cell}"' if name in ("text", "document") else cell for name, cell in zip(
        [*SHORT, "", ""], filled, strict=True
    ))  # fmt: skip


def stack(
    *rows: str, columns: tuple[str, ...] = COLUMNS, encoding: str = "cp1252", newline: str = "\r\n", **head: str
) -> bytes:
    text = newline.join([header(**head), ";".join(columns), *rows, ""])
    return text.encode(encoding)


ROWS = (
    # 119 gross on a project: 100 and 19 of input tax
    row(
        amount="119,00",
        account="3100",
        other="70001",
        key="9",
        document="ER-1",
        text="Fremdleistung – Größe",
        kost2="P-1",
    ),
    row(amount="50,00", side="H", account="1200", other="4660", document="R 2", text="Bahn", kost2="P-2", day="103"),
    row(amount="5950,00", account="10000", other="8400", document="RE-7", text="Honorar"),
    row(amount="20,00", account="4660", other="1200", kost2="P-2", reversal="1", text="Storno"),
)


def captions() -> bytes:
    head = header(category=20, name="Kontenbeschriftungen")
    rows = ['3100;"Fremdleistungen";"de-DE"', '400;"Betriebsausstattung";"de-DE"', '70001;"Lieferant";"de-DE"']
    return "\r\n".join([head, "Konto;Kontenbeschriftung;Sprach-ID", *rows, ""]).encode("cp1252")


def partners() -> bytes:
    head = header(category=16, name="Debitoren/Kreditoren")
    columns = "Konto;Name (Adressattyp Unternehmen);Unternehmensgegenstand;Name (Adressattyp natürl. Person);"
    columns += "Vorname (Adressattyp natürl. Person);Name (Adressattyp keine Angabe);EU-Land;EU-UStID;Land"
    rows = [
        '10001;"Bahn AG";"";"";"";"";"DE";"123456789";"DE"',
        '10002;"";"";"Muster";"Erika";"";"";"";"AT"',
        '70001;"Lieferant GmbH";"";"";"";"";"";"";"DE"',
    ]
    return "\r\n".join([head, columns, *rows, ""]).encode("cp1252")


def seeds() -> dict[str, bytes]:
    """Small files of the format by name."""
    return {
        "EXTF_Buchungsstapel.csv": stack(*ROWS, chart="03"),
        "DTVF_Buchungsstapel.csv": stack(*ROWS, chart="04", magic="DTVF", encoding="utf-8-sig", newline="\n"),
        "EXTF_Kontenbeschriftungen.csv": captions(),
        "EXTF_DebKred_Stamm.csv": partners(),
    }
