"""Draws what was wrong when the board opened: by file, each with its line and what to do."""

from __future__ import annotations

from itertools import groupby

from slaboard.board import cells, keys
from slaboard.board.draw.line import Line, fit
from slaboard.board.state import Board

_LINE = 10
"""Where a sentence begins, behind the number of its line; where room is short it hangs less far."""
_ROOMY = 60


def lines(board: Board, width: int) -> list[Line]:
    """All its lines: the caller shows those from `board.help_top` on."""
    many = f"{len(board.notes)} things" if len(board.notes) > 1 else "One thing"
    drawn = _text(f"{many} to put right, none fatal.", width, 1, "head")
    air = [fit([], width)] * (width >= _ROOMY)
    for file, notes in groupby(map(_parted, board.notes), key=lambda part: part[0]):
        drawn += [*air, *([fit([(f" {_end(file, width - 1)}", "strong")], width)] if file else [])]
        for _, number, what in sorted(notes, key=lambda part: int(part[1] or 0)):
            drawn += _note(number, what, width)
    cap = keys.cap("commands", board.keys)
    again = f"slaboard doctor tells it again{f', and so does {cap} notes on the board' if cap else ''}."
    return [*drawn, *air, *_text(again, width, 1, "dim")]


def _parted(note: str) -> tuple[str, str, str]:
    """File, line and sentence of `file: line 3: sentence`; only the sentence where it is not so."""
    file, line, rest = note.partition(": line ")
    number, colon, what = rest.partition(": ")
    return (file, number, what) if line and colon and number.isdecimal() else ("", "", note)


def _note(number: str, what: str, width: int) -> list[Line]:
    said = f"line {number}" if number else ""
    if width < _ROOMY or not number:
        return _text(f"{said}: {what}" if said else what, width, 2 if number else 1, "text")
    first, *others = cells.wrap(what, max(1, width - _LINE - 2))
    head = fit([("  ", "text"), (f"{said:<{_LINE - 1}}", "key.cap"), (first, "text")], width)
    return [head, *(fit([(" " * (_LINE + 1) + other, "text")], width) for other in others)]


def _text(text: str, width: int, indent: int, style: str) -> list[Line]:
    margin = " " * indent
    return [fit([(margin, "text"), (part, style)], width) for part in cells.wrap(text, max(1, width - indent - 1))]


def _end(path: str, room: int) -> str:
    """The path, its beginning left out where it is too long: a file is known by its end."""
    path = cells.safe(path)
    while cells.width(path) > max(1, room):
        path = cells.ELLIPSIS + path.removeprefix(cells.ELLIPSIS)[1:]
    return path
