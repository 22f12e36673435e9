"""What the add-in's buttons call: the action behind a button, on the book in front."""

import xlwings as xw

from xlinv.actions.ribbon import buttons
from xlinv.actions.running import find_action, start_log
from xlinv.actions.running import press as press_button


def press(identity: str) -> None:
    """Run the action of the button with this id."""
    start_log()
    button = next(button for button in buttons() if button.identity == identity)
    press_button(xw.Book.caller(), find_action(button.action), button.label)
