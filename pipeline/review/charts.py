"""Charts as inline SVG, of plain numbers; pure. Colours are the style sheet's (`charts.css`), so they follow light and dark.

Each chart is a picture of a table that stands beside it: the picture has a name, the table has the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log10

from markupsafe import Markup, escape

#: Of a large chart, in its own units.
WIDTH, HEIGHT = 720, 240
_LEFT, _BOTTOM, _TOP, _RIGHT = 60, 26, 10, 8
#: So many series have colours of their own; the others share the last.
SERIES = 8


def sparkline(values: Sequence[int], name: str, width: int = 140, height: int = 28) -> Markup:
    """Return bars of a series without axes; name: what it shows, for those who do not see it."""
    top = max([*values, 1])
    step = width / max(1, len(values))
    bars = [
        _bar(at * step + 0.5, height - (tall := max(1.5, (height - 1) * value / top)), max(1, step - 1), tall)
        for at, value in enumerate(values)
        if value
    ]
    base = f'<line x1="0" x2="{width}" y1="{height - 0.5}" y2="{height - 0.5}" class="axis"/>'
    return _svg("spark", width, height, name, base + "".join(bars))


def columns(labels: Sequence[str], series: Mapping[str, Sequence[int]], name: str, told: Mapping[str, str]) -> Markup:
    """Return one column a label, the series stacked; told: what the series are called, by key."""
    totals = [sum(values[at] for values in series.values()) for at in range(len(labels))]
    ticks = scale(max([*totals, 1]), steps=(1, 2, 5, 10))
    height, step = _inner(labels)
    parts = [_frame(labels, ticks)]
    below = [0.0] * len(labels)
    for number, (key, values) in enumerate(series.items()):
        for at, value in enumerate(values):
            if value:
                tall = height * value / ticks[-1]
                y = _TOP + height - below[at] - tall
                tip = f"{labels[at]}: {told.get(key, key)} {value}"
                parts.append(_bar(_LEFT + at * step + step * 0.1, y, step * 0.8, tall, min(number, SERIES - 1), tip))
                below[at] += tall
    return _svg("chart", WIDTH, HEIGHT, name, "".join(parts))


def line(labels: Sequence[str], values: Sequence[float | None], name: str, top: float = 1.0, unit: str = "") -> Markup:
    """Return a line through the values there are; top: the most there can be."""
    ticks = [top * part / 4 for part in range(5)]
    height, step = _inner(labels)
    points = [
        (_LEFT + at * step + step / 2, _TOP + height - height * value / top)
        for at, value in enumerate(values)
        if value is not None
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" class="dot"/>' for x, y in points)
    body = f'<polyline points="{path}" class="path"/>{dots}' if points else ""
    return _svg("chart", WIDTH, HEIGHT, name, _frame(labels, ticks, unit) + body)


def spread(labels: Sequence[str], quartiles: Sequence[tuple[float, float, float] | None], name: str) -> Markup:
    """Return for each label a bar from the first quartile to the third with a stroke at the median."""
    known = [one for one in quartiles if one]
    low = min([0.0, *(one[0] for one in known)])
    ticks = scale(max([1.0, *(one[2] for one in known)]), low)
    height, step = _inner(labels)
    span = ticks[-1] - ticks[0]

    def place(value: float) -> float:
        return _TOP + height - height * (value - ticks[0]) / span

    parts = [_frame(labels, ticks)]
    for at, one in enumerate(quartiles):
        if one:
            x, wide = _LEFT + at * step + step * 0.2, step * 0.6
            tip = f"{labels[at]}: {one[0]:.1f} – {one[1]:.1f} – {one[2]:.1f}"
            tall = max(3.0, place(one[0]) - place(one[2]))
            parts.append(_bar(x, place(one[2]), wide, tall, 0, tip))
            y = f"{place(one[1]):.1f}"
            if tall > 9:  # in a flat one the stroke would hide it
                parts.append(f'<line x1="{x:.1f}" x2="{x + wide:.1f}" y1="{y}" y2="{y}" class="median"/>')
    return _svg("chart", WIDTH, HEIGHT, name, "".join(parts))


def scale(most: float, least: float = 0.0, steps: Sequence[float] = (1, 2, 2.5, 5, 10)) -> list[float]:
    """Return round numbers that hold everything from least to most, about four, apart by one of steps times a ten."""
    rough = max(most - least, 1e-9) / 4
    ten = 10.0 ** (ceil(log10(rough)) - 1)
    step = next(ten * each for each in steps if ten * each >= rough - 1e-12)
    if 2.5 not in steps:
        step = max(1.0, step)  # of whole things there are no halves
    first = int(least // step)
    return [step * number for number in range(first, max(first + 1, ceil(most / step - 1e-9)) + 1)]


def _inner(labels: Sequence[str]) -> tuple[float, float]:
    """Return the height of the field, and the width of one label's part of it."""
    return HEIGHT - _TOP - _BOTTOM, (WIDTH - _LEFT - _RIGHT) / max(1, len(labels))


def _frame(labels: Sequence[str], ticks: Sequence[float], unit: str = "") -> str:
    height, step = _inner(labels)
    span = (ticks[-1] - ticks[0]) or 1
    parts = []
    for tick in ticks:
        y = _TOP + height - height * (tick - ticks[0]) / span
        parts.append(f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>')
        shown = f"{tick * 100:.0f}{unit}" if unit == "%" else f"{tick:g}"
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" class="tick end">{escape(shown)}</text>')
    every = max(1, ceil(len(labels) / 8))
    for at in range(0, len(labels), every):
        x = _LEFT + at * step + step / 2
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 8}" class="tick middle">{escape(labels[at])}</text>')
    return "".join(parts)


def _bar(x: float, y: float, width: float, height: float, series: int = 0, tip: str = "") -> str:
    inside = f"<title>{escape(tip)}</title>" if tip else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="s{series}">{inside}</rect>'


def _svg(kind: str, width: int, height: int, name: str, body: str) -> Markup:
    return Markup(  # noqa: S704 - numbers are ours, names are escaped
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(name)}">{body}</svg>'
    )
