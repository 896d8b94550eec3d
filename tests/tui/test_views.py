"""Views and exports on a running board: a saved view is there again, a file is overwritten only when asked twice."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from slaboard import viewfile
from slaboard.board.pivot import Pivot
from slaboard.board.saved import SavedView
from slaboard.board.sight import Sight
from slaboard.board.views import Tab
from slaboard.config import Settings
from slaboard.store.sqlite import SqliteStore
from slaboard.store.team.teamviews import TeamViews
from slaboard.tui.early import Early
from slaboard.tui.overture import Overture
from tests.stores import GREEN, ORANGE, RED, YELLOW, make
from tests.tui.seats import screen, seat, until


@pytest.fixture
def store(tmp_path: Path) -> Path:
    now = int(time.time())  # noqa: TID251 the board's own clock runs in these tests
    return make(tmp_path / "team.db", now, [ORANGE, YELLOW, GREEN, RED])


async def test_a_view_is_saved_for_oneself_and_the_team_and_shown_again(store: Path) -> None:
    """And the grid is turned with it; its cells list what they count."""
    async with seat(store) as (app, pilot):
        await pilot.press("b", "b", "b", "slash", "y", "colon", "enter", "v", "s", *"Yellow", "enter")
        await until(pilot, lambda: "OK  Yellow is saved in" in screen(pilot))
        await pilot.press("v", "t", *"Ours", "enter")
        await until(pilot, lambda: "OK  Ours is saved for the team" in screen(pilot))
        await until(pilot, lambda: app.board.team_views)
        await pilot.press("escape", "b", "b")
        await until(pilot, lambda: "SLA by Status" in screen(pilot) and not app.board.filter_text)
        await pilot.press("v", "2")
        await until(pilot, lambda: "SLA by Owner" in screen(pilot) and app.board.page.total == 1)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: app.board.filter_text == "unclaimed g:" and app.board.page.total == 1)
    assert [view.name for view in viewfile.load().views] == ["Yellow"]
    with SqliteStore(store) as opened:
        [view] = TeamViews(opened).everything()
    assert (view.name, view.filter, view.pivot, view.saved_by) == ("Ours", "y:", "owner", "Ana")


def test_a_board_begins_with_a_saved_view(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Already the first look reads its list and its grid, and the line above the keys says what is shown."""
    saved = SavedView("Late", "r:", Tab.BREACHED, pivot=Pivot.OWNER)
    overture = Overture(Settings(store=store, person="Ana", timezone="UTC"), saved=saved)
    board = overture.session.board
    assert (board.view, board.pivot, board.filter_text) == (saved.view("Ana"), Pivot.OWNER, "r:")
    assert board.outcome is not None
    assert board.outcome.text == "Late: r: · breached tickets · grid owner"
    looked: list[Sight] = []
    early = Early(overture.settings, lambda: 0.0, saved)
    monkeypatch.setattr(early.feed, "look", looked.append)
    monkeypatch.setattr(early.feed, "start", lambda: None)
    early.begin()
    assert (looked[0].view, looked[0].pivot) == (board.view, board.pivot)


async def test_a_list_is_taken_along(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with seat(store, size=(120, 30)) as (_, pilot):
        await pilot.press("X", "ctrl+u", "ctrl+k", *"mine.csv", "enter")
        await until(pilot, lambda: f"OK  2 tickets are in {tmp_path / 'mine.csv'}" in screen(pilot))
        (tmp_path / "mine.csv").write_text("theirs")
        await pilot.press("X", "ctrl+u", "ctrl+k", *"mine.csv", "enter")
        await until(pilot, lambda: "mine.csv is there already: enter again" in screen(pilot))
        assert (tmp_path / "mine.csv").read_text() == "theirs"
        await pilot.press("enter")
        await until(pilot, lambda: "OK  2 tickets are in" in screen(pilot))
        await pilot.press("X", "ctrl+u", "ctrl+k", *"no/where.csv", "enter")
        await until(pilot, lambda: "NO  " in screen(pilot) and "cannot be written" in screen(pilot))
    assert [line.split(",")[0] for line in (tmp_path / "mine.csv").read_text().splitlines()] == ["id", "T-1", "T-2"]
