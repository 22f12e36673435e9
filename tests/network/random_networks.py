"""Random small networks for comparisons with slow, obvious answers."""

import random
from typing import Any

Rows = list[dict[str, Any]]


def random_network(seed: int, stages: int, extra_arcs: int = 0, step: float = 1.0) -> tuple[Rows, Rows]:
    """A tree of stages in random directions, with up to so many arcs more; times are multiples of `step`."""
    chance = random.Random(seed)
    pairs = set()
    for i in range(1, stages):
        other = chance.randrange(i)
        pairs.add((other, i) if chance.random() < 0.5 else (i, other))
    level = list(range(stages))
    chance.shuffle(level)
    for _ in range(extra_arcs):
        a, b = chance.sample(range(stages), 2)
        if (b, a) not in pairs and not _reaches(pairs, b, a):
            pairs.add((a, b))
    suppliers = {a for a, _ in pairs}
    rows = []
    for i in range(stages):
        row: dict[str, Any] = {
            "name": f"S{i}",
            "lead_time": step * chance.randrange(4),
            "added_cost": round(chance.uniform(0.1, 9.0), 2),
        }
        if i not in suppliers or chance.random() < 0.1:
            row |= {
                "demand_mean": 10.0,
                "demand_sd": round(chance.uniform(1.0, 9.0), 2),
                "safety_factor": round(chance.uniform(0.5, 3.0), 2),
                "service_time": step * chance.randrange(3),
            }
        rows.append(row)
    arcs = [
        {"source": f"S{a}", "destination": f"S{b}", "quantity": chance.choice([1.0, 1.0, 2.0])}
        for a, b in sorted(pairs)
    ]
    return rows, arcs


def _reaches(pairs: set[tuple[int, int]], start: int, goal: int) -> bool:
    return start == goal or any(_reaches(pairs, b, goal) for a, b in pairs if a == start)


def skip_layer_network(seed: int, stages: int, arcs: int, layers: int = 6) -> tuple[Rows, Rows]:
    """A sparse network in layers whose arcs lead to the next layer, some of them past it."""
    chance = random.Random(seed)
    layer = sorted([*range(layers), *(chance.randrange(layers) for _ in range(stages - layers))])
    members = [[i for i in range(stages) if layer[i] == depth] for depth in range(layers)]

    def customer(i: int) -> int:
        depth = layer[i] + 1 if chance.random() < 0.7 else chance.randrange(layer[i] + 1, layers)
        return chance.choice(members[depth])

    suppliers = [i for i in range(stages) if layer[i] < layers - 1]
    pairs = {(i, customer(i)) for i in suppliers}
    while len(pairs) < arcs:
        i = chance.choice(suppliers)
        pairs.add((i, customer(i)))
    rows = []
    for i in range(stages):
        row: dict[str, Any] = {
            "name": f"S{i}",
            "lead_time": chance.randint(1, 10),
            "added_cost": round(chance.uniform(1.0, 20.0), 2),
        }
        if layer[i] == layers - 1:
            row |= {"demand_mean": 50.0, "demand_sd": round(chance.uniform(5.0, 30.0), 2)}
            row |= {"safety_factor": 1.645, "service_time": chance.randrange(4)}
        rows.append(row)
    return rows, [{"source": f"S{a}", "destination": f"S{b}"} for a, b in sorted(pairs)]
