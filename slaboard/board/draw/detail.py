"""Draws the detail: one ticket, its clocks with their bars and due instants, and its history, newest first."""

from __future__ import annotations

from collections.abc import Iterator

from slaboard.board import cells, durations
from slaboard.board.draw.line import Line, Span, fit
from slaboard.board.face import NAMES, SHORT, binding, face, note
from slaboard.board.history import quoted, told
from slaboard.board.instant import when
from slaboard.board.state import Board, Detail
from slaboard.sla.calendar import ALWAYS
from slaboard.ticket import Bucket, Clock, ClockState, Ticket

HISTORY = 200
"""Events that are told; a ticket with more says how many are older."""
_FULL, _EMPTY = "█", "░"
_LEAST_BAR = 6
_FACE = 15
"""Cells of a clock's letter, sign and rest with the blanks around them, and one at the line's end."""


def under_cursor(board: Board) -> Detail | None:
    """The ticket under the cursor: with its history when that is held, else as the list has it."""
    detail = board.detail
    if detail is not None and (board.cursor is None or detail.ticket.id == board.cursor):
        return detail
    ticket = next((ticket for ticket in board.page.rows if ticket.id == board.cursor), None)
    return Detail(ticket) if ticket else None


def lines(board: Board, width: int) -> list[Line]:
    """All its lines, `width` cells wide: the caller shows those from `board.detail_top` on."""
    detail = under_cursor(board)
    if detail is None:
        return [fit([(" Nothing is under the cursor.", "dim")], width)]
    spans = [
        *_title(detail.ticket, width),
        *_clocks(detail.ticket, board, width),
        (),
        *_facts(detail.ticket, board),
        (),
        *_late(detail, board, width),
        *_history(detail, board, width),
    ]
    return [fit(line, width) for line in spans]


def _title(ticket: Ticket, width: int) -> list[tuple[Span, ...]]:
    head = "  ".join(cells.safe(text) for text in (ticket.id, ticket.priority, ticket.customer) if text)
    return [((head, "strong"),), *(((line, "text"),) for line in cells.wrap(ticket.title, max(1, width - 1)))]


def _facts(ticket: Ticket, board: Board) -> list[tuple[Span, ...]]:
    clock = binding(ticket)
    status = f"{ticket.status} ({ticket.stage})" if ticket.status else ticket.stage.value
    owner = ticket.owner or "unclaimed"
    if ticket.owner and ticket.owned_at is not None:
        owner = f"{owner}, since {when(ticket.owned_at, board.now, board.timezone)}"
    facts = [("Owner", owner), ("Status", status)]
    facts += [("Now", remark) for remark in note(ticket, face(clock, board), board)[:1]]
    if ticket.policy:
        facts.append(("Policy", f"{ticket.policy}{_calendar(clock, board)}"))
    if ticket.opened_at is not None:
        facts.append(("Opened", when(ticket.opened_at, board.now, board.timezone)))
    facts += [
        (name, text) for name, text in (("Board", ticket.board), ("Type", ticket.type), ("Link", ticket.url)) if text
    ]
    return [
        ((f"{name:<9}", "dim"), (cells.safe(text), "strong" if text == "unclaimed" else "text")) for name, text in facts
    ]


def _calendar(clock: Clock | None, board: Board) -> str:
    """`, calendar office`; one that never closes is called as in the sum that explains the clock."""
    if clock is None:
        return ""
    hours = board.calendars.get(clock.calendar)
    return f", calendar {ALWAYS if hours is not None and hours.is_always else clock.calendar}"


def _clocks(ticket: Ticket, board: Board, width: int) -> list[tuple[Span, ...]]:
    """A line a clock, the bars all of one length; where there is no room for bars the targets go too."""
    if not ticket.clocks:
        return [(("No clock runs: nothing was promised.", "dim"),)]
    clocks = [clock for bucket in Bucket if (clock := ticket.clock(bucket))]
    tails = [_tail(clock, board) for clock in clocks]
    names = NAMES if width >= 56 else SHORT
    taken = max(cells.width(names[clock.bucket]) for clock in clocks) + _FACE
    room = width - taken - max(map(cells.width, tails))
    if room < _LEAST_BAR:
        tails = [tail.partition(", ")[2] or tail for tail in tails]
        room = width - taken - max(map(cells.width, tails))
    bar = min(room, 24) if room >= _LEAST_BAR else 0
    return [
        (
            (cells.fit(names[clock.bucket], taken - _FACE + 1), "strong" if clock is binding(ticket) else "text"),
            *_countdown(clock, board, bar),
            (f" {tail}", "text"),
        )
        for clock, tail in zip(clocks, tails, strict=True)
    ]


