"""Each generic dbt test finds its planted fault, and nothing where there is none."""

from __future__ import annotations

HOURS = ("project varchar, wbs varchar, hours integer", "'P1', '1', 1", "'P1', null, 2", "'P2', '1', 3")


def test_a_whole_key_is_a_grain(generic):
    assert generic("grain", {"t": HOURS}, model="t", columns=["project", "wbs"], nullable=["wbs"]) == []


def test_a_key_that_stands_twice_is_named(generic):
    rows = (*HOURS, "'P2', '1', 4")
    assert generic("grain", {"t": rows}, model="t", columns=["project", "wbs"], nullable=["wbs"]) == [("P2", "1", 2)]


def test_two_empty_parts_of_a_key_are_the_same_key(generic):
    rows = (*HOURS, "'P1', null, 4")
    assert generic("grain", {"t": rows}, model="t", columns=["project", "wbs"], nullable=["wbs"]) == [("P1", None, 2)]


def test_a_key_that_misses_a_column_is_named(generic):
    assert generic("grain", {"t": HOURS}, model="t", columns=["project", "wbs"]) == [("P1", None, 1)]


WBS = ("project_id varchar, wbs_id varchar", "'P1', '1'", "'P1', '1'")


def test_references_that_lead_somewhere_or_are_empty_pass(generic):
    tables = {"t": HOURS[:3], "w": WBS}
    found = generic(
        "refers_to", tables, model="t", columns=["project", "wbs"], to="w", to_columns=["project_id", "wbs_id"]
    )
    assert found == []


def test_a_reference_that_leads_nowhere_is_named(generic):
    tables = {"t": (*HOURS, "'P2', '1', 9"), "w": WBS}
    found = generic(
        "refers_to", tables, model="t", columns=["project", "wbs"], to="w", to_columns=["project_id", "wbs_id"]
    )
    assert found == [("P2", "1", 2)]


def test_a_condition_that_is_false_or_unknown_is_named(generic):
    rows = (*HOURS, "'P3', '1', null")
    found = generic("holds", {"t": rows}, model="t", columns=["project", "wbs"], condition="hours < 3")
    assert found == [("P2", "1"), ("P3", "1")]
