"""What the history screen asks of the store: the figures of the last weeks added up by SQLite, and what is behind one.

A quarter of an hour is the unit in which tickets are counted: every time zone of today begins its hours, days and weeks
on one, so that a million tickets come back as a few thousand rows and are put into place here.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from slaboard.board.instant import local
from slaboard.board.trends import (
    FLOWS,
    MOST_ITEMS,
    USUAL_WEEKS,
    WEEKS,
    Figures,
    Flow,
    Item,
    Items,
    Kept,
    Part,
    Person,
    Span,
    What,
)
from slaboard.reports.names import Names
from slaboard.reports.period import DAY_S, Period, midnight, pieces
from slaboard.reports.question import Question
from slaboard.store.reports import history
from slaboard.text import clean
from slaboard.ticket import Bucket, Zone

if TYPE_CHECKING:
    from slaboard.store.sqlite import SqliteStore

QUARTER_S = 900
_PROMISES = "('response', 'resplan', 'resolution', 'total_resolution')"
_STANDS = """o.withdrawn = 0 AND NOT EXISTS (SELECT 1 FROM outcomes l WHERE l.ticket_id = o.ticket_id
    AND l.bucket = o.bucket AND l.cycle = o.cycle AND l.revision > o.revision)"""
# When the first ticket was opened and the first result stopped.
FIRST = """
    SELECT (SELECT min(opened_at) FROM tickets WHERE typeof(opened_at) = 'integer'),
        (SELECT min(stopped_at) FROM outcomes INDEXED BY outcomes_stopped)"""
# Tickets by the quarter of an hour in which they were opened (or ended), each quarter parted where the present one is:
# a day up to this time of day is then whole parts.
TICKETS = """
    SELECT {column} / 900, {column} % 900 >= :cut, count(*) FROM tickets
    WHERE typeof({column}) = 'integer' AND {column} >= :since AND {column} < :until GROUP BY 1, 2"""
# Promises that fell due and were not kept, likewise; results that stopped before they fell due cannot be late.
LATE = f"""
    SELECT o.due_at / 900, o.due_at % 900 >= :cut, count(*) FROM outcomes o INDEXED BY outcomes_stopped
    WHERE o.stopped_at >= :since AND o.stopped_at < :until AND o.due_at >= :since AND o.met = 0
        AND o.bucket IN {_PROMISES} AND {_STANDS} GROUP BY 1, 2"""  # noqa: S608
# Clocks that turned red then and still run.
RED = f"""
    SELECT red_at / 900, red_at % 900 >= :cut, count(*) FROM clocks INDEXED BY clocks_red
    WHERE place = 1 AND place > 0 AND bucket IN {_PROMISES} AND red_at > :since AND red_at < :until
    GROUP BY 1, 2"""  # noqa: S608
# What each owner holds, and what became theirs and ended as theirs since a time.
PEOPLE = """
    SELECT owner, count(*) FILTER (WHERE ended_at IS NULL),
        count(*) FILTER (WHERE owned_at >= :since AND owned_at < :until),
        count(*) FILTER (WHERE ended_at >= :since AND ended_at < :until)
    FROM tickets WHERE owner IS NOT NULL AND (ended_at IS NULL OR ended_at >= :since OR owned_at >= :since)
    GROUP BY owner"""


def figures(store: SqliteStore, now: int, timezone: str) -> Figures:
    """All figures as of `now`, the days and weeks as `timezone` has them."""
    tz = local(now, timezone).tzinfo or UTC
    with store.reading():
        weeks = _weeks(store, now, tz)
        days = _days(store, now, tz)
        found, opened = _flows(store, days, weeks, now)
        return Figures(
            at=now, timezone=timezone, weeks=weeks, kept=_kept(store, weeks, now, tz), days=days, flows=found,
            hours=_hours(opened, weeks[-1].since, tz), people=_people(store, weeks[0]),
        )  # fmt: skip


def _first(store: SqliteStore) -> int | None:
    [instants] = store.ask(FIRST)
    return min((at for at in instants if at is not None), default=None)


def _weeks(store: SqliteStore, now: int, tz: tzinfo) -> tuple[Span, ...]:
    """The weeks from Monday to Monday, the newest first and cut off now; none before the first ticket."""
    first = _first(store)
    since = max(now - (WEEKS - 1) * 7 * DAY_S, now if first is None else first)
    edges = pieces("week", min(since, now), now, tz).edges
    whole = [Span(begin, min(end, now + 1)) for begin, end in pairwise(edges)]
    return tuple(reversed(whole))


def _days(store: SqliteStore, now: int, tz: tzinfo) -> tuple[Span, ...]:
    """Today until now, and the same weekday of the weeks before until the same time by the clock on the wall."""
    first = _first(store)
    moment = datetime.fromtimestamp(now, UTC).astimezone(tz)
    days = [Span(midnight(moment.date(), tz), now + 1)]
    for back in range(1, USUAL_WEEKS + 1):
        day = moment.date() - timedelta(weeks=back)
        until = int(datetime.combine(day, moment.time(), tz).timestamp()) + 1
        if first is not None and (since := midnight(day, tz)) >= first:
            days.append(Span(since, max(since, until)))
    return tuple(days)


def _kept(store: SqliteStore, weeks: Sequence[Span], now: int, tz: tzinfo) -> Mapping[tuple[int, Bucket], Kept]:
    """Results by week and promise, as `slaboard report --by week` has them."""
    labels = pieces("week", weeks[-1].since, now, tz).labels
    place = {label: len(weeks) - 1 - number for number, label in enumerate(labels)}
    asked = Question(by=("week",), period=Period(weeks[-1].since, now + 1), timezone=tz)
    groups = history.promises(store, asked, Names())
    return {(place[group.keys[0] or ""], group.bucket): Kept(group.n, group.met, group.saved) for group in groups}


# --- tickets by time ----------------------------------------------------------------------------------------------

Quarters = Mapping[int, int]
"""How many in each part of a quarter of an hour, by the second with which the part begins."""


def _flows(
    store: SqliteStore, days: Sequence[Span], weeks: Sequence[Span], now: int
) -> tuple[Mapping[What, Flow], Quarters]:
    """Today and the days beside it; and when the tickets of all weeks were opened."""
    bound = {"since": days[-1].since, "until": now + 1, "cut": (now + 1) % QUARTER_S}
    since = min(days[-1].since, weeks[-1].since)
    opened = _quarters(store, [TICKETS.format(column="opened_at")], {**bound, "since": since})
    quarters = {
        What.OPENED: opened,
        What.ENDED: _quarters(store, [TICKETS.format(column="ended_at")], bound),
        What.BREACHED: _quarters(store, [LATE, RED], bound),
    }
    return {what: _flow(quarters[what], days) for what in FLOWS}, opened


def _quarters(store: SqliteStore, asked: Sequence[str], bound: Mapping[str, int]) -> Quarters:
    found: Counter[int] = Counter()
    for sql in asked:
        for quarter, is_after, count in store.ask(sql, bound):
            found[quarter * QUARTER_S + (bound["cut"] if is_after else 0)] += count
    return found


def _flow(quarters: Quarters, days: Sequence[Span]) -> Flow:
    begins = [day.since for day in reversed(days)]
    counts = [0] * len(days)
    for at, count in quarters.items():
        place = bisect_right(begins, at) - 1
        if place >= 0 and at < days[len(days) - 1 - place].until:
            counts[len(days) - 1 - place] += count
    return Flow(counts[0], tuple(counts[1:]))


def _hours(opened: Quarters, since: int, tz: tzinfo) -> Mapping[tuple[int, int], int]:
    found: Counter[tuple[int, int]] = Counter()
    for at, count in opened.items():
        if at >= since:
            found[_slot(at, tz)] += count
    return dict(found)


def _slot(at: int, tz: tzinfo) -> tuple[int, int]:
    """Weekday and hour on the clock of `tz`."""
    moment = datetime.fromtimestamp(at, UTC).astimezone(tz)
    return moment.weekday(), moment.hour


# --- people -------------------------------------------------------------------------------------------------------


def _people(store: SqliteStore, week: Span) -> tuple[Person, ...]:
    """Everybody on the team, and whoever else has something; by name, for this is no ranking."""
    found = {engineer.name: Person(engineer.name) for engineer in store.team() if engineer.active}
    for owner, held, claimed, resolved in store.ask(PEOPLE, {"since": week.since, "until": week.until}):
        name = clean(owner) or "?"
        one = found.get(name, Person(name))
        found[name] = Person(
            name, one.held + held, one.claimed + claimed, one.resolved + resolved, (*one.owners, owner)
        )
    return tuple(sorted(found.values(), key=lambda person: (person.name.casefold(), person.name)))


# --- what is behind a figure --------------------------------------------------------------------------------------

# Results with what their tickets are called by now; those that were late first.
RESULTS = f"""
    SELECT o.ticket_id, o.stopped_at, t.title, o.customer, o.priority, o.owner, o.bucket, o.met, o.zone, o.elapsed_s,
        o.target_s, count(*) OVER ()
    FROM outcomes o INDEXED BY outcomes_stopped LEFT JOIN tickets t ON t.id = o.ticket_id
    WHERE {{among}} AND o.stopped_at < :until AND {_STANDS} ORDER BY o.met, o.stopped_at DESC, o.id LIMIT :most"""  # noqa: S608
JUDGED = "o.stopped_at >= :since AND o.bucket = :bucket"
SAVED = f"{JUDGED} AND o.met = 1 AND o.zone IN ('yellow', 'orange') AND o.owner IS NOT NULL"
MISSED = f"{JUDGED} AND o.met = 0"
LATE_TODAY = f"o.stopped_at >= :since AND o.met = 0 AND o.due_at >= :since AND o.bucket IN {_PROMISES}"
# Clocks that turned red then and still run, the last one first.
STILL_RED = f"""
    SELECT c.ticket_id, c.red_at, t.title, t.customer, c.priority, c.owner, c.bucket, NULL, 'red', 0, c.target_s,
        count(*) OVER ()
    FROM clocks c INDEXED BY clocks_red LEFT JOIN tickets t ON t.id = c.ticket_id
    WHERE c.place = 1 AND c.place > 0 AND c.bucket IN {_PROMISES} AND c.red_at > :since AND c.red_at < :until
    ORDER BY c.red_at DESC LIMIT :most"""  # noqa: S608
# Tickets by one of their times, the last one first.
SOME = """
    SELECT id, {column}, title, customer, priority, owner, NULL, NULL, NULL, 0, 0, count(*) OVER () FROM tickets
    WHERE typeof({column}) = 'integer' AND {among} ORDER BY {column} DESC, id LIMIT :most"""
_IN_SPAN = "{column} >= :since AND {column} < :until"
_THEIRS = "owner IN (SELECT value FROM json_each(:owners))"
_IN_HOUR = "opened_at >= :since AND opened_at < :until AND opened_at / 900 IN (SELECT value FROM json_each(:quarters))"


def behind(store: SqliteStore, part: Part, timezone: str, most: int = MOST_ITEMS) -> Items:
    """The tickets that a figure counts, at most `most` of them."""
    bound: dict[str, object] = {"since": part.span.since, "until": part.span.until, "most": most, "bucket": part.bucket}
    with store.reading():
        found: list[Any] = []
        total = 0
        for sql in _asked(part, timezone, bound):
            rows = store.ask(sql, bound)
            total += rows[0][-1] if rows else 0
            found += rows
    return Items(part, tuple(_item(row) for row in found[:most]), total)


def _asked(part: Part, timezone: str, bound: dict[str, object]) -> Iterator[str]:
    """The statements that bring what `part` counts; what they need is put into `bound`."""
    judged = {What.JUDGED: JUDGED, What.SAVED: SAVED, What.MISSED: MISSED}
    if part.what in judged:
        yield RESULTS.format(among=judged[part.what])
    elif part.what is What.BREACHED:
        yield STILL_RED
        yield RESULTS.format(among=LATE_TODAY)
    elif part.person is not None:
        bound["owners"] = json.dumps(part.person.owners)
        column, among = _WORKS[part.what]
        yield SOME.format(column=column, among=f"{_THEIRS} AND {among.format(column=column)}")
    elif part.slot is not None:
        bound["quarters"] = json.dumps(list(_quarters_of(part, local(part.span.since, timezone).tzinfo or UTC)))
        yield SOME.format(column="opened_at", among=_IN_HOUR)
    else:
        column = "opened_at" if part.what is What.OPENED else "ended_at"
        yield SOME.format(column=column, among=_IN_SPAN.format(column=column))


_WORKS = {
    What.HELD: ("opened_at", "ended_at IS NULL"),
    What.CLAIMED: ("owned_at", _IN_SPAN),
    What.RESOLVED: ("ended_at", _IN_SPAN),
}


def _quarters_of(part: Part, tz: tzinfo) -> Iterator[int]:
    """Every quarter of an hour in the span that is in the part's hour of the week."""
    for quarter in range(part.span.since // QUARTER_S, (part.span.until - 1) // QUARTER_S + 1):
        if _slot(quarter * QUARTER_S, tz) == part.slot:
            yield quarter


def _item(row: Any) -> Item:
    ticket, at, title, customer, priority, owner, bucket, met, zone, used_s, target_s, _ = row
    return Item(
        clean(ticket), at, clean(title or ""), clean(customer or ""), clean(priority or ""),
        clean(owner) if owner else None, Bucket(bucket) if bucket else None, None if met is None else bool(met),
        Zone(zone) if zone else None, used_s or 0, target_s or 0,
    )  # fmt: skip
