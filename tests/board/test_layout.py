"""The layout: what has its place at which size."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.layout import NOWHERE, layout
from slaboard.board.state import Mode
from tests.board.factory import busy
from tests.board.scenes import scenes


@pytest.mark.parametrize(
    ("width", "height", "rows"),
    [(200, 50, 38), (120, 30, 18), (80, 24, 14), (40, 12, 4), (30, 8, 2), (29, 7, 5), (120, 40, 12)],
)
def test_so_many_tickets_are_visible(width: int, height: int, rows: int) -> None:
    """The app pages by this number."""
    assert layout(busy(), width, height).rows.height == rows


@pytest.mark.parametrize(
    ("width", "height", "where"),
    [(200, 50, "right"), (160, 24, "right"), (120, 40, "below"), (40, 40, "below"), (120, 30, "no"), (200, 12, "no")],
)
def test_the_detail_moves_by_itself(width: int, height: int, where: str) -> None:
    """At the right where it is wide, below where it is high, else only when it is opened, over the list."""
    places = layout(busy(), width, height)
    found = "no" if places.detail == NOWHERE else "right" if places.detail.x else "below"
    assert found == where
    opened = layout(replace(busy(), detail_open=True), width, height)
    assert opened.detail.height > 0
    assert (opened.rows.height == 0) == (where == "no")


@pytest.mark.parametrize("name", ["held", "stale", "claim", "typing"])
@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 30)])
def test_nothing_above_the_list_moves(name: str, size: tuple[int, int]) -> None:
    """An outcome, an error, a question or a filter comes and goes at the bottom."""
    before, after = layout(busy(), *size), layout(scenes()[name], *size)
    assert (after.top, after.grid) == (before.top, before.grid)
    assert after.foot.y + after.foot.height == size[1]


@pytest.mark.parametrize(("top", "index", "first"), [(0, 4, 0), (0, 20, 7), (30, 4, 4), (99, 45, 32), (-3, 0, 0)])
def test_the_cursor_is_in_sight(top: int, index: int, first: int) -> None:
    """Whatever `top` says: 14 of 46 are visible at 80x24."""
    assert layout(replace(busy(), top=top, cursor_index=index), 80, 24).first == first


def test_a_cell_is_a_ticket() -> None:
    """For the mouse: the index in the list, from the first visible one on."""
    places = layout(replace(busy(), top=10, cursor_index=12), 80, 24)
    assert places.index_at(5, places.rows.y + 3) == 13
    assert places.index_at(5, places.grid.y) is None


def test_the_help_covers_the_list_and_not_the_grid() -> None:
    """The grid is always on screen."""
    places = layout(replace(busy(), mode=Mode.HELP), 80, 24)
    assert places.rows == places.detail == NOWHERE
    assert places.help.y == places.grid.y + places.grid.height
