"""A cap on the cash tied up in stock: the least cost within it.

Charging for cash at a rate makes plans that keep the cap the cheapest, and every rate gives a lower bound on
their cost (Lagrange). At the rate of the highest bound a plan beyond the cap and one within it are equally
cheap, and as nothing lies between the two, that bound may stay far below any plan. Branch and bound closes
the gap: the two differ in a service time, and splitting its range puts them apart (Handler & Zang, 1980,
Networks 10(4), close it by ranking plans).
"""

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from xlinv.cells import Floats
from xlinv.network.limits import SolverLimits
from xlinv.network.plan import OPTIMAL_GAP, InfeasibleError
from xlinv.network.service_times import Bounds, ServiceTimes, StageCosts, narrow

if TYPE_CHECKING:
    from xlinv.network.guaranteed import Case

_CLOSE: Final = 1e-9
# Service times that cost this much less, relatively, are not cheaper: the sums were rounded.
_ROUNDED: Final = 1e-12
# Ranges whose bound is this close to the plan are not worth a look.
_PRUNED_GAP: Final = 0.5 * OPTIMAL_GAP
# Of the time left, what one rate may take.
_PART: Final = 0.2

Solve = Callable[["Case", StageCosts, SolverLimits], tuple[ServiceTimes, float]]


class _Found(NamedTuple):
    """Service times with their cost and the cash that they tie up."""

    times: ServiceTimes
    cost: float
    cash: float

    def at(self, rate: float) -> float:
        return self.cost + rate * self.cash


# The cheapest service times with cost and cash weighted so, and a bound on what any cost.
_Ask = Callable[[float, float], tuple[_Found, float]]


class _Dual(NamedTuple):
    """The highest bound that charging for cash gives, at which rate, between which plans."""

    bound: float
    rate: float
    beyond: _Found
    within: _Found


def within_cash(
    case: "Case", cash_cap: float, limits: SolverLimits, solve: Solve
) -> tuple[ServiceTimes, float]:
    """Service times of least cost whose stock is worth no more than the cap, and a bound on that cost.

    The cap is in money, for safety, early-arrival and cycle stock together. The gap that charging for cash
    leaves is closed as far as the time limit allows. Raises InfeasibleError where not even the plan of least
    cash fits.
    """
    need = case.need
    cycle = float((need.unit_value * np.nan_to_num(case.network.arrays.batch_size) / 2.0).sum())
    room = cash_cap - cycle
    room += _CLOSE * abs(room)

    def ask(of_cost: float, of_cash: float) -> tuple[_Found, float]:
        times, bound = solve(case, _weighted(case, of_cost, of_cash), _part_of(limits, limits.told))
        return _found(case, times), bound

    cheapest, bound = ask(1.0, 0.0)
    if cheapest.cash <= room:
        return _longer(case, room, cheapest, bound, limits, solve)
    thriftiest, least = ask(0.0, 1.0)
    if least <= room < thriftiest.cash:
        times, least = solve(case, _weighted(case, 0.0, 1.0), limits)
        thriftiest = _found(case, times)
    if thriftiest.cash > room:
        raise InfeasibleError(*_too_little_cash(case, cash_cap, cycle + least, cycle + thriftiest.cash))
    dual = _highest_bound(ask, room, cheapest, thriftiest, thriftiest.cost)
    search = _Search(case, room, dual.within, max(bound, dual.bound), limits, solve)
    search.go_on(dual.rate)
    return search.best.times, min(search.bound, search.best.cost)


def _longer(
    case: "Case", room: float, found: _Found, bound: float, limits: SolverLimits, solve: Solve
) -> tuple[ServiceTimes, float]:
    """The cheapest plan of all, which keeps the cap, if need be sought in all the time that is left."""
    if bound < (1.0 - OPTIMAL_GAP) * found.cost:
        times, raised = solve(case, case.costs, limits)
        found = min(found, _found(case, times), key=lambda plan: (plan.cash > room, plan.cost))
        bound = max(bound, raised)
    return found.times, min(bound, found.cost)


def _part_of(limits: SolverLimits, tell: Callable[[float, float], bool]) -> SolverLimits:
    """A part of the time left: a bound that is nearly the best helps more than the best at one rate alone."""
    now = time.perf_counter()
    until = now + _PART * (limits.deadline - now)
    return SolverLimits(until, lambda _, cost, bound: tell(cost, bound), limits.started)


def _weighted(case: "Case", of_cost: float, of_cash: float) -> StageCosts:
    return case.stock.costs(of_cost * case.need.holding_cost + of_cash * case.need.unit_value)


def _found(case: "Case", times: ServiceTimes) -> _Found:
    stock = _stock(case, times)
    return _Found(times, float(case.need.holding_cost @ stock), float(case.need.unit_value @ stock))


def _stock(case: "Case", times: ServiceTimes) -> Floats:
    safety, early = case.stock.at(np.maximum(times.inbound + case.times.lead_time - times.outbound, 0))
    return safety + early


