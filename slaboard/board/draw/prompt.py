"""Draws a question, docked above the key bar: who takes it, whose name, or whether to take over."""

from __future__ import annotations

from slaboard.board import cells
from slaboard.board.draw import commands, views
from slaboard.board.draw.entry import CARET, typed
from slaboard.board.draw.line import Line, Span, fit, spread
from slaboard.board.draw.line import width as line_width
from slaboard.board.face import NAMES, binding, face
from slaboard.board.state import Board, Mode, Prompt, held
from slaboard.board.verb import VERBS, sensible
from slaboard.ticket import Engineer


def lines(board: Board, width: int, most: int) -> list[Line]:
    """The question in at most `most` lines, none while nothing is asked; its answers are in the key bar.

    It names the ticket's id, whatever moves beneath.
    """
    prompt = board.prompt
    if prompt is None or not board.mode.is_asking:
        return []
    if board.mode in (Mode.VIEWS, Mode.EXPORT):
        return views.lines(board, width, most)
    if board.mode is Mode.COMMANDS:
        return commands.lines(board, width, most)[: max(0, most)]
    title, answers = _title(prompt, board, width), _answers(prompt, board, width, most)
    about = _about(prompt, board, width) if len(answers) + 2 <= most else []
    if len(answers) == most and board.mode is Mode.MENU:
        return answers  # the key bar names the ticket, too
    return [title, *about, *answers][: max(0, most)]


def _answers(prompt: Prompt, board: Board, width: int, most: int) -> list[Line]:
    if board.mode is Mode.MENU:
        return _menu(prompt, board, width, most)
    if board.mode is Mode.WHO:
        return _who(board, width, most)
    asked = {Mode.NAME: _name, Mode.CONFIRM: _confirm, Mode.PIN: _pin}.get(board.mode, _text)
    return asked(prompt, board, width)


def _title(prompt: Prompt, board: Board, width: int) -> Line:
    """What is asked, and when silence answers it."""
    seconds = f"{max(0, prompt.closes_at - board.now)}s"
    closes = f" closes in {seconds} " if width >= 60 else f" {seconds} "
    right: list[Span] = [(closes, "prompt.title")] if prompt.closes_at else []
    title = f" {prompt.title}"
    if board.mode is Mode.WHO:
        asked = ": who is taking it?"
        title += asked if cells.width(title + asked + closes) <= width or not right else ": who?"
    elif board.mode is Mode.PIN:
        title += f": {cells.cut(prompt.who, 24)}'s PIN"
    return spread([(title, "prompt.title")], right, width, "prompt.title")


def _about(prompt: Prompt, board: Board, width: int) -> list[Line]:
    """Customer, subject and the countdown that is being answered."""
    ticket = None if prompt.more else held(board, prompt.ticket)
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


def _who(board: Board, width: int, most: int) -> list[Line]:
    """A letter a person: theirs for good, never their place in a list. Where lines are few, names are shortened."""
    team = board.pickable
    drawn = _flow([_engineer(engineer, board, width) for engineer in team], width)
    if len(drawn) < max(2, most):
        return drawn
    pairs = [(cells.safe(engineer.key), cells.safe(engineer.name)) for engineer in team]
    packs = [_packed([(key, cells.clip(name, size)) for key, name in pairs], width) for size in (4, 3, 2, 1, 0)]
    return next((drawn for drawn in packs if len(drawn) < most), packs[-1])


def _engineer(engineer: Engineer, board: Board, width: int) -> tuple[Span, ...]:
    name = 16 if width >= 60 else 8 if width >= 40 else 5
    load = board.loads.get(engineer.name, 0)
    return (
        (cells.safe(engineer.key), "prompt.key"),
        (f" {cells.cut(engineer.name, name)}", "text"),
        (f" {load}" if width >= 60 else "", "dim"),
    )


