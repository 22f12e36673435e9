"""The workbooks in the repository are what the templates make today."""

import re
import zipfile
from pathlib import Path

import pytest

from xlinv.templates import TEMPLATES, create

WORKBOOKS = Path(__file__).resolve().parents[2] / "workbooks"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def differences(first: Path, second: Path) -> list[str]:
    """Parts that differ by more than the last digits, which another machine's libraries may change."""
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as other:
        if one.namelist() != other.namelist():
            return sorted({*one.namelist()} ^ {*other.namelist()})
        return [
            part for part in one.namelist() if not same(one.read(part).decode(), other.read(part).decode())
        ]


def same(first: str, second: str) -> bool:
    if first == second:
        return True
    numbers = [[float(number) for number in _NUMBER.findall(text)] for text in (first, second)]
    return _NUMBER.sub("0", first) == _NUMBER.sub("0", second) and numbers[0] == pytest.approx(
        numbers[1], rel=1e-9, abs=1e-9
    )


@pytest.mark.parametrize("name", TEMPLATES)
def test_rebuilt_workbook_is_the_one_in_the_repository(name: str, tmp_path: Path) -> None:
    committed = WORKBOOKS / f"{name}.xlsx"
    create(name, tmp_path / "rebuilt.xlsx")
    create(name, tmp_path / "again.xlsx")
    assert (tmp_path / "rebuilt.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
    assert differences(committed, tmp_path / "rebuilt.xlsx") == [], f"xlinv new {name} {committed} --force"
