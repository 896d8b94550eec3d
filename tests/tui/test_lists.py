"""Lists on real stores: sorted, stood still, and gone through by what is in need."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from tests.stores import GREEN, ORANGE, RED, YELLOW, make
from tests.tui.seats import row, screen, seat, until


@pytest.fixture
def store(tmp_path: Path, now: int) -> Path:
    """T-1 to T-40 orange, of which all but T-35 are Ben's; T-41 to T-80 green, T-81 yellow, T-82 red."""
    path = make(tmp_path / "team.db", now, [*(ORANGE - n for n in range(40)), *[GREEN] * 40, YELLOW, RED])
    with SqliteStore(path) as opened:
        for number in range(1, 41):
            if number != 35:
                opened.act(Act("claim", f"T-{number}", "Ben"), now)
    return path


async def test_the_next_ticket_in_need_is_found_wherever_it_is(store: Path) -> None:
    """Beyond what the screen holds, round the end, and back."""
    async with seat(store) as (app, pilot):
        await pilot.press("full_stop", "full_stop")
        await until(pilot, lambda: app.board.cursor == "T-1" and app.board.page.total == 82)
        for key, wanted in (("e", "T-35"), ("e", "T-81"), ("e", "T-35"), ("E", "T-81"), ("g", "T-1"), ("E", "T-81")):
            await pilot.press(key)
            await until(pilot, lambda wanted=wanted: app.board.cursor == wanted and row(app, wanted))  # type: ignore[misc]


async def test_a_list_is_sorted_and_its_cursor_stays_on_its_ticket(store: Path) -> None:
    async with seat(store) as (app, pilot):
        await pilot.press("full_stop", "full_stop", "g", "s", "s", "s", "s", "s", "s", "S")
        await until(pilot, lambda: app.board.cursor_index == 81 and row(app, "T-2"))
        assert "by id ↓" in screen(pilot)
        assert app.board.cursor == "T-1"
        await pilot.press("s")
        await until(pilot, lambda: app.board.cursor_index == 0 and row(app, "T-2"))
        assert "by id" not in screen(pilot)


async def test_a_pause_says_what_would_have_changed(store: Path, now: int) -> None:
    async with seat(store) as (app, pilot):
        await pilot.press("p")
        with SqliteStore(store) as other:
            other.act(Act("claim", "T-35", "Chi"), now)
        await until(pilot, lambda: "+0 new, 1 gone" in screen(pilot))
        assert "Chi" in row(app, "T-35"), "what it is now is shown where it stood"
        await pilot.press("p")
        await until(pilot, lambda: not row(app, "T-35") and "PAUSED" not in screen(pilot))


async def test_a_followed_ticket_tells_its_news_and_stays_under_the_cursor(store: Path, now: int) -> None:
    async with seat(store) as (app, pilot):
        await until(pilot, lambda: app.board.cursor == "T-35")
        await pilot.press("f")
        await until(pilot, lambda: app._session.followed_seq is not None)
        with SqliteStore(store) as other:
            other.act(Act("claim", "T-35", "Chi"), now)
        await until(pilot, lambda: "NEWS  T-35: Chi claimed" in screen(pilot))
        assert app.board.cursor == "T-35"
