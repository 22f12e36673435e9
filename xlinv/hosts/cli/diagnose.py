"""`xlinv diagnose`: the buttons of the group Diagnose without Excel."""

from pathlib import Path

import click

from xlinv.hosts.cli.book_action import book_argument, items_option, out_option, run_action


@click.group("diagnose")
def command() -> None:
    """Say how long cash is tied up (cash), or what the stock consists of (profile)."""


@command.command("cash")
@book_argument
@out_option
@click.option("--finance", help="Table or range of money by period; found by its headings if not given.")
def cash(book: Path, out: Path, finance: str | None) -> None:
    """Cash cycle, returns on stock and cash to release, from the table of money by period in BOOK."""
    run_action(book, out, "xlinv.actions.diagnose:cash", "Cash", finance=finance)


@command.command("profile")
@book_argument
@out_option
@items_option
def profile(book: Path, out: Path, items: str | None) -> None:
    """Stock by type and site, coverage, slow and obsolete stock, quality ratio of the items in BOOK."""
    run_action(book, out, "xlinv.actions.profile:profile", "Profile", items=items)
