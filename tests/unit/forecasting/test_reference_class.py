"""Uplifts of a reference class."""

from __future__ import annotations

import pytest

from pipelines.errors import OutturnError
from pipelines.forecasting.reference_class import uplifts, with_uplift


def test_the_published_motorway():
    """rcf-motorway: an estimate of 100 and the roads' uplift at 80 % (Flyvbjerg and COWI 2004)."""
    assert with_uplift(100, 0.32) == pytest.approx(132, abs=1e-9)


def test_the_uplift_is_the_linear_quantile_of_the_overruns():
    ratios = [0.9, 1.0, 1.1, 1.2, 1.4]
    assert uplifts(ratios, [0.5, 0.8]).tolist() == pytest.approx([0.1, 0.24])
    assert with_uplift(1000, uplifts([1.32] * 3, [0.8])[0]) == pytest.approx(1320)


def test_an_empty_class_and_a_ratio_of_nothing_are_refused():
    with pytest.raises(OutturnError, match="reference class is empty"):
        uplifts([], [0.5])
    with pytest.raises(OutturnError, match=r"not above 0.*0\.0"):
        uplifts([1.0, 0.0], [0.5])
