"""The spreadsheet-native inventory engine."""

import importlib
from typing import TYPE_CHECKING, Any

from xlinv.version import __version__

if TYPE_CHECKING:
    from xlinv import functions, network
    from xlinv.cells import CellError
    from xlinv.hosts import headless
    from xlinv.network import optimise
    from xlinv.workbook.evaluate import evaluate

__all__ = ["CellError", "__version__", "evaluate", "functions", "headless", "network", "optimise"]

# Nothing heavy is imported until it is asked for: the first value in a fresh process should come at once.
_HOME = {
    "CellError": ("xlinv.cells", "CellError"),
    "evaluate": ("xlinv.workbook.evaluate", "evaluate"),
    "functions": ("xlinv.functions", None),
    "network": ("xlinv.network", None),
    "optimise": ("xlinv.network", "optimise"),
    "headless": ("xlinv.hosts.headless", None),
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'xlinv' has no attribute {name!r}")
    module_name, attribute = _HOME[name]
    module = importlib.import_module(module_name)
    return module if attribute is None else getattr(module, attribute)


def __dir__() -> list[str]:
    return __all__
