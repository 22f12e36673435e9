"""Segment: which items matter for cash, for service and for margin."""

from collections.abc import Sequence
from typing import Final

from xlinv.actions.answering import answers, difference, errors_told, product, products, ratio, total
from xlinv.actions.portfolio import Portfolio, read_portfolio
from xlinv.actions.report import Chart, Column, Format, OutSheet, Report, Table
from xlinv.actions.running import Run
from xlinv.actions.settings import setting
from xlinv.cells import Cell, CellError, InputError

_ABC: Final = ("A", "B", "C")
_XYZ: Final = ("X", "Y", "Z")
_LOWEST_SHARE: Final = 0.1
_QUADRANTS: Final = {
    "Protect": "High margin, critical to service: hold the promise",
    "Grow": "High margin, less critical: sell more of it",
    "Maintain": "Low margin, critical: serve at least cost",
    "Reduce": "Low margin, less critical: reduce stock and range",
}


def abc_xyz(run: Run, items: str | None = None) -> Report:
    """Class every item by usage value and by how steady its demand is, and say where the cash lies."""
    portfolio = read_portfolio(run.book, items)
    classes = portfolio.classes()
    usage = yearly_usage(portfolio)
    cash = stock_value(portfolio)
    settings = {
        name: f"{setting(run.book, name, usual):g}"
        for name, usual in (("set_CutA", 0.8), ("set_CutB", 0.95), ("set_CutX", 0.5), ("set_CutY", 1.0))
    }
    notes = errors_told({"class": classes}, portfolio.keys)
    counted = sum(isinstance(each, str) for each in classes)
    largest = sum(str(each).startswith("A") for each in classes)
    share = ratio(
        total([u for u, c in zip(usage, classes, strict=True) if str(c).startswith("A")]), total(usage)
    )
    told = f"{share:.0%}" if isinstance(share, float) else "no share"
    return Report(
        f"{counted} items classed: {largest} of class A make up {told} of the usage value.",
        (
            _class_sheet(portfolio, classes, usage, cash, notes),
            _segment_sheet(portfolio, classes, cash),
        ),
        portfolio.sources,
        settings,
    )


def matrices(run: Run, items: str | None = None) -> Report:
    """Set margin against criticality, and rank the items by what their stock earns."""
    portfolio = read_portfolio(run.book, items)
    service, counts = _margin_service(portfolio)
    returns, ranked = _returns(portfolio)
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    return Report(
        f"Margin and service: {told}. GMROII ranked for {ranked} items that are sold.",
        (service, returns),
        portfolio.sources,
    )


def yearly_usage(portfolio: Portfolio) -> list[Cell]:
    """Usage of a year at unit cost."""
    year = [portfolio.clock.periods_per_year] * portfolio.count
    return products(portfolio.demand_mean(), portfolio.numbers("unit_cost"), year)


def stock_value(portfolio: Portfolio) -> list[Cell]:
    """Stock on hand at unit cost."""
    return products(portfolio.numbers("on_hand", 0.0), portfolio.numbers("unit_cost"))


def label_columns(portfolio: Portfolio) -> tuple[Column, ...]:
    """The columns that tell a reader which item a row is about."""
    columns = [Column("Item", portfolio.keys)]
    for heading, field in (("Description", "description"), ("Type", "type"), ("Site", "site")):
        if portfolio.has(field):
            columns.append(Column(heading, portfolio.texts(field)))
    return tuple(columns)


def _class_sheet(
    portfolio: Portfolio,
    classes: Sequence[Cell],
    usage: Sequence[Cell],
    cash: Sequence[Cell],
    notes: tuple[str, ...],
) -> OutSheet:
    whole = total(usage)
    listed = Table(
        "Items",
        (
            *label_columns(portfolio),
            Column("Class", classes),
            Column("Usage value [per year]", usage, "money"),
            Column("Share of usage value", [ratio(value, whole) for value in usage], "percent"),
            Column("Stock on hand [value]", cash, "money"),
        ),
    )
    return OutSheet(
        "Out_ABCXYZ",
        "ABC-XYZ: value of usage against steadiness of demand",
        (
            _matrix("Number of items", classes, [1.0] * len(classes), "units"),
            _matrix("Usage value per year", classes, usage, "money"),
            _matrix("Cash in stock on hand", classes, cash, "money"),
            *_targets(portfolio),
            listed,
        ),
        (
            "A, B, C by cumulative share of usage value; X, Y, Z by coefficient of variation of demand.",
            *notes,
        ),
    )


