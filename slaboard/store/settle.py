"""Brings tickets up to date with their events: row, clocks and outcomes, in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from slaboard.connectors.base import Snapshot
from slaboard.sla.clock import Replay, Standing, place, replay
from slaboard.sla.policy import PolicySet
from slaboard.snapshot import events_of
from slaboard.store.driver import Connection
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
from slaboard.ticket import Bucket, Clock, Event, Kind, Stage

BATCH = 500
"""Tickets recomputed in one transaction, so that no writer waits long."""

EDITED, EMPTIED = 2, 3
"""`tickets.stale`: its row was inserted, or updated, by another program (1: only its events changed)."""

INSERT_EVENT = f"INSERT INTO events ({', '.join(EVENT_COLUMNS)}) VALUES ({', '.join('?' * len(EVENT_COLUMNS))})"
# The same line twice is one event: its fingerprint is there already.
INSERT_EVENT_ONCE = INSERT_EVENT.replace("INSERT", "INSERT OR IGNORE", 1)
INSERT_CLOCK = f"INSERT INTO clocks ({', '.join(CLOCK_COLUMNS)}) VALUES ({', '.join('?' * len(CLOCK_COLUMNS))})"

_OUTCOME_COLUMNS = (
    "ticket_id", "bucket", "cycle", "revision", "policy_version", "policy", "calendar", "started_at", "target_s",
    "due_at", "stopped_at", "elapsed_s", "met", "zone", "skipped", "by_status", "cause", "source_due", "waits",
    "customer", "priority", "owner", "board", "withdrawn", "why",
)  # fmt: skip
INSERT_OUTCOME = (
    f"INSERT INTO outcomes ({', '.join(_OUTCOME_COLUMNS)}) VALUES ({', '.join('?' * len(_OUTCOME_COLUMNS))})"
)
# What the ticket is, derived from its events; `rev` tells the triggers that it is our own hand.
UPSERT_TICKET = """
    INSERT INTO tickets (id, title, customer, priority, status, stage, owner, policy, opened_at, board, type, url,
        bucket, no_sla, owned_at, ended_at, changed_at, rev, stale)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
    ON CONFLICT (id) DO UPDATE SET title = excluded.title, customer = excluded.customer, priority = excluded.priority,
        status = excluded.status, stage = excluded.stage, owner = excluded.owner, policy = excluded.policy,
        opened_at = excluded.opened_at, board = excluded.board, type = excluded.type, url = excluded.url,
        bucket = excluded.bucket, no_sla = excluded.no_sla, owned_at = excluded.owned_at,
        ended_at = excluded.ended_at, changed_at = excluded.changed_at, rev = excluded.rev, stale = 0,
        edited = NULL"""

PolicyOf = Callable[[int], PolicySet]


class Settled:
    """What a recomputation wrote, for reports."""

    def __init__(self) -> None:
        self.tickets = 0
        self.unreadable: list[str] = []


def next_rev(connection: Connection) -> int:
    """The next revision: every statement that touches a ticket's row takes a new one."""
    row = connection.execute("UPDATE state SET rev = rev + 1 RETURNING rev").fetchall()[0]
    return int(row[0])


def settle(
    connection: Connection, tickets: Sequence[str], policy_of: PolicyOf, version: int, now: int, *, verify: bool = True
) -> Settled:
    """Recompute `tickets` inside the caller's transaction; a row edited by another program becomes events first.

    Finished results stay as they are. With `verify` they are checked against the events: a late event or an undo
    that changes what happened gives a new revision under the outcome's own policy version (rules 15 and 22).
    """
    settled = Settled()
    ids = json.dumps(list(tickets))
    rows: dict[str, Mapping[str, Any]] = {row["id"]: row for row in _some(connection, "tickets", "id", ids)}
    events: dict[str, list[Event]] = {}
    for row in _some(connection, "events", "ticket_id", ids):
        try:
            events.setdefault(row["ticket_id"], []).append(event_of(row))
        except (ValueError, TypeError) as error:
            settled.unreadable.append(f"Event {row['seq']} of ticket {row['ticket_id']} is left out: {error}.")
    outcomes: dict[str, dict[tuple[Bucket, int], Mapping[str, Any]]] = {}
    for row in _some(connection, "outcomes", "ticket_id", ids, "ORDER BY revision"):
        outcomes.setdefault(row["ticket_id"], {})[Bucket(row["bucket"]), row["cycle"]] = row
    rev = next_rev(connection)
    writer = _Writer(connection, policy_of, version, rev, verify)
    for ticket in tickets:
        found = events.get(ticket, [])
        if ticket in rows and rows[ticket]["stale"] >= EDITED:
            found = found + writer.adopt(rows[ticket], found, now)
        if found or ticket in rows:
            writer.write(ticket, found, outcomes.get(ticket, {}))
            settled.tickets += 1
    return settled


