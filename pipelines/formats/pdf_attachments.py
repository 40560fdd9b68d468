"""What is attached to a PDF, read in a process of its own that may use little memory and time.

A PDF of a hundred kilobytes can be made to unpack to gigabytes or to keep a reader busy for minutes, in more ways than
one can look for beforehand; so the operating system sets the limits. Attachments are read in memory and never written
anywhere: they come from strangers. Which of them is the invoice is decided in `pdf`.

Nothing heavy is imported here: the process starts with the first PDF of a run, and its memory is what is limited.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pypdf import PdfReader
from pypdf.generic import EmbeddedFile

try:
    import resource
except ImportError:  # not a Unix: then without limits
    resource = None  # type: ignore[assignment]

# A file with more is no invoice; each one costs a decompression (which pypdf stops at 75 MB).
MAX_ATTACHMENTS = 50
# All of them together; one XML may have 64 MB
MAX_EXPANDED = 128 * 1024 * 1024
_WORN = 200 * 1024  # KB more than at the start: a process that needed so much gives its place to a fresh one

# Base names of the standards, the newest first. Others occur (ZUGFeRD_001.xml, no extension, a whole Windows path).
KNOWN_NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
# How the standards say that an attachment belongs to the document
_RELATIONSHIPS = ("/Alternative", "/Source", "/Data")

ENCRYPTED, TOO_LONG, TOO_LARGE = "encrypted", "too long", "too large"

# pypdf tells of every blemish that it mends; what matters is raised.
logging.getLogger("pypdf").setLevel(logging.ERROR)


class UnreadablePdf(Exception):
    """`args[0]`: one of the constants above, or what the reader said."""


class _TooLong(BaseException):
    """Not an Exception: the reader's own handlers must not swallow it."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """`data`: None where it is no XML, or cannot be read (`problem` says why)."""

    name: str  # base name, without the sender's folders
    data: bytes | None = None
    problem: str | None = None

    @property
    def is_known(self) -> bool:
        return self.name.casefold() in KNOWN_NAMES


def _rank(name: str, relationship: str) -> tuple[int, int]:
    known = name.casefold()
    return (
        KNOWN_NAMES.index(known) if known in KNOWN_NAMES else len(KNOWN_NAMES),
        _RELATIONSHIPS.index(relationship) if relationship in _RELATIONSHIPS else len(_RELATIONSHIPS),
    )


def _files(reader: PdfReader) -> list[tuple[str, EmbeddedFile]]:
    """Base names and files, those first that are likeliest the invoice."""
    found = []
    for file in reader.attachment_list:
        name = (file.alternative_name or file.name).replace("\\", "/").rsplit("/", 1)[-1].strip()
        found.append((name, str(file.associated_file_relationship), file))
        if len(found) > MAX_ATTACHMENTS:
            break
    found.sort(key=lambda each: _rank(each[0], each[1]))
    return [(name, file) for name, _, file in found[:MAX_ATTACHMENTS]]


def _content(name: str, file: EmbeddedFile, *, left: int) -> tuple[Attachment, int]:
    """The attachment, and how many bytes were unpacked for it."""
    if left <= 0:
        return Attachment(name=name, problem="the attachments unpack to too much"), 0
    try:
        data = file.content
    except MemoryError:
        raise
    # the stream is as foreign as the file
    except Exception as error:
        return Attachment(name=name, problem=f"the attachment cannot be read: {error}"), 0
    finally:
        # pypdf keeps what it unpacked
        with suppress(Exception):
            stream = file.pdf_object["/EF"]["/F"].get_object()
            stream.decoded_self = None
    attachment = Attachment(name=name, data=data)
    if not attachment.is_known and not data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        attachment = Attachment(name=name)
    return attachment, len(data)


def attachments(path: Path) -> list[Attachment]:
    """The attachments of the PDF at `path`, those first that are likeliest the invoice. Raises UnreadablePdf."""
    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted and not _opens(reader):
            raise UnreadablePdf(ENCRYPTED)
        files = _files(reader)
    except (UnreadablePdf, MemoryError):
        raise
    # A broken or hostile file makes pypdf raise nearly anything (KeyError, RecursionError, its own errors).
    except Exception as error:
        raise UnreadablePdf(str(error)) from error
    found, left = [], MAX_EXPANDED
    for name, file in files:
        attachment, used = _content(name, file, left=left)
        left -= used
        found.append(attachment)
    return found


def _opens(reader: PdfReader) -> bool:
    """Whether it opens without a password."""
    try:
        return bool(reader.decrypt(""))
    # a cipher that is not installed is as good as a password
    except Exception:
        return False


# -- the process -------------------------------------------------------------------------------------------------------


def _limit_time(seconds: int) -> None:
    """So many seconds of processor time from now, so that a busy machine refuses nothing."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _stop(*_: object) -> None:
    raise _TooLong


def answer(path: Path) -> tuple[dict[str, Any], list[bytes]]:
    """What the process says of one PDF: a head, and the bytes of the attachments in it."""
    try:
        found = attachments(path)
    except UnreadablePdf as error:
        return {"problem": error.args[0]}, []
    except _TooLong:
        return {"problem": TOO_LONG}, []
    except MemoryError:
        return {"problem": TOO_LARGE}, []
    head = [
        {"name": each.name, "problem": each.problem, "size": None if each.data is None else len(each.data)}
        for each in found
    ]
    return {"attachments": head}, [each.data for each in found if each.data is not None]


def _used() -> int:
    return 0 if resource is None else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _serve(requests: BinaryIO, answers: BinaryIO, *, memory: int, seconds: int) -> None:
    """A path a line in, a head a line and bytes out, until there are no more requests."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        signal.signal(signal.SIGXCPU, _stop)
    worn_at = _used() + _WORN
    for request in requests:
        _limit_time(seconds)
        head, parts = answer(Path(json.loads(request)))
        worn = _used() > worn_at
        answers.write(json.dumps({**head, "last": worn}).encode() + b"\n")
        for part in parts:
            answers.write(part)
        answers.flush()
        if worn:
            return


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer, memory=int(sys.argv[1]), seconds=int(sys.argv[2]))