def _matrix(title: str, classes: Sequence[Cell], values: Sequence[Cell], shown: Format) -> Table:
    """Three by three with totals: what the items of each class sum up to."""

    def cell(abc: str, xyz: str) -> Cell:
        return total(
            [v for v, c in zip(values, classes, strict=True) if isinstance(c, str) and c == abc + xyz]
        )

    columns = {xyz: [cell(abc, xyz) for abc in _ABC] for xyz in _XYZ}
    sums = {xyz: [*column, total(column)] for xyz, column in columns.items()}
    across: list[Cell] = [total(row) for row in zip(*sums.values(), strict=True)]
    return Table(
        title,
        (
            Column("Class", [*_ABC, "Total"]),
            *(Column(xyz, sums[xyz], shown) for xyz in _XYZ),
            Column("Total", across, shown),
        ),
    )


def _targets(portfolio: Portfolio) -> list[Table]:
    """The service target of each class, where the book has a table of them."""
    by_class = portfolio.targets_by_class()
    if not by_class:
        return []
    columns = [Column(xyz, [by_class.get(abc + xyz) for abc in _ABC], "percent") for xyz in _XYZ]
    return [Table("Service target", (Column("Class", _ABC), *columns))]


def _segment_sheet(portfolio: Portfolio, classes: Sequence[Cell], cash: Sequence[Cell]) -> OutSheet:
    tables = [_segments("Cash by class", "Class", cash, classes)]
    for field, heading in (("type", "Type"), ("site", "Site"), ("supplier", "Supplier")):
        if portfolio.has(field):
            tables.append(_segments(f"Cash by {heading.lower()}", heading, cash, portfolio.texts(field)))
    return OutSheet("Out_CashBySegment", "Cash in stock on hand, by segment", tuple(tables))


def _segments(title: str, heading: str, cash: Sequence[Cell], segments: Sequence[Cell]) -> Table:
    """What SEGCASH says of the items whose value is known."""
    from xlinv import functions

    known = [
        (value, str(segment))
        for value, segment in zip(cash, segments, strict=True)
        if isinstance(value, float | int) and not isinstance(segment, CellError) and segment is not None
    ]
    if not total([value for value, _ in known]):
        raise InputError("on hand", "must be known for at least one item with a cost", None)
    rows = functions.SEGCASH.evaluate([value for value, _ in known], [name for _, name in known]).cells[1:]
    return Table(
        title,
        (
            Column(heading, [row[0] for row in rows]),
            Column("Cash", [row[2] for row in rows], "money"),
            Column("Items", [row[1] for row in rows], "units"),
            Column("Share", [row[3] for row in rows], "percent"),
        ),
        Chart("column_clustered", title, 2),
    )


def _margin_service(portfolio: Portfolio) -> tuple[OutSheet, dict[str, int]]:
    from xlinv import functions

    margins = _margins(portfolio)
    criticality, basis = _criticality(portfolio)
    cuts = (
        setting(portfolio.book, "set_CutMargin", 0.3),
        setting(portfolio.book, "set_CutCriticality", 0.5),
    )
    quadrants = answers(functions.margin_service, margins, criticality, *cuts)
    sold = [number for number, each in enumerate(quadrants) if isinstance(each, str)]
    cash = stock_value(portfolio)
    names = tuple(_QUADRANTS)
    counts = {name: sum(each == name for each in quadrants) for name in names}
    matrix = Table(
        "Quadrants",
        (
            Column("Quadrant", names),
            Column("Cash in stock", [_sum_where(cash, quadrants, name) for name in names], "money"),
            Column("Items", list(counts.values()), "units"),
            Column("What it means", list(_QUADRANTS.values())),
        ),
        Chart("column_clustered", "Cash in stock by quadrant", 2),
    )
    labels = label_columns(portfolio)
    listed = Table(
        "Items that are sold",
        (
            *(Column(label.heading, _picked(label.values, sold)) for label in labels),
            Column("Margin", _picked(margins, sold), "percent"),
            Column("Criticality", _picked(criticality, sold), "number"),
            Column("Quadrant", _picked(quadrants, sold)),
            Column("Cash in stock", _picked(cash, sold), "money"),
        ),
        Chart("xy_scatter", "Criticality (up) against margin (along)", 2, first=len(labels)),
    )
    left_out = portfolio.count - len(sold)
    notes = [f"High margin from {cuts[0]:.0%}, critical from {cuts[1]:g}. {basis}"]
    if left_out:
        notes.append(f"{left_out} items without price or margin are left out.")
    title = "Margin against criticality to service"
    return OutSheet("Out_MarginService", title, (matrix, listed), tuple(notes)), counts


