"""A ticket as one line of text: columns that stay where they are, whatever is in them, and as wide as the terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator

from msgspec import Struct

from slaboard.board import cells
from slaboard.board.durations import Calendars, full, left_s
from slaboard.ticket import Ticket


class Widths(Struct, frozen=True):
    """Cells of each column; a column of none is left out. `all` is the whole line's, None for no limit."""

    id: int = 12
    priority: int = 12
    customer: int = 18
    clock: int = 16
    left: int = 10
    owner: int = 12
    title: int = 60
    all: int | None = None


PIPE = Widths()
"""For other programs, whatever terminal they run in."""
MEDIUM, WIDE = 72, 120
"""From so many columns on a terminal has room for all facts, and for them at length."""


def widths() -> Widths:
    """What fits into the terminal that reads the list, if one does."""
    if not sys.stdout.isatty():
        return PIPE
    columns = shutil.get_terminal_size().columns
    if columns >= WIDE:
        return Widths(10, 8, 18, 16, 9, 10, columns, columns)
    if columns >= MEDIUM:
        return Widths(8, 3, 12, 10, 9, 8, columns, columns)
    return Widths(8, 0, 0, 0, 9, 0, columns, columns)


def heading(wide: Widths) -> str:
    """What the columns are called, for people."""
    names = ("TICKET", "P" if wide.priority < 8 else "PRIORITY", "CUSTOMER", "CLOCK", "LEFT", "OWNER", "SUMMARY")
    return _line("", names, wide)


def line(ticket: Ticket, moment: int, calendars: Calendars, wide: Widths) -> str:
    """The ticket at `moment`; its id is never cut, so that it can be used."""
    place = ticket.clock(ticket.bucket)
    zone = place.zone(moment).letter if place is not None else "-"
    left = full(left_s(place, moment, calendars)) if place is not None else ""
    clock = ticket.bucket.value if ticket.bucket is not None else ticket.no_sla or ticket.stage.value
    facts = (ticket.id, ticket.priority, ticket.customer, clock, left, ticket.owner or "-", ticket.title)
    return _line(zone, facts, wide)


def _line(zone: str, facts: Iterable[str], wide: Widths) -> str:
    text = " ".join((zone or " ", *_cells(facts, wide))).rstrip()
    return text if wide.all is None or cells.width(text) <= wide.all else cells.cut(text, wide.all)


def _cells(facts: Iterable[str], wide: Widths) -> Iterator[str]:
    id_, priority, customer, clock, left, owner, title = facts
    yield cells.fit(id_, max(wide.id, cells.width(id_)))
    for text, width in ((priority, wide.priority), (customer, wide.customer), (clock, wide.clock)):
        if width:
            yield cells.fit(text, width)
    yield cells.fit(left, wide.left, right=True)
    if wide.owner:
        yield cells.fit(owner, wide.owner)
    yield cells.cut(title, wide.title)
