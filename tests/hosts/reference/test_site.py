"""The site: a page per function, links that lead somewhere, everything escaped, pictures of real numbers."""

import json
import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from xlinv.functions import CATALOGUE
from xlinv.hosts.reference.pictures import PICTURES, curves
from xlinv.hosts.reference.plot import Curve, svg
from xlinv.hosts.reference.site import write_site

VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """The links of a page; fails where its tags do not nest."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))
        assert not self.stack, path.name

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.links += [link for link in (named.get("href"), named.get("src")) if link]
        self.ids += [named["id"] or ""] if "id" in named else []
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag, tag


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference") / "made"
    write_site(folder)
    return folder


def test_every_function_has_a_page_that_says_everything(site: Path) -> None:
    for name, declared in CATALOGUE.items():
        page = (site / f"{name}.html").read_text(encoding="utf-8")
        assert all(f">{parameter.name}</td>" in page for parameter in declared.parameters), name
        assert all(row in page for row in declared.serves), name
        assert page.count('<td class="code">=') == len(declared.examples), name


def test_every_link_leads_to_a_page_or_a_place_on_one(site: Path) -> None:
    pages = {path.name: Page(path) for path in site.glob("*.html")}
    for name, page in pages.items():
        for link in page.links:
            assert "://" not in link, f"{name} needs a network for {link}"
            target, _, place = link.partition("#")
            assert (site / (target or name)).is_file(), f"{name} leads to {link}"
            assert not place or place in pages[target or name].ids, f"{name} leads to {link}"


def test_the_search_box_finds_every_function(site: Path) -> None:
    script = (site / "index.js").read_text(encoding="utf-8")
    entries = json.loads(re.sub(r"^const FUNCTIONS = |;\s*$", "", script))
    assert [entry["name"] for entry in entries] == list(CATALOGUE)
    assert "<" not in script


def test_markup_in_a_declaration_stays_text(tmp_path: Path) -> None:
    evil = "<script>alert('x')</script> & \"quoted\"."
    declared = CATALOGUE["EOQCOST"]
    parameter = replace(declared.parameters[0], meaning=evil, unit=evil)
    broken = replace(
        declared,
        summary=evil,
        formula=evil,
        source=evil,
        family=evil,
        parameters=(parameter, *declared.parameters[1:]),
        examples=(replace(declared.examples[0], why=evil, shows=[[evil, evil]]),),
    )
    write_site(tmp_path, {"EOQCOST": broken})
    for path in tmp_path.glob("*.html"):
        assert "<script>alert" not in path.read_text(encoding="utf-8")
        Page(path)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_numbers_of_its_own_function(name: str) -> None:
    assert name in CATALOGUE
    assert any(f"{name}(" in line.formula for line in PICTURES[name].lines)
    for curve in curves(PICTURES[name]):
        assert len(curve.x) == len(curve.y) > 1
        assert all(isinstance(v, int | float) and math.isfinite(v) for v in (*curve.x, *curve.y)), curve.label


def test_the_picture_of_safety_stock_rises_with_service() -> None:
    for curve in curves(PICTURES["SAFETYSTOCK"]):
        assert list(curve.y) == sorted(curve.y)


@pytest.mark.parametrize("y", [[0.0, 0.0], [5.0, 5.0], [-3.0, 2.0], [1e-7, 3e-7], [1e9, 4e9]])
def test_a_plot_keeps_to_its_frame(y: list[float]) -> None:
    drawn = svg([Curve("line", [1.0, 2.0], y), Curve("bars", [1.0, 2.0], y, bars=True)], "x", "y")
    places = [float(number) for number in re.findall(r' (?:x|y|x1|y1)="(-?[\d.]+)"', drawn)]
    assert all(0 <= place <= 640 for place in places)
    for point in re.findall(r'points="([^"]*)"', drawn)[0].split():
        assert 0 <= float(point.split(",")[1]) <= 320
