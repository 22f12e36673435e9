"""What the sample company buys, makes and sells: master data, bills of material, seasons, promotions."""

from dataclasses import dataclass
from typing import Final

MONTH_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

CASTINGS: Final = "Plant Brno (castings)"
MOTORS: Final = "Plant Graz (motors)"
ASSEMBLY: Final = "Plant Ulm (assembly)"
CENTRAL: Final = "DC Ulm"
SOUTH: Final = "DC Lyon"
STORES: Final = ("Store Hamburg", "Store Vienna", "Store Milan", "Store Paris")

SEASONS: Final = {
    "Circulator": (1.04, 0.94, 0.86, 0.78, 0.76, 0.80, 0.90, 1.08, 1.26, 1.30, 1.20, 1.08),
    "Booster": (0.78, 0.82, 0.96, 1.10, 1.24, 1.30, 1.26, 1.14, 0.96, 0.86, 0.80, 0.78),
    "Submersible": (0.94, 0.96, 1.08, 1.10, 1.04, 1.00, 0.98, 0.96, 0.98, 1.02, 1.00, 0.94),
    "Sump": (0.96, 1.02, 1.14, 1.12, 1.02, 0.96, 0.90, 0.90, 0.96, 1.02, 1.04, 0.96),
    "Process": (1.00, 0.98, 1.04, 1.00, 1.00, 1.02, 0.94, 0.88, 1.04, 1.04, 1.04, 1.02),
    "Smart": (1.00, 0.94, 0.94, 0.92, 0.94, 0.96, 0.96, 0.98, 1.08, 1.12, 1.10, 1.06),
}

# Month of the history from 0, family, factor on demand.
PROMOTIONS: Final = (
    (3, "Booster", 1.30),
    (8, "Circulator", 1.25),
    (10, "Smart", 1.35),
    (15, "Booster", 1.35),
    (20, "Circulator", 1.30),
    (22, "Smart", 1.40),
)

# The rule of thumb by which planners set safety stock today: weeks of recent demand.
WEEKS_OF_SAFETY: Final = {"RM": 2.5, "WIP": 0.5, "FG": 3.0, "SP": 6.0}


@dataclass(frozen=True)
class Part:
    """Master data that materials, half-finished parts, pumps and spares share."""

    key: str
    description: str
    kind: str
    site: str
    supplier: str
    unit: str
    lead_time_days: int
    lead_time_sd_days: int
    order_cost: int
    minimum_order: int
    order_multiple: int
    cover_months: float
    distribution: str = "normal"
    margin: float = 0.0


@dataclass(frozen=True)
class Material(Part):
    unit_cost: float = 0.0


@dataclass(frozen=True)
class Pump(Part):
    family: str = ""
    monthly: float = 0.0
    trend: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True)
class Spare(Part):
    frequency: float = 1.0
    smallest: int = 0
    largest: int = 0
    last_month: int = 99


# Which plant each supplier of material delivers to.
_DELIVERS_TO: Final = {
    "Moravia Metals": CASTINGS,
    "Kupferwerk Steyr": MOTORS,
    "Stanztechnik Weiz": MOTORS,
    "Nordlager": MOTORS,
    "Lindauer Lacke": ASSEMBLY,
    "Sealtech Bergamo": ASSEMBLY,
    "Ulmer Normteile": ASSEMBLY,
    "Hsinchu Circuits": ASSEMBLY,
    "Papier Lech": ASSEMBLY,
}


def _material(
    key: str,
    description: str,
    supplier: str,
    unit: str,
    unit_cost: float,
    lead_time: tuple[int, int],
    lots: tuple[int, int],
    cover: float,
) -> Material:
    site = _DELIVERS_TO[supplier]
    return Material(
        key, description, "RM", site, supplier, unit, *lead_time, 85, *lots, cover, unit_cost=unit_cost
    )


