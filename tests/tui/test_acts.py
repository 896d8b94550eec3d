"""Work from the board on real stores: every verb by its keys, and taken back with the clocks as they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from slaboard.board.state import Mode
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from slaboard.store.team import pin
from slaboard.store.team.roster import Roster
from slaboard.ticket import Stage, Ticket
from tests.stores import ORANGE, YELLOW, make
from tests.tui.seats import screen, seat, until


@pytest.fixture
def store(tmp_path: Path, now: int) -> Path:
    """T-1 to T-3 orange, T-4 to T-6 yellow."""
    return make(tmp_path / "team.db", now, [ORANGE, ORANGE - 1, ORANGE - 2, YELLOW, YELLOW - 1, YELLOW - 2])


def stands(store: Path, ticket: str, now: int) -> Ticket:
    """The ticket as it stands in the store, but for when it was last touched."""
    with SqliteStore(store) as opened:
        return replace(opened.detail(ticket, now).ticket, rev=0, changed_at=None)


@pytest.mark.parametrize(
    ("before", "keys", "said"),
    [
        ([], "c", "T-1 is Ana's"),
        ([], "xe", "Ana works on T-1 with the customer"),
        ([], ["x", "r", *"on the phone", "enter"], "T-1 is answered by Ana"),
        ([], ["x", "w", "enter"], "T-1 waits for customer"),
        ([], ["x", "w", "tab", "tab", "enter"], "T-1 waits for vendor"),
        ([Act("wait", "T-1", "Ben")], "xm", "T-1 is no longer waiting"),
        ([], ["x", "v", *"new toner", "enter"], "T-1 is resolved"),
        ([], ["x", "n", *"asks again", "enter"], "noted on T-1"),
        ([Act("claim", "T-1", "Ana")], ["d", *"shift ends", "enter"], "T-1 is unclaimed again"),
        ([Act("claim", "T-1", "Ben")], "Ty", "T-1 is Ana's, taken over from Ben"),
        ([Act("claim", "T-1", "Ben")], "xty", "T-1 is Ana's, taken over from Ben"),
        ([], ["x", "p", *"P1", "enter"], "T-1 has priority P1"),
        ([], ["x", "u", "ctrl+u", *"Marrow", "enter"], "T-1 has customer Marrow"),
        ([], ["x", "i", "home", *"Fixed: ", "enter"], "T-1 has title Fixed: Printer 1 is on fire"),
    ],
    ids=lambda value: "".join(value) if isinstance(value, list) and value and isinstance(value[0], str) else None,
)
async def test_an_act_and_its_undo(store: Path, now: int, before: list[Act], keys: list[str], said: str) -> None:
    """The ticket under the cursor, whatever list it is in; undone it stands exactly as it stood, clocks and all."""
    with SqliteStore(store) as opened:
        for act in before:
            opened.act(act, now - 5)
    as_it_was = stands(store, "T-1", now)
    async with seat(store) as (app, pilot):
        await pilot.press("full_stop", "full_stop")  # all that is open
        await until(pilot, lambda: any(ticket.id == "T-1" for ticket in app.board.page.rows))
        while app.board.cursor != "T-1":
            await pilot.press("j")
        await pilot.press(*keys)
        await until(pilot, lambda: said in screen(pilot))
        assert stands(store, "T-1", now) != as_it_was or "noted" in said
        await pilot.press("u")
        await until(pilot, lambda: "undone on T-1" in screen(pilot))
    after = stands(store, "T-1", now)
    assert (after.clocks, after.stage, after.owner) == (as_it_was.clocks, as_it_was.stage, as_it_was.owner)
    assert after == replace(as_it_was, owned_at=after.owned_at)


async def test_a_resolved_ticket_is_opened_again_from_its_detail(store: Path, now: int) -> None:
    """It has left every list, and stays on the screen while it is open there."""
    async with seat(store) as (_, pilot):
        await pilot.press("enter", "x", "v", "enter")
        await until(pilot, lambda: "T-1 is resolved" in screen(pilot))
        await pilot.press("x", "o", *"still smokes", "enter")
        await until(pilot, lambda: "T-1 is open again" in screen(pilot))
    assert stands(store, "T-1", now).stage is Stage.RESOLVE


async def test_a_bulk_is_never_all_or_nothing(store: Path, now: int) -> None:
    """Somebody else is quicker on one of three; the other two are taken, told, and given back together."""
    async with seat(store) as (app, pilot):
        await pilot.press("space", "space", "space")
        assert list(app.board.marks) == ["T-1", "T-2", "T-3"]
        app._feed._jobs.put(lambda: SqliteStore(store).act(Act("claim", "T-2", "Ben"), now))  # type: ignore[arg-type]
        await pilot.press("c")
        await until(pilot, lambda: app.board.mode is Mode.REPORT)
        assert "2 of 3 claimed by Ana; 1 LOST" in screen(pilot)
        assert "T-2 was taken by Ben" in screen(pilot)
        assert [stands(store, f"T-{number}", now).owner for number in (1, 2, 3)] == ["Ana", "Ben", "Ana"]
        await pilot.press("q", "u")
        await until(pilot, lambda: "2 tickets taken back by Ana" in screen(pilot))
    assert [stands(store, f"T-{number}", now).owner for number in (1, 2, 3)] == [None, "Ben", None]


async def test_a_bulk_on_a_shared_screen_asks_once_whose_it_is(store: Path, now: int) -> None:
    """And every act has that name."""
    async with seat(store, shared=True) as (_, pilot):
        await pilot.press("space", "space", "x", "w", "tab", "enter")
        assert "Wait on 2 tickets" in screen(pilot)
        await pilot.press("h")
        await until(pilot, lambda: "2 tickets put on wait by Chi" in screen(pilot))
    assert [stands(store, f"T-{number}", now).stage for number in (1, 2)] == [Stage.WAITING] * 2


async def test_a_mark_goes_when_somebody_else_takes_the_ticket(store: Path, now: int) -> None:
    """Before the keys are pressed that would act on it."""
    async with seat(store) as (app, pilot):
        await pilot.press("space", "space")
        with SqliteStore(store) as other:
            other.act(Act("claim", "T-2", "Ben"), now)
        await until(pilot, lambda: list(app.board.marks) == ["T-1"])
        assert "T-2 is Ben's: not marked any more" in screen(pilot)


async def test_a_shared_screen_asks_for_a_pin_and_lives_on_while_it_is_checked(store: Path, now: int) -> None:
    """A wrong one is said, the right one acts; the audit tells proof from trust."""
    with SqliteStore(store) as opened:
        Roster(opened).set_pin("Ben", "4711")
    async with seat(store, shared=True) as (app, pilot):
        await until(pilot, lambda: any(one.has_pin for one in app.board.team))
        await pilot.press("c", "b", *"4712", "enter")
        await until(pilot, lambda: "That is not Ben's PIN." in screen(pilot))
        assert "4712" not in screen(pilot)
        await pilot.press(*"4711", "enter")
        await until(pilot, lambda: "OK  T-1 is Ben's" in screen(pilot))
        await until(pilot, lambda: "last Ben" in app.lines[0])
    with SqliteStore(store) as opened:
        event = opened.events("T-1")[-1]
    assert event.actor == "Ben"
    assert event.via is not None
    assert event.via.endswith(" PIN shared")


async def test_a_pause_after_wrong_pins_is_told_and_nothing_is_done(store: Path, now: int) -> None:
    with SqliteStore(store) as opened:
        Roster(opened).set_pin("Ben", "4711")
        for _ in range(pin.FREE):
            opened.pin_ok("Ben", "0000", now)
    async with seat(store, shared=True) as (app, pilot):
        await until(pilot, lambda: any(one.has_pin for one in app.board.team))
        await pilot.press("c", "b", *"4711", "enter")
        await until(pilot, lambda: "Too many wrong PINs for Ben: try again in" in screen(pilot))
        assert app.board.mode is Mode.BOARD
    assert stands(store, "T-1", now).owner is None
