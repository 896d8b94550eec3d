"""What was wrong when the board opened: all of it in one message over the list, that any key closes. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board import keys
from slaboard.board.moves.session import Session
from slaboard.board.moves.step import outcome
from slaboard.board.render import scroll_limit
from slaboard.board.state import Mode

NOTES_S = 60
"""After this long the message goes by itself: a board that nobody touches is there to be looked at."""
_QUIET = frozenset({"back", "open", "notes", "help"})
"""Actions of keys that nobody misses when they have closed the message."""


def noted(session: Session, notes: tuple[str, ...]) -> Session:
    """The board with `notes` over its list, over a wallboard and the history, too; without any it goes on as it is."""
    session = replace(session, board=replace(session.board, notes=notes))
    return opened(session, session.clock + NOTES_S) if notes else session


def opened(session: Session, until: int = 0) -> Session:
    """The notes over the list, until `until` (epoch seconds) or, with 0, until a key."""
    if not session.board.notes:
        return outcome(session, "OK", "Nothing was wrong when this board was opened.")
    board = replace(session.board, mode=Mode.NOTES, notes_until=until, notes_over=session.board.mode, help_top=0)
    return replace(session, board=board)


def added(session: Session, notes: tuple[str, ...]) -> Session:
    """The session with what is wrong since: the first of it is said, all of it is kept."""
    session = replace(session, board=replace(session.board, notes=notes))
    return outcome(session, "NOTE", f"{counted(session)}{notes[0]}") if notes else session


def counted(session: Session) -> str:
    """`1 of 3 (: notes shows all): `, before the first of several."""
    many, cap = len(session.board.notes), keys.cap("commands", session.board.keys)
    return f"1 of {many} ({cap} notes shows all): " if many > 1 else ""


def pressed(session: Session, action: str | None, lines: int | None) -> Session:
    """Any key closes them, but for one that moves `lines` where not all of them fit.

    A key that would have done something else says that it has not: no claim is lost without a word.
    """
    board = session.board
    limit = scroll_limit(board, session.width, session.height)
    if lines is not None and limit:
        return replace(
            session, board=replace(board, help_top=min(limit, max(0, board.help_top + lines)), notes_until=0)
        )
    after = closed(session)
    if action is None or action in _QUIET or lines is not None:
        return after
    cap, label = keys.cap(action, board.keys), keys.BY_ID[action].label
    return outcome(after, "NOTE", f"{cap} ({label}) closed the message and did nothing else: press it again")


def aged(session: Session) -> Session:
    """The session without the message once its time is over; what it said is still there to be asked for."""
    board = session.board
    if board.mode is not Mode.NOTES or not board.notes_until or session.clock < board.notes_until:
        return session
    after = closed(session)
    return outcome(after, "NOTE", f"{counted(after)}{board.notes[0]}")


def closed(session: Session) -> Session:
    """What was beneath them again."""
    return replace(session, board=replace(session.board, mode=session.board.notes_over, help_top=0))
