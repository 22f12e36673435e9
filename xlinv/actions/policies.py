"""The terms of supply and service of every item, and what the functions of the catalogue make of them."""

import calendar
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from xlinv.actions.answering import answers, product, ratio, sums
from xlinv.actions.portfolio import Portfolio
from xlinv.actions.settings import as_of, service_type
from xlinv.cells import Cell, CellError, serial

HORIZON: Final = 6
_EPOCH: Final = date(1899, 12, 30)
_MONTH: Final = (28.0, 31.0)


@dataclass(frozen=True)
class Policies:
    """One row per item, or per item and period: service promised, demand, times, lot, distribution."""

    service: list[Cell]
    mean: list[Cell]
    sd: list[Cell]
    lead_time: list[Cell]
    lead_time_sd: list[Cell]
    review: list[Cell]
    lot: list[Cell]
    distribution: list[Cell]
    kind: str

    @property
    def rows(self) -> int:
        return len(self.mean)

    def picked(self, rows: Sequence[int]) -> "Policies":
        """The same for some of the rows, in that order, repeated where asked for twice."""
        columns: dict[str, Any] = {name: [getattr(self, name)[row] for row in rows] for name in _COLUMNS}
        return replace(self, **columns)

    def safety_stock(self) -> list[Cell]:
        """Safety stock in units; none where nothing is demanded."""
        from xlinv import functions

        return self._where_demand(
            answers(
                functions.safety_stock, self.service, self.sd, self.lead_time, self.lead_time_sd, self.mean,
                self.review, self.kind, self.lot, self.distribution,
            )
        )  # fmt: skip

    def reorder_point(self) -> list[Cell]:
        """Reorder point in units; none where nothing is demanded."""
        from xlinv import functions

        return self._where_demand(
            answers(
                functions.reorder_point, self.service, self.mean, self.sd, self.lead_time, self.lead_time_sd,
                self.review, self.kind, self.lot, self.distribution,
            )
        )  # fmt: skip

    def expected_fill(self, reorder_point: Sequence[Cell]) -> list[Cell]:
        """Fill rate that a reorder point gives; blank where nothing is demanded or no lot is known."""
        from xlinv import functions

        filled = answers(
            functions.expected_fill, list(reorder_point), self.lot, self.mean, self.sd, self.interval(),
            self.lead_time_sd, self.distribution,
        )  # fmt: skip
        return [
            value if mean and lot is not None else None
            for value, mean, lot in zip(filled, self.mean, self.lot, strict=True)
        ]

    def interval(self) -> list[Cell]:
        """Lead time and review period together."""
        return sums(self.lead_time, self.review)

    def protected_sd(self) -> list[Cell]:
        """Standard deviation of demand over the time that the stock has to protect."""
        from xlinv import functions

        return answers(
            functions.lead_time_sd, self.sd, self.lead_time, self.lead_time_sd, self.mean, self.review
        )

    def _where_demand(self, values: Sequence[Cell]) -> list[Cell]:
        return [0.0 if mean == 0 else value for value, mean in zip(values, self.mean, strict=True)]


_COLUMNS: Final = (
    "service", "mean", "sd", "lead_time", "lead_time_sd", "review", "lot", "distribution",
)  # fmt: skip


def read_policies(portfolio: Portfolio) -> Policies:
    """The terms of every item, from its own columns and the settings of the book."""
    return Policies(
        service=portfolio.service_targets(),
        mean=portfolio.demand_mean(),
        sd=portfolio.demand_sd(),
        lead_time=portfolio.numbers("lead_time"),
        lead_time_sd=portfolio.numbers("lead_time_sd", 0.0),
        review=portfolio.review_periods(),
        lot=lots(portfolio),
        distribution=[value or "normal" for value in portfolio.texts("distribution")],
        kind=service_type(portfolio.book),
    )


def lots(portfolio: Portfolio) -> list[Cell]:
    """Economic order quantity within minimum and multiple; blank where no order cost is known."""
    from xlinv import functions

    if not portfolio.has("order_cost"):
        return [None] * portfolio.count
    found = answers(
        functions.eoq, portfolio.demand_mean(), portfolio.numbers("order_cost"), portfolio.holding_costs(),
        portfolio.numbers("moq", 0.0), portfolio.numbers("multiple", 0.0),
    )  # fmt: skip
    return [None if lot == 0 else lot for lot in found]


