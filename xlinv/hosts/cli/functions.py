"""`xlinv functions`: the reference, on the terminal."""

import json

import click

from xlinv.catalogue import Function
from xlinv.catalogue.documentation import argument_text, result_text, shown
from xlinv.functions import CATALOGUE


@click.command("functions")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(name: str | None, as_json: bool) -> None:
    """List the functions, or explain the one called NAME."""
    if name is None:
        click.echo(json.dumps([described(f) for f in CATALOGUE.values()], indent=2) if as_json else listing())
        return
    declared = CATALOGUE.get(name.upper())
    if declared is None:
        raise click.UsageError(f"there is no function {name.upper()}; 'xlinv functions' lists them all")
    click.echo(json.dumps(described(declared), indent=2) if as_json else declared.__doc__)


def listing() -> str:
    """Every function with its summary, by family."""
    lines: list[str] = []
    families = dict.fromkeys(declared.family for declared in CATALOGUE.values())
    width = max(map(len, CATALOGUE)) + 2
    for family in families:
        lines += ["", family]
        lines += [f"  {f.name:<{width}}{f.summary}" for f in CATALOGUE.values() if f.family == family]
    return "\n".join(lines[1:])


def described(declared: Function) -> dict[str, object]:
    """The declaration as plain data."""
    return {
        "name": declared.name,
        "python_name": declared.python_name,
        "family": declared.family,
        "summary": declared.summary,
        "signature": declared.signature,
        "arguments": [
            {
                "name": parameter.name,
                "text": argument_text(parameter),
                "unit": parameter.unit,
                "domain": parameter.domain,
                "required": parameter.required,
                "options": list(parameter.options),
            }
            for parameter in declared.parameters
        ],
        "result": result_text(declared),
        "formula": declared.formula,
        "source": declared.source,
        "serves": list(declared.serves),
        "version": declared.version,
        "changes": list(declared.changes),
        "examples": [
            {"formula": example.formula, "shows": shown(example.shows), "why": example.why}
            for example in declared.examples
        ],
    }
