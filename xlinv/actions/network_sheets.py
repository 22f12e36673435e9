"""The result sheets of a network plan."""

from dataclasses import replace
from typing import Final

import numpy as np

from xlinv.actions.report import Chart, Column, OutSheet, Table
from xlinv.cells import Cell, Floats
from xlinv.network.plan import Plan

ACCEPT_OPTIONS: Final = ("Accept", "Reject", "Override")
_SAME: Final = 1e-9
_MOST_IN_CHART: Final = 15


def _numbers(values: Floats) -> list[Cell]:
    return [round(float(value), 9) + 0.0 for value in values]


def _stage_names(plan: Plan) -> list[Cell]:
    return [stage.name for stage in plan.network.stages]


def _proof_notes(plan: Plan) -> tuple[str, ...]:
    proof = "The plan is proved optimal." if plan.optimal else "No plan can be cheaper than the lower bound."
    return (
        f"Cost {plan.cost:,.2f} per period, lower bound {plan.lower_bound:,.2f}, gap {plan.gap:.4%}. {proof}",
        *plan.notes,
    )


def network_sheet(plan: Plan, stock: Floats) -> OutSheet:
    """Times, stock and cost of every stage, and why its stock is where it is."""
    columns = plan.columns
    names = _stage_names(plan)
    table = Table(
        "Stages",
        (
            Column("Stage", names),
            Column("Cost [per period]", _numbers(columns["cost"]), "money"),
            Column("Inbound service time [periods]", _numbers(columns["inbound_service_time"]), "days"),
            Column("Lead time [periods]", _numbers(columns["lead_time"]), "days"),
            Column("Outbound service time [periods]", _numbers(columns["outbound_service_time"]), "days"),
            Column("Net replenishment time [periods]", _numbers(columns["net_replenishment_time"]), "days"),
            Column("Safety stock [units]", _numbers(stock), "units"),
            Column("Base stock [units]", _numbers(columns["base_stock"]), "units"),
            Column("Value of safety stock", _numbers(stock * columns["unit_value"]), "money"),
            Column("Decision", [_decision(s) for s in stock]),
            Column("Why here", [plan.explain(str(name)) for name in names], width=90.0, wrap=True),
        ),
    )
    tables = _charted(table, Chart("bar_clustered", "Cost by stage", 2), by=1)
    return OutSheet("Out_MEIO", "Safety stock across the network", tables, _proof_notes(plan))


def _charted(table: Table, chart: Chart, by: int) -> tuple[Table, ...]:
    """The table with its chart; of many stages only the largest by one column, in a table before it."""
    if table.rows <= _MOST_IN_CHART:
        return (replace(table, chart=chart),)
    sizes = [float(value) if isinstance(value, float | int) else 0.0 for value in table.columns[by].values]
    rows = sorted(range(table.rows), key=lambda row: -sizes[row])[:_MOST_IN_CHART]
    columns = tuple(
        replace(c, values=[c.values[row] for row in rows]) for c in table.columns[: chart.columns]
    )
    return Table(f"The {len(rows)} largest by {table.columns[by].heading.lower()}", columns, chart), table


def _decision(stock: float) -> str:
    return "Hold stock" if stock > _SAME else "Hold none"


def comparison_sheet(plan: Plan) -> OutSheet:
    """The network's stock beside that of single-stage planning at the same service."""
    columns = plan.columns
    value = columns["unit_value"]
    difference = (columns["safety_stock"] - columns["single_stage_stock"]) * value
    table = Table(
        "Every stage by itself, and the network as a whole",
        (
            Column("Stage", _stage_names(plan)),
            Column("Single-stage cash", _numbers(columns["single_stage_stock"] * value), "money"),
            Column("Network cash", _numbers(columns["safety_stock"] * value), "money"),
            Column("Difference in cash", _numbers(difference), "money"),
            Column("Single-stage stock [units]", _numbers(columns["single_stage_stock"]), "units"),
            Column("Network stock [units]", _numbers(columns["safety_stock"]), "units"),
        ),
    )
    note = (
        "Both plans give customers the same service. Single-stage planning costs "
        f"{plan.baseline_cost:,.2f} per period, the network plan {plan.cost:,.2f}: {plan.saving:,.2f} less."
    )
    tables = _charted(table, Chart("column_clustered", "Cash in safety stock", 3), by=1)
    return OutSheet("Out_MEIOvsSEIO", "Network against single-stage planning", tables, (note,))


