"""Which functions have a picture, and what it shows: each drawn from formulas that anybody can repeat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xlinv.hosts.reference.plot import Curve, svg
from xlinv.workbook.evaluate import evaluate


@dataclass(frozen=True)
class Line:
    """What is drawn: a formula over `x`, or one that spills; of a table the column `part` over `over`."""

    label: str
    formula: str
    part: str = ""
    over: str = ""
    bars: bool = False


@dataclass(frozen=True)
class Picture:
    """One chart: its lines, the values of x where the formulas have one, and the titles of its axes."""

    x_title: str
    y_title: str
    lines: tuple[Line, ...]
    x: tuple[float, ...] = ()

    def html(self) -> str:
        """The chart as SVG, with a legend."""
        return svg(curves(self), self.x_title, self.y_title)


def steps(start: float, stop: float, count: int = 81) -> tuple[float, ...]:
    """Values at even distances, both ends included."""
    return tuple(start + (stop - start) * i / (count - 1) for i in range(count))


def curves(picture: Picture) -> list[Curve]:
    """The lines of a picture, evaluated."""
    return [_curve(line, picture.x) for line in picture.lines]


def _curve(line: Line, x: Sequence[float]) -> Curve:
    value: Any = evaluate(line.formula, x=list(x)) if x else evaluate(line.formula)
    rows = value if isinstance(value, list) else [[value]]
    if line.part:
        header, *body = rows
        y = [row[header.index(line.part)] for row in body]
        places = [row[header.index(line.over)] for row in body] if line.over else []
    else:
        y, places = [row[0] for row in rows], list(x)
    return Curve(line.label, places or [float(i) for i in range(1, len(y) + 1)], y, line.bars)


_SERVICE: Final = steps(0.8, 0.998, 150)
_ORDERS: Final = steps(60, 700)
_SEASON: Final = (
    "{310;340;420;450;520;610;640;600;520;430;360;330;340;370;450;490;560;660;690;650;560;470;390;360}"
)
_PLAN: Final = "{90;120;80;70;0;150;60;100}"

PICTURES: Final[Mapping[str, Picture]] = {
    "SAFETYSTOCK": Picture(
        "service level",
        "units",
        (
            Line("cycle service, lead time 4", "=SAFETYSTOCK(x, 20, 4)"),
            Line("cycle service, lead time 9", "=SAFETYSTOCK(x, 20, 9)"),
            Line("fill rate, lead time 4, orders of 50", '=SAFETYSTOCK(x, 20, 4, , 50, , "fill", 50)'),
        ),
        _SERVICE,
    ),
    "REORDERPOINT": Picture(
        "lead time, periods",
        "units",
        (
            Line("reorder point, 98 %", "=REORDERPOINT(0.98, 50, 20, x)"),
            Line("with a lead time that varies by 1 period", "=REORDERPOINT(0.98, 50, 20, x, 1)"),
            Line("demand over the lead time", "=50*x"),
        ),
        steps(0, 12),
    ),
    "SERVICECURVE": Picture(
        "cycle service level",
        "money",
        tuple(
            Line(f"lead time {n}", f"=SERVICECURVE(100, 20, {n}, , 5)", "value", "service") for n in (1, 4, 9)
        ),
    ),
    "INVESTCURVE": Picture(
        "service level",
        "money",
        (
            Line(
                "the same level for all",
                "=INVESTCURVE({100;100;40}, {20;20;30}, {4;4;2}, {1;50;8})",
                "uniform",
                "service",
            ),
            Line(
                "best mix at the same aggregate service",
                "=INVESTCURVE({100;100;40}, {20;20;30}, {4;4;2}, {1;50;8})",
                "optimal mix",
                "service",
            ),
        ),
    ),
    "UNITLOSS": Picture(
        "k, standard deviations of stock",
        "standard deviations short",
        (Line("G(k)", "=UNITLOSS(x)"), Line("G(−k) = G(k) + k", "=UNITLOSS(-x)")),
        steps(-3, 3),
    ),
    "CSLTOFILL": Picture(
        "cycle service level",
        "fill rate",
        tuple(Line(f"orders of {n} σ", f"=CSLTOFILL(x, 1, {n})") for n in (1, 2, 5)),
        steps(0.5, 0.99),
    ),
    "EXPECTEDFILL": Picture(
        "reorder point, units",
        "fill rate",
        tuple(
            Line(f"orders of {quantity}", f"=EXPECTEDFILL(x, {quantity}, 10, 6, 3)")
            for quantity in (20, 60, 180)
        ),
        tuple(float(n) for n in range(61)),
    ),
    "SAFETYSTOCKTP": Picture(
        "period",
        "units",
        (
            Line(
                "safety stock",
                "=SAFETYSTOCKTP({100;120;140;180;90;80}, {10;20;20;40;10;10}, 2, 0.95)",
                bars=True,
            ),
            Line("forecast error, standard deviation", "=LOTFORLOT({10;20;20;40;10;10}, 0, 1)", bars=True),
        ),
    ),
    "LEADTIMESD": Picture(
        "standard deviation of the lead time, periods",
        "units",
        tuple(Line(f"lead time {n}", f"=LEADTIMESD(20, {n}, x, 50)") for n in (1, 4, 9)),
        steps(0, 4),
    ),
    "EOQCOST": Picture(
        "order quantity, units",
        "money per period",
        (
            Line("total", "=EOQCOST(x, 1300, 8, 0.225)"),
            Line("ordering", "=EOQCOST(x, 1300, 8, 0.225)-EOQCOST(x, 1300, 0, 0.225)"),
            Line("carrying", "=EOQCOST(x, 1300, 0, 0.225)"),
        ),
        _ORDERS,
    ),
    "EOQ": Picture(
        "cost of one order",
        "units",
        tuple(Line(f"carrying cost {h}", f"=EOQ(1300, x, {h})") for h in (0.1, 0.225, 0.5)),
        steps(0, 40),
    ),
    "EPQ": Picture(
        "production rate, units per period",
        "units",
        (Line("batch", "=EPQ(80, 4, 0.08, x)"), Line("EOQ, all delivered at once", "=EOQ(80+0*x, 4, 0.08)")),
        steps(88, 400),
    ),
    "WAGNERWHITIN": Picture(
        "period",
        "units",
        (
            Line("order", f"=WAGNERWHITIN({_PLAN}, 500, 2)", bars=True),
            Line("demand", f"=LOTFORLOT({_PLAN}, 500, 2)", bars=True),
        ),
    ),
    "NEWSVENDORCOST": Picture(
        "stock, units",
        "money",
        (
            Line("underage 0.70, overage 0.18", "=NEWSVENDORCOST(x, 0.7, 0.18, 50, 8)"),
            Line("underage and overage 0.44", "=NEWSVENDORCOST(x, 0.44, 0.44, 50, 8)"),
        ),
        steps(30, 80),
    ),
    "PARETO": Picture(
        "rank",
        "share of the value",
        (
            Line(
                "cumulative share",
                "=PARETO({520;310;90;60;45;30;20;12;8;5})",
                "cumulative share",
                "rank",
            ),
            Line("every item alike", "=PARETO({1;1;1;1;1;1;1;1;1;1})", "cumulative share", "rank"),
        ),
    ),
    "FORECASTSERIES": Picture(
        "month",
        "units",
        (
            Line("forecast", f"=VSTACK({_SEASON}, FORECASTSERIES({_SEASON}, 12, , 12))"),
            Line("history", f"=CLEANHISTORY({_SEASON})", "original"),
        ),
    ),
    "PROJECTINVENTORY": Picture(
        "period",
        "units",
        (
            Line(
                "projected stock", "=PROJECTINVENTORY(100, {0;80;0;0;120;0}, {60;50;40;50;45;55})", bars=True
            ),
        ),
    ),
    "DRP": Picture(
        "period",
        "units",
        tuple(
            Line(name, "=DRP({60;60;60;60;75;40}, 100, {0;50;0;0;0;0}, 20, 1, 50)", name, "period", True)
            for name in ("gross", "projected", "planned shipment")
        ),
    ),
    "ALLOCATE": Picture(
        "supply",
        "units to the second of {60;50;50}",
        (
            Line("priority {1;2;3}", "=MAP(x, LAMBDA(s, INDEX(ALLOCATE(s, {60;50;50}, {1;2;3}), 2)))"),
            Line("fair share", '=MAP(x, LAMBDA(s, INDEX(ALLOCATE(s, {60;50;50}, {1;2;3}, "fairshare"), 2)))'),
        ),
        steps(0, 180, 61),
    ),
    "EXPIRYRISK": Picture(
        "days to expiry",
        "units at risk of 500",
        tuple(Line(f"demand {d} a day", f"=EXPIRYRISK(500, x, {d})") for d in (5, 12, 20)),
        steps(0, 100),
    ),
    "GMROIITURN": Picture(
        "gross margin, share of revenue",
        "GMROII",
        tuple(Line(f"{n} cost turns", f"=GMROIITURN(x, {n})") for n in (2.5, 4, 7)),
        steps(0.1, 0.7),
    ),
    "SPARES": Picture(
        "units installed",
        "spares",
        (
            Line("95 %", "=SPARES(0.02, x, 3, 0.95)"),
            Line("99.5 %", "=SPARES(0.02, x, 3, 0.995)"),
        ),
        tuple(float(n) for n in range(1, 151)),
    ),
    "DUALSOURCE": Picture(
        "share of the first source",
        "change",
        tuple(
            Line(label, f"=MAP(x, LAMBDA(w, INDEX(DUALSOURCE(6, 2, 4, 1.5, w), {column})))")
            for label, column in (("safety stock", 3), ("pipeline", 4))
        ),
        steps(0, 1, 41),
    ),
}
