"""The grid: its counts at every size, with a filter and without."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from msgspec.structs import replace as changed

from slaboard.board.draw import grid
from slaboard.board.layout import layout
from slaboard.board.pivot import Pivot, Turned, drill, pivoted
from slaboard.board.state import Board, Focus, Freshness
from slaboard.board.views import parse_filter
from slaboard.ticket import Bucket, Zone
from tests.board.drawn import style_of, text, texts
from tests.board.factory import GRID, HOUR, NOW, busy, filtered, running, ticket

SIZES = [(200, 50), (120, 30), (100, 12), (80, 24), (72, 11), (60, 20), (40, 12), (30, 8)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_count_is_shown_at_every_size(width: int, height: int) -> None:
    """The four zones of each bucket, waiting, no SLA and all that is open."""
    drawn = texts(grid.lines(busy(), width, height))
    for count in (26, 11, 20, 5, 68, 29, 12, 2, 109, 51, 14, 3, 370):
        assert f" {count}" in drawn.replace("│", " ")


@pytest.mark.parametrize(("width", "height"), SIZES[:-1])
def test_with_a_filter_cells_are_hits_of_all(width: int, height: int) -> None:
    """The grid stays honest: how many there are is still told."""
    drawn = texts(grid.lines(filtered(), width, height))
    for count in ("1/26", "0/11", "2/20", "0/5", "5/109", "9/370", "1/14", "0/3"):
        assert count in drawn


def test_updates_have_a_row_only_where_they_are_promised() -> None:
    """Rule 23."""
    assert "Update" not in texts(grid.lines(busy(), 80, 24))
    promised = replace(busy(), grid=replace(GRID, uses_update=True))
    assert "Update" in texts(grid.lines(promised, 80, 24))
    assert "Upd" in texts(grid.lines(promised, 40, 12))


def test_before_the_first_answer_the_frame_stands() -> None:
    """No zero that might be true, and no spinner."""
    drawn = texts(grid.lines(Board(now=NOW), 80, 24))
    assert drawn.count("·") == 19
    assert "0" not in drawn


def test_the_zone_keys_are_in_the_heading() -> None:
    """The effective ones."""
    remapped = replace(busy(), keys={"zone.red": "x"})
    assert "x RED" in text(grid.lines(remapped, 80, 24)[0])


def test_the_heading_says_which_counting_this_is() -> None:
    """Rule 2: once, in its current stage; at 40 columns `now`."""
    assert "current stage" in texts(grid.lines(busy(), 80, 24))
    assert text(grid.lines(busy(), 40, 12)[0]).startswith(" now")


def test_an_old_grid_is_dim_and_dated() -> None:
    """Never silently old numbers."""
    old = replace(busy(), freshness=Freshness(as_of=NOW - 47))
    drawn = grid.lines(old, 80, 24)
    assert style_of(drawn, "109") == "dim"
    assert "as of 15:40:20" in texts(drawn)


def test_the_cell_under_the_cursor_is_marked_without_colour_too() -> None:
    """And one outside of the grid is brought into it."""
    marked = replace(busy(), focus=Focus.GRID, cell=(1, 2))
    assert ">12" in texts(grid.lines(marked, 80, 24))
    assert ">0" in texts(grid.lines(replace(marked, cell=(9, 9)), 80, 24))
    assert ">" not in texts(grid.lines(replace(marked, focus=Focus.LIST), 80, 24))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_click_finds_its_cell(width: int, height: int) -> None:
    """Where the number is drawn, and nowhere beside it."""
    board = busy()
    line = text(grid.lines(board, width, height)[2])
    assert grid.cell_at(board, width, height, line.index("12"), 2) == (1, 2)
    assert grid.cell_at(board, width, height, 1, 2) is None
    assert grid.cell_at(board, width, height, line.index("12"), 0) is None
    assert layout(board, width, height).grid.height == len(grid.lines(board, width, height))


@pytest.mark.parametrize(
    ("count", "width", "shown"), [(999, 3, "999"), (12_345, 4, "12k"), (2_300_000, 3, "2M"), (9, 0, "")]
)
def test_a_large_count_is_shortened(count: int, width: int, shown: str) -> None:
    """Before it runs into its neighbour."""
    assert grid.number(count, width) == shown


# --- the grid turned --------------------------------------------------------------------------------------------

MANY = {f"c{number:02}": (number, 0, number % 3, number % 2) for number in range(40)}


def turned(cell: tuple[int, int] | None = None) -> Board:
    """Forty customers; a hand is in the grid at `cell`."""
    found = pivoted(Pivot.CUSTOMER, Turned(MANY), None, is_filtered=False)
    board = replace(busy(), pivot=Pivot.CUSTOMER, pivoted=found)
    return board if cell is None else replace(board, focus=Focus.GRID, cell=cell)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_names_in_need_come_first_and_the_others_are_counted(width: int, height: int) -> None:
    """Whatever fits: no ticket is left out of the rows' sums."""
    drawn = grid.lines(turned(), width, height)
    rows = [line for line in map(text, drawn) if " more" in line]
    assert len(rows) == 1
    assert "c35" in text(drawn[1])
    shown = sum(line.strip().startswith("c") for line in map(text, drawn[1:]))
    assert f" {39 - shown} more" in rows[0], "c00 is on no clock"
    for count in ("370", "14", "3"):
        assert count in texts(drawn)


def test_below_the_last_row_the_hand_goes_on_to_the_others() -> None:
    for row in range(39):
        board = turned((row, 3))
        marked = [line for line in map(text, grid.lines(board, 80, 24)) if ">" in line]
        assert len(marked) == 1
        assert board.pivoted is not None
        assert board.pivoted.order[row] in marked[0]


