"""`slaboard` and `slaboard board`: the live board, or one picture of it as text."""

from __future__ import annotations

import sys
from typing import Any

import click
from msgspec.structs import replace

from slaboard.commands.options import Common, at_option, board_options, now, pass_common
from slaboard.config import Settings


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
        _print(common, settings, size)
        return 0
    from slaboard.tui.terminal import can_run

    if reason := can_run():
        click.echo(f"slaboard: {reason} Here is one board.", err=True)
        _print(common, settings, size)
        return 0
    from slaboard.tui.opening import run

    return run(settings)


def _print(common: Common, settings: Settings, size: tuple[int, int] | None) -> None:
    from slaboard.commands.picture import picture  # 20 ms that a live board need not wait for

    with common.open() as store:
        click.echo(picture(store, settings, now(), size))


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.lower().partition("x")
    if width.isdecimal() and height.isdecimal() and 0 < int(width) <= 1000 and 0 < int(height) <= 1000:
        return int(width), int(height)
    raise click.BadParameter(f"{text!r} is no size; write columns x lines, as 120x30")
