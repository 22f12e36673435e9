"""`xlinv explain`: the Explain button without Excel."""

from pathlib import Path

import click

from xlinv.hosts.cli.book_action import book_argument, list_action, optional_out_option


@click.command("explain")
@book_argument
@click.argument("cell")
@optional_out_option
def command(book: Path, cell: str, out: Path | None) -> None:
    """Say which function gives CELL of BOOK (such as Policy!K6) its value, and from what inputs."""
    list_action(book, out, "xlinv.actions.assure:explain", "Explain", cell=cell)
