"""Matches: the commands that fit a few letters of their name, their word, their sentence or their key."""

from __future__ import annotations

from collections.abc import Iterator

from slaboard.board import keys
from slaboard.board.keys import Action
from slaboard.board.state import Board


def matching(board: Board) -> list[Action]:
    """What fits all words that are typed, the best first; everything while nothing is."""
    if board.prompt is None:
        return []
    actions = [keys.BY_ID[id_] for id_ in board.prompt.choices if id_ in keys.BY_ID]
    words = board.prompt.text.casefold().split()
    if not words:
        return actions
    scored = [(score, action) for action in actions if (score := _score(action, words, board)) is not None]
    return [action for _, action in sorted(scored, key=lambda found: -found[0])]


def _score(action: Action, words: list[str], board: Board) -> int | None:
    """How well `action` fits, more for better; None where a word fits nowhere."""
    fits = [max(_fits(action, word, board)) for word in words]
    return sum(fits) if all(fits) else None


def _fits(action: Action, word: str, board: Board) -> Iterator[int]:
    """How well one word fits each of what an action is known by, 0 for not at all."""
    name, label, said = action.id, action.label.casefold(), action.help.casefold()
    parts = [*name.replace("_", ".").split("."), *label.split()]
    yield 9 * (word in keys.caps(action.id, board.keys).casefold().split())
    yield 8 * (word in (name, label))
    yield 7 * (name.startswith(word) or label.startswith(word))
    yield 6 * any(part.startswith(word) for part in parts)
    yield 5 * (word in name or word in label)
    yield 4 * any(part.startswith(word) for part in said.split())
    yield 2 * (word in said)
    yield 1 * (_is_within(word, name) or _is_within(word, label))


def _is_within(word: str, text: str) -> bool:
    """True where the letters of `word` stand in `text` in their order, whatever is between them."""
    rest = iter(text)
    return all(char in rest for char in word)
