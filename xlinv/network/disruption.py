"""What a disruption does to a network: time to recover, units that customers miss, cash it takes."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from numbers import Real
from typing import TYPE_CHECKING, Final

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.kernels import network_flow as flow
from xlinv.kernels.network_flow import Disruptions
from xlinv.network.demand import Family
from xlinv.network.flow_model import FlowModel, flow_model
from xlinv.network.model import Network, require_network
from xlinv.network.plan import Plan
from xlinv.network.simulation import (
    NO_DISRUPTIONS,
    PerStage,
    check_whole,
    levels_and_times,
    replicate,
    warm_up_of,
    worth_compiling,
)

if TYPE_CHECKING:
    import pandas as pd

_RECOVERED: Final = 1e-6


@dataclass(frozen=True, slots=True)
class StageDown:
    """A stage starts nothing for `duration` periods from period `start` on; its stock still ships."""

    stage: str
    start: int
    duration: int


@dataclass(frozen=True, slots=True)
class DemandShift:
    """Demand is `factor` (>= 0) times itself, at `stage` or, unsaid, everywhere."""

    factor: float
    start: int
    duration: int
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class LongerLeadTime:
    """What a stage starts takes `extra` (>= 0, whole) periods longer."""

    stage: str
    extra: int
    start: int
    duration: int


Disruption = StageDown | DemandShift | LongerLeadTime


@dataclass(frozen=True, slots=True)
class Recovery:
    """A disrupted network beside the same network undisturbed, under the same demand.

    Per replication: `time_to_recover`, periods from the first disruption until customers miss no more than
    undisturbed, up to the end simulated where `recovered` is False; `units_short`, units late to customers
    beyond those late anyway; `cash_at_trough`, the lowest point of the cash lost, in money (0 or negative),
    customers paying the unit value on delivery and every stage paying the cost it adds when it starts.
    Per period, mean over replications: backorders of customers with and without, and the cash lost so far.
    """

    time_to_recover: Floats
    recovered: np.ndarray
    units_short: Floats
    cash_at_trough: Floats
    backorders: Floats = field(repr=False)
    undisturbed_backorders: Floats = field(repr=False)
    cash: Floats = field(repr=False)

    @property
    def periods(self) -> "pd.DataFrame":
        """One row per period: backorders with and without the disruption, and cash."""
        import pandas as pd

        return pd.DataFrame(
            {
                "period": np.arange(len(self.cash)),
                "backorders": self.backorders,
                "undisturbed_backorders": self.undisturbed_backorders,
                "cash": self.cash,
            }
        )

    def summary(self) -> dict[str, float]:
        """Means over replications; recovered is the share of them that did."""
        return {
            "time_to_recover": float(self.time_to_recover.mean()),
            "recovered": float(self.recovered.mean()),
            "units_short": float(self.units_short.mean()),
            "cash_at_trough": float(self.cash_at_trough.mean()),
        }


def disrupt(
    network: Network,
    levels: Plan | PerStage,
    disruptions: Sequence[Disruption],
    *,
    service_times: PerStage | None = None,
    periods: int | None = None,
    replications: int = 20,
    seed: int = 1,
    demand_family: Family | Mapping[str, Family] | None = None,
) -> Recovery:
    """Simulate a network with and without disruptions, otherwise as `simulate` does.

    Periods count from 0 after the warm-up; unsaid, `periods` reach to the end of the last disruption and
    five times the longest path beyond. Raises InputError for a disruption that names no stage or no time.
    """
    require_network(network)
    listed = isinstance(disruptions, Sequence) and not isinstance(disruptions, str) and len(disruptions) > 0
    if not listed or not all(isinstance(disruption, Disruption) for disruption in disruptions):
        rule = "must be a list of StageDown, DemandShift and LongerLeadTime, at least one"
        raise InputError("disruptions", rule, disruptions)
    for disruption in disruptions:
        _check(network, disruption)
    check_whole("replications", replications, 1)
    check_whole("seed", seed, 0)
    base_stock, delays = levels_and_times(network, levels, service_times)
    model = flow_model(network, base_stock, delays, demand_family)
    end = max(disruption.start + disruption.duration for disruption in disruptions)
    if periods is None:
        periods = end + 5 * (-(-model.longest_path // model.steps_per_period) + 2)
    # The disruptions must have ended for a recovery to be seen.
    check_whole("periods", periods, end + 1)
    warm_up = warm_up_of(model)
    rows = _rows(network, model, disruptions, warm_up)
    roomy = _with_room(model, rows)
    compiled = worth_compiling(model, periods + warm_up, 2 * replications)

    def series(replication: int) -> Floats:
        pair = [
            replicate(roomy, periods, seed, replication, warm_up, True, compiled, disruptions=chosen)[1]
            for chosen in (rows, NO_DISRUPTIONS)
        ]
        return np.stack(pair)[:, warm_up * model.steps_per_period :]

    with ThreadPoolExecutor() as pool:
        found = np.stack(list(pool.map(series, range(replications))))
    start = min(disruption.start for disruption in disruptions)
    return _recovery(found, model, start, periods)


def _recovery(series: Floats, model: FlowModel, start: int, periods: int) -> Recovery:
    """Recovery from series shaped (replications, with and without, steps, columns)."""
    replications, steps = len(series), model.steps_per_period
    by_period = series.reshape(replications, 2, periods, steps, flow.SERIES)
    flows, levels = by_period.sum(axis=3), by_period[:, :, :, -1]
    backorders = levels[..., flow.CUSTOMER_BACKORDERS]
    extra = backorders[:, 0] - backorders[:, 1]
    income = flows[..., flow.RECEIPTS] - flows[..., flow.SPENDING]
    cash = np.cumsum(income[:, 0] - income[:, 1], axis=1)
    suffers = extra > _RECOVERED * (1.0 + float(np.sum(model.demand.mean)) * steps)
    last = np.where(suffers.any(axis=1), periods - np.argmax(suffers[:, ::-1], axis=1), start)
    late = flows[..., flow.LATE_TO_CUSTOMERS].sum(axis=2)
    return Recovery(
        time_to_recover=np.maximum(last - start, 0).astype(np.float64),
        recovered=~suffers[:, -1],
        units_short=late[:, 0] - late[:, 1],
        cash_at_trough=np.minimum(cash.min(axis=1), 0.0),
        backorders=backorders[:, 0].mean(axis=0),
        undisturbed_backorders=backorders[:, 1].mean(axis=0),
        cash=cash.mean(axis=0),
    )


def _rows(network: Network, model: FlowModel, disruptions: Sequence[Disruption], warm_up: int) -> Disruptions:
    """Disruptions as the kernel reads them, one row per stage that is hit."""
    steps = model.steps_per_period
    rows: list[tuple[int, int, int, int, float]] = []
    for disruption in disruptions:
        begin = (warm_up + disruption.start) * steps
        end = begin + disruption.duration * steps
        if isinstance(disruption, StageDown):
            hit, kind, amount = [disruption.stage], flow.DOWN, 0.0
        elif isinstance(disruption, LongerLeadTime):
            hit, kind, amount = [disruption.stage], flow.LONGER_LEAD_TIME, float(disruption.extra * steps)
        else:
            everywhere = [stage.name for stage in network.stages if stage.has_demand]
            hit = everywhere if disruption.stage is None else [disruption.stage]
            kind, amount = flow.DEMAND_FACTOR, float(disruption.factor)
        rows += [(kind, int(model.position[network.index[name]]), begin, end, amount) for name in hit]
    table = np.array(rows)
    kinds, stages, begins, ends = (np.ascontiguousarray(column) for column in table[:, :4].T.astype(np.int64))
    return Disruptions(kinds, stages, begins, ends, table[:, 4].copy())


def _with_room(model: FlowModel, rows: Disruptions) -> FlowModel:
    """The model with rings long enough for all lead times that grow at once."""
    longer = np.zeros(len(model.network.lead_time), np.int64)
    grows = rows.kind == flow.LONGER_LEAD_TIME
    np.add.at(longer, rows.stage[grows], rows.amount[grows].astype(np.int64))
    return model.with_longer_lead_times(longer)


def _check(network: Network, disruption: Disruption) -> None:
    kind = type(disruption).__name__
    if disruption.stage is not None and disruption.stage not in network.index:
        raise InputError("stage", "must be a stage of the network", disruption.stage, kind)
    if isinstance(disruption, DemandShift):
        stage = disruption.stage
        if stage is not None and not network.stages[network.index[stage]].has_demand:
            raise InputError("stage", "must have demand of its own", stage, kind)
        if not (isinstance(disruption.factor, Real) and 0 <= disruption.factor < np.inf):
            raise InputError("factor", "must be >= 0 and finite", disruption.factor, kind)
    check_whole("start", disruption.start, 0, kind)
    check_whole("duration", disruption.duration, 1, kind)
    if isinstance(disruption, LongerLeadTime):
        check_whole("extra", disruption.extra, 0, kind)
