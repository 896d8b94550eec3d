"""`slaboard` and `slaboard board`: the live board, or one picture of it as text."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from typing import Any

import click

from slaboard.board.render import render
from slaboard.board.state import Board, Freshness, Mode
from slaboard.board.views import Tab, View
from slaboard.board.wall import Wall, midnight
from slaboard.commands.options import Common, at_option, board_options, now, pass_common
from slaboard.config import Settings
from slaboard.store.past import Past
from slaboard.store.sqlite import SqliteStore

ONCE_SIZE = (120, 30)
"""Columns and lines of a printed board where no terminal says its own."""


@click.command("board")
@board_options
@at_option
@click.option("--wall", is_flag=True, help="As a wallboard: big numbers for the room, for looking only.")
@click.option("--history", is_flag=True, help="At the history screen: what the last weeks came to.")
@click.option("--once", is_flag=True, help="Print one board as text and leave.")
@click.option("--size", metavar="WxH", callback=lambda _c, _o, value: _size(value), help="Its size, as 120x30.")
@pass_common
def board(
    common: Common, /, at: int | None, wall: bool, history: bool, once: bool, size: tuple[int, int] | None,
    **options: Any,
) -> int:  # fmt: skip
    """The live board. Without a terminal, one board as text."""
    common.take(options)
    if wall and at is not None:
        raise click.UsageError("The wallboard shows the present: leave out --wall or --at")
    if history and (wall or at is not None):
        raise click.UsageError("History ends now and is a screen of its own: leave out --history, --wall or --at")
    return open_board(common, at=at, once=once or size is not None, size=size, wall=wall, history=history)


def open_board(
    common: Common, *, at: int | None = None, once: bool = False, size: tuple[int, int] | None = None,
    wall: bool = False, history: bool = False,
) -> int:  # fmt: skip
    """Open the board where there is a terminal for it, else print it once; the exit code."""
    settings = replace(common.settings(at), is_wall=wall, is_history=history)
    if once or not (sys.stdin.isatty() and sys.stdout.isatty()):
        with common.open() as store:
            click.echo(picture(store, settings, now(), size))
        return 0
    from slaboard.tui.terminal import can_run

    if reason := can_run():
        click.echo(f"slaboard: {reason} Here is one board.", err=True)
        with common.open() as store:
            click.echo(picture(store, settings, now(), size))
        return 0
    from slaboard.tui.opening import run

    return run(settings)


def picture(store: SqliteStore, settings: Settings, moment: int, size: tuple[int, int] | None = None) -> str:
    """One board as plain text, led by what needs claiming; a view of all tickets where nothing does. A wallboard's
    numbers, where it is one."""
    width, height = size or _terminal_size()
    source: SqliteStore | Past = store if settings.past_at is None else Past(store, settings.past_at)
    moment = moment if settings.past_at is None else settings.past_at
    grid = source.grid(moment)
    view = View(Tab.NEEDS if grid.needs else Tab.ALL, person=settings.person)
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
        team=store.team(),
        loads=source.loads(),
        calendars=store.policy().calendars,
        timezone=settings.timezone or "UTC",
    )
    page = source.window(view, moment, 0, height)
    first = page.rows[0].id if page.rows else None
    detail = source.detail(first, moment) if first is not None else None
    shown = replace(found, page=page, cursor=first, detail=detail)
    if settings.is_wall:
        shown = _on_wall(shown, store, settings)
    if settings.is_history:
        shown = _looking_back(shown, store)
    return "\n".join("".join(text for text, _ in line).rstrip() for line in render(shown, width, height))


def _on_wall(board: Board, store: SqliteStore, settings: Settings) -> Board:
    """The same across the room: by zone, with what has happened today."""
    from slaboard.store.today import today

    wall = Wall(every_s=0, shows=frozenset(settings.wall_show.split()), is_paper=True)
    done = today(store, midnight(board.now, board.timezone), board.now)
    return replace(board, mode=Mode.WALL, wall=wall, today=done)


def _looking_back(board: Board, store: SqliteStore) -> Board:
    """The history screen of the same moment."""
    from slaboard.board.trends import Trends
    from slaboard.store.trends import figures

    found = figures(store, board.now, board.timezone)
    return replace(board, mode=Mode.TRENDS, trends=Trends(found, is_paper=True))


def _terminal_size() -> tuple[int, int]:
    size = shutil.get_terminal_size(ONCE_SIZE)
    return size.columns, size.lines


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.lower().partition("x")
    if width.isdecimal() and height.isdecimal() and 0 < int(width) <= 1000 and 0 < int(height) <= 1000:
        return int(width), int(height)
    raise click.BadParameter(f"{text!r} is no size; write columns x lines, as 120x30")
