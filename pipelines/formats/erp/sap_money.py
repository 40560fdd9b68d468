"""How SAP stores money: amounts of currencies without two decimals, exchange rates with inverted dates and signs.

Sources: SAP Help, "Currency and decimal places" (table TCURX) and "Exchange rates" (table TCURR: GDATU is 99999999
less the date, a negative UKURS is an indirect quotation, FFACT and TFACT are the ratio of units).
"""

from __future__ import annotations

import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, TableRead
from pipelines.formats.erp.cells import Cells
from pipelines.formats.erp.common import decimal, left_out
from pipelines.formats.erp.sap_options import SapOptions
from pipelines.formats.erp.spelling import looked_up

# TCURX as SAP delivers it: decimals of currencies that have not two. An amount is stored as if it had two.
TCURX = {
    **dict.fromkeys(
        (
            "BIF", "CLP", "COP", "DJF", "GNF", "HUF", "IDR", "ISK", "JPY", "KMF", "KRW", "LAK", "MGA", "MMK", "PYG",
            "RWF", "TWD", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # fmt: skip
_MILLION = 1_000_000
_EXACT = pl.Decimal(38, 6)
_LEAST = 10_000  # 0.01 in millionths: a smaller rate is given the other way round, or six decimals would blunt it
_BOTH = 10**12


def scaled(
    cells: Cells, amount: str, column: str | None, options: SapOptions, *, currency: str | None = None
) -> pl.Expr:
    """An amount's canonical text in whole units of its currency.

    Tables hold 1234 yen as 12.34; a list on the screen shows 1234. Which of both a file does is told by its values,
    or by `[sap] implied_decimals`. Raises RefusedFile where neither tells.
    """
    text = cells.number(amount)
    code = cells.text(column).str.to_uppercase() if column else pl.lit(currency, dtype=pl.String)
    odd = code.is_in(list(TCURX))
    found = (
        cells.frame.filter(pl.col(FAULT).is_null())
        .filter(odd.fill_null(False))
        .select(
            pl.len().alias("rows"),
            code.first().alias("code"),
            text.filter(~text.str.contains(r"^-?0*(?:\.0*)?$")).first().alias("example"),
            _speaks_for_table(text, code).sum().alias("stored"),
            _speaks_for_screen(text, code).sum().alias("shown"),
        )
        .collect(engine="streaming")
        .row(0, named=True)
    )
    if not found["rows"] or found["example"] is None:
        return text
    stored = options.implied_decimals
    if stored is None:
        stored = _stored(found, cells.where)
    if not stored:
        return text
    cells.warnings.append(
        f"amounts in {found['code']} and other currencies without two decimals are stored with two by SAP (TCURX); "
        "they were put right"
    )
    digits = looked_up(code, TCURX, dtype=pl.Int32, default=2)
    value = decimal(text)
    whole = (
        pl.when(digits == 0)
        .then((value * 100).cast(_EXACT, strict=False))
        .when(digits == 3)
        .then((value / 10).cast(_EXACT, strict=False))
    )
    return pl.coalesce(whole.cast(pl.String), text)


def _decimals(code: pl.Expr) -> pl.Expr:
    return looked_up(code, TCURX, dtype=pl.Int32, default=2)


def _speaks_for_table(text: pl.Expr, code: pl.Expr) -> pl.Expr:
    """Two decimals where the currency has none: no screen shows such a thing."""
    return ((_decimals(code) == 0) & text.str.contains(r"\.\d{2}$")).fill_null(False)


def _speaks_for_screen(text: pl.Expr, code: pl.Expr) -> pl.Expr:
    """Three decimals where the currency has three."""
    return ((_decimals(code) == 3) & text.str.contains(r"\.\d{3}$")).fill_null(False)


def _stored(found: dict, where: str) -> bool:
    if found["stored"] and not found["shown"]:
        return True
    if found["shown"] and not found["stored"]:
        return False
    example, code = found["example"], found["code"]
    factor = {0: "100 times", 3: "a tenth of"}[TCURX[code]]
    raise RefusedFile(
        f"amounts in {code} can be read in two ways: {example} is {example} {code} as a screen shows it, or {factor} "
        "that as the database stores it (TCURX)",
        where=where,
        value=example,
        remedy="set [sap] implied_decimals = true in outturn.toml where the table comes from the database, false "
        "where a screen or report of SAP gave it",
    )


def rates(cells: Cells, options: SapOptions) -> TableRead:
    """exchange_rate from TCURR."""
    kind = cells.text("kurst").str.to_uppercase()
    wanted = {name.upper(): rate_type for name, rate_type in options.rate_types.items()}
    cells.leave_out(
        ~kind.is_in(list(wanted)).fill_null(False),
        f"rates of types other than {', '.join(wanted)} ([sap.rate_types])",
    )
    source, target = (cells.text(name).str.to_uppercase() for name in ("fcurr", "tcurr"))
    quoted = decimal(cells.number("ukurs"))
    given = [decimal(cells.number(name)) for name in ("ffact", "tfact")]
    units = [pl.when(value > 0).then(value).cast(pl.Int64, strict=False) for value in given]
    declared = _declared(options)
    ratio = [
        pl.coalesce(
            unit,
            looked_up(source, declared, dtype=pl.Int64) if side == 0 else None,
            looked_up(target, declared, dtype=pl.Int64) if side == 1 else None,
        )
        for side, unit in enumerate(units)
    ]
    # without a ratio one unit stands for one; of a currency without decimals that is a guess of a hundred
    odd = [name for name, digits in TCURX.items() if digits == 0]
    blind = pl.any_horizontal(
        e.is_null() & code.is_in(odd) for e, code in zip(ratio, (source, target), strict=True)
    ).fill_null(False)
    ffact, tfact = (e.fill_null(1) for e in ratio)
    # one unit of the first is `rate` of the second; an indirect quotation says how many of the first one of the
    # second is, so it is given that way round
    indirect = quoted < 0
    up, down = pl.when(indirect).then(ffact).otherwise(tfact), pl.when(indirect).then(tfact).otherwise(ffact)
    rate = _ratio(quoted.abs(), up, down)
    small = rate < _LEAST
    # the other way round: 10^12 / (quoted in millionths * up / down)
    inverse = _divided(
        pl.lit(_BOTH) * down.cast(pl.Int128), quoted.abs().cast(_EXACT).to_physical() * up.cast(pl.Int128)
    )
    value = pl.when(small).then(inverse).otherwise(rate)
    swapped = indirect != small
    date = 99999999 - cells.text("gdatu").cast(pl.Int64, strict=False)
    plain = cells.text("gdatu").cast(pl.Int64, strict=False).is_between(19000000, 22991231)
    day = pl.when(plain).then(cells.text("gdatu")).otherwise(date.cast(pl.String))
    faults = pl.coalesce(
        pl.when(quoted.is_null() | (quoted == 0)).then(pl.lit("UKURS is no rate")),
        pl.when(blind).then(
            pl.lit(
                "no ratio of units (FFACT, TFACT): a rate of such a currency is quoted for 100 of it as a rule. Join "
                'TCURF, or say so: [sap.rate_factors] JPY = "100" in outturn.toml'
            )
        ),
    )
    made = cells.frame.with_columns(
        pl.when(swapped).then(target).otherwise(source).alias("from_currency"),
        pl.when(swapped).then(source).otherwise(target).alias("to_currency"),
        day.str.replace(r"^(\d{4})(\d{2})(\d{2})$", "$1-$2-$3").alias("rate_date"),
        looked_up(kind, wanted).alias("rate_type"),
        _text(value).alias("rate"),
        swapped.fill_null(False).alias("__swapped"),
        pl.coalesce(FAULT, faults).alias(FAULT),
    )
    key = ["from_currency", "to_currency", "rate_date", "rate_type"]
    # where both directions of a pair are kept, the one that is quoted in this direction counts
    twice = pl.col("__swapped") & (~pl.col("__swapped") & pl.col(FAULT).is_null()).any().over(key)
    made, noted = left_out(made, twice, "rates whose other direction is in the table too")
    cells.warnings += noted
    return cells.table(
        "exchange_rate",
        {name: pl.col(name) for name in (*key, "rate")},
        frame=made,
        format="sap tcurr",
        system="sap",
        mapping={
            "from_currency": "FCURR (TCURR where the quotation is indirect)",
            "to_currency": "TCURR (FCURR where the quotation is indirect)",
            "rate_date": "99999999 - GDATU",
            "rate_type": "KURST ([sap.rate_types])",
            "rate": "UKURS × TFACT / FFACT",
        },
    )


def _declared(options: SapOptions) -> dict[str, int]:
    found = {}
    for code, value in options.rate_factors.items():
        if not value.isdigit() or not 1 <= int(value) <= 1_000_000:
            raise RefusedFile(
                "a setting cannot be used", where=f"outturn.toml, [sap.rate_factors] {code}", value=value,
                valid="how many units a rate is quoted for, such as 100", remedy="correct it and drop the file again",
            )  # fmt: skip
        found[code.upper()] = int(value)
    return found


def _divided(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """Integers divided, rounded half away from zero (both positive); null by zero."""
    safe = pl.when(denominator > 0).then(denominator)
    return (numerator * 2 + safe) // (safe * 2)


def _ratio(value: pl.Expr, up: pl.Expr, down: pl.Expr) -> pl.Expr:
    """value * up / down in millionths."""
    return _divided(value.cast(_EXACT).to_physical() * up.cast(pl.Int128), down.cast(pl.Int128))


def _text(millionths: pl.Expr) -> pl.Expr:
    fraction = (millionths % _MILLION).cast(pl.String).str.zfill(6)
    return (millionths // _MILLION).cast(pl.String) + "." + fraction
