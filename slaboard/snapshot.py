"""A ticket row without history, turned into events by comparing it with what its events say."""

from __future__ import annotations

from slaboard.connectors.base import Snapshot
from slaboard.sla.clock import Standing
from slaboard.ticket import Direction, Event, Kind, Stage

FEED = "feed"
"""Who acted when a source does not say."""


def events_of(row: Snapshot, standing: Standing | None, now: int) -> list[Event]:
    """The events that bring a ticket from `standing` (None for a new one) to `row`, each at its best known time.

    The same row a second time gives none. What a source dates (opened, responded, resolved) is put there; what it
    does not date happened when the row was last changed, else at `now`, when it was first seen.
    """
    opened = standing.opened_at if standing is not None else None
    seen = row.updated_at if row.updated_at is not None else now
    events: list[Event] = []
    if opened is None:
        opened = row.opened_at if row.opened_at is not None else min(seen, now)
        events.append(
            Event(
                ticket=row.id, at=opened, kind=Kind.CREATED, actor=FEED, title=row.title, customer=row.customer,
                priority=row.priority, url=row.url, board=row.board, type=row.type,
            )
        )  # fmt: skip
        before = Standing(row.id, title=row.title or "", customer=row.customer or "", priority=row.priority or "")
    else:
        assert standing is not None
        before = standing
    at = max(seen, opened, before.changed_at or 0)
    events += _texts(row, before, at)
    if row.responded_at is not None and standing is None:
        events.append(
            Event(
                ticket=row.id, at=max(row.responded_at, opened), kind=Kind.MESSAGE, actor=row.owner or FEED,
                direction=Direction.OUT,
            )
        )  # fmt: skip
    events += _owner(row, before, at)
    events += _status(row, before, at, opened)
    return events


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


def _status(row: Snapshot, before: Standing, at: int, opened: int) -> list[Event]:
    ended = row.resolved_at if row.resolved_at is not None else row.closed_at
    if ended is not None and before.ended_at is None:
        when = max(ended, opened, before.changed_at or 0)
        stage = row.stage if row.stage is not None and not row.stage.is_open else Stage.RESOLVED
        return [Event(ticket=row.id, at=when, kind=Kind.STATUS, actor=FEED, status=row.status, stage=stage)]
    new_word = row.status is not None and row.status != before.status
    new_stage = row.stage is not None and row.stage is not before.stage
    if not new_word and not new_stage:
        return []
    return [
        Event(
            ticket=row.id, at=at, kind=Kind.STATUS, actor=row.owner or before.owner or FEED, status=row.status,
            stage=row.stage if new_stage else None,
        )
    ]  # fmt: skip
