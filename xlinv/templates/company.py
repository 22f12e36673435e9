"""The sample company that fills every template: one maker of pumps, the same figures on every machine.

Only Python's own generator of uniform numbers and plain arithmetic are used, and every result is rounded
to whole units or cents, so that no library and no processor can change a figure.
"""

import random
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import ceil
from typing import Final

from xlinv.templates import parts

SEED: Final = 20260131
FIRST_YEAR: Final = 2024
MONTHS: Final = 24
FORECAST_MONTHS: Final = 12


@dataclass(frozen=True)
class Item:
    """One item where it is planned: master data, stock today, 24 months of demand, 12 of forecast."""

    key: str
    description: str
    kind: str
    site: str
    supplier: str
    unit: str
    unit_cost: float
    price: float
    lead_time_days: int
    lead_time_sd_days: int
    order_cost: int
    minimum_order: int
    order_multiple: int
    distribution: str
    on_hand: int
    safety_stock: int
    days_since_use: int
    demand: tuple[int, ...]
    forecast: tuple[int, ...]

    @property
    def stock_value(self) -> float:
        return round(self.on_hand * self.unit_cost, 2)


@dataclass(frozen=True)
class Month:
    """Money of one month: flows of the month, balances at its end."""

    end: date
    revenue: float
    cogs: float
    purchases: float
    inventory: float
    receivables: float
    payables: float


@dataclass(frozen=True)
class Benchmark:
    """Days of a peer group: best quartile, median, weakest quartile."""

    metric: str
    best: float | None
    median: float | None
    weak: float | None


@dataclass(frozen=True)
class Company:
    name: str
    currency: str
    items: tuple[Item, ...]
    months: tuple[Month, ...]
    benchmarks: tuple[Benchmark, ...]
    benchmark_source: str
    carrying_rates: tuple[tuple[str, float | None, str], ...]
    promotions: tuple[tuple[str, str, float], ...]

    @property
    def as_of(self) -> date | None:
        return self.months[-1].end if self.months else None

    @property
    def stock_value(self) -> float:
        return round(sum(item.stock_value for item in self.items), 2)


_CARRYING_RATES: Final = (
    ("Capital", 0.085, "Weighted average cost of capital before tax"),
    ("Storage", 0.035, "Variable warehouse cost per unit of stock value"),
    ("Service", 0.012, "Insurance and handling of stock counts"),
    ("Risk", 0.048, "Write-downs, damage and shrinkage, three-year average"),
)


@cache
def sample_company() -> Company:
    """The sample company: 3 plants, 6 warehouses and stores, 60 items, two years."""
    draw = random.Random(SEED)
    demand, forecast = _sales(draw)
    for histories in (demand, forecast):
        _explode(histories)
    costs = _unit_costs()
    items = tuple(_item(key, costs, demand[key], forecast[key], draw) for key in parts.KEYS)
    return Company(
        name="Tarnwell Pumps",
        currency="EUR",
        items=items,
        months=_months(items),
        benchmarks=(
            Benchmark("DIO", 64, 82, 108),
            Benchmark("DSO", 42, 50, 61),
            Benchmark("DPO", 61, 49, 38),
        ),
        benchmark_source="Invented sample",
        carrying_rates=_CARRYING_RATES,
        promotions=tuple((month_label(month), family, uplift) for month, family, uplift in parts.PROMOTIONS),
    )


def empty_company() -> Company:
    """A company with nothing filled in: what `xlinv new --empty` starts from."""
    return Company(
        name="",
        currency="EUR",
        items=(),
        months=(),
        benchmarks=tuple(Benchmark(metric, None, None, None) for metric in ("DIO", "DSO", "DPO")),
        benchmark_source="",
        carrying_rates=tuple((name, None, basis) for name, _, basis in _CARRYING_RATES),
        promotions=(),
    )


def month_label(month: int) -> str:
    """The heading of month 0, 1, 2 … of the history: 'Jan 24'."""
    year, index = divmod(month, 12)
    return f"{parts.MONTH_NAMES[index]} {(FIRST_YEAR + year) % 100}"


def _bell(draw: random.Random) -> float:
    """A standard normal number but for its far tails: twelve uniform ones less six."""
    return sum(draw.random() for _ in range(12)) - 6


