"""The sample company is the same everywhere, ties out, and looks like a company."""

from collections import Counter
from dataclasses import asdict
from hashlib import sha256

import pytest

from xlinv.templates import parts
from xlinv.templates.company import MONTHS, empty_company, month_label, sample_company

COMPANY = sample_company()
YEAR = COMPANY.months[-12:]
REVENUE = sum(month.revenue for month in YEAR)
COST = sum(month.cogs for month in YEAR)
STOCK = sum(month.inventory for month in COMPANY.months[-13:]) / 13


def test_same_figures_on_every_machine() -> None:
    fingerprint = sha256(repr(asdict(COMPANY)).encode()).hexdigest()[:16]
    assert fingerprint == "570990ff7850a56b"


def test_size() -> None:
    assert Counter(item.kind for item in COMPANY.items) == {"RM": 18, "WIP": 12, "FG": 22, "SP": 8}
    assert {len(item.demand) for item in COMPANY.items} == {MONTHS}
    assert len({item.key for item in COMPANY.items}) == len(COMPANY.items)
    assert month_label(0) == "Jan 24"
    assert month_label(23) == "Dec 25"


def test_stock_of_items_is_the_last_balance() -> None:
    assert pytest.approx(COMPANY.stock_value, abs=0.005) == COMPANY.months[-1].inventory


def test_cost_of_goods_is_what_was_sold_at_cost() -> None:
    for number, month in enumerate(COMPANY.months):
        sold = [item for item in COMPANY.items if item.price]
        assert month.cogs == pytest.approx(sum(i.unit_cost * i.demand[number] for i in sold), abs=0.01)
        assert month.revenue == pytest.approx(sum(i.price * i.demand[number] for i in sold), abs=0.01)


def test_purchases_explain_the_change_of_stock() -> None:
    for before, month in zip(COMPANY.months, COMPANY.months[1:], strict=False):
        assert month.purchases == pytest.approx(month.cogs + month.inventory - before.inventory, abs=0.02)


def test_components_are_used_as_the_bills_say() -> None:
    usage = {item.key: item.demand for item in COMPANY.items}
    seals = [
        sum(bill.get("RM-302", 0) * usage[parent][month] for parent, bill in parts.BILLS)
        for month in range(MONTHS)
    ]
    assert list(usage["RM-302"]) == seals


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        (STOCK / COST * 365, 60, 130),  # DIO
        (sum(m.receivables for m in YEAR) / 12 / REVENUE * 365, 35, 70),  # DSO
        (sum(m.payables for m in YEAR) / 12 / COST * 365, 30, 65),  # DPO
        ((REVENUE - COST) / REVENUE, 0.25, 0.45),  # gross margin
        ((REVENUE - COST) / STOCK, 1.2, 3.5),  # GMROII
    ],
)
def test_ratios_that_a_finance_director_would_believe(value: float, low: float, high: float) -> None:
    assert low < value < high


def test_intermittent_demand_varies_more_than_poisson() -> None:
    for item in COMPANY.items:
        if item.distribution == "negbin":
            errors = [a - f for a, f in zip(item.demand[-12:], item.forecast, strict=True)]
            assert sum(e * e for e in errors) / 12 > sum(item.demand[-12:]) / 12
            assert 0 in item.demand


def test_empty_company_holds_no_figures() -> None:
    empty = empty_company()
    assert (empty.items, empty.months, empty.as_of) == ((), (), None)
    assert {rate for _, rate, _ in empty.carrying_rates} == {None}
