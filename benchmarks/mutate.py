"""Damage as files meet it: cut short, mailed through the wrong encoding, edited by hand, or made to do harm. Seeded."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

_NUMBER = re.compile(rb"\d+(?:[.,]\d+)?")
_TAG = re.compile(rb"</?[A-Za-z][\w:.-]*")
_NUMBERS = (
    b"0", b"-0", b"-1", b"1e308", b"NaN", b"inf", b"9" * 18, b"9" * 40, b"0.0000001", b"1.234,56", b"1,234.56",
    b"1.234", b"12/13/2026", b"2026-02-30", b"0000-00-00", b"99999999999999999999-01-01",
)  # fmt: skip
_TEXTS = (
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'=HYPERLINK("http://x")', b"@SUM(1)", b"<script>alert(1)</script>",
    b"&lol;", b"&#0;", b"]]>", b"<!--", b"<![CDATA[", b"../../etc/passwd", b"\xc3\x28", b"\xf0\x9f\x92\xa5", b"%s%n",
    b"'; drop table x;",
    b"\r", b"\n\n\n", b'"', b'""', b";", b"\t", b"|", b"\x85", b"\xe2\x80\xae", b"{", b"[", b"null",
)  # fmt: skip
_DOCTYPE = (
    b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
_EXTERNAL = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def _slice(data: bytes, draw: random.Random, longest: int = 4096) -> tuple[int, int]:
    start = draw.randrange(len(data) + 1)
    return start, min(len(data), start + draw.randrange(1, longest))


def _flip(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 8, 64))):
        if changed:
            changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _cut(data: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(len(data) + 1)]


def _remove(data: bytes, draw: random.Random) -> bytes:
    start, end = _slice(data, draw)
    return data[:start] + data[end:]


def _repeat(data: bytes, draw: random.Random) -> bytes:
    start, end = _slice(data, draw)
    return data[:end] + data[start:end] * draw.choice((1, 2, 50)) + data[end:]


def _insert(data: bytes, draw: random.Random) -> bytes:
    start, _ = _slice(data, draw)
    return data[:start] + draw.choice(_TEXTS) * draw.choice((1, 1, 1, 200)) + data[start:]


def _number(data: bytes, draw: random.Random) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return _flip(data, draw)
    for match in sorted(draw.sample(found, min(len(found), draw.choice((1, 1, 3)))), key=lambda m: -m.start()):
        data = data[: match.start()] + draw.choice(_NUMBERS) + data[match.end() :]
    return data


def _lines(data: bytes, draw: random.Random) -> bytes:
    lines = data.split(b"\n")
    match draw.randrange(4):
        case 0:
            draw.shuffle(lines)
        case 1:
            lines.pop(draw.randrange(len(lines)))
        case 2:
            lines.insert(draw.randrange(len(lines)), draw.choice(lines))
        case _:
            at = draw.randrange(len(lines))
            lines[at:at] = [lines[at]] * 300
    return b"\n".join(lines)


def _separators(data: bytes, draw: random.Random) -> bytes:
    old, new = draw.sample((b",", b";", b"\t", b"|", b'"', b".", b" ", b"\n", b":"), 2)
    return data.replace(old, new, draw.choice((1, 5, -1)))


def _encoding(data: bytes, draw: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return draw.choice(
        (
            lambda: text.encode("utf-16"),
            lambda: text.encode("utf-16-le"),
            lambda: b"\xef\xbb\xbf" + data,
            lambda: text.encode("cp1252", "replace"),
            lambda: text.encode("utf-7", "replace"),
            lambda: data.replace(b"\n", b"\r"),
            lambda: data.replace(b"\n", b"\r\n"),
        )
    )()


def _tags(data: bytes, draw: random.Random) -> bytes:
    found = list(_TAG.finditer(data))
    if not found:
        return _insert(data, draw)
    if draw.random() < 0.2:
        at = found[0].start()
        return data[:at] + draw.choice((_DOCTYPE, _EXTERNAL)) + data[at:]
    one, other = draw.choice(found), draw.choice(found)
    if draw.random() < 0.2:
        return data[: one.start()] + b"<x>" * draw.choice((1, 400)) + data[one.start() :]
    return data[: one.start()] + other[0] + data[one.end() :]


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _cut, _remove, _repeat, _insert, _number, _number, _lines, _separators, _encoding, _tags, _tags,
)  # fmt: skip


def mutants(seeds: dict[str, bytes], *, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` damaged files as (name, bytes): each a seed with one to three mishaps, drawn from `seed`."""
    draw = random.Random(seed)
    names = sorted(seeds)
    for number in range(count):
        name = names[number % len(names)]
        data = seeds[name]
        for _ in range(draw.choice((1, 1, 2, 3))):
            data = draw.choice(_WAYS)(data, draw)
        yield f"{number:06}_{name}" if draw.random() < 0.5 else name_with_number(name, number), data


def name_with_number(name: str, number: int) -> str:
    """The number at the end, so that a name that says the table still says it."""
    stem, dot, ending = name.partition(".")
    return f"{stem}_{number:06}{dot}{ending}"