def test_the_mouse_finds_the_name_that_it_sees() -> None:
    board = turned((20, 0))
    drawn = [text(line) for line in grid.lines(board, 80, 24)]
    assert board.pivoted is not None
    for y in (1, 2, 3):
        cell = grid.cell_at(board, 80, 24, 25, y)
        assert cell is not None
        assert board.pivoted.order[cell[0]] in drawn[y]
    assert grid.cell_at(board, 80, 24, 25, 4) is None, "many names have no list"


def test_the_heading_says_what_a_row_is() -> None:
    """Rule 2: nobody takes all clocks for tickets."""
    clocks = pivoted(Pivot.CLOCKS, Turned({"response": (1, 2, 3, 4)}), None, is_filtered=False)
    board = replace(busy(), pivot=Pivot.CLOCKS, pivoted=clocks)
    assert "All clocks" in texts(grid.lines(board, 80, 24))
    assert "every running clock counts" in texts(grid.lines(board, 80, 24))
    assert "SLA by Customer" in texts(grid.lines(turned(), 80, 24))
    assert "Customer" in texts(grid.lines(turned(), 40, 12))


def test_too_many_to_count_is_a_sentence_at_every_size() -> None:
    board = replace(busy(), pivot=Pivot.CUSTOMER, pivoted=pivoted(Pivot.CUSTOMER, None, None, is_filtered=False))
    for width, height in SIZES[:-1]:
        drawn = " ".join(texts(grid.lines(board, width, height)).split())
        assert "ilter the list" in drawn.replace("│", " ") or "ilter the" in drawn


def test_with_a_filter_only_the_filtered_are_counted_where_all_are_too_many() -> None:
    found = pivoted(Pivot.CUSTOMER, None, Turned({"c1": (1, 0, 0, 0)}), is_filtered=True)
    board = replace(filtered(), pivot=Pivot.CUSTOMER, pivoted=found)
    assert (found.counts, found.hits, found.is_partial) == ({"c1": (1, 0, 0, 0)}, None, True)
    assert "of the filtered alone" in texts(grid.lines(board, 120, 30))


def test_nothing_is_known_before_it_is_read() -> None:
    drawn = grid.lines(replace(busy(), pivot=Pivot.OWNER), 80, 24)
    assert text(drawn[1]).count("·") == 5


@pytest.mark.parametrize("name", ["", "North Quay", "a=b", 'the "Inn"', "o:", "-x", "日本"])
@pytest.mark.parametrize("by", [Pivot.PRIORITY, Pivot.CUSTOMER, Pivot.OWNER, Pivot.BOARD])
def test_a_cell_s_filter_can_be_typed(by: Pivot, name: str) -> None:
    """But for quotes, within which none can stand: then what is typed finds more."""
    typed, meant = drill(by, name, Zone.ORANGE)
    if '"' in name:
        assert "Inn" in typed or "the" in typed
    else:
        assert parse_filter(typed) == meant


def test_the_first_tickets_of_the_cell_under_a_hand_stand_beside_it() -> None:
    board = replace(busy(), focus=Focus.GRID, cell=(0, 2))
    assert grid.nearest_wanted(board, 120, 30) == (parse_filter("in:response o:"), 3)
    assert grid.nearest_wanted(board, 80, 24) == grid.nearest_wanted(board, 120, 30)
    for width, height in ((72, 24), (40, 12)):
        assert grid.nearest_wanted(board, width, height) is None, "there is no room for them"
    assert grid.nearest_wanted(busy(), 120, 30) is None, "no hand is there"
    assert grid.nearest_wanted(replace(board, grid=replace(GRID, cells={})), 120, 30) is None, "none is in it"
    board = replace(board, nearest=board.page.rows[:3])
    drawn = grid.lines(board, 120, 30)
    assert "FIRST IN THIS CELL" in text(drawn[0])
    for line, near in zip(drawn[1:], board.nearest, strict=False):
        assert near.id in text(line)


def test_they_wear_the_colour_of_the_clock_that_counts_there() -> None:
    """In the row of updates that of the update, else that of the clock under which the ticket counts."""
    found = ticket(1, left=HOUR)
    found = changed(found, clocks=(*found.clocks, running(Bucket.UPDATE, -60, HOUR)))
    board = replace(busy(), focus=Focus.GRID, grid=replace(GRID, uses_update=True), nearest=(found,))
    for cell, rest, style in (((0, 0), "1h 00m", "green"), ((3, 3), "-00:01:00", "red")):
        line = grid.lines(replace(board, cell=cell), 120, 30)[1]
        assert rest in text(line)
        assert [name for _, name in line if name.startswith(("zone.", "ink."))] == [f"zone.{style}", f"ink.{style}"]


def test_where_nothing_is_known_of_the_next_nothing_is_announced() -> None:
    """What a filter lets through is counted, its next breach is not."""
    assert "NEXT TO BREACH" in text(grid.lines(busy(), 120, 30)[0])
    assert "NEXT TO BREACH" not in text(grid.lines(replace(busy(), hits=replace(GRID, next={})), 120, 30)[0])


@pytest.mark.parametrize(("pivot", "said"), [(Pivot.PRIORITY, " Prio "), (Pivot.CUSTOMER, " Cust ")])
def test_a_turned_grid_is_named_by_no_half_word(pivot: Pivot, said: str) -> None:
    """Where its whole name has no room."""
    found = pivoted(pivot, Turned({"a": (1, 2, 3, 4)}), None, is_filtered=False)
    assert text(grid.lines(replace(busy(), pivot=pivot, pivoted=found), 30, 8)[0]).startswith(said)
