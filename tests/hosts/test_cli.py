"""The command line as a whole."""

import json

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
