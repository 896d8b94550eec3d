"""Draws the reasons: why a ticket's clocks are due when they are, as sums that can be checked by hand."""

from __future__ import annotations

import re

from slaboard.board import cells
from slaboard.board.draw.line import Line, fit
from slaboard.board.state import Board

_ROOMY, _DATED = 96, 60
"""From here on times go with their zone's offset, and from here on with their year."""
_LABEL = 14
"""Where the times begin, in the sum's own lines."""
_HANG = 4
_OFFSET = re.compile(r"(?<=:\d\d) [+-]\d\d:\d\d\b")
_YEAR = re.compile(r"\b\d{4}-(?=\d\d-\d\d )")


def lines(board: Board, width: int) -> list[Line]:
    """All its lines: the caller shows those from `board.help_top` on."""
    ticket = cells.safe(board.reason_of or "")
    if board.reason is None:
        return [fit([(f" {ticket}: being read", "dim")], width)]
    return [line for text in board.reason for line in drawn(text, width)]


def drawn(text: str, width: int) -> list[Line]:
    """One line of the sum, in as many as it needs; where room is short the columns move together."""
    text = f" {text}"
    style = "text" if text.startswith("  ") else "strong"
    if width < _ROOMY:
        text = text[:_LABEL] + re.sub(r" {2,}", "  ", _OFFSET.sub("", text[_LABEL:]))
    if width < _DATED:
        text = " " + re.sub(r" {2,}", " ", _YEAR.sub("", text)).lstrip()
    if cells.width(text) <= width:
        return [fit([(text, style)], width)]
    hang = _LABEL if width >= _DATED and text[_LABEL - 1] == " " else _HANG
    margin = len(text) - len(text.lstrip())
    head, tail = (text[:hang], text[hang:]) if hang == _LABEL else (" " * margin, text)
    first, *others = cells.wrap(tail, max(1, width - hang - 1))
    return [fit([(head + first, style)], width), *(fit([(" " * hang + other, style)], width) for other in others)]
