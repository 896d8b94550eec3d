"""The columns of the list: which there are at a width, and what a ticket shows in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec import Struct

from slaboard.board import cells
from slaboard.board.draw.line import Span
from slaboard.board.face import NONE, SHORT, Face, binding, face, note, running
from slaboard.board.state import Board
from slaboard.board.views import SortBy
from slaboard.ticket import PROMISES, Bucket, Clock, Ticket

NARROW, WIDE = 72, 100
"""From these widths on the binding clock is named, and all three clocks are shown."""


class Row(Struct, frozen=True):
    """A ticket on a board, with the one clock that is coloured."""

    ticket: Ticket
    board: Board
    clock: Clock | None
    face: Face

    @classmethod
    def of(cls, ticket: Ticket, board: Board) -> Row:
        """The row of `ticket` at the board's now."""
        clock = binding(ticket)
        if board.view.filter.bucket is Bucket.UPDATE:
            update = ticket.clock(Bucket.UPDATE)
            clock = update if update is not None and update.is_live else clock
        return cls(ticket, board, clock, face(clock, board))

    @property
    def ink(self) -> str:
        """The style of its countdown."""
        return f"ink.{self.face.zone}" if self.face.zone else "dim"

    @property
    def chip(self) -> str:
        """The style of its letter."""
        return f"zone.{self.face.zone}" if self.face.zone else "dim"


_PROMISED = tuple((bucket.upper(), bucket) for bucket in PROMISES)
_CLOCKS = (_PROMISED, (("UPDATE", Bucket.UPDATE), *_PROMISED[1:]))
"""The three clocks; in the list of updates theirs is the first."""
_TITLE = 14
"""A note may not leave a title with less."""

Cell = Callable[[Row, int], tuple[Span, ...]]


class Column(Struct, frozen=True):
    """A title, a width, and what a row shows in it, exactly that wide."""

    title: str
    width: int
    cell: Cell
    right: bool = False
    by: SortBy | None = None
    """The sort that puts the list in its order."""


def columns(width: int, rows: Sequence[Ticket], bucket: Bucket | None = None) -> tuple[Column, ...]:
    """The columns that fill `width` cells with a blank between two. Ids are not cut, so `rows` set their width.

    In the list of a `bucket` that is no promise, its clock stands where there is room for three.
    """
    if width < NARROW:
        return _pane(width, rows)
    if width < WIDE:
        customer, priority = 12, 3
        last = [
            Column("NEXT CLOCK", 17, _named_clock, right=True, by=SortBy.DUE),
            Column("OWNER", 6, _owner, by=SortBy.OWNER),
        ]
    else:
        customer, priority = (16, 4) if width < 120 else (20, 8) if width < 132 else (26, 8)
        last = [
            *(Column(title, 11, _clock_of(bucket), right=True) for title, bucket in _CLOCKS[bucket is Bucket.UPDATE]),
            Column("OWNER", 10, _owner, by=SortBy.OWNER),
        ]
    first = [
        Column("TICKET", _longest(tuple(ticket.id for ticket in rows), 7, 16), _id, by=SortBy.ID),
        Column("P", _longest(tuple(ticket.priority for ticket in rows), 2, priority), _priority, by=SortBy.PRIORITY),
        Column("CUSTOMER", customer, _customer, by=SortBy.CUSTOMER),
    ]
    return _filled(width, first, Column("SUMMARY", 0, _summary), last)


def _pane(width: int, rows: Sequence[Ticket]) -> tuple[Column, ...]:
    """For a side pane: letter, id without its prefix, compact countdown, and the rest for the text."""
    short = _shortener(rows)
    ids = tuple(short(ticket.id) for ticket in rows)
    first = [
        Column("", 2, _letter),
        Column("ID", _longest(ids, 5, 16 if width >= 36 else 10), _short_id(short), by=SortBy.ID),
        Column("LEFT", 6, _compact, right=True, by=SortBy.DUE),
    ]
    last = [Column("BY", 4 if width < 36 else 5 if width < 50 else 7, _owner, by=SortBy.OWNER)]
    if width >= 56:
        first.append(Column("CUSTOMER", 10, _customer, by=SortBy.CUSTOMER))
        return _filled(width, first, Column("SUMMARY", 0, _summary), last)
    return _filled(width, first, Column("SUMMARY", 0, _about), last)


