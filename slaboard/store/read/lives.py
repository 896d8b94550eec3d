"""Whole histories of tickets, read page by page: nobody holds more of the past than one page, and no reader is long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slaboard.reports.period import Period
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Event

PAGE = 500
_FIRST, _LAST = -(1 << 62), 1 << 62

# The next tickets to which something happened in a period; the index has it all.
_NEXT = """
    SELECT DISTINCT ticket_id FROM events INDEXED BY events_ticket
    WHERE ticket_id > :last AND at >= :since AND at < :until ORDER BY ticket_id LIMIT :limit"""
_HOW_MANY = """
    SELECT count(DISTINCT ticket_id) FROM events INDEXED BY events_ticket WHERE at >= :since AND at < :until"""
# Finished results of a period by promise, each as its last revision has it.
_JUDGED = """
    SELECT bucket, count(*), sum(met) FROM outcomes o
    WHERE withdrawn = 0 AND stopped_at >= :since AND stopped_at < :until AND NOT EXISTS (
        SELECT 1 FROM outcomes r WHERE r.ticket_id = o.ticket_id AND r.bucket = o.bucket AND r.cycle = o.cycle
        AND r.revision > o.revision)
    GROUP BY bucket"""


def touched(store: SqliteStore, period: Period) -> int:
    """To how many tickets something happened in `period`."""
    return int(store.ask(_HOW_MANY, _bounds(period))[0][0])


def lives(store: SqliteStore, period: Period) -> Iterator[Mapping[str, tuple[Event, ...]]]:
    """The whole histories of those tickets, a page at a time, by id."""
    last = ""
    while page := [row[0] for row in store.ask(_NEXT, {**_bounds(period), "last": last, "limit": PAGE})]:
        last = page[-1]
        yield store.histories(page)


def judged(store: SqliteStore, period: Period) -> dict[str, tuple[int, int]]:
    """By promise how many results of `period` there are, and how many were met: as they were judged, frozen."""
    return {bucket: (n, met) for bucket, n, met in store.ask(_JUDGED, _bounds(period))}


def _bounds(period: Period) -> dict[str, object]:
    since, until = period.since, period.until
    return {"since": _FIRST if since is None else since, "until": _LAST if until is None else until}
