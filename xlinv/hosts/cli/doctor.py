"""`xlinv doctor`: what keeps the add-in from working, and how to mend it."""

import click


@click.command("doctor")
def command() -> None:
    """Look at Python, xlwings, the add-in, its settings and folders, and say how to mend what is wrong."""
    from xlinv.hosts.com.doctor import findings

    failed = False
    for finding in findings():
        failed = failed or finding.verdict == "FAIL"
        click.echo(f"{finding.verdict:<5} {finding.subject}: {finding.found}")
        if finding.mend:
            click.echo(f"      {finding.mend}")
    if failed:
        raise click.exceptions.Exit(1)
