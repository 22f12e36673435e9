"""Many calls of one function on single cells, made as a few calls on columns.

While calls are collected, each is answered by a placeholder; then all are computed together, and the engine
evaluates the formulas again, this time with every answer at hand. Calls whose arguments come from other
calls take one more round each.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from xlinv.catalogue import OMITTED, Function, Kind
from xlinv.cells import CellError
from xlinv.workbook.array_functions import OMITTED as OMITTED_TEXT

Call: TypeAlias = tuple[Any, ...]

# Small enough for the kernels to run without a compiler, large enough to make one call's cost disappear.
_AT_ONCE: Final = 200
# Fewer calls than these are not worth another round.
_WORTH_A_ROUND: Final = 500
_MOST_ROUNDS: Final = 6
_PLACEHOLDER: Final = 0.0


class Batches:
    """The calls of a recalculation: waiting, answered, and those to be made one by one."""

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self._functions = functions
        self._waiting: dict[str, dict[Call, None]] = {}
        self._answers: dict[tuple[str, Call], Any] = {}
        self._alone: set[tuple[str, Call]] = set()
        self._suited: dict[str, bool] = {}
        self._rounds = 0
        self.collecting = False

    def start(self) -> None:
        self.collecting = True

    def batched(self, name: str, direct: Callable[..., Any]) -> Callable[..., Any]:
        """A function given one argument more than its own, by which the engine is made to call again."""
        answers, waiting = self._answers, self._waiting.setdefault(name, {})

        def called(*arguments: Any) -> Any:
            call = arguments[:-1]
            if not self._by_case(name) or not all(type(argument) in _SINGLE for argument in call):
                return direct(*call)
            answer = answers.get((name, call))
            if answer is not None:
                return answer
            if not self.collecting or (name, call) in self._alone:
                return direct(*call)
            waiting[call] = None
            return _PLACEHOLDER

        return called

    def _by_case(self, name: str) -> bool:
        """Whether the function answers each case by itself, so that its calls may be made together."""
        if name not in self._suited:
            self._suited[name] = self._functions[name].result_kind is Kind.VALUES
        return self._suited[name]

    def answer(self) -> bool:
        """Compute the waiting calls; whether the engine has to evaluate once more."""
        if not self.collecting:
            return False
        waiting = sum(map(len, self._waiting.values()))
        for name, calls in self._waiting.items():
            for group in _grouped(calls):
                self._answer_group(name, group)
            calls.clear()
        self._rounds += 1
        self.collecting = waiting >= _WORTH_A_ROUND and self._rounds < _MOST_ROUNDS
        return waiting > 0

    def forget(self) -> None:
        """Give back the memory of answers no longer needed."""
        self._answers.clear()
        self._alone.clear()

    def _answer_group(self, name: str, calls: list[Call]) -> None:
        function = self._functions[name]
        for start in range(0, len(calls), _AT_ONCE):
            some = calls[start : start + _AT_ONCE]
            outcome = function.evaluate(*map(_column, zip(*some, strict=True)))
            rows = outcome.cells
            if len(rows) != len(some) or len(rows[0]) != 1:
                self._alone.update((name, call) for call in some)
                continue
            for call, (cell,) in zip(some, rows, strict=True):
                if cell is None or isinstance(cell, CellError):
                    self._alone.add((name, call))  # called by itself, it says what is wrong
                else:
                    self._answers[name, call] = cell


_SINGLE: Final = frozenset((float, int, bool, str, type(None)))


def _grouped(calls: Mapping[Call, None]) -> list[list[Call]]:
    """Calls whose arguments are numbers in the same places and otherwise the same."""
    groups: dict[Call, list[Call]] = {}
    for call in calls:
        kind = tuple(None if type(argument) is float else (argument,) for argument in call)
        groups.setdefault(kind, []).append(call)
    return list(groups.values())


def _column(values: tuple[Any, ...]) -> Any:
    """Numbers as a column, anything else as the one value all calls share."""
    if type(values[0]) is float:
        return [[value] for value in values]
    return OMITTED if values[0] == OMITTED_TEXT else values[0]
