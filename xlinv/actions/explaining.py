"""Explain: which function stands behind a cell, its inputs and source, and what its variants would give."""

from dataclasses import dataclass
from typing import Any, Final

from xlinv.actions.formula_inputs import (
    Input,
    Reader,
    at,
    calls,
    place_of,
    references,
    tree,
    values_of,
    within_use,
)
from xlinv.actions.report import Column, OutSheet, Report, Table
from xlinv.actions.running import Run
from xlinv.catalogue import OMITTED, Function, Kind
from xlinv.catalogue.documentation import parts_and_unit
from xlinv.cells import Cell, InputError
from xlinv.workbook.formula import Call, Items
from xlinv.workbook.spellings import own_name

_DEEPEST: Final = 4
_LEFT_OF: Final = 20
_LONGEST: Final = 6


@dataclass(frozen=True)
class Explained:
    """A call of a catalogue function that gives a cell its value; row and column count within its result."""

    place: str
    formula: str
    function: Function
    inputs: tuple[Input, ...]
    row: int
    column: int

    @property
    def arguments(self) -> list[Any]:
        missing = len(self.function.parameters) - len(self.inputs)
        given = [OMITTED if each.value is None else each.value for each in self.inputs]
        return [*given, *[OMITTED] * missing]

    def result(self, arguments: list[Any] | None = None) -> Cell:
        """What the function gives this cell, with these arguments or its own."""
        cells = self.function.evaluate(*(arguments or self.arguments)).cells
        return at(cells, self.row, self.column)


def explain(run: Run, cell: str | None = None) -> Report:
    """Say which function gives the selected cell its value, from what inputs, and how else it might."""
    area = _cell(run.book, cell)
    found = _explained(run.book, area, 0)
    if found is None:
        formula = area.formula
        raise InputError(
            "cell",
            "must hold, or come from, a function of the catalogue",
            formula or "no formula",
            place_of(area),
        )
    value = values_of(area)[0][0]
    message = f"{place_of(area)} comes from {found.function.name} (version {found.function.version})."
    sheet = OutSheet(
        "Out_Explain",
        f"Explanation of {place_of(area)}",
        (_facts(area, found, value), _inputs(found), _variants(found)),
    )
    return Report(message, (sheet,))


def _cell(book: Any, cell: str | None) -> Any:
    if cell is None:
        area = book.app.selection
        if area is None or area.size != 1:
            raise InputError("selection", "must be one cell", None if area is None else area.address)
        return area
    sheet_name, _, address = cell.rpartition("!")
    try:
        sheet = book.sheets[sheet_name.strip("'")] if sheet_name else book.sheets.active
        area = sheet.range(address)
    except (KeyError, ValueError, TypeError, IndexError):
        raise InputError("cell", "must be a cell of the book, such as Policy!K6", cell) from None
    if area.size != 1:
        raise InputError("cell", "must be one cell", cell)
    return area


def _explained(book: Any, area: Any, depth: int) -> Explained | None:
    """The call behind a cell: in its own formula, in the one whose array fills it, or in a cell it reads."""
    from xlinv.functions import CATALOGUE

    own = str(area.formula or "")
    if own.startswith("="):
        top = _first_alike(area, own)
        found = _call_of(book, top, own, area.row - top.row, area.column - top.column, CATALOGUE)
        if found is not None:
            return found
        return _in_precedents(book, area, tree(own), depth)
    return _filling(book, area, CATALOGUE)


def _first_alike(area: Any, formula: str) -> Any:
    """The first cell of an array whose cells all show its formula, as Excel gives them; else itself."""
    if not area.has_array:
        return area
    row, column = area.row, area.column
    while row > 1 and area.sheet.range((row - 1, column)).formula == formula:
        row -= 1
    while column > 1 and area.sheet.range((row, column - 1)).formula == formula:
        column -= 1
    return area.sheet.range((row, column))


def _call_of(book: Any, top: Any, formula: str, row: int, column: int, catalogue: Any) -> Explained | None:
    """The outermost catalogue call of a formula."""
    for call in calls(tree(formula)):
        name = _catalogue_name(call, catalogue)
        if name:
            reader = Reader(book, top.sheet, top.row, top.column)
            inputs = tuple(reader.input(argument) for argument in call.arguments)
            return Explained(place_of(top), formula, catalogue[name], inputs, row, column)
    return None


def _catalogue_name(call: Call, catalogue: Any) -> str | None:
    name = own_name(call.name)
    return name if name in catalogue else None


