"""What is said of an alert, for every way in which it goes out. Pure."""

from __future__ import annotations

from slaboard.alerts.alert import Alert, Entry
from slaboard.board.face import NAMES
from slaboard.board.instant import when
from slaboard.ticket import Bucket

TITLE = 60
"""Characters of a ticket's title in a sentence."""


def sentence(alert: Alert, now: int, timezone: str) -> str:
    """`2 red, 5 orange; worst T-1031 (P1, Tansy Bakery), Response due 14:10: VPN down`, clean as its tickets are."""
    worst = alert.worst
    facts = ", ".join(filter(None, (worst.priority, worst.customer)))
    who = f"{worst.ticket} ({facts})" if facts else worst.ticket
    lead = f"{who} is {worst.zone}" if alert.total == 1 else f"{alert.summary}; worst {who}"
    title = worst.title if len(worst.title) <= TITLE else f"{worst.title[: TITLE - 1]}…"
    return f"{lead}, {due(worst, now, timezone)}" + (f": {title}" if title else "")


def due(entry: Entry, now: int, timezone: str) -> str:
    """`Response due 14:10`, `Response was due 14:10`."""
    name = NAMES[Bucket.RESOLUTION if entry.bucket is Bucket.TOTAL_RESOLUTION else entry.bucket]
    if entry.due_at is None:
        return name
    return f"{name} {'was due' if entry.due_at < now else 'due'} {when(entry.due_at, now, timezone)}"
