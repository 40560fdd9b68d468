"""The process in which MPXJ runs: rewrites one schedule as MSPDI (of MPP, MPX) or XER (of PMXML).

    python -m pipelines.formats.schedules.mpxj_convert KIND FILE FOLDER MEMORY

Says on its last line of output, as JSON, which files it wrote into FOLDER and which currency a file names, or what is
missing or wrong. Imports nothing of Outturn.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def _say(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")


def _currency(project: Any) -> str | None:
    code = project.getProjectProperties().getCurrencyCode()
    return None if code is None else str(code)


def _is_undated(project: Any, started: Any) -> bool:
    """Whether the file gives no current date: MPXJ then says the time of reading."""
    current = project.getProjectProperties().getCurrentDate()
    return current is not None and not current.isBefore(started)


def _mspdi(project: Any, path: Path) -> None:
    from org.mpxj.mspdi import MSPDIWriter  # type: ignore[import-not-found]

    writer = MSPDIWriter()
    writer.setWriteTimephasedData(True)
    writer.write(project, str(path))


def _mpx(file: Path) -> tuple[Any, str | None]:
    """The project in the first language that can read the file, English first, and a note where it is another."""
    from java.util import Locale  # type: ignore[import-not-found]
    from org.mpxj.mpx import MPXReader  # type: ignore[import-not-found]

    first: Exception | None = None
    locales = list(MPXReader.getSupportedLocales())
    for locale in sorted(locales, key=lambda each: str(each) != str(Locale.ENGLISH)):
        reader = MPXReader()
        reader.setLocale(locale)
        try:
            project = reader.read(str(file))
        except Exception as error:  # whatever Java throws at a word it does not know
            first = first or error
            continue
        if project is not None and project.getTasks().size():
            note = None if str(locale) == "en" else f"the MPX file was read in its language: {locale}"
            return project, note
    raise first or ValueError("no task in it")


def convert(kind: str, file: Path, folder: Path) -> dict[str, Any]:
    from java.time import LocalDateTime  # type: ignore[import-not-found]
    from org.mpxj.primavera import PrimaveraPMFileReader, PrimaveraXERFileWriter  # type: ignore[import-not-found]
    from org.mpxj.reader import UniversalProjectReader  # type: ignore[import-not-found]

    started = LocalDateTime.now()
    if kind in ("mpx", "mpp"):
        project, note = _mpx(file) if kind == "mpx" else (UniversalProjectReader().read(str(file)), None)
        if project is None:
            return {"error": "not recognised as a schedule"}
        _mspdi(project, folder / "1.xml")
        undated = _is_undated(project, started)
        return {"files": ["1.xml"], "currency": _currency(project), "note": note, "undated": undated}
    from java.util import ArrayList  # type: ignore[import-not-found]

    together = ArrayList()
    for project in PrimaveraPMFileReader().readAll(str(file)):
        together.add(project)
        for baseline in project.getBaselines():
            if baseline is not None and not together.contains(baseline):
                together.add(baseline)
    if together.isEmpty():
        return {"error": "no project in it"}
    from java.nio.charset import StandardCharsets  # type: ignore[import-not-found]

    writer = PrimaveraXERFileWriter()
    writer.setCharset(StandardCharsets.UTF_8)
    writer.write(together, str(folder / "1.xer"))
    return {"files": ["1.xer"]}


def main(kind: str, file: str, folder: str, memory: str) -> None:
    import jpype
    import mpxj  # noqa: F401  adds its libraries to the class path

    try:
        jpype.startJVM(f"-Xmx{memory}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
    except (jpype.JVMNotFoundException, jpype.JVMNotSupportedException, OSError) as error:
        _say({"missing": "java", "error": str(error)})
        return
    import jpype.imports

    try:
        _say(convert(kind, Path(file), Path(folder)))
    except Exception as error:  # MPXJ's own, or Java's out of memory
        said = str(error).strip().splitlines()
        _say({"error": (said[0] if said else type(error).__name__)[:300]})


if __name__ == "__main__":
    main(*sys.argv[1:5])
