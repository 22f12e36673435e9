"""Costs of a stage that supplies several: what its backorders do to each, how well they could share."""

from typing import Final

import numpy as np

from xlinv.cells import Floats

_NODES: Final = 24


def cost_of_shared_backorders(
    curve: Floats, left_slope: float, backorders: int, share: float, spread: float, whole_units: bool
) -> Floats:
    """Expected cost of one customer stage when its supplier owes 0, 1, ..., `backorders` steps in all.

    `curve` is the customer's cost at its level less 0, 1, ... steps, continued with `left_slope` per step
    down. Of b steps owed, binomially many with probability `share` are its own where Poisson demand comes in
    `whole_units`; else a normal number with mean `share * b` and variance `spread * b`, within 0 and b.
    """
    owed = np.arange(backorders + 1, dtype=np.float64)
    if whole_units:
        lost = np.arange(backorders + 1, dtype=np.float64)
        weights = _binomial(backorders, share)
        return np.asarray(weights @ _continued(curve, left_slope, lost))
    points, masses = np.polynomial.hermite_e.hermegauss(_NODES)
    lost = share * owed[:, np.newaxis] + np.sqrt(spread * owed)[:, np.newaxis] * points
    lost = np.clip(lost, 0.0, owed[:, np.newaxis])
    return np.asarray(_continued(curve, left_slope, lost) @ (masses / masses.sum()))


def best_shared_cost(curves: list[Floats], lows: list[int], slopes: list[float]) -> tuple[Floats, int, float]:
    """The least total cost of customer stages by what they share, steps of the grid apart.

    Each convex curve starts at step `lows[k]` and falls with `slopes[k]` before it. Returns the shared curve,
    its first step, and its slope before that.
    """
    gains = [np.minimum(np.diff(curve), 0.0) for curve in curves]
    falls = np.sort(np.concatenate(gains))
    # What is short goes to the stage that suffers least, without end: nobody ever suffers more than that.
    least = max(slopes)
    start = sum(float(curve[0]) for curve in curves) - float(np.maximum(least - falls, 0.0).sum())
    return start + np.concatenate([[0.0], np.cumsum(np.maximum(falls, least))]), sum(lows), least


def _continued(curve: Floats, left_slope: float, lost: Floats) -> Floats:
    """The curve at `lost` steps below its level, between its points by straight lines."""
    last = len(curve) - 1
    inside = np.interp(lost, np.arange(last + 1), curve)
    return np.asarray(inside - left_slope * np.maximum(lost - last, 0.0))


def _binomial(most: int, share: float) -> Floats:
    """Binomial probabilities of k (column) out of b (row), b from 0 to `most`."""
    from scipy.special import gammaln, xlog1py, xlogy

    b = np.arange(most + 1, dtype=np.float64)[:, np.newaxis]
    k = b.T
    with np.errstate(invalid="ignore"):
        logs = gammaln(b + 1) - gammaln(k + 1) - gammaln(np.maximum(b - k, 0) + 1)
    logs = logs + xlogy(k, share) + xlog1py(np.maximum(b - k, 0), -share)
    return np.asarray(np.where(k <= b, np.exp(logs), 0.0))
