"""The buttons of Plan and the service mix: the numbers of the functions called directly, item by item."""

from typing import Any

import numpy as np
import pytest

from tests.actions.conftest import table_on
from xlinv import functions
from xlinv.actions.plan import order_quantity, safety_stock
from xlinv.actions.running import perform
from xlinv.actions.service_curves import service_curve
from xlinv.actions.service_mix import service_mix
from xlinv.templates.company import sample_company

ITEM = next(item for item in sample_company().items if item.key == "FG-V40")
MONTH = 365 / 12
REVIEW = 7 / MONTH
MEAN = float(np.mean(ITEM.demand[-12:]))
SD = functions.forecast_sigma(ITEM.demand[-12:], ITEM.forecast)
RATE = functions.carry_rate(0.085, 0.035, 0.012, 0.048)
LOT = functions.eoq(
    MEAN, ITEM.order_cost, ITEM.unit_cost * RATE / 12, ITEM.minimum_order, ITEM.order_multiple
)
TIMES = (ITEM.lead_time_days / MONTH, ITEM.lead_time_sd_days / MONTH)
COLUMNS = (
    "Part|Site|End Items|Description|Responsible|Type|Safety Stock Model|Date|Current|Recommended|"
    "Current %|Calculated %|ΔCash|Driver|Status|Approver"
)


def row_of(table: dict[str, list[Any]], heading: str = "Item", nth: int = 0) -> dict[str, Any]:
    number = [n for n, key in enumerate(table[heading]) if key == ITEM.key][nth]
    return {name: column[number] for name, column in table.items()}


def test_the_safety_stock_plan_has_the_columns_asked_for_and_a_row_per_month(policy: Any) -> None:
    perform(policy, safety_stock, "Safety Stock")
    table = table_on(policy.sheets["Out_SafetyStockPlan"], "Part")
    assert "|".join(table) == COLUMNS
    assert len(table["Part"]) == 6 * len(sample_company().items)
    months = [str(day)[:10] for day in table["Date"][:6]]
    assert months == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]


def test_safety_stock_is_that_of_the_functions_for_the_months_it_protects(policy: Any) -> None:
    perform(policy, safety_stock, "Safety Stock")
    third = row_of(table_on(policy.sheets["Out_SafetyStockPlan"], "Part"), "Part", nth=2)
    protects = int(np.ceil(TIMES[0] + REVIEW))
    mean = float(np.mean(functions.forecast_series(ITEM.demand, 6 + protects - 1)[2 : 2 + protects]))
    service = float(third["Safety Stock Model"].split("service ")[1].split("%")[0]) / 100
    expected = functions.safety_stock(
        service, SD * mean / MEAN, *TIMES, mean, REVIEW, "csl", LOT, ITEM.distribution
    )
    assert third["Recommended"] == pytest.approx(expected, rel=1e-9)
    assert third["Current"] == ITEM.safety_stock
    assert third["ΔCash"] == pytest.approx(
        functions.cash_effect(ITEM.safety_stock, expected, ITEM.unit_cost), rel=1e-9
    )


def test_lots_and_orders_are_those_of_the_functions(policy: Any) -> None:
    perform(policy, order_quantity, "Order Qty")
    lot = row_of(table_on(policy.sheets["Out_LotSize"], "Item"))
    assert lot["Lot [units]"] == LOT
    assert lot["Cost of lot [per year]"] == pytest.approx(
        12 * functions.eoq_cost(LOT, MEAN, ITEM.order_cost, ITEM.unit_cost * RATE / 12)
    )
    orders = table_on(policy.sheets["Out_Orders"], "Action")
    for action, stock, level, quantity in zip(
        orders["Action"],
        orders["On hand [units]"],
        orders["Reorder point [units]"],
        orders["Quantity [units]"],
        strict=True,
    ):
        assert (action == "Order") == (stock <= level and quantity is not None)
        assert quantity is None or stock + quantity > level
    workbook = row_of(table_on(policy.sheets["Policy"], "Class [ABC-XYZ]"))
    assert row_of(orders)["Reorder point [units]"] == pytest.approx(workbook["Reorder point [units]"])


def test_the_service_curve_shows_current_and_target_on_it(policy: Any) -> None:
    perform(policy, service_curve, "Service Curve")
    sheet = policy.sheets["Out_ServiceCurve"]
    table = table_on(sheet, "Current [value]")
    expected = functions.service_curve(
        MEAN, SD, TIMES[0] + REVIEW, TIMES[1], ITEM.unit_cost, LOT, service_type="csl"
    )
    assert table["Safety stock [value]"][:-2] == pytest.approx(expected["value"].tolist())
    assert table["Current [value]"][-2] == pytest.approx(ITEM.safety_stock * ITEM.unit_cost)
    reached = functions.service_curve(
        MEAN, SD, TIMES[0] + REVIEW, TIMES[1], levels=[table["Service [fraction]"][-2]]
    )
    assert reached["safety stock"][0] == pytest.approx(ITEM.safety_stock)
    assert len(sheet.charts) == 1
    mix = table_on(policy.sheets["Out_Investment"], "Best mix [value]")
    assert all(a <= b for a, b in zip(mix["Best mix [value]"], mix["One level for all [value]"], strict=True))


def test_an_item_can_be_asked_for_and_must_be_known(policy: Any) -> None:
    report = perform(policy, service_curve, "Service Curve", item="FG-C20")
    assert "FG-C20" in report.message
    with pytest.raises(ValueError, match="'item' must be an item of tblItems: 'FG-X'"):
        perform(policy, service_curve, "Service Curve", item="FG-X")


def test_the_mix_spends_the_budget_and_serves_more_than_one_level_for_all(policy: Any) -> None:
    perform(policy, service_mix, "Service Mix", budget=800_000)
    listed = table_on(policy.sheets["Out_ServiceMix"], "Item")
    assert sum(listed["Safety stock in the mix [value]"]) == pytest.approx(800_000, rel=1e-6)
    compared = table_on(policy.sheets["Out_ServiceMix"], "Plan")
    _, uniform, mix = compared["Service [fraction of demand]"]
    assert mix > uniform
    one = row_of(listed)
    sd = functions.lead_time_sd(SD, *TIMES, MEAN, REVIEW)
    assert one["Safety stock in the mix [units]"] == pytest.approx(
        functions.safety_stock(one["Service in the mix [fraction]"], sd, 1)
    )
