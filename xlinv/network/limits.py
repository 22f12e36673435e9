"""Until when a solver may run, and whom it tells how far it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class SolverLimits:
    """Until when a solver may run, and whom it tells: progress(seconds, cost, bound), False to stop it."""

    deadline: float
    progress: Callable[[float, float, float], bool | None] | None = None
    started: float = field(default_factory=time.perf_counter)
    cancelled: bool = False

    @property
    def over(self) -> bool:
        """Whether time is up or somebody has stopped the search."""
        return self.cancelled or time.perf_counter() >= self.deadline

    def told(self, cost: float, bound: float) -> bool:
        """Tell of the state; whether to go on."""
        seconds = time.perf_counter() - self.started
        if self.progress is not None and self.progress(seconds, cost, bound) is False:
            self.cancelled = True
        return not self.over
