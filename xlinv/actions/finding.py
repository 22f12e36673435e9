"""Which table of a book an action is about: the selected one, else the only one whose headings fit."""

from collections.abc import Sequence
from typing import Any

from xlinv.actions.plain_ranges import Fits, plain_sources
from xlinv.actions.source import Source, selected_source, table_sources
from xlinv.cells import InputError
from xlinv.workbook.references import parse_area


def find_source(book: Any, fits: Fits, what: str, names: Sequence[str] = ()) -> Source:
    """The one table that fits: the selected one, else one of the given names, else the only one of the book,
    Excel's tables before plain ranges.

    Raises InputError that says what to select.
    """
    found = look_for(book, fits, what, names)
    if found is None:
        raise nothing_fits(book, what)
    return found


def look_for(
    book: Any, fits: Fits, what: str, names: Sequence[str] = (), ends: Fits | None = None
) -> Source | None:
    """As `find_source`, but None where nothing fits; `ends` tells headings of other tables, at which a plain
    range ends. Raises InputError where several fit."""
    ends = ends or fits
    chosen = _under_the_selection(book, fits, ends)
    if isinstance(chosen, Source) and fits(chosen):
        return chosen
    sources = [source for source in table_sources(book) if fits(source)]
    for name in names:
        for source in sources:
            if source.name.casefold() == name.casefold():
                return source
    sources = sources or list(plain_sources(book.sheets, fits, ends))
    if len(sources) > 1:
        several = ", ".join(source.name for source in sources)
        raise InputError("selection", f"must be {what}; several have them: {several}", "nothing that fits")
    return sources[0] if sources else None


def nothing_fits(book: Any, what: str) -> InputError:
    """What is wrong with the table under the selection, or else what to select."""
    chosen = _under_the_selection(book, lambda _: False, lambda _: False)
    if isinstance(chosen, InputError):
        return chosen
    rule = f"must be {what}; no table or range of the book has these columns"
    return InputError("selection", rule, "nothing that fits")


def _under_the_selection(book: Any, fits: Fits, ends: Fits) -> Source | InputError | None:
    """The selected table; None where the selection lies in none.

    What is wrong with a table is raised, but of cells around a single one, which may be no table, returned.
    """
    selection = book.app.selection
    if selection is None:
        return None
    single = selection.table is None and selection.size == 1
    if single:
        for source in plain_sources([selection.sheet], fits, ends):
            if parse_area(source.address).contains(selection.row, selection.column):
                return source
        if selection.current_region.size == 1:
            return None
    try:
        return selected_source(selection)
    except InputError as error:
        if error.name == "selection":
            return None
        if single:
            return error
        raise
