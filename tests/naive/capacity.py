"""Safety stock under capacity straight from its definition: the worst backlog over a long grid of times."""

import math
from collections.abc import Sequence
from functools import cache

from tests.naive.service_times import Row, Stock, bounded_deviation, paths


def mean_demand(stages: Sequence[Row], arcs: Sequence[Row], name: str) -> float:
    return sum(sum(paths(arcs, name, s["name"])) * s.get("demand_mean", 0.0) for s in stages)


def stock_under_capacity(stages: Sequence[Row], arcs: Sequence[Row], step: float) -> Stock:
    """The greatest of e(t) - (C - mu)(t - tau) over all times t from tau on that are multiples of `step`."""
    by_name = {s["name"]: s for s in stages}
    customers = {
        n: [(a["destination"], a.get("quantity", 1.0)) for a in arcs if a["source"] == n] for n in by_name
    }
    slack = {n: by_name[n].get("capacity", math.inf) - mean_demand(stages, arcs, n) for n in by_name}
    deviation = {n: bounded_deviation(stages, arcs, n) for n in by_name}
    least = min(each for each in slack.values())
    # Not even all demands at their peaks, one upon the other, can be in arrears for longer than this.
    together = {
        n: sum(
            sum(paths(arcs, n, s["name"])) * s.get("safety_factor", 0.0) * s.get("demand_sd", 0.0)
            for s in stages
        )
        for n in by_name
    }
    end = (max(together.values()) / least) ** 2
    grid = [step * moment for moment in range(math.ceil(end / step) + 2)]

    @cache
    def asked(name: str, time: float) -> float:
        """What a stage is asked for over a time, above its mean, at most."""
        own = by_name[name].get("safety_factor", 0.0) * by_name[name].get("demand_sd", 0.0) * math.sqrt(time)
        pooled_demand = deviation[name] * math.sqrt(time)
        before = sum(quantity * postponed(j, time) for j, quantity in customers[name])
        one_by_one = own + sum(quantity * ordered(j, time) for j, quantity in customers[name])
        return min(pooled_demand + before, one_by_one)

    def ordered(name: str, time: float) -> float:
        """What a stage orders over a time, above its mean, at most."""
        return min(asked(name, time), slack[name] * time) if time else 0.0

    @cache
    def backlog(name: str) -> float:
        """What a stage has yet to order at most."""
        return 0.0 if slack[name] == math.inf else max(asked(name, t) - slack[name] * t for t in grid)

    @cache
    def postponed(name: str, time: float) -> float:
        """What it and its customers order late over a time, at most."""
        before = sum(quantity * postponed(j, time) for j, quantity in customers[name])
        return min(before + backlog(name), ordered(name, time))

    @cache
    def stock(name: str, time: float) -> float:
        time = max(time, 0.0)
        if slack[name] == math.inf:
            return asked(name, time)
        return max(asked(name, t) - slack[name] * (t - time) for t in [time, *grid] if t >= time)

    return stock
