"""Instants as people read them: wall-clock times in the board's own zone, and ages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 253_370_764_800
"""9999-01-01: later instants are shown as this one, so that no number a store holds can break the board."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=16)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC  # config checks the name; a board in UTC is better than none


def local(at: int, timezone: str) -> datetime:
    """Epoch seconds `at` on the wall clock of `timezone` (UTC where that is unknown)."""
    return (_EPOCH + timedelta(seconds=min(max(at, 0), _LAST))).astimezone(_zone(timezone))


def hms(at: int, timezone: str) -> str:
    """`22:41:07`."""
    moment = local(at, timezone)
    return f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}"


def hm(at: int, timezone: str) -> str:
    """`22:41`."""
    return hms(at, timezone)[:5]


def day(at: int, timezone: str) -> str:
    """`Fri 21 Nov`."""
    moment = local(at, timezone)
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"


def when(at: int, now: int, timezone: str) -> str:
    """`22:45` today, `Mon 09:00` within six days, else `24 Nov 09:00`, with the year when it is another one."""
    moment, today = local(at, timezone), local(now, timezone)
    clock = f"{moment.hour:02}:{moment.minute:02}"
    if moment.date() == today.date():
        return clock
    if abs((moment.date() - today.date()).days) < 7:
        return f"{_DAYS[moment.weekday()]} {clock}"
    date = f"{moment.day} {_MONTHS[moment.month - 1]}"
    return f"{date} {clock}" if moment.year == today.year else f"{date} {moment.year}"


def utc(at: int) -> str:
    """`2016-04-20 15:00Z`: for a past that people quote to one another."""
    moment = local(at, "UTC")
    return f"{moment.year:04}-{moment.month:02}-{moment.day:02} {moment.hour:02}:{moment.minute:02}Z"


def quoted(at: int, timezone: str) -> str:
    """`2016-04-20 15:00Z`, `2016-04-20 17:00+02:00`: in the reader's zone, and yet what `--at` takes anywhere."""
    moment = local(at, timezone)
    offset = moment.strftime("%z")
    is_utc = not offset.strip("+-0")
    text = f"{moment.year:04}-{moment.month:02}-{moment.day:02} {moment.hour:02}:{moment.minute:02}"
    return text + ("Z" if is_utc else f"{offset[:3]}:{offset[3:5]}")


def stamp(at: int, timezone: str) -> str:
    """`20251121-1541`: for the name of a file."""
    moment = local(at, timezone)
    return f"{moment.year:04}{moment.month:02}{moment.day:02}-{moment.hour:02}{moment.minute:02}"


def within(span: tuple[int, int] | None, at: int, timezone: str) -> bool:
    """True from the first minute of the day of `span` to the last, also over midnight; False for no span."""
    if span is None:
        return False
    moment, (start, end) = local(at, timezone), span
    minute = moment.hour * 60 + moment.minute
    return start <= minute < end if start <= end else minute >= start or minute < end


def age(seconds: int) -> str:
    """`47s`, `12m`, `3h`, `2d`: how old something is, in its largest unit."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{max(0, seconds)}s"
