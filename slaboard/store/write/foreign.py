"""Rows of `tickets` that another program wrote, as the events that they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slaboard.connectors.base import Snapshot
from slaboard.sla.policy import PolicySet
from slaboard.sla.standing import Standing
from slaboard.snapshot import events_of
from slaboard.store.disk.driver import Connection
from slaboard.store.folding import folded
from slaboard.store.rows import epoch
from slaboard.text import cap
from slaboard.ticket import Event, Kind, Stage

EDITED, EMPTIED = 2, 3
"""`tickets.stale`: another program inserted the row, or updated it."""
_TOLD = ("title", "customer", "priority", "status", "owner")

Row = Mapping[str, Any]


def adopted(connection: Connection, ticket: str, events: Sequence[Event], policies: PolicySet, now: int) -> list[Event]:
    """Events for what another program wrote into the ticket's row, which has `events` so far."""
    row: Row = connection.execute("SELECT * FROM tickets WHERE id = ?", (ticket,)).fetchall()[0]
    standing = folded(row["id"], events, policies, 0).fold.standing if events else None
    said: dict[str, Any] = {name: _said(row, name) for name in _TOLD}
    opened = epoch(row["opened_at"])
    snapshot = Snapshot(
        id=row["id"], opened_at=opened, stage=_stage(_said(row, "stage")), url=_text(row["url"]),
        board=_text(row["board"]), type=_text(row["type"]), **said,
    )  # fmt: skip
    if standing is None and opened is None and row["opened_at"] is not None:
        # A time that nobody can read: the ticket is shown as one without an opening time (rule 18).
        note = "the opening time that another program wrote cannot be read"
        headless = [Event(ticket=row["id"], at=now, kind=Kind.NOTE, actor="slaboard", note=note)]
        return headless + events_of(snapshot, Standing(row["id"]), now)
    return events_of(snapshot, standing, now, history=events)


def _said(row: Row, column: str) -> str | None:
    """What another program says about `column`: NULL says nothing, but empties what it was an update of."""
    if f" {column} " in (row["edited"] or ""):
        return _text(row[column]) or ""
    return None if row["stale"] == EMPTIED else _text(row[column])


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return None if value is None else cap(str(value))


def _stage(value: object) -> Stage | None:
    try:
        return Stage(str(value)) if value else None
    except ValueError:
        return None
