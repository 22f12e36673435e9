"""Assure: whether what a workbook shows is right, and by which functions."""

import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from xlinv.actions.explaining import explain
from xlinv.actions.report import Column, OutSheet, Report, Table
from xlinv.actions.running import Run
from xlinv.cells import Cell, CellError, InputError

__all__ = ["check", "explain", "functions", "recalculate"]

_TOLERANCE: Final = 1e-9


def check(run: Run) -> Report:
    """List everything that should keep the saved workbook from being passed on."""
    from xlinv.workbook.check import check as check_file
    from xlinv.workbook.findings import verdict

    run.progress(0.1, "recomputing")
    with tempfile.TemporaryDirectory() as folder:
        findings = check_file(_copy(run.book, folder))
    counts = {
        severity: sum(finding.severity == severity for finding in findings)
        for severity in ("error", "warning", "info")
    }
    message = ", ".join(
        f"{counts[severity]} {name}"
        for severity, name in (("error", "errors"), ("warning", "warnings"), ("info", "remarks"))
    )
    message = (
        f"{message} in {run.book.name} as last saved." if findings else "Nothing found: all checks hold."
    )
    rows: list[tuple[Cell, ...]] = [
        (each.severity, each.sheet, each.cell, each.rule, each.message) for each in findings
    ] or [("none", None, None, None, "Nothing found")]
    table = Table(
        "Findings",
        (
            Column("Severity", [row[0] for row in rows]),
            Column("Sheet", [row[1] for row in rows]),
            Column("Cell", [row[2] for row in rows]),
            Column("Rule", [row[3] for row in rows]),
            Column("Message", [row[4] for row in rows], width=110.0, wrap=True),
        ),
    )
    sheet = OutSheet("Out_Check", "Check of the workbook", (table,), (message,))
    return Report(message, (sheet,), settings=dict.fromkeys(counts, ""), verdict=verdict(findings))


def recalculate(run: Run) -> Report:
    """Compute every formula of the saved workbook anew, and list where a shown value differs."""
    from xlinv.workbook.recalculation import compute

    run.progress(0.1, "recomputing")
    with tempfile.TemporaryDirectory() as folder:
        found = compute(_copy(run.book, folder))
        if found.package is not None:
            found.package.close()
    stale = [each for each in found.differences if each.stale(_TOLERANCE)]
    message = f"{found.formulas:,} formulas recomputed: {len(stale):,} values differ from those shown"
    message += f", {len(found.errors):,} cells show an error." if found.errors else "."
    if found.failed_checks:
        message += f" {len(found.failed_checks)} checks fail."
    differing = Table(
        "Values that differ" if stale else "Every shown value is the computed one",
        (
            Column("Sheet", [each.sheet for each in stale]),
            Column("Cell", [each.cell for each in stale]),
            Column("Shown", [_plain(each.cached) for each in stale], "number"),
            Column("Computed", [_plain(each.computed) for each in stale], "number"),
            Column("Difference", [_difference(each.computed, each.cached) for each in stale], "number"),
            Column("Formula", [each.formula for each in stale], width=80.0, wrap=True),
        ),
    )
    errors = Table(
        "Cells that show an error",
        (
            Column("Sheet", [each.sheet for each in found.errors]),
            Column("Cell", [each.cell for each in found.errors]),
            Column("Error", [str(each.error) for each in found.errors]),
            Column("Why", ["; ".join(each.reasons) for each in found.errors]),
        ),
    )
    tables = (differing, errors) if found.errors else (differing,)
    notes = (message, *found.failed_checks, *found.notes)
    sheet = OutSheet("Out_Recalc", "Recalculation without Excel", tables, notes)
    return Report(message, (sheet,), verdict="warn" if stale or found.errors else "ok")


def functions(run: Run) -> Report:
    """List every function with its arguments, formula, source and an example."""
    from xlinv.functions import CATALOGUE

    run.progress(0.5)
    declared = list(CATALOGUE.values())
    table = Table(
        "Functions",
        (
            Column("Function", [each.name for each in declared]),
            Column("What it gives", [each.summary for each in declared], width=36.0, wrap=True),
            Column("Family", [each.family for each in declared]),
            Column("Arguments", [each.signature for each in declared], width=40.0, wrap=True),
            Column("Formula", [each.formula for each in declared], width=36.0, wrap=True),
            Column("Source", [each.source for each in declared], width=30.0, wrap=True),
            Column("Example", [each.examples[0].formula for each in declared], width=30.0, wrap=True),
            Column("Version", [each.version for each in declared]),
        ),
    )
    return Report(
        f"{len(declared)} functions are listed in Out_Help.",
        (OutSheet("Out_Help", "Functions", (table,)),),
    )


def _copy(book: Any, folder: str) -> Path:
    """A copy of the saved workbook, which may be open elsewhere; raises InputError where there is none."""
    path = Path(str(book.fullname))
    if not path.is_file():
        raise InputError("book", "must be saved as a file on this computer first", book.name)
    return Path(shutil.copyfile(path, Path(folder) / path.name))


def _plain(value: Cell) -> Cell:
    return str(value) if isinstance(value, CellError | bool) else value


def _difference(computed: Cell, cached: Cell) -> Cell:
    if isinstance(computed, float | int) and isinstance(cached, float | int):
        return computed - cached
    return None
