"""Published figures of safety stock, service and single-period policies."""

import json
import math
from pathlib import Path

import pytest

import xlinv

VECTORS = json.loads(
    (Path(__file__).resolve().parents[1] / "vectors" / "safety_stock.json").read_text("utf-8")
)
CHECKS = [
    pytest.param(check, id=f"{vector['id']}-{number}")
    for vector in VECTORS
    for number, check in enumerate(vector["checks"])
]


@pytest.mark.parametrize("check", CHECKS)
def test_published_figure(check: dict[str, float | str]) -> None:
    value = xlinv.evaluate(check["formula"])
    got = value[0][check["part"]] if isinstance(value, list) else value
    want, tolerance = check["expected"], check["tolerance"]
    assert math.isclose(got, want, rel_tol=tolerance, abs_tol=tolerance), got
