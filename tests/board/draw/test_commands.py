"""The palette's picture: the chosen command is always on it, keys are those that are set."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.draw import commands
from slaboard.board.match import matching
from slaboard.board.state import Board
from tests.board.drawn import style_of, texts
from tests.board.scenes import scenes

BOARD = scenes()["commands"]


def typed(text: str, **changes: object) -> Board:
    """The scene with something else typed."""
    assert BOARD.prompt is not None
    return replace(BOARD, prompt=replace(BOARD.prompt, text=text, **changes))


@pytest.mark.parametrize("most", [2, 6, 17])
@pytest.mark.parametrize("width", [120, 40, 30])
def test_the_chosen_one_is_on_it(width: int, most: int) -> None:
    for chosen, action in enumerate(matching(typed(""))):
        lines = commands.lines(typed("", chosen=chosen), width, most)
        assert len(lines) <= most
        assert style_of(lines, f">{action.id}"[: 12 if width > 30 else 9]) == "cursor.here"


def test_keys_are_those_that_are_set() -> None:
    board = replace(typed("res"), keys={"resolve": "R", "menu": "m", "commands": "f2"})
    drawn = texts(commands.lines(board, 80, 20))
    assert "resolve         R " in drawn
    assert "respond         m r" in drawn


def test_it_says_how_many_fit_and_when_none_does() -> None:
    assert " of " in texts(commands.lines(BOARD, 80, 20)).splitlines()[0]
    assert "Nothing is called that" in texts(commands.lines(typed("xyzzy"), 40, 20))
