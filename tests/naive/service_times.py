"""Least cost of guaranteed service by trying every combination of whole outbound service times."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


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


def holding_cost(stages: Sequence[Row], arcs: Sequence[Row], name: str) -> float:
    return sum(sum(paths(arcs, s["name"], name)) * s["added_cost"] for s in stages)


def safety_stock(stage: Row, deviation: float, time: float) -> float:
    stock = deviation * math.sqrt(max(time, 0.0))
    return max(stock, stage.get("min_stock", 0.0))


def least_cost(stages: Sequence[Row], arcs: Sequence[Row], step: float = 1.0) -> float:
    """The least cost over all outbound times that are multiples of `step`."""
    suppliers = {s["name"]: [a["source"] for a in arcs if a["destination"] == s["name"]] for s in stages}
    names = [s["name"] for s in stages]
    ordered: list[str] = []
    while len(ordered) < len(names):
        ordered += [n for n in names if n not in ordered and all(u in ordered for u in suppliers[n])]
    by_name = {s["name"]: s for s in stages}
    reach: dict[str, float] = {}
    for name in ordered:
        waiting = max([by_name[name].get("supplier_service_time", 0), *(reach[u] for u in suppliers[name])])
        reach[name] = by_name[name]["lead_time"] + waiting
        reach[name] = by_name[name].get("frozen_service_time", reach[name])
    weight = {n: holding_cost(stages, arcs, n) for n in names}
    deviation = {n: bounded_deviation(stages, arcs, n) for n in names}
    ranges = [
        [step * t for t in range(round(min(reach[n], by_name[n].get("service_time", math.inf)) / step) + 1)]
        if by_name[n].get("frozen_service_time") is None
        else [by_name[n]["frozen_service_time"]]
        for n in ordered
    ]
    best = math.inf
    for combination in itertools.product(*ranges):
        outbound = dict(zip(ordered, combination, strict=True))
        cost = 0.0
        for name in ordered:
            stage = by_name[name]
            external = stage.get("supplier_service_time", 0.0)
            inbound = max([external, *(outbound[u] for u in suppliers[name])])
            net = inbound + stage["lead_time"] - outbound[name]
            if stage.get("frozen_service_time") is not None:
                net = max(net, 0.0)
            stock = safety_stock(stage, deviation[name], net) if net > -1e-9 else math.inf
            if net <= -1e-9 or stock > stage.get("max_stock", math.inf) + 1e-9:
                cost = math.inf
                break
            cost += weight[name] * stock
        best = min(best, cost)
    return best