def _flow(entries: list[tuple[Span, ...]], width: int) -> list[Line]:
    """The entries in columns of one width, as many a line as fit."""
    if not entries:
        parts = cells.wrap("Nobody is on the team list yet.", max(1, width - 1))
        return [fit([(f" {part}", "dim")], width) for part in parts]
    size = max(sum(cells.width(text) for text, _ in entry) for entry in entries) + (3 if width >= 40 else 2)
    per_line = max(1, (width - 1) // size)
    drawn = []
    for start in range(0, len(entries), per_line):
        spans: list[Span] = [(" ", "text")]
        for entry in entries[start : start + per_line]:
            spans += fit(entry, size)
        drawn.append(fit(spans, width))
    return drawn


def _menu(prompt: Prompt, board: Board, width: int, most: int) -> list[Line]:
    """Only what makes sense on one of them at least."""
    tickets = tuple(filter(None, (held(board, id_) for id_ in prompt.tickets)))
    shown = [verb for verb in VERBS if sensible(verb, tickets, board)]
    entries: list[tuple[Span, ...]] = [((verb.letter, "prompt.key"), (f" {verb.label}", "text")) for verb in shown]
    drawn = _flow(entries, width)
    if len(drawn) < most:
        return drawn
    running = _running([(verb.letter, verb.label) for verb in shown], width)
    is_named = len(running) < most or not (board.held_new or prompt.more)
    return (
        running
        if len(running) <= most and is_named
        else _packed([(verb.letter, verb.label[:3]) for verb in shown], width)
    )


def _running(entries: list[tuple[str, str]], width: int) -> list[Line]:
    """One behind the other, in no columns: whole words where lines are few."""
    rows: list[list[Span]] = [[]]
    for letter, label in entries:
        spans: list[Span] = [(f" {letter}", "prompt.key"), (f" {label}", "text")]
        if rows[-1] and line_width((*rows[-1], *spans)) > width:
            rows.append([])
        rows[-1] += spans
    return [fit(row, width) for row in rows]


def _packed(entries: list[tuple[str, str]], width: int) -> list[Line]:
    """Without blanks between two: where lines are few, every letter is still told."""
    if not entries:
        return []
    size = 3 + max(cells.width(label) for _, label in entries)
    per_line = max(1, width // size)
    spans = [((f" {letter}", "prompt.key"), (f" {cells.fit(label, size - 3)}", "text")) for letter, label in entries]
    rows = (spans[start : start + per_line] for start in range(0, len(spans), per_line))
    return [fit([span for entry in row for span in entry], width) for row in rows]


def _name(prompt: Prompt, board: Board, width: int) -> list[Line]:
    return [fit([(" Name  ", "text"), *typed(prompt.text, prompt.back, width - 8)], width)]


def _pin(prompt: Prompt, board: Board, width: int) -> list[Line]:
    """As many stars as digits, and what is wrong with those that were typed before."""
    if prompt.is_checked:
        return [fit([(" PIN  ", "text"), ("is being checked", "dim")], width)]
    line = fit([(" PIN  ", "text"), ("*" * len(prompt.text) + CARET, "prompt.input")], width)
    return [line, *([fit([(f" {prompt.hint}", "strong")], width)] if prompt.hint else [])]


def _text(prompt: Prompt, board: Board, width: int) -> list[Line]:
    """What is typed under what it is; where nothing is, the answer that `enter` gives then."""
    line = typed(prompt.text, prompt.back, width - 2)
    if not prompt.text and prompt.default:
        line = (*line, (f" {prompt.default}", "dim"))
    return [fit([(_hint(prompt, width), "dim")], width), fit([(" ", "text"), *line], width)]


def _hint(prompt: Prompt, width: int) -> str:
    """What is to be typed, and of the answers that tab offers as many as fit whole."""
    many = len(prompt.choices)
    for shown in range(many, 0, -1):
        offered = ", ".join(prompt.choices[:shown]) + (", …" if shown < many else "")
        if cells.width(hint := f" {prompt.hint}   tab: {offered}") <= width:
            return hint
    return f" {prompt.hint}"


def _confirm(prompt: Prompt, board: Board, width: int) -> list[Line]:
    owner = cells.cut(prompt.owner or "somebody", 24)
    question: list[Span] = [
        (" They are " if prompt.more else " It is ", "text"),
        (f"{owner}'s", "strong"),
        (". Take them over?" if prompt.more else ". Take it over?", "text"),
    ]
    return [fit(question, width)]
