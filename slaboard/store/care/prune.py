"""Retention: the texts of tickets that ended long ago are removed; what happened, when, and what came of it stays.

Which columns go stands in docs/history.md. Clocks, results and reports are the same before and after: nothing that they
are made of is touched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from msgspec import Struct

from slaboard.board.verb import WAITS
from slaboard.host import halt
from slaboard.store.disk.driver import Connection
from slaboard.store.disk.file import StoreFile
from slaboard.store.rows import event_row
from slaboard.store.words import words_of
from slaboard.store.write.settle import BATCH, INSERT_EVENT, next_rev
from slaboard.ticket import Event, Kind

TURN_S = 30.0
"""How long a batch waits for its turn."""
_ORDINARY = "', '".join(WAITS)

# What of an event is text that people wrote, or says who a customer's person is. A reason out of the ordinary ones may
# hold anything; a message that came in was written by the customer, but for a logged call.
_BY_CUSTOMER = """(actor_kind = 'customer' OR (kind = 'message' AND direction = 'in' AND actor_kind <> 'automation'
    AND lower(coalesce(channel, '')) NOT IN ('phone', 'call'))) AND kind NOT IN ('claim', 'release', 'takeover')"""
_FREE_REASON = f"reason IS NOT NULL AND reason NOT IN ('{_ORDINARY}')"
_LINK = "more IS NOT NULL AND (NOT json_valid(more) OR json_extract(more, '$.url') IS NOT NULL)"
_HAS_TEXT = f"""(title IS NOT NULL OR note IS NOT NULL OR ({_FREE_REASON}) OR ({_LINK})
    OR (actor IS NOT NULL AND {_BY_CUSTOMER}))"""
# The next tickets, by id, that ended before :before, to which nothing has happened since then, and that have texts.
_ENDED = f"""
    SELECT t.id FROM tickets t
    WHERE t.id > :last AND t.ended_at < :before AND t.changed_at < :before AND t.stale = 0 AND {{among}}
        AND (t.title <> '' OR t.url <> '' OR EXISTS (SELECT 1 FROM events WHERE ticket_id = t.id AND {_HAS_TEXT}))
    ORDER BY t.id LIMIT :limit"""  # noqa: S608 our own column names and words
# The same of those whose row somebody deleted: their events are still there.
_DELETED = f"""
    SELECT t.ticket_id AS id FROM events t INDEXED BY events_ticket
    WHERE t.ticket_id > :last AND {{among}} AND NOT EXISTS (SELECT 1 FROM tickets WHERE id = t.ticket_id)
    GROUP BY t.ticket_id HAVING max(t.at) < :before AND max({_HAS_TEXT})
    ORDER BY t.ticket_id LIMIT :limit"""  # noqa: S608 as above
_HOW_MANY = "SELECT count(*) FROM tickets WHERE ended_at < ?"
_THESE = "{id} IN (SELECT value FROM json_each(:ids))"
_AMONG = "ticket_id IN (SELECT value FROM json_each(:ids))"
_TEXTS = f"SELECT count(*) FROM events WHERE {_AMONG} AND {_HAS_TEXT}"  # noqa: S608 as above
_REMOVE = f"""
    UPDATE events SET title = NULL, note = NULL,
        reason = CASE WHEN {_FREE_REASON} THEN NULL ELSE reason END,
        actor = CASE WHEN {_BY_CUSTOMER} THEN NULL ELSE actor END,
        more = CASE WHEN NOT json_valid(more) THEN NULL ELSE nullif(json_remove(more, '$.url'), '{{}}') END
    WHERE {_AMONG} AND {_HAS_TEXT}"""  # noqa: S608 as above
# When the last event of each was, and its order in that instant.
_LAST = """
    SELECT i.value, e.at, max(e.order_in_instant) FROM json_each(:ids) i CROSS JOIN events e ON e.ticket_id = i.value
    WHERE e.at = (SELECT max(at) FROM events WHERE ticket_id = i.value) GROUP BY i.value, e.at"""
_ROWS = "SELECT id, customer, status, board FROM tickets WHERE id IN (SELECT value FROM json_each(:ids))"
_ROW = "UPDATE tickets SET title = '', url = '', words = ?, rev = ? WHERE id = ?"
# A board that has not read these entries yet counts anew: so it does for an entry of sign 0.
_LEDGER = f"UPDATE ledger SET words = '' WHERE {_AMONG} AND words <> ''"  # noqa: S608 as above
_ANEW = "INSERT INTO ledger (sign) VALUES (0)"

OnPruned = Callable[[int], None]
"""Hears how many tickets are done."""


class Pruned(Struct, frozen=True):
    """What was removed, or would be: from how many tickets, and from how many of their events."""

    tickets: int = 0
    events: int = 0


def ended(store: StoreFile, before: int) -> int:
    """How many tickets had ended before `before`: as many as are looked at."""
    return int(store.ask(_HOW_MANY, (before,))[0][0])


def prunable(store: StoreFile, before: int, on_tickets: OnPruned | None = None) -> Pruned:
    """What `prune` would remove; nothing is written. `on_tickets` hears how many were found."""
    tickets = events = 0
    for _, ids in _pages(store, before):
        tickets += len(ids)
        events += int(store.ask(_TEXTS, {"ids": json.dumps(ids)})[0][0])
        if on_tickets is not None:
            on_tickets(tickets)
    return Pruned(tickets, events)


def _pages(store: StoreFile, before: int) -> Iterator[tuple[str, list[str]]]:
    """The tickets, a batch at a time, each with the question that found them."""
    for question in (_ENDED, _DELETED):
        last, sql = "", question.format(among="1")
        while ids := [row[0] for row in store.ask(sql, {"last": last, "before": before, "limit": BATCH})]:
            last = ids[-1]
            yield question, ids


def _still(connection: Connection, question: str, ids: list[str], before: int) -> list[str]:
    """Those of `ids` of which it is still true: since they were read somebody may have reopened one."""
    column = "t.id" if question is _ENDED else "t.ticket_id"
    sql = question.format(among=_THESE.format(id=column))
    values = {"last": "", "before": before, "limit": BATCH, "ids": json.dumps(ids)}
    return [row[0] for row in connection.execute(sql, values).fetchall()]


def prune(
    store: StoreFile, before: int, who: str, via: str, now: int, on_pruned: OnPruned | None = None
) -> Pruned:  # fmt: skip
    """Remove the texts of every ticket that ended before `before`, and to which nothing has happened since.

    In batches behind the turnstile, so that boards and claims go on; broken off, what is done is done. Each ticket gets
    an event that says who did it and when. What was overwritten is zeroed in the file (`secure_delete`).
    """
    store.connection.execute("PRAGMA secure_delete=ON").fetchall()
    tickets = events = 0
    with halt.telling(lambda: f"The texts of {tickets:,} tickets are gone; the same command goes on with the rest."):
        for question, ids in _pages(store, before):
            with store.writing(TURN_S, in_bulk=True) as connection:
                ids = _still(connection, question, ids, before)
                if ids:
                    events += _prune(connection, ids, who, via, now)
            tickets += len(ids)
            if on_pruned is not None:
                on_pruned(tickets)
    return Pruned(tickets, events)


def _prune(connection: Connection, ids: list[str], who: str, via: str, now: int) -> int:
    """Remove the texts of `ids` in the caller's transaction; from how many events."""
    rev, among = next_rev(connection), {"ids": json.dumps(ids)}
    removed: int = connection.execute(_REMOVE, among).rowcount
    said = []
    for ticket, at, order in connection.execute(_LAST, among).fetchall():
        late = isinstance(at, int) and at >= now  # a machine whose clock is behind acts right after the last event
        event = Event(
            ticket=ticket, at=at if late else now, order=order + 1 if late else 0, kind=Kind.PRUNE, actor=who, via=via
        )  # fmt: skip
        said.append(event_row(event, rev=rev))
    connection.executemany(INSERT_EVENT, said)
    rows = connection.execute(_ROWS, among).fetchall()
    connection.executemany(
        _ROW, [(words_of(row["id"], "", row["customer"], row["status"], row["board"]), rev, row["id"]) for row in rows]
    )
    if connection.execute(_LEDGER, among).rowcount:
        connection.execute(_ANEW)
    return removed
