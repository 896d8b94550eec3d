"""Terminal cells: how wide a text is drawn, and how it is cut, padded and wrapped to a width."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from slaboard.text import clean

ELLIPSIS = "…"
UNKNOWN = "\ufffd"

_MARKS_A_LETTER = 2
"""Combining marks kept on one letter: a stack of forty is drawn over the lines above and below."""


def safe(text: str) -> str:
    """`text` as it may be drawn: one line without controls, in characters whose width terminals agree on."""
    return text if text.isascii() and text.isprintable() else _safe(text)


@lru_cache(maxsize=4096)
def _safe(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in clean(text):
        category = unicodedata.category(char)
        if category == "Cf" or _is_emoji_modifier(char):
            continue  # joiners and selectors: the emoji they would merge or widen are drawn differently everywhere
        if category in ("Cn", "Co", "Cs", "Cc"):
            char = UNKNOWN
        marks = marks + 1 if _cell(char) == 0 else 0
        if marks <= _MARKS_A_LETTER:
            kept.append(char)
    return "".join(kept)


def _is_emoji_modifier(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0100" <= char <= "\U000e01ef"


def _cell(char: str) -> int:
    """0, 1 or 2 cells. Ambiguous widths count as 1, as terminals draw them outside of East Asian locales."""
    if "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7ff":
        return 0  # vowels and finals of Korean syllables written in pieces
    if unicodedata.category(char) in ("Mn", "Me", "Mc"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


@lru_cache(maxsize=4096)
def _width(text: str) -> int:
    return sum(map(_cell, text))


def width(text: str) -> int:
    """How many cells `safe(text)` takes."""
    if text.isascii() and text.isprintable():
        return len(text)  # nearly always, and 10,000 times a second
    return _width(_safe(text))


def clip(text: str, cells: int) -> str:
    """As much of `text` as fits `cells`, its loss not shown. A wide character that only half fits is left out."""
    text = safe(text)
    if text.isascii():
        return text[: max(0, cells)]
    used = 0
    for index, char in enumerate(text):
        used += _cell(char)
        if used > cells:
            return text[:index]
    return text


def cut(text: str, cells: int) -> str:
    """`text` in at most `cells`, its loss shown by an ellipsis."""
    if width(text) <= cells:
        return safe(text)
    return clip(text, cells - 1).rstrip() + ELLIPSIS if cells > 0 else ""


def fit(text: str, cells: int, *, right: bool = False) -> str:
    """`text` in exactly `cells`, cut or padded; padded on the left when `right`."""
    if len(text) <= cells and text.isascii() and text.isprintable():  # nearly always: a third of the time of a board
        return text.rjust(cells) if right else text.ljust(cells)
    text = cut(text, cells)
    padding = " " * (cells - width(text))
    return padding + text if right else text + padding


def wrap(text: str, cells: int) -> list[str]:
    """The words of `text` in lines of at most `cells`; a longer word is broken. At least one line."""
    lines, line = [], ""
    for word in safe(text).split():
        joined = f"{line} {word}" if line else word
        if width(joined) <= cells:
            line = joined
            continue
        if line:
            lines.append(line)
        while width(word) > cells and (head := clip(word, cells)):
            lines.append(head)
            word = word[len(head) :]
        line = word if width(word) <= cells else ""
    return [*lines, line] if line or not lines else lines
