"""The pages of inputs of the network workbook: stages, arcs, variability, constraints."""

from typing import Final

from xlinv.templates.company import FORECAST_MONTHS
from xlinv.templates.data_pages import this_row, whole_column
from xlinv.templates.page import Column, Page
from xlinv.templates.supply_network import SupplyNetwork, monthly_error

STAGE_WIDTHS: Final = (26, 10, 24, 8, 26, 10, 10, 11, 11, 11, 10, 10, 10, 10, 12, 12, 11)
_CONSTRAINTS: Final = (
    ("RM-306", "min stock", 400, "Sole source with 84 days of lead time"),
    ("FG-C25 @ Store Vienna", "max stock", 60, "Shelf space"),
    ("FG-C25 @ Store Milan", "max stock", 60, "Shelf space"),
)

STAGE: Final = whole_column("tblStages", "Stage")
ON_HAND: Final = whole_column("tblStages", "Stock on hand [units]")
CURRENT: Final = whole_column("tblStages", "Current safety stock [units]")
UNIT_VALUE: Final = whole_column("tblStages", "Unit value [EUR/unit]")
DEMAND: Final = whole_column("tblStages", "Demand mean [units/day]")
PROMISE: Final = whole_column("tblStages", "Service time [days]")
LEVEL: Final = whole_column("tblStages", "Service level [fraction]")


def write_stages(page: Page, network: SupplyNetwork) -> None:
    """One row per stage; demand and limits are read from their sheets, blank where nothing is said there."""
    places = network.places
    sells = [place.demand_share > 0 for place in places]
    own = this_row("tblStages", "Stage")

    def demand(heading: str) -> str:
        stages = whole_column("tblVariability", "Stage")
        found = f"SUMIF({stages},{own},{whole_column('tblVariability', heading)})"
        return f'=IF(COUNTIF({stages},{own})=0,"",{found})'

    def limit(kind: str) -> str:
        rule = f'tblConstraints[Stage],{own},tblConstraints[Limit],"{kind}"'
        return f'=IF(COUNTIFS({rule})=0,"",SUMIFS(tblConstraints[Value],{rule}))'

    page.table(
        3,
        0,
        "tblStages",
        (
            Column("Stage", values=[place.name for place in places]),
            Column("Item", values=[place.item.key for place in places]),
            Column("Site", values=[place.site for place in places]),
            Column("Type", values=[place.item.kind for place in places]),
            Column("Description", values=[place.item.description for place in places]),
            Column("Lead time [days]", "integer", values=[place.lead_time_days for place in places]),
            Column("Added cost [EUR/unit]", "cents", values=[place.added_cost for place in places]),
            Column(
                "Demand mean [units/day]", "ratio", formula=demand("Demand mean [units/day]"), style="x_Link"
            ),
            Column("Demand SD [units/day]", "ratio", formula=demand("Demand SD [units/day]"), style="x_Link"),
            Column(
                "Service time [days]",
                "integer",
                values=[p.service_time_days if s else None for p, s in zip(places, sells, strict=True)],
            ),
            Column(
                "Service level [fraction]",
                "percent",
                values=[p.service_level if s else None for p, s in zip(places, sells, strict=True)],
            ),
            Column("Min stock [units]", "integer", formula=limit("min stock"), style="x_Link"),
            Column("Max stock [units]", "integer", formula=limit("max stock"), style="x_Link"),
            Column(
                "Current safety stock [units]", "integer", values=[place.safety_stock for place in places]
            ),
            Column("Stock on hand [units]", "integer", values=[place.on_hand for place in places]),
            Column("Unit value [EUR/unit]", "cents", values=[place.item.unit_cost for place in places]),
        ),
    )
    page.freeze(4, 1)


def write_arcs(page: Page, network: SupplyNetwork) -> None:
    page.table(
        3,
        0,
        "tblArcs",
        (
            Column("From stage", values=[link.source for link in network.links]),
            Column("To stage", values=[link.destination for link in network.links]),
            Column("Quantity [units/unit]", "ratio", values=[link.quantity for link in network.links]),
        ),
        height=18,
    )
    page.freeze(4, 1)


def write_variability(page: Page, network: SupplyNetwork) -> None:
    """Monthly demand and forecast error of the item, and the stage's share of both per day."""
    sold = [place for place in network.places if place.demand_share > 0]
    share, mean, error = (
        this_row("tblVariability", heading)
        for heading in (
            "Share of demand [fraction]",
            "Item demand [units/month]",
            "Item error SD [units/month]",
        )
    )
    page.table(
        3,
        0,
        "tblVariability",
        (
            Column("Stage", values=[place.name for place in sold]),
            Column("Item", values=[place.item.key for place in sold]),
            Column("Share of demand [fraction]", "percent", values=[round(p.demand_share, 2) for p in sold]),
            Column(
                "Item demand [units/month]",
                "decimal",
                values=[round(sum(p.item.demand[-FORECAST_MONTHS:]) / FORECAST_MONTHS, 2) for p in sold],
            ),
            Column(
                "Item error SD [units/month]",
                "decimal",
                values=[round(monthly_error(p.item), 2) for p in sold],
            ),
            Column("Demand mean [units/day]", "ratio", formula=f"={share}*{mean}/set_DaysPerMonth"),
            Column("Demand SD [units/day]", "ratio", formula=f"=SQRT({share}/set_DaysPerMonth)*{error}"),
        ),
    )
    page.freeze(4, 1)


def write_constraints(page: Page, filled: bool) -> None:
    rows = _CONSTRAINTS if filled else ()
    page.table(
        3,
        0,
        "tblConstraints",
        (
            Column("Stage", values=[row[0] for row in rows]),
            Column("Limit", values=[row[1] for row in rows], choices=("min stock", "max stock")),
            Column("Value", "integer", values=[row[2] for row in rows]),
            Column("Why", values=[row[3] for row in rows]),
        ),
        height=18,
    )
    page.freeze(4, 1)
