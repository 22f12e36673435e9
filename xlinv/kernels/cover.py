"""How long a balance lasts against flows that follow each other."""

import math

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel


@kernel()
def time_to_consume(balance: float, flow: Floats, length: Floats) -> float:
    """Time until the flows have consumed the balance, evenly within a period; infinite if they do not.

    `flow[t]` leaves over the `length[t]` of period t.
    """
    elapsed = 0.0
    rest = balance
    for t in range(len(flow)):
        if rest <= 0.0:
            return elapsed
        if flow[t] >= rest:
            return float(elapsed + length[t] * (rest / flow[t]))
        rest -= flow[t]
        elapsed += length[t]
    return elapsed if rest <= 0.0 else math.inf
