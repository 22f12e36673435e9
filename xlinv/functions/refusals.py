"""Why there is no answer, in the user's words, where several functions refuse for the same reason."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xlinv.catalogue import Refusal, answers
from xlinv.cells import CellError, Floats
from xlinv.kernels import demand_distribution, protection

REASONS: Final[dict[int, tuple[CellError, str]]] = {
    demand_distribution.SD_MISSING: (
        CellError.NA,
        "'demand_sd' is required and must not be blank, unless distribution is \"poisson\"",
    ),
    demand_distribution.MEAN_NOT_POSITIVE: (
        CellError.NUM,
        "this distribution needs a mean demand above 0 over the interval that the stock protects",
    ),
    demand_distribution.VARIANCE_NOT_ABOVE_MEAN: (
        CellError.NUM,
        "negbin needs a variance of demand above its mean: use poisson where they are equal, "
        "normal or gamma where it is below",
    ),
    demand_distribution.TOO_ERRATIC: (
        CellError.NUM,
        "the standard deviation is more than 1,000 times the mean: no distribution describes such demand",
    ),
    demand_distribution.TOO_LARGE: (
        CellError.NUM,
        "demand is too large to be counted in whole units: use normal or gamma",
    ),
    demand_distribution.CERTAIN: (
        CellError.NUM,
        "the probability to reach is 0 or 1 to sixteen digits: no finite stock is best",
    ),
    demand_distribution.BEYOND_NUMBERS: (
        CellError.NUM,
        "demand over the interval lies beyond the range of numbers",
    ),
    protection.LEAD_TIME_VARIES: (
        CellError.NUM,
        "Poisson demand over a lead time that varies is not Poisson: use negbin",
    ),
    protection.NO_CYCLE: (
        CellError.NA,
        "a fill rate needs 'order_quantity' for (r,Q) or a 'review_period' above 0 for (R,S)",
    ),
    protection.NO_DEMAND: (CellError.NUM, "a fill rate of (R,S) needs a 'demand_mean' above 0"),
}


def refused(values: Floats, reason: NDArray[np.int8]) -> Floats:
    """The values, less those that a kernel gives a reason against."""
    if not reason.any():
        return values
    found = [int(code) for code in np.unique(reason) if code]
    return answers(values, *[(reason == code, *REASONS[code]) for code in found])


def refuse(code: int) -> None:
    """Raise the refusal that a reason stands for, if it is one."""
    if code:
        error, sentence = REASONS[code]
        raise Refusal(error, sentence)


def refuse_first(reason: NDArray[Any]) -> None:
    """Raise the first refusal among the reasons, for a body that gives one answer for all of them."""
    refuse(next((int(code) for code in reason if code), 0))
