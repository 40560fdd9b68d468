"""Takes secrets out of texts that are kept or shown: messages, logs, Dagster's history.

Secrets come from the environment and belong nowhere else. No part of the programme puts one into a text on purpose;
libraries do, in the address of a request that failed. So every error passes here before it is written down. Reads the
environment only to know what to hide; settings are read in `settings.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

HIDDEN = "[hidden]"

# variables of ours and of the tools we call whose values are secret, by a part of their names
_SECRET = re.compile(
    r"SECRET|PASSWORD|PASSWD|TOKEN|CREDENTIAL|ACCESS_KEY|PRIVATE_KEY|PASSPHRASE|ALERT|POSTGRES_URL|WEBHOOK",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)(?P<user>[^\s/:@'\"]*):(?P<password>[^\s/@'\"]+)@", re.IGNORECASE
)
# shorter values are words: hiding each "yes" of a text would make it unreadable
_SHORTEST = 6


def secrets_of(environment: Mapping[str, str]) -> list[str]:
    """The secret values of an environment, longest first, with the passwords inside of addresses."""
    found: set[str] = set()
    for name, value in environment.items():
        if _SECRET.search(name):
            found |= {value, *re.split(r"[\s,]+", value)}
        found |= {match["password"] for match in _ADDRESS.finditer(value)}
    return sorted((value for value in found if len(value) >= _SHORTEST), key=len, reverse=True)


def redacted(text: str, *, environment: Mapping[str, str] | None = None) -> str:
    """The text with `[hidden]` where a secret of the environment stood, or the password of any address."""
    for secret in secrets_of(os.environ if environment is None else environment):
        text = text.replace(secret, HIDDEN)
    return _ADDRESS.sub(lambda match: f"{match['scheme']}{match['user']}:{HIDDEN}@", text)
