"""The inputs of a formula in an open book: what each refers to, where that lies, and its value."""

from dataclasses import dataclass, field
from typing import Any, Final

from xlinv.cells import Block, Cell, InputError, block
from xlinv.workbook.evaluate import evaluate_with_problems
from xlinv.workbook.formula import Call, FormulaError, Group, Items, Leaf, Node, Reference, parse, shape
from xlinv.workbook.spellings import function_name
from xlinv.workbook.tables import table_part

_BOUND: Final = "input_{}"


@dataclass(frozen=True)
class Input:
    """One argument: as it is written, the cells it refers to, and its value; None where it is left out."""

    text: str
    places: tuple[str, ...]
    value: Any


@dataclass
class Reader:
    """Reads the inputs of the formula of one cell."""

    book: Any
    sheet: Any
    row: int
    column: int
    bound: dict[str, Block] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)

    def input(self, items: Items) -> Input:
        """One argument, evaluated."""
        if not items:
            return Input("", (), None)
        self.bound, self.places = {}, []
        plain = "".join(self._shown(node) for node in items)
        text = "".join(self._text(node) for node in items)
        if text in self.bound:
            # A formula would make 0 of a blank, which a function that is handed the cells sees as blank.
            cells = self.bound[text]
            value: Any = cells if len(cells) > 1 or len(cells[0]) > 1 else cells[0][0]
        else:
            value, _ = evaluate_with_problems(f"={text}", self.bound)
        return Input(plain, tuple(self.places), value)

    def _shown(self, node: Node) -> str:
        """A node as a reader writes it."""
        if isinstance(node, Reference):
            return node.sheet + node.text
        if isinstance(node, Leaf):
            return node.sheet + node.text
        if isinstance(node, Group):
            return "(" + ",".join("".join(map(self._shown, part)) for part in node.parts) + ")"
        if isinstance(node, Call):
            inner = ",".join("".join(map(self._shown, part)) for part in node.arguments)
            return f"{function_name(node.name)}({inner})"
        raise InputError("formula", "holds a LAMBDA called on the spot, which Explain does not follow", "")

    def _text(self, node: Node) -> str:
        """A node for evaluation: cells replaced by names bound to their values."""
        if isinstance(node, Reference):
            return self._bind(self._area(node), node.sheet + node.text)
        if isinstance(node, Leaf) and node.kind in ("table", "name"):
            if node.text.upper() in ("TRUE", "FALSE"):
                return node.text
            found = self._table(node.text) if node.kind == "table" else self._name(node.text)
            return self._bind(found, node.text)
        if isinstance(node, Leaf):
            return node.text
        if isinstance(node, Group):
            return "(" + ",".join("".join(map(self._text, part)) for part in node.parts) + ")"
        if isinstance(node, Call):
            if not node.arguments and function_name(node.name) in ("ROW", "COLUMN"):
                return str(self.row if function_name(node.name) == "ROW" else self.column)
            inner = ",".join("".join(map(self._text, part)) for part in node.arguments)
            return f"{function_name(node.name)}({inner})"
        raise InputError("formula", "holds a LAMBDA called on the spot, which Explain does not follow", "")

    def _bind(self, area: Any, text: str) -> str:
        if not hasattr(area, "sheet"):
            return str(area)
        self.places.append(f"{text} = {place_of(area)}" if text != place_of(area) else text)
        name = _BOUND.format(len(self.bound) + 1)
        self.bound[name] = values_of(area)
        return name

    def _area(self, reference: Reference) -> Any:
        sheet = self.sheet
        if reference.sheet:
            sheet = self.book.sheets[reference.sheet.rstrip("!").strip("'").replace("''", "'")]
        return within_use(sheet.range(reference.text.replace("$", "")))

    def _table(self, text: str) -> Any:
        part = table_part(text)
        for sheet in self.book.sheets:
            for table in sheet.tables:
                whole = table.range
                inside = sheet.name == self.sheet.name and _holds(whole, self.row, self.column)
                if table.name.lower() == part.table or (not part.table and inside):
                    return _part_of(table, part, self.row)
        raise InputError("formula", "refers to a table that the book does not have", text)

    def _name(self, text: str) -> Any:
        for defined in self.book.names:
            if defined.name.rpartition("!")[2].casefold() == text.casefold():
                area = defined.refers_to_range
                return area if area is not None else f"({defined.refers_to.removeprefix('=')})"
        raise InputError("formula", "uses a name that the book does not have", text)


