"""The grid: its counts at every size, with a filter and without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from slaboard.board import draw_grid
from slaboard.board.layout import layout
from slaboard.board.state import Board, Focus, Freshness
from tests.board.drawn import style_of, text, texts
from tests.board.factory import GRID, NOW, busy, filtered

SIZES = [(200, 50), (120, 30), (100, 12), (80, 24), (72, 11), (60, 20), (40, 12), (30, 8)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_count_is_shown_at_every_size(width: int, height: int) -> None:
    """The four zones of each bucket, waiting, no SLA and all that is open."""
    drawn = texts(draw_grid.lines(busy(), width, height))
    for count in (26, 11, 20, 5, 68, 29, 12, 2, 109, 51, 14, 3, 370):
        assert f" {count}" in drawn.replace("│", " ")


@pytest.mark.parametrize(("width", "height"), SIZES[:-1])
def test_with_a_filter_cells_are_hits_of_all(width: int, height: int) -> None:
    """The grid stays honest: how many there are is still told."""
    drawn = texts(draw_grid.lines(filtered(), width, height))
    for count in ("1/26", "0/11", "2/20", "0/5", "5/109", "9/370", "1/14", "0/3"):
        assert count in drawn


def test_updates_have_a_row_only_where_they_are_promised() -> None:
    """Rule 23."""
    assert "Update" not in texts(draw_grid.lines(busy(), 80, 24))
    promised = replace(busy(), grid=replace(GRID, uses_update=True))
    assert "Update" in texts(draw_grid.lines(promised, 80, 24))
    assert "Upd" in texts(draw_grid.lines(promised, 40, 12))


def test_before_the_first_answer_the_frame_stands() -> None:
    """No zero that might be true, and no spinner."""
    drawn = texts(draw_grid.lines(Board(now=NOW), 80, 24))
    assert drawn.count("·") == 19
    assert "0" not in drawn


def test_the_zone_keys_are_in_the_heading() -> None:
    """The effective ones."""
    remapped = replace(busy(), keys={"zone.red": "x"})
    assert "x RED" in text(draw_grid.lines(remapped, 80, 24)[0])


def test_the_heading_says_which_counting_this_is() -> None:
    """Rule 2: once, in its current stage; at 40 columns `now`."""
    assert "current stage" in texts(draw_grid.lines(busy(), 80, 24))
    assert text(draw_grid.lines(busy(), 40, 12)[0]).startswith(" now")


def test_an_old_grid_is_dim_and_dated() -> None:
    """Never silently old numbers."""
    old = replace(busy(), freshness=Freshness(as_of=NOW - 47))
    drawn = draw_grid.lines(old, 80, 24)
    assert style_of(drawn, "109") == "dim"
    assert "as of 15:40:20" in texts(drawn)


def test_the_cell_under_the_cursor_is_marked_without_colour_too() -> None:
    """And one outside of the grid is brought into it."""
    marked = replace(busy(), focus=Focus.GRID, cell=(1, 2))
    assert ">12" in texts(draw_grid.lines(marked, 80, 24))
    assert ">0" in texts(draw_grid.lines(replace(marked, cell=(9, 9)), 80, 24))
    assert ">" not in texts(draw_grid.lines(replace(marked, focus=Focus.LIST), 80, 24))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_click_finds_its_cell(width: int, height: int) -> None:
    """Where the number is drawn, and nowhere beside it."""
    board = busy()
    line = text(draw_grid.lines(board, width, height)[2])
    assert draw_grid.cell_at(board, width, height, line.index("12"), 2) == (1, 2)
    assert draw_grid.cell_at(board, width, height, 1, 2) is None
    assert draw_grid.cell_at(board, width, height, line.index("12"), 0) is None
    assert layout(board, width, height).grid.height == len(draw_grid.lines(board, width, height))


@pytest.mark.parametrize(
    ("count", "width", "shown"), [(999, 3, "999"), (12_345, 4, "12k"), (2_300_000, 3, "2M"), (9, 0, "")]
)
def test_a_large_count_is_shortened(count: int, width: int, shown: str) -> None:
    """Before it runs into its neighbour."""
    assert draw_grid.number(count, width) == shown
