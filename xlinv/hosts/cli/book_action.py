"""The command-line twin of a button: the same action on a book without Excel."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from xlinv.actions.report import Report
from xlinv.actions.running import Action, CancelledError, find_action, perform
from xlinv.cells import InputError


class BadBookError(click.ClickException):
    """What is wrong with the book or the call, in one sentence."""

    exit_code = 2


book_argument = click.argument("book", type=click.Path(path_type=Path, dir_okay=False))
out_option = click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The workbook to write; BOOK itself is left alone unless it is named here too.",
)
table_option = click.option(
    "--items", "items", help="Table or range of the items; found by its headings if not given."
)


def run_action(path: Path, out: Path | None, action: str, label: str, **options: Any) -> Report:
    """Run an action on a workbook, write the result, and print its message.

    Whatever is wrong ends the program with one sentence and exit code 2; Ctrl-C writes nothing.
    """
    from xlinv.hosts import headless
    from xlinv.workbook.package import UnreadableWorkbookError

    found: Action = find_action(action)
    try:
        with headless.open(path) as book, _progress_bar(label) as show:
            report = perform(book, found, label, show, **options)
            if out is not None and report.sheets:
                book.save(str(out))
    except (KeyboardInterrupt, CancelledError):
        raise click.ClickException(f"{label} was stopped; nothing was written.") from None
    except (UnreadableWorkbookError, InputError, ValueError, LookupError, OSError) as error:
        raise BadBookError(str(error)) from None
    click.echo(report.message)
    return report


@contextmanager
def _progress_bar(label: str) -> Iterator[Callable[[float, str], None]]:
    """A bar on a terminal, nothing elsewhere."""
    from tqdm import tqdm

    quiet = not sys.stderr.isatty()
    with tqdm(total=1.0, leave=False, disable=quiet, desc=label, bar_format="{desc} {bar}| {postfix}") as bar:

        def show(done: float, text: str) -> None:
            bar.n = done
            bar.set_postfix_str(text)

        yield show
