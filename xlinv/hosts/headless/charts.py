"""Charts that an action adds to a sheet; charts that were there stay as they are."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from xlinv.hosts.headless.document import ChartModel

if TYPE_CHECKING:
    from xlinv.hosts.headless.sheet import Sheet


class Charts(base_classes.Collection):  # type: ignore[misc]
    """The new charts of a sheet."""

    def __init__(self, sheet: "Sheet") -> None:
        self.sheet = sheet

    @property
    def api(self) -> list[ChartModel]:
        return self.sheet.model.charts

    @property
    def parent(self) -> "Sheet":
        return self.sheet

    def __len__(self) -> int:
        return len(self.api)

    def __iter__(self) -> "Iterator[Chart]":
        return (Chart(self.sheet, model) for model in self.api)

    def __contains__(self, name: object) -> bool:
        return any(model.name == name for model in self.api)

    def __call__(self, key: int | str) -> "Chart":
        if isinstance(key, int):
            return Chart(self.sheet, self.api[key - 1])
        for model in self.api:
            if model.name == key:
                return Chart(self.sheet, model)
        raise KeyError(key)

    def add(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        chart_type: str | None = None,
        source: Any = None,
        plot_by: Any = None,
        name: str | None = None,
        anchor: Any = None,
        style: Any = None,
    ) -> "Chart":
        """Put a chart on the sheet, in points from its corner or at the corner of `anchor`."""
        if anchor is not None:
            left, top = anchor.left, anchor.top
        model = ChartModel(name or f"Chart {len(self.api) + 1}", left, top, width, height)
        self.api.append(model)
        chart = Chart(self.sheet, model)
        if source is not None:
            chart.set_source_data(getattr(source, "impl", source), plot_by)
        if chart_type is not None:
            model.kind = chart_type
        return chart


class Chart(base_classes.Chart):  # type: ignore[misc]
    """One new chart."""

    parent: Any = None

    def __init__(self, sheet: "Sheet", model: ChartModel) -> None:
        self.parent = sheet
        self.model = model

    @property
    def api(self) -> ChartModel:
        return self.model

    @property
    def name(self) -> str:
        return self.model.name

    @name.setter
    def name(self, value: str) -> None:
        self.model.name = value

    @property
    def chart_type(self) -> str:
        return self.model.kind

    @chart_type.setter
    def chart_type(self, value: str) -> None:
        self.model.kind = value

    @property
    def title(self) -> str | None:
        return self.model.title

    @title.setter
    def title(self, value: str | None) -> None:
        self.model.title = value

    def set_source_data(self, rng: Any, plot_by: Any = None) -> None:
        self.model.source = rng.bounds

    def delete(self) -> None:
        self.parent.model.charts.remove(self.model)


def _point(name: str) -> property:
    def get(chart: Chart) -> float:
        return float(getattr(chart.model, name))

    def put(chart: Chart, value: float) -> None:
        setattr(chart.model, name, value)

    return property(get, put)


for _name in ("left", "top", "width", "height"):
    setattr(Chart, _name, _point(_name))
