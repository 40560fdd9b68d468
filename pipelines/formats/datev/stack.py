"""A Buchungsstapel: its rows to `gl_balance` and `cost_line`, with control totals and findings."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl

from pipelines.formats.accounts import COST_CLASSES
from pipelines.formats.base import FAULT, ControlTotal, Finding, Replacement, TableRead
from pipelines.formats.datev.options import Options
from pipelines.formats.datev.postings import Books, booked, identified, postings
from pipelines.formats.datev.rows import NAMES, REQUIRED, rate_direction, sound
from pipelines.formats.datev.table import Table, heading
from pipelines.formats.decimals import written

_NO_FAULT = pl.lit(None, dtype=pl.String).alias(FAULT)


class _Stack:
    def __init__(self, table: Table, options: Options, *, where: str, work: Path) -> None:
        self.table, self.options, self.where, self.work = table, options, where, work
        self.header = table.header
        self.books = Books(self.header, options, options.standard(self.header.chart))
        self.findings: list[Finding] = []
        self.warnings = list(table.warnings)
        self.controls: list[ControlTotal] = []
        # each stack is a ledger of its own: two of one month add up, the same one delivered again replaces itself
        label = "" if options.one_stack_a_month else self.header.label
        self.company = " ".join(filter(None, (self.header.company, label)))

    def find(self, rule: str, message: str, *, severity: str = "warning", amount: Decimal | None = None) -> None:
        self.findings.append(
            Finding(
                rule=rule, severity=severity, profile="datev", message=message, amount=amount,
                unit=self.header.currency if amount is not None else None,
            )  # type: ignore[arg-type]
        )  # fmt: skip

    def _rows(self) -> pl.LazyFrame:
        """Every row with its amount, day and accounts, or its fault; written down once, for several passes."""
        field = heading(self.options.project_field)
        names = {**NAMES, "project": NAMES.get(field, (field,))}
        required = (*REQUIRED, "project") if self.options.is_project_required else REQUIRED
        rows = self.table.pick(names, required=required, where=self.where)
        direction = None if self.options.rate is None else self.options.rate == "foreign_per_base"
        if direction is None:
            direction = rate_direction(rows)
        spool = self.work / "rows.parquet"
        # KOST 0 stands for none
        project = pl.when(~pl.col("project").str.contains(r"^0*$")).then(pl.col("project")).alias("project")
        sound(rows, self.header, foreign_per_base=direction).with_columns(project).sink_parquet(
            spool, compression="lz4"
        )
        return pl.scan_parquet(spool, glob=False)

    def tables(self) -> list[TableRead]:
        rows = self._rows()
        good = booked(rows.filter(pl.col(FAULT).is_null()), self.books)
        spool = self.work / "booked.parquet"
        good.sink_parquet(spool, compression="lz4")
        good = pl.scan_parquet(spool, glob=False)
        every = postings(good, self.books)
        self._control(rows, every)
        self._judge(good)
        reads = [self._balances(rows, every), *self._costs(every)]
        first = TableRead(
            **{
                **reads[0].__dict__,
                "warnings": tuple(self.warnings),
                "controls": tuple(self.controls),
                "findings": tuple(self.findings),
            }
        )
        return [first, *reads[1:]]

    def _table(self, name: str, frame: pl.LazyFrame, replaces: Replacement) -> TableRead:
        names = self.table.mapping(NAMES)
        mapping = {
            "gl_balance": {
                "company_id": "Berater-Mandant and Bezeichnung of the header",
                "account_code": f"{names['konto']}, {names['gegenkonto']}",
                "month": names["day"],
                "amount": f"{names['umsatz']} by {names['side']}",
                "currency_code": "WKZ of the header",
            },
            "cost_line": {
                "project_id": self.options.project_field,
                "posting_date": names["day"],
                "account_code": f"{names['konto']}, {names['gegenkonto']}",
                "amount": f"{names['umsatz']} by {names['side']}, without tax",
                "document_number": names["document"],
                "description": names["text"],
            },
        }[name]
        return TableRead(
            format="datev",
            table=name,
            frame=frame,
            mapping=mapping,
            dialect=self.table.dialect,
            source_system="datev",
            replaces=replaces,
        )

    def _balances(self, rows: pl.LazyFrame, every: pl.LazyFrame) -> TableRead:
        summed = (
            every.group_by(
                pl.col("account").alias("account_code"), pl.col("booked").dt.strftime("%Y-%m").alias("month")
            )
            .agg(pl.col("amount").sum(), pl.col("source_line").cast(pl.Int64).min())
            .sort("source_line", "account_code")
            .select(
                "account_code",
                "month",
                written(pl.col("amount")).alias("amount"),
                pl.col("source_line").cast(pl.String),
                _NO_FAULT,
            )
        )
        bad = rows.filter(pl.col(FAULT).is_not_null()).select(
            pl.col("konto").alias("account_code"),
            pl.col("day").alias("month"),
            pl.col("umsatz").alias("amount"),
            "source_line",
            FAULT,
        )
        frame = pl.concat([summed, bad]).with_columns(
            pl.lit(self.company).alias("company_id"), pl.lit(self.header.currency).alias("currency_code")
        )
        return self._table("gl_balance", frame, Replacement(period="month", within=("company_id",)))

    def _costs(self, every: pl.LazyFrame) -> list[TableRead]:
        """Postings with a project on cost accounts. Without a chart nobody knows which those are."""
        with_project = every.filter(pl.col("project").is_not_null() & pl.col("other_account").is_not_null())
        lines, unknown, amount = (
            with_project.select(
                pl.len(),
                pl.col("class").is_null().sum().alias("unknown"),
                pl.col("amount").filter(pl.col("class").is_null()).abs().sum().alias("amount"),
            )
            .collect(engine="streaming")
            .row(0)
        )
        if lines and self.books.standard is None and not self.options.classes:
            self.find(
                "datev-chart",
                f"no cost is taken from rows with {self.options.project_field}, since nobody says which accounts are "
                'costs: set chart = "SKR03" or "SKR04", or account_classes, under [datev] in outturn.toml and deliver '
                "the file again",
                severity="critical",
                amount=amount / 2,
            )
            return []
        ledger_unknown = with_project.filter(
            pl.col("class").is_null() & (pl.col("account").str.len_chars() <= self.header.account_length)
        )
        if unknown and (
            codes := ledger_unknown.select(pl.col("account").unique()).collect()["account"].sort().to_list()
        ):
            self.find(
                "datev-account-class",
                f"accounts with {self.options.project_field} that no class is known of are taken as no cost: "
                f"{', '.join(codes[:8])}; account_classes under [datev] in outturn.toml gives them one",
                amount=ledger_unknown.select(pl.col("amount").sum()).collect().item(),
            )
        costs = with_project.filter(pl.col("class").is_in(COST_CLASSES))
        if not costs.select(pl.len()).collect().item():
            return []
        is_creditor = (pl.col("other_account").str.len_chars() == self.header.account_length + 1) & pl.col(
            "other_account"
        ).str.contains(r"^[789]")
        prefix = f"{self.company}/"
        frame = identified(costs, self.company).select(
            "cost_line_id",
            pl.col("project").alias("project_id"),
            pl.col("booked").cast(pl.String).alias("posting_date"),
            pl.col("account").alias("account_code"),
            pl.col("class").alias("category"),
            written(pl.col("amount")).alias("amount"),
            pl.lit(self.header.currency).alias("currency_code"),
            pl.when(is_creditor).then(pl.col("other_account")).alias("supplier_id"),
            pl.col("document").alias("document_number"),
            pl.col("text").alias("description"),
            "source_line",
            _NO_FAULT,
        )
        return [
            self._table("cost_line", frame, Replacement(period="posting_date", starts_with=("cost_line_id", prefix)))
        ]

    def _control(self, rows: pl.LazyFrame, every: pl.LazyFrame) -> None:
        count, stated = (
            rows.select(pl.len(), pl.col("amount").filter(pl.col(FAULT).is_null()).abs().sum())
            .collect(engine="streaming")
            .row(0)
        )
        good = rows.select(pl.col(FAULT).is_null().sum()).collect(engine="streaming").item()
        amount = pl.col("amount")
        debit, credit = (
            every.select(
                amount.filter(amount > 0).sum().alias("debit"), (-amount.filter(amount < 0).sum()).alias("credit")
            )
            .collect(engine="streaming")
            .row(0)
        )
        unit, zero = self.header.currency, Decimal(0)
        self.controls += [
            ControlTotal(measure="rows", unit="rows", stated=Decimal(count), found=Decimal(good)),
            ControlTotal(measure="Umsatz, booked in debit", unit=unit, stated=stated or zero, found=debit or zero),
            ControlTotal(measure="debit, booked in credit", unit=unit, stated=debit or zero, found=credit or zero),
        ]

    def _judge(self, good: pl.LazyFrame) -> None:
        amount = pl.col("amount")
        first, last = self.header.first, self.header.last
        is_outside = pl.lit(False) if first is None or last is None else ~pl.col("booked").is_between(first, last)
        counted = good.select(
            pl.col("is_key_unknown").sum().alias("unknown"),
            amount.filter(pl.col("is_key_unknown")).sum().alias("unknown_amount"),
            pl.col("key").filter(pl.col("is_key_unknown")).unique().sort().implode().alias("keys"),
            (amount < 0).sum().alias("negative"),
            is_outside.sum().alias("outside"),
            (pl.col("tax") != 0).sum().alias("taxed"),
            (pl.col("is_empty") & ~pl.col("no_automatic")).sum().alias("automatic"),
            (pl.col("tax").abs().sum()).alias("tax"),
        ).collect(engine="streaming").row(0, named=True)  # fmt: skip
        if counted["unknown"]:
            self.find(
                "datev-tax-key",
                f"{counted['unknown']} rows have a tax key whose rate is not known ({', '.join(counted['keys'][:8])}); "
                "they count gross. tax_keys under [datev] in outturn.toml gives the rates",
                amount=counted["unknown_amount"],
            )
        if counted["negative"]:
            self.find("datev-negative", f"{counted['negative']} rows have a negative amount, taken with its sign")
        if counted["outside"]:
            self.find(
                "datev-period", f"{counted['outside']} rows lie outside the period of the header, in its fiscal year"
            )
        if self.books.standard is None and counted["automatic"]:
            self.find(
                "datev-automatic",
                f"{counted['automatic']} rows without a tax key count as they stand, although an account may take tax "
                'out by itself: set chart = "SKR03" or "SKR04" under [datev] in outturn.toml',
                severity="notice",
            )
        if counted["taxed"]:
            tax = Decimal(counted["tax"]) / 100
            self.warnings.append(
                f"tax was taken out of {counted['taxed']} gross amounts, {tax} {self.header.currency} together"
            )


def read_stack(table: Table, options: Options, *, where: str, work: Path) -> list[TableRead]:
    """`gl_balance` and, where a chart is known and rows have a project, `cost_line`."""
    return _Stack(table, options, where=where, work=work).tables()
