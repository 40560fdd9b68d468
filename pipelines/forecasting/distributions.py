"""Distributions of cost and their closed-form moments: three-point estimates (PERT), risks, sums, triangles.

Drawing belongs in simulation.py; this module says what the draws must add up to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipelines.errors import OutturnError

Floats = NDArray[np.float64]

PERT_WEIGHT = 4.0  # of the likely value against one each of low and high
_SHAPES, _CELLS = 65, 1024  # the grid of tabulated quantiles: shapes by cells of probability


@dataclass(frozen=True, kw_only=True)
class Moments:
    """Mean and variance, in the unit of the values and its square."""

    mean: float
    variance: float

    @property
    def sd(self) -> float:
        return float(np.sqrt(self.variance))


def sum_of_independent(parts: Sequence[Moments]) -> Moments:
    """Moments of the sum of independent costs: means and variances add."""
    return Moments(mean=sum(part.mean for part in parts), variance=sum(part.variance for part in parts))


def three_point_mean(low: ArrayLike, likely: ArrayLike, high: ArrayLike) -> Floats:
    """(low + 4 likely + high) / 6, of numbers or arrays of one shape (Malcolm, Roseboom, Clark and Fazar 1959)."""
    low, likely, high = (np.asarray(value, dtype=np.float64) for value in (low, likely, high))
    return (low + PERT_WEIGHT * likely + high) / (PERT_WEIGHT + 2)


def pert_classic(low: float, likely: float, high: float) -> Moments:
    """The three-point estimate as on a network chart: mean (a + 4m + b) / 6, sigma (b - a) / 6."""
    _check(low, likely, high)
    return Moments(mean=float(three_point_mean(low, likely, high)), variance=((high - low) / 6) ** 2)


def pert(low: float, likely: float, high: float) -> Moments:
    """The distribution that is drawn: a beta between low and high with shape parameters 1 + 4 (m - a) / (b - a) and
    1 + 4 (b - m) / (b - a). Mean as `pert_classic`; variance (mean - a)(b - mean) / 7 (Vose 2008)."""
    _check(low, likely, high)
    mean = float(three_point_mean(low, likely, high))
    return Moments(mean=mean, variance=(mean - low) * (high - mean) / (PERT_WEIGHT + 3))


def risk(probability: float, impact: Moments) -> Moments:
    """Of a risk that occurs with `probability` and then costs `impact`: E = pE[I], V = pV[I] + p(1 - p)E[I]²."""
    if not 0 <= probability <= 1:
        raise OutturnError("a probability is out of its range", value=probability, valid="0 to 1")
    variance = probability * impact.variance + probability * (1 - probability) * impact.mean**2
    return Moments(mean=probability * impact.mean, variance=variance)


def triangle(low: float, likely: float, high: float) -> Moments:
    """Mean (a + m + b) / 3, variance (a² + m² + b² - am - ab - mb) / 18."""
    _check(low, likely, high)
    squares = low**2 + likely**2 + high**2 - low * likely - low * high - likely * high
    return Moments(mean=(low + likely + high) / 3, variance=squares / 18)


def triangle_quantile(levels: ArrayLike, low: float, likely: float, high: float) -> Floats:
    """The value below which a triangular distribution lies with probability `levels` (0 to 1), of their shape."""
    _check(low, likely, high)
    levels = np.asarray(levels, dtype=np.float64)
    if high == low:
        return np.full_like(levels, low)
    turn = (likely - low) / (high - low)
    left = low + np.sqrt(levels * (high - low) * (likely - low))
    right = high - np.sqrt((1 - levels) * (high - low) * (high - likely))
    return np.where(levels < turn, left, right)


def pert_quantile(levels: ArrayLike, low: float, likely: float, high: float) -> Floats:
    """The value below which a PERT distribution lies with probability `levels` (0 to 1), of their shape.

    Read from a table of shapes by probabilities, linear in between: within 0.2 % of high - low.
    """
    levels = np.asarray(levels, dtype=np.float64)
    if high == low:
        return np.full_like(levels, low)
    shape = (likely - low) / (high - low) * (_SHAPES - 1)
    below = min(int(shape), _SHAPES - 2)
    table = _pert_table()
    line = table[below] + (shape - below) * (table[below + 1] - table[below])
    place = levels * _CELLS
    cell = np.minimum(place.astype(np.intp), _CELLS - 1)
    start = line[cell]
    return low + (high - low) * (start + (place - cell) * (line[cell + 1] - start))


@lru_cache(maxsize=1)
def _pert_table() -> Floats:
    """Quantiles of PERT(0, s, 1), shapes s by probabilities; the density is integrated, both parameters being >= 1."""
    edges = np.linspace(0, 1, 20_001)
    middle = (edges[1:] + edges[:-1]) / 2
    levels = np.linspace(0, 1, _CELLS + 1)
    rows = []
    for shape in np.linspace(0, 1, _SHAPES):
        density = middle ** (PERT_WEIGHT * shape) * (1 - middle) ** (PERT_WEIGHT * (1 - shape))
        cumulative = np.concatenate([[0.0], np.cumsum(density)])
        rows.append(np.interp(levels, cumulative / cumulative[-1], edges))
    return np.array(rows)


def _check(low: float, likely: float, high: float) -> None:
    if not low <= likely <= high:
        raise OutturnError(
            "a three-point estimate is out of order",
            value=(low, likely, high),
            valid="low <= likely <= high",
            remedy="correct the estimate in the register",
        )