def _some(connection: Connection, table: str, column: str, ids: str, tail: str = "") -> Iterable[Mapping[str, Any]]:
    sql = f"SELECT * FROM {table} WHERE {column} IN (SELECT value FROM json_each(?)) {tail}"
    return connection.execute(sql, (ids,)).fetchall()


class _Writer:
    def __init__(self, connection: Connection, policy_of: PolicyOf, version: int, rev: int, verify: bool) -> None:
        self.connection, self.policy_of, self.version, self.rev = connection, policy_of, version, rev
        self.verify = verify
        self.policies = policy_of(version)

    def adopt(self, row: Mapping[str, Any], events: list[Event], now: int) -> list[Event]:
        """Events for what another program wrote into the ticket's row; stored and returned."""
        standing = replay(row["id"], events, self.policies).standing if events else None
        opened = epoch(row["opened_at"])
        snapshot = Snapshot(
            id=row["id"],
            opened_at=opened,
            stage=_stage(_said(row, "stage")),
            url=row["url"],
            board=row["board"],
            type=row["type"],
            title=_said(row, "title"),
            customer=_said(row, "customer"),
            priority=_said(row, "priority"),
            status=_said(row, "status"),
            owner=_said(row, "owner"),
        )
        if standing is None and opened is None and row["opened_at"] is not None:
            # A time that nobody can read: the ticket is shown as one without an opening time (rule 18).
            return self._stored(_without_opening(snapshot, now))
        return self._stored(events_of(snapshot, standing, now))

    def _stored(self, events: list[Event]) -> list[Event]:
        stored = []
        for event in events:
            seq = self.connection.execute(INSERT_EVENT, event_row(event, rev=self.rev)).lastrowid
            stored.append(_with_seq(event, int(seq or 0)))
        return stored

    def write(self, ticket: str, events: list[Event], outcomes: Mapping[tuple[Bucket, int], Mapping[str, Any]]) -> None:
        """The ticket's row, clocks and outcomes as its events make them."""
        fold = replay(ticket, events, self.policies, self.version)
        now = fold.standing
        if self.verify and outcomes:
            outcomes = self._verified(ticket, events, fold, outcomes)
        kept = {key: outcome_clock(row) for key, row in outcomes.items() if not row["withdrawn"]}
        clocks = [clock for clock in fold.clocks() if (clock.bucket, clock.cycle) not in kept]
        for clock in clocks:
            if not clock.is_live:
                self._outcome(now, clock, revision=_revision(outcomes, clock), why=None)
        clocks += kept.values()
        counted = place(now.stage, now.rung, tuple(clocks))
        self.connection.execute(
            UPSERT_TICKET,
            (
                ticket, now.title, now.customer, now.priority, now.status, now.stage.value, now.owner,
                fold.policy_name(), now.opened_at, now.board, now.type, now.url, counted and counted.bucket.value,
                fold.no_sla(counted), now.owned_at, now.ended_at, now.changed_at, self.rev,
            ),
        )  # fmt: skip
        self.connection.execute("DELETE FROM clocks WHERE ticket_id = ?", (ticket,))
        self.connection.executemany(
            INSERT_CLOCK,
            [
                clock_row(
                    ticket, clock, place=place_code(clock, counted, now), owner=now.owner, priority=now.priority,
                    rev=self.rev,
                )
                for clock in clocks
            ],
        )  # fmt: skip

    def _verified(
        self, ticket: str, events: list[Event], fold: Replay, outcomes: Mapping[tuple[Bucket, int], Mapping[str, Any]]
    ) -> dict[tuple[Bucket, int], Mapping[str, Any]]:
        """`outcomes` after a look at the events, each under its own policy version."""
        folds = {self.version: fold}
        kept = dict(outcomes)
        for key, row in outcomes.items():
            version = row["policy_version"]
            if version not in folds:
                folds[version] = replay(ticket, events, self.policy_of(version), version)
            truth = folds[version].standing.done.get(key)
            if truth is not None and not row["withdrawn"] and _same(truth, row):
                continue
            if truth is None and row["withdrawn"]:
                continue
            now = folds[version].standing
            if truth is None:
                self._outcome(now, outcome_clock(row), revision=row["revision"] + 1, why="undone", withdrawn=True)
            else:
                self._outcome(now, truth, revision=row["revision"] + 1, why="late event")
            kept[key] = self._latest(ticket, key)
        return kept

    def _latest(self, ticket: str, key: tuple[Bucket, int]) -> Mapping[str, Any]:
        sql = "SELECT * FROM outcomes WHERE ticket_id = ? AND bucket = ? AND cycle = ? ORDER BY revision DESC LIMIT 1"
        rows: list[Mapping[str, Any]] = self.connection.execute(sql, (ticket, key[0].value, key[1])).fetchall()
        return rows[0]

    def _outcome(self, now: Standing, clock: Clock, *, revision: int, why: str | None, withdrawn: bool = False) -> None:
        zone = clock.frozen_zone
        self.connection.execute(
            INSERT_OUTCOME,
            (
                now.id, clock.bucket.value, clock.cycle, revision, clock.policy_version, clock.policy, clock.calendar,
                clock.started_at, clock.target_s, clock.due_at, clock.stopped_at, clock.elapsed_s, clock.met,
                zone.value if zone else "green", clock.skipped, clock.by_status, clock.cause, clock.source_due,
                waits_text(clock), now.customer, now.priority, now.owner, now.board, withdrawn, why,
            ),
        )  # fmt: skip


