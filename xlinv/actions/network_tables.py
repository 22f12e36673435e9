"""The two tables of a network, found in a book and read into a Network."""

from typing import Any

from xlinv.actions.source import Source, find_source, named_source, plain_heading, selected_source
from xlinv.cells import InputError
from xlinv.network.columns import ARC_COLUMNS, STAGE_COLUMNS, fields_of_headings
from xlinv.network.model import Network

STAGE_TABLE, ARC_TABLE = "tblStages", "tblArcs"
_WHAT_STAGES = "in a table of stages (name, lead time, cost, demand)"
_WHAT_ARCS = "in a table of arcs (from, to)"


def is_stages(source: Source) -> bool:
    """Whether the headings are those of stages."""
    fields = _fields(source, STAGE_COLUMNS)
    return {"name", "lead_time"} <= fields and bool({"added_cost", "holding_cost"} & fields)


def is_arcs(source: Source) -> bool:
    """Whether the headings are those of arcs."""
    return {"source", "destination"} <= _fields(source, ARC_COLUMNS)


def _fields(source: Source, columns: Any) -> set[str]:
    headings = [plain_heading(heading) for heading in source.headings]
    return {field for field in fields_of_headings(headings, columns).values() if field}


def network_sources(book: Any, stages: str | None, arcs: str | None) -> tuple[Source, Source]:
    """The tables of stages and arcs: named, selected, or the only ones that fit.

    Raises InputError that says what to select.
    """
    if stages is None and arcs is None:
        _refuse_other_selection(book)
    found_stages = (
        named_source(book, stages) if stages else find_source(book, is_stages, _WHAT_STAGES, (STAGE_TABLE,))
    )
    found_arcs = named_source(book, arcs) if arcs else find_source(book, is_arcs, _WHAT_ARCS, (ARC_TABLE,))
    for source, fits, what in ((found_stages, is_stages, _WHAT_STAGES), (found_arcs, is_arcs, _WHAT_ARCS)):
        if not fits(source):
            raise InputError("table", f"must have the columns of a {what.removeprefix('in a ')}", source.name)
    return found_stages, found_arcs


def _refuse_other_selection(book: Any) -> None:
    """A selected table of several rows that is no part of a network is a mistake worth telling."""
    selection = book.app.selection
    if selection is None or selection.size == 1:
        return
    chosen = selected_source(selection)
    if not is_stages(chosen) and not is_arcs(chosen):
        raise InputError("selection", f"must lie {_WHAT_STAGES} or {_WHAT_ARCS}", chosen.place)


def read_network(stages: Source, arcs: Source) -> Network:
    """The network that the two tables say; raises NetworkError with everything that is wrong."""
    return Network.from_tables(_frame(stages), _frame(arcs))


def _frame(source: Source) -> Any:
    """The table with blank for cells that a formula leaves empty."""
    frame = source.frame()
    return frame.where(frame != "", None)
