"""The screen while there is no store to open: what was looked for, where, and what can be done about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slaboard import __version__
from slaboard.absence import Absence
from slaboard.board import cells
from slaboard.board.instant import hms
from slaboard.board.line import Line, Span, fit, spread
from slaboard.board.state import Board

DEMO = "slaboard demo opens a board with made-up tickets: leave with q and try it"
_NARROW = 60


def lines(absence: Absence, board: Board, store_from: str, width: int, height: int) -> list[Line]:
    """Exactly `height` lines of exactly `width` cells."""
    clock = f"{hms(board.now, board.timezone)} "
    head = spread([(f" slaboard {__version__}", "top.name")], [(clock, "top.clock")], width)
    spoken = list(_said(absence, store_from, width))
    if len(spoken) >= height:
        spoken = [spans for spans in spoken if spans]  # no air where there is no room
    said = [head, *(fit(spans, width) for spans in spoken)]
    said += [fit([], width)] * (height - len(said))
    if board.outcome is not None:
        outcome = board.outcome
        style = "bar.lost" if outcome.word == "NO" else "bar.wait"
        said[height - 1] = fit([(" ", "text"), (f" {outcome.word} ", style), (f" {outcome.text}", "text")], width)
    return said[:height]


def _said(absence: Absence, store_from: str, width: int) -> Iterator[list[Span]]:
    indent = 3 if width >= _NARROW else 1
    margin: Span = (" " * indent, "text")
    yield []
    for part in cells.wrap(_what(absence), max(1, width - indent)):
        yield [margin, (part, "strong")]
    yield []
    facts = [("Looked for", str(absence.path)), ("As said by", store_from), ("Folder", absence.folder)]
    if absence.suggestion is not None:
        facts.append(("Did you mean", str(absence.suggestion)))
    for name, text in facts:
        if width >= _NARROW:
            yield [margin, (cells.fit(name, 15), "dim"), (cells.safe(text), "text")]
        else:
            yield [margin, (f"{name}: {cells.safe(text)}", "text")]
    yield []
    for key, meaning in choices(absence):
        brief = re.split(r", | \(", meaning)[0]
        told = meaning if cells.width(meaning) + indent + 6 <= width else brief
        yield [margin, (f"  {key}", "key.cap"), (f"   {told}", "text")]


def _what(absence: Absence) -> str:
    return f"There is no store at {absence.path}" if absence.is_missing else absence.sentence


def choices(absence: Absence) -> list[tuple[str, str]]:
    """The keys that do something here, each with what it does."""
    found = [("o", "open the suggestion")] if absence.suggestion is not None else []
    if absence.can_create:
        found.append(("n", "create a new store here, with a policy to begin with"))
    return [
        *found,
        ("d", "demo with made-up tickets"),
        ("r", "retry (also every 5s by itself)"),
        ("q", "quit"),
    ]
