"""Questions about expressions, and expressions taken apart at their operators."""

import math
from collections.abc import Iterator

from xlinv.workbook import formula
from xlinv.workbook.formula import Call, FormulaError, Items, Leaf, Node, Reference
from xlinv.workbook.tables import table_part


def is_3d(sheet: str) -> bool:
    """Whether a prefix names a range of sheets."""
    return ":" in sheet.rpartition("]")[2] and not sheet.lower().startswith(("'http", "'c:", "'d:"))


def is_text(items: Items) -> bool:
    """Whether an expression is a text in quotes and nothing else."""
    return len(items) == 1 and isinstance(items[0], Leaf) and items[0].kind == "text"


def is_range(nodes: Items) -> bool:
    """Whether an operand spans cells as it is written."""
    if len(nodes) > 1:
        return True
    node = nodes[0]
    if isinstance(node, Leaf) and node.kind == "table":
        return not table_part(node.text).single_cell
    return isinstance(node, Reference) and node.lines


def is_binary(items: Items, number: int, operators: tuple[str, ...]) -> bool:
    """Whether an item is one of the operators, and no sign."""
    node = items[number]
    if not (isinstance(node, Leaf) and node.kind == "operator" and node.text in operators):
        return False
    before = items[number - 1]
    return not (isinstance(before, Leaf) and before.kind == "operator" and before.text not in "%#")


def split(items: Items, operator: str) -> list[Items]:
    """The operands of an operator that binds loosest."""
    parts: list[Items] = [[]]
    for node in items:
        if formula.is_operator(node, operator):
            parts.append([])
        else:
            parts[-1].append(node)
    return parts


def with_powers(items: Items) -> Items:
    """`a^b` as a call of our own, since 0^0 is an error in Excel; not where b is plainly not 0."""
    position = 0
    while position < len(items):
        if not formula.is_operator(items[position], "^") or _is_nonzero(items, position + 1):
            position += 1
            continue
        start, end = _operand_before(items, position), _operand_after(items, position)
        base, exponent = items[start:position], items[position + 1 : end]
        if not base or not exponent:
            raise FormulaError("^ lacks a number on one side")
        items = [*items[:start], Call("POWER", [base, exponent]), *items[end:]]
        position = start + 1
    return items


def _is_nonzero(items: Items, position: int) -> bool:
    node = items[position] if position < len(items) else None
    alone = position + 1 >= len(items) or not formula.is_operator(items[position + 1], "%")
    return isinstance(node, Leaf) and node.kind == "number" and float(node.text) != 0 and alone


def _is_sign(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "operator" and node.text in "+-@"


def _operand_before(items: Items, position: int) -> int:
    """Where the base of a power begins: signs bind tighter than `^` in Excel."""
    start = position
    while start > 0 and (
        not _is_any_operator(items[start - 1])
        or any(formula.is_operator(items[start - 1], s) for s in ":% #")
    ):
        start -= 1
    while start > 0 and _is_sign(items[start - 1]) and (start == 1 or _is_any_operator(items[start - 2])):
        start -= 1
    return start


def _operand_after(items: Items, position: int) -> int:
    end = position + 1
    while end < len(items) and _is_sign(items[end]):
        end += 1
    while end < len(items) and _belongs_to_operand(items[end]):
        end += 1
    return end


def _belongs_to_operand(node: Node) -> bool:
    return not _is_any_operator(node) or any(formula.is_operator(node, sign) for sign in ":% #")


def _is_any_operator(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "operator"


def folded(items: Items) -> str | None:
    """A chain of plain numbers added and subtracted, as their sum from left to right."""
    total, sign = 0.0, 1
    for number, node in enumerate(items):
        wanted = "operator" if number % 2 else "number"
        if not isinstance(node, Leaf) or node.kind != wanted or (number % 2 and node.text not in "+-"):
            return None
        if number % 2:
            sign = 1 if node.text == "+" else -1
        else:
            total += sign * float(node.text)
    return repr(total) if math.isfinite(total) else None


def names_cells(nodes: Items) -> bool:
    """Whether the nodes are references and `:` only, so that they stand for cells wherever they stand."""
    return all(
        isinstance(node, Reference)
        or formula.is_operator(node, ":")
        or (isinstance(node, Leaf) and node.kind == "table")
        for node in nodes
    )


def chains(items: Items) -> Iterator[Items]:
    """Operators one by one, and operands with what `:`, a space or `#` joins to them."""
    chain: Items = []
    for node in items:
        joins = any(formula.is_operator(node, sign) for sign in (":", " ", "#"))
        if isinstance(node, Leaf) and node.kind == "operator" and not joins:
            if chain:
                yield chain
            chain = []
            yield [node]
        else:
            chain.append(node)
    if chain:
        yield chain
