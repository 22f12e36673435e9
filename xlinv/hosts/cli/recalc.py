"""`xlinv recalc`: a workbook evaluated, and its cached values brought up to date or checked."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from xlinv.cells import Cell, CellError
from xlinv.hosts.cli.eval import shown
from xlinv.workbook.package import UnreadableWorkbookError
from xlinv.workbook.recalculation import Recalculation, compute

CELL_SHOWS_ERROR, UNREADABLE, STALE = 1, 2, 3
_AGREED: Final = "IronCalc gives the same value wherever it knows the functions."
_MOST_LINES = 50


@click.command("recalc")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write here instead of in place.")
@click.option(
    "--check", is_flag=True, help="Change nothing; exit 3 if a value is stale, 1 if a cell shows an error."
)
@click.option(
    "--tolerance", type=click.FloatRange(0), default=1e-9, show_default=True, help="Relative, for --check."
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option(
    "--as-of",
    type=click.DateTime(),
    metavar="DATE",
    help="What TODAY and NOW give: 2026-03-01, or with a time.",
)
@click.option("--second-opinion", is_flag=True, help="Compare every built-in formula with IronCalc as well.")
def command(
    book: Path,
    output: Path | None,
    check: bool,
    tolerance: float,
    as_json: bool,
    as_of: datetime | None,
    second_opinion: bool,
) -> None:
    """Recalculate BOOK without Excel and write the new values into it; nothing else in the file changes."""
    try:
        result = compute(book, now=as_of)
        disagreements = _second_opinion(result, tolerance) if second_opinion else []
        target = None if check else output or book
        if target is not None:
            result.save(target)
    except UnreadableWorkbookError as error:
        _fail(str(error), as_json)
    except OSError as error:
        _fail(f"{error.filename or book} cannot be written: {error.strerror}", as_json)
    stale = [difference for difference in result.differences if difference.stale(tolerance)]
    found: dict[str, Any] = {
        "workbook": str(book),
        "written": str(target) if target is not None else None,
        "formulas": result.formulas,
        "changed": len(result.differences),
        "stale": [
            {
                "sheet": difference.sheet,
                "cell": difference.cell,
                "formula": difference.formula,
                "cached": _plain(difference.cached),
                "computed": _plain(difference.computed),
            }
            for difference in stale
        ],
        "errors": [
            {
                "sheet": error.sheet,
                "cell": error.cell,
                "formula": error.formula,
                "error": str(error.error),
                "reasons": list(error.reasons),
            }
            for error in result.errors
        ],
        "failed_checks": result.failed_checks,
        "second_opinion": disagreements,
        "notes": [*result.notes, *([_AGREED] if second_opinion and not disagreements else [])],
    }
    click.echo(json.dumps(found, indent=2, ensure_ascii=False) if as_json else _told(found, check))
    if check:
        sys.exit(STALE if stale else CELL_SHOWS_ERROR if result.errors or result.failed_checks else 0)


def _second_opinion(result: Recalculation, tolerance: float) -> list[dict[str, Any]]:
    from xlinv.workbook.second_opinion import disagreements

    return [
        {
            "sheet": one.sheet,
            "cell": one.cell,
            "formula": one.formula,
            "ours": _plain(one.ours),
            "second": _plain(one.theirs),
        }
        for one in disagreements(result, tolerance)
    ]


def _fail(sentence: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"error": sentence}, ensure_ascii=False))
    else:
        click.echo(f"Error: {sentence}", err=True)
    sys.exit(UNREADABLE)


def _plain(cell: Cell) -> Cell:
    return str(cell) if isinstance(cell, CellError) else cell


def _told(found: dict[str, Any], check: bool) -> str:
    """The findings as lines of text."""
    lines = []
    if check:
        lines += _lines(
            found["stale"],
            lambda one: (
                f"stale  {_cell(one)}  {one['formula']}  cached {_text(one['cached'])}"
                f"  computed {_text(one['computed'])}"
            ),
        )
    lines += _lines(
        found["errors"],
        lambda one: (
            f"error  {_cell(one)}  {one['formula']}  {one['error']}"
            + "".join(f"\n       {line}" for reason in one["reasons"] for line in reason.splitlines())
        ),
    )
    lines += [f"FAIL   {sentence}" for sentence in found["failed_checks"]]
    lines += _lines(
        found["second_opinion"],
        lambda one: (
            f"differs  {_cell(one)}  {one['formula']}  {_text(one['ours'])}  IronCalc {_text(one['second'])}"
        ),
    )
    lines += found["notes"]
    counted = f"{found['formulas']:,} formulas, {found['changed']:,} values changed"
    if found["written"]:
        lines.append(f"{counted}: {found['written']}")
    else:
        lines.append(f"{counted.replace('changed', 'differ')}, {len(found['stale']):,} stale")
    return "\n".join(lines)


def _lines(items: list[dict[str, Any]], told: Any) -> list[str]:
    lines = [told(item) for item in items[:_MOST_LINES]]
    if len(items) > _MOST_LINES:
        lines.append(f"... and {len(items) - _MOST_LINES:,} more; --json lists them all")
    return lines


def _cell(one: dict[str, Any]) -> str:
    return f"{one['sheet']}!{one['cell']}"


def _text(value: Any) -> str:
    return "blank" if value is None else shown(value)
