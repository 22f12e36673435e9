"""A report written into a book: each result sheet whole, or none of them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from xlinv.actions.report import Report
from xlinv.actions.sheet_layout import write_sheet
from xlinv.cells import InputError

# Errors of Excel itself, as pywin32 and appscript hand them over.
_HOST_ERRORS: Final = ("pywintypes", "pythoncom", "appscript", "aem")
_REFUSED: Final = (
    "Excel did not let the results be written: finish editing the cell (Enter), or unprotect the workbook "
    "(Review, Protect Workbook). Nothing was written."
)


class RefusedError(OSError):
    """The host would not let a result be written, with what the user can do about it."""


@dataclass(frozen=True)
class _Before:
    """What a sheet showed before it was written to, to be put back where the writing fails."""

    sheet: Any
    existed: bool
    address: str = ""
    formulas: Any = None


def write_report(book: Any, report: Report, header: Sequence[tuple[str, str]]) -> None:
    """Write every sheet of the report; where one cannot be written, the book is as it was before."""
    done: list[_Before] = []
    active = book.sheets.active
    try:
        for sheet in report.sheets:
            done.append(_before(book, sheet.name))
            write_sheet(done[-1].sheet, sheet, header)
    except BaseException as error:
        for before in reversed(done):
            _put_back(before)
        active.activate()
        if type(error).__module__.partition(".")[0] in _HOST_ERRORS:
            raise RefusedError(_REFUSED) from error
        raise
    if report.sheets:
        book.sheets[report.sheets[0].name].activate()


def _before(book: Any, name: str) -> _Before:
    names = [sheet.name.casefold() for sheet in book.sheets]
    if name.casefold() in names:
        sheet = book.sheets[names.index(name.casefold())]
        if is_protected(sheet):
            raise InputError("sheet", "must not be protected: unprotect it (Review, Unprotect Sheet)", name)
        used = sheet.used_range
        return _Before(sheet, True, used.address, used.formula)
    sheet = book.sheets.add(name, after=book.sheets[len(book.sheets) - 1])
    return _Before(sheet, False)


def is_protected(sheet: Any) -> bool:
    """Whether a sheet is locked against writing, where the host can tell: xlwings itself does not."""
    with suppress(Exception):
        return bool(getattr(sheet.api, "ProtectContents", getattr(sheet.api, "protected", False)))
    return False


def _put_back(before: _Before) -> None:
    if not before.existed:
        before.sheet.delete()
        return
    before.sheet.clear()
    before.sheet.range(before.address).formula = before.formulas
