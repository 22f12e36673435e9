"""Safety stock of each stage over its net replenishment time, and what it costs."""

from dataclasses import dataclass

import numpy as np

from xlinv.cells import Floats
from xlinv.network.requirements import Requirements
from xlinv.network.service_times import UNBOUNDED, StageCosts, Times
from xlinv.network.topology import Integers


@dataclass(frozen=True, slots=True)
class StockCurves:
    """Safety stock in units at a net replenishment time in ticks, per stage.

    `root[i]` times the root of the time, or the row `table_start[i]` of `table` where that is not negative;
    `longest` is the greatest time at which stock stays within its maximum.
    """

    root: Floats
    table_start: Integers
    table: Floats
    longest: Integers

    def at(self, stages: Integers, time: Integers) -> Floats:
        stock = self.root[stages] * np.sqrt(time)
        tabulated = self.table_start[stages] >= 0
        stock[tabulated] = self.table[self.table_start[stages[tabulated]] + time[tabulated]]
        return stock

    def costs(self, holding_cost: Floats) -> StageCosts:
        owner = np.flatnonzero(self.table_start >= 0)
        ends = np.append(self.table_start[owner], len(self.table))
        table = self.table * np.repeat(holding_cost[owner], np.diff(ends))
        return StageCosts(holding_cost * self.root, self.table_start, table, self.longest)


def stock_curves(need: Requirements, times: Times, tick: float) -> StockCurves:
    """k sigma times the root of the net replenishment time (Graves & Willems, 2000, equation 1)."""
    count = len(times.lead_time)
    return StockCurves(
        root=need.safety * np.sqrt(tick),
        table_start=np.full(count, -1, np.int64),
        table=np.zeros(0),
        longest=np.full(count, UNBOUNDED // 4, np.int64),
    )
