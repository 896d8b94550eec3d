"""The wallboard's values: which view, when it rests, where the picture is, and when it is night."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from slaboard.board.moves.press import Effect, press
from slaboard.board.moves.walling import entered, left
from slaboard.board.state import Mode
from slaboard.board.views import Tab
from slaboard.board.wall import (
    NEW_S,
    ORBIT_S,
    New,
    Show,
    Wall,
    held,
    is_flashing,
    is_night,
    midnight,
    noticed,
    offset,
    remaining_s,
    showing,
)
from slaboard.ticket import Bucket, Zone
from tests.board import factory
from tests.board.seat import KEYS, heard, seated

ZONE = "Europe/Berlin"


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp())


def test_views_come_one_after_the_other_by_the_clock() -> None:
    """So that two walls in one room show the same; 0 seconds keeps the first."""
    wall = Wall(every_s=20)
    assert [showing(wall, 60 * 60 + s) for s in (0, 19, 20, 40, 60)] == [
        Show.ZONES, Show.ZONES, Show.NEXT, Show.TODAY, Show.ZONES,
    ]  # fmt: skip
    assert remaining_s(wall, 3600 + 19) == 1
    still = Wall(every_s=0)
    assert {showing(still, s) for s in range(0, 200, 20)} == {Show.ZONES}
    assert remaining_s(still, 5) == 0


def test_a_key_lets_a_view_rest_for_a_minute_and_the_next_one_brings_another() -> None:
    """Somebody has stepped closer."""
    wall = held(Wall(), 3_605)
    assert {showing(wall, 3_605 + s) for s in range(60)} == {Show.ZONES}
    assert remaining_s(wall, 3_605) == 60
    assert showing(held(wall, 3_610), 3_611) is Show.NEXT
    assert showing(wall, 3_605 + 60) is showing(Wall(), 3_605 + 60)


def test_what_is_new_keeps_the_numbers_in_sight() -> None:
    """Half a minute, whatever view is on; a view that somebody stopped at stays, and older news go."""
    before = {(Bucket.RESPONSE, Zone.RED): 1, (Bucket.RESPLAN, Zone.ORANGE): 2}
    now = 3_620  # the second view is on
    wall = noticed(Wall(), before, before, now)
    assert wall == Wall()
    wall = noticed(wall, before, {(Bucket.RESPONSE, Zone.RED): 3, (Bucket.RESPLAN, Zone.ORANGE): 1}, now)
    assert wall.new == (New(Bucket.RESPONSE, Zone.RED, 2, now),)
    assert {showing(wall, now + second) for second in range(NEW_S)} == {Show.ZONES}
    assert remaining_s(wall, now) == NEW_S
    assert showing(wall, now + NEW_S) is Show.TODAY
    assert showing(replace(wall, held=Show.TODAY, held_until=now + 9), now) is Show.TODAY
    later = noticed(wall, before, {(Bucket.RESPONSE, Zone.RED): 1, (Bucket.RESPLAN, Zone.ORANGE): 3}, now + NEW_S)
    assert [new.zone for new in later.new] == [Zone.ORANGE]


def test_what_the_store_says_is_compared_with_what_was_shown() -> None:
    """On a wall; on a board the list says it."""
    session = seated()
    seen = replace(factory.GRID, cells={**factory.GRID.cells, (Bucket.RESPLAN, Zone.RED): 0})
    before = replace(session, board=replace(session.board, grid=seen))
    assert heard(before, ["T-100"], ms=9).board.wall.new == ()
    known = heard(entered(before), ["T-100"], ms=9)
    count = factory.GRID.cells[Bucket.RESPLAN, Zone.RED]
    assert known.board.wall.new == (New(Bucket.RESPLAN, Zone.RED, count, known.board.now),)


def test_only_a_new_red_flashes() -> None:
    """Twice; orange is told in words, and with reduce_motion so is red."""
    wall = noticed(Wall(), {}, {(Bucket.RESPONSE, Zone.RED): 1, (Bucket.RESPLAN, Zone.ORANGE): 1}, 100)
    assert [is_flashing(wall, Bucket.RESPONSE, Zone.RED, 100 + s) for s in range(5)] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert is_flashing(wall, None, Zone.RED, 100)
    assert not is_flashing(wall, Bucket.RESPLAN, Zone.RED, 100)
    assert not is_flashing(wall, Bucket.RESPLAN, Zone.ORANGE, 100)
    assert not is_flashing(replace(wall, is_still=True), Bucket.RESPONSE, Zone.RED, 100)


def test_the_picture_moves_by_a_cell_every_few_minutes_and_comes_back() -> None:
    """One step in one direction at a time, and where there is little room only sideways."""
    places = [offset(step * ORBIT_S, 120, 30)[:2] for step in range(7)]
    assert len(set(places)) == 6
    assert places[0] == places[6]
    assert all(abs(a - c) + abs(b - d) == 1 for (a, b), (c, d) in pairwise(places))
    assert {offset(step * ORBIT_S, 40, 12)[:2] for step in range(6)} == {(0, 0), (1, 0)}
    assert {offset(step * ORBIT_S, 20, 5) for step in range(6)} == {(0, 0, 0, 0)}


@pytest.mark.parametrize(
    ("hours", "clock", "dark"),
    [
        ((20 * 60, 7 * 60), "19:59", False), ((20 * 60, 7 * 60), "20:00", True), ((20 * 60, 7 * 60), "06:59", True),
        ((20 * 60, 7 * 60), "07:00", False), ((60, 5 * 60), "00:59", False), ((60, 5 * 60), "01:00", True),
        (None, "02:00", False),
    ],
)  # fmt: skip
def test_night_is_by_the_wall_s_own_clock(hours: tuple[int, int] | None, clock: str, dark: bool) -> None:
    assert is_night(Wall(night=hours), moment(f"2026-03-10T{clock}"), ZONE) is dark


@pytest.mark.parametrize("day", ["2026-03-10", "2026-03-29", "2026-10-25"])
def test_a_day_begins_at_midnight_also_when_the_clocks_change(day: str) -> None:
    assert midnight(moment(f"{day}T12:00"), ZONE) == moment(f"{day}T00:00")
    assert midnight(moment(f"{day}T00:00"), ZONE) == moment(f"{day}T00:00")


# --- keys -----------------------------------------------------------------------------------------------------------


def test_w_opens_it_led_by_what_needs_claiming_and_w_leaves_it() -> None:
    session = seated()
    wall, effect = press(session, "w", "w", KEYS, 0)
    assert (wall.board.mode, wall.board.view.tab, effect) == (Mode.WALL, Tab.NEEDS, None)
    for key in ("w", "q", "escape"):
        back, effect = press(wall, key, None, KEYS, 0)
        assert (back.board.mode, effect) == (Mode.BOARD, None)


def test_one_that_was_opened_as_a_wallboard_is_quit() -> None:
    session = entered(seated())
    session = replace(session, board=replace(session.board, wall=Wall(is_all=True)))
    assert left(session) is None
    assert press(session, "q", "q", KEYS, 0)[1] is Effect.QUIT


@pytest.mark.parametrize("key", ["c", "u", "d", "T", "x", "space", "slash", "enter", "i", "1", "left_square_bracket"])
def test_no_key_acts_on_it(key: str) -> None:
    """It only lets the view rest."""
    session = entered(seated())
    after, effect = press(session, key, key if len(key) == 1 else None, KEYS, 0)
    assert effect is None
    assert replace(after.board, wall=session.board.wall) == session.board
    assert after.board.wall.held is not None
    assert (after.errands, after.undo) == (session.errands, session.undo)


def test_in_the_past_there_is_no_wallboard() -> None:
    session = seated()
    session = replace(session, board=replace(session.board, past_at=1))
    after, _ = press(session, "w", "w", KEYS, 0)
    assert after.board.mode is Mode.BOARD
    assert after.board.outcome is not None
    assert "present" in after.board.outcome.text
