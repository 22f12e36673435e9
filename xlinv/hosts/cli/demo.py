"""`xlinv demo`: the sample company's workbook, built, recalculated and summed up on the terminal."""

from collections.abc import Sequence
from pathlib import Path

import click

from xlinv.templates import create
from xlinv.templates.headline import Summary, read_summary

_WIDTH = 60


@click.command("demo")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("xlinv-demo"),
    show_default=True,
    help="Where to put the workbook; an earlier demo there is replaced.",
)
def command(folder: Path) -> None:
    """Build the inventory-policy workbook of a sample company and show what it says."""
    path = folder / "inventory_policy.xlsx"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        click.echo("Building and recalculating the workbook of a sample company ...", err=True)
        create("inventory_policy", path, replace=True)
        click.echo(shown(read_summary(path)))
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None
    click.echo(f"\nWorkbook: {path.resolve()}")


def shown(summary: Summary) -> str:
    """The summary as three small tables."""
    rows = (
        ("Headline", "Value", "Unit"), summary.figures,
        ("ABC-XYZ class", "Items", "Stock [EUR]"), summary.classes,
    )  # fmt: skip
    lines = [*_table(rows[0], rows[1]), "", *_table(rows[2], rows[3]), ""]
    lines += [_rule("Check"), *(f"  {result:<5} {test}" for _, result, test in summary.checks)]
    return "\n".join(lines)


def _table(headings: tuple[str, str, str], rows: Sequence[tuple[str, str, str]]) -> list[str]:
    return [_rule(_row(*headings)), *(f"  {_row(*row)}" for row in rows)]


def _row(label: str, value: str, unit: str) -> str:
    return f"{label:<28}{value:>14}  {unit:>12}"


def _rule(heading: str) -> str:
    return f"  {heading}\n  {'-' * _WIDTH}"
