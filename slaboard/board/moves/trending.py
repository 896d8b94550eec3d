"""The history screen's keys: into it, from figure to figure, into the tickets behind one, and back out. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board.draw.trends import scroll_limit
from slaboard.board.moves.session import Session
from slaboard.board.sight import Refresh
from slaboard.board.state import Board, Mode
from slaboard.board.trends import EVERY_S, SECTIONS, Counted, Section, Trends, Want, part, shape


def entered(session: Session) -> Session:
    """The screen as it was left; its figures are counted anew."""
    board = session.board
    trends = replace(board.trends, part=None, items=None, opened=None)
    return asked_again(replace(session, board=replace(board, mode=Mode.TRENDS, outcome=None, trends=trends)))


def asked_again(session: Session) -> Session:
    """Count now, not when the minute is over."""
    trends = session.board.trends
    return _with(session, replace(trends, number=trends.number + 1, since=session.clock, trouble=""))


def want(board: Board) -> Want | None:
    """What is to be counted while the screen is on: another moment every minute, never because of a commit."""
    if board.mode is not Mode.TRENDS:
        return None
    trends = board.trends
    at = trends.since + max(0, board.now - trends.since) // EVERY_S * EVERY_S
    return Want(trends.number, at, board.timezone, trends.part)


def pressed(session: Session, action: str | None, lines: int | None) -> Session:
    """What a key does on the screen; `lines` is how many it moves down, where it is one that moves."""
    if action in ("back", "history"):
        return _back(session, is_over=action == "history")
    if action == "open":
        return _opened(session)
    if action in ("focus.next", "tab.next", "focus.previous", "tab.previous"):
        return _to_section(session, 1 if action.endswith(".next") else -1)
    if action in ("move.left", "move.right"):
        return _sideways(session, 1 if action == "move.right" else -1)
    return session if lines is None else moved(session, lines)


def moved(session: Session, lines: int) -> Session:
    """So many lines down, or up: in the ticket, in the list or from figure to figure, wherever the hands are."""
    board, trends = session.board, session.board.trends
    if trends.opened is not None:
        last = scroll_limit(board, session.width, session.height)
        return _with(session, replace(trends, top=min(max(0, trends.top + lines), last)))
    if trends.part is not None:
        rows = len(trends.items.rows) if trends.items is not None else 0
        return _with(session, replace(trends, index=min(max(0, trends.index + lines), max(0, rows - 1))))
    if trends.figures is None:
        return session
    rows, _ = shape(trends.figures, trends.section)
    return _with(session, replace(trends, row=min(max(0, trends.row + lines), rows - 1)))


def counted(session: Session, found: Counted) -> Session:
    """The screen with what the store answered, as far as it is still asked for."""
    trends = session.board.trends
    if found.trouble:
        return _with(session, replace(trends, trouble=found.trouble))
    if found.figures is not None:
        rows, columns = shape(found.figures, trends.section)
        trends = replace(
            trends, figures=found.figures, trouble="", row=min(trends.row, rows - 1),
            column=min(trends.column, columns - 1),
        )  # fmt: skip
    if found.items is not None and found.items.part == trends.part:
        trends = replace(trends, items=found.items, trouble="", index=min(trends.index, len(found.items.rows)))
    return _with(session, trends)


def seen(session: Session, refresh: Refresh) -> Session:
    """The opened ticket as the last look has it."""
    trends = session.board.trends
    if trends.opened is None or refresh.sight.detail != trends.opened:
        return session
    board = session.board if refresh.detail is None else replace(session.board, detail=refresh.detail)
    return _with(replace(session, board=board), replace(trends, is_gone=refresh.detail is None))


def _with(session: Session, trends: Trends) -> Session:
    return replace(session, board=replace(session.board, trends=trends))


def _back(session: Session, *, is_over: bool) -> Session:
    trends = session.board.trends
    if trends.opened is not None and not is_over:
        return _with(session, replace(trends, opened=None, top=0))
    if trends.part is not None and not is_over:
        return _with(session, replace(trends, part=None, items=None, index=0, trouble=""))
    return replace(session, board=replace(session.board, mode=Mode.BOARD))


def _opened(session: Session) -> Session:
    trends = session.board.trends
    if trends.opened is not None:
        return _with(session, replace(trends, opened=None, top=0))
    if trends.part is not None:
        rows = trends.items.rows if trends.items is not None else ()
        if trends.index >= len(rows):
            return session
        return _with(session, replace(trends, opened=rows[trends.index].ticket, top=0, is_gone=False))
    found = None if trends.figures is None else part(trends.figures, trends.section, trends.row, trends.column)
    if found is None or not found.count:
        return session
    return _with(session, replace(trends, part=found, items=None, index=0))


def shown(session: Session, section: Section) -> Session:
    """The cursor at the beginning of `section`."""
    return _with(session, _at(session.board.trends, section, is_right=False))


def _to_section(session: Session, step: int) -> Session:
    trends = session.board.trends
    if trends.part is not None:
        return session
    section = SECTIONS[(SECTIONS.index(trends.section) + step) % len(SECTIONS)]
    return _with(session, _at(trends, section, is_right=False))


def _sideways(session: Session, step: int) -> Session:
    """The next figure in the row; past its end, the next part of the screen."""
    trends = session.board.trends
    if trends.part is not None or trends.figures is None:
        return session
    _, columns = shape(trends.figures, trends.section)
    if 0 <= trends.column + step < columns:
        return _with(session, replace(trends, column=trends.column + step))
    section = SECTIONS[(SECTIONS.index(trends.section) + step) % len(SECTIONS)]
    return _with(session, _at(trends, section, is_right=step < 0))


def _at(trends: Trends, section: Section, *, is_right: bool) -> Trends:
    """The cursor in `section`: at its beginning, or at the right end of its first row."""
    if trends.figures is None:
        return replace(trends, section=section)
    _, columns = shape(trends.figures, section)
    row, column = 0, columns - 1 if is_right else 0
    return replace(trends, section=section, row=row, column=column)
