"""Counters of mobile networks: 3GPP TS 32.435 (measCollecFile) and TS 28.532/28.550 (measDataFile).

A file holds a value for each counter, object (cell) and interval, mostly of 15 minutes; Outturn keeps one for each
project, counter and day. Whether values add up or are averaged only the operator knows, so it must be declared.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Context, Finding, Source, TableRead
from pipelines.formats.decimals import written
from pipelines.formats.kpi.intervals import Interval, is_whole_day
from pipelines.formats.kpi.measurements import NIL, Walk, new_walk, walk_file
from pipelines.formats.kpi.options import Options, options_of

FORMAT, SYSTEM = "3gpp", "3gpp"
_NUMBER = r"^[-+]?(\d{1,15}(\.\d{1,12})?|\.\d{1,12})$"
_VALUE = pl.Decimal(38, 12)
_NULLS = (NIL, "nil", "null", "NULL")
_KEY = ("project_id", "kpi_code", "observed_on")
# Measurements that may be there twice are compared object by object, about as many at once
_ELEMENTS_COMPARED = 20_000


def read(source: Source, context: Context) -> list[TableRead]:
    """The observations of one file. Raises RefusedFile."""
    return read_files([source], context, where=source.name)


def read_files(sources: Sequence[Source], context: Context, *, where: str) -> list[TableRead]:
    """The observations of several files that belong together: the intervals of a day. Raises RefusedFile."""
    options = options_of(context)
    context.work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="measurements-", dir=context.work))
    walk = new_walk(folder, options, ZoneInfo(context.time_zone))
    for source in sources:
        walk_file(walk, source, prefix=f"{source.name}:" if len(sources) > 1 else "")
    if not walk.values.count:
        raise RefusedFile("a measurement file without measurements", where=where, remedy="leave it out of the inbox")
    return [_Days(walk, options, where=where).table()]


class _Days:
    """From the values of a walk to one value for each project, counter and day."""

    def __init__(self, walk: Walk, options: Options, *, where: str) -> None:
        self.walk, self.options, self.where = walk, options, where
        self.warnings: list[str] = []
        self.findings: list[Finding] = []

    def table(self) -> TableRead:
        spooled = self.walk.values.scan()
        broken = spooled.filter(pl.col("fault").is_not_null()).join(self._infos().lazy(), on="info", how="left")
        self._declare()
        values = self._settled(spooled)
        rows = self._aggregated(values)
        frame = pl.concat([rows, self._faulty(values, broken)], how="diagonal")
        self._say()
        return TableRead(
            format=FORMAT,
            table="kpi_observation",
            frame=frame,
            warnings=tuple(self.warnings),
            findings=tuple(self.findings),
            mapping={
                "project_id": {
                    "managed_element": "managedElement/@localDn",
                    "sender": "fileSender",
                    "object": "@measObjLdn",
                }[self.options.project_from],
                "kpi_code": "measType",
                "observed_on": "granPeriod",
                "value": "measResults",
            },
            dialect=f"{self.walk.files} files" if self.walk.files > 1 else "",
            source_system=SYSTEM,
        )

    def _infos(self) -> pl.DataFrame:
        infos = self.walk.infos
        return pl.DataFrame(
            {
                "info": list(range(len(infos))),
                "reference": [info.project for info in infos],
                "day": [info.interval.day(self.walk.zone) if info.interval else None for info in infos],
                "end": [info.interval.end if info.interval else None for info in infos],
                "length": [info.interval.length if info.interval else None for info in infos],
            },
            schema={
                "info": pl.Int64, "reference": pl.String, "day": pl.Date, "end": pl.Datetime(time_zone="UTC"),
                "length": pl.Int64,
            },
        )  # fmt: skip

    def _values(self, spooled: pl.LazyFrame) -> pl.LazyFrame:
        """One row a value: project, counter, day, object, interval, text."""
        counters = pl.DataFrame(
            {"info": list(range(len(self.walk.infos))), "counter": [info.counters for info in self.walk.infos]},
            schema={"info": pl.Int64, "counter": pl.List(pl.String)},
        ).lazy()
        reference = pl.col("object") if self.options.project_from == "object" else pl.col("reference")
        long = (
            spooled.filter(pl.col("fault").is_null())
            .join(self._infos().lazy(), on="info")
            .join(counters, on="info")
            .with_columns(pl.col("results").str.split(" "), reference.alias("reference"))
            .explode("counter", "results", empty_as_null=True, keep_nulls=True)
        )
        return long.select(
            "at", "info", "reference", "object", "counter", "day", "end", "length", "suspect",
            pl.col("results").alias("text"),
        )  # fmt: skip

    def _declare(self) -> None:
        """How each counter of the file is added up. Raises RefusedFile where nothing is declared for any."""
        elements = self.walk.values.scan().filter(pl.col("fault").is_null()).group_by("info").len()
        found: dict[str, int] = {}
        for info, count in elements.collect(engine="streaming").iter_rows():
            for counter in self.walk.infos[info].counters:
                found[counter] = found.get(counter, 0) + count
        names = sorted(found)
        how = {name: self.options.aggregation(name) for name in names}
        if names and not any(how.values()):
            raise RefusedFile(
                "nothing says how the counters' values of a day become one",
                where=self.where,
                value=_few(names),
                valid="sum, mean, max, min",
                remedy=f'set [kpi.aggregate] in outturn.toml, such as "{names[0]}" = "sum" (traffic, attempts) or '
                '"mean" (levels, shares); counters that are not set are left out',
            )
        silent = [f"{name} ({count})" for name, count in sorted(found.items()) if not how[name]]
        if silent:
            self.warnings.append(
                "counters left out, since [kpi.aggregate] does not say how their values become one (values): "
                + _few(silent)
            )
        declared = [name for name in names if how[name]]
        self.how = pl.DataFrame(
            {"counter": declared, "how": [how[name] for name in declared]},
            schema={"counter": pl.String, "how": pl.String},
        )

    def _numbers(self, spooled: pl.LazyFrame) -> pl.LazyFrame:
        """One row a value of a declared counter, with its number."""
        text = pl.col("text").str.strip_chars()
        is_nil = pl.col("text").is_null() | text.is_in(["", *_NULLS])
        number = pl.when(text.str.contains(_NUMBER)).then(text.str.strip_prefix("+")).cast(_VALUE, strict=False)
        values = self._values(spooled).join(self.how.lazy(), on="counter")
        return values.with_columns(is_nil.alias("is_nil"), number.alias("number"))

    def _settled(self, spooled: pl.LazyFrame) -> list[pl.LazyFrame]:
        """Values with their number, each measurement once, written to scratch: they are read several times.

        In parts, to be read one after the other: one scan of all files holds most of their rows at once (580 MiB where
        part by part takes 170).
        """
        if self._is_plain():
            once = (pl.lit(1, dtype=pl.UInt32).alias("readings"), pl.lit(False).alias("again"))
            once = (*once, pl.lit(1, dtype=pl.UInt32).alias("lengths"))
            parts = [pl.scan_parquet(file, glob=False) for file in self.walk.values.files] or [spooled]
        else:
            same = ["reference", "object", "counter", "end", "length"]
            buckets = -(-self.walk.values.count // _ELEMENTS_COMPARED)
            parts = [spooled.filter(pl.col("object").hash(seed=1) % buckets == bucket) for bucket in range(buckets)]
            once = (
                pl.col("text").n_unique().over(same).alias("readings"),
                (pl.col("at").rank("ordinal").over(same) > 1).alias("again"),
                pl.col("length").n_unique().over(["reference", "object", "counter", "day"]).alias("lengths"),
            )
        # a text is only needed again where it is no number
        kept = pl.when(pl.col("number").is_null() | (pl.col("readings") > 1)).then(pl.col("text")).alias("text")
        written_to = []
        for number, part in enumerate(parts):  # part by part: an element becomes as many rows as it has counters
            written_to.append(self.walk.values.folder / f"settled-{number:05}.parquet")
            self._numbers(part).with_columns(once).select(
                "at", "info", "reference", "counter", "how", "day", "suspect", "is_nil", "number", "readings", "again",
                "lengths", kept,
            ).collect().write_parquet(written_to[-1], compression="lz4")  # fmt: skip
        settled = [pl.scan_parquet(file, glob=False) for file in written_to]
        told = pl.concat(
            part.select(
                (pl.col("again") & pl.col("readings").eq(1)).sum().alias("twice"),
                pl.col("is_nil").sum().alias("nil"),
                pl.when(pl.col("lengths") > 1).then(pl.col("counter")).min().alias("mixed"),
                pl.col("reference").unique().implode().alias("references"),
            ).collect()
            for part in settled
        )
        twice, nil, mixed = told["twice"].sum(), told["nil"].sum(), told["mixed"].min()
        if mixed is not None:
            raise RefusedFile(
                "a counter is measured over intervals of several lengths on one day, which would count twice",
                where=self.where,
                value=mixed,
                remedy="export one granularity period only",
            )
        if twice:
            self.warnings.append(f"{twice} values stand there twice with one figure and count once")
        if nil:
            self.warnings.append(f"{nil} values are NIL or empty: not measured, so they count as nothing, not as 0")
        references = told["references"].explode(empty_as_null=True, keep_nulls=True).unique(maintain_order=True)
        self.projects = self.options.resolved(name for name in references if name)
        renamed = pl.col("reference").replace(dict(self.projects)).alias("project_id")
        once_only = ~pl.col("again") | (pl.col("readings") > 1)
        values = [part.filter(once_only).with_columns(renamed) for part in settled]
        self._part_days(values)
        return values

    def _is_plain(self) -> bool:
        """Whether no measurement can be there twice: told from the elements, far fewer than their values."""
        lists = list(dict.fromkeys(tuple(info.counters) for info in self.walk.infos))
        names = [name for counters in lists for name in counters]
        lengths = {info.interval.length for info in self.walk.infos if info.interval}
        if len(set(names)) < len(names) or len(lengths) > 1:
            return False
        number = {counters: index for index, counters in enumerate(lists)}
        of_info = pl.DataFrame(
            {
                "info": list(range(len(self.walk.infos))),
                "list": [number[tuple(info.counters)] for info in self.walk.infos],
            },
            schema={"info": pl.Int64, "list": pl.Int64},
        )
        elements = self.walk.values.scan().filter(pl.col("fault").is_null()).select("info", "object")
        # 8 bytes an element; two that hash alike by accident cost the longer way and nothing else
        hashed = pl.struct("reference", "object", "end", "list").hash(seed=1)
        every, different = (
            elements.join(self._infos().lazy(), on="info")
            .join(of_info.lazy(), on="info")
            .select(pl.len().alias("every"), hashed.n_unique().alias("different"))
            .collect(engine="streaming")
            .row(0)
        )
        return every == different

    def _part_days(self, values: Sequence[pl.LazyFrame]) -> None:
        """A day of which the file holds a part would be replaced by the next part. Raises RefusedFile."""
        part = set()
        covered: dict[tuple, set[Interval]] = {}
        for project, day, end, length in (
            pl.concat(part.select("project_id", "info").unique().collect() for part in values)
            .unique()
            .lazy()
            .join(self._infos().lazy(), on="info")
            .select("project_id", "day", "end", "length")
            .unique()
            .collect(engine="streaming")
            .iter_rows()
        ):
            covered.setdefault((project, day), set()).add(Interval(end, length))
        for (_, day), intervals in covered.items():
            if not is_whole_day(intervals, day, self.walk.zone):
                part.add(day)
        long = sum(i.day(self.walk.zone) != i.last_day(self.walk.zone) for s in covered.values() for i in s)
        if long:
            self.warnings.append(f"{long} intervals run past midnight; their values belong to the day they began on")
        if not part:
            return
        days = _few([f"{day}" for day in sorted(part)])
        if self.options.part_days == "refuse":
            raise RefusedFile(
                "the file holds a part of a day only; what another file holds of the same day would replace it",
                where=self.where,
                value=days,
                remedy="put the measurement files of a day into one ZIP archive; or, where no other file comes for the "
                'day, set [kpi] part_days = "replace" in outturn.toml',
            )
        self._find("3gpp-part-day", "notice", f"values of a part of the day only: {days}")

    def _aggregated(self, values: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
        number = pl.col("number")
        total = pl.col("total")
        # a day's sums are far below the 26 digits before the point, so the quotient keeps the six that count
        mean = (total / pl.col("values").cast(_VALUE)).round(6, mode="half_away_from_zero")
        value = (
            pl.when(pl.col("how") == "sum").then(total).when(pl.col("how") == "mean").then(mean)
            .when(pl.col("how") == "max").then(pl.col("most")).otherwise(pl.col("least"))
        )  # fmt: skip
        key = ("project_id", "counter", "day", "how")
        sums: pl.DataFrame | None = None
        for part in values:
            good = part.filter(number.is_not_null() & (pl.col("readings") == 1))
            found = (
                good.group_by(key)
                .agg(
                    number.sum().alias("total"),
                    number.max().alias("most"),
                    number.min().alias("least"),
                    pl.len().cast(pl.Int64).alias("values"),
                    pl.col("suspect").sum().cast(pl.Int64).alias("suspects"),
                    pl.col("at").min(),
                )
                .collect()
            )
            sums = found if sums is None else _summed(pl.concat([sums, found]), key)
        grouped = (
            self._with_lines(sums.lazy())
            .with_columns(value.round(6, mode="half_away_from_zero").alias("value"))
            .sort("project_id", "day", "counter")
            .collect(engine="streaming")
        )
        for project, day, count in (
            grouped.filter(pl.col("suspects") > 0).group_by("project_id", "day").agg(pl.col("suspects").sum())
            .sort("project_id", "day").head(50).iter_rows()
        ):  # fmt: skip
            self._find(
                "3gpp-suspect", "warning",
                f"{count} values of {project} on {day} are marked suspect by the network; they are counted",
                entity=project,
            )  # fmt: skip
        marked = pl.when(pl.col("suspects") > 0).then(pl.format(", {} suspect", "suspects")).otherwise(pl.lit(""))
        return grouped.lazy().select(
            "project_id",
            pl.col("counter").alias("kpi_code"),
            pl.col("day").dt.to_string("%Y-%m-%d").alias("observed_on"),
            written(pl.col("value").cast(pl.Decimal(38, 6))).alias("value"),
            pl.concat_str(pl.format("3GPP, {} of {} values", "how", "values"), marked).alias("source"),
            "source_line",
            pl.lit(None, dtype=pl.String).alias(FAULT),
        )

    def _with_lines(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        return rows.join(self.walk.values.scan().select("at", "source_line"), on="at", how="left")

    def _faulty(self, values: Sequence[pl.LazyFrame], broken: pl.LazyFrame) -> pl.LazyFrame:
        # to scratch: whoever reads the frame need not go through all values again
        paths = []
        for number, part in enumerate(values):
            paths.append(self.walk.values.folder / f"wrong-{number:05}.parquet")
            wrong = part.filter(~pl.col("is_nil") & (pl.col("number").is_null() | (pl.col("readings") > 1)))
            wrong.sink_parquet(paths[-1], compression="lz4")
        wrong = pl.scan_parquet(paths, glob=False)
        reason = (
            pl.when(pl.col("number").is_null())
            .then(pl.lit("the result is no number"))
            .otherwise(pl.lit("one object, counter and interval has two different results in the file"))
        )
        day = pl.col("day").dt.to_string("%Y-%m-%d").alias("observed_on")
        return pl.concat(
            [
                self._with_lines(wrong).select(
                    "project_id", pl.col("counter").alias("kpi_code"), day, pl.col("text").alias("value"),
                    "source_line", reason.alias(FAULT),
                ),
                broken.select(
                    pl.col("reference").alias("project_id"), day, pl.col("shown").alias("value"), "source_line",
                    pl.col("fault").alias(FAULT),
                ),
            ],
            how="diagonal",
        )  # fmt: skip

    def _say(self) -> None:
        walk = self.walk
        if walk.no_header:
            self._find(
                "3gpp-file-header", "warning", f"no fileHeader, which the standard demands: {_few(walk.no_header)}"
            )
        if walk.no_zone:
            self.warnings.append(f"{walk.no_zone} endTime without a zone: taken in {walk.zone.key}")
        if walk.outside:
            self._find(
                "3gpp-interval", "notice",
                f"{walk.outside} of {len(walk.infos)} intervals lie outside the time that the file says it covers; "
                "granPeriod is taken (the zones of the two differ?)",
            )  # fmt: skip

    def _find(self, rule: str, severity: str, message: str, *, entity: str | None = None) -> None:
        self.findings.append(Finding(rule=rule, severity=severity, profile="3gpp", message=message, entity=entity))  # type: ignore[arg-type]


def _summed(parts: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """One row a key of what several parts gave for it."""
    return parts.group_by(key).agg(
        pl.col("total").sum(),
        pl.col("most").max(),
        pl.col("least").min(),
        pl.col("values").sum(),
        pl.col("suspects").sum(),
        pl.col("at").min(),
    )


def _few(names: Sequence[str], most: int = 12) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
