"""The VBA that stands between a cell and the catalogue."""

import re
from importlib.resources import files

import pytest

from tests.hosts.com.grammar import check, statements
from xlinv.functions import CATALOGUE
from xlinv.hosts.com.wrappers import RESERVED, argument_names, functions_module


def test_every_function_is_wrapped_once_and_described() -> None:
    source = functions_module(CATALOGUE.values())
    procedures = check(source)
    assert set(CATALOGUE) <= set(procedures)
    for name in CATALOGUE:
        assert f'Application.MacroOptions Macro:="{name}"' in source
        assert f"Attribute {name}.VB_Description" in source


def test_no_argument_takes_a_word_of_the_language_or_its_functions_name() -> None:
    for declared in CATALOGUE.values():
        names = argument_names(declared)
        assert len(set(names)) == len(names)
        for name in names:
            assert name.lower() not in RESERVED
            assert name.lower() != declared.name.lower()


def test_the_conversion_module_is_sound() -> None:
    source = files("udfs").joinpath("vba/Conversion.bas").read_text()
    assert {"XlinvAnswer", "XlinvValue", "XlinvResult"} <= set(check(source))


def test_what_the_wrappers_call_exists() -> None:
    conversion = check(files("udfs").joinpath("vba/Conversion.bas").read_text())
    for _, line in statements(functions_module(CATALOGUE.values())):
        for called in re.findall(r"\b(Xlinv(?!Describe)\w+)\(", line):
            assert called in conversion


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("Option Explicit\nSub A()\nIf x Then\nEnd Sub", "ends the If"),
        ("Option Explicit\nSub A()\n", "never ended"),
        ("Sub A()\nEnd Sub", "Option Explicit"),
        ("Option Explicit\nSub A()\nx = (1\nEnd Sub", "balance"),
        ('Option Explicit\nAttribute A.VB_Description = "a" & ChrW(178)', "no expression"),
        ('Option Explicit\nSub A()\nx = "a\nEnd Sub', "not closed"),
        ("Option Explicit\nSub A()\nEnd Sub\nSub a()\nEnd Sub", "share a name"),
    ],
)
def test_the_grammar_check_can_fail(source: str, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        check(source)
