"""Splits of branch and bound: no value is lost, both halves rise, and what was learned moves the next one."""

import math
import time
from dataclasses import replace

import numpy as np
import pytest

from tests.network.random_networks import skip_layer_network
from tests.network.test_plan_search import core_of
from xlinv.network import Network, optimise
from xlinv.network.branching import Gains, Split, split_at
from xlinv.network.limits import SolverLimits
from xlinv.network.message_passing import MessagePassing


@pytest.fixture(scope="module")
def root() -> tuple[MessagePassing, float]:
    """A problem whose bound stays below its optimum, and that optimum."""
    network = Network.from_tables(*skip_layer_network(3, stages=40, arcs=80, layers=5))
    core, outside = core_of(network)
    passing = MessagePassing(core)
    for _ in range(200):
        passing.sweep()
    optimum = optimise(network).cost - outside
    assert passing.bound < optimum * 0.999
    return passing, optimum


def splits(root: MessagePassing, gains: Gains, ceiling: float, most: int) -> list[Split]:
    limits = SolverLimits(time.perf_counter() + 60.0)
    done = [split_at(root, parting, ceiling, limits) for parting in gains.favourites(root, ceiling, most)]
    return [split for split in done if split is not None]


def test_a_split_loses_no_choice_below_the_ceiling(root: tuple[MessagePassing, float]) -> None:
    passing, optimum = root
    for split in splits(passing, Gains(passing.problem), math.inf, 10):
        assert min(half.bound for half in split.halves) <= optimum * (1 + 1e-9)
        assert min(split.gains) >= 0.0


def test_a_variable_of_which_a_half_gains_nothing_is_expected_to_gain_less(
    root: tuple[MessagePassing, float],
) -> None:
    passing, optimum = root
    gains = Gains(passing.problem)
    first, *_ = splits(passing, gains, optimum * 1.001, 1)
    for nothing in ((0.0, max(first.gains)), (max(first.gains), 0.0), (0.0, 0.0)):
        gains = Gains(passing.problem)
        gains.remember(first)
        for _ in range(20):
            gains.remember(replace(first, gains=nothing, closed=False))
        others = gains.favourites(passing, optimum * 1.001, len(passing.choice))
        widths = {parting.variable: parting.width for parting in others}
        assert others[0].variable != first.parting.variable
        assert widths[first.parting.variable] > 0


def test_the_next_split_moves_towards_the_half_that_rose_less(root: tuple[MessagePassing, float]) -> None:
    passing, optimum = root
    gains = Gains(passing.problem)
    ceiling = optimum * 1.001
    first = {split.parting.variable: split for split in splits(passing, gains, ceiling, 10)}
    for split in first.values():
        gains.remember(split)
    moved = [
        (split, parting)
        for parting in gains.favourites(passing, ceiling, len(passing.choice))
        if (split := first.get(parting.variable)) is not None and min(split.gains) > 0.0
    ]
    assert moved
    for split, parting in moved:
        lower, upper = split.gains
        assert np.sign(parting.place - split.parting.place) in (0, np.sign(lower - upper))
