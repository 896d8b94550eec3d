"""`slaboard` and `slaboard board`: the live board, or one picture of it as text."""

from __future__ import annotations

import sys
from typing import Any

import click
from msgspec.structs import replace

from slaboard.board.saved import SavedView
from slaboard.board.views import Tab
from slaboard.commands import choice
from slaboard.commands.options import Common, at_option, board_options, now, pass_common, plain
from slaboard.config import Settings
from slaboard.errors import UsageError


@click.command("board")
@board_options
@at_option
@click.option(
    "--view", "name", metavar="NAME", help="By a saved view; slaboard views lists them.", shell_complete=choice.views
)
@click.option("--wall", is_flag=True, help="As a wallboard: big numbers for the room, for looking only.")
@click.option("--history", is_flag=True, help="At the history screen: what the last weeks came to.")
@click.option("--once", is_flag=True, help="Print one board as text and leave.")
@click.option("--size", metavar="WxH", callback=lambda _c, _o, value: _size(value), help="Its size, as 120x30.")
@pass_common
def board(
    common: Common, /, at: int | None, name: str | None, wall: bool, history: bool, once: bool,
    size: tuple[int, int] | None, **options: Any,
) -> int:  # fmt: skip
    """The live board. Without a terminal, one board as text."""
    common.take(options)
    if wall and at is not None:
        raise click.UsageError("The wallboard shows the present: leave out --wall or --at")
    if history and (wall or at is not None):
        raise click.UsageError("History ends now and is a screen of its own: leave out --history, --wall or --at")
    if name is not None and (wall or history):
        raise click.UsageError("A saved view is a list: leave out --view, --wall or --history")
    saved = _saved(common, name) if name is not None else None
    return open_board(
        common, at=at, once=once or size is not None, size=size, wall=wall, history=history, saved=saved
    )  # fmt: skip


def _saved(common: Common, name: str) -> SavedView:
    """The saved view of that name. UsageError where there is none, and for tickets of mine where nobody acts."""
    from slaboard.commands.views import find  # few boards begin with one

    found, settings = find(common, plain(name)), common.settings()
    if found.tab is Tab.MINE and (settings.shared or settings.person is None):
        hint = "open it without --shared" if settings.shared else "say --as NAME"
        raise UsageError(f"{found.name} lists tickets of mine, and nobody acts on this screen: {hint}.")
    return found


def open_board(
    common: Common, *, at: int | None = None, once: bool = False, size: tuple[int, int] | None = None,
    wall: bool = False, history: bool = False, saved: SavedView | None = None,
) -> int:  # fmt: skip
    """Open the board, by a saved view if one is given, where there is a terminal, else print it once; the exit code."""
    settings = replace(common.settings(at), is_wall=wall, is_history=history)
    if once or not (sys.stdin.isatty() and sys.stdout.isatty()):
        _print(common, settings, size, saved)
        return 0
    from slaboard.tui.terminal import can_run

    if reason := can_run():
        click.echo(f"slaboard: {reason} Here is one board.", err=True)
        _print(common, settings, size, saved)
        return 0
    from slaboard.tui.opening import run

    return run(settings, saved)


def _print(common: Common, settings: Settings, size: tuple[int, int] | None, saved: SavedView | None) -> None:
    from slaboard.commands.picture import picture  # 20 ms that a live board need not wait for

    with common.open() as store:
        click.echo(picture(store, settings, now(), size, saved))


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.lower().partition("x")
    if width.isdecimal() and height.isdecimal() and 0 < int(width) <= 1000 and 0 < int(height) <= 1000:
        return int(width), int(height)
    raise click.BadParameter(f"{text!r} is no size; write columns x lines, as 120x30")
