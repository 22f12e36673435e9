"""`xlinv optimise`: the Optimise button without Excel."""

from pathlib import Path
from typing import Any

import click

from xlinv.hosts.cli.book_action import book_argument, out_option, run_action

_ACTIONS = {
    "guaranteed": "xlinv.actions.optimise:network",
    "stochastic": "xlinv.actions.optimise:network",
    "single-stage": "xlinv.actions.optimise:single_stage",
    "service-mix": "xlinv.actions.service_mix:service_mix",
}


@click.command("optimise")
@book_argument
@out_option
@click.option("--stages", help="Table or range of the stages; found by its headings if not given.")
@click.option("--arcs", help="Table or range of the arcs; found by its headings if not given.")
@click.option("--method", type=click.Choice(list(_ACTIONS)), help="Default: what the book's set_Method says.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds after which the best plan so far is kept.",
)
@click.option("--round-up", is_flag=True, help="Round lead times up to whole periods.")
@click.option("--items", help="For service-mix: table or range of the items.")
@click.option(
    "--budget", type=click.FloatRange(min=0), help="For service-mix: money; default the book's in_Budget."
)
def command(
    book: Path,
    out: Path,
    stages: str | None,
    arcs: str | None,
    method: str | None,
    time_limit: float | None,
    round_up: bool,
    items: str | None,
    budget: float | None,
) -> None:
    """Place safety stock across the network in BOOK at least cost, and write the Out_ sheets into OUT.

    With --method service-mix a budget is shared over the items of BOOK instead.
    """
    if method == "service-mix":
        run_action(book, out, _ACTIONS[method], "Service Mix", items=items, budget=budget)
        return
    options: dict[str, Any] = {"stages": stages, "arcs": arcs, "time_limit": time_limit}
    if method != "single-stage":
        options |= {"method": method, "round_up": round_up}
    run_action(book, out, _ACTIONS[method or "guaranteed"], "Optimise", **options)