def _highest_bound(ask: _Ask, room: float, beyond: _Found, within: _Found, enough: float) -> _Dual:
    """Raise the bound until the two plans are the cheapest at the rate at which they cost the same.

    No bound is needed above `enough`.
    """
    bound = -np.inf
    while True:
        rate = max((within.cost - beyond.cost) / (beyond.cash - within.cash), 0.0)
        found, least = ask(1.0, rate)
        bound = max(bound, least - rate * room)
        if bound >= enough or found.at(rate) >= (1.0 - _ROUNDED) * min(beyond.at(rate), within.at(rate)):
            return _Dual(bound, rate, beyond, within)
        if found.cash > room:
            beyond = found
        else:
            within = found


@dataclass(slots=True)
class _Search:
    """Branch and bound on ranges of service times; `best` is the cheapest plan within the cap so far."""

    case: "Case"
    room: float
    best: _Found
    bound: float
    limits: SolverLimits
    solve: Solve

    @property
    def enough(self) -> float:
        """What no bound need exceed."""
        return (1.0 - _PRUNED_GAP) * self.best.cost

    def go_on(self, rate: float) -> None:
        """Until plan and bound meet or time is up, ranges with the least bounds first."""
        number, done_with = 0, np.inf
        left = [(self.bound, number, self.case.bounds, rate)]
        while left and left[0][0] < self.enough and self.limits.told(self.best.cost, self.bound):
            least, _, bounds, rate = heapq.heappop(left)
            bound, dual = self._within(bounds, rate)
            least = max(least, bound)
            if dual is None or least >= self.enough:
                done_with = min(done_with, least)
            else:
                for half in self._halves(bounds, dual):
                    number += 1
                    heapq.heappush(left, (least, number, half, dual.rate))
            self.bound = min(left[0][0] if left else np.inf, done_with, self.enough)

    def _within(self, bounds: Bounds, rate: float) -> tuple[float, _Dual | None]:
        """A bound on the plans of a range that keep the cap, and between which two of it to split it.

        None where the bound is enough, and where time was too short to find two such plans.
        """
        case = _confined(self.case, bounds)

        def ask(of_cost: float, of_cash: float) -> tuple[_Found, float]:
            limits = _part_of(self.limits, lambda *_: self.limits.told(self.best.cost, self.bound))
            times, least = self.solve(case, _weighted(case, of_cost, of_cash), limits)
            found = _found(case, times)
            if found.cash <= self.room and found.cost < self.best.cost:
                self.best = found
            return found, least

        first, least = ask(1.0, rate)
        bound = least - rate * self.room
        if bound >= self.enough:
            return bound, None
        if first.cash > self.room:
            beyond, (within, least_cash) = first, ask(0.0, 1.0)
            if least_cash > self.room:
                return np.inf, None
        else:
            within, (beyond, least) = first, ask(1.0, 0.0)
            bound = max(bound, least)
        if beyond.cash <= self.room or within.cash > self.room:
            return bound, None
        dual = _highest_bound(ask, self.room, beyond, within, self.enough)
        return max(bound, dual.bound), dual

    def _halves(self, bounds: Bounds, dual: _Dual) -> list[Bounds]:
        """The range split between the two plans, at the stage where they tie up cash most differently."""
        beyond, within = dual.beyond.times, dual.within.times
        more = self.case.need.unit_value * (_stock(self.case, beyond) - _stock(self.case, within))
        k = int(np.abs(more).argmax())
        inbound, outbound = (beyond.inbound[k], within.inbound[k]), (beyond.outbound[k], within.outbound[k])
        side = "inbound" if abs(inbound[0] - inbound[1]) >= abs(outbound[0] - outbound[1]) else "outbound"
        middle = sum(inbound if side == "inbound" else outbound) // 2
        halves = []
        for end, value in ((f"{side}_high", middle), (f"{side}_low", middle + 1)):
            half = Bounds(*(getattr(bounds, name).copy() for name in Bounds.__dataclass_fields__))
            getattr(half, end)[k] = value
            if narrow(self.case.times, self.case.stock.longest, half) < 0:
                halves.append(half)
        return halves


def _confined(case: "Case", bounds: Bounds) -> "Case":
    """The case with service times within a range: suppliers and promises hold it there, repaired or not."""
    times = replace(
        case.times,
        supplier=bounds.inbound_low,
        promised=np.minimum(case.times.promised, bounds.outbound_high),
    )
    return replace(case, times=times, bounds=bounds)


def _too_little_cash(
    case: "Case", cash_cap: float, least: float, found: float
) -> tuple[str, tuple[str, ...]]:
    """What to say where no plan keeps the cap, or none was found that does, and what stands against it."""
    promised = ~np.isnan(case.network.arrays.service_time)
    names = [case.network.stages[i].name for i in np.flatnonzero(promised)[:5].tolist()]
    said = (
        f"cash_cap {cash_cap:g} is too little: keeping every promised service time ties up {least:g}"
        if least > cash_cap
        else f"cash_cap {cash_cap:g} is too little for any plan found within the time limit: the thriftiest "
        f"ties up {found:g}, all are proved to tie up {least:g}"
    )
    return said, ("cash_cap", *(f"service_time of {name}" for name in names))
