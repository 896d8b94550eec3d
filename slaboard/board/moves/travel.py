"""Going through the past and back: where the hands want to be, and how the past plays. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board import keys
from slaboard.board.instant import quoted
from slaboard.board.moves.session import Session
from slaboard.board.moves.step import outcome

STEP_S, HOUR_S = 300, 3_600
SPEEDS = (60, 300, 900)
"""Seconds of the past that go by in a second."""


def stepped(session: Session, seconds: int) -> Session:
    """So many seconds further, or back; from the present into the past. The present is where it ends."""
    start = session.clock if session.past_at is None else session.past_at
    at = max(0, start + seconds)
    if at < session.clock or _is_ahead(session, at):
        return _to(session, at) if session.past_at is not None else _entered(session, at)
    if session.past_at is None:
        return outcome(session, "NO", "This is the present already.")
    return to_now(session)


def played(session: Session) -> Session:
    """The past plays from here on, or stands again."""
    board = session.board
    if session.past_at is None:
        cap = keys.cap("past.back", board.keys)
        return outcome(session, "NO", f"This is the present. {cap} steps back into the past, which can be played.")
    speed = 0 if board.past_speed else session.speed
    return replace(session, board=replace(board, past_speed=speed), stepped_s=session.clock)


def faster(session: Session) -> Session:
    """The next speed; after the fastest the slowest."""
    speed = SPEEDS[(SPEEDS.index(session.speed) + 1) % len(SPEEDS)]
    board = replace(session.board, past_speed=speed if session.board.past_speed else 0)
    session = replace(session, board=board, speed=speed)
    return outcome(session, "PAST", f"it plays {speed // 60} min a second") if not board.past_speed else session


def driven(session: Session) -> Session:
    """A playing past moved on, once the moment before has been read: what took longer is skipped, never queued."""
    board = session.board
    if not board.past_speed or session.past_at is None or board.past_at != session.past_at:
        return session
    at = session.past_at + board.past_speed * max(0, session.clock - session.stepped_s)
    session = replace(session, stepped_s=session.clock)
    if at < session.clock or _is_ahead(session, at):
        return replace(session, past_at=at)
    return outcome(to_now(session), "NOW", "the past has come to the present, which has begun")


def _is_ahead(session: Session, at: int) -> bool:
    """Whether a board that looks ahead of the present still does so at `at`."""
    return session.past_at is not None and session.past_at > session.clock < at


def can_return(session: Session) -> bool:
    """True where going back comes to the present."""
    return session.past_at is not None and not session.board.past_only


def to_now(session: Session) -> Session:
    """The present again."""
    return _to(replace(session, board=replace(session.board, past_speed=0, past_only=False)), None)


def _entered(session: Session, at: int) -> Session:
    cap = keys.cap("back", session.board.keys)
    return outcome(_to(session, at), "PAST", f"back to {quoted(at, session.board.timezone)}; {cap} goes back to now")


def _to(session: Session, at: int | None) -> Session:
    """A jump lets go of the order that held, and of what was said before."""
    board = replace(session.board, held_new=None, outcome=None, paused_at=None, follow=None)
    return replace(session, board=board, past_at=at, stepped_s=session.clock, holds=False)
