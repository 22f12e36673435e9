"""Slow, obvious twins of projection, requirements, promises and allocation."""

import itertools
from fractions import Fraction


def projected_stock(opening: int, receipts: list[int], demand: list[int]) -> list[int]:
    return [opening + sum(receipts[: t + 1]) - sum(demand[: t + 1]) for t in range(len(demand))]


def planned_distribution(
    gross: list[int], on_hand: int, scheduled: list[int], safety_stock: int, lead_time: int, lot: int
) -> list[tuple[int, int, int, int]]:
    """Planned receipt, projected stock, planned shipment and overdue quantity of each period."""
    receipts: list[int] = []
    stocks: list[int] = []
    for t in range(len(gross)):
        before = (stocks[-1] if stocks else on_hand) + scheduled[t] - gross[t]
        receipts.append(next(q for q in itertools.count(0, lot) if before + q >= safety_stock))
        stocks.append(before + receipts[-1])
    ahead = [*receipts[lead_time:], *[0] * lead_time][: len(gross)]
    overdue = [quantity if t < lead_time else 0 for t, quantity in enumerate(receipts)]
    return list(zip(receipts, stocks, ahead, overdue, strict=True))


def most_that_can_be_promised(on_hand: int, receipts: list[int], orders: list[int], period: int) -> int:
    """The greatest further order for `period` after which no period from then on ends short, by trying.

    Below 0 it is how much too much is already promised.
    """
    quantity = -sum(orders) - abs(on_hand) - 1
    while True:
        tried = list(orders)
        tried[period] += quantity + 1
        if min(projected_stock(on_hand, receipts, tried)[period:]) < 0:
            return quantity
        quantity += 1


def by_priority(supply: int, demands: list[int], priorities: list[int]) -> list[Fraction]:
    """One unit of each priority's demand after the other, shared within it in proportion."""
    shares = [Fraction(0)] * len(demands)
    rest = Fraction(supply)
    for priority in sorted(set(priorities)):
        rank = [i for i, p in enumerate(priorities) if p == priority]
        wanted = sum(demands[i] for i in rank)
        served = min(rest, Fraction(wanted))
        for i in rank:
            shares[i] = served * demands[i] / wanted if wanted else Fraction(0)
        rest -= served
    return shares
