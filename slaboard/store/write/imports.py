"""Imports that were made: which they are, and how one is taken back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from slaboard.errors import Refused, StoreError, UsageError
from slaboard.host import halt
from slaboard.store.disk.driver import Connection
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.settle import HELD, next_rev, release, settle, stored
from slaboard.store.write.writer import OUTCOME_COLUMNS
from slaboard.text import clean
from slaboard.ticket import ActorKind, Event, Kind

TURN_S = 30.0
"""How long taking back waits for its turn; it has no key press to answer."""
TICKETS, EVENTS = 200, 1_000
"""What is taken back in one transaction: about as long as a batch of an import takes, so claims get through."""
OURS = "slaboard"
"""Who writes into a ticket's history that an import was taken back."""
SOME = 5
"""Tickets and people that are named."""
UNDONE = "import undone"
"""`outcomes.why` of a result that an import had brought."""

# Every import, and how many of its events are in the store.
_ALL = """
    SELECT i.*, (SELECT count(*) FROM events e INDEXED BY events_import WHERE e.import_id = i.id) AS here
    FROM imports i ORDER BY i.id"""
# The tickets of an import: how many, how many nothing else knows of, and how many nothing else opens.
_TICKETS = """
    SELECT count(*), coalesce(sum(NOT known), 0), coalesce(sum(known AND NOT opened), 0) FROM (
        SELECT EXISTS (SELECT 1 FROM events e WHERE e.ticket_id = t.ticket_id AND e.import_id IS NOT :id) AS known,
            EXISTS (SELECT 1 FROM events e WHERE e.ticket_id = t.ticket_id AND e.import_id IS NOT :id
                AND e.kind = 'created') AS opened
        FROM (SELECT DISTINCT ticket_id FROM events INDEXED BY events_import WHERE import_id = :id) t)"""
# What was done to the tickets of an import since it came, by anybody but another import.
_ACTS = """
    SELECT e.ticket_id, e.kind, e.actor
    FROM (SELECT ticket_id, min(seq) AS first FROM events INDEXED BY events_import WHERE import_id = :id GROUP BY 1) i
        CROSS JOIN events e INDEXED BY events_ticket ON e.ticket_id = i.ticket_id
    WHERE e.import_id IS NULL AND e.seq > i.first AND e.actor IS NOT :ours"""
# The same of some tickets.
_ACTED_ON = """
    SELECT DISTINCT e.ticket_id
    FROM json_each(:ids) i CROSS JOIN events e INDEXED BY events_ticket ON e.ticket_id = i.value
    WHERE e.import_id IS NULL AND e.actor IS NOT :ours AND e.seq > (
        SELECT min(m.seq) FROM events m INDEXED BY events_ticket WHERE m.ticket_id = i.value AND m.import_id = :id)"""

# From here on nobody adds to it, and its file may come again.
_BEGIN = """
    UPDATE imports SET undone_at = ?, undone_by = ?, source = source || ' undone ' || id
    WHERE id = ? AND undone_at IS NULL"""
_OTHERS = "SELECT 1 FROM imports WHERE id <> ? AND finished_at IS NULL AND undone_at IS NULL LIMIT 1"
# The tickets of the first events that are left of it.
_NEXT = """
    SELECT DISTINCT ticket_id FROM (SELECT ticket_id FROM events INDEXED BY events_import WHERE import_id = :id
        ORDER BY import_line LIMIT :events) LIMIT :tickets"""
_STANDING = """
    SELECT t.id, t.stale, t.stale = :held AND (SELECT held_until FROM state) > 0 AS waits
    FROM json_each(:ids) i CROSS JOIN tickets t ON t.id = i.value"""
# Whether they are late by a change that the import brought; a recomputation keeps that, for it may be a policy's doing.
_UNCAUSE = """
    UPDATE clocks SET cause = NULL WHERE cause IS NOT NULL AND ticket_id IN (SELECT e.ticket_id FROM json_each(:ids) i
        CROSS JOIN events e INDEXED BY events_ticket ON e.ticket_id = i.value
        WHERE e.import_id = :id AND e.kind IN ('priority', 'customer'))"""
_FORGET = """
    DELETE FROM events WHERE seq IN (SELECT e.seq FROM json_each(:ids) i
        CROSS JOIN events e INDEXED BY events_ticket ON e.ticket_id = i.value WHERE e.import_id = :id)"""
