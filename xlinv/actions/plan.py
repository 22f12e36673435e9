"""Plan: how much stock to hold against what may happen, and how much to order at a time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from xlinv.actions.answering import (
    answers,
    difference,
    differences,
    errors_told,
    product,
    ratio,
    sums,
    total,
)
from xlinv.actions.policies import (
    HORIZON,
    Policies,
    cash_effects,
    dates_to_come,
    drivers,
    lots,
    outlook,
    read_policies,
    repeated,
)
from xlinv.actions.portfolio import Portfolio, read_portfolio
from xlinv.actions.report import Column, OutSheet, Report, Table
from xlinv.actions.running import Run
from xlinv.actions.segment import label_columns
from xlinv.actions.settings import setting
from xlinv.cells import Cell, CellError

STATUS: Final = ("Proposed", "Accepted", "Rejected")
MEASURES: Final = {"csl": "cycle service", "fill": "fill rate"}


def safety_stock(run: Run, items: str | None = None) -> Report:
    """Safety stock of every item in each period to come, beside the current one."""
    portfolio = read_portfolio(run.book, items)
    run.progress(0.1, "reading")
    policies = read_policies(portfolio)
    horizon = round(setting(run.book, "set_Horizon", HORIZON))
    run.progress(0.2, f"{portfolio.count} items")
    rows, phased = outlook(portfolio, policies, horizon)
    recommended = phased.safety_stock()
    reorder = phased.reorder_point()
    current = repeated(portfolio.numbers("safety_stock", 0.0), rows)
    costs = repeated(portfolio.numbers("unit_cost"), rows)
    now_reorder = differences(reorder, differences(recommended, current))
    effects = cash_effects(current, recommended, costs)
    dates = dates_to_come(portfolio, max(1, len(rows) // max(1, portfolio.count)))
    table = Table(
        "Safety stock by item and period",
        (
            *(Column(heading, repeated(portfolio.texts(field), rows)) for heading, field in _LABELS),
            Column("Safety Stock Model", repeated(_models(policies), rows)),
            Column("Date", dates * portfolio.count if len(dates) > 1 else dates * len(rows), "date"),
            Column("Current", current, "units"),
            Column("Recommended", recommended, "units"),
            Column("Current %", phased.expected_fill(now_reorder), "percent"),
            Column("Calculated %", phased.expected_fill(reorder), "percent"),
            Column("ΔCash", effects, "money"),
            Column("Driver", repeated(drivers(portfolio, policies), rows)),
            Column("Status", [STATUS[0]] * len(rows), options=STATUS),
            Column("Approver", [None] * len(rows), width=16.0),
        ),
    )
    first = [rows.index(item) for item in range(portfolio.count)]
    freed = total([effects[row] for row in first])
    notes = (
        "Current % and Calculated %: expected fill rate with the current and with the recommended stock. "
        "ΔCash: above 0 it is freed, below 0 tied up.",
        f"Demand to come is forecast from history; its error ({portfolio.sd_basis}) keeps its share of it.",
        *errors_told({"safety stock": recommended}, repeated(portfolio.keys, rows)),
    )
    told = f"frees {freed:,.0f}" if freed >= 0 else f"ties up {-freed:,.0f} more"
    return Report(
        f"Safety stock of {portfolio.count} items: the recommendation for the first period {told} in cash.",
        (OutSheet("Out_SafetyStockPlan", "Safety stock plan", (table,), notes),),
        portfolio.sources,
        {"service_type": policies.kind, "horizon": str(horizon), "error": portfolio.sd_basis},
    )


_LABELS: Final = (
    ("Part", "item"),
    ("Site", "site"),
    ("End Items", "end_items"),
    ("Description", "description"),
    ("Responsible", "responsible"),
    ("Type", "type"),
)


def _models(policies: Policies) -> list[Cell]:
    measure = MEASURES.get(policies.kind.casefold(), policies.kind)
    return [
        f"{distribution}, {measure} {service:.1%}" if isinstance(service, float) else None
        for distribution, service in zip(policies.distribution, policies.service, strict=True)
    ]


def order_quantity(run: Run, items: str | None = None) -> Report:
    """Economic lots against minimum and multiple, and what to order today."""
    portfolio = read_portfolio(run.book, items)
    portfolio.numbers("order_cost")
    sheet, extra = _lot_sheet(portfolio)
    orders, due = _orders_sheet(portfolio)
    return Report(
        f"{due} of {portfolio.count} items are due. Minimum lots and multiples cost {extra:,.0f} a year.",
        (sheet, orders),
        portfolio.sources,
    )


def _lot_sheet(portfolio: Portfolio) -> tuple[OutSheet, float]:
    from xlinv import functions

    means, order_costs = portfolio.demand_mean(), portfolio.numbers("order_cost")
    holding, costs = portfolio.holding_costs(), portfolio.numbers("unit_cost")
    year = portfolio.clock.periods_per_year
    economic = [None if q == 0 else q for q in answers(functions.eoq, means, order_costs, holding)]
    lot = lots(portfolio)
    per_year = [
        [product(cost, year) for cost in answers(functions.eoq_cost, quantities, means, order_costs, holding)]
        for quantities in (economic, lot)
    ]
    least, paid = (
        [None if quantity is None else cost for quantity, cost in zip(lot, column, strict=True)]
        for column in per_year
    )
    extra = [None if a is None else difference(a, b) for a, b in zip(paid, least, strict=True)]
    cycle = [
        None if q is None else product(product(q, 0.5), cost) for q, cost in zip(lot, costs, strict=True)
    ]
    table = Table(
        "Lots",
        (
            *label_columns(portfolio),
            Column("Demand [units per period]", means, "number"),
            Column("Order cost [per order]", order_costs, "money"),
            Column("Economic lot [units]", economic, "units"),
            Column("MOQ [units]", portfolio.numbers("moq", 0.0), "units"),
            Column("Multiple [units]", portfolio.numbers("multiple", 0.0), "units"),
            Column("Lot [units]", lot, "units"),
            Column("Orders [per year]", _per_year(means, lot, year), "number"),
            Column("Least cost [per year]", least, "money"),
            Column("Cost of lot [per year]", paid, "money"),
            Column("Cost of MOQ and multiple [per year]", extra, "money"),
            Column("Cycle stock [value]", cycle, "money"),
        ),
    )
    notes = (
        "Lot: the economic order quantity within minimum and multiple. Cycle stock: half a lot at cost.",
        *errors_told({"lot": lot}, portfolio.keys),
    )
    return OutSheet("Out_LotSize", "Lot sizes and what they cost", (table,), notes), total(extra)


def _per_year(means: Sequence[Cell], lot: Sequence[Cell], year: float) -> list[Cell]:
    return [
        None if quantity is None else ratio(product(mean, year), quantity)
        for mean, quantity in zip(means, lot, strict=True)
    ]


def _orders_sheet(portfolio: Portfolio) -> tuple[OutSheet, int]:
    from xlinv import functions

    policies = read_policies(portfolio)
    safety, reorder = policies.safety_stock(), policies.reorder_point()
    on_hand, on_order = portfolio.numbers("on_hand", 0.0), portfolio.numbers("on_order", 0.0)
    lot = [0.0 if quantity is None else quantity for quantity in policies.lot]
    to_order = answers(
        functions.ORDERQTY, sums(on_hand, on_order), reorder, sums(reorder, lot),
        portfolio.numbers("moq", 0.0), portfolio.numbers("multiple", 0.0),
    )  # fmt: skip
    decided = [
        _action(*row)
        for row in zip(to_order, on_hand, on_order, safety, sums(reorder, lot), lot, strict=True)
    ]
    quantities = [quantity for _, quantity in decided]
    values = [
        None if quantity is None else product(quantity, cost)
        for quantity, cost in zip(quantities, portfolio.numbers("unit_cost"), strict=True)
    ]
    columns = (
        Column("Action", [action for action, _ in decided]),
        *label_columns(portfolio),
        Column("On hand [units]", on_hand, "units"),
        Column("On order [units]", on_order, "units"),
        Column("Safety stock [units]", safety, "units"),
        Column("Reorder point [units]", reorder, "units"),
        Column("Lot [units]", policies.lot, "units"),
        Column("Quantity [units]", quantities, "units"),
        Column("Value", values, "money"),
    )
    order = sorted(range(portfolio.count), key=lambda row: ACTIONS.index(decided[row][0]))
    table = Table(
        "Proposals", tuple(replace(column, values=repeated(column.values, order)) for column in columns)
    )
    notes = (
        "Order: the position, on hand and on order, is at or below the reorder point; it is brought up to "
        "reorder point and lot. Expedite: stock on hand is below the safety stock and more is on order. "
        "Defer: on order though on hand already exceeds reorder point and lot. Cancel: nothing is demanded.",
        *errors_told({"reorder point": reorder}, portfolio.keys),
    )
    due = sum(action == "Order" for action, _ in decided)
    return OutSheet("Out_Orders", "Order proposals", (table,), notes), due


ACTIONS: Final = ("Order", "Expedite", "Defer", "Cancel", None)


def _action(
    to_order: Cell, on_hand: Cell, on_order: Cell, safety: Cell, order_up_to: Cell, lot: Cell
) -> tuple[str | None, Cell]:
    """What to do about one item, and how many units."""
    given = (to_order, on_hand, on_order, safety, order_up_to, lot)
    error = next((value for value in given if isinstance(value, CellError)), None)
    if error is not None:
        return None, error
    quantity, stock, coming, buffer, most, least = (
        float(value) for value in given if isinstance(value, float | int)
    )
    if least == 0.0:
        return ("Cancel", coming) if coming > 0 else (None, None)
    if quantity > 0:
        return "Order", quantity
    if coming > 0 and stock < buffer:
        return "Expedite", coming
    return ("Defer", coming) if coming > 0 and stock > most else (None, None)
