"""How much of what was ordered was delivered, and whether in time."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats


def unit_fill(shipped: Floats, ordered: Floats) -> float:
    """Share of the units ordered that were shipped; what one line got too much fills no other line."""
    return float(np.minimum(shipped, ordered).sum() / ordered.sum())


def line_fill(shipped: Floats, ordered: Floats) -> float:
    """Share of the lines shipped in full."""
    return float(np.mean(shipped >= ordered))


def order_fill(shipped: Floats, ordered: Floats, order_ids: Sequence[Hashable]) -> float:
    """Share of the orders of which every line was shipped in full."""
    short = {order for order, full in zip(order_ids, shipped >= ordered, strict=True) if not full}
    return 1.0 - len(short) / len(set(order_ids))


def on_time(promised: Floats, delivered: Floats, early: float, late: float) -> NDArray[np.bool_]:
    """Whether each delivery came within its window; what was not delivered (NaN) did not."""
    return (delivered >= promised - early) & (delivered <= promised + late)


def in_full(shipped: Floats, ordered: Floats, tolerance: float) -> NDArray[np.bool_]:
    """Whether each line lacks no more than the tolerated share of what was ordered.

    The share is compared with twelve digits, so that 3 of 30 units are a tenth.
    """
    full: NDArray[np.bool_] = ordered - shipped <= ordered * (tolerance + 1e-12)
    return full
