"""Time-phased plans: demand that changes by phase, service times that do not.

Graves & Willems (2008), M&SOM 10(2): service times stay what they are through all phases and are chosen for
the least average cost; Neale & Willems (2009), Interfaces 39(5): stock follows demand, each stage
holding at a date what its net replenishment time ahead needs, phase by phase.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.network.columns import PHASE_COLUMNS, fields_of_headings, missing_columns
from xlinv.network.guaranteed import GuaranteedOptions, optimise_guaranteed, requirements_under
from xlinv.network.methods import options_of
from xlinv.network.model import Network, NetworkError, require_network
from xlinv.network.plan import Plan
from xlinv.network.requirements import Requirements, paths_to
from xlinv.network.stock import stock_rules
from xlinv.network.tables import is_blank, records_of, value_of

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = (
    "Part", "Site", "End Items", "Description", "Responsible", "Type", "Safety Stock Model", "Date",
    "Current", "Recommended", "Current %", "Calculated %",
)  # fmt: skip
_NAMED: Final = 5
_MONTH: Final = re.compile(r"\d{4}-\d{2}")

PhaseDemand = dict[datetime, dict[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Phase:
    """A span of time with its own demand; `length` in periods, the last one's that of the one before."""

    start: datetime
    length: float
    network: Network


@dataclass(frozen=True)
class PhasedPlan:
    """One set of service times for all phases, and the stock of each stage at the start of each phase.

    `plan` holds the service times and costs averaged over the phases; `safety_stock[p, i]` is the stock of
    stage i at the start of phase p, in units. `notes` are those of the plan, and where a phase needs more
    than the greatest stock, which service times keep on average only.
    """

    plan: Plan
    phases: tuple[Phase, ...] = field(repr=False)
    safety_stock: Floats = field(repr=False)
    deviation: Floats = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def table(self) -> "pd.DataFrame":
        """One row per stage and phase. `Current %` and `Calculated %` are the cycle service levels, as
        fractions, that current and recommended stock give at the start of the phase."""
        import pandas as pd
        from scipy.special import ndtr

        network = self.plan.network
        ends = _end_items(network)
        rows: list[tuple[Any, ...]] = []
        for i, stage in enumerate(network.stages):
            for p, phase in enumerate(self.phases):
                recommended, deviation = float(self.safety_stock[p, i]), float(self.deviation[p, i])
                levels = [
                    None if stock is None else float(ndtr(stock / deviation)) if deviation > 0.0 else 1.0
                    for stock in (stage.current_stock, recommended)
                ]
                rows.append(
                    (
                        stage.item or stage.name, stage.site, ends[i], stage.description, stage.responsible,
                        stage.type, self.plan.method, phase.start, stage.current_stock, recommended, *levels,
                    )
                )  # fmt: skip
        return pd.DataFrame(rows, columns=list(COLUMNS))


def optimise_phases(
    network: Network,
    phases: "pd.DataFrame | Sequence[dict[str, Any]]",
    *,
    days_per_period: float = 1.0,
    **options: Any,
) -> PhasedPlan:
    """The time-phased plan of a network under guaranteed service.

    `phases` has one row per phase and demand stage: date (start of the phase), stage, demand_mean, demand_sd;
    a stage without a row keeps the demand of the network. `days_per_period` relates dates to periods. The
    other options are those of `optimise`. Raises NetworkError with every problem of the table.
    """
    require_network(network)
    chosen = options_of("guaranteed", GuaranteedOptions, options)
    if chosen.variable_lead_times:
        raise InputError("variable_lead_times", "must be off for phases", True)
    limited = next((stage for stage in network.stages if stage.capacity is not None), None)
    if limited is not None:
        raise InputError("capacity", "must be blank for phases", limited.capacity, limited.name)
    spans = _read_phases(network, phases, days_per_period)
    needs = [requirements_under(phase.network, chosen) for phase in spans]
    plan = optimise_guaranteed(network, chosen, _average(needs, np.array([phase.length for phase in spans])))
    time = plan.columns["net_replenishment_time"]
    safety = _over_windows(spans, time, [need.safety for need in needs])
    rules = [stock_rules(network, need, False) for need in needs]
    stock = np.maximum(safety, [rule.least for rule in rules])
    return PhasedPlan(
        plan=plan,
        phases=tuple(spans),
        safety_stock=stock,
        deviation=_over_windows(spans, time, [need.deviation for need in needs]),
        notes=(*plan.notes, *_beyond(network, spans, stock, np.array([rule.most for rule in rules]))),
    )


def _beyond(network: Network, phases: list[Phase], stock: Floats, most: Floats) -> list[str]:
    return [
        f"In the phase from {phases[p].start:%Y-%m-%d} {network.stages[i].name} needs {stock[p, i]:g} units, "
        f"more than its greatest stock of {most[p, i]:g}."
        for p, i in np.argwhere(stock > most * (1.0 + 1e-9)).tolist()
    ]


