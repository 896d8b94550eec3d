"""Draws the palette: what is typed, and the commands that fit it with their keys as they are set."""

from __future__ import annotations

from slaboard.board import cells
from slaboard.board.draw.entry import typed
from slaboard.board.draw.line import Line, Span, fit, spread
from slaboard.board.keys import Action
from slaboard.board.match import matching
from slaboard.board.state import Board, Prompt
from slaboard.board.verb import reached

_MOST = 12
"""Commands that are shown at once where there is room for the list, too."""
_ROOMY = 60
_NAME, _KEYS = 16, 12
_NAME_NARROW, _KEYS_NARROW = 15, 5
_TELLING = 36
"""Below this width a command's sentence would be a word and a half."""


def lines(board: Board, width: int, most: int) -> list[Line]:
    """The line that is typed and, below it, as many commands as fit around the chosen one."""
    prompt, found = board.prompt or Prompt("", "", ""), matching(board)
    room = max(1, most - 1 if most <= _MOST else min(_MOST, most // 2))
    chosen = min(max(0, prompt.chosen), max(0, len(found) - 1))
    first = min(max(0, chosen - room // 2), max(0, len(found) - room))
    shown = found[first : first + room]
    many = f" {len(found)} of {len(prompt.choices)} " if prompt.text else f" {len(found)} "
    title: Span = (f" {prompt.title} ", "prompt.title")
    entry = typed(prompt.text, prompt.back, width - len(many) - cells.width(title[0]) - 2)
    head = spread([title, (" ", "text"), *entry], [(many, "dim")], width)
    if not found:
        return [head, fit([(" Nothing is called that.", "dim")], width)]
    return [head, *(_command(action, board, width, is_chosen=action is found[chosen]) for action in shown)]


def _command(action: Action, board: Board, width: int, *, is_chosen: bool) -> Line:
    """Its name, its keys, its sentence."""
    name, caps = (_NAME, _KEYS) if width >= _ROOMY else (_NAME_NARROW, _KEYS_NARROW)
    spans: list[Span] = [
        (">" if is_chosen else " ", "text"),
        (cells.fit(action.id, name), "strong"),
        (cells.fit(cells.safe(reached(action.id, board.keys)), caps), "key.cap"),
        (f" {action.help}" if width >= _TELLING else "", "text"),
    ]
    return fit([(text, "cursor.here" if is_chosen else style) for text, style in spans], width, _ground(is_chosen))


def _ground(is_chosen: bool) -> str:
    return "cursor.here" if is_chosen else "text"