_LEFT = "SELECT i.value FROM json_each(:ids) i WHERE EXISTS (SELECT 1 FROM events e WHERE e.ticket_id = i.value)"
_VANISH = "DELETE FROM tickets WHERE id IN (SELECT value FROM json_each(:ids))"
_HOLD = "UPDATE tickets SET stale = :held WHERE id IN (SELECT value FROM json_each(:ids))"
# Of a ticket that nobody knows any more there is no result; the old rows stay (rule 15).
_AGAIN = {"revision": "o.revision + 1", "withdrawn": "1", "why": ":why"}
_WITHDRAW = f"""
    INSERT INTO outcomes ({", ".join(OUTCOME_COLUMNS)})
    SELECT {", ".join(_AGAIN.get(name, f"o.{name}") for name in OUTCOME_COLUMNS)}
    FROM json_each(:ids) i CROSS JOIN outcomes o ON o.ticket_id = i.value
    WHERE o.withdrawn = 0 AND o.revision = (SELECT max(l.revision) FROM outcomes l
        WHERE l.ticket_id = o.ticket_id AND l.bucket = o.bucket AND l.cycle = o.cycle)"""
_LAST_OUTCOME = "SELECT coalesce(max(id), 0) FROM outcomes"
# Imports of which something is left although they were taken back.
_HALF = """
    SELECT i.id, i.name FROM imports i WHERE i.undone_at IS NOT NULL
        AND EXISTS (SELECT 1 FROM events e INDEXED BY events_import WHERE e.import_id = i.id) ORDER BY i.id LIMIT 1"""


class Import(Struct, frozen=True):
    """One file, or stream, that was taken in."""

    id: int
    name: str
    kind: str
    shift_s: int | None
    started_at: int
    finished_at: int | None
    lines: int
    brought: int
    """New events that its last run had brought by its end."""
    problems: int
    undone_at: int | None
    undone_by: str | None
    here: int
    """Events of it that are in the store now."""

    @property
    def state(self) -> str:
        """`whole`, `broken off`, `undone`, or `half undone` when taking it back was broken off."""
        if self.undone_at is not None:
            return "half undone" if self.here else "undone"
        return "broken off" if self.finished_at is None else "whole"


class Worked(Struct, frozen=True):
    """What people, and programs that write into the store, did to an import's tickets since it came."""

    tickets: int
    kinds: Mapping[str, int]
    """How many events of each kind."""
    some: Sequence[str]
    people: Sequence[str]


class Plan(Struct, frozen=True):
    """What taking an import back would do."""

    record: Import
    tickets: int
    vanishing: int
    """Tickets that nothing else knows of."""
    headless: int
    """Tickets that stay, and that nothing else opens."""
    worked: Worked
    later: Sequence[str]
    """Files that came after it: lines that they had in common are this one's."""

    def check(self, *, force: bool) -> None:
        """Refused when somebody has worked on the tickets since, unless `force`, or it was begun already."""
        worked = self.worked
        if not worked.tickets or force or self.record.undone_at is not None:
            return
        acts = ", ".join(f"{kind} {count:,}" for kind, count in worked.kinds.items())
        more = "" if worked.tickets <= len(worked.some) else ", ..."
        by = f" by {', '.join(worked.people)}" if worked.people else ""
        raise Refused(
            f"Tickets of import {self.record.id} were worked on since ({worked.tickets:,}: "
            f"{', '.join(worked.some)}{more}): {acts}{by}. Nothing was taken back; with --force it is, and what they "
            f"did stays."
        )


class Undone(Struct):
    """What taking an import back has done."""

    events: int = 0
    vanished: int = 0
    settled: int = 0
    noted: int = 0
    """Tickets whose history says that it was taken back, because somebody had worked on them."""
    results: int = 0
    """Finished results that were withdrawn or judged anew."""


def imports(store: SqliteStore) -> list[Import]:
    """Every import of `store`, oldest first."""
    found = []
    for row in store.ask(_ALL):
        is_old = "undone_at" not in row.keys()  # noqa: SIM118 a store of schema 1 that may only be read
        found.append(
            Import(
                row["id"], row["name"], row["kind"], row["shift_s"], row["started_at"], row["finished_at"],
                row["lines"], row["events"], row["problems"], None if is_old else row["undone_at"],
                None if is_old else row["undone_by"], row["here"],
            )
        )  # fmt: skip
    return found


def plan(store: SqliteStore, number: int) -> Plan:
    """What taking back import `number` would do; UsageError when there is none."""
    with store.reading():
        every = imports(store)
        record = next((one for one in every if one.id == number), None)
        if record is None:
            raise UsageError(f"There is no import {number}. `slaboard import list` names them.")
        tickets, vanishing, headless = store.ask(_TICKETS, {"id": number})[0]
        worked = _worked(store.connection.execute(_ACTS, {"id": number, "ours": OURS}))
    later = [one.name for one in every if one.id > number and one.undone_at is None]
    return Plan(record, tickets, vanishing, headless, worked, later)


def _worked(rows: Iterable[Sequence[str | None]]) -> Worked:
    tickets: set[str] = set()
    people: set[str] = set()
    kinds: Counter[str] = Counter()
    for ticket, kind, actor in rows:
        tickets.add(clean(ticket or ""))
        kinds[clean(kind or "")] += 1
        people |= {clean(actor)} if actor else set()
    return Worked(len(tickets), dict(kinds.most_common()), sorted(tickets)[:SOME], sorted(people)[:SOME])


