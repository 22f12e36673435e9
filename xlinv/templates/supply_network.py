"""The sample company as a network: materials, half-finished parts, assembly, warehouses, stores."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from xlinv.templates import parts
from xlinv.templates.company import FORECAST_MONTHS, Company, Item

LAYERS: Final = ("Materials", "Half-finished", "Assembly", "Warehouses", "Stores")

_ASSEMBLY_DAYS: Final = 5
_STORE_DAYS: Final = 3
_STORE_DEMAND: Final = 0.2
_STORE_STOCK: Final = 0.08
_FAST: Final = 300
_PROMISE_DAYS: Final = {"Process": 5}
_SERVICE: Final = {"FG": 0.97, "SP": 0.95}


@dataclass(frozen=True)
class Place:
    """One stage of the network: an item at a site, its layer from 0, and the demand it meets itself."""

    name: str
    item: Item
    site: str
    layer: int
    lead_time_days: int
    added_cost: float
    on_hand: int
    safety_stock: int
    demand_share: float = 0.0
    service_time_days: int = 0

    @property
    def service_level(self) -> float:
        return _SERVICE[self.item.kind]


@dataclass(frozen=True)
class Link:
    source: str
    destination: str
    quantity: float


@dataclass(frozen=True)
class SupplyNetwork:
    places: tuple[Place, ...]
    links: tuple[Link, ...]


def network_of(company: Company) -> SupplyNetwork:
    """Every item of the company where it is made and where it is sold, with the bills as arcs."""
    items = {item.key: item for item in company.items}
    places: list[Place] = []
    links: list[Link] = []
    for number, pump in enumerate(parts.PUMPS if items else ()):
        made, sold = _pump(number, pump, items)
        places += [made, *sold]
        links += _components(pump.key, made.name)
        links.append(Link(made.name, sold[0].name, 1))
        links += [Link(sold[0].name, store.name, 1) for store in sold[1:]]
    for part in (*parts.MATERIALS, *parts.HALF_FINISHED, *parts.SPARES) if items else ():
        places.append(_made_or_bought(items[part.key], items))
        links += _components(part.key, part.key)
    places.sort(key=lambda place: place.layer)
    return SupplyNetwork(tuple(places), tuple(links))


def monthly_error(item: Item) -> float:
    """Root mean square error of the forecast, in units per month."""
    pairs = zip(item.demand[-FORECAST_MONTHS:], item.forecast, strict=True)
    return sqrt(sum((actual - forecast) ** 2 for actual, forecast in pairs) / FORECAST_MONTHS)


def _components(parent: str, destination: str) -> list[Link]:
    bill = dict(parts.BILLS).get(parent, {})
    return [Link(component, destination, quantity) for component, quantity in bill.items()]


def _added_cost(key: str, items: dict[str, Item]) -> float:
    bill = dict(parts.BILLS).get(key, {})
    bought = sum(items[component].unit_cost * quantity for component, quantity in bill.items())
    return round(items[key].unit_cost - bought, 4)


def _made_or_bought(item: Item, items: dict[str, Item]) -> Place:
    layer = {"RM": 0, "WIP": 1, "SP": 3}[item.kind]
    sold = 1.0 if item.kind == "SP" else 0.0
    return Place(
        item.key, item, item.site, layer, item.lead_time_days, _added_cost(item.key, items), item.on_hand,
        item.safety_stock, sold,
    )  # fmt: skip


def _pump(number: int, pump: parts.Pump, items: dict[str, Item]) -> tuple[Place, Sequence[Place]]:
    """The pump at assembly, and at its warehouse followed by the stores that sell it."""
    item = items[pump.key]
    promise = _PROMISE_DAYS.get(pump.family, 0)
    made = Place(
        f"{item.key} @ Plant Ulm",
        item,
        parts.ASSEMBLY,
        2,
        _ASSEMBLY_DAYS,
        _added_cost(item.key, items),
        0,
        0,
    )
    stores = [parts.STORES[(number + step) % len(parts.STORES)] for step in range(2)]
    stores = stores if pump.monthly >= _FAST else []
    in_store, safe_in_store = int(item.on_hand * _STORE_STOCK), int(item.safety_stock * _STORE_STOCK)
    warehouse = Place(
        f"{item.key} @ {item.site}", item, item.site, 3, item.lead_time_days - _ASSEMBLY_DAYS,
        0.0, item.on_hand - len(stores) * in_store,
        item.safety_stock - len(stores) * safe_in_store,
        1 - _STORE_DEMAND * len(stores), promise,
    )  # fmt: skip
    return made, [
        warehouse,
        *(
            Place(
                f"{item.key} @ {store}",
                item,
                store,
                4,
                _STORE_DAYS,
                0.0,
                in_store,
                safe_in_store,
                _STORE_DEMAND,
            )
            for store in stores
        ),
    ]
