"""Times as whole numbers of ticks, so that sums of lead times that are equal are equal to the last bit."""

from typing import Final

import numpy as np

from xlinv.cells import Floats

_DECIMALS: Final = 9
_ROUNDING: Final = 1e-9


def tick_of(times: Floats, whole_periods: bool) -> float:
    """The longest tick of which all times are multiples, to 9 decimals, and a whole period if asked for."""
    present = times[times > 0]
    for decimals in range(_DECIMALS + 1):
        scale = 10.0**decimals
        scaled = present * scale
        if decimals == _DECIMALS or np.all(
            np.abs(scaled - np.rint(scaled)) <= _ROUNDING * np.maximum(scaled, 1.0)
        ):
            units = np.rint(scaled).astype(np.int64)
            common = int(np.gcd.reduce(units)) if len(units) else int(scale)
            if whole_periods:
                common = int(np.gcd(common, int(scale)))
            return common / scale
    raise AssertionError("unreachable: the last number of decimals always serves")


def rounded_up(times: Floats, step: float) -> Floats:
    """Times rounded up to multiples of a step; a multiple that floating point missed narrowly stays."""
    # Adding 0 makes the negative zero that rounding up leaves of a time of 0 an ordinary one.
    return np.ceil(times / step - _ROUNDING) * step + 0.0
