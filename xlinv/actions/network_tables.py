"""The two tables of a network, found in a book and read into a Network."""

from typing import Any, NamedTuple

from xlinv.actions.finding import look_for, nothing_fits
from xlinv.actions.plain_ranges import Fits
from xlinv.actions.source import Source, cell_place, named_source, selected_source
from xlinv.cells import Cell, InputError
from xlinv.network.columns import ARC_COLUMNS, STAGE_COLUMNS, fields_of_headings
from xlinv.network.model import Network, NetworkError

STAGE_TABLE, ARC_TABLE = "tblStages", "tblArcs"
_WHAT_STAGES = "in a table of stages (name, lead time, cost, demand)"
_WHAT_ARCS = "in a table of arcs (from, to)"
_TELLING = frozenset(
    {
        "name", "lead_time", "lead_time_sd", "lead_time_distribution", "added_cost", "holding_cost",
        "demand_mean", "demand_sd", "service_time", "service_level", "safety_factor",
    }
)  # fmt: skip


def is_stages(source: Source) -> bool:
    """Whether the headings are those of stages."""
    fields = _fields(source, STAGE_COLUMNS)
    return {"name", "lead_time"} <= fields and bool({"added_cost", "holding_cost"} & fields)


def is_arcs(source: Source) -> bool:
    """Whether the headings are those of arcs, and not of stages with columns of suppliers and customers."""
    return {"source", "destination"} <= _fields(source, ARC_COLUMNS) and not is_stages(source)


def _may_be_stages(source: Source) -> bool:
    """Whether headings are near enough to those of stages for a message to say what is missing."""
    fields = _fields(source, STAGE_COLUMNS)
    others = len(fields & _TELLING - {"name"})
    return others > 0 if "name" in fields else others > 2 and "item" not in fields


def _may_be_arcs(source: Source) -> bool:
    return bool({"source", "destination"} & _fields(source, ARC_COLUMNS)) and not _may_be_stages(source)


def _may_be_either(source: Source) -> bool:
    return _may_be_stages(source) or _may_be_arcs(source)


def _fields(source: Source, columns: Any) -> set[str]:
    return {field for field in fields_of_headings(source.headings, columns).values() if field}


def network_sources(book: Any, stages: str | None, arcs: str | None) -> tuple[Source, Source]:
    """The tables of stages and arcs: named, selected, or the only ones that fit.

    A table that lacks a column is taken where no other fits, for the network to say which column that is.
    Raises InputError that says what to select.
    """
    if stages is None and arcs is None:
        _refuse_other_selection(book)
    found_stages = _named_or_found(book, stages, (is_stages, _may_be_stages), _WHAT_STAGES, STAGE_TABLE)
    found_arcs = _named_or_found(book, arcs, (is_arcs, _may_be_arcs), _WHAT_ARCS, ARC_TABLE)
    if (
        found_arcs is None
        and found_stages
        and {"source", "destination"} <= _fields(found_stages, ARC_COLUMNS)
    ):
        rule = "must be parted from the table of arcs by a blank column"
        raise InputError("table", rule, found_stages.name, found_stages.place)
    if found_stages is None:
        raise nothing_fits(book, _WHAT_STAGES)
    if found_arcs is None:
        raise nothing_fits(book, _WHAT_ARCS)
    return found_stages, found_arcs


def _named_or_found(
    book: Any, name: str | None, kinds: tuple[Fits, Fits], what: str, usual_name: str
) -> Source | None:
    if name is None:
        fits, may_fit = kinds
        found = look_for(book, fits, what, (usual_name,), _may_be_either)
        return found or look_for(book, may_fit, what, (usual_name,), _may_be_either)
    source = named_source(book, name)
    if not any(fits(source) for fits in kinds):
        raise InputError("table", f"must have the columns of a {what.removeprefix('in a ')}", source.name)
    return source


def _refuse_other_selection(book: Any) -> None:
    """A selected table of several rows that is no part of a network is a mistake worth telling."""
    selection = book.app.selection
    if selection is None or selection.size == 1:
        return
    chosen = selected_source(selection)
    if not is_arcs(chosen) and not _may_be_either(chosen):
        raise InputError("selection", f"must lie {_WHAT_STAGES} or {_WHAT_ARCS}", chosen.place)


def network_of(stages: Source, arcs: Source) -> Network:
    """The network that the two tables say; raises NetworkError with all that is wrong, by its rows."""
    return Network.from_tables(_records(stages), _records(arcs))


def read_network(stages: Source, arcs: Source) -> Network:
    """The network that the two tables say; raises NetworkError with all that is wrong, by its cells."""
    try:
        return network_of(stages, arcs)
    except NetworkError as error:
        problems = [
            InputError(problem.name, problem.rule, problem.value, located(problem, stages, arcs).place)
            for problem in error.problems
        ]
        raise NetworkError(problems) from None


class Located(NamedTuple):
    """Where a problem of a network stands: table, column, cell or, of a table as a whole, range."""

    source: Source
    column: int
    place: str


def located(problem: InputError, stages: Source, arcs: Source) -> Located:
    """Where a problem stands that is told by table and row, the headings being row 1."""
    table, _, row = problem.place.partition(", row ")
    source = arcs if table == "Arcs" else stages
    columns = ARC_COLUMNS if source is arcs else STAGE_COLUMNS
    fields = list(fields_of_headings(source.headings, columns).values())
    column = fields.index(problem.name) if problem.name in fields else 0
    place = cell_place(source, int(row) - 2, column) if row.isdigit() else source.place
    return Located(source, column, place)


def _records(source: Source) -> list[dict[str, Cell]]:
    """The rows by heading, blank where a formula leaves a cell empty."""
    return [
        {heading: None if value == "" else value for heading, value in zip(source.headings, row, strict=True)}
        for row in source.rows
    ]
