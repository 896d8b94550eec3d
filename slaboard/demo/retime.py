"""The sample day moved to now, split into what has happened and what is to come, and handed out as it falls due."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from math import ceil

from msgspec.structs import replace

from slaboard.demo.generate import PIVOT, in_order
from slaboard.errors import UsageError
from slaboard.ticket import Event


def retime(events: Iterable[Event], now: int, *, pivot: int = PIVOT) -> tuple[list[Event], list[Event]]:
    """`events` moved so that `pivot` falls on `now` (epoch seconds): those up to `now`, and those still to come."""
    moved = [_moved(event, now - pivot) for event in events]
    return [event for event in moved if event.at <= now], [event for event in moved if event.at > now]


def play(future: list[Event], now: int, speed: float = 1.0, *, start: int) -> tuple[list[Event], list[Event]]:
    """What of `future` is due by `now` when it runs `speed` times as fast from `start` on, and the rest.

    What is due stands at the instant at which it fell due, never after `now`. The rest goes into the next call; when it
    is empty, the demo goes on with `retime(next(days), start)[1]`, where `days` is `endless()`.
    """
    if speed <= 0:
        raise UsageError(f"The demo cannot run at speed {speed:g}. Give a speed above 0, such as 1 or 10.")
    cut = bisect_right(future, start + (now - start) * speed, key=lambda event: event.at)
    due = (replace(event, at=min(now, start + ceil((event.at - start) / speed))) for event in future[:cut])
    return in_order(due), future[cut:]


def _moved(event: Event, seconds: int) -> Event:
    source_due = event.source_due and {bucket: due + seconds for bucket, due in event.source_due.items()}
    return replace(event, at=event.at + seconds, source_due=source_due)
