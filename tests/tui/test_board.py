"""The board as people use it: real stores, real keys, several of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.geometry import Size

from slaboard.board.moves import asking
from slaboard.board.state import Mode
from slaboard.board.views import Tab
from slaboard.follow.feed import Feed
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from tests.stores import GREEN, ORANGE, RED, YELLOW, make
from tests.tui.seats import painted, row, screen, seat, until


@pytest.fixture
def store(tmp_path: Path, now: int) -> Path:
    """T-1 to T-4 orange, T-5 to T-20 yellow, T-21 green, T-22 red."""
    ages = [*(ORANGE - number for number in range(4)), *(YELLOW - number for number in range(16)), GREEN, RED]
    return make(tmp_path / "team.db", now, ages)


async def test_the_first_picture_does_not_wait_for_the_store(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Feed, "start", lambda self: None)
    async with seat(store, wait=False) as (app, pilot):
        assert "SLA by Status" in screen(pilot)
        assert app.board.grid is None


async def test_a_claim_on_one_board_shows_on_the_other(store: Path) -> None:
    async with seat(store, person="Ana") as (_, pilot), seat(store, person="Ben") as (theirs, other):
        await until(other, lambda: row(theirs, "T-1"))
        await pilot.press("c")
        await until(pilot, lambda: "OK  T-1 is Ana's" in screen(pilot))
        await until(other, lambda: theirs.board.counts[Tab.NEEDS] == 19)
        await other.press("full_stop")  # to mine, which has nothing
        await other.press("full_stop")
        await until(other, lambda: "Ana" in row(theirs, "T-1"))


async def test_a_claim_elsewhere_shows_while_the_order_holds(store: Path, now: int) -> None:
    async with seat(store) as (app, pilot):
        await pilot.press("j", "j")
        before = [ticket.id for ticket in app.board.page.rows]
        with SqliteStore(store) as other:
            other.act(Act("claim", "T-1", "Ben"), now)
        await until(pilot, lambda: "Ben" in row(app, "T-1"))
        assert [ticket.id for ticket in app.board.page.rows] == before
        assert app.board.cursor == "T-3"
        assert "held" in screen(pilot)


async def test_a_claim_can_be_undone(store: Path) -> None:
    async with seat(store) as (app, pilot):
        await pilot.press("j", "c")
        await until(pilot, lambda: "Ana" in row(app, "T-2"))
        await pilot.press("u")
        await until(pilot, lambda: "undone on T-2" in screen(pilot))
        await until(pilot, lambda: "Ana" not in row(app, "T-2"))


async def test_on_a_shared_screen_the_letter_claims_what_the_question_names(store: Path, now: int) -> None:
    async with seat(store, shared=True) as (app, pilot):
        await pilot.press("j", "c")
        await until(pilot, lambda: "Claim T-2" in screen(pilot))
        with SqliteStore(store) as other:
            other.act(Act("resolve", "T-1", "Ben"), now)
        await until(pilot, lambda: app.board.counts[Tab.ALL] == 21)
        await pilot.press("h")
        await until(pilot, lambda: "T-2 is Chi's" in screen(pilot))
        with SqliteStore(store) as other:
            event = other.events("T-2")[-1]
        assert event.actor == "Chi"
        assert event.via is not None
        assert event.via.endswith(" shared")


async def test_who_comes_second_is_told_who_was_first(store: Path, now: int) -> None:
    async with seat(store, shared=True) as (_, pilot):
        await pilot.press("c")
        with SqliteStore(store) as other:
            other.act(Act("claim", "T-1", "Ben"), now)
        await pilot.press("a")
        await until(pilot, lambda: "LOST  T-1 was taken by Ben" in screen(pilot))


async def test_a_row_that_just_changed_is_not_claimed(store: Path, now: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SWAP_MS", 60_000)
    async with seat(store) as (app, pilot):
        await until(pilot, lambda: row(app, "T-1"))
        with SqliteStore(store) as other:
            other.act(Act("claim", "T-1", "Ben"), now)
        await until(pilot, lambda: app.board.cursor == "T-2")
        await pilot.press("c")
        assert "MOVED" in screen(pilot)
    with SqliteStore(store) as other:
        assert other.detail("T-2", now).ticket.owner is None


async def test_a_filter_narrows_while_it_is_typed_and_escape_brings_all_back(store: Path) -> None:
    async with seat(store) as (app, pilot):
        await pilot.press("slash", *"printer 7")
        await until(pilot, lambda: app.board.page.total == 2)
        assert app.board.hits is not None
        await pilot.press("backspace", "backspace", "escape")
        await until(pilot, lambda: app.board.page.total == 20)
        assert app.board.mode is Mode.BOARD


async def test_a_cell_of_the_grid_opens_as_a_list(store: Path) -> None:
    async with seat(store) as (app, pilot):
        await pilot.press("tab", "l", "l", "enter")
        await until(pilot, lambda: app.board.page.total == 4)
        assert app.board.view.tab is Tab.ALL
        assert "in:response o:" in screen(pilot)


async def test_the_detail_tells_the_history(store: Path) -> None:
    async with seat(store) as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "created by mail" in screen(pilot))
        await pilot.press("q")
        assert not app.board.detail_open


async def test_forty_by_twelve_is_a_whole_program(store: Path) -> None:
    async with seat(store, size=(40, 12), shared=True) as (app, pilot):
        assert [label for label in ("Rsp", "Pln", "Rsl") if label not in screen(pilot)] == []
        await pilot.press("j", "c")
        assert "T-2" in screen(pilot)
        await pilot.press("b")
        await until(pilot, lambda: "OK" in screen(pilot))
        await until(pilot, lambda: "held" in screen(pilot))
        await pilot.press("question_mark")
        assert "Claim it" in screen(pilot)
        await pilot.press("q", "slash", *"printer 9", "enter")
        await until(pilot, lambda: app.board.page.total == 2)
        assert all(len(line) == 40 for line in app.lines)


@pytest.mark.parametrize("size", [(1, 1), (2, 40), (200, 1), (29, 7), (300, 100)], ids=str)
async def test_any_size_is_drawn_and_the_next_one_too(store: Path, size: tuple[int, int]) -> None:
    async with seat(store, size=(80, 24)) as (app, pilot):
        await pilot.resize_terminal(*size)
        await until(pilot, lambda: len(app.lines) == size[1])
        assert painted(app) == app.lines, "the new size does not wait for the next second"
        await pilot.press("j", "enter", "question_mark", "q", "q", "slash", "escape", "c")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: app.size == Size(80, 24) and "SLA by Status" in screen(pilot))


HOSTILE = (
    "[b]bold[/b]",
    "[/b] closes what was never opened",
    "[@click=app.quit]click me[/]",
    "\x1b]0;owned\x07 title",
    "\x1b]52;c;b3duZWQ=\x07 clipboard",
    "\x1b[2J\x1b[1;1H cleared",
    "\x9b31m c1 \x90 dcs",
    "safe\u202etxt.exe",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 family \U0001f3f3\ufe0f\u200d\U0001f308",
    "e" + "\u0301" * 60,
    "漢字" * 40,
    "x" * 10_000,
    "\ud800 lone",
    "a\r\nb\tc\0d",
)


@pytest.mark.parametrize("size", [(200, 50), (80, 24), (40, 12), (20, 5)], ids=str)
async def test_no_subject_can_break_the_board(tmp_path: Path, now: int, size: tuple[int, int]) -> None:
    titles = [title.encode("utf-8", "replace").decode() for title in HOSTILE]
    path = make(tmp_path / "h.db", now, [YELLOW] * len(HOSTILE), titles=titles)
    async with seat(path, size=size) as (app, pilot):
        for _ in HOSTILE:
            await pilot.press("j", "enter", "q")
        text = screen(pilot)
        assert not [char for char in text if (ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0]
        assert "\u202e" not in text
        await pilot.press("slash", *"[/b]")
        await until(pilot, lambda: app.board.page.total == 2)


# --- the mouse --------------------------------------------------------------------------------------------------


async def test_a_click_selects_and_changes_nothing(store: Path, now: int) -> None:
    async with seat(store) as (app, pilot):
        y = next(y for y, line in enumerate(app.lines) if line[2:].startswith("T-4 "))
        await pilot.click(offset=(10, y))
        await pilot.click(offset=(10, y))
        assert app.board.cursor == "T-4"
    with SqliteStore(store) as other:
        assert other.grid(now).needs == 20


async def test_a_click_on_the_grid_moves_its_cursor(store: Path) -> None:
    async with seat(store) as (app, pilot):
        y = next(y for y, line in enumerate(app.lines) if line.startswith(" Resolution"))
        x = app.lines[y - 3].index("ORANGE")
        await pilot.click(offset=(x + 2, y))
        assert app.board.cell == (2, 2)
        assert app.board.view.filter.is_empty


# --- what is wrong is said --------------------------------------------------------------------------------------


async def test_a_store_that_goes_away_leaves_its_numbers_marked_as_old(store: Path) -> None:
    async with seat(store) as (app, pilot):
        for name in (store, store.with_name("team.db-wal"), store.with_name("team.db-shm")):
            name.unlink(missing_ok=True)
        await until(pilot, lambda: "STALE" in screen(pilot) and "is gone" in screen(pilot))
        assert row(app, "T-1")
        await pilot.press("j", "c")
        assert "Claims are off" in screen(pilot)


async def test_what_was_set_wrongly_is_said_and_the_board_opens_all_the_same(store: Path) -> None:
    async with seat(store, theme="neon", keys={"claim": "Z", "help": "nonsense key"}) as (_, pilot):
        assert "3 things to put right" in screen(pilot)
        assert "There is no theme neon" in screen(pilot)
        await pilot.press("Z")
        assert "Z (claim) closed the message and did nothing else" in screen(pilot)
        assert " Z claim" in screen(pilot)
        await pilot.press("Z")
        await until(pilot, lambda: "T-1 is Ana's" in screen(pilot))


async def test_looking_only_shows_no_key_that_changes_anything(store: Path) -> None:
    async with seat(store, read_only=True) as (_, pilot):
        assert "READ-ONLY" in screen(pilot)
        assert "c claim" not in screen(pilot)
        await pilot.press("c")
        assert "for looking only" in screen(pilot)


# --- no store ---------------------------------------------------------------------------------------------------


async def test_without_a_store_it_says_where_it_looked_and_makes_one(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    async with seat(path, wait=False, store_from="SLABOARD_STORE", size=(100, 24)) as (app, pilot):
        await until(pilot, lambda: "There is no store" in screen(pilot))
        assert "SLABOARD_STORE" in screen(pilot)
        await pilot.press("d")
        assert "slaboard demo" in screen(pilot)
        await pilot.press("n")
        await until(pilot, lambda: "The store is open and healthy" in screen(pilot))
        assert app.return_code is None
    assert path.exists()


async def test_a_store_nearby_is_offered(store: Path) -> None:
    async with seat(store.with_name("teem.db"), wait=False) as (app, pilot):
        await until(pilot, lambda: "Did you mean" in screen(pilot))
        await pilot.press("o")
        await until(pilot, lambda: row(app, "T-1"))
        assert app.board.store_name == "team"


async def test_a_store_that_somebody_else_makes_is_found(tmp_path: Path, now: int) -> None:
    path = tmp_path / "late.db"
    async with seat(path, wait=False) as (app, pilot):
        await until(pilot, lambda: "There is no store" in screen(pilot))
        make(path, now, [YELLOW])
        await pilot.press("r")
        await until(pilot, lambda: row(app, "T-1"))


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+q"])
async def test_the_start_screen_can_be_left(tmp_path: Path, key: str) -> None:
    async with seat(tmp_path / "none.db", wait=False) as (app, pilot):
        await until(pilot, lambda: "There is no store" in screen(pilot))
        await pilot.press(key)
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 0


async def test_the_past_can_be_stepped_through_and_left_again(store: Path) -> None:
    async with seat(store, size=(100, 24)) as (app, pilot):
        await pilot.press("left_curly_bracket")
        await until(pilot, lambda: "PAST" in app.lines[0] and app.board.grid and app.board.grid.open == 1)
        assert row(app, "T-22") == "", "it was green then"
        await pilot.press("c")
        assert "This is the past" in screen(pilot)
        await pilot.press("n")
        await until(pilot, lambda: "LIVE" in app.lines[0] and app.board.grid and app.board.grid.open == 22)
        await pilot.press("c")
        await until(pilot, lambda: "OK  T-1 is Ana's" in screen(pilot))


async def test_a_board_opened_in_the_past_plays_it(store: Path, now: int) -> None:
    async with seat(store, past_at=now - 1_900, wait=False) as (app, pilot):
        await until(pilot, lambda: app.board.grid is not None)
        assert app.board.grid is not None
        assert (app.board.grid.open, app.board.past_only) == (21, True)
        await pilot.press("plus", "P")
        await until(pilot, lambda: app.board.past_at == now - 1_600)
        assert "5m/s" in app.lines[0]
        await pilot.press("P", "q")
        assert app.return_code == 0


async def test_a_due_instant_explains_itself(store: Path) -> None:
    async with seat(store, size=(120, 30)) as (app, pilot):
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: "= due" in screen(pilot))
        assert "T-1  Response  running, orange" in screen(pilot)
        await pilot.press("q")
        assert app.board.mode is Mode.BOARD


async def test_a_click_on_a_tab_shows_that_list(store: Path) -> None:
    async with seat(store) as (app, pilot):
        y = next(y for y, line in enumerate(app.lines) if "[Needs claim" in line)
        await pilot.click(offset=(app.lines[y].index("Breached"), y))
        assert app.board.view.tab is Tab.BREACHED
