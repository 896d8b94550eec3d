"""Draws the foot: what is wrong, what became of an act, the filter being typed, and the key bar."""

from __future__ import annotations

from slaboard.board import cells, draw_keys, keys
from slaboard.board.draw_prompt import CARET
from slaboard.board.instant import hms
from slaboard.board.line import Line, Span, fit, spread, width
from slaboard.board.state import Board, Mode

_WORDS = {"OK": "bar.ok", "LOST": "bar.lost", "GONE": "bar.lost", "NO": "bar.lost"}
_MOST = 3
"""Lines that a sentence may take: what is to be done stands at its end."""
_GRAMMAR = 'words AND; p1 o: owner:ben cust:"north quay" in:resplan -vpn'


def lines(board: Board, into: int, height: int) -> list[Line]:
    """From the bottom up: the key bar, then what is being typed or was answered, then what is wrong.

    Nothing above the list moves when a line comes or goes. Where every line counts there is only one.
    """
    last = draw_keys.line(board, into)
    if height < 10:
        return [*_filter(board, into), *_outcome(board, into), last][:1]
    return [*_stale(board, into, height), *_outcome(board, into), *_filter(board, into), last]


def _stale(board: Board, into: int, height: int) -> list[Line]:
    """What is wrong with the store, and what that means for the hands."""
    freshness = board.freshness
    if not freshness.is_stale(board.now):
        return []
    error = cells.safe(freshness.error or "The store does not answer.")
    retry = f" Retry in {freshness.retry_s}s (attempt {freshness.attempt})." if freshness.attempt else ""
    if height < 20:
        said = _wrapped(f"Claims off. {error}{retry}", into - 3)
    else:
        shown = f"Shown: data from {hms(freshness.as_of, board.timezone)}. Claims are off until the store answers."
        said = [*_wrapped(f"{error}{retry}", into - 3), shown]
    marks = [" ! ", *["   "] * (len(said) - 1)]
    return [fit([(mark + text, "bar.stale")], into, "bar.stale") for mark, text in zip(marks, said, strict=True)]


def _outcome(board: Board, into: int) -> list[Line]:
    outcome = board.outcome
    if outcome is None:
        return []
    right: list[Span] = []
    undo_s = 0 if board.past_at is not None else (outcome.undo_until or 0) - board.now
    if undo_s > 0 and (cap := keys.cap("undo", board.keys)):
        right = [(f"  {cap}", "key.cap"), (f" undo, {undo_s}s ", "key.label")]
    word = cells.cut(outcome.word, 8)
    style = _WORDS.get(outcome.word, "bar.wait")
    indent = cells.width(word) + 4
    said = [cells.safe(outcome.text)] if right else _wrapped(outcome.text, into - indent)
    left: list[Span] = [(" ", "text"), (f" {word} ", style), (f" {said[0]}", "text")]
    return [spread(left, right, into), *(fit([(" " * indent + text, "text")], into) for text in said[1:])]


def _wrapped(text: str, into: int) -> list[str]:
    """A sentence in as many lines as it may have; the last one holds all the rest, to be cut."""
    parts = cells.wrap(text, max(1, into))
    return [*parts[: _MOST - 1], " ".join(parts[_MOST - 1 :])] if len(parts) > _MOST else parts


def _filter(board: Board, into: int) -> list[Line]:
    """The filter being typed; its end stays in sight."""
    if board.mode is not Mode.FILTER:
        return []
    typed = cells.safe(board.filter_text)
    while cells.width(typed) > max(0, into - 4):
        typed = typed[1:]
    left: list[Span] = [(" /", "key.cap"), (typed, "prompt.input"), (CARET, "prompt.input")]
    right: list[Span] = [(f"  {_GRAMMAR} ", "dim")]
    return [spread(left, right if width(left) + width(right) <= into else [], into)]
