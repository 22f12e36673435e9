"""Messages between service times against the obvious least over all pairs."""

import math
import random

import numpy as np
import pytest

from xlinv.network.messages import (
    IMPOSSIBLE,
    least_at_or_above,
    least_at_or_below,
    least_through_root,
)


def some_values(chance: random.Random, gaps: bool) -> np.ndarray:
    first, count = chance.randrange(12), chance.randint(1, 12)
    whole = range(first, first + count)
    return np.array(sorted(chance.sample(whole, chance.randint(1, count))) if gaps else list(whole))


def some_costs(chance: random.Random, count: int) -> np.ndarray:
    return np.array([chance.choice([chance.uniform(0, 9), IMPOSSIBLE, 0.0]) for _ in range(count)])


@pytest.mark.parametrize("gaps", [False, True])
def test_a_message_over_an_arc_is_the_least_of_the_values_that_fit(gaps: bool) -> None:
    chance = random.Random(1)
    for _ in range(500):
        sender, receiver = some_values(chance, gaps), some_values(chance, gaps)
        cost = some_costs(chance, len(sender))
        message = np.empty(len(receiver))
        for least_of, fits in ((least_at_or_below, np.less_equal), (least_at_or_above, np.greater_equal)):
            expected = [min([*cost[fits(sender, y)], IMPOSSIBLE]) for y in receiver]
            assert least_of(cost, sender, receiver, message) == min(expected)
            assert message.tolist() == expected


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("direction", [1, -1])
def test_a_message_through_a_stage_is_the_least_of_all_root_curves(gaps: bool, direction: int) -> None:
    chance = random.Random(2)
    for _ in range(500):
        sender, receiver = some_values(chance, gaps), some_values(chance, gaps)
        cost = some_costs(chance, len(sender))
        lead_time, coefficient = chance.randrange(6), chance.uniform(0.1, 5)
        message, leaders = np.empty(len(receiver)), np.empty((3, len(sender) + 1))
        expected = []
        for y in receiver:
            times = direction * (y - sender) + lead_time
            reached = [c + coefficient * math.sqrt(t) for c, t in zip(cost, times, strict=True) if t >= 0]
            expected.append(min([*reached, IMPOSSIBLE]))
        least = least_through_root(
            cost, sender, receiver, direction, lead_time, coefficient, message, leaders
        )
        assert message == pytest.approx(expected, rel=1e-12)
        assert least == message.min()


def test_costs_that_differ_by_less_than_any_normal_number_are_no_division_by_zero() -> None:
    cost = np.array([0.0, 1e-317, 2e-317])
    message = np.empty(3)
    whole = np.arange(3)
    least_through_root(cost, whole, whole, 1, 0, 1e6, message, np.empty((3, 4)))
    assert message.tolist() == [0.0, 1e-317, 2e-317]
