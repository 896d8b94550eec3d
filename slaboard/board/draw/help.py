"""Draws the help: the keys as they are set, and what colours, letters and signs mean."""

from __future__ import annotations

from itertools import groupby

from slaboard.board import cells
from slaboard.board.draw.keys import can_act
from slaboard.board.draw.line import Line, Span, fit
from slaboard.board.keys import ACTIONS, Action, Group
from slaboard.board.state import Board
from slaboard.board.verb import reached

_COLUMN = 58
"""The help flows in as many columns of this width as fit."""
_ROOMY = 50
_KEYS, _KEYS_NARROW = 15, 6

_SHARES = (
    ("green", "less than half of the target is used"),
    ("yellow", "from 50 % on; claim it before it is late"),
    ("orange", "from 75 % on; a policy may set its own shares"),
    ("red", "late: more than the whole target is used"),
)
_SIGNS = (
    ("w", "waiting for somebody: the clock stands, its colour is frozen"),
    ("c", "closed: outside the hours of its calendar nothing ticks"),
    ("!", "a later clock of this ticket is in a worse zone"),
    ("00:03:22", "hours, minutes, seconds left, by the ticket's own calendar"),
    ("1h 36m", "an hour or more; 1d 11h: a day is 24 hours of the calendar"),
    ("-00:25:26", "late by as much"),
    ("1/26", "with a filter: matching tickets of all"),
    ("+3 new", "the order holds while you move; so many wait to come in"),
    ("PAST", "the board as it was then: nothing can be changed"),
    ("STALE", "the store does not answer: numbers are old, claims are off"),
)


def lines(board: Board, width: int) -> list[Line]:
    """All its lines: the caller shows those from `board.help_top` on."""
    across = max(1, width // _COLUMN)
    each = width // across
    parts = [*(_group(board, group, each) for group in Group), _legend(each)]
    columns = [[line for part in column for line in part] for column in _even(parts, across)]
    height = max(map(len, columns))
    blank = fit([], each)
    padded = [[*column, *[blank] * (height - len(column))] for column in columns]
    return [fit([span for line in row for span in line], width) for row in zip(*padded, strict=True)]


def _even(parts: list[list[Line]], across: int) -> list[list[list[Line]]]:
    """The parts in so many columns of nearly one length, each column in the parts' own order."""
    columns: list[list[int]] = [[] for _ in range(across)]
    for index in sorted(range(len(parts)), key=lambda index: -len(parts[index])):
        min(columns, key=lambda column: sum(len(parts[i]) for i in column)).append(index)
    return [[parts[index] for index in column] for column in sorted(map(sorted, filter(None, columns)))]


def _group(board: Board, group: Group, width: int) -> list[Line]:
    drawn = [fit([(f" {group}", "head")], width)]
    shown = [action for action in ACTIONS if action.group is group and _works(action, board)]
    for sentence, same in groupby(shown, key=lambda action: action.help):
        caps = " ".join(filter(None, (reached(action.id, board.keys) for action in same)))
        if caps:
            drawn += _entry((caps, "key.cap"), sentence, width)
    return [*drawn, fit([], width)]


def _works(action: Action, board: Board) -> bool:
    """False for an act that would be refused: keys that do nothing are not offered."""
    return action.group is not Group.ACT or action.id in ("open", "reason", "copy", "browse") or can_act(board)


def _legend(width: int) -> list[Line]:
    drawn = [fit([(" What the colours and signs mean", "head")], width)]
    for zone, meaning in _SHARES:
        drawn += _entry((f"{zone[0].upper()} {zone}", f"zone.{zone}"), meaning, width)
    for sign, meaning in _SIGNS:
        drawn += _entry((sign, "strong"), meaning, width)
    return [*drawn, fit([], width)]


def _entry(key: Span, text: str, width: int) -> list[Line]:
    """The key and its sentence, in as many lines as they need; a long key has a line of its own."""
    cap, style = cells.safe(key[0]), key[1]
    column = _KEYS if width >= _ROOMY else _KEYS_NARROW
    parts = cells.wrap(text, max(1, width - column - 2))
    if cells.width(cap) >= column:
        parts.insert(0, "")
    drawn = []
    for part in parts:
        gap = " " * (column - cells.width(cap))
        drawn.append(fit([(" ", "text"), (cap, style), (gap, "text"), (part, "text")], width))
        cap = ""
    return drawn
