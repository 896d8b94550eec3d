"""The wallboard on a running board: today's numbers are read, nothing can be changed, and at night it is darker."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard import themefile
from slaboard.config import Settings
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from slaboard.tui.app import BoardApp
from slaboard.tui.overture import Overture
from slaboard.tui.widgets.palette import Palette
from tests.stores import YELLOW, make
from tests.tui.seats import screen, seat, until

NOW = 1_800_000_000


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make(tmp_path / "team.db", NOW, [YELLOW] * 3)


async def test_w_shows_what_happened_today_and_goes_back(store: Path) -> None:
    """Read when it is opened, and no key but the one that leaves does anything."""
    with SqliteStore(store) as opened:
        opened.act(Act("claim", "T-1", "Ana"), NOW)
    async with seat(store, now=NOW, size=(120, 30)) as (app, pilot):
        await pilot.press("w")
        await until(pilot, lambda: app.board.today is not None and app.board.today.claimed == 1)
        assert "wallboard" in screen(pilot)
        await pilot.press("c", "x", "u")
        assert "wallboard" in screen(pilot)
        assert app.board.prompt is None
        await pilot.press("w")
        assert "wallboard" not in screen(pilot)


async def test_opened_as_a_wallboard_it_hides_customers_and_q_ends_it(store: Path) -> None:
    async with seat(store, now=NOW, size=(80, 24), is_wall=True) as (app, pilot):
        await until(pilot, lambda: app.board.today is not None)
        assert not any(row.title in screen(pilot) for row in app.board.page.rows)
        await pilot.press("q")
        assert app._exit


async def test_at_night_it_wears_the_night_s_theme(store: Path) -> None:
    """Only on the wall: the board behind it keeps its own."""
    async with seat(store, now=NOW, wall_night=(0, 24 * 60)) as (app, pilot):
        day = app._sheet._palette.styles
        await pilot.press("w")
        await until(pilot, lambda: app._sheet._palette.styles != day)
        await pilot.press("w")
        await until(pilot, lambda: app._sheet._palette.styles == day)


@pytest.mark.parametrize(
    ("is_wall", "hours", "dark"), [(True, (0, 1440), True), (True, None, False), (False, (0, 1440), False)]
)
def test_a_wall_that_is_opened_at_night_is_dark_from_its_first_picture(
    store: Path, is_wall: bool, hours: tuple[int, int] | None, dark: bool
) -> None:
    """On the bare terminal and in the app: a room at night saw a flash of the day."""
    settings = Settings(store=store, timezone="UTC", is_wall=is_wall, wall_night=hours)
    overture = Overture(settings, clock=lambda: float(NOW))
    assert overture.dress == (themefile.load("night")[0] if dark else overture.theme)
    assert BoardApp(overture)._sheet._palette.styles == Palette(overture.dress).styles
