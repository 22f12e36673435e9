"""The items of a book with their demand: the columns that planning needs, checked and put in periods."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from xlinv.actions.answering import answer, answers, deviation, mean, product, products
from xlinv.actions.columns import FORECAST, HISTORY, ITEMS, TARGETS, TableKind, period_columns
from xlinv.actions.finding import find_source
from xlinv.actions.plain_ranges import plain_sources
from xlinv.actions.settings import Clock, carrying_rate, named_number, read_clock, setting
from xlinv.actions.source import Source, cell_place, named_source, plain_heading, table_sources
from xlinv.cells import Block, Cell, CellError, InputError

_RECENT: Final = 12


@dataclass(frozen=True)
class Portfolio:
    """The table of items, and beside each item its history and its forecast, where the book has them."""

    items: Source
    history: Source | None
    forecast: Source | None
    targets: Source | None
    clock: Clock
    demand: Block
    forecasts: Block
    book: Any
    recent: int = _RECENT

    @property
    def count(self) -> int:
        return len(self.items.rows)

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(s for s in (self.items, self.history, self.forecast, self.targets) if s is not None)

    def has(self, field: str) -> bool:
        return ITEMS.position(self.items, field) is not None

    def texts(self, field: str) -> list[Cell]:
        """A column of text, blank where the table has no such column."""
        position = ITEMS.position(self.items, field)
        return [None if position is None else row[position] for row in self.items.rows]

    def numbers(self, field: str, default: Cell = None, needed: bool = True) -> list[Cell]:
        """A column of numbers, times in periods, with the default where the cell or the column is blank.

        Raises InputError for text in it, and where a column without default is missing.
        """
        return numbers_of(self.items, ITEMS, field, self.clock, default, needed and default is None)

    @property
    def keys(self) -> list[Cell]:
        return self.texts("item")

    def recent_demand(self) -> Block:
        """The demand of the last twelve periods, or of as many as there are."""
        return [row[-self.recent :] for row in self.demand]

    def demand_mean(self) -> list[Cell]:
        """Mean demand per period: of the table of items, else of the last twelve periods."""
        if self.has("demand_mean"):
            return self.numbers("demand_mean")
        return [mean(row) for row in self._known_demand()]

    def demand_sd(self) -> list[Cell]:
        """Deviation to plan for: of the table of items, else forecast error, else that of demand itself."""
        from xlinv import functions

        if self.has("demand_sd"):
            return self.numbers("demand_sd")
        if self.forecasts:
            return [
                answer(functions.forecast_sigma, [actual], [forecast])
                for actual, forecast in zip(self.overlap(), self.forecasts, strict=True)
            ]
        return [deviation(row) for row in self._known_demand()]

    @property
    def sd_basis(self) -> str:
        """What the deviation was measured from."""
        if self.has("demand_sd"):
            return "given"
        return "forecast error" if self.forecasts else "history"

    def overlap(self) -> Block:
        """The demand of the periods that the forecast speaks of."""
        assert self.history is not None
        assert self.forecast is not None
        wanted = [self.forecast.headings[column] for column in period_columns(self.forecast)]
        known = [self.history.headings[column] for column in period_columns(self.history)]
        places = [known.index(label) for label in wanted if label in known]
        return [[row[place] for place in places] for row in self.demand]

    def _known_demand(self) -> Block:
        if self.history is None:
            raise InputError(
                "selection", f"must be beside {HISTORY.what}, or name columns of demand", self.items.name
            )
        return self.recent_demand()

    def classes(self) -> list[Cell]:
        """ABC-XYZ class by usage value and by variability of demand, with the cuts of the book's settings."""
        from xlinv import functions

        costs, means = self.numbers("unit_cost"), self.demand_mean()
        if self.history is None:
            raise InputError("selection", f"must be beside {HISTORY.what}", self.items.name)
        cuts = [setting(self.book, name, d) for name, d in (("set_CutA", 0.8), ("set_CutB", 0.95))]
        cuts += [setting(self.book, name, d) for name, d in (("set_CutX", 0.5), ("set_CutY", 1.0))]
        return answers(functions.abc_xyz, products(costs, means), self.demand, *cuts)

    def targets_by_class(self) -> dict[str, Cell]:
        """The service target of each class, where the book has a table of them."""
        if self.targets is None:
            return {}
        names = self.targets.column(*TARGETS.fields["class"].headings)
        values = numbers_of(self.targets, TARGETS, "target", self.clock)
        return dict(zip(map(str, names), values, strict=True))

    def service_targets(self) -> list[Cell]:
        """Service target per item: its own, else that of its class, else the book's.

        Raises InputError where the book says none of them.
        """
        if self.has("service"):
            return self.numbers("service")
        by_class = self.targets_by_class()
        if by_class:
            return [by_class.get(str(each), CellError.NA) for each in self.classes()]
        overall = named_number(self.book, "set_Service", named_number(self.book, "in_ServiceTarget"))
        if overall is None:
            raise InputError(
                "service target",
                f"needs a column 'Service target', {TARGETS.what} or a named cell set_Service",
                None,
                self.items.place,
            )
        return [overall] * self.count

    def review_periods(self) -> list[Cell]:
        """Time between reviews in periods: of each item, else the book's, else none."""
        if self.has("review_period"):
            return self.numbers("review_period")
        days = named_number(self.book, "set_ReviewDays", 0.0) or 0.0
        return [days / self.clock.days_per_period] * self.count

    def holding_costs(self) -> list[Cell]:
        """Cost of carrying one unit for one period."""
        rate = carrying_rate(self.book) / self.clock.periods_per_year
        return [product(cost, rate) for cost in self.numbers("unit_cost")]


