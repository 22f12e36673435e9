"""`xlinv segment`: the buttons of the group Segment without Excel."""

from pathlib import Path

import click

from xlinv.hosts.cli.book_action import book_argument, items_option, out_option, run_action

_ACTIONS = {"abcxyz": "xlinv.actions.segment:abc_xyz", "matrix": "xlinv.actions.segment:matrices"}
_LABELS = {"abcxyz": "ABC-XYZ", "matrix": "Matrices"}


@click.command("segment")
@click.argument("what", type=click.Choice(list(_ACTIONS)))
@book_argument
@out_option
@items_option
def command(what: str, book: Path, out: Path, items: str | None) -> None:
    """Class the items of BOOK: by value and steadiness (abcxyz), or by margin and criticality (matrix)."""
    run_action(book, out, _ACTIONS[what], _LABELS[what], items=items)
