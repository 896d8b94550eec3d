"""Brings tickets up to date with their events: row, clocks and outcomes, in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from slaboard.store.disk.driver import Connection
from slaboard.store.folding import Folded, folded
from slaboard.store.read import queries
from slaboard.store.rows import CLOCK_COLUMNS, EVENT_COLUMNS, event_of, event_row
from slaboard.store.write.foreign import EDITED, adopted
from slaboard.store.write.renewal import Renewal
from slaboard.store.write.writer import Key, PolicyOf, Row, Writer
from slaboard.ticket import Bucket, Event

BATCH, MOST = 100, 400
"""Tickets recomputed in one transaction, at first and at most; their pace is kept (pace.py)."""

HELD = -1
"""`tickets.stale`: an import under way brought events."""
INSERT_EVENT = f"INSERT INTO events ({', '.join(EVENT_COLUMNS)}) VALUES ({', '.join('?' * len(EVENT_COLUMNS))})"
# The same line twice is one event: its fingerprint is there already.
INSERT_EVENT_ONCE = INSERT_EVENT.replace("INSERT", "INSERT OR IGNORE", 1)
# The clocks of the tickets :ids as they are, in the order of `clock_row`.
CLOCKS = f"""
    SELECT {", ".join(f"c.{column}" for column in CLOCK_COLUMNS)}
    FROM json_each(:ids) i CROSS JOIN clocks c ON c.ticket_id = i.value"""
# Whose a ticket is, and its clocks with it.
OWNED = "UPDATE tickets SET owner = ?, owned_at = ?, changed_at = ?, rev = ? WHERE id = ?"
OWNED_CLOCKS = "UPDATE clocks SET owner = ?, rev = ? WHERE ticket_id = ?"
CLOCKS_OF = f"SELECT {', '.join(CLOCK_COLUMNS)} FROM clocks WHERE ticket_id = ?"


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
    """Let go of the tickets that an import has held back: they are recomputed now like any other."""
    connection.execute("UPDATE state SET held_until = 0")


def settle(
    connection: Connection, tickets: Sequence[str], policy_of: PolicyOf, version: int, now: int, *,
    verify: bool = True, because: str | None = None, behind: bool = False, rejudge_since: int | None = None,
) -> Settled:  # fmt: skip
    """Recompute `tickets` inside the caller's transaction; a row edited by another program becomes events first.

    Finished results stay as they are. With `verify` they are checked against the events: a late event or an undo
    that changes what happened gives a new revision under the outcome's own policy version (rules 15 and 22), and
    says why: `because`, if that is known. `behind`: those without a mark only need the policy in force. What finished
    since `rejudge_since` is judged anew under the policy in force.
    """
    settled = Settled()
    rows: dict[str, Row] = {row["id"]: row for row in _some(connection, queries.KNOWN, json.dumps(list(tickets)))}
    promised = {ticket for ticket, row in rows.items() if behind and not row["stale"]}
    if promised:
        renewed = Renewal(connection, policy_of, version, next_rev(connection), now).renew(promised)
        settled.tickets = len(renewed)
        tickets = [ticket for ticket in tickets if ticket not in renewed]
        if not tickets:
            return settled
    ids = json.dumps(list(tickets))
    events = _histories(connection, ids, settled)
    outcomes = _by_clock(_some(connection, queries.OUTCOMES, ids))
    if not rows and not events:
        return settled
    writer = Writer(connection, policy_of, version, next_rev(connection), now)
    before = _by_clock(_some(connection, CLOCKS, ids))
    for ticket in tickets:
        known, history = rows.get(ticket), events.get(ticket, [])
        if known is not None and known["stale"] >= EDITED:
            history = history + stored(
                connection, adopted(connection, ticket, history, policy_of(version), now), writer.rev
            )
        if history or known is not None:
            finished = outcomes.get(ticket, {})
            found = _folded(writer, ticket, known if rejudge_since is None else None, history)
            if rejudge_since is not None:
                finished = writer.rejudged(found.fold, finished, rejudge_since)
            elif verify and finished and ticket not in promised:
                finished = writer.verified(ticket, history, found.fold, finished, because)
            writer.put(ticket, found, finished, before.get(ticket, {}), by_policy=ticket in promised, events=history)
            settled.tickets += 1
    writer.write()
    return settled


def settle_owner(connection: Connection, ticket: str, owner: str | None, at: int, rev: int) -> None:
    """Write whose `ticket` is since `at`: that moves no clock and no stage."""
    connection.execute(OWNED, (owner, None if owner is None else at, at, rev, ticket))
    connection.execute(OWNED_CLOCKS, (owner, rev, ticket))


def settle_on(
    connection: Connection, ticket: str, found: Folded, policy_of: PolicyOf, version: int, now: int, rev: int
) -> None:
    """Write a ticket whose events only went on, as they were `found`: nothing is read that is known already."""
    outcomes = _by_clock(connection.execute(queries.OUTCOMES_OF, (ticket,)).fetchall())
    before = _by_clock(connection.execute(CLOCKS_OF, (ticket,)).fetchall())
    writer = Writer(connection, policy_of, version, rev, now)
    writer.put(ticket, found, outcomes.get(ticket, {}), before.get(ticket, {}))
    writer.write()


def _folded(writer: Writer, ticket: str, row: Row | None, events: list[Event]) -> Folded:
    """Under the policy in force; an ended ticket stays under the one that it ended under (rule 15).

    One that has ended anew since was open in between, and followed.
    """
    if row is not None and row["ended_at"] is not None and row["policy_version"] != writer.version:
        version = row["policy_version"]
        found = folded(ticket, events, writer.policy_of(version), version)
        ended_at = found.fold.standing.ended_at
        if ended_at is not None and ended_at <= row["ended_at"]:
            return found
    return folded(ticket, events, writer.policy_of(writer.version), writer.version)


def stored(connection: Connection, events: Iterable[Event], rev: int) -> list[Event]:
    """Write `events` that are new; they come back with their sequence."""
    found = []
    for event in events:
        seq = connection.execute(INSERT_EVENT, event_row(event, rev=rev)).lastrowid
        found.append(replace(event, seq=int(seq or 0)))
    return found


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
