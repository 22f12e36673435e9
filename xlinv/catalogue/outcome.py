"""What a function gives back to a host: cells, and a sentence for each error it found itself."""

from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Block, CellError, Codes, scrub, write_numbers


class Refusal(Exception):  # noqa: N818  (it is an answer, not a failure of the program)
    """Raised by a body that has no answer: the error the cell shows, and why."""

    def __init__(self, error: CellError, sentence: str) -> None:
        self.error = error
        super().__init__(sentence)


@dataclass(frozen=True)
class Problem:
    """Why a result cell shows an error; row and column count from 1 within the result."""

    error: CellError
    cause: Exception
    row: int = 1
    column: int = 1

    @property
    def sentence(self) -> str:
        return str(self.cause)


@dataclass(frozen=True)
class Answers:
    """Answers of a body that works on all cases at once, some of them refused."""

    values: NDArray[Any]
    refused: tuple[tuple[NDArray[np.bool_], CellError, str], ...]


def answers(values: NDArray[Any], *refused: tuple[NDArray[np.bool_], CellError, str]) -> NDArray[Any]:
    """Values for all cases; each `refused` is the mask of the cases it concerns, the error and why.

    Where no case is concerned the values themselves are the answer, which a single case takes as it is.
    The return type is that of a body without refusals, so that bodies can state what they compute.
    """
    concerned = tuple(reason for reason in refused if reason[0].any())
    return cast(NDArray[Any], Answers(values, concerned)) if concerned else values


@dataclass
class Outcome:
    """The result of one call: an array with error codes, or rows of cells; and the problems found."""

    values: NDArray[Any] | None = None
    errors: Codes | None = None
    rows: Block = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def cells(self) -> Block:
        """The result as rows of cells: 1 × 1 for a single value; never NaN or infinite."""
        if self.values is None:
            return self.rows
        if self.values.dtype.kind == "f":
            errors = np.zeros(self.values.shape, np.int8) if self.errors is None else self.errors
            return write_numbers(self.values, errors)
        rows = scrub(self.values.tolist())
        if self.errors is not None:
            for i, j in np.argwhere(self.errors):
                rows[i][j] = CellError.from_code(int(self.errors[i, j]))
        return rows
