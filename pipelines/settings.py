"""Settings: the one reader of the environment and of `outturn.toml`, and the layout of the data home.

Everything else receives a `Settings`. Paths are absolute. The clock is read here and nowhere else, so that
`OUTTURN_NOW` fixes it for tests and replays.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pipelines.errors import ConfigurationError
from pipelines.publishing.audiences.configuration import Audience, audiences_of, targets_of

if TYPE_CHECKING:
    from pipelines.publishing.targets.address import Address

TEMPLATE = """\
# Outturn's configuration. Every line but the first may be left out; an environment variable of the same name with
# OUTTURN_ in front wins (OUTTURN_BASE_CURRENCY=USD). Secrets belong in the environment, never here.

base_currency = "EUR"              # the reporting currency of every *_base column
# fiscal_year_start_month = 1
# time_zone = "Europe/Berlin"      # in which schedules run and days end
# own_parties = ["DE123456789"]    # our VAT numbers, electronic addresses or names: an invoice from one of them is ours
# labour_cost_source = "timesheets"  # or "erp"; the other one is left to the reconciliation

# [privacy]
# minimum_group = 5                # hours of fewer people than this are withheld from everything published
# show_project_managers = true     # false: managers are published under a pseudonym

# [feeds.time_entry]               # one block a table: how often it is expected, when it is late
# expected_every = "1d"
# late_after = "36h"

# [saft]                           # SAF-T Financial; docs/formats.md explains each
# project_analysis_type = "P"      # the AnalysisType that means a project, where the file does not describe it so
# account_classes = {"4000-4999" = "material", "45*" = "subcontract"}  # where the standard account does not say
# posting_date = "GLPostingDate"   # or "TransactionDate"
# currency = "NOK"                 # of files whose header says something else than a currency
# control_totals = "refuse"        # or "report": files whose totals disagree are loaded and named
# accounts = true                  # false: the file's chart of accounts is left out
# customers = true                 # false: its customers are left out
# exchange_rates = false           # true: the rates of the postings become daily rates

# [datev]                          # DATEV EXTF and DTVF; docs/formats.md explains each
# project_field = "KOST2"          # or "KOST1", or another heading
# chart = "SKR03"                  # or "SKR04"; by default what the file's header says
# account_classes = {"3100-3199" = "subcontract"}  # before the chart's
# tax_keys = {"9" = 0.19}          # BU-Schlüssel = rate taken out of gross amounts; before the usual ones
# tax_accounts = {"9" = "1576"}    # where that tax goes
# automatic_accounts = {"8400" = 0.19}  # accounts that take tax out by themselves; before the chart's
# rate = "foreign_per_base"        # or "base_per_foreign": how Kurs is quoted, where the file does not show it
# one_stack_a_month = false        # true: each file is the whole month, and its label does not count

# [sap]                            # what only the firm knows of its SAP system: docs/formats.md, ERP exports
# co_area_currency = "EUR"         # the controlling area's, where an export does not say it
# actuals = "cji3"                 # or ksb1, coep, acdoca, bseg: costs come from one of them, never from two
# commitments = "cji5"             # or me2n, ekpo
# project_of_wbs = "^[^.]+"        # the part of a WBS element that is its project

# [netsuite.currencies]            # internal number = currency
# 1 = "USD"

# [intacct]
# actuals = "gl_detail"            # or ap_bill_item

# [tables]                         # only where a foreign table itself does not tell
# date_order = "dmy"               # 04/05/2026 is 4 May; or "mdy", "ymd"
# decimal_sign = "comma"           # 1.234 is one thousand; or "point"

# [timesheets]                     # what 1w 2d means in a tool's durations
# hours_per_day = 8
# days_per_week = 5

# [kpi.aggregate]                  # how a network counter's values of a day become one: sum, mean, max, min
# "RRC.ConnEstabAtt*" = "sum"
# "RRC.ConnMean" = "mean"

# [kpi.surveys]                    # which question of a survey is one of satisfaction: docs/formats.md, KPI feeds
# "Q1" = "nps"                     # or "csat"

# [publish]                        # docs/operations.md, Publication targets
# keep = 3                         # publications that stay to go back to, here and on every target
# targets = ["/srv/www/outturn", "s3://bucket/prefix", "ssh://user@host/srv/www"]  # besides published/