def place_code(clock: Clock, counted: Clock | None, now: Standing) -> int:
    """1: counts in a cell. 2: counts as waiting. 3: a running Update clock. 0: stands beside."""
    if counted is not None and (clock.bucket, clock.cycle) == (counted.bucket, counted.cycle):
        return 2 if now.stage is Stage.WAITING else 1
    return 3 if clock.bucket is Bucket.UPDATE and clock.is_live and now.stage is not Stage.WAITING else 0


def _revision(outcomes: Mapping[tuple[Bucket, int], Mapping[str, Any]], clock: Clock) -> int:
    row = outcomes.get((clock.bucket, clock.cycle))
    return 0 if row is None else int(row["revision"]) + 1


def _same(clock: Clock, row: Mapping[str, Any]) -> bool:
    return (
        clock.started_at == row["started_at"]
        and clock.stopped_at == row["stopped_at"]
        and clock.elapsed_s == row["elapsed_s"]
        and clock.target_s == row["target_s"]
        and clock.skipped == bool(row["skipped"])
    )


def _said(row: Mapping[str, Any], column: str) -> str | None:
    """What another program says about `column`: a NULL in a new row says nothing, in an updated one it empties."""
    value = row[column]
    if row["stale"] == EMPTIED:
        if f" {column} " not in (row["edited"] or ""):
            return None
        return "" if value is None else str(value)
    return None if value is None else str(value)


def _stage(value: object) -> Stage | None:
    try:
        return Stage(str(value)) if value else None
    except ValueError:
        return None


def _with_seq(event: Event, seq: int) -> Event:
    import msgspec

    return msgspec.structs.replace(event, seq=seq)


def _without_opening(row: Snapshot, now: int) -> list[Event]:
    note = "the opening time that another program wrote cannot be read"
    events = events_of(row, Standing(row.id, opened_at=now), now)
    return [Event(ticket=row.id, at=now, kind=Kind.NOTE, actor="slaboard", note=note), *events]
