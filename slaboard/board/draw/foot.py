"""Draws the foot: what is wrong, what became of an act, the filter being typed, and the key bar."""

from __future__ import annotations

import re

from slaboard.board import cells, keys
from slaboard.board.draw import alert as draw_alert
from slaboard.board.draw import keys as draw_keys
from slaboard.board.draw.entry import typed
from slaboard.board.draw.line import Line, Span, fit, spread, width
from slaboard.board.instant import age, hms
from slaboard.board.state import Board, Mode

_WORDS = {"OK": "bar.ok", "PART": "bar.lost", "LOST": "bar.lost", "GONE": "bar.lost", "NO": "bar.lost"}
_MOST, _TIGHT = 3, 4
"""Lines that a sentence may take, and where they are narrow: what is to be done stands at its end."""
_ASIDE = re.compile(r" \((?!kill)[^()]*\)")
"""What stands in brackets, but for a command that helps."""
_UNTRIED = re.compile(r" Nothing was changed[^.;]*(; try again)?\.")
"""What is said to who has pressed a key."""
_OFF = "Claims off"
_ROOMY = 20
"""Screen lines below which every line counts."""
_GRAMMAR = (
    'words AND; p1 o: owner:ben cust:"north quay" board:desk in:resplan -vpn',
    'words AND; p1 o: owner:ben cust:"north quay" in:resplan -vpn',
    "words AND; p1 o: owner:ben -vpn",
)
"""What a filter may say; the longest that fits beside what is typed is shown."""


def lines(board: Board, into: int, height: int) -> list[Line]:
    """From the bottom up: the key bar, then what is being typed or was answered, then what is wrong.

    Nothing above the list moves when a line comes or goes. Where every line counts there is only one.
    """
    last, alert = draw_keys.line(board, into), draw_alert.lines(board, into)
    if height < 10:
        if board.mode.is_asking or board.mode.is_reading:
            return [last]  # without it nobody knows the way out
        filtering = _filter(board, into, is_only=True)
        return [*filtering, *_outcome(board, into, height, 1), *alert, *_paused(board, into), last][:1]
    most = _MOST if height >= _ROOMY else _TIGHT
    outcome = _outcome(board, into, height, most)
    stale = _stale(board, into, height, most if height >= _ROOMY else max(1, most - len(outcome)))
    return [*stale, *alert, *_paused(board, into), *outcome, *_filter(board, into), last]


def _stale(board: Board, into: int, height: int, most: int) -> list[Line]:
    """What is wrong with the store, and what that means for the hands; what a key has come to has more of the room."""
    freshness = board.freshness
    if not freshness.is_stale(board.now):
        return []
    error = _UNTRIED.sub("", _said(freshness.error or "The store does not answer.", board, height))
    error += "" if error.endswith(".") else "."
    retry = f" Retry in {freshness.retry_s}s (attempt {freshness.attempt})." if freshness.attempt else ""
    if height < _ROOMY:
        whole = (_wrapped(text, into - 3, 99) for text in (f"{_OFF}. {error}{retry}", f"{_OFF}. {error}"))
        brief = f"{_OFF}: the store does not answer" if most < _MOST else f"{_OFF}. {error}"
        said = next((lines for lines in whole if len(lines) <= most), _wrapped(brief, into - 3, most))
    else:
        shown = f"Shown: data from {hms(freshness.as_of, board.timezone)}. Claims are off until the store answers."
        said = [*_wrapped(f"{error}{retry}", into - 3, _MOST), shown]
    marks = [" ! ", *["   "] * (len(said) - 1)]
    return [fit([(mark + text, "bar.stale")], into, "bar.stale") for mark, text in zip(marks, said, strict=True)]


def _paused(board: Board, into: int) -> list[Line]:
    """That the list stands still, for how long, what it keeps back, and how it goes on."""
    if board.paused_at is None:
        return []
    left = f" PAUSED {age(board.now - board.paused_at)} "
    new, cap = f" +{board.held_new or 0} new", keys.cap("pause", board.keys)
    ends = f" {cap} goes on " if cap else " "
    rights = ((f"{new}, {board.held_gone} gone ", ends), (f"{new} ", ends), (f"{new} ", f" {cap} "))
    kept, ends = next((right for right in rights if len(left) + len("".join(right)) <= into), rights[-1])
    texts = ("order and rows stand still, clocks and counts go on", "rows stand still, clocks go on", "rows stand", "")
    said = next((text for text in texts if len(left) + len(text) + len(kept) + len(ends) <= into), "")
    right: list[Span] = [(kept, "key.new"), (ends, "bar.pause")]
    return [spread([(f"{left}{said}", "bar.pause")], right, into, "bar.pause")]


def _outcome(board: Board, into: int, height: int, most: int) -> list[Line]:
    outcome = board.outcome
    if outcome is None:
        return []
    word = cells.cut(outcome.word, 8)
    style = _WORDS.get(outcome.word, "bar.wait")
    indent = cells.width(word) + 4
    text = _said(outcome.text, board, height)
    right = _undo(board, into - indent - cells.width(text))
    if right and cells.width(text) > into - indent - width(right) and text.endswith(")"):
        text = text[: text.rindex(" (")] if " (" in text else text
    said = [text] if right else _wrapped(text, into - indent, most)
    left: list[Span] = [(" ", "text"), (f" {word} ", style), (f" {said[0]}", "text")]
    return [spread(left, right, into), *(fit([(" " * indent + text, "text")], into) for text in said[1:])]


def _undo(board: Board, room: int) -> list[Span]:
    """How to take it back and for how long, while that works; in a word less where there is no room."""
    outcome = board.outcome
    undo_s = 0 if outcome is None or board.past_at is not None else (outcome.undo_until or 0) - board.now
    cap = keys.cap("undo", board.keys)
    if undo_s <= 0 or not cap:
        return []
    label = f" undo, {undo_s}s "
    if len(label) + len(cap) + 2 <= room:
        return [(f"  {cap}", "key.cap"), (label, "key.label")]
    return [(f" {cap}", "key.cap"), (f" {undo_s}s", "key.label")]


def _said(text: str, board: Board, height: int) -> str:
    """A sentence about the store; where there is little room, by its name: its path would take all of it."""
    if height < _ROOMY and board.store_path:
        text = text.replace(board.store_path, board.store_name)
    return cells.safe(text)


def _wrapped(text: str, into: int, most: int) -> list[str]:
    """A sentence in at most so many lines, rather without its asides than cut; the last one holds all the rest."""
    parts = cells.wrap(text, max(1, into))
    while len(parts) > most and (shorter := _ASIDE.sub("", text, count=1)) != text:
        text, parts = shorter, cells.wrap(shorter, max(1, into))
    return [*parts[: most - 1], " ".join(parts[most - 1 :])] if len(parts) > most else parts


def _filter(board: Board, into: int, *, is_only: bool = False) -> list[Line]:
    """The filter being typed; its end stays in sight. Where it `is_only`, without a key bar, it says how to leave."""
    if board.mode is not Mode.FILTER:
        return []
    left: list[Span] = [(" /", "key.cap"), *typed(board.filter_text, board.filter_back, into - 3)]
    rights: list[list[Span]] = [[(f"  {grammar} ", "dim")] for grammar in _GRAMMAR]
    if is_only:
        rights = [[("  esc", "key.cap"), (" clear ", "key.label")]]
    right = next((right for right in rights if width(left) + width(right) <= into), [])
    return [spread(left, right, into)]
