"""Boards that run in a test, without a terminal: opened, watched until something is true, and closed."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec.structs import replace
from textual.pilot import Pilot

from slaboard.config import Settings
from slaboard.tui.app import BoardApp
from slaboard.tui.overture import Overture

DEADLINE_S = 10.0
Seat = tuple[BoardApp, Pilot[None]]


@asynccontextmanager
async def seat(
    store: Path, *, size: tuple[int, int] = (80, 24), now: int | None = None, wait: bool = True, **settings: object
) -> AsyncIterator[Seat]:
    """A running board on `store`, that has read it unless `wait` is off; its clock stands still at `now` if given."""
    wanted = replace(Settings(store=store, person="Ana", timezone="UTC"), **settings)
    app = BoardApp(Overture(wanted) if now is None else Overture(wanted, clock=lambda: float(now)))
    async with app.run_test(size=size) as pilot:
        if wait:
            await until(pilot, lambda: app.board.grid is not None and (app.board.page.total or not app.board.grid.open))
        yield app, pilot


async def until(pilot: Pilot[None], true: Callable[[], object]) -> None:
    """Let the board live until `true`; fails after the deadline with what is on the screen."""
    end = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < end, screen(pilot)
        await pilot.pause(0.005)


def screen(pilot: Pilot[None]) -> str:
    """What is on the screen."""
    app = pilot.app
    assert isinstance(app, BoardApp)
    return "\n".join(app.lines)


def painted(app: BoardApp) -> list[str]:
    """What Textual has put on the screen."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def row(app: BoardApp, ticket: str) -> str:
    """The line of `ticket` in the list, empty when it is not on the screen."""
    return next((line for line in app.lines if line[2:].startswith(f"{ticket} ")), "")
