"""What the network functions show that is not in their examples: unreadable tables, lead times that vary."""

from typing import Any

import pytest

from xlinv.cells import CellError
from xlinv.functions import CATALOGUE
from xlinv.network import Network, optimise

HEADINGS = ["stage", "lead time", "added cost", "demand mean", "demand sd", "z", "promised time"]
PARTS: list[Any] = ["Parts", 9, 10, None, None, None, None]
SHOP: list[Any] = ["Shop", 16, 5, 100, 30, 2, 0]
ARCS: list[list[Any]] = [["from", "to"], ["Parts", "Shop"]]


def cost(*stages: list[Any], arcs: list[list[Any]] = ARCS, headings: list[Any] = HEADINGS) -> Any:
    return CATALOGUE["NETWORKCOST"].evaluate([headings, *stages], arcs).cells[0][0]


def test_blank_rows_and_columns_are_left_out() -> None:
    blank = [None] * 8
    assert cost([*PARTS, None], blank, [*SHOP, None], blank, headings=[*HEADINGS, None]) == 4500


@pytest.mark.parametrize(
    ("shop", "shown"),
    [
        (["Shop", CellError.DIV0, *SHOP[2:]], CellError.DIV0),
        (["Shop", -1, *SHOP[2:]], CellError.NUM),
        (["Shop", "soon", *SHOP[2:]], CellError.VALUE),
        (["Shop", None, *SHOP[2:]], CellError.NA),
        ([*SHOP[:6], None], CellError.NA),
        (["Shops", *SHOP[1:]], CellError.VALUE),
    ],
)
def test_an_error_tells_what_kind_of_thing_is_wrong(shop: list[Any], shown: CellError) -> None:
    assert cost(PARTS, shop) == shown


def test_a_heading_over_two_columns_is_no_number() -> None:
    assert cost(PARTS, SHOP, headings=[*HEADINGS[:6], "z"]) == CellError.VALUE


def test_lead_times_that_vary_count_as_they_do_for_the_button() -> None:
    headings, parts, shop = [*HEADINGS, "lead time sd"], [*PARTS, 3], [*SHOP, None]
    tables = (
        [dict(zip(headings, row, strict=True)) for row in (parts, shop)],
        [{"from": "Parts", "to": "Shop"}],
    )
    expected = optimise(Network.from_tables(*tables), variable_lead_times=True)
    assert cost(parts, shop, headings=headings) == pytest.approx(expected.cost, rel=1e-9)
    assert expected.cost > 4600
