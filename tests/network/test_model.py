from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.network.test_guaranteed import chain
from xlinv.cells import InputError
from xlinv.network import Arc, Network, NetworkError, Stage, optimise
from xlinv.network.scenarios import unlike_its_scenarios

PART = {"name": "Part", "lead_time": 4, "added_cost": 10}
SHOP = {"name": "Shop", "lead_time": 1, "added_cost": 5, "demand_mean": 20, "demand_sd": 3}
SHOP |= {"service_time": 0, "service_level": 0.95}
ARC = {"from": "Part", "to": "Shop"}


def problems(stages: list[dict[str, Any]], arcs: list[dict[str, Any]]) -> list[str]:
    with pytest.raises(NetworkError) as raised:
        Network.from_tables(stages, arcs)
    return [str(problem) for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"lead_time": -3}, "'lead_time' must be >= 0: -3 (Stages, row 3)"),
        ({"lead_time": 1e300}, "'lead_time' must be <= 1e+09: 1e+300 (Stages, row 3)"),
        ({"demand_mean": 1e200}, "'demand_mean' must be <= 1e+15: 1e+200 (Stages, row 3)"),
        ({"lead_time": "soon"}, "'lead_time' must be a number: 'soon' (Stages, row 3)"),
        ({"lead_time": None}, "'lead_time' must be given: blank (Stages, row 3)"),
        ({"lead_time": True}, "'lead_time' must be a number: True (Stages, row 3)"),
        ({"service_level": 1.0}, "'service_level' must be < 1: 1.0 (Stages, row 3)"),
        ({"service_level": 0}, "'service_level' must be > 0: 0 (Stages, row 3)"),
        (
            {"service_level": None},
            "'service_level' must be given at a stage with demand: blank (Stages, row 3)",
        ),
        (
            {"service_time": None},
            "'service_time' must be promised at a stage with demand: blank (Stages, row 3)",
        ),
        ({"service_time": -1}, "'service_time' must be >= 0: -1 (Stages, row 3)"),
        ({"service_type": "vague"}, "'service_type' must be 'cycle' or 'fill': 'vague' (Stages, row 3)"),
        ({"added_cost": None}, "'added_cost' must be given where holding_cost is not: blank (Stages, row 3)"),
        ({"demand_sd": None}, "'demand_sd' must be given where demand_mean is: blank (Stages, row 3)"),
        ({"min_stock": 5, "max_stock": 4}, "'min_stock' must be <= max_stock: 5 (Stages, row 3)"),
        ({"min_stock": 5, "min_stock_days": 4}, "'min_stock_days' must be blank where min_stock is given: 4"),
        ({"frozen": 2}, "'frozen_service_time' must be <= service_time: 2 (Stages, row 3)"),
        ({"lead_time_distribution": "2: 0.5; 4: 0.4"}, "must have probabilities that sum to 1, not 0.9"),
        ({"capacity": 0}, "'capacity' must be > 0: 0 (Stages, row 3)"),
    ],
)
def test_a_wrong_cell_is_told_with_place_rule_and_value(change: dict[str, Any], told: str) -> None:
    assert any(told in problem for problem in problems([PART, SHOP | change], [ARC]))


@pytest.mark.parametrize(
    ("arcs", "told"),
    [
        ([ARC, ARC], "'source, destination' must not repeat the arc of row 2: 'Part -> Shop' (Arcs, row 3)"),
        (
            [{"from": "Prat", "to": "Shop"}],
            "'source' must be a stage of the table Stages: 'Prat' (Arcs, row 2)",
        ),
        ([], "'name' must lead to a stage with demand: 'Part' (Stages, row 2)"),
        ([ARC | {"quantity": 0}], "'quantity' must be > 0: 0 (Arcs, row 2)"),
        ([ARC | {"share": 1.5}], "'share' must be <= 1: 1.5 (Arcs, row 2)"),
        ([{"from": "Part", "to": None}], "'destination' must be given: blank (Arcs, row 2)"),
        (
            [ARC, {"from": "Shop", "to": "Part"}],
            "'arcs' must not lead back to where they started: 'Part -> Shop -> Part' (Arcs)",
        ),
        ([ARC, {"from": "Shop", "to": "Shop"}], "'Shop -> Shop' (Arcs)"),
    ],
)
def test_a_wrong_arc_is_told(arcs: list[dict[str, Any]], told: str) -> None:
    assert any(told in problem for problem in problems([PART, SHOP], arcs))


