"""The address of a target as the configuration writes it: `/srv/www`, `s3://bucket/prefix`, `ssh://user@host/path`.

Addresses are shown in logs, states and messages, so they never hold a secret: a password is refused, keys of S3 and of
SSH come from where their own tools look (environment, `~/.aws`, `~/.ssh`, an agent).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qsl, urlsplit

from pipelines.errors import ConfigurationError

_VALID = '"/srv/www", "s3://bucket/prefix", "ssh://user@host:22/path"'
_OPTIONS = {"s3": {"endpoint", "region"}, "ssh": {"key", "known_hosts"}}


@dataclass(frozen=True, kw_only=True)
class Address:
    """`kind`: folder, s3 or ssh. `path`: the folder, or the prefix of the keys without slashes at its ends."""

    kind: str
    text: str
    path: str
    host: str = ""
    user: str | None = None
    port: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)


def _shown(text: str) -> str:
    """An address that was refused, without what stands before its host: that may be a password."""
    scheme, separator, rest = text.partition("://")
    return f"{scheme}://…@{rest.rsplit('@', 1)[1]}" if separator and "@" in rest else text


def _folder(text: str, path: str, *, home: Path, where: str) -> Address:
    folder = Path(path)
    if not folder.is_absolute():
        raise ConfigurationError("not a target", where=where, value=text, valid=f"an absolute path, or {_VALID}")
    if folder.resolve().is_relative_to(home):
        raise ConfigurationError(
            "a target inside the data home", where=where, value=text, valid="a folder outside of it"
        )
    return Address(kind="folder", text=str(folder), path=str(folder))


def parse(text: str, *, home: Path, where: str) -> Address:
    """Raises ConfigurationError, naming the place and showing no password, for what is no usable address."""
    if "://" not in text:
        return _folder(text, text, home=home, where=where)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ConfigurationError(f"not a target: {error}", where=where, value=_shown(text), valid=_VALID) from error
    if parts.password is not None or (parts.scheme == "s3" and parts.username is not None):
        raise ConfigurationError(
            "a target with a secret in it",
            where=where,
            value=_shown(text),
            remedy="take it out: S3 reads AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or ~/.aws, SSH a key or an agent",
        )
    if parts.scheme == "file":
        return _folder(text, parts.path, home=home, where=where)
    kind = {"s3": "s3", "ssh": "ssh", "sftp": "ssh"}.get(parts.scheme)
    if kind is None or not parts.hostname:
        raise ConfigurationError("not a target", where=where, value=_shown(text), valid=_VALID)
    options = dict(parse_qsl(parts.query))
    if unknown := set(options) - _OPTIONS[kind]:
        raise ConfigurationError(
            "unknown option of a target", where=where, value=sorted(unknown)[0], valid=sorted(_OPTIONS[kind])
        )
    if "@" in options.get("endpoint", ""):
        raise ConfigurationError("a target with a secret in its endpoint", where=where, value=_shown(text))
    if kind == "ssh" and not PurePosixPath(parts.path).name:
        raise ConfigurationError("a target without a folder", where=where, value=text, valid=_VALID)
    return Address(
        kind=kind,
        text=text,
        path=parts.path if kind == "ssh" else parts.path.strip("/"),
        host=parts.netloc.rsplit("@", 1)[-1] if kind == "s3" else parts.hostname,
        user=parts.username,
        port=port,
        options=options,
    )
