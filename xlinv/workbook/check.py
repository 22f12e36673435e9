"""`check`: everything about a workbook that should keep it from being passed on, as a list of findings."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xlinv.workbook.findings import ORDER, Finding, Severity
from xlinv.workbook.lint_book import LintBook, called, read_lint_book
from xlinv.workbook.lint_formulas import formula_findings
from xlinv.workbook.lint_structure import structure_findings
from xlinv.workbook.recalculation import Recalculation, compute

_TOLERANCE: Final = 1e-9
_VOLATILE: Final = frozenset({"TODAY", "NOW", "RAND", "RANDBETWEEN", "RANDARRAY"})
_FAILED: Final = re.compile(r"check (?P<title>\S+) in (?P<sheet>.+)!(?P<cell>[A-Z]+\d+) shows (?P<value>.*)")


def check(path: Path) -> list[Finding]:
    """The findings about a workbook file, gravest first; it is recomputed, and nothing is written.

    Raises UnreadableWorkbookError where the file cannot be read.
    """
    from xlinv.functions import CATALOGUE
    from xlinv.version import __version__

    computed = compute(path)
    book = read_lint_book(path)
    catalogue = frozenset(CATALOGUE)
    found = [
        *_errors(computed),
        *_stale(computed),
        *_failed_checks(computed, book),
        *formula_findings(book, catalogue),
        *structure_findings(book, catalogue, __version__),
    ]
    return sorted(dict.fromkeys(found), key=lambda finding: ORDER.index(finding.severity))


def _errors(computed: Recalculation) -> Iterator[Finding]:
    for error in computed.errors:
        why = f": {error.reasons[0]}" if error.reasons else ""
        yield Finding("error cell", "error", error.sheet, error.cell, f"shows {error.error}{why}")


def _stale(computed: Recalculation) -> Iterator[Finding]:
    for difference in computed.differences:
        if not difference.stale(_TOLERANCE):
            continue
        volatile = bool(called(difference.formula) & _VOLATILE)
        message = f"stale: shows {_told(difference.cached)}, computed {_told(difference.computed)}"
        severity: Severity = "info" if volatile else "error"
        yield Finding("stale", severity, difference.sheet, difference.cell, message)


def _told(value: object) -> str:
    return "nothing" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


def _failed_checks(computed: Recalculation, book: LintBook) -> Iterator[Finding]:
    """Checks that do not hold, as grave as tblChecks says, with its message; chk_All only sums them up."""
    told: set[tuple[str, str]] = set()
    for sentence in computed.failed_checks:
        match = _FAILED.fullmatch(sentence)
        if match is None or match["title"] == "chk_all" or (match["sheet"], match["cell"]) in told:
            continue
        told.add((match["sheet"], match["cell"]))
        severity, message = _described(book, match["sheet"], match["cell"])
        yield Finding("check", severity, match["sheet"], match["cell"], message or sentence)


def _described(book: LintBook, sheet_name: str, cell: str) -> tuple[Severity, str]:
    """Severity and message of a row of tblChecks."""
    found = book.table("tblChecks")
    if found is None or found[0].name != sheet_name:
        return "error", ""
    sheet, table = found
    row = int(re.sub(r"\D", "", cell))
    columns = {heading.casefold(): table.area.left + n for n, heading in enumerate(table.headings)}
    cells = {h: sheet.constants.get((row, c)) for h, c in columns.items()}
    severity: Severity = "warning" if str(cells.get("severity")).casefold() == "warning" else "error"
    test, advice = cells.get("test"), cells.get("message")
    return severity, f"check {cells.get('id')} fails: {test}. {advice}" if test else ""
