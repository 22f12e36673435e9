"""The docstring of a function, made from its declaration."""

import inspect

from xlinv.catalogue.declaration import Declaration, Kind, Parameter, Result, literal
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
        described += "" if parameter.keep_blanks else "; blanks are left out"
    return f"{described}; may be blank" if parameter.keep_blanks else described


def result_text(declaration: Declaration) -> str:
    """Shape, unit and parts of the result, in a line."""
    result = declaration.result
    meaning = f" {result.meaning}" if result.meaning else ""
    parts, unit = parts_and_unit(result)
    told = f": {', '.join(parts)}" if parts else ""
    return f"{SHAPES[declaration.result_kind]}{told}{f' ({unit})' if unit else ''}.{meaning}"


def parts_and_unit(result: Result) -> tuple[list[str], str]:
    """The parts of a result, each with its unit where it has one of its own; and else the unit of all."""
    units = result.unit.split(", ")
    if not result.parts or len(units) != len(result.parts):
        return list(result.parts), result.unit
    return [f"{part} ({unit})" for part, unit in zip(result.parts, units, strict=True)], ""


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
