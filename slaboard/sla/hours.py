"""Time in words: opening hours as the policy file writes them, durations, and instants on a wall clock."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from slaboard.sla.spans import DAY, EPOCH_ORDINAL, OpeningHours, Span, Spans
from slaboard.sla.week import DAYS, Week


def week_text(opening: OpeningHours) -> str:
    """`mon-thu 09:00-12:30 13:30-17:00, fri 09:00-15:00 Europe/Berlin`."""
    spans = {day: tuple(map(_span, found)) for day, found in zip(DAYS, opening.week, strict=True) if found}
    return str(Week(spans, opening.timezone)) if spans else f"on single days only, {opening.timezone}"


def day_text(spans: Spans) -> str:
    """`09:00-12:00`; `closed` of none."""
    return " ".join(map(_span, spans)) or "closed"


def day_of(at: int, zone: tzinfo) -> int:
    """The local date of an instant, as a number from 1970-01-01."""
    return datetime.fromtimestamp(at, UTC).astimezone(zone).toordinal() - EPOCH_ORDINAL


def duration(seconds: int) -> str:
    """`1:02:03` hours, minutes and seconds of business time; never days (rule 16)."""
    sign = "-" if seconds < 0 else ""
    whole = abs(seconds)
    return f"{sign}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def moment(at: int, zone: tzinfo) -> str:
    """`Mon 2026-01-05 09:00:00 +01:00` in `zone`; the offset tells the two same hours of an autumn night apart."""
    here = datetime.fromtimestamp(at, UTC).astimezone(zone)
    return f"{here:%a %Y-%m-%d %H:%M:%S} {offset(at, zone)}"


def offset(at: int, zone: tzinfo) -> str:
    """`+01:00`."""
    text = datetime.fromtimestamp(at, UTC).astimezone(zone).strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def _span(span: Span) -> str:
    return "-".join(map(_time, span))


def _time(second: int) -> str:
    """`09:00`; of the next day's hours without the day, but 24:00 stays."""
    second -= DAY if second > DAY else 0
    rest = f":{second % 60:02}" if second % 60 else ""
    return f"{second // 3600:02}:{second // 60 % 60:02}{rest}"
