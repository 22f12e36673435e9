"""Diagnose: how long cash is tied up, how that compares with peers, and what could be released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from xlinv.actions.answering import answer, answers, difference, differences, product, products, total
from xlinv.actions.columns import BENCHMARKS, FINANCE
from xlinv.actions.finding import find_source
from xlinv.actions.policies import read_policies
from xlinv.actions.portfolio import numbers_of, read_portfolio
from xlinv.actions.report import Chart, Column, OutSheet, Report, Table
from xlinv.actions.running import Run
from xlinv.actions.segment import stock_value
from xlinv.actions.settings import as_of, carrying_rate, named_text, read_clock, setting
from xlinv.actions.source import Source, cell_place, named_source, table_sources
from xlinv.cells import Cell, InputError, serial

_EPOCH: Final = date(1899, 12, 30)
_PROTECTED: Final = "A"
_METRICS: Final = ("DIO", "DSO", "DPO")


@dataclass(frozen=True)
class Year:
    """Flows of the last year, and the balances from its start to its end."""

    revenue: float
    cogs: float
    purchases: float | None
    inventory: list[Cell]
    receivables: list[Cell]
    payables: list[Cell]
    end: float


@dataclass(frozen=True)
class Metric:
    """One of the three days, the flow behind it, and the peer group's quartiles of it."""

    name: str
    days: float
    flow: float
    best: Cell
    median: Cell
    weak: Cell

    @property
    def lower_is_better(self) -> bool:
        return self.name != "DPO"

    def gap(self, target: Cell) -> Cell:
        """Days by which it is worse than a target."""
        return difference(self.days, target) if self.lower_is_better else difference(target, self.days)


def cash(run: Run, finance: str | None = None) -> Report:
    """Cash conversion cycle, returns on stock, and the cash between the company and its peers."""
    source = (
        named_source(run.book, finance)
        if finance
        else find_source(run.book, FINANCE.fits, f"in {FINANCE.what}", (FINANCE.table,))
    )
    year = _last_year(run.book, source)
    peers = next((s for s in table_sources(run.book) if BENCHMARKS.fits(s)), None)
    days = setting(run.book, "set_DaysInYear", 365.0)
    basis = named_text(run.book, "set_InvBasis", "Average")
    denominator = named_text(run.book, "set_DPODenominator", "Purchases")
    metrics = _metrics(run.book, year, peers, days, basis, denominator)
    cycle, sheet = _cash_sheet(run.book, source, year, metrics, (basis, denominator))
    released, release = _release_sheet(run.book, metrics, days)
    message = f"Cash cycle {cycle:.1f} days: DIO {metrics[0].days:.1f}, DSO {metrics[1].days:.1f}, DPO "
    message += f"{metrics[2].days:.1f}. "
    message += f"Up to {released:,.0f} to release to the median." if peers else "The book has no benchmarks."
    return Report(
        message,
        (sheet, release),
        (source,) if peers is None else (source, peers),
        {"basis": basis, "denominator": denominator, "days": f"{days:g}"},
    )


def _last_year(book: Any, source: Source) -> Year:
    """The rows of the year that ends at the date of the stock, or at the last row."""
    clock = read_clock(book)
    dates = _dates(source)
    stated = as_of(book)
    end = float(stated) if isinstance(stated, float | int) and stated in dates else max(dates)
    start = _year_before(end)
    flows = [row for row, day in enumerate(dates) if start < day <= end]
    balances = [row for row, day in enumerate(dates) if start <= day <= end]

    def column(field: str, needed: bool = True) -> list[Cell]:
        return numbers_of(source, FINANCE, field, clock, None, needed)

    def flow(field: str) -> float:
        values = column(field)
        for row in flows:
            if not isinstance(values[row], float | int):
                position = FINANCE.position(source, field) or 0
                raise InputError(field, "must be known", values[row], cell_place(source, row, position))
        return total([values[row] for row in flows])

    has_purchases = FINANCE.position(source, "purchases") is not None
    inventory, receivables, payables = (
        [column(field)[row] for row in balances] for field in ("inventory", "receivables", "payables")
    )
    purchases = flow("purchases") if has_purchases else None
    return Year(flow("revenue"), flow("cogs"), purchases, inventory, receivables, payables, end)


