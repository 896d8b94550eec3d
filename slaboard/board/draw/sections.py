"""Draws the parts of the history screen: bars of blocks, a heat map, and beside each the number that it stands for."""

from __future__ import annotations

from collections.abc import Sequence

from slaboard.board import cells
from slaboard.board.draw.grid import number
from slaboard.board.draw.line import Line, Span, fit
from slaboard.board.face import NAMES
from slaboard.board.instant import day, hm, local
from slaboard.board.share import SMALL, share_text
from slaboard.board.state import Board
from slaboard.board.trends import FLOWS, WORKS, Figures, Flow, Kept, Part, Section, What, shape
from slaboard.ticket import Bucket

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FULL, _EMPTY = "▄", "▁"
"""Kept, and what is missing to all: told apart without colours, and with air between two lines."""
_SHADES = "·░▒▓█"
"""None, then a quarter each of the hours that had any: one wild afternoon does not make all others look alike."""
_WARMTH = ("dim", "dim", "text", "text", "strong")
_CURSOR = "grid.cursor"
_LABEL = 8
_DAY_LABEL = 7
HEAT_WIDTH = _DAY_LABEL + 24 * 4
"""From this width on each hour has its number."""
_SHARE, _COUNT = 9, 6
_LEAST_BAR = 3
_TALL = 17
"""From this height on a day of the heat map has two lines."""


def natural(figures: Figures, section: Section) -> int:
    """How many lines a section takes when it has all it wants."""
    return 1 + shape(figures, section)[0]


def lines(board: Board, figures: Figures, section: Section, into: int, height: int) -> list[Line]:
    """A section under its heading, in at most `height` lines of `into` cells."""
    drawers = {
        Section.KEPT: _kept,
        Section.TODAY: _today,
        Section.HOURS: _hours,
        Section.WEEK: _week,
        Section.PEOPLE: _people,
    }
    return [fit(line, into) for line in drawers[section](board, figures, into, height)[:height]]


def _cursor(board: Board, section: Section) -> tuple[int, int] | None:
    """The figure under the cursor; None while that is in another section."""
    trends = board.trends
    return (trends.row, trends.column) if trends.section is section and not trends.is_paper else None


def _top(cursor: tuple[int, int] | None, visible: int) -> int:
    """The first row in sight, so that the cursor is."""
    return 0 if cursor is None else max(0, cursor[0] - max(1, visible) + 1)


def _heading(board: Board, section: Section) -> str:
    """The style of a heading: that of the section with the cursor stands out."""
    return "strong" if board.trends.section is section and not board.trends.is_paper else "head"


def _chosen(spans: Sequence[Span], *, is_chosen: bool) -> tuple[Span, ...]:
    return tuple((text, _CURSOR) for text, _ in spans) if is_chosen else tuple(spans)


# --- promises kept ------------------------------------------------------------------------------------------------


def _kept(board: Board, figures: Figures, into: int, height: int) -> list[Line]:
    """A line a week, the newest first, and a bar for each promise; where only one has room, the cursor's."""
    cursor = _cursor(board, Section.KEPT)
    buckets = figures.buckets
    each = (into - _LABEL) // len(buckets)
    shown = list(enumerate(buckets))
    if each < _SHARE + _COUNT:
        each = into - _LABEL
        chosen = min(cursor[1] if cursor else 0, len(buckets) - 1)
        shown = [(chosen, buckets[chosen])]
    style = _heading(board, Section.KEPT)
    name = "KEPT" if len(shown) == len(buckets) else f"{shown[0][0] + 1} of {len(buckets)}"
    head: list[Span] = [(cells.fit(f" {name}", _LABEL), style)]
    head += [(_bucket_head(bucket, each), style) for _, bucket in shown]
    first = _top(cursor, height - 1)
    drawn: list[Line] = [tuple(head)]
    for row in range(first, min(len(figures.weeks), first + height - 1)):
        spans: list[Span] = [(cells.fit(f" {week_name(figures, row)}", _LABEL), "text")]
        for column, bucket in shown:
            bar, numbers = _share(figures.result(row, bucket), each)
            spans += [*bar, *_chosen(numbers, is_chosen=cursor == (row, column))]
        drawn.append(tuple(spans))
    return drawn