# [[audiences]]                    # a publication of its own for those who may see some projects only
# name = "Nordics"                 # docs/operations.md, Audiences
# market = ["Nordics"]             # and business_group, customer, programme: projects for which all of them hold
# targets = ["ssh://user@host/srv/nordics"]

# [schedule]
# refresh = "0 5 * * *"            # cron, in time_zone
# kpi = "0 * * * *"                # KPI files are taken in at this pace, not at every drop; "" leaves it out
# close_working_day = 5            # on this working day the close of the month before is proposed; 0: never
# holidays = ["2026-12-25"]        # days from Monday to Friday that are none

# [alerts]                         # where to: Apprise URLs in OUTTURN_ALERT_URLS (docs/operations.md)
# rejected_share = 0.05            # tell where a delivery lost more of its rows than this
# repeat_after = "1d"              # tell again what has not changed
# digest = "07:00"                 # the daily summary, in time_zone; "" leaves it out
# reports = "https://reports.example.com"  # where the site is read: for the links in messages and in Dagster

# [dagster]
# keep_runs_days = 30              # runs, their events and logs; what sensors and schedules did

# [schedule_files]                 # MS Project and Primavera files (docs/formats.md has all settings)
# currency = "USD"                 # of files that do not say it
# resource_groups = { Subcontractors = "subcontract" }  # group of a MS Project resource -> category of its cost
"""

_DURATION = re.compile(r"^(\d+)\s*([mhdw])$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, kw_only=True)
class Feed:
    """When a table's files are expected."""

    expected_every: timedelta
    late_after: timedelta


