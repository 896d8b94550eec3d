"""Draws a question, docked above the key bar: who takes it, whose name, or whether to take over."""

from __future__ import annotations

from slaboard.board import cells
from slaboard.board.face import NAMES, binding, face
from slaboard.board.line import Line, Span, fit, spread
from slaboard.board.state import Board, Mode, Prompt
from slaboard.ticket import Engineer, Ticket

CARET = "_"


def lines(board: Board, width: int, most: int) -> list[Line]:
    """The question in at most `most` lines, none while nothing is asked; its answers are in the key bar.

    It names the ticket's id, whatever moves beneath.
    """
    prompt = board.prompt
    if prompt is None or board.mode not in (Mode.WHO, Mode.NAME, Mode.CONFIRM):
        return []
    asked = {Mode.WHO: _who, Mode.NAME: _name, Mode.CONFIRM: _confirm}[board.mode]
    title, answers = _title(prompt, board, width), asked(prompt, board, width)
    about = _about(prompt, board, width) if len(answers) + 2 <= most else []
    return [title, *about, *answers][: max(0, most)]


def _title(prompt: Prompt, board: Board, width: int) -> Line:
    """What is asked, and when silence answers it."""
    seconds = f"{max(0, prompt.closes_at - board.now)}s"
    closes = f" closes in {seconds} " if width >= 60 else f" {seconds} "
    right: list[Span] = [(closes, "prompt.title")] if prompt.closes_at else []
    title = f" {prompt.title}: who is taking it?" if board.mode is Mode.WHO else f" {prompt.title}"
    return spread([(title, "prompt.title")], right, width, "prompt.title")


def _about(prompt: Prompt, board: Board, width: int) -> list[Line]:
    """Customer, subject and the countdown that is being answered."""
    ticket = _ticket(prompt, board)
    clock = binding(ticket) if ticket else None
    if not prompt.about and clock is None:
        return []
    shown = face(clock, board)
    name = f"{NAMES[clock.bucket]} " if clock and width >= 72 else ""
    right: list[Span] = []
    if shown.zone:
        right = [(f"  {name}", "text"), (shown.letter, f"zone.{shown.zone}")]
        right.append((f"{shown.sign}{shown.full} ", f"ink.{shown.zone}"))
    return [spread([(f" {cells.safe(prompt.about)}", "text")], right, width)]


def _ticket(prompt: Prompt, board: Board) -> Ticket | None:
    held = [*([board.detail.ticket] if board.detail else []), *board.page.rows]
    return next((ticket for ticket in held if ticket.id == prompt.ticket), None)


def _who(prompt: Prompt, board: Board, width: int) -> list[Line]:
    """A letter a person: theirs for good, never their place in a list."""
    return _flow([_engineer(engineer, board, width) for engineer in board.team], width)


def _engineer(engineer: Engineer, board: Board, width: int) -> tuple[Span, ...]:
    name = 16 if width >= 60 else 8 if width >= 40 else 5
    load = board.loads.get(engineer.name, 0)
    more = f" {load}" if engineer.active else " off shift"
    return (
        (cells.safe(engineer.key), "prompt.key"),
        (f" {cells.cut(engineer.name, name)}", "text" if engineer.active else "dim"),
        (more if width >= 60 else "", "dim"),
    )


def _flow(entries: list[tuple[Span, ...]], width: int) -> list[Line]:
    """The entries in columns of one width, as many a line as fit."""
    if not entries:
        return [fit([(" Nobody is on the team list yet.", "dim")], width)]
    size = max(sum(cells.width(text) for text, _ in entry) for entry in entries) + (3 if width >= 40 else 2)
    per_line = max(1, (width - 1) // size)
    drawn = []
    for start in range(0, len(entries), per_line):
        spans: list[Span] = [(" ", "text")]
        for entry in entries[start : start + per_line]:
            spans += fit(entry, size)
        drawn.append(fit(spans, width))
    return drawn


def _name(prompt: Prompt, board: Board, width: int) -> list[Line]:
    typed = cells.safe(prompt.text)
    while cells.width(typed) > max(0, width - 9):
        typed = typed[1:]
    return [fit([(" Name  ", "text"), (typed, "prompt.input"), (CARET, "prompt.input")], width)]


def _confirm(prompt: Prompt, board: Board, width: int) -> list[Line]:
    owner = cells.cut(prompt.owner or "somebody", 24)
    question: list[Span] = [
        (" It is ", "text"),
        (f"{owner}'s", "strong"),
        (". Take it over?", "text"),
    ]
    return [fit(question, width)]
