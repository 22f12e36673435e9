"""`xlinv components`: the Components button without Excel."""

from pathlib import Path

import click

from xlinv.hosts.cli.book_action import book_argument, out_option, run_action


@click.command("components")
@book_argument
@out_option
@click.option("--stages", help="Table or range of the stages; found by its headings if not given.")
@click.option("--arcs", help="Table or range of the arcs; found by its headings if not given.")
def command(book: Path, out: Path, stages: str | None, arcs: str | None) -> None:
    """Split the stock of the network in BOOK into safety, cycle, pipeline and early-arrival stock."""
    run_action(book, out, "xlinv.actions.optimise:components", "Components", stages=stages, arcs=arcs)
