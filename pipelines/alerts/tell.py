"""Who was told what, so that nobody is told twice; and the daily digest. A failure in here never fails a refresh.

`alerts.json` in the data home: for each target (by a keyed hash of its URL) and alert the state that was told and when,
and the day of the last digest. It may be deleted: then everything is told once more.
"""

from __future__ import annotations

import fcntl
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.alerts.found import Alert, alerts_now
from pipelines.alerts.send import Level, Message, send, target_id
from pipelines.publishing.publications import current_manifest
from pipelines.publishing.snapshot import write_json
from pipelines.settings import Settings

_LEVELS: Mapping[str, Level] = {"late": "warning", "rejected": "warning", "restated": "warning", "close": "info"}
Send = Callable[[str, Message], bool]


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What is wrong now, and how many messages went out and did not."""

    alerts: tuple[Alert, ...]
    sent: int = 0
    failed: int = 0
    targets: int = 0

    def sentence(self) -> str:
        kinds = ", ".join(alert.title for alert in self.alerts[:5]) or "nothing is wrong"
        if not self.targets:
            return f"{kinds}; nobody is told: OUTTURN_ALERT_URLS is empty"
        failed = f", {self.failed} not taken by their target" if self.failed else ""
        return f"{kinds}; {self.sent} messages sent{failed}"


def _path(settings: Settings) -> Path:
    return settings.home / "alerts.json"


def _read(settings: Settings) -> dict[str, Any]:
    try:
        return json.loads(_path(settings).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {"told": {}, "digest": {}}


def _message(alert: Alert, settings: Settings) -> Message:
    return Message(
        title=f"Outturn: {alert.title}",
        body=alert.text(reports=settings.alerts.reports),
        level=_LEVELS.get(alert.kind, "failure"),
    )


def digest(alerts: Sequence[Alert], settings: Settings) -> Message:
    """Everything that is open, in one message."""
    manifest = current_manifest(settings)
    stands = f"Readers see publication {manifest['publication']}, as of {manifest['as_of']} UTC." if manifest else ""
    blocks = [
        f"{number}. {alert.title}\n{alert.text(reports=settings.alerts.reports)}"
        for number, alert in enumerate(alerts, 1)
    ]
    return Message(
        title=f"Outturn: {len(alerts)} open matter{'s' if len(alerts) != 1 else ''}",
        body="\n\n".join([*([stands] if stands else []), *blocks]),
        level="warning",
    )


def _digest_day(settings: Settings) -> str | None:
    """The day whose digest is due, in the configured time zone; None before its hour."""
    if settings.alerts.digest is None:
        return None
    here = settings.now().astimezone(ZoneInfo(settings.time_zone))
    return here.date().isoformat() if here.time() >= settings.alerts.digest else None


class _Target:
    """One target, what it was told and when its last digest went out."""

    def __init__(self, url: str, known: dict[str, Any], settings: Settings, deliver: Send) -> None:
        self.url, self.settings, self.deliver = url, settings, deliver
        self.name = target_id(url, key=settings.pseudonym_key())
        self.told: dict[str, dict[str, str]] = known["told"].setdefault(self.name, {})
        self.digests: dict[str, str] = known["digest"]
        self.sent = self.failed = 0

    def _sent(self, message: Message) -> bool:
        done = self.deliver(self.url, message)
        self.sent, self.failed = self.sent + done, self.failed + (not done)
        return done

    def _remember(self, alert: Alert) -> None:
        self.told[alert.key] = {"state": alert.state, "at": self.settings.now().isoformat()}

    def _tell(self, alert: Alert) -> None:
        # one that is down would keep everybody waiting for each alert in turn; all of it comes again in some minutes
        if not self.failed and self._sent(_message(alert, self.settings)):
            self._remember(alert)

    def tell(self, alerts: Sequence[Alert]) -> None:
        known = [alert for alert in alerts if self.told.get(alert.key, {}).get("state") == alert.state]
        for alert in alerts:
            if alert not in known:
                self._tell(alert)
        self._digest(alerts, [alert for alert in known if alert.kind != "close"])
        for alert in known:
            if self._is_due(alert):
                self._tell(alert)
        # what is over and comes back is news; a close is proposed once
        current = {alert.key for alert in alerts}
        for key in [key for key in self.told if key not in current and not key.startswith("close:")]:
            del self.told[key]

    def _is_due(self, alert: Alert) -> bool:
        """Whether what was told already is to be told again."""
        told = datetime.fromisoformat(self.told[alert.key]["at"])
        return not alert.once and self.settings.now() - told >= self.settings.alerts.repeat_after

    def _digest(self, alerts: Sequence[Alert], known: Sequence[Alert]) -> None:
        """Once a day; none where nothing is open but what was told a moment ago."""
        name, day = self.name, _digest_day(self.settings)
        if day is None or self.digests.get(name) == day or self.failed:
            return
        if known and self._sent(digest(alerts, self.settings)):
            for alert in alerts:
                self._remember(alert)
        if not self.failed:
            self.digests[name] = day


def tell(settings: Settings, *, deliver: Send = send) -> Telling:
    """Looks what is wrong, and tells each target what it does not know yet, what changed, and what is a day old.

    Two at once (a refresh and the daemon) do not tell twice: the second leaves it to the first.
    """
    alerts = alerts_now(settings)
    urls = settings.alerts.urls
    if not urls or not settings.pseudonym_key_file.exists():  # nobody to tell, or no data home yet
        return Telling(alerts=tuple(alerts))
    lock = settings.work / "alerts.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return Telling(alerts=tuple(alerts), targets=len(urls))
        known = _read(settings)
        targets = [_Target(url, known, settings, deliver) for url in urls]
        for target in targets:
            target.tell(alerts)
            write_json(_path(settings), known)
    return Telling(
        alerts=tuple(alerts),
        sent=sum(target.sent for target in targets),
        failed=sum(target.failed for target in targets),
        targets=len(targets),
    )


def try_targets(settings: Settings, *, deliver: Send = send) -> tuple[int, int]:
    """Sends each target a message that says it works; returns how many took it and how many there are."""
    message = Message(title="Outturn: a try", body="Alerts of this data home will come here.", level="info")
    return sum(deliver(url, message) for url in settings.alerts.urls), len(settings.alerts.urls)


def tell_quietly(settings: Settings) -> None:
    """`tell` at the end of a refresh: whatever goes wrong in it is logged and forgotten."""
    try:
        tell(settings)
    except Exception as error:
        logging.getLogger(__name__).warning("nobody could be told: %s", type(error).__name__)
