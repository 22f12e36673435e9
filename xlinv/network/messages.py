"""What one service time tells a neighbouring one: least costs over an arc or through a stage.

Service times are whole numbers of ticks. A message lists, per value of the receiver, the least over the
sender's values of the sender's cost plus the cost of the pair; where no value of the sender fits, it is
`IMPOSSIBLE`. What makes a message returns the least of it.
"""

import math
from typing import Final

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.network.topology import Integers

IMPOSSIBLE: Final = 1e300
_NEVER: Final = 2**62
# Roots of time: what is less has been lost to rounding, or worse.
_NO_LEAD: Final = 1e-150


@kernel(exact=True)
def least_at_or_below(cost: Floats, sender: Integers, receiver: Integers, message: Floats) -> float:
    """Over an arc, downstream: the customer waits at least as long as the supplier takes."""
    senders, receivers = len(sender), len(receiver)
    if _is_without_gaps(sender) and _is_without_gaps(receiver):
        return _least_so_far(cost, senders, receivers, sender[0] - receiver[0], 1, message)
    least, x = IMPOSSIBLE, 0
    for y in range(receivers):
        while x < senders and sender[x] <= receiver[y]:
            least = min(least, cost[x])
            x += 1
        message[y] = least
    return least


@kernel(exact=True)
def least_at_or_above(cost: Floats, sender: Integers, receiver: Integers, message: Floats) -> float:
    """Over an arc, upstream: the supplier takes no longer than the customer waits."""
    senders, receivers = len(sender), len(receiver)
    if _is_without_gaps(sender) and _is_without_gaps(receiver):
        return _least_so_far(cost, senders, receivers, receiver[-1] - sender[-1], -1, message)
    least, x = IMPOSSIBLE, senders - 1
    for y in range(receivers - 1, -1, -1):
        while x >= 0 and sender[x] >= receiver[y]:
            least = min(least, cost[x])
            x -= 1
        message[y] = least
    return least


@kernel(exact=True)
def _least_so_far(
    cost: Floats, senders: int, receivers: int, ahead: int, direction: int, message: Floats
) -> float:
    """Where no value is missing: the receiver is `ahead` of the sender, both seen in a direction."""
    x = 0 if direction > 0 else senders - 1
    y = 0 if direction > 0 else receivers - 1
    least = IMPOSSIBLE
    alone = min(max(ahead, 0), receivers)
    for _ in range(alone):
        message[y] = IMPOSSIBLE
        y += direction
    passed = min(max(-ahead, 0), senders)
    for _ in range(passed):
        here = cost[x]
        least = here if here < least else least
        x += direction
    together = min(senders - passed, receivers - alone)
    for _ in range(together):
        here = cost[x]
        least = here if here < least else least
        message[y] = least
        x += direction
        y += direction
    for _ in range(receivers - alone - together):
        message[y] = least
        y += direction
    return least


@kernel(exact=True)
def _is_without_gaps(values: Integers) -> bool:
    return len(values) > 0 and values[-1] - values[0] == len(values) - 1


@kernel(exact=True)
def least_through_root(
    cost: Floats,
    sender: Integers,
    receiver: Integers,
    direction: int,
    lead_time: int,
    coefficient: float,
    message: Floats,
    leaders: Floats,
) -> float:
    """Through a stage whose cost is `coefficient` times the root of its net replenishment time.

    `direction` is 1 from the outbound to the inbound time and -1 from inbound to outbound. Each value of the
    sender is a root curve that starts where the net replenishment time is 0; of two such curves the later
    starter, once overtaken, never leads again. So the leaders form a stack, and every curve enters and
    leaves it once: the least-cost envelope of concave curves, as in Galil & Park (1990).
    `leaders` is scratch of three rows, longer than the sender by one: a curve beyond all costs lies below.
    """
    level, birth, overtaken_at = leaders[0], leaders[1], leaders[2]
    senders, receivers = len(sender), len(receiver)
    shift = -direction * lead_time
    x = 0 if direction > 0 else senders - 1
    y = 0 if direction > 0 else receivers - 1
    born = direction * (sender[x] + shift)
    top, least = 0, IMPOSSIBLE
    level[0], birth[0], overtaken_at[0] = IMPOSSIBLE, min(born, direction * receiver[y]), math.inf
    leading, since, until = level[0], birth[0], overtaken_at[0]
    for _ in range(receivers):
        here = direction * receiver[y]
        while True:
            moment = min(born, here)
            while until <= moment:
                top -= 1
                leading, since, until = level[top], birth[top], overtaken_at[top]
            told = leading + coefficient * math.sqrt(moment - since)
            if born > here:
                break
            if cost[x] < told:
                top = _with_leader(cost[x], born, coefficient, top, level, birth, overtaken_at)
                told = leading = level[top]
                since, until = birth[top], overtaken_at[top]
            x += direction
            last = born
            born = direction * (sender[x] + shift) if 0 <= x < senders else _NEVER
            if last == here:
                break
        message[y] = told
        least = told if told < least else least
        y += direction
    return least


