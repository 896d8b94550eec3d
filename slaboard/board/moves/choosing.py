"""Choosing what is listed: the list, its filter, its zones, a cell of the grid. Pure."""

from __future__ import annotations

import re

from msgspec.structs import replace

from slaboard.board import keys
from slaboard.board.draw import grid
from slaboard.board.moves.session import Session
from slaboard.board.moves.step import outcome, to_index
from slaboard.board.pivot import TURNS, Pivot
from slaboard.board.state import Focus
from slaboard.board.views import Sort, SortBy, Tab, View, parse_filter
from slaboard.ticket import Zone


def viewed(session: Session, view: View, *, stay: bool = True) -> Session:
    """Another list; the cursor stays on its ticket where that is listed too, else (without `stay`: always) goes up."""
    board = session.board
    if view == board.view:
        return session
    board = replace(
        board, view=view, cursor=board.cursor if stay else None, cursor_index=0, top=0, held_new=None, paused_at=None,
        follow=board.follow if stay else None,
        hits=None if view.filter.is_empty else board.hits,
    )  # fmt: skip
    return replace(session, board=board, holds=False)


def filtered(session: Session, text: str, back: int = 0) -> Session:
    """The list filtered by `text`: narrowed it starts at its top, widened the cursor stays on its ticket.

    `back` characters of it stand behind the caret.
    """
    board = replace(session.board, filter_text=text, filter_back=back)
    wanted = parse_filter(text)
    is_wider = wanted.is_empty or len(text) < len(session.board.filter_text)
    return viewed(replace(session, board=board), replace(board.view, filter=wanted), stay=is_wider)


def tabbed(session: Session, tab: Tab) -> Session:
    """Another tab, with the same filter; `mine` needs somebody who acts here."""
    board = session.board
    if tab is Tab.MINE and (board.shared or board.person is None):
        return outcome(session, "NO", "Nobody acts on this screen, so no ticket is mine.")
    return viewed(session, replace(board.view, tab=tab, person=board.person))


def next_tab(session: Session, step: int) -> Session:
    """The tab after this one (or before it, by -1), leaving out `mine` where nobody acts."""
    board = session.board
    tabs = [tab for tab in Tab if tab is not Tab.MINE or (board.person is not None and not board.shared)]
    return tabbed(session, tabs[(tabs.index(board.view.tab) + step) % len(tabs)])


_ZONE_TOKEN = re.compile(r"(?:^|\s+)(?:[gyor]:|zone:\w+)(?=\s|$)", re.IGNORECASE)


def zoned(session: Session, zone: Zone | None) -> Session:
    """Only tickets in `zone`, the filter's other words kept; all zones for None or for the zone that is on already."""
    text = session.board.filter_text
    others = _ZONE_TOKEN.sub("", text).strip()
    if zone is None or parse_filter(text).zones == frozenset({zone}):
        return filtered(session, others)
    return filtered(session, f"{others} {zone.letter.lower()}:".strip())


def drilled(session: Session) -> Session:
    """The tickets of the grid's cell under the cursor, all of them, and the hands back on the list."""
    board = session.board
    cell = grid.cell_filter(board)
    if cell is None:
        return outcome(session, "NO", "The grid has no row to list.")
    text, wanted = cell
    board = replace(board, focus=Focus.LIST, filter_text=text, filter_back=0)
    view = replace(board.view, tab=Tab.ALL, filter=wanted, person=board.person)
    return viewed(replace(session, board=board), view, stay=False)


def pivoted(session: Session) -> Session:
    """The grid by the next of what it is turned by."""
    by = session.board.pivot
    here = TURNS.index(by) if by in TURNS else 0
    return turned_by(session, TURNS[(here + 1) % len(TURNS)])


def clocked(session: Session) -> Session:
    """All running clocks in the grid, or each ticket once again."""
    return turned_by(session, Pivot.STAGE if session.board.pivot is Pivot.CLOCKS else Pivot.CLOCKS)


def turned_by(session: Session, by: Pivot) -> Session:
    """The grid turned that way; its cursor begins at the top."""
    if by is session.board.pivot:
        return session
    cell = (0, session.board.cell[1])
    return replace(session, board=replace(session.board, pivot=by, pivoted=None, cell=cell))


def sought(session: Session, step: int, ms: int) -> Session:
    """The cursor on the next ticket that needs claiming (or the one before, by -1), wherever it is in the list."""
    board = session.board
    if board.view.tab is Tab.NEEDS and board.page.total:
        return to_index(session, (board.cursor_index + step) % board.page.total, ms)
    if board.view.tab is Tab.ALL:
        return replace(session, seek=step)
    return tabbed(session, Tab.NEEDS)  # whoever has a ticket needs no claim, and what is late is past saving


def sorted_by_next(session: Session) -> Session:
    """The list by the next column; after the last its own order again."""
    sorts = list(SortBy)
    here = sorts.index(session.board.view.sort.by)
    return resorted(session, Sort(sorts[(here + 1) % len(sorts)]))


def turned(session: Session) -> Session:
    """The list the other way round."""
    sort = session.board.view.sort
    if sort.is_own:
        cap = keys.cap("sort.next", session.board.keys)
        return outcome(
            session, "NO", f"What can be saved first comes first. {cap} sorts by a column, which turns round."
        )
    return resorted(session, replace(sort, reverse=not sort.reverse))


def resorted(session: Session, sort: Sort) -> Session:
    """The list in another order; the cursor stays on its ticket."""
    return viewed(session, replace(session.board.view, sort=sort))
