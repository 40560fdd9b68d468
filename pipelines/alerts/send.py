"""One message to one target through Apprise. A target is a URL, holds its password and is shown nowhere."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pipelines.retry import retried

Level = Literal["info", "warning", "failure"]
_SECONDS = 7.0  # of pauses between tries


class NotSent(Exception):
    """The target did not take the message; what Apprise says of it may quote the URL, so nothing more is kept."""


@dataclass(frozen=True, kw_only=True)
class Message:
    title: str
    body: str
    level: Level


def target_id(url: str, *, key: str) -> str:
    """What a target is called where its URL may not stand; keyed, so that no password can be tried against it."""
    return hmac.new(key.encode(), url.encode(), hashlib.sha256).hexdigest()[:12]


def send(url: str, message: Message, *, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Whether the target took it; tried again for a while, for most that do not answer answer soon."""
    import apprise  # 0.3 s, which only who has a target pays

    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    sender = apprise.Apprise()
    if not sender.add(url):
        return False  # no URL that Apprise knows: no second try makes it one

    def once() -> None:
        if not sender.notify(title=message.title, body=message.body, notify_type=message.level):
            raise NotSent

    try:
        retried(once, seconds=_SECONDS, transient=lambda error: isinstance(error, NotSent), sleep=sleep)
    except Exception:
        return False
    return True
