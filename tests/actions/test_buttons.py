"""Every button runs on the sample company's books, and its command line writes the same sheets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from xlinv import headless
from xlinv.actions.ribbon import Button, buttons
from xlinv.actions.running import find_action, press
from xlinv.hosts.cli import COMMANDS, main

BUTTONS = {button.identity: button for button in buttons()}
NETWORK = ("btnOptimiseNetwork", "btnOptimiseSingle", "btnComponents")
# Their commands write no sheet of results: a new book, new values in the book, a list on the screen.
OTHERWISE = ("btnNewPolicy", "btnNewNetwork", "btnRecalculate", "btnHelp")
CELL = "Cash!B6"


def source_of(button: Button, sample: Callable[[str], Path]) -> Path:
    return sample("network_meio" if button.identity in NETWORK else "inventory_policy")


def contents(book: Any) -> dict[str, list[list[Any]]]:
    """Every result sheet without the line that tells run and time."""
    found = {}
    for sheet in book.sheets:
        if sheet.name.startswith("Out_"):
            rows = sheet.used_range.options(ndim=2, err_to_str=True).value
            found[sheet.name] = [row for number, row in enumerate(rows) if number != 1]
    return found


def pressed(button: Button, path: Path) -> tuple[dict[str, list[list[Any]]], str]:
    with headless.open(path) as book:
        if button.identity == "btnExplain":
            sheet, _, cell = CELL.partition("!")
            book.sheets[sheet][cell].select()
        report = press(book, find_action(button.action), button.label)
        assert report is not None, book.app.impl.alerts
        assert book.app.impl.alerts == [report.told]
        return contents(book), report.told


@pytest.mark.parametrize("identity", BUTTONS)
def test_every_button_names_an_action_and_a_command(identity: str) -> None:
    button = BUTTONS[identity]
    assert callable(find_action(button.action))
    assert button.command.split()[0] in COMMANDS


@pytest.mark.parametrize("identity", [each for each in BUTTONS if not each.startswith("btnNew")])
def test_the_button_writes_the_sheets_it_names_and_its_command_the_same(
    identity: str, sample: Callable[[str], Path], tmp_path: Path
) -> None:
    button = BUTTONS[identity]
    path = source_of(button, sample)
    written, told = pressed(button, path)
    assert set(written) == {word.strip(",.") for word in button.writes.split() if word.startswith("Out_")}
    if identity in OTHERWISE:
        return
    cell = [CELL] if identity == "btnExplain" else []
    out = tmp_path / "out.xlsx"
    result = CliRunner().invoke(main, [*button.command.split(), str(path), *cell, "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert told in result.output
    with headless.open(out) as book:
        assert contents(book) == written
