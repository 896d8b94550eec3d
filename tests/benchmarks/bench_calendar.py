"""The calendar against businesstimedelta, and its inner doors against one bisect of a list as long."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import businesstimedelta
import pytz

from slaboard.sla.calendar import BusinessCalendar
from tests.benchmarks.measure import Figure, quickest

ZONE = "Europe/Berlin"
HOLIDAYS = ("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25")
CALENDAR = {
    "timezone": ZONE,
    "hours": {day: [["09:00", "12:30"], ["13:30", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": list(HOLIDAYS),
}
TARGETS_S = (15 * 60, 3600, 4 * 3600, 8 * 3600, 16 * 3600, 40 * 3600, 80 * 3600)
"""What policies promise: 15 minutes to 80 hours of the calendar."""


def _peer() -> businesstimedelta.Rules:
    """The same hours in businesstimedelta: two shifts, lunch between them."""
    days = [0, 1, 2, 3, 4]
    zone = pytz.timezone(ZONE)
    shifts = [
        businesstimedelta.WorkDayRule(start_time=begin, end_time=end, working_days=days, tz=zone)
        for begin, end in ((time(9), time(12, 30)), (time(13, 30), time(17)))
    ]
    closed = {datetime.fromisoformat(day).date(): "closed" for day in HOLIDAYS}
    return businesstimedelta.Rules([*shifts, businesstimedelta.HolidayRule(closed, tz=zone)])


def figures() -> Iterator[Figure]:
    """`due` and `elapsed` as others call them, on starts of a year and targets of real policies."""
    dice = random.Random(7)
    calendar, peer = BusinessCalendar.from_dict(CALENDAR), _peer()
    year = datetime(2026, 1, 5, tzinfo=UTC)
    starts = [year + timedelta(seconds=dice.randrange(300 * 86_400)) for _ in range(40)]
    cases = [(start, TARGETS_S[i % len(TARGETS_S)]) for i, start in enumerate(starts)]
    spans = [(start, calendar.due(start, seconds)) for start, seconds in cases]

    def due() -> None:
        for start, seconds in cases:
            calendar.due(start, seconds)

    def peer_due() -> None:
        for start, seconds in cases:
            start + businesstimedelta.BusinessTimeDelta(peer, seconds=seconds)

    def elapsed() -> None:
        for a, b in spans:
            calendar.elapsed(a, b)

    def peer_elapsed() -> None:
        for a, b in spans:
            peer.difference(a, b)

    ours, theirs = quickest(due, peer_due, rounds=15)
    yield Figure(
        "calendar.due", "businesstimedelta's time over ours, targets of 15 min to 80 h", theirs / ours, ">= 100"
    )
    ours, theirs = quickest(elapsed, peer_elapsed, rounds=15)
    yield Figure("calendar.elapsed", "businesstimedelta's time over ours, the same spans", theirs / ours, ">= 100")

    seconds = [(int(start.timestamp()), target) for start, target in cases]
    ranges = [(a, calendar.due_s(a, n)) for a, n in seconds]
    edges = sorted(edge for span in calendar.spans_s(seconds[0][0], seconds[0][0] + 4 * 31_557_600) for edge in span)

    def due_s() -> None:
        call = calendar.due_s
        for a, n in seconds:
            call(a, n)

    def elapsed_s() -> None:
        call = calendar.elapsed_s
        for a, b in ranges:
            call(a, b)

    def bisects() -> None:
        call = bisect_right
        for a, _ in seconds:
            call(edges, a)

    ours, theirs = quickest(due_s, bisects, rounds=300)
    yield Figure("calendar.due_s", f"one inner due over one bisect of {len(edges):,} edges", ours / theirs, "<= 8")
    ours, theirs = quickest(elapsed_s, bisects, rounds=300)
    yield Figure("calendar.elapsed_s", "one inner elapsed over the same bisect", ours / theirs, "<= 8")
