"""The bounds of a number's domain: each knows its rule in words and the error that breaking it gives."""

from typing import Any, Protocol

import numpy as np

from xlinv.cells import CellError


class Bound(Protocol):
    """One rule a number has to keep."""

    @property
    def rule(self) -> str: ...

    @property
    def error(self) -> CellError: ...

    def holds(self, values: Any) -> Any:
        """Whether the rule holds: for an array one truth value per element, for a number one."""


class _Limit:
    """A bound given by one number."""

    error = CellError.NUM
    sign = ""

    def __init__(self, limit: float) -> None:
        self.limit = limit

    @property
    def rule(self) -> str:
        return f"must be {self.sign} {self.limit:g}"


class Ge(_Limit):
    """At least `limit`."""

    sign = ">="

    def holds(self, values: Any) -> Any:
        return values >= self.limit


class Gt(_Limit):
    """More than `limit`."""

    sign = ">"

    def holds(self, values: Any) -> Any:
        return values > self.limit


class Le(_Limit):
    """At most `limit`."""

    sign = "<="

    def holds(self, values: Any) -> Any:
        return values <= self.limit


class Lt(_Limit):
    """Less than `limit`."""

    sign = "<"

    def holds(self, values: Any) -> Any:
        return values < self.limit


class Whole:
    """A whole number."""

    rule = "must be a whole number"
    error = CellError.NUM

    def holds(self, values: Any) -> Any:
        return values == np.floor(values)


class Divisor:
    """Not zero, because the formula divides by it."""

    rule = "must not be 0"
    error = CellError.DIV0

    def holds(self, values: Any) -> Any:
        return values != 0
