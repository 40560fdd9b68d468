"""What finished projects say about the cost that is left: factors, their quantiles, quantiles with projects left out.

A factor is what the rest of a finished project really cost over what the estimate of that day said that it would.
Which estimates are judged belongs in backtest.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALLEST_REST = 0.01  # of the estimate at completion; without it the 90th factor of the last fifth is 6, with it 2
MOST_FOLDS = 20  # up to so many projects each is left out by itself; above, a twentieth of them at a time


def cost_factors(final: Floats, spent: Floats, expected_risk: Floats, left: Floats) -> Floats:
    """(final cost - cost to date - expected value of the open risks) / estimate to complete, not below 0.

    All four in one currency, of one length. NaN where the estimate leaves less than SMALLEST_REST of itself to do: of
    next to nothing a ratio says nothing, and of nothing no factor makes a cost. What the register expected is taken
    out because a forecast adds the register's risks to its range by themselves.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        factors = np.maximum((final - spent - expected_risk) / left, 0.0)
    return np.where((left > 0) & (left >= SMALLEST_REST * (spent + left)), factors, np.nan)


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Factors in rising order, and the share of all projects - a new one counted in - that lies at or below each.

    Each project has one vote, shared among its months (two-layer conformal prediction: Dunn, Wasserman and Ramdas,
    JASA 2023): months of one project err alike, and a long project is still one project.
    """

    factors: Floats
    shares: Floats
    projects: int

    def quantile(self, levels: ArrayLike) -> Floats:
        """The factor that is not exceeded with probability `levels`; linear between the known ones, the outermost
        beyond them."""
        return np.interp(np.asarray(levels, dtype=np.float64), self.shares, self.factors)


def calibrate(factors: Floats, projects: Ints) -> Calibration | None:
    """Of factors without NaN and the project of each; None where there are none."""
    if not len(factors):
        return None
    order = np.argsort(factors, kind="stable")
    return _ordered(factors[order], projects[order])


def _ordered(factors: Floats, projects: Ints) -> Calibration:
    votes, known = votes_of(projects)
    return Calibration(factors=factors, shares=np.cumsum(votes) / (known + 1), projects=known)


def votes_of(projects: Ints) -> tuple[Floats, int]:
    """Of each row its share in its project's one vote, and the number of projects; projects are small whole numbers."""
    months = np.bincount(projects)
    return 1.0 / months[projects], int(np.count_nonzero(months))


def folds(projects: Ints) -> Ints:
    """The fold of each row: rows of one project are in one fold; as many folds as projects, at most MOST_FOLDS."""
    known, place = np.unique(projects, return_inverse=True)
    return place % min(max(len(known), 1), MOST_FOLDS)


def left_out_quantile(factors: Floats, projects: Ints, *, level: float, fewest: int, default: float) -> Floats:
    """For each row the factor at `level` that the projects outside of its fold give; `default` where fewer than
    `fewest` are left. Rows with NaN learn from the others and teach nothing."""
    result = np.full(len(factors), default)
    order = np.argsort(factors, kind="stable")  # NaN last
    order = order[: np.count_nonzero(~np.isnan(factors))]
    fold = folds(projects)
    for one in np.unique(fold):
        kept = order[fold[order] != one]
        if not len(kept):
            continue
        calibration = _ordered(factors[kept], projects[kept])
        if calibration.projects >= fewest:
            result[fold == one] = calibration.quantile(level)
    return result