def _dates(source: Source) -> list[float]:
    position = FINANCE.position(source, "period") or 0
    dates = []
    for number, row in enumerate(source.rows):
        value = row[position]
        if not isinstance(value, float | int) or isinstance(value, bool):
            place = cell_place(source, number, position)
            raise InputError(source.headings[position], "must be a date", value, place)
        dates.append(float(value))
    return dates


def _year_before(day: float) -> float:
    """The same day a year earlier; the end of February where there is no such day."""
    moment = _EPOCH + timedelta(days=int(day))
    if (moment + timedelta(days=1)).month != moment.month:
        next_day = moment + timedelta(days=1)
        return serial(next_day.replace(year=next_day.year - 1) - timedelta(days=1))
    return serial(moment.replace(year=moment.year - 1))


def _metrics(
    book: Any, year: Year, peers: Source | None, days: float, basis: str, denominator: str
) -> tuple[Metric, ...]:
    from xlinv import functions

    stock = year.inventory[-1:] if basis.casefold() == "ending" else year.inventory
    owed = year.cogs if denominator.casefold() == "cogs" or year.purchases is None else year.purchases
    figures = {
        "DIO": (functions.dio(stock, year.cogs, days), year.cogs),
        "DSO": (functions.dso(year.receivables, year.revenue, days), year.revenue),
        "DPO": (functions.dpo(year.payables, owed, days), owed),
    }
    return tuple(
        Metric(name, float(figures[name][0]), figures[name][1], *_peer(book, peers, name))
        for name in _METRICS
    )


def _peer(book: Any, peers: Source | None, name: str) -> tuple[Cell, Cell, Cell]:
    """Best quartile, median and weakest quartile of a metric; blank where the book has none."""
    if peers is None:
        return None, None, None
    clock = read_clock(book)
    names = [str(value).strip().casefold() for value in peers.column(*BENCHMARKS.fields["metric"].headings)]
    if name.casefold() not in names:
        return None, None, None
    row = names.index(name.casefold())
    best, median, weak = (
        numbers_of(peers, BENCHMARKS, field, clock, None, needed=False)[row]
        for field in ("best", "median", "weak")
    )
    return best, median, weak


def _cash_sheet(
    book: Any, source: Source, year: Year, metrics: Sequence[Metric], bases: tuple[str, str]
) -> tuple[float, OutSheet]:
    from xlinv import functions

    cycle = float(functions.cash_cycle(*(metric.days for metric in metrics)))
    against = Table(
        "Days against the peer group",
        (
            Column("Metric", [metric.name for metric in metrics]),
            Column("Actual [days]", [metric.days for metric in metrics], "days"),
            Column("Median [days]", [metric.median for metric in metrics], "days"),
            Column("Best quartile [days]", [metric.best for metric in metrics], "days"),
            Column("Weakest quartile [days]", [metric.weak for metric in metrics], "days"),
            Column("Quartile [1 best]", [_quartile(metric) for metric in metrics], "units"),
            Column(
                "Worse than median by [days]", [_gap(metric, metric.median) for metric in metrics], "days"
            ),
            Column("Worse than best by [days]", [_gap(metric, metric.best) for metric in metrics], "days"),
            Column("Flow [per year]", [metric.flow for metric in metrics], "money"),
        ),
        Chart("column_clustered", "Days: actual, median, best quartile", 4),
    )
    figures = _returns(book, year, cycle)
    returns = Table(
        "Cash cycle and returns",
        (
            Column("Figure", [name for name, _, _ in figures], width=34.0),
            Column("Value", [value for _, value, _ in figures], "number"),
            Column("Unit", [unit for _, _, unit in figures]),
        ),
    )
    notes = (
        f"Year to {_EPOCH + timedelta(days=int(year.end))}. DIO on {bases[0].lower()} stock, DPO against "
        f"{bases[1]}; receivables and payables are averages of the balances.",
        "The quartiles of the three metrics come from different companies: they do not add up.",
    )
    return cycle, OutSheet("Out_Cash", "Cash conversion cycle", (against, returns), notes)


