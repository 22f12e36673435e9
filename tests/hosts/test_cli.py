"""The command line as a whole."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from xlinv.functions import CATALOGUE
from xlinv.hosts.cli import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0
    assert "Usage:" in shown.output


def test_functions_lists_explains_and_says_what_is_unknown() -> None:
    assert all(name in CliRunner().invoke(main, ["functions"]).output for name in CATALOGUE)
    assert "Harris (1913)" in CliRunner().invoke(main, ["functions", "eoqcost"]).output
    described = json.loads(CliRunner().invoke(main, ["functions", "EOQCOST", "--json"]).output)
    assert described["signature"] == "EOQCOST(order_quantity, demand, order_cost, holding_cost)"
    unknown = CliRunner().invoke(main, ["functions", "NOSUCH"])
    assert unknown.exit_code == 2
    assert "there is no function NOSUCH" in unknown.output
    misspelled = CliRunner().invoke(main, ["functions", "safetystok"])
    assert "did you mean SAFETYSTOCK or" in misspelled.output


def test_a_table_is_shown_as_rows_and_columns() -> None:
    lines = CliRunner().invoke(main, ["functions", "PARETO"]).output.splitlines()
    assert "      rank   key  value  cumulative share" in lines
    assert "         1  bolt     70               0.7" in lines


def test_an_explanation_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for arguments in (["functions"], ["functions", "SAFETYSTOCK"]):
        shown = CliRunner().invoke(main, arguments).output
        assert max(map(len, shown.splitlines())) <= 60
    assert "service_type" in shown
    assert "R0" in shown


def test_the_reference_is_written_as_pages_of_all_functions(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    written = CliRunner().invoke(main, ["functions", "--html", str(pages)])
    assert written.exit_code == 0, written.output
    assert str(pages / "index.html") in written.output
    assert (pages / "DIO.html").is_file()
    assert CliRunner().invoke(main, ["functions", "DIO", "--html", str(pages)]).exit_code == 2
    (tmp_path / "file").write_text("")
    refused = CliRunner().invoke(main, ["functions", "--html", str(tmp_path / "file" / "pages")])
    assert refused.exit_code == 1
    assert "cannot be written" in refused.output
