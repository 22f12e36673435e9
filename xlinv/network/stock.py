"""Safety stock of each stage over its net replenishment time, and what it costs."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats, InputError
from xlinv.network.capacity import stock_under_capacity
from xlinv.network.lead_times import positive_part
from xlinv.network.model import Network, filled
from xlinv.network.requirements import Requirements
from xlinv.network.service_times import UNBOUNDED, StageCosts
from xlinv.network.topology import Integers, indices, starts_of

_LARGEST_TABLE: Final = 30_000_000


@dataclass(frozen=True, slots=True)
class StockCurves:
    """Safety and early-arrival stock in units, per stage, at a net replenishment time in ticks.

    `root[i]` times the root of the time, or, where `start[i]` is not negative, the entries of `safety` and
    `early` from there on. `longest` is the greatest time at which stock stays within its maximum.
    """

    root: Floats
    start: Integers
    safety: Floats
    early: Floats
    longest: Integers

    def at(self, time: Integers) -> tuple[Floats, Floats]:
        """Safety and early-arrival stock of every stage at its time."""
        safety = self.root * np.sqrt(time)
        early = np.zeros(len(time))
        if not len(self.safety):
            return safety, early
        tabulated = self.start >= 0
        place = self.start[tabulated] + time[tabulated]
        safety[tabulated], early[tabulated] = self.safety[place], self.early[place]
        return safety, early

    def costs(self, holding_cost: Floats) -> StageCosts:
        if not len(self.safety):
            return StageCosts(holding_cost * self.root, self.start, self.safety, self.longest)
        owner = np.flatnonzero(self.start >= 0)
        sizes = np.diff(np.append(self.start[owner], len(self.safety)))
        table = (self.safety + self.early) * np.repeat(holding_cost[owner], sizes)
        return StageCosts(holding_cost * self.root, self.start, table, self.longest)


@dataclass(frozen=True, slots=True)
class StockRules:
    """What bends the root: per stage least and most safety stock in units, capacity, variable lead time.

    `bent` says where the stock is not simply a root of the net replenishment time.
    """

    least: Floats
    most: Floats
    limited: Integers
    variable: Integers
    bent: NDArray[np.bool_]


def stock_rules(network: Network, need: Requirements, with_variability: bool) -> StockRules:
    """The rules that hold at each stage; days of stock are days of its mean demand."""
    data = network.arrays
    count = len(network)
    variable = (data.lead_time_sd > 0.0).astype(np.int64) if with_variability else np.zeros(count, np.int64)
    if data.stock_is_free:
        free = np.zeros(count, np.int64)
        return StockRules(np.zeros(count), np.full(count, np.inf), free, variable, variable > 0)
    least = filled(np.fmax(data.min_stock, data.min_stock_days * need.mean), 0.0)
    most = filled(np.fmin(data.max_stock, data.max_stock_days * need.mean), np.inf)
    limited = (~np.isnan(data.capacity)).astype(np.int64)
    for i in data.order[::-1].tolist() if limited.any() else ():
        if not limited[i] and limited[data.downstream.neighbours(i)].any():
            limited[i] = 1
    bent = (least > 0.0) | (most < np.inf) | (limited > 0) | (variable > 0)
    return StockRules(least, most, limited, variable, bent)


def stock_curves(
    network: Network,
    need: Requirements,
    rules: StockRules,
    bent: NDArray[np.bool_],
    lead_time: Floats,
    reach: Integers,
    greatest: Integers,
    tick: float,
) -> StockCurves:
    """Safety stock per net replenishment time: k sigma times its root (Graves & Willems, 2000), as far as
    no rule bends that.

    With a variable lead time T, inbound SI and outbound S, the time is the random X = max(SI + T - S, 0):
    stock k (sigma^2 E[X] + mu^2 Var[X])^0.5 and early-arrival stock mu E[max(S - SI - T, 0)], an
    approximation after Humair, Ruark, Tomlin & Willems (2013): demand over X is taken as normal, so of a
    lead time of few possible values k covers the deviation, not a quantile; a lead time known by mean and
    deviation alone is normal, cut off at 0 and, for promises, at 3 deviations; published costs cut it nearer,
    see `lead_times.in_whole_periods`. Only the stage's own lead time varies: suppliers deliver just when
    promised.

    `lead_time` is in periods; `reach`, the outbound less the inbound time at which no stock is left, and
    `greatest`, the greatest net replenishment time that can occur, are in ticks. `bent` marks the stages to
    tabulate.
    """
    count = len(reach)
    start, longest = np.full(count, -1, np.int64), np.full(count, UNBOUNDED // 4, np.int64)
    tabulated = indices(bent)
    if not len(tabulated):
        return StockCurves(need.safety * np.sqrt(tick), start, np.zeros(0), np.zeros(0), longest)
    sizes = greatest[tabulated] + 1
    if sizes.sum() > _LARGEST_TABLE:
        raise InputError("round_up", "must be TRUE for stages of this many possible times", int(sizes.sum()))
    places = starts_of(sizes)
    start[tabulated] = places[:-1]
    safety, early = np.zeros(places[-1]), np.zeros(places[-1])
    limited = stock_under_capacity(network, need, rules.limited, float(greatest.max(initial=0)) * tick, tick)
    for i, first, last in zip(tabulated.tolist(), places[:-1].tolist(), places[1:].tolist(), strict=True):
        ahead = (np.arange(last - first) - reach[i]) * tick
        mean, variance = np.maximum(ahead + lead_time[i], 0.0), np.zeros(last - first)
        if rules.variable[i]:
            extra = lead_time[i] - network.stages[i].lead_time
            mean, variance, early_time = positive_part(network.stages[i], ahead + extra)
            early[first:last] = need.mean[i] * early_time
        stock = limited[i](mean) if i in limited else need.safety[i] * np.sqrt(mean)
        stock = np.sqrt(stock**2 + (need.factor[i] * need.mean[i]) ** 2 * variance)
        safety[first:last] = np.maximum(stock, rules.least[i])
        within = np.flatnonzero(safety[first:last] <= rules.most[i] * (1.0 + 1e-12))
        longest[i] = within[-1] if len(within) else -1
    return StockCurves(need.safety * np.sqrt(tick), start, safety, early, longest)
