"""A plan in sentences: what a stage protects, over which time, and why its stock is where it is."""

import numpy as np

from xlinv.network.plan import Plan
from xlinv.network.requirements import paths_to

_NAMED = 3


def explanation(plan: Plan, i: int) -> str:
    """The sentences on one stage."""
    if plan.method == "stochastic":
        return " ".join([_protected(plan, i), _kept(plan, i)])
    return " ".join([_protected(plan, i), _covered(plan, i), *_reasons(plan, i)])


def _protected(plan: Plan, i: int) -> str:
    data = plan.network.arrays
    demands = np.flatnonzero(~np.isnan(data.demand_sd))
    reach = paths_to(data, demands)[i]
    served = demands[reach > 0]
    share = (reach[reach > 0] * data.demand_sd[served]) ** 2
    first = served[np.argsort(-share, kind="stable")[:_NAMED]]
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
    against = f"{safety:g} units more" if safety >= 0 else f"{-safety:g} units less"
    return (
        f"It ships what it has as soon as it is asked, and orders back up to {base:g} units: {against} than "
        f"the mean demand over the {time:g} periods that it takes, where planned alone it would keep "
        f"{alone:g} more. Holding that much, and no more, makes stock and stockouts together cheapest."
    )


def _covered(plan: Plan, i: int) -> str:
    column = {name: values[i] for name, values in plan.columns.items()}
    net = column["net_replenishment_time"]
    parts = (
        f"It waits {column['inbound_service_time']:g} for its suppliers, takes {column['lead_time']:g} "
        f"itself and promises {column['outbound_service_time']:g} to its customers"
    )
    if net <= 0:
        return f"{parts}, so no demand is left to cover and it holds no safety stock."
    return (
        f"{parts}, so its stock must cover {net:g} periods of demand: a safety stock of "
        f"{column['safety_stock']:g} units worth {column['value']:g}."
    )


def _reasons(plan: Plan, i: int) -> list[str]:
    """Why the outbound time is what it is, and what the stage saves against planning alone."""
    network, stage = plan.network, plan.network.stages[i]
    outbound = plan.columns["outbound_service_time"]
    inbound = plan.columns["inbound_service_time"]
    column = {name: values[i] for name, values in plan.columns.items()}
    sentences = []
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
    alone = column["single_stage_cost"]
    if column["cost"] < alone:
        sentences.append(f"Planned alone it would cost {alone:g} instead of {column['cost']:g}.")
    elif column["cost"] > alone:
        sentences.append(
            f"It costs {column['cost']:g}, not {alone:g} as if planned alone, and spares others more."
        )
    return sentences
