"""Times as whole numbers of ticks, so that sums of lead times that are equal are equal to the last bit."""

import math
from typing import Final

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.network.topology import Integers

_DECIMALS: Final = 9
ROUNDING: Final = 1e-9
# Of a step: so much do times differ from a grid that are rounded, or written with a few decimals.
NEGLIGIBLE: Final = 1e-5


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


def steps_per_period(times: Floats, most: int) -> int | None:
    """The least number of equal steps of a period, up to `most`, of which all times are whole numbers to
    1e-5 of a step; None where there is none."""
    grids = np.arange(1, most + 1)
    fitting = np.flatnonzero(_off_grid(times, grids) <= NEGLIGIBLE)
    return int(grids[fitting[0]]) if len(fitting) else None


def nearest_steps(times: Floats, most: int) -> tuple[int, float]:
    """The number of steps of a period, up to `most`, from which times are least away; how far, in periods."""
    grids = np.arange(1, most + 1)
    away = _off_grid(times, grids) / grids
    best = int(away.argmin())
    return int(grids[best]), float(away[best])


def _off_grid(times: Floats, grids: Integers) -> Floats:
    """Per grid, the most that a time is away from it, in steps."""
    distinct = np.unique(times)
    scaled = grids[:, None] * distinct
    return np.asarray(np.abs(scaled - np.rint(scaled)).max(axis=1, initial=0.0), np.float64)


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
