"""Brings tickets up to date with their events: row, clocks and outcomes, in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from slaboard.connectors.base import Snapshot
from slaboard.sla.clock import Replay
from slaboard.sla.policy import PolicySet
from slaboard.sla.standing import Standing, place
from slaboard.snapshot import events_of
from slaboard.store import queries
from slaboard.store.driver import Connection
from slaboard.store.folding import Folded, folded
from slaboard.store.renewal import Renewal, caused, is_red
from slaboard.store.rows import (
    CLOCK_COLUMNS,
    EVENT_COLUMNS,
    clock_row,
    epoch,
    event_of,
    event_row,
    outcome_clock,
    waits_text,
)
from slaboard.text import cap
from slaboard.ticket import Bucket, Clock, Event, Kind, Stage

BATCH = 500
"""Tickets recomputed in one transaction, so that no writer waits long."""

HELD, EDITED, EMPTIED = -1, 2, 3
"""`tickets.stale`: an import under way brought events; another program inserted the row, or updated it."""
PROMISED, REJUDGED = -2, -3
"""`tickets.stale`: nothing happened to it, but another policy is in force; also over what it had finished."""

INSERT_EVENT = f"INSERT INTO events ({', '.join(EVENT_COLUMNS)}) VALUES ({', '.join('?' * len(EVENT_COLUMNS))})"
# The same line twice is one event: its fingerprint is there already.
INSERT_EVENT_ONCE = INSERT_EVENT.replace("INSERT", "INSERT OR IGNORE", 1)
# In place where the clock is there already: taking it out and putting it back cost twice as much.
_NEWS = ", ".join(f"{column} = excluded.{column}" for column in CLOCK_COLUMNS[3:])
UPSERT_CLOCK = f"""
    INSERT INTO clocks ({", ".join(CLOCK_COLUMNS)}) VALUES ({", ".join("?" * len(CLOCK_COLUMNS))})
    ON CONFLICT (ticket_id, bucket, cycle) DO UPDATE SET {_NEWS}"""

_OUTCOME_COLUMNS = (
    "ticket_id", "bucket", "cycle", "revision", "policy_version", "policy", "calendar", "started_at", "target_s",
    "due_at", "stopped_at", "elapsed_s", "met", "zone", "skipped", "by_status", "cause", "source_due", "waits",
    "customer", "priority", "owner", "board", "withdrawn", "why",
)  # fmt: skip
INSERT_OUTCOME = (
    f"INSERT INTO outcomes ({', '.join(_OUTCOME_COLUMNS)}) VALUES ({', '.join('?' * len(_OUTCOME_COLUMNS))})"
)
# What the ticket is, derived from its events; what another program had written is events by now.
UPSERT_TICKET = """
    INSERT INTO tickets (id, title, customer, priority, status, stage, owner, policy, policy_version, opened_at, board,
        type, url, bucket, no_sla, owned_at, ended_at, changed_at, rev, stale)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
    ON CONFLICT (id) DO UPDATE SET title = excluded.title, customer = excluded.customer, priority = excluded.priority,
        status = excluded.status, stage = excluded.stage, owner = excluded.owner, policy = excluded.policy,
        policy_version = excluded.policy_version, opened_at = excluded.opened_at, board = excluded.board,
        type = excluded.type, url = excluded.url, bucket = excluded.bucket, no_sla = excluded.no_sla,
        owned_at = excluded.owned_at, ended_at = excluded.ended_at, changed_at = excluded.changed_at,
        rev = excluded.rev, stale = 0, edited = NULL"""
_TOLD = ("title", "customer", "priority", "status", "owner")
_FORGET_CLOCKS = "DELETE FROM clocks WHERE ticket_id = ?"

PolicyOf = Callable[[int], PolicySet]
Row = Mapping[str, Any]
Key = tuple[Bucket, int]
"""One cycle of one bucket."""


class Settled:
    """What a recomputation wrote, for reports."""

    def __init__(self) -> None:
        self.tickets = 0
        self.unreadable: list[str] = []


def next_rev(connection: Connection) -> int:
    """The next revision. From here to the end of the transaction the triggers know that the hand is ours."""
    row = connection.execute("UPDATE state SET rev = rev + 1, ours = 1 RETURNING rev").fetchall()[0]
    return int(row[0])


def release(connection: Connection) -> None:
    """Let go of the tickets that an import has held back; they are stale now like any other."""
    connection.execute("UPDATE tickets SET stale = 1 WHERE stale = ? AND stale <> 0", (HELD,))
    connection.execute("UPDATE state SET held_until = 0")


def settle(
    connection: Connection, tickets: Sequence[str], policy_of: PolicyOf, version: int, now: int, *, verify: bool = True
) -> Settled:
    """Recompute `tickets` inside the caller's transaction; a row edited by another program becomes events first.

    Finished results stay as they are. With `verify` they are checked against the events: a late event or an undo
    that changes what happened gives a new revision under the outcome's own policy version (rules 15 and 22).
    """
    settled = Settled()
    rows: dict[str, Row] = {row["id"]: row for row in _some(connection, queries.KNOWN, json.dumps(list(tickets)))}
    promised = [ticket for ticket in tickets if ticket in rows and rows[ticket]["stale"] == PROMISED]
    if promised:
        renewed = Renewal(connection, policy_of, version, next_rev(connection), now).renew(promised, PROMISED)
        settled.tickets = len(renewed)
        tickets = [ticket for ticket in tickets if ticket not in renewed]
    ids = json.dumps(list(tickets))
    events = _histories(connection, ids, settled)
    outcomes = _by_clock(_some(connection, queries.OUTCOMES, ids))
    if not rows and not events:
        return settled
    before = _by_clock(_some(connection, queries.RUNNING, ids))
    writer = _Writer(connection, policy_of, version, next_rev(connection), verify, now)
    for ticket in tickets:
        known, found = rows.get(ticket), events.get(ticket, [])
        if known is not None and known["stale"] >= EDITED:
            found = found + writer.adopt(ticket, found, now)
        if found or known is not None:
            writer.settle(ticket, known, found, outcomes.get(ticket, {}), before.get(ticket, {}))
            settled.tickets += 1
    writer.write()
    return settled


def _some(connection: Connection, sql: str, ids: str) -> list[Any]:
    return connection.execute(sql, {"ids": ids}).fetchall()


def _by_clock(rows: Iterable[Row]) -> dict[str, dict[Key, Row]]:
    """Rows by ticket and cycle of a bucket; of several revisions the last."""
    found: dict[str, dict[Key, Row]] = {}
    for row in rows:
        found.setdefault(row["ticket_id"], {})[Bucket(row["bucket"]), row["cycle"]] = row
    return found


def _histories(connection: Connection, ids: str, settled: Settled) -> dict[str, list[Event]]:
    """Each ticket's events; a time that another program wrote as a text becomes the seconds that it means."""
    events: dict[str, list[Event]] = {}
    dated: list[tuple[int, int]] = []
    for row in _some(connection, queries.EVENTS, ids):
        try:
            event = event_of(row)
        except (ValueError, TypeError) as error:
            settled.unreadable.append(f"Event {row['seq']} of ticket {row['ticket_id']} is left out: {error}.")
            continue
        events.setdefault(row["ticket_id"], []).append(event)
        if row["at"] != event.at:
            dated.append((event.at, event.seq))
    if dated:
        next_rev(connection)
        connection.executemany("UPDATE events SET at = ? WHERE seq = ?", dated)
    return events


