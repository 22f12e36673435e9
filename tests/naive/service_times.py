"""Least cost of guaranteed service by trying every combination of whole outbound service times."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
# The safety stock of a stage, by its name, over a net replenishment time.
Stock = Callable[[str, float], float]


def paths(arcs: Sequence[Row], source: str, destination: str) -> Iterator[float]:
    """The product of quantities along each path."""
    if source == destination:
        yield 1.0
    for arc in arcs:
        if arc["source"] == source:
            for rest in paths(arcs, arc["destination"], destination):
                yield arc.get("quantity", 1.0) * rest


def bounded_deviation(stages: Sequence[Row], arcs: Sequence[Row], name: str) -> float:
    return math.sqrt(
        sum(
            (sum(paths(arcs, name, d["name"])) * d["safety_factor"] * d["demand_sd"]) ** 2
            for d in stages
            if d.get("demand_sd") is not None
        )
    )


def unit_value(stages: Sequence[Row], arcs: Sequence[Row], name: str) -> float:
    return sum(sum(paths(arcs, s["name"], name)) * s["added_cost"] for s in stages)


def root_stock(stages: Sequence[Row], arcs: Sequence[Row]) -> Stock:
    deviation = {s["name"]: bounded_deviation(stages, arcs, s["name"]) for s in stages}
    return lambda name, time: deviation[name] * math.sqrt(max(time, 0.0))


def net_times(stages: Sequence[Row], arcs: Sequence[Row], step: float) -> Iterator[dict[str, float]]:
    """The net replenishment time of every stage, for all outbound times that are multiples of `step`."""
    suppliers = {s["name"]: [a["source"] for a in arcs if a["destination"] == s["name"]] for s in stages}
    names = [s["name"] for s in stages]
    ordered: list[str] = []
    while len(ordered) < len(names):
        ordered += [n for n in names if n not in ordered and all(u in ordered for u in suppliers[n])]
    by_name = {s["name"]: s for s in stages}
    takes = {s["name"]: s["lead_time"] + s.get("review_period", 0.0) for s in stages}
    reach: dict[str, float] = {}
    for name in ordered:
        waiting = max([by_name[name].get("supplier_service_time", 0), *(reach[u] for u in suppliers[name])])
        reach[name] = by_name[name].get("frozen_service_time", takes[name] + waiting)
    ranges = [
        [step * t for t in range(round(min(reach[n], by_name[n].get("service_time", math.inf)) / step) + 1)]
        if by_name[n].get("frozen_service_time") is None
        else [by_name[n]["frozen_service_time"]]
        for n in ordered
    ]
    for combination in itertools.product(*ranges):
        outbound = dict(zip(ordered, combination, strict=True))
        net = {}
        for name in ordered:
            stage = by_name[name]
            external = stage.get("supplier_service_time", 0.0)
            inbound = max([external, *(outbound[u] for u in suppliers[name])])
            net[name] = inbound + takes[name] - outbound[name]
            if stage.get("frozen_service_time") is not None:
                net[name] = max(net[name], 0.0)
        if min(net.values()) > -1e-9:
            yield net


def least_cost(
    stages: Sequence[Row],
    arcs: Sequence[Row],
    step: float = 1.0,
    stock: Stock | None = None,
    cash_cap: float = math.inf,
) -> float:
    """The least cost over all outbound times that are multiples of `step`, infinite where none is allowed.

    Where no other `stock` is given, that of demand bounded by a root.
    """
    stock = stock or root_stock(stages, arcs)
    value = {s["name"]: unit_value(stages, arcs, s["name"]) for s in stages}
    weight = {s["name"]: s.get("holding_cost", value[s["name"]]) for s in stages}
    best = math.inf
    for net in net_times(stages, arcs, step):
        cost, cash = 0.0, sum(value[s["name"]] * s.get("batch_size", 0.0) / 2 for s in stages)
        for stage in stages:
            name = stage["name"]
            held = max(stock(name, net[name]), stage.get("min_stock", 0.0))
            if held > stage.get("max_stock", math.inf) + 1e-9:
                cost = math.inf
            cost += weight[name] * held
            cash += value[name] * held
        if cash <= cash_cap * (1 + 1e-9):
            best = min(best, cost)
    return best