MATERIALS: Final = (
    _material("RM-101", "Grey iron ingot", "Moravia Metals", "kg", 1.15, (21, 4), (10000, 1000), 1.2),
    _material("RM-102", "Stainless bar 1.4404", "Moravia Metals", "kg", 4.90, (35, 8), (1000, 250), 1.9),
    _material("RM-103", "Bronze ingot", "Moravia Metals", "kg", 8.20, (28, 6), (1000, 250), 1.5),
    _material("RM-104", "Powder coat, signal blue", "Lindauer Lacke", "kg", 6.80, (14, 2), (250, 25), 1.6),
    _material("RM-201", "Copper winding wire", "Kupferwerk Steyr", "kg", 9.60, (28, 7), (2000, 500), 1.3),
    _material("RM-202", "Lamination set", "Stanztechnik Weiz", "pcs", 9.00, (21, 5), (2000, 500), 1.2),
    _material("RM-203", "Shaft blank", "Stanztechnik Weiz", "pcs", 11.00, (30, 8), (1000, 100), 1.5),
    _material("RM-204", "Ball bearing 6205", "Nordlager", "pcs", 3.40, (45, 12), (5000, 500), 1.9),
    _material("RM-205", "Ball bearing 6308", "Nordlager", "pcs", 9.80, (45, 12), (1000, 100), 2.1),
    _material("RM-301", "Shaft seal 25 mm", "Sealtech Bergamo", "pcs", 21.00, (42, 10), (1000, 100), 1.4),
    _material("RM-302", "Shaft seal 38 mm", "Sealtech Bergamo", "pcs", 44.00, (42, 10), (500, 50), 1.8),
    _material("RM-303", "O-ring kit", "Sealtech Bergamo", "pcs", 2.10, (21, 4), (5000, 500), 1.6),
    _material("RM-304", "Bolt kit M8", "Ulmer Normteile", "pcs", 1.60, (10, 2), (5000, 500), 1.3),
    _material("RM-305", "Terminal box", "Ulmer Normteile", "pcs", 6.30, (21, 5), (2000, 250), 1.5),
    _material("RM-306", "Drive board", "Hsinchu Circuits", "pcs", 86.00, (84, 18), (500, 50), 2.6),
    _material("RM-307", "Pressure sensor", "Hsinchu Circuits", "pcs", 27.50, (70, 14), (500, 50), 2.4),
    _material("RM-308", "Carton, small", "Papier Lech", "pcs", 0.90, (7, 1), (5000, 1000), 1.0),
    _material("RM-309", "Carton, large", "Papier Lech", "pcs", 2.40, (7, 1), (2000, 500), 1.1),
)  # fmt: skip


def _half_finished(
    key: str, description: str, site: str, lead_time: tuple[int, int], setup: int, lot: int, cover: float
) -> Part:
    return Part(key, description, "WIP", site, "own production", "pcs", *lead_time, setup, lot, 10, cover)


HALF_FINISHED: Final = (
    _half_finished("WP-411", "Casing S, machined", CASTINGS, (10, 3), 260, 600, 0.45),
    _half_finished("WP-412", "Casing M, machined", CASTINGS, (12, 3), 280, 400, 0.50),
    _half_finished("WP-413", "Casing L, machined", CASTINGS, (14, 4), 320, 150, 0.65),
    _half_finished("WP-421", "Impeller S, bronze", CASTINGS, (8, 2), 180, 600, 0.40),
    _half_finished("WP-422", "Impeller M, bronze", CASTINGS, (8, 2), 190, 400, 0.45),
    _half_finished("WP-423", "Impeller L, stainless", CASTINGS, (12, 3), 240, 150, 0.70),
    _half_finished("WP-511", "Rotor S", MOTORS, (7, 2), 140, 600, 0.35),
    _half_finished("WP-512", "Rotor M", MOTORS, (7, 2), 150, 400, 0.40),
    _half_finished("WP-513", "Rotor L", MOTORS, (9, 3), 190, 150, 0.60),
    _half_finished("WP-521", "Stator S", MOTORS, (7, 2), 140, 600, 0.35),
    _half_finished("WP-522", "Stator M", MOTORS, (7, 2), 150, 400, 0.40),
    _half_finished("WP-523", "Stator L", MOTORS, (9, 3), 190, 150, 0.60),
)


def _pump(
    key: str,
    description: str,
    family: str,
    monthly: float,
    trend: float,
    noise: float,
    margin: float,
    lot: int,
    cover: float,
    site: str = CENTRAL,
) -> Pump:
    lead_time = {"Process": (24, 7), "Smart": (18, 6)}.get(family, (12, 3))
    return Pump(
        key,
        description,
        "FG",
        site,
        "own production",
        "pcs",
        *lead_time,
        220,
        lot,
        10,
        cover,
        "gamma" if noise >= 0.45 else "normal",
        margin,
        family,
        monthly,
        trend,
        noise,
    )


