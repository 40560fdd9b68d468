"""DATEV's master data: captions of accounts (category 20) and customers (category 16)."""

from __future__ import annotations

import polars as pl

from pipelines.formats.base import FAULT, TableRead
from pipelines.formats.datev.options import Options
from pipelines.formats.datev.table import Table

_CAPTIONS = {"account": ("konto",), "name": ("kontenbeschriftung", "kontobeschriftung"), "language": ("sprachid",)}
_PARTNERS = {
    "account": ("konto",),
    "company": ("nameadressattypunternehmen",),
    "person": ("nameadressattypnatuerlperson",),
    "first": ("vornameadressattypnatuerlperson",),
    "other": ("nameadressattypkeineangabe",),
    "short": ("kurzbezeichnung",),
    "country": ("land",),
    "vat_country": ("euland", "eumitgliedstaat"),
    "vat_id": ("euustid", "euustidnr"),
}


def _number() -> pl.Expr:
    return pl.col("account").str.strip_chars_start("0")


def captions(table: Table, options: Options, *, where: str) -> list[TableRead]:
    """`account` of the ledger's accounts; partners' accounts and further languages are left out and counted."""
    rows = table.pick(_CAPTIONS, required=("account", "name"), where=where).collect()
    header, warnings = table.header, list(table.warnings)
    standard = options.standard(header.chart)
    languages = rows["language"].drop_nulls().unique().to_list()
    if len(languages) > 1:
        kept = "de-DE" if "de-DE" in languages else sorted(languages)[0]
        dropped = rows.filter(pl.col("language") != kept).height
        rows = rows.filter(pl.col("language").is_null() | (pl.col("language") == kept))
        warnings.append(f"{dropped} captions in other languages than {kept} are left out")
    personal = rows.filter(_number().str.len_chars() > header.account_length)
    if personal.height:
        rows = rows.filter((_number().str.len_chars() <= header.account_length).fill_null(True))
        warnings.append(f"{personal.height} captions of customers and suppliers are left out")
    codes = rows.select(_number()).to_series()
    classes = [
        options.class_of(code, length=header.account_length, standard=standard) if code else None for code in codes
    ]
    unknown = sorted({code for code, known in zip(codes, classes, strict=True) if known is None and code})
    if unknown:
        warnings.append(
            f"{len(unknown)} accounts became out_of_scope, since no chart (SKR03, SKR04) or account_classes under "
            f"[datev] in outturn.toml gives them a class: {', '.join(unknown[:8])}"
        )
    frame = rows.lazy().select(
        codes.alias("account_code"),
        pl.col("name").alias("account_name"),
        pl.Series("class", [known or "out_of_scope" for known in classes], dtype=pl.String),
        "source_line",
        FAULT,
    )
    return [
        TableRead(
            format="datev",
            table="account",
            frame=frame,
            warnings=tuple(warnings),
            mapping={"account_code": "Konto", "account_name": "Kontenbeschriftung"},
            dialect=table.dialect,
            source_system="datev",
            yields=True,
        )
    ]


def partners(table: Table, *, where: str) -> list[TableRead]:
    """`customer` of the customers' accounts (first digit 1 to 6); suppliers (7 to 9) are left out and counted."""
    rows = table.pick(_PARTNERS, required=("account",), where=where).collect()
    number = _number()
    is_supplier = (
        (number.str.len_chars() == table.header.account_length + 1) & number.str.contains(r"^[789]")
    ).fill_null(False)
    suppliers = rows.filter(is_supplier).height
    warnings = list(table.warnings)
    if suppliers:
        warnings.append(f"{suppliers} suppliers are left out: no canonical table holds them")
    person = pl.concat_str(["first", "person"], separator=" ", ignore_nulls=True)
    frame = (
        rows.lazy()
        .filter(~is_supplier)
        .select(
            number.alias("customer_id"),
            pl.coalesce("company", pl.when(person != "").then(person), "other", "short").alias("customer_name"),
            pl.coalesce("country", "vat_country").alias("country_code"),
            pl.concat_str([pl.col("vat_country").fill_null(""), "vat_id"]).alias("vat_id"),
            "source_line",
            FAULT,
        )
    )
    return [
        TableRead(
            format="datev",
            table="customer",
            frame=frame,
            warnings=tuple(warnings),
            mapping={"customer_id": "Konto", "customer_name": "Name"},
            dialect=table.dialect,
            source_system="datev",
            yields=True,
        )
    ]
