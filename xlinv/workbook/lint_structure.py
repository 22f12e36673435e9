"""Lint rules of structure: About page, separated inputs, conventions, versions, checks, protection."""

import re
from collections.abc import Iterator
from typing import Final

from xlinv.workbook.findings import Finding
from xlinv.workbook.lint_book import LintBook, LintSheet, LintTable, called
from xlinv.workbook.references import address

_FRONT: Final = ("about", "readme", "read me", "cover", "front", "purpose")
_OUTPUT_WORDS: Final = ("output", "result", "report", "dash", "summary")
_NAME_PREFIXES: Final = ("in_", "set_", "out_", "chk_", "_xlnm", "_xlfn", "print_")
_LONG_TABLE: Final = 20
_INPUT_STYLE: Final = "x_Input"
_UNIT: Final = re.compile(r"\[[^\]]+\]\s*$")


def structure_findings(book: LintBook, catalogue: frozenset[str], version: str) -> Iterator[Finding]:
    """What is wrong with how the workbook is built."""
    yield from _front_page(book)
    yield from _separation(book)
    for sheet in book.own:
        yield from _conventions(sheet)
    yield from _names(book)
    yield from _versions(book, version)
    yield from _checks(book, catalogue)
    yield from _protection(book)


def _front_page(book: LintBook) -> Iterator[Finding]:
    if not any(sheet.name.casefold() in _FRONT for sheet in book.own):
        message = "no sheet About says what the book is for, who owns it and how to use it"
        yield Finding("L07", "warning", book.sheets[0].name, "", message)


def _kinds(book: LintBook) -> dict[str, str]:
    """What the index on the front page says each sheet is: Input, Calculation, Output, Control."""
    kinds = {}
    names = {sheet.name for sheet in book.sheets}
    for sheet in book.own:
        if sheet.name.casefold() not in _FRONT:
            continue
        for (row, column), value in sheet.constants.items():
            kind = sheet.constants.get((row, column + 1))
            if value in names and isinstance(kind, str):
                kinds[str(value)] = kind.strip().casefold()
    return kinds


def _separation(book: LintBook) -> Iterator[Finding]:
    """Inputs, workings and outputs on sheets of their own."""
    kinds = _kinds(book)
    styled = any(style == _INPUT_STYLE for sheet in book.own for style in sheet.styles.values())
    for sheet in book.own:
        typed = sorted(
            place
            for place in sheet.constants
            if sheet.number(place)
            and not sheet.filled(place)
            and (not styled or sheet.styles.get(place) == _INPUT_STYLE)
        )
        kind = kinds.get(sheet.name)
        named_output = any(word in sheet.name.casefold() for word in _OUTPUT_WORDS)
        if typed and (kind == "output" or (kind is None and named_output)):
            message = f"{len(typed)} numbers are typed on a sheet of results: move them to the inputs"
            yield Finding("L10", "warning", sheet.name, address(*typed[0]), message)
        elif kind is None and not kinds and typed and sheet.formulas and not sheet.tables:
            message = "inputs and calculations share the sheet: keep them apart"
            yield Finding("L10", "info", sheet.name, address(*typed[0]), message)


def _conventions(sheet: LintSheet) -> Iterator[Finding]:
    for area in sheet.merged:
        yield Finding("L11", "warning", sheet.name, area, "merged cells: unmerge them, centre across instead")
    for table in sheet.tables:
        top = address(table.area.top, table.area.left)
        if not table.name.startswith("tbl"):
            message = f"the table {table.name} should be called tbl{table.name}"
            yield Finding("L11", "info", sheet.name, top, message)
        if table.area.shape[0] > _LONG_TABLE and not sheet.frozen:
            yield Finding("L11", "info", sheet.name, top, "freeze the headings of a table this long")
        yield from _units(sheet, table)


def _units(sheet: LintSheet, table: LintTable) -> Iterator[Finding]:
    """Typed quantities under a heading without unit; bare months, counts and years need none."""
    for number, heading in enumerate(table.headings):
        column = table.area.left + number
        cells = [(row, column) for row in range(table.area.top + 1, table.area.bottom + 1)]
        fractions = any(
            sheet.number(place) and not float(sheet.constants[place] or 0).is_integer()  # type: ignore[arg-type]
            for place in cells
        )
        if fractions and not _UNIT.search(heading) and not any(map(str.isdigit, heading)):
            message = f"the heading '{heading}' names no unit: write it in brackets"
            yield Finding("L11", "info", sheet.name, address(table.area.top, column), message)


def _names(book: LintBook) -> Iterator[Finding]:
    for name, text in book.names.items():
        if not name.casefold().startswith(_NAME_PREFIXES):
            sheet, _, cells = text.rpartition("!")
            message = (
                f"the name {name} does not tell input (in_), setting (set_), result (out_) or check (chk_)"
            )
            yield Finding("L11", "info", sheet.strip("'"), cells.replace("$", ""), message)


def _versions(book: LintBook, version: str) -> Iterator[Finding]:
    found = book.table("tblVersion")
    if found is None:
        message = "no table tblVersion says who changed what, and with which engine the figures were accepted"
        yield Finding("L17", "warning", book.sheets[0].name, "", message)
        return
    sheet, table = found
    row = table.area.bottom
    for heading in ("Version", "Date", "Author"):
        column = _column(table, heading)
        if column is not None and (row, column) not in sheet.constants:
            message = f"the last row of tblVersion has no {heading.lower()}"
            yield Finding("L17", "warning", sheet.name, address(row, column), message)
    column = _column(table, "Engine")
    pinned = None if column is None else sheet.constants.get((row, column))
    if column is not None and pinned is not None and str(pinned) != version:
        message = f"figures were accepted with engine {pinned}, this is {version}: compare, then add a row"
        yield Finding("version", "warning", sheet.name, address(row, column), message)


def _column(table: LintTable, heading: str) -> int | None:
    names = [name.casefold() for name in table.headings]
    return table.area.left + names.index(heading.casefold()) if heading.casefold() in names else None


def _checks(book: LintBook, catalogue: frozenset[str]) -> Iterator[Finding]:
    named = [name for name in book.names if name.casefold().startswith("chk_")]
    table = book.table("tblChecks")
    if not named and table is None:
        yield Finding("L19", "warning", book.sheets[0].name, "", "no checks: add a table tblChecks")
        return
    if not any(name.casefold() == "chk_all" for name in named):
        sheet = book.sheets[0].name if table is None else table[0].name
        yield Finding("L19", "info", sheet, "", "no cell chk_All says whether all checks hold")
    ours = [s.name for s in book.own for text in s.formulas.values() if called(text) & catalogue]
    if ours and len(named) < 2:
        yield Finding("L18", "info", ours[0], "", "no check tests the results of the catalogue's functions")


def _protection(book: LintBook) -> Iterator[Finding]:
    if book.own and any(sheet.formulas for sheet in book.own) and not any(s.protected for s in book.own):
        sheet = next(sheet for sheet in book.own if sheet.formulas)
        yield Finding("L20", "info", sheet.name, "", "no sheet is protected against typing over its formulas")
