"""Draws the grid, SLA by status: on screen at every size, with waiting, no SLA and all that is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from msgspec import Struct

from slaboard.board import cells, durations, keys
from slaboard.board.draw.line import Line, Span, fit, restyle
from slaboard.board.draw.line import width as line_width
from slaboard.board.face import NAMES, TINY, binding, face, running
from slaboard.board.instant import hms
from slaboard.board.pivot import NONE, Pivot, Slice, drill, label, slices, window
from slaboard.board.state import Board, Focus, Grid
from slaboard.board.views import Filter
from slaboard.ticket import PROMISES, ZONES, Bucket, Ticket, Zone

EMPTY = Grid(at=0)
_ROOMY_CELL = 8
_PAIR = 5
"""Cells that `hits/total` needs; where a count has fewer, all show their hits alone."""
_NEXT_ID, _NEXT_LEFT, _NEXT_OWNER = 9, 9, 14
_NEAREST = 3
"""Tickets of the cell under a hand that are shown."""


class Shape(Struct, frozen=True):
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
    is_named = board.pivot.is_named
    if not has_facts(width, height):
        return Shape(17 + 7 * is_named, 11, 8) if width >= 100 else Shape(15 + 4 * is_named, 9, 8)
    label, total, facts = 4, 6, 10
    if is_named:  # names need more room than promises: the sums give way
        label, total, facts = (10, 0, 8) if width >= 38 else (8, 0, 6)
    if board.hits is not None:
        total, facts = 0, min(facts, 8)  # hits/total is wide: the sums give way
    cell = min(max((width - label - total - facts) // 4, 4), 9)
    if width < label + 4 * cell + total + facts:
        total = 0
    return Shape(label, cell, total, max(0, min(width - label - 4 * cell - total, 16)))


def buckets(board: Board) -> tuple[Bucket, ...]:
    """The promises in the grid, and updates where the policy promises them."""
    return (*PROMISES, Bucket.UPDATE) if board.grid and board.grid.uses_update else PROMISES


def names(board: Board) -> tuple[str, ...]:
    """What every row of the grid stands for, also those below the last that is drawn."""
    if not board.pivot.is_named:
        return tuple(bucket.value for bucket in buckets(board))
    return board.pivoted.order if board.pivoted is not None else ()


def row_count(board: Board) -> int:
    """How many rows a hand can go through."""
    return len(names(board))


def cell_filter(board: Board) -> tuple[str, Filter] | None:
    """What lists the cell under the grid's cursor, as typed and as meant; None where there is no row."""
    rows, (row, column) = names(board), board.cell
    if not rows:
        return None
    name = rows[min(max(row, 0), len(rows) - 1)]
    written = label(board.pivoted, name) if name and board.pivot.is_named and board.pivoted is not None else name
    return drill(board.pivot, written, ZONES[min(max(column, 0), 3)])


def nearest_wanted(board: Board, width: int, height: int) -> tuple[Filter, int] | None:
    """What is to be read of the cell under a hand: no more tickets than are shown, and none of an empty cell."""
    if board.focus is not Focus.GRID or has_facts(width, height) or not _has_side(board, width, height):
        return None
    rows, (row, column) = names(board), board.cell
    cell = cell_filter(board)
    if cell is None or not _is_known(board):
        return None
    name = rows[min(max(row, 0), len(rows) - 1)]
    if board.pivot is Pivot.STAGE:
        counts = board.grid.row(Bucket(name)) if board.grid is not None else NONE
    else:
        counts = board.pivoted.counts.get(name, NONE) if board.pivoted is not None else NONE
    many = min(_NEAREST, counts[min(max(column, 0), 3)])
    return (cell[1], many) if many else None


def _has_side(board: Board, width: int, height: int) -> bool:
    """Whether there is room at the right of the counts."""
    return width - shape(board, width, height).counts >= 3 + _NEXT_ID + _NEXT_LEFT


def _room(height: int) -> int:
    """How many rows of names there may be: the list is what people came for."""
    return next(rows for least, rows in ((48, 12), (38, 8), (30, 6), (20, 4), (0, 3)) if height >= least)


def _rows(board: Board, height: int) -> list[Slice]:
    """The rows as they are drawn."""
    if not board.pivot.is_named:
        return [_promise(board, bucket) for bucket in buckets(board)]
    if board.pivoted is None:
        return [Slice("", NONE)] * len(PROMISES)
    return slices(board.pivoted, _at(board), _room(height))


def _at(board: Board) -> int:
    return board.cell[0] if board.focus is Focus.GRID else 0


