"""`xlinv validate`: the Validate button without Excel."""

from pathlib import Path

import click

from xlinv.hosts.cli.book_action import book_argument, list_action, optional_out_option


@click.command("validate")
@book_argument
@optional_out_option
def command(book: Path, out: Path | None) -> None:
    """List what planning would stumble over in the tables of BOOK; exit 1 for warnings, 2 for errors."""
    list_action(book, out, "xlinv.actions.model:validate", "Validate")
