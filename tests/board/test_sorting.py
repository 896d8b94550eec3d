"""How texts with numbers in them compare, and where tickets without a value stand."""

from __future__ import annotations

import pytest

from slaboard.board.sorting import Value, natural, ordered
from slaboard.board.views import Sort, SortBy


@pytest.mark.parametrize(
    "texts",
    [
        ["P1", "P2", "P10"],
        ["T-9", "T-10", "T-10a", "T-10b"],
        ["", "1", "2", "a"],
        ["1 - Critical", "2 - High", "10 - Low"],
        ["a", "B", "c"],
        ["9" * 18, "9" * 19],
    ],
    ids=lambda texts: texts[-1][:12],
)
def test_numbers_in_texts_count_as_numbers(texts: list[str]) -> None:
    """Whatever the case, and without a number too long to be read."""
    assert sorted(texts[1:] + texts[:1], key=natural) == texts


def test_any_text_can_be_compared() -> None:
    """Digits of other scripts, superscripts, a number of a million digits."""
    texts = ["٣", "²", "7" * 1_000_000, "\ud800", "x1y2z", "1"]
    assert sorted(texts, key=natural)


@pytest.mark.parametrize(
    ("reverse", "ids"), [(False, ["c", "a9", "a10", "b", "d"]), (True, ["a9", "a10", "c", "b", "d"])]
)
def test_what_has_no_value_comes_last_whichever_way(reverse: bool, ids: list[str]) -> None:
    """And what is equal stands in the order of its ids."""
    rows: list[tuple[str, Value]] = [("d", ""), ("a10", "P2"), ("b", None), ("a9", "P2"), ("c", "P1")]
    assert ordered(rows, Sort(SortBy.PRIORITY, reverse)) == ids


def test_instants_are_no_texts() -> None:
    """The earliest first."""
    assert ordered([("a", 30), ("b", 4), ("c", None)], Sort(SortBy.DUE)) == ["b", "a", "c"]
