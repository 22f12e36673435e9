"""A network and its stock levels as the arrays that the flow kernel advances period by period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, get_args

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.kernels.network_flow import TOTALS, Flow, FlowNetwork, Integers
from xlinv.network.demand import Demand, Family
from xlinv.network.model import Network
from xlinv.network.random_draws import Sampler, demand_sampler, lead_time_sampler
from xlinv.network.requirements import Requirements, requirements
from xlinv.network.ticks import nearest_steps, steps_per_period
from xlinv.network.topology import adjacency, starts_of

_MOST_STEPS_PER_PERIOD: Final = 100
_NORMAL_UP_TO: Final = 1 / 3
_RELATIVE_TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class FlowModel:
    """Everything a simulation needs: stages in the order of `stage` (table numbers, suppliers first).

    `steps_per_period` says how finely a period is divided so that every time is a whole number of steps;
    virtual stages that stand for outside suppliers with a service time come before the others.
    """

    network: FlowNetwork
    stage: Integers
    position: Integers
    demand: Sampler
    lead_times: Sampler | None
    steps_per_period: int
    longest_path: int
    requirements: Requirements

    def start(self) -> Flow:
        """Every stage at its base stock level with nothing on order; at one below 0, with nothing at all."""
        stages, arcs = len(self.network.lead_time), len(self.network.quantity)
        return Flow(
            on_hand=np.maximum(self.network.base_stock, 0.0),
            shortfall=np.minimum(self.network.base_stock, 0.0),
            waiting=np.zeros(stages),
            component=np.zeros(arcs),
            backlog=np.zeros(arcs + stages),
            arrivals=np.zeros(int(self.network.arrival_start[-1])),
            due=np.zeros(max(int(self.network.due_start[-1]), 1)),
            in_process=np.zeros(stages),
            last_arrival=np.zeros(stages, np.int64),
            missed=np.zeros(stages, np.bool_),
            total=np.zeros((stages, TOTALS)),
        )

    def with_longer_lead_times(self, longer: Integers) -> "FlowModel":
        """The same model with room for lead times that grow by `longer` steps per position."""
        sizes = np.diff(self.network.arrival_start) + longer
        return replace(self, network=self.network._replace(arrival_start=starts_of(sizes)))


def families_of(network: Network, family: Family | Mapping[str, Family] | None) -> list[Family]:
    """The demand family of each demand stage; unsaid, normal up to a standard deviation of a third of the
    mean, where hardly a draw is negative, and gamma above."""
    if isinstance(family, str) and family not in get_args(Family):
        raise InputError("demand_family", f"must be one of {', '.join(get_args(Family))}", family)
    for name in family if isinstance(family, Mapping) else ():
        if name not in network.index or not network.stages[network.index[name]].has_demand:
            raise InputError("demand_family", "must be of a stage with demand", name)
    chosen: list[Family] = []
    for stage in network.stages:
        if not stage.has_demand:
            continue
        if not stage.demand_mean:
            raise InputError(
                "demand_mean", "must be given and > 0 to simulate", stage.demand_mean, stage.name
            )
        if isinstance(family, str):
            chosen.append(family)
        elif family and stage.name in family:
            chosen.append(family[stage.name])
        else:
            chosen.append(
                "normal" if (stage.demand_sd or 0) <= _NORMAL_UP_TO * stage.demand_mean else "gamma"
            )
    return chosen


def flow_model(
    network: Network,
    base_stock: Floats,
    service_time: Floats,
    family: Family | Mapping[str, Family] | None = None,
    lead_time: Floats | None = None,
    certain: bool = False,
    steps: int | None = None,
) -> FlowModel:
    """The model of `network` at base stock levels (units) and outbound service times (periods) per stage.

    `lead_time` (periods), where given, is what stages take in place of the network's own; lead times vary as
    the network says unless `certain`. `steps` per period, where given, is the grid that times are rounded to;
    otherwise it is `grid_of` these times.
    """
    data = network.arrays
    varies = data.lead_time_sd > 0
    is_random = varies & (not certain)
    if lead_time is None:
        lead_time = data.lead_time
    if steps is None:
        steps = grid_of(network, lead_time, service_time, certain)

    waits = np.flatnonzero(data.supplier_service_time > 0)
    stages, outside = len(network), len(waits)
    position = np.empty(stages, np.int64)
    position[data.order] = outside + np.arange(stages)
    source = np.concatenate([np.arange(outside), position[data.arc_source]])
    destination = np.concatenate([position[waits], position[data.arc_destination]])
    quantity = np.concatenate([np.ones(outside), data.arc_quantity])
    suppliers = adjacency(outside + stages, destination, source)
    customers = adjacency(outside + stages, source, destination)

    def placed(values: Floats, of_outside: Floats | float) -> Floats:
        """Values per table row, in the order of positions, after those of the outside suppliers."""
        return np.concatenate(
            [np.broadcast_to(np.asarray(of_outside, np.float64), outside), values[data.order]]
        )

    def whole_steps(values: Floats) -> Integers:
        return np.rint(values * steps).astype(np.int64)

    needs = requirements(network)
    outside_time = data.supplier_service_time[waits]
    takes = whole_steps(placed(lead_time, outside_time))
    delay = whole_steps(placed(service_time, outside_time))
    demand, demand_column = _demand(network, families_of(network, family), steps, position)
    lead_times, draw_column, longest_draw = _lead_times(network, np.flatnonzero(is_random), steps, position)
    longest = np.where(draw_column >= 0, longest_draw[draw_column], takes)
    added = needs.unit_value.copy()
    np.subtract.at(added, data.arc_destination, data.arc_quantity * needs.unit_value[data.arc_source])
    return FlowModel(
        FlowNetwork(
            supplier_start=suppliers.start,
            supplier_arc=suppliers.arc,
            supplier=suppliers.stage,
            customer_start=customers.start,
            customer_arc=customers.arc,
            customer=customers.stage,
            quantity=quantity,
            lead_time=takes,
            service_time=delay,
            review_period=np.maximum(whole_steps(placed(data.review_period, 0.0)), 1),
            batch=placed(data.batch_size, 0.0),
            base_stock=placed(base_stock, 0.0),
            capacity=np.nan_to_num(placed(data.capacity, np.nan) / steps, nan=np.inf),
            unit_cost=placed(needs.unit_value, 0.0),
            added_cost=placed(added, 0.0),
            tolerance=_RELATIVE_TOLERANCE * (1.0 + placed(needs.mean, 0.0)),
            demand_column=demand_column,
            draw_column=draw_column,
            arrival_start=starts_of(longest + 1),
            due_start=starts_of(np.concatenate([delay[source], delay])),
        ),
        stage=data.order,
        position=position,
        demand=demand,
        lead_times=lead_times,
        steps_per_period=steps,
        longest_path=_longest_path(longest, suppliers.start, suppliers.stage),
        requirements=needs,
    )


def grid_of(
    network: Network, lead_time: Floats, service_time: Floats, certain: bool, may_round: bool = False
) -> int:
    """Into how many steps a period is divided so that every time is a whole number of them.

    Means of varying lead times too, unless that needs too many: then they are rounded, as drawn ones are.
    Where times have no common step, the nearest grid if times may be rounded; raises InputError otherwise.
    """
    data = network.arrays
    varies = data.lead_time_sd > 0
    times = np.concatenate([lead_time[~varies], service_time, data.review_period, data.supplier_service_time])
    means = lead_time[varies & certain]
    steps = steps_per_period(np.concatenate([times, means]), _MOST_STEPS_PER_PERIOD)
    steps = steps or steps_per_period(times, _MOST_STEPS_PER_PERIOD)
    if steps is not None:
        return steps
    nearest, away = nearest_steps(times, _MOST_STEPS_PER_PERIOD)
    if may_round:
        return nearest
    rule = (
        f"must be multiples of a common step of at least 1/{_MOST_STEPS_PER_PERIOD}, as a simulation goes "
        f"from step to step; steps of 1/{nearest} would move them by up to {away:.2g}"
    )
    raise InputError("times", rule, sorted(set(times.tolist())))


def _demand(
    network: Network, families: Sequence[Family], steps: int, position: Integers
) -> tuple[Sampler, Integers]:
    """Draws of demand per step, and the column of each position."""
    numbers = [number for number, stage in enumerate(network.stages) if stage.has_demand]
    demands = []
    for number, family in zip(numbers, families, strict=True):
        stage = network.stages[number]
        demands.append(Demand((stage.demand_mean or 0) / steps, (stage.demand_sd or 0) / steps**0.5, family))
    column = np.full(int(position.max()) + 1, -1, np.int64)
    column[position[numbers]] = np.arange(len(numbers))
    return demand_sampler([network.stages[number].name for number in numbers], demands), column


def _lead_times(
    network: Network, numbers: Integers, steps: int, position: Integers
) -> tuple[Sampler | None, Integers, Integers]:
    """Draws of lead times in steps, the column of each position, and the longest draw of each column."""
    column = np.full(int(position.max()) + 1, -1, np.int64)
    if not len(numbers):
        return None, column, np.zeros(1, np.int64)
    column[position[numbers]] = np.arange(len(numbers))
    random = [network.stages[number] for number in numbers]
    for stage in random:
        if stage.lead_time == 0:
            raise InputError("lead_time", "must be > 0 where lead_time_sd is", stage.lead_time, stage.name)
    sampler, longest = lead_time_sampler(
        [stage.name for stage in random],
        network.arrays.lead_time[numbers] * steps,
        network.arrays.lead_time_sd[numbers] * steps,
        [[(time * steps, share) for time, share in stage.lead_time_distribution] for stage in random],
    )
    return sampler, column, longest


def _longest_path(times: Integers, supplier_start: Integers, supplier: Integers) -> int:
    """The longest sum of lead times along any path, in steps."""
    upto = times.tolist()
    for i in range(len(upto)):
        before = supplier[supplier_start[i] : supplier_start[i + 1]].tolist()
        upto[i] += max((upto[j] for j in before), default=0)
    return int(max(upto))
