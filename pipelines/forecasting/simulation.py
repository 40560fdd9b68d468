"""The range of a cost at completion by simulation: cost performance of what is left, threats, opportunities.

    cost = spent + left x factor + sum of threats that occur - sum of opportunities that occur

Every figure stands on DRAWS draws. What the factors are learned from belongs in calibration.py, the distributions in
distributions.py, the choice of the estimate in dbt_project.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, reduce

import numpy as np
from numpy.typing import NDArray

from pipelines.forecasting.distributions import pert_quantile

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]

# One more than ten thousand: the linear quantile at level p is the draw number p x 10,000 in rising order, for every
# level of four decimals, and nothing is left to interpolate.
DRAWS = 10_001
LEVELS = (0.1, 0.5, 0.8, 0.9)
_PLACES = tuple(round(level * (DRAWS - 1)) for level in LEVELS)
_ROWS_AT_ONCE = 12  # 12 x 10,001 draws of 4 bytes are half a MB: memory stays flat, and within a processor's cache
# Draws are single floats, ordered by the step of their range in which they lie. Sixteen bits are sorted by counting: 28
# microseconds a figure, where a selection among double floats takes 570. A step is a thousandth of what 10,000 draws
# can tell. What is sure is reckoned in double floats.
_STEPS = 2**16 - 1


@dataclass(frozen=True, kw_only=True)
class Risk:
    """A line of the register; amounts in the project's currency, low <= likely <= high."""

    key: str
    probability: float
    low: float
    likely: float
    high: float
    is_opportunity: bool = False


@dataclass(frozen=True, kw_only=True)
class Project:
    """The months of one project: arrays of one length, but `risks`, of which `open_risks` (months x risks) says which
    are open at the end of each month. `factors` says which row of the factors' table holds."""

    spent: Floats
    left: Floats
    factors: Ints
    risks: Sequence[Risk]
    open_risks: NDArray[np.bool_]


@lru_cache(maxsize=1)
def levels_drawn() -> Floats:
    """The probabilities at which factors are read: one from the middle of each of DRAWS equal parts of 0 to 1, in an
    order that is the same everywhere (stratified sampling)."""
    return np.random.default_rng(20_261_125).permutation((np.arange(DRAWS) + 0.5) / DRAWS)


def factor_draws(levels: Floats, factors: Floats) -> Floats:
    """DRAWS factors of a distribution that has `factors` at the probabilities `levels`, linear in between."""
    return np.interp(levels_drawn(), levels, factors)


def risk_draws(risk: Risk) -> Floats:
    """DRAWS costs of a risk, 0 where it does not occur; of an opportunity the gain.

    Seeded by the risk's own key: it is drawn alike in every month and beside every other risk, so that a range moves
    from month to month only by what changed, and a new month or risk never changes an earlier row.
    """
    seed = int.from_bytes(hashlib.blake2b(risk.key.encode(), digest_size=16).digest(), "big")
    chance = np.random.Generator(np.random.SFC64(seed)).random(DRAWS)
    occurs = np.flatnonzero(chance < risk.probability)
    # given that it occurs, chance / probability is spread evenly over 0 to 1
    cost = np.zeros(DRAWS)
    cost[occurs] = pert_quantile(chance[occurs] / risk.probability, risk.low, risk.likely, risk.high)
    return cost


def ranges(projects: Sequence[Project], factor_table: Floats, *, workers: int = 2) -> list[Floats]:
    """The cost at each of LEVELS, of each project an array (months x levels).

    factor_table (distributions x DRAWS) as from `factor_draws`. An estimate with nothing left, or less than nothing,
    has no spread. Without open risks the quantiles are those of the factors themselves, which is what the draws give.
    """
    lines = np.sort(factor_table, axis=1)[:, _PLACES]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        singles = factor_table.astype(np.float32)
        return list(pool.map(lambda one: _range(one, factor_table, singles, lines), projects, chunksize=64))


def _range(project: Project, factor_table: Floats, singles: Singles, lines: Floats) -> Floats:
    spread = project.left > 0
    result = (project.spent + project.left).astype(np.float64)[:, None].repeat(len(LEVELS), axis=1)
    result[spread] = project.spent[spread, None] + project.left[spread, None] * lines[project.factors[spread]]
    if project.risks:
        drawn = [(-1 if one.is_opportunity else 1) * risk_draws(one) for one in project.risks]
        for months, risk_cost in _by_open_risks(project.open_risks, drawn):
            for at in range(0, len(months), _ROWS_AT_ONCE):
                some = months[at : at + _ROWS_AT_ONCE]
                result[some] = _simulated(project, some, factor_table, singles, risk_cost)
    return result


def _by_open_risks(open_risks: NDArray[np.bool_], drawn: Sequence[Floats]) -> Iterator[tuple[Ints, Floats]]:
    """Months that have the same risks open, with the draws of those risks together."""
    months: dict[bytes, list[int]] = defaultdict(list)
    for month in np.flatnonzero(open_risks.any(axis=1)):
        months[open_risks[month].tobytes()].append(month)
    for same in months.values():
        which = np.flatnonzero(open_risks[same[0]])
        yield np.array(same), reduce(np.add, (drawn[risk] for risk in which))


def _simulated(project: Project, months: Ints, factor_table: Floats, singles: Singles, risk_cost: Floats) -> Floats:
    spent, left, factors = project.spent[months], project.left[months], project.factors[months]
    spread = np.maximum(left, 0.0)
    draws = singles[factors]
    draws *= spread.astype(np.float32)[:, None]
    draws += risk_cost.astype(np.float32)
    is_sure = draws.min(axis=1) == draws.max(axis=1)
    costs = quantiles(draws)
    costs[is_sure] = (spread * factor_table[factors, 0] + risk_cost[0])[is_sure, None]
    return (spent + np.minimum(left, 0.0))[:, None] + costs


def quantiles(draws: Singles) -> Floats:
    """Of rows of DRAWS draws, which are overwritten, the linear quantile at each of LEVELS, to a 65,535th of the row's
    range."""
    low, high = draws.min(axis=1), draws.max(axis=1)
    width = (high.astype(np.float64) - low) / _STEPS
    draws -= low[:, None]
    draws *= np.divide(1.0, width, out=np.zeros_like(width), where=width > 0).astype(np.float32)[:, None]
    draws += np.float32(0.5)
    steps = draws.astype(np.uint16)
    steps.sort(axis=1, kind="stable")
    return low[:, None] + steps[:, _PLACES] * width[:, None]
