"""What a review asks of the store: results, tickets and breaches of one customer, in this time and those before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from slaboard.reports.breach import Breach
from slaboard.reports.cut import Cut, cut
from slaboard.reports.flow import Flow
from slaboard.reports.hours import hours_text
from slaboard.reports.names import Names
from slaboard.reports.period import Period, Pieces, pieces
from slaboard.reports.promised import Promise
from slaboard.reports.promises import Group
from slaboard.reports.question import Question
from slaboard.reports.review import WHEN, Review
from slaboard.reports.sheet import Sheet
from slaboard.reports.stretch import Stretch, stretches, unit_within
from slaboard.reports.tickets import sheets as sheets_of_tickets
from slaboard.reports.trend import Trend, overall, trend
from slaboard.sla.autopsy import autopsy
from slaboard.sla.policy import TARGETS
from slaboard.store.reports import history
from slaboard.store.reports.courses import courses, span
from slaboard.store.reports.footnotes import footnotes
from slaboard.store.rows import outcome_clock
from slaboard.text import clean
from slaboard.ticket import Bucket

if TYPE_CHECKING:
    from slaboard.store.sqlite import SqliteStore

TAKEN_APART = 1_000
"""So many breaches are taken apart, those late by most: that takes a second or two."""
_PAGE = 200

# The targets that results were judged by, with the times of those results.
APPLIED = """
    SELECT o.policy, o.calendar, o.bucket, o.target_s, o.policy_version, json_group_array(DISTINCT o.priority),
        sum(o.met), '[' || group_concat(o.elapsed_s) || ']'
    FROM outcomes o WHERE {among} GROUP BY 1, 2, 3, 4, 5 ORDER BY o.policy_version, o.policy"""
# Missed results, those that were late by most first.
LATE = """
    SELECT o.* FROM outcomes o WHERE {among} AND o.met = 0
    ORDER BY o.elapsed_s - o.target_s DESC, o.ticket_id, o.bucket, o.cycle LIMIT :most"""
_TITLES = "SELECT id, title FROM tickets WHERE id IN (SELECT value FROM json_each(:ids))"


def review(store: SqliteStore, asked: Question, names: Names, now: int) -> Review:
    """All that a review tells of what `asked` is about; its period is the time of the review."""
    known = [at for at in (store.ask(history.SPAN)[0][0], span(store)[0]) if at is not None]
    every = stretches(asked.period, min(known, default=now), now, asked.timezone)
    last = every[-1]
    whole = Period(every[0].since, last.until)
    unit = unit_within(last, asked.timezone)
    here = replace(asked, period=last.period)
    labels = pieces(unit, last.since, max(last.since, min(last.until - 1, now)), asked.timezone).labels
    by_priority = [
        list(history.promises(store, replace(asked, by=("priority",), period=one.period), names)) for one in every
    ]
    begin = min(known, default=last.since)
    over_time = cut(replace(asked, by=(unit,), period=whole), begin, min(now, last.until - 1))
    tickets, surveys, flows = _tickets(store, replace(asked, period=whole), names, now, every, over_time)
    return Review(
        every, list(_promises(store, here, last, names)), by_priority,
        _trend(store, over_time, names, flows, by_priority[-1]),
        list(history.promises(store, replace(here, by=(unit,)), names)), labels, unit, tickets, surveys,
        list(_breaches(store, here, now)), footnotes(store, here, now),
    )  # fmt: skip


def _trend(
    store: SqliteStore, over_time: Cut, names: Names, flows: dict[str, Flow], last: Sequence[Group]
) -> Trend | None:
    if over_time.parts is None:
        return None
    results = history.promises(store, over_time.asked, names)
    found = trend(over_time.parts.unit, over_time.parts.labels, results, flows)
    return replace(found, overall=overall(last))


def _tickets(
    store: SqliteStore, asked: Question, names: Names, now: int, every: Sequence[Stretch], over_time: Cut
) -> tuple[Sheet, Sheet, dict[str, Flow]]:
    """Tickets in and out and surveys by stretch, and the flow by piece, in one pass."""
    until = min(every[-1].until, now + 1)
    edges = (*(one.since for one in every), every[-1].until)
    parts = Pieces(WHEN, edges, tuple(one.label for one in every))
    groups = Cut(replace(asked, by=(WHEN,)), until, (WHEN,), tuple(min(one.until, until) for one in every), parts)
    counted = courses(store, asked, names, until)
    found, by_piece = sheets_of_tickets(counted, groups, names, ("tickets", "surveys"), over_time)
    surveys = found["surveys"]
    if not any(row["answered"] for row in surveys.rows):
        surveys = replace(surveys, rows=())
    return found["tickets"], surveys, {keys[0] or "": flow for keys, flow in by_piece.items()}


def _promises(store: SqliteStore, asked: Question, last: Stretch, names: Names) -> Iterator[Promise]:
    """Each target by which a result of the time was judged, in the order of policies and buckets."""
    bound: dict[str, object] = {}
    found: dict[tuple[str, str, Bucket, int], Promise] = {}
    sql = APPLIED.format(among=history.among(store, asked, bound))
    for policy, calendar, word, target_s, version, priorities, met, times in store.ask(sql, bound):
        bucket = Bucket(word)
        if bucket not in TARGETS:
            continue
        policies = store.policy_of(version)
        name = clean(policy).strip()
        hours = hours_text(policies.calendars[calendar], last.since, last.until)
        pauses = any(one.response_pauses for one in policies.policies if one.name == policy)
        one = found.setdefault(
            (name, hours, bucket, target_s), Promise(name, hours, bucket, target_s, version, pauses)
        )  # fmt: skip
        one.priorities |= {shown for p in json.loads(priorities) if (shown := names.shown("priority", p))}
        one.met += met
        one.times += msgspec.json.decode(times, type=list[int])
    return iter(sorted(found.values(), key=lambda one: (one.policy, one.hours, TARGETS.index(one.bucket), one.version)))


def _breaches(store: SqliteStore, asked: Question, now: int) -> Iterator[Breach]:
    bound: dict[str, object] = {"most": TAKEN_APART}
    rows = store.ask(LATE.format(among=history.among(store, asked, bound)), bound)
    for first in range(0, len(rows), _PAGE):
        page = rows[first : first + _PAGE]
        ids = list({row["ticket_id"] for row in page})
        titles = dict(store.ask(_TITLES, {"ids": json.dumps(ids)}))
        histories = store.histories(ids)
        for row in page:
            clock, ticket = outcome_clock(row), row["ticket_id"]
            policies = store.policy_of(clock.policy_version)
            found = autopsy(ticket, clock, policies.calendars[clock.calendar], histories.get(ticket, ()), policies, now)
            day = f"{datetime.fromtimestamp(found.end, UTC).astimezone(asked.timezone):%Y-%m-%d}"
            yield Breach(ticket, str(titles.get(ticket) or ""), row["priority"], found, day, policies.statuses)
