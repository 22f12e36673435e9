"""Service curves: what each further point of service costs in stock, of one item and of all together."""

from collections.abc import Sequence
from typing import Any

from xlinv.actions.answering import answers, difference, product, products, ratio, total
from xlinv.actions.columns import ITEMS
from xlinv.actions.plan import MEASURES
from xlinv.actions.policies import Policies, read_policies
from xlinv.actions.portfolio import Portfolio, read_portfolio
from xlinv.actions.report import Chart, Column, OutSheet, Report, Table
from xlinv.actions.running import Run
from xlinv.actions.segment import stock_value
from xlinv.actions.settings import named_text
from xlinv.cells import Cell, CellError, InputError


def service_curve(run: Run, items: str | None = None, item: str | None = None) -> Report:
    """What each further point of service costs in stock: of one item, and of all of them together."""
    portfolio = read_portfolio(run.book, items)
    policies = read_policies(portfolio)
    row = _chosen_item(run.book, portfolio, item)
    sheet, name = _curve_sheet(portfolio, policies, row)
    investment, told = _investment_sheet(portfolio, policies)
    return Report(
        f"Service curve of {name}. {told}",
        (sheet, investment),
        portfolio.sources,
        {"service_type": policies.kind, "item": str(name)},
    )


def _chosen_item(book: Any, portfolio: Portfolio, item: str | None) -> int:
    """The row of the item asked for, selected, named in set_CurveItem, or else that with most stock value."""
    keys = [str(key) for key in portfolio.keys]
    wanted = item or _selected_item(book, portfolio) or named_text(book, "set_CurveItem", "")
    if wanted in keys:
        return keys.index(wanted)
    if item:
        raise InputError("item", f"must be an item of {portfolio.items.name}", item, portfolio.items.place)
    values = [value if isinstance(value, float | int) else 0.0 for value in stock_value(portfolio)]
    return values.index(max(values))


def _selected_item(book: Any, portfolio: Portfolio) -> str | None:
    selection = book.app.selection
    source = portfolio.items
    if selection is None or selection.sheet.name != source.sheet:
        return None
    top = selection.sheet.range(source.address).row
    number = selection.row - top - 1
    position = ITEMS.position(source, "item")
    if position is None or not 0 <= number < len(source.rows) or selection.size != 1:
        return None
    return str(source.rows[number][position])


def _curve_sheet(portfolio: Portfolio, policies: Policies, row: int) -> tuple[OutSheet, Cell]:
    from xlinv import functions

    one = policies.picked([row])
    cost = portfolio.numbers("unit_cost")[row]
    current = portfolio.numbers("safety_stock", 0.0)[row]
    terms = (one.mean[0], one.sd[0], one.interval()[0], one.lead_time_sd[0], cost, one.lot[0])
    curve = functions.SERVICECURVE.evaluate(*terms, None, one.kind).cells
    if isinstance(curve[0][0], CellError) or not one.mean[0]:
        raise InputError(
            "item", "must have demand, lead time and cost", portfolio.keys[row], portfolio.items.place
        )
    target = functions.SERVICECURVE.evaluate(*terms, [one.service[0]], one.kind).cells[1]
    now = (_reached(one, current), current, product(current, cost))
    rows = [*curve[1:], now, target]
    blank: list[Cell] = [None] * (len(curve) - 1)
    table = Table(
        "Curve",
        (
            Column("Service [fraction]", [each[0] for each in rows], "percent"),
            Column("Safety stock [value]", [*[each[2] for each in curve[1:]], None, None], "money"),
            Column("Current [value]", [*blank, now[2], None], "money"),
            Column("Target [value]", [*blank, None, target[2]], "money"),
            Column("Safety stock [units]", [each[1] for each in rows], "units"),
        ),
        Chart("xy_scatter_lines", f"Value of safety stock by service, {portfolio.keys[row]}", 4),
    )
    measure = MEASURES.get(one.kind.casefold(), one.kind)
    notes = (
        f"Item {portfolio.keys[row]}, service as {measure}, normal demand over lead time and review. "
        "The last two rows are the current stock and the target.",
    )
    return OutSheet("Out_ServiceCurve", "What service costs", (table,), notes), portfolio.keys[row]


def _reached(one: Policies, stock: Cell) -> Cell:
    """The service that a safety stock gives one item under normal demand."""
    from xlinv import functions
    from xlinv.kernels import normal

    sd = one.protected_sd()[0]
    if one.kind.casefold() == "fill":
        means = products(one.mean, one.interval())
        reorder = difference(means[0], product(stock, -1.0))
        return answers(
            functions.expected_fill, reorder, one.lot[0], one.mean[0], one.sd[0], one.interval()[0],
            one.lead_time_sd[0],
        )[0]  # fmt: skip
    factor = ratio(stock, sd)
    return float(normal.cumulative(factor)) if isinstance(factor, float | int) else factor


def _investment_sheet(portfolio: Portfolio, policies: Policies) -> tuple[OutSheet, str]:
    from xlinv import functions

    costs = portfolio.numbers("unit_cost")
    rows = plannable(policies, costs)
    sds = policies.protected_sd()
    columns = [[column[row] for row in rows] for column in (policies.mean, sds, costs)]
    curve = functions.INVESTCURVE.evaluate(columns[0], columns[1], [1.0] * len(rows), columns[2]).cells[1:]
    table = Table(
        "Investment in safety stock",
        (
            Column("Service [fraction]", [row[0] for row in curve], "percent"),
            Column("One level for all [value]", [row[1] for row in curve], "money"),
            Column("Best mix [value]", [row[2] for row in curve], "money"),
            Column("Saved [value]", [difference(row[1], row[2]) for row in curve], "money"),
        ),
        Chart("xy_scatter_lines", "Safety stock of all items by service", 3),
    )
    now = total(products(portfolio.numbers("safety_stock", 0.0), costs))
    plan = total(products(policies.safety_stock(), costs))
    today = Table(
        "Today and by the targets of the items",
        (
            Column("Safety stock", ("Current", "By target")),
            Column("Value", (now, plan), "money"),
        ),
    )
    service, uniform, mix = curve[len(curve) // 2]
    told = (
        f"Serving {service:.0%} of all units takes {mix:,.0f} as the best mix, "
        f"{uniform:,.0f} with one level for all."
    )
    left_out = portfolio.count - len(rows)
    notes = ["Service: share of units from stock, normal demand. Best mix: each item where it costs least."]
    if left_out:
        notes.append(f"{left_out} items without demand or cost are left out.")
    return OutSheet("Out_Investment", "Investment against service", (table, today), tuple(notes)), told


def plannable(policies: Policies, costs: Sequence[Cell]) -> list[int]:
    """The rows whose demand, variability and cost are all known and above 0."""
    columns = (policies.mean, policies.protected_sd(), costs)
    return [
        row
        for row in range(policies.rows)
        if all(isinstance(c[row], float | int) and float(c[row]) > 0 for c in columns)  # type: ignore[arg-type]
    ]