def test_all_problems_are_told_at_once() -> None:
    stages = [PART | {"lead_time": -1}, SHOP | {"service_level": 2, "service_time": None}, PART]
    arcs = [ARC, ARC, {"from": "Part", "to": "Nowhere"}]
    assert problems(stages, arcs) == [
        "'lead_time' must be >= 0: -1 (Stages, row 2)",
        "'service_level' must be < 1: 2 (Stages, row 3)",
        "'service_time' must be promised at a stage with demand: blank (Stages, row 3)",
        "'name' must be unique, but row 2 has it too: 'Part' (Stages, row 4)",
        "'source, destination' must not repeat the arc of row 2: 'Part -> Shop' (Arcs, row 3)",
        "'destination' must be a stage of the table Stages: 'Nowhere' (Arcs, row 4)",
    ]


@pytest.mark.parametrize(
    ("lost", "heading", "told"),
    [
        ("lead_time", "Leed time", "'lead_time' must be a column, headed lead time, stage time, processing "
         "time, time, T, mean lead time or lt, or else lead time distribution (did you mean it by "
         "'Leed time'?): blank (Stages)"),
        ("name", "what", "'name' must be a column, headed name, stage, stage name, node, node id, id or item "
         "site: blank (Stages)"),
        ("service_time", "promis", "(did you mean it by 'promis'?): blank (Stages)"),
        ("service_level", "x", "'service_level' must be a column, headed service level, service, service "
         "target, target service or csl, or else safety factor: blank"),
        ("added_cost", "Wert", "'added_cost' must be a column"),
        ("demand_sd", "x", "'demand_sd' must be a column"),
    ],
)  # fmt: skip
def test_a_column_that_is_missing_is_told_once(lost: str, heading: str, told: str) -> None:
    stages = [
        {heading if key == lost else key: value for key, value in stage.items()}
        for stage in (PART, SHOP, SHOP | {"name": "Shop 2"})
    ]
    (problem,) = problems(stages, [ARC])
    assert told in problem


def test_missing_columns_and_wrong_cells_of_both_tables_are_told_at_once() -> None:
    stages = [PART | {"lead_time": "soon"}, {**SHOP, "T": 1}, {"name": "Part", "lead_time": 1}]
    for stage in stages:
        stage.pop("added_cost", None)
    told = problems(stages, [{"fron": "Part", "to": "Shop"}, {"fron": "Shop", "to": "Part"}])
    assert [problem[:40] for problem in told] == [
        "'added_cost' must be a column, headed ad",
        "'source' must be a column, headed source",
        "'lead_time' must be a number: 'soon' (St",
        "'name' must be unique, but row 2 has it ",
    ]


@pytest.mark.parametrize(
    ("lead_time", "sd", "told"),
    [
        (28, 11.224972160321824, []),
        (None, None, []),
        (28.0, 11.22, []),
        (28, 11.2, []),
        (27, 11.2, ["'lead_time' must be the mean of lead_time_distribution, 28, or blank: 27"]),
        (28, 0, ["'lead_time_sd' must be the standard deviation of lead_time_distribution, 11.225, or bl"]),
        (20, 3, ["'lead_time' must be the mean", "'lead_time_sd' must be the standard deviation"]),
    ],
)  # fmt: skip
def test_a_lead_time_may_not_contradict_its_own_distribution(
    lead_time: float | None, sd: float | None, told: list[str]
) -> None:
    part = PART | {
        "lead_time": lead_time,
        "lead_time_sd": sd,
        "lead_time_distribution": "20: 40%; 25: 40%; 50: 20%",
    }
    if not told:
        Network.from_tables([part, SHOP], [ARC])
        return
    for problem, expected in zip(problems([part, SHOP], [ARC]), told, strict=True):
        assert problem.startswith(expected)


def test_rounding_is_no_contradiction_but_a_small_number_is_not_rounded_away() -> None:
    def told(**given: float) -> int:
        scenarios = ((3.0, 0.4), (4.0, 0.6))
        return len(unlike_its_scenarios({"lead_time_distribution": scenarios, **given}))

    assert told(lead_time=3.6) == told(lead_time_sd=0.49) == told(lead_time=3.6000001) == 0
    assert told(lead_time=4.0) == told(lead_time_sd=0.6) == told(lead_time_sd=0.0) == 1


def test_a_distribution_stands_in_for_a_lead_time() -> None:
    stages = [
        {key: value for key, value in stage.items() if key != "lead_time"}
        | {"lead time distribution": "2: 0.5; 4: 0.5"}
        for stage in (PART, SHOP)
    ]
    assert [stage.lead_time for stage in Network.from_tables(stages, [ARC]).stages] == [3, 3]


