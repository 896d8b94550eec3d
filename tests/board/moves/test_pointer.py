"""The mouse's pointer: a click puts the hands where it is, and never changes a ticket."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.moves import pointer
from slaboard.board.moves.session import Session
from slaboard.board.render import render
from slaboard.board.state import Board, Focus, Mode
from slaboard.board.trends import Section
from slaboard.board.views import Tab
from tests.board.drawn import text
from tests.board.scenes import scenes
from tests.board.seat import seated

SIZE = (80, 24)


def clicked_on(board: Board, word: str, size: tuple[int, int] = SIZE) -> Session:
    """The session after a click on the second letter of `word`, wherever it is drawn first."""
    session = replace(seated(), board=board, width=size[0], height=size[1])
    lines = [text(line) for line in render(board, *size)]
    y, x = next((y, line.index(word) + 1) for y, line in enumerate(lines) if word in line)
    return pointer.clicked(session, x, y, lines[y], 10_000)


def test_a_list_that_is_clicked_has_the_hands() -> None:
    """They were in the grid."""
    board = clicked_on(replace(scenes()["busy"], focus=Focus.GRID), "All 370").board
    assert (board.view.tab, board.focus) == (Tab.ALL, Focus.LIST)


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (30, 8)])
def test_a_part_of_the_history_is_shown_by_a_click_on_its_name(size: tuple[int, int]) -> None:
    """Where all parts are on the screen, they are moved in by keys."""
    assert clicked_on(scenes()["trends_kept"], "People", size).board.trends.section is Section.PEOPLE


@pytest.mark.parametrize("scene", ["trends_list", "trends_ticket", "wall_zones", "claim", "help", "commands"])
def test_nothing_else_answers_to_a_click(scene: str) -> None:
    """A question least of all."""
    board = scenes()[scene]
    session = replace(seated(), board=board, width=80, height=24)
    for y, line in enumerate(render(board, *SIZE)):
        assert pointer.clicked(session, 10, y, text(line), 10_000) == session
    assert board.mode is not Mode.BOARD
