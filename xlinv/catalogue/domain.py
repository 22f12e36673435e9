"""The bounds of a number's domain: each knows its rule in words and the error that breaking it gives."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Ge:
    """At least `limit`."""

    limit: float
    error: CellError = CellError.NUM

    @property
    def rule(self) -> str:
        return f"must be >= {self.limit:g}"

    def holds(self, values: Any) -> Any:
        return values >= self.limit


@dataclass(frozen=True)
class Gt:
    """More than `limit`."""

    limit: float
    error: CellError = CellError.NUM

    @property
    def rule(self) -> str:
        return f"must be > {self.limit:g}"

    def holds(self, values: Any) -> Any:
        return values > self.limit


@dataclass(frozen=True)
class Le:
    """At most `limit`."""

    limit: float
    error: CellError = CellError.NUM

    @property
    def rule(self) -> str:
        return f"must be <= {self.limit:g}"

    def holds(self, values: Any) -> Any:
        return values <= self.limit


@dataclass(frozen=True)
class Lt:
    """Less than `limit`."""

    limit: float
    error: CellError = CellError.NUM

    @property
    def rule(self) -> str:
        return f"must be < {self.limit:g}"

    def holds(self, values: Any) -> Any:
        return values < self.limit


@dataclass(frozen=True)
class Whole:
    """A whole number."""

    error: CellError = CellError.NUM

    @property
    def rule(self) -> str:
        return "must be a whole number"

    def holds(self, values: Any) -> Any:
        return values == np.floor(values)


@dataclass(frozen=True)
class Divisor:
    """Not zero, because the formula divides by it."""

    error: CellError = CellError.DIV0

    @property
    def rule(self) -> str:
        return "must not be 0"

    def holds(self, values: Any) -> Any:
        return values != 0
