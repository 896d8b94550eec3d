"""The screen while there is no store to open: what was looked for, where, and what can be done about it."""

from __future__ import annotations

import re

from slaboard import __version__
from slaboard.board import cells, keys
from slaboard.board.draw.line import Line, Span, fit, spread
from slaboard.board.instant import hms
from slaboard.board.state import Board
from slaboard.follow.absence import Absence

DEMO = "leave with q, run slaboard demo"
_NARROW = 60
Row = list[Span]


def lines(absence: Absence, board: Board, store_from: str, width: int, height: int) -> list[Line]:
    """Exactly `height` lines of exactly `width` cells: what can be done is on every screen, facts where they fit."""
    clock = f"{hms(board.now, board.timezone)} "
    head = spread([(f" slaboard {__version__}", "top.name")], [(clock, "top.clock")], width)
    indent = 3 if width >= _NARROW else 1
    doable = [_choice(key, meaning, width, indent) for key, meaning in _offered(absence, board)]
    said = _answer(board, width)
    what = _paragraph(_what(absence), width, indent, "strong")[: max(1, height - len(doable) - len(said))]
    room = height - 1 - len(what) - len(doable) - len(said)
    facts: list[Row] = []
    for name, text in _facts(absence, store_from):
        told = _fact(name, text, width, indent)
        if len(facts) + len(told) <= room:
            facts += told
    is_airy = room - len(facts) >= 3
    air: list[Row] = [[]] if is_airy else []
    rows = [*air, *what, *air, *facts, *(air if facts else []), *doable]
    drawn = [*([head] if room >= 0 else []), *(fit(row, width) for row in rows)]
    drawn += [fit([], width)] * (height - len(drawn) - len(said))
    return [*drawn, *said][:height]


def _what(absence: Absence) -> str:
    return f"There is no store at {absence.path}" if absence.is_missing else absence.sentence


def _facts(absence: Absence, store_from: str) -> list[tuple[str, str]]:
    """The most useful first; a path that the heading tells is not told again."""
    facts = [("Folder", absence.folder), ("As said by", store_from)]
    if absence.suggestion is not None:
        facts.insert(0, ("Did you mean", str(absence.suggestion)))
    return facts if absence.is_missing else [("Looked for", str(absence.path)), *facts]


def _fact(name: str, text: str, width: int, indent: int) -> list[Row]:
    if width < _NARROW:
        return _paragraph(f"{name}: {text}", width, indent, "text")
    parts = cells.wrap(text, max(1, width - indent - 15))
    names = [name, *[""] * (len(parts) - 1)]
    return [
        [(" " * indent, "text"), (cells.fit(label, 15), "dim"), (part, "text")]
        for label, part in zip(names, parts, strict=True)
    ]


def _paragraph(text: str, width: int, indent: int, style: str) -> list[Row]:
    return [[(" " * indent, "text"), (part, style)] for part in cells.wrap(text, max(1, width - indent))]


def _offered(absence: Absence, board: Board) -> list[tuple[str, str]]:
    leave = keys.cap("back", board.keys) or "ctrl+q"
    return [*choices(absence), (leave, "quit")]


def _choice(key: str, meaning: str, width: int, indent: int) -> Row:
    brief = re.split(r", | \(", meaning)[0]
    told = meaning if cells.width(meaning) + indent + 6 <= width else brief
    return [(" " * indent, "text"), (f"  {key}", "key.cap"), (f"   {told}", "text")]


def _answer(board: Board, width: int) -> list[Line]:
    """What became of the last key."""
    outcome = board.outcome
    if outcome is None:
        return []
    chip: Span = (f" {outcome.word} ", "bar.lost" if outcome.word == "NO" else "bar.wait")
    lead = cells.width(chip[0]) + 2
    parts = cells.wrap(outcome.text, max(1, width - lead))[:3]
    first = fit([(" ", "text"), chip, (f" {parts[0]}", "text")], width)
    return [first, *(fit([(" " * lead + part, "text")], width) for part in parts[1:])]


def choices(absence: Absence) -> list[tuple[str, str]]:
    """The keys that do something here, besides leaving, each with what it does."""
    found = [("o", "open the suggestion")] if absence.suggestion is not None else []
    if absence.can_create:
        found.append(("n", "create a new store here, with a policy to begin with"))
    return [*found, ("d", "demo (made-up tickets)"), ("r", "retry (also every 5s by itself)")]
