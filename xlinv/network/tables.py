"""Two tables read as the stages and arcs of a network, with every problem told by its place."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import numpy as np
from pydantic import ValidationError

from xlinv.cells import CellError, InputError
from xlinv.network.columns import (
    ARC_COLUMNS,
    ARC_NEEDS,
    STAGE_COLUMNS,
    STAGE_NEEDS,
    fields_of_headings,
    missing_columns,
    scenario_columns,
)
from xlinv.network.model import NO_STAGES, Arc, NetworkError, Stage, contradictions
from xlinv.network.scenarios import mean_and_deviation
from xlinv.network.structure import NamedArc, NamedStage, structure_problems

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
Model = TypeVar("Model", Stage, Arc)

_TEXT_FIELDS: Final = frozenset(
    {
        "name", "service_type", "site", "item", "description", "responsible", "type", "source", "destination",
        "stage",
    }
)  # fmt: skip
# Fractions that people also write in per cent.
_FRACTIONS: Final = frozenset({"service_level", "share"})
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
    "tuple_type": lambda _: "must be pairs of time and probability, such as 20: 0.4; 50: 0.6",
    "string_too_short": lambda _: "must not be blank",
    "literal_error": lambda limits: f"must be {limits['expected']}",
}
_DECIMAL_COMMA: Final = re.compile(r"-?\d+,\d+")


def read_network(stages: "pd.DataFrame | Sequence[Row]", arcs: "pd.DataFrame | Sequence[Row]") -> Row:
    """The fields of a Network in two tables; raises NetworkError with every problem."""
    stage_table = _read(Stage, "Stages", stages, STAGE_COLUMNS, STAGE_NEEDS)
    arc_table = _read(Arc, "Arcs", arcs, ARC_COLUMNS, ARC_NEEDS)
    problems = [*stage_table.missing, *arc_table.missing]
    read_stages = _models(Stage, "Stages", stage_table, problems)
    read_arcs = _models(Arc, "Arcs", arc_table, problems)
    problems += _structure_problems(stage_table, arc_table)
    if not stage_table.rows and not stage_table.missing:
        problems.append(NO_STAGES)
    if problems:
        raise NetworkError(problems)
    return {
        "stages": tuple(read_stages),
        "arcs": tuple(read_arcs),
        "ignored_columns": (*stage_table.ignored, *arc_table.ignored),
    }


class _Table(NamedTuple):
    """The rows of a table with their numbers, keyed by field, blank cells and blank rows left out; the
    columns that it lacks, and the headings that nothing was read from."""

    rows: list[tuple[int, Row]]
    missing: list[InputError]
    ignored: list[str]

    def lacks(self, *fields: str) -> bool:
        return any(problem.name in fields for problem in self.missing)


def _read(
    model: type[Model],
    name: str,
    table: Any,
    columns: Mapping[str, tuple[str, ...]],
    needs: Mapping[str, tuple[str, ...]],
) -> _Table:
    records = records_of(table, name)
    headings = list(dict.fromkeys(str(heading) for record in records for heading in record))
    fields = fields_of_headings(headings, columns)
    scenarios = scenario_columns(headings) if model is Stage else []
    used = {heading for pair in scenarios for heading in pair}
    present = {field for field in fields.values() if field} | ({"lead_time_distribution"} if used else set())
    rows = []
    for number, record in enumerate(records, start=2):
        row = {
            field: value_of(field, value)
            for heading, value in record.items()
            if (field := fields[str(heading)]) is not None and not is_blank(value)
        }
        if scenarios and "lead_time_distribution" not in row:
            _add_scenarios(row, record, scenarios)
        if row:
            rows.append((number, row))
    return _Table(
        rows,
        missing_columns(name, fields, present, columns, needs),
        [heading for heading, field in fields.items() if field is None and heading not in used],
    )


def _structure_problems(stages: _Table, arcs: _Table) -> list[InputError]:
    """What is wrong with the network as a whole, as far as nothing that is missing hides it."""
    no_names = stages.lacks("name") or not stages.rows
    unknown = stages.lacks("demand_sd") or arcs.lacks("source", "destination")
    return structure_problems(
        [
            NamedStage(number, row["name"], unknown or "demand_mean" in row or "demand_sd" in row)
            for number, row in stages.rows
            if "name" in row
        ],
        [
            NamedArc(number, row["source"], row["destination"])
            for number, row in arcs.rows
            if "source" in row and "destination" in row and not no_names
        ],
    )


def records_of(table: Any, name: str) -> list[Row]:
    """The rows of a table by heading; raises InputError for what is no table."""
    if hasattr(table, "columns") and hasattr(table, "to_dict"):
        repeated = table.columns[table.columns.duplicated()]
        if len(repeated):
            raise InputError("columns", "must have different headings", str(repeated[0]), name)
        return list(table.to_dict("records"))
    if isinstance(table, str | Mapping) or not isinstance(table, Iterable):
        raise InputError(name, "must be a DataFrame or a list of dictionaries, one per row", table)
    records = list(table)
    for number, record in enumerate(records, start=2):
        if not isinstance(record, Mapping):
            place = f"{name}, row {number}"
            raise InputError("row", "must be a dictionary of values by heading", record, place)
    return records


def _add_scenarios(row: Row, record: Row, scenarios: list[tuple[str, str]]) -> None:
    pairs = tuple(
        (value_of(time, record[time]), value_of(share, record[share]))
        for time, share in scenarios
        if not is_blank(record.get(time)) and not is_blank(record.get(share))
    )
    if pairs:
        row["lead_time_distribution"] = pairs


def is_blank(value: Any) -> bool:
    """Whether a cell says nothing: None, blank text, NaN, or what pandas marks a missing value with."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    # pandas' NA is neither equal nor unequal to itself, and refuses to be asked.
    if type(value).__name__ == "NAType":
        return True
    return isinstance(value, float | datetime | np.floating) and bool(value != value)


