"""Functions of single cells given arrays: run once for each cell, as Excel does and the engine does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from xlinv.workbook import formula
from xlinv.workbook.array_functions import OMITTED
from xlinv.workbook.expressions import chains
from xlinv.workbook.formula import Call, Group, Items, Leaf, Node, Reference
from xlinv.workbook.scope import Frame, Variable
from xlinv.workbook.spellings import bound_name

if TYPE_CHECKING:
    from xlinv.workbook.rewriting import Rewriter


def _at(*positions: int) -> Callable[[int], bool]:
    return lambda number: number in positions


def _everywhere(_: int) -> bool:
    return True


def _odd(number: int) -> bool:
    return number % 2 == 1


def _even_from_two(number: int) -> bool:
    return number >= 2 and number % 2 == 0


_RANKINGS: Final = (
    """LARGE SMALL PERCENTILE PERCENTILE.INC PERCENTILE.EXC QUARTILE QUARTILE.INC QUARTILE.EXC PERCENTRANK
    PERCENTRANK.INC PERCENTRANK.EXC TRIMMEAN"""
).split()
# Which arguments of functions that take arrays as well are single cells.
ONE_CELL_ARGUMENTS: Final[dict[str, Callable[[int], bool]]] = {
    **dict.fromkeys(_RANKINGS, _at(1)),
    **dict.fromkeys(("MATCH", "XMATCH", "LOOKUP", "XLOOKUP", "RANK", "RANK.EQ", "RANK.AVG"), _at(0)),
    **dict.fromkeys(("VLOOKUP", "HLOOKUP"), _at(0, 2)),
    **dict.fromkeys(("SUMIF", "COUNTIF", "AVERAGEIF"), _at(1)),
    **dict.fromkeys(("SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS"), _even_from_two),
    **dict.fromkeys(("FORECAST", "FORECAST.LINEAR"), _at(0)),
    **dict.fromkeys(("NETWORKDAYS", "WORKDAY"), _at(0, 1)),
    **dict.fromkeys(("NETWORKDAYS.INTL", "WORKDAY.INTL"), _at(0, 1, 2)),
    "COUNTIFS": _odd,
    "INDEX": _at(1, 2),
}
# Given a plain range, these show #VALUE! or take its first cell; given any other array, they run over it.
_NOT_OVER_RANGES: Final = frozenset(
    """BIN2DEC BIN2HEX CONVERT DEC2BIN DEC2HEX DEC2OCT DELTA EDATE EFFECT EOMONTH ERF ERFC GESTEP HEX2DEC
    ISEVEN ISODD MROUND N T NETWORKDAYS NOMINAL QUOTIENT RANDBETWEEN SQRTPI WEEKNUM WORKDAY
    YEARFRAC""".split()
)


def call(rewriter: Rewriter, node: Call) -> str:
    """A function of single cells, run over whatever arrays stand in their places."""
    takes_one = ONE_CELL_ARGUMENTS.get(node.name, _everywhere)
    if rewriter.meets_one_cell:
        return _meeting_one_cell(rewriter, node, takes_one)
    if not _needs(rewriter, node):
        return rewriter.plain_call(node.name, node.arguments)
    arrays: list[Items] = []
    body = _elementwise(rewriter, node, arrays)
    names = [f"lifted {number}" for number in range(len(arrays))]
    return each(rewriter, "MAP", names, [body], arrays)


def _meeting_one_cell(rewriter: Rewriter, node: Call, takes_one: Callable[[int], bool]) -> str:
    """Ranges stand for their cell in the formula's row or column."""
    texts = []
    for number, items in enumerate(node.arguments):
        before, rewriter.one_cell_argument = rewriter.one_cell_argument, takes_one(number)
        rewriter.depth += 1
        texts.append(rewriter.items(items) if items else "")
        rewriter.depth -= 1
        rewriter.one_cell_argument = before
    return f"{node.name}({','.join(texts)})"


def _needs(rewriter: Rewriter, node: Call) -> bool:
    takes_one = ONE_CELL_ARGUMENTS.get(node.name, _everywhere)
    return any(
        takes_one(number)
        and items
        and not rewriter.single(items, trusting=True)
        and not (node.name in _NOT_OVER_RANGES and is_written_range(items))
        for number, items in enumerate(node.arguments)
    )


def is_written_range(items: Items) -> bool:
    """Whether an argument is written as a range, a table or a name."""
    return all(
        isinstance(node, Reference)
        or formula.is_operator(node, ":")
        or (isinstance(node, Leaf) and node.kind in ("table", "name"))
        for node in items
    )


def _elementwise(rewriter: Rewriter, node: Call, arrays: list[Items]) -> Call:
    """The call with a variable for every array in the place of a single cell; `arrays` collects them.

    Functions of single cells inside it are taken along, so that one pass over the cells does for all.
    """
    takes_one = ONE_CELL_ARGUMENTS.get(node.name, _everywhere)
    arguments = []
    for number, items in enumerate(node.arguments):
        lifted = takes_one(number) and items and not rewriter.single(items, trusting=True)
        arguments.append(_variables(rewriter, items, arrays) if lifted else items)
    return Call(node.name, arguments, node.sheet)


def _variables(rewriter: Rewriter, items: Items, arrays: list[Items]) -> Items:
    result: Items = []
    for nodes in chains(items):
        if rewriter.single(nodes, trusting=True):
            result += nodes
        elif len(nodes) == 1 and isinstance(nodes[0], Group) and len(nodes[0].parts) == 1:
            result.append(Group([_variables(rewriter, nodes[0].parts[0], arrays)]))
        elif len(nodes) == 1 and rewriter.is_of_single_cells(nodes[0]):
            assert isinstance(nodes[0], Call)
            own = Call(rewriter.plain_name(nodes[0]), nodes[0].arguments)
            result.append(_elementwise(rewriter, own, arrays))
        else:
            if nodes not in arrays:
                arrays.append(nodes)
            result.append(_variable(arrays.index(nodes)))
    return result


def _variable(number: int) -> Node:
    return Leaf("name", f"lifted {number}")


def each(rewriter: Rewriter, kind: str, names: list[str], body: Items, arrays: list[Items]) -> str:
    """A lambda with these parameters and this body over arrays, run by lambdas.py."""
    rewriter.depth += 1
    texts = [rewriter.items(items) if items else f'"{OMITTED}"' for items in arrays]
    frame = Frame({bound_name(name): f"\ue006{number}\ue007" for number, name in enumerate(names)})
    outside = dict(rewriter.scope)
    rewriter.frames.append(frame)
    for name in names:
        rewriter.scope[bound_name(name)] = Variable(len(rewriter.frames))
    text = rewriter.items(body)
    rewriter.frames.pop()
    rewriter.scope = outside
    rewriter.depth -= 1
    plan = rewriter.book.plans.number(kind, len(names), text)
    return f"XLINV__EACH({','.join([str(plan), *texts, *frame.handed_in])})"