def _promise(board: Board, bucket: Bucket) -> Slice:
    found = board.pivoted
    if board.pivot is Pivot.CLOCKS:
        counts = found.counts.get(bucket.value, NONE) if found is not None else NONE
        hits = found.hits.get(bucket.value, NONE) if found is not None and found.hits is not None else None
        return Slice(bucket.value, counts, hits)
    counts = board.grid.row(bucket) if board.grid is not None else NONE
    return Slice(bucket.value, counts, board.hits.row(bucket) if board.hits is not None else None)


def _is_known(board: Board) -> bool:
    return board.grid is not None and (board.pivot is Pivot.STAGE or board.pivoted is not None)


def line_count(board: Board, width: int, height: int) -> int:
    """How many lines the grid takes."""
    rows = row_count(board) if not board.pivot.is_named else min(row_count(board), _room(height))
    return 1 + max(rows, len(PROMISES)) + (0 if has_facts(width, height) else 1)


def cell_at(board: Board, width: int, height: int, x: int, y: int) -> tuple[int, int] | None:
    """The row (of all there are) and column of the count at `x`, `y` from the grid's own corner."""
    form = shape(board, width, height)
    row, column = y - 1, (x - form.label) // form.cell
    drawn = _rows(board, height)
    if not (0 <= row < len(drawn) and 0 <= column < 4) or drawn[row].is_rest:
        return None
    return row + _first(board, height), column


def _first(board: Board, height: int) -> int:
    """The first of the names that are drawn."""
    if not board.pivot.is_named or board.pivoted is None:
        return 0
    return window(board.pivoted, _at(board), _room(height))[0]


def lines(board: Board, width: int, height: int) -> list[Line]:
    """The heading, a line for each row, and the totals under or beside them."""
    form = shape(board, width, height)
    drawn: list[Sequence[Span]] = [_heading(board, form)]
    if board.pivoted is not None and not board.pivoted.is_counted:
        drawn += _refusal(board, form.counts if form.facts else width)
    else:
        cursor = _cursor(board, height)
        drawn += [_row(board, form, part, at, cursor) for at, part in enumerate(_rows(board, height))]
    drawn += [()] * (line_count(board, width, height) - (0 if form.facts else 1) - len(drawn))
    if form.facts:
        facts = _facts(board, form.facts)
        drawn = [(*fit(line, form.counts), *facts[i]) if i < len(facts) else line for i, line in enumerate(drawn)]
    else:
        if _has_side(board, width, height):
            beside = _beside(board, width, form)
            drawn = [(*line, ("   ", "text"), *extra) for line, extra in zip_longest(drawn, beside, fillvalue=())]
        drawn.append(_totals(board, width))
    finished = [fit(line, width) for line in drawn]
    if board.freshness.is_stale(board.now):
        finished = [finished[0], *(restyle(line, lambda name: "dim") for line in finished[1:])]
    return finished


def _refusal(board: Board, width: int) -> list[Line]:
    """Why there is nothing to see, and what to do."""
    what = "count all their clocks" if board.pivot is Pivot.CLOCKS else f"turn the grid by {board.pivot}"
    texts = (
        f"So many tickets are open that it would take too long to {what}. Filter the list, and those are counted.",
        f"Too many tickets to {what}: filter the list.",
    )
    parts = next((found for text in texts if len(found := cells.wrap(text, max(1, width - 2))) <= 3), None)
    parts = parts or cells.wrap(texts[-1], max(1, width - 2))[:3]
    return [fit([(f" {part}", "dim")], width) for part in parts]


def _heading(board: Board, form: Shape) -> tuple[Span, ...]:
    """Each zone's heading says the key that lists it."""
    spans: list[Span] = [(cells.fit(_title(board, form), form.label), "head")]
    for zone in ZONES:
        cap = keys.cap(f"zone.{zone}", board.keys)
        roomy = f"{cap} {zone.upper()}"
        name = roomy if form.cell > _ROOMY_CELL else f"{cap}{zone.letter}"
        blank = " " * _margin(form.cell)
        spans.append((cells.fit(name, form.cell - len(blank), right=True) + blank, "head"))
    if form.sum:
        spans.append((cells.fit("SUM", form.sum, right=True), "head"))
    return tuple(spans)


def _title(board: Board, form: Shape) -> str:
    """Which grid this is (rule 2): of tickets in their stage, of all clocks, or by what."""
    if board.pivot is Pivot.STAGE:
        return " SLA by Status" if form.label > 4 else " now"
    if board.pivot is Pivot.CLOCKS:
        return " All clocks" if form.label > 4 else " all"
    if form.label > 10:
        return f" SLA by {board.pivot.capitalize()}"
    name = board.pivot.capitalize()
    return f" {name}" if form.label > len(name) else f" {_BRIEF.get(name, name)}"


