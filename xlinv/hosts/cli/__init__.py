"""The command line: a command parses, calls the library, translates errors, and nothing else."""

import importlib
from typing import Final

import click

from xlinv.version import __version__

# Each command is a module of this folder, imported when it is called: the first value should come at once.
COMMANDS: Final = (
    "addin",
    "check",
    "components",
    "demo",
    "diagnose",
    "doctor",
    "eval",
    "explain",
    "functions",
    "new",
    "optimise",
    "plan",
    "recalc",
    "segment",
    "solve",
    "validate",
)


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"{__name__}.{cmd_name}")
        command: click.Command = module.command
        return command


@click.command(cls=_Commands)
@click.version_option(__version__, prog_name="xlinv")
def main() -> None:
    """Inventory calculations in spreadsheets: compute, recalculate, optimise, check."""
