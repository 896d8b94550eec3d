"""Draws the one line of an alert that nobody has acknowledged: how many came into which zone, and the worst of them."""

from __future__ import annotations

from collections.abc import Iterator

from slaboard.alerts.alert import Alert
from slaboard.board import cells, keys
from slaboard.board.draw.line import Line, Span, spread, width
from slaboard.board.instant import hm
from slaboard.board.state import Board, Mode
from slaboard.board.tidings import due


def lines(board: Board, into: int) -> list[Line]:
    """The fullest wording that fits, and the key that ends it; none while all is acknowledged."""
    alert = board.vigil.shown
    if alert is None:
        return []
    # While a question is open or a text is read, the same key is a letter of somebody's, or nothing.
    cap = keys.cap("acknowledge", board.keys) if board.mode in (Mode.BOARD, Mode.WALL) else ""
    right: list[Span] = [(f" {cap}", "key.cap"), (" seen ", "key.label")] if cap else []
    chip: list[Span] = [(" ", "text"), (" ALERT ", f"zone.{alert.zone}"), (" ", "text")]
    room = into - width([*chip, *right])
    said = ""
    for said in _wordings(alert, board):
        if cells.width(said) <= room:
            break
    return [spread([*chip, (said, "text")], right, into)]


def _wordings(alert: Alert, board: Board) -> Iterator[str]:
    """From the whole story down to the counts alone."""
    worst, since = alert.worst, hm(alert.at, board.timezone)
    facts = " ".join(filter(None, (cells.cut(worst.priority, 12), cells.cut(worst.customer, 24))))
    who, promise = cells.cut(worst.ticket, 24), due(worst, board.now, board.timezone)
    if alert.total == 1:
        is_in = f"{who} is {worst.zone} since {since}"
        yield f"{is_in}: {facts}, {promise}" if facts else f"{is_in}: {promise}"
        yield f"{is_in}: {promise}"
        yield is_in
        yield f"{who} is {worst.zone}"
        yield f"{who} {worst.zone.letter}"
        return
    since = f"{alert.summary} since {since}"
    told = worst.fate or promise
    yield f"{since}; worst {who} {facts}, {told}" if facts else f"{since}; worst {who}, {told}"
    yield f"{since}; worst {who}, {told}"
    if worst.fate:
        yield f"{alert.summary}; {who} {worst.fate}"
    else:
        yield f"{since}; worst {who}"
        yield f"{alert.summary}; worst {who}"
    yield f"{alert.summary}"
    yield " ".join(f"{count}{zone.letter}" for zone, count in reversed(list(alert.burst.counts.items())))
