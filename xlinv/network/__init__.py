"""Multi-echelon safety stock: the network, its optimisation, its simulation."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlinv.network.model import Arc, Network, NetworkError, Stage

__all__ = ["Arc", "Network", "NetworkError", "Stage"]

# pydantic and pandas are imported when a network is built, not before.
_HOME = {"Arc": "model", "Network": "model", "NetworkError": "model", "Stage": "model"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'xlinv.network' has no attribute {name!r}")
    return getattr(importlib.import_module(f"xlinv.network.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
