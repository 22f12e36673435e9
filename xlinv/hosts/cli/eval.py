"""`xlinv eval`: one formula, without a workbook."""

import sys

import click

from xlinv.cells import Cell, CellError, InputError
from xlinv.workbook.evaluate import evaluate_with_problems


@click.command("eval", context_settings={"ignore_unknown_options": True})
@click.argument("formula")
def command(formula: str) -> None:
    """Print the value of FORMULA; a result that spills is printed as rows, cells separated by tabs.

    Exits with 1 where the value is an error, and says why.
    """
    try:
        value, problems = evaluate_with_problems(formula)
    except InputError as error:
        raise click.UsageError(str(error)) from None
    rows = value if isinstance(value, list) else [[value]]
    for row in rows:
        click.echo("\t".join(map(shown, row)))
    for problem in problems:
        click.echo(problem, err=True)
    if any(isinstance(cell, CellError) for row in rows for cell in row):
        sys.exit(1)


def shown(cell: Cell) -> str:
    """A cell as text: numbers in full, TRUE and FALSE as a sheet shows them."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)
