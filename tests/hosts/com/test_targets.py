"""What the VBA calls in Python exists, can be imported, and can be called."""

import importlib
import re

import pytest

from xlinv.actions.ribbon import Button, buttons
from xlinv.actions.running import find_action
from xlinv.functions import CATALOGUE
from xlinv.hosts.com.addin import vba_modules

OURS = "\n".join(source for name, source in vba_modules().items() if name.startswith(("Xlinv", "This")))


def test_every_module_that_is_named_can_be_imported() -> None:
    named = set(re.findall(r'CallUDF\("([\w.]+)"', OURS))
    imported = re.findall(r'RunPython "from (\w+) import (\w+); (\w+)\.(\w+)\(', OURS)
    assert named == {"udfs.functions"}
    assert imported == [("udfs", "ribbon", "ribbon", "press")]
    for package, module, _, function in imported:
        assert callable(getattr(importlib.import_module(f"{package}.{module}"), function))


def test_every_function_that_a_cell_calls_can_be_called() -> None:
    functions = importlib.import_module("udfs.functions")
    called = set(re.findall(r'XlinvAnswer\(?\s*(?:_\s*)?"(\w+)"', OURS))
    assert called == set(CATALOGUE)
    assert all(callable(getattr(functions, name)) for name in called)


@pytest.mark.parametrize("button", list(buttons()), ids=lambda button: button.identity)
def test_every_button_has_an_action(button: Button) -> None:
    assert callable(find_action(button.action))
