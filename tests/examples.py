"""The worked examples of the catalogue, and the one call that each of them makes."""

from typing import Any, Final

import formualizer

from xlinv.catalogue import Function
from xlinv.cells import Block
from xlinv.functions import CATALOGUE

CASES: Final = [(declared, example) for declared in CATALOGUE.values() for example in declared.examples]


def call_of(declared: Function, formula: str) -> tuple[tuple[Any, ...], Block]:
    """The raw arguments that the formula's call of the function receives, and the cells it gives back."""
    calls: list[tuple[tuple[Any, ...], Block]] = []

    def recorded(*args: Any) -> Any:
        calls.append((args, declared.evaluate(*args).cells))
        return 0.0

    book = formualizer.Workbook()
    book.add_sheet("Example")
    book.register_function(declared.name, recorded)
    book.set_formula("Example", 1, 1, formula)
    book.evaluate_cell("Example", 1, 1)
    assert len(calls) == 1, "the formula must be one call of the function"
    return calls[0]
