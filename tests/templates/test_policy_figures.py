"""The recalculated workbook against plain numpy and scipy on the company's own figures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook
from scipy import stats

from xlinv.templates import create
from xlinv.templates.company import Item, sample_company
from xlinv.templates.headline import read_summary

COMPANY = sample_company()
ITEMS = {item.key: item for item in COMPANY.items}
MONTH = 365 / 12
REVIEW = 7 / MONTH
YEAR = COMPANY.months[-12:]
BALANCES = COMPANY.months[-13:]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("figures") / "inventory_policy.xlsx"
    create("inventory_policy", path)
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Any:
    return load_workbook(path, data_only=True)


@pytest.fixture(scope="module")
def policy(book: Any) -> Mapping[str, dict[str, Any]]:
    sheet = book["Policy"]
    headings, *rows = [[cell.value for cell in row] for row in sheet[sheet.tables["tblPolicy"].ref]]
    return {row[0]: dict(zip(headings, row, strict=True)) for row in rows}


def named(book: Any, name: str) -> Any:
    sheet, cell = next(iter(book.defined_names[name].destinations))
    return book[sheet][cell].value


def mean(item: Item) -> float:
    return float(np.mean(item.demand[-12:]))


def over_protection(item: Item) -> tuple[float, float]:
    """Mean and standard deviation of demand over lead time and review interval."""
    error = float(np.sqrt(np.mean((np.array(item.demand[-12:]) - item.forecast) ** 2)))
    interval = item.lead_time_days / MONTH + REVIEW
    late = item.lead_time_sd_days / MONTH
    return mean(item) * interval, float(np.sqrt(interval * error**2 + (mean(item) * late) ** 2))


def test_every_item_in_order_and_no_error(policy: Mapping[str, dict[str, Any]]) -> None:
    assert list(policy) == list(ITEMS)
    assert not [value for row in policy.values() for value in row.values() if str(value).startswith("#")]


@pytest.mark.parametrize("key", ITEMS)
def test_safety_stock_and_reorder_point(policy: Mapping[str, dict[str, Any]], key: str) -> None:
    item, row = ITEMS[key], policy[key]
    expected, spread = over_protection(item)
    service = row["Service target [fraction]"]
    if item.distribution == "negbin":
        p = expected / spread**2
        reorder = stats.nbinom.ppf(service, expected * p / (1 - p), p)
    elif item.distribution == "gamma":
        reorder = stats.gamma.ppf(service, (expected / spread) ** 2, scale=spread**2 / expected)
    else:
        reorder = expected + stats.norm.ppf(service) * spread
    assert row["Reorder point [units]"] == pytest.approx(reorder, rel=1e-9)
    if item.distribution != "negbin":
        assert row["Safety stock [units]"] == pytest.approx(reorder - expected, rel=1e-9)


@pytest.mark.parametrize("key", ITEMS)
def test_order_quantity_is_the_cheapest_that_is_allowed(
    policy: Mapping[str, dict[str, Any]], key: str
) -> None:
    item = ITEMS[key]
    if not mean(item):
        assert policy[key]["EOQ [units]"] == 0
        return
    holding = item.unit_cost * 0.18 / 12
    multiples = np.arange(1, 40_000) * item.order_multiple
    allowed = multiples[multiples >= item.minimum_order]
    cost = item.order_cost * mean(item) / allowed + holding * allowed / 2
    assert policy[key]["EOQ [units]"] == allowed[np.argmin(cost)]


def test_classes(policy: Mapping[str, dict[str, Any]]) -> None:
    value = np.array([mean(item) * item.unit_cost for item in ITEMS.values()])
    order = np.argsort(-value)
    share = np.empty(len(value))
    share[order] = np.cumsum(value[order]) / value.sum()
    for item, reached in zip(ITEMS.values(), share, strict=True):
        cv = np.std(item.demand, ddof=1) / np.mean(item.demand)
        abc = "A" if reached <= 0.8 else "B" if reached <= 0.95 else "C"
        xyz = "X" if cv <= 0.25 else "Y" if cv <= 0.6 else "Z"
        assert policy[item.key]["Class [ABC-XYZ]"] == abc + xyz


def test_money_per_item(policy: Mapping[str, dict[str, Any]]) -> None:
    for item in ITEMS.values():
        row = policy[item.key]
        assert row["Stock on hand [EUR]"] == pytest.approx(item.stock_value)
        if mean(item):
            assert row["Days of supply [days]"] == pytest.approx(item.on_hand / mean(item) * MONTH)
        if item.price:
            margin = (item.price - item.unit_cost) * mean(item) * 12
            assert row["GMROII [ratio]"] == pytest.approx(margin / item.stock_value)
        else:
            assert row["GMROII [ratio]"] == "not sold"


def test_cash(book: Any) -> None:
    revenue, cogs = sum(m.revenue for m in YEAR), sum(m.cogs for m in YEAR)
    stock, receivables, payables = (
        np.mean([getattr(month, balance) for month in BALANCES])
        for balance in ("inventory", "receivables", "payables")
    )
    days = {
        "out_DIO": stock / cogs * 365,
        "out_DSO": receivables / revenue * 365,
        "out_DPO": payables / sum(m.purchases for m in YEAR) * 365,
    }
    for name, value in days.items():
        assert named(book, name) == pytest.approx(value, rel=1e-12)
    assert named(book, "out_CCC") == pytest.approx(days["out_DIO"] + days["out_DSO"] - days["out_DPO"])
    assert named(book, "out_GMROII") == pytest.approx((revenue - cogs) / stock)
    release = (days["out_DIO"] - 82) / 365 * cogs + (days["out_DSO"] - 50) / 365 * revenue
    release += (49 - days["out_DPO"]) / 365 * sum(m.purchases for m in YEAR)
    assert named(book, "out_ReleaseToMedian") == pytest.approx(release)
    assert named(book, "out_StockValue") == pytest.approx(COMPANY.stock_value)


def test_service_curve(book: Any) -> None:
    item = ITEMS["FG-V40"]
    _, spread = over_protection(item)
    rows = [[cell.value for cell in row] for row in book["Service curve"]["A17:C29"]]
    for service, units, money in rows:
        assert units == pytest.approx(stats.norm.ppf(service) * spread)
        assert money == pytest.approx(units * item.unit_cost)


def test_every_check_holds(path: Path) -> None:
    summary = read_summary(path)
    assert {result for _, result, _ in summary.checks} == {"OK"}
    assert sum(int(items) for _, items, _ in summary.classes) == len(ITEMS)
