"""Assembly systems under stochastic service: as good as a serial one, whose optimum is known exactly.

Rosling (1989), Operations Research 37(4): an assembly system that starts balanced has the same optimum as a
serial system of its items in the order of their total lead times, each with the difference to the one before.
"""

from dataclasses import dataclass

import numpy as np

from xlinv.cells import Floats
from xlinv.network.demand import Demand
from xlinv.network.model import NetworkArrays
from xlinv.network.serial import SerialSystem, cost_of_stock, optimal_stock
from xlinv.network.topology import Integers


@dataclass(frozen=True, slots=True)
class Line:
    """An assembly system in a line: stage numbers from the customers up, units per unit sold, the system.

    The line pays for a part as soon as the next longer one is due; `never_held` is what that counts too much
    per period, the cost of parts that are still under way then.
    """

    stage: Integers
    units: Floats
    system: SerialSystem
    never_held: float


def line_of(
    data: NetworkArrays,
    holding_cost: Floats,
    units: Floats,
    lead_time: Floats,
    stockout_cost: float,
    demand: Demand,
) -> Line:
    """The serial system that an assembly network with one customer-facing stage is equivalent to.

    `holding_cost` is per unit and period, `units` are those of each stage in one unit sold. The order puts
    shorter total lead times first, and of equal ones the stage nearer to the customers.
    """
    total = lead_time.copy()
    depth = np.zeros(len(total))
    for i in data.order[::-1].tolist():
        for j in data.downstream.neighbours(i).tolist():
            total[i] += total[j]
            depth[i] = depth[j] + 1
    stage = np.lexsort((depth, total)).astype(np.int64)
    echelon = added_holding_cost(data, holding_cost) * units
    spans = np.diff(total[stage], prepend=0.0)
    system = SerialSystem(
        echelon[stage].tolist(), spans.tolist(), stockout_cost, demand, data.lead_time_sd[stage].tolist()
    )
    never_held = demand.mean * float(echelon[stage] @ (lead_time[stage] - spans))
    return Line(stage, units[stage], system, never_held)


def added_holding_cost(data: NetworkArrays, holding_cost: Floats) -> Floats:
    """Echelon holding cost: what each stage adds to that of the units it is made from."""
    added = holding_cost.copy()
    np.subtract.at(added, data.arc_destination, data.arc_quantity * holding_cost[data.arc_source])
    # Costs that should cancel leave a trace of rounding.
    return np.where(np.abs(added) <= 1e-12 * holding_cost, 0.0, added)


def optimal_levels(data: NetworkArrays, line: Line) -> tuple[Floats, float]:
    """Local base stock levels per stage (units of that stage) and the optimal expected cost per period.

    Each stage keeps its echelon level less that of the stage it supplies. Followed stage by stage, parts with
    a short lead time are also ordered while others are missing, which costs a little more than the optimum.
    """
    stock = optimal_stock(line.system)
    echelon = np.empty(len(line.stage))
    echelon[line.stage] = np.cumsum(stock.local)
    local = echelon.copy()
    np.subtract.at(local, data.arc_source, echelon[data.arc_destination])
    return np.maximum(local, 0.0) * _per_unit_sold(line), stock.cost - line.never_held


def cost_of_levels(data: NetworkArrays, line: Line, local: Floats) -> float:
    """Expected cost per period of local levels (units of each stage), parts kept in balance."""
    echelon = local / _per_unit_sold(line)
    for i in data.order[::-1].tolist():
        echelon[i] += echelon[data.downstream.neighbours(i)].sum()
    return cost_of_stock(line.system, echelon[line.stage]) - line.never_held


def _per_unit_sold(line: Line) -> Floats:
    units = np.empty(len(line.stage))
    units[line.stage] = line.units
    return units
