"""3GPP measurements: what a day of a counter is, and what is left out, refused or rejected."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.base import TableRead
from pipelines.formats.kpi.intervals import seconds
from tests.unit.formats.erp_files import Reader, faults, rows
from tests.unit.formats.seeds import kpi as seeds

HOW = {"attempts": "sum", "load": "mean"}
DAY = [("RAN-North", "attempts", "2026-03-02", "110.00"), ("RAN-North", "load", "2026-03-02", "58.571429")]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def read(reader: Reader, content: bytes, **kpi: Any) -> TableRead:
    return reader.one(content, kpi={"aggregate": HOW, **kpi})


def values(found: TableRead) -> list[tuple]:
    return rows(found, "project_id", "kpi_code", "observed_on", "value")


@pytest.mark.parametrize(
    "content",
    [seeds.day(), seeds.day(namespace=seeds.NS_5G), seeds.day(namespace=None), seeds.prefixed()],
    ids=["32.435", "28.532", "no namespace", "prefix"],
)
def test_the_values_of_all_cells_and_intervals_become_one_a_day(reader: Reader, content: bytes) -> None:
    found = read(reader, content)
    assert values(found) == DAY  # 50 four times, 70 three times: 410 / 7
    assert (found.format, found.source_system, found.findings) == ("3gpp", "3gpp", ())
    assert found.warnings == ("1 values are NIL or empty: not measured, so they count as nothing, not as 0",)
    assert rows(found, "source")[1] == ("3GPP, mean of 7 values",)


def test_a_result_belongs_to_the_day_on_which_its_interval_began_here(reader: Reader) -> None:
    (found,) = reader.reads(
        seeds.measured(seeds.info("2026-03-03T00:00:00Z", {"c": "1 1"}, duration="PT24H")),
        kpi={"aggregate": HOW, "part_days": "replace"},
    )
    assert [row[2] for row in values(found)] == ["2026-03-02", "2026-03-02"]
    assert read(reader, seeds.day(begin="2026-03-02T00:00:00+01:00")).findings == ()


def test_pairs_may_be_fewer_and_empty(reader: Reader) -> None:
    content = seeds.measured(
        *(seeds.info(end, {"c": "5 -" if at else "7"}, shape="pairs") for at, end in enumerate(seeds.QUARTERS))
    )
    found = read(reader, content)
    assert values(found) == [("RAN-North", "attempts", "2026-03-02", "22.00")]
    assert found.warnings[0].startswith("4 values are NIL")


def test_maximum_minimum_and_patterns(reader: Reader) -> None:
    found = read(reader, seeds.day(), aggregate={"att*": "max", "*": "min"})
    assert [row[3] for row in values(found)] == ["40.00", "50.00"]


def test_counters_without_a_declared_aggregation_are_named(reader: Reader) -> None:
    found = read(reader, seeds.day(), aggregate={"attempts": "sum"})
    assert values(found) == DAY[:1]
    assert found.warnings[0].endswith("how their values become one (values): load (8)")
    with pytest.raises(RefusedFile, match=r"attempts, load.*\[kpi\.aggregate\]"):
        read(reader, seeds.day(), aggregate={})
    with pytest.raises(RefusedFile, match=r"\[kpi.aggregate\] load.*average"):
        read(reader, seeds.day(), aggregate={"load": "average"})


def test_a_part_of_a_day_would_replace_another(reader: Reader) -> None:
    part = seeds.measured(seeds.info(seeds.QUARTERS[1], {"Cell=1": "1 2"}))
    with pytest.raises(RefusedFile, match=r"part of a day.*2026-03-02.*ZIP"):
        read(reader, part)
    found = read(reader, part, part_days="replace")
    assert [finding.rule for finding in found.findings] == ["3gpp-part-day"]


def test_the_files_of_a_day_in_one_archive_are_one(reader: Reader) -> None:
    found = read(reader, seeds.parts())
    assert values(found) == [DAY[0], ("RAN-North", "load", "2026-03-02", "60.00")]
    assert found.dialect == "4 files"
    assert rows(found, "source_line")[0][0].startswith("A20260301.xml:/measCollecFile/measData[1]/measInfo[1]")
    packed = seeds.zipped({"a.xml.gz": gzip.compress(seeds.day()), "b.xml.gz": gzip.compress(seeds.day())})
    again = read(reader, packed)
    assert values(again) == DAY
    assert again.warnings[0] == "16 values stand there twice with one figure and count once"
    with pytest.raises(RefusedFile, match="2 files"):
        read(reader, seeds.zipped({"a.xml": seeds.day(), "b.txt": b"note"}))


def test_suspect_values_count_and_are_flagged(reader: Reader) -> None:
    content = seeds.measured(
        *(seeds.info(end, {"c": "1 2", "d": "1 2"}, suspect=["d"]) for end in seeds.QUARTERS), header=False
    )
    found = read(reader, content)
    assert values(found)[0][3] == "8.00"
    assert rows(found, "source")[0] == ("3GPP, sum of 8 values, 4 suspect",)
    suspect, header = found.findings
    assert (suspect.rule, suspect.entity) == ("3gpp-suspect", "RAN-North")
    # without a profile the rule would have to be one of the programme's own, and the publication would stop
    assert {finding.profile for finding in (suspect, header)} == {"3gpp"}
    assert suspect.message.startswith("8 values of RAN-North on 2026-03-02")
    assert header.rule == "3gpp-file-header"


def test_what_cannot_be_told_apart_is_rejected_with_its_values(reader: Reader) -> None:
    good = [seeds.info(end, {"c": "1 2"}) for end in seeds.QUARTERS]
    bad = [
        seeds.info(seeds.QUARTERS[0], {"short": "1"}),
        seeds.info(seeds.QUARTERS[0], {"text": "abc 1"}),
        seeds.info(seeds.QUARTERS[0], {"when": "3 4"}, duration="a while"),
        seeds.info("yesterday", {"when": "3 4"}),
        seeds.info(seeds.QUARTERS[0], {"p": "3 4 5"}, shape="pairs"),
        seeds.info(seeds.QUARTERS[0], {"c": "9 2"}),
    ]
    found = read(reader, seeds.measured(*good, *bad))
    # the two readings of cell c at six o'clock are both rejected; attempts 1 x 3 are left
    assert values(found)[0] == ("RAN-North", "attempts", "2026-03-02", "3.00")
    reasons = sorted(reason for _, reason in faults(found))
    assert reasons == [
        "1 results for 2 counters: which is which cannot be told",
        "granPeriod duration is no duration: 'a while'",
        "granPeriod endTime is no date and time: 'yesterday'",
        "one object, counter and interval has two different results in the file",
        "one object, counter and interval has two different results in the file",
        "r p='3' has no measType",
        "the result is no number",
    ]


def test_two_lengths_of_interval_would_count_twice(reader: Reader) -> None:
    both = seeds.measured(
        seeds.info(seeds.QUARTERS[3], {"c": "1 2"}, duration="P1D"), seeds.info(seeds.QUARTERS[3], {"c": "1 2"})
    )
    with pytest.raises(RefusedFile, match=r"several lengths.*attempts"):
        read(reader, both)


def test_whose_project_it_is(reader: Reader) -> None:
    assert values(read(reader, seeds.day(), project_from="sender"))[0][0] == "OSS-1"
    assert values(read(reader, seeds.day(namespace=seeds.NS_5G), project_from="sender"))[0][0] == "OSS-1"
    cells = read(reader, seeds.day(), project_from="object", aggregate={"attempts": "sum"})
    assert rows(cells, "project_id", "value") == [("Cell=1", "100.00"), ("Cell=2", "10.00")]
    mapped = read(reader, seeds.day(), project_from="object", projects={"Cell=*": "P-7"})
    assert values(mapped)[0] == ("P-7", "attempts", "2026-03-02", "110.00")
    nameless = read(reader, seeds.day(element=None))
    assert values(nameless) == []
    assert len(faults(nameless)) == 8
    assert "project_from" in faults(nameless)[0][1]
    with pytest.raises(RefusedFile, match=r"project_from.*managed_element, sender, object"):
        read(reader, seeds.day(), project_from="cell")


def test_a_file_without_measurements_is_refused(reader: Reader) -> None:
    with pytest.raises(RefusedFile, match="without measurements"):
        read(reader, seeds.measured())


def test_a_prefix_that_is_not_declared_is_refused(reader: Reader) -> None:
    with pytest.raises(RefusedFile, match="not well-formed XML"):
        read(reader, seeds.prefixed().replace(b"xmlns:p", b"xmlns:q"))


def test_intervals_outside_the_file_are_said(reader: Reader) -> None:
    found = read(reader, seeds.day(begin="2026-03-02T12:00:00Z"))
    assert [finding.message.split(" lie")[0] for finding in found.findings] == ["2 of 4 intervals"]


def test_durations() -> None:
    assert [seconds(t) for t in ("PT900S", "PT15M", "PT1H", "P1D", "PT1H30M", "PT0S", "P", "15", None)] == [
        900, 900, 3600, 86400, 5400, None, None, None, None,
    ]  # fmt: skip