def _filled(width: int, first: list[Column], middle: Column, last: list[Column]) -> tuple[Column, ...]:
    """All columns, `middle` as wide as what the others leave."""
    taken = sum(column.width + 1 for column in (*first, *last))
    return (*first, Column(middle.title, max(0, width - taken), middle.cell), *last)


@lru_cache(maxsize=16)  # twice a picture, and seldom others than in the last one
def _longest(texts: tuple[str, ...], least: int, most: int) -> int:
    return min(max((least, *map(cells.width, texts))), most)


def _shortener(rows: Sequence[Ticket]) -> Callable[[str], str]:
    """Takes the `T-` off ids where all begin alike."""
    prefixes = {ticket.id.partition("-")[0] if "-" in ticket.id[1:-1] else "" for ticket in rows}
    return (lambda id: id.partition("-")[2]) if len(prefixes) == 1 and "" not in prefixes else (lambda id: id)


def _short_id(short: Callable[[str], str]) -> Cell:
    return lambda row, width: ((cells.fit(short(row.ticket.id), width), "text"),)


def _id(row: Row, width: int) -> tuple[Span, ...]:
    return ((cells.fit(row.ticket.id, width), "text"),)


def _priority(row: Row, width: int) -> tuple[Span, ...]:
    return ((cells.fit(row.ticket.priority, width), "text"),)


def _customer(row: Row, width: int) -> tuple[Span, ...]:
    return ((cells.fit(row.ticket.customer, width), "text"),)


def _about(row: Row, width: int) -> tuple[Span, ...]:
    """Customer and title in one, with the note at the end where the title keeps most of the room."""
    return _noted(row, f"{row.ticket.customer} {row.ticket.title}".strip(), width)


def _summary(row: Row, width: int) -> tuple[Span, ...]:
    return _noted(row, row.ticket.title, width)


def _noted(row: Row, text: str, width: int) -> tuple[Span, ...]:
    """`text` with, at its right end, what is out of the ordinary: waiting, closed until 09:00, no SLA."""
    for remark in note(row.ticket, row.face, row.board):
        size = cells.width(remark) + 2
        if width - size >= max(_TITLE, width // 2):
            return ((cells.fit(text, width - size), "text"), (f"  {cells.safe(remark)}", "row.note"))
    return ((cells.fit(text, width), "text"),)


def _owner(row: Row, width: int) -> tuple[Span, ...]:
    owner = row.ticket.owner
    is_mine = owner is not None and owner == row.board.person
    return ((cells.fit(owner or "-", width), "row.mine" if is_mine else "text"),)


def _letter(row: Row, width: int) -> tuple[Span, ...]:
    return ((row.face.letter, row.chip), (row.face.sign, row.ink))


def _compact(row: Row, width: int) -> tuple[Span, ...]:
    text = "noSLA" if row.ticket.no_sla and row.face is NONE else row.face.compact
    return ((cells.fit(text, width, right=True), row.ink),)


def _named_clock(row: Row, width: int) -> tuple[Span, ...]:
    """Letter, sign, the clock's short name and its rest: `O  Resp  00:01:19`."""
    if row.clock is None:
        return ((cells.fit("no SLA" if row.ticket.no_sla else row.ticket.status, width, right=True), "dim"),)
    rest = cells.fit(f"{SHORT[row.clock.bucket]} {row.face.full:>9}", width - 3, right=True)
    return ((row.face.letter, row.chip), (f"{row.face.sign} {rest}", row.ink))


def _clock_of(bucket: Bucket) -> Cell:
    """Letter, sign and rest of one bucket's clock; plain unless it is the binding one."""

    def cell(row: Row, width: int) -> tuple[Span, ...]:
        clock = running(row.ticket, bucket)
        if clock is not None and clock is row.clock:
            rest = cells.fit(row.face.full, width - 2, right=True)
            return ((row.face.letter, row.chip), (f"{row.face.sign}{rest}", row.ink))
        shown = face(clock, row.board)
        text = "no SLA" if row.ticket.no_sla and not row.ticket.clocks and bucket is Bucket.RESPONSE else shown.full
        style = "text" if shown.zone else "dim"
        return ((f"{shown.letter}{shown.sign}{cells.fit(text, width - 2, right=True)}", style),)

    return cell
