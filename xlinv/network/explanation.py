"""A plan in sentences: what a stage protects, over which time, and why its stock is where it is."""

from typing import Final

import numpy as np

from xlinv.network.plan import Plan
from xlinv.network.requirements import units_of

_NAMED: Final = 3
_NOTHING: Final = 1e-9


def explanation(plan: Plan, i: int) -> str:
    """The sentences on one stage."""
    if plan.method == "stochastic":
        return " ".join([_protected(plan, i), _kept(plan, i)])
    return " ".join([_protected(plan, i), _covered(plan, i), *_reasons(plan, i)])


def _protected(plan: Plan, i: int) -> str:
    """The demand stages that a stage serves, those first whose deviation counts most for it."""
    data = plan.network.arrays
    units = units_of(data, i)
    served = np.flatnonzero((units > 0) & ~np.isnan(data.demand_sd))
    first = served[np.argsort(-units[served] * data.demand_sd[served], kind="stable")[:_NAMED]]
    names = ", ".join(plan.network.stages[d].name for d in first.tolist())
    more = f" and {len(served) - _NAMED} more" if len(served) > _NAMED else ""
    name = plan.network.stages[i].name
    if served.tolist() == [i]:
        return f"{name} protects its own demand."
    return f"{name} protects the demand at {names}{more}."


def _kept(plan: Plan, i: int) -> str:
    """What a stage keeps where nobody promises a time."""
    base, time, safety, alone = (
        plan.columns[name][i] for name in ("base_stock", "lead_time", "safety_stock", "single_stage_stock")
    )
    against = f"{_amount(safety)} units more" if safety >= 0 else f"{_amount(-safety)} units less"
    return (
        f"It ships what it has as soon as it is asked, and orders back up to {_amount(base)} units: "
        f"{against} than the mean demand over the {time:g} periods that it takes, where planned alone it "
        f"would keep {_amount(alone)} more. Holding that much, and no more, makes stock and stockouts "
        "together cheapest."
    )


def _covered(plan: Plan, i: int) -> str:
    """The time that a stage's stock covers, and what it therefore holds."""
    column = {name: values[i] for name, values in plan.columns.items()}
    review, net = plan.network.stages[i].review_period, column["net_replenishment_time"]
    until = f", up to {review:g} of that until its next review," if review else ""
    parts = (
        f"It waits {column['inbound_service_time']:g} periods for its suppliers, takes "
        f"{column['lead_time']:g} itself{until} and promises {column['outbound_service_time']:g} to its "
        "customers"
    )
    held = f"a safety stock of {_amount(column['safety_stock'])} units worth {_amount(column['value'])}."
    if net > 0:
        return f"{parts}, so its stock must cover {net:g} periods of demand: {held}"
    if column["safety_stock"] <= _NOTHING:
        return f"{parts}, so no demand is left to cover and it holds no safety stock."
    return f"{parts}, so that on average no demand is left to cover; {_in_spite(plan, i)} it holds {held}"


def _in_spite(plan: Plan, i: int) -> str:
    """Why a stage that covers no time holds stock all the same."""
    stage = plan.network.stages[i]
    if f"min_stock of {stage.name}" in plan.binding:
        return "by its least stock"
    if stage.lead_time_sd > 0:
        return "against a lead time that varies"
    return "against orders that a limited capacity holds up"


def _reasons(plan: Plan, i: int) -> list[str]:
    """Why the outbound time is what it is, and what the stage saves against planning alone."""
    network, stage = plan.network, plan.network.stages[i]
    outbound = plan.columns["outbound_service_time"]
    inbound = plan.columns["inbound_service_time"]
    column = {name: values[i] for name, values in plan.columns.items()}
    sentences = [
        sentence
        for limit, sentence in (
            ("min_stock", "Its least stock asks for that much."),
            ("max_stock", "Its greatest stock allows no more."),
        )
        if column["net_replenishment_time"] > 0 and f"{limit} of {stage.name}" in plan.binding
    ]
    if column["early_arrival_stock"] > _NOTHING:
        sentences.append(f"Units that arrive early add {_amount(column['early_arrival_stock'])}.")
    customers = network.arrays.downstream.neighbours(i).tolist()
    waiting = [network.stages[j].name for j in customers if np.isclose(inbound[j], outbound[i])]
    if stage.frozen_service_time is not None:
        sentences.append("Its service time is frozen.")
    elif stage.has_demand and np.isclose(outbound[i], stage.service_time or 0.0):
        sentences.append(f"It may not promise more than {stage.service_time:g}, and uses all of that.")
    elif column["net_replenishment_time"] <= 0:
        sentences.append("Stock held further down covers its time more cheaply.")
    elif outbound[i] <= 0:
        sentences.append("It delivers from stock, which spares its customers waiting.")
    elif waiting:
        sentences.append(f"A longer promise would make {', '.join(waiting[:_NAMED])} wait longer.")
    alone, cost = column["single_stage_cost"], column["cost"]
    if cost < alone:
        sentences.append(f"Planned alone it would cost {_amount(alone)} instead of {_amount(cost)}.")
    elif cost > alone:
        sentences.append(
            f"It costs {_amount(cost)}, not {_amount(alone)} as if planned alone, and spares others more."
        )
    return sentences


def _amount(value: float) -> str:
    """Units or money as one reads them, with no more than four digits below 1,000."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
