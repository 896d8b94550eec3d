"""What a store knows for a hand-over: the tickets that one must tell of, and when the next shift opens."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import islice

from slaboard.reports.handover import Handover, next_shift
from slaboard.sla.calendar import BusinessCalendar
from slaboard.store.read.lives import PAGE
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Zone

# Whose clock turns orange or red in (:now, :until], who waits, who is held, and what was taken over since :day_began.
_TOLD = """
    SELECT ticket_id FROM clocks WHERE state = 'running'
        AND ((orange_at > :now AND orange_at <= :until) OR (red_at > :now AND red_at <= :until))
    UNION SELECT id FROM tickets WHERE ended_at IS NULL AND (stage = 'waiting' OR owner IS NOT NULL)
    UNION SELECT e.ticket_id FROM tickets t CROSS JOIN events e ON e.ticket_id = t.id
        WHERE t.changed_at >= :day_began AND e.at >= :day_began AND e.kind = 'takeover'
    ORDER BY 1"""
# The calendars under which open tickets count, the one of most tickets first.
_CALENDARS = "SELECT calendar FROM clocks WHERE place IN (1, 2) GROUP BY calendar ORDER BY count(*) DESC, calendar"


def office(store: SqliteStore) -> tuple[str, BusinessCalendar] | None:
    """The calendar with closing hours under which most open tickets count, with its name; None without one."""
    calendars = store.policy().calendars
    counted = [row[0] for row in store.ask(_CALENDARS)]
    names = [*(name for name in counted if name in calendars), *calendars]
    return next(((name, calendars[name]) for name in names if not calendars[name].is_always), None)


def shift_opens(store: SqliteStore, now: int, day_began: int) -> tuple[int, str] | None:
    """When the next shift opens, and by which calendar; None where nobody ever closes."""
    found = office(store)
    opens = next_shift(found[1], now, day_began) if found else None
    return None if found is None or opens is None else (opens, found[0])


def told(store: SqliteStore, now: int, until: int, day_began: int) -> list[str]:
    """Which tickets a hand-over must look at: pages of ids, each a JSON array, as `Live.batches` has them."""
    bound = {"now": now, "until": until, "day_began": day_began}
    with store.reading() as connection:
        ids = (row[0] for row in connection.execute(_TOLD, bound))
        return [json.dumps(page) for page in iter(lambda: list(islice(ids, PAGE)), [])]


def handover(
    store: SqliteStore, now: int, until: int, day_began: int, pages: Sequence[str],
    on_tickets: Callable[[int], None] | None = None, *, most: int | None = None,
) -> Handover:  # fmt: skip
    """The hand-over at `now` of the tickets that are `told`, for whoever takes over at `until`; of each kind `most`."""
    grid = store.grid(now)
    found = Handover(now, until, day_began, red=grid.zone(Zone.RED), orange=grid.zone(Zone.ORANGE), most=most)
    policies, done = store.policy(), 0
    for page in map(json.loads, pages):
        histories = store.histories(page)
        for ticket in store.some(page, now, as_it_came=True):
            found.add(ticket, histories.get(ticket.id, ()), policies)
        done += len(page)
        if on_tickets is not None:
            on_tickets(done)
    found.sort()
    return found
