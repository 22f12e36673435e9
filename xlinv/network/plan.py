"""The answer of an optimisation: what it costs, how good it is proved to be, what each stage should hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from xlinv.cells import Floats, InputError
from xlinv.network.model import Network

if TYPE_CHECKING:
    import pandas as pd

OPTIMAL_GAP: Final = 1e-9


class InfeasibleError(ValueError):
    """No plan keeps every constraint; `binding` names those that stand in the way."""

    def __init__(self, message: str, binding: tuple[str, ...]) -> None:
        self.binding = binding
        super().__init__(message)


@dataclass(frozen=True)
class Plan:
    """Where to hold how much: costs in money per period, times in periods, stock in units.

    `cost` is that of the plan, `lower_bound` what no plan can undercut, `baseline_cost` what single-stage
    planning costs at the same service. `columns` holds one array per column of `stages`.
    """

    network: Network = field(repr=False)
    method: str
    cost: float
    lower_bound: float
    baseline_cost: float
    columns: Mapping[str, Floats] = field(repr=False, compare=False)
    notes: tuple[str, ...] = ()
    cash_cap: float | None = None
    seconds: float = field(default=0.0, compare=False)

    @property
    def gap(self) -> float:
        """The part of the cost that a better plan could save at most; never below 0."""
        return max(self.cost - self.lower_bound, 0.0) / self.cost if self.cost > 0.0 else 0.0

    @property
    def optimal(self) -> bool:
        """Whether cost and lower bound meet: no other plan can be cheaper."""
        return self.gap <= OPTIMAL_GAP

    @property
    def saving(self) -> float:
        """What the plan saves against the single-stage baseline at the same service, in money per period."""
        return self.baseline_cost - self.cost

    @cached_property
    def binding(self) -> tuple[str, ...]:
        """The given limits that the plan runs into."""
        from xlinv.network.constraints import binding_constraints

        return binding_constraints(self)

    @cached_property
    def stages(self) -> "pd.DataFrame":
        """One row per stage, in the order of the table it came from."""
        import pandas as pd

        return pd.DataFrame({"stage": [stage.name for stage in self.network.stages], **self.columns})

    def explain(self, stage: str) -> str:
        """In sentences: which demand a stage protects, over which time, and why the stock is here."""
        from xlinv.network.explanation import explanation

        if stage not in self.network.index:
            raise InputError("stage", "must be a stage of the network", stage)
        return explanation(self, self.network.index[stage])

    def summary(self) -> dict[str, float | bool | str]:
        """The figures that belong beside every plan."""
        return {
            "method": self.method,
            "cost": self.cost,
            "lower_bound": self.lower_bound,
            "gap": self.gap,
            "optimal": self.optimal,
            "baseline_cost": self.baseline_cost,
            "saving": self.saving,
        }
