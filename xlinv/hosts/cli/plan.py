"""`xlinv plan`: the buttons of the group Plan without Excel."""

from pathlib import Path
from typing import Any

import click

from xlinv.hosts.cli.book_action import book_argument, items_option, out_option, run_action

_ACTIONS = {
    "ss": ("xlinv.actions.plan:safety_stock", "Safety Stock"),
    "lots": ("xlinv.actions.plan:order_quantity", "Order Qty"),
    "curve": ("xlinv.actions.service_curves:service_curve", "Service Curve"),
}


@click.command("plan")
@click.argument("what", type=click.Choice(list(_ACTIONS)))
@book_argument
@out_option
@items_option
@click.option("--item", help="For curve: the item whose curve is drawn.")
def command(what: str, book: Path, out: Path, items: str | None, item: str | None) -> None:
    """Plan the items of BOOK: safety stock (ss), order quantities (lots), or what service costs (curve)."""
    options: dict[str, Any] = {"items": items}
    if item is not None:
        if what != "curve":
            raise click.UsageError("--item goes with curve")
        options["item"] = item
    run_action(book, out, *_ACTIONS[what], **options)