def _average(needs: list[Requirements], length: Floats) -> Requirements:
    """Requirements averaged over time: stock is proportional to safety, and so is its average."""
    weight = length / length.sum()

    def mean(values: list[Floats]) -> Floats:
        averaged: Floats = weight @ np.array(values)
        return averaged

    return Requirements(
        unit_value=needs[0].unit_value,
        holding_cost=needs[0].holding_cost,
        mean=mean([need.mean for need in needs]),
        safety=mean([need.safety for need in needs]),
        own_safety=mean([need.own_safety for need in needs]),
        deviation=mean([need.deviation for need in needs]),
        factor=mean([need.factor for need in needs]),
    )


def _over_windows(phases: list[Phase], time: Floats, per_period: list[Floats]) -> Floats:
    """Root of the variance gathered over each stage's time ahead of the start of each phase."""
    rows = []
    for p in range(len(phases)):
        left, variance = time.copy(), np.zeros(len(time))
        for later in range(p, len(phases)):
            last = later == len(phases) - 1
            spent = left if last else np.minimum(left, phases[later].length)
            variance += spent * per_period[later] ** 2
            left = left - spent
        rows.append(np.sqrt(variance))
    return np.array(rows)


def _end_items(network: Network) -> list[str]:
    """The demand stages that each stage serves, the first few by name."""
    data = network.arrays
    demands = np.flatnonzero(~np.isnan(data.demand_sd))
    reach = paths_to(data, demands) > 0.0
    texts = []
    for row in reach:
        names = [network.stages[d].name for d in demands[row].tolist()]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        texts.append(", ".join(names[:_NAMED]) + more)
    return texts


def _read_phases(network: Network, table: Any, days_per_period: float) -> list[Phase]:
    if not (isinstance(days_per_period, Real) and days_per_period > 0.0):
        raise InputError("days_per_period", "must be > 0", days_per_period)
    rows, problems = _phase_rows(table)
    lacking = {problem.name for problem in problems}
    demand: PhaseDemand = {}
    told: dict[tuple[datetime, str], int] = {}
    for number, row in rows:
        place = f"Phases, row {number}"
        start = _moment(row.get("date"))
        stage = row.get("stage")
        found = []
        if start is None:
            rule = "must be a date, such as 2026-01-31 or 2026-01"
            found.append(InputError("date", rule, row.get("date"), place))
        if stage not in network.index or not network.stages[network.index[stage]].has_demand:
            found.append(InputError("stage", "must be a stage with demand", stage, place))
        for column in ("demand_mean", "demand_sd"):
            value = row.get(column)
            if not isinstance(value, float | int) or isinstance(value, bool) or not 0 <= value < np.inf:
                found.append(InputError(column, "must be a number >= 0", value, place))
        problems += [problem for problem in found if problem.name not in lacking]
        if start is not None and stage is not None:
            before = told.setdefault((start, stage), number)
            if before != number:
                rule = f"must not repeat those of row {before}"
                problems.append(InputError("date, stage", rule, f"{start:%Y-%m-%d} {stage}", place))
            demand.setdefault(start, {})[stage] = {c: row.get(c) for c in ("demand_mean", "demand_sd")}
    if not rows:
        problems.append(InputError("phases", "must have at least one row", 0, "Phases"))
    if problems:
        raise NetworkError(problems)
    return _spans(network, demand, days_per_period)


def _phase_rows(table: Any) -> tuple[list[tuple[int, dict[str, Any]]], list[InputError]]:
    """The rows of the table with their numbers, by field, without blank cells and rows; missing columns."""
    records = records_of(table, "Phases")
    headings = dict.fromkeys(str(heading) for record in records for heading in record)
    fields = fields_of_headings(headings, PHASE_COLUMNS)
    rows = []
    for number, record in enumerate(records, start=2):
        row = {
            field: value_of(field, value) if field != "date" else value
            for heading, value in record.items()
            if (field := fields[str(heading)]) is not None and not is_blank(value)
        }
        if row:
            rows.append((number, row))
    present = {field for field in fields.values() if field}
    needs: dict[str, tuple[str, ...]] = dict.fromkeys(PHASE_COLUMNS, ())
    return rows, missing_columns("Phases", fields, present, PHASE_COLUMNS, needs)


def _spans(network: Network, demand: PhaseDemand, days_per_period: float) -> list[Phase]:
    starts = sorted(demand)
    lengths = [(after - before) / timedelta(days=days_per_period) for before, after in pairwise(starts)]
    lengths.append(lengths[-1] if lengths else 1.0)
    phases = []
    for start, length in zip(starts, lengths, strict=True):
        stages = tuple(
            stage.model_copy(update={k: float(v) for k, v in demand[start][stage.name].items()})
            if stage.name in demand[start]
            else stage
            for stage in network.stages
        )
        phases.append(Phase(start, length, Network.model_construct(stages=stages, arcs=network.arcs)))
    return phases


def _moment(value: Any) -> datetime | None:
    """The date that a cell says, of a month its first day; time zones are left out, as phases are of days."""
    if hasattr(value, "to_timestamp"):
        value = value.to_timestamp()
    if isinstance(value, datetime):
        return None if value != value else value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        text = value.strip()
        try:
            return datetime.fromisoformat(f"{text}-01" if _MONTH.fullmatch(text) else text).replace(
                tzinfo=None
            )
        except ValueError:
            return None
    return None