def _returns(book: Any, year: Year, cycle: float) -> list[tuple[str, Cell, str]]:
    from xlinv import functions

    stock = total(year.inventory) / len(year.inventory)
    margin = year.revenue - year.cogs
    found: list[tuple[str, Cell, str]] = [
        ("Cash conversion cycle", cycle, "days"),
        ("Turns", answer(functions.TURNS, year.cogs, stock), "per year"),
        ("GMROII", answer(functions.GMROII, margin, stock), "ratio"),
        ("Gross margin", margin, "per year"),
        ("Average stock", stock, "at cost"),
    ]
    try:
        rate = carrying_rate(book)
    except InputError:
        return found
    carried = answer(functions.CARRYCOST, stock, rate)
    net = answer(functions.NETMARGIN, margin, stock, rate)
    return [
        *found,
        ("Cost of carrying the stock", carried, "per year"),
        ("Margin less carrying", net, "per year"),
    ]


def _quartile(metric: Metric) -> Cell:
    from xlinv import functions

    if metric.best is None or metric.median is None or metric.weak is None:
        return None
    return answer(
        functions.BENCHQUARTILE, metric.days, metric.best, metric.median, metric.weak, metric.lower_is_better
    )


def _gap(metric: Metric, target: Cell) -> Cell:
    return None if target is None else metric.gap(target)


def _release_sheet(book: Any, metrics: Sequence[Metric], days: float) -> tuple[float, OutSheet]:
    medians = [_release(metric, metric.median, days) for metric in metrics]
    bests = [_release(metric, metric.best, days) for metric in metrics]
    try:
        rate: float | None = carrying_rate(book)
    except InputError:
        rate = None
    saved = [
        product(release, rate) if metric.name == "DIO" and rate is not None and release is not None else None
        for metric, release in zip(metrics, bests, strict=True)
    ]
    table = Table(
        "Cash to release, by component",
        (
            Column(
                "Component", ["Inventory (DIO)", "Receivables (DSO)", "Payables (DPO)", "Total"], width=22.0
            ),
            Column("To median [money]", [*medians, total(medians)], "money"),
            Column("To best quartile [money]", [*bests, total(bests)], "money"),
            Column("Carrying cost saved at best [per year]", [*saved, None], "money"),
        ),
        Chart("column_clustered", "Cash to release", 3),
    )
    notes = (
        "Release: days worse than the target, times the flow of a day, never below 0. It is cash once, not "
        "profit every year.",
        "Entitlement: safety stock and half a lot of each item. Class A is protected: nothing is asked for.",
        "Each component is set against its own quartile; the total is no target for the whole cash cycle.",
    )
    tables = (table, *_segments(book))
    return total(medians), OutSheet("Out_Release", "Cash to release", tables, notes)


def _segments(book: Any) -> tuple[Table, ...]:
    """Cash and entitlement by ABC-XYZ class, where the book has items that can be planned."""
    from xlinv import functions

    try:
        portfolio = read_portfolio(book)
        policies = read_policies(portfolio)
        classes = portfolio.classes()
        held = stock_value(portfolio)
    except InputError:
        return ()
    cycle = [0.0 if lot is None else product(lot, 0.5) for lot in policies.lot]
    units = answers(functions.ENTITLEMENT, policies.safety_stock(), cycle, 0.0)
    entitled = products(units, portfolio.numbers("unit_cost"))
    surplus = [max(0.0, excess) for excess in _numbers(differences(held, entitled))]
    names = sorted({str(each) for each in classes if isinstance(each, str)})
    rows = [[row for row, each in enumerate(classes) if each == name] for name in names]
    protected = [name.startswith(_PROTECTED) for name in names]
    cash = [total([held[row] for row in each]) for each in rows]
    release = [
        0.0 if safe else total([surplus[row] for row in each])
        for each, safe in zip(rows, protected, strict=True)
    ]
    return (
        Table(
            "Stock above entitlement, by class",
            (
                Column("Class", names),
                Column("Cash now", cash, "money"),
                Column("Entitlement", [total([entitled[row] for row in each]) for each in rows], "money"),
                Column("Target", [a - b for a, b in zip(cash, release, strict=True)], "money"),
                Column("Release", release, "money"),
                Column("Protected", ["Yes" if safe else "No" for safe in protected]),
                Column("Above entitlement", [total([surplus[r] for r in each]) for each in rows], "money"),
            ),
        ),
    )


def _numbers(values: Sequence[Cell]) -> list[float]:
    return [float(value) if isinstance(value, float | int) else 0.0 for value in values]


def _release(metric: Metric, target: Cell, days: float) -> Cell:
    from xlinv import functions

    if target is None:
        return None
    pair = (metric.days, target) if metric.lower_is_better else (target, metric.days)
    return answer(functions.CASHRELEASE, *pair, metric.flow, days)
