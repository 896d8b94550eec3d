"""Draws the top bar: whose board this is, how old its data is, what time it is and who acts here."""

from __future__ import annotations

from collections.abc import Iterator

from slaboard.board import cells
from slaboard.board.draw.keys import held
from slaboard.board.draw.line import Line, Span, spread, width
from slaboard.board.instant import age, day, hm, hms, quoted
from slaboard.board.state import LAST_S, Board

_GAP: Span = ("  ", "text")


def line(board: Board, into: int) -> Line:
    """The fullest wording that fits; the age of the data and who acts are the last to go."""
    left: tuple[Span, ...] = ()
    right: tuple[Span, ...] = ()
    for left, right in _wordings(board):
        if width(left) + width(right) + 2 <= into:
            break
    return spread(left, right, into)


def brief(board: Board) -> tuple[Span, ...]:
    """For the end of another line where there is no top bar: what the held order keeps back, and the age."""
    still: tuple[Span, ...] = () if board.paused_at is None else ((" PAUSED ", "bar.pause"), (" ", "text"))
    return (*still, *held(board), *_freshness(board, is_roomy=False), (" ", "text"))


def past(board: Board, *, is_roomy: bool) -> str:
    """`PAST 2016-04-20 17:00+02:00`, in little room `PAST 17:00`; and how fast it plays. Empty in the present."""
    if board.past_at is None:
        return ""
    moment = quoted(board.past_at, board.timezone)
    short = moment[11:] if moment.endswith("Z") else moment[11:16]
    speed = f" {board.past_speed // 60}m/s" if board.past_speed else ""
    return f"{'FUTURE' if board.is_ahead else 'PAST'} {moment if is_roomy else short}{speed}"


def _wordings(board: Board) -> Iterator[tuple[tuple[Span, ...], tuple[Span, ...]]]:
    name = cells.cut(board.store_name, 30)
    seconds = hms(board.now, board.timezone)
    times = (f"{day(board.now, board.timezone)} {seconds}", seconds, seconds, hm(board.now, board.timezone), "")
    titles = (f" SLA Board · {name}", f" SLA · {name}", " SLA", "", "")
    for rank, (title, time) in enumerate(zip(titles, times, strict=True)):
        spans = [*_freshness(board, is_roomy=rank < 4)]
        if time and board.past_at is None:
            spans += [_GAP, (time, "top.clock")]
        if board.past_at is None or rank < 3:  # nobody acts in the past: its date is worth more
            spans += [_GAP, _who(board, is_roomy=rank == 0)]
        yield ((title, "top.name"),), (*spans, (" ", "text"))
    yield (), brief(board)


def _freshness(board: Board, *, is_roomy: bool) -> tuple[Span, ...]:
    freshness = board.freshness
    if board.past_at is not None:
        return ((f" {past(board, is_roomy=is_roomy)} ", "top.past"),)
    if freshness.as_of <= 0:
        return ((" NO STORE ", "top.stale"),) if freshness.error else (("reading", "top.live"),)
    old = age(freshness.age(board.now))
    return ((f" STALE {old} ", "top.stale"),) if freshness.is_stale(board.now) else ((f"LIVE {old}", "top.live"),)


def _who(board: Board, *, is_roomy: bool) -> Span:
    if board.read_only:
        return ("READ-ONLY", "top.readonly")
    if board.shared:
        return _last(board, is_roomy=is_roomy)
    if board.person:
        return (f"as {cells.cut(board.person, 16)}", "top.who")
    return ("no name yet", "top.nobody")


def _last(board: Board, *, is_roomy: bool) -> Span:
    """Nobody acts on a shared screen; for a minute it says who did last, and how long ago."""
    name, at = board.last or ("", 0)
    since = board.now - at
    if not name or not 0 <= since <= LAST_S:
        return ("SHARED · nobody acting" if is_roomy else "nobody acting", "top.nobody")
    said = f"last {cells.cut(name, 12)} {age(since)}"
    return (f"SHARED · {said} ago" if is_roomy else said, "top.nobody")
