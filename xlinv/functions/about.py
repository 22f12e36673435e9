"""What the engine says of itself."""

from typing import Annotated, TypeAlias

from xlinv.catalogue import Argument, Example, Function, Kind, Refusal, Result, Text, function
from xlinv.cells import CellError
from xlinv.version import __version__

Words: TypeAlias = Annotated[str, Kind.VALUE]
FunctionName: TypeAlias = Annotated[Text, Argument("", "Name of a function, as it stands in formulas.")]


@function(
    "XLINVVERSION",
    family="About the engine",
    formula="the version of the installed engine",
    source="This engine",
    serves=("R184",),
    examples=[Example("=XLINVVERSION()", __version__, "recorded in a workbook beside its results")],
)
def engine_version() -> Annotated[Words, Result("text")]:
    """Version of the engine that computes this workbook."""
    return __version__


@function(
    "FUNCTIONVERSION",
    family="About the engine",
    formula="the version in the function's declaration",
    source="This engine",
    serves=("R184",),
    examples=[
        Example('=FUNCTIONVERSION("EOQCOST")', "1.0", "changes when the function's numbers change"),
        Example('=FUNCTIONVERSION("NOSUCH")', CellError.NA, "no such function"),
    ],
)
def function_version(name: FunctionName) -> Annotated[Words, Result("text")]:
    """Version of a function's formula."""
    return _declared(name).version


@function(
    "METHODINFO",
    family="About the engine",
    formula="summary, formula, source and version of the function's declaration",
    source="This engine",
    serves=("R183",),
    examples=[
        Example(
            '=METHODINFO("DIO")',
            "DIO 1.0: Days inventory outstanding: how long inventory is held, at cost. "
            "Formula: mean(inventory) / cogs · days. "
            "Source: Richards & Laughlin (1980), Financial Management 9(1), 32–38.",
            "what an auditor asks first",
        ),
        Example('=METHODINFO("NOSUCH")', CellError.NA, "no such function"),
    ],
)
def method_info(name: FunctionName) -> Annotated[Words, Result("text")]:
    """What a function computes, by which formula and from which source."""
    told = _declared(name)
    return (
        f"{told.name} {told.version}: {told.summary} Formula: {told.formula}. "
        f"Source: {told.source.rstrip('.')}."
    )


def _declared(name: str) -> Function:
    # The catalogue lists this module too, so it is asked for only when a function is called.
    from xlinv.functions import CATALOGUE

    found = CATALOGUE.get(name.strip().upper().removeprefix("XLINV."))
    if found is None:
        raise Refusal(CellError.NA, f"there is no function {name!r}")
    return found
