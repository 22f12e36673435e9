"""The docstring of a function, made from its declaration."""

import inspect

from xlinv.catalogue.declaration import Declaration, Kind, Parameter, literal
from xlinv.cells import CellError

SHAPES = {
    Kind.VALUES: "number or array",
    Kind.VALUE: "number or array",
    Kind.OPTION: "text",
    Kind.TEXT: "text",
    Kind.FLAG: "TRUE or FALSE",
    Kind.COLUMN: "column; blanks are left out",
    Kind.SERIES: "column in order of time",
    Kind.PER_PERIOD: "number, or one per period",
    Kind.ITEMS: "column, one row per item",
    Kind.HISTORY: "table, one row per item, one column per period",
    Kind.LABELS: "column of labels",
    Kind.GRID: "range with a header row",
    Kind.ROW: "row",
    Kind.TABLE: "table with a header row",
}


def docstring(declaration: Declaration) -> str:
    """Summary, signature, arguments with unit and domain, result, errors, formula, source and examples."""
    lines = [declaration.summary, "", f"    {declaration.signature}", "", "Arguments:"]
    lines += [f"    {parameter.name}: {argument_text(parameter)}" for parameter in declaration.parameters]
    lines += ["", "Returns:", f"    {result_text(declaration)}"]
    lines += ["", "Raises:", "    InputError: an argument is missing or outside its domain."]
    lines += ["", f"Formula: {declaration.formula}", f"Source: {declaration.source}", "", "Examples:"]
    lines += [
        f"    {example.formula} → {shown(example.shows)}  ({example.why})" for example in declaration.examples
    ]
    return "\n".join(lines)


def argument_text(parameter: Parameter) -> str:
    """Meaning, shape, unit, domain and default of one argument, in a line."""
    facts = [shape(parameter)]
    if parameter.unit:
        facts.append(parameter.unit)
    if parameter.domain:
        facts.append(parameter.domain)
    if not parameter.required:
        facts.append("optional" if parameter.default is None else f"default {literal(parameter.default)}")
    return f"{parameter.meaning} ({'; '.join(facts)})"


def shape(parameter: Parameter) -> str:
    """What an argument takes, and whether its cells may be blank."""
    described = SHAPES[parameter.kind].removesuffix("; blanks are left out")
    if parameter.kind in (Kind.VALUES, Kind.VALUE) and not parameter.spreads:
        described = "number"
    if parameter.kind is Kind.COLUMN:
        return f"{described}; blanks are {'kept' if parameter.keep_blanks else 'left out'}"
    return f"{described}; may hold blanks" if parameter.keep_blanks else described


def result_text(declaration: Declaration) -> str:
    """Shape, unit and parts of the result, in a line."""
    result = declaration.result
    parts = f": {', '.join(result.parts)}" if result.parts else ""
    meaning = f" {result.meaning}" if result.meaning else ""
    return f"{SHAPES[declaration.result_kind]}{parts} ({result.unit}).{meaning}"


def shown(value: object) -> str:
    """A result as a cell or a spill shows it, in one line."""
    if isinstance(value, list):
        return "{" + "; ".join(", ".join(shown(item) for item in row) for row in value) + "}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, CellError):
        return str(value)
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def python_signature(declaration: Declaration) -> inspect.Signature:
    """The arguments as Python shows them; what is optional and has no default stands as None."""
    return inspect.Signature(
        [
            inspect.Parameter(
                parameter.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=inspect.Parameter.empty if parameter.required else parameter.default,
            )
            for parameter in declaration.parameters
        ]
    )
