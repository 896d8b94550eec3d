"""Draws the saved views to pick from, and the question for a name."""

from __future__ import annotations

from slaboard.board import cells
from slaboard.board.draw.entry import typed
from slaboard.board.draw.line import Line, Span, fit, spread
from slaboard.board.saved import SavedView, in_order
from slaboard.board.state import Board, Prompt

_MOST = 12
"""Views that are shown at once where there is room for the list, too."""
_ROOMY = 60
_FEW = 5
_TELLING = 36
"""Below this width what a view shows would be a word at most."""


def lines(board: Board, width: int, most: int) -> list[Line]:
    """The question in at most `most` lines."""
    prompt = board.prompt or Prompt("", "", "")
    if prompt.verb == "views":
        return _list(board, prompt, width, most)[: max(0, most)]
    drawn = [fit([(f" {cells.safe(prompt.title)}", "prompt.title")], width, "prompt.title")]
    about = cells.wrap(prompt.about, max(1, width - 2))[:2] if prompt.about and most > 2 else []
    drawn += [fit([(f" {part}", "dim")], width) for part in about]
    if prompt.verb == "views.delete":
        where = "Every board of this store loses it." if prompt.choices else "Its file is deleted."
        drawn.append(fit([(f" {where} Its tickets stay.", "text")], width))
    else:
        name = " File  " if prompt.verb == "export" else " Name  "
        drawn.append(fit([(name, "text"), *typed(prompt.text, prompt.back, width - 8)], width))
    if prompt.hint:
        parts = cells.wrap(prompt.hint, max(1, width - 2))[:3]
        drawn += [fit([(f" {part}", "strong")], width) for part in parts]
    if len(drawn) > most:
        del drawn[1 : 1 + len(about)]  # what is shown, the board shows
    return drawn[: max(0, most)]


def _list(board: Board, prompt: Prompt, width: int, most: int) -> list[Line]:
    found = in_order((*board.views, *board.team_views))
    wrong = list(board.view_problems)
    notes = [fit([(f" {cells.cut(text, width - 2)}", "strong")], width) for text in wrong[:2]]
    if most < _FEW:
        notes = []  # `slaboard views list` tells them, too, and whoever picks one wants to see them
    elif len(wrong) > 2:
        notes.append(fit([(f" and {len(wrong) - 2} more: slaboard views list", "dim")], width))
    room = max(1, (most - 1 if most <= _MOST else min(_MOST, most // 2)) - len(notes))
    title: Span = (f" {prompt.title} ", "prompt.title")
    head = spread([title], [(f" {len(found)} ", "prompt.title")] if found else [], width, "prompt.title")
    if not found:
        parts = cells.wrap("None yet: s saves what this board shows now.", max(1, width - 2))
        return [head, *(fit([(f" {part}", "dim")], width) for part in parts), *notes]
    chosen = min(max(0, prompt.chosen), len(found) - 1)
    first = min(max(0, chosen - room // 2), max(0, len(found) - room))
    rows = [_row(found[at], at, width, is_chosen=at == chosen) for at in range(first, min(len(found), first + room))]
    return [head, *rows, *notes]


def _row(view: SavedView, at: int, width: int, *, is_chosen: bool) -> Line:
    """Its number, its name, whose it is, what it shows."""
    number = f"{at + 1}" if at < 9 else " "
    spans: list[Span] = [
        (">" if is_chosen else " ", "text"),
        (number, "prompt.key"),
        (f" {cells.fit(cells.safe(view.name), 24 if width >= _ROOMY else 16)}", "strong"),
        (" team " if view.is_team else "      ", "dim"),
        (cells.safe(view.about) if width >= _TELLING else "", "text"),
    ]
    ground = "cursor.here" if is_chosen else "text"
    return fit([(text, "cursor.here" if is_chosen else style) for text, style in spans], width, ground)
