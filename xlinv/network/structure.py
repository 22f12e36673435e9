"""What is wrong with stages and arcs taken together: names, arc ends, cycles, stages serving no demand.

Looks at names alone, so that a number that cannot be read hides nothing that is wrong with the network.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from xlinv.cells import InputError
from xlinv.network.topology import adjacency, cycle, topological_order

Pairs = list[tuple[str, str]]


class NamedStage(NamedTuple):
    """A row of the table of stages; rows count from 2, the heading being row 1."""

    row: int
    name: str
    has_demand: bool


class NamedArc(NamedTuple):
    """A row of the table of arcs."""

    row: int
    source: str
    destination: str


def structure_problems(stages: Sequence[NamedStage], arcs: Sequence[NamedArc]) -> list[InputError]:
    """Everything that is wrong, each with its place."""
    first: dict[str, NamedStage] = {}
    for stage in stages:
        first.setdefault(stage.name, stage)
    pairs = [
        (arc.source, arc.destination) for arc in arcs if arc.source in first and arc.destination in first
    ]
    return [
        *_repeated_names(stages, first),
        *_wrong_arcs(arcs, first),
        *_cycles(list(first), pairs),
        *_serving_nobody(list(first.values()), pairs),
    ]


def _repeated_names(stages: Sequence[NamedStage], first: dict[str, NamedStage]) -> Iterator[InputError]:
    for stage in stages:
        if first[stage.name].row != stage.row:
            rule = f"must be unique, but row {first[stage.name].row} has it too"
            yield InputError("name", rule, stage.name, f"Stages, row {stage.row}")


def _wrong_arcs(arcs: Sequence[NamedArc], first: dict[str, NamedStage]) -> Iterator[InputError]:
    """Arcs of stages that are not in the table, and arcs told twice."""
    told: dict[tuple[str, str], int] = {}
    for row, source, destination in arcs:
        place = f"Arcs, row {row}"
        for column, name in (("source", source), ("destination", destination)):
            if name not in first:
                yield InputError(column, "must be a stage of the table Stages", name, place)
        before = told.setdefault((source, destination), row)
        if before != row:
            rule = f"must not repeat the arc of row {before}"
            yield InputError("source, destination", rule, f"{source} -> {destination}", place)


def _cycles(names: list[str], pairs: Pairs) -> Iterator[InputError]:
    """One problem for each of the cycles that share no stage."""
    number = {name: i for i, name in enumerate(names)}
    while True:
        source = np.array([number[name] for name, _ in pairs], np.int64)
        destination = np.array([number[name] for _, name in pairs], np.int64)
        downstream = adjacency(len(names), source, destination)
        order = topological_order(adjacency(len(names), destination, source), downstream)
        if len(order) == len(names):
            return
        around = [names[i] for i in cycle(downstream, order)]
        rule = "must not lead back to where they started"
        yield InputError("arcs", rule, " -> ".join([*around, around[0]]), "Arcs")
        pairs = [(a, b) for a, b in pairs if a not in around and b not in around]


def _serving_nobody(stages: list[NamedStage], pairs: Pairs) -> Iterator[InputError]:
    """Stages from which no demand is reached."""
    suppliers: dict[str, list[str]] = {}
    for source, destination in pairs:
        suppliers.setdefault(destination, []).append(source)
    reached = {stage.name for stage in stages if stage.has_demand}
    ahead = list(reached)
    while ahead:
        new = set(suppliers.get(ahead.pop(), ())) - reached
        reached |= new
        ahead += new
    for stage in stages:
        if stage.name not in reached:
            rule = "must lead to a stage with demand"
            yield InputError("name", rule, stage.name, f"Stages, row {stage.row}")
