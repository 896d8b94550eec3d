"""Charts as inline SVG: no script, no font and no address from elsewhere, every text in them escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from msgspec import Struct

WIDTH, HEIGHT = 760, 250
LEFT, RIGHT, TOP, BOTTOM = 44, 118, 14, 34
LABELS = 12
"""So many names of pieces fit under a chart."""


class Point(Struct, frozen=True):
    """One value of a series; None where there is none."""

    value: float | None
    told: str = ""
    """What a reader sees who points at it."""
    is_small: bool = False
    """It is of few, and drawn hollow."""


class Series(Struct, frozen=True):
    """A line: its name, which of the styles s0, s1, ... it is drawn in, and its points."""

    name: str
    style: int
    points: Sequence[Point]


def lines(title: str, labels: Sequence[str], series: Sequence[Series]) -> str:
    """Shares over time, each series a line that breaks where there is no value; each has a mark of its own."""
    values = [point.value for one in series for point in one.points if point.value is not None]
    low = next((floor for floor in (0.9, 0.8, 0.5) if values and min(values) >= floor), 0.0)
    plot = _Plot(len(labels), low, 1.0)
    parts = [*plot.grid([low + (1 - low) * part / 4 for part in range(5)], percent=True), *plot.names(labels)]
    ends: list[tuple[float, Series]] = []
    for one in series:
        for known, run in groupby(enumerate(one.points), lambda item: item[1].value is not None):
            if known:
                found = [(plot.x(i), plot.y(point.value or 0.0)) for i, point in run]
                parts.append(f'<polyline class="line s{one.style}" points="{_points(found)}"/>')
        parts += [_mark(plot, i, point, one.style) for i, point in enumerate(one.points) if point.value is not None]
        if last := [point.value for point in one.points if point.value is not None]:
            ends.append((plot.y(last[-1]), one))
    parts += _ends(ends)
    return _svg(title, parts)


def _mark(plot: _Plot, i: int, point: Point, style: int) -> str:
    """A disc, a square or a diamond, so that no line is told by its colour alone."""
    x, y = plot.x(i), plot.y(point.value or 0.0)
    size = 3.5
    shapes = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}"',
        f'<rect x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size}" height="{2 * size}"',
        f'<path d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z"',
    )
    small = " small" if point.is_small else ""
    return f'{shapes[style % 3]} class="mark s{style}{small}"><title>{escape(point.told)}</title>{_END[style % 3]}'


_END = ("</circle>", "</rect>", "</path>")


def _ends(ends: Sequence[tuple[float, Series]]) -> Iterator[str]:
    """The name of each line where it ends, moved apart where they would touch."""
    found = sorted(ends, key=lambda item: item[0])
    heights: list[float] = []
    for y, _ in found:
        heights.append(max(y + 4, heights[-1] + 14 if heights else 0))
    foot = HEIGHT - 2.0
    for i in range(len(heights) - 1, -1, -1):
        heights[i] = min(heights[i], foot)
        foot = heights[i] - 14
    for y, (_, one) in zip(heights, found, strict=True):
        yield f'<text class="name s{one.style}" x="{WIDTH - RIGHT + 12}" y="{y:.1f}">{escape(one.name)}</text>'


def columns(title: str, labels: Sequence[str], series: Sequence[Series], line: Series) -> str:
    """Counts over time: two columns a piece, and a line beside them on the same scale."""
    values = [point.value or 0.0 for one in (*series, line) for point in one.points]
    plot = _Plot(len(labels), 0.0, _top(max(values, default=0.0)))
    parts = [*plot.grid([plot.high * part / 4 for part in range(5)], percent=False), *plot.names(labels)]
    wide = max(1.0, min(18.0, plot.step * 0.38))
    for number, one in enumerate(series):
        for i, point in enumerate(one.points):
            if point.value:
                x, y = plot.x(i) + (number - 1) * wide, plot.y(point.value)
                box = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{plot.y(0) - y:.1f}"'
                parts.append(f'<rect class="bar s{one.style}" {box}><title>{escape(point.told)}</title></rect>')
    found = [(plot.x(i), plot.y(point.value)) for i, point in enumerate(line.points) if point.value is not None]
    parts.append(f'<polyline class="line s{line.style}" points="{_points(found)}"/>')
    parts += [_mark(plot, i, point, line.style) for i, point in enumerate(line.points) if point.value is not None]
    for number, one in enumerate((*series, line)):
        y = TOP + 12 + 18 * number
        parts.append(f'<rect class="bar s{one.style}" x="{WIDTH - RIGHT + 12}" y="{y - 9}" width="10" height="10"/>')
        parts.append(f'<text class="key" x="{WIDTH - RIGHT + 28}" y="{y}">{escape(one.name)}</text>')
    return _svg(title, parts)


def bar(share: float) -> str:
    """A small bar that is filled by `share`, beside a figure in a table."""
    return (
        '<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="rest" width="100" height="10"/><rect class="full" width="{100 * share:.1f}" height="10"/></svg>'
    )


class _Plot(Struct, frozen=True):
    """Where values are drawn: `count` pieces from left to right, `low` to `high` from the bottom up."""

    count: int
    low: float
    high: float

    @property
    def step(self) -> float:
        """How wide a piece is."""
        return (WIDTH - LEFT - RIGHT) / max(1, self.count)

    def x(self, i: int) -> float:
        """The middle of piece `i`."""
        return LEFT + self.step * (i + 0.5)

    def y(self, value: float) -> float:
        """The height of a value."""
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - self.low) / (self.high - self.low))

    def grid(self, values: Sequence[float], *, percent: bool) -> Iterator[str]:
        """Lines across, with what they stand for."""
        for value in values:
            y, told = self.y(value), f"{100 * value:.3g} %" if percent else f"{value:,.6g}"
            yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{told}</text>'

    def names(self, labels: Sequence[str]) -> Iterator[str]:
        """What the pieces are called, as many as fit."""
        every = -(-len(labels) // LABELS)
        for i, label in enumerate(labels):
            if i % every == 0:
                x, y = self.x(i), HEIGHT - BOTTOM + 18
                yield f'<text class="tick" x="{x:.1f}" y="{y}" text-anchor="middle">{escape(label)}</text>'


def _top(value: float) -> float:
    """A round number that is no smaller, and that four parts divide."""
    scale = 1.0
    while 40 * scale < value:
        scale *= 10
    return next(top * scale for top in (4, 8, 12, 16, 20, 24, 32, 40) if top * scale >= value)


def _points(found: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in found)


def _svg(title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )
