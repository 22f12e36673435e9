"""A network plan as lines of text that fit a terminal."""

import textwrap
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xlinv.network import Plan

_MOST_STAGES: Final = 20
_FROM_HERE_WHOLE: Final = 1e6
_NARROWEST_NAME: Final = 8
_GAP: Final = "  "

# Under stochastic service nobody promises a time.
_HEADINGS: Final = {
    "guaranteed": {
        "Waits": "inbound_service_time",
        "Promises": "outbound_service_time",
        "Covers": "net_replenishment_time",
        "Safety stock": "safety_stock",
        "Cost": "cost",
    },
    "stochastic": {
        "Lead time": "lead_time",
        "Base stock": "base_stock",
        "Safety stock": "safety_stock",
        "Holding it costs": "cost",
    },
}


def plan_text(plan: "Plan", explained: tuple[str, ...], width: int) -> str:
    """Figures, notes, the costliest stages, and why the stages named in `explained` hold what they do."""
    lines = _figures(plan)
    for note in plan.notes:
        lines += ["", *wrapped(note, width)]
    lines += ["", "Times in periods, stock in units:", *_table(plan, width)]
    if len(plan.network) > _MOST_STAGES:
        lines.append(f"... and {len(plan.network) - _MOST_STAGES:,} more stages; -o writes them all")
    for name in explained:
        lines += ["", *wrapped(plan.explain(name), width)]
    return "\n".join(lines)


def wrapped(sentence: str, width: int) -> list[str]:
    """A sentence in lines of at most that many characters."""
    return textwrap.wrap(sentence, width, break_on_hyphens=False)


def _figures(plan: "Plan") -> list[str]:
    share = plan.saving / plan.baseline_cost if plan.baseline_cost else 0.0
    proof = f"{'proved' if plan.optimal else 'not proved'} optimal (gap {plan.gap:.4%})"
    return [
        f"Cost         {plan.cost:>20,.2f}  {proof}",
        f"Lower bound  {plan.lower_bound:>20,.2f}  no plan can cost less",
        f"Single-stage {plan.baseline_cost:>20,.2f}  every stage by itself, same service",
        f"Saving       {plan.saving:>20,.2f}  {share:.1%}",
    ]


def _table(plan: "Plan", width: int) -> list[str]:
    """The costliest stages in columns; names are cut where the numbers need the room."""
    costliest = plan.stages.sort_values("cost", ascending=False, kind="stable").head(_MOST_STAGES)
    names = ["Stage", *costliest["stage"]]
    columns = []
    for heading, column in _HEADINGS[plan.method].items():
        values = costliest[column]
        decimals = 0 if values.abs().max() >= _FROM_HERE_WHOLE else 2
        texts = [heading, *(f"{value:,.{decimals}f}" for value in values)]
        longest = max(map(len, texts))
        columns.append([f"{text:>{longest}}" for text in texts])
    room = width - sum(len(column[0]) + len(_GAP) for column in columns)
    longest = min(max(map(len, names)), max(room, _NARROWEST_NAME))
    cut = [name if len(name) <= longest else f"{name[: longest - 1]}…" for name in names]
    return [_GAP.join([f"{name:<{longest}}", *row]) for name, *row in zip(cut, *columns, strict=True)]
