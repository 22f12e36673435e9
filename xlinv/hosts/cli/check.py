"""`xlinv check`: the Check button without Excel."""

from pathlib import Path

import click

from xlinv.hosts.cli.book_action import book_argument, list_action, optional_out_option


@click.command("check")
@book_argument
@optional_out_option
def command(book: Path, out: Path | None) -> None:
    """List what should keep BOOK from being passed on; exit 0 if nothing, 1 for warnings, 2 for errors."""
    list_action(book, out, "xlinv.actions.assure:check", "Check")
