"""The checks themselves: what they must see, they see."""

from __future__ import annotations

import pytest

from tests.hostile.words import NASTY, harmful, is_formula


@pytest.mark.parametrize("char", ["\x1b", "\x9b", "\x07", "\r", "\t", "\0", "\u202e", "\u200b", "\ud800", "\U000e0041"])
def test_what_is_harmful_is_seen(char: str) -> None:
    assert harmful(f"a{char}b\n") == {char}


@pytest.mark.parametrize(
    ("cell", "runs"),
    [
        ("=1", True), (" =1", True), ("＝1", True), ("\t1", True), ("a;=1", True), ('"=1', True), ("-x", True),
        ("-2100", False), ("'=1", False), ("a=1", False), ("a;b", False), ("", False), ("a;'=1", False),
    ],
)  # fmt: skip
def test_a_formula_is_seen(cell: str, runs: bool) -> None:
    assert is_formula(cell) is runs


def test_most_of_the_corpus_is_harmful_as_it_stands() -> None:
    assert sum(bool(harmful(text)) or is_formula(text) for text in NASTY) > 20
