"""Optimise: where a network should hold how much, what it saves, and what stands in the way."""

from dataclasses import dataclass
from typing import Any, Final

from xlinv.actions.network_sheets import (
    comparison_sheet,
    components_sheet,
    network_sheet,
    recommendation_sheet,
    tradeoff_sheet,
)
from xlinv.actions.network_tables import network_sources, read_network
from xlinv.actions.report import Report
from xlinv.actions.running import Run
from xlinv.actions.settings import named_number, named_text
from xlinv.actions.source import Source
from xlinv.cells import Floats
from xlinv.network.columns import likely_meant
from xlinv.network.methods import optimise
from xlinv.network.model import Network
from xlinv.network.plan import Plan

SINGLE_STAGE: Final = "single-stage"
_LIMITS: Final = ("min_stock", "max_stock", "min_stock_days", "max_stock_days", "frozen_service_time")


@dataclass(frozen=True)
class Solved:
    """A plan with the tables and settings that it came from."""

    plan: Plan
    sources: tuple[Source, Source]
    settings: dict[str, str]
    single_stage: bool = False

    @property
    def stock(self) -> Floats:
        """Safety stock that is recommended, per stage."""
        return self.plan.columns["single_stage_stock" if self.single_stage else "safety_stock"]

    @property
    def cost(self) -> float:
        return self.plan.baseline_cost if self.single_stage else self.plan.cost


def network(
    run: Run,
    stages: str | None = None,
    arcs: str | None = None,
    method: str | None = None,
    time_limit: float | None = None,
    round_up: bool = False,
) -> Report:
    """Place safety stock across the whole network at least holding cost."""
    solved = _solve(run, stages, arcs, method, time_limit, round_up)
    return _report(run, solved)


def single_stage(
    run: Run, stages: str | None = None, arcs: str | None = None, time_limit: float | None = None
) -> Report:
    """Let every stage protect its own lead time at its own service, without regard to the others."""
    solved = _solve(run, stages, arcs, "guaranteed", time_limit, round_up=False)
    return _report(
        run, Solved(solved.plan, solved.sources, {**solved.settings, "method": SINGLE_STAGE}, True)
    )


def components(run: Run, stages: str | None = None, arcs: str | None = None) -> Report:
    """Split what the plan holds into safety, cycle, pipeline and early-arrival stock."""
    solved = _solve(run, stages, arcs, None, None, round_up=False)
    return Report(
        "The stock of the plan stands in Out_Components, split by what it is for.",
        (components_sheet(solved.plan),),
        solved.sources,
        solved.settings,
        solved.plan.cost,
        solved.plan.lower_bound,
        solved.plan.gap,
    )


def _solve(
    run: Run,
    stages: str | None,
    arcs: str | None,
    method: str | None,
    time_limit: float | None,
    round_up: bool,
) -> Solved:
    sources = network_sources(run.book, stages, arcs)
    net = read_network(*sources)
    method = method or named_text(run.book, "set_Method", "guaranteed")
    settings = {"method": method}
    options: dict[str, Any] = {}
    if method == "guaranteed":
        limit = time_limit or named_number(run.book, "set_TimeLimit", 60.0)
        cap = named_number(run.book, "in_CashCap")
        options = {"time_limit": limit, "progress": _progress(run, limit or 60.0), "round_up": round_up}
        settings |= {"time_limit": str(limit), "round_up": str(round_up)}
        if cap is not None:
            options["cash_cap"] = cap
            settings["cash_cap"] = str(cap)
        if net.lead_times_vary:
            options["variable_lead_times"] = True
            settings["variable_lead_times"] = "True"
    run.progress(0.0, f"{len(net.stages)} stages")
    return Solved(optimise(net, method, **options), sources, settings)


def _progress(run: Run, limit: float) -> Any:
    def told(seconds: float, cost: float, bound: float) -> bool:
        gap = (cost - bound) / cost if cost > 0 else 0.0
        run.progress(min(seconds / limit, 1.0), f"cost {cost:,.0f}, gap {gap:.2%}")
        return True

    return told


def _report(run: Run, solved: Solved) -> Report:
    plan = solved.plan
    change = named_number(run.book, "set_MaxChangePct")
    return Report(
        _message(solved) + _misspelt(plan.network),
        (
            network_sheet(plan, solved.stock),
            comparison_sheet(plan),
            recommendation_sheet(plan, solved.stock, change),
            components_sheet(plan),
            tradeoff_sheet(plan, _without_limits(run, solved)),
        ),
        solved.sources,
        solved.settings,
        solved.cost,
        plan.lower_bound,
        plan.gap,
    )


def _message(solved: Solved) -> str:
    plan = solved.plan
    proof = "proved optimal" if plan.optimal else f"within {plan.gap:.2%} of the best possible"
    share = plan.saving / plan.baseline_cost if plan.baseline_cost else 0.0
    value = float((solved.stock * plan.columns["unit_value"]).sum())
    if solved.single_stage:
        return (
            f"Single-stage safety stock is worth {value:,.0f}. The network plan costs {plan.saving:,.0f} "
            f"less per period ({share:.1%}) at the same service."
        )
    return (
        f"Safety stock worth {value:,.0f} at {int((solved.stock > 0).sum())} of {len(solved.stock)} stages, "
        f"{proof}. It costs {plan.saving:,.0f} less per period ({share:.1%}) than single-stage planning."
    )


def _misspelt(network: Network) -> str:
    """Headings that nothing was read from, if they look like mistakes: a book may hold columns of its own."""
    meant = {heading: likely_meant(heading) for heading in network.ignored_columns}
    told = [f"{heading} (did you mean {near}?)" for heading, near in meant.items() if near]
    return f" Columns not understood, and left out: {', '.join(told)}." if told else ""


def _without_limits(run: Run, solved: Solved) -> Plan | None:
    """The plan that the network would have without limits on stock, service times and cash."""
    net = solved.plan.network
    limited = any(getattr(stage, name) is not None for stage in net.stages for name in _LIMITS)
    if solved.settings["method"] == "stochastic" or not (limited or "cash_cap" in solved.settings):
        return None
    free = dict.fromkeys(_LIMITS)
    stages = tuple(stage.model_copy(update=free) for stage in net.stages)
    limit = float(solved.settings["time_limit"])
    options = {"time_limit": limit, "progress": _progress(run, limit)}
    for name in ("round_up", "variable_lead_times"):
        if solved.settings.get(name) == "True":
            options[name] = True
    return optimise(Network(stages=stages, arcs=net.arcs), "guaranteed", **options)
