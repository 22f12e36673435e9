"""Multi-echelon safety stock in a cell: where a network should hold how much, and what that saves."""

from typing import Annotated, Any, Final, TypeAlias

from xlinv.catalogue import Argument, Example, Grid, Option, Refusal, Result, Row, Table, function
from xlinv.cells import Block, CellError

FAMILY: Final = "Network"
SOURCE: Final = "Graves & Willems (2000), M&SOM 2(1); general networks: Kolmogorov (2006), IEEE PAMI 28(10)"
_SECONDS: Final = 30.0

Stages: TypeAlias = Annotated[
    Grid,
    Argument(
        "",
        "Stages, one per row, under a header row: stage, lead time, added cost (or holding cost); where "
        "there is demand also demand mean, demand sd, promised service time and service level or z. Further "
        "columns: lead time sd, review period, batch size, min stock, max stock, frozen service time and "
        "capacity.",
    ),
]
Arcs: TypeAlias = Annotated[
    Grid,
    Argument(
        "", "Who supplies whom, one arc per row, under a header row: from, to and, if not 1, quantity per."
    ),
]
Method: TypeAlias = Annotated[
    Option,
    Argument(
        "",
        "guaranteed: service times kept while demand stays within its bound; stochastic: orders may be late.",
        default="guaranteed",
        options=("guaranteed", "stochastic"),
    ),
]

_STOCK_COLUMNS: Final = {
    "inbound service time": "inbound_service_time",
    "outbound service time": "outbound_service_time",
    "net replenishment time": "net_replenishment_time",
    "safety stock": "safety_stock",
    "base stock": "base_stock",
    "value": "value",
}


def _rows(grid: Block) -> list[dict[str, Any]]:
    """The rows below the header, keyed by heading; an error in any cell is the answer."""
    for row in grid:
        for item in row:
            if isinstance(item, CellError):
                raise Refusal(item, "the input holds this error")
    headings = [str(item).strip() if item is not None else "" for item in grid[0]]
    repeated = [heading for heading in headings if heading and headings.count(heading) > 1]
    if repeated:
        raise Refusal(CellError.VALUE, f"the heading {repeated[0]!r} stands over more than one column")
    return [dict(zip(headings, row, strict=True)) for row in grid[1:]]


def _plan(stages: Block, arcs: Block, method: str) -> Any:
    from xlinv.network import InfeasibleError, Network, NetworkError, optimise

    try:
        network = Network.from_tables(_rows(stages), _rows(arcs))
        counted = {"variable_lead_times": network.lead_times_vary} if method == "guaranteed" else {}
        return optimise(network, method, time_limit=_SECONDS, **counted)
    except NetworkError as error:
        first = error.problems[0].value
        shown = (
            CellError.NA if first is None else CellError.VALUE if isinstance(first, str) else CellError.NUM
        )
        raise Refusal(shown, str(error)) from None
    except InfeasibleError as error:
        raise Refusal(CellError.NUM, str(error)) from None


_EXAMPLE: Final = (
    '{"stage","lead time","added cost","demand mean","demand sd","z","promised time";'
    '"Parts",9,10,"","","","";"Shop",16,5,100,30,2,0},{"from","to";"Parts","Shop"}'
)
_PROMISE_MISSING: Final = (
    '{"stage","lead time","added cost","demand mean","demand sd","z";"Shop",16,5,100,30,2},{"from","to"}'
)
_FORMULA: Final = (
    "least sum of h·k·σ·√(SI + T − S) over service times with S ≤ SI of every customer and S ≤ the promise"
)


@function(
    "NETWORKSTOCK",
    family=FAMILY,
    formula=_FORMULA,
    source=SOURCE,
    serves=("R112", "R116", "R117"),
    examples=[
        Example(
            f"=NETWORKSTOCK({_EXAMPLE})",
            [
                ["stage", *_STOCK_COLUMNS],
                ["Parts", 0.0, 9.0, 0.0, 0.0, 0.0, 0.0],
                ["Shop", 9.0, 0.0, 25.0, 300.0, 2800.0, 4500.0],
            ],
            "one stock at the shop for 25 periods costs 15 × 300, two would cost 10 × 180 + 15 × 240",
        ),
        Example(
            f"=NETWORKSTOCK({_PROMISE_MISSING})", CellError.NA, "no service time is promised to the demand"
        ),
    ],
)
def network_stock(
    stages: Stages, arcs: Arcs, method: Method
) -> Annotated[
    Table, Result("text, periods, periods, periods, units, units, money", parts=("stage", *_STOCK_COLUMNS))
]:
    """Service times, safety stock and base stock of every stage in the cheapest plan of a network."""
    plan = _plan(stages, arcs, method)
    names = [stage.name for stage in plan.network.stages]
    columns = [plan.columns[column].tolist() for column in _STOCK_COLUMNS.values()]
    return [["stage", *_STOCK_COLUMNS], *map(list, zip(names, *columns, strict=True))]


@function(
    "NETWORKCOST",
    family=FAMILY,
    formula=_FORMULA + "; gap = (cost − lower bound) / cost; saving = single-stage cost − cost",
    source=SOURCE,
    serves=("R113", "R114"),
    examples=[
        Example(
            f"=NETWORKCOST({_EXAMPLE})",
            [[4500.0, 4500.0, 0.0, 5400.0, 900.0]],
            "proved optimal; every stage for itself would cost 10 × 180 + 15 × 240",
        ),
        Example(
            f"=NETWORKCOST({_PROMISE_MISSING})", CellError.NA, "no service time is promised to the demand"
        ),
    ],
)
def network_cost(
    stages: Stages, arcs: Arcs, method: Method
) -> Annotated[
    Row,
    Result(
        "money/period, money/period, fraction, money/period, money/period",
        parts=("cost", "lower bound", "gap", "single-stage cost", "saving"),
    ),
]:
    """Cost of the cheapest plan of a network, how far below it any plan could be, and what it saves."""
    plan = _plan(stages, arcs, method)
    return plan.cost, plan.lower_bound, plan.gap, plan.baseline_cost, plan.saving
