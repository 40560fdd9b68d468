"""Brings a publication to targets: what is not there yet is put, the right version shown, older ones removed.

What is transient (a network, a store that is busy) is tried again with growing pauses, what is not (a wrong key, a
folder that is not there) is said at once. How it ended stands in `warehouse/targets.json`. A target that fails
changes nothing of what the data home publishes, and nothing that the target's readers see.
"""

from __future__ import annotations

import contextlib
import errno
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import OutturnError, sentence_of
from pipelines.publishing.snapshot import write_json
from pipelines.publishing.targets.address import Address
from pipelines.publishing.targets.layout import Publication, Target, publication_of, superfluous
from pipelines.settings import Settings

# seconds before each further try: short faults of a network pass in half a minute, longer ones wait for the next run
PAUSES = (2.0, 8.0, 20.0)

_TRANSIENT_OS = {
    errno.EAGAIN, errno.EBUSY, errno.ECONNABORTED, errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTDOWN,
    errno.EHOSTUNREACH, errno.EIO, errno.ENETDOWN, errno.ENETRESET, errno.ENETUNREACH, errno.ESTALE, errno.ETIMEDOUT,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How a publication came to a target. `status`: delivered, unchanged (it was shown there already) or failed."""

    target: str
    audience: str | None
    publication: int
    version: str
    status: str
    at: str
    bytes: int = 0
    seconds: float = 0.0
    attempts: int = 1
    message: str | None = None


def open_target(address: Address) -> Target:
    """The target behind an address; the libraries of a kind are loaded when one of it is."""
    if address.kind == "s3":
        from pipelines.publishing.targets.s3 import S3Target

        return S3Target(address)
    if address.kind == "ssh":
        from pipelines.publishing.targets.ssh import SshTarget

        return SshTarget(address)
    from pipelines.publishing.targets.folder import FolderTarget

    return FolderTarget(address)


def is_transient(error: BaseException, kind: str) -> bool:
    """Whether a second try may end otherwise."""
    if isinstance(error, OutturnError):
        return error.transient
    if isinstance(error, OSError) and error.errno in _TRANSIENT_OS:
        return True
    if isinstance(error, TimeoutError | ConnectionError):
        return True
    if kind == "s3":
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import ClientError, EndpointConnectionError, HTTPClientError

        if isinstance(error, Boto3Error) and isinstance(error.__context__, ClientError):
            error = error.__context__
        if isinstance(error, ClientError):
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            code = error.response.get("Error", {}).get("Code", "")
            return status >= 500 or status == 429 or code in {"SlowDown", "RequestTimeout", "BadDigest"}
        return isinstance(error, HTTPClientError | EndpointConnectionError)
    if kind == "ssh":
        import asyncssh

        lost = (asyncssh.ConnectionLost, asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection)
        return isinstance(error, lost)
    return False


def _bring(publication: Publication, target: Target, *, keep: int) -> bool:
    complete, before = target.complete(), target.current()
    if publication.name not in complete:
        target.put(publication)
    if before != publication.name:
        target.show(publication)
    target.remove(superfluous(complete | {publication.name}, keep=keep, shown=publication.name))
    target.remove(target.unfinished() - {publication.name})
    return publication.name not in complete or before != publication.name


def deliver(
    publication: Publication,
    address: Address,
    *,
    keep: int,
    at: str,
    audience: str | None = None,
    pauses: Sequence[float] = PAUSES,
    sleep: Callable[[float], None] = time.sleep,
) -> Delivery:
    """Never raises for what a target does: the outcome says it."""
    begun = time.monotonic()

    def outcome(status: str, **more: Any) -> Delivery:
        return Delivery(
            target=address.text,
            audience=audience,
            publication=publication.number,
            version=publication.name,
            status=status,
            at=at,
            seconds=round(time.monotonic() - begun, 1),
            **more,
        )

    for attempt in range(1, len(pauses) + 2):
        try:
            with contextlib.closing(open_target(address)) as target:
                changed = _bring(publication, target, keep=keep)
        except Exception as error:
            if attempt > len(pauses) or not is_transient(error, address.kind):
                return outcome("failed", attempts=attempt, message=sentence_of(error))
            sleep(pauses[attempt - 1])
        else:
            size = publication.bytes if changed else 0
            return outcome("delivered" if changed else "unchanged", attempts=attempt, bytes=size)
    raise AssertionError("unreachable")


def _state(settings: Settings) -> Path:
    return settings.warehouse_dir / "targets.json"


def deliveries(settings: Settings) -> list[dict[str, Any]]:
    """How the last delivery to each target ended; empty before the first."""
    with contextlib.suppress(FileNotFoundError):
        return json.loads(_state(settings).read_text(encoding="utf-8"))
    return []


def _wanted(settings: Settings) -> Iterable[tuple[str | None, Path, Address]]:
    """Audience, folder of the publication that its readers see, and address, for each configured target."""
    from pipelines.publishing.audiences.publish import settings_of
    from pipelines.publishing.publications import current

    if (folder := current(settings)) is not None:
        for address in settings.targets:
            yield None, folder, address
    for audience in settings.audiences:
        own = settings_of(settings, audience)
        if (folder := current(own)) is not None:
            for address in own.targets:
                yield audience.name, folder, address


def behind(settings: Settings) -> list[str]:
    """The targets that do not show what the data home shows, as far as the last delivery told."""
    known = {(row["audience"], row["target"]): row for row in deliveries(settings)}
    found = []
    for audience, folder, address in _wanted(settings):
        row = known.get((audience, address.text))
        if row is None or row["status"] == "failed" or row["version"] != publication_of(folder).name:
            found.append(address.text)
    return found


def deliver_all(settings: Settings, *, sleep: Callable[[float], None] = time.sleep) -> list[Delivery]:
    """Brings what the data home shows to every target, one after the other; the writer's lock must be held.

    One that fails does not keep the others from theirs.
    """
    at = settings.now().isoformat(timespec="seconds")
    done = [
        deliver(publication_of(folder), address, keep=settings.keep_publications, at=at, audience=audience, sleep=sleep)
        for audience, folder, address in _wanted(settings)
    ]
    write_json(_state(settings), [asdict(one) for one in done])
    return done
