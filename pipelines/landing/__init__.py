"""Taking files in: inbox -> archive -> canonical text -> typed rows -> one transaction -> ledger. No Dagster here."""

from pipelines.landing.land import land_inbox
from pipelines.landing.results import FileResult, LandingResult, TableResult

__all__ = ["FileResult", "LandingResult", "TableResult", "land_inbox"]
