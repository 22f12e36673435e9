"""Lint rules of formulas: consistent, not typed over, short, without constants, calculated once."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from xlinv.workbook.findings import Finding
from xlinv.workbook.lint_book import LintBook, LintSheet, Place, called
from xlinv.workbook.references import address

LONGEST: Final = 400
_SHORTEST_REPEATED: Final = 40
_LEAST_RUN: Final = 4
_NEAR: Final = (-3, -2, -1, 1, 2, 3)
_MAJORITY: Final = 0.5
_FORMULA_STYLES: Final = ("x_Calc", "x_Link", "x_Check")
# 0, 1 and 2 are switches, halves and squares; anything else has a meaning that a name should say.
_PLAIN_NUMBERS: Final = frozenset({0.0, 1.0, 2.0})
_NOT_NUMBERS: Final = re.compile(
    r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|\[(?:\'.|[^\[\]\'])*\]'
    r"|(?<![\w.])(?:\$?[A-Za-z]{1,3}\$?\d{1,7}|\$?\d+:\$?\d+|[^\W\d][\w.]*)"
)
_NUMBER: Final = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def formula_findings(book: LintBook, catalogue: frozenset[str]) -> Iterator[Finding]:
    """What is wrong with the formulas; `catalogue` are the names of our functions."""
    for sheet in book.own:
        yield from _columns(sheet, catalogue)
        yield from _typed_over(sheet)
        yield from _long(sheet)
        yield from _constants(sheet)
    yield from _repeated(book)


def _columns(sheet: LintSheet, catalogue: frozenset[str]) -> Iterator[Finding]:
    """Cells that differ from most of their column, in tables and in runs of cells."""
    for run, least in _runs(sheet):
        counted = Counter(sheet.patterns[place] for place in run if place in sheet.formulas)
        if not counted:
            continue
        pattern, count = counted.most_common(1)[0]
        if count < least or count <= _MAJORITY * len(run):
            continue
        model = next(place for place in run if sheet.patterns.get(place) == pattern)
        ours = sorted(called(sheet.formulas[model]) & catalogue)
        for place in run:
            if sheet.patterns.get(place) == pattern:
                continue
            yield _differing(sheet, place, model, ours)


def _differing(sheet: LintSheet, place: Place, model: Place, ours: list[str]) -> Finding:
    if place in sheet.formulas:
        told = f"the formula differs from its column, as in {address(*model)}"
        return Finding("L12", "error", sheet.name, address(*place), told)
    what = f"formula {ours[0]}" if ours else "formula of its column"
    told = f"the {what} was replaced by the constant {sheet.constants[place]}"
    return Finding("constant", "error", sheet.name, address(*place), told)


def _runs(sheet: LintSheet) -> Iterator[tuple[list[Place], int]]:
    """Columns of tables, and runs of neighbouring cells outside them, with the least copies that count."""
    in_tables: set[Place] = set()
    for table in sheet.tables:
        for column in range(table.area.left, table.area.right + 1):
            places = [(row, column) for row in range(table.area.top + 1, table.area.bottom + 1)]
            in_tables.update(places)
            yield [place for place in places if place in sheet.formulas or sheet.number(place)], 2
    by_column: dict[int, list[int]] = defaultdict(list)
    for row, column in sheet.formulas.keys() | {p for p in sheet.constants if sheet.number(p)}:
        if (row, column) not in in_tables:
            by_column[column].append(row)
    for column, rows in by_column.items():
        run: list[Place] = []
        for row in sorted(rows):
            if run and row != run[-1][0] + 1:
                yield run, _LEAST_RUN
                run = []
            if not _in_array(sheet, (row, column)):
                run.append((row, column))
        yield run, _LEAST_RUN


def _in_array(sheet: LintSheet, place: Place) -> bool:
    return place not in sheet.formulas and sheet.filled(place)


def _typed_over(sheet: LintSheet) -> Iterator[Finding]:
    """Numbers among formulas in cells whose style says that a formula belongs there."""
    for place, style in sheet.styles.items():
        if style not in _FORMULA_STYLES or not sheet.number(place) or sheet.filled(place):
            continue
        row, column = place
        beside = _alike(sheet, style, [(row + n, column) for n in _NEAR])
        if not beside:
            beside = _alike(sheet, style, [(row, column + n) for n in _NEAR])
        if sum(near in sheet.formulas for near in beside) > len(beside) / 2:
            told = f"a formula was replaced by the constant {sheet.constants[place]} (style {style})"
            yield Finding("constant", "error", sheet.name, address(*place), told)


def _alike(sheet: LintSheet, style: str, places: list[Place]) -> list[Place]:
    """Those of the places that hold a formula or a number in the same style."""
    return [p for p in places if sheet.styles.get(p) == style and (p in sheet.formulas or sheet.number(p))]


def _long(sheet: LintSheet) -> Iterator[Finding]:
    told: set[str] = set()
    for place, text in sheet.formulas.items():
        if len(text) > LONGEST and sheet.patterns[place] not in told:
            told.add(sheet.patterns[place])
            message = f"the formula is {len(text)} characters long: split it into steps"
            yield Finding("L13", "warning", sheet.name, address(*place), message)


def _constants(sheet: LintSheet) -> Iterator[Finding]:
    """Numbers inside formulas, told once per pattern."""
    told: set[str] = set()
    for place, text in sheet.formulas.items():
        if sheet.patterns[place] in told:
            continue
        told.add(sheet.patterns[place])
        numbers = set(_NUMBER.findall(_NOT_NUMBERS.sub(" x ", text)))
        odd = sorted(number for number in numbers if float(number) not in _PLAIN_NUMBERS)
        if odd:
            message = f"the formula holds {', '.join(odd)}: put it into a named cell"
            yield Finding("L14", "warning", sheet.name, address(*place), message)


def _repeated(book: LintBook) -> Iterator[Finding]:
    """The same long calculation in several cells, none of them relative to its place."""
    cells: dict[str, list[str]] = defaultdict(list)
    for sheet in book.own:
        tables = [table.area for table in sheet.tables]
        for place, text in sheet.formulas.items():
            relative = "[" in sheet.patterns[place].partition("|")[2] or "#This Row" in text
            in_table = any(area.contains(*place) for area in tables)
            if len(text) >= _SHORTEST_REPEATED and not relative and not in_table:
                cells[text].append(f"{sheet.name}!{address(*place)}")
    for places in cells.values():
        if len(places) > 1:
            sheet_name, _, cell = places[1].partition("!")
            yield Finding("L15", "info", sheet_name, cell, f"calculated in {places[0]} already: refer to it")
