"""MPP, MPX and PMXML through MPXJ, and what is said where it or Java is missing."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.schedules import mpxj
from tests.unit.formats.schedules_read import read_bytes
from tests.unit.formats.seeds.schedules_mpxj import mpx_files, pmxml, pmxml_files

MPXJ_MISSING = importlib.util.find_spec("mpxj") is None or importlib.util.find_spec("jpype") is None
JAVA_MISSING = shutil.which("java") is None and "JAVA_HOME" not in os.environ
needs_mpxj = pytest.mark.skipif(
    MPXJ_MISSING or JAVA_MISSING,
    reason="MPXJ is not installed (pip install 'outturn[mpxj]')" if MPXJ_MISSING else "no Java runtime",
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MPP = OLE + b"\0" * 500 + "Props14".encode("utf-16-le") + b"\0" * 2000


@needs_mpxj
def test_mpx_in_english_and_in_german(tmp_path: Path) -> None:
    files = mpx_files()
    english = read_bytes(files["english.mpx"], tmp_path)
    assert english.format == "mpx"
    assert english.cells("MSP-F-2026-01-02") == {("1", "2026-01", "labour"): ("80", "800")}
    german = read_bytes(files["german.mpx"], tmp_path)
    (line,) = german.tables["plan_line"]
    assert (line["hours"], line["amount"], line["currency_code"]) == ("80", "800", "EUR")
    assert "the MPX file was read in its language: de" in german.warnings
    # the time of reading is no date of the file
    assert german.tables["plan_version"][0]["approved_on"] == "2026-01-05"


@needs_mpxj
def test_pmxml_with_and_without_its_namespace(tmp_path: Path) -> None:
    reads = [read_bytes(data, tmp_path) for data in pmxml_files().values()]
    for read in reads:
        assert (read.format, read.source_system) == ("pmxml", "primavera")
        assert read.tables == reads[0].tables
        assert [(r["wbs_id"], r["parent_wbs_id"]) for r in read.tables["wbs_element"]] == [
            ("CIV", None),
            ("A10", "CIV"),
        ]
        assert read.total("P6-BL00") == 500
        task = read.one("schedule_task", task_id="A10")
        assert (task["start_date"], task["cost_amount"]) == ("2026-05-04", "500")


@needs_mpxj
def test_the_currency_that_the_converter_fills_in_is_not_taken(tmp_path: Path) -> None:
    """MPXJ writes USD where a file names no currency."""
    with pytest.raises(RefusedFile, match="does not say in which currency"):
        read_bytes(pmxml(currency=None), tmp_path)
    read = read_bytes(pmxml(currency=None), tmp_path, options={"currency": "NOK"})
    assert {row["currency_code"] for row in read.tables["plan_line"]} == {"NOK"}


@needs_mpxj
def test_what_mpxj_cannot_read_is_refused_with_its_complaint(tmp_path: Path) -> None:
    for data, what in ((MPP, "MPP"), (b"MPX,Microsoft Project for Windows,4.0,ANSI\r\n10,x\r\n", "MPX")):
        with pytest.raises(RefusedFile, match=rf"\({what}\) that MPXJ cannot read.*save it as XML"):
            read_bytes(data, tmp_path)


@needs_mpxj
def test_hostile_pmxml_never_reaches_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("Java was started"))
    bomb = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><APIBusinessObjects>&a;</APIBusinessObjects>"
    for data, reason in (
        (bomb, "DOCTYPE"),
        (b"<APIBusinessObjects>", "not well-formed"),
        (b"<APIBusinessObjects>" + b"<a>" * 300 + b"</a>" * 300 + b"</APIBusinessObjects>", "256 levels"),
    ):
        with pytest.raises(RefusedFile, match=reason):
            read_bytes(data, tmp_path)


@pytest.mark.parametrize(
    ("data", "what"),
    [(MPP, "MPP"), (mpx_files()["english.mpx"], "MPX"), (pmxml(), "PMXML")],
    ids=["mpp", "mpx", "pmxml"],
)
def test_without_the_extra_the_command_that_installs_it_is_told(
    data: bytes, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "mpxj" else real(name))
    with pytest.raises(RefusedFile, match=rf"\({what}\), read only through MPXJ.*pip install 'outturn\[mpxj\]'"):
        read_bytes(data, tmp_path)


def _says(monkeypatch: pytest.MonkeyPatch, stdout: bytes = b"", **more: Any) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        if "timeout" in more:
            raise subprocess.TimeoutExpired(command, 60)
        return subprocess.CompletedProcess(command, more.get("code", 0), stdout, more.get("stderr", b""))

    monkeypatch.setattr(subprocess, "run", run)


def test_without_java_its_package_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _says(monkeypatch, b'noise\n{"missing": "java", "error": "no JVM"}\n')
    with pytest.raises(RefusedFile, match=r"install a Java runtime.*apt-get install default-jre-headless"):
        read_bytes(MPP, tmp_path)


def test_a_converter_that_stalls_or_dies_refuses_the_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _says(monkeypatch, timeout=True)
    with pytest.raises(RefusedFile, match="did not read within 60 seconds"):
        read_bytes(MPP, tmp_path)
    _says(monkeypatch, code=-9, stderr=b"java.lang.OutOfMemoryError: Java heap space")
    with pytest.raises(RefusedFile, match=r"ended with -9: java.lang.OutOfMemoryError"):
        read_bytes(MPP, tmp_path)
    with pytest.raises(RefusedFile, match="setting java_memory"):
        read_bytes(MPP, tmp_path, options={"java_memory": "lots -version"})


def test_other_compound_files_are_no_schedules(tmp_path: Path) -> None:
    assert not mpxj.is_mpp(OLE + "Workbook".encode("utf-16-le"))
    with pytest.raises(RefusedFile, match="old binary Office format"):
        read_bytes(OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), tmp_path)
    with pytest.raises(RefusedFile, match="with a password"):
        read_bytes(OLE + "EncryptedPackage".encode("utf-16-le"), tmp_path)
