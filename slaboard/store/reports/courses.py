"""Every ticket's course, streamed: its events ticket by ticket, without the texts that nobody counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from slaboard.reports.course import KINDS, Course, course
from slaboard.reports.names import Names
from slaboard.reports.question import Question
from slaboard.store.disk.driver import Row
from slaboard.store.reports.history import COLUMNS
from slaboard.ticket import ActorKind, Direction, Event, Kind, Stage

if TYPE_CHECKING:
    from slaboard.store.sqlite import SqliteStore

# When the first ticket was opened, and when the last event of any happened.
SPAN = "SELECT min(opened_at), max(changed_at) FROM tickets WHERE typeof(opened_at) = 'integer'"
PAGE = 2_000
"""Tickets read at once: no read transaction lasts for long, so the log of a busy store stays short."""
# The last ticket of the next page.
LAST = """
    SELECT max(id) FROM (SELECT t.id FROM tickets t WHERE t.id > :after{only} ORDER BY t.id LIMIT :page)"""
# A page of tickets, each with its events up to a time, in the order of their keys.
COURSES = """
    SELECT t.id, t.customer, t.priority, t.owner, t.policy, t.board, t.policy_version, e.seq, e.at, e.order_in_instant,
        e.kind, e.actor, e.actor_kind, e.id, e.caused_by, e.status, e.stage, e.owner, e.direction, e.channel,
        e.csat, e.nps
    FROM tickets t CROSS JOIN events e INDEXED BY events_ticket ON e.ticket_id = t.id AND e.at < :until
    WHERE t.id > :after AND t.id <= :last AND e.kind IN (SELECT value FROM json_each(:kinds)){only}
    ORDER BY t.id"""
_HOW_MANY = "SELECT count(*) FROM tickets t WHERE 1"
# What had ended before a period and was left alone since has nothing in it.
_SINCE = " AND (t.ended_at IS NULL OR t.changed_at >= :since)"
_FACTS = {"customer": 1, "priority": 2, "engineer": 3, "policy": 4, "board": 5}
_VERSION, _EVENT = 6, 7


def how_many(store: SqliteStore, asked: Question) -> int:
    """How many tickets `courses` looks at."""
    bound: dict[str, object] = {}
    return int(store.ask(f"{_HOW_MANY}{_only(asked, bound)}", bound)[0][0])


def courses(
    store: SqliteStore, asked: Question, names: Names, until: int, on_tickets: Callable[[int], None] | None = None
) -> Iterator[Course]:
    """The course of each ticket that `asked` is about, by what happened before `until`.

    A status word means what the policy said under which the ticket stands. Its bucket is not asked for: a ticket has
    all of them; nor its engineer, for a claim may be another's than whose the ticket is now. `on_tickets` hears how
    many are done.
    """
    bound: dict[str, object] = {"until": until, "kinds": json.dumps(KINDS)}
    only, after, done = _only(asked, bound), "", 0
    while True:
        [(last,)] = store.ask(LAST.format(only=only), {**bound, "after": after, "page": PAGE})
        if last is None:
            return
        rows = store.ask(COURSES.format(only=only), {**bound, "after": after, "last": last})
        for _, some in groupby(rows, key=itemgetter(0)):
            first, *rest = some
            facts = {fact: names.shown(fact, first[place]) for fact, place in _FACTS.items()}
            events = [event for event in map(_event, (first, *rest)) if event is not None]
            yield course(facts, events, store.policy_of(first[_VERSION]))
            done += 1
        after = last
        if on_tickets is not None:
            on_tickets(done)


def _only(asked: Question, bound: dict[str, object]) -> str:
    """Which tickets `t` are asked for; `bound` gets the values."""
    only = ""
    if asked.period.since is not None:
        bound["since"], only = asked.period.since, _SINCE
    for fact, values in asked.only.items():
        if fact in _FACTS and fact != "engineer":
            bound[f"only_{fact}"] = json.dumps(values)
            only += f" AND t.{COLUMNS[fact]} IN (SELECT value FROM json_each(:only_{fact}))"
    return only


def _event(row: Row) -> Event | None:
    """The event of a row; None for one that makes no sense."""
    seq, at, order, kind, actor, actor_kind, id_, caused_by, status, stage, owner, direction, channel, csat, nps = (
        tuple(row)[_EVENT:]
    )  # fmt: skip
    if not isinstance(at, int):
        return None
    try:
        return Event(
            ticket=row[0], at=at, kind=_KIND[kind], order=order, seq=seq, actor=actor, actor_kind=_ACTOR[actor_kind],
            id=id_, caused_by=caused_by, status=status, stage=_STAGE[stage], owner=owner,
            direction=_DIRECTION[direction], channel=channel, csat=csat, nps=nps,
        )  # fmt: skip
    except KeyError:
        return None


_KIND: Mapping[str, Kind] = {kind.value: kind for kind in Kind}
_ACTOR: Mapping[str, ActorKind] = {kind.value: kind for kind in ActorKind}
_STAGE: Mapping[str | None, Stage | None] = {None: None, "": None, **{stage.value: stage for stage in Stage}}
_DIRECTION: Mapping[str | None, Direction | None] = {None: None, "": None, **{one.value: one for one in Direction}}


def span(store: SqliteStore) -> tuple[int | None, int | None]:
    """When the first ticket was opened and when something last happened to any; None where there is none."""
    [(first, last)] = store.ask(SPAN)
    return first, last
