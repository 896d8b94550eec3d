"""Tickets as they were at a moment, a page at a time: their events up to then, folded (rule 24)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from slaboard.sla.clock import Replay
from slaboard.sla.standing import place
from slaboard.store.disk.driver import Row
from slaboard.store.folding import NO_TIME_LEFT, Folded, folded
from slaboard.store.rows import event_of, is_worse, outcome_clock, raw
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean
from slaboard.ticket import Bucket, Clock, Event, Ticket

Text = Callable[[str], str]
Key = tuple[Bucket, int]
Result = Mapping[str, Any]
"""A row of `outcomes`."""

# What had happened by :at to the tickets :ids, and what had come of it.
_EVENTS = """
    SELECT e.* FROM json_each(:ids) i CROSS JOIN events e ON e.ticket_id = i.value AND e.at <= :at
    ORDER BY e.ticket_id, e.at"""
_RESULTS = """
    SELECT o.* FROM json_each(:ids) i CROSS JOIN outcomes o ON o.ticket_id = i.value WHERE o.stopped_at <= :at
    ORDER BY o.revision"""
# Those of :ids that stay under an earlier version of the policy, because they have ended (rule 15).
_ENDED_UNDER = """
    SELECT t.id, t.policy_version FROM json_each(:ids) i CROSS JOIN tickets t ON t.id = i.value
    WHERE t.ended_at IS NOT NULL AND t.policy_version <> :version"""


def tickets_at(store: SqliteStore, page: Sequence[str], at: int, version: int) -> Iterator[Ticket]:
    """Those of `page` that had been opened by `at`, in the order of their ids, texts as they came.

    Running clocks are under the policy `version`, results as they had been frozen by then (rule 24).
    """
    ids = json.dumps(list(page))
    with store.reading():
        ended_under = dict(store.ask(_ENDED_UNDER, {"ids": ids, "version": version}))
        histories = _histories(store, {"ids": ids, "at": at})
        results = _results(store, {"ids": ids, "at": at})
    for ticket, events in histories.items():
        yield _folded(store, ticket, events, results.get(ticket, {}), at, ended_under, version)


def _folded(
    store: SqliteStore, ticket: str, events: list[Event], results: dict[Key, list[Result]], at: int,
    ended_under: dict[str, int], version: int,
) -> Ticket:  # fmt: skip
    under = {version: folded(ticket, events, store.policy_of(version), version)}

    def by(number: int) -> Folded:
        if number not in under:
            under[number] = folded(ticket, events, store.policy_of(number), number)
        return under[number]

    found = under[version]
    if ticket in ended_under and found.fold.standing.ended_at is not None:
        found = by(ended_under[ticket])
    kept = {key: clock for key, rows in results.items() if (clock := _result(key, rows, found, by)) is not None}
    clocks = [clock for clock in found.clocks if (clock.bucket, clock.cycle) not in kept]
    clocks = sorted([*clocks, *kept.values()], key=lambda clock: (_BUCKETS.index(clock.bucket), clock.cycle))
    made = ticket_from(found.fold, tuple(clocks), at, raw)
    return made if found.is_promised else replace(made, no_sla=made.no_sla and NO_TIME_LEFT)


def _result(key: Key, rows: list[Result], found: Folded, by: Callable[[int], Folded]) -> Clock | None:
    """The last result of a clock that the events so far bear out: what an undo takes back later stood until then."""
    for row in reversed(rows):
        if row["withdrawn"] and row["why"] == "rejudged":
            return None  # whatever happened: the policy promises nothing there any more
        if row["withdrawn"]:
            continue
        if _stops(found, key, row) or _stops(by(row["policy_version"]), key, row):
            return outcome_clock(row)
    return None


def _stops(found: Folded, key: Key, row: Result) -> bool:
    stop = found.fold.standing.done.get(key)
    return stop is not None and stop.stopped_at == row["stopped_at"]


def _histories(store: SqliteStore, bound: Mapping[str, object]) -> dict[str, list[Event]]:
    """Each ticket with its events up to the moment."""
    found: dict[str, list[Event]] = {}
    for row in store.ask(_EVENTS, bound):
        if (event := _readable(row)) is not None:
            found.setdefault(row["ticket_id"], []).append(event)
    return found


def _results(store: SqliteStore, bound: Mapping[str, object]) -> dict[str, dict[Key, list[Result]]]:
    """The results of each ticket's clocks that had stopped by the moment, oldest revision first."""
    found: dict[str, dict[Key, list[Result]]] = {}
    for row in store.ask(_RESULTS, bound):
        key = Bucket(row["bucket"]), row["cycle"]
        found.setdefault(row["ticket_id"], {}).setdefault(key, []).append(row)
    return found


def _readable(row: Row) -> Event | None:
    try:
        return event_of(row)
    except (ValueError, TypeError):
        return None


def ticket_from(fold: Replay, clocks: tuple[Clock, ...], at: int, text: Text) -> Ticket:
    """The ticket that `fold` has come to, with `clocks`, as seen at `at`; `text` makes its strings safe."""
    now = fold.standing
    counted = place(now.stage, now.rung, clocks)
    made = Ticket(
        id=text(now.id), title=text(now.title), customer=text(now.customer), priority=text(now.priority),
        status=text(now.status), stage=now.stage, owner=None if now.owner is None else text(now.owner),
        policy=fold.policy_name(), opened_at=now.opened_at, bucket=None if counted is None else counted.bucket,
        no_sla=fold.no_sla(counted), url=text(now.url), board=text(now.board), type=text(now.type),
        owned_at=now.owned_at, changed_at=now.changed_at, clocks=clocks,
    )  # fmt: skip
    return replace(made, worse=is_worse(made, at))


def cleaned(ticket: Ticket) -> Ticket:
    """`ticket` with its texts made safe for a terminal."""
    texts = {name: clean(getattr(ticket, name)) for name in _TEXTS}
    return replace(ticket, **texts, owner=None if ticket.owner is None else clean(ticket.owner))


_TEXTS = ("id", "title", "customer", "priority", "status", "board", "type", "url")
_BUCKETS = list(Bucket)
