"""When a team is open: opening hours compiled into sorted edges, one era of about four years at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

Span = tuple[int, int]
"""Opening and closing second, half-open. In opening hours both count from the local midnight of the opening date."""

Spans = tuple[Span, ...]

DAY = 86_400
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()

FIRST = -62_135_596_800
LAST = 253_402_300_799
"""The epoch seconds of 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z: nothing is open before or after."""

ERA = 131_487_300
"""Seconds in an era; an instant's era is `t // ERA`. These 4.17 years are 1/96 of the 400 after which the Gregorian
calendar repeats itself, weekdays too, and long enough for most tickets to live in one era."""
ERAS_IN_CYCLE = 96
FIRST_ERA = FIRST // ERA
LAST_ERA = LAST // ERA
FAR_ERA = 7_258_118_400 // ERA
"""The year 2200: zones change by rule alone (tzdata 2026 lists single changes up to 2087), and python-holidays knows
no holidays any more (it ends in 2100)."""

PROBE = 3 * DAY

KEPT_ERAS = 16
"""Compiled eras a calendar keeps: an era of office hours takes about 200 KB."""


class Era(NamedTuple):
    """The open spans of one era, laid out so that one bisect says how much open time has passed.

    With `i = bisect(edges, t)`, `t` is open iff `i` is odd, and the open seconds from the era's start to `t` are
    `used[i] + t` when open, `used[i]` when closed.
    """

    edges: list[int]
    """open0, close0, open1, close1, ... in epoch seconds; spans neither touch nor overlap."""
    used: list[int]
    """One entry more than `edges`."""
    ends: list[int]
    """Open seconds from the era's start to the close of each span."""
    total: int
    """Open seconds of the whole era."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The meaning of a calendar's dict in normal form; days are numbered from 1970-01-01, as integers.

    An instant is open iff its local wall time lies in a span of its own date, or of the date before that runs past
    midnight (`close > DAY`), and its date is no holiday.
    """

    timezone: str
    week: tuple[Spans, ...]
    """Monday first. The spans of one day are sorted and neither touch nor overlap."""
    dates: tuple[tuple[int, Spans], ...] = ()
    """Day and the spans that replace its weekly ones, sorted by day."""
    closed: frozenset[int] = frozenset()
    """Holidays by day."""
    holidays_in: str | None = None
    """A country or region of python-holidays ("DE", "DE-BE"), whose public holidays are closed too."""

    @property
    def is_always(self) -> bool:
        """True when no instant is ever closed."""
        return not (self.dates or self.closed or self.holidays_in) and self._week_is_full()

    @property
    def last_special_era(self) -> int:
        """After this era every week is like the other; FIRST_ERA at least."""
        days = (*self.closed, *(day for day, _ in self.dates))
        return max((FAR_ERA if self.holidays_in else FIRST_ERA, *map(_last_era_of, days)))

    @property
    def last_opening_era(self) -> int:
        """No span opens after this era."""
        return LAST_ERA if any(self.week) else self.last_special_era

    @property
    def last_closing_era(self) -> int:
        """No span closes after this era."""
        return self.last_special_era if self._week_is_full() else LAST_ERA

    def ever_opens(self) -> bool:
        """Return whether there is any open time at all, in any year."""
        if any(self.week):
            return True  # neither holidays nor clock changes take every week of 10,000 years
        days = [day for day, spans in self.dates if spans and day not in self.closed]
        eras = {day * DAY // ERA for near in days for day in (near - 2, near + 3)}
        return any(self.compile(number).total for number in sorted(eras))

    def compile(self, number: int) -> Era:
        """Return the open spans of era `number`, cut at its ends; an era outside of years 1 to 9999 has none."""
        start = max(number * ERA, FIRST)
        end = min((number + 1) * ERA, LAST)
        if start >= end:
            return _index([])
        return _index([start, end] if self.is_always else self._edges(start, end))

    def _edges(self, start: int, end: int) -> list[int]:
        """Cut the wall-clock spans to each piece of constant UTC offset.

        That alone gives real time over clock changes: no piece holds a skipped hour, two pieces hold a repeated one.
        """
        edges: list[int] = []
        closed = self._closed_days(start // DAY - 2, end // DAY + 2)
        for begin, until, offset in utc_offsets(self.timezone, start, end):
            first = (begin + offset) // DAY - 1  # the date before may spill in
            last = (until - 1 + offset) // DAY
            for opens, closes in self._local_spans(first, last, closed):
                lo, hi = opens - offset, closes - offset
                if lo < begin:  # not max() and min(): they would take half of the time to compile
                    lo = begin
                if hi > until:
                    hi = until
                if lo >= hi:
                    continue
                if edges and lo <= edges[-1]:
                    edges[-1] = max(edges[-1], hi)
                else:
                    edges += lo, hi
        return edges

    def _closed_days(self, first: int, last: int) -> frozenset[int]:
        """Return all holidays; those of `holidays_in` from the day `first` to `last` at least."""
        if self.holidays_in is None:
            return self.closed
        return self.closed | public_holidays(self.holidays_in, _year(first), _year(last))

    def _local_spans(self, first: int, last: int, closed: frozenset[int]) -> Iterator[Span]:
        """Yield the spans that open on the days `first` to `last`, in local seconds from 1970-01-01T00:00."""
        dates = dict(self.dates)
        for day in range(first, last + 1):
            if day in closed:
                continue
            midnight = day * DAY
            for opens, closes in dates.get(day, self.week[(day + 3) % 7]):  # 1970-01-01 was a Thursday
                if closes > DAY and day + 1 in closed:
                    closes = DAY
                yield midnight + opens, midnight + closes

    def special_days(self, first: int, last: int) -> list[tuple[int, Spans, str]]:
        """Days from `first` to `last` with other hours than their weekday's, what these are, and why."""
        found = {day: (spans, "other hours") for day, spans in self.dates}
        public = frozenset() if self.holidays_in is None else self._closed_days(first, last) - self.closed
        found |= dict.fromkeys(public, ((), f"public holiday, {self.holidays_in}"))
        found |= dict.fromkeys(self.closed, ((), "holiday"))
        days = sorted(day for day in found if first <= day <= last)
        return [(day, *found[day]) for day in days if found[day][0] != self._usual(day) or self._spills_into(day)]

    def _usual(self, day: int) -> Spans:
        return self.week[(day + 3) % 7]  # 1970-01-01 was a Thursday

    def _spills_into(self, day: int) -> bool:
        """Whether the night before runs on into a day."""
        return any(closes > DAY for _, closes in dict(self.dates).get(day - 1, self._usual(day - 1)))

    def _week_is_full(self) -> bool:
        reach = max((closes for _, closes in self.week[-1]), default=0) - DAY
        for spans in self.week:
            for opens, closes in spans:
                if opens > reach:
                    return False
                reach = max(reach, closes)
            if reach < DAY:
                return False
            reach -= DAY
        return True


class Eras(dict[int, Era]):
    """The compiled eras of some opening hours by number; each is compiled when it is first asked for.

    Threads may share it: at worst two of them compile the same era.
    """

    def __init__(self, opening: OpeningHours) -> None:
        super().__init__()
        self._opening = opening
        self._totals: dict[int, int] = {}
        self._repeats_after = max(FAR_ERA, opening.last_special_era)

    def __missing__(self, number: int) -> Era:
        era = self._opening.compile(number)
        if len(self) >= KEPT_ERAS:
            self.clear()  # one step, so that no other thread sees half of it
        self[number] = era
        return era

    def total(self, number: int) -> int:
        """Return the open seconds of one era. All are kept: they are few, far eras repeat those of a cycle before."""
        if self._repeats_after < number < LAST_ERA:  # the last one is cut short
            number -= (number - self._repeats_after - 1) // ERAS_IN_CYCLE * ERAS_IN_CYCLE
        if number not in self._totals:
            self._totals[number] = self[number].total
        return self._totals[number]

    def between(self, first: int, end: int) -> int:
        """Return the open seconds of the eras `first` to `end - 1`."""
        return sum(map(self.total, range(max(first, FIRST_ERA), min(end, LAST_ERA + 1))))


@lru_cache(maxsize=512)
def utc_offsets(timezone: str, start: int, end: int) -> tuple[tuple[int, int, int], ...]:
    """Return the pieces (from, until, UTC offset) of constant offset that make up [start, end), all in seconds.

    The zone is probed every three days: in tzdata 2026 no zone changes its offset twice within 6.9 days (the shortest
    is America/Recife in October 2000).
    """
    zone = ZoneInfo(timezone)
    epoch = datetime(1970, 1, 1, tzinfo=zone)

    def offset_at(t: int) -> int:
        inside = min(max(t, FIRST + DAY), LAST - DAY)  # where local time, too, stays in the years 1 to 9999
        offset = zone.fromutc(epoch + timedelta(0, inside)).utcoffset() or timedelta()
        return offset.days * DAY + offset.seconds

    def first_with(offset: int, instants: range) -> int:
        return instants.start + bisect_left(instants, True, key=lambda t: offset_at(t) == offset)

    pieces: list[tuple[int, int, int]] = []
    begin, offset = start, offset_at(start)
    for probe in (*range(start + PROBE, end, PROBE), end - 1):
        if (new := offset_at(probe)) != offset:
            change = first_with(new, range(max(probe - PROBE, begin), probe))
            pieces.append((begin, change, offset))
            begin, offset = change, new
    return (*pieces, (begin, end, offset))


def public_holidays(place: str, first_year: int, last_year: int) -> frozenset[int]:
    """Return the days of the public holidays of "DE" or "DE-BE", as numbers from 1970-01-01.

    python-holidays knows most countries up to the year 2100; later years have none. Raises NotImplementedError for a
    place it does not know.
    """
    from holidays import country_holidays  # 70 ms, and few calendars need it

    country, _, region = place.partition("-")
    found = country_holidays(country, subdiv=region or None, years=range(first_year, last_year + 1))
    return frozenset(day.toordinal() - EPOCH_ORDINAL for day in found)


def public_holiday_places() -> list[str]:
    """Return every place that `public_holidays` knows, such as "DE" and "DE-BE"."""
    from holidays import list_supported_countries

    countries = list_supported_countries(include_aliases=False)
    return [*countries, *(f"{country}-{region}" for country, regions in countries.items() for region in regions)]


def _index(edges: list[int]) -> Era:
    used, ends, total = [0], [], 0
    for opens, closes in zip(edges[::2], edges[1::2], strict=True):
        used.append(total - opens)
        total += closes - opens
        used.append(total)
        ends.append(total)
    return Era(edges, used, ends, total)


def _last_era_of(day: int) -> int:
    """Return the last era that the wall clock of a day can reach, its spill into the next day and offset included."""
    return (day + 3) * DAY // ERA


def _year(day: int) -> int:
    return date.fromordinal(min(max(day + EPOCH_ORDINAL, 1), date.max.toordinal())).year
