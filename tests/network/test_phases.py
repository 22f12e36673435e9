from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xlinv.cells import InputError
from xlinv.network import Network, NetworkError, optimise, optimise_phases

STAGES = [
    {"stage": "Parts", "lead_time": 20, "added_cost": 10, "item": "P-1", "site": "Plant", "current_stock": 5},
    {"stage": "Shop", "lead_time": 10, "added_cost": 50, "demand_mean": 100, "demand_sd": 30}
    | {"z": 2, "promised time": 0, "current_stock": 189.7366596101028},
]
ARCS = [{"from": "Parts", "to": "Shop"}]
NETWORK = Network.from_tables(STAGES, ARCS)
COLUMNS = [
    "Part", "Site", "End Items", "Description", "Responsible", "Type", "Safety Stock Model", "Date",
    "Current", "Recommended", "Current %", "Calculated %",
]  # fmt: skip


def phase(start: str, mean: float, sd: float) -> dict[str, object]:
    return {"date": start, "stage": "Shop", "demand_mean": mean, "demand_sd": sd}


def test_phases_alike_are_the_plan_without_phases() -> None:
    phased = optimise_phases(NETWORK, [phase("2026-01-01", 100, 30), phase("2026-02-01", 100, 30)])
    plain = optimise(NETWORK)
    assert phased.plan.cost == pytest.approx(plain.cost)
    assert phased.safety_stock == pytest.approx(np.array([plain.stages["safety_stock"]] * 2))


def test_the_table_has_the_columns_that_planners_know() -> None:
    phased = optimise_phases(NETWORK, [phase("2026-01-01", 100, 30), phase("2026-02-01", 150, 60)])
    table = phased.table
    assert list(table.columns) == COLUMNS
    assert len(table) == 4
    assert table["Part"].tolist() == ["P-1", "P-1", "Shop", "Shop"]
    assert table["End Items"].tolist() == ["Shop"] * 4
    assert table["Date"].tolist() == [datetime(2026, 1, 1), datetime(2026, 2, 1)] * 2
    shop = table[table["Part"] == "Shop"]
    assert shop["Recommended"].tolist() == pytest.approx([2 * 30 * 10**0.5, 2 * 60 * 10**0.5])
    assert shop["Current %"].tolist() == pytest.approx([0.9772498680518208, 0.8413447460685429])
    assert shop["Calculated %"].tolist() == pytest.approx([0.9772498680518208] * 2)


def test_stock_looks_ahead_over_the_net_replenishment_time() -> None:
    """Five days before demand doubles its deviation, the shop's ten days span both phases."""
    phased = optimise_phases(NETWORK, [phase("2026-01-27", 100, 30), phase("2026-02-01", 100, 60)])
    assert phased.plan.columns["net_replenishment_time"].tolist() == [20, 10]
    assert phased.safety_stock[0, 1] == pytest.approx(2 * (5 * 30**2 + 5 * 60**2) ** 0.5)


def test_every_problem_of_the_phases_is_told() -> None:
    rows = [phase("soon", 100, 30), {**phase("2026-01-01", 100, -1), "stage": "Parts"}]
    with pytest.raises(NetworkError) as raised:
        optimise_phases(NETWORK, rows)
    assert [str(problem) for problem in raised.value.problems] == [
        "'date' must be a date, such as 2026-01-31 or 2026-01: 'soon' (Phases, row 2)",
        "'stage' must be a stage with demand: 'Parts' (Phases, row 3)",
        "'demand_sd' must be a number >= 0: -1 (Phases, row 3)",
    ]


def test_phases_are_read_as_the_other_tables_are() -> None:
    network = Network.from_tables(
        [STAGES[0] | {"stage": 1}, STAGES[1] | {"stage": 2}], [{"from": 1, "to": 2}]
    )
    rows: list[dict[str, Any]] = [
        {"Date": "2026-01-01", "Stage": 2.0, "Demand": "100", "Sigma": "30"},
        {"Date": None, "Stage": " "},
    ]
    phased = optimise_phases(network, rows)
    assert phased.plan.cost == pytest.approx(optimise(network).cost)


@pytest.mark.parametrize(
    "starts",
    [
        ["2026-01", "2026-02"],
        [pd.Period("2026-01", "M"), pd.Period("2026-02", "M")],
        ["2026-01-01", pd.Timestamp("2026-02-01", tz="UTC")],
    ],
)
def test_a_phase_may_start_with_a_month_or_in_a_time_zone(starts: list[Any]) -> None:
    rows = [phase("", 100, 30) | {"date": start} for start in starts]
    phased = optimise_phases(NETWORK, rows)
    assert [each.start for each in phased.phases] == [datetime(2026, 1, 1), datetime(2026, 2, 1)]


def test_a_column_that_is_missing_is_told_once() -> None:
    row = {"date": "2026-01-01", "stage": "Shop", "mean": 100, "sd": 30}
    with pytest.raises(NetworkError) as raised:
        optimise_phases(NETWORK, [row] * 3)
    told = [str(problem) for problem in raised.value.problems]
    assert told[0].startswith("'demand_mean' must be a column, headed demand mean, avgDemand")
    assert told[1].startswith("'demand_sd' must be a column, headed demand sd, stdDevDemand")
    assert told[2:] == [
        f"'date, stage' must not repeat those of row 2: '2026-01-01 Shop' (Phases, row {row})"
        for row in (3, 4)
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"magic": 1}, "'option' must be one of round_up"),
        ({"days_per_period": None}, "'days_per_period' must be > 0: blank"),
        ({"days_per_period": float("nan")}, "'days_per_period' must be > 0: nan"),
        ({"network": "chain 1"}, "'network' must be a Network, such as Network.from_tables makes: 'chain 1'"),
    ],
)
def test_what_is_no_option_is_refused(options: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as raised:
        optimise_phases(**{"network": NETWORK, "phases": [phase("2026-01-01", 100, 30)]} | options)
    assert told in str(raised.value)


def test_a_phase_told_twice_is_refused() -> None:
    rows = [phase("2026-01-01", 100, 30), phase("2026-02-01", 90, 30), phase("2026-01-01", 120, 30)]
    with pytest.raises(NetworkError) as raised:
        optimise_phases(NETWORK, rows)
    assert str(raised.value) == (
        "'date, stage' must not repeat those of row 2: '2026-01-01 Shop' (Phases, row 4)"
    )


def test_what_is_no_table_of_phases_is_refused() -> None:
    with pytest.raises(InputError, match="'Phases' must be a DataFrame or a list of dictionaries"):
        optimise_phases(NETWORK, "phases.csv")  # type: ignore[arg-type]


def test_a_phase_that_needs_more_than_the_greatest_stock_is_told() -> None:
    limited = Network.from_tables([STAGES[0], STAGES[1] | {"max_stock": 300}], ARCS)
    calm, busy = phase("2026-01-01", 100, 30), phase("2026-02-01", 150, 60)
    assert not any("greatest stock" in note for note in optimise_phases(limited, [calm]).notes)
    assert optimise_phases(limited, [calm, busy]).notes[-1] == (
        "In the phase from 2026-02-01 Shop needs 379.473 units, more than its greatest stock of 300."
    )
