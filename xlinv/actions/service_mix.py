"""Service mix: which items should carry the service, so that a budget buys most of it."""

from collections.abc import Sequence

from xlinv.actions.answering import answers, differences, products, ratio, total
from xlinv.actions.policies import Policies, read_policies
from xlinv.actions.portfolio import read_portfolio
from xlinv.actions.report import Chart, Column, OutSheet, Report, Table
from xlinv.actions.running import Run
from xlinv.actions.service_curves import plannable
from xlinv.actions.settings import named_number
from xlinv.cells import Cell, InputError


def service_mix(run: Run, items: str | None = None, budget: float | None = None) -> Report:
    """Share a budget for safety stock over the items so that most units are served from stock."""
    from xlinv import functions

    portfolio = read_portfolio(run.book, items)
    policies = read_policies(portfolio)
    costs, current = portfolio.numbers("unit_cost"), portfolio.numbers("safety_stock", 0.0)
    rows = plannable(policies, costs)
    if not rows:
        raise InputError("items", "must hold at least one with demand and cost", 0, portfolio.items.place)
    budget, basis = _budget(run, budget, total(products(current, costs)))
    chosen, sds = policies.picked(rows), policies.picked(rows).protected_sd()
    cost, now = [costs[row] for row in rows], [current[row] for row in rows]
    once = [1.0] * len(rows)
    service = answers(functions.service_mix, chosen.mean, sds, once, cost, None, "fill", budget)
    stock = answers(functions.safety_stock, service, sds, once)
    change = differences(products(stock, cost), products(now, cost))
    keys = [portfolio.keys[row] for row in rows]
    listed = Table(
        "Items",
        (
            Column("Item", keys),
            Column("Description", [portfolio.texts("description")[row] for row in rows]),
            Column("Service now [fraction]", _service(now, sds), "percent"),
            Column("Service in the mix [fraction]", service, "percent"),
            Column("Safety stock now [units]", now, "units"),
            Column("Safety stock in the mix [units]", stock, "units"),
            Column("Safety stock in the mix [value]", products(stock, cost), "money"),
            Column("Change [value]", change, "money"),
        ),
    )
    compared = _compared(chosen, sds, cost, now, service, budget)
    notes = [
        f"Budget {budget:,.0f}: {basis}. Service: share of demand that finds stock at the end of a cycle, "
        "normal demand."
    ]
    if portfolio.count > len(rows):
        notes.append(f"{portfolio.count - len(rows)} items without demand or cost are left out.")
    gained = compared.columns[1].values
    return Report(
        f"A budget of {budget:,.0f} serves {gained[2]:.1%} of demand as the best mix, "
        f"{gained[1]:.1%} with one level for all.",
        (OutSheet("Out_ServiceMix", "Service mix under a budget", (compared, listed), tuple(notes)),),
        portfolio.sources,
        {"budget": f"{budget:g}"},
    )


def _budget(run: Run, given: float | None, current: float) -> tuple[float, str]:
    """The money to spend, and where it comes from."""
    if given is not None:
        return given, "as asked for"
    named = named_number(run.book, "in_Budget")
    if named is not None:
        return named, "in_Budget"
    if current <= 0:
        raise InputError("in_Budget", "must name a cell with the money to spend on safety stock", None)
    return current, "what the current safety stocks tie up, as the book has no in_Budget"


def _service(stock: Sequence[Cell], sds: Sequence[Cell]) -> list[Cell]:
    """Cycle service that a safety stock gives under normal demand."""
    from xlinv.kernels import normal

    factors = [ratio(units, sd) for units, sd in zip(stock, sds, strict=True)]
    return [float(normal.cumulative(k)) if isinstance(k, float | int) else k for k in factors]


def _compared(
    chosen: Policies,
    sds: Sequence[Cell],
    cost: Sequence[Cell],
    now: Sequence[Cell],
    service: Sequence[Cell],
    budget: float,
) -> Table:
    """Service over all items now, with one level for all, and as the mix, and the money each takes."""
    factor = ratio(budget, total(products(sds, cost)))
    level = _service([factor] * len(sds), [1.0] * len(sds))
    demand = total(chosen.mean)
    reached = [
        ratio(total(products(each, chosen.mean)), demand) for each in (_service(now, sds), level, service)
    ]
    return Table(
        "Service over all items",
        (
            Column("Plan", ("Now", "One level for all", "Best mix")),
            Column("Service [fraction of demand]", reached, "percent"),
            Column("Safety stock [value]", (total(products(now, cost)), budget, budget), "money"),
        ),
        Chart("column_clustered", "Share of demand served from stock", 2),
    )
