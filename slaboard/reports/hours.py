"""A calendar in words, as a customer was promised it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from slaboard.sla.calendar import BusinessCalendar
from slaboard.sla.hours import day_of, week_text


def hours_text(calendar: BusinessCalendar, since: int, until: int) -> str:
    """`mon-fri 09:00-17:00 Europe/Berlin, closed on 2 days of that time`; what is special only where it falls in it."""
    if calendar.is_always:
        return "around the clock"
    opening = calendar.opening
    first, last = (day_of(at, ZoneInfo(calendar.timezone)) for at in (since, until - 1))
    closed = sum(first <= day <= last for day in opening.closed)
    others = sum(first <= day <= last and day not in opening.closed for day, _ in opening.dates)
    special = [
        f"closed on public holidays ({opening.holidays_in})" if opening.holidays_in else "",
        f"closed on {closed} {'more ' if opening.holidays_in else ''}day{'s' * (closed != 1)} of that time"
        if closed
        else "",
        f"other hours on {others} day{'s' * (others != 1)} of it" if others else "",
    ]
    return ", ".join([week_text(opening), *filter(None, special)])
