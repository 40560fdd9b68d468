"""MPP, MPX and PMXML through MPXJ, an optional extra that needs Java: rewritten as MSPDI or XER, then read as such.

MPXJ runs in a process of its own, with a cap on its memory and its time: a file that breaks or stalls it breaks nothing
else, and a Java machine cannot be ended within a process. What MPXJ does there stands in `mpxj_convert`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lxml import etree

from pipelines.errors import RefusedFile
from pipelines.formats import xml
from pipelines.formats.base import Context, Source, TableRead
from pipelines.formats.schedules.canonical import canonical
from pipelines.formats.schedules.identity import options_of
from pipelines.formats.schedules.model import Options, Schedule
from pipelines.formats.schedules.mspdi_calendars import local

INSTALL = "pip install 'outturn[mpxj]'"
JAVA = "install a Java runtime (11 or newer), such as: apt-get install default-jre-headless"
MAX_BYTES = 256 * 1024**2
# the largest public MPP files (40 MB) take 20 s; a small file that takes longer than this has caught it in a loop
_SECONDS, _SECONDS_A_MB = 60, 4
# names of the streams of a compound file that only Microsoft Project writes
_MPP = (
    b"MSProject.MPP",
    *(name.encode("utf-16-le") for name in ("Props9", "Props12", "Props14", "MSProject", "   112", "   114")),
)


# elements of a project that nobody needs once they are passed
_LARGE = ("Activity", "ResourceAssignment", "Relationship", "UDF", "Code", "ActivityNote", "ActivityExpense")


@dataclass(kw_only=True)
class Original:
    """What a PMXML file itself says of what a converter fills in."""

    code: str | None = None
    symbol: str | None = None
    elements: set[str] = field(default_factory=set)  # ObjectId of each element of a WBS


def is_mpp(start: bytes) -> bool:
    """Whether an OLE compound file is one of Microsoft Project."""
    return any(name in start for name in _MPP)


def read_mpp(source: Source, context: Context) -> list[TableRead]:
    """The canonical tables of a Microsoft Project file. Raises RefusedFile."""
    return _as_mspdi(source, context, kind="mpp", what="a Microsoft Project file (MPP)")


def read_mpx(source: Source, context: Context) -> list[TableRead]:
    """The same of an MPX file, in any of the languages that MPXJ knows. Raises RefusedFile."""
    return _as_mspdi(source, context, kind="mpx", what="a Microsoft Project exchange file (MPX)")


def read_pmxml(source: Source, context: Context) -> list[TableRead]:
    """The same of a Primavera PMXML file, through XER. Raises RefusedFile."""
    from pipelines.formats.schedules.xer import read_xer

    options = options_of(context)
    original = _original(source)
    done, folder = _convert(source, context, options, kind="pmxml", what="a Primavera XML file (PMXML)")
    path = folder / done["files"][0]
    inner = Source(path=path, name=source.name, feed=source.feed, size=path.stat().st_size)
    return read_xer(inner, context, replace(options, encoding="utf-8"), format="pmxml", original=original)


def _as_mspdi(source: Source, context: Context, *, kind: str, what: str) -> list[TableRead]:
    from pipelines.formats.schedules.mspdi import read_raw
    from pipelines.formats.schedules.mspdi_tasks import schedule_of

    options = options_of(context)
    done, folder = _convert(source, context, options, kind=kind, what=what)
    schedules: list[Schedule] = []
    for name in done["files"]:
        path = folder / name
        raw = read_raw(Source(path=path, name=source.name, feed=source.feed, size=path.stat().st_size), options=options)
        raw.header["CurrencyCode"] = done["currency"] or ""
        if done.get("undated"):
            raw.header.pop("CurrentDate", None)
        if raw.header.get("Name") == "project.xml":
            del raw.header["Name"]  # the converter's own
        schedules.append(schedule_of(raw, name=source.name, base=context.base_currency))
    warnings = [done["note"]] if done.get("note") else []
    return canonical(
        schedules, format=kind, source=options.source, work=context.work, where=source.name, warnings=warnings
    )


def _original(source: Source) -> Original:
    """The file once through our own parser, so that nothing hostile reaches the one of Java, and what the converter
    would fill in: the base currency, and which elements of the WBS are there. Raises RefusedFile."""
    found = Original()
    root: etree._Element | None = None
    with source.path.open("rb") as stream:
        events = etree.iterparse(
            stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            for event, element in events:
                if root is None:
                    root = element
                    if element.getroottree().docinfo.internalDTD is not None:
                        raise xml.document_type(source.name)
                if event == "start":
                    continue
                name = local(element)
                if name in ("Currency", "WBS"):
                    texts = {local(child): (child.text or "").strip() for child in element}
                    if name == "WBS":
                        found.elements.add(texts.get("ObjectId", ""))
                    elif texts.get("IsBase", "").lower() in ("1", "true") or found.code is None:
                        found.code, found.symbol = texts.get("Id"), texts.get("Symbol")
                parent = element.getparent()
                if parent is root or name in _LARGE:
                    element.clear()
        except etree.XMLSyntaxError as error:
            raise xml.unreadable_file(error, source.path, where=source.name) from error
    return found


def _missing(what: str, source: Source, remedy: str) -> RefusedFile:
    return RefusedFile(f"{what}, read only through MPXJ, which is not installed", where=source.name, remedy=remedy)


def _convert(
    source: Source, context: Context, options: Options, *, kind: str, what: str
) -> tuple[dict[str, Any], Path]:
    """What the converter says it wrote, and the folder. Raises RefusedFile."""
    if importlib.util.find_spec("mpxj") is None or importlib.util.find_spec("jpype") is None:
        raise _missing(what, source, f"{INSTALL} (needs Java too: {JAVA}), then drop the file again")
    if not re.fullmatch(r"[1-9][0-9]{0,5}[mMgG]", options.java_memory):
        raise RefusedFile(
            "the setting java_memory cannot be used",
            where="outturn.toml [schedule_files]",
            value=options.java_memory,
            valid="such as 640m or 2g",
            remedy="correct it and drop the file again",
        )
    if source.size > MAX_BYTES:
        raise RefusedFile(
            f"{what} of this size",
            where=source.name,
            value=f"{source.size} bytes",
            valid=f"at most {MAX_BYTES} bytes",
            remedy="save it as XML in Microsoft Project",
        )
    context.work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="mpxj-", dir=context.work))
    command = [
        sys.executable, "-m", "pipelines.formats.schedules.mpxj_convert", kind, str(source.path), str(folder),
        options.java_memory,
    ]  # fmt: skip
    seconds = _SECONDS + _SECONDS_A_MB * (source.size >> 20)
    root = str(Path(__file__).resolve().parents[3])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    try:
        ran = subprocess.run(command, capture_output=True, timeout=seconds, check=False, cwd=folder, env=environment)
    except subprocess.TimeoutExpired as error:
        raise RefusedFile(
            f"{what} that MPXJ did not read within {seconds} seconds",
            where=source.name,
            remedy="save it as XML in Microsoft Project",
        ) from error
    try:
        said = json.loads(ran.stdout.decode("utf-8", "replace").strip().splitlines()[-1])
    except (IndexError, ValueError):
        complaint = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        said = {"error": f"ended with {ran.returncode}: {complaint[-1][:200] if complaint else 'no message'}"}
    if said.get("missing") == "java":
        raise _missing(what, source, f"{JAVA}, then drop the file again")
    if "error" in said or not said.get("files"):
        raise RefusedFile(
            f"{what} that MPXJ cannot read",
            where=source.name,
            value=said.get("error", "no project in it"),
            remedy="open it in the program that wrote it and save it as XML (MSPDI) or XER",
        )
    return said, folder
