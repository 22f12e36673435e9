"""New charts as parts of a package; openpyxl knows how a chart is written."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from xlinv.hosts.headless.document import DEFAULT_HEIGHT, ChartModel, SheetModel, column_points
from xlinv.workbook.references import Area, column_letters, quoted

_EMU_PER_POINT: Final = 12_700
_CM_PER_POINT: Final = 2.54 / 72
_HAIR: Final = 1e-6
_COLOURS: Final = ("2F5597", "9DC3E6", "C55A11", "7F7F7F", "70AD47")
_GRID: Final = "D9D9D9"
_SINGLE_POINT_SIZE: Final = 11
_TITLE_SIZE: Final = 1200
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_MAIN: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def chart_part(chart: ChartModel, sheet: SheetModel) -> bytes:
    """The XML of a chart that draws the columns of its source: the first one along, the others up."""
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.line import LineProperties
    from openpyxl.xml.functions import tostring

    drawn = _drawn(chart)
    if chart.source is not None:
        _add_series(drawn, chart, sheet)
    drawn.title = _title(chart.title)
    drawn.legend = drawn.legend if chart.source is not None and chart.source.shape[1] > 2 else None
    for axis in (drawn.x_axis, drawn.y_axis):
        axis.delete = False
        if axis.majorGridlines is not None:
            axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_GRID))
    for number, series in enumerate(drawn.series):
        _colour(series, chart.kind, _COLOURS[number % len(_COLOURS)])
    return bytes(tostring(drawn._write()))


def _title(text: str | None) -> Any:
    """A title in a size that leaves room for the chart."""
    from openpyxl.chart.title import title_maker
    from openpyxl.drawing.text import CharacterProperties, ParagraphProperties

    if text is None:
        return None
    title: Any = title_maker(text)
    for paragraph in title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=CharacterProperties(sz=_TITLE_SIZE, b=True))
        for run in paragraph.r:
            run.rPr = CharacterProperties(sz=_TITLE_SIZE, b=True)
    title.overlay = False
    return title


def _colour(series: Any, kind: str, colour: str) -> None:
    if kind.startswith(("xy_scatter", "line")):
        if "lines" in kind or kind.startswith("line"):
            series.graphicalProperties.line.solidFill = colour
        if series.marker is not None:
            series.marker.graphicalProperties.solidFill = colour
            series.marker.graphicalProperties.line.solidFill = colour
    else:
        series.graphicalProperties.solidFill = colour


def _drawn(chart: ChartModel) -> Any:
    from openpyxl.chart import AreaChart, BarChart, LineChart, ScatterChart

    kind = chart.kind
    drawn: Any
    if kind.startswith("xy_scatter"):
        drawn = ScatterChart(scatterStyle="lineMarker")
    elif kind.startswith("line"):
        drawn = LineChart()
    elif kind.startswith("area"):
        drawn = AreaChart(grouping="stacked" if "stacked" in kind else "standard")
    else:
        stacked = "stacked" in kind
        drawn = BarChart(
            barDir="bar" if kind.startswith("bar") else "col",
            grouping="stacked" if stacked else "clustered",
            overlap=100 if stacked else None,
        )
    drawn.width, drawn.height = chart.width * _CM_PER_POINT, chart.height * _CM_PER_POINT
    return drawn


def _add_series(drawn: Any, chart: ChartModel, sheet: SheetModel) -> None:
    from openpyxl.chart import Series

    assert chart.source is not None
    top, left, bottom, right = chart.source
    name = quoted(sheet.name)
    along = f"{name}!{_absolute(Area(top + 1, left, bottom, left))}"
    for column in range(left + 1, right + 1):
        up = f"{name}!{_absolute(Area(top + 1, column, bottom, column))}"
        title = sheet.grid.values.get((top, column))
        if chart.kind.startswith("xy_scatter"):
            series = Series(up, xvalues=along, title=str(title))
            if "lines" not in chart.kind:
                series.graphicalProperties.line.noFill = True
            series.marker.symbol = "none" if "no_markers" in chart.kind else "circle"
            values = (sheet.grid.values.get((row, column)) for row in range(top + 1, bottom + 1))
            if sum(value is not None for value in values) == 1:
                series.marker.size = _SINGLE_POINT_SIZE
        else:
            series = Series(up, title=str(title))
        drawn.series.append(series)
    if not chart.kind.startswith("xy_scatter"):
        from openpyxl.chart.data_source import AxDataSource, StrRef

        for series in drawn.series:
            series.cat = AxDataSource(strRef=StrRef(f=along))


def _absolute(area: Area) -> str:
    first = f"${column_letters(area.left)}${area.top}"
    return f"{first}:${column_letters(area.right)}${area.bottom}"


def drawing_part(charts: Sequence[ChartModel], identities: Sequence[str], sheet: SheetModel) -> bytes:
    """The XML that places charts on a sheet, each at the cell under its corner."""
    anchors = "".join(
        _anchor(chart, identity, number, sheet)
        for number, (chart, identity) in enumerate(zip(charts, identities, strict=True), start=2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<xdr:wsDr xmlns:xdr="{_DRAWING}" xmlns:a="{_MAIN}">{anchors}</xdr:wsDr>'
    ).encode()


def _anchor(chart: ChartModel, identity: str, number: int, sheet: SheetModel) -> str:
    column, right = _cell_at(chart.left, lambda n: column_points(sheet, n))
    row, down = _cell_at(chart.top, lambda n: sheet.heights.get(n, DEFAULT_HEIGHT))
    return (
        "<xdr:oneCellAnchor><xdr:from>"
        f"<xdr:col>{column - 1}</xdr:col><xdr:colOff>{right}</xdr:colOff>"
        f"<xdr:row>{row - 1}</xdr:row><xdr:rowOff>{down}</xdr:rowOff></xdr:from>"
        f'<xdr:ext cx="{_emu(chart.width)}" cy="{_emu(chart.height)}"/>'
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>'
        f"<xdr:cNvPr id={quoteattr(str(number))} name={quoteattr(chart.name)}/>"
        "<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>"
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
        f'<a:graphic><a:graphicData uri="{_CHART}">'
        f'<c:chart xmlns:c="{_CHART}" xmlns:r="{_RELATIONS}" r:id="{identity}"/>'
        "</a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:oneCellAnchor>"
    )


def _emu(points: float) -> int:
    return round(points * _EMU_PER_POINT)


def _cell_at(points: float, size: Callable[[int], float]) -> tuple[int, int]:
    """The row or column that lies `points` from the corner, and how far into it that is."""
    number = 1
    while points >= size(number) - _HAIR:
        points -= size(number)
        number += 1
    return number, max(_emu(points), 0)
