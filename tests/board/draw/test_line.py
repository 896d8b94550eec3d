"""Lines: spans put together to an exact width."""

from __future__ import annotations

from slaboard.board.draw.line import fit, restyle, spread


def test_neighbours_of_one_style_are_one_span() -> None:
    """Fewer spans are fewer bytes to the terminal."""
    assert fit([("a", "text"), ("b", "text"), ("", "dim"), ("c", "dim")], 5) == (
        ("ab", "text"),
        ("c", "dim"),
        ("  ", "text"),
    )


def test_what_does_not_fit_is_cut_visibly() -> None:
    """What follows the cut is gone, also where it would have fitted."""
    assert fit([("abcdef", "text"), ("g", "dim")], 4) == (("abc…", "text"),)
    assert fit([("ab", "text"), ("日本", "dim"), ("c", "text")], 5) == (("ab", "text"), ("日…", "dim"))


def test_blanks_are_cut_without_a_sign() -> None:
    """Nothing is lost with them."""
    assert fit([("ab", "text"), ("      ", "dim")], 4) == (("ab", "text"), ("  ", "dim"))


def test_the_right_part_wins() -> None:
    """`left` gives way; alone too wide, `right` is cut itself."""
    assert spread([("left", "text")], [("right", "dim")], 8) == (("le…", "text"), ("right", "dim"))
    assert spread([("left", "text")], [("right", "dim")], 3) == (("ri…", "dim"),)


def test_a_line_is_restyled_span_by_span() -> None:
    """The text stays."""
    assert restyle((("a", "text"), ("b", "ink.red")), lambda style: "dim") == (("a", "dim"), ("b", "dim"))
