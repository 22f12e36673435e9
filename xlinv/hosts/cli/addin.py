"""`xlinv addin`: build, install and remove the add-ins for Excel and LibreOffice."""

from pathlib import Path, PurePath

import click

from xlinv.cells import InputError


@click.group("addin")
def command() -> None:
    """Build, install or remove the add-in for Excel, or the extension for LibreOffice."""


@command.command("build")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), default="xlinv.xlam", show_default=True
)
def build(out: Path) -> None:
    """Build the Excel add-in, on any system, for the xlwings installed here."""
    from xlinv.hosts.com.addin import build_addin

    click.echo(f"Built {build_addin(out)}. 'xlinv addin install' puts it where Excel loads it.")


@command.command("install")
def install_addin() -> None:
    """Build the add-in into Excel's startup folder and tell it which Python to use."""
    from xlinv.hosts.com.installation import install, places

    try:
        where = places()
        install(where)
    except InputError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Installed {where.addin}. Start Excel: the tab Inventory is on the ribbon.")


@command.command("uninstall")
def uninstall_addin() -> None:
    """Remove the add-in and its settings."""
    from xlinv.hosts.com.installation import places, uninstall

    try:
        removed = uninstall(places())
    except InputError as error:
        raise click.ClickException(str(error)) from None
    click.echo("\n".join(f"Removed {path}." for path in removed) or "There was nothing to remove.")


@command.command("repair")
@click.argument("book", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write here instead of in place."
)
@click.option(
    "--to", "addin", help="Where the add-in lies; where 'xlinv addin install' puts it if not given."
)
@click.option(
    "--for",
    "program",
    type=click.Choice(["excel", "libreoffice"]),
    help="Spell the functions as this program knows them: SAFETYSTOCK in Excel, XLINV.SAFETYSTOCK in Calc.",
)
def repair(book: Path, out: Path | None, addin: str | None, program: str | None) -> None:
    """Let the formulas in BOOK that point to another user's add-in point to this one.

    With --for, spell the functions in its formulas for Excel or for LibreOffice instead.
    """
    from xlinv.workbook.package import UnreadableWorkbookError

    if program and addin:
        raise click.UsageError("--to is where Excel's add-in lies; it says nothing together with --for")
    try:
        told = _respelled(book, out or book, program) if program else _relinked(book, out or book, addin)
    except (InputError, UnreadableWorkbookError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(told)


def _relinked(book: Path, out: Path, addin: str | None) -> str:
    from xlinv.hosts.com.installation import places
    from xlinv.hosts.com.repair import repair_links

    where = PurePath(addin) if addin else places().addin
    found = repair_links(book, out, where)
    if not found:
        return "No link points to another add-in: nothing was written."
    return "\n".join([*(f"{path} -> {where}" for path in found), f"{len(found)} links repaired."])


def _respelled(book: Path, out: Path, program: str) -> str:
    from xlinv.workbook.respelling import respell

    count = respell(book, out, program)
    if not count:
        return f"Every formula is spelled for {program} already."
    return f"{count} formulas spelled for {program} in {out}."


@command.command("libreoffice")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), default="xlinv.oxt", show_default=True
)
def libreoffice(out: Path) -> None:
    """Build the LibreOffice extension for the Python environment that runs this."""
    from xlinv.hosts.libreoffice.extension import build_extension

    click.echo(f"Built {build_extension(out)}. Install it with: unopkg add {out}")
