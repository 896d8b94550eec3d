"""A calendar in words, as a customer was promised it."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from slaboard.sla.calendar import BusinessCalendar
from slaboard.sla.spans import DAY, EPOCH_ORDINAL, Span
from slaboard.sla.week import DAYS, Week


def hours_text(calendar: BusinessCalendar, since: int, until: int) -> str:
    """`mon-fri 09:00-17:00 Europe/Berlin, closed on 2 days of that time`; what is special only where it falls in it."""
    if calendar.is_always:
        return "around the clock"
    opening = calendar.opening
    spans = {day: tuple(map(_span, found)) for day, found in zip(DAYS, opening.week, strict=True) if found}
    first, last = (_day(at, ZoneInfo(calendar.timezone)) for at in (since, until - 1))
    closed = sum(first <= day <= last for day in opening.closed)
    others = sum(first <= day <= last and day not in opening.closed for day, _ in opening.dates)
    special = [
        f"closed on public holidays ({opening.holidays_in})" if opening.holidays_in else "",
        f"closed on {closed} {'more ' if opening.holidays_in else ''}day{'s' * (closed != 1)} of that time"
        if closed
        else "",
        f"other hours on {others} day{'s' * (others != 1)} of it" if others else "",
    ]
    week = str(Week(spans, calendar.timezone)) if spans else f"on single days only, {calendar.timezone}"
    return ", ".join([week, *filter(None, special)])


def _span(span: Span) -> str:
    return "-".join(map(_time, span))


def _time(second: int) -> str:
    """`09:00`; of the next day's hours without the day, but 24:00 stays."""
    second -= DAY if second > DAY else 0
    rest = f":{second % 60:02}" if second % 60 else ""
    return f"{second // 3600:02}:{second // 60 % 60:02}{rest}"


def _day(at: int, zone: tzinfo) -> int:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).toordinal() - EPOCH_ORDINAL
