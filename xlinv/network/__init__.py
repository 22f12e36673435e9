"""Multi-echelon safety stock: the network, its optimisation, its simulation."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlinv.network.methods import optimise
    from xlinv.network.model import Arc, Network, NetworkError, Stage
    from xlinv.network.plan import InfeasibleError, Plan

__all__ = ["Arc", "InfeasibleError", "Network", "NetworkError", "Plan", "Stage", "optimise"]

# pydantic and pandas are imported when a network is built, not before.
_HOME = {
    "Arc": "model",
    "InfeasibleError": "plan",
    "Network": "model",
    "NetworkError": "model",
    "Plan": "plan",
    "Stage": "model",
    "optimise": "methods",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'xlinv.network' has no attribute {name!r}")
    return getattr(importlib.import_module(f"xlinv.network.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
