"""What an action gives back: sheets of tables and charts, as plain data, and the facts of the run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from xlinv.actions.source import Source
from xlinv.cells import Cell

Format = Literal["text", "number", "units", "money", "percent", "date", "days"]


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, unit included, its values, and how they are shown."""

    heading: str
    values: Sequence[Cell]
    format: Format = "text"
    options: tuple[str, ...] = ()
    width: float = 0.0
    wrap: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart of neighbouring columns of a table: the first of them along, the others up."""

    kind: str
    title: str
    columns: int
    first: int = 0


@dataclass(frozen=True)
class Table:
    """A table of a sheet, with a line of its own above it."""

    title: str
    columns: tuple[Column, ...]
    chart: Chart | None = None

    @property
    def rows(self) -> int:
        return max((len(column.values) for column in self.columns), default=0)


@dataclass(frozen=True)
class OutSheet:
    """One result sheet, `Out_…`: replaced as a whole."""

    name: str
    title: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """All that one action found, with what its row in the run log says."""

    message: str
    sheets: tuple[OutSheet, ...] = ()
    sources: tuple[Source, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    cost: float | None = None
    lower_bound: float | None = None
    gap: float | None = None
    verdict: Literal["ok", "warn", "fail"] = "ok"

    @property
    def places(self) -> str:
        """The ranges that it rests on."""
        return ", ".join(source.place for source in self.sources)

    @property
    def told(self) -> str:
        """The message, and what a reader would not see in the tables it rests on."""
        hidden = [f"{s.name} ({s.hidden_rows})" for s in self.sources if s.hidden_rows]
        remark = f" Hidden and filtered rows are included: {', '.join(hidden)}." if hidden else ""
        return self.message + remark
