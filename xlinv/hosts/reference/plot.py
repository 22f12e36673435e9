"""Lines and bars as SVG: enough of a chart to show what a function does."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH, HEIGHT = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 16, 48
_FEW: Final = 16  # so many bars have a tick each
COLOURS: Final = ("#2f5597", "#c55a11", "#3d8361", "#7b5ea7")


@dataclass(frozen=True)
class Curve:
    """One line, or one set of bars, with the name that the legend gives it."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    bars: bool = False


def svg(curves: Sequence[Curve], x_title: str, y_title: str) -> str:
    """The curves in one frame with round ticks, as an SVG element."""
    bars = [curve for curve in curves if curve.bars]
    each = bool(bars) and max(len(curve.x) for curve in bars) <= _FEW
    half = 0.5 if bars else 0.0
    reached = [x + side for curve in curves for x in curve.x for side in (-half, half)]
    xs = _Axis(reached, _LEFT, WIDTH - _RIGHT, 1.0 if each else 0.0)
    ys = _Axis([0.0, *(y for c in curves for y in c.y)], HEIGHT - _BOTTOM, _TOP, rounded=True)
    drawn = [_grid(xs, ys, x_title, y_title)]
    for place, curve in enumerate(bars):
        drawn.append(_bars(curve, place, len(bars), COLOURS[curves.index(curve) % len(COLOURS)], xs, ys))
    drawn += [_line(c, COLOURS[i % len(COLOURS)], xs, ys) for i, c in enumerate(curves) if not c.bars]
    title = escape(f"{y_title} over {x_title}")
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">{"".join(drawn)}</svg>'
        f"{_legend(curves)}"
    )


class _Axis:
    """Values on their way to places, with ticks at round numbers."""

    def __init__(
        self, values: Sequence[float], start: float, stop: float, step: float = 0.0, rounded: bool = False
    ) -> None:
        low, high = min(values), max(values)
        self.step = step or _round_step((high - low) or 1.0)
        if rounded or high == low:
            low = math.floor(low / self.step) * self.step
            high = max(math.ceil(high / self.step), math.floor(low / self.step) + 1) * self.step
        self.low, self.high, self.start, self.stop = low, high, start, stop

    def place(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.stop - self.start)

    def ticks(self) -> list[float]:
        first = math.ceil(self.low / self.step - 1e-9)
        last = math.floor(self.high / self.step + 1e-9)
        return [tick * self.step for tick in range(first, last + 1)]


def _round_step(span: float) -> float:
    """The step of 1, 2 or 5 times a power of ten that gives about five ticks."""
    power = 10.0 ** math.floor(math.log10(span / 5.0))
    return next((m * power for m in (1.0, 2.0, 5.0) if span / (m * power) <= 6.0), 10.0 * power)


def _grid(xs: _Axis, ys: _Axis, x_title: str, y_title: str) -> str:
    parts = []
    for tick in ys.ticks():
        y = ys.place(tick)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_shown(tick)}</text>')
    for tick in xs.ticks():
        x = xs.place(tick)
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - _BOTTOM + 18}" text-anchor="middle">{_shown(tick)}</text>'
        )
    zero = ys.place(0.0)
    middle = (_LEFT + WIDTH - _RIGHT) / 2
    parts.append(f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{zero:.1f}" y2="{zero:.1f}"/>')
    parts.append(
        f'<text class="title" x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x_title)}</text>'
    )
    upright = f"rotate(-90 14 {(HEIGHT - _BOTTOM + _TOP) / 2})"
    parts.append(
        f'<text class="title" x="14" y="{(HEIGHT - _BOTTOM + _TOP) / 2}" text-anchor="middle" '
        f'transform="{upright}">{escape(y_title)}</text>'
    )
    return "".join(parts)


def _shown(value: float) -> str:
    return f"{value:,.10g}".replace("-", "−") if abs(value) > 1e-12 else "0"


def _line(curve: Curve, colour: str, xs: _Axis, ys: _Axis) -> str:
    points = " ".join(f"{xs.place(x):.1f},{ys.place(y):.1f}" for x, y in zip(curve.x, curve.y, strict=True))
    return f'<polyline fill="none" stroke="{colour}" stroke-width="2.2" points="{points}"/>'


def _bars(curve: Curve, place: int, count: int, colour: str, xs: _Axis, ys: _Axis) -> str:
    width = (xs.place(1.0) - xs.place(0.0)) * 0.76 / count
    zero = ys.place(0.0)
    parts = []
    for x, y in zip(curve.x, curve.y, strict=True):
        left = xs.place(x) + (place - count / 2) * width
        top, bottom = sorted((ys.place(y), zero))
        parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width - 1:.1f}" height="{bottom - top:.1f}" '
            f'fill="{colour}"/>'
        )
    return "".join(parts)


def _legend(curves: Sequence[Curve]) -> str:
    keys = "".join(
        f'<span><i style="background:{COLOURS[i % len(COLOURS)]}"></i>{escape(curve.label)}</span>'
        for i, curve in enumerate(curves)
    )
    return f'<div class="legend">{keys}</div>'
