"""The command-line twin of a button: the same action on a book without Excel."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from xlinv.actions.report import Report, Table
from xlinv.actions.running import Action, CancelledError, find_action, perform
from xlinv.cells import InputError

_EXITS: Final = {"ok": 0, "warn": 1, "fail": 2}
_MOST_ROWS: Final = 200
_BOOKS: Final = (".xlsx", ".xlsm")


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
optional_out_option = click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the list into this workbook instead of printing it.",
)
items_option = click.option(
    "--items", "items", help="Table or range of the items; found by its headings if not given."
)


def list_action(path: Path, out: Path | None, action: str, label: str, **options: Any) -> None:
    """Run an action whose result is a list: print it, or write it where `out` says.

    Exits with 0 where all is well, 1 for warnings, 2 for failures.
    """
    report = run_action(path, out, action, label, **options)
    if out is None and report.sheets:
        for table in report.sheets[0].tables:
            click.echo(_listed(table))
    sys.exit(_EXITS[report.verdict])


def _listed(table: Table) -> str:
    """A table as lines of text, blank cells left out."""
    rows = list(zip(*(column.values for column in table.columns), strict=True))
    lines = ["  ".join(str(value) for value in row if value not in (None, "")) for row in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        lines.append(f"... and {len(rows) - _MOST_ROWS:,} more; -o writes them all")
    return "\n".join(["", table.title, *(f"  {line}" for line in lines)])


def run_action(path: Path, out: Path | None, action: str, label: str, **options: Any) -> Report:
    """Run an action on a workbook, write the result, and print its message.

    Whatever is wrong ends the program with one sentence and exit code 2; Ctrl-C writes nothing.
    """
    from xlinv.hosts import headless
    from xlinv.workbook.package import UnreadableWorkbookError

    found: Action = find_action(action)
    try:
        if out is not None:
            _check_target(out)
        with headless.open(path) as book, _progress_bar(label) as show:
            report = perform(book, found, label, show, **options)
            if out is not None and report.sheets:
                book.save(str(out))
    except (KeyboardInterrupt, CancelledError):
        raise click.ClickException(f"{label} was stopped; nothing was written.") from None
    except (UnreadableWorkbookError, InputError, ValueError, LookupError, OSError) as error:
        raise BadBookError(one_by_one(error)) from None
    click.echo(report.told)
    return report


def one_by_one(error: Exception) -> str:
    """What is wrong, of several things each on a line of its own."""
    problems = str(error).splitlines()
    if len(problems) < 2:
        return str(error)
    return "\n".join([f"{len(problems)} things are wrong:", *(f"  {problem}" for problem in problems)])


def _check_target(out: Path) -> None:
    """Raises InputError for a file that no workbook can be written to, before time is spent on it."""
    if out.suffix.lower() not in _BOOKS:
        raise InputError("out", f"must end in {' or '.join(_BOOKS)}", str(out))
    if not out.parent.is_dir():
        raise InputError("out", "must lie in a folder that exists", str(out))


@contextmanager
def _progress_bar(label: str) -> Iterator[Callable[[float, str], None]]:
    """A bar on a terminal, nothing elsewhere."""
    from tqdm import tqdm

    quiet = not sys.stderr.isatty()
    with tqdm(total=1.0, leave=False, disable=quiet, bar_format=f"{label} {{bar}}| {{desc}}") as bar:

        def show(done: float, text: str) -> None:
            bar.n = done
            bar.set_description_str(text)

        yield show
