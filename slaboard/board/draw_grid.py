"""Draws the grid, SLA by status: on screen at every size, with waiting, no SLA and all that is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from slaboard.board import cells, durations, keys
from slaboard.board.face import NAMES, TINY
from slaboard.board.instant import hms
from slaboard.board.line import Line, Span, fit, restyle
from slaboard.board.line import width as line_width
from slaboard.board.state import Board, Focus, Grid
from slaboard.ticket import PROMISES, ZONES, Bucket, Zone

EMPTY = Grid(at=0)
_ROOMY_CELL = 8
_PAIR = 5
"""Cells that `hits/total` needs; where a count has fewer, all show their hits alone."""
_NEXT_ID, _NEXT_LEFT, _NEXT_OWNER = 9, 9, 14


@dataclass(frozen=True, slots=True)
class Shape:
    """How many cells each part of a grid's line has. `facts` is the little panel of totals at the right."""

    label: int
    cell: int
    sum: int
    facts: int = 0

    @property
    def counts(self) -> int:
        """The cells of label, counts and sum together."""
        return self.label + 4 * self.cell + self.sum


def has_facts(width: int, height: int) -> bool:
    """True where the totals stand in a panel beside the counts: where a line of their own costs too much."""
    return width < 72 or height < 12


def shape(board: Board, width: int, height: int) -> Shape:
    """The widest grid that fits."""
    if not has_facts(width, height):
        return Shape(17, 11, 8) if width >= 100 else Shape(15, 9, 8)
    label, total, facts = 4, 6, 10
    if board.hits is not None:
        total, facts = 0, 8  # hits/total is wide: the sums give way
    cell = min(max((width - label - total - facts) // 4, 4), 9)
    if width < label + 4 * cell + total + facts:
        total = 0
    return Shape(label, cell, total, min(width - label - 4 * cell - total, 16))


def buckets(board: Board) -> tuple[Bucket, ...]:
    """The rows of the grid: the three promises, and updates where the policy promises them."""
    return (*PROMISES, Bucket.UPDATE) if board.grid and board.grid.uses_update else PROMISES


def line_count(board: Board, width: int, height: int) -> int:
    """How many lines the grid takes."""
    return 1 + len(buckets(board)) + (0 if has_facts(width, height) else 1)


def cell_at(board: Board, width: int, height: int, x: int, y: int) -> tuple[int, int] | None:
    """The row and column of the count at `x`, `y` from the grid's own corner."""
    form = shape(board, width, height)
    row, column = y - 1, (x - form.label) // form.cell
    return (row, column) if 0 <= row < len(buckets(board)) and 0 <= column < 4 else None


def lines(board: Board, width: int, height: int) -> list[Line]:
    """The heading, a line for each bucket, and the totals under or beside them."""
    form = shape(board, width, height)
    drawn = [_heading(board, form), *(_row(board, form, index) for index in range(len(buckets(board))))]
    if form.facts:
        facts = _facts(board, form.facts)
        drawn = [(*line, *facts[i]) if i < len(facts) else line for i, line in enumerate(drawn)]
    else:
        beside = [[("NEXT TO BREACH", "head")], *(_next(board, bucket, width) for bucket in buckets(board))]
        if width - form.counts >= 3 + _NEXT_ID + _NEXT_LEFT:
            drawn = [(*line, ("   ", "text"), *extra) for line, extra in zip(drawn, beside, strict=True)]
        drawn.append(_totals(board, width))
    finished = [fit(line, width) for line in drawn]
    if board.freshness.is_stale(board.now):
        finished = [finished[0], *(restyle(line, lambda name: "dim") for line in finished[1:])]
    return finished


def _heading(board: Board, form: Shape) -> tuple[Span, ...]:
    """Each zone's heading says the key that lists it."""
    title = " SLA by Status" if form.label > 4 else " now"
    spans: list[Span] = [(cells.fit(title, form.label), "head")]
    for zone in ZONES:
        cap = keys.cap(f"zone.{zone}", board.keys)
        roomy = f"{cap} {zone.upper()}"
        name = roomy if form.cell > _ROOMY_CELL else f"{cap}{zone.letter}"
        blank = " " * _margin(form.cell)
        spans.append((cells.fit(name, form.cell - len(blank), right=True) + blank, "head"))
    if form.sum:
        spans.append((cells.fit("SUM", form.sum, right=True), "head"))
    return tuple(spans)


def _row(board: Board, form: Shape, index: int) -> tuple[Span, ...]:
    bucket = buckets(board)[index]
    names = NAMES if form.label > 4 else TINY
    spans: list[Span] = [(cells.fit(f" {names[bucket]}", form.label), "grid.label")]
    for column, zone in enumerate(ZONES):
        is_cursor = board.focus is Focus.GRID and (index, column) == _cursor(board)
        spans += _cell(board, bucket, zone, form.cell, is_cursor)
    if form.sum:
        text = _count(board, lambda grid: sum(grid.row(bucket)), form.sum - 1)
        spans.append((cells.fit(text, form.sum, right=True), "grid.sum"))
    return tuple(spans)


def _cursor(board: Board) -> tuple[int, int]:
    row, column = board.cell
    return min(max(row, 0), len(buckets(board)) - 1), min(max(column, 0), 3)


def _cell(board: Board, bucket: Bucket, zone: Zone, width: int, is_cursor: bool) -> list[Span]:
    """A count on its colour, a blank before it so that two colours do not touch."""
    inside = width - 1 - _margin(width)
    text = _count(board, lambda grid: grid.cells.get((bucket, zone), 0), inside)
    counted = board.hits or board.grid or EMPTY
    style = f"grid.{zone}" if counted.cells.get((bucket, zone)) else "grid.zero"
    if is_cursor:
        text, style = f">{text}", "grid.cursor"
    return [(" ", "text"), (cells.fit(text, inside, right=True) + " " * _margin(width), style)]


def _margin(width: int) -> int:
    """A blank behind the digits where there is room: digits at the very edge of a colour are hard to read."""
    return 1 if width > _ROOMY_CELL else 0


def _count(board: Board, of: Callable[[Grid], int], width: int) -> str:
    """`26`, with a filter `1/26`; a dot while nothing is known. Shortened where it would not fit."""
    if board.grid is None:
        return "·"
    total = of(board.grid)
    if board.hits is None:
        return number(total, width)
    hits = of(board.hits)
    if width < _PAIR:
        return number(hits, width)
    for text in (f"{hits}/{total}", f"{number(hits, 3)}/{number(total, 3)}"):
        if len(text) <= width:
            return text
    return number(hits, width)


def number(count: int, width: int) -> str:
    """`count` in at most `width` cells: `12k` and `3M` where the digits do not fit."""
    for size, unit in ((1, ""), (1_000, "k"), (1_000_000, "M")):
        text = f"{count // size}{unit}"
        if len(text) <= width:
            return text
    return "+" * min(width, 1)


def _timed(grid: Grid) -> int:
    """The tickets that are in a cell."""
    return sum(sum(grid.row(bucket)) for bucket in PROMISES)


_TOTALS: tuple[tuple[str, Callable[[Grid], int]], ...] = (
    ("open", lambda grid: grid.open),
    ("timed", _timed),
    ("wait", lambda grid: grid.waiting),
    ("noSLA", lambda grid: grid.no_sla),
)
"""Open is the sum of the other three (rule 2)."""


def _facts(board: Board, width: int) -> list[tuple[Span, ...]]:
    """The totals as a panel, one a line."""
    counts = [(name, _count(board, of, width - 3)) for name, of in _TOTALS]
    is_roomy = all(len(name) + len(text) < width - 1 for name, text in counts)
    drawn: list[tuple[Span, ...]] = []
    for name, text in counts:
        label = name if is_roomy else name[:1]
        drawn.append((("│", "rule"), (label, "grid.label"), (text.rjust(width - 1 - len(label)), "grid.sum")))
    return drawn


def _totals(board: Board, width: int) -> tuple[Span, ...]:
    """The totals as a sentence, and which counting this is."""
    counts = {name: _count(board, of, 15) for name, of in _TOTALS}
    spans: list[Span] = [
        (f" {counts['open']} open", "grid.sum"),
        (f": {counts['timed']} on a clock, {counts['wait']} waiting, {counts['noSLA']} no SLA", "grid.label"),
    ]
    room = width - line_width(spans) - 3
    remark = next((remark for remark in _remarks(board) if len(remark) <= room), "")
    return (*spans, ("   ", "text"), (remark, "dim"))


def _remarks(board: Board) -> tuple[str, ...]:
    """Which counting this is (rule 2), or how old it is; the longest wording first."""
    if board.freshness.is_stale(board.now):
        return (f"as of {hms(board.freshness.as_of, board.timezone)}",)
    return ("each counts once, in its current stage", "each in its current stage", "by current stage")


def _next(board: Board, bucket: Bucket, width: int) -> list[Span]:
    """The clock of `bucket` that breaches next, with its owner where there is room."""
    found = (board.hits or board.grid or EMPTY).next.get(bucket)
    if found is None:
        return []
    left = durations.full(durations.until_s(found.due_at, board.now, board.calendars.get(found.calendar)))
    spans = [
        (cells.fit(found.ticket, _NEXT_ID), "text"),
        (cells.fit(left, _NEXT_LEFT, right=True), "strong"),
    ]
    if width >= 104:
        owner = found.owner or "unclaimed"
        spans.append((f"  {cells.cut(owner, _NEXT_OWNER)}", "text" if found.owner else "strong"))
    return spans
