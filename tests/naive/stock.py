"""Slow, obvious twins of what is said of a stock: its cover, its components and the service it gave."""

from collections.abc import Sequence
from fractions import Fraction


def periods_of_supply(stock: int, demand: Sequence[int]) -> Fraction | None:
    """Take the stock unit by unit, each 1/d of its period; None where units are left."""
    elapsed = Fraction(0)
    for needed in demand:
        if not stock:
            return elapsed
        for _ in range(needed):
            if not stock:
                return elapsed
            stock -= 1
            elapsed += Fraction(1, needed)
        elapsed += not needed
    return None if stock else elapsed


def components(
    on_hand: Fraction,
    safety: Fraction,
    cycle: Fraction,
    pipeline: Fraction,
    prebuild: Fraction,
    demand: float | None,
) -> list[Fraction]:
    held = []
    rest = on_hand
    for needed in (safety, cycle, prebuild):
        held.append(min(needed, rest))
        rest -= held[-1]
    unusable = Fraction(0) if demand is None else max(Fraction(0), on_hand - Fraction(demand))
    obsolete = min(rest, unusable)
    return [held[0], held[1], pipeline, held[2], rest - obsolete, obsolete]


def fill_rate(lines: Sequence[tuple[int, int, str]], level: str) -> float:
    if level == "unit":
        return sum(min(shipped, ordered) for shipped, ordered, _ in lines) / sum(line[1] for line in lines)
    if level == "line":
        return sum(shipped >= ordered for shipped, ordered, _ in lines) / len(lines)
    orders = {order for _, _, order in lines}
    complete = [all(s >= o for s, o, order in lines if order == wanted) for wanted in orders]
    return sum(complete) / len(complete)