def value_of(field: str, value: Any) -> Any:
    """A raw cell as the field wants it; what cannot be read stays as it is, for the model to refuse."""
    if isinstance(value, CellError):
        return str(value)
    if isinstance(value, np.generic):
        value = value.item()
    if field in _TEXT_FIELDS:
        whole = isinstance(value, float) and value.is_integer()
        # An accent may be stored as a letter of its own: the two look the same, and name the same.
        text = str(int(value)) if whole else unicodedata.normalize("NFC", str(value).strip())
        return _SERVICE_TYPES.get(text.lower(), text) if field == "service_type" else text
    if field == "lead_time_distribution":
        return _distribution(value)
    return _number(value, field in _FRACTIONS)


def _number(value: Any, is_fraction: bool) -> Any:
    """Text as the number it says, fractions also in per cent; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        text = value.strip()
        return float(text[:-1]) / 100.0 if is_fraction and text.endswith("%") else float(text)
    except ValueError:
        return value


def _distribution(value: Any) -> Any:
    """Pairs of time and probability, also from text such as `20: 0.4; 25: 0.4; 50: 0.2`."""
    pairs = value
    if isinstance(value, str):
        pairs = [pair.split(":") for pair in value.split(";") if pair.strip()]
    try:
        return tuple((float(_number(time, False)), float(_number(share, True))) for time, share in pairs)
    except (TypeError, ValueError):
        return value


def _models(model: type[Model], name: str, table: _Table, problems: list[InputError]) -> list[Model]:
    """The rows as models; of those that are none, what is wrong is added to `problems`."""
    models = []
    for number, row in table.rows:
        if model is Stage:
            _complete(row)
        try:
            models.append(model(**row))
        except ValidationError as error:
            found = _problems(error, row, model is Stage, f"{name}, row {number}")
            problems += [problem for problem in found if not table.lacks(problem.name)]
    return models


def _complete(row: Row) -> None:
    """Mean and standard deviation of the lead time from its distribution, where they are not given."""
    scenarios = row.get("lead_time_distribution")
    if not isinstance(scenarios, tuple) or any(not _not_negative(x) for pair in scenarios for x in pair):
        return
    mean, deviation = mean_and_deviation(scenarios)
    row.setdefault("lead_time", mean)
    row.setdefault("lead_time_sd", deviation)


def _not_negative(value: Any) -> bool:
    return isinstance(value, float | int) and value >= 0


def _problems(error: ValidationError, row: Row, is_stage: bool, place: str) -> list[InputError]:
    found = {}
    for detail in error.errors():
        if not detail["loc"]:
            continue
        column = str(detail["loc"][0])
        if column == "lead_time" and "lead_time_distribution" in row and detail["type"] == "missing":
            # It would have followed from the distribution, of which something is told already.
            continue
        if detail["type"] == "value_error":
            rule = str(detail["ctx"]["error"])
        else:
            told = _RULES.get(detail["type"])
            rule = told(detail.get("ctx", {})) if told else detail["msg"]
            if detail["type"] == "float_type" and _DECIMAL_COMMA.fullmatch(str(row.get(column))):
                rule += ", with a point before its decimals"
        found[column] = rule
    if is_stage:
        for column, rule in contradictions(row):
            found.setdefault(column, rule)
    return [InputError(column, rule, row.get(column), place) for column, rule in found.items()]
