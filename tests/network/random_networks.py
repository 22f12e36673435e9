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
