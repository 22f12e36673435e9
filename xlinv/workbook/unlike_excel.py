"""Functions over arrays that the engine computes without an error, but unlike Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xlinv.workbook import lifting
from xlinv.workbook.formula import Call, Items, Leaf
from xlinv.workbook.spellings import function_name

if TYPE_CHECKING:
    from xlinv.workbook.rewriting import Rewriter

# Text and TRUE are greater than every number.
_LARGEST: Final = "9.99999999999999E+307"
_MAY_GIVE_RANGES: Final = frozenset("INDEX XLOOKUP CHOOSE OFFSET INDIRECT IF ANCHORARRAY".split())


def size(rewriter: Rewriter, call: Call) -> str:
    """ROWS and COLUMNS: the engine counts an error as one row, where Excel shows it."""
    argument = call.arguments[0] if len(call.arguments) == 1 else []
    if (
        len(argument) == 1
        and isinstance(argument[0], Call)
        and function_name(argument[0].name) not in _MAY_GIVE_RANGES
    ):
        return f"XLINV__{call.name}({rewriter.arguments(call.arguments)})"
    text = rewriter.arguments(call.arguments)
    return text if text.startswith("#") else f"{call.name}({text})"


def sum_of_products(rewriter: Rewriter, call: Call) -> str:
    """The engine counts TRUE and text that reads as a number; Excel counts them as 0."""
    rewriter.array_context += 1
    rewriter.depth += 1
    plain, masked, ranges = [], [], []
    for items in call.arguments:
        text = rewriter.items(items)
        if lifting.is_written_range(items):
            ranges.append(text)
        elif not _is_arithmetic(items):
            text = f"XLINV__SUMMANDS({text})"
        plain.append(text)
        masked.append(f"IF({text}<={_LARGEST},{text},0)" if text in ranges else text)
    rewriter.depth -= 1
    rewriter.array_context -= 1
    products = f"SUMPRODUCT({','.join(plain)})"
    if not ranges:
        return products
    cells = ",".join(ranges)
    return f"IF(COUNTA({cells})=COUNT({cells}),{products},SUMPRODUCT({','.join(masked)}))"


def _is_arithmetic(items: Items) -> bool:
    signs = {node.text for node in items if isinstance(node, Leaf) and node.kind == "operator"}
    return bool(signs & set("+-*/^%")) and not signs & {"&", "=", "<>", "<", "<=", ">", ">="}


def of_one_shape(rewriter: Rewriter, call: Call) -> str:
    """SUMIFS and the like want ranges of one shape; the engine takes any."""
    pairs = call.arguments if call.name == "COUNTIFS" else call.arguments[1:]
    ranges = [call.arguments[0], *pairs[::2]] if call.arguments else []
    text = lifting.call(rewriter, call)
    if len(ranges) < 2 or not all(ranges) or all(items == ranges[0] for items in ranges):
        return text
    head, *others = [rewriter.arguments([items]) for items in ranges]
    same = ",".join(f"ROWS({head})=ROWS({other}),COLUMNS({head})=COLUMNS({other})" for other in others)
    return f"IF(AND({same}),{text},#VALUE!)"


def lookup(rewriter: Rewriter, call: Call) -> str:
    """LOOKUP in a computed array, which the engine takes for sorted and whole."""
    if len(call.arguments) < 2 or rewriter.meets_one_cell or lifting.is_written_range(call.arguments[1]):
        return lifting.call(rewriter, call)
    rewriter.array_context += 1
    text = f"XLINV__LOOKUP({rewriter.arguments(call.arguments)})"
    rewriter.array_context -= 1
    return text
