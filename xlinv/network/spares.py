"""Repairable spares at a depot and its bases: METRIC and VARI-METRIC.

Failed units are repaired at their base or at the depot, which sends one back from its stock. Sherbrooke
(1968), Operations Research 16(1), takes the units a base waits for as Poisson; VARI-METRIC (Graves, 1985,
Management Science 31(10); Sherbrooke, 1986) keeps their variance and takes them as negative binomial.
"""

import heapq
import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from numbers import Real
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.network.demand import Demand

if TYPE_CHECKING:
    import pandas as pd

Method = Literal["vari-metric", "metric"]
_NEGLIGIBLE_BACKORDERS: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Base:
    """Where a part fails: failures per period, the share repaired there, periods that its repair takes there,
    periods that the depot's delivery takes, and the systems that fly, or stand still for want of the part."""

    name: str
    failure_rate: float
    repair_share: float
    repair_time: float
    delivery_time: float
    systems: float = 1.0


@dataclass(frozen=True, slots=True)
class RepairablePart:
    """A part: money per unit, periods of repair at the depot, the bases, and how many of it a system has."""

    name: str
    unit_cost: float
    depot_repair_time: float
    bases: tuple[Base, ...]
    per_system: int = 1

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True, slots=True)
class SparesPlan:
    """Stock of every part at the depot and at each base, and what it achieves.

    `cost` is the money in stock, `expected_backorders` the units missing at the bases on average,
    `lower_bound` the fewest that any stock within the budget could leave by the same model. `depot` holds one
    stock per part, `base` per part one per base, `backorders` likewise.
    """

    parts: tuple[RepairablePart, ...]
    depot: tuple[int, ...]
    base: tuple[tuple[int, ...], ...]
    backorders: tuple[tuple[float, ...], ...]
    cost: float
    expected_backorders: float
    lower_bound: float

    @property
    def availability(self) -> float:
        """The share of systems that miss no part, by Sherbrooke's product over the places of all parts."""
        up: dict[str, float] = {}
        systems: dict[str, float] = {}
        for part, missing in zip(self.parts, self.backorders, strict=True):
            for base, units in zip(part.bases, missing, strict=True):
                places = base.systems * part.per_system
                one = max(1.0 - units / places, 0.0) ** part.per_system
                up[base.name] = up.get(base.name, 1.0) * one
                systems[base.name] = base.systems
        return sum(up[name] * systems[name] for name in up) / sum(systems.values())

    @property
    def stock(self) -> "pd.DataFrame":
        """One row per part and place: stock in units, backorders expected (those of the bases count)."""
        import pandas as pd

        rows = []
        for part, depot, stocks, missing in zip(
            self.parts, self.depot, self.base, self.backorders, strict=True
        ):
            rows.append((part.name, "depot", depot, float(depot_backorders(part)[0][depot])))
            rows += [
                (part.name, base.name, stock, units)
                for base, stock, units in zip(part.bases, stocks, missing, strict=True)
            ]
        return pd.DataFrame(rows, columns=["part", "place", "stock", "expected_backorders"])


@dataclass(frozen=True, slots=True)
class _Choice:
    """One stock of a part that no cheaper one equals: units in all, units at the depot, backorders left."""

    units: int
    depot: int
    backorders: float


def spares_plan(
    parts: Sequence[RepairablePart],
    *,
    budget: float | None = None,
    expected_backorders: float | None = None,
    availability: float | None = None,
    method: Method = "vari-metric",
) -> SparesPlan:
    """The stock that leaves the fewest backorders within a budget, or reaches a target most cheaply.

    Give exactly one of `budget` (money), `expected_backorders` (units, > 0) and `availability` (in (0, 1)).
    Each part's stock is divided best between depot and bases; then units are added where they take away
    most backorders per money (marginal analysis). Every plan on that path is the best at its cost; what a
    budget leaves is spent on whatever it still buys, best first. Raises InputError for inputs out of range or
    a target that no stock reaches.
    """
    targets = {"budget": budget, "expected_backorders": expected_backorders, "availability": availability}
    given = {name: value for name, value in targets.items() if value is not None}
    if len(given) != 1:
        raise InputError("target", f"must be exactly one of {', '.join(targets)}", sorted(given))
    ((name, target),) = given.items()
    number = _number(target)
    if not (0 < number < 1 if name == "availability" else 0 <= number < math.inf):
        raise InputError(name, "must be in (0, 1)" if name == "availability" else "must be >= 0", target)
    if method not in ("vari-metric", "metric"):
        raise InputError("method", "must be one of vari-metric, metric", method)
    for part in parts:
        if not isinstance(part, RepairablePart):
            raise InputError("parts", "must be RepairablePart each", part)
    path = _Path(parts, [_best_by_units(part, method) for part in parts], method)
    if name == "budget":
        taken = int(np.searchsorted(path.cost, target * (1 + 1e-12), side="right")) - 1
        return path.plan(taken, target)
    if name == "expected_backorders":
        reached = path.backorders <= max(target, _NEGLIGIBLE_BACKORDERS * len(parts))
        taken = int(np.argmax(reached)) if reached.any() else len(reached)
    else:
        taken = bisect_left(range(len(path.cost)), target, key=lambda k: path.plan(k).availability)
    if taken == len(path.cost):
        raise InputError(name, "must be within reach of more stock", target)
    return path.plan(taken)


