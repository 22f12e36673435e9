"""What a declaration says of a function, its arguments and its result."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias

from xlinv.catalogue.domain import Bound
from xlinv.cells import Cell, CellError, Floats


class Kind(enum.Enum):
    """What a function takes in one argument, or gives back."""

    VALUES = "one number per case, all cases at once"
    VALUE = "one number per case"
    OPTION = "one of a list of words per case"
    TEXT = "text per case"
    FLAG = "TRUE or FALSE per case"
    COLUMN = "a column of numbers; blanks are left out"
    SERIES = "a column of numbers in order; a blank is #N/A"
    PER_PERIOD = "one number, or one per period"
    ITEMS = "a column of numbers, one per item; a bad row spoils only itself"
    HISTORY = "numbers over time, one item per row; blanks are missing observations"
    LABELS = "a column of labels"
    GRID = "a range with a header row"
    ROW = "a row of named parts"
    TABLE = "a table with a header row"


# What the body of a function sees. An Argument or a Result goes beside it: Annotated[Values, Argument(...)].
Values: TypeAlias = Annotated[Floats, Kind.VALUES]
Value: TypeAlias = Annotated[float, Kind.VALUE]
Option: TypeAlias = Annotated[str, Kind.OPTION]
Text: TypeAlias = Annotated[str, Kind.TEXT]
Flag: TypeAlias = Annotated[bool, Kind.FLAG]
Column: TypeAlias = Annotated[Floats, Kind.COLUMN]
Series: TypeAlias = Annotated[Floats, Kind.SERIES]
PerPeriod: TypeAlias = Annotated[Floats, Kind.PER_PERIOD]
Items: TypeAlias = Annotated[Floats, Kind.ITEMS]
History: TypeAlias = Annotated[Floats, Kind.HISTORY]
Labels: TypeAlias = Annotated[list[Cell], Kind.LABELS]
Grid: TypeAlias = Annotated[list[list[Cell]], Kind.GRID]
Classes: TypeAlias = Annotated[Any, Kind.VALUES]
Row: TypeAlias = Annotated[tuple[Cell, ...], Kind.ROW]
Table: TypeAlias = Annotated[list[list[Any]], Kind.TABLE]


class _Required(enum.Enum):
    REQUIRED = "required"


REQUIRED: Final = _Required.REQUIRED
PER_CASE: Final = frozenset({Kind.VALUES, Kind.VALUE, Kind.OPTION, Kind.TEXT, Kind.FLAG})
PAIRED: Final = frozenset({Kind.COLUMN, Kind.ITEMS, Kind.LABELS})


class Argument:
    """Unit, meaning, domain and default of a parameter.

    `default=None` means optional without a default: the body sees NaN for Values, None otherwise.
    `alone` sets a column apart from the function's other columns, whose lengths must agree.
    `keep_blanks` hands blanks to the body as NaN: a column's instead of leaving them out, those of a
    required number that only some cases need instead of refusing them.
    """

    def __init__(
        self,
        unit: str,
        meaning: str,
        *bounds: Bound,
        default: float | str | bool | _Required | None = REQUIRED,
        options: tuple[str, ...] = (),
        alone: bool = False,
        keep_blanks: bool = False,
    ) -> None:
        self.unit, self.meaning, self.bounds, self.default = unit, meaning, bounds, default
        self.options, self.alone, self.keep_blanks = options, alone, keep_blanks


@dataclass(frozen=True)
class Parameter:
    """One argument of a function, as every host and every help text shows it."""

    name: str
    kind: Kind
    unit: str
    meaning: str
    bounds: tuple[Bound, ...]
    default: float | str | bool | _Required | None
    options: tuple[str, ...]
    alone: bool
    keep_blanks: bool
    spreads: bool = True  # takes an array of cases where it takes one

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    @property
    def domain(self) -> str:
        """The rules a value has to keep, in words; empty where any will do."""
        if self.options:
            return "one of " + ", ".join(f'"{option}"' for option in self.options)
        first, *others = [bound.rule for bound in self.bounds] or [""]
        return " and ".join([first, *(rule.removeprefix("must be ") for rule in others)])


@dataclass(frozen=True)
class Result:
    """Unit and parts of what a function gives back; parts name the columns of a row or a table."""

    unit: str
    meaning: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    """A worked example: the formula, what the cell (or the rows of the spill) shows, and why."""

    formula: str
    shows: Cell | list[list[Cell]]
    why: str
    tolerance: float = 1e-9

    @property
    def is_error(self) -> bool:
        return isinstance(self.shows, CellError)


@dataclass(frozen=True, eq=False)
class Declaration:
    """All that is said of a function, and the body that computes it."""

    name: str
    family: str
    summary: str
    parameters: tuple[Parameter, ...]
    result: Result
    result_kind: Kind
    formula: str
    source: str
    serves: tuple[str, ...]
    examples: tuple[Example, ...]
    version: str
    changes: tuple[str, ...]
    body: Callable[..., Any]

    @property
    def python_name(self) -> str:
        return self.body.__name__

    @property
    def signature(self) -> str:
        """Name and arguments as a spreadsheet shows them, optional ones in brackets with their default."""
        shown = []
        for parameter in self.parameters:
            if parameter.required:
                shown.append(parameter.name)
            elif parameter.default is None:
                shown.append(f"[{parameter.name}]")
            else:
                shown.append(f"[{parameter.name}={literal(parameter.default)}]")
        return f"{self.name}({', '.join(shown)})"


def literal(value: object) -> str:
    """A default as it would be typed into a formula."""
    if isinstance(value, bool):
        return str(value).upper()
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"
