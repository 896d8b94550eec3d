"""One picture of the board as text: for pipes, scripts and terminals that cannot hold a live one."""

from __future__ import annotations

import shutil
from contextlib import suppress

from msgspec.structs import replace

from slaboard.board.render import render
from slaboard.board.saved import SavedView
from slaboard.board.state import Board, Freshness, Mode
from slaboard.board.trends import Trends
from slaboard.board.views import Tab, View
from slaboard.board.wall import Wall, midnight
from slaboard.config import Settings
from slaboard.errors import NoSuchTicket
from slaboard.follow.reader import turned
from slaboard.store.read.live import Live
from slaboard.store.read.past import Past
from slaboard.store.reports.today import today
from slaboard.store.reports.trends import figures
from slaboard.store.sqlite import SqliteStore

ONCE_SIZE = (120, 30)
"""Columns and lines of a printed board where no terminal says its own."""


def picture(
    store: SqliteStore, settings: Settings, moment: int, size: tuple[int, int] | None = None,
    saved: SavedView | None = None,
) -> str:  # fmt: skip
    """One board as plain text: by a saved view, else led by what needs claiming, or all tickets where nothing does. A
    wallboard's numbers, where it is one."""
    width, height = size or _terminal_size()
    source: Live | Past = Live(store) if settings.past_at is None else Past(store, settings.past_at)
    present, moment = moment, moment if settings.past_at is None else settings.past_at
    grid = source.grid(moment)
    view = View(Tab.NEEDS if grid.needs else Tab.ALL, person=settings.person)
    if saved is not None:
        view = saved.view(settings.person)
    found = Board(
        now=moment,
        store_name=store.name,
        store_path=str(store.path),
        grid=grid,
        view=view,
        counts=source.counts(moment, settings.person),
        freshness=Freshness(as_of=moment),
        person=settings.person,
        shared=settings.shared,
        read_only=settings.read_only or store.read_only,
        past_at=settings.past_at,
        is_ahead=moment > present,
        team=store.team(),
        loads=source.loads(),
        calendars=store.policy().calendars,
        timezone=settings.timezone or "UTC",
    )
    if saved is not None:
        found = _by(found, saved, source, moment)
    page = source.window(view, moment, 0, height)
    first = page.rows[0].id if page.rows else None
    detail = None
    with suppress(NoSuchTicket):  # taken back meanwhile, or another program's, whose very id has hidden characters
        detail = source.detail(first, moment) if first is not None else None
    shown = replace(found, page=page, cursor=first, detail=detail)
    if settings.is_wall:
        shown = _on_wall(shown, store, settings)
    if settings.is_history:
        shown = _looking_back(shown, store)
    return "\n".join("".join(text for text, _ in line).rstrip() for line in render(shown, width, height))


def _by(board: Board, saved: SavedView, source: Live | Past, moment: int) -> Board:
    """The same with the filter and the grid of a saved view."""
    wanted = board.view.filter
    return replace(
        board, filter_text=saved.filter, pivot=saved.pivot, pivoted=turned(source, saved.pivot, wanted, moment),
        hits=None if wanted.is_empty else source.grid(moment, board.view),
    )  # fmt: skip


def _on_wall(board: Board, store: SqliteStore, settings: Settings) -> Board:
    """The same across the room: by zone, with what has happened today."""
    wall = Wall(every_s=0, shows=frozenset(settings.wall_show.split()), is_paper=True)
    done = today(store, midnight(board.now, board.timezone), board.now)
    return replace(board, mode=Mode.WALL, wall=wall, today=done)


def _looking_back(board: Board, store: SqliteStore) -> Board:
    """The history screen of the same moment."""
    found = figures(store, board.now, board.timezone)
    return replace(board, mode=Mode.TRENDS, trends=Trends(found, is_paper=True))


def _terminal_size() -> tuple[int, int]:
    size = shutil.get_terminal_size(ONCE_SIZE)
    return size.columns, size.lines
