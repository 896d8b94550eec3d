"""The mouse's pointer: a click selects what is under it, the wheel scrolls it; neither ever changes anything. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board.draw.grid import cell_at
from slaboard.board.draw.list import tab_at
from slaboard.board.draw.trends import section_at
from slaboard.board.layout import layout
from slaboard.board.moves import choosing, step, trending
from slaboard.board.moves.session import Session
from slaboard.board.state import Focus, Mode


def clicked(session: Session, x: int, y: int, line: str, ms: int) -> Session:
    """The session after a click on the cell at `x`, `y`, on a line that says `line`."""
    board = session.board
    if board.mode is Mode.TRENDS:
        section = section_at(board, line, x)
        return session if section is None else trending.shown(session, section)
    if board.mode not in (Mode.BOARD, Mode.FILTER):
        return session
    places = layout(board, session.width, session.height)
    index = places.index_at(x, y)
    cell = cell_at(board, session.width, session.height, x - places.grid.x, y - places.grid.y)
    if index is not None and index < board.page.total:
        return step.to_index(replace(session, board=replace(board, focus=Focus.LIST)), index, ms)
    if (x, y) in places.grid and cell is not None:
        return replace(session, board=replace(board, focus=Focus.GRID, cell=cell))
    if (x, y) in places.tabs and (tab := tab_at(board, line, x)) is not None:
        return choosing.tabbed(replace(session, board=replace(board, focus=Focus.LIST)), tab)
    if (x, y) in places.detail:
        return replace(session, board=replace(board, focus=Focus.DETAIL))
    return session


def wheeled(session: Session, x: int, y: int, lines: int, ms: int) -> Session:
    """The session after the wheel has turned by `lines` at `x`, `y`; up when negative."""
    board = session.board
    if board.mode is Mode.TRENDS:
        return trending.moved(session, lines)
    places = layout(board, session.width, session.height)
    if board.mode.is_reading:
        return replace(session, board=replace(board, help_top=max(0, board.help_top + lines)))
    if (x, y) in places.detail:
        return replace(session, board=replace(board, detail_top=max(0, board.detail_top + lines)))
    if board.mode is not Mode.WALL and board.prompt is None and (x, y) in places.rows:
        return step.scrolled(session, lines, ms)
    return session