def _countdown(clock: Clock, board: Board, bar: int) -> tuple[Span, ...]:
    """Its face, and how much of its target is used."""
    shown = face(clock, board)
    chip, ink = (f"zone.{shown.zone}", f"ink.{shown.zone}") if shown.zone else ("dim", "dim")
    rest = f"{shown.sign}{cells.fit(shown.full, 9, right=True)}"
    return ((shown.letter, chip), (rest, ink), (" ", "text"), (_bar(clock, board, bar), ink))


def _bar(clock: Clock, board: Board, size: int) -> str:
    """How much of the target is used; full from the target on."""
    used = clock.elapsed_s
    if used is None:
        used = clock.target_s - durations.left_s(clock, board.now, board.calendars)
    share = 1.0 if clock.target_s <= 0 else min(max(used / clock.target_s, 0.0), 1.0)
    filled = int(share * size)
    return _FULL * filled + _EMPTY * (size - filled)


def _tail(clock: Clock, board: Board) -> str:
    """`of 4h, due Mon 10:00`; for a result `20m of 1h, at 22:40`."""
    target = f"of {durations.span(clock.target_s)}"
    if clock.state in (ClockState.MET, ClockState.MISSED):
        used = f"{durations.span(clock.elapsed_s or 0)} {target}"
        skipped = " (skipped)" if clock.skipped else ""
        stopped = f", at {when(clock.stopped_at, board.now, board.timezone)}" if clock.stopped_at is not None else ""
        return f"{used}{stopped}{skipped}"
    if clock.state is ClockState.WAITING:
        since = next((start for start, end in reversed(clock.waits) if end is None), None)
        return f"{target}, waiting" + (f" since {when(since, board.now, board.timezone)}" if since is not None else "")
    return target if clock.due_at is None else f"{target}, due {when(clock.due_at, board.now, board.timezone)}"


def _late(detail: Detail, board: Board, width: int) -> Iterator[tuple[Span, ...]]:
    """Where the time of each late clock went, up to when this was read, and in whose hands; then a blank line."""
    if not detail.late:
        return
    from slaboard.sla.autopsy import NAMES as PARTS  # the first paint need not wait for it

    yield (("Where the time went", "head"),)
    indent = 2
    for found in detail.late:
        end = "" if found.clock.stopped_at is not None else f" up to {when(found.end, board.now, board.timezone)}"
        yield ((f"{NAMES[found.clock.bucket]}{end}", "text"),)
        told = [
            f"{durations.span(share.seconds)} {PARTS[share.part]}" + (f" ({share.who})" if share.who else "")
            for share in found.shares
        ]
        for line in cells.wrap(", ".join(told), max(1, width - indent - 1)):
            yield ((" " * indent, "dim"), (line, "dim"))
    yield ()


def _history(detail: Detail, board: Board, width: int) -> list[tuple[Span, ...]]:
    events = detail.events[-HISTORY:]
    if not events:
        return [(("History", "head"),), (("being read", "dim"),)]
    times = [when(event.at, board.now, board.timezone) for event in events]
    indent = max(map(len, times)) + 2
    told_lines: list[tuple[Span, ...]] = [(("History, newest first", "head"),)]
    for event, time in zip(reversed(events), reversed(times), strict=True):
        for i, text in enumerate(cells.wrap(told(event), max(1, width - indent - 1))):
            told_lines.append(((f"{'' if i else time:<{indent}}", "dim"), (text, "text")))
        if said := quoted(event):
            told_lines += [
                ((" " * indent, "dim"), (text, "dim")) for text in cells.wrap(said, max(1, width - indent - 1))
            ]
    older = len(detail.events) - len(events)
    return [*told_lines, ((f"and {older} older", "dim"),)] if older else told_lines