@dataclass(frozen=True, kw_only=True)
class Alerts:
    """Whom to tell and when. `urls` hold tokens and passwords: they come from the environment alone."""

    urls: tuple[str, ...] = field(default=(), repr=False)
    rejected_share: Decimal = Decimal("0.05")
    repeat_after: timedelta = timedelta(days=1)
    digest: time | None = time(7)
    reports: str = ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One immutable configuration. `home` is the data home; the properties name every place in it."""

    home: Path
    base_currency: str = "EUR"
    fiscal_year_start_month: int = 1
    time_zone: str = "UTC"
    own_parties: tuple[str, ...] = ()
    labour_cost_source: str = "timesheets"
    minimum_group: int = 5
    show_project_managers: bool = True
    feeds: Mapping[str, Feed] = field(default_factory=dict)
    formats: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # sections that only readers of files use
    refresh_cron: str = "0 5 * * *"
    kpi_cron: str = "0 * * * *"
    close_working_day: int = 5
    holidays: frozenset[date] = frozenset()
    alerts: Alerts = field(default_factory=Alerts)
    keep_runs_days: int = 30
    dagster_postgres_url: str = field(default="", repr=False)  # holds a password
    settle_seconds: float = 2.0
    keep_publications: int = 3
    targets: tuple[Address, ...] = ()
    audiences: tuple[Audience, ...] = ()
    published_folder: Path | None = None  # an audience's instead of everybody's
    fixed_now: datetime | None = None

    def now(self) -> datetime:
        """The time, in UTC and aware; the only clock of the programme."""
        return self.fixed_now or datetime.now(UTC)

    @property
    def config_file(self) -> Path:
        return self.home / "outturn.toml"

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def refused(self) -> Path:
        return self.home / "refused"

    @property
    def profiles(self) -> Path:
        return self.home / "profiles"

    @property
    def archive(self) -> Path:
        return self.home / "archive"

    @property
    def warehouse_dir(self) -> Path:
        return self.home / "warehouse"

    @property
    def warehouse(self) -> Path:
        """The private build. Nobody but a refresh opens it."""
        return self.warehouse_dir / "warehouse.duckdb"

    @property
    def work(self) -> Path:
        """Scratch: spool files, dbt's target, the site's build tree. May be deleted between refreshes."""
        return self.home / "work"

    @property
    def dagster_home(self) -> Path:
        return self.home / "dagster"

    @property
    def published(self) -> Path:
        return self.published_folder or self.home / "published"

    @property
    def closes(self) -> Path:
        return self.home / "closes"

    @property
    def metrics(self) -> Path:
        """For Prometheus' textfile collector."""
        return self.home / "metrics"

    @property
    def private_folders(self) -> tuple[Path, ...]:
        """What nobody but the owner may look into, whatever the umask."""
        return (self.archive, self.warehouse_dir, self.work, self.refused, self.dagster_home, self.closes)

    @property
    def pseudonym_key_file(self) -> Path:
        return self.home / "pseudonym.key"

    def pseudonym_key(self) -> str:
        """The key under which people get their published pseudonyms; made once per data home, never published."""
        return self.pseudonym_key_file.read_text(encoding="ascii").strip()

    def create_home(self, *, pseudonym_key: str | None = None) -> None:
        """Makes the data home where it does not stand yet; never overwrites what is there."""
        from pipelines.contracts import FEEDS

        if not self.home.exists():
            # passed through by who reads `published`, whatever the umask; what is in it is listed by its owner alone
            self.home.mkdir(parents=True)
            self.home.chmod(0o711)
        if not self.inbox.exists():
            # deliveries name people: whoever else drops files is let in on purpose
            self.inbox.mkdir()
            self.inbox.chmod(0o700)
        for folder in (
            *(self.inbox / feed for feed in FEEDS),
            self.refused,
            self.profiles,
            self.archive,
            self.warehouse_dir,
            self.work,
            self.dagster_home,
            self.published,
            self.closes,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        for private in self.private_folders:
            private.chmod(0o700)
        self.published.chmod(0o755)
        if not self.config_file.exists():
            self.config_file.write_text(TEMPLATE, encoding="utf-8")
        if not self.pseudonym_key_file.exists():
            self.pseudonym_key_file.touch(mode=0o600)
            self.pseudonym_key_file.write_text((pseudonym_key or secrets.token_hex(32)) + "\n", encoding="ascii")


def _duration(text: str, *, where: str) -> timedelta:
    match = _DURATION.match(str(text).strip())
    if not match:
        raise ConfigurationError("not a duration", where=where, value=text, valid='such as "36h", "1d", "2w"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _boolean(value: Any, *, where: str) -> bool:
    if isinstance(value, bool):
        return value
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if str(value).lower() not in known:
        raise ConfigurationError("not a yes or no", where=where, value=value, valid="true, false")
    return known[str(value).lower()]


def _whole(value: Any, *, where: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not str(value).strip().isdigit() or not low <= int(value) <= high:
        raise ConfigurationError("not a usable number", where=where, value=value, valid=f"{low} to {high}")
    return int(value)


class _Source:
    """outturn.toml under the environment: `OUTTURN_` and the name in capitals wins."""

    def __init__(self, toml: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self.toml, self.environment = toml, environment

    def get(self, name: str, *path: str, default: Any) -> tuple[Any, str]:
        variable = f"OUTTURN_{name.upper()}"
        if self.environment.get(variable):
            return self.environment[variable], variable
        node: Any = self.toml
        for part in (*path, name):
            if not isinstance(node, Mapping) or part not in node:
                return default, "the defaults"
            node = node[part]
        return node, f"outturn.toml, {'.'.join((*path, name))}"


# section of outturn.toml -> its settings, for formats (docs/formats.md); handed to the readers as they stand
FORMAT_SECTIONS: Mapping[str, frozenset[str]] = {
    "saft": frozenset(
        {
            "project_analysis_type",
            "account_classes",
            "posting_date",
            "currency",
            "control_totals",
            "accounts",
            "customers",
            "exchange_rates",
        }
    ),
    "datev": frozenset(
        {
            "project_field",
            "chart",
            "account_classes",
            "tax_keys",
            "tax_accounts",
            "automatic_accounts",
            "rate",
            "one_stack_a_month",
        }
    ),
    "schedule_files": frozenset(
        {
            "project_from",
            "wbs_id",
            "currency",
            "decimal",
            "encoding",
            "source",
            "resource_groups",
            "java_memory",
        }
    ),
    "kpi": frozenset(
        {
            "aggregate",
            "customer_column",
            "date_order",
            "labels",
            "part_days",
            "period",
            "project_column",
            "project_from",
            "projects",
            "surveys",
        }
    ),
    "sap": frozenset(
        {
            "accounts",
            "actuals",
            "categories",
            "client",
            "co_area_currency",
            "columns",
            "commitments",
            "controlling_area",
            "date_order",
            "decimal",
            "fiscal_year_named_by",
            "fiscal_year_start_month",
            "implied_decimals",
            "ledger",
            "local_currency",
            "project_of_wbs",
            "rate_factors",
            "rate_types",
        }
    ),
    "netsuite": frozenset(
        {"accounting_book", "accounts", "currencies", "date_order", "decimal", "statuses", "subsidiaries"}
    ),
    "intacct": frozenset(
        {"accounts", "actuals", "base_currency", "book", "company", "date_order", "decimal", "statuses"}
    ),
    "tables": frozenset({"date_order", "decimal_sign"}),
    "timesheets": frozenset({"hours_per_day", "days_per_week"}),
}

_KNOWN = {
    "": {
        "base_currency", "fiscal_year_start_month", "time_zone", "own_parties", "labour_cost_source",
        "privacy", "feeds", "alerts", "audiences", "dagster", "publish", "schedule", "inbox", *FORMAT_SECTIONS,
    },
    "privacy": {"minimum_group", "show_project_managers"},
    "schedule": {"refresh", "kpi", "close_working_day", "holidays"},
    "alerts": {"rejected_share", "repeat_after", "digest", "reports"},
    "dagster": {"keep_runs_days"},
    "publish": {"targets", "keep"},
    "inbox": {"settle_seconds"},
    **FORMAT_SECTIONS,
}  # fmt: skip


def _read_toml(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        toml = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"not readable as TOML: {error}", where=str(path)) from error
    for section, known in _KNOWN.items():
        node = toml.get(section, {}) if section else toml
        unknown = set(node) - known if isinstance(node, dict) else {section}
        if unknown:
            at = f"{path} [{section}]" if section else str(path)
            raise ConfigurationError("unknown setting", where=at, value=sorted(unknown)[0], valid=sorted(known))
    return toml


def _cron(text: Any, *, where: str) -> str:
    if len(str(text).split()) != 5:
        raise ConfigurationError("not a cron expression", where=where, value=text, valid='five fields, "0 5 * * *"')
    return str(text)


def _days(value: Any, *, where: str) -> frozenset[date]:
    days = value.split(",") if isinstance(value, str) else value
    try:
        return frozenset(day if isinstance(day, date) else date.fromisoformat(str(day).strip()) for day in days)
    except (TypeError, ValueError) as error:
        raise ConfigurationError("not a list of days", where=where, value=value, valid='["2026-12-25"]') from error


def _postgres(url: str) -> str:
    """The address of Dagster's storage with the driver that is installed: SQLAlchemy's own choice is another one."""
    if url and not re.match(r"postgres(ql)?(\+psycopg2)?://[^/]", url):
        raise ConfigurationError(
            "not the address of a PostgreSQL database",
            where="OUTTURN_DAGSTER_POSTGRES_URL",
            valid="postgresql://user:password@host:5432/database",
        )
    return re.sub(r"^postgres(ql)?(\+psycopg2)?://", "postgresql+psycopg2://", url)


def _alerts(source: _Source) -> Alerts:
    share, at = source.get("rejected_share", "alerts", default="0.05")
    try:
        part = Decimal(str(share))
    except InvalidOperation:
        part = Decimal(-1)
    if not 0 <= part <= 1:
        raise ConfigurationError("not a share", where=at, value=share, valid="0 to 1, such as 0.05")
    repeat, at = source.get("repeat_after", "alerts", default="1d")
    after = _duration(repeat, where=at)
    digest, at = source.get("digest", "alerts", default="07:00")
    try:
        hour = time.fromisoformat(str(digest)) if digest else None
    except ValueError as error:
        raise ConfigurationError("not a time of day", where=at, value=digest, valid='such as "07:00"') from error
    reports, at = source.get("reports", "alerts", default="")
    if reports and not re.match(r"https?://[^\s@]+$", str(reports)):
        raise ConfigurationError(
            "not an address of a site", where=at, value=reports, valid="https://host/path, without a user"
        )
    urls = tuple(source.environment.get("OUTTURN_ALERT_URLS", "").split())
    return Alerts(urls=urls, rejected_share=part, repeat_after=after, digest=hour, reports=str(reports).rstrip("/"))


def load_settings(home: Path | str | None = None, *, environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of a data home: `home`, else `OUTTURN_HOME`, else `./var`.

    Raises ConfigurationError (exit code 2) for anything that is not usable, naming the place.
    """
    from pipelines.contracts import contracts

    environment = os.environ if environment is None else environment
    root = Path(home or environment.get("OUTTURN_HOME") or "var").expanduser().resolve()
    source = _Source(_read_toml(root / "outturn.toml"), environment)

    currency, at = source.get("base_currency", default="EUR")
    if not re.fullmatch(r"[A-Z]{3}", str(currency)):
        raise ConfigurationError("not a currency", where=at, value=currency, valid="a code of ISO 4217, such as EUR")
    zone, at = source.get("time_zone", default="UTC")
    try:
        ZoneInfo(str(zone))
    except (KeyError, ValueError, OSError) as error:
        raise ConfigurationError("unknown time zone", where=at, value=zone, valid='such as "Europe/Berlin"') from error
    labour, at = source.get("labour_cost_source", default="timesheets")
    if labour not in ("timesheets", "erp"):
        raise ConfigurationError("unknown source of labour cost", where=at, value=labour, valid="timesheets, erp")
    parties, at = source.get("own_parties", default=())
    parties = [p.strip() for p in parties.split(",")] if isinstance(parties, str) else parties
    if not all(isinstance(p, str) for p in parties):
        raise ConfigurationError("not a list of names", where=at, value=parties, valid='such as ["DE123456789"]')
    fiscal, at = source.get("fiscal_year_start_month", default=1)
    fiscal = _whole(fiscal, where=at, low=1, high=12)
    group, at = source.get("minimum_group", "privacy", default=5)
    group = _whole(group, where=at, low=1, high=1000)
    keep, at = source.get("keep", "publish", default=3)
    keep = _whole(keep, where=at, low=1, high=1000)
    targets, at = source.get("targets", "publish", default=())
    targets = targets_of(targets, home=root, where=at)
    audiences = audiences_of(source.toml.get("audiences", []), home=root, everybody=targets)
    show, at = source.get("show_project_managers", "privacy", default=True)
    show = _boolean(show, where=at)
    cron, at = source.get("refresh", "schedule", default="0 5 * * *")
    cron = _cron(cron, where=at)
    kpi, at = source.get("kpi", "schedule", default="0 * * * *")
    kpi = _cron(kpi, where=at) if kpi else ""
    close_day, at = source.get("close_working_day", "schedule", default=5)
    close_day = _whole(close_day, where=at, low=0, high=20)
    holidays, at = source.get("holidays", "schedule", default=())
    holidays = _days(holidays, where=at)
    keep_runs, at = source.get("keep_runs_days", "dagster", default=30)
    keep_runs = _whole(keep_runs, where=at, low=1, high=3650)
    settle, at = source.get("settle_seconds", "inbox", default=2.0)
    try:
        settle = float(settle)
    except (TypeError, ValueError) as error:
        raise ConfigurationError("not a number of seconds", where=at, value=settle) from error
    now, at = source.get("now", default=None)
    try:
        fixed = datetime.fromisoformat(str(now)).astimezone(UTC) if now else None
    except ValueError as error:
        raise ConfigurationError("not a time", where=at, value=now, valid="2026-11-01T05:00:00+00:00") from error

    feeds = {}
    for table, spec in source.toml.get("feeds", {}).items():
        at = f"outturn.toml, feeds.{table}"
        if table not in contracts():
            raise ConfigurationError("unknown table", where=at, valid=sorted(contracts()))
        every = _duration(spec.get("expected_every", "1d"), where=f"{at}.expected_every")
        late = _duration(spec["late_after"], where=f"{at}.late_after") if "late_after" in spec else every * 1.5
        feeds[table] = Feed(expected_every=every, late_after=late)

    return Settings(
        home=root,
        base_currency=str(currency),
        fiscal_year_start_month=fiscal,
        time_zone=str(zone),
        own_parties=tuple(parties),
        labour_cost_source=labour,
        minimum_group=group,
        show_project_managers=show,
        feeds=feeds,
        formats={name: source.toml[name] for name in FORMAT_SECTIONS if name in source.toml},
        refresh_cron=cron,
        kpi_cron=kpi,
        close_working_day=close_day,
        holidays=holidays,
        alerts=_alerts(source),
        keep_runs_days=keep_runs,
        dagster_postgres_url=_postgres(environment.get("OUTTURN_DAGSTER_POSTGRES_URL", "")),
        settle_seconds=settle,
        keep_publications=keep,
        targets=targets,
        audiences=audiences,
        fixed_now=fixed,
    )
