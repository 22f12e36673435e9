"""Repairable spares the slow way: the exact distribution of what a base misses, and all stocks tried."""

import math
from itertools import product

from tests.naive.serial import poisson


def exact_backorders(part, depot_stock, stocks):
    """Expected backorders of each base, units owed by the depot split among bases unit by unit."""
    sent = [base.failure_rate * (1 - base.repair_share) for base in part.bases]
    total = sum(sent)
    owed = [0.0] * 60
    for units, chance in enumerate(poisson(total * part.depot_repair_time)):
        owed[max(units - depot_stock, 0)] += chance
    expected = []
    for base, rate, stock in zip(part.bases, sent, stocks, strict=True):
        share = rate / total if total else 0.0
        own = poisson(base.failure_rate * base.repair_share * base.repair_time + rate * base.delivery_time)
        missing = 0.0
        for b, chance in enumerate(owed):
            for k in range(b + 1):
                split = chance * math.comb(b, k) * share**k * (1 - share) ** (b - k)
                if split > 1e-13:
                    missing += split * sum(mass * max(k + units - stock, 0) for units, mass in enumerate(own))
        expected.append(missing)
    return expected


def fewest(expected, places, units):
    """The least of `expected(stocks)` over all ways to place `units` units at `places` places."""
    return min(
        expected(stocks) for stocks in product(range(units + 1), repeat=places) if sum(stocks) == units
    )
