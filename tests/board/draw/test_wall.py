"""The wallboard as drawn: what must be on it, and what strangers must not read."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.draw import block
from slaboard.board.render import render
from slaboard.board.state import Freshness
from slaboard.board.wall import NEW_S, ORBIT_S, New, Show, Wall
from slaboard.ticket import Bucket, Zone
from tests.board.drawn import style_of, texts
from tests.board.factory import NOW, busy
from tests.board.scenes import scenes, wall

SIZES = ((200, 50), (120, 30), (80, 24), (40, 12), (30, 8))


def test_big_numbers_are_what_they_say() -> None:
    """Every character of a font is as wide in each line, at each scale."""
    for scale in block.SCALES:
        rows = block.drawn("0123456789-:STALEhdmskM+", scale)
        assert len(rows) == block.height(scale)
        assert {len(row) for row in rows} == {block.width("0123456789-:STALEhdmskM+", scale)}
    assert block.drawn("1", (1, 1)) == [" █ ", "██ ", " █ ", " █ ", "███"]
    assert block.drawn("1", block.HALF) == ["▄█ ", " █ ", "▀▀▀"]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("show", Show)
def test_no_customer_and_no_title_unless_asked(show: Show, size: tuple[int, int]) -> None:
    """A room has visitors."""
    board = busy()
    private = replace(wall(board, show), wall=Wall(held=show, held_until=NOW + 9))
    drawn = texts(render(private, *size))
    assert not any(row.customer in drawn or row.title[:8] in drawn for row in board.page.rows)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("show", Show)
def test_old_numbers_are_said_to_be_old_then_gone(show: Show, size: tuple[int, int]) -> None:
    """A wall must not lie: STALE from 15 s on, no numbers from two minutes on."""
    board = replace(wall(busy(), show), freshness=Freshness(as_of=NOW - 47))
    lines = render(board, *size)
    assert style_of(lines, "STALE") == "top.stale"
    assert not any(style.startswith(("grid.", "zone.")) for line in lines for _, style in line)
    blind = texts(render(replace(board, freshness=Freshness(as_of=NOW - 240)), *size))
    fresh = texts(render(replace(board, freshness=Freshness(as_of=NOW)), *size))
    assert "LIVE" in fresh
    assert any(dash in blind for dash in ("██", "--", "▀▀▀", "▄▄▄"))
    assert blind != texts(render(board, *size))


@pytest.mark.parametrize(
    ("size", "said"),
    [((200, 50), "+2 new"), ((120, 30), "+2 new"), ((80, 24), "+2"), ((40, 12), "+2"), ((30, 8), "+2")],
)
def test_a_new_red_is_told_and_its_cell_flashes_twice(size: tuple[int, int], said: str) -> None:
    """In words for a while, and the other way round in two of its first three seconds; not where nothing may move."""
    new = New(Bucket.RESPLAN, Zone.RED, 2, NOW)
    board = replace(wall(busy(), Show.ZONES), wall=Wall(new=(new,)))

    def red(second: int, *, is_still: bool = False) -> int:
        then = replace(board, now=NOW + second, freshness=Freshness(as_of=NOW + second))
        lines = render(replace(then, wall=replace(board.wall, is_still=is_still)), *size)
        assert said in texts(lines)
        return sum(len(text) for line in lines for text, style in line if style in ("grid.red", "ink.red"))

    assert red(0) == red(2) < red(1) == red(3) == red(0, is_still=True)


@pytest.mark.parametrize("size", [(200, 50), (120, 30), (80, 24), (40, 12), (30, 8)])
def test_no_dark_number_touches_the_edge_of_its_ground(size: tuple[int, int]) -> None:
    """On a black screen it would run into it; where there is no room between, it has its colour and no ground."""
    lines = render(wall(busy(), Show.ZONES), *size)
    tiles = ["".join(text for text, style in line if style == "grid.orange") for line in lines]
    for before, tile, after in zip(["", *tiles], tiles, [*tiles[1:], ""], strict=False):
        assert before or set(tile) <= {" ", "▄"}
        assert after or set(tile) <= {" ", "▀"}
    assert any(style == "ink.orange" for line in lines for _, style in line) is (size[0] < 80)


def test_what_was_new_is_not_for_ever() -> None:
    """Nor told where the numbers are too old to be known."""
    board = replace(wall(busy(), Show.ZONES), wall=Wall(new=(New(Bucket.RESPLAN, Zone.RED, 2, NOW - NEW_S),)))
    assert "new" not in texts(render(board, 120, 30))
    fresh = replace(board, wall=Wall(new=(New(Bucket.RESPLAN, Zone.RED, 2, NOW),)))
    assert "+2" not in texts(render(replace(fresh, freshness=Freshness(as_of=NOW - 240)), 40, 12))


def test_the_same_picture_is_elsewhere_some_minutes_later() -> None:
    """Line for line, a cell to the right."""
    board = wall(busy(), Show.ZONES)
    start = NOW - NOW % (6 * ORBIT_S)
    first, second = (
        texts(render(replace(board, now=start + step, freshness=Freshness(as_of=start + step)), 120, 30)).splitlines()
        for step in (0, ORBIT_S)
    )
    assert [line and f" {line}" for line in first[1:20]] == second[1:20]


def test_numbers_one_above_the_other_do_not_touch() -> None:
    """In a side pane without colours two digits were one shape."""
    assert block.within("8", (2, 1), 5, is_tight=True) == ["██████", "██  ██", "██▀▀██", "██▄▄██", "▀▀▀▀▀▀"]
    lines = texts(render(wall(busy(), Show.ZONES), 40, 12)).splitlines()
    assert not [x for x, char in enumerate(lines[5]) if char in "█▄" and lines[6][x : x + 1] in ("█", "▀")]


def test_a_day_that_is_not_counted_yet_is_no_day_without_claims() -> None:
    """Its figures come a moment after the wallboard."""
    shown = wall(busy(), Show.ZONES)
    assert "today: 31 claimed" in texts(render(shown, 80, 24))
    assert "today" not in texts(render(replace(shown, today=None), 80, 24))


def test_before_the_store_has_answered_there_are_no_numbers() -> None:
    """Not zeros."""
    board = replace(wall(scenes()["loading"], Show.TODAY), today=None)
    assert (
        "0" not in texts(render(replace(board, wall=Wall(held=Show.ZONES, held_until=NOW + 9)), 30, 8)).split("\n")[3]
    )
