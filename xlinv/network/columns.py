"""Which column headings are understood in the two tables of a network, and as what.

Headings are compared without case, blanks, underscores, hyphens, dots and strokes. What stands in brackets
counts where it tells columns apart, `Min stock [days]` from `Min stock [units]`, else it is passed over.
Willems' (2008) own are among them, so that the tables of his supply chains load unchanged.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from xlinv.cells import InputError

STAGE_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("stage", "stage name", "node", "node id", "id", "item site"),
    "lead_time": ("stage time", "processing time", "time", "T", "mean lead time", "lt"),
    "lead_time_sd": ("stdDev stageTime", "lead time standard deviation", "sd lead time", "sigma lt", "lt sd"),
    "lead_time_distribution": ("lead time scenarios",),
    "added_cost": ("stage cost", "value added", "direct cost added", "cost added", "cost"),
    "holding_cost": ("local holding cost", "h", "holding"),
    "demand_mean": ("avgDemand", "average demand", "mean demand", "demand", "mu"),
    "demand_sd": ("stdDevDemand", "demand std", "demand standard deviation", "sd demand", "sigma"),
    "service_time": (
        "maxServiceTime",
        "promised service time",
        "promised time",
        "promise",
        "guaranteed service time",
    ),
    "service_level": ("service", "service target", "target service", "csl"),
    "service_type": ("service level type", "type of service"),
    "safety_factor": ("z", "k", "service factor"),
    "review_period": ("review", "review interval", "R"),
    "batch_size": ("batch", "lot size", "lot", "order quantity", "moq"),
    "min_stock": ("minimum stock", "min ss", "minimum safety stock"),
    "max_stock": ("maximum stock", "max ss", "maximum safety stock"),
    "min_stock_days": ("minimum stock days", "min stock in days", "min days", "min stock periods"),
    "max_stock_days": ("maximum stock days", "max stock in days", "max days", "max stock periods"),
    "frozen_service_time": ("frozen", "fixed service time", "frozen outbound service time"),
    "supplier_service_time": (
        "external inbound cst",
        "inbound service time",
        "external inbound service time",
    ),
    "current_stock": ("current", "on hand", "current safety stock"),
    "capacity": ("capacity per period", "maximum throughput"),
    "site": ("location", "plant", "warehouse"),
    "item": ("part", "sku", "material", "article"),
    "description": ("text",),
    "responsible": ("planner", "owner"),
    "type": ("stage classification", "stage type", "classification"),
}

ARC_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "source": ("from", "sourceStage", "supplier", "upstream", "upstream stage", "from stage"),
    "destination": ("to", "destinationStage", "customer", "downstream", "downstream stage", "to stage"),
    "quantity": ("quantity per", "qty", "qty per", "usage", "units per"),
    "share": ("sourcing share", "split", "fraction"),
}

PHASE_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "date": ("from", "start", "phase start", "month", "period"),
    "stage": STAGE_COLUMNS["name"],
    "demand_mean": STAGE_COLUMNS["demand_mean"],
    "demand_sd": STAGE_COLUMNS["demand_sd"],
}

# What no network is without: a column, or one of those that may stand in its place.
STAGE_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": (),
    "lead_time": ("lead_time_distribution",),
    "added_cost": ("holding_cost",),
    "demand_sd": (),
    "service_time": (),
    "service_level": ("safety_factor",),
}
ARC_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {"source": (), "destination": ()}

_NEAR: Final = 0.75
_VERY_NEAR: Final = 0.85
_BRACKETED: Final = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_SCENARIO_TIME: Final = re.compile(r"stagetime(\d+)")
_SCENARIO_SHARE: Final = re.compile(r"stagetime%(\d+)")


def fields_of_headings(
    headings: Iterable[object], columns: Mapping[str, tuple[str, ...]]
) -> dict[str, str | None]:
    """The field that each heading names, None where it names none; the first heading of a field counts."""
    fields = {_plain(spelling): field for field, others in columns.items() for spelling in (field, *others)}
    taken: set[str] = set()
    found: dict[str, str | None] = {}
    for heading in headings:
        field = fields.get(_plain(str(heading))) or fields.get(_without_unit(str(heading)))
        found[str(heading)] = None if field in taken else field
        if field is not None:
            taken.add(field)
    return found


def missing_columns(
    table: str,
    found: Mapping[str, str | None],
    present: Collection[str],
    columns: Mapping[str, tuple[str, ...]],
    needs: Mapping[str, tuple[str, ...]],
) -> list[InputError]:
    """One problem for each column that a table needs and lacks.

    `found` is what its headings name, `present` the fields that it gives.
    """
    unread = [heading for heading, field in found.items() if field is None]
    problems = []
    for field, instead in needs.items():
        if found and not {field, *instead} & set(present):
            rule = f"must be a column, headed {_listed([_words(field), *columns[field]])}"
            if instead:
                rule += f", or else {_listed([_words(other) for other in instead])}"
            near = _nearest(unread, [field, *columns[field]])
            if near:
                rule += f" (did you mean it by {near!r}?)"
            problems.append(InputError(field, rule, None, table))
    return problems


def likely_meant(heading: str) -> str | None:
    """The known heading that one not understood comes so near to that it may be misspelt."""
    known = {
        _plain(spelling): spelling
        for columns in (STAGE_COLUMNS, ARC_COLUMNS)
        for field, others in columns.items()
        for spelling in (_words(field), *others)
    }
    plain = _without_unit(heading)
    # One that is known and yet not understood names a column a second time.
    near = [] if plain in known else get_close_matches(plain, known, 1, _VERY_NEAR)
    return known[near[0]] if near else None


def _nearest(headings: Sequence[str], spellings: Sequence[str]) -> str | None:
    """The heading that is most like one of the spellings."""
    plain = {_without_unit(heading): heading for heading in headings}
    for spelling in map(_plain, spellings):
        for near in get_close_matches(spelling, plain, 1, _NEAR):
            return plain[near]
    return None


def _words(field: str) -> str:
    return field.replace("_", " ")


def _listed(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def scenario_columns(headings: Iterable[object]) -> list[tuple[str, str]]:
    """Willems' pairs of headings (lead time, its probability), stageTime_1 with stageTime_%_1 and so on."""
    times: dict[str, str] = {}
    shares: dict[str, str] = {}
    for heading in map(str, headings):
        if match := _SCENARIO_SHARE.fullmatch(_plain(heading)):
            shares[match[1]] = heading
        elif match := _SCENARIO_TIME.fullmatch(_plain(heading)):
            times[match[1]] = heading
    return [(times[number], shares[number]) for number in times if number in shares]


def _without_unit(heading: str) -> str:
    return _plain(_BRACKETED.sub("", heading))


def _plain(heading: str) -> str:
    return re.sub(r"[\s_\-./()\[\]]+", "", heading).lower()
