"""The module that xlwings imports on Windows: every function of the catalogue, ready for cells."""

from collections.abc import Callable
from typing import Any

import xlwings as xw

from xlinv.catalogue import Function
from xlinv.catalogue.documentation import argument_text
from xlinv.functions import CATALOGUE
from xlinv.hosts.com import CATEGORY
from xlinv.hosts.com.cell_functions import ARGUMENT_OPTIONS, cell_function


def exported(declared: Function) -> Callable[..., Any]:
    """The function with xlwings' decorators: category, help, and a description for each argument."""
    function = cell_function(declared)
    for parameter in declared.parameters:
        function = xw.arg(parameter.name, doc=argument_text(parameter), **ARGUMENT_OPTIONS)(function)
    return xw.func(category=CATEGORY)(function)  # type: ignore[no-any-return]


for _declared in CATALOGUE.values():
    globals()[_declared.name] = exported(_declared)
