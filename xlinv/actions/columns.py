"""Which headings are understood in each kind of table, and what their cells must hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from xlinv.actions.source import Source, plain_heading
from xlinv.network.columns import ARC_COLUMNS, STAGE_COLUMNS


@dataclass(frozen=True)
class Field:
    """A column: the headings it may have, what it holds, and the bounds of its numbers."""

    headings: tuple[str, ...]
    kind: Literal["text", "number", "date"] = "number"
    required: bool = False
    least: float | None = None
    most: float | None = None
    zero: str = ""

    @property
    def known_as(self) -> str:
        return self.headings[0]


@dataclass(frozen=True)
class TableKind:
    """A kind of table: its usual name, what to call it, its columns, and which of them tell it."""

    table: str
    what: str
    fields: Mapping[str, Field]
    telling: tuple[str, ...]
    key: tuple[str, ...] = ()
    by_period: bool = False
    never_with: tuple[str, ...] = ()

    def fits(self, source: Source) -> bool:
        """Whether the headings are those of this kind."""
        if self.never_with and source.position(*self.never_with) is not None:
            return False
        if self.by_period and len(period_columns(source)) < 2:
            return False
        return all(self.position(source, field) is not None for field in self.telling)

    def position(self, source: Source, field: str) -> int | None:
        """Where the column of a field stands in the table."""
        return source.position(*self.fields[field].headings)


def period_columns(source: Source) -> list[int]:
    """The columns of single periods: headings with a number and without a unit, such as 'Jan 24' or 'P1'."""
    return [
        number
        for number, heading in enumerate(source.headings)
        if any(map(str.isdigit, heading)) and plain_heading(heading) == heading.strip()
    ]


_NOT_NEGATIVE: Final = 0.0
_STAGE: Final = ("Stage", "Stage name")

ITEMS: Final = TableKind(
    "tblItems",
    "a table of items (item, unit cost, lead time …)",
    {
        "item": Field(
            ("Item", "Part", "SKU", "Material", "Article", "Item number", "Part number", "Product"),
            "text",
            required=True,
        ),
        "description": Field(("Description", "Text", "Item description", "Name"), "text"),
        "type": Field(("Type", "Item type", "Category", "Part class"), "text"),
        "site": Field(("Site", "Location", "Plant", "Warehouse"), "text"),
        "region": Field(("Region", "Country"), "text"),
        "supplier": Field(("Supplier", "Vendor"), "text"),
        "responsible": Field(("Responsible", "Planner", "Owner", "Buyer"), "text"),
        "end_items": Field(("End items", "End item", "Used in"), "text"),
        "unit_cost": Field(
            ("Unit cost", "Cost", "Standard cost", "Cost per unit"),
            required=True,
            least=_NOT_NEGATIVE,
            zero="stock of it has no value",
        ),
        "price": Field(("Price", "Selling price", "List price", "Unit price"), least=_NOT_NEGATIVE),
        "margin": Field(("Margin", "Gross margin", "Margin rate"), most=1.0),
        "criticality": Field(("Criticality", "Service criticality", "Critical"), least=0.0, most=1.0),
        "lead_time": Field(
            ("Lead time", "Replenishment lead time", "LT", "Mean lead time"),
            required=True,
            least=_NOT_NEGATIVE,
            zero="stock arrives the moment it is ordered",
        ),
        "lead_time_sd": Field(
            ("Lead time SD", "SD of lead time", "Lead time standard deviation", "LT SD"), least=_NOT_NEGATIVE
        ),
        "review_period": Field(("Review period", "Review interval", "Review"), least=_NOT_NEGATIVE),
        "order_cost": Field(("Order cost", "Ordering cost", "Setup cost", "Fixed cost"), least=_NOT_NEGATIVE),
        "moq": Field(("MOQ", "Minimum order quantity", "Minimum order", "Minimum lot"), least=_NOT_NEGATIVE),
        "multiple": Field(("Multiple", "Order multiple", "Pack size", "Rounding value"), least=_NOT_NEGATIVE),
        "distribution": Field(("Distribution", "Demand distribution"), "text"),
        "on_hand": Field(
            ("On hand", "Stock", "Stock on hand", "Inventory", "Quantity on hand"), least=_NOT_NEGATIVE
        ),
        "on_order": Field(("On order", "Open orders", "Scheduled receipts"), least=_NOT_NEGATIVE),
        "safety_stock": Field(
            ("Safety stock now", "Current safety stock", "Safety stock", "SS"), least=_NOT_NEGATIVE
        ),
        "days_since_use": Field(
            ("Last use", "Days since last use", "Days since use", "Days since last issue"),
            least=_NOT_NEGATIVE,
        ),
        "service": Field(
            ("Service target", "Target service", "Service level", "Service", "Target"), least=0.0, most=1.0
        ),
        "demand_mean": Field(
            ("Demand mean", "Mean demand", "Average demand", "Demand", "Forecast"), least=_NOT_NEGATIVE
        ),
        "demand_sd": Field(
            ("Demand SD", "SD of demand", "Error SD", "Forecast error SD"), least=_NOT_NEGATIVE
        ),
    },
    telling=("item", "unit_cost"),
    key=("item", "site"),
    never_with=_STAGE,
)
_BY_ITEM: Final = {name: ITEMS.fields[name] for name in ("item", "site")}
HISTORY: Final = TableKind(
    "tblHistory",
    "a table of demand history (item, one column per period)",
    _BY_ITEM,
    telling=("item",),
    key=("item", "site"),
    by_period=True,
    never_with=_STAGE,
)
FORECAST: Final = TableKind(
    "tblForecast",
    "a table of forecasts (item, one column per period)",
    _BY_ITEM,
    telling=("item",),
    key=("item", "site"),
    by_period=True,
    never_with=_STAGE,
)
_MONEY: Final = {
    "revenue": ("Revenue", "Sales", "Net sales"),
    "cogs": ("Cost of goods sold", "COGS", "Cost of sales"),
    "purchases": ("Purchases",),
    "inventory": ("Inventory", "Stock"),
    "receivables": ("Receivables", "Accounts receivable", "AR"),
    "payables": ("Payables", "Accounts payable", "AP"),
}
FINANCE: Final = TableKind(
    "tblFin",
    "a table of money by period (period end, revenue, cost of goods sold, inventory, receivables, payables)",
    {
        "period": Field(("Month end", "Period end", "Date", "Month", "Period", "Year end"), "date", True),
        **{name: Field(headings, required=True) for name, headings in _MONEY.items() if name != "purchases"},
        "purchases": Field(_MONEY["purchases"]),
    },
    telling=("period", "cogs", "inventory"),
    key=("period",),
)
BENCHMARKS: Final = TableKind(
    "tblBenchmarks",
    "a table of benchmarks (metric, best quartile, median, weakest quartile)",
    {
        "metric": Field(("Metric", "Measure", "KPI"), "text", True),
        "best": Field(("Best quartile", "Top quartile", "Q1"), required=True),
        "median": Field(("Median", "Typical", "Q2"), required=True),
        "weak": Field(("Weakest quartile", "Bottom quartile", "Q3")),
        "source": Field(("Source",), "text"),
    },
    telling=("metric", "median"),
    key=("metric",),
)
TARGETS: Final = TableKind(
    "tblTargets",
    "a table of service targets (class, target)",
    {
        "class": Field(("Class", "Segment"), "text", True),
        "target": Field(("Target", "Service target", "Service level"), required=True, least=0.0, most=1.0),
    },
    telling=("class", "target"),
    key=("class",),
    never_with=ITEMS.fields["item"].headings,
)
STAGES: Final = TableKind(
    "tblStages",
    "a table of stages (name, lead time, cost, demand)",
    {
        "name": Field((*_STAGE, *STAGE_COLUMNS["name"][2:]), "text", True),
        "lead_time": Field(
            ("Lead time", *STAGE_COLUMNS["lead_time"]),
            required=True,
            least=_NOT_NEGATIVE,
            zero="the stage adds no time: is that so?",
        ),
        "added_cost": Field(
            ("Added cost", *STAGE_COLUMNS["added_cost"], "Holding cost", *STAGE_COLUMNS["holding_cost"]),
            least=_NOT_NEGATIVE,
        ),
        "service_level": Field(("Service level", *STAGE_COLUMNS["service_level"]), least=0.0, most=1.0),
        "on_hand": Field(("Stock on hand",), least=_NOT_NEGATIVE),
        "current_stock": Field(("Current safety stock",), least=_NOT_NEGATIVE),
    },
    telling=("name", "lead_time", "added_cost"),
    key=("name",),
)
ARCS: Final = TableKind(
    "tblArcs",
    "a table of arcs (from, to)",
    {
        "source": Field(("From", *ARC_COLUMNS["source"]), "text", True),
        "destination": Field(("To", *ARC_COLUMNS["destination"]), "text", True),
        "quantity": Field(("Quantity", *ARC_COLUMNS["quantity"]), least=_NOT_NEGATIVE),
    },
    telling=("source", "destination"),
    key=("source", "destination"),
)
# In the order in which a table is tried: the first kind that fits, a table's own name deciding first.
KINDS: Final = (STAGES, ARCS, FINANCE, BENCHMARKS, TARGETS, ITEMS, HISTORY)


def kind_of(source: Source) -> TableKind | None:
    """The kind of a table, by its name or else by its headings; None for any other table."""
    named = [kind for kind in (*KINDS, FORECAST) if kind.table.casefold() == source.name.casefold()]
    return next((kind for kind in (*named, *KINDS) if kind.fits(source)), None)
