"""Draws what became of several acts, ticket by ticket: first those that were not done, each with its reason."""

from __future__ import annotations

from slaboard.board import cells
from slaboard.board.draw.line import Line, fit
from slaboard.board.errand import Answer
from slaboard.board.state import Board

_ROOMY = 60


def lines(board: Board, width: int) -> list[Line]:
    """All its lines: the caller shows those from `board.help_top` on."""
    report = board.report
    if report is None:
        return [fit([(" Nothing was done to several tickets yet.", "dim")], width)]
    drawn = [fit([(f" {part}", "head")], width) for part in cells.wrap(report.title, max(1, width - 2))]
    drawn += [fit([], width)] * (width >= _ROOMY)
    for answer in report.answers:
        drawn += _answer(answer, width)
    return drawn


def _answer(answer: Answer, width: int) -> list[Line]:
    """Its word, and the store's sentence, which names the ticket."""
    word = cells.fit(answer.word, 5)
    parts = cells.wrap(answer.text, max(1, width - 9))
    style = "bar.ok" if answer.is_done else "bar.lost"
    first = fit([(" ", "text"), (f" {word} ", style), (f" {parts[0]}", "text")], width)
    return [first, *(fit([(" " * 9 + part, "text")], width) for part in parts[1:])]
