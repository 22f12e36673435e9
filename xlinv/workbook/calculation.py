"""One calculation: the functions an engine calls, what they find, and arrays spilled around the engine.

The engine never spills by itself, since it stops at 10,000 cells. Every formula that may give an array hands
it to `capture`, which keeps it and leaves its first cell; whoever recalculates then writes the others.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from xlinv.catalogue import OMITTED, Function
from xlinv.cells import Block, Cell, CellError
from xlinv.workbook import lambdas, supplied
from xlinv.workbook.array_functions import OMITTED as OMITTED_TEXT
from xlinv.workbook.batching import Batches
from xlinv.workbook.engine import CIRCULAR, Engine, EngineSheet, NewEngine, Settings, SheetContent
from xlinv.workbook.formualizer_engine import FormualizerEngine, cell_of, function_of_cells, raw_of
from xlinv.workbook.references import Area, area_at
from xlinv.workbook.scope import Book
from xlinv.workbook.spellings import BATCHED, OWN

_SHEET_STEP: Final = 2.0**34
_ROW_STEP: Final = 2.0**14


def cell_number(sheet: int, row: int, column: int) -> float:
    """One number for a cell of the workbook; `sheet` counts from 0."""
    return sheet * _SHEET_STEP + (row - 1) * _ROW_STEP + column - 1


class Calculation:
    """The engines of one recalculation and what their functions have found so far.

    By cell number: `captured` holds the arrays of more than one cell, `blocked` those that find no room, and
    `problems` the sentences on each cell that calls the catalogue.
    """

    def __init__(
        self,
        functions: Mapping[str, Function],
        now: datetime,
        iterations: int = 0,
        iteration_change: float = 0.001,
        new_engine: NewEngine = FormualizerEngine,
    ) -> None:
        self.book = Book([], functions={name: f"XLINV.{name}" for name in functions})
        self.captured: dict[float, Block] = {}
        self.problems: dict[float, list[str]] = {}
        self.blocked: set[float] = set()
        self._said: list[str] = []
        self._known: dict[str, bool] = {}
        self.batches = Batches(functions)
        self._new_engine = new_engine
        self._settings = Settings(self._table(functions), now, iterations, iteration_change)

    def engine(self) -> Engine:
        return self._new_engine(self._settings)

    def unknown(self, names: Iterable[str]) -> set[str]:
        """Those of the functions that the engine does not know, asked by calling them without arguments."""
        asked = [name for name in names if name not in self._known]
        if asked:
            engine = self.engine()
            content = SheetContent(
                formulas=[(row, 1, f"{name}()") for row, name in enumerate(asked, start=1)]
            )
            engine.load([EngineSheet("Asked", content.rows())])
            engine.evaluate()
            answers = engine.read("Asked", area_at(1, 1, len(asked), 1))
            for name, (answer,) in zip(asked, answers, strict=True):
                self._known[name] = answer is not CellError.NAME
        return {name for name in names if not self._known[name]}

    def _table(self, functions: Mapping[str, Function]) -> dict[str, Callable[..., Any]]:
        """Every function the engine lacks, under the name that rewritten formulas use."""
        supply = supplied.FUNCTIONS
        direct = {name: self._of_catalogue(functions, name) for name in functions}
        return {
            **{f"XLINV.{name}": call for name, call in direct.items()},
            **{f"{BATCHED}{name}": self.batches.batched(name, call) for name, call in direct.items()},
            **{OWN + name: function_of_cells(function) for name, function in supply.items()},
            OWN + "CAPTURE": self._capture,
            OWN + "SPILLED": self._spilled,
            OWN + "EACH": function_of_cells(self._each),
        }

    def _of_catalogue(self, functions: Mapping[str, Function], name: str) -> Callable[..., Any]:
        declared: Function | None = None

        def called(*arguments: Any) -> Any:
            nonlocal declared
            if declared is None:
                declared = functions[name]  # imported with its first call
            outcome = declared.evaluate(*map(_argument, arguments))
            if outcome.problems:
                self._said.extend(problem.sentence for problem in outcome.problems)
            cells = outcome.cells
            return raw_of(cells[0][0] if len(cells) == 1 and len(cells[0]) == 1 else cells)

        return called

    def _capture(self, number: float, value: Any = 0.0, *_: Any) -> Any:
        """Keep a formula's array and what was said about it; the engine goes on with its first cell."""
        if self._said:
            self.problems[number], self._said = self._said, []
        else:
            self.problems.pop(number, None)
        if type(value) is not list:
            self.captured.pop(number, None)
            self.blocked.discard(number)
            return 0.0 if value is None else value
        first = value[0][0]
        if len(value) == 1 and len(value[0]) == 1:
            self.captured.pop(number, None)
        else:
            self.captured[number] = cell_of(value)
            if number in self.blocked:
                return raw_of(CellError.SPILL)
        return 0.0 if first is None else first

    def _spilled(self, sheet: str, row: float, column: float, first: Any) -> Any:
        """`A1#`."""
        position = next((i for i, name in enumerate(self.book.sheets) if name == sheet), -1)
        array = self.captured.get(cell_number(position, int(row), int(column)))
        return first if array is None else raw_of(array)

    def _each(self, number: Cell, *arguments: Any) -> Any:
        plan = self.book.plans.plans[int(number)]  # type: ignore[arg-type]
        blocks = [argument if isinstance(argument, list) else [[argument]] for argument in arguments]
        result = lambdas.run(plan, blocks, self._beside)
        return result[0][0] if len(result) == 1 and len(result[0]) == 1 else result

    def _beside(self, blocks: dict[str, list[tuple[Area, Block]]], formulas: list[tuple[int, str]]) -> Block:
        """Evaluate in a second engine, since the first is busy with the call."""
        engine = self.engine()
        contents = {name: SheetContent(list(parts)) for name, parts in blocks.items()}
        results = SheetContent(formulas=[(row, 1, f"{OWN}ONLY({text})") for row, text in formulas])
        contents[lambdas.RESULTS] = results
        if engine.load([EngineSheet(name, content.rows()) for name, content in contents.items()]):
            return [[CellError.VALUE] for _ in formulas]
        engine.evaluate()
        return [
            [CellError.VALUE if value == CIRCULAR else value for value in row]
            for row in engine.read(lambdas.RESULTS, area_at(1, 1, len(formulas), 1))
        ]


def _argument(raw: Any) -> Any:
    """An engine's value as the catalogue takes it."""
    if type(raw) is float:
        return raw
    if raw == OMITTED_TEXT:
        return OMITTED
    return cell_of(raw)
