"""Named cells that an action reads: inputs (in_…) and settings (set_…)."""

from dataclasses import dataclass
from typing import Any, Final

from xlinv.actions.source import plain_heading, unit_of
from xlinv.cells import Cell, InputError, cell

_DAYS_IN_YEAR: Final = 365.0
_MONTHS_IN_YEAR: Final = 12.0
_CARRYING_PARTS: Final = ("in_RateCapital", "in_RateStorage", "in_RateService", "in_RateRisk")


@dataclass(frozen=True)
class Clock:
    """How the book counts time: days of one period of demand, and of a year."""

    days_per_period: float
    days_per_year: float

    @property
    def periods_per_year(self) -> float:
        return self.days_per_year / self.days_per_period

    def periods(self, heading: str, place: str) -> float:
        """How many periods one unit of a column is; raises InputError for an unknown unit of time."""
        unit = unit_of(heading)
        if unit in ("day", "days", "d"):
            return 1.0 / self.days_per_period
        if unit in ("week", "weeks"):
            return 7.0 / self.days_per_period
        if unit in ("", "period", "periods", "month", "months"):
            return 1.0
        raise InputError(plain_heading(heading), "must be in days, weeks, months or periods", unit, place)


def named_value(book: Any, name: str) -> Cell:
    """The value of a named cell; None where the book has no such name or the cell is blank."""
    for defined in book.names:
        if defined.name.rpartition("!")[2].casefold() == name.casefold():
            area = defined.refers_to_range
            value = None if area is None else area.options(err_to_str=True).value
            return None if value == "" else cell(value)
    return None


def named_number(book: Any, name: str, default: float | None = None) -> float | None:
    """The number in a named cell, or the default; raises InputError for anything else."""
    value = named_value(book, name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, float | int):
        raise InputError(name, "must be a number", value)
    return float(value)


def named_text(book: Any, name: str, default: str) -> str:
    """The text in a named cell, or the default."""
    value = named_value(book, name)
    return default if value is None else str(value)


def read_clock(book: Any) -> Clock:
    """How the book counts time: from its settings, else months of a year of 365 days."""
    year = named_number(book, "set_DaysInYear", _DAYS_IN_YEAR) or _DAYS_IN_YEAR
    period = named_number(book, "set_DaysPerPeriod", named_number(book, "set_DaysPerMonth"))
    return Clock(period or year / _MONTHS_IN_YEAR, year)


def carrying_rate(book: Any) -> float:
    """Cost of carrying stock per year and value: named as one figure, or built up from its four parts.

    Raises InputError where the book says neither.
    """
    from xlinv import functions

    for name in ("in_CarryRate", "set_CarryRate"):
        rate = named_number(book, name)
        if rate is not None:
            return rate
    parts = [named_number(book, name) for name in _CARRYING_PARTS]
    if any(part is None for part in parts):
        raise InputError(
            "carrying rate",
            f"needs a named cell in_CarryRate, or {', '.join(_CARRYING_PARTS)}",
            None,
        )
    return float(functions.carry_rate(*parts))


def setting(book: Any, name: str, default: float) -> float:
    """A number among the book's settings, or the default."""
    value = named_number(book, name, default)
    return default if value is None else value


def service_type(book: Any) -> str:
    """What a service target promises: csl, no stockout in a cycle, unless the book says fill."""
    return named_text(book, "set_ServiceType", "csl")


def as_of(book: Any) -> Cell:
    """The date of the stock, where the book names it."""
    return named_value(book, "in_AsOf")
