"""Times as whole numbers of ticks, so that sums of lead times that are equal are equal to the last bit."""

import math
from typing import Final

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.network.topology import Integers

_DECIMALS: Final = 9
ROUNDING: Final = 1e-9


def tick_of(times: Floats, whole_periods: bool) -> float:
    """The longest tick of which all times are multiples, to 9 decimals, and a whole period if asked for.

    Blanks are passed over.
    """
    present = times[times > 0]
    for decimals in range(_DECIMALS + 1):
        scale = 10.0**decimals
        scaled = present * scale
        whole = np.rint(scaled)
        if decimals == _DECIMALS or (np.abs(scaled - whole) <= ROUNDING * np.maximum(scaled, 1.0)).all():
            units = whole.astype(np.int64)
            common = int(np.gcd.reduce(units)) if len(units) else int(scale)
            if whole_periods:
                common = int(np.gcd(common, int(scale)))
            return common / scale
    raise AssertionError("unreachable: the last number of decimals always serves")


@kernel(compile_from=500_000, exact=True)
def whole_ticks(times: Floats, tick: float, blank: int, upwards: bool) -> Integers:
    """Times in ticks, rounded up or down where they are no multiples; `blank` where there is none."""
    ticks = np.empty(len(times), np.int64)
    for i in range(len(times)):
        if np.isnan(times[i]):
            ticks[i] = blank
        elif upwards:
            ticks[i] = math.ceil(times[i] / tick - ROUNDING)
        else:
            ticks[i] = math.floor(times[i] / tick + ROUNDING)
    return ticks


def rounded_up(times: Floats, step: float) -> Floats:
    """Times rounded up to multiples of a step; a multiple that floating point missed narrowly stays."""
    # Adding 0 makes the negative zero that rounding up leaves of a time of 0 an ordinary one.
    return np.ceil(times / step - ROUNDING) * step + 0.0
