"""Countdowns: the business time a clock has left, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping

from slaboard.sla.calendar import BusinessCalendar, CalendarError
from slaboard.ticket import Clock, ClockState, Zone

Calendars = Mapping[str, BusinessCalendar]

MINUTE, HOUR, DAY = 60, 3_600, 86_400
_FAR = 20 * 365 * DAY
"""Beyond this a calendar is not asked: a due instant in the year 9999 would cost it a minute of compiling."""


def until_s(due_at: int, now: int, calendar: BusinessCalendar | None) -> int:
    """Business seconds from `now` to `due_at`, negative when it has passed; wall time without a calendar or far off."""
    if calendar is None or abs(due_at - now) > _FAR:
        return due_at - now
    return calendar.elapsed_s(now, due_at) if due_at > now else -calendar.elapsed_s(due_at, now)


def left_s(clock: Clock, now: int, calendars: Calendars) -> int:
    """Business seconds `clock` has left; below 0 exactly when it is red (rule 3). Frozen while it waits."""
    if clock.state is ClockState.WAITING:
        frozen = clock.left_s or 0
        return min(frozen, -1) if clock.frozen_zone is Zone.RED else frozen
    if clock.due_at is None:
        return 0
    left = until_s(clock.due_at, now, calendars.get(clock.calendar))
    is_red = clock.red_at is not None and clock.red_at <= now
    return min(left, -1) if is_red else max(left, 0)


def opens_at(clock: Clock, now: int, calendars: Calendars) -> int | None:
    """When the calendar of a running clock opens again; None while it is open, or when it never opens."""
    calendar = calendars.get(clock.calendar)
    if calendar is None or calendar.is_open_s(now):
        return None
    try:
        return calendar.next_open_s(now)
    except CalendarError:
        return None


def full(seconds: int) -> str:
    """`00:03:22` under an hour, `1h 36m` under a day, `1d 11h` beyond; at most 9 cells.

    Only what is near ticks: colons say minutes, letters say there is time. A day is 24 hours of the calendar.
    """
    sign, s = _parts(seconds)
    if s < HOUR:
        return f"{sign}00:{s // MINUTE:02}:{s % MINUTE:02}"
    if s < DAY:
        return f"{sign}{s // HOUR}h {s % HOUR // MINUTE:02}m"
    days = s // DAY
    return f"{sign}{days}d {s % DAY // HOUR:02}h" if days < 1_000 else f"{sign}{min(days, 999_999)}d"


def compact(seconds: int) -> str:
    """`3:07`, `2h05`, `3d`: at most 6 cells below 10,000 days."""
    sign, s = _parts(seconds)
    if s < HOUR:
        return f"{sign}{s // MINUTE}:{s % MINUTE:02}"
    if s < DAY:
        return f"{sign}{s // HOUR}h{s % HOUR // MINUTE:02}"
    return f"{sign}{min(s // DAY, 9_999)}d"


def span(seconds: int) -> str:
    """A target or an amount of time used: `40s`, `15m`, `1h`, `1h 30m`, `52h`. In hours as in the policy (rule 16)."""
    sign, s = _parts(seconds)
    if s < MINUTE:
        return f"{sign}{s}s"
    if s < HOUR:
        return f"{sign}{s // MINUTE}m"
    minutes = s % HOUR // MINUTE
    return f"{sign}{s // HOUR}h {minutes:02}m" if minutes else f"{sign}{s // HOUR}h"


def _parts(seconds: int) -> tuple[str, int]:
    return ("-", -seconds) if seconds < 0 else ("", seconds)
