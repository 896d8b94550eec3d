"""The start message: every sentence whole, under its file and with its line, at any width."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.draw import notes
from tests.board.drawn import texts
from tests.board.factory import busy
from tests.board.scenes import NOTES


@pytest.mark.parametrize("width", [200, 120, 80, 40, 30])
def test_nothing_is_cut_off(width: int) -> None:
    drawn = "".join(texts(notes.lines(replace(busy(), notes=NOTES), width)).split())
    for note in NOTES:
        assert "".join(note.rpartition(": ")[2].split()) in drawn
    for number in (2, 9, 11, 14):
        assert f"line{number}" in drawn


def test_a_file_is_named_once_and_by_its_end_where_it_is_long() -> None:
    drawn = texts(notes.lines(replace(busy(), notes=NOTES), 80))
    assert drawn.count("config.toml") == 1
    long = tuple("/home/somebody" + note for note in NOTES[:1])
    assert "…home/somebody~/.config/slaboard/config.toml" not in texts(notes.lines(replace(busy(), notes=long), 30))
    assert "/slaboard/config.toml" in texts(notes.lines(replace(busy(), notes=long), 30))


def test_it_says_where_it_stands_for_good() -> None:
    drawn = texts(notes.lines(replace(busy(), notes=NOTES[:1]), 80))
    assert "One thing to put right" in drawn
    assert "slaboard doctor" in drawn
    assert ": notes" in drawn
    bare = texts(notes.lines(replace(busy(), notes=NOTES[:1], keys={"commands": ""}), 80))
    assert "notes on the board" not in bare