def _filling(book: Any, area: Any, catalogue: Any) -> Explained | None:
    """The formula above or to the left whose result reaches into the cell."""
    left = max(1, area.column - _LEFT_OF)
    block = area.sheet.range((1, left), (area.row, area.column)).formula
    rows = block if isinstance(block, tuple) else ((block,),)
    for up, line in enumerate(reversed(rows)):
        for across, text in enumerate(reversed(line)):
            if not str(text).startswith("="):
                continue
            top = area.sheet.range((area.row - up, area.column - across))
            found = _call_of(book, top, str(text), up, across, catalogue)
            if found is not None:
                cells = found.function.evaluate(*found.arguments).cells
                if up < len(cells) and across < len(cells[0]):
                    return found
    return None


def _in_precedents(book: Any, area: Any, items: Items, depth: int) -> Explained | None:
    """The call behind a cell that the formula reads: in its own row where it reads a column."""
    if depth >= _DEEPEST:
        return None
    for reference in references(items):
        sheet = area.sheet
        if reference.sheet:
            sheet = book.sheets[reference.sheet.rstrip("!").strip("'").replace("''", "'")]
        read = within_use(sheet.range(reference.text.replace("$", "")))
        inside = read.row <= area.row < read.row + read.shape[0]
        row = area.row if inside and read.shape[0] > 1 else read.row
        found = _explained(book, sheet.range((row, read.column)), depth + 1)
        if found is not None:
            return found
    return None


def _facts(area: Any, found: Explained, value: Cell) -> Table:
    function = found.function
    result = found.result()
    rows: list[tuple[str, Cell]] = [
        ("Cell", place_of(area)),
        ("Shows", _text(value)),
        ("Function", function.name),
        ("What it gives", function.summary),
        ("Version", function.version),
        ("Formula in words", function.formula),
        ("Source", function.source),
        ("Stands in", found.place),
        ("As typed", found.formula),
        ("Computed now", _text(result)),
    ]
    parts, unit = parts_and_unit(function.result)
    rows.append(("Unit", unit or ", ".join(parts)))
    return Table(
        "Function",
        (
            Column("What", [name for name, _ in rows], width=18.0),
            Column("Answer", [text for _, text in rows], width=60.0, wrap=True),
        ),
    )


def _inputs(found: Explained) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for number, parameter in enumerate(found.function.parameters):
        given = found.inputs[number] if number < len(found.inputs) else Input("", (), None)
        if given.value is None:
            told: Cell = "optional, left out" if parameter.default is None else f"default {parameter.default}"
        elif parameter.kind in _PER_CELL:
            told = _text(at(given.value, found.row, found.column))
        else:
            told = _several(given.value)
        rows.append(
            (parameter.name, told, parameter.unit, "; ".join(given.places) or given.text, parameter.meaning)
        )
    headings = ("Input", "Value", "Unit", "Cells, or as typed", "Meaning")
    widths = (18.0, 60.0, 16.0, 40.0, 44.0)
    return Table(
        "Inputs",
        tuple(
            Column(heading, [row[number] for row in rows], width=width, wrap=True)
            for number, (heading, width) in enumerate(zip(headings, widths, strict=True))
        ),
    )


_PER_CELL: Final = (Kind.VALUES, Kind.VALUE, Kind.OPTION, Kind.TEXT, Kind.FLAG, Kind.ITEMS, Kind.LABELS)


def _variants(found: Explained) -> Table:
    """What the other options would give, one at a time."""
    now = found.result()
    rows: list[tuple[Cell, ...]] = []
    for number, parameter in enumerate(found.function.parameters):
        if not parameter.options:
            continue
        used = found.arguments[number]
        present = parameter.default if used is OMITTED else at(used, found.row, found.column)
        for option in parameter.options:
            same = str(option).casefold() == str(present).casefold()
            arguments = [*found.arguments[:number], option, *found.arguments[number + 1 :]]
            value = now if same else found.result(arguments)
            change = value - now if _number(value) and _number(now) else None  # type: ignore[operator]
            rows.append(
                (
                    parameter.name,
                    option,
                    _text(value),
                    None if same else _text(change),
                    "in use" if same else None,
                )
            )
    if not rows:
        rows.append(("none", "the function has no variants", None, None, None))
    headings = ("Choice", "Variant", "Result", "Difference", "Now")
    return Table(
        "What the other variants would give",
        tuple(Column(heading, [row[number] for row in rows]) for number, heading in enumerate(headings)),
    )


def _number(value: Cell) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _text(value: Cell) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:,.10g}" if isinstance(value, float | int) else str(value)


def _several(value: Any) -> str:
    """The first values of a range, and how many there are."""
    if not isinstance(value, list):
        return str(_text(value))
    flat = [item for line in value for item in line]
    told = ", ".join("blank" if item is None else str(_text(item)) for item in flat[:_LONGEST])
    if len(flat) <= _LONGEST:
        return told
    return f"{told} … ({len(value)} rows, {len(value[0])} columns)"
