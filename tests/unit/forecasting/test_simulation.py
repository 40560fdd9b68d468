"""Draws against closed forms: risks, three points, sums; what must not move a range."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.errors import OutturnError
from pipelines.forecasting import distributions as d
from pipelines.forecasting.simulation import DRAWS, LEVELS, Project, Risk, factor_draws, quantiles, ranges, risk_draws

GRID = np.linspace(0, 1, 201)
EVEN = np.interp(GRID, [0, 1], [0.5, 1.5])  # factors spread evenly over 0.5 to 1.5


def project(*risks: Risk, left: float = 100.0, spent: float = 50.0) -> Project:
    return Project(
        spent=np.array([float(spent)]),
        left=np.array([float(left)]),
        factors=np.array([0]),
        risks=risks,
        open_risks=np.ones((1, len(risks)), dtype=bool),
    )


def one(*risks: Risk, factors: np.ndarray = EVEN, **amounts: float) -> list[float]:
    return ranges([project(*risks, **amounts)], factor_draws(GRID, factors)[None])[0][0].tolist()


THREAT = Risk(key="P R1", probability=0.3, low=1000.0, likely=4000.0, high=10_000.0)


def test_there_are_more_than_ten_thousand_draws_and_they_are_the_same_each_time():
    assert DRAWS > 10_000
    assert (risk_draws(THREAT) == risk_draws(THREAT)).all()
    assert (
        risk_draws(THREAT) != risk_draws(Risk(key="P R2", probability=0.3, low=1000, likely=4000, high=10_000))
    ).any()


@pytest.mark.parametrize(
    ("probability", "low", "likely", "high"),
    [(0.3, 1000, 4000, 10_000), (1.0, 0, 0, 600), (0.05, 10, 50, 50), (0.8, 10_000, 10_000, 10_000)],
)
def test_a_risk_has_its_mean_and_variance(probability, low, likely, high):
    exact = d.risk(probability, d.pert(low, likely, high))
    drawn = risk_draws(Risk(key="x", probability=probability, low=low, likely=likely, high=high))
    assert abs(drawn.mean() - exact.mean) < 4 * exact.sd / DRAWS**0.5 + 0.002 * (high - low)
    assert drawn.var() == pytest.approx(exact.variance, rel=0.08)


def test_a_sum_of_risks_has_the_sum_of_their_means_and_variances():
    risks = [
        Risk(key=f"P {n}", probability=p, low=0.5 * i, likely=i, high=2 * i)
        for n, (p, i) in enumerate(
            [(0.8, 10_000), (0.3, 30_000), (0.5, 8000), (0.1, 40_000), (0.3, 20_000), (0.25, 10_000)]
        )
    ]
    exact = d.sum_of_independent([d.risk(r.probability, d.pert(r.low, r.likely, r.high)) for r in risks])
    drawn = sum(risk_draws(risk) for risk in risks)
    assert drawn.mean() == pytest.approx(exact.mean, abs=4 * exact.sd / DRAWS**0.5)
    assert drawn.std() == pytest.approx(exact.sd, rel=0.04)


def test_three_independent_costs_of_the_published_example():
    """smm-indep: means 10, 15, 20 and variances 4, 9, 16 (R package PRA). Told as sure impacts."""
    parts = [d.Moments(mean=10, variance=4), d.Moments(mean=15, variance=9), d.Moments(mean=20, variance=16)]
    total = d.sum_of_independent(parts)
    assert total.mean == 45
    assert total.sd == pytest.approx(5.385164807134504, abs=1e-9)
    # a PERT that is even on both sides has variance w²/7 at a half-width of w
    risks = [
        Risk(key=f"smm {n}", probability=1.0, low=p.mean - w, likely=p.mean, high=p.mean + w)
        for n, p in enumerate(parts)
        for w in [(7 * p.variance) ** 0.5]
    ]
    drawn = sum(risk_draws(risk) for risk in risks)
    assert drawn.mean() == pytest.approx(45, abs=4 * total.sd / DRAWS**0.5)
    assert drawn.std() == pytest.approx(total.sd, rel=0.03)


def test_the_published_chain_of_three_point_activities():
    """pert-chain: (1, 2, 9) and (2, 3, 10) (pmcontrols, case pert-hand-001)."""
    total = d.sum_of_independent([d.pert_classic(1, 2, 9), d.pert_classic(2, 3, 10)])
    assert total.mean == pytest.approx(7.0, abs=1e-9)
    assert total.sd == pytest.approx(1.8856180831641267, abs=1e-9)


def test_a_cost_without_risks_is_the_factors_quantile():
    assert one() == pytest.approx([50 + 100 * (0.5 + level) for level in LEVELS], abs=0.02)


def test_a_sum_of_performance_and_risk_has_their_moments():
    exact = d.sum_of_independent(
        [d.Moments(mean=100_000, variance=100_000**2 / 12), d.risk(0.3, d.pert(1e5, 4e5, 1e6))]
    )
    big = Risk(key="big", probability=0.3, low=1e5, likely=4e5, high=1e6)
    drawn = 100_000 * factor_draws(GRID, EVEN) + risk_draws(big)
    assert drawn.mean() == pytest.approx(exact.mean, abs=4 * exact.sd / DRAWS**0.5)
    assert drawn.std() == pytest.approx(exact.sd, rel=0.04)
    got = one(big, left=100_000, spent=7)
    assert got == pytest.approx((7 + np.quantile(drawn, LEVELS)).tolist(), abs=np.ptp(drawn) / 65_535)


def test_without_spread_and_risk_the_range_is_the_estimate():
    flat = np.ones(201)
    assert one(factors=flat) == [150.0] * 4
    assert one(left=0.0) == [50.0] * 4
    assert one(left=-20.0) == [30.0] * 4


def test_what_is_sure_moves_the_range_as_it_is():
    flat = np.ones(201)
    sure = Risk(key="s", probability=1.0, low=12.34, likely=12.34, high=12.34)
    gain = Risk(key="g", probability=1.0, low=2.0, likely=2.0, high=2.0, is_opportunity=True)
    never = Risk(key="n", probability=0.0, low=5.0, likely=6.0, high=9e9)
    assert one(sure, gain, never, factors=flat) == pytest.approx([150 + 12.34 - 2.0] * 4, abs=1e-9)


def test_quantiles_are_those_of_the_draws():
    rng = np.random.default_rng(3)
    rows = np.stack(
        [rng.lognormal(0, 1, DRAWS), -rng.random(DRAWS) * 1e9, np.full(DRAWS, 0.1), rng.random(DRAWS) < 0.3]
    )
    exact = np.quantile(rows, LEVELS, axis=1).T
    steps = np.ptp(rows, axis=1)[:, None] / 65_535
    got = quantiles(rows.astype(np.float32))
    assert (np.abs(got - exact) <= steps + 1e-7 * np.abs(exact)).all()
    assert got[3].tolist() == exact[3].tolist()


def test_levels_rise_and_opportunities_go_the_other_way():
    gain = Risk(key="P O1", probability=0.5, low=10.0, likely=20.0, high=60.0, is_opportunity=True)
    plain, threatened, eased = one(), one(THREAT), one(gain)
    for got in (plain, threatened, eased):
        assert got == sorted(got)
    assert all(a <= b for a, b in zip(eased, plain, strict=True))
    assert all(a <= b for a, b in zip(plain, threatened, strict=True))


def test_a_month_more_and_a_project_more_change_no_earlier_figure():
    rng = np.random.default_rng(5)
    risks = [Risk(key=f"P {n}", probability=0.4, low=10, likely=20 + n, high=80) for n in range(4)]
    long = Project(
        spent=np.cumsum(rng.random(30) * 100),
        left=3000 - np.cumsum(rng.random(30) * 100),
        factors=np.zeros(30, dtype=np.int64),
        risks=risks,
        open_risks=rng.random((30, 4)) < 0.5,
    )
    short = Project(
        spent=long.spent[:20],
        left=long.left[:20],
        factors=long.factors[:20],
        risks=risks[:3],
        open_risks=np.where(np.arange(4) < 3, long.open_risks[:20], False)[:, :3],
    )
    without_last = Project(
        spent=long.spent,
        left=long.left,
        factors=long.factors,
        risks=risks,
        open_risks=np.where(np.arange(4) < 3, long.open_risks, False),
    )
    table = factor_draws(GRID, EVEN)[None]
    longer, shorter = ranges([project(THREAT), without_last], table)[1], ranges([short], table, workers=1)[0]
    assert (longer[:20] == shorter).all()


def test_points_out_of_order_and_impossible_probabilities_are_refused():
    with pytest.raises(OutturnError, match=r"out of order.*\(3, 2, 4\).*low <= likely <= high"):
        d.pert(3, 2, 4)
    with pytest.raises(OutturnError, match=r"probability.*1\.5.*0 to 1"):
        d.risk(1.5, d.pert(1, 2, 3))


def test_quantiles_of_a_triangle_are_its_distribution():
    drawn = d.triangle_quantile((np.arange(100_000) + 0.5) / 100_000, 0.5, 1.0, 1.7)
    exact = d.triangle(0.5, 1.0, 1.7)
    assert drawn.mean() == pytest.approx(exact.mean, rel=1e-6)
    assert drawn.var() == pytest.approx(exact.variance, rel=1e-4)
    assert d.triangle_quantile(0.3, 2, 2, 2) == 2
