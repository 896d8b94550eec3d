"""Draws a line that is being typed, with its caret."""

from __future__ import annotations

from slaboard.board import cells
from slaboard.board.draw.line import Span

CARET = "_"
"""Behind the text; within it the character at the caret is reversed instead."""


def typed(text: str, back: int, room: int) -> tuple[Span, ...]:
    """`text` with its caret in at most `room` cells; the caret stays in sight."""
    at = len(text) - min(max(0, back), len(text))
    before, here, behind = cells.safe(text[:at]), cells.safe(text[at : at + 1]), cells.safe(text[at + 1 :])
    beyond = min(cells.width(behind), room // 4)
    while before and cells.width(before) + max(1, cells.width(here)) + beyond > max(1, room):
        before = before[1:]
    left = room - cells.width(before) - max(1, cells.width(here))
    if not here:
        return ((before, "prompt.input"), (CARET, "prompt.input"))
    return ((before, "prompt.input"), (here, "cursor.here"), (cells.clip(behind, max(0, left)), "prompt.input"))