class _Writer:
    """Computes tickets one by one and writes them all at once: a fifth of the statements, half the time."""

    def __init__(
        self, connection: Connection, policy_of: PolicyOf, version: int, rev: int, verify: bool, now: int
    ) -> None:
        self.connection, self.policy_of, self.version, self.rev = connection, policy_of, version, rev
        self.verify, self.now = verify, now
        self._tickets: list[tuple[Any, ...]] = []
        self._clocks: list[tuple[Any, ...]] = []
        self._outcomes: list[tuple[Any, ...]] = []
        self._forgotten: list[tuple[str]] = []
        """Tickets whose clocks are all written anew, because one of them may be there no more."""

    def adopt(self, ticket: str, events: list[Event], now: int) -> list[Event]:
        """Events for what another program wrote into the ticket's row; stored and returned."""
        row: Row = self.connection.execute("SELECT * FROM tickets WHERE id = ?", (ticket,)).fetchall()[0]
        standing = None
        if events:
            standing = folded(row["id"], events, self.policy_of(self.version), self.version).fold.standing
        said: dict[str, Any] = {name: _said(row, name) for name in _TOLD}
        opened = epoch(row["opened_at"])
        snapshot = Snapshot(
            id=row["id"], opened_at=opened, stage=_stage(_said(row, "stage")), url=_text(row["url"]),
            board=_text(row["board"]), type=_text(row["type"]), **said,
        )  # fmt: skip
        if standing is None and opened is None and row["opened_at"] is not None:
            # A time that nobody can read: the ticket is shown as one without an opening time (rule 18).
            note = "the opening time that another program wrote cannot be read"
            headless = [Event(ticket=row["id"], at=now, kind=Kind.NOTE, actor="slaboard", note=note)]
            return self._stored(headless + events_of(snapshot, Standing(row["id"]), now))
        return self._stored(events_of(snapshot, standing, now, history=events))

    def _stored(self, events: list[Event]) -> list[Event]:
        stored = []
        for event in events:
            seq = self.connection.execute(INSERT_EVENT, event_row(event, rev=self.rev)).lastrowid
            stored.append(replace(event, seq=int(seq or 0)))
        return stored

    def settle(
        self, ticket: str, row: Row | None, events: list[Event], outcomes: Mapping[Key, Row], before: Mapping[Key, Row]
    ) -> None:
        """The ticket's row, clocks and outcomes as its events make them; `before` are its clocks that ran till now."""
        stale = row["stale"] if row is not None else 0
        found = self._folded(ticket, None if stale == REJUDGED else row, events)
        fold, now = found.fold, found.fold.standing
        if stale == REJUDGED:
            outcomes = self._rejudged(fold, outcomes)
        elif self.verify and outcomes and stale != PROMISED:
            outcomes = self._verified(ticket, events, fold, outcomes)
        kept = {key: outcome_clock(row) for key, row in outcomes.items() if not row["withdrawn"]}
        clocks = [
            self._caused(clock, before.get((clock.bucket, clock.cycle)))
            for clock in found.clocks
            if (clock.bucket, clock.cycle) not in kept
        ]
        for clock in clocks:
            if not clock.is_live:
                self._judge(now, clock, revision=_revision(outcomes, clock), why=None)
        clocks += kept.values()
        counted = place(now.stage, now.rung, tuple(clocks))
        self._tickets.append(
            (
                ticket, now.title, now.customer, now.priority, now.status, now.stage.value, now.owner,
                fold.policy_name(), fold.version, now.opened_at, now.board, now.type, now.url,
                counted and counted.bucket.value, found.no_sla(counted), now.owned_at, now.ended_at, now.changed_at,
                self.rev,
            )
        )  # fmt: skip
        whole = stale != PROMISED or not before.keys() <= {(clock.bucket, clock.cycle) for clock in clocks}
        if whole:
            self._forgotten.append((ticket,))
        for clock in clocks:
            if not whole and (clock.bucket, clock.cycle) in kept:
                continue  # a finished clock is what it was
            code = place_code(clock, counted, now)
            self._clocks.append(
                clock_row(ticket, clock, place=code, owner=now.owner, priority=now.priority, rev=self.rev)
            )

    def _folded(self, ticket: str, row: Row | None, events: list[Event]) -> Folded:
        """Under the policy in force; an ended ticket stays under the one that it ended under (rule 15)."""
        if row is not None and row["ended_at"] is not None and row["policy_version"] != self.version:
            version = row["policy_version"]
            found = folded(ticket, events, self.policy_of(version), version)
            if found.fold.standing.ended_at is not None:
                return found
        return folded(ticket, events, self.policy_of(self.version), self.version)

    def _verified(self, ticket: str, events: list[Event], fold: Replay, outcomes: Mapping[Key, Row]) -> dict[Key, Row]:
        """`outcomes` after a look at the events, each under its own policy version."""
        folds = {fold.version: fold}
        kept = dict(outcomes)
        for key, row in outcomes.items():
            version = row["policy_version"]
            if version not in folds:
                folds[version] = folded(ticket, events, self.policy_of(version), version).fold
            now = folds[version].standing
            truth = now.done.get(key)
            if truth is None and not row["withdrawn"]:
                kept[key] = self._judge(
                    now, outcome_clock(row), revision=row["revision"] + 1, why="undone", withdrawn=True
                )
            elif truth is not None and (row["withdrawn"] or not _same(truth, row)):
                kept[key] = self._judge(now, truth, revision=row["revision"] + 1, why="late event")
        return kept

    def _rejudged(self, fold: Replay, outcomes: Mapping[Key, Row]) -> dict[Key, Row]:
        """`outcomes` from a date on judged anew under the policy in force; the old rows stay (rule 15)."""
        sql = "SELECT rejudged_since FROM policies WHERE version = ?"
        since = self.connection.execute(sql, (self.version,)).fetchall()[0][0] or 0
        kept = dict(outcomes)
        for key in {**outcomes, **fold.standing.done}:
            row, truth = outcomes.get(key), fold.standing.done.get(key)
            stopped = truth.stopped_at if truth is not None else row["stopped_at"] if row is not None else None
            if stopped is None or stopped < since or (row is not None and row["policy_version"] == self.version):
                continue
            revision = 0 if row is None else row["revision"] + 1
            if truth is not None:
                kept[key] = self._judge(fold.standing, truth, revision=revision, why="rejudged")
            elif row is not None and not row["withdrawn"]:
                kept[key] = self._judge(
                    fold.standing, outcome_clock(row), revision=revision, why="rejudged", withdrawn=True
                )
        return kept

    def _caused(self, clock: Clock, before: Row | None) -> Clock:
        """`clock`, marked when another policy made it late or had made it late (rule 14)."""
        if before is None or clock.cause is not None:
            return clock
        late = is_red(clock.red_at, clock.frozen_zone, self.now)
        cause = caused(before, clock.policy_version, late, self.now, is_live=clock.is_live)
        return replace(clock, cause=cause) if cause else clock

    def _judge(self, now: Standing, clock: Clock, *, revision: int, why: str | None, withdrawn: bool = False) -> Row:
        """Freeze a finished clock; the row of `outcomes` that it becomes."""
        zone = clock.frozen_zone
        values = (
            now.id, clock.bucket.value, clock.cycle, revision, clock.policy_version, clock.policy, clock.calendar,
            clock.started_at, clock.target_s, clock.due_at, clock.stopped_at, clock.elapsed_s, clock.met,
            zone.value if zone else "green", clock.skipped, clock.by_status, clock.cause, clock.source_due,
            waits_text(clock), now.customer, now.priority, now.owner, now.board, withdrawn, why,
        )  # fmt: skip
        self._outcomes.append(values)
        return dict(zip(_OUTCOME_COLUMNS, values, strict=True))

    def write(self) -> None:
        """Everything that was settled, into the store."""
        execute = self.connection.executemany
        execute(INSERT_OUTCOME, self._outcomes)
        execute(UPSERT_TICKET, self._tickets)
        execute(_FORGET_CLOCKS, self._forgotten)
        execute(UPSERT_CLOCK, self._clocks)


