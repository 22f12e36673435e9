"""`xlinv new`: a template workbook, filled with the sample company or empty."""

from pathlib import Path

import click

from xlinv.cells import InputError
from xlinv.templates import TEMPLATES, create, summary


def _described() -> str:
    names = "\n".join(f"  {name}: {summary(name)}" for name in TEMPLATES)
    return f"\b\nTemplates:\n{names}"


@click.command("new", epilog=_described())
@click.argument("template", type=click.Choice(list(TEMPLATES)))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--empty", is_flag=True, help="Leave the sample company out: only the structure.")
@click.option("--force", is_flag=True, help="Write over OUT where it exists.")
def command(template: str, out: Path, empty: bool, force: bool) -> None:
    """Write the workbook TEMPLATE to OUT, ready to fill in."""
    if out.exists() and not force:
        raise click.UsageError(f"{out} exists already and is left as it is; choose another name, or --force")
    click.echo("Building and recalculating the workbook ...", err=True)
    try:
        create(template, out, empty=empty, replace=force)
    except InputError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from None
    click.echo(f"{out}: {'empty' if empty else 'filled with the sample company'}")
