"""The edge between a button and its action: one run at a time, logged, told in one message."""

import getpass
import hashlib
import importlib
import json
import logging
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from xlinv.actions.report import Report
from xlinv.actions.writing import write_report
from xlinv.cells import InputError
from xlinv.version import __version__

Action = Callable[..., Report]
LOG_SHEET: Final = "Log"
LOG_TABLE: Final = "tblRunLog"
LOG_HEADINGS: Final = (
    "Run", "Time", "User", "Action", "Engine", "Function set", "Sources", "Settings", "Cost", "Lower bound",
    "Gap", "Seconds",
)  # fmt: skip
_LOG: Final = logging.getLogger("xlinv")


class CancelledError(Exception):
    """The user stopped the run."""


@dataclass
class Run:
    """What an action may ask while it runs: how to show progress, and whether to stop."""

    book: Any
    label: str
    cancel_file: Path
    show: Callable[[float, str], None]
    shown: float = 0.0

    def progress(self, done: float, text: str = "") -> None:
        """Show how far the work is, from 0 to 1; raises CancelledError where the user has stopped it."""
        if self.cancel_file.exists():
            raise CancelledError
        if time.monotonic() - self.shown > 0.25:
            self.shown = time.monotonic()
            self.show(done, text)


def find_action(path: str) -> Action:
    """The function that `module:function` names."""
    module, _, name = path.partition(":")
    action: Action = getattr(importlib.import_module(module), name)
    return action


def perform(
    book: Any,
    action: Action,
    label: str,
    show: Callable[[float, str], None] | None = None,
    **options: Any,
) -> Report:
    """Run an action on a book and write its report; the book is as before where it fails.

    Progress is handed to `show`, or shown in the status bar.

    Raises InputError and the errors of the action as they are; CancelledError where the user stopped it.
    """
    with _alone(book) as cancel_file, _quiet(book.app):
        started = time.perf_counter()
        run = Run(book, label, cancel_file, show or _in_status_bar(book, label))
        report = action(run, **options)
        seconds = time.perf_counter() - started
        if report.sheets:
            identity = uuid.uuid4().hex[:8]
            facts = run_facts(identity, report)
            write_report(book, report, facts)
            append_run(book, identity, label, report, seconds)
        _LOG.info("%s on %s: %s (%.2f s)", label, book.name, report.told, seconds)
        return report


def _in_status_bar(book: Any, label: str) -> Callable[[float, str], None]:
    def show(done: float, text: str) -> None:
        book.app.status_bar = f"xlinv {label}: {done:.0%} {text}".rstrip()

    return show


def press(book: Any, action: Action, label: str, **options: Any) -> Report | None:
    """What a button does: perform, and tell the outcome in one message whatever happens."""
    try:
        report = perform(book, action, label, **options)
    except CancelledError:
        book.app.alert(f"{label} was stopped. Nothing was written.", "xlinv")
    except (InputError, ValueError, LookupError, OSError) as error:
        _LOG.warning("%s on %s: %s", label, book.name, error)
        book.app.alert(str(error), "xlinv")
    except Exception as error:
        _LOG.exception("%s on %s", label, book.name)
        place = log_file()
        book.app.alert(
            f"{label} failed unexpectedly ({error}). Nothing was written. Details: {place}", "xlinv"
        )
    else:
        book.app.alert(report.told, "xlinv")
        return report
    return None


def run_facts(identity: str, report: Report) -> list[tuple[str, str]]:
    """The header of every result sheet: run, time, user, versions, sources, settings."""
    return [
        ("Run", identity),
        ("", datetime.now().isoformat(" ", "minutes")),
        ("by", user()),
        ("xlinv", __version__),
        ("functions", function_set()),
        ("from", report.places or "the whole book"),
        ("settings", settings_hash(report)),
    ]


