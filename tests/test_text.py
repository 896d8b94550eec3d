"""Untrusted text made harmless, whatever is in it, and never longer than it may be."""

from __future__ import annotations

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.text import MAX_LINE, MAX_TEXT, cap, clean, clean_lines, csv_cell, json_line, shorten
from tests.sla.story import situation

ANYTHING = st.text(st.characters(codec=None))
"""Every code point, lone surrogates too."""
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        situation("plain", "VPN down [b]x[/b]", "VPN down [b]x[/b]"),
        situation("nothing", "", ""),
        situation("a colour", "\x1b[31mred\x1b[0m", "\ufffd[31mred\ufffd[0m"),
        situation("a title of the window", "\x1b]0;owned\x07", "\ufffd]0;owned\ufffd"),
        situation("C1 controls", "\x9b31m\x85\x90", "\ufffd31m \ufffd"),
        situation("delete and null", "a\x7fb\0c", "a\ufffdb\ufffdc"),
        situation("lines and tabs", "one\r\ntwo\tthree\u2028four", "one two three four"),
        situation("from right to left", "photo\u202egnp.exe", "photognp.exe"),
        situation("every bidi mark", f"a{BIDI}b", "ab"),
        situation("a byte order mark", "\ufeffid", "id"),
        situation("invisible tags", "a\U000e0041\U000e007fb", "ab"),
        situation("invisible between letters", "T\u200b-\u00ad1\u2060\U000e0100", "T-1"),
        situation("a musical control", "a\U0001d173b", "ab"),
        situation("a lone surrogate", "a\ud800b", "a\ufffdb"),
        situation("a pair of surrogates is a character", "\ud83d\ude00", "\U0001f600"),
        situation("an accent of its own", "u\u0308ber", "\u00fcber"),
        situation("emoji with joiners", "\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
    ],
)
def test_a_line_is_harmless_and_shows_what_was_hidden_in_it(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(text=ANYTHING)
def test_whatever_comes_in_nothing_dangerous_comes_out(text: str) -> None:
    shown = clean(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
    assert not set(shown) & set(BIDI)
    assert clean(shown) == shown, "clean stays clean"
    shown.encode()


def test_a_line_is_cut_before_it_is_looked_at() -> None:
    assert clean("x" * 10_000) == "x" * MAX_LINE
    assert clean("\x1b" * 10_000, limit=3) == "\ufffd" * 3
    assert clean("x" * 5, limit=3) == "xxx"
    assert clean("\u0958" * 5, limit=3) == "\u0915\u093c\u0915", "two characters each as NFC writes them"


def test_a_text_of_several_lines() -> None:
    assert clean_lines("one\n\x1btwo\r\nthree") == ["one", "\ufffdtwo", "three"]
    assert clean_lines("") == [""]


@pytest.mark.parametrize("length", [0, MAX_TEXT - 1, MAX_TEXT, MAX_TEXT + 1])
def test_what_the_store_keeps(length: int) -> None:
    assert cap("\x1b" * length) == "\x1b" * min(length, MAX_TEXT)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\0b", "a\ufffdb"), ("\ud800", "\ufffd"), ("\ud83d\ude00", "\U0001f600"), ("\u202eü\x1b", "\u202eü\x1b")],
)
def test_what_no_database_can_keep_is_marked(text: str, kept: str) -> None:
    assert cap(text) == kept


# --- JSON -----------------------------------------------------------------------------------------------------


@given(text=ANYTHING)
def test_json_gives_every_text_back_and_shows_none_of_its_controls(text: str) -> None:
    line = json_line({"title": text})
    assert json.loads(line) == {"title": text}
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in line)
    assert not set(line) & set(BIDI)
    line.encode()


def test_json_escapes_what_is_hidden_beyond_16_bits() -> None:
    assert json_line("\U000e0041") == '"\\udb40\\udc41"'


def test_json_is_one_compact_line_and_leaves_other_alphabets_readable() -> None:
    assert json_line({"a": ["Über 板", 1, None, True]}) == '{"a":["Über 板",1,null,true]}'
    assert json_line("\x1b\x9b\u202e") == '"\\u001b\\u009b\\u202e"'
    assert "\n" in json_line({"a": 1}, indent=2)


# --- spreadsheets ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""), ("", ""), ("VPN", "VPN"), (5, "5"), (-2100, "-2100"), (1.5, "1.5"), (True, "True"),
        ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"), ("  =1", "'  =1"),
        ("\t=1", "' =1"), ("\r\n@x", "' @x"), ("|calc", "'|calc"), ("%0A", "'%0A"), ("'quoted", "''quoted"),
        ("\u202e=1", "'=1"), ("a\x1b[31m", "a\ufffd[31m"), ("a=b", "a=b"),
        ("＝1+1", "'＝1+1"), ("＋1", "'＋1"), ("－1", "'－1"), ("＠SUM(A1)", "'＠SUM(A1)"), ("﹦1", "'﹦1"),
        ("−1", "'−1"),
        ("\u200d=1", "'\u200d=1"), ("\u3000=1", "'\u3000=1"), ('"=1', "'\"=1"), ("\u0308=1", "'\u0308=1"),
        ("a;=1", "a;'=1"), ("a; \"@x", "a;' \"@x"), ("a;b;-1;c", "a;b;'-1;c"), (";=1", ";'=1"), ("a;b", "a;b"),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(value: object, cell: str) -> None:
    assert csv_cell(value) == cell


@given(text=ANYTHING)
def test_a_cell_opens_with_nothing_that_a_spreadsheet_runs(text: str) -> None:
    cell = csv_cell(text)
    for part in cell.split(";"):
        assert part.lstrip(' \u00a0\u3000"')[:1] not in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
    written = io.StringIO()
    csv.writer(written).writerow([cell, "next"])
    assert next(csv.reader(io.StringIO(written.getvalue())))[1] == "next"


# --- short ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "width", "short"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("abcd", 1, "…"), ("", 0, ""), ("ab", 0, "…")]
)
def test_what_is_cut_says_so(text: str, width: int, short: str) -> None:
    assert shorten(text, width) == short
