"""The README says what is so."""

import re
from pathlib import Path

import pytest

import xlinv
from xlinv.hosts.cli import COMMANDS
from xlinv.hosts.pictures import PAGES, ribbon_drawing

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def test_the_ribbon_s_picture_is_that_of_the_ribbon() -> None:
    assert (ROOT / "workbooks" / "pictures" / "ribbon.svg").read_text() == ribbon_drawing()


def test_every_picture_is_there() -> None:
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / picture).exists(), picture
    assert all((ROOT / "workbooks" / "pictures" / f"{name}.png").exists() for _, _, name in PAGES)


def test_every_command_named_exists() -> None:
    assert set(re.findall(r"\bxlinv ([a-z]+) ", README)) <= {*COMMANDS}


def test_the_values_shown_are_the_values() -> None:
    for formula, value in re.findall(r'xlinv\.evaluate\("([^"]+)"\)\s+# ([\d.]+)', README):
        assert xlinv.evaluate(formula) == pytest.approx(float(value), rel=1e-15)


def test_the_example_of_a_test_passes(tmp_path: Path) -> None:
    code = next(
        block for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "def test_" in block
    )
    namespace: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), namespace)
    test = namespace["test_the_reorder_point_of_our_template"]
    assert callable(test)
    test(tmp_path)
