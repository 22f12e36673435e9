"""What a function is and does, wrapped for the terminal."""

import textwrap

from xlinv.catalogue import Example, Function, Parameter
from xlinv.catalogue.documentation import argument_text, result_text, shown
from xlinv.cells import Block
from xlinv.functions import CATALOGUE

_INDENT = "  "


def explained(declared: Function, width: int) -> str:
    """Signature, arguments, result, formula, source and examples, each line at most `width` characters."""
    column = max((len(parameter.name) for parameter in declared.parameters), default=0) + 2
    sections = {
        "Arguments": [_argument(parameter, column, width) for parameter in declared.parameters],
        "Result": [_wrapped(result_text(declared), width)],
        "Formula": [_wrapped(declared.formula, width)],
        "Source": [_wrapped(declared.source, width)],
        "Requirements": [_wrapped(", ".join(declared.serves), width)] if declared.serves else [],
        "Examples": [_example(example, width) for example in declared.examples],
        "Version": [_wrapped("; ".join([declared.version, *declared.changes]), width)],
    }
    told = ["\n".join([title, *entries]) for title, entries in sections.items() if entries]
    return "\n\n".join(
        [
            _wrapped(declared.signature, width, "", _INDENT * 2),
            _wrapped(declared.summary, width, "", ""),
            *told,
        ]
    )


def listing(width: int) -> str:
    """Every function with its summary, by family."""
    lines: list[str] = []
    column = max(map(len, CATALOGUE)) + 2
    for family in dict.fromkeys(declared.family for declared in CATALOGUE.values()):
        lines += ["", family]
        for declared in CATALOGUE.values():
            if declared.family == family:
                head = f"{_INDENT}{declared.name:<{column}}"
                lines.append(_wrapped(declared.summary, width, head, " " * len(head)))
    return "\n".join(lines[1:])


def _wrapped(text: str, width: int, first: str = _INDENT, rest: str = _INDENT) -> str:
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _argument(parameter: Parameter, column: int, width: int) -> str:
    """One argument: its name in a column of its own, then what is said of it."""
    head = f"{_INDENT}{parameter.name:<{column}}"
    return _wrapped(argument_text(parameter), width, head, " " * len(head))


def _example(example: Example, width: int) -> str:
    formula = _wrapped(example.formula, width, rest=_INDENT * 3)
    table = _table(example.shows, width) if isinstance(example.shows, list) else []
    if table:
        return "\n".join([formula, _wrapped(f"→ ({example.why})", width, _INDENT * 2, _INDENT * 3), *table])
    result = f"→ {shown(example.shows)}  ({example.why})"
    return "\n".join([formula, _wrapped(result, width, _INDENT * 2, _INDENT * 3)])


def _table(rows: Block, width: int) -> list[str]:
    """Rows and columns one below the other; nothing where there is only one, or not the width for all."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return []
    texts = [[shown(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    indent = _INDENT * 3
    if len(indent) + sum(widths) + 2 * (len(widths) - 1) > width:
        return []
    return [
        indent + "  ".join(text.rjust(room) for text, room in zip(row, widths, strict=True)) for row in texts
    ]
