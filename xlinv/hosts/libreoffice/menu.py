"""The menu's buttons in LibreOffice: the same actions as on Excel's ribbon, on a copy of the document."""

from pathlib import Path

from xlinv.actions.ribbon import buttons
from xlinv.actions.running import CancelledError, find_action, perform, start_log
from xlinv.cells import InputError


def run_button(identity: str, copy: str, sheet: str, selection: str) -> tuple[str, str | None]:
    """Run the action of a button on a saved copy with the given selection.

    Returns the message for the user, and the path of the result; None where there is none to show.
    """
    from xlinv.hosts import headless
    from xlinv.workbook.package import UnreadableWorkbookError

    start_log()
    button = next(button for button in buttons() if button.identity == identity)
    result = Path(copy).with_name("result.xlsx")
    try:
        with headless.open(copy) as book:
            book.sheets[sheet].range(selection).select()
            report = perform(book, find_action(button.action), button.label)
            if not report.sheets:
                opened = [other for other in book.app.books if other.name != book.name]
                return report.told, opened[-1].fullname if opened else None
            book.save(str(result))
    except CancelledError:
        return f"{button.label} was stopped. Nothing was written.", None
    except (UnreadableWorkbookError, InputError, ValueError, LookupError, OSError) as error:
        return str(error), None
    return report.told, str(result)
