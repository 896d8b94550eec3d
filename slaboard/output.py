"""What commands print for machines: tickets, clocks and the grid as JSON and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from slaboard.alerts.alert import Alert, Crossing
from slaboard.board.state import Grid
from slaboard.sla.calendar import BusinessCalendar
from slaboard.sla.edges import left_s, state_at
from slaboard.text import csv_cell
from slaboard.ticket import PROMISES, Bucket, Clock, Ticket, Zone

Calendars = Mapping[str, BusinessCalendar]

CSV_COLUMNS = (
    "id", "title", "customer", "priority", "status", "stage", "owner", "policy", "opened_at", "bucket", "zone",
    "due_at", "left_business_s", "left_wall_s", "no_sla",
)  # fmt: skip


def iso(at: int | None) -> str | None:
    """An instant as people and programs read it: `2026-01-05T09:00:00Z`."""
    if at is None:
        return None
    try:
        return f"{datetime.fromtimestamp(at, UTC).isoformat()[:19]}Z"  # strftime took a tenth of a whole export
    except (ValueError, OverflowError, OSError):
        return None


def dated(value: Any) -> Any:
    """`value` with each instant in it as `iso` writes it: what is called `at`, `from`, `to` or ends in `_at`."""
    if isinstance(value, dict):
        return {key: iso(one) if _is_instant(key, one) else dated(one) for key, one in value.items()}
    return [dated(one) for one in value] if isinstance(value, list) else value


def _is_instant(key: str, value: object) -> bool:
    return isinstance(value, int) and (key in ("at", "from", "to") or key.endswith("_at"))


def clock_json(clock: Clock, calendars: Calendars, now: int) -> dict[str, Any]:
    """One clock at `now`; spans are business seconds, instants ISO 8601 UTC; what does not apply is null."""
    calendar = calendars.get(clock.calendar)
    left = left_s(clock, calendar, now) if calendar is not None else None
    drift = None if clock.source_due is None or clock.due_at is None else clock.due_at - clock.source_due
    return {
        "state": state_at(clock, calendar, now) if calendar is not None else clock.state,
        "zone": clock.zone(now).value,
        "target_s": clock.target_s,
        "elapsed_s": clock.elapsed_s if left is None else clock.target_s - left,
        "due_at": iso(clock.due_at),
        "yellow_at": iso(clock.yellow_at),
        "orange_at": iso(clock.orange_at),
        "red_at": iso(clock.red_at),
        "stopped_at": iso(clock.stopped_at),
        "met": clock.met,
        "skipped": clock.skipped,
        "by_status": clock.by_status,
        "cause": clock.cause,
        "cycle": clock.cycle,
        "policy_version": clock.policy_version,
        "drift_s": drift if drift is not None and abs(drift) > 60 else None,
    }


def ticket_json(ticket: Ticket, calendars: Calendars, now: int) -> dict[str, Any]:
    """One ticket at `now` as SEMANTICS writes it, its texts as they came."""
    buckets = [bucket for bucket in Bucket if any(clock.bucket is bucket for clock in ticket.clocks)]
    clocks = {bucket.value: ticket.clock(bucket) for bucket in buckets}
    return _facts(ticket, calendars, now) | {
        "clocks": {name: clock_json(clock, calendars, now) for name, clock in clocks.items() if clock is not None}
    }


def _facts(ticket: Ticket, calendars: Calendars, now: int) -> dict[str, Any]:
    """All of it but the clocks."""
    place = ticket.clock(ticket.bucket)
    calendar = calendars.get(place.calendar) if place is not None else None
    due = place.due_at if place is not None else None
    return {
        "id": ticket.id,
        "title": ticket.title or None,
        "customer": ticket.customer or None,
        "priority": ticket.priority or None,
        "status": ticket.status or None,
        "stage": ticket.stage.value,
        "owner": ticket.owner,
        "policy": ticket.policy,
        "opened_at": iso(ticket.opened_at),
        "bucket": ticket.bucket.value if ticket.bucket is not None else None,
        "zone": place.zone(now).value if place is not None else None,
        "due_at": iso(due),
        "left_business_s": left_s(place, calendar, now) if place is not None and calendar is not None else None,
        "left_wall_s": None if due is None else due - now,
        "no_sla": ticket.no_sla,
        "worse": ticket.worse,
        "board": ticket.board or None,
        "type": ticket.type or None,
        "url": ticket.url or None,
    }


def change_json(crossing: Crossing, ticket: Ticket | None) -> dict[str, Any]:
    """One change of zone with the facts of its ticket, texts as they are in it; all null where the ticket is gone."""
    return {
        "at": iso(crossing.at),
        "ticket": crossing.ticket,
        "bucket": crossing.bucket.value,
        "from": crossing.before.value if crossing.before is not None else None,
        "to": crossing.after.value if crossing.after is not None else None,
        "owner": ticket.owner if ticket is not None else None,
        "customer": (ticket.customer or None) if ticket is not None else None,
        "priority": (ticket.priority or None) if ticket is not None else None,
        "title": (ticket.title or None) if ticket is not None else None,
        "due_at": iso(crossing.due_at),
        "cause": "retarget" if crossing.is_retarget else None,
        "url": (ticket.url or None) if ticket is not None else None,
    }


def alert_json(alert: Alert, text: str, store: str, tickets: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """An alert as hooks get it: `text` is its sentence, `tickets` the changes behind it, the worst first."""
    counts = {zone.value: alert.burst.counts.get(zone, 0) for zone in reversed(Zone)}
    return {
        "at": iso(alert.at), "text": f"SLA: {text}", "store": store, "zone": alert.zone.value, "total": alert.total,
        "counts": counts, "ticket": alert.worst.ticket, "tickets": list(tickets),
    }  # fmt: skip


def grid_json(grid: Grid) -> dict[str, Any]:
    """The grid; `open` is the sum of all cells of the three promises, `waiting` and `no_sla`."""
    return {"at": iso(grid.at), **_part(grid), "by_priority": {n: _part(g) for n, g in grid.by_priority.items()}}


def _part(grid: Grid) -> dict[str, Any]:
    buckets = (*PROMISES, Bucket.UPDATE) if grid.uses_update else PROMISES
    return {
        "open": grid.open,
        "waiting": grid.waiting,
        "no_sla": grid.no_sla,
        "buckets": {
            bucket.value: {zone.value: grid.cells.get((bucket, zone), 0) for zone in Zone} for bucket in buckets
        },
    }


def tickets_csv(tickets: Iterable[Ticket], calendars: Calendars, now: int) -> Iterator[str]:
    """Lines of CSV, heading first; no cell of it is a formula to a spreadsheet."""
    yield _csv_line(CSV_COLUMNS)
    for ticket in tickets:
        values = _facts(ticket, calendars, now)
        yield _csv_line([values[name] for name in CSV_COLUMNS])


def _csv_line(values: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([csv_cell(value) for value in values])
    return line.getvalue()
