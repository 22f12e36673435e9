"""`xlinv solve`: the cheapest plan of a network in two tables, with its bound, gap and saving."""

import json
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlinv.cells import InputError
from xlinv.hosts.cli.book_action import one_by_one
from xlinv.hosts.cli.network_files import check_target, read_table, write_plan
from xlinv.hosts.cli.plan_text import plan_text, wrapped

if TYPE_CHECKING:
    from xlinv.network import Network, Plan

_WIDEST = 110

TablePath = click.Path(path_type=Path, dir_okay=False)


@click.command("solve")
@click.argument("stages")
@click.argument("arcs")
@click.option("-o", "--out", type=TablePath, help="Write the plan there, as .csv or .xlsx.")
@click.option("--method", default="guaranteed", show_default=True, help="guaranteed or stochastic service.")
@click.option("--time-limit", type=click.FloatRange(min=0), default=60.0, show_default=True, help="Seconds.")
@click.option("--round-up", is_flag=True, help="Round lead times up to whole periods.")
@click.option(
    "--holding-rate", type=float, default=1.0, show_default=True, help="Holding cost per unit value."
)
@click.option("--variable-lead-times", is_flag=True, help="Count the deviation of lead times.")
@click.option("--cash-cap", type=float, help="Most money that stock may tie up.")
@click.option("--explain", multiple=True, metavar="STAGE", help="Say why a stage holds its stock.")
@click.option("--json", "as_json", is_flag=True, help="Print summary and stages as JSON.")
def command(
    stages: str,
    arcs: str,
    out: Path | None,
    method: str,
    as_json: bool,
    explain: tuple[str, ...],
    **options: Any,
) -> None:
    """Place safety stock in the network of the tables STAGES and ARCS at least cost.

    Each table is a .csv file or a sheet of an .xlsx file: book.xlsx is its first sheet, book.xlsx#Nodes the
    sheet Nodes. A title above the headings is passed over; messages count rows from the headings, row 1.
    """
    from xlinv.network import InfeasibleError, Network, NetworkError, optimise

    try:
        if out is not None:
            check_target(out, (stages, arcs))
        network = Network.from_tables(read_table(stages), read_table(arcs))
        _warn_of_ignored_columns(network)
        for name in explain:
            if name not in network.index:
                raise InputError("stage", "must be a stage of the network", name)
        with _ProgressBar(options["time_limit"]) as bar:
            plan = optimise(network, method, progress=bar.update, **_given(options))
        if out is not None:
            write_plan(plan, out)
    except (InputError, NetworkError, InfeasibleError, OSError) as error:
        raise click.ClickException(_told(error)) from None
    if bar.stopped and not plan.optimal:
        click.echo("Stopped before time was up: this is the best plan found so far.", err=True)
    if as_json:
        click.echo(json.dumps(_as_data(plan, explain), indent=2))
    else:
        click.echo(plan_text(plan, explain, _width()))


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were set: a number of 0 was, a flag that is off was not."""
    return {name: value for name, value in options.items() if value is not None and value is not False}


def _warn_of_ignored_columns(network: "Network") -> None:
    """A heading that is misspelt must not go unseen: what is in its column counts for nothing."""
    from xlinv.network.columns import likely_meant

    told = [
        f"{heading} (did you mean {meant}?)" if (meant := likely_meant(heading)) else heading
        for heading in network.ignored_columns
    ]
    if told:
        sentence = f"Columns not understood, and left out: {', '.join(told)}."
        click.echo("\n".join(wrapped(sentence, _width())), err=True)


def _width() -> int:
    return min(shutil.get_terminal_size().columns, _WIDEST)


def _told(error: Exception) -> str:
    binding = getattr(error, "binding", ())
    return one_by_one(error) + "".join(f"\n  binding: {constraint}" for constraint in binding)


def _as_data(plan: "Plan", explain: tuple[str, ...]) -> dict[str, Any]:
    explained = {"explained": {name: plan.explain(name) for name in explain}} if explain else {}
    return {
        **plan.summary(),
        "notes": list(plan.notes),
        "binding": list(plan.binding),
        **explained,
        "stages": plan.stages.to_dict("records"),
    }


class _ProgressBar:
    """Seconds used of those allowed, with cost and gap, where standard error is a terminal.

    The first Ctrl+C asks the search to stop with the best plan so far, a second one ends the program.
    """

    def __init__(self, time_limit: float) -> None:
        from tqdm import tqdm

        self.stopped = False
        self._bar = tqdm(
            total=time_limit,
            leave=False,
            disable=not sys.stderr.isatty(),
            bar_format="{percentage:3.0f}%|{bar}| {desc}",
        )

    def __enter__(self) -> "_ProgressBar":
        self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        self._bar.close()

    def _stop(self, *_: object) -> None:
        self.stopped = True
        signal.signal(signal.SIGINT, self._before)

    @property
    def update(self) -> Callable[[float, float, float], bool]:
        def told(seconds: float, cost: float, bound: float) -> bool:
            self._bar.n = min(seconds, float(self._bar.total or 0.0))
            gap = (cost - bound) / cost if cost > 0.0 else 0.0
            self._bar.set_description_str(f"cost {cost:,.0f}, gap {gap:.3%}")
            return not self.stopped

        return told
