"""`xlinv functions`: the reference, on the terminal, as a static site or as a workbook."""

import json
import shutil
import sys
from difflib import get_close_matches
from pathlib import Path

import click

from xlinv.catalogue import Function
from xlinv.catalogue.documentation import argument_text, result_text, shown
from xlinv.functions import CATALOGUE
from xlinv.hosts.reference.terminal import explained, listing

_WIDEST = 110
_FAILED = 1
_NEAR = 4  # functions to suggest at most


@click.command("functions")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option(
    "--html", type=click.Path(path_type=Path, file_okay=False), help="Write pages into this folder."
)
@click.option(
    "--workbook",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every example live below its expected value; exit 1 if one fails.",
)
def command(name: str | None, as_json: bool, html: Path | None, workbook: Path | None) -> None:
    """List the functions, explain the one called NAME, or write the whole reference."""
    if name is not None and (html or workbook):
        raise click.UsageError("--html and --workbook write all functions: leave NAME out")
    try:
        if html is not None:
            _write_html(html)
        if workbook is not None:
            _write_workbook(workbook)
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be written: {error.strerror}") from None
    if html is None and workbook is None:
        click.echo(_printed(name, as_json))


def _write_html(folder: Path) -> None:
    from xlinv.hosts.reference.site import write_site

    written = write_site(folder)
    click.echo(f"{len(written)} files; open {folder / 'index.html'}")


def _write_workbook(path: Path) -> None:
    from xlinv.hosts.reference.workbook import verdicts, write_workbook

    write_workbook(path)
    found = verdicts(path)
    click.echo(f"{found.examples - len(found.failed)} of {found.examples} examples OK; open {path}")
    if found.failed:
        click.echo("\n".join(f"FAIL {formula}" for formula in found.failed), err=True)
        sys.exit(_FAILED)


def _printed(name: str | None, as_json: bool) -> str:
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    if name is None:
        return json.dumps([described(f) for f in CATALOGUE.values()], indent=2) if as_json else listing(width)
    declared = CATALOGUE.get(name.upper())
    if declared is None:
        near = [known for known in CATALOGUE if name.upper() in known][:_NEAR]
        near = near or get_close_matches(name.upper(), CATALOGUE, _NEAR)
        hint = f"did you mean {' or '.join(near)}?" if near else "'xlinv functions' lists them all"
        raise click.UsageError(f"there is no function {name.upper()}; {hint}")
    return json.dumps(described(declared), indent=2) if as_json else explained(declared, width)


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
