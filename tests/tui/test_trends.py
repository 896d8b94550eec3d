"""The history screen on a running board: counted beside it, listed, opened, and left as the board was."""

from __future__ import annotations

from pathlib import Path

from slaboard.board.state import Mode
from tests.stores import RED, YELLOW, make
from tests.tui.seats import screen, seat, until

NOW = 1_800_000_000


async def test_from_the_board_to_a_ticket_behind_a_figure_and_back(tmp_path: Path) -> None:
    """Each step is read from the store while the board goes on."""
    store = make(tmp_path / "team.db", NOW, [YELLOW, RED], titles=["Printer in the attic", "Lift music"])
    async with seat(store, now=NOW, size=(120, 30)) as (app, pilot):
        await until(pilot, lambda: app.board.grid is not None)
        await pilot.press("H")
        await until(pilot, lambda: app.board.trends.figures is not None)
        assert "TODAY until" in screen(pilot)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: app.board.trends.items is not None)
        assert "Lift music" in screen(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "History, newest first" in screen(pilot))
        await pilot.press("q", "q", "c")
        assert app.board.mode is Mode.TRENDS
        await pilot.press("q")
        assert "SLA by Status" in screen(pilot)
