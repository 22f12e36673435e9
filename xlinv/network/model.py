"""The network as immutable, validated data: stages, the arcs between them, and both as plain arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from xlinv.cells import Floats, InputError
from xlinv.network.scenarios import unlike_its_scenarios
from xlinv.network.structure import NamedArc, NamedStage, structure_problems
from xlinv.network.topology import Adjacency, Integers, adjacency, is_forest, neighbourly_order

if TYPE_CHECKING:
    import pandas as pd

# Greater ones are mistakes, and would overflow the arithmetic of the solvers.
_LONGEST: Final = 1e9
_MOST: Final = 1e15
Time = Annotated[float, Field(ge=0, le=_LONGEST, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, le=_MOST, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=_MOST, allow_inf_nan=False)]
_PROBABILITY_TOLERANCE: Final = 1e-6
NO_STAGES: Final = InputError("stages", "must have at least one row", 0, "Stages")


class NetworkError(ValueError):
    """Everything that is wrong with the tables of a network, all at once."""

    def __init__(self, problems: Sequence[InputError]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class Stage(BaseModel):
    """A place where an item can be held: times in periods, stock in units, costs in money per unit.

    Blank means that nothing was said; a stage is a demand stage where `demand_sd` or `demand_mean` is given.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    lead_time: Time
    lead_time_sd: Time = 0.0
    lead_time_distribution: tuple[tuple[Time, Amount], ...] = ()
    added_cost: Amount | None = None
    holding_cost: Amount | None = None
    demand_mean: Amount | None = None
    demand_sd: Amount | None = None
    service_time: Time | None = None
    service_level: Annotated[float, Field(gt=0, lt=1)] | None = None
    service_type: Literal["cycle", "fill"] = "cycle"
    safety_factor: Annotated[float, Field(allow_inf_nan=False)] | None = None
    review_period: Time = 0.0
    batch_size: Amount = 0.0
    min_stock: Amount | None = None
    max_stock: Amount | None = None
    min_stock_days: Time | None = None
    max_stock_days: Time | None = None
    frozen_service_time: Time | None = None
    supplier_service_time: Time = 0.0
    current_stock: Amount | None = None
    capacity: Positive | None = None
    site: str = ""
    item: str = ""
    description: str = ""
    responsible: str = ""
    type: str = ""

    @property
    def has_demand(self) -> bool:
        return self.demand_sd is not None or self.demand_mean is not None

    @field_validator("lead_time_distribution")
    @classmethod
    def _sums_to_one(cls, scenarios: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        total = sum(probability for _, probability in scenarios)
        if scenarios and abs(total - 1.0) > _PROBABILITY_TOLERANCE:
            raise ValueError(f"must have probabilities that sum to 1, not {total:g}")
        return scenarios

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        found = contradictions(self.__dict__)
        if found:
            # pydantic has no field for an error of the whole row: the column travels in front of the rule.
            raise ValueError("\n".join(f"{column}|{rule}" for column, rule in found))
        return self


def contradictions(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields of one stage that do not fit together, each with the rule it breaks."""

    def given(name: str) -> bool:
        return fields.get(name) is not None

    def both(first: str, second: str) -> bool:
        return given(first) and given(second)

    def exceeds(low: str, high: str) -> bool:
        least, most = fields.get(low), fields.get(high)
        return isinstance(least, float | int) and isinstance(most, float | int) and least > most

    has_demand = given("demand_sd") or given("demand_mean")
    has_service = given("service_level") or given("safety_factor")
    has_cost = given("added_cost") or given("holding_cost")
    broken = [
        ("added_cost", "must be given where holding_cost is not", not has_cost),
        ("demand_sd", "must be given where demand_mean is", has_demand and not given("demand_sd")),
        ("service_time", "must be promised at a stage with demand", has_demand and not given("service_time")),
        ("service_level", "must be given at a stage with demand", has_demand and not has_service),
        ("min_stock", "must be <= max_stock", exceeds("min_stock", "max_stock")),
        ("min_stock_days", "must be <= max_stock_days", exceeds("min_stock_days", "max_stock_days")),
        ("min_stock_days", "must be blank where min_stock is given", both("min_stock", "min_stock_days")),
        ("max_stock_days", "must be blank where max_stock is given", both("max_stock", "max_stock_days")),
        ("frozen_service_time", "must be <= service_time", exceeds("frozen_service_time", "service_time")),
    ]
    found = [(column, rule) for column, rule, is_broken in broken if is_broken]
    return found + unlike_its_scenarios(fields)


class Arc(BaseModel):
    """One stage supplies another: `quantity` units per unit, for the fraction `share` of what it makes."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    source: Annotated[str, Field(min_length=1)]
    destination: Annotated[str, Field(min_length=1)]
    quantity: Positive = 1.0
    share: Annotated[float, Field(gt=0, le=1)] = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class NetworkArrays:
    """A network as the solvers read it; blank is NaN, stage numbers count from 0 in the order of the table.

    `order` lists the stages so that suppliers come first, `upwards` so that customers do; `forest` says that
    no arcs close a loop, directions ignored; `upstream` and `downstream` list per stage its neighbours and
    the arcs to them, and `has_suppliers` and `has_customers` say whether there are any; `arc_quantity` is
    quantity times share; `stock_is_free` says that no stage has a least or greatest stock or a capacity.
    """

    order: Integers
    upwards: Integers
    forest: bool
    arc_source: Integers
    arc_destination: Integers
    arc_quantity: Floats
    upstream: Adjacency
    downstream: Adjacency
    has_suppliers: NDArray[np.bool_]
    has_customers: NDArray[np.bool_]
    stock_is_free: bool
    lead_time: Floats
    lead_time_sd: Floats
    added_cost: Floats
    holding_cost: Floats
    demand_mean: Floats
    demand_sd: Floats
    service_time: Floats
    service_level: Floats
    safety_factor: Floats
    review_period: Floats
    batch_size: Floats
    min_stock: Floats
    max_stock: Floats
    min_stock_days: Floats
    max_stock_days: Floats
    frozen_service_time: Floats
    supplier_service_time: Floats
    current_stock: Floats
    capacity: Floats


def filled(column: Floats, value: float) -> Floats:
    """The column with a value in place of blanks."""
    return np.where(np.isnan(column), value, column)


_NUMBER_FIELDS: Final = tuple(
    name for name in NetworkArrays.__dataclass_fields__ if name in Stage.model_fields
)
_STOCK_FIELDS: Final = ("min_stock", "max_stock", "min_stock_days", "max_stock_days", "capacity")


class Network(BaseModel):
    """Stages and arcs that form an acyclic network in which every stage serves some demand.

    Built with `Network.from_tables`, or from stages and arcs directly; raises NetworkError with everything
    that is wrong at once.
    """

    model_config = ConfigDict(frozen=True)

    stages: tuple[Stage, ...]
    arcs: tuple[Arc, ...] = ()
    ignored_columns: tuple[str, ...] = ()

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        problems = structure_problems(
            [NamedStage(row, stage.name, stage.has_demand) for row, stage in enumerate(self.stages, start=2)],
            [NamedArc(row, arc.source, arc.destination) for row, arc in enumerate(self.arcs, start=2)],
        )
        if not self.stages:
            problems.append(NO_STAGES)
        if problems:
            raise NetworkError(problems)

    @classmethod
    def from_tables(cls, stages: "pd.DataFrame | Sequence[dict[str, Any]]", arcs: Any = ()) -> Self:
        """The network in two tables, each a DataFrame or a list of dictionaries, one row per stage or arc.

        Headings may be spelled as `columns.STAGE_COLUMNS` and `columns.ARC_COLUMNS` say; others are ignored
        and listed in `ignored_columns`. Raises NetworkError with every problem: table, row (the heading is
        row 1), column, rule and value.
        """
        from xlinv.network.tables import read_network

        return cls.model_construct(**read_network(stages, arcs))

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each stage by its name."""
        return {stage.name: number for number, stage in enumerate(self.stages)}

    @property
    def lead_times_vary(self) -> bool:
        """Whether any stage has a lead time that is not always the same."""
        return any(stage.lead_time_sd > 0.0 for stage in self.stages)

    @cached_property
    def arrays(self) -> NetworkArrays:
        """The plain-array view that solvers use."""
        number = self.index
        count = len(self.stages)
        source = np.array([number[arc.source] for arc in self.arcs], np.int64)
        destination = np.array([number[arc.destination] for arc in self.arcs], np.int64)
        upstream = adjacency(count, destination, source)
        downstream = adjacency(count, source, destination)
        order = neighbourly_order(upstream, downstream)
        columns = {
            name: np.array([getattr(stage, name) for stage in self.stages], np.float64)
            for name in _NUMBER_FIELDS
        }
        return NetworkArrays(
            order=order,
            upwards=order[::-1].copy(),
            forest=is_forest(count, source, destination),
            arc_source=source,
            arc_destination=destination,
            arc_quantity=np.array([arc.quantity * arc.share for arc in self.arcs], np.float64),
            upstream=upstream,
            downstream=downstream,
            has_suppliers=np.diff(upstream.start) > 0,
            has_customers=np.diff(downstream.start) > 0,
            stock_is_free=all(np.isnan(columns[name]).all() for name in _STOCK_FIELDS),
            **columns,
        )

    def __len__(self) -> int:
        return len(self.stages)

    def __repr__(self) -> str:
        return f"Network of {len(self.stages):,} stages and {len(self.arcs):,} arcs"

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other stages or arcs, checked as a new network is."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**fields | dict(update or {}))


def require_network(network: object) -> None:
    """Raises InputError for what is no Network."""
    if not isinstance(network, Network):
        raise InputError("network", "must be a Network, such as Network.from_tables makes", network)
