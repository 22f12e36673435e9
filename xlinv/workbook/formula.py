"""The structure of a formula as a file stores it: its shape, its tokens, its tree.

A column of formulas that differ only in the cells they refer to has one shape. A shape is analysed once,
however many cells carry it, which is what keeps 500,000 formulas cheap.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

# Excel itself stops at 64 levels of functions; parentheses add to that.
DEEPEST_NESTING: Final = 64
LONGEST_FORMULA: Final = 8192

# Stand in a shape for one cell and for whole rows or columns; no real formula holds private-use characters.
CELL_HOLE: Final = "\ue000"
LINES_HOLE: Final = "\ue001"
HOLES: Final = re.compile(f"[{CELL_HOLE}{LINES_HOLE}]")

_TEXT: Final = r'"(?:[^"]|"")*"'
_QUOTED: Final = r"'(?:[^']|'')*'"
_BRACKET: Final = r"\[(?:'.|[^\[\]'])*\]"
_CELLS: Final = (
    r"(?<![\w.$\\])(?:\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}"
    r"|\$?[1-9]\d{0,6}:\$?[1-9]\d{0,6})(?![\w.(!\[])"
)
_GUARDED: Final = re.compile(f"({_TEXT}|{_QUOTED}|{_BRACKET}|{_CELLS})")
_PLAIN: Final = re.compile(f"({_CELLS})")


class FormulaError(ValueError):
    """A formula that no spreadsheet would accept, with the reason in words."""


class Shape(NamedTuple):
    """A formula without its references to cells, and those references in order."""

    key: str
    references: list[str]

    def text(self) -> str:
        pieces = HOLES.split(self.key)
        return pieces[0] + "".join(
            reference + piece for reference, piece in zip(self.references, pieces[1:], strict=True)
        )


def shape(formula: str) -> Shape:
    """The shape of a formula given without its leading `=`."""
    if '"' not in formula and "'" not in formula and "[" not in formula:
        pieces = _PLAIN.split(formula)
        references = pieces[1::2]
        if ":" not in formula:
            return Shape(CELL_HOLE.join(pieces[::2]), references)
        pieces[1::2] = [LINES_HOLE if ":" in reference else CELL_HOLE for reference in references]
        return Shape("".join(pieces), references)
    pieces = _GUARDED.split(formula)
    references = []
    for number in range(1, len(pieces), 2):
        if pieces[number][0] not in "\"'[":
            references.append(pieces[number])
            pieces[number] = LINES_HOLE if ":" in pieces[number] else CELL_HOLE
    return Shape("".join(pieces), references)


@dataclass(slots=True)
class Leaf:
    """A token that holds no others: kind is number, text, error, array, table, name or operator."""

    kind: str
    text: str
    sheet: str = ""


@dataclass(slots=True)
class Reference:
    """One reference to cells, on the sheet its prefix names.

    `text` is the reference itself, or empty for the `index`-th reference of whichever formula has the shape.
    """

    index: int
    sheet: str = ""
    text: str = ""
    lines: bool = False


@dataclass(slots=True)
class Call:
    """A function with its arguments; `sheet` is what stood before its name, such as `[1]!`."""

    name: str
    arguments: list["Items"]
    sheet: str = ""


@dataclass(slots=True)
class Group:
    """What stands in parentheses; more than one part is a union of ranges."""

    parts: list["Items"]


@dataclass(slots=True)
class Invocation:
    """A function value called on the spot: `LAMBDA(x, x + 1)(5)`."""

    target: "Call | Group | Invocation"
    arguments: list["Items"]


Node: TypeAlias = Leaf | Reference | Call | Group | Invocation
Items: TypeAlias = list[Node]

_SHEET: Final = (
    r"(?:'(?:[^']|'')+'|\[\d+\][^\W\d][\w.\\?]*(?::[^\W\d][\w.\\?]*)?|[^\W\d][\w.\\?]*(?::[^\W\d][\w.\\?]*)?"
    r"|\[\d+\])!"
)
_TOKEN: Final = re.compile(
    rf"""(?P<text>{_TEXT})
    |(?P<error>\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!|BLOCKED!|FIELD!|CONNECT!))
    |(?P<sheet>{_SHEET})
    |(?P<hole>[{CELL_HOLE}{LINES_HOLE}])
    |(?P<array>\{{(?:"(?:[^"]|"")*"|[^}}"])*\}})
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[^\W\d][\w.\\?]*|\\[\w.\\?]*)
    |(?P<bracket>\[)
    |(?P<space>\s+)
    |(?P<operator><=|>=|<>|[-+*/^&=<>%@\#:,;()])
    """,
    re.VERBOSE,
)
_COMPARISONS: Final = ("=", "<>", "<", ">", "<=", ">=")


class _Token(NamedTuple):
    kind: str
    text: str


def _tokens(key: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    while position < len(key):
        match = _TOKEN.match(key, position)
        if match is None:
            raise FormulaError(f"it has {key[position]!r} where nothing like that can stand")
        kind = match.lastgroup or ""
        position = match.end()
        if kind == "bracket":
            position = _end_of_bracket(key, match.start())
            name = tokens.pop().text if tokens and tokens[-1].kind == "name" else ""
            tokens.append(_Token("table", name + key[match.start() : position]))
        else:
            tokens.append(_Token(kind, match.group()))
    return tokens


def _end_of_bracket(key: str, start: int) -> int:
    depth = 0
    position = start
    while position < len(key):
        letter = key[position]
        if letter == "'":
            position += 1
        elif letter == "[":
            depth += 1
        elif letter == "]":
            depth -= 1
            if depth == 0:
                return position + 1
        position += 1
    raise FormulaError("a bracket is opened and never closed")


def parse(key: str, references: Sequence[str] = ()) -> Items:
    """The tree of a shape's key, open where the references belong unless they are given.

    Raises FormulaError for what no spreadsheet accepts: unbalanced, empty, or nested beyond 64 levels.
    """
    if len(key) > LONGEST_FORMULA:
        raise FormulaError(f"it is {len(key):,} characters long, and Excel stops at {LONGEST_FORMULA:,}")
    reader = _Reader(_tokens(key), references)
    items = reader.items(depth=0)
    if reader.position < len(reader.tokens):
        raise FormulaError("a parenthesis is closed and never opened")
    if not items:
        raise FormulaError("it is empty")
    return items


class _Reader:
    """Reads tokens into a tree, one level of nesting per call."""

    def __init__(self, tokens: list[_Token], references: Sequence[str]) -> None:
        self.tokens, self.references, self.position, self.holes = tokens, references, 0, 0

    def items(self, depth: int) -> Items:
        """Nodes up to a comma or closing parenthesis of this level, or the end."""
        if depth > DEEPEST_NESTING:
            raise FormulaError(f"it is nested deeper than {DEEPEST_NESTING} levels, where Excel stops")
        items: Items = []
        sheet = ""
        while self.position < len(self.tokens):
            kind, text = self.tokens[self.position]
            if kind == "operator" and text in ",;)":
                break
            self.position += 1
            if kind == "sheet":
                sheet = text
                continue
            if kind == "space":
                if self._intersects(items):
                    items.append(Leaf("operator", " "))
            elif kind == "hole":
                reference = self.references[self.holes] if self.references else ""
                items.append(Reference(self.holes, sheet, reference, text == LINES_HOLE))
                self.holes += 1
            elif kind == "operator" and text == "(":
                items.append(self._parenthesis(items, depth))
            elif kind == "name" and self._opens():
                self.position += 1
                items.append(Call(text, self._parts(depth), sheet))
            else:
                items.append(Leaf(kind, text, sheet))
            sheet = ""
        return items

    def _parenthesis(self, items: Items, depth: int) -> Node:
        if items and isinstance(items[-1], Call | Group | Invocation):
            return Invocation(items.pop(), self._parts(depth))  # type: ignore[arg-type]
        parts = self._parts(depth)
        if not all(parts):
            raise FormulaError("a pair of parentheses holds nothing")
        return Group(parts)

    def _parts(self, depth: int) -> list[Items]:
        parts = [self.items(depth + 1)]
        separator = ""
        while self.position < len(self.tokens):
            text = self.tokens[self.position].text
            self.position += 1
            if text == ")":
                return [] if parts == [[]] else parts
            if separator and text != separator:
                raise FormulaError("commas and semicolons both separate its arguments; decimals take a point")
            separator = text
            parts.append(self.items(depth + 1))
        raise FormulaError("a parenthesis is opened and never closed")

    def _opens(self) -> bool:
        return self.position < len(self.tokens) and self.tokens[self.position] == ("operator", "(")

    def _intersects(self, items: Items) -> bool:
        """Whether a space between the last item and the next token means intersection."""
        if not items or self.position >= len(self.tokens):
            return False
        before, after = items[-1], self.tokens[self.position]
        ends = not (isinstance(before, Leaf) and before.kind in ("operator", "number", "text", "array"))
        return ends and (after.kind in ("hole", "sheet", "name", "table") or after == ("operator", "("))


def is_operator(node: Node, text: str) -> bool:
    return isinstance(node, Leaf) and node.kind == "operator" and node.text == text


def is_comparison(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "operator" and node.text in _COMPARISONS
