"""Recomputes every ticket and reports what differs from the store, which stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.pace import Pace
from slaboard.store.write.settle import BATCH, MOST, settle
from slaboard.text import clean

TURN_S = 30.0
"""How long a batch waits for its turn; it has no key press to answer."""
_NEXT = "SELECT id FROM tickets WHERE id > ? ORDER BY id LIMIT ?"


class _Undo(Exception):
    pass


def differences(store: SqliteStore, now: int, on_tickets: Callable[[int], None] | None = None) -> Iterator[str]:
    """One sentence for each ticket, clock or outcome that a recomputation would change.

    In turns of a length that claims can wait for; `on_tickets` hears how many tickets are done.
    """
    last, done, pace = "", 0, Pace(BATCH, MOST)
    while ids := [row[0] for row in store.ask(_NEXT, (last, pace.size))]:
        last, done = ids[-1], done + len(ids)
        before, after, unreadable = _before_and_after(store, ids, now, pace)
        if on_tickets is not None:
            on_tickets(done)
        yield from map(clean, unreadable)
        for key in sorted(before.keys() | after.keys()):
            yield from _compared(key, before.get(key), after.get(key))


Facts = dict[tuple[str, str], dict[str, Any]]


def _before_and_after(store: SqliteStore, ids: list[str], now: int, pace: Pace) -> tuple[Facts, Facts, list[str]]:
    """What the store holds of `ids`, what a recomputation (rolled back) makes of it, and what it cannot read.

    Both of one moment: what somebody commits in between would be told as a difference.
    """
    before: Facts = {}
    after: Facts = {}
    unreadable: list[str] = []
    try:
        with store.writing(TURN_S) as connection:
            began = monotonic()
            before = _facts(store, ids)
            unreadable = settle(connection, ids, store.policy_of, store.policy_version(), now).unreadable
            after = _facts(store, ids)
            pace.took(len(ids), monotonic() - began)
            raise _Undo
    except _Undo:
        return before, after, unreadable


def _facts(store: SqliteStore, ids: list[str]) -> Facts:
    marks = ", ".join("?" * len(ids))
    found: Facts = {}
    for row in store.ask(f"SELECT * FROM tickets WHERE id IN ({marks})", ids):
        found[row["id"], "ticket"] = {k: row[k] for k in row.keys() if k not in ("rev", "stale", "edited")}  # noqa: SIM118
    for row in store.ask(f"SELECT * FROM clocks WHERE ticket_id IN ({marks})", ids):
        found[row["ticket_id"], f"{row['bucket']} {row['cycle']}"] = {k: row[k] for k in row.keys() if k != "rev"}  # noqa: SIM118
    sql = f"""SELECT ticket_id, bucket, cycle, max(revision) AS revision FROM outcomes WHERE ticket_id IN ({marks})
        GROUP BY 1, 2, 3"""
    for row in store.ask(sql, ids):
        found[row["ticket_id"], f"outcome of {row['bucket']} {row['cycle']}"] = {"revision": row["revision"]}
    return found


def _compared(key: tuple[str, str], old: dict[str, Any] | None, new: dict[str, Any] | None) -> Iterator[str]:
    ticket, what = clean(key[0]), key[1]
    if old is None or new is None:
        yield f"{ticket}: {what} {'is missing' if old is None else 'should not be there'}"
        return
    for name, value in new.items():
        if old[name] != value:
            yield f"{ticket}: {what}: {name} is {clean(str(old[name]))}, should be {clean(str(value))}"
