"""What a source of tickets gives: events, or rows of tickets as they stand now, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

from slaboard.ticket import Event


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket as a source shows it now, without its history. Instants are epoch seconds.

    None means that the source does not say; an empty `owner` means that nobody owns it. The store turns it into
    events by comparing it with what it holds.
    """

    id: str
    title: str | None = None
    customer: str | None = None
    priority: str | None = None
    status: str | None = None
    owner: str | None = None
    opened_at: int | None = None
    responded_at: int | None = None
    resolved_at: int | None = None
    closed_at: int | None = None
    updated_at: int | None = None
    url: str | None = None
    board: str | None = None
    type: str | None = None


class Parsed(msgspec.Struct, frozen=True):
    """What one line of a source came to. `problem` is a sentence when it could not be used (or not wholly)."""

    line: int
    """1-based number of the line in the file, the heading counted."""
    events: tuple[Event, ...] = ()
    snapshot: Snapshot | None = None
    problem: str | None = None


class FileConnector(Protocol):
    """Reads one kind of file. It never raises for a bad line: that becomes a `Parsed.problem`."""

    name: str

    def read(self, lines: Iterable[bytes]) -> Iterator[Parsed]:
        """The file's lines, in order, with bounded memory."""
        ...
