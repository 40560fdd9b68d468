"""What landing tells its callers: per table, per file, per call. Plain values, no behaviour but sentences."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Status = Literal["loaded", "refused", "duplicate"]


@dataclass(frozen=True, kw_only=True)
class TableResult:
    """One canonical table of a file: rows_read = rows_loaded + rows_rejected + rows_unchanged, amounts likewise.

    The amounts are sums of `amount_column` (None where the contract has no control column); a rejected row whose
    amount is not a number counts in `amounts_unreadable` and in no amount.
    """

    table: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    rows_unchanged: int
    rows_restated: int  # of the loaded ones, those that replaced an earlier version
    rows_withdrawn: int = 0  # rows of earlier files that this full export of their period does not hold any more
    amount_column: str | None = None
    amount_read: Decimal | None = None
    amount_loaded: Decimal | None = None
    amount_rejected: Decimal | None = None
    amount_unchanged: Decimal | None = None
    amounts_unreadable: int = 0


@dataclass(frozen=True, kw_only=True)
class FileResult:
    file_name: str  # below inbox/<feed>
    feed: str
    sha256: str
    source_file_id: str
    format: str | None
    status: Status
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    tables: tuple[TableResult, ...] = ()
    seconds: float = 0.0

    @property
    def sentence(self) -> str:
        """One line for a log."""
        where = f"{self.feed}/{self.file_name}"
        if self.status != "loaded":
            return f"{where}: {self.status}: {self.reason}"
        parts = [
            f"{t.table} {t.rows_read} read, {t.rows_loaded} loaded ({t.rows_restated} restated), "
            f"{t.rows_rejected} rejected, {t.rows_unchanged} unchanged"
            + (f", {t.rows_withdrawn} of earlier files withdrawn" if t.rows_withdrawn else "")
            for t in self.tables
        ]
        return f"{where}: loaded as {self.format}: {'; '.join(parts)}"


@dataclass(frozen=True, kw_only=True)
class LandingResult:
    files: tuple[FileResult, ...] = ()
    waiting: tuple[str, ...] = ()  # files that are still being written, left for the next call
    warnings: tuple[str, ...] = ()  # what lies in the inbox and is no file to take

    def count(self, status: Status) -> int:
        return sum(file.status == status for file in self.files)

    @property
    def rows_read(self) -> int:
        return sum(t.rows_read for file in self.files for t in file.tables)

    @property
    def rows_loaded(self) -> int:
        return sum(t.rows_loaded for file in self.files for t in file.tables)

    @property
    def rows_rejected(self) -> int:
        return sum(t.rows_rejected for file in self.files for t in file.tables)

    @property
    def rows_unchanged(self) -> int:
        return sum(t.rows_unchanged for file in self.files for t in file.tables)
