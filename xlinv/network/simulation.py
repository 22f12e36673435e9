"""Simulation of any stock levels on any network: achieved service, stock and backorders per stage."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from numbers import Real
from typing import TYPE_CHECKING, Final

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.kernels import network_flow as flow
from xlinv.kernels.network_flow import Disruptions, flow_through
from xlinv.network.demand import Family
from xlinv.network.flow_model import FlowModel, flow_model
from xlinv.network.model import Network, require_network
from xlinv.network.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

PerStage = Mapping[str, float] | Sequence[float] | Floats
DemandFilter = Callable[[Floats], Floats]

# Below this many stage-periods plain Python is done before a compiler has been loaded.
_COMPILE_FROM_STAGE_PERIODS: Final = 50_000
_DRAWS_AT_ONCE: Final = 1 << 17
NO_DISRUPTIONS: Final = Disruptions(
    np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
)


@dataclass(frozen=True, slots=True)
class Simulation:
    """What was achieved, per measure an array (replications, stages) in the order of the stage table.

    `cycle_service`: share of review cycles in which nothing due was late. `fill_rate`: share of the units due
    that were shipped when due. `ready_rate`: share of periods that ended without backorders. `on_hand`,
    `backorders`, `customer_backorders` (those of the stage's own customers), `in_process`, `unmatched`
    (delivered to a stage that lacks other parts): units, mean over period ends. `orders`: orders per period.
    """

    names: tuple[str, ...] = field(repr=False)
    periods: int
    seed: int
    confidence: float
    measures: Mapping[str, Floats] = field(repr=False)
    unit_value: Floats = field(repr=False)

    def mean(self, measure: str) -> Floats:
        """The estimate per stage."""
        return np.asarray(self.measures[measure].mean(axis=0))

    def half_width(self, measure: str) -> Floats:
        """Half the width of the confidence interval per stage, by Student's t over replications."""
        from scipy.special import stdtrit

        values = self.measures[measure]
        replications = len(values)
        t = float(stdtrit(replications - 1, 0.5 + self.confidence / 2))
        return np.asarray(t * values.std(axis=0, ddof=1) / replications**0.5)

    @property
    def stages(self) -> "pd.DataFrame":
        """One row per stage: each measure, its half width, and the mean stock on hand in money."""
        import pandas as pd

        columns: dict[str, object] = {"stage": self.names}
        for measure in self.measures:
            columns[measure] = self.mean(measure)
            columns[f"{measure} ±"] = self.half_width(measure)
        columns["stock_value"] = self.mean("on_hand") * self.unit_value
        return pd.DataFrame(columns)


def simulate(
    network: Network,
    levels: Plan | PerStage,
    *,
    service_times: PerStage | None = None,
    periods: int = 1000,
    replications: int = 20,
    seed: int = 1,
    warm_up: int | None = None,
    demand_family: Family | Mapping[str, Family] | None = None,
    orders_cross: bool = True,
    confidence: float = 0.95,
    threads: int | None = None,
) -> Simulation:
    """Simulate base stock `levels` (units, by stage name or in table order) or a plan on any acyclic network.

    Each period demand arrives, every stage orders what its position lacks of its level (at its reviews, in
    whole batches, never more than its capacity lets it start until the next), suppliers ship what is due and
    in stock, and what has all its components is started. A level below 0 means that so much waits to be
    ordered for, as is best at times in a distribution tree.
    A stage with an outbound service time in `service_times` (periods; 0 where unsaid) ships that much after
    the order. `periods` are counted after `warm_up` (unsaid, twice the longest path). Unmet demand waits.
    Customers share short stock in proportion to what is due to them. Drawn lead times are rounded to whole
    periods, and orders overtake each other unless `orders_cross` is False. Equal seeds give equal results
    on any number of threads, and equal demand to different levels. Raises InputError.
    """
    require_network(network)
    checked(periods, replications, seed, confidence)
    model = flow_model(network, *levels_and_times(network, levels, service_times), demand_family)
    warm_up = warm_up_of(model) if warm_up is None else warm_up
    check_whole("warm_up", warm_up, 0)
    measures = run(model, periods, replications, seed, warm_up, orders_cross, threads)
    return simulation_of(network, model, periods, seed, confidence, measures)


def checked(periods: int, replications: int, seed: int, confidence: float) -> None:
    """Raises InputError for a number that no simulation can run with."""
    check_whole("periods", periods, 1)
    check_whole("replications", replications, 2)
    check_whole("seed", seed, 0)
    if not (isinstance(confidence, Real) and 0 < confidence < 1):
        raise InputError("confidence", "must be in (0, 1)", confidence)


def check_whole(name: str, value: object, least: int, place: str = "") -> None:
    """Raises InputError for what is no whole number of at least that and fewer than 64 bits."""
    if isinstance(value, bool) or not (isinstance(value, int | np.integer) and value >= least):
        raise InputError(name, f"must be a whole number >= {least}", value, place)
    if value >= 2**63:
        raise InputError(name, "must be < 2**63", value, place)


def levels_and_times(
    network: Network, levels: Plan | PerStage, service_times: PerStage | None
) -> tuple[Floats, Floats]:
    """Base stock levels and outbound service times in table order, those of the plan where it is one."""
    if isinstance(levels, Plan):
        others = [stage.name for stage in levels.network.stages]
        if others != [stage.name for stage in network.stages]:
            unlike = next((name for name in others if name not in network.index), others[0])
            raise InputError("levels", "must be a plan for the stages of this network", unlike)
        service_times = (
            levels.columns.get("outbound_service_time") if service_times is None else service_times
        )
        levels = levels.columns["base_stock"]
    delays = np.zeros(len(network))
    if service_times is not None:
        delays = _per_stage(network, "service_time", service_times)
        for stage, delay in zip(network.stages, delays.tolist(), strict=True):
            if delay < 0:
                raise InputError("service_time", "must be >= 0", delay, stage.name)
    return _per_stage(network, "base_stock_level", levels), delays


def warm_up_of(model: FlowModel) -> int:
    """Periods after which the start is forgotten: twice the longest path, and some."""
    return 2 * -(-model.longest_path // model.steps_per_period) + 10


def simulation_of(
    network: Network,
    model: FlowModel,
    periods: int,
    seed: int,
    confidence: float,
    measures: Mapping[str, Floats],
) -> Simulation:
    """Measures with what is needed to read them."""
    names = tuple(stage.name for stage in network.stages)
    return Simulation(names, periods, seed, confidence, measures, model.requirements.unit_value)


def run(
    model: FlowModel,
    periods: int,
    replications: int,
    seed: int,
    warm_up: int,
    orders_cross: bool,
    threads: int | None = None,
    demand_filter: Callable[[], DemandFilter] | None = None,
) -> dict[str, Floats]:
    """Every measure of `Simulation`, shaped (replications, stages in table order)."""

    compiled = worth_compiling(model, periods + warm_up, replications)

    def total(replication: int) -> Floats:
        chosen = demand_filter() if demand_filter else None
        return replicate(
            model, periods, seed, replication, warm_up, orders_cross, compiled, demand_filter=chosen
        )[0]

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        totals = np.stack(list(pool.map(total, range(replications))))
    totals = totals[:, model.position]
    steps = periods * model.steps_per_period
    due = totals[..., flow.DUE]
    return {
        "cycle_service": _share(totals[..., flow.SERVED_CYCLES], totals[..., flow.CYCLES]),
        "fill_rate": _share(due - totals[..., flow.LATE], due),
        "ready_rate": totals[..., flow.READY] / steps,
        "on_hand": totals[..., flow.ON_HAND] / steps,
        "backorders": totals[..., flow.BACKORDERS] / steps,
        "customer_backorders": totals[..., flow.OWED_TO_CUSTOMERS] / steps,
        "in_process": totals[..., flow.IN_PROCESS] / steps,
        "unmatched": totals[..., flow.UNMATCHED] / steps,
        "orders": totals[..., flow.ORDERS] / periods,
    }


def worth_compiling(model: FlowModel, periods: int, replications: int) -> bool:
    """Whether this much simulation takes longer in plain Python than loading the compiled kernel."""
    steps = periods * model.steps_per_period
    return steps * replications * len(model.network.lead_time) >= _COMPILE_FROM_STAGE_PERIODS


def replicate(
    model: FlowModel,
    periods: int,
    seed: int,
    replication: int,
    warm_up: int,
    orders_cross: bool,
    compiled: bool,
    disruptions: Disruptions = NO_DISRUPTIONS,
    demand_filter: DemandFilter | None = None,
) -> tuple[Floats, Floats]:
    """One replication: totals (positions, totals) over the periods counted, and the series from the start."""
    network = model.network
    state = model.start()
    steps = (warm_up + periods) * model.steps_per_period
    advance = flow_through.compiled() if compiled else flow_through.py_func
    chunk = max(_DRAWS_AT_ONCE // len(model.demand.streams), 64)
    series = []
    for first in range(0, steps, chunk):
        count = min(chunk, steps - first)
        demand = model.demand.draw(seed, replication, first, count)
        if demand_filter:
            demand = demand_filter(demand)
        draws = np.zeros((count, 1), np.int64)
        if model.lead_times:
            draws = np.rint(model.lead_times.draw(seed, replication, first, count)).astype(np.int64)
        series.append(
            advance(
                demand,
                draws,
                network,
                state,
                disruptions,
                first,
                warm_up * model.steps_per_period,
                orders_cross,
            )
        )
    return state.total, np.concatenate(series)


def _share(part: Floats, whole: Floats) -> Floats:
    """Part of the whole, 1 where there is no whole."""
    return np.asarray(np.divide(part, whole, out=np.ones_like(whole), where=whole > 0))


def _per_stage(network: Network, name: str, values: PerStage) -> Floats:
    """Values by stage name, or in table order, as an array in table order."""
    if isinstance(values, Mapping):
        missing = [stage.name for stage in network.stages if stage.name not in values]
        if missing:
            raise InputError(name, "must be given for every stage", missing[0])
        unknown = [stage for stage in values if stage not in network.index]
        if unknown:
            raise InputError(name, "must belong to a stage of the network", unknown[0])
        values = [values[stage.name] for stage in network.stages]
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise InputError(name, "must be numbers", values) from None
    if array.shape != (len(network),):
        raise InputError(name, f"must have one value for each of {len(network)} stages", array.shape)
    for stage, value in zip(network.stages, array.tolist(), strict=True):
        if not np.isfinite(value):
            raise InputError(name, "must be finite", value, stage.name)
    return array
