"""Figures of textbooks and of other programs' manuals, as a reader would type them."""

import json
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import xlinv

FIGURES = json.loads((Path(__file__).parents[1] / "vectors" / "textbooks.json").read_text())


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["source"])
def test_a_published_figure_comes_out(figure: dict[str, Any]) -> None:
    got = xlinv.evaluate(figure["formula"])
    rows = got if isinstance(got, list) else [[got]]
    assert [len(row) for row in rows] == [len(row) for row in figure["shows"]]
    for shown, wanted in zip(chain(*rows), chain(*figure["shows"]), strict=True):
        near = wanted if isinstance(wanted, str) else pytest.approx(wanted, rel=1e-12, abs=figure["within"])
        assert shown == near
