"""A ticket row without history, turned into events by comparing it with what its events say."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from slaboard.connectors.base import Snapshot
from slaboard.sla.standing import Standing
from slaboard.ticket import LADDER, Bucket, Direction, Event, Kind, Stage

FEED = "feed"
"""Who acted when a source does not say."""


def events_of(row: Snapshot, standing: Standing | None, now: int, *, history: Sequence[Event] = ()) -> list[Event]:
    """The events that bring a ticket from `standing` (None for a new one) to `row`, each at its best known time.

    The same row a second time gives none. What a source dates (opened, responded, resolved) is put there; what it
    does not date happened when the row was last changed, or at `now`, when it was first seen, if that is known to be
    older than what the ticket has come to; and it comes after all that stands in `history` at the same instant.
    """
    seen = row.updated_at if row.updated_at is not None else now
    events: list[Event] = []
    opened = _opening(row, standing, min(seen, now))
    if opened is not None:
        events.append(
            Event(
                ticket=row.id, at=opened, kind=Kind.CREATED, actor=FEED, title=row.title, customer=row.customer,
                priority=row.priority, url=row.url, board=row.board, type=row.type,
            )
        )  # fmt: skip
    if standing is None:
        standing = Standing(
            row.id, opened_at=opened, title=row.title or "", customer=row.customer or "", priority=row.priority or ""
        )
    is_answered = opened is None and Bucket.RESPONSE not in standing.live
    last, first = standing.changed_at, opened or standing.opened_at or 0
    at = max(first, seen if last is None or seen > last else max(now, last))
    is_pruned = standing.ended_at is not None and any(event.kind is Kind.PRUNE for event in history)
    events += _texts(replace(row, title=None) if is_pruned else row, standing, at)
    if row.responded_at is not None and not is_answered:
        events.append(
            Event(
                ticket=row.id, at=max(row.responded_at, first), kind=Kind.MESSAGE, actor=row.owner or FEED,
                direction=Direction.OUT,
            )
        )  # fmt: skip
    events += _owner(row, standing, at)
    moved_at = max((event.at for event in history if event.kind in (Kind.STATUS, Kind.REOPEN)), default=first)
    events += _ends(row, standing, max(first, moved_at)) or _status(row, standing, at)
    return _behind(history, events)


def _behind(history: Sequence[Event], events: list[Event]) -> list[Event]:
    """`events`, each ordered behind what the history knows of its instant: two changes in a second are two."""
    last: dict[int, int] = {}
    for event in history:
        last[event.at] = max(event.order, last.get(event.at, event.order))
    return [replace(event, order=last[event.at] + 1) if event.at in last else event for event in events]


def _opening(row: Snapshot, standing: Standing | None, first_seen: int) -> int | None:
    """When the ticket was created, if no event says so yet; never after what it has come to by other events."""
    if standing is None:
        return row.opened_at if row.opened_at is not None else first_seen
    if standing.opened_at is not None or row.opened_at is None:
        return None
    return row.opened_at if standing.changed_at is not None and row.opened_at <= standing.changed_at else None


def _texts(row: Snapshot, before: Standing, at: int) -> list[Event]:
    events = []
    if row.title is not None and row.title != before.title:
        events.append(Event(ticket=row.id, at=at, kind=Kind.TITLE, actor=FEED, title=row.title))
    if row.customer is not None and row.customer != before.customer:
        events.append(Event(ticket=row.id, at=at, kind=Kind.CUSTOMER, actor=FEED, customer=row.customer))
    if row.priority is not None and row.priority != before.priority:
        events.append(Event(ticket=row.id, at=at, kind=Kind.PRIORITY, actor=FEED, priority=row.priority))
    return events


def _owner(row: Snapshot, before: Standing, at: int) -> list[Event]:
    if row.owner is None or row.owner == (before.owner or ""):
        return []
    kind = Kind.RELEASE if not row.owner else Kind.TAKEOVER if before.owner else Kind.CLAIM
    return [Event(ticket=row.id, at=at, kind=kind, actor=row.owner or FEED, owner=row.owner or None)]


def _ends(row: Snapshot, before: Standing, first: int) -> list[Event]:
    """The resolution and the closing that a row dates and the ticket has not seen; not those of before a reopen."""
    reopened = max((begin for begin, _ in before.gaps), default=-1)
    events = [
        Event(ticket=row.id, at=max(at, first), kind=Kind.STATUS, actor=FEED, stage=stage)
        for at, stage in ((row.resolved_at, Stage.RESOLVED), (row.closed_at, Stage.CLOSED))
        if at is not None and at > reopened and _moves(before, stage)
    ]
    if events and row.status is not None:
        events[-1] = replace(events[-1], status=row.status)
    return events


def _status(row: Snapshot, before: Standing, at: int) -> list[Event]:
    stage = row.stage if row.stage is not None and _moves(before, row.stage) else None
    if stage is None and (row.status is None or row.status == before.status):
        return []
    actor = row.owner or before.owner or FEED
    return [Event(ticket=row.id, at=at, kind=Kind.STATUS, actor=actor, status=row.status, stage=stage)]


def _moves(before: Standing, stage: Stage) -> bool:
    """Whether `stage` would change anything: a ladder that is never climbed down hears the lower steps no more."""
    if stage is before.stage or (before.closed and stage is Stage.RESOLVED):
        return False
    if stage not in LADDER or before.is_waiting or before.ended_at is not None:
        return True
    return LADDER.index(stage) > before.rung