def read_portfolio(book: Any, items: str | None = None) -> Portfolio:
    """The items of a book: of the named table, the selected one, or the one with such columns.

    Raises InputError that says what to select, and for items that stand twice.
    """
    source = named_source(book, items) if items else find_source(book, ITEMS.fits, _in(ITEMS), (ITEMS.table,))
    if not ITEMS.fits(source):
        missing = next(field for field in ITEMS.telling if ITEMS.position(source, field) is None)
        headings = " or ".join(f"'{heading}'" for heading in ITEMS.fields[missing].headings[:3])
        raise InputError("table", f"needs a column {headings}", source.name, source.place)
    tables = list(table_sources(book))
    if all(table.name != source.name for table in tables):
        tables += plain_sources(book.sheets, _is_beside_items, ITEMS.fits)
    history = _by_period(tables, HISTORY, source)
    forecast = _by_period(tables, FORECAST, source)
    targets = _only(tables, TARGETS)
    found = Portfolio(source, history, None, targets, read_clock(book), [], [], book)
    keys = _keys(source, by_site=False)
    twice = next((key for number, key in enumerate(keys) if key in keys[:number]), None)
    by_site = twice is not None and ITEMS.position(source, "site") is not None
    keys = _keys(source, by_site)
    _refuse_twice(source, keys)
    if history is None:
        return found
    found = replace(found, demand=_beside(keys, history, by_site))
    if forecast is None or not _overlaps(history, forecast):
        return found
    return replace(found, forecast=forecast, forecasts=_beside(keys, forecast, by_site, history))


def _is_beside_items(source: Source) -> bool:
    return HISTORY.fits(source) or TARGETS.fits(source)


def numbers_of(
    source: Source,
    kind: TableKind,
    field: str,
    clock: Clock,
    default: Cell = None,
    needed: bool = True,
) -> list[Cell]:
    """A column of numbers of any kind of table; see Portfolio.numbers."""
    position = kind.position(source, field)
    if position is None:
        if needed:
            source.column(*kind.fields[field].headings[:3])
        return [default] * len(source.rows)
    heading = source.headings[position]
    in_time = field in ("lead_time", "lead_time_sd", "review_period")
    factor = clock.periods(heading, source.place) if in_time else 1.0
    column: list[Cell] = []
    for number, row in enumerate(source.rows):
        value = row[position]
        if value is None or value == "":
            column.append(default)
        elif isinstance(value, bool | str):
            hint = " (a number stored as text: Validate lists them all)" if _is_number(value) else ""
            raise InputError(
                plain_heading(heading), f"must be a number{hint}", value, cell_place(source, number, position)
            )
        else:
            column.append(value if isinstance(value, CellError) or factor == 1.0 else value * factor)
    return column


def _is_number(value: Cell) -> bool:
    try:
        float(str(value).replace(",", "").strip())
    except ValueError:
        return False
    return not isinstance(value, bool)


def _in(kind: TableKind) -> str:
    return f"in {kind.what}"


def _only(tables: Sequence[Source], kind: TableKind) -> Source | None:
    named = [source for source in tables if source.name.casefold() == kind.table.casefold()]
    found = [source for source in (named or tables) if kind.fits(source)]
    return found[0] if len(found) == 1 else None


def _by_period(tables: Sequence[Source], kind: TableKind, items: Source) -> Source | None:
    """The table of one column per period: of the usual name, or the only one whose name suits."""
    forecast = kind.table == FORECAST.table
    return _only(
        [
            source
            for source in tables
            if source.name != items.name and ("forecast" in source.name.casefold()) == forecast
        ],
        kind,
    )


def _overlaps(history: Source, forecast: Source) -> bool:
    known = {history.headings[column] for column in period_columns(history)}
    return sum(forecast.headings[column] in known for column in period_columns(forecast)) > 1


def _keys(source: Source, by_site: bool) -> list[tuple[str, ...]]:
    columns = ("item", "site") if by_site else ("item",)
    positions = [ITEMS.position(source, field) for field in columns]
    return [
        tuple("" if p is None else str(row[p]).strip().casefold() for p in positions) for row in source.rows
    ]


def _refuse_twice(source: Source, keys: Sequence[tuple[str, ...]]) -> None:
    seen: set[tuple[str, ...]] = set()
    position = ITEMS.position(source, "item") or 0
    for number, key in enumerate(keys):
        if key in seen:
            value = source.rows[number][position]
            raise InputError("Item", "must stand once", value, cell_place(source, number, position))
        seen.add(key)


def _beside(
    keys: Sequence[tuple[str, ...]], source: Source, by_site: bool, known: Source | None = None
) -> Block:
    """The rows of a table by period in the order of the items; blank for an item that it lacks.

    Only the periods that `known` has as well, where given. Raises InputError for text among the numbers.
    """
    columns = period_columns(source)
    if known is not None:
        shared = {known.headings[column] for column in period_columns(known)}
        columns = [column for column in columns if source.headings[column] in shared]
    own = _keys(source, by_site and ITEMS.position(source, "site") is not None)
    _refuse_twice(source, own)
    rows: dict[tuple[str, ...], list[Cell]] = {}
    for number, (key, row) in enumerate(zip(own, source.rows, strict=True)):
        for column in columns:
            if isinstance(row[column], str) and row[column] != "":
                raise InputError(
                    source.headings[column],
                    "must be a number",
                    row[column],
                    cell_place(source, number, column),
                )
        rows[key] = [None if row[column] == "" else row[column] for column in columns]
    blank: list[Cell] = [None] * len(columns)
    return [rows.get(key, rows.get(key[:1], blank)) for key in keys]
