"""The renderer as a whole: its pictures, and that no board can break it."""

from __future__ import annotations

import os
import unicodedata
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slaboard.board import cells
from slaboard.board.draw.line import Line
from slaboard.board.render import layout, render, scroll_limit
from slaboard.board.state import Board
from slaboard.board.theme import STYLES
from tests.board.boards import boards
from tests.board.scenes import scenes
from tests.examples import examples

GOLDENS = Path(__file__).parent / "goldens"
WRITES = os.environ.get("SLABOARD_GOLDEN") == "write"  # read here: no test sees our variables
SIZES = ((200, 50), (120, 30), (80, 24), (40, 12), (30, 8), (29, 7))
EVERYWHERE = (
    "busy",
    "empty",
    "filtered",
    "saved",
    "stale",
    "claim",
    "detail",
    "help",
    "held",
    "past",
    "reason",
    "menu",
    "pin",
    "commands",
    "notes",
    "nomatch",
    "views",
    "export",
    "grid",
    "alert",
    "paused",
    "report",
    "by_customer",
)
PICTURES = [
    *((name, size) for name in EVERYWHERE for size in SIZES),
    *((name, size) for name in scenes() if name.startswith(("wall", "trends")) for size in SIZES[:-1]),
    *(
        (name, size)
        for name in scenes()
        if name not in EVERYWHERE and not name.startswith(("wall", "trends"))
        for size in ((80, 24), (40, 12))
    ),
    ("busy", (120, 40)),
    ("all", (120, 30)),
    ("claim", (200, 9)),
]


def picture(lines: list[Line]) -> str:
    """The text, then each cell's style as a letter, then what the letters mean. Ends of lines are not kept."""
    letters: dict[str, str] = {"text": "."}
    for _, style in chain.from_iterable(lines):
        letters.setdefault(style, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[len(letters) - 1])
    texts = ["".join(text for text, _ in line).rstrip() for line in lines]
    styles = ["".join(letters[style] * cells.width(text) for text, style in line).rstrip(".") for line in lines]
    legend = [f"{letter} {style}" for style, letter in letters.items()]
    return "\n".join([*texts, "==== styles", *styles, "==== letters", *legend, ""])


@pytest.mark.parametrize(
    ("name", "size"), PICTURES, ids=[f"{name}-{width}x{height}" for name, (width, height) in PICTURES]
)
def test_a_picture_is_as_reviewed(name: str, size: tuple[int, int]) -> None:
    """SLABOARD_GOLDEN=write draws the pictures anew; look at each before it is committed."""
    width, height = size
    drawn = picture(render(scenes()[name], width, height))
    path = GOLDENS / f"{name}-{width}x{height}.txt"
    if WRITES:
        GOLDENS.mkdir(exist_ok=True)
        path.write_text(drawn, encoding="utf-8")
    assert drawn == path.read_text(encoding="utf-8")


def test_no_picture_is_left_over() -> None:
    """Every file in the folder is one that is compared."""
    wanted = {f"{name}-{width}x{height}.txt" for name, (width, height) in PICTURES}
    assert {path.name for path in GOLDENS.iterdir()} == wanted


def assert_well_drawn(board: Board, width: int, height: int) -> None:
    """Exactly `height` lines of exactly `width` cells, without a control character, in known styles."""
    lines = render(board, width, height)
    assert len(lines) == height
    for line in lines:
        assert sum(cells.width(text) for text, _ in line) == width
        assert all(style in STYLES for _, style in line)
        drawn = "".join(text for text, _ in line)
        assert all(char.isprintable() or unicodedata.category(char) == "Zs" for char in drawn if not char.isascii())
        assert "".join(filter(str.isascii, drawn)).isprintable()


def assert_apart(board: Board, width: int, height: int) -> None:
    """No part leaves the screen and no two share a cell: the mouse finds what the eye sees."""
    places = layout(board, width, height)
    areas = [getattr(places, name) for name in ("tiny", "top", "grid", "tabs", "heading", "pinned", "rows")]
    areas += [places.detail, places.help, places.prompt, places.foot]
    taken: set[tuple[int, int]] = set()
    for area in areas:
        covered = {(x, y) for x in range(area.x, area.x + area.width) for y in range(area.y, area.y + area.height)}
        assert not covered & taken
        assert all(0 <= x < width and 0 <= y < height for x, y in covered)
        taken |= covered


@given(board=boards(), width=st.integers(1, 230), height=st.integers(1, 60))
@settings(examples(15), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_no_board_breaks_it(board: Board, width: int, height: int) -> None:
    """Whatever the store, the mail or the network puts on the board, and whatever the size of the terminal."""
    assert_well_drawn(board, width, height)
    assert_apart(board, width, height)
    assert scroll_limit(board, width, height) >= 0


@pytest.mark.parametrize("name", scenes())
def test_a_scene_fits_every_size(name: str) -> None:
    """Each scene on both sides of every step in the layout."""
    scene = scenes()[name]
    for width in (1, 23, 24, 30, 55, 71, 72, 100, 160):
        for height in (1, 2, 7, 8, 9, 10, 38):
            assert_well_drawn(scene, width, height)
