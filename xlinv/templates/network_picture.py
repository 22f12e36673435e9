"""The picture of a network as a native chart: layers from left to right, stages as dots, arcs as lines."""

from itertools import chain
from typing import Final

from xlinv.templates.page import Page
from xlinv.templates.style import AMBER, BLUE, NAVY, SKY
from xlinv.templates.supply_network import LAYERS, SupplyNetwork

PICTURE_WIDTHS: Final = (*(12,) * 16, 3, 28, 10, 10, 10, 3, 10, 10)

_COLOURS: Final = ("#7F7F7F", SKY, BLUE, NAVY, AMBER)
_FIRST, _STAGE_COLUMN, _ARC_COLUMN = 4, 17, 22
_PICTURE_ROWS: Final = 46


def write_picture(page: Page, network: SupplyNetwork) -> None:
    """The chart in front, the points it draws to its right."""
    if not network.places:
        page.text(3, 0, "The picture appears once Stages and Arcs are filled.", "x_Note")
        return
    spans = _write_stages(page, network)
    last = _write_arcs(page, network)
    _draw(page, spans, last)
    page.freeze(3, 0, repeat=(0, 1))
    page.sheet.print_area(0, 0, _PICTURE_ROWS + 2, _STAGE_COLUMN - 2)


def _positions(network: SupplyNetwork) -> dict[str, tuple[int, float]]:
    """Across: the layer; up: evenly spread over the layer, the first stage on top."""
    positions = {}
    for layer in range(len(LAYERS)):
        names = [place.name for place in network.places if place.layer == layer]
        for number, name in enumerate(names):
            positions[name] = (layer, round(1 - (number + 0.5) / len(names), 4))
    return positions


def _write_stages(page: Page, network: SupplyNetwork) -> list[tuple[int, int]]:
    """The points of the stages; first and last row of each layer."""
    page.section(_FIRST - 2, "Points of the picture", _STAGE_COLUMN)
    page.headings(_FIRST - 1, _STAGE_COLUMN, ("Stage", "Across", "Up", "Layer"), height=18)
    positions = _positions(network)
    spans: dict[int, tuple[int, int]] = {}
    for row, place in enumerate(network.places, start=_FIRST):
        across, up = positions[place.name]
        page.text(row, _STAGE_COLUMN, place.name)
        page.value(row, _STAGE_COLUMN + 1, across, "integer", style="x_Calc")
        page.value(row, _STAGE_COLUMN + 2, up, "ratio", style="x_Calc")
        page.value(row, _STAGE_COLUMN + 3, place.layer, "integer", style="x_Calc")
        spans[place.layer] = (spans.get(place.layer, (row, row))[0], row)
    return [spans[layer] for layer in sorted(spans)]


def _write_arcs(page: Page, network: SupplyNetwork) -> int:
    """The two ends of each arc and a blank row after it, so that one series draws all; the last row.

    Arcs of late layers come first: LibreOffice drops an arc that starts where the one before it ended.
    """
    page.headings(_FIRST - 1, _ARC_COLUMN, ("Arc across", "Arc up"), height=18)
    positions = _positions(network)
    links = sorted(network.links, key=lambda link: -positions[link.source][0])
    points = chain.from_iterable((positions[a.source], positions[a.destination], None) for a in links)
    row = _FIRST
    for row, point in enumerate(points, start=_FIRST):
        if point:
            page.value(row, _ARC_COLUMN, point[0], "integer", style="x_Calc")
            page.value(row, _ARC_COLUMN + 1, point[1], "ratio", style="x_Calc")
    return row


def _draw(page: Page, spans: list[tuple[int, int]], last: int) -> None:
    hidden = {"visible": False, "major_gridlines": {"visible": False}}
    chart = page.chart(
        3, 0,
        {"type": "scatter", "subtype": "straight", "title": "From material to store", "legend": True,
         "width": 1400, "height": 20 * _PICTURE_ROWS,
         "x_axis": {**hidden, "min": -0.2, "max": len(LAYERS) - 0.8},
         "y_axis": {**hidden, "min": 0, "max": 1}},
    )  # fmt: skip
    chart.show_blanks_as("gap")
    chart.add_series(
        {
            "name": "Arcs",
            "categories": [page.name, _FIRST, _ARC_COLUMN, last, _ARC_COLUMN],
            "values": [page.name, _FIRST, _ARC_COLUMN + 1, last, _ARC_COLUMN + 1],
            "line": {"color": "#B9C0CC", "width": 0.5},
            "marker": {"type": "none"},
        }
    )
    for layer, (first, final) in enumerate(spans):
        chart.add_series(
            {
                "name": LAYERS[layer],
                "categories": [page.name, first, _STAGE_COLUMN + 1, final, _STAGE_COLUMN + 1],
                "values": [page.name, first, _STAGE_COLUMN + 2, final, _STAGE_COLUMN + 2],
                "line": {"none": True},
                "marker": {
                    "type": "circle",
                    "size": 8,
                    "fill": {"color": _COLOURS[layer]},
                    "border": {"color": "#FFFFFF"},
                },
            }
        )