def _holds(area: Any, row: int, column: int) -> bool:
    height, width = area.shape
    return bool(area.row <= row < area.row + height and area.column <= column < area.column + width)


def _part_of(table: Any, part: Any, row: int) -> Any:
    whole = table.range
    headings = [str(value).strip().lower() for value in whole[0, :].options(ndim=1).value]
    numbers = [headings.index(column) for column in part.columns] or [0, len(headings) - 1]
    left, right = whole.column + min(numbers), whole.column + max(numbers)
    if "#this row" in part.items:
        top = bottom = row
    elif "#headers" in part.items:
        top = bottom = whole.row
    else:
        top = whole.row + (0 if "#all" in part.items else 1)
        bottom = whole.row + whole.shape[0] - 1
    return whole.sheet.range((top, left), (bottom, right))


def within_use(area: Any) -> Any:
    """A range cut to the used part of its sheet, so that a whole column can be read."""
    if area.size <= 1_000_000:
        return area
    used = area.sheet.used_range
    bottom = min(area.row + area.shape[0], used.row + used.shape[0]) - 1
    right = min(area.column + area.shape[1], used.column + used.shape[1]) - 1
    return area.sheet.range((area.row, area.column), (max(bottom, area.row), max(right, area.column)))


def place_of(area: Any) -> str:
    """Sheet and address of a range."""
    return f"{area.sheet.name}!{area.get_address(False, False)}"


def values_of(area: Any) -> Block:
    """The cells of a range."""
    return block(area.options(ndim=2, err_to_str=True).value)


def tree(formula: str) -> Items:
    """The tree of a formula; raises InputError for what is none."""
    own = shape(formula.removeprefix("="))
    try:
        return _with_ranges(parse(own.key, own.references))
    except FormulaError as error:
        raise InputError("formula", f"cannot be read, since {error}", formula) from None


def _with_ranges(items: Items) -> Items:
    """The tree with its two corners as one reference, wherever a range is written as such."""
    joined: Items = []
    for node in items:
        if isinstance(node, Call):
            node.arguments = [_with_ranges(part) for part in node.arguments]
        elif isinstance(node, Group):
            node.parts = [_with_ranges(part) for part in node.parts]
        match joined[-2:], node:
            case [Reference() as first, Leaf(kind="operator", text=":")], Reference() as last:
                joined[-2:] = [Reference(first.index, first.sheet, f"{first.text}:{last.text}")]
            case _:
                joined.append(node)
    return joined


def calls(items: Items) -> list[Call]:
    """Every call in a tree, the outermost first."""
    found: list[Call] = []
    for node in items:
        if isinstance(node, Call):
            found.append(node)
            for argument in node.arguments:
                found += calls(argument)
        elif isinstance(node, Group):
            for part in node.parts:
                found += calls(part)
    return found


def references(items: Items) -> list[Reference]:
    """Every reference to cells in a tree."""
    found: list[Reference] = []
    for node in items:
        if isinstance(node, Reference):
            found.append(node)
        elif isinstance(node, Call | Group):
            for part in node.arguments if isinstance(node, Call) else node.parts:
                found += references(part)
    return found


def at(value: Any, row: int, column: int) -> Cell:
    """The element of a value for one cell of a result: a column repeats across, a row down."""
    if not isinstance(value, list):
        return value  # type: ignore[no-any-return]
    line = value[row] if len(value) > row else value[0]
    return line[column] if len(line) > column else line[0]  # type: ignore[no-any-return]
