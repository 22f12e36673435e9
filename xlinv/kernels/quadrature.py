"""Gauss-Legendre quadrature without numpy.polynomial, whose import takes longer than all else here."""

import math

import numpy as np

from xlinv.cells import Floats


def gauss_legendre(count: int) -> tuple[Floats, Floats]:
    """Nodes, ascending, and weights on [−1, 1], by Newton's method on the Legendre polynomial."""
    nodes = np.empty(count)
    weights = np.empty(count)
    for i in range(count):
        x = -math.cos(math.pi * (i + 0.75) / (count + 0.5))
        slope = 1.0
        for _ in range(10):
            before, value = 1.0, x
            for n in range(2, count + 1):
                before, value = value, ((2 * n - 1) * x * value - (n - 1) * before) / n
            slope = count * (x * value - before) / (x * x - 1.0)
            step = value / slope
            x -= step
            if abs(step) < 1e-15:
                break
        nodes[i] = x
        weights[i] = 2.0 / ((1.0 - x * x) * slope * slope)
    return nodes, weights
