"""The time that a review is of, and those before it that it is compared with, all of one length and in a row."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from msgspec import Struct

from slaboard.reports.period import UNITS, Period, midnight, period, pieces
from slaboard.reports.trend import unit_for

BEFORE = 3
"""So many are looked back at: with a quarter's review a year is seen."""
_WITHIN = {"year": "month", "quarter": "month", "month": "week", "week": "day"}


class Stretch(Struct, frozen=True):
    """From `since` (included) to `until` (left out), epoch seconds."""

    label: str
    since: int
    until: int

    @property
    def period(self) -> Period:
        """The same for a question."""
        return Period(self.since, self.until)


def stretches(asked: Period, first: int, now: int, tz: tzinfo) -> tuple[Stretch, ...]:
    """What is asked for, as the last, behind those before it that do not end before `first`, the oldest first."""
    until = now if asked.until is None else asked.until
    since = min(first, until - 1) if asked.since is None else min(asked.since, until - 1)
    unit = whole(since, until, tz)
    found = [_stretch(since, until, unit, tz)]
    while len(found) <= BEFORE and found[-1].since > first:
        end = found[-1].since
        found.append(_stretch(_before(end, since, until, unit, tz), end, unit, tz))
    return tuple(reversed(found))


def _before(end: int, since: int, until: int, unit: str | None, tz: tzinfo) -> int:
    """Where as long a time begins as from `since` to `until` that ends at `end`: whole days stay whole."""
    if unit is not None:
        begin = period(unit, end, tz).since
        assert begin is not None
        return begin
    first, last, day = (datetime.fromtimestamp(at, UTC).astimezone(tz).date() for at in (since, until, end))
    if (midnight(first, tz), midnight(last, tz)) == (since, until):
        return midnight(day - (last - first), tz)
    return end - (until - since)


def whole(since: int, until: int, tz: tzinfo) -> str | None:
    """The unit that these are the edges of one of."""
    return next((unit for unit in reversed(UNITS) if pieces(unit, since, since, tz).edges == (since, until)), None)


def unit_within(stretch: Stretch, tz: tzinfo) -> str:
    """The unit in which one looks into a stretch: a quarter's months, a month's weeks."""
    unit = whole(stretch.since, stretch.until, tz)
    return _WITHIN.get(unit, "day") if unit is not None else unit_for(stretch.until - stretch.since)


def _stretch(since: int, until: int, unit: str | None, tz: tzinfo) -> Stretch:
    if unit is not None:
        return Stretch(pieces(unit, since, since, tz).labels[0], since, until)
    first, last = (f"{datetime.fromtimestamp(at, UTC).astimezone(tz):%Y-%m-%d}" for at in (since, until - 1))
    return Stretch(first if first == last else f"{first} to {last}", since, until)
