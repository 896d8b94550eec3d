"""Draws the top bar: whose board this is, how old its data is, what time it is and who acts here."""

from __future__ import annotations

from collections.abc import Iterator

from slaboard.board import cells
from slaboard.board.instant import age, day, hm, hms, utc
from slaboard.board.line import Line, Span, spread, width
from slaboard.board.state import Board

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
    held: tuple[Span, ...] = () if board.held_new is None else ((f"+{board.held_new} new ", "key.new"),)
    return (*held, *_freshness(board), (" ", "text"))


def _wordings(board: Board) -> Iterator[tuple[tuple[Span, ...], tuple[Span, ...]]]:
    name = cells.cut(board.store_name, 30)
    seconds = hms(board.now, board.timezone)
    times = (f"{day(board.now, board.timezone)} {seconds}", seconds, seconds, hm(board.now, board.timezone), "")
    titles = (f" SLA Board · {name}", f" SLA · {name}", " SLA", "", "")
    for rank, (title, time) in enumerate(zip(titles, times, strict=True)):
        spans = [*_freshness(board)]
        if time and board.past_at is None:
            spans += [_GAP, (time, "top.clock")]
        spans += [_GAP, _who(board, is_roomy=rank == 0), (" ", "text")]
        yield ((title, "top.name"),), tuple(spans)
    yield (), brief(board)


def _freshness(board: Board) -> tuple[Span, ...]:
    freshness = board.freshness
    if board.past_at is not None:
        return ((f" PAST {utc(board.past_at)} ", "top.past"),)
    if freshness.as_of <= 0:
        return ((" NO STORE ", "top.stale"),) if freshness.error else (("reading", "top.live"),)
    old = age(freshness.age(board.now))
    return ((f" STALE {old} ", "top.stale"),) if freshness.is_stale(board.now) else ((f"LIVE {old}", "top.live"),)


def _who(board: Board, *, is_roomy: bool) -> Span:
    if board.read_only:
        return ("READ-ONLY", "top.readonly")
    if board.shared:
        return ("SHARED · nobody acting" if is_roomy else "nobody acting", "top.nobody")
    if board.person:
        return (f"as {cells.cut(board.person, 16)}", "top.who")
    return ("no name yet", "top.nobody")
