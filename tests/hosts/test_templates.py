"""`xlinv new` and `xlinv demo`."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from xlinv.hosts.cli import main
from xlinv.templates import TEMPLATES


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_help_lists_the_templates_and_what_they_are_for() -> None:
    shown = " ".join(run("new", "--help").output.split())
    assert all(f"{name}:" in shown for name in TEMPLATES)


@pytest.mark.parametrize("name", TEMPLATES)
def test_empty_template_keeps_the_tables(name: str, tmp_path: Path) -> None:
    made = run("new", name, tmp_path / "book.xlsx", "--empty")
    assert made.exit_code == 0, made.output
    assert "empty" in made.output
    book = load_workbook(tmp_path / "book.xlsx")
    assert {table for sheet in book for table in sheet.tables} >= {"tblChecks", "tblVersion"}
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]


def test_an_existing_file_is_left_as_it_is_but_with_force(tmp_path: Path) -> None:
    out = tmp_path / "mine.xlsx"
    out.write_text("precious")
    refused = run("new", "network_meio", out)
    assert refused.exit_code == 2
    assert "left as it is" in refused.output
    assert out.read_text() == "precious"
    assert run("new", "network_meio", out, "--empty", "--force").exit_code == 0
    assert out.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("no_such", "book.xlsx"), "inventory_policy"),
        (("inventory_policy", "book.xls"), "must end in .xlsx"),
        (("inventory_policy", "missing/book.xlsx"), "must lie in a folder that exists"),
    ],
)
def test_refusals_say_what_to_do(
    arguments: tuple[str, str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = run("new", *arguments)
    assert refused.exit_code == 2
    assert says in refused.output
    assert not list(tmp_path.iterdir())


def test_demo_sums_up_the_workbook_it_builds(tmp_path: Path) -> None:
    shown = run("demo", "--folder", tmp_path / "demo")
    assert shown.exit_code == 0, shown.output
    for part in ("Stock value", "DIO", "GMROII", "Safety stock now", "Safety stock recommended", "AX", "OK"):
        assert part in shown.output
    assert "FAIL" not in shown.output
    assert "#" not in shown.output
    assert str(tmp_path / "demo" / "inventory_policy.xlsx") in shown.output
    again = run("demo", "--folder", tmp_path / "demo")
    assert again.output == shown.output
