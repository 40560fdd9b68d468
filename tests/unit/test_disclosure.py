"""Withheld groups: no combination of published sums tells on fewer people than the minimum, tried by linear algebra."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from random import Random

import numpy as np
import polars as pl
import pytest

from pipelines.disclosure import ALL_MEASURES, ATOMS, CUTS, GROUPS, withheld_groups

JAN = date(2026, 1, 1)


def people(*rows: tuple[str, str, str, str], **more: str | None) -> list[dict]:
    """`rows`: person, role, cost centre, market."""
    where = {"month": JAN, "measure": "billable", "project": None, "cell": None, "file": None, "is_costed": True} | more
    return [where | {"person": p, "role": r, "cost_centre": c, "market": m} for p, r, c, m in rows]


def team(count: int, role: str, cost_centre: str, market: str = "M", first: int = 0) -> list[tuple[str, str, str, str]]:
    return [(f"{role}{cost_centre}{market}{first + n}", role, cost_centre, market) for n in range(count)]


def frame(rows: list[dict]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=ATOMS)


def names(atoms: pl.DataFrame, **more) -> set[tuple[str, str]]:
    found = withheld_groups(atoms, **({"minimum": 3} | more))
    return set(found.select("cut", "group_name").rows())


def system(atoms: pl.DataFrame, withheld: pl.DataFrame, *, has_total: bool = True) -> tuple[np.ndarray, list[str]]:
    """The published sums as rows over the atoms as columns, and whose each column is."""
    hidden = set(withheld.rows())
    rows = [(atoms["cell"] == cell).fill_null(False) for cell in atoms["cell"].drop_nulls().unique()]
    rows += [(atoms["file"] == file).fill_null(False) for file in atoms["file"].drop_nulls().unique()]
    for project in atoms["project"].drop_nulls().unique():
        if (JAN, "project", ALL_MEASURES, project) not in hidden:
            rows.append((atoms["project"] == project).fill_null(False))
    for cut in CUTS:
        for measure, group in atoms.filter(pl.col(cut).is_not_null()).select("measure", cut).unique().rows():
            if (JAN, cut, measure, group) not in hidden:
                rows.append((atoms["measure"] == measure) & (atoms[cut] == group).fill_null(False))
    if has_total:
        rows.append(pl.Series([True] * atoms.height))
    if not rows:
        return np.zeros((0, atoms.height)), atoms["person"].to_list()
    return np.array([row.to_numpy() for row in rows], dtype=float), atoms["person"].to_list()


def told_on(matrix: np.ndarray, owners: list[str], minimum: int) -> list[tuple[str, ...]]:
    """Sets of fewer than `minimum` people on whose hours alone a combination of the rows tells."""
    everybody = sorted(set(owners))
    rank = np.linalg.matrix_rank(matrix) if matrix.size else 0
    found = []
    for size in range(1, minimum):
        for few in combinations(everybody, size):
            others = matrix[:, [owner not in few for owner in owners]]
            if rank > (np.linalg.matrix_rank(others) if others.size else 0):
                found.append(few)
    return found


def test_groups_of_enough_people_are_shown():
    atoms = frame(people(*team(3, "R1", "C1"), *team(3, "R2", "C1")))
    assert names(atoms) == set()


def test_a_group_of_too_few_people_is_withheld():
    assert ("role", "R2") in names(frame(people(*team(4, "R1", "C1"), *team(2, "R2", "C2"))))


@pytest.mark.parametrize(("rest", "is_shown"), [(3, True), (2, False)])
def test_what_is_left_of_the_firm_stands_for_enough_people(rest, is_shown):
    rows = people(*team(5, "R1", "C"), *team(rest, "R2", "C"))
    shown = {"R1", "R2"} - {group for cut, group in names(frame(rows)) if cut == "role"}
    assert shown == ({"R1", "R2"} if is_shown else set())


def test_without_the_firms_total_nothing_is_left_to_subtract_from():
    """One cost centre each: neither cut nor place gives the sum of both roles."""
    rows = people(*team(5, "R1", "C1"), *team(2, "R2", "C2"))
    assert names(frame(rows), months_without_total={JAN}) >= {("role", "R2"), ("cost_centre", "C2")}
    matrix, owners = system(
        frame(rows), withheld_groups(frame(rows), minimum=3, months_without_total={JAN}), has_total=False
    )
    assert matrix.shape[0] >= 1
    assert told_on(matrix, owners, 3) == []


def test_a_role_less_a_cost_centre_tells_on_nobody():
    """Cost centre C1 is role R1 but for one person."""
    rows = people(*team(6, "R1", "C1"), *team(1, "R1", "C2"), *team(6, "R2", "C2"))
    shown = {"R1", "R2", "C1", "C2"} - {group for _, group in names(frame(rows))}
    assert not {"R1", "C1"} <= shown
    assert not {"R2", "C2"} <= shown
    assert shown


def test_people_whose_hours_have_a_cost_are_judged_by_themselves():
    rows = people(*team(3, "R1", "C1"), *team(3, "R2", "C1"))
    rows[0] = rows[0] | {"is_costed": False}
    assert ("role", "R1") in names(frame(rows))


def test_months_are_judged_apart():
    rows = people(*team(3, "R1", "C1"))
    rows += [row | {"month": date(2026, 2, 1)} for row in rows[:2]]
    found = withheld_groups(frame(rows), minimum=3)
    assert set(found["month"].to_list()) == {date(2026, 2, 1)}


def drawn(seed: int, minimum: int) -> pl.DataFrame:
    """A small firm at random: people in groups, hours of two kinds, on two projects, in cells and files of enough."""
    random = Random(seed)
    rows: list[dict] = []
    for number in range(random.randrange(6, 13)):
        attributes = (f"R{random.randrange(3)}", f"C{random.randrange(2)}", f"M{random.randrange(2)}")
        for measure in random.sample(("billable", "internal"), random.randrange(1, 3)):
            for project in random.sample((None, "P1", "P2"), random.randrange(1, 3)):
                cell = f"{project}-{measure}-{attributes[0]}" if project and random.random() < 0.6 else None
                file = random.choice(("F1", "F1", "F1", "F2", None))
                rows += people((f"E{number:02d}", *attributes), measure=measure, project=project, cell=cell, file=file)
    atoms = frame(rows)
    # a cell stands for enough people; so does a project, and what of it is in no cell: judged before
    atoms = atoms.with_columns(cell=enough(pl.col("cell"), minimum))
    atoms = atoms.with_columns(file=enough(pl.col("file"), minimum))
    rest = pl.col("person").filter(pl.col("cell").is_null()).n_unique().over("project")
    return atoms.with_columns(
        project=pl.when(rest.is_between(1, minimum - 1)).then(None).otherwise(enough(pl.col("project"), minimum))
    )


def enough(name: pl.Expr, minimum: int) -> pl.Expr:
    return pl.when(pl.col("person").n_unique().over(name) >= minimum).then(name)


NOTHING = pl.DataFrame(schema=GROUPS)


def everything(atoms: pl.DataFrame) -> pl.DataFrame:
    """All groups as if withheld."""
    return withheld_groups(atoms, minimum=1000)


@pytest.mark.parametrize("seed", range(80))
def test_no_combination_tells_on_too_few(seed):
    atoms, minimum = drawn(seed, 3), 3
    base, owners = system(atoms, everything(atoms))
    # before any group is shown the refresh withholds files and the firm's total where they would tell on too few with
    # the cells (int_resources__file_hours_shown, int_labour__hours_controlled)
    if told_on(base, owners, minimum):
        atoms = atoms.with_columns(file=pl.lit(None, pl.String))
        base, owners = system(atoms, everything(atoms))
    has_total = not told_on(base, owners, minimum)
    found = withheld_groups(atoms, minimum=minimum, months_without_total=set() if has_total else {JAN})
    matrix, _ = system(atoms, found, has_total=has_total)
    assert told_on(matrix, owners, minimum) == []


def test_not_everything_is_withheld():
    shown = sum(
        system(atoms, withheld_groups(atoms, minimum=3))[0].shape[0] - system(atoms, everything(atoms))[0].shape[0]
        for atoms in (drawn(seed, 3) for seed in range(40))
    )
    assert shown >= 40


def test_the_attack_finds_what_was_not_withheld():
    """With no group withheld, most of the random firms tell on somebody: the test above can fail."""
    caught = 0
    for seed in range(20):
        atoms = drawn(seed, 3)
        caught += bool(told_on(*system(atoms, NOTHING), 3))
    assert caught >= 15
