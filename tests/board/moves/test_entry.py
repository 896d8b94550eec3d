"""A line being typed: what each key makes of it, with the caret where it was left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.board.moves.entry import edited, pasted

KEYS = ("left", "right", "ctrl+left", "ctrl+right", "home", "end", "backspace", "delete", "ctrl+u", "ctrl+k", "ctrl+w")


@pytest.mark.parametrize(
    ("text", "back", "key", "after"),
    [
        ("vpn", 0, "left", ("vpn", 1)),
        ("vpn", 3, "left", ("vpn", 3)),
        ("vpn", 1, "right", ("vpn", 0)),
        ("no vpn", 0, "ctrl+left", ("no vpn", 3)),
        ("no vpn", 6, "ctrl+right", ("no vpn", 4)),
        ("no vpn", 2, "ctrl+a", ("no vpn", 6)),
        ("no vpn", 6, "ctrl+e", ("no vpn", 0)),
        ("vpn", 1, "backspace", ("vn", 1)),
        ("vpn", 3, "backspace", ("vpn", 3)),
        ("vpn", 1, "delete", ("vp", 0)),
        ("vpn", 0, "delete", ("vpn", 0)),
        ("no vpn", 3, "ctrl+u", ("vpn", 3)),
        ("no vpn", 3, "ctrl+k", ("no ", 0)),
        ("no vpn", 0, "ctrl+w", ("no ", 0)),
        ("no vpn ", 0, "ctrl+w", ("no ", 0)),
    ],
)
def test_an_editing_key(text: str, back: int, key: str, after: tuple[str, int]) -> None:
    """The caret is told by how much stands behind it, so typing at the end needs no counting."""
    assert edited(text, back, key, None) == after


def test_a_letter_goes_where_the_caret_is() -> None:
    """Also one that needs two cells."""
    assert edited("vn", 1, "p", "p") == ("vpn", 1)
    assert edited("", 0, "x", "日") == ("日", 0)


def test_what_is_no_text_is_no_text() -> None:
    """Function keys, controls: nothing."""
    assert edited("vpn", 0, "f5", None) is None
    assert edited("vpn", 0, "ctrl+g", "\x07") is None


def test_pasted_text_goes_where_the_caret_is() -> None:
    """And the caret stays behind it."""
    assert pasted("vn", 1, "p p") == ("vp pn", 1)


@given(text=st.text(max_size=20), back=st.integers(-5, 40), keys=st.lists(st.sampled_from(KEYS), max_size=20))
def test_no_key_loses_the_caret(text: str, back: int, keys: list[str]) -> None:
    """It always stands somewhere in the text."""
    for key in keys:
        line = edited(text, back, key, None)
        assert line is not None
        text, back = line
        assert 0 <= back <= len(text)
