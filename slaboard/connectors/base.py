"""What a source of tickets gives: events, or rows of tickets as they stand now, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

from slaboard.errors import UsageError
from slaboard.text import clean, shorten
from slaboard.ticket import Event, Stage

MAX_LINE = 1024 * 1024
"""The longest line (or CSV row) that is read, in bytes."""
MAX_ID = 200
"""The longest ticket id, in characters."""
BOM = b"\xef\xbb\xbf"


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket as a source shows it now, without its history. Instants are epoch seconds.

    None means that the source does not say; an empty `owner`, `customer` or `priority` means that there is none. The
    store turns it into events by comparing it with what it holds.
    """

    id: str
    title: str | None = None
    customer: str | None = None
    priority: str | None = None
    status: str | None = None
    stage: Stage | None = None
    """Said outright by another program that writes into the store; no file does."""
    owner: str | None = None
    opened_at: int | None = None
    responded_at: int | None = None
    resolved_at: int | None = None
    closed_at: int | None = None
    updated_at: int | None = None
    url: str | None = None
    board: str | None = None
    type: str | None = None


class Parsed(msgspec.Struct, frozen=True, gc=False):
    """What one line of a source came to. `problem` is a sentence when it could not be used (or not wholly).

    A line that is fine but changes nothing has neither events nor a snapshot nor a problem.
    """

    line: int
    """1-based number of the line in the file, the heading counted; of a row that spans several, the first."""
    events: tuple[Event, ...] = ()
    snapshot: Snapshot | None = None
    problem: str | None = None
    size: int = 0
    """Bytes of what it was read from, 0 where nothing long can be in it: who gathers many, gathers fewer long ones."""


class FileConnector(Protocol):
    """Reads one kind of file. It never raises for a bad line: that becomes a `Parsed.problem`."""

    @property
    def name(self) -> str:
        """What people call it, as in `slaboard import --format NAME`."""
        ...

    def read(self, lines: Iterable[bytes]) -> Iterator[Parsed]:
        """The file's lines, in order, with bounded memory."""
        ...


class BrokenInput(UsageError):
    """The input ended before its end. `read` makes it the last `Parsed.problem`: what came before is used."""


def shown(value: object, width: int = 40) -> str:
    """A value of a file, quoted for a sentence: harmless on a terminal and at most about `width` wide."""
    if isinstance(value, str):
        return f'"{shorten(clean(value), width)}"'
    try:
        return shorten(clean(json.dumps(value, default=str)), width)
    except (RecursionError, ValueError):  # nested beyond reason; a whole number of thousands of digits
        return "not readable"


def id_problem(ticket: str) -> str | None:
    """What is wrong with a ticket id, as the end of a sentence that begins with it; None when it is fine.

    An id is typed, shown and compared, so nothing in it may be invisible: controls, bidi marks, spaces at its ends.
    """
    if 0 < len(ticket) <= MAX_ID and ticket.isprintable() and ticket == ticket.strip():
        return None
    if not ticket.strip():
        return "is empty; every ticket needs an id"
    if len(ticket) > MAX_ID:
        return f"is {len(ticket):,} characters long; a ticket's id has at most {MAX_ID}"
    return f"is {shown(ticket)}; a ticket's id has no control characters and no spaces at its ends"
