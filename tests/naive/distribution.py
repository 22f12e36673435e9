"""One warehouse and its stores the slow way: expected cost as a sum over everything that can happen."""

import math

from tests.naive.serial import poisson


def cost(h0, h, lead_time0, lead_time, p, rate, level0, level):
    """Expected cost per period under Poisson demand and first come, first served, all costs local."""
    total = sum(rate)
    pipeline = sum(h0 * r * t for r, t in zip(rate, lead_time, strict=True))
    expected = 0.0
    for demand0, chance in enumerate(poisson(total * lead_time0)):
        net0 = level0 - demand0
        expected += chance * h0 * max(net0, 0)
        owed = max(-net0, 0)
        for k, r in enumerate(rate):
            share = r / total
            for own in range(owed + 1):
                split = math.comb(owed, own) * share**own * (1 - share) ** (owed - own)
                if chance * split < 1e-15:
                    continue
                for demand, mass in enumerate(poisson(r * lead_time[k])):
                    net = level[k] - own - demand
                    expected += chance * split * mass * (h[k] * max(net, 0) + p * max(-net, 0))
    return expected + pipeline