def append_run(book: Any, identity: str, label: str, report: Report, seconds: float) -> None:
    """Add the run to the table of runs, made where the book has none."""
    values = [
        identity, datetime.now().replace(microsecond=0), user(), label, __version__, function_set(),
        report.places, settings_hash(report), report.cost, report.lower_bound, report.gap,
        round(seconds, 3),
    ]  # fmt: skip
    for sheet in book.sheets:
        if LOG_TABLE in sheet.tables:
            table = sheet.tables[LOG_TABLE]
            break
    else:
        sheet, table = _new_log(book)
    top, left = table.range.row, table.range.column
    body = table.data_body_range
    filled = (
        [] if body is None else [row for row in body.options(ndim=2).value if any(v is not None for v in row)]
    )
    row = top + 1 + len(filled)
    sheet.range((row, left)).value = values[: table.range.shape[1]]
    last = max(row, top + table.range.shape[0] - 1)
    table.resize(sheet.range((top, left), (last, left + table.range.shape[1] - 1)))


def _new_log(book: Any) -> tuple[Any, Any]:
    active = book.sheets.active
    names = [sheet.name for sheet in book.sheets]
    name = LOG_SHEET if LOG_SHEET not in names else f"{LOG_SHEET} of runs"
    sheet = book.sheets.add(name, after=book.sheets[len(book.sheets) - 1])
    sheet.range("A1").value = list(LOG_HEADINGS)
    area = sheet.range((1, 1), (2, len(LOG_HEADINGS)))
    sheet.range("A:A").column_width = 10
    for column, width in zip("BCDEFGHIJKL", (18, 14, 24, 9, 13, 40, 13, 14, 14, 10, 10), strict=True):
        sheet.range(f"{column}:{column}").column_width = width
    active.activate()
    return sheet, sheet.tables.add(source=area, name=LOG_TABLE)


def user() -> str:
    """Who runs this, as far as the machine knows."""
    with suppress(Exception):
        return getpass.getuser()
    return "unknown"


def function_set() -> str:
    """A short mark of the functions' declared versions; the same set has the same mark."""
    from xlinv.functions import CATALOGUE

    listed = [f"{name} {declared.version}" for name, declared in sorted(CATALOGUE.items())]
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()[:8]


def settings_hash(report: Report) -> str:
    """A short mark of the settings of a run."""
    return hashlib.sha256(json.dumps(report.settings, sort_keys=True).encode()).hexdigest()[:8]


@contextmanager
def _alone(book: Any) -> Iterator[Path]:
    """Let one run at a time work on a book; raises InputError for a second one, which may stop the first."""
    mark = hashlib.sha256(str(book.fullname).casefold().encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir())
    lock, cancel = folder / f"xlinv-{mark}.lock", folder / f"xlinv-{mark}.cancel"
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        if _alive(lock):
            question = "xlinv is still at work on this book. Stop it?"
            if book.app.alert(question, "xlinv", buttons="yes_no") == "yes":
                cancel.touch()
            raise InputError(
                "run", "must wait for the one that is still at work on this book", book.name
            ) from None
        lock.unlink(missing_ok=True)
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    os.write(handle, str(os.getpid()).encode())
    os.close(handle)
    cancel.unlink(missing_ok=True)
    try:
        yield cancel
    finally:
        cancel.unlink(missing_ok=True)
        lock.unlink(missing_ok=True)


def _alive(lock: Path) -> bool:
    """Whether the process that holds the lock still runs; on Windows an old lock counts as left behind."""
    try:
        text = lock.read_text()
        age = time.time() - lock.stat().st_mtime
    except OSError:
        return False
    if os.name == "nt":
        return age < 3600
    try:
        os.kill(int(text), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _quiet(app: Any) -> Iterator[None]:
    """Hold back redrawing and calculation, and leave selection and settings as they were."""
    selection = app.selection
    before = app.screen_updating, app.calculation
    app.screen_updating = False
    with suppress(Exception):
        app.calculation = "manual"
    try:
        yield
    finally:
        app.status_bar = False
        with suppress(Exception):
            app.calculation = before[1]
        app.screen_updating = before[0]
        with suppress(Exception):
            if selection is not None and app.screen_updating:
                selection.select()


def log_file() -> Path:
    """Where the whole story of every run is written."""
    from xlinv.kernels.compilation import cache_home

    return cache_home() / "xlinv.log"


def start_log() -> None:
    """Write the log file from now on; without one where its folder cannot be written."""
    if _LOG.handlers:
        return
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(log_file(), encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
