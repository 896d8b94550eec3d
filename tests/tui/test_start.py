"""The start screen: what can be done stands on it at every size, whatever the paths are like."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from slaboard.board import cells
from slaboard.board.state import Board, Outcome
from slaboard.follow.absence import Absence
from slaboard.tui import start
from tests.board.drawn import texts

SIZES = [(200, 50), (120, 30), (80, 24), (40, 12), (30, 8)]
NEAR = Absence(
    Path("/srv/team/desk/boards/bord.db"), "There is no store.", "/srv/team/desk/boards exists, writable by you",
    is_missing=True, can_create=True, suggestion=Path("/srv/team/desk/boards/board.db"),
)  # fmt: skip
DAMAGED = replace(
    NEAR, sentence="/srv/team/desk/boards/bord.db is a database, but none of slaboard. Choose another file.",
    is_missing=False, can_create=False, suggestion=None,
)  # fmt: skip


def drawn(absence: Absence, size: tuple[int, int], board: Board | None = None) -> str:
    """The screen as text, after a look at its measures."""
    lines = start.lines(absence, board or Board(now=0), "command line", *size)
    assert len(lines) == size[1]
    assert all(sum(cells.width(text) for text, _ in line) == size[0] for line in lines)
    return texts(lines)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("answer", [None, Outcome("DEMO", start.DEMO, 0)])
def test_every_key_and_the_way_out_stand_on_it(size: tuple[int, int], answer: Outcome | None) -> None:
    """Below the answer of the last key, too."""
    said = drawn(NEAR, size, Board(now=0, outcome=answer))
    for told in (
        "There is no store at",
        "o   open the suggestion",
        "n   create a new store here",
        "d   demo",
        "q   quit",
    ):
        assert told in said
    assert answer is None or "slaboard demo" in " ".join(said.split())


@pytest.mark.parametrize("size", SIZES[:-1])
def test_the_store_nearby_is_named_where_its_path_fits(size: tuple[int, int]) -> None:
    """It is what `o` opens."""
    assert "/srv/team/desk/boards/board.db" in drawn(NEAR, size)


def test_the_path_is_told_once() -> None:
    """Where the heading says it, no fact repeats it."""
    assert drawn(NEAR, (80, 24)).count("bord.db") == 1


def test_a_file_that_is_no_store_offers_nothing_that_would_harm_it() -> None:
    """The sentence goes on to a second line; there is no `n`."""
    said = drawn(DAMAGED, (80, 24))
    assert "Choose another file." in " ".join(said.split())
    assert "create" not in said
    assert "retry" in said


def test_the_key_that_leaves_is_the_one_that_is_set() -> None:
    """The hint tells the truth about remapped keys."""
    assert "x   quit" in drawn(NEAR, (80, 24), Board(now=0, keys={"back": "x"}))
