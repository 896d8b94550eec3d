"""One clock's arithmetic: time used, time left, and the instants at which its zone changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from slaboard.sla.calendar import BusinessCalendar
from slaboard.sla.zones import Thresholds
from slaboard.ticket import Clock, ClockState, Zone

Wait = tuple[int, int | None]
"""One waiting interval, epoch seconds; an open one has no end."""


def used_s(calendar: BusinessCalendar, start: int, waits: Iterable[Wait], until: int) -> int:
    """Business seconds used from `start` to `until` without the waits (rule 12), 0 for a reversed interval."""
    used = calendar.elapsed_s(start, until)
    for begin, end in waits:
        used -= calendar.elapsed_s(max(begin, start), until if end is None else min(end, until))
    return used


def instant_of(calendar: BusinessCalendar, start: int, waits: Iterable[Wait], used: int) -> int:
    """The earliest instant at which `used` business seconds are used up; all waits must have ended."""
    begin = start
    for wait_begin, wait_end in waits:
        if wait_end is None or wait_end <= begin:
            continue
        worked = calendar.elapsed_s(begin, wait_begin)
        if worked >= max(used, 1):  # 0 seconds take an open instant, too: the first one outside the waits
            return calendar.due_s(begin, used)
        used -= worked
        begin = wait_end
    return calendar.due_s(begin, used)


def zone_at(calendar: BusinessCalendar, start: int, waits: Sequence[Wait], marks: Thresholds, at: int) -> Zone:
    """The zone at `at`, as the edges have it; all waits must have an end.

    Only with nothing used do the edges know more than the thresholds: what begins at 0 begins with the first open
    instant.
    """
    used = used_s(calendar, start, waits, at)
    return Zone.GREEN if not used and instant_of(calendar, start, waits, 0) > at else marks.zone(used)


def instants(
    calendar: BusinessCalendar, start: int, waits: Sequence[Wait], marks: Thresholds
) -> tuple[int, int, int, int]:
    """When a running clock is due, and turns yellow, orange and red; all waits must have ended."""
    used = (marks.target, marks.yellow, marks.orange, marks.red)
    if waits:
        due, yellow, orange, red = [instant_of(calendar, start, waits, seconds) for seconds in used]
    else:
        due, yellow, orange, red = [calendar.due_s(start, seconds) for seconds in used]
    return due, yellow, orange, red


def frozen(calendar: BusinessCalendar, start: int, waits: Sequence[Wait], marks: Thresholds) -> tuple[Zone, int]:
    """The zone of a clock whose last wait goes on, and the business seconds it has left."""
    since = max(waits[-1][0], start)
    left = marks.target - used_s(calendar, start, waits, since)
    return zone_at(calendar, start, waits[:-1], marks, since), left


def merged(waits: Iterable[Wait]) -> tuple[Wait, ...]:
    """`waits` in order, those that overlap or touch as one."""
    joined: list[Wait] = []
    for begin, end in sorted(waits, key=lambda wait: wait[0]):
        last = joined[-1][1] if joined else begin - 1
        if last is not None and last < begin:
            joined.append((begin, end))
        else:
            joined[-1] = (joined[-1][0], None if last is None or end is None else max(last, end))
    return tuple(joined)


def left_s(clock: Clock, calendar: BusinessCalendar, now: int) -> int:
    """Business seconds left at `now`, negative when late; frozen while it waits, 0-based on the target when stopped."""
    if clock.left_s is not None:
        return clock.left_s
    if clock.elapsed_s is not None:
        return clock.target_s - clock.elapsed_s
    if clock.due_at is not None and now < clock.due_at and now >= _last_wait_end(clock):
        return calendar.elapsed_s(now, clock.due_at)
    return clock.target_s - used_s(calendar, clock.started_at, clock.waits, now)


def _last_wait_end(clock: Clock) -> int:
    return max((end or 0 for _, end in clock.waits), default=clock.started_at)


def state_at(clock: Clock, calendar: BusinessCalendar, now: int) -> ClockState:
    """The clock's state as people see it: a running clock is `closed_hours` while its calendar is closed."""
    if clock.state is ClockState.RUNNING and not calendar.is_open_s(now):
        return ClockState.CLOSED_HOURS
    return clock.state