def test_a_repeated_stage_is_told_with_both_rows() -> None:
    assert "'name' must be unique, but row 2 has it too: 'Part' (Stages, row 4)" in problems(
        [PART, SHOP, PART], [ARC]
    )


def test_a_cell_that_cannot_be_read_hides_no_problem_of_the_network() -> None:
    lost = PART | {"name": "Lost"}
    arcs = [ARC | {"quantity": 0}, {"from": "Shop", "to": "Part"}]
    assert problems([PART | {"lead_time": "soon"}, SHOP | {"service_level": 97.5}, lost], arcs) == [
        "'lead_time' must be a number: 'soon' (Stages, row 2)",
        "'service_level' must be < 1: 97.5 (Stages, row 3)",
        "'quantity' must be > 0: 0 (Arcs, row 2)",
        "'arcs' must not lead back to where they started: 'Part -> Shop -> Part' (Arcs)",
        "'name' must lead to a stage with demand: 'Lost' (Stages, row 4)",
    ]


def test_where_there_are_no_stages_no_arc_is_blamed() -> None:
    assert problems([], [ARC]) == ["'stages' must have at least one row: 0 (Stages)"]


def test_every_cycle_is_told() -> None:
    stages = [SHOP, *(PART | {"name": name} for name in "ABCD")]
    arcs = [{"from": a, "to": b} for a, b in ("AB", "BA", "CD", "DC", ("A", "Shop"), ("C", "Shop"))]
    told = [problem for problem in problems(stages, arcs) if "must not lead back" in problem]
    assert [problem.split("'")[3] for problem in told] == ["A -> B -> A", "C -> D -> C"]


def test_a_repeated_name_is_no_second_stage_that_serves_nobody() -> None:
    assert problems([PART, SHOP, PART], [ARC]) == [
        "'name' must be unique, but row 2 has it too: 'Part' (Stages, row 4)"
    ]


def test_what_pandas_holds_for_a_missing_cell_is_blank() -> None:
    table = pd.DataFrame([PART, SHOP], dtype=object)
    table["lead_time"] = pd.array([pd.NA, 1], "Int64")
    table.loc[0, "service_level"] = pd.NaT
    with pytest.raises(NetworkError) as raised:
        Network.from_tables(table, [ARC])
    assert str(raised.value) == "'lead_time' must be given: blank (Stages, row 2)"


@pytest.mark.parametrize("wrong", ["20 0.4, 50 0.6", [1, 2], [(1, 0.5), ("x", 0.5)], {1: 0.5}, 7])
def test_a_distribution_that_cannot_be_read_is_told_with_how_to_write_one(wrong: object) -> None:
    part = {**PART, "lead_time": None, "lead_time_distribution": wrong}
    (told,) = problems([part, SHOP], [ARC])
    assert told.startswith(
        "'lead_time_distribution' must be pairs of time and probability, such as 20: 0.4; 50: 0.6"
    )


def test_fractions_may_be_written_in_per_cent() -> None:
    arc = ARC | {"share": "40%"}
    part = PART | {"lead_time": None, "lead_time_distribution": "2: 40%; 4: 60 %"}
    network = Network.from_tables([part, SHOP | {"service_level": "97.5%"}], [arc])
    assert network.stages[1].service_level == 0.975
    assert network.arcs[0].share == 0.4
    assert network.stages[0].lead_time_distribution == ((2, 0.4), (4, 0.6))
    assert "must be a number: '5%'" in problems([PART | {"lead_time": "5%"}, SHOP], [ARC])[0]


def test_names_that_look_the_same_are_the_same() -> None:
    network = Network.from_tables(
        [PART | {"name": "Zu\u0308rich\u00a0"}, SHOP], [{"from": "Z\u00fcrich", "to": "Shop"}]
    )
    assert network.arcs[0].source == network.stages[0].name


@pytest.mark.parametrize(
    ("stages", "told"),
    [
        ("stages.csv", "'Stages' must be a DataFrame or a list of dictionaries, one per row: 'stages.csv'"),
        ({"name": ["A"]}, "'Stages' must be a DataFrame or a list of dictionaries"),
        (None, "'Stages' must be a DataFrame or a list of dictionaries"),
        ([("A", 1)], "'row' must be a dictionary of values by heading: ('A', 1) (Stages, row 2)"),
        (
            pd.DataFrame([["A", 1, 2]], columns=["name", "lead_time", "lead_time"]),
            "'columns' must have different headings: 'lead_time' (Stages)",
        ),
    ],
)
def test_what_is_no_table_is_refused(stages: Any, told: str) -> None:
    with pytest.raises(InputError) as raised:
        Network.from_tables(stages)
    assert told in str(raised.value)


