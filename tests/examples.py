"""The worked examples of the catalogue, and the one call that each of them makes."""

import re
from typing import Any, Final

import formualizer

from xlinv.catalogue import OMITTED, Example, Function
from xlinv.cells import Block
from xlinv.functions import CATALOGUE

# The engine passes 0 for an argument that is left out, so the formula is given a mark in its place.
_LEFT_OUT: Final = re.compile(r"(?<=[(,])\s*(?=,)|(?<=,)\s*(?=\))")
_MARK: Final = "left out"

CASES: Final = [(declared, example) for declared in CATALOGUE.values() for example in declared.examples]


def label(value: Function | Example) -> str:
    """What a test of a case is called."""
    return value.name if isinstance(value, Function) else value.formula


def call_of(declared: Function, formula: str) -> tuple[tuple[Any, ...], Block]:
    """The raw arguments that the formula's call of the function receives, and the cells it gives back."""
    calls: list[tuple[tuple[Any, ...], Block]] = []

    def recorded(*raw: Any) -> Any:
        args = tuple(OMITTED if value == _MARK else value for value in raw)
        calls.append((args, declared.evaluate(*args).cells))
        return 0.0

    book = formualizer.Workbook()
    book.add_sheet("Example")
    book.register_function(declared.name, recorded)
    book.set_formula("Example", 1, 1, _LEFT_OUT.sub(f'"{_MARK}"', formula))
    book.evaluate_cell("Example", 1, 1)
    assert len(calls) == 1, "the formula must be one call of the function"
    return calls[0]
