"""The smallest board: counts and the next ticket, and the rows that still fit."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.render import render
from slaboard.board.state import Board, Mode
from tests.board.drawn import texts
from tests.board.factory import NOW, busy, filtered
from tests.board.scenes import scenes


@pytest.mark.parametrize(
    ("board", "width", "height", "said"),
    [
        (busy(), 80, 1, "R 7  O 52  Y 91  next T-10315 0:15"),
        (busy(), 29, 2, "R 7  O 52  Y 91\nnext T-10315 0:15"),
        (busy(), 10, 1, "R 7  O 52"),
        (Board(now=NOW), 40, 1, "R -  O -  Y -"),
        (scenes()["stale"], 80, 1, "STALE 47s  R 7  O 52  Y 91  next T-10315 0:15"),
        (scenes()["past"], 40, 1, "PAST 15:41  R 7  O 52  Y 91"),
        (replace(busy(), held_new=3), 30, 1, "+3 new  R 7  O 52  Y 91"),
        (scenes()["paused"], 40, 1, "PAUSED  R 7  O 52  Y 91"),
        (filtered(), 80, 1, "R 7  O 52  Y 91  /tansy  next T-10315 0:15"),
    ],
)
def test_the_counts_are_one_line(board: Board, width: int, height: int, said: str) -> None:
    """What must not be missed comes first; a second line only where one is too short."""
    assert texts(render(board, width, height)) == said


def test_the_cursor_is_in_sight_there_too() -> None:
    """Nobody should claim a ticket that cannot be seen."""
    assert "> O  10450   3:58" in texts(render(busy(), 29, 7))
    assert "> O  10450   3:58" in texts(render(busy(), 60, 3))


@pytest.mark.parametrize(
    ("board", "said"),
    [
        (scenes()["claim"], "a Ana    b Ben    h Chi"),
        (scenes()["typing"], "/tansy_"),
        (scenes()["held"], " OK  T-10302"),
        (replace(busy(), mode=Mode.HELP), "Act on the ticket"),
        (scenes()["detail"], "T-10450  P3"),
    ],
    ids=["claim", "filter", "outcome", "help", "detail"],
)
def test_everything_works_there(board: Board, said: str) -> None:
    """A small pane is a whole program."""
    assert said in texts(render(board, 29, 7))
