"""The invoice that a PDF carries (Factur-X, ZUGFeRD 2.x, XRechnung in PDF): which attachment it is, and its XML.

The PDF's own pages are not read; a PDF without an embedded invoice is refused. The file itself is opened in another
process (`pdf_attachments`), within limits of memory and time.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from lxml import etree

from pipelines.errors import RefusedFile
from pipelines.formats.invoices import is_invoice
from pipelines.formats.pdf_attachments import (
    ENCRYPTED,
    KNOWN_NAMES,
    TOO_LARGE,
    TOO_LONG,
    Attachment,
    UnreadablePdf,
)
from pipelines.formats.xml import MAX_BYTES, foreign, parse

MAX_PDF_BYTES = 100 * 1024 * 1024

_REMEDY = "ask the sender for a Factur-X or ZUGFeRD 2.x PDF, or for the XML"


class AttachmentProcess:
    """The other process, started with the first PDF and again after one that it did not survive.

    `memory`: bytes that it may use; `seconds` of processor time for one PDF.
    """

    def __init__(self, *, memory: int = 1024**3, seconds: int = 10) -> None:
        self.limits = (str(memory), str(seconds))
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None

    def attachments(self, path: Path) -> list[Attachment]:
        """Raises UnreadablePdf."""
        with self._lock:
            try:
                return self._ask(path)
            except (OSError, ValueError, EOFError) as error:
                # killed by the operating system: it had no memory, or no time, left to say so
                self.end()
                raise UnreadablePdf(TOO_LARGE) from error

    def _ask(self, path: Path) -> list[Attachment]:
        if self._running is None or self._running.poll() is not None:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "pipelines.formats.pdf_attachments", *self.limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=Path(__file__).parents[2],
            )
        requests, answers = self._running.stdin, self._running.stdout
        assert requests is not None
        assert answers is not None
        requests.write(json.dumps(str(path.absolute())).encode() + b"\n")
        requests.flush()
        head = json.loads(answers.readline())
        found = []
        for each in head.get("attachments", ()):
            size = each.pop("size")
            data = None if size is None else answers.read(size)
            if data is not None and len(data) < size:
                raise EOFError
            found.append(Attachment(**each, data=data))
        if head["last"]:
            self.end()
        if "problem" in head:
            raise UnreadablePdf(head["problem"])
        return found

    def end(self) -> None:
        if self._running is not None:
            with suppress(OSError):
                self._running.kill()
            self._running.communicate()
            self._running = None


_PROCESS = AttachmentProcess()
atexit.register(_PROCESS.end)


def _refusal(problem: str, *, where: str) -> RefusedFile:
    what, remedy = {
        ENCRYPTED: ("the PDF is encrypted", "drop it without a password"),
        TOO_LONG: ("the PDF takes too long to read: it is damaged, or made to", _REMEDY),
        TOO_LARGE: ("the PDF needs too much memory to read: it is damaged, or made to", _REMEDY),
    }.get(problem, (f"not a readable PDF: {problem}", "fetch or export the file again"))
    return RefusedFile(what, where=where, remedy=remedy)


def _root(attachment: Attachment, *, where: str) -> etree._Element | None:
    """The attachment's XML; None where it is no XML at all and has no name of an invoice."""
    inside = f"{where}, attachment {attachment.name}"
    if attachment.problem is not None:
        raise RefusedFile(attachment.problem, where=inside, remedy=_REMEDY)
    if attachment.data is None:
        return None
    if len(attachment.data) > MAX_BYTES:
        raise RefusedFile(
            "the embedded XML is too large", where=inside, valid=f"at most {MAX_BYTES} bytes", remedy=_REMEDY
        )
    root = parse(attachment.data, where=inside)
    if not is_invoice(root):
        raise foreign(root, where=inside)
    return root


def embedded_invoice(path: Path, *, where: str) -> tuple[etree._Element, Sequence[str]]:
    """The root of the invoice embedded in the PDF at `path`, and warnings.

    Attachments with a standard's name come first (case does not matter), then those the PDF calls its source or
    alternative; the first that is an invoice wins. Raises RefusedFile with the reason of the likeliest one.
    """
    if path.stat().st_size > MAX_PDF_BYTES:
        raise RefusedFile("the PDF is too large", where=where, valid=f"at most {MAX_PDF_BYTES} bytes", remedy=_REMEDY)
    try:
        attachments = _PROCESS.attachments(path)
    except UnreadablePdf as error:
        raise _refusal(error.args[0], where=where) from error
    invoice: etree._Element | None = None
    names: list[str] = []
    refusals: list[RefusedFile] = []
    for attachment in attachments:
        try:
            root = _root(attachment, where=where)
        except RefusedFile as refusal:
            refusals.append(refusal)
            continue
        if root is not None:
            names.append(attachment.name)
            invoice = root if invoice is None else invoice
    if invoice is not None:
        several = f"the PDF holds several invoices ({', '.join(names)}); only the first is read"
        return invoice, [several] if len(names) > 1 else []
    if refusals:
        raise refusals[0]
    raise RefusedFile(
        "the PDF holds no embedded invoice",
        where=where,
        value=", ".join(attachment.name for attachment in attachments[:5]) or "no attachment",
        valid=", ".join(KNOWN_NAMES),
        remedy=_REMEDY,
    )
