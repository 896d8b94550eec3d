"""Words that people look for: what they are looked for in, and whether one means a name or a priority."""

from __future__ import annotations

import re

from slaboard.text import MAX_TEXT, clean


def fold(text: str) -> str:
    """`text` as it is compared: what is hidden in it and its case do not count."""
    return clean(text, limit=6 * MAX_TEXT).lower()


def words_of(id_: object, title: object, customer: object, status: object, board: object) -> str:
    """The `words` of a ticket: all its texts but its owner, who changes; then a line with the customer alone."""
    texts = ["" if text is None else str(text) for text in (id_, title, customer, status, board)]
    return f"{fold(' '.join(texts))}\n{fold(texts[2])}"


def contains(text: str, word: str) -> bool:
    """Whether `word` stands in `text`, whatever the case."""
    return fold(word) in fold(text)


def means(typed: str, name: str) -> bool:
    """Whether `typed` means `name`: behind a `=` only that, else whatever it stands in."""
    return fold(typed[1:]) == fold(name) if typed.startswith("=") else contains(name, typed)


def is_priority(typed: str, priority: str) -> bool:
    """Whether `p1` or `1` means `priority`: P1, `1 - Critical`, `Priority 1`; a word is looked for as it stands."""
    if number := re.fullmatch(r"[pP]?([0-9])", typed):
        return number[1] in re.findall(r"[0-9]+", priority)
    return means(typed, priority)
