"""Orders of a list other than its own: by what it sorts, and how texts with numbers in them compare. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from slaboard.board.views import Sort, SortBy
from slaboard.ticket import Clock, Ticket

Value = int | str | None
"""What a ticket is sorted by; None and an empty text come last, whichever way."""
_MOST = 200
"""So much of a text counts."""

Part = tuple[str, int]


def natural(text: str) -> tuple[Part, ...]:
    """`P2` before `P10`, `T-9` before `T-10`, whatever the case."""
    parts = re.split(r"(\d{1,18})", text[:_MOST].lower())
    numbers = [int(number) for number in parts[1::2]]
    return tuple(zip(parts[::2], [*numbers, -1], strict=True))


def ordered(rows: Iterable[tuple[str, Value]], sort: Sort) -> list[str]:
    """The ids of `rows`, each an id with its value, in the order of `sort`; equal ones by id."""
    named = [(natural(id_), id_, value) for id_, value in rows]
    named.sort()
    there = [(id_, value) for _, id_, value in named if value not in (None, "")]
    there.sort(key=lambda row: _key(row[1]), reverse=sort.reverse)  # stable: equal ones stay by id
    return [id_ for id_, _ in there] + [id_ for _, id_, value in named if value in (None, "")]


def _key(value: Value) -> tuple[Part, ...]:
    return (("", value),) if isinstance(value, int) else natural(value or "")


def value_of(ticket: Ticket, by: SortBy, place: Clock | None) -> Value:
    """What `ticket` is sorted by; `place` is the clock by which it stands in the list."""
    if by is SortBy.DUE:
        return None if place is None else place.due_at
    found: Value = {
        SortBy.PRIORITY: ticket.priority,
        SortBy.CUSTOMER: ticket.customer,
        SortBy.OWNER: ticket.owner,
        SortBy.OPENED: ticket.opened_at,
    }.get(by, ticket.id)
    return found
