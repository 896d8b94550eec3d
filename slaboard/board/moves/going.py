"""Going into things and back out: the detail, the parts of the screen, a pause, a ticket that is followed. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board.moves.choosing import filtered
from slaboard.board.moves.session import Session
from slaboard.board.moves.step import id_at, outcome, resumed, touched
from slaboard.board.state import Focus
from slaboard.board.views import Filter


def focused(session: Session, step: int) -> Session:
    """The hands on the next part: list, grid, detail (where it is on the screen)."""
    board = session.board
    parts = [Focus.LIST, Focus.GRID, *([Focus.DETAIL] if session.has_detail else [])]
    here = parts.index(board.focus) if board.focus in parts else 0
    return replace(session, board=replace(board, focus=parts[(here + step) % len(parts)], detail_open=False, zoom=None))


def opened(session: Session) -> Session:
    """The detail of the ticket under the cursor, over the list where there is no room beside it."""
    if session.board.cursor is None:
        return session
    return replace(session, board=replace(session.board, detail_open=True, detail_top=0, focus=Focus.DETAIL))


def closed(session: Session, ms: int) -> Session:
    """The list again; where the opened ticket has left it, the cursor is on the one that took its place."""
    zoom = None if session.board.zoom is Focus.DETAIL else session.board.zoom
    board = replace(session.board, detail_open=False, focus=Focus.LIST, zoom=zoom)
    if board.follow is None and not any(ticket.id == board.cursor for ticket in board.page.rows):
        index = min(board.cursor_index, max(0, board.page.total - 1))
        board = replace(board, cursor=id_at(board.page, index), cursor_index=index)
        session = replace(session, swapped_ms=ms)
    return replace(session, board=board)


def back(session: Session, ms: int) -> Session | None:
    """One level back; None at the top, where going back is leaving."""
    board = session.board
    if board.detail_open or board.focus is Focus.DETAIL:
        return closed(session, ms)
    if board.focus is Focus.GRID:
        return replace(session, board=replace(board, focus=Focus.LIST))
    if board.paused_at is not None:
        return resumed(session)
    if board.follow is not None:
        return followed(session, ms)
    if board.view.filter != Filter() or board.filter_text:
        return filtered(session, "")
    return None


# --- standing still ---------------------------------------------------------------------------------------------


def paused(session: Session, ms: int) -> Session:
    """The order and the rows stand still until they are told to go on; clocks and counts never do."""
    if session.board.paused_at is not None:
        return resumed(session)
    session = touched(session, ms)
    return replace(session, board=replace(session.board, paused_at=session.clock, held_gone=0))


def followed(session: Session, ms: int) -> Session:
    """The cursor stays on its ticket from now on, whatever becomes of that; a second time: not any more."""
    board = session.board
    if board.follow is not None:
        session = replace(session, board=replace(board, follow=None))
        return outcome(closed(session, ms) if not board.detail_open else session, "OK", f"{board.follow} goes its way")
    if board.cursor is None:
        return outcome(session, "NO", "No ticket is under the cursor.")
    return replace(session, board=replace(board, follow=board.cursor), followed_seq=None)


def zoomed(session: Session) -> Session:
    """The list, or the detail where the hands are, in the place of both; a second time: both again."""
    board = session.board
    if board.zoom is not None:
        return replace(session, board=replace(board, zoom=None))
    if not session.has_detail:
        return outcome(session, "NO", "The list has all the room already.")
    return replace(session, board=replace(board, zoom=Focus.DETAIL if board.focus is Focus.DETAIL else Focus.LIST))
