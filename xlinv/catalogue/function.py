"""A function of the catalogue: its declaration, and its faces towards spreadsheets and Python."""

from collections.abc import Callable, Iterable
from typing import Any, Final, get_args

from xlinv.catalogue import evaluation
from xlinv.catalogue.declaration import PER_CASE, Argument, Declaration, Example, Kind, Parameter, Result
from xlinv.catalogue.names import check_name
from xlinv.catalogue.outcome import Outcome
from xlinv.cells import InputError

# Results of which there is one per case; a function with any other takes one value per argument.
_BY_CASE: Final = frozenset({Kind.VALUES, Kind.VALUE, Kind.ROW})


class Function(Declaration):
    """A declared function: `evaluate` for cells, a call for Python numbers and arrays."""

    def evaluate(self, *args: Any) -> Outcome:
        """The function on raw cells, as a host hands them over; never raises for bad input."""
        return evaluation.evaluate(self, args)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function on numbers, lists, arrays and pandas objects; bad input raises InputError."""
        from xlinv.catalogue import calling

        return calling.call(self, args, kwargs)

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        from xlinv.catalogue import documentation

        return documentation.docstring(self)

    @property
    def __signature__(self) -> Any:
        from xlinv.catalogue import documentation

        return documentation.python_signature(self)


def function(
    name: str,
    *,
    family: str,
    formula: str,
    source: str,
    serves: Iterable[str] = (),
    examples: Iterable[Example],
    version: str = "1.0",
    changes: Iterable[str] = (),
) -> Callable[[Callable[..., Any]], Function]:
    """Declare a function of the catalogue; the annotations of its body say the rest."""
    check_name(name)

    def declare(body: Callable[..., Any]) -> Function:
        annotations = dict(body.__annotations__)
        result_kind, result = _read_result(name, annotations.pop("return"))
        return Function(
            name=name,
            family=family,
            summary=(body.__doc__ or "").strip().partition("\n")[0],
            parameters=tuple(
                _read_parameter(name, key, hint, result_kind in _BY_CASE) for key, hint in annotations.items()
            ),
            result=result,
            result_kind=result_kind,
            formula=formula,
            source=source,
            serves=tuple(serves),
            examples=tuple(examples),
            version=version,
            changes=tuple(changes),
            body=body,
        )

    return declare


def _read_parameter(function_name: str, name: str, hint: Any, by_case: bool) -> Parameter:
    kind, argument = _marks(hint, Argument)
    if kind is None or argument is None:
        raise InputError(name, "must be annotated with a kind and an Argument", hint, function_name)
    return Parameter(name, kind, **vars(argument), spreads=by_case and kind in PER_CASE)


def _read_result(function_name: str, hint: Any) -> tuple[Kind, Result]:
    kind, result = _marks(hint, Result)
    if kind is None or result is None:
        raise InputError("return", "must be annotated with a kind and a Result", hint, function_name)
    return kind, result


def _marks(hint: Any, wanted: type) -> tuple[Kind | None, Any]:
    marks = get_args(hint)[1:]
    kind = next((mark for mark in marks if isinstance(mark, Kind)), None)
    return kind, next((mark for mark in reversed(marks) if isinstance(mark, wanted)), None)
