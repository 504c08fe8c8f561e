"""Charts as inline SVG: no script, no network. All text is escaped here, so that callers pass what they have."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 560
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 12, 28


@dataclass(frozen=True)
class Series:
    """A line: its name, its (x, y) points, and its colour's number in the page's palette (1 to 4)."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: int
    dashed: bool = False
    dots: bool = False
    filled: bool = False


@dataclass(frozen=True)
class Interval:
    """A share between 0 and 1, the bounds of its interval, and a note beside it."""

    label: str
    share: float
    low: float
    high: float
    note: str


def lines(
    title: str,
    series: Sequence[Series],
    *,
    x_ticks: Sequence[tuple[float, str]],
    y_top: float,
    height: int = 240,
    width: int = WIDTH,
    percent: bool = False,
    x_name: str = "",
    y_name: str = "",
) -> str:
    """A chart of lines over an axis that begins at 0 and ends at `y_top`; x runs over the ticks and the points."""
    xs = [x for x, _ in x_ticks] + [x for one in series for x, _ in one.points]
    low, high = min(xs, default=0.0), max(xs, default=1.0)
    span = (high - low) or 1.0
    top = y_top or 1.0
    bottom = height - _BOTTOM - (14 if x_name else 0)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x = _LEFT + (point[0] - low) / span * (width - _LEFT - _RIGHT)
        return x, bottom - min(point[1], top) / top * (bottom - _TOP)

    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        value = top * share
        y = place((low, value))[1]
        label = f"{value:.0%}" if percent else _short(value)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{width - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(label)}</text>')
    for x_value, label in x_ticks:
        x = place((x_value, 0))[0]
        anchor = "end" if x > width - 30 else "middle"
        parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 18}" text-anchor="{anchor}">{escape(label)}</text>')
    if x_name:
        middle = (width + _LEFT - _RIGHT) / 2
        parts.append(f'<text class="tick" x="{middle}" y="{height - 3}" text-anchor="middle">{escape(x_name)}</text>')
    if y_name:
        parts.append(
            f'<text class="tick" transform="rotate(-90)" x="{-(bottom + _TOP) / 2}" y="11" text-anchor="middle">'
            f"{escape(y_name)}</text>"
        )
    parts += [_line(one, [place(point) for point in one.points], bottom) for one in series]
    legend = "".join(
        f'<span class="key"><i class="c{one.colour}{" dashed" if one.dashed else ""}"></i>{escape(one.name)}</span>'
        for one in series
        if one.name
    )
    return _figure(title, width, height, parts, legend)


def _line(series: Series, points: Sequence[tuple[float, float]], bottom: float) -> str:
    if not points:
        return ""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    drawn = f'<polyline class="line s{series.colour}{" dashed" if series.dashed else ""}" points="{path}"/>'
    if series.filled:
        area = f"{points[0][0]:.1f},{bottom} {path} {points[-1][0]:.1f},{bottom}"
        drawn = f'<polygon class="area f{series.colour}" points="{area}"/>' + drawn
    if series.dots:
        drawn += "".join(f'<circle class="f{series.colour}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in points)
    return drawn


def intervals(title: str, rows: Sequence[Interval], *, width: int = WIDTH) -> str:
    """A bar for each share, with its interval as a whisker."""
    top = max((row.high for row in rows), default=0.0) or 1.0
    left, right, step = 80, 140, 32
    height = step * len(rows) + 8
    scale = (width - left - right) / top
    parts = []
    for place, row in enumerate(rows):
        middle = place * step + step / 2 + 2
        bar = max(1.0, row.share * scale)
        low, high = left + row.low * scale, left + row.high * scale
        whisker = f"M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 5}v10M{high:.1f} {middle - 5}v10"
        share = f'<tspan class="strong">{row.share:.1%}</tspan><tspan class="dim" dx="8">{escape(row.note)}</tspan>'
        parts += [
            f'<text class="label" x="{left - 10}" y="{middle + 4}" text-anchor="end">{escape(row.label)}</text>',
            f'<rect class="f1 bar" x="{left}" y="{middle - 9}" height="18" rx="3" width="{bar:.1f}"/>',
            f'<path class="whisker" d="{whisker}"/>',
            f'<text class="label" x="{width - right + 14}" y="{middle + 4}">{share}</text>',
        ]
    return _figure(title, width, height, parts, "")


def funnel(title: str, steps: Sequence[tuple[str, int]], *, width: int = WIDTH) -> str:
    """A bar for each step, as wide as the share of the first step that reaches it."""
    first = steps[0][1] if steps else 0
    left, right, step = 116, 150, 42
    height = step * len(steps) + 6
    parts = []
    before = first
    for place, (label, count) in enumerate(steps):
        middle = place * step + step / 2
        share = count / first if first else 0.0
        kept = count / before if before else 0.0
        note = "" if place == 0 else f"{kept:.0%} of the step before"
        bar = max(2.0, share * (width - left - right))
        parts += [
            f'<text class="label" x="{left - 10}" y="{middle + 4}" text-anchor="end">{escape(label)}</text>',
            f'<rect class="track" x="{left}" y="{middle - 14}" height="28" rx="4" width="{width - left - right}"/>',
            f'<rect class="f1" x="{left}" y="{middle - 14}" height="28" rx="4" width="{bar:.1f}"/>',
            f'<text class="label strong" x="{width - right + 14}" y="{middle - 1}">{count:,}</text>',
            f'<text class="tick" x="{width - right + 14}" y="{middle + 13}">{escape(note)}</text>',
        ]
        before = count
    return _figure(title, width, height, parts, "")


def round_up(value: float) -> float:
    """The next number above that reads well: 1, 2, 2.5, 4, 5 or 8 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(nice * power for nice in (1, 2, 2.5, 4, 5, 8, 10) if nice * power >= value)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"


def _figure(title: str, width: int, height: int, parts: Sequence[str], legend: str) -> str:
    return (
        f'<figure><svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
        f"{f'<figcaption>{legend}</figcaption>' if legend else ''}</figure>"
    )