PUMPS: Final = (
    _pump("FG-C20", "Circulator C20", "Circulator", 1250, 0.03, 0.07, 0.31, 200, 1.5),
    _pump("FG-C25", "Circulator C25", "Circulator", 1480, 0.05, 0.06, 0.32, 200, 1.4),
    _pump("FG-C32", "Circulator C32", "Circulator", 760, 0.02, 0.10, 0.33, 100, 1.7),
    _pump("FG-C40", "Circulator C40", "Circulator", 380, -0.10, 0.16, 0.34, 100, 2.4),
    _pump("FG-B2", "Booster B2", "Booster", 690, 0.06, 0.11, 0.33, 100, 1.6, SOUTH),
    _pump("FG-B4", "Booster B4", "Booster", 820, 0.07, 0.10, 0.34, 100, 1.5, SOUTH),
    _pump("FG-B6", "Booster B6", "Booster", 430, 0.04, 0.14, 0.35, 50, 1.9, SOUTH),
    _pump("FG-B8", "Booster B8", "Booster", 160, 0.01, 0.22, 0.36, 50, 2.3, SOUTH),
    _pump("FG-S10", "Submersible S10", "Submersible", 540, 0.02, 0.14, 0.34, 50, 1.8),
    _pump("FG-S15", "Submersible S15", "Submersible", 470, 0.03, 0.15, 0.35, 50, 1.9),
    _pump("FG-S20", "Submersible S20", "Submersible", 210, 0.00, 0.24, 0.36, 50, 2.4),
    _pump("FG-S30", "Submersible S30", "Submersible", 90, -0.05, 0.38, 0.37, 20, 3.0),
    _pump("FG-D6", "Sump D6", "Sump", 620, 0.02, 0.12, 0.28, 100, 1.7, SOUTH),
    _pump("FG-D8", "Sump D8", "Sump", 410, 0.00, 0.15, 0.29, 100, 1.9, SOUTH),
    _pump("FG-D12", "Sump D12", "Sump", 140, -0.15, 0.30, 0.30, 50, 3.4, SOUTH),
    _pump("FG-P40", "Process pump P40", "Process", 150, 0.02, 0.26, 0.40, 20, 2.2),
    _pump("FG-P65", "Process pump P65", "Process", 95, 0.04, 0.45, 0.41, 10, 2.6),
    _pump("FG-P80", "Process pump P80", "Process", 46, 0.00, 0.60, 0.42, 10, 3.2),
    _pump("FG-P100", "Process pump P100", "Process", 18, 0.00, 0.85, 0.44, 10, 3.8),
    _pump("FG-V25", "Smart pump V25", "Smart", 360, 0.26, 0.16, 0.38, 50, 1.6),
    _pump("FG-V40", "Smart pump V40", "Smart", 240, 0.30, 0.20, 0.39, 50, 1.8),
    _pump("FG-V65", "Smart pump V65", "Smart", 75, 0.34, 0.30, 0.41, 20, 2.4),
)


def _spare(
    key: str,
    description: str,
    site: str,
    frequency: float,
    sizes: tuple[int, int],
    margin: float,
    lot: int,
    cover: float,
    last_month: int = 99,
) -> Spare:
    distribution = "negbin" if frequency < 1 and last_month > 24 else "normal"
    return Spare(
        key, description, "SP", site, "own production", "pcs", 20, 6, 60, lot, lot, cover, distribution,
        margin, frequency, *sizes, last_month,
    )  # fmt: skip


SPARES: Final = (
    _spare("SP-601", "Seal kit 25", CENTRAL, 1.0, (130, 210), 0.55, 20, 3.2),
    _spare("SP-602", "Seal kit 38", CENTRAL, 1.0, (34, 86), 0.57, 10, 3.8),
    _spare("SP-603", "Bearing kit", CENTRAL, 1.0, (80, 170), 0.52, 20, 3.4),
    _spare("SP-611", "Impeller kit S", SOUTH, 0.60, (4, 26), 0.54, 5, 5.5),
    _spare("SP-612", "Impeller kit L", CENTRAL, 0.35, (2, 11), 0.56, 2, 19.0),
    _spare("SP-621", "Spare motor S", SOUTH, 0.50, (3, 18), 0.46, 2, 5.0),
    _spare("SP-622", "Spare motor L", CENTRAL, 0.45, (1, 7), 0.48, 1, 8.0),
    _spare("SP-631", "Control board V1 (superseded)", CENTRAL, 0.70, (4, 22), 0.50, 5, 45.0, 8),
)

