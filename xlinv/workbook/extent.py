"""Whether an expression gives one cell or may give more, as far as its text tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlinv.workbook import formula, lifting, specials
from xlinv.workbook.expressions import is_3d
from xlinv.workbook.formula import Call, Group, Invocation, Items, Leaf, Node, Reference
from xlinv.workbook.spellings import bound_name, function_name, own_name
from xlinv.workbook.tables import table_part

if TYPE_CHECKING:
    from xlinv.workbook.rewriting import Rewriter


def single(rewriter: Rewriter, items: Items, trusting: bool = False) -> bool:
    """Whether the expression surely gives one cell.

    `trusting` counts lookups such as INDEX as one cell, as they nearly always are.
    """
    return not any(formula.is_operator(node, sign) for node in items for sign in ":# ") and all(
        _single_node(rewriter, node, trusting) for node in items
    )


def _single_node(rewriter: Rewriter, node: Node, trusting: bool) -> bool:
    match node:
        case Reference():
            return not node.lines and not is_3d(node.sheet)
        case Leaf("array"):
            return False
        case Leaf("table", text):
            return table_part(text).single_cell
        case Leaf("name"):
            return _single_name(rewriter, node, trusting)
        case Leaf():
            return True
        case Group(parts):
            return len(parts) == 1 and single(rewriter, parts[0], trusting)
        case Call(name, arguments):
            return _single_call(rewriter, function_name(name), arguments, trusting)
        case Invocation():
            return False


def _single_name(rewriter: Rewriter, leaf: Leaf, trusting: bool) -> bool:
    if leaf.text.upper() in ("TRUE", "FALSE"):
        return True
    if bound_name(leaf.text) in rewriter.scope or leaf.text.lower() in rewriter.names_open:
        return trusting
    items = rewriter.defined(leaf)
    if items is None:
        return True
    rewriter.names_open.append(leaf.text.lower())
    answer = single(rewriter, items, trusting)
    rewriter.names_open.pop()
    return answer


def _single_call(rewriter: Rewriter, name: str, arguments: list[Items], trusting: bool) -> bool:
    if name in specials.ALWAYS_ONE_CELL:
        return True
    if name in specials.SPILLING or rewriter.book.functions.get(own_name(name)):
        return False
    positions = lifting.ONE_CELL_ARGUMENTS.get(name)
    if positions is not None and (trusting or name not in specials.MAY_GIVE_RANGES):
        arguments = [items for number, items in enumerate(arguments) if positions(number)]
    return all(single(rewriter, items, trusting) for items in arguments)