def test_names_and_units_of_willems_load_unchanged(shared: Path) -> None:
    network = chain(shared, "01")
    part = network.stages[network.index["Part_0001"]]
    assert part.lead_time_distribution == ((20, 0.4), (25, 0.4), (50, 0.2))
    assert (part.lead_time, part.added_cost, part.type) == (28, 12, "Part")
    retail = network.stages[network.index["Retail_0001"]]
    assert (retail.demand_mean, retail.demand_sd) == (253, 36.62)
    assert (retail.service_time, retail.service_level) == (0, 0.95)
    assert network.ignored_columns == ("relDepth", "xPosition", "yPosition")


@pytest.mark.parametrize(
    "headings",
    [
        ["Stage", "Lead Time", "Cost Added", "Mean Demand", "StdDev Demand", "Promised Time", "Service"],
        ["node", "LT", "value_added", "demand", "sigma", "promise", "service level"],
        ["ID", "stageTime", "stageCost", "avgDemand", "stdDevDemand", "maxServiceTime", "serviceLevel"],
        ["Item/Site", "Time (days)", "Cost [EUR]", "Demand (mean)", "Demand (SD)", "Promise", "CSL (%)"],
    ],
)
def test_headings_are_forgiving(headings: list[str]) -> None:
    row = ["A", 3, 7, 20, 4, 1, 0.9]
    (stage,) = Network.from_tables(pd.DataFrame([row], columns=headings)).stages
    assert stage == Stage(
        name="A", lead_time=3, added_cost=7, demand_mean=20, demand_sd=4, service_time=1, service_level=0.9
    )


def test_a_unit_tells_stock_in_days_from_stock_in_units() -> None:
    row = SHOP | {"Min stock [days]": 2, "Max stock (units)": 900, "Lead time SD [days]": 1}
    (stage,) = Network.from_tables([row]).stages
    assert (stage.min_stock, stage.min_stock_days) == (None, 2)
    assert (stage.max_stock, stage.max_stock_days) == (900, None)
    assert stage.lead_time_sd == 1


def test_a_distribution_gives_mean_and_deviation_of_the_lead_time() -> None:
    (stage,) = Network.from_tables(
        [{**SHOP, "lead_time": None, "lead_time_distribution": "2:0.5; 4:0.5"}]
    ).stages
    assert (stage.lead_time, stage.lead_time_sd) == (3, 1)


def test_numbers_may_come_as_text_and_names_as_numbers() -> None:
    network = Network.from_tables([PART | {"name": 7, "lead_time": "4"}, SHOP], [{"from": 7.0, "to": "Shop"}])
    assert network.stages[0].name == "7"
    assert network.stages[0].lead_time == 4.0


def test_a_network_built_of_stages_and_arcs_is_checked_and_frozen() -> None:
    stage = Stage(name="A", lead_time=1, added_cost=1, demand_sd=1, service_time=0, safety_factor=1)
    with pytest.raises(NetworkError, match="must be a stage of the table"):
        Network(stages=(stage,), arcs=(Arc(source="A", destination="B"),))
    with pytest.raises(ValueError, match="frozen"):
        stage.lead_time = 2


def test_importing_the_room_imports_nothing_heavy() -> None:
    import subprocess
    import sys

    heavy = "{'numba', 'scipy', 'pandas', 'pydantic', 'openpyxl'}"
    code = f"import sys, xlinv, xlinv.network, xlinv.functions; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_networks_are_equal_where_their_tables_are_whatever_was_done_with_them() -> None:
    one, other = (Network.from_tables([PART, SHOP], [ARC]) for _ in range(2))
    assert (len(one.arrays.order), one == other) == (2, True)
    assert one != Network.from_tables([PART, SHOP], [ARC | {"quantity": 2}])
    assert optimise(one) == optimise(other)


def test_a_changed_copy_of_a_network_forgets_what_it_was_and_is_checked() -> None:
    network = Network.from_tables([PART, SHOP], [ARC])
    assert network.arrays.lead_time.tolist() == [4, 1]
    slower = network.stages[0].model_copy(update={"lead_time": 9.0})
    assert network.model_copy(update={"stages": (slower, network.stages[1])}).arrays.lead_time.tolist() == [
        9,
        1,
    ]
    with pytest.raises(NetworkError, match="must be a stage of the table"):
        network.model_copy(update={"stages": network.stages[:1]})
