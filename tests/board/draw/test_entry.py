"""A line being typed, drawn: the caret is in sight, and so is what stands near it."""

from __future__ import annotations

import pytest

from slaboard.board.draw.entry import typed

NAME = "brightwater-msp-needs-20251121.csv"


@pytest.mark.parametrize(
    ("text", "back", "room", "seen"),
    [
        ("vpn", 0, 10, "vpn_"),
        ("vpn down", 0, 5, "down_"),
        (NAME, 4, 40, NAME),
        (NAME, 4, 20, "-needs-20251121.csv"),
        (NAME, len(NAME), 12, "brightwater-"),
        ("", 0, 1, "_"),
    ],
)
def test_the_caret_and_what_is_behind_it_are_in_sight(text: str, back: int, room: int, seen: str) -> None:
    """A file's name is known by its end; where a caret is far from there, by what is around it."""
    drawn = "".join(part for part, _ in typed(text, back, room))
    assert len(drawn) <= room
    assert drawn.endswith(seen)