def _bucket_head(bucket: Bucket, each: int) -> str:
    name = NAMES[bucket]
    right = "n" if each < len(name) + 10 else "kept     n"
    return f" {cells.fit(name, max(0, each - 1 - len(right)))}{right}"


def week_name(figures: Figures, row: int) -> str:
    """`16 Nov`, the Monday with which it began; the present one is `now`."""
    return "so far" if row == 0 else day(figures.weeks[row].since, figures.timezone)[4:]


def _share(found: Kept, each: int) -> tuple[list[Span], list[Span]]:
    """A bar; the share and of how many. Of few `2 of 3` says both, and the bar is dim."""
    size = each - 1 - _SHARE - _COUNT
    share = share_text(found.met, found.n)
    count = number(found.n, _COUNT - 1) if found.n >= SMALL else ""
    numbers: list[Span] = [(cells.fit(share, _SHARE, right=True), "text"), (count.rjust(_COUNT), "dim")]
    if size < _LEAST_BAR or not found.n:
        return [(" " * (size + 1), "text")], numbers
    filled = _filled(found.met, found.n, size)
    style = "ink.green" if found.n >= SMALL else "dim"
    return [(" ", "text"), (_FULL * filled, style), (_EMPTY * (size - filled), "dim")], numbers


def _filled(some: int, whole: int, size: int) -> int:
    """Cells of a bar: all of them only for all, none only for none."""
    if not some or not whole:
        return 0
    most = size if some >= whole else size - 1
    return min(most, max(1, round(size * some / whole)))


# --- today ----------------------------------------------------------------------------------------------------------


def _today(board: Board, figures: Figures, into: int, height: int) -> list[Line]:
    """What came, went and was late today, beside the median of the same weekday until the same time."""
    cursor = _cursor(board, Section.TODAY)
    flows = [figures.flows.get(what, Flow()) for what in FLOWS]
    most = max((count for flow in flows for count in (flow.today, *flow.past)), default=0)
    tails = [_usual(flow, is_roomy=into >= 56) for flow in flows]
    tail = max(map(len, tails)) + 1
    bar = max(0, into - 18 - tail - 1)
    until = hm(figures.at, figures.timezone)
    weekday = WEEKDAYS[local(figures.at, figures.timezone).weekday()]
    beside = f", beside {len(figures.days) - 1} {weekday}s" if len(figures.days) > 1 else f", the first {weekday}"
    drawn: list[Line] = [((f" TODAY until {until}{beside if into >= 40 else ''}", _heading(board, Section.TODAY)),)]
    for row, (what, flow, text) in enumerate(zip(FLOWS, flows, tails, strict=True)):
        count = f"{what.capitalize():<9}{number(flow.today, 6):>6} "
        spans = _chosen([(" ", "text"), (count, "strong")], is_chosen=cursor == (row, 0))
        drawn.append((*spans, *_beside(flow, most, bar), (f" {text}", "dim")))
    return drawn


def _beside(flow: Flow, most: int, bar: int) -> list[Span]:
    """Today as a bar, and a mark where it usually is."""
    if bar < _LEAST_BAR:
        return []
    filled = _filled(flow.today, most, bar)
    text = _FULL * filled + " " * (bar - filled)
    if flow.usual is None:
        return [(text + " ", "text")]
    mark = round(bar * flow.usual / most) if most else 0
    return [(text[:mark], "text"), ("┃", "strong"), (text[mark:], "text")]


def _usual(flow: Flow, *, is_roomy: bool) -> str:
    """`usual 240 (198 to 301)`."""
    if flow.usual is None:
        return "usual -"
    usual = f"usual {int(flow.usual + 0.5):,}"  # between two days' counts: there is no half a ticket
    return f"{usual} ({min(flow.past):,} to {max(flow.past):,})" if is_roomy else usual


# --- busiest hours --------------------------------------------------------------------------------------------------


