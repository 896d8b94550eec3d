"""A list in another order than its own: read whole and sorted, so it may not be long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slaboard.board import sorting
from slaboard.board.sorting import Value
from slaboard.board.views import Sort, SortBy
from slaboard.store.read.listing import Listing

MOST = 20_000
"""Longer lists keep their own order: to sort this many takes as long as to count a store anew."""

_CUSTOMER = "substr(c.words, instr(c.words, char(10)) + 1)"
# What a ticket with a place in the grid is sorted by, and one without SLA.
OF_CLOCKS = {
    SortBy.DUE: "c.due_at",
    SortBy.PRIORITY: "c.priority",
    SortBy.CUSTOMER: _CUSTOMER,
    SortBy.OWNER: "c.owner",
    SortBy.OPENED: "(SELECT t.opened_at FROM tickets t WHERE t.id = c.ticket_id)",
    SortBy.ID: "c.ticket_id",
}
OF_TICKETS = {**OF_CLOCKS, SortBy.DUE: "NULL", SortBy.OPENED: "c.opened_at", SortBy.ID: "c.id"}


def sorted_ids(listing: Listing, sort: Sort) -> list[str] | None:
    """Every id of the list in the order of `sort`; None where there are too many."""
    if listing.total() > MOST:
        return None
    rows: list[tuple[str, Value]] = []
    for group in listing.groups:
        rows += listing.values(group, (OF_CLOCKS if group.place else OF_TICKETS)[sort.by])
    return sorting.ordered(rows, sort)


class Sorted:
    """A list whose ids are all known, in their order."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = ids
        self._indexes: dict[str, int] | None = None

    def total(self) -> int:
        """How many tickets the list has."""
        return len(self._ids)

    def page(self, first: int, limit: int) -> list[str]:
        """Up to `limit` ids from index `first` on."""
        return list(self._ids[first : first + limit])

    def all(self) -> list[str]:
        """Every id, in order."""
        return list(self._ids)

    def each(self) -> Iterator[str]:
        """Every id, in order, one by one."""
        return iter(self._ids)

    def rank(self, ticket: str) -> int | None:
        """The index of `ticket`, None when it is not in the list."""
        if self._indexes is None:
            self._indexes = {id_: index for index, id_ in enumerate(self._ids)}
        return self._indexes.get(ticket)
