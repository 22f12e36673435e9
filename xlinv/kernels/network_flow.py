"""Material flow through a network, period by period, under base stock policies."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

DOWN: Final = 0
DEMAND_FACTOR: Final = 1
LONGER_LEAD_TIME: Final = 2

# Columns of `Flow.total`, summed over the periods counted.
(
    DUE, LATE, ON_HAND, BACKORDERS, READY, CYCLES, SERVED_CYCLES, ORDERS, IN_PROCESS, UNMATCHED,
    OWED_TO_CUSTOMERS,
) = range(11)  # fmt: skip
TOTALS: Final = 11
# Columns of the series, one row per period.
CUSTOMER_BACKORDERS, RECEIPTS, SPENDING, STOCK_VALUE, LATE_TO_CUSTOMERS = range(5)
SERIES: Final = 5


class FlowNetwork(NamedTuple):
    """What does not change: stages numbered so that suppliers come first, times in whole periods.

    `supplier_arc[supplier_start[i]:supplier_start[i + 1]]` are the arcs into stage i and `supplier` where
    they come from, `customer_arc` and `customer` likewise those out of it; `quantity` is per arc.
    `demand_column` is a stage's column of demand, `draw_column` that of its drawn lead times, -1 where there
    is none. `arrival_start` and `due_start` mark where the rings of stages, and of arcs followed by stages,
    begin. A `batch` of 0 means any quantity.
    """

    supplier_start: Integers
    supplier_arc: Integers
    supplier: Integers
    customer_start: Integers
    customer_arc: Integers
    customer: Integers
    quantity: Floats
    lead_time: Integers
    service_time: Integers
    review_period: Integers
    batch: Floats
    base_stock: Floats
    capacity: Floats
    unit_cost: Floats
    added_cost: Floats
    tolerance: Floats
    demand_column: Integers
    draw_column: Integers
    arrival_start: Integers
    due_start: Integers


class Flow(NamedTuple):
    """What changes: the state between two periods, and the totals of the periods counted so far.

    `shortfall` is what the inventory position lacks of the base stock level; `waiting` the units ordered at
    a stage and not started; `component` the units delivered over an arc and not used; `backlog` the units
    due and not shipped, per arc and then per stage to its own customers; `last_arrival` the latest period in
    which something started so far arrives, `missed` whether the review cycle has seen units late.
    """

    on_hand: Floats
    shortfall: Floats
    waiting: Floats
    component: Floats
    backlog: Floats
    arrivals: Floats
    due: Floats
    in_process: Floats
    last_arrival: Integers
    missed: Flags
    total: Floats


class Disruptions(NamedTuple):
    """Rows of what goes wrong: its kind, its stage, from which period until before which, and how much."""

    kind: Integers
    stage: Integers
    start: Integers
    end: Integers
    amount: Floats


@kernel(compile_from=0)
def flow_through(
    demand: Floats,
    draws: Integers,
    network: FlowNetwork,
    flow: Flow,
    disruptions: Disruptions,
    first_period: int,
    count_from: int,
    crossing: bool,
) -> Floats:
    """Advance `flow` by the periods of `demand` (periods, demand stages); the series of those periods.

    In a period demand comes first, orders pass upstream at once, then from the suppliers down goods arrive,
    are started and are shipped. `draws` (periods, stages with random lead time) are whole periods. Where
    stock is short, customers share it in proportion to what is due to them. Unless `crossing`, nothing
    arrives before what was started earlier.
    """
    # Helpers take arrays, not tuples of them: numba counts references to every member on each call.
    stages = len(network.lead_time)
    arcs = len(network.quantity)
    supplier_start, customer_start = network.supplier_start, network.customer_start
    supplier_arc, customer_arc, quantity = network.supplier_arc, network.customer_arc, network.quantity
    component, backlog, waiting, total = flow.component, flow.backlog, flow.waiting, flow.total
    arrival_start, arrivals = network.arrival_start, flow.arrivals
    series = np.zeros((len(demand), SERIES))
    ordered = np.zeros(stages)
    asked = np.zeros(stages)
    blocked = np.zeros(stages, np.bool_)
    factor = np.ones(stages)
    longer = np.zeros(stages, np.int64)
    for period in range(len(demand)):
        now = first_period + period
        counted = now >= count_from
        row = series[period]
        if len(disruptions.kind):
            _disrupt(now, disruptions, blocked, factor, longer)
        for i in range(stages - 1, -1, -1):
            column = network.demand_column[i]
            asked[i] = demand[period, column] * factor[i] if column >= 0 else 0.0
            short = flow.shortfall[i] + asked[i]
            for a in range(customer_start[i], customer_start[i + 1]):
                short += quantity[customer_arc[a]] * ordered[network.customer[a]]
            ordered[i] = 0.0
            review = network.review_period[i]
            if short > 0.0 and (review == 1 or now % review == 0):
                ordered[i] = _order(short, network.capacity[i] * review, network.batch[i])
            flow.shortfall[i] = short - ordered[i]

        for i in range(stages):
            waiting[i] += ordered[i]
            start = 0.0
            if not blocked[i]:
                wanted = min(waiting[i], network.capacity[i])
                start = _startable(wanted, i, supplier_start, supplier_arc, quantity, component)
            waiting[i] -= start
            for a in range(supplier_start[i], supplier_start[i + 1]):
                arc, supplier = supplier_arc[a], network.supplier[a]
                component[arc] -= quantity[arc] * start
                row[STOCK_VALUE] += network.unit_cost[supplier] * component[arc]
                if counted:
                    total[supplier, UNMATCHED] += component[arc]

            column = network.draw_column[i]
            takes = (draws[period, column] if column >= 0 else network.lead_time[i]) + longer[i]
            if not crossing and start > 0.0:
                takes = max(takes, flow.last_arrival[i] - now)
                flow.last_arrival[i] = now + takes
            arrived = _arrived(now, start, takes, i, arrival_start, arrivals)
            flow.in_process[i] += start - arrived
            stock = flow.on_hand[i] + arrived

            # What falls due now was asked for one service time ago.
            delay = network.service_time[i]
            own = asked[i]
            if delay > 0:
                slot = network.due_start[arcs + i] + now % delay
                own, flow.due[slot] = flow.due[slot], own
            backlog[arcs + i] += own
            due, owed = own, backlog[arcs + i]
            for a in range(customer_start[i], customer_start[i + 1]):
                arc = customer_arc[a]
                falls_due = quantity[arc] * ordered[network.customer[a]]
                if delay > 0:
                    slot = network.due_start[arc] + now % delay
                    falls_due, flow.due[slot] = flow.due[slot], falls_due
                backlog[arc] += falls_due
                due += falls_due
                owed += backlog[arc]

            part = max(stock, 0.0) / owed if owed > stock else 1.0
            sold = _ship(part, i, customer_start, customer_arc, backlog, component)
            flow.on_hand[i] = stock - owed * part
            owed -= owed * part
            late = min(owed, max(due, 0.0)) if owed > network.tolerance[i] else 0.0
            flow.missed[i] = flow.missed[i] or late > 0.0
            review = network.review_period[i]
            ends_cycle = review == 1 or (now + 1) % review == 0
            if counted:
                here = total[i]
                here[DUE] += due
                here[LATE] += late
                here[ON_HAND] += flow.on_hand[i]
                here[BACKORDERS] += owed
                here[OWED_TO_CUSTOMERS] += backlog[arcs + i]
                here[IN_PROCESS] += flow.in_process[i]
                here[READY] += owed <= network.tolerance[i]
                here[ORDERS] += ordered[i] > 0.0
                here[CYCLES] += ends_cycle
                here[SERVED_CYCLES] += ends_cycle and not flow.missed[i]
            if ends_cycle:
                flow.missed[i] = False
            row[SPENDING] += network.added_cost[i] * start
            row[STOCK_VALUE] += network.unit_cost[i] * flow.on_hand[i]
            if network.demand_column[i] >= 0:
                row[CUSTOMER_BACKORDERS] += backlog[arcs + i]
                row[LATE_TO_CUSTOMERS] += min(backlog[arcs + i], max(own, 0.0))
                row[RECEIPTS] += network.unit_cost[i] * sold
    return series


@kernel()
def _disrupt(now: int, disruptions: Disruptions, blocked: Flags, factor: Floats, longer: Integers) -> None:
    """Set which stages are blocked now, the factors on demand, and how much longer lead times are."""
    for k in range(len(disruptions.kind)):
        i = disruptions.stage[k]
        blocked[i], factor[i], longer[i] = False, 1.0, 0
    for k in range(len(disruptions.kind)):
        i = disruptions.stage[k]
        if disruptions.start[k] <= now < disruptions.end[k]:
            if disruptions.kind[k] == DOWN:
                blocked[i] = True
            elif disruptions.kind[k] == DEMAND_FACTOR:
                factor[i] *= disruptions.amount[k]
            else:
                longer[i] += int(disruptions.amount[k])


@kernel()
def _order(short: float, most: float, batch: float) -> float:
    """What is ordered to make up for `short`, in whole batches."""
    wanted = min(short, most)
    return float(np.ceil(wanted / batch - 1e-9) * batch) if batch > 0.0 else wanted


@kernel()
def _startable(
    wanted: float,
    i: int,
    supplier_start: Integers,
    supplier_arc: Integers,
    quantity: Floats,
    component: Floats,
) -> float:
    """What is wanted of stage i, as far as the components of every arc go."""
    start = wanted
    for a in range(supplier_start[i], supplier_start[i + 1]):
        arc = supplier_arc[a]
        start = min(start, component[arc] / quantity[arc])
    return max(start, 0.0)


@kernel()
def _arrived(now: int, start: float, takes: int, i: int, arrival_start: Integers, arrivals: Floats) -> float:
    """What arrives at stage i now, when `start` has been sent off on a way that takes so long."""
    ring = arrival_start[i]
    length = arrival_start[i + 1] - ring
    slot = now % length
    later = slot + takes
    arrivals[ring + (later if later < length else later - length)] += start
    arrived = float(arrivals[ring + slot])
    arrivals[ring + slot] = 0.0
    return arrived


@kernel()
def _ship(
    part: float,
    i: int,
    customer_start: Integers,
    customer_arc: Integers,
    backlog: Floats,
    component: Floats,
) -> float:
    """Ship the same part of what is due to every customer stage and to own customers; what the latter got."""
    own = len(component) + i
    for a in range(customer_start[i], customer_start[i + 1]):
        arc = customer_arc[a]
        shipped = backlog[arc] * part
        backlog[arc] -= shipped
        component[arc] += shipped
    sold = float(backlog[own] * part)
    backlog[own] -= sold
    return sold


def uniform_draws(keys: NDArray[np.uint64], first: int, periods: int) -> Floats:
    """Numbers in (0, 1), shaped (periods, streams), each given by its stream's key and its period alone.

    The stream of a key is SplitMix64 (Steele, Lea & Flood 2014, figure 15) started there.
    """
    steps = np.arange(first + 1, first + periods + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    bits = _mixed(keys + steps[:, np.newaxis])
    return np.asarray(((bits >> np.uint64(11)) + 0.5) * 2.0**-53, np.float64)


def stream_keys(seed: int, replication: int, purpose: int, streams: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Keys of random streams, unrelated wherever any of seed, replication, purpose and stream differ."""
    key = np.zeros(1, np.uint64)
    for part in (seed, replication, purpose):
        key = _mixed(key + np.uint64(0x9E3779B97F4A7C15) + np.array([part], np.uint64))
    return _mixed(_mixed(key + streams) + np.uint64(0x632BE59BD9B4E019))


def _mixed(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
