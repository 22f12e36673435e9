"""What a plan under guaranteed service leaves out or only approximates, in sentences that go with it."""

from xlinv.network.model import Network, NetworkArrays
from xlinv.network.stock import StockRules


def notes_on(
    network: Network, rules: StockRules, counted: bool, tick: float, on_grid: bool
) -> tuple[str, ...]:
    """The sentences that apply; `counted` says whether variable lead times are, `on_grid` whether service
    times between the ticks might be better."""
    data = network.arrays
    sentences = {
        "The deviation of lead times was not counted: variable_lead_times is off.": (
            bool((data.lead_time_sd > 0.0).any()) and not counted
        ),
        "Variable lead times are approximated: stock covers mean and variance of the net replenishment "
        "time as if demand over it were normal, and early arrivals are held.": bool(rules.variable.any()),
        f"Service times are multiples of {tick:g}; the lower bound, and with it the proof of optimality, "
        "holds among those only.": on_grid,
        "Orders reach some stages in lumps, of customers that review less often than they or order whole "
        "batches. The bound on demand does not count that, so that they may deliver late: verify the plan.": (
            _sees_lumps(data)
        ),
    }
    return tuple(sentence for sentence, applies in sentences.items() if applies)


def _sees_lumps(data: NetworkArrays) -> bool:
    """Whether orders of a customer gather more demand than its supplier counts on.

    A supplier that reviews as seldom as its customers covers their period with its own.
    """
    seldom = data.review_period[data.arc_destination] > data.review_period[data.arc_source]
    return bool((seldom | (data.batch_size[data.arc_destination] > 0.0)).any())
