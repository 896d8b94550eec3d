"""Draws a list without tickets: why it is empty and what can be done about it."""

from __future__ import annotations

from slaboard.board import cells, durations, keys
from slaboard.board.draw.line import Line, Span, fit
from slaboard.board.draw.list import filter_name
from slaboard.board.instant import hms, quoted
from slaboard.board.state import Board, Grid, Mode, Next
from slaboard.board.views import Tab

NARROW = 60
"""Below this width there is no room for labels."""

_COMMANDS = (
    ("Try it", "slaboard demo"),
    ("Import a file", "slaboard import FILE"),
    ("Add one", 'slaboard add "Printer on fire" --customer Contoso'),
    ("Another store", "slaboard --store PATH"),
)


def lines(board: Board, width: int, height: int) -> list[Line]:
    """`height` lines that say it in words; never only a blank screen, but blank until the store has answered."""
    indent = 8 if width >= NARROW else 1
    said = [(), *(wrapped for spans in _said(board, width) for wrapped in _wrapped(spans, width - indent))]
    if len(said) > height:
        said = [spans for spans in said if spans]
    drawn = [fit([(" " * indent, "text"), *spans], width) for spans in said[:height]]
    return drawn + [fit([], width)] * (height - len(drawn))


def _wrapped(spans: tuple[Span, ...], width: int) -> list[tuple[Span, ...]]:
    """A sentence of one style goes on to the next line; a line of several is cut."""
    if len(spans) != 1:
        return [spans]
    text, style = spans[0]
    return [((part, style),) for part in cells.wrap(text, max(1, width))]


def _said(board: Board, width: int) -> list[tuple[Span, ...]]:
    grid = board.grid
    if grid is None:
        return _no_answer(board)
    if named := filter_name(board):
        said: list[tuple[Span, ...]] = [((f"No ticket here matches {named}.", "strong"),)]
        if board.view.tab is not Tab.ALL and board.hits and board.hits.open:
            said.append(((f"{board.hits.open} of all {grid.open} open tickets do.", "text"),))
        cap = "esc" if board.mode is Mode.FILTER else keys.cap("back", board.keys)
        return [*said, ((f"{cap} clears the filter.", "dim"),)]
    if board.freshness.is_stale(board.now):
        return _stale(board, grid)
    if grid.open == 0:
        return _no_tickets(board, width)
    if board.view.tab is Tab.MINE:
        return _none_mine(board)
    if board.view.tab is Tab.BREACHED:
        return [(("Nothing is breached.", "strong"),)]
    if board.view.tab is Tab.ALL:
        return [(("The list is being read.", "dim"),)]
    return _nothing_needed(board, grid)


def _no_answer(board: Board) -> list[tuple[Span, ...]]:
    freshness = board.freshness
    if not freshness.error:
        looking = "Every ticket is being looked at as it was then; of 100,000 that takes some 20 seconds."
        return [] if board.past_at is None else [((looking, "dim"),)]
    retry = f"Retry in {freshness.retry_s}s (attempt {freshness.attempt}). " if freshness.attempt else ""
    return [
        ((cells.safe(freshness.error), "strong"),),
        ((f"{retry}The board fills by itself when the store answers.", "text"),),
    ]


def _stale(board: Board, grid: Grid) -> list[tuple[Span, ...]]:
    """What was true when the store answered last, and no more than that."""
    at = hms(board.freshness.as_of, board.timezone)
    held = "this list was empty" if grid.open else "the store held no open tickets"
    return [
        ((f"At {at} {held}.", "strong"),),
        (("The board fills by itself when the store answers again.", "text"),),
    ]


def _no_tickets(board: Board, width: int) -> list[tuple[Span, ...]]:
    if board.past_at is not None:
        will = "No ticket that is known now will be" if board.is_ahead else "No ticket was"
        return [((f"{will} open at {quoted(board.past_at, board.timezone)}.", "strong"),)]
    if width < NARROW:
        commands = [((f"$ {command}", "text"),) for _, command in _COMMANDS]
        return [(("The store holds no open tickets.", "strong"),), *commands]
    facts = [("Store", cells.safe(board.store_path))] if board.store_path else []
    return [
        (("The store is open and healthy, and holds no open tickets.", "strong"),),
        (),
        *(((f"{label:<15}", "dim"), (text, "text")) for label, text in (*facts, *_COMMANDS)),
        (),
        (("This screen fills by itself when tickets arrive. You need not restart.", "dim"),),
    ]


def _none_mine(board: Board) -> list[tuple[Span, ...]]:
    who = keys.cap("identity", board.keys)
    if board.shared or not board.person:
        return [(("Nobody acts here, so no ticket is mine.", "strong"),), ((f"{who} says who acts here.", "dim"),)]
    return [((f"No ticket is {cells.safe(board.person)}'s.", "strong"),)]


def _nothing_needed(board: Board, grid: Grid) -> list[tuple[Span, ...]]:
    """The nicest state: what comes next is said, so that nobody has to wonder."""
    lost = grid.breached_unclaimed
    if lost:
        said: list[tuple[Span, ...]] = [
            ((f"Nothing is left to save: {lost} unclaimed are breached already.", "strong"),)
        ]
    else:
        said = [(("Nothing needs claiming.", "strong"),)]
    ahead = [found for found in grid.next.values() if found.due_at >= board.now]
    if ahead:
        said.append(((_ahead(min(ahead, key=lambda found: found.due_at), board), "text"),))
    return said


def _ahead(found: Next, board: Board) -> str:
    left = durations.until_s(found.due_at, board.now, board.calendars.get(found.calendar))
    owner = f"owned by {cells.safe(found.owner)}" if found.owner else "unclaimed"
    return f"Next to breach: {cells.safe(found.ticket)} in {durations.full(left)}, {owner}."
