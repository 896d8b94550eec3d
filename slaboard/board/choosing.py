"""Choosing what is listed: the list, its filter, its zones, a cell of the grid. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from slaboard.board.moves import outcome
from slaboard.board.session import Session
from slaboard.board.state import Focus
from slaboard.board.views import Tab, View, parse_filter
from slaboard.ticket import PROMISES, ZONES, Zone


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
    return viewed(session, View(tab, board.view.filter, board.person))


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
    row, column = session.board.cell
    if row >= len(PROMISES):
        return outcome(session, "NO", "Updates run beside a ticket's stage and have no list of their own.")
    text = f"in:{PROMISES[row]} {ZONES[column].letter.lower()}:"
    board = replace(session.board, focus=Focus.LIST, filter_text=text)
    view = View(Tab.ALL, parse_filter(text), board.person)
    return viewed(replace(session, board=board), view, stay=False)