def undo(
    store: SqliteStore, wanted: Plan, by: str, now: int, *, force: bool = False,
    on_events: Callable[[int], None] | None = None,
) -> Undone:  # fmt: skip
    """Delete the events that an import brought and bring its tickets up to date, a batch in a transaction.

    After each batch every ticket stands either with the import or without it; broken off, it is gone on with by being
    called again. Refused when somebody has worked on the tickets since, unless `force`: what they did stays then.
    """
    wanted.check(force=force)
    record = wanted.record
    with store.writing(TURN_S) as connection:
        connection.execute(_BEGIN, (now, by, record.id))
        if not connection.execute(_OTHERS, (record.id,)).fetchall():
            release(connection)
    note = f"import {record.id} ({record.name}) was taken back, and with it what it said of this ticket"
    done = Undone()
    with halt.telling(lambda: f"{done.events:,} events are taken back; the same command takes back the rest."):
        while _more(store, record.id, now, note, done):
            if on_events is not None:
                on_events(done.events)
    with store.writing(TURN_S) as connection:
        next_rev(connection)  # this commit takes those before it to the disk
    return done


def _more(store: SqliteStore, number: int, now: int, note: str, done: Undone) -> bool:
    """Take one more batch back; False when nothing was left of it."""
    before = done.events
    with store.writing(TURN_S, in_bulk=True) as connection:
        ids = [row[0] for row in connection.execute(_NEXT, {"id": number, "events": EVENTS, "tickets": TICKETS})]
        if ids:
            _Batch(store, connection, number, ids, now).run(done, note)
    if ids and done.events == before:
        raise StoreError(f"Events of import {number} cannot be found by their tickets. Look at: slaboard check")
    return bool(ids)


class _Batch:
    """Some tickets of an import, inside one transaction."""

    def __init__(self, store: SqliteStore, connection: Connection, number: int, ids: Sequence[str], now: int) -> None:
        self.store, self.connection, self.number, self.now = store, connection, number, now
        self.ids = list(ids)
        self.version = store.policy_version()

    def run(self, done: Undone, note: str) -> None:
        """Take what the import said of them back."""
        results = self._number(_LAST_OUTCOME)
        known = {row["id"]: row for row in self._rows(_STANDING, self.ids, held=HELD)}
        waiting = {ticket for ticket, row in known.items() if row["waits"]}
        # What other programs wrote into the rows becomes events first: it is theirs, not the import's.
        self._settle([ticket for ticket, row in known.items() if row["stale"] and ticket not in waiting])
        rev = next_rev(self.connection)
        worked = {row[0] for row in self._rows(_ACTED_ON, self.ids, id=self.number, ours=OURS)}
        self.connection.execute(_UNCAUSE, self._values(self.ids, id=self.number))
        done.events += self.connection.execute(_FORGET, self._values(self.ids, id=self.number)).rowcount
        left = {row[0] for row in self._rows(_LEFT, self.ids)}
        gone = [ticket for ticket in self.ids if ticket not in left]
        self.connection.execute(_WITHDRAW, self._values(gone, why=UNDONE))
        done.vanished += self.connection.execute(_VANISH, self._values(gone)).rowcount
        noted = [ticket for ticket in self.ids if ticket in worked]
        stored(self.connection, [self._note(ticket, note) for ticket in noted], rev)
        done.noted += len(noted)
        # A ticket whose row somebody deleted stays off the boards; one that waits for another import goes on waiting.
        done.settled += self._settle([ticket for ticket in self.ids if ticket in left & known.keys() - waiting])
        self.connection.execute(_HOLD, self._values(sorted(waiting & left), held=HELD))
        done.results += self._number(_LAST_OUTCOME) - results

    def _settle(self, ids: Sequence[str]) -> int:
        return settle(self.connection, ids, self.store.policy_of, self.version, self.now, because=UNDONE).tickets

    def _note(self, ticket: str, text: str) -> Event:
        return Event(
            ticket=ticket, at=self.now, kind=Kind.NOTE, actor=OURS, actor_kind=ActorKind.AUTOMATION, note=text
        )  # fmt: skip

    def _rows(self, sql: str, ids: Sequence[str], **values: object) -> list[Any]:
        return self.connection.execute(sql, self._values(ids, **values)).fetchall()

    def _number(self, sql: str) -> int:
        return int(self.connection.execute(sql).fetchall()[0][0])

    @staticmethod
    def _values(ids: Sequence[str], **values: object) -> dict[str, object]:
        return {"ids": json.dumps(ids), **values}


def refuse_half_undone(store: SqliteStore) -> None:
    """Refused while an import is taken back only in part: what it shares with a new one would go, too."""
    for row in store.ask(_HALF):
        raise Refused(
            f"Import {row['id']} ({clean(row['name'])}) is taken back only in part. Finish that first: "
            f"slaboard import undo {row['id']}"
        )