def outlook(portfolio: Portfolio, policies: Policies, horizon: int) -> tuple[list[int], Policies]:
    """The terms of every item in each period to come: the item of each row, and its terms.

    Demand is the forecast over the time that the stock of the period protects; its error stays the same share
    of it. One period where the book has no history to forecast from.
    """
    if not portfolio.demand or portfolio.has("demand_mean"):
        return list(range(portfolio.count)), policies
    rows = [item for item in range(portfolio.count) for _ in range(horizon)]
    spread = policies.picked(rows)
    means = [
        mean
        for item in range(portfolio.count)
        for mean in _means_to_come(portfolio.demand[item], policies.interval()[item], horizon)
    ]
    scaled = [
        product(sd, ratio(new, old)) if old else sd
        for sd, new, old in zip(spread.sd, means, spread.mean, strict=True)
    ]
    return rows, replace(spread, mean=means, sd=scaled)


def _means_to_come(history: Sequence[Cell], interval: Cell, horizon: int) -> list[Cell]:
    """Mean forecast over the protected time from each period on."""
    from xlinv import functions

    if not isinstance(interval, float | int):
        return [interval] * horizon
    protects = max(1, math.ceil(interval))
    found = functions.FORECASTSERIES.evaluate(list(history), horizon + protects - 1).cells
    forecast = [row[0] for row in found]
    if isinstance(forecast[0], CellError):
        return [forecast[0]] * horizon
    numbers = [float(value) for value in forecast if isinstance(value, float | int)]
    return [sum(numbers[start : start + protects]) / protects for start in range(horizon)]


def dates_to_come(portfolio: Portfolio, horizon: int) -> list[Cell]:
    """The ends of the periods to come, as dates, the first one after the date of the stock."""
    start = as_of(portfolio.book)
    today = _EPOCH + timedelta(days=int(start)) if isinstance(start, float | int) else date.today()
    days = portfolio.clock.days_per_period
    if _MONTH[0] <= days <= _MONTH[1]:
        return [serial(_month_end(today, number)) for number in range(1, horizon + 1)]
    return [serial(today) + round(days * number) for number in range(1, horizon + 1)]


def _month_end(start: date, months: int) -> date:
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def drivers(portfolio: Portfolio, policies: Policies) -> list[Cell]:
    """What the safety stock of each row is owed to most."""
    from xlinv import functions

    names = ("Demand variability", "Lead time variability", "Review period", "Forecast bias")
    parts = functions.SSDRIVERS.evaluate(
        policies.service, policies.mean, policies.sd, policies.lead_time, policies.lead_time_sd,
        policies.review, biases(portfolio, policies),
    ).cells  # fmt: skip
    return [_largest(row, names) for row in parts]


def _largest(row: Sequence[Cell], names: Sequence[str]) -> str | None:
    values = [abs(value) for value in row if isinstance(value, float | int)]
    return names[values.index(max(values))] if len(values) == len(names) and any(values) else None


def biases(portfolio: Portfolio, policies: Policies) -> list[Cell]:
    """Mean error of the forecast in units per period; none where there is no forecast."""
    from xlinv import functions

    if policies.rows != portfolio.count or portfolio.sd_basis != "forecast error":
        return [0.0] * policies.rows
    shares: list[Cell] = [
        functions.FORECASTBIAS.evaluate(list(actual), list(forecast)).cells[0][0]
        for actual, forecast in zip(portfolio.overlap(), portfolio.forecasts, strict=True)
    ]
    return [
        0.0 if isinstance(share, CellError) else product(share, mean)
        for share, mean in zip(shares, policies.mean, strict=True)
    ]


def cash_effects(old: Sequence[Cell], new: Sequence[Cell], cost: Sequence[Cell]) -> list[Cell]:
    """Cash freed by a change of stock, negative where it ties up more."""
    from xlinv import functions

    return answers(functions.cash_effect, list(old), list(new), list(cost))


def repeated(values: Sequence[Any], rows: Sequence[int]) -> list[Any]:
    """The values of the items that rows belong to."""
    return [values[row] for row in rows]
