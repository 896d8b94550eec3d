"""The wallboard's keys: into it, out of it, and a moment's rest for whoever looks closer. No other does anything."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board.moves.session import Session
from slaboard.board.state import Focus, Mode
from slaboard.board.views import Tab, View
from slaboard.board.wall import held


def entered(session: Session) -> Session:
    """The wallboard, led by what needs claiming, whatever the board has listed."""
    board = session.board
    view = View(Tab.NEEDS, person=board.view.person)
    board = replace(
        board, mode=Mode.WALL, view=view, filter_text="", filter_back=0, hits=None, focus=Focus.LIST, top=0,
        cursor=None, cursor_index=0, detail_open=False, outcome=None, report=None, held_new=None,
        follow=None, zoom=None, paused_at=None,
    )  # fmt: skip
    return replace(session, board=board, holds=False, moved_ms=None)


def left(session: Session) -> Session | None:
    """The board behind it; None where there is none: then leaving is quitting."""
    if session.board.wall.is_all:
        return None
    return replace(session, board=replace(session.board, mode=Mode.BOARD))


def rested(session: Session) -> Session:
    """The view stays for a minute, then the next key brings the next one."""
    board = session.board
    return replace(session, board=replace(board, wall=held(board.wall, session.clock)))
