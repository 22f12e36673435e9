"""Formulas as a file stores them, rewritten into what the engine understands.

The engine is given cell references only: tables, names, prefixes of newer functions, unions, 3-D ranges and
lambdas over arrays are expressed with what it has, or with functions of our own (supplied.py, lambdas.py).
What cannot be expressed becomes an error value in the cell and a sentence for the user, never a guess.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from xlinv.workbook import array_functions, coercion, extent, formula, lambda_syntax, lifting, specials
from xlinv.workbook.array_functions import OMITTED
from xlinv.workbook.expressions import (
    chains,
    folded,
    is_3d,
    is_binary,
    is_range,
    is_text,
    names_cells,
    split,
    with_powers,
)
from xlinv.workbook.formula import Call, FormulaError, Group, Invocation, Items, Leaf, Node, Reference
from xlinv.workbook.references import moved, quoted
from xlinv.workbook.scope import Book, Frame, Place, Variable
from xlinv.workbook.spellings import (
    BATCHED,
    OWN,
    bound_name,
    function_name,
    may_be_our_addin,
    own_name,
    spelled,
)
from xlinv.workbook.tables import THIS_ROW, Table, cell_reference, table_part

# A sheet of one cell, which changes whenever batched calls have to be made again.
ROUND_SHEET: Final = "XLINV round"
_COMPARISON_FUNCTIONS: Final = {"=": "EQ", "<>": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE"}
_PRECEDENCE: Final = (("+", "-"), ("*", "/"), ("^",))
# The engine accepts trees up to a height of 256; longer chains are cut into named steps of this length.
_LONGEST_CHAIN: Final = 100
_MARK: Final = re.compile(f"\ue000(\\d+)\ue001|({THIS_ROW})")
_DEEPEST_NAMES: Final = 20


@dataclass(frozen=True, slots=True)
class Template:
    """Rewritten text of a shape: strings, indices of its references, and -1 for the formula's own row.

    `unchanged` says that the engine reads these formulas as the file has them.
    """

    pieces: tuple[str | int, ...]
    may_spill: bool
    unchanged: bool = False
    problems: tuple[str, ...] = ()
    functions: frozenset[str] = frozenset()
    one_place: bool = False
    holes: tuple[int, ...] = ()

    def text(self, references: Sequence[str], row: int) -> str:
        parts = list(self.pieces)
        for position in self.holes:
            piece = parts[position]
            parts[position] = str(row) if piece < 0 else references[piece]  # type: ignore[operator, index]
        return "".join(parts)  # type: ignore[arg-type]


def template(key: str, references: Sequence[str], place: Place, book: Book) -> Template:
    """How the engine should read formulas of this shape; raises FormulaError for what is no formula.

    Where the result holds for this one place only, it says so.
    """
    rewriter = Rewriter(book, place, references)
    items = formula.parse(key)
    pieces = tuple(_pieces(rewriter.items(items)))
    original = formula.HOLES.split(key)
    return Template(
        pieces=pieces,
        holes=tuple(number for number, piece in enumerate(pieces) if isinstance(piece, int)),
        unchanged=[piece for piece in pieces if isinstance(piece, str)] == [text for text in original if text]
        and [piece for piece in pieces if isinstance(piece, int)] == list(range(len(references))),
        may_spill=rewriter.calls_catalogue or not rewriter.single(items),
        problems=tuple(rewriter.problems),
        functions=frozenset(rewriter.functions),
        one_place=rewriter.one_place,
    )


def _pieces(text: str) -> Iterator[str | int]:
    position = 0
    for match in _MARK.finditer(text):
        if match.start() > position:
            yield text[position : match.start()]
        yield int(match[1]) if match[1] else -1
        position = match.end()
    if position < len(text):
        yield text[position:]


class Rewriter:
    """Rewrites one formula; what it meets on the way is kept for the caller to ask."""

    def __init__(self, book: Book, place: Place, references: Sequence[str]) -> None:
        self.book, self.place, self.references = book, place, references
        self.problems: list[str] = []
        self.functions: set[str] = set()
        self.one_place = False
        self.calls_catalogue = False
        self.frames: list[Frame] = []
        self.scope: dict[str, Variable] = {}
        self.array_context = 0
        self.one_cell_argument = False
        self.names_open: list[str] = []

    # Expressions

    def items(self, items: Items) -> str:
        """The rewritten text of one expression."""
        positions = [number for number, node in enumerate(items) if formula.is_comparison(node)]
        if not positions:
            return self._sequence(items)
        left_items, left = items[: positions[0]], self._sequence(items[: positions[0]])
        for number, position in enumerate(positions):
            end = positions[number + 1] if number + 1 < len(positions) else len(items)
            right_items = items[position + 1 : end]
            left = self._comparison(items[position], left_items, left, right_items)
            left_items = [Group([left_items])]
        return left

    def _comparison(self, operator: Node, left_items: Items, left: str, right_items: Items) -> str:
        """Excel compares numbers to 15 digits; the engine compares them bit by bit, so ours stands in."""
        sign = operator.text if isinstance(operator, Leaf) else "="
        right = self._sequence(right_items)
        if not left or not right:
            raise FormulaError(f"{sign} lacks something to compare with")
        if is_text(left_items) or is_text(right_items):
            return f"({left}{sign}{right})"
        return f"{OWN}{_COMPARISON_FUNCTIONS[sign]}({left},{right})"

    def _sequence(self, items: Items) -> str:
        """Operands and operators without comparisons."""
        if len(items) > 2 * _LONGEST_CHAIN:
            cut = self._in_steps(items)
            if cut is not None:
                return cut
        joined = split(items, "&")
        if len(joined) > 1:
            self.depth += 1
            texts = [self._sequence(part) for part in joined]
            self.depth -= 1
            if not all(texts):
                raise FormulaError("& lacks something to join")
            return f"{OWN}JOIN({','.join(texts)})"
        items = with_powers(items)
        texts = []
        operands = list(chains(items))
        alone = len(operands) == 1
        for nodes in operands:
            if len(nodes) == 1 and isinstance(nodes[0], Leaf) and nodes[0].kind == "operator":
                texts.append(nodes[0].text)
            else:
                texts.append(self._operand(nodes, alone))
        return "".join(texts)

    def _in_steps(self, items: Items) -> str | None:
        """A very long chain of operators as named steps, evaluated in the same order."""
        total = folded(items)
        if total is not None:
            return total
        if len(split(items, "&")) > 1:
            return None
        for operators in _PRECEDENCE:
            cuts = [number for number in range(1, len(items)) if is_binary(items, number, operators)]
            if cuts:  # the loosest operators of the chain
                break
        if len(cuts) <= _LONGEST_CHAIN:
            return None
        steps, start = [], 0
        for number, cut in enumerate(cuts[_LONGEST_CHAIN::_LONGEST_CHAIN]):
            carried = f"_step{number - 1}" if number else ""
            steps.append(f"_step{number},{carried}{self._sequence(items[start:cut])}")
            start = cut
        return f"LET({','.join(steps)},_step{len(steps) - 1}{self._sequence(items[start:])})"

    def _operand(self, nodes: Items, alone: bool) -> str:
        if any(formula.is_operator(node, " ") for node in nodes):
            return specials.intersection(self, nodes)
        if any(isinstance(node, Reference) and is_3d(node.sheet) for node in nodes):
            return self.cannot("#REF!", "a range across several sheets can stand only in a sum or the like")
        if len(nodes) > 1 and formula.is_operator(nodes[-1], "#"):
            return specials.spilled_range(self, nodes[:-1])
        text = self.cells(nodes) if names_cells(nodes) else "".join(map(self._node, nodes))
        if self.meets_one_cell and not self.frames:
            wanted = not alone or not self.depth or self.one_cell_argument
            if wanted and is_range(nodes) and names_cells(nodes):
                return f"@{text}"
        return text

    @property
    def meets_one_cell(self) -> bool:
        """Whether a range means its cell in this row or column, as where Excel stored a one-cell formula."""
        return self.place.implicit and not self.array_context

    depth = 0

    def _node(self, node: Node) -> str:
        match node:
            case Leaf("operator", text):
                return text
            case Leaf("name"):
                return self._name(node)
            case Leaf("table"):
                return self.outer(self._table(node))
            case Leaf("array", text):
                return text
            case Leaf("error", text):
                return text if text in _ENGINE_ERRORS else "#VALUE!"
            case Leaf(_, text):
                return text
            case Reference():
                return self.outer(self._reference(node))
            case Group(parts) if len(parts) == 1:
                return f"({self.items(parts[0])})"
            case Group():
                return self.cannot("#VALUE!", "a union of ranges can stand only in a sum or the like")
            case Invocation(target, arguments):
                return lambda_syntax.invocation(self, target, arguments)
            case Call():
                return self._call(node)

    # Cells

    def outer(self, text: str) -> str:
        """Text that names cells, as the innermost lambda body sees it."""
        return self._handed_in(text, len(self.frames))

    def _handed_in(self, text: str, depth: int, home: int = 0) -> str:
        """Text that belongs to frame `home`, handed in through every frame up to `depth`."""
        for frame in self.frames[home:depth]:
            text = frame.hand_in(text)
        return text

    def cells(self, nodes: Items) -> str:
        """References joined by `:`, handed as one into a lambda's body."""
        frames, self.frames = self.frames, []
        text = "".join(map(self._node, nodes))
        self.frames = frames
        return self.outer(text)

    def _reference(self, node: Reference) -> str:
        text = node.text or f"\ue000{node.index}\ue001"
        if not node.sheet:
            return text
        sheet = self.sheet(node.sheet)
        return "#REF!" if sheet is None else f"{quoted(sheet)}!{text}"

    def sheet(self, prefix: str) -> str | None:
        """The sheet that a prefix such as `'My Sheet'!` or `[1]Data!` names, or None with a sentence said."""
        name = prefix[:-1]
        if name.startswith("'"):
            name = name[1:-1].replace("''", "'")
        linked = re.fullmatch(r"\[(\d+)\](.*)", name)
        linked_sheet = self.book.external.get((linked[1], linked[2].lower())) if linked else None
        sheet = linked_sheet if linked else self.book.sheet(name)
        if sheet is None:
            what = f"another workbook ({name})" if "[" in name else f"a sheet {name!r} that is not there"
            self.problems.append(f"it refers to {what}: copy those cells into this workbook")
        return sheet

    def reference_text(self, node: Reference) -> str:
        """The reference itself; the rewriting then holds for this one formula only."""
        if not node.text:
            self.one_place = True
        return node.text or self.references[node.index]

    def _table(self, leaf: Leaf) -> str:
        part = table_part(leaf.text)
        table = self.book.tables.get(part.table) if part.table else self._table_here()
        cells = cell_reference(part, table) if table else None
        if cells is None:
            return self.cannot("#REF!", f"{leaf.text} names no table, column or row of this workbook")
        return cells

    def _table_here(self) -> Table | None:
        self.one_place = True
        return next(
            (
                table
                for table in self.book.tables.values()
                if table.sheet == self.place.sheet and table.area.contains(self.place.row, self.place.column)
            ),
            None,
        )

    # Names

    def _name(self, leaf: Leaf) -> str:
        variable = bound_name(leaf.text)
        if not leaf.sheet and variable in self.scope:
            return self._variable(variable)
        if leaf.text.upper() in ("TRUE", "FALSE"):
            return leaf.text.upper()
        items = self.defined(leaf)
        if items is None:
            return self.cannot("#NAME?", f"{leaf.text} is no name of this workbook")
        self.names_open.append(leaf.text.lower())
        text = self.cells(items) if names_cells(items) else f"({self.items(items)})"
        self.names_open.pop()
        return text

    def _variable(self, name: str) -> str:
        variable = self.scope[name]
        depth = variable.depth
        own = self.frames[depth - 1].parameters.get(name) if depth else None
        return self._handed_in(own or spelled(name), len(self.frames), depth)

    def defined(self, leaf: Leaf) -> Items | None:
        """What a defined name stands for, its relative references moved to this cell."""
        if len(self.names_open) > _DEEPEST_NAMES or leaf.text.lower() in self.names_open:
            return None
        home = leaf.sheet[:-1].strip("'").lower() if leaf.sheet else self.place.sheet.lower()
        key = leaf.text.lower()
        text = self.book.names.get((home, key)) or self.book.names.get(("", key))
        if not text:
            return [Leaf("table", f"{leaf.text}[]")] if key in self.book.tables and not leaf.sheet else None
        shape = formula.shape(text.removeprefix("="))
        references = [self._moved_here(reference) for reference in shape.references]
        return formula.parse(shape.key, references)

    def _moved_here(self, reference: str) -> str:
        """A name's relative reference is kept as seen from A1."""
        text = moved(reference, self.place.row - 1, self.place.column - 1)
        if text != reference:
            self.one_place = True
        return text

    # Functions

    def _call(self, node: Call) -> str:
        name = function_name(node.name)
        catalogue = self._catalogue_name(node, name)
        if catalogue is not None:
            self.calls_catalogue = True
            arguments = self.arguments(node.arguments, omitted=True)
            batched = self.book.batched and node.arguments and not self.frames
            if batched and all(map(self._single_argument, node.arguments)):
                return f"{BATCHED}{catalogue.removeprefix('XLINV.')}({arguments},'{ROUND_SHEET}'!$A$1)"
            return f"{catalogue}({arguments})"
        if bound_name(node.name) in self.scope:
            return lambda_syntax.call_of_variable(self, bound_name(node.name), node.arguments)
        if node.sheet:
            return self.cannot(
                "#NAME?", f"{node.sheet}{node.name} belongs to an add-in or workbook that is not here"
            )
        special = specials.SPECIAL.get(name)
        if special is not None:
            return special(self, Call(name, node.arguments))
        defined = self.defined(Leaf("name", node.name))
        if defined is not None and len(defined) == 1:
            return lambda_syntax.invocation(self, defined[0], node.arguments)
        self.functions.add(name)
        given = coercion.arguments(name, node.arguments)
        if name not in specials.TAKES_ARRAYS:
            return lifting.call(self, Call(name, given))
        return self.plain_call(name, given)

    def _single_argument(self, items: Items) -> bool:
        return self.single(items, trusting=True)

    def _catalogue_name(self, node: Call, name: str) -> str | None:
        ours = own_name(name)
        known = self.book.functions.get(ours)
        if known is None or (node.sheet and not may_be_our_addin(node.sheet)):
            return None
        if ours == name and not node.sheet and self._is_own_lambda(name):
            return None  # the workbook's own LAMBDA of that name comes first, as in Excel
        return known

    def _is_own_lambda(self, name: str) -> bool:
        text = self.book.names.get(("", name.lower()), "").removeprefix("=")
        return function_name(text.partition("(")[0].strip()) == "LAMBDA"

    def plain_name(self, node: Call) -> str:
        return function_name(node.name)

    def is_of_single_cells(self, node: Node) -> bool:
        """Whether the node calls a built-in function that takes single cells only."""
        if not isinstance(node, Call) or node.sheet or bound_name(node.name) in self.scope:
            return False
        name = function_name(node.name)
        known = self._catalogue_name(node, name) or ("", node.name.lower()) in self.book.names
        return not (known or name in specials.TAKES_ARRAYS or name in specials.SPECIAL)

    def plain_call(self, name: str, arguments: list[Items]) -> str:
        self.array_context += name in specials.ARRAY_CONTEXT
        omitted = name in array_functions.FUNCTIONS
        text = f"{specials.ENGINE_NAMES.get(name, name)}({self.arguments(arguments, omitted)})"
        self.array_context -= name in specials.ARRAY_CONTEXT
        return text

    def arguments(self, arguments: list[Items], omitted: bool = False) -> str:
        """Rewritten arguments; `omitted` marks missing ones, which the engine would pass as 0."""
        before, self.one_cell_argument = self.one_cell_argument, False
        self.depth += 1
        texts = [self.items(items) if items else f'"{OMITTED}"' * omitted for items in arguments]
        self.depth -= 1
        self.one_cell_argument = before
        return ",".join(texts)

    def single(self, items: Items, trusting: bool = False) -> bool:
        """Whether the expression surely gives one cell; see extent.py."""
        return extent.single(self, items, trusting)

    def cannot(self, error: str, reason: str) -> str:
        """An error in place of what cannot be computed, with the reason kept for the user."""
        if reason not in self.problems:
            self.problems.append(reason)
        return error


_ENGINE_ERRORS: Final = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!")
)