def _picked(values: Sequence[Cell], rows: Sequence[int]) -> list[Cell]:
    return [values[row] for row in rows]


def _sum_where(values: Sequence[Cell], labels: Sequence[Cell], wanted: str) -> float:
    return total([value for value, label in zip(values, labels, strict=True) if label == wanted])


def _margins(portfolio: Portfolio) -> list[Cell]:
    """Gross margin as a share of the price; #N/A where an item is not sold."""
    if portfolio.has("margin"):
        return portfolio.numbers("margin", CellError.NA)
    prices, costs = portfolio.numbers("price", CellError.NA), portfolio.numbers("unit_cost")
    shares = [ratio(difference(price, cost), price) for price, cost in zip(prices, costs, strict=True)]
    return [CellError.NA if share is None else share for share in shares]


def _criticality(portfolio: Portfolio) -> tuple[list[Cell], str]:
    """How critical each item is, and where that comes from."""
    if portfolio.has("criticality"):
        return portfolio.numbers("criticality", CellError.NA), "Criticality is that of the table of items."
    targets = portfolio.service_targets()
    known = [value for value in targets if isinstance(value, float | int)]
    low, spread = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    scaled = [ratio(difference(value, low), spread) for value in targets]
    return (
        [1.0 if value is None else value for value in scaled],
        "Without a column Criticality the service targets stand for it: 0 the lowest, 1 the highest.",
    )


def _returns(portfolio: Portfolio) -> tuple[OutSheet, int]:
    from xlinv import functions

    prices, costs = portfolio.numbers("price", CellError.NA), portfolio.numbers("unit_cost")
    year = portfolio.clock.periods_per_year
    margins = [
        product(product(difference(price, cost), mean), year) if price else CellError.NA
        for price, cost, mean in zip(prices, costs, portfolio.demand_mean(), strict=True)
    ]
    cash = stock_value(portfolio)
    returns = answers(functions.gmroii, margins, cash)
    ranked = sorted(
        (number for number, value in enumerate(returns) if isinstance(value, float | int)),
        key=lambda number: -float(returns[number]),  # type: ignore[arg-type]
    )
    last = len(ranked) - max(1, round(len(ranked) * _LOWEST_SHARE)) if ranked else 0
    texts = {column.heading: column.values for column in label_columns(portfolio)}
    table = Table(
        "Items by GMROII, best first",
        (
            Column("Item", _picked(texts.pop("Item"), ranked)),
            Column("GMROII [ratio]", _picked(returns, ranked), "number"),
            *(Column(heading, _picked(values, ranked)) for heading, values in texts.items()),
            Column("Gross margin [per year]", _picked(margins, ranked), "money"),
            Column("Stock on hand [value]", _picked(cash, ranked), "money"),
            Column("Rank", list(range(1, len(ranked) + 1)), "units"),
            Column(
                "Action", ["Review: lowest tenth" if place >= last else None for place in range(len(ranked))]
            ),
        ),
        Chart("column_clustered", "Gross margin per year and unit of stock value", 2),
    )
    left_out = portfolio.count - len(ranked)
    notes = (f"{left_out} items without price, demand or stock are left out.",) if left_out else ()
    return OutSheet("Out_GMROII", "Gross margin return on inventory", (table,), notes), len(ranked)