def _hours(board: Board, figures: Figures, into: int, height: int) -> list[Line]:
    """Tickets opened by weekday and hour, as shades; with their numbers where there is room."""
    cursor = _cursor(board, Section.HOURS)
    label = _DAY_LABEL if into >= _DAY_LABEL + 24 else 5
    cell = max(1, min(4, (into - label) // 24))
    counts = sorted(count for count in figures.hours.values() if count > 0)
    quarters = tuple(counts[len(counts) * part // 4] for part in (1, 2, 3)) if counts else ()
    style = _heading(board, Section.HOURS)
    step = {1: 6, 2: 3, 3: 2, 4: 1}[cell]
    scale = "".join(cells.fit(f"{hour:02}" if hour % step == 0 else "", cell) for hour in range(24))
    if cell == 1:
        scale = "".join(f"{hour:02}    " for hour in range(0, 24, 6))
    legend = f"  most: {counts[-1] if counts else 0:,}"
    head: list[Span] = [(cells.fit(" HOURS" if label == _DAY_LABEL else "", label), style), (scale, "head")]
    drawn: list[Line] = [(*head, *([(legend, "dim")] if into >= label + 24 * cell + len(legend) else []))]
    deep = 2 if height >= _TALL else 1
    first = _top(cursor, (height - 1) // deep)
    for row in range(first, 7):
        for line in range(deep):
            spans: list[Span] = [(cells.fit(f" {WEEKDAYS[row][:3] if not line else ''}", label), "text")]
            for hour in range(24):
                count = figures.hours.get((row, hour), 0)
                level = _level(count, quarters)
                text, style = _heat(count, level, cell, line if deep == 2 else None), _WARMTH[level]
                if cursor == (row, hour):  # a number among shades stands out without colours, too
                    style = _CURSOR
                    text = (str(count) if len(str(count)) <= cell else "+").ljust(cell) if cell < 4 else text
                spans.append((text, style))
            drawn.append(tuple(spans))
    return drawn


def _level(count: int, quarters: tuple[int, ...]) -> int:
    """0 for none, 1 for the quietest quarter of the hours with tickets, 4 for the busiest."""
    return 1 + sum(count > edge for edge in quarters) if count > 0 else 0


def _heat(count: int, level: int, cell: int, line: int | None) -> str:
    """An hour's shade; with its number beside it where there is room, above it where it has two lines (0 and 1)."""
    shade = _SHADES[level]
    if cell < 4:
        return shade * min(cell, 2) + " " * (cell - 2)
    text = number(count, 3).rjust(3) if count else "  ·"
    if line is None:
        return (shade if count else " ") + text
    return f"{text} " if line == 0 else (shade * 3 if count else "   ") + " "


# --- this week ------------------------------------------------------------------------------------------------------


def _week(board: Board, figures: Figures, into: int, height: int) -> list[Line]:
    """Saved and missed this week by promise, and in the week before."""
    cursor = _cursor(board, Section.WEEK)
    style = _heading(board, Section.WEEK)
    has_last = into >= 62 and len(figures.weeks) > 1
    head = f" {'WEEK so far':<12}{'saved':>7}{'missed':>8}{'kept':>10}" + ("   the week before" if has_last else "")
    drawn: list[Line] = [((head, style),)]
    for row, bucket in enumerate(figures.buckets):
        found = figures.result(0, bucket)
        spans: list[Span] = [(f" {cells.fit(NAMES[bucket], 12)}", "text")]
        spans += _chosen([(f"{number(found.saved, 6):>7}", "strong")], is_chosen=cursor == (row, 0))
        spans += _chosen([(f"{number(found.missed, 6):>8}", "strong")], is_chosen=cursor == (row, 1))
        spans.append((f"{share_text(found.met, found.n):>10}", "text"))
        if has_last:
            last = figures.result(1, bucket)
            spans.append((f"   {last.saved:,} saved, {last.missed:,} missed", "dim"))
        drawn.append(tuple(spans))
    first = _top(cursor, height - 1)
    return [drawn[0], *drawn[1 + first :]]


# --- people ---------------------------------------------------------------------------------------------------------


def _people(board: Board, figures: Figures, into: int, height: int) -> list[Line]:
    """What each person holds, and what they claimed and resolved this week; by name, for this is no ranking."""
    cursor = _cursor(board, Section.PEOPLE)
    most = max((person.held for person in figures.people), default=0)
    fields, heads = (
        ((7, 9, 10), ("open", "claimed", "resolved")) if into >= 38 else ((5, 5, 6), ("open", "took", "ended"))
    )
    bar = into - 18 - sum(fields) - 2 if into >= 56 else 0
    name = 16 if bar else max(4, into - sum(fields) - 2)
    style = _heading(board, Section.PEOPLE)
    head = "".join(f"{text:>{size}}" for text, size in zip(heads, fields, strict=True))
    drawn: list[Line] = [((cells.fit(" PEOPLE this week" if name > 15 else " PEOPLE", name + 1), style), (head, style))]
    first = _top(cursor, height - 1)
    for row, person in enumerate(figures.people[first:], first):
        spans: list[Span] = [(f" {cells.fit(person.name, name)}", "text")]
        for column, (what, size) in enumerate(zip(WORKS, fields, strict=True)):
            count = [(number(person.count(what), size - 1).rjust(size), "strong" if person.count(what) else "dim")]
            spans += _chosen(count, is_chosen=cursor == (row, column))
        spans.append(("  " + "▪" * _filled(person.held, most, max(0, bar)), "dim"))
        drawn.append(tuple(spans))
    return drawn


# --- in words -------------------------------------------------------------------------------------------------------


def told(figures: Figures, part: Part, into: int) -> str:
    """The figure in words, as it stands below the screen and over its tickets: the longest that fits `into` cells."""
    wordings = _told(figures, part)
    return next((text for text in wordings if cells.width(text) <= into), wordings[-1])


def _told(figures: Figures, part: Part) -> tuple[str, ...]:
    if part.person is not None:
        return _of_person(part.person.name, part)
    if part.slot is not None:
        return _of_hour(len(figures.weeks), part)
    if part.bucket is None:
        what = "promises breached" if part.what is What.BREACHED else f"tickets {part.what}"
        until = hm(part.span.until - 1, figures.timezone)
        return f"{part.count:,} {what} today until {until}", f"{part.count:,} {part.what} until {until}"
    name, since = NAMES[part.bucket], day(part.span.since, figures.timezone)[4:]
    is_now = part.span == figures.weeks[0]
    week, brief = ("this week", "this week") if is_now else (f"week of {since}", since)
    if part.what is not What.JUDGED:
        return (f"{name}, {week}: {part.count:,} {part.what}",)
    row = next((row for row, span in enumerate(figures.weeks) if span.since == part.span.since), None)
    if row is None or not part.count:
        return (f"{name}, {week}: {part.count or 'nothing'} judged",)
    found = figures.result(row, part.bucket)
    kept = f"{found.met:,} of {found.n:,} kept"
    share = f" ({share_text(found.met, found.n)})" if found.n >= SMALL else ""
    return f"{name}, {week}: {kept}{share}, {found.saved:,} saved", f"{name}, {week}: {kept}", f"{brief}: {kept}"


def _of_hour(weeks: int, part: Part) -> tuple[str, ...]:
    weekday, hour = part.slot or (0, 0)
    beside = f", {part.count / weeks:.1f} a week" if weeks > 1 else ""
    opened = f"{_tickets(part.count)} opened"
    return (
        f"{WEEKDAYS[weekday]}s {hour:02}:00 to {(hour + 1) % 24:02}:00: {opened}{beside}",
        f"{WEEKDAYS[weekday][:3]} {hour:02}:00: {opened}",
    )


def _of_person(name: str, part: Part) -> tuple[str, ...]:
    """`Ana holds 12 tickets`."""
    works = {What.HELD: "holds {}", What.CLAIMED: "claimed {} this week", What.RESOLVED: "resolved {} this week"}
    return (
        f"{cells.cut(name, 40)} {works[part.what].format(_tickets(part.count))}",
        f"{cells.cut(name, 16)}: {part.count:,} {'open' if part.what is What.HELD else part.what}",
    )


def _tickets(count: int) -> str:
    return "1 ticket" if count == 1 else f"{count:,} tickets"
