"""Profile: what the stock consists of, how long it lasts, and how much of it is still of use."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from xlinv.actions.answering import answer, answers, errors_told, product, products, ratio, total
from xlinv.actions.portfolio import Portfolio, read_portfolio
from xlinv.actions.report import Chart, Column, OutSheet, Report, Table
from xlinv.actions.running import Run
from xlinv.actions.segment import label_columns, stock_value
from xlinv.actions.settings import setting
from xlinv.cells import Cell

QUALITIES: Final = ("active", "slow", "excess", "obsolete")
_GROUPS: Final = (("Type", "type"), ("Site", "site"), ("Region", "region"))


@dataclass(frozen=True)
class Stock:
    """What is known of the stock of every item."""

    portfolio: Portfolio
    on_hand: list[Cell]
    value: list[Cell]
    demand: list[Cell]
    usage: list[Cell]
    quality: list[Cell]
    slow: float
    obsolete: float


def profile(run: Run, items: str | None = None) -> Report:
    """Stock by type and site, its coverage, its slow, excess and obsolete part, and its quality ratio."""
    from xlinv import functions

    stock = _read(read_portfolio(run.book, items))
    known = [
        (value, str(each).casefold())
        for value, each in zip(stock.value, stock.quality, strict=True)
        if isinstance(value, float | int) and isinstance(each, str)
    ]
    quality = answer(functions.INVQUALITY, [value for value, _ in known], [each for _, each in known])
    told = f"{quality:.1%}" if isinstance(quality, float) else str(quality)
    return Report(
        f"Stock of {total(stock.value):,.0f}, {told} of it active.",
        (_profile_sheet(stock), _coverage_sheet(stock), _slob_sheet(stock), _quality_sheet(stock, quality)),
        stock.portfolio.sources,
        {"slow": f"{stock.slow:g}", "obsolete": f"{stock.obsolete:g}"},
    )


def _read(portfolio: Portfolio) -> Stock:
    from xlinv import functions

    demand = portfolio.demand_mean()
    year = [portfolio.clock.periods_per_year] * portfolio.count
    yearly = products(demand, year)
    on_hand = portfolio.numbers("on_hand")
    slow = setting(portfolio.book, "set_Slow", 180.0)
    obsolete = setting(portfolio.book, "set_Obsolete", 365.0)
    return Stock(
        portfolio,
        on_hand,
        stock_value(portfolio),
        demand,
        products(yearly, portfolio.numbers("unit_cost")),
        answers(functions.slob_class, on_hand, portfolio.numbers("days_since_use"), yearly, slow, obsolete),
        slow,
        obsolete,
    )


def _groups(stock: Stock) -> list[tuple[str, list[Cell]]]:
    """The ways to split the stock: by type, site and region, as far as the table of items says them."""
    portfolio = stock.portfolio
    return [(heading, portfolio.texts(field)) for heading, field in _GROUPS if portfolio.has(field)] or [
        ("All", ["all items"] * portfolio.count)
    ]


def _rows_of(labels: Sequence[Cell]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for number, label in enumerate(labels):
        rows.setdefault("(blank)" if label in (None, "") else str(label), []).append(number)
    return rows


def _sum(values: Sequence[Cell], rows: Sequence[int]) -> float:
    return total([values[row] for row in rows])


def _profile_sheet(stock: Stock) -> OutSheet:
    return OutSheet(
        "Out_Profile",
        "Profile of the stock",
        tuple(_group_table(stock, heading, labels) for heading, labels in _groups(stock)),
        (
            "Days of supply: stock over usage of a day, both at cost. Turns: usage of a year over stock. "
            "Usage is the mean of the last twelve periods.",
        ),
    )


def _group_table(stock: Stock, heading: str, labels: Sequence[Cell]) -> Table:
    from xlinv import functions

    groups = _rows_of(labels)
    names = [*groups, "Total"]
    rows = [*groups.values(), list(range(len(labels)))]
    values = [_sum(stock.value, each) for each in rows]
    usage = [_sum(stock.usage, each) for each in rows]
    whole = values[-1]
    days = stock.portfolio.clock.days_per_year
    return Table(
        f"By {heading.lower()}",
        (
            Column(heading, names),
            Column("Stock [value]", values, "money"),
            Column("Share", [ratio(value, whole) for value in values], "percent"),
            Column("Items", [len(each) for each in rows], "units"),
            Column("Units", [_sum(stock.on_hand, each) for each in rows], "units"),
            Column("Usage [per year]", usage, "money"),
            Column(
                "Days of supply [days]",
                [
                    answer(functions.DAYSOFSUPPLY, value, flow, days) if flow else None
                    for value, flow in zip(values, usage, strict=True)
                ],
                "days",
            ),
            Column(
                "Turns [per year]",
                [
                    answer(functions.TURNS, flow, value) if value else None
                    for value, flow in zip(values, usage, strict=True)
                ],
                "number",
            ),
        ),
        Chart("column_clustered", f"Stock by {heading.lower()}", 2),
    )


def _coverage_sheet(stock: Stock) -> OutSheet:
    from xlinv import functions

    portfolio = stock.portfolio
    days = answers(functions.days_of_supply, stock.on_hand, stock.demand, portfolio.clock.days_per_period)
    shown = [None if not mean else value for value, mean in zip(days, stock.demand, strict=True)]
    periods = [_forward(stock, row) for row in range(portfolio.count)]
    table = Table(
        "Coverage by item",
        (
            *label_columns(portfolio),
            Column("On hand [units]", stock.on_hand, "units"),
            Column("Demand [units per period]", stock.demand, "number"),
            Column("Days of supply [days]", shown, "days"),
            Column("Forward cover [periods]", periods, "number"),
            Column("Stock [value]", stock.value, "money"),
        ),
    )
    notes = (
        "Blank: nothing is demanded. Forward cover counts the stock out against the forecast from history, "
        f"at most {_COUNTED} periods.",
        *errors_told({"days of supply": shown}, portfolio.keys),
    )
    return OutSheet("Out_Coverage", "How long the stock lasts", (*_crossed(stock), table), notes)


_COUNTED: Final = 24


def _forward(stock: Stock, row: int) -> Cell:
    """Periods of demand to come that the stock of one item covers."""
    from xlinv import functions

    if not stock.portfolio.demand or not stock.demand[row]:
        return None
    forecast = functions.FORECASTSERIES.evaluate(list(stock.portfolio.demand[row]), _COUNTED).cells
    return answer(functions.PERIODSOFSUPPLY, stock.on_hand[row], [cell[0] for cell in forecast])


def _crossed(stock: Stock) -> tuple[Table, ...]:
    """Days of supply by type along and site down, where the items have both."""
    from xlinv import functions

    portfolio = stock.portfolio
    if not (portfolio.has("type") and portfolio.has("site")):
        return ()
    types, sites = _rows_of(portfolio.texts("type")), _rows_of(portfolio.texts("site"))

    def days(site: str, kind: str) -> Cell:
        rows = sorted(set(sites[site]) & set(types[kind]))
        usage = _sum(stock.usage, rows)
        if not usage:
            return None
        return answer(functions.DAYSOFSUPPLY, _sum(stock.value, rows), usage, portfolio.clock.days_per_year)

    columns = [Column(f"{kind} [days]", [days(site, kind) for site in sites], "days") for kind in types]
    return (Table("Days of supply by site and type", (Column("Site", list(sites)), *columns)),)


def _slob_sheet(stock: Stock) -> OutSheet:
    from xlinv import functions

    portfolio = stock.portfolio
    yearly = products(stock.demand, [portfolio.clock.periods_per_year] * portfolio.count)
    excess = answers(
        functions.EXCESSQTY, stock.on_hand, yearly, portfolio.numbers("safety_stock", 0.0, needed=False)
    )
    costs = portfolio.numbers("unit_cost")
    columns = (
        *label_columns(portfolio),
        Column("Class", stock.quality),
        Column("On hand [units]", stock.on_hand, "units"),
        Column("Last use [days ago]", portfolio.numbers("days_since_use"), "units"),
        Column("Demand [units per year]", yearly, "units"),
        Column("Beyond a year's demand [units]", excess, "units"),
        Column("Beyond a year's demand [value]", products(excess, costs), "money"),
        Column("Stock [value]", stock.value, "money"),
    )
    order = sorted(range(portfolio.count), key=lambda row: _urgency(stock, row))
    sorted_columns = tuple(replace(c, values=[c.values[row] for row in order]) for c in columns)
    table = Table("Slow-moving, excess and obsolete stock by item", sorted_columns)
    notes = (
        f"Obsolete: no use for {stock.obsolete:g} days and no demand. Slow: no use for {stock.slow:g} days. "
        "Excess: more on hand than a year's demand. These are planning classes; IAS 2 rules write-downs.",
        *errors_told({"class": stock.quality}, portfolio.keys),
    )
    return OutSheet("Out_SLOB", "Slow-moving and obsolete stock", (_class_table(stock), table), notes)


def _urgency(stock: Stock, row: int) -> tuple[int, float]:
    """Obsolete first, active last; within a class the largest value first."""
    name, value = str(stock.quality[row]).casefold(), stock.value[row]
    rank = QUALITIES[::-1].index(name) if name in QUALITIES else -1
    return rank, -float(value) if isinstance(value, float | int) else 0.0


def _class_table(stock: Stock) -> Table:
    lower = [str(each).casefold() for each in stock.quality]
    rows = [[number for number, each in enumerate(lower) if each == name] for name in QUALITIES]
    values = [_sum(stock.value, each) for each in rows]
    return Table(
        "Stock by class",
        (
            Column("Class", [name.capitalize() for name in QUALITIES]),
            Column("Stock [value]", values, "money"),
            Column("Items", [len(each) for each in rows], "units"),
            Column("Share", [ratio(value, total(values)) for value in values], "percent"),
        ),
        Chart("column_clustered", "Stock by class", 2),
    )


def _quality_sheet(stock: Stock, quality: Cell) -> OutSheet:
    from xlinv import functions

    def measured(heading: str, labels: Sequence[Cell]) -> Table:
        groups = _rows_of(labels)
        found = [
            answer(
                functions.INVQUALITY,
                [stock.value[row] for row in rows],
                [str(stock.quality[row]).casefold() for row in rows],
            )
            if _sum(stock.value, rows)
            else None
            for rows in groups.values()
        ]
        values = [_sum(stock.value, rows) for rows in groups.values()]
        active = [
            product(value, share) if share is not None else None
            for value, share in zip(values, found, strict=True)
        ]
        return Table(
            f"By {heading.lower()}",
            (
                Column(heading, list(groups)),
                Column("Inventory quality ratio", found, "percent"),
                Column("Active stock [value]", active, "money"),
                Column("Stock [value]", values, "money"),
            ),
            Chart("column_clustered", f"Inventory quality ratio by {heading.lower()}", 2),
        )

    whole = Table(
        "All stock",
        (
            Column("Figure", ("Inventory quality ratio",), width=24.0),
            Column("Value", (quality,), "percent"),
        ),
    )
    rules = Table(
        "Rules",
        (
            Column("Class", ("Obsolete", "Slow", "Excess", "Active")),
            Column(
                "Rule",
                (
                    f"No use for {stock.obsolete:g} days and no demand",
                    f"No use for {stock.slow:g} days",
                    "More on hand than a year's demand",
                    "Everything else",
                ),
            ),
        ),
    )
    return OutSheet(
        "Out_Quality",
        "Quality of the stock",
        (whole, *(measured(heading, labels) for heading, labels in _groups(stock)), rules),
        ("Inventory quality ratio: value of active stock over value of all stock, by the rules below.",),
    )
