"""Marks: tickets chosen to be acted on together. A mark is an id, and goes when its ticket ends or is taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from slaboard.board.moves.session import Session
from slaboard.board.moves.step import by, outcome
from slaboard.board.state import Board, under_cursor
from slaboard.ticket import Ticket

MOST = 100
"""So many may be marked: each is an act of its own, and others want to write in between."""


def toggled(session: Session, ms: int) -> Session:
    """The ticket under the cursor marked, or not any more; and a line down."""
    board, ticket = session.board, under_cursor(session.board)
    if board.past_at is not None:
        return outcome(session, "NO", "Nothing can be done in the past, so nothing is marked there.")
    if ticket is None:
        return outcome(session, "NO", "No ticket is under the cursor.")
    if ticket.id not in board.marks and len(board.marks) >= MOST:
        return outcome(session, "NO", f"{MOST} tickets are marked: that is the most at once.")
    return by(_flipped(session, [ticket]), 1, ms)


def inverted(session: Session) -> Session:
    """Every ticket on the screen marked that was not, and the other way round."""
    board = session.board
    if board.past_at is not None:
        return outcome(session, "NO", "Nothing can be done in the past, so nothing is marked there.")
    start = max(0, board.top - board.page.first)
    seen = board.page.rows[start : start + session.rows]
    session = _flipped(session, seen)
    return session if session.board.marks else outcome(session, "OK", "Nothing is marked any more.")


def cleared(session: Session) -> Session:
    """No marks."""
    return replace(session, board=replace(session.board, marks={}))


def _flipped(session: Session, tickets: Iterable[Ticket]) -> Session:
    marks = dict(session.board.marks)
    for ticket in tickets:
        if ticket.id in marks:
            del marks[ticket.id]
        elif len(marks) < MOST:
            marks[ticket.id] = ticket
    return replace(session, board=replace(session.board, marks=marks))


def without(board: Board, tickets: Iterable[str]) -> Board:
    """The board with the marks of `tickets` gone: they have been acted on."""
    gone = frozenset(tickets)
    return replace(board, marks={id_: ticket for id_, ticket in board.marks.items() if id_ not in gone})


def refreshed(session: Session, now: Mapping[str, Ticket | None]) -> Session:
    """The marks as their tickets are `now`: what ended, went or was taken is marked no more, and that is said.

    A ticket that `now` does not know has not been read yet.
    """
    marks, lost = dict(session.board.marks), []
    for id_, before in session.board.marks.items():
        ticket = now.get(id_, before)
        if ticket is not None and ticket.stage.is_open and ticket.owner in (before.owner, None):
            marks[id_] = ticket
            continue
        del marks[id_]
        lost.append(_why(id_, ticket))
    session = replace(session, board=replace(session.board, marks=marks))
    if not lost:
        return session
    more = f", and {len(lost) - 1} more" if len(lost) > 1 else ""
    return outcome(session, "MARKS", f"{lost[0]}{more}: not marked any more")


def _why(id_: str, ticket: Ticket | None) -> str:
    if ticket is None:
        return f"{id_} is gone"
    return f"{id_} is {ticket.owner}'s" if ticket.stage.is_open else f"{id_} is {ticket.stage}"
