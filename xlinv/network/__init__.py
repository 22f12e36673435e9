"""Multi-echelon safety stock: the network, its optimisation, its simulation."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlinv.network.disruption import DemandShift, LongerLeadTime, Recovery, StageDown, disrupt
    from xlinv.network.methods import optimise
    from xlinv.network.model import Arc, Network, NetworkError, Stage
    from xlinv.network.phases import PhasedPlan, optimise_phases
    from xlinv.network.plan import InfeasibleError, Plan
    from xlinv.network.simulation import Simulation, simulate
    from xlinv.network.spares import Base, RepairablePart, SparesPlan, spares_plan
    from xlinv.network.verification import Verification, verify

__all__ = [
    "Arc",
    "Base",
    "DemandShift",
    "InfeasibleError",
    "LongerLeadTime",
    "Network",
    "NetworkError",
    "PhasedPlan",
    "Plan",
    "Recovery",
    "RepairablePart",
    "Simulation",
    "SparesPlan",
    "Stage",
    "StageDown",
    "Verification",
    "disrupt",
    "optimise",
    "optimise_phases",
    "simulate",
    "spares_plan",
    "verify",
]

# pydantic and pandas are imported when a network is built, not before.
_HOME = {
    "Arc": "model",
    "Base": "spares",
    "DemandShift": "disruption",
    "InfeasibleError": "plan",
    "LongerLeadTime": "disruption",
    "Network": "model",
    "NetworkError": "model",
    "PhasedPlan": "phases",
    "Plan": "plan",
    "Recovery": "disruption",
    "RepairablePart": "spares",
    "Simulation": "simulation",
    "SparesPlan": "spares",
    "Stage": "model",
    "StageDown": "disruption",
    "Verification": "verification",
    "disrupt": "disruption",
    "optimise": "methods",
    "optimise_phases": "phases",
    "simulate": "simulation",
    "spares_plan": "spares",
    "verify": "verification",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'xlinv.network' has no attribute {name!r}")
    return getattr(importlib.import_module(f"xlinv.network.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