def place_code(clock: Clock, counted: Clock | None, now: Standing) -> int:
    """1: counts in a cell. 2: counts as waiting. 3: a running Update clock. 0: stands beside."""
    if counted is not None and (clock.bucket, clock.cycle) == (counted.bucket, counted.cycle):
        return 2 if now.stage is Stage.WAITING else 1
    return 3 if clock.bucket is Bucket.UPDATE and clock.is_live and now.stage is not Stage.WAITING else 0


def _revision(outcomes: Mapping[Key, Row], clock: Clock) -> int:
    row = outcomes.get((clock.bucket, clock.cycle))
    return 0 if row is None else int(row["revision"]) + 1


def _same(clock: Clock, row: Row) -> bool:
    return (
        clock.started_at == row["started_at"]
        and clock.stopped_at == row["stopped_at"]
        and clock.elapsed_s == row["elapsed_s"]
        and clock.target_s == row["target_s"]
        and clock.skipped == bool(row["skipped"])
    )


def _said(row: Row, column: str) -> str | None:
    """What another program says about `column`: NULL says nothing, but empties what it was an update of."""
    if f" {column} " in (row["edited"] or ""):
        return _text(row[column]) or ""
    return None if row["stale"] == EMPTIED else _text(row[column])


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return None if value is None else cap(str(value))


def _stage(value: object) -> Stage | None:
    try:
        return Stage(str(value)) if value else None
    except ValueError:
        return None
