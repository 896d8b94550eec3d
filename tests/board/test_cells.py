"""Cells: widths as the terminal library counts them, cuts that never split a character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from slaboard.board import cells
from tests.board.boards import HOSTILE


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("plain", 5),
        ("Café Zürn", 9),
        ("日本語", 6),
        ("한국어", 6),
        ("e\u0301", 1),
        ("हिन्दी", 3),
        ("👩‍👩‍👧", 6),
        ("👍🏽", 2),
        ("☎️", 1),
        ("…·│─█░", 6),
        ("", 0),
    ],
)
def test_a_text_is_as_wide_as_it_is_drawn(text: str, width: int) -> None:
    """By our count and by that of the library that writes to the terminal."""
    assert cells.width(text) == width
    assert cell_len(cells.safe(text)) == width


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_harmless(text: str) -> None:
    """No control, no bidi mark, no joiner: what is left is drawn as it is counted."""
    assert not {"\x1b", "\x07", "\n", "\t", "\u202e", "\u200d", "\ufe0f"} & set(cells.safe(text))


def test_marks_do_not_pile_up() -> None:
    """Two on a letter; a stack would be drawn over the lines around it."""
    assert cells.safe("x" + "\u0335" * 40) == "x\u0335\u0335"


@given(st.text(max_size=40) | st.sampled_from(HOSTILE), st.integers(-2, 50))
def test_a_fitted_text_is_exactly_that_wide(text: str, size: int) -> None:
    """Cut, padded at either end, whatever its characters."""
    assert cells.width(cells.fit(text, size)) == max(0, size)
    assert cells.width(cells.fit(text, size, right=True)) == max(0, size)
    assert cells.width(cells.cut(text, size)) <= max(0, size)


@pytest.mark.parametrize(
    ("text", "size", "cut"),
    [
        ("Quillfeather", 12, "Quillfeather"),
        ("Quillfeather", 6, "Quill…"),
        ("a b c", 3, "a…"),
        ("日本語", 4, "日…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
    ],
)
def test_a_loss_is_shown(text: str, size: int, cut: str) -> None:
    """By an ellipsis, which takes its own cell and never stands behind a blank."""
    assert cells.cut(text, size) == cut


@pytest.mark.parametrize(
    ("text", "size", "lines"),
    [
        ("to be or not", 5, ["to be", "or", "not"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("日本語", 3, ["日", "本", "語"]),
        ("", 4, [""]),
        ("日", 1, [""]),
    ],
)
def test_wrapping_keeps_words(text: str, size: int, lines: list[str]) -> None:
    """A word longer than a line is broken; a character wider than a line is left out."""
    assert cells.wrap(text, size) == lines
