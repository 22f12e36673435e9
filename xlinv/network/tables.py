"""Two tables read as the stages and arcs of a network, with every problem told by its place."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

from xlinv.cells import CellError, InputError
from xlinv.network.columns import ARC_COLUMNS, STAGE_COLUMNS, fields_of_headings, scenario_columns
from xlinv.network.model import Arc, NetworkError, Stage, contradictions, structure_problems

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
Model = TypeVar("Model", Stage, Arc)

_TEXT_FIELDS: Final = frozenset(
    {"name", "service_type", "site", "item", "description", "responsible", "type", "source", "destination"}
)
_SERVICE_TYPES: Final = {
    "cycle": "cycle", "csl": "cycle", "p1": "cycle", "alpha": "cycle",
    "fill": "fill", "fill rate": "fill", "p2": "fill", "beta": "fill",
}  # fmt: skip
_RULES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "missing": lambda _: "must be given",
    "greater_than": lambda limits: f"must be > {limits['gt']:g}",
    "greater_than_equal": lambda limits: f"must be >= {limits['ge']:g}",
    "less_than": lambda limits: f"must be < {limits['lt']:g}",
    "less_than_equal": lambda limits: f"must be <= {limits['le']:g}",
    "finite_number": lambda _: "must be a finite number",
    "float_type": lambda _: "must be a number",
    "string_type": lambda _: "must be text",
    "string_too_short": lambda _: "must not be blank",
    "literal_error": lambda limits: f"must be {limits['expected']}",
}


def read_network(stages: "pd.DataFrame | Sequence[Row]", arcs: "pd.DataFrame | Sequence[Row]") -> Row:
    """The fields of a Network in two tables; raises NetworkError with every problem."""
    problems: list[InputError] = []
    stage_rows, ignored = _rows(stages, STAGE_COLUMNS)
    arc_rows, ignored_in_arcs = _rows(arcs, ARC_COLUMNS)
    read_stages = _models(Stage, "Stages", stage_rows, problems)
    read_arcs = _models(Arc, "Arcs", arc_rows, problems)
    broken = {str(row["name"]) for _, row in stage_rows if row.get("name")} - {s.name for _, s in read_stages}
    structure = structure_problems(
        [stage for _, stage in read_stages],
        [arc for _, arc in read_arcs],
        [row for row, _ in read_stages],
        [row for row, _ in read_arcs],
    )
    problems += [problem for problem in structure if not _follows_from(problem, broken)]
    if problems:
        raise NetworkError(problems)
    return {
        "stages": tuple(stage for _, stage in read_stages),
        "arcs": tuple(arc for _, arc in read_arcs),
        "ignored_columns": (*ignored, *ignored_in_arcs),
    }


def _follows_from(problem: InputError, broken: set[str]) -> bool:
    """Whether a problem of structure arises only because rows of the stage table could not be read."""
    if not broken:
        return False
    return problem.value in broken or "demand" in problem.rule or problem.name == "stages"


def _rows(table: Any, columns: Mapping[str, tuple[str, ...]]) -> tuple[list[tuple[int, Row]], list[str]]:
    """The rows of a table with their numbers, keyed by field, blank cells and blank rows left out."""
    records: list[Row] = table.to_dict("records") if hasattr(table, "to_dict") else [dict(r) for r in table]
    headings: dict[str, None] = {}
    for record in records:
        headings.update(dict.fromkeys(map(str, record)))
    fields = fields_of_headings(headings, columns)
    scenarios = scenario_columns(headings) if columns is STAGE_COLUMNS else []
    used = {heading for pair in scenarios for heading in pair}
    ignored = [heading for heading, field in fields.items() if field is None and heading not in used]
    rows = []
    for number, record in enumerate(records, start=2):
        row = {
            field: _value(field, value)
            for heading, value in record.items()
            if (field := fields[str(heading)]) is not None and not _is_blank(value)
        }
        if scenarios and "lead_time_distribution" not in row:
            _add_scenarios(row, record, scenarios)
        if row:
            rows.append((number, row))
    return rows, ignored


def _add_scenarios(row: Row, record: Row, scenarios: list[tuple[str, str]]) -> None:
    pairs = tuple(
        (_value(time, record[time]), _value(share, record[share]))
        for time, share in scenarios
        if not _is_blank(record.get(time)) and not _is_blank(record.get(share))
    )
    if pairs:
        row["lead_time_distribution"] = pairs


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (not isinstance(value, list | tuple) and bool(value != value))


def _value(field: str, value: Any) -> Any:
    """A raw cell as the field wants it; what cannot be read stays as it is, for the model to refuse."""
    if isinstance(value, CellError):
        return str(value)
    if hasattr(value, "item"):
        value = value.item()
    if field in _TEXT_FIELDS:
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
        return _SERVICE_TYPES.get(text.lower(), text) if field == "service_type" else text
    if field == "lead_time_distribution":
        return _distribution(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value


def _distribution(value: Any) -> Any:
    """Pairs of time and probability, also from text such as `20: 0.4; 25: 0.4; 50: 0.2`."""
    if isinstance(value, str):
        try:
            pairs = [pair.split(":") for pair in value.split(";") if pair.strip()]
            return tuple((float(time), float(probability)) for time, probability in pairs)
        except ValueError:
            return value
    if isinstance(value, list | tuple):
        return tuple((float(time), float(probability)) for time, probability in value)
    return value


def _models(
    model: type[Model], table: str, rows: list[tuple[int, Row]], problems: list[InputError]
) -> list[tuple[int, Model]]:
    models = []
    for number, row in rows:
        if model is Stage:
            _complete(row)
        try:
            models.append((number, model(**row)))
        except ValidationError as error:
            problems += _problems(error, row, model is Stage, f"{table}, row {number}")
    return models


def _complete(row: Row) -> None:
    """Mean and standard deviation of the lead time from its distribution, where they are not given."""
    scenarios = row.get("lead_time_distribution")
    if not isinstance(scenarios, tuple) or not all(isinstance(x, float | int) for p in scenarios for x in p):
        return
    mean = sum(time * probability for time, probability in scenarios)
    row.setdefault("lead_time", mean)
    row.setdefault("lead_time_sd", sum(p * (time - mean) ** 2 for time, p in scenarios) ** 0.5)


def _problems(error: ValidationError, row: Row, is_stage: bool, place: str) -> list[InputError]:
    found = {}
    for detail in error.errors():
        if not detail["loc"]:
            continue
        column = str(detail["loc"][0])
        if detail["type"] == "value_error":
            rule = str(detail["ctx"]["error"])
        else:
            told = _RULES.get(detail["type"])
            rule = told(detail.get("ctx", {})) if told else detail["msg"]
        found[column] = rule
    if is_stage:
        for column, rule in contradictions(row):
            found.setdefault(column, rule)
    return [InputError(column, rule, row.get(column), place) for column, rule in found.items()]