def _sales(draw: random.Random) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Units sold and units forecast per month of all that is sold."""
    demand: dict[str, list[int]] = {}
    forecast: dict[str, list[int]] = {}
    for pump in parts.PUMPS:
        expected = [_expected(pump, month) for month in range(MONTHS)]
        demand[pump.key] = [
            max(0, round(level * _uplift(pump.family, month) * (1 + pump.noise * _bell(draw))))
            for month, level in enumerate(expected)
        ]
        seen_by_planner = [
            level * (1 + (_uplift(pump.family, m) - 1) / 2) for m, level in enumerate(expected)
        ]
        forecast[pump.key] = [round(1.02 * level) for level in seen_by_planner[-FORECAST_MONTHS:]]
    for spare in parts.SPARES:
        demand[spare.key] = [_spare_demand(spare, month, draw) for month in range(MONTHS)]
        known = demand[spare.key][: MONTHS - FORECAST_MONTHS]
        mean = sum(known) / len(known) if spare.last_month >= MONTHS else 0
        forecast[spare.key] = [round(mean)] * FORECAST_MONTHS
    return demand, forecast


def _expected(pump: parts.Pump, month: int) -> float:
    return pump.monthly * (1 + pump.trend * month / 12) * parts.SEASONS[pump.family][month % 12]


def _uplift(family: str, month: int) -> float:
    return next((uplift for m, f, uplift in parts.PROMOTIONS if (m, f) == (month, family)), 1.0)


def _spare_demand(spare: parts.Spare, month: int, draw: random.Random) -> int:
    happens, size = draw.random() < spare.frequency, draw.random()
    if not happens or month >= spare.last_month:
        return 0
    return round(spare.smallest + size * (spare.largest - spare.smallest))


def _explode(histories: dict[str, list[int]]) -> None:
    """Add the usage of every component: parents come first, so one pass goes down all levels."""
    months = len(next(iter(histories.values())))
    needs: dict[str, list[float]] = {key: [0.0] * months for key in parts.COMPONENT_KEYS}
    for parent, components in parts.BILLS:
        usage = histories.get(parent) or [ceil(need) for need in needs[parent]]
        histories[parent] = usage
        for component, quantity in components.items():
            for month, units in enumerate(usage):
                needs[component][month] += round(quantity * units, 6)
    for key in parts.COMPONENT_KEYS:
        histories.setdefault(key, [ceil(round(need, 3)) for need in needs[key]])


def _unit_costs() -> dict[str, float]:
    """Cost per unit: bought materials at price, everything made at its components plus conversion."""
    costs = {material.key: material.unit_cost for material in parts.MATERIALS}
    for parent, components in reversed(parts.BILLS):
        material = sum(costs[key] * quantity for key, quantity in components.items())
        costs[parent] = round(material + parts.CONVERSION[parent], 2)
    return costs


def _item(
    key: str, costs: dict[str, float], demand: Sequence[int], forecast: Sequence[int], draw: random.Random
) -> Item:
    part = parts.MASTER[key]
    recent = sum(demand[-6:]) / 6
    cover = part.cover_months * (0.7 + 0.6 * draw.random())
    idle = next((m for m, units in enumerate(reversed(demand)) if units), MONTHS)
    lot = part.order_multiple
    pace = recent or sum(demand) / MONTHS
    on_hand = round(cover * pace / lot) * lot
    return Item(
        key=key,
        description=part.description,
        kind=part.kind,
        site=part.site,
        supplier=part.supplier,
        unit=part.unit,
        unit_cost=costs[key],
        price=round(costs[key] / (1 - part.margin), 1) if part.margin else 0.0,
        lead_time_days=part.lead_time_days,
        lead_time_sd_days=part.lead_time_sd_days,
        order_cost=part.order_cost,
        minimum_order=part.minimum_order,
        order_multiple=lot,
        distribution=part.distribution,
        on_hand=on_hand,
        safety_stock=round(recent * parts.WEEKS_OF_SAFETY[part.kind] * 12 / 52),
        days_since_use=3 + 30 * idle + int(20 * draw.random()),
        demand=tuple(demand),
        forecast=tuple(forecast),
    )


# Month-end stock against the stock of today: built up before the heating season, low after it.
_STOCK_LEVELS: Final = (
    0.90, 0.92, 0.93, 0.95, 0.97, 1.00, 1.04, 1.07, 1.05, 1.00, 0.95, 0.92,
    0.94, 0.96, 0.98, 1.00, 1.02, 1.05, 1.09, 1.12, 1.10, 1.06, 1.02, 1.00,
)  # fmt: skip


def _months(items: Sequence[Item]) -> tuple[Month, ...]:
    """Sales and cost at item prices; balances that follow from them and from the stock of today."""
    sold = [item for item in items if item.price]
    stock = round(sum(item.stock_value for item in items), 2)
    revenue = [round(sum(item.price * item.demand[m] for item in sold), 2) for m in range(MONTHS)]
    cogs = [round(sum(item.unit_cost * item.demand[m] for item in sold), 2) for m in range(MONTHS)]
    inventory = [round(stock * level, 2) for level in _STOCK_LEVELS]
    purchases = [
        round(cogs[m] + inventory[m] - (inventory[m - 1] if m else inventory[0]), 2) for m in range(MONTHS)
    ]
    return tuple(
        Month(
            end=date(FIRST_YEAR + m // 12, m % 12 + 1, monthrange(FIRST_YEAR + m // 12, m % 12 + 1)[1]),
            revenue=revenue[m],
            cogs=cogs[m],
            purchases=purchases[m],
            inventory=inventory[m],
            receivables=_outstanding(revenue, m, (0.96, 0.68, 0.16)),
            payables=_outstanding(purchases, m, (0.88, 0.46, 0.06)),
        )
        for m in range(MONTHS)
    )


def _outstanding(flows: Sequence[float], month: int, unpaid: Sequence[float]) -> float:
    """What is still open at a month's end of the flows of this month and of those before it."""
    return round(sum(share * flows[max(0, month - age)] for age, share in enumerate(unpaid)), 2)