@kernel(exact=True)
def _with_leader(
    value: float, born: int, coefficient: float, top: int, level: Floats, birth: Floats, overtaken_at: Floats
) -> int:
    """The top of the stack once a curve leads from its start on; curves that never lead again are gone."""
    until = math.inf
    while top > 0:
        lead = (value - level[top]) / coefficient
        if lead > _NO_LEAD:
            root = ((born - birth[top]) / lead + lead) / 2
            until = birth[top] + root * root
            if until < overtaken_at[top]:
                break
        until = math.inf
        top -= 1
    top += 1
    level[top], birth[top], overtaken_at[top] = value, born, until
    return top


@kernel(exact=True)
def least_through_table(
    cost: Floats,
    sender: Integers,
    receiver: Integers,
    direction: int,
    lead_time: int,
    table: Floats,
    message: Floats,
) -> float:
    """Through a stage whose cost per net replenishment time stands in `table`, of any form.

    `direction` is 1 from the outbound to the inbound time and -1 from inbound to outbound.
    """
    least = IMPOSSIBLE
    for y in range(len(receiver)):
        told = IMPOSSIBLE
        for x in range(len(sender)):
            time = direction * (receiver[y] - sender[x]) + lead_time
            if 0 <= time < len(table):
                told = min(told, cost[x] + table[time])
        message[y] = told
        least = min(least, told)
    return least


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
    leaders: Floats,
) -> float:
    """Over any edge of the pairwise problem: within a stage, or over an arc where `stage` is -1.

    `direction` is -1 from the tail of the edge to its head, 1 from head to tail.
    """
    if stage < 0 and direction < 0:
        return least_at_or_below(cost, sender, receiver, message)
    if stage < 0:
        return least_at_or_above(cost, sender, receiver, message)
    if table_start[stage] < 0:
        return least_through_root(
            cost, sender, receiver, direction, lead_time[stage], coefficient[stage], message, leaders
        )
    first = table_start[stage]
    costs = table[first : first + longest[stage] + 1]
    return least_through_table(cost, sender, receiver, direction, lead_time[stage], costs, message)


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


@kernel(exact=True)
def bear_with(
    belief: Floats,
    value: Integers,
    fixed: int,
    stage: int,
    direction: int,
    lead_time: Integers,
    coefficient: Floats,
    table_start: Integers,
    table: Floats,
    longest: Integers,
) -> None:
    """Add to the costs of values what each of them costs beside a fixed value at the other end of the edge.

    `direction` is 1 where the values are those of the tail of the edge, -1 where they are the head's.
    """
    if stage < 0:
        for x in range(len(value)):
            if direction * (value[x] - fixed) > 0:
                belief[x] += IMPOSSIBLE
    elif table_start[stage] < 0:
        shift, most, root_cost = lead_time[stage] - direction * fixed, longest[stage], coefficient[stage]
        for x in range(len(value)):
            time = direction * value[x] + shift
            belief[x] += root_cost * math.sqrt(time) if 0 <= time <= most else IMPOSSIBLE
    else:
        for x in range(len(value)):
            net = direction * (value[x] - fixed)
            belief[x] += cost_of_edge(stage, net, lead_time, coefficient, table_start, table, longest)
