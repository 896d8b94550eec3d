"""Strokes on a made terminal: the picture is right, and no more is written than has changed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style

from slaboard.board import cells
from slaboard.board.draw.line import Line, fit
from slaboard.tui.widgets.brush import Brush

WIDTH = 24
STYLES = {"text": Style(), "dim": Style(dim=True), "ink.red": Style(color="red", bold=True)}
BRUSH = Brush(STYLES, ColorSystem.EIGHT_BIT)
_STROKE = re.compile(r"\x1b\[(\d+);(\d+)H([^\x1b]*(?:\x1b\[[\d;]*m[^\x1b]*)*)")


def applied(screen: list[str], strokes: str) -> list[str]:
    """`screen` after a terminal has read `strokes`; every character is one cell."""
    lines = [list(line.ljust(WIDTH)) for line in screen]
    assert _STROKE.sub("", strokes) == ""
    for y, x, written in _STROKE.findall(strokes):
        text = re.sub(r"\x1b\[[\d;]*m", "", written)
        lines[int(y) - 1][int(x) - 1 : int(x) - 1 + len(text)] = text
    return ["".join(line) for line in lines]


def plain(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


_SPANS = st.lists(st.tuples(st.text("ab 01:", max_size=9), st.sampled_from(sorted(STYLES))), max_size=5)
_PICTURES = st.lists(_SPANS.map(lambda spans: fit(spans, WIDTH)), min_size=3, max_size=3)


@given(_PICTURES, _PICTURES)
def test_the_new_picture_is_on_the_terminal(before: list[Line], after: list[Line]) -> None:
    assert applied(plain(before), BRUSH.strokes(before, after, WIDTH)) == plain(after)


@given(_PICTURES)
def test_nothing_is_written_where_nothing_changed(picture: list[Line]) -> None:
    assert BRUSH.strokes(picture, list(picture), WIDTH) == ""


@pytest.mark.parametrize(
    ("before", "after", "written"),
    [
        ("T-1 00:26:36", "T-1 00:26:35", "\x1b[1;5H00:26:35"),
        ("T-1 00:26:36 Ana", "T-1 00:26:35 Ana", "\x1b[1;5H00:26:35"),
        ("T-1 -", "T-1 Chi", "\x1b[1;5HChi"),
        ("1/60", "2/60", "\x1b[1;1H2/60"),
        ("aa", "ab", "\x1b[1;1Hab"),
        ("a b a", "a a a", "\x1b[1;3Ha"),
        ("b a", "a a", "\x1b[1;1Ha"),
    ],
    ids=str,
)
def test_the_words_that_changed_are_written(before: str, after: str, written: str) -> None:
    old, new = ((before.ljust(WIDTH), "text"),), ((after.ljust(WIDTH), "text"),)
    assert BRUSH.strokes([old], [new], WIDTH).rstrip() == written


def test_each_changed_span_is_a_stroke_of_its_own() -> None:
    old = fit([("Y", "ink.red"), (" 1:00  title ", "text"), ("2h", "dim")], WIDTH)
    new = fit([("R", "ink.red"), (" 0:59  title ", "text"), ("2h", "dim")], WIDTH)
    assert BRUSH.strokes([old], [new], WIDTH) == "\x1b[1;1H\x1b[1;31mR\x1b[0m\x1b[1;3H0:59"


def test_a_style_that_changed_is_written_with_its_text() -> None:
    old, new = fit([("same", "text"), ("x", "dim")], WIDTH), fit([("same", "dim"), ("x", "ink.red")], WIDTH)
    assert BRUSH.strokes([old], [new], WIDTH) == "\x1b[1;1H\x1b[2msame\x1b[0m\x1b[1;5H\x1b[1;31mx\x1b[0m"


def test_a_line_with_wide_characters_is_written_whole() -> None:
    old, new = fit([("日本 1", "text")], WIDTH), fit([("日本 2", "text")], WIDTH)
    assert BRUSH.strokes([old], [new], WIDTH) == f"\x1b[1;1H日本 2{' ' * (WIDTH - cells.width('日本 2'))}"


def test_a_line_that_is_no_more_is_wiped() -> None:
    line = fit([("x", "text")], WIDTH)
    assert applied(["x", "x"], BRUSH.strokes([line, line], [line], WIDTH)) == ["x".ljust(WIDTH), " " * WIDTH]


def test_a_terminal_without_colours_gets_none() -> None:
    old, new = fit([("a", "ink.red")], WIDTH), fit([("b", "ink.red")], WIDTH)
    assert Brush(STYLES, None).strokes([old], [new], WIDTH) == "\x1b[1;1Hb"
