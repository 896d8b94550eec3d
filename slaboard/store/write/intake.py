"""The store's side of an import: events in bulk, each line once, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

from msgspec import Struct

from slaboard.connectors.base import Snapshot
from slaboard.errors import Refused
from slaboard.snapshot import events_of
from slaboard.store.disk.driver import Connection
from slaboard.store.folding import folded
from slaboard.store.read.queries import HOLDING
from slaboard.store.rows import event_row
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.imports import refuse_half_undone
from slaboard.store.write.pace import Pace
from slaboard.store.write.settle import HELD, INSERT_EVENT_ONCE, next_rev, release
from slaboard.ticket import Event, Kind

TURN_S = 30.0
"""How long an import waits for its turn; it has no key press to answer."""
BATCH = 500
"""Events in one transaction at most: claims of others get through in between."""
HOLD_S = 600
"""How long after its last sign of life the tickets of an import wait for the rest of it, in seconds."""

AT_ANY_TIME = frozenset({Kind.CREATED, Kind.UNDO})
"""What no creation makes too old: another one, and an undo, which may take back the creation before."""

Numbered = tuple[int, Event]
"""The line of the source that an event stands in, and the event."""
Refusal = tuple[int, str]
"""The line of the source that could not be used, and why."""

# A ticket that has news: it is recomputed later, by us or by whichever board notices first. One that is stale for
# another reason already stays so.
_MARK = """
    INSERT INTO tickets (id, opened_at, rev, stale) VALUES (?, NULL, ?, ?)
    ON CONFLICT (id) DO UPDATE SET stale = CASE WHEN stale > 0 THEN stale ELSE excluded.stale END, rev = excluded.rev"""
# When those of the tickets :ids were opened that are known to have been.
_OPENED = """
    SELECT t.id, t.opened_at FROM json_each(:ids) i CROSS JOIN tickets t ON t.id = i.value WHERE t.opened_at NOTNULL"""
# Events of this import that turned out to be older than their ticket's creation, which may stand on a later line.
_TOO_OLD = """
    SELECT e.seq, e.import_line, e.ticket_id FROM events e JOIN tickets t ON t.id = e.ticket_id
    WHERE e.import_id = :id AND e.at < t.opened_at AND e.kind NOT IN ('created', 'undo')"""

# Those of them that still are, among :seqs.
_REFUSE = """
    DELETE FROM events WHERE import_id = :id AND seq IN (SELECT value FROM json_each(:seqs))
    AND at < (SELECT opened_at FROM tickets WHERE id = events.ticket_id)"""
# The events of all its runs: one that was broken off has brought some, too.
_BROUGHT = "SELECT count(*) FROM events INDEXED BY events_import WHERE import_id = ?"
_CLOSE = """
    UPDATE imports SET finished_at = ?, lines = ?, problems = ?, events = ? WHERE id = ? AND undone_at IS NULL"""
_STANDS = "SELECT 1 FROM imports WHERE id = ? AND source = ?"
GONE = (
    "This import was taken back while it ran, or a backup was put back over it. Nothing more of it is taken in; "
    "see: slaboard import list"
)


class Record(Struct, frozen=True):
    """What the store remembers of one source of events."""

    id: int
    source: str
    shift_s: int | None
    """By how much its times are moved; None when they stand as they are."""
    finished: bool


class Intake:
    """One import into one store. Everything it writes can be written again without changing anything."""

    def __init__(self, store: SqliteStore) -> None:
        refuse_half_undone(store)
        self.store = store
        self._began = monotonic()
        self._pace = Pace(BATCH, BATCH)

    def find(self, source: str) -> Record | None:
        """What is remembered of `source` (a fingerprint of its content), None when it is new."""
        rows = self.store.ask("SELECT id, shift_s, finished_at FROM imports WHERE source = ?", (source,))
        return Record(rows[0]["id"], source, rows[0]["shift_s"], rows[0]["finished_at"] is not None) if rows else None

    def begin(self, source: str, name: str, kind: str, shift_s: int | None, now: int) -> Record:
        """The record of `source`, made when it is new."""
        found = self.find(source)
        if found is not None:
            return found
        with self.store.writing(TURN_S) as connection:
            connection.execute(
                "INSERT INTO imports (source, name, kind, shift_s, started_at) VALUES (?, ?, ?, ?, ?)",
                (source, name, kind, shift_s, now),
            )
        made = self.find(source)
        assert made is not None
        return made

    def take(
        self, record: Record, numbered: Sequence[Numbered], *, hold_from: int | None = None
    ) -> tuple[int, list[Refusal]]:
        """Store the events that are new; how many they were, and the lines refused as older than their ticket.

        With `hold_from` (when the import began) nobody recomputes their tickets before `finish`: half a history would
        freeze results that the other half corrects.
        """
        new, refused, done = 0, [], 0
        while done < len(numbered):
            part = numbered[done : done + self._pace.size]
            taken, refusals = self._take(record, part, hold_from)
            self._pace.took(len(part), self.store.turn_s)
            new, done = new + taken, done + len(part)
            refused += refusals
        return new, refused

    def _take(self, record: Record, numbered: Sequence[Numbered], hold_from: int | None) -> tuple[int, list[Refusal]]:
        # All that can be made ready before it is our turn, is.
        rows = [event_row(event, rev=0, import_id=record.id, line=line) for line, event in numbered]
        tickets = sorted({event.ticket for _, event in numbered})
        with self.store.writing(TURN_S, in_bulk=True) as connection:
            opened = dict(map(tuple, connection.execute(_OPENED, {"ids": json.dumps(tickets)}).fetchall()))
            refused: list[Refusal] = []
            if opened:
                numbered, rows, refused = _young_enough(numbered, rows, opened)
                tickets = sorted({event.ticket for _, event in numbered})
            if not connection.execute(_STANDS, (record.id, record.source)).fetchall():
                raise Refused(GONE)
            rev = next_rev(connection)
            before = connection.total_changes
            connection.executemany(INSERT_EVENT_ONCE, [(*row[:-1], rev) for row in rows])
            new = connection.total_changes - before
            if new:
                self._mark(connection, tickets, rev, hold_from)
            return new, refused

    def _mark(self, connection: Connection, tickets: Sequence[str], rev: int, hold_from: int | None) -> None:
        mark = 1 if hold_from is None else HELD
        connection.executemany(_MARK, [(ticket, rev, mark) for ticket in tickets])
        if hold_from is not None:
            until = hold_from + int(monotonic() - self._began) + HOLD_S
            connection.execute("UPDATE state SET held_until = max(held_until, ?)", (until,))

    def compare(self, snapshots: Sequence[tuple[int, Snapshot]], now: int) -> list[Numbered]:
        """The events that bring the store's tickets to `snapshots` (each ticket once)."""
        policies = self.store.policy()
        histories = self.store.histories([row.id for _, row in snapshots])
        found: list[Numbered] = []
        for line, row in snapshots:
            history = histories.get(row.id, ())
            standing = folded(row.id, history, policies, 0).fold.standing if history else None
            found += ((line, event) for event in events_of(row, standing, now, history=history))
        return found

    def finish(self, record: Record, *, lines: int, events: int, problems: int, now: int) -> list[Refusal]:
        """Recompute what the import touched and close its record; the lines that are refused only now."""
        if self.store.ask(HOLDING):
            with self.store.writing(TURN_S) as connection:
                release(connection)
        self._catch_up(now)
        # Looked for and counted before our turn: among a million events that takes a second.
        found = self.store.ask(_TOO_OLD, {"id": record.id})
        for first in range(0, len(found), BATCH):
            seqs = json.dumps([row["seq"] for row in found[first : first + BATCH]])
            with self.store.writing(TURN_S, in_bulk=True) as connection:
                connection.execute(_REFUSE, {"id": record.id, "seqs": seqs})
        if found or events or not record.finished:
            brought = self.store.ask(_BROUGHT, (record.id,))[0][0]
            with self.store.writing(TURN_S) as connection:
                connection.execute(_CLOSE, (now, lines, problems + len(found), brought, record.id))
            self._catch_up(now)
        return [(row["import_line"] or 0, too_old(row["ticket_id"])) for row in found]

    def _catch_up(self, now: int) -> None:
        while self.store.catch_up(now, wait_s=TURN_S):
            pass


def _young_enough(
    numbered: Sequence[Numbered], rows: Sequence[tuple[Any, ...]], opened: Mapping[str, object]
) -> tuple[list[Numbered], list[tuple[Any, ...]], list[Refusal]]:
    """Those that are not older than their ticket, and their rows; why the others are refused."""
    kept: list[Numbered] = []
    kept_rows: list[tuple[Any, ...]] = []
    refused: list[Refusal] = []
    for (line, event), row in zip(numbered, rows, strict=True):
        start = opened.get(event.ticket)
        if isinstance(start, int) and event.at < start and event.kind not in AT_ANY_TIME:
            refused.append((line, too_old(event.ticket)))
        else:
            kept.append((line, event))
            kept_rows.append(row)
    return kept, kept_rows, refused


def too_old(ticket: str) -> str:
    """The sentence of rule 22."""
    return f"it is older than the creation of {ticket}"
