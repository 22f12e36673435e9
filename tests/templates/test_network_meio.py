"""The network workbook holds the sample company's network, as the optimiser reads it."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from xlinv.network import Network, optimise
from xlinv.templates import create
from xlinv.templates.company import empty_company, sample_company
from xlinv.templates.supply_network import network_of

COMPANY = sample_company()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("network") / "network_meio.xlsx"
    create("network_meio", path)
    return load_workbook(path, data_only=True)


def table(book: Any, sheet: str, name: str) -> list[dict[str, Any]]:
    headings, *rows = [[cell.value for cell in row] for row in book[sheet][book[sheet].tables[name].ref]]
    return [dict(zip(headings, row, strict=True)) for row in rows]


def named(book: Any, name: str) -> Any:
    sheet, cell = next(iter(book.defined_names[name].destinations))
    return book[sheet][cell].value


def test_tables_read_as_a_network(book: Any) -> None:
    network = Network.from_tables(table(book, "Stages", "tblStages"), table(book, "Arcs", "tblArcs"))
    assert len(network) == len(network_of(COMPANY).places)
    assert set(network.ignored_columns) == {"Stock on hand [units]", "Unit value [EUR/unit]"}
    by_name = {stage.name: stage for stage in network.stages}
    assert by_name["RM-306"].min_stock == 400
    assert by_name["RM-306"].demand_sd is None
    store = by_name["FG-C20 @ Store Hamburg"]
    item = next(item for item in COMPANY.items if item.key == "FG-C20")
    assert store.demand_mean == pytest.approx(0.2 * sum(item.demand[-12:]) / 365, rel=1e-3)
    assert (store.service_time, store.service_level) == (0, 0.97)


def test_stock_of_the_network_is_that_of_the_company(book: Any) -> None:
    stages = table(book, "Stages", "tblStages")
    stock = sum(row["Stock on hand [units]"] * row["Unit value [EUR/unit]"] for row in stages)
    assert stock == pytest.approx(COMPANY.stock_value, abs=0.01)
    assert named(book, "out_NetworkCash") == pytest.approx(COMPANY.stock_value, abs=0.01)


def test_added_costs_build_up_to_the_unit_cost_of_the_items() -> None:
    network = network_of(COMPANY)
    suppliers: dict[str, list[tuple[str, float]]] = {}
    for link in network.links:
        suppliers.setdefault(link.destination, []).append((link.source, link.quantity))
    cost: dict[str, float] = {}
    for place in network.places:
        bought = sum(cost[source] * quantity for source, quantity in suppliers.get(place.name, ()))
        cost[place.name] = place.added_cost + bought
        assert cost[place.name] == pytest.approx(place.item.unit_cost, abs=0.001), place.name


def test_all_demand_is_met_somewhere_once() -> None:
    shares: dict[str, float] = {}
    for place in network_of(COMPANY).places:
        if place.demand_share:
            shares[place.item.key] = shares.get(place.item.key, 0) + place.demand_share
    assert shares == pytest.approx({item.key: 1.0 for item in COMPANY.items if item.price})


def test_checks_hold(book: Any) -> None:
    results = {row["Id"]: row["Result"] for row in table(book, "Checks", "tblChecks")}
    assert set(results.values()) == {"OK"}, results


def test_empty_company_has_no_network() -> None:
    assert network_of(empty_company()).places == ()


def test_empty_workbook_can_be_made(tmp_path: Path) -> None:
    create("network_meio", tmp_path / "empty.xlsx", empty=True)
    assert "Network" in load_workbook(tmp_path / "empty.xlsx").sheetnames


def test_plan_is_that_of_the_optimiser(book: Any) -> None:
    network = Network.from_tables(table(book, "Stages", "tblStages"), table(book, "Arcs", "tblArcs"))
    plan = optimise(network)
    shown = {name: named(book, f"out_{name}") for name in ("PlanCost", "SavingVsSEIO", "SingleStage")}
    assert shown["PlanCost"] == pytest.approx(plan.cost)
    assert shown["SavingVsSEIO"] == pytest.approx(plan.saving)
    assert shown["SingleStage"] == pytest.approx(plan.baseline_cost)
    rows = table(book, "Plan", "tblPlan")
    assert [row["Stage"] for row in rows] == [stage.name for stage in network.stages]
    assert [row["Safety stock [units]"] for row in rows] == pytest.approx(
        plan.columns["safety_stock"].tolist()
    )
    assert sorted(row["Rank"] for row in rows) == list(range(1, len(rows) + 1))
    assert [row["Rank"] for row in table(book, "Result", "tblTopStages")] == list(range(1, 16))