_MOTOR: Final = {
    "S": {"WP-511": 1, "WP-521": 1, "RM-204": 2, "RM-305": 1},
    "M": {"WP-512": 1, "WP-522": 1, "RM-204": 2, "RM-305": 1},
    "L": {"WP-513": 1, "WP-523": 1, "RM-205": 2, "RM-305": 1},
}
_WET_END: Final = {
    "S": {"WP-411": 1, "WP-421": 1, "RM-301": 1, "RM-303": 1, "RM-304": 1, "RM-104": 0.2, "RM-308": 1},
    "M": {"WP-412": 1, "WP-422": 1, "RM-301": 1, "RM-303": 1, "RM-304": 1, "RM-104": 0.4, "RM-308": 1},
    "L": {"WP-413": 1, "WP-423": 1, "RM-302": 1, "RM-303": 1, "RM-304": 2, "RM-104": 0.9, "RM-309": 1},
}
_DRIVE: Final = {"RM-306": 1, "RM-307": 1}
_SIZES: Final = {
    "S": ("FG-C20", "FG-C25", "FG-B2", "FG-D6", "FG-S10", "FG-V25"),
    "M": ("FG-C32", "FG-C40", "FG-B4", "FG-B6", "FG-D8", "FG-D12", "FG-S15", "FG-S20", "FG-V40"),
    "L": ("FG-B8", "FG-S30", "FG-P40", "FG-P65", "FG-P80", "FG-P100", "FG-V65"),
}
# Assembly labour and the parts too cheap to plan, per pump.
_ASSEMBLY: Final = {
    "FG-C20": 9, "FG-C25": 13, "FG-B2": 17, "FG-D6": 7, "FG-S10": 21, "FG-V25": 19,
    "FG-C32": 16, "FG-C40": 23, "FG-B4": 22, "FG-B6": 34, "FG-D8": 14, "FG-D12": 24,
    "FG-S15": 27, "FG-S20": 41, "FG-V40": 31,
    "FG-B8": 38, "FG-S30": 64, "FG-P40": 72, "FG-P65": 118, "FG-P80": 196, "FG-P100": 287, "FG-V65": 88,
}  # fmt: skip

# One level after the other, so that every parent stands before its components.
BILLS: Final[tuple[tuple[str, dict[str, float]], ...]] = (
    *(
        (key, {**_MOTOR[size], **_WET_END[size], **(_DRIVE if key.startswith("FG-V") else {})})
        for size, keys in _SIZES.items()
        for key in keys
    ),
    ("SP-601", {"RM-301": 1, "RM-303": 1, "RM-308": 1}),
    ("SP-602", {"RM-302": 1, "RM-303": 1, "RM-308": 1}),
    ("SP-603", {"RM-204": 2, "RM-308": 1}),
    ("SP-611", {"WP-421": 1, "RM-303": 1, "RM-308": 1}),
    ("SP-612", {"WP-423": 1, "RM-303": 1, "RM-308": 1}),
    ("SP-621", {**_MOTOR["S"], "RM-309": 1}),
    ("SP-622", {**_MOTOR["L"], "RM-309": 1}),
    ("SP-631", {"RM-306": 1, "RM-308": 1}),
    ("WP-411", {"RM-101": 5}),
    ("WP-412", {"RM-101": 12}),
    ("WP-413", {"RM-101": 30}),
    ("WP-421", {"RM-103": 0.5}),
    ("WP-422", {"RM-103": 1.2}),
    ("WP-423", {"RM-102": 3}),
    ("WP-511", {"RM-203": 1, "RM-202": 0.5}),
    ("WP-512", {"RM-203": 1, "RM-202": 1}),
    ("WP-513", {"RM-203": 2, "RM-202": 2.5}),
    ("WP-521", {"RM-201": 0.7, "RM-202": 0.5}),
    ("WP-522", {"RM-201": 1.6, "RM-202": 1}),
    ("WP-523", {"RM-201": 4, "RM-202": 2.5}),
)

CONVERSION: Final = {
    **_ASSEMBLY,
    "SP-601": 2, "SP-602": 2, "SP-603": 2, "SP-611": 3, "SP-612": 3, "SP-621": 9, "SP-622": 18, "SP-631": 4,
    "WP-411": 9, "WP-412": 16, "WP-413": 34, "WP-421": 5, "WP-422": 8, "WP-423": 19,
    "WP-511": 6, "WP-512": 9, "WP-513": 16, "WP-521": 8, "WP-522": 12, "WP-523": 24,
}  # fmt: skip

MASTER: Final[dict[str, Part]] = {part.key: part for part in (*MATERIALS, *HALF_FINISHED, *PUMPS, *SPARES)}
KEYS: Final = tuple(MASTER)
COMPONENT_KEYS: Final = tuple(part.key for part in (*MATERIALS, *HALF_FINISHED))
