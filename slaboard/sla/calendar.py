"""BusinessCalendar: how much time a team worked between two instants, and when a given time is used up."""

from __future__ import annotations

import re
from bisect import bisect, bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import Self
from zoneinfo import ZoneInfo, available_timezones

from slaboard.errors import UsageError
from slaboard.sla.spans import (
    DAY,
    EPOCH_ORDINAL,
    ERA,
    FIRST,
    FIRST_ERA,
    LAST,
    Eras,
    OpeningHours,
    Span,
    Spans,
    public_holiday_places,
    public_holidays,
)

Path = tuple[str, ...]
"""Where in a calendar's dict: keys, and list positions as text."""

Problem = tuple[Path, str]
"""Where, and one sentence without a full stop: what is wrong; what would be right."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEYS = ("timezone", "hours", "holidays", "date_hours", "holidays_in")
ALWAYS = "24x7"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class CalendarError(UsageError):
    """A calendar that cannot be used, or a question that it cannot answer."""


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Opening hours in a time zone, and the arithmetic of business time on them. Equal dicts give equal calendars.

    Hours are half-open on the local wall clock: the closing second is closed. Over clock changes time is real time.
    A method whose name ends in `_s` takes and gives epoch seconds; its plain twin takes aware datetimes, floors them
    to whole seconds, and gives UTC. Source: docs/semantics.md, rules 16, 20 and 21.
    """

    opening: OpeningHours
    _eras: Eras = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_eras", Eras(self.opening))

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Return the calendar that `data` describes; raise CalendarError with every problem in it.

        Keys: `timezone` (IANA name; UTC where left out beside `"hours": "24x7"`), `hours` (weekday to
        [[open, close], ...], or "24x7"), `holidays` (dates), `date_hours` (date to the hours that replace its weekly
        ones; a holiday beats them) and `holidays_in` ("DE", "DE-BE"). A span with `close <= open` closes on the next
        day and belongs to the day it opens on; with `close == open` it is 24 hours of the wall clock long.
        """
        opening, problems = _read(data)
        if opening is None:
            told = (f"{'.'.join(path)}: {sentence}." if path else f"{sentence}." for path, sentence in problems)
            raise CalendarError(" ".join(("This calendar cannot be used:", *told)))
        return cls(opening)

    @staticmethod
    def problems(data: object) -> list[Problem]:
        """Return every problem in `data`, none when `from_dict` would take it. Never raises."""
        return _read(data)[1]

    @property
    def timezone(self) -> str:
        """The IANA name of the zone whose wall clock the hours are on."""
        return self.opening.timezone

    @property
    def is_always(self) -> bool:
        """True when no instant is ever closed: 24x7."""
        return self.opening.is_always

    def due(self, start: datetime, seconds: int) -> datetime:
        """Return the earliest instant at which `seconds` of open time since `start` are used up, as `due_s` does."""
        return _datetime(self.due_s(_epoch_seconds(start), seconds))

    def elapsed(self, a: datetime, b: datetime) -> int:
        """Return the open seconds in [a, b); 0 when b is not after a."""
        return self.elapsed_s(_epoch_seconds(a), _epoch_seconds(b))

    def is_open(self, at: datetime) -> bool:
        """Return whether the team works at this instant."""
        return self.is_open_s(_epoch_seconds(at))

    def next_open(self, at: datetime) -> datetime:
        """Return the first open instant from `at` on, `at` itself when open. CalendarError when there is none."""
        return _datetime(self.next_open_s(_epoch_seconds(at)))

    def next_close(self, at: datetime) -> datetime | None:
        """Return when the span that holds `next_open(at)` closes; None when it never does."""
        close = self.next_close_s(_epoch_seconds(at))
        return None if close is None else _datetime(close)

    def due_s(self, start: int, seconds: int) -> int:
        """Return the earliest instant at which `seconds` of open time since `start` are used up.

        An exact fit gives the closing instant, 0 seconds the first open one. Raises CalendarError for negative
        `seconds`, and where less open time is left until the year 9999.
        """
        if seconds <= 0:
            if seconds < 0:
                raise CalendarError(f"{seconds} s cannot be added; a target is 0 s or more.")
            return self.next_open_s(start)
        edges, used, ends, total = self._eras[start // ERA]
        i = bisect(edges, start)
        goal = seconds + (used[i] + start if i & 1 else used[i])
        if goal > total:
            return self._due_in_later_era(start, seconds, goal - total)
        return goal - used[2 * bisect_left(ends, goal) + 1]

    def elapsed_s(self, a: int, b: int) -> int:
        """Return the open seconds in [a, b); 0 when b is not after a."""
        if b <= a:
            return 0
        number = a // ERA
        edges, used, _, _ = self._eras[number]
        i = bisect(edges, a)
        before = used[i] + a if i & 1 else used[i]
        last = b // ERA
        if last != number:
            before -= self._eras.between(number, last)
            edges, used, _, _ = self._eras[last]
        j = bisect(edges, b)
        return (used[j] + b if j & 1 else used[j]) - before

    def is_open_s(self, t: int) -> bool:
        """Return whether the team works at `t`."""
        return bisect(self._eras[t // ERA].edges, t) & 1 == 1

    def next_open_s(self, t: int) -> int:
        """Return the first open instant from `t` on, `t` itself when open. CalendarError when there is none."""
        number = t // ERA
        edges = self._eras[number].edges
        i = bisect(edges, t)
        if i & 1:
            return t
        if i < len(edges):
            return edges[i]
        for later in self._eras_after(number):
            if edges := self._eras[later].edges:
                return edges[0]
        raise CalendarError(f"This calendar never opens after {_text(t)}; give it hours that go on.")

    def next_close_s(self, t: int) -> int | None:
        """Return when the span that holds `next_open_s(t)` closes; None when it never does."""
        opened = self.next_open_s(t)
        number = opened // ERA
        edges = self._eras[number].edges
        close = edges[bisect(edges, opened)]
        while close in ((number + 1) * ERA, LAST):  # cut there: it may go on in the next era
            number += 1
            if number > self.opening.last_closing_era:
                return None
            edges = self._eras[number].edges
            if not edges or edges[0] != close:
                break
            close = edges[1]
        return close

    def spans_s(self, a: int, b: int) -> list[Span]:
        """Return the open spans in [a, b), clipped to it, in order; touching ones are one."""
        spans: list[Span] = []
        a, b = max(a, FIRST), min(b, LAST)
        if b <= a:
            return spans
        for number in range(a // ERA, b // ERA + 1):
            edges = self._eras[number].edges
            first = bisect(edges, a) // 2 * 2
            until = bisect_left(edges, b)
            for opens, closes in zip(edges[first:until:2], edges[first + 1 : until + 1 : 2], strict=True):
                if spans and spans[-1][1] == opens:
                    spans[-1] = (spans[-1][0], min(closes, b))
                else:
                    spans.append((max(opens, a), min(closes, b)))
        return spans

    def _eras_after(self, number: int) -> range:
        """Return the eras after `number` in which something may open."""
        return range(max(number + 1, FIRST_ERA), self.opening.last_opening_era + 1)

    def _due_in_later_era(self, start: int, seconds: int, left: int) -> int:
        """Finish `due_s` when the era of `start` leaves `left` seconds of the time to spend."""
        if left <= LAST - start:  # else even 24x7 has too little: do not compile 8,000 years to find out
            for later in self._eras_after(start // ERA):
                total = self._eras.total(later)
                if left <= total:
                    era = self._eras[later]
                    return left - era.used[2 * bisect_left(era.ends, left) + 1]
                left -= total
        raise CalendarError(
            f"This calendar has less than {seconds} s of open time after {_text(start)}; ask for less, or open it more."
        )


def _epoch_seconds(at: datetime) -> int:
    """Return whole epoch seconds, rounded down; `timestamp()` would round up near the year 9999."""
    try:
        since = at - _EPOCH
    except TypeError:
        raise CalendarError(f"{at} has no time zone; give an instant with one, such as 2026-01-05T09:00Z.") from None
    return since.days * DAY + since.seconds


def _datetime(t: int) -> datetime:
    return _EPOCH + timedelta(0, t)


def _text(t: int) -> str:
    return _datetime(min(max(t, FIRST), LAST)).isoformat()


def _read(data: object) -> tuple[OpeningHours | None, list[Problem]]:
    """Return what `data` means, None when there are problems, and the problems."""
    reader = _Reader()
    opening = reader.opening_hours(data)
    return (None if reader.problems else opening), reader.problems


class _Reader:
    """Reads a calendar's dict to its end, whatever is in it, and keeps what is wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def say(self, path: Path, sentence: str) -> None:
        self.problems.append((path, sentence))

    def opening_hours(self, data: object) -> OpeningHours:
        entries = self.table((), data, KEYS, "a key of a calendar")
        hours = entries.get("hours", {})
        always = isinstance(hours, str) and hours == ALWAYS
        opening = OpeningHours(
            timezone=self.timezone(entries.get("timezone", "UTC" if always else None)),
            week=(((0, DAY),),) * 7 if always else self.week(hours),
            dates=tuple(sorted(self.date_hours(entries.get("date_hours", {})))),
            closed=frozenset(self.holidays(entries.get("holidays", []))),
            holidays_in=self.place(entries.get("holidays_in")),
        )
        if not self.problems and not opening.ever_opens():
            self.say((), 'there is no open time at all; give `hours` such as {"mon": [["09:00", "17:00"]]} or "24x7"')
        return opening

    def timezone(self, value: object) -> str:
        if value is None:
            self.say(("timezone",), 'the time zone is missing; give an IANA name such as "Europe/Berlin"')
            return ""
        if isinstance(value, str):
            try:
                return ZoneInfo(value).key
            except (KeyError, ValueError, OSError):  # ZoneInfo lets the errors of its file search through
                pass
        # Only names of a place: "perhaps MST" is no help to who wrote PST.
        places = (name for name in available_timezones() if "/" in name)
        right = _suggest(value, places, 'give an IANA name such as "Europe/Berlin"')
        self.say(("timezone",), f"{_shown(value)} is not a time zone; {right}")
        return ""

    def week(self, value: object) -> tuple[Spans, ...]:
        if isinstance(value, str):
            right = f'write "{ALWAYS}", or the hours of each weekday'
            self.say(("hours",), f"{_shown(value)} is not opening hours; {right}")
            return ()
        days = self.table(("hours",), value, WEEKDAYS, "a weekday")
        return tuple(self.spans(("hours", name), days.get(name, [])) for name in WEEKDAYS)

    def date_hours(self, value: object) -> Iterator[tuple[int, Spans]]:
        for text, spans in self.table(("date_hours",), value).items():
            path = ("date_hours", text)
            day = self.day(path, text)
            hours = self.spans(path, spans)
            if day is not None:
                yield day, hours

    def holidays(self, value: object) -> Iterator[int]:
        for position, text in self.items(("holidays",), value):
            day = self.day(("holidays", position), text)
            if day is not None:
                yield day

    def place(self, value: object) -> str | None:
        if value is None:
            return None
        # Anything else than two letters could name something in python-holidays that is no country.
        if isinstance(value, str) and re.fullmatch("[A-Z]{2}(-.+)?", value):
            try:
                public_holidays(value, 2000, 2000)
            except NotImplementedError:
                pass
            else:
                return value
        country = value[:2].upper() if isinstance(value, str) else ""
        near = (place for place in public_holiday_places() if place[:2] == country)
        right = _suggest(value, near, 'give a country or region such as "DE" or "DE-BE"')
        self.say(("holidays_in",), f"{_shown(value)} has no public holidays known to python-holidays; {right}")
        return None

    def spans(self, path: Path, value: object) -> Spans:
        """Read one day's list of [open, close]; touching spans become one."""
        read = ((self.span((*path, position), item), position) for position, item in self.items(path, value))
        merged: list[Span] = []
        for (opens, closes), position in sorted((span, position) for span, position in read if span):
            if not merged or opens > merged[-1][1]:
                merged.append((opens, closes))
            elif opens == merged[-1][1]:
                merged[-1] = (merged[-1][0], closes)
            else:
                self.say((*path, position), "this span overlaps another one of its day; make one of the two")
        return tuple(merged)

    def span(self, path: Path, value: object) -> Span | None:
        if not isinstance(value, list | tuple) or len(value) != 2:
            self.say(path, f'{_shown(value)} is not a span; write [open, close], such as ["09:00", "17:00"]')
            return None
        opens, closes = self.time((*path, "0"), value[0]), self.time((*path, "1"), value[1], closing=True)
        if opens is None or closes is None:
            return None
        return opens, closes if closes > opens else closes + DAY

    def time(self, path: Path, value: object, *, closing: bool = False) -> int | None:
        """Read a time as seconds after midnight."""
        if isinstance(value, str):
            if closing and value in ("24:00", "24:00:00"):
                return DAY
            if match := _TIME.fullmatch(value):
                hours, minutes, seconds = (int(part or 0) for part in match.groups())
                return hours * 3600 + minutes * 60 + seconds
        right = "write HH:MM or HH:MM:SS, from 00:00 to 23:59:59, and 24:00 only to close"
        self.say(path, f"{_shown(value)} is not a time; {right}")
        return None

    def day(self, path: Path, value: object) -> int | None:
        """Read a date as a number of days since 1970-01-01."""
        if isinstance(value, str) and _DATE.fullmatch(value):  # fromisoformat alone takes 2026W011, too
            try:
                return date.fromisoformat(value).toordinal() - EPOCH_ORDINAL
            except ValueError:
                pass
        self.say(path, f'{_shown(value)} is not a date; write YYYY-MM-DD in quotes, such as "2026-12-25"')
        return None

    def items(self, path: Path, value: object) -> Iterator[tuple[str, object]]:
        """Yield the items of a list with their positions as text."""
        if isinstance(value, list | tuple):
            yield from ((str(position), item) for position, item in enumerate(value))
        else:
            self.say(path, f"{_shown(value)} is not a list; write it in [ and ]")

    def table(self, path: Path, value: object, keys: Sequence[str] = (), noun: str = "a key") -> dict[str, object]:
        """Return a dict's entries, the unknown ones left out when the `keys` are known."""
        if not isinstance(value, dict):
            self.say(path, f"{_shown(value)} is not a table of keys and values; write it in {{ and }}")
            return {}
        known: dict[str, object] = {}
        for key, entry in value.items():
            if isinstance(key, str) and (not keys or key in keys):
                known[key] = entry
            else:
                right = _suggest(key, keys, f"use {', '.join(keys)}" if keys else "keys are text")
                self.say((*path, key if isinstance(key, str) else "?"), f"{_shown(key)} is not {noun}; {right}")
        return known


def _shown(value: object) -> str:
    """Return a value of a person's file for a sentence: short text as it is, else its type."""
    return repr(str(value[:60])) if isinstance(value, str) else f"a value of type {type(value).__name__}"


def _suggest(word: object, choices: Iterable[str], otherwise: str) -> str:
    by_lower = {choice.lower(): choice for choice in choices}
    near = get_close_matches(word[:60].lower(), by_lower, n=1) if isinstance(word, str) else []
    return f'perhaps "{by_lower[near[0]]}" is meant' if near else otherwise
