"""What one service time tells a neighbouring one: least costs over an arc or through a stage.

Service times are whole numbers of ticks. A message lists, per value of the receiver, the least over the
sender's values of the sender's cost plus the cost of the pair; where no value of the sender fits, it is
`IMPOSSIBLE`.
"""

import math
from typing import Final

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.network.topology import Integers

IMPOSSIBLE: Final = 1e300


@kernel(exact=True)
def least_at_or_below(cost: Floats, sender: Integers, receiver: Integers, message: Floats) -> None:
    """Over an arc, downstream: the customer waits at least as long as the supplier takes."""
    least = IMPOSSIBLE
    x = 0
    for y in range(len(receiver)):
        while x < len(sender) and sender[x] <= receiver[y]:
            least = min(least, cost[x])
            x += 1
        message[y] = least


@kernel(exact=True)
def least_at_or_above(cost: Floats, sender: Integers, receiver: Integers, message: Floats) -> None:
    """Over an arc, upstream: the supplier takes no longer than the customer waits."""
    least = IMPOSSIBLE
    x = len(sender) - 1
    for y in range(len(receiver) - 1, -1, -1):
        while x >= 0 and sender[x] >= receiver[y]:
            least = min(least, cost[x])
            x -= 1
        message[y] = least


@kernel(exact=True)
def least_through_root(
    cost: Floats,
    sender: Integers,
    receiver: Integers,
    direction: int,
    lead_time: int,
    coefficient: float,
    message: Floats,
    candidate: Integers,
    overtaken_at: Floats,
) -> None:
    """Through a stage whose cost is `coefficient` times the root of its net replenishment time.

    `direction` is 1 from the outbound to the inbound time and -1 from inbound to outbound. Each value of the
    sender is a root curve that starts where the net replenishment time is 0; of two such curves the later
    starter, once overtaken, never leads again. So the leaders form a stack, and every curve enters and
    leaves it once: the least-cost envelope of concave curves, as in Galil & Park (1990).
    `candidate` and `overtaken_at` are scratch, as long as the sender.
    """
    top = -1
    shift = -direction * lead_time
    entering = 0 if direction > 0 else len(sender) - 1
    for count in range(len(receiver)):
        y = count if direction > 0 else len(receiver) - 1 - count
        here = float(direction * receiver[y])
        while 0 <= entering < len(sender) and direction * (sender[entering] + shift) <= here:
            start = float(direction * (sender[entering] + shift))
            value = cost[entering]
            if value < IMPOSSIBLE:
                while top > 0 and overtaken_at[top] <= start:
                    top -= 1
                leads = top < 0
                if not leads:
                    other = candidate[top]
                    ahead = start - direction * (sender[other] + shift)
                    leads = value < cost[other] + coefficient * math.sqrt(ahead)
                if leads:
                    moment = math.inf
                    while top >= 0:
                        other = candidate[top]
                        moment = math.inf
                        if value > cost[other]:
                            other_start = float(direction * (sender[other] + shift))
                            lead = (value - cost[other]) / coefficient
                            root = ((start - other_start) / lead + lead) / 2
                            moment = other_start + root * root
                        if moment < overtaken_at[top]:
                            break
                        top -= 1
                    top += 1
                    candidate[top] = entering
                    overtaken_at[top] = moment if top > 0 else math.inf
            entering += direction
        while top > 0 and overtaken_at[top] <= here:
            top -= 1
        if top < 0:
            message[y] = IMPOSSIBLE
        else:
            best = candidate[top]
            message[y] = cost[best] + coefficient * math.sqrt(here - direction * (sender[best] + shift))


@kernel(exact=True)
def least_through_table(
    cost: Floats,
    sender: Integers,
    receiver: Integers,
    direction: int,
    lead_time: int,
    table: Floats,
    message: Floats,
) -> None:
    """Through a stage whose cost per net replenishment time stands in `table`, of any form.

    `direction` is 1 from the outbound to the inbound time and -1 from inbound to outbound.
    """
    for y in range(len(receiver)):
        least = IMPOSSIBLE
        for x in range(len(sender)):
            time = direction * (receiver[y] - sender[x]) + lead_time
            if 0 <= time < len(table):
                value = cost[x] + table[time]
                least = min(least, value)
        message[y] = least


@kernel(exact=True)
def least_over_edge(
    cost: Floats,
    sender: Integers,
    receiver: Integers,
    stage: int,
    direction: int,
    lead_time: Integers,
    coefficient: Floats,
    table_start: Integers,
    table: Floats,
    longest: Integers,
    message: Floats,
    candidate: Integers,
    overtaken_at: Floats,
) -> None:
    """Over any edge of the pairwise problem: within a stage, or over an arc where `stage` is -1.

    `direction` is -1 from the tail of the edge to its head, 1 from head to tail.
    """
    if stage < 0 and direction < 0:
        least_at_or_below(cost, sender, receiver, message)
    elif stage < 0:
        least_at_or_above(cost, sender, receiver, message)
    elif table_start[stage] < 0:
        least_through_root(
            cost, sender, receiver, direction, lead_time[stage], coefficient[stage], message, candidate,
            overtaken_at,
        )  # fmt: skip
    else:
        first = table_start[stage]
        costs = table[first : first + longest[stage] + 1]
        least_through_table(cost, sender, receiver, direction, lead_time[stage], costs, message)


@kernel(exact=True)
def cost_of_edge(
    stage: int,
    net: int,
    lead_time: Integers,
    coefficient: Floats,
    table_start: Integers,
    table: Floats,
    longest: Integers,
) -> float:
    """Cost of a pair of values whose tail exceeds the head by `net` ticks."""
    if stage < 0:
        return IMPOSSIBLE if net > 0 else 0.0
    time = net + lead_time[stage]
    if time < 0 or time > longest[stage]:
        return IMPOSSIBLE
    if table_start[stage] < 0:
        root_cost: float = coefficient[stage] * math.sqrt(time)
        return root_cost
    table_cost: float = table[table_start[stage] + time]
    return table_cost
