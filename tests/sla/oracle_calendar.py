"""The slow, obvious reference: asks the wall clock at every tick. Shares nothing with the engine but the dict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_open(data: dict[str, Any], t: int) -> bool:
    """Read rule 20 and 21 aloud for one instant. No `holidays_in` here."""
    local = datetime.fromtimestamp(t, ZoneInfo(data["timezone"]))
    today, yesterday, now = local.date(), local.date() - timedelta(days=1), local.isoformat()[11:19]
    if _is_holiday(data, today):
        return False
    for opens, closes in _hours(data, today):
        if opens <= now < closes or (closes <= opens <= now):
            return True
    return any(closes <= opens and now < closes for opens, closes in _hours(data, yesterday))


def walk(data: dict[str, Any], start: int, step: int) -> Iterator[tuple[int, int, bool]]:
    """Yield (from, until, open) from `start` on, endlessly, cut at each multiple of `step` seconds.

    Right when the edges of the hours and the zone's offsets are multiples of `step`.
    """
    t = start
    while True:
        until = (t // step + 1) * step
        yield t, until, is_open(data, t)
        t = until


def elapsed(data: dict[str, Any], a: int, b: int, step: int = 60) -> int:
    """Return the open seconds in [a, b)."""
    return sum(closes - opens for opens, closes in spans(data, a, b, step))


def spans(data: dict[str, Any], a: int, b: int, step: int = 60) -> list[tuple[int, int]]:
    """Return the open spans in [a, b), merged."""
    found: list[tuple[int, int]] = []
    for t, until, opened in walk(data, a, step):
        if t >= b:
            return found
        if opened and found and found[-1][1] == t:
            found[-1] = (found[-1][0], min(until, b))
        elif opened:
            found.append((t, min(until, b)))
    raise AssertionError("walk() never ends")


def due(data: dict[str, Any], start: int, seconds: int, limit: int, step: int = 60) -> int | None:
    """Return when `seconds` of open time are used up; None when that is not before `limit`."""
    for t, until, opened in walk(data, start, step):
        if t >= limit:
            return None
        if opened:
            if seconds <= until - t:
                return t + seconds
            seconds -= until - t
    raise AssertionError("walk() never ends")


def next_open(data: dict[str, Any], t: int, limit: int) -> int | None:
    """Return the first open instant from `t` on, None when it is not before `limit`."""
    return due(data, t, 0, limit)


def next_close(data: dict[str, Any], t: int, limit: int, step: int = 60) -> int | None:
    """Return the first closed instant after the first open one from `t` on, None when it is not before `limit`."""
    was_open = False
    for at, _, opened in walk(data, t, step):
        if at >= limit:
            return None
        if was_open and not opened:
            return at
        was_open = opened
    raise AssertionError("walk() never ends")


def _is_holiday(data: dict[str, Any], day: date) -> bool:
    return day.isoformat() in data.get("holidays", [])


def _hours(data: dict[str, Any], day: date) -> list[tuple[str, str]]:
    """Return the spans that open on a day, as HH:MM:SS, which sort like the times they name."""
    if _is_holiday(data, day):
        return []
    weekly = data["hours"].get(WEEKDAYS[day.weekday()], [])
    spans = data.get("date_hours", {}).get(day.isoformat(), weekly)
    return [(f"{opens}:00"[:8], f"{closes}:00"[:8]) for opens, closes in spans]
