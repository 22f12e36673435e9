"""The buttons of Diagnose: the figures of the workbook's own Cash page and of the functions."""

from typing import Any

import pytest

from tests.actions.conftest import table_on
from xlinv import functions
from xlinv.actions.diagnose import cash
from xlinv.actions.profile import profile
from xlinv.actions.running import perform
from xlinv.templates.company import sample_company

COMPANY = sample_company()
YEAR = COMPANY.months[-12:]
BALANCES = COMPANY.months[-13:]


def named(book: Any, name: str) -> Any:
    return book.names[name].refers_to_range.value


def test_days_are_those_of_the_functions_and_of_the_cash_page(policy: Any) -> None:
    perform(policy, cash, "Cash")
    table = table_on(policy.sheets["Out_Cash"], "Metric")
    expected = [
        functions.dio([m.inventory for m in BALANCES], sum(m.cogs for m in YEAR)),
        functions.dso([m.receivables for m in BALANCES], sum(m.revenue for m in YEAR)),
        functions.dpo([m.payables for m in BALANCES], sum(m.purchases for m in YEAR)),
    ]
    assert table["Actual [days]"] == pytest.approx(expected, rel=1e-12)
    assert table["Actual [days]"] == pytest.approx(
        [named(policy, f"out_{metric}") for metric in table["Metric"]], rel=1e-9
    )
    assert table["Quartile [1 best]"] == [3, 3, 3]
    figures = table_on(policy.sheets["Out_Cash"], "Figure")
    shown = dict(zip(figures["Figure"], figures["Value"], strict=True))
    for name, figure in (
        ("out_CCC", "Cash conversion cycle"),
        ("out_Turns", "Turns"),
        ("out_GMROII", "GMROII"),
        ("out_CarryCost", "Cost of carrying the stock"),
    ):
        assert shown[figure] == pytest.approx(named(policy, name), rel=1e-9)


def test_release_is_that_of_the_cash_page_and_class_a_is_left_alone(policy: Any) -> None:
    perform(policy, cash, "Cash")
    release = table_on(policy.sheets["Out_Release"], "Component")
    assert release["To median [money]"][-1] == pytest.approx(named(policy, "out_ReleaseToMedian"))
    assert release["To best quartile [money]"][-1] == pytest.approx(named(policy, "out_ReleaseToBest"))
    classes = table_on(policy.sheets["Out_Release"], "Entitlement")
    assert sum(classes["Cash now"]) == pytest.approx(COMPANY.stock_value)
    for name, amount, protected in zip(
        classes["Class"], classes["Release"], classes["Protected"], strict=True
    ):
        assert (protected == "Yes") == name.startswith("A") == (amount == 0)


def test_the_profile_adds_up_by_type_and_by_site(policy: Any) -> None:
    perform(policy, profile, "Profile")
    for heading in ("Type", "Site"):
        table = table_on(policy.sheets["Out_Profile"], heading)
        assert table[heading][-1] == "Total"
        assert table["Stock [value]"][-1] == pytest.approx(COMPANY.stock_value)
        assert sum(table["Stock [value]"][:-1]) == pytest.approx(COMPANY.stock_value)
        assert sum(table["Items"][:-1]) == len(COMPANY.items)


def test_coverage_and_classes_are_those_of_the_functions(policy: Any) -> None:
    perform(policy, profile, "Profile")
    coverage = table_on(policy.sheets["Out_Coverage"], "Forward cover [periods]")
    pace = [sum(item.demand[-12:]) / 12 for item in COMPANY.items]
    for item, mean, days in zip(COMPANY.items, pace, coverage["Days of supply [days]"], strict=True):
        assert days == (
            pytest.approx(functions.days_of_supply(item.on_hand, mean, 365 / 12)) if mean else None
        )
    forecast = functions.forecast_series(COMPANY.items[0].demand, 24)
    assert coverage["Forward cover [periods]"][0] == pytest.approx(
        functions.periods_of_supply(COMPANY.items[0].on_hand, forecast)
    )
    slob = table_on(policy.sheets["Out_SLOB"], "Last use [days ago]")
    found = dict(zip(slob["Item"], slob["Class"], strict=True))
    for item, mean in zip(COMPANY.items, pace, strict=True):
        assert found[item.key] == functions.slob_class(item.on_hand, item.days_since_use, 12 * mean)
    assert slob["Class"][0] == "obsolete"
    quality = table_on(policy.sheets["Out_Quality"], "Figure")
    active = sum(item.stock_value for item in COMPANY.items if found[item.key] == "active")
    assert quality["Value"] == pytest.approx([active / COMPANY.stock_value])