def recommendation_sheet(plan: Plan, stock: Floats, largest_change: float | None) -> OutSheet:
    """What to change at each stage, to be accepted, rejected or overridden."""
    stages = plan.network.stages
    current = [stage.current_stock for stage in stages]
    recommended = [round(value, 9) for value in stock.tolist()]
    pairs = list(zip(current, recommended, strict=True))
    change = [None if old is None else new - old for old, new in pairs]
    share = [None if c is None or not old else c / old for c, old in zip(change, current, strict=True)]
    values = plan.columns["unit_value"].tolist()
    cash = [None if c is None else round(c * value, 6) for c, value in zip(change, values, strict=True)]
    allowed = float("inf") if largest_change is None else largest_change
    flagged = ["Change larger than allowed" if s is not None and abs(s) > allowed else None for s in share]
    blank: list[Cell] = [None] * len(stages)
    table = Table(
        "Recommendations",
        (
            Column("Stage", _stage_names(plan)),
            Column("Current safety stock [units]", current, "units"),
            Column("Recommended safety stock [units]", recommended, "units"),
            Column("Difference [units]", change, "units"),
            Column("Difference [%]", share, "percent"),
            Column("Difference in cash", cash, "money"),
            Column("Driver", _drivers(plan, stock)),
            Column("Flag", flagged),
            Column("Accept", blank, options=ACCEPT_OPTIONS),
            Column("Override [units]", blank, "units"),
            Column("Reason", blank, width=24.0),
            Column("User", blank),
            Column("Time", blank, "date", width=12.0),
        ),
    )
    note = "Choose Accept, Reject or Override for each stage; an override needs a reason."
    return OutSheet("Out_Recommend", "Recommended safety stock", (table,), (note,))


def _drivers(plan: Plan, recommended: Floats) -> list[Cell]:
    """The main cause of what is recommended at each stage."""
    columns = plan.columns
    told: list[Cell] = []
    for stock, alone, inbound, outbound in zip(
        recommended,
        columns["single_stage_stock"],
        columns["inbound_service_time"],
        columns["outbound_service_time"],
        strict=True,
    ):
        if stock <= _SAME:
            told.append("Quoted service time" if outbound > _SAME else "No time to cover")
        elif stock > alone + _SAME * max(alone, 1.0):
            told.append("Covers its suppliers' service time" if inbound > _SAME else "Limit on stock")
        elif stock < alone - _SAME * max(alone, 1.0):
            told.append("Quoted service time")
        else:
            told.append("Own lead time and variability")
    return told


def components_sheet(plan: Plan) -> OutSheet:
    """The stock of every stage by what it is for, in money and units."""
    columns, value = plan.columns, plan.columns["unit_value"]
    parts = {
        "Safety": columns["safety_stock"],
        "Cycle": columns.get("cycle_stock", np.zeros_like(value)),
        "Pipeline": columns.get("pipeline_stock", np.zeros_like(value)),
        "Early arrival": columns.get("early_arrival_stock", np.zeros_like(value)),
    }
    total = sum(parts.values(), np.zeros_like(value))
    cash = Table(
        "Value",
        (
            Column("Stage", _stage_names(plan)),
            *(Column(name, _numbers(units * value), "money") for name, units in parts.items()),
            Column("Total", _numbers(total * value), "money"),
        ),
    )
    days = np.divide(
        total, columns["demand_mean"], out=np.zeros_like(total), where=columns["demand_mean"] > 0
    )
    units = Table(
        "Units",
        (
            Column("Stage", _stage_names(plan)),
            *(Column(f"{name} [units]", _numbers(units), "units") for name, units in parts.items()),
            Column("Total [units]", _numbers(total), "units"),
            Column("Total [periods of demand]", _numbers(days), "days"),
        ),
    )
    chart = Chart("bar_stacked", "Stock by purpose", len(parts) + 1)
    tables = (*_charted(cash, chart, by=len(parts) + 1), units)
    return OutSheet("Out_Components", "What the stock of the plan is for", tables)


def tradeoff_sheet(plan: Plan, freed: Plan | None) -> OutSheet:
    """What limits on stock, frozen times and cash cost, and all that bind, promises to customers among them.

    `freed` is the plan without those limits, None where there are none.
    """
    costs: tuple[tuple[str, float], ...] = (
        ("Cost of the plan", plan.cost),
        ("Cost without limits on stock, frozen times and cash", plan.cost if freed is None else freed.cost),
        ("Price of those limits", 0.0 if freed is None else max(plan.cost - freed.cost, 0.0)),
        ("Single-stage planning", plan.baseline_cost),
    )
    given_up = Table(
        "What was given up",
        (
            Column("Choice", [choice for choice, _ in costs], width=44.0),
            Column("Cost [per period]", [cost for _, cost in costs], "money"),
        ),
    )
    priced_first = sorted(plan.binding, key=lambda limit: limit.startswith("service_time"))
    binding = [limit_in_words(limit) for limit in priced_first]
    limits = Table(
        "Limits that bind", (Column("Limit", [*binding] or ["No limit holds the plan back"], width=44.0),)
    )
    note = "A promised service time holds at every cost below, the other limits at that of the plan alone."
    notes = (*_proof_notes(plan), note)
    return OutSheet("Out_Tradeoffs", "Limits, and what they cost", (given_up, limits), notes)


def limit_in_words(limit: str) -> str:
    """One of `Plan.binding` as people write it: `min stock of Shop` for `min_stock of Shop`."""
    name, of, stage = limit.partition(" of ")
    return name.replace("_", " ") + of + stage
