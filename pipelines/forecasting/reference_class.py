"""Reference class forecasting: what finished projects cost over what they were to cost, as an uplift of an estimate.

Which projects are finished, and as of when, belongs in dbt_project.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipelines.errors import OutturnError


def uplifts(ratios: ArrayLike, levels: ArrayLike) -> NDArray[np.float64]:
    """The uplift over the estimate at each of `levels` (0 to 1): the linear quantile of final / baseline cost, less 1.

    `ratios` are of finished projects, one each, above 0 (Flyvbjerg and COWI for the Department for Transport 2004:
    the share of projects whose overrun stayed within the uplift is the level).
    """
    ratios = np.asarray(ratios, dtype=np.float64)
    if not ratios.size:
        raise OutturnError("a reference class is empty", valid="one ratio of final to baseline cost a finished project")
    if not (ratios > 0).all():
        raise OutturnError("a ratio of final to baseline cost is not above 0", value=ratios.min())
    return np.quantile(ratios, levels) - 1


def with_uplift(estimate: float, uplift: float) -> float:
    """The budget that an uplift (a fraction) makes of an estimate."""
    return estimate * (1 + uplift)