def _row(board: Board, form: Shape, part: Slice, at: int, cursor: tuple[int, int] | None) -> tuple[Span, ...]:
    name, style = part.label, "dim" if part.is_rest else "grid.label"
    if not board.pivot.is_named:
        name = (NAMES if form.label > 4 else TINY)[Bucket(name)]
    spans: list[Span] = [(" " + cells.fit(cells.safe(name), form.label - 1), style)]
    for column, zone in enumerate(ZONES):
        spans += _cell(board, part, zone, form.cell, cursor == (at, column))
    if form.sum:
        hits = None if part.hits is None else sum(part.hits)
        text = count(sum(part.counts), hits, form.sum - 1) if _is_known(board) else "·"
        spans.append((cells.fit(text, form.sum, right=True), "grid.sum"))
    return tuple(spans)


def _cursor(board: Board, height: int) -> tuple[int, int] | None:
    """Which of the drawn cells is under the cursor; None while the hands are elsewhere."""
    if board.focus is not Focus.GRID:
        return None
    row, column = board.cell
    row = min(max(row, 0), max(0, row_count(board) - 1)) - _first(board, height)
    return row, min(max(column, 0), 3)


def _cell(board: Board, part: Slice, zone: Zone, width: int, is_cursor: bool) -> list[Span]:
    """A count on its colour, a blank before it so that two colours do not touch."""
    inside = width - 1 - _margin(width)
    hits = None if part.hits is None else part.hits[zone.rank]
    text = count(part.counts[zone.rank], hits, inside) if _is_known(board) else "·"
    shown = part.counts if part.hits is None else part.hits
    style = f"grid.{zone}" if shown[zone.rank] else "grid.zero"
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
    return count(of(board.grid), of(board.hits) if board.hits is not None else None, width)


def count(total: int, hits: int | None, width: int) -> str:
    """`26`, with a filter `1/26`. Shortened where it would not fit."""
    if hits is None:
        return number(total, width)
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


_BRIEF = {"Priority": "Prio", "Customer": "Cust"}


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
    if board.pivoted is not None and not board.pivoted.is_counted:
        return ("",)
    if board.pivot is Pivot.CLOCKS:
        return ("every running clock counts, so a ticket up to three times", "every running clock counts", "all clocks")
    if board.pivot.is_named:
        partly = "of the filtered alone: all are too many; " if board.pivoted and board.pivoted.is_partial else ""
        first = "" if board.pivot is Pivot.PRIORITY else ", those in need first"
        by = f"by {board.pivot}"
        return (f"{partly}each counts once, {by}{first}", f"{partly}each counts once, {by}", f"{partly}{by}", by)
    return ("each counts once, in its current stage", "each in its current stage", "by current stage")


def _beside(board: Board, width: int, form: Shape) -> list[Sequence[Span]]:
    """What stands at the right: the first tickets of the cell under a hand, else what breaches next."""
    if board.focus is Focus.GRID:
        return [[("FIRST IN THIS CELL", "head")], *(_near(board, ticket, width - form.counts - 3) for ticket in
                                                    board.nearest[:_NEAREST])]  # fmt: skip
    if board.pivot is not Pivot.STAGE or (board.hits is not None and not board.hits.next):
        return []
    return [[("NEXT TO BREACH", "head")], *(_next(board, bucket, width) for bucket in buckets(board))]


def _near(board: Board, ticket: Ticket, room: int) -> list[Span]:
    """Its id, the zone and what is left of the clock that counts here, and whose it is."""
    name = names(board)[board.cell[0]] if board.cell[0] in range(row_count(board)) else ""
    is_its = board.pivot is Pivot.CLOCKS or name == Bucket.UPDATE
    shown = face(running(ticket, Bucket(name)) if is_its and name else binding(ticket), board)
    chip, ink = (f"zone.{shown.zone}", f"ink.{shown.zone}") if shown.zone else ("dim", "dim")
    spans: list[Span] = [(cells.fit(ticket.id, _NEXT_ID - 1), "text"), (shown.letter, chip)]
    spans.append((cells.fit(shown.full, _NEXT_LEFT, right=True), ink))
    left = room - _NEXT_ID - _NEXT_LEFT - 2
    about = ticket.title if board.pivot is Pivot.CUSTOMER else ticket.customer or ticket.title
    return [*spans, (f"  {cells.cut(about, left)}", "text")] if left >= 8 else spans


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
