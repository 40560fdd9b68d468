"""Errors that a user reads: each says what is wrong, where, what is valid and what to do next.

Only classes belong here. `exit_code` is what the command line ends with (docs/operations.md).
"""

from __future__ import annotations

import errno
from collections.abc import Sequence

from pipelines.redaction import redacted


class OutturnError(Exception):
    """Base of every error that is shown to a user as one sentence, without a traceback."""

    exit_code = 1
    transient = False

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        value: object = None,
        valid: str | Sequence[str] | None = None,
        remedy: str | None = None,
    ) -> None:
        self.what, self.where, self.value, self.remedy = what, where, value, remedy
        self.valid = valid if valid is None or isinstance(valid, str) else ", ".join(valid)
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """What, where, the offending value, what is valid and the next step, in one line."""
        parts = [self.what]
        if self.where is not None:
            parts.append(f"in {self.where}")
        if self.value is not None:
            shown = str(self.value)
            parts.append(f"(found {shown[:200]!r}{'…' if len(shown) > 200 else ''})")
        text = " ".join(parts)
        if self.valid:
            text += f"; valid: {self.valid}"
        if self.remedy:
            text += f"; to do: {self.remedy}"
        return redacted(text)


class ConfigurationError(OutturnError):
    """outturn.toml, an environment variable or a command's arguments are not usable."""

    exit_code = 2


class RefusedFile(OutturnError):
    """A file cannot be taken in at all; it is set aside whole with this reason."""


class ConservationError(OutturnError):
    """Rows or amounts read differ from rows or amounts loaded, rejected and unchanged: a fault of the programme."""


class GateFailed(OutturnError):
    """A critical check failed: nothing is published."""


class PublicationFailed(OutturnError):
    """The snapshot or the site could not be built or is not fit to be shown."""


class WarehouseBusy(OutturnError):
    """Another refresh holds the warehouse."""

    transient = True


class WarehouseDamaged(OutturnError):
    """The private warehouse cannot be read; it can be made anew from the archive."""


class TargetFailed(OutturnError):
    """A target outside of the data home could not be brought up to date; what is published here stands."""


def sentence_of(error: BaseException) -> str:
    """Any error in one line without secrets, to be kept or shown."""
    if isinstance(error, OutturnError):
        return error.sentence()
    return f"{type(error).__name__}: {' '.join(redacted(str(error)).split())[:400]}"


_DISK = {
    errno.ENOSPC: ("the disk is full", "make room; nothing that is published was touched"),
    errno.EDQUOT: ("the disk quota is used up", "make room; nothing that is published was touched"),
    errno.EFBIG: ("a file may not grow any further", "raise the limit of the size of a file (ulimit -f)"),
    errno.EROFS: ("the file system is read-only", "mount it for writing"),
    errno.EACCES: ("no right to do that", "give the data home to the user who runs Outturn"),
    errno.EPERM: ("no right to do that", "give the data home to the user who runs Outturn"),
}


def disk_trouble(error: OSError) -> OutturnError | None:
    """What an error of the operating system means where the disk is the cause; None where it is a fault of ours."""
    if error.errno not in _DISK:
        return None
    what, remedy = _DISK[error.errno]
    return OutturnError(what, where=str(error.filename) if error.filename else None, remedy=remedy)