class _Path:
    """The plans from no stock to all that is of use, each one step of marginal analysis after the other.

    `cost` and `backorders` hold those of the plan after 0, 1, ... steps.
    """

    def __init__(
        self, parts: Sequence[RepairablePart], best: Sequence[Sequence[_Choice]], method: Method
    ) -> None:
        curves = [_lower_hull(choices) for choices in best]
        steps = sorted(
            (_slope(before, after) / part.unit_cost, number, place)
            for number, (part, curve) in enumerate(zip(parts, curves, strict=True))
            for place, (before, after) in enumerate(pairwise(curve), start=1)
        )
        self._parts, self._best, self._curves, self._method = tuple(parts), best, curves, method
        self._part = [number for _, number, _ in steps]
        self._slope = [slope for slope, _, _ in steps]
        pairs = [
            (curves[number][place - 1], curves[number][place], parts[number]) for _, number, place in steps
        ]
        prices = [(after.units - before.units) * part.unit_cost for before, after, part in pairs]
        gains = [after.backorders - before.backorders for before, after, _ in pairs]
        start = sum(curve[0].backorders for curve in curves)
        self.cost = np.concatenate([[0.0], np.cumsum(prices)])
        self.backorders = start + np.concatenate([[0.0], np.cumsum(gains)])

    def plan(self, taken: int, budget: float | None = None) -> SparesPlan:
        """The plan after `taken` steps; its bound is that of `budget`, where there is one, or of its cost."""
        at = [0] * len(self._parts)
        for number in self._part[:taken]:
            at[number] += 1
        chosen = [curve[place] for curve, place in zip(self._curves, at, strict=True)]
        if budget is not None:
            self._spend(chosen, budget - float(self.cost[taken]))
        bases, missing = [], []
        for part, choice in zip(self._parts, chosen, strict=True):
            by_base = base_backorders(part, choice.depot, self._method)
            stocks = _divided(by_base, choice.units - choice.depot)
            bases.append(tuple(stocks))
            missing.append(tuple(float(curve[stock]) for curve, stock in zip(by_base, stocks, strict=True)))
        total = sum(sum(units) for units in missing)
        bound = total
        if budget is not None and taken < len(self._slope):
            bound = float(self.backorders[taken]) + self._slope[taken] * (budget - float(self.cost[taken]))
        bound = max(min(bound, total), 0.0)
        depot = tuple(choice.depot for choice in chosen)
        cost = sum(choice.units * part.unit_cost for part, choice in zip(self._parts, chosen, strict=True))
        return SparesPlan(self._parts, depot, tuple(bases), tuple(missing), cost, total, bound)

    def _spend(self, chosen: list[_Choice], left: float) -> None:
        """Replace choices by larger ones, those first that take away most backorders per money."""

        def step(number: int) -> tuple[float, int, _Choice] | None:
            """The best one that a part can still take."""
            now, price = chosen[number], self._parts[number].unit_cost
            affordable = int(left * (1 + 1e-12) // price)
            larger = self._best[number][now.units + 1 : now.units + 1 + affordable]
            useful = now.backorders - _NEGLIGIBLE_BACKORDERS
            gains = [
                (_slope(now, other) / price, number, other) for other in larger if other.backorders < useful
            ]
            return min(gains, key=lambda gain: gain[0], default=None)

        waiting = [found for number in range(len(chosen)) if (found := step(number)) is not None]
        heapq.heapify(waiting)
        while waiting:
            _, number, choice = heapq.heappop(waiting)
            price = (choice.units - chosen[number].units) * self._parts[number].unit_cost
            if price <= left * (1 + 1e-12):
                left -= price
                chosen[number] = choice
            again = step(number)
            if again is not None:
                heapq.heappush(waiting, again)


def depot_backorders(part: RepairablePart) -> tuple[Floats, Floats]:
    """Mean and variance of the units that the depot owes its bases, at stock 0, 1, ... there."""
    rate = sum(base.failure_rate * (1 - base.repair_share) for base in part.bases)
    return _backorders(rate * part.depot_repair_time, rate * part.depot_repair_time)


def base_backorders(part: RepairablePart, depot_stock: int, method: Method) -> list[Floats]:
    """For each base, the mean of the units it misses at stock 0, 1, ..., given the depot's stock."""
    means, variances = depot_backorders(part)
    at = min(depot_stock, len(means) - 1)
    total = sum(base.failure_rate * (1 - base.repair_share) for base in part.bases)
    curves = []
    for base in part.bases:
        sent = base.failure_rate * (1 - base.repair_share)
        share = sent / total if total > 0 else 0.0
        own = base.failure_rate * base.repair_share * base.repair_time + sent * base.delivery_time
        mean = own + share * float(means[at])
        variance = own + share * (1 - share) * float(means[at]) + share**2 * float(variances[at])
        curves.append(_backorders(mean, variance if method == "vari-metric" else mean)[0])
    return curves


def _backorders(mean: float, variance: float) -> tuple[Floats, Floats]:
    """Mean and variance of what a pipeline exceeds a stock of 0, 1, ... by, until that is negligible.

    Poisson, or negative binomial where the variance exceeds the mean.
    """
    if mean == 0:
        return np.zeros(1), np.zeros(1)
    if variance > mean * (1 + 1e-9):
        pipeline = Demand(mean, math.sqrt(variance), "negbin")
    else:
        pipeline = Demand(mean, family="poisson")
    stock = np.arange(pipeline.reach(1.0)[1] + 2, dtype=np.float64)
    above = pipeline.tail(1.0)(stock)[1]
    expected = np.cumsum(above[::-1])[::-1]
    square = 2 * (np.cumsum(expected[::-1])[::-1] - expected) + expected
    last = int(np.argmax(expected <= _NEGLIGIBLE_BACKORDERS)) + 1
    return expected[:last], (square - expected**2)[:last]


def _best_by_units(part: RepairablePart, method: Method) -> list[_Choice]:
    """The best division of 0, 1, 2, ... units of a part between depot and bases."""
    best: list[_Choice] = []
    for depot in range(len(depot_backorders(part)[0])):
        curves = base_backorders(part, depot, method)
        gains = np.sort(np.concatenate([np.diff(curve) for curve in curves]))
        missing = sum(float(curve[0]) for curve in curves) + np.concatenate([[0.0], np.cumsum(gains)])
        for units, left in enumerate(missing.tolist(), start=depot):
            if units == len(best):
                best.append(_Choice(units, depot, left))
            elif left < best[units].backorders:
                best[units] = _Choice(units, depot, left)
    return best


def _lower_hull(best: Sequence[_Choice]) -> list[_Choice]:
    """The choices on the lower convex hull of backorders over units."""
    hull: list[_Choice] = []
    for choice in best:
        if hull and choice.backorders >= hull[-1].backorders - _NEGLIGIBLE_BACKORDERS:
            continue
        while len(hull) >= 2 and _slope(hull[-2], hull[-1]) >= _slope(hull[-1], choice):
            hull.pop()
        hull.append(choice)
    return hull


def _slope(before: _Choice, after: _Choice) -> float:
    return (after.backorders - before.backorders) / (after.units - before.units)


def _divided(curves: Sequence[Floats], units: int) -> list[int]:
    """Units among bases, each where it takes away most backorders."""
    gains = sorted((gain, number) for number, curve in enumerate(curves) for gain in np.diff(curve).tolist())
    stocks = [0] * len(curves)
    for _, number in gains[:units]:
        stocks[number] += 1
    return stocks


def _check(part: RepairablePart) -> None:
    def refuse(name: str, rule: str, value: object, place: str) -> None:
        raise InputError(name, rule, value, place)

    if not 0 < _number(part.unit_cost) < math.inf:
        refuse("unit_cost", "must be > 0 and finite", part.unit_cost, part.name)
    if not 0 <= _number(part.depot_repair_time) < math.inf:
        refuse("depot_repair_time", "must be >= 0 and finite", part.depot_repair_time, part.name)
    if not _number(part.per_system) >= 1:
        refuse("per_system", "must be >= 1", part.per_system, part.name)
    if not part.bases:
        refuse("bases", "must have at least one", 0, part.name)
    for base in part.bases:
        place = f"{part.name} at {base.name}"
        for name in ("failure_rate", "repair_time", "delivery_time"):
            value = getattr(base, name)
            if not 0 <= _number(value) < math.inf:
                refuse(name, "must be >= 0 and finite", value, place)
        if not 0 <= _number(base.repair_share) <= 1:
            refuse("repair_share", "must be in [0, 1]", base.repair_share, place)
        if not 0 < _number(base.systems) < math.inf:
            refuse("systems", "must be > 0 and finite", base.systems, place)


def _number(value: object) -> float:
    """The value, or NaN, which keeps no bound, where it is no number."""
    return float(value) if isinstance(value, Real) else math.nan
