"""Which stretch of time a report is of: half-open, cut at the midnights of one time zone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

from msgspec import Struct

from slaboard.errors import UsageError
from slaboard.text import clean

UNITS = ("day", "week", "month", "quarter", "year")
DAY_S = 86_400
MOST_PIECES = 2_000
"""Into so many pieces a trend is cut at the most: nobody reads more, and the store is asked for each."""
_FORMS = "write week, month or quarter (the last whole one), or 2026-03, 2026-W09, 2026-Q1, 2026, 2026-03-05"


class Period(Struct, frozen=True):
    """From `since` (included) to `until` (left out), in epoch seconds; None is without an end."""

    since: int | None = None
    until: int | None = None

    def holds(self, at: int) -> bool:
        """Whether `at` lies in it."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


class Pieces(Struct, frozen=True):
    """A stretch cut into whole units: piece `i` goes from `edges[i]` to `edges[i + 1]`."""

    unit: str
    edges: tuple[int, ...]
    labels: tuple[str, ...]


def period(text: str, now: int, tz: tzinfo) -> Period:
    """The last whole day, week, month, quarter or year before `now`, or the one that is named; else UsageError."""
    if text in UNITS:
        this = _begin(text, _local(now, tz))
        return Period(midnight(_begin(text, this - timedelta(days=1)), tz), midnight(this, tz))
    for unit, pattern in _NAMED.items():
        if match := re.fullmatch(pattern, text, re.ASCII | re.IGNORECASE):
            try:
                first = _FIRST[unit](*map(int, match.groups()))
                return Period(midnight(first, tz), midnight(_after(unit, first), tz))
            except (ValueError, OverflowError):
                break
    raise UsageError(f"{clean(text, limit=60)!r} is no period: {_FORMS}.")


def said_period(named: str | None, since: str | None, until: str | None, now: int, tz: tzinfo) -> Period:
    """The period that options say; UsageError where they say two, or none that lasts."""
    if named is not None and (since is not None or until is not None):
        raise UsageError("--period says since when and until when; leave --since and --until out.")
    if named is not None:
        return period(named, now, tz)
    found = Period(*(None if end is None else instant(end, tz) for end in (since, until)))
    if found.since is not None and found.until is not None and found.since >= found.until:
        raise UsageError("The report would be of no time: --until has to be later than --since.")
    return found


def instant(text: str, tz: tzinfo) -> int:
    """The epoch second of `2026-03-01` (its midnight in `tz`), of ISO 8601 or of epoch seconds; else UsageError."""
    try:
        if re.fullmatch(r"\d{9,}", text, re.ASCII):
            return int(datetime.fromtimestamp(int(text), UTC).timestamp())
        moment = datetime.fromisoformat(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=tz)).timestamp())
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"{clean(text, limit=60)!r} is no instant; write 2026-03-01, 2026-03-01T09:00:00Z or epoch seconds."
        ) from None


def pieces(unit: str, first: int, last: int, tz: tzinfo) -> Pieces:
    """The units from the one that holds `first` to the one that holds `last`; UsageError when they are too many."""
    begin, end = _begin(unit, _local(first, tz)), _local(last, tz)
    dates = [begin]
    while dates[-1] <= end:
        if len(dates) > MOST_PIECES:
            raise UsageError(
                f"That is more than {MOST_PIECES:,} pieces: name a shorter period, or cut by month or year."
            )
        dates.append(_after(unit, dates[-1]))
    return Pieces(unit, tuple(midnight(day, tz) for day in dates), tuple(label(unit, day) for day in dates[:-1]))


def label(unit: str, day: date) -> str:
    """`2026-03-05`, `2026-W10` (ISO 8601: from Monday), `2026-03`, `2026-Q1` or `2026`: sorts as time goes."""
    if unit == "day":
        return f"{day.year:04}-{day.month:02}-{day.day:02}"
    if unit == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    if unit == "quarter":
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    return f"{day.year:04}-{day.month:02}" if unit == "month" else f"{day.year:04}"


def midnight(day: date, tz: tzinfo) -> int:
    """The epoch second in which `day` begins in `tz`; where the clock skips midnight, the first one that there is."""
    return int(datetime(day.year, day.month, day.day, tzinfo=tz).timestamp())


def _local(at: int, tz: tzinfo) -> date:
    return datetime.fromtimestamp(at, UTC).astimezone(tz).date()


def _begin(unit: str, day: date) -> date:
    """The first day of the unit that holds `day`."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[unit]


def _after(unit: str, begin: date) -> date:
    """The first day of the next unit."""
    days = {"day": 1, "week": 7, "month": 31, "quarter": 93, "year": 366}[unit]
    return _begin(unit, begin + timedelta(days=days))


_NAMED: Mapping[str, str] = {
    "day": r"(\d{4})-(\d\d)-(\d\d)",
    "week": r"(\d{4})-W(\d\d)",
    "month": r"(\d{4})-(\d\d)",
    "quarter": r"(\d{4})-Q([1-4])",
    "year": r"(\d{4})",
}
_FIRST: Mapping[str, Callable[..., date]] = {
    "day": date,
    "week": lambda year, week: date.fromisocalendar(year, week, 1),
    "month": lambda year, month: date(year, month, 1),
    "quarter": lambda year, quarter: date(year, 3 * quarter - 2, 1),
    "year": lambda year: date(year, 1, 1),
}
