"""The store as it was at a moment: its events up to then, replayed (rule 24)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from slaboard.board.counting import grid_of, only_updates, shown, tab_counts
from slaboard.board.instant import utc
from slaboard.board.pivot import Pivot, Turned
from slaboard.board.sorting import ordered, value_of
from slaboard.board.state import Detail, Grid, Page
from slaboard.board.views import Filter, Tab, View
from slaboard.errors import NoSuchTicket, NotOpenedYet
from slaboard.host.aside import InOrder
from slaboard.store.read.moment import cleaned, tickets_at
from slaboard.store.read.pivoting import clocks_of, turned_of
from slaboard.store.rows import is_worse
from slaboard.store.sqlite import SqliteStore
from slaboard.store.words import contains, is_priority, means
from slaboard.text import clean
from slaboard.ticket import Bucket, Clock, ClockState, Stage, Ticket, Zone

ALL = Filter()
PAGE = 200
"""Tickets that are replayed at once."""

# The next tickets to which something had happened by :at; the index has it all.
_NEXT = """
    SELECT DISTINCT ticket_id FROM events INDEXED BY events_ticket
    WHERE ticket_id > :last AND at <= :at ORDER BY ticket_id LIMIT :limit"""
# Of the tickets :ids all, or all but those that had ended by :at and to which nothing has happened since.
_ALL = "SELECT value FROM json_each(:ids)"
_UNENDED = """
    SELECT i.value FROM json_each(:ids) i WHERE NOT EXISTS (
        SELECT 1 FROM tickets t WHERE t.id = i.value AND t.ended_at <= :at AND t.stale = 0
        AND NOT EXISTS (SELECT 1 FROM events e WHERE e.ticket_id = t.id AND e.at > :at))"""


class Past:
    """What a board can ask of the store as it stood at `at`; nothing can be done to it any more.

    Tickets opened by then, with owner, status and stage as they were; running clocks under the policy in force today;
    results frozen by then as they were frozen. A board asks again and again, so the open tickets are kept; not with
    `once`, for somebody who asks one thing of any number of tickets. `on_tickets` hears how many are looked at.
    """

    def __init__(
        self, store: SqliteStore, at: int, *, once: bool = False, on_tickets: Callable[[int], None] | None = None
    ) -> None:
        self.store, self.at, self.name = store, at, store.name
        self._once, self._on_tickets = once, on_tickets
        self._open: dict[str, Ticket] | None = None
        self._seen = self._look()
        self._lists: dict[View, list[Ticket]] = {}

    def move(self, at: int) -> None:
        """Go to another moment. Only tickets to which something happened in between are folded anew.

        What others wrote meanwhile is not looked for, but by `renew`.
        """
        first, self.at = self.at, at
        self._lists = {}
        if self._open is None:
            return
        span = {"first": min(first, at), "last": max(first, at)}
        self._again(self._open, [row[0] for row in self.store.ask(_TOUCHED, span)])

    def renew(self) -> None:
        """See what others wrote meanwhile. Only tickets that changed are read anew, unless some may be gone."""
        before, self._seen = self._seen, self._look()
        self._lists = {}
        if self._open is None:
            return
        is_other = before[1:3] != self._seen[1:3] or before[0] > self._seen[0] or before[3] > self._seen[3]
        if is_other:
            self._open = None
            return
        self._again(self._open, [row[0] for row in self.store.ask(_CHANGED, {"rev": before[0]})])

    def _look(self) -> tuple[int, int, int, int]:
        rev, undone, tickets = self.store.ask(_READ)[0]
        return rev, undone, self.store.policy_version(), tickets

    def _again(self, known: dict[str, Ticket], changed: Sequence[str]) -> None:
        """Read the `changed` of those that are `known` anew."""
        for ticket in changed:
            known.pop(clean(ticket), None)
        pages = (list(changed[first : first + PAGE]) for first in range(0, len(changed), PAGE))
        known |= {ticket.id: ticket for ticket in self._opened(pages)}

    def all(self) -> Iterator[Ticket]:
        """Every ticket that had been opened, texts clean, in the order of their ids."""
        return (cleaned(ticket) for ticket in self._replayed(self._pages()))

    def _those_open(self) -> Iterable[Ticket]:
        """The open tickets, texts clean; those that had ended for good are not even folded."""
        if self._once:
            return self._opened(self._pages(_UNENDED))
        if self._open is None:
            self._open = {ticket.id: ticket for ticket in self._opened(self._pages(_UNENDED))}
        return self._open.values()

    def _opened(self, pages: Iterable[list[str]]) -> Iterator[Ticket]:
        return (cleaned(ticket) for ticket in self._replayed(pages) if ticket.stage.is_open)

    def _pages(self, which: str = _ALL) -> Iterator[list[str]]:
        """The ids of the tickets that `which` picks of those with events, a page at a time, in their order."""
        last, seen = "", 0
        bound: dict[str, object] = {"at": self.at, "limit": PAGE}
        while page := [row[0] for row in self.store.ask(_NEXT, {**bound, "last": last})]:
            last, seen = page[-1], seen + len(page)
            yield [row[0] for row in self.store.ask(which, {"at": self.at, "ids": json.dumps(page)})]
            if self._on_tickets is not None:
                self._on_tickets(seen)

    def _replayed(self, pages: Iterable[list[str]]) -> Iterator[Ticket]:
        """The tickets of `pages`, as they were. No more than one page is held, and no reader is long."""
        version = self.store.policy_version()
        for page in pages:
            yield from tickets_at(self.store, page, self.at, version)

    def tickets(self, now: int, *, view: View, ended: bool = False, as_it_came: bool = False) -> Iterator[Ticket]:
        """Every ticket of the view in the list's order, then the ended ones when asked for; any number of them."""
        found: InOrder[Ticket] = InOrder(Ticket)
        for came in self._replayed(self._pages(_ALL if ended else _UNENDED)):
            shown = cleaned(came)
            if self._is_listed(shown, view):
                key = saving_order(shown, self.at, view.filter.bucket)
            elif ended and not shown.stage.is_open and matches(shown, view.filter, self.at):
                key = ENDED, 0, came.id
            else:
                continue
            found.add(key, came if as_it_came else shown)
        yield from found if view.sort.is_own else self._sorted(found, view)

    def _sorted(self, found: Iterable[Ticket], view: View) -> Iterator[Ticket]:
        """The same in the order of the view; the ended ones stay behind."""
        shown = (cleaned(ticket) for ticket in found if ticket.stage.is_open)
        rows = ((ticket.id, value_of(ticket, view.sort.by, counted(ticket, view.filter.bucket))) for ticket in shown)
        place = {id_: number for number, id_ in enumerate(ordered(rows, view.sort))}
        again: InOrder[Ticket] = InOrder(Ticket)
        for ticket in found:
            again.add((place[clean(ticket.id)] if ticket.stage.is_open else len(place), 0, ""), ticket)
        yield from again

    def grid(self, now: int, view: View | None = None) -> Grid:
        """The grid as it was."""
        wanted = view.filter if view is not None else Filter()
        found = grid_of(self._matching(wanted), self.at, uses_update=self.store.policy().uses_update)
        return only_updates(found, wanted.own_zones) if wanted.bucket is Bucket.UPDATE else found

    def turned(self, by: Pivot, now: int, wanted: Filter = ALL) -> Turned:
        """The tickets on a clock by `by`, or all running clocks."""
        if by is Pivot.CLOCKS:
            return clocks_of(self._matching(wanted), self.at, uses_update=self.store.policy().uses_update)
        return turned_of(((ticket, counted(ticket, wanted.bucket)) for ticket in self._matching(wanted)), by, self.at)

    def _matching(self, wanted: Filter) -> Iterator[Ticket]:
        return (t for t in self._those_open() if wanted.is_empty or matches(t, wanted, self.at))

    def counts(self, now: int, person: str | None) -> Mapping[str, int]:
        """Tickets per tab."""
        mine = sum(t.owner == person for t in self._those_open()) if person else 0
        return tab_counts(self.grid(now), mine)

    def window(self, view: View, now: int, first: int, limit: int) -> Page:
        """`limit` tickets of the list from index `first` on."""
        found = self._of(view)
        is_whole = view.tab is Tab.NEEDS and view.filter.is_empty
        lost = [t for t in self._of(View(Tab.BREACHED)) if t.owner is None] if is_whole else []
        rows = tuple(self._as_now(ticket) for ticket in found[first : first + limit])
        return Page(rows, first, len(found), lost[0] if lost else None)

    def nearest(self, view: View, now: int, limit: int) -> list[Ticket]:
        """The first `limit` tickets of a list."""
        return list(self.window(view, now, 0, limit).rows)

    def rank(self, view: View, now: int, ticket: str) -> int | None:
        """The index of `ticket` in the list, None when it is not in it."""
        return next((i for i, found in enumerate(self._of(view)) if found.id == ticket), None)

    def seek(self, view: View, now: int, ticket: str | None, step: int) -> str | None:
        """The ticket after `ticket` in the list (before it, by -1) that needed claiming; None when none did."""
        wanted = {found.id for found in self._of(replace(view, tab=Tab.NEEDS))}
        ids = [found.id for found in self._of(view)]
        here = ids.index(ticket) if ticket in ids else -1 if step > 0 else len(ids)
        around = (ids[(here + step * away) % len(ids)] for away in range(1, len(ids) + 1))
        return next((id_ for id_ in around if id_ in wanted), None)

    def some(self, ids: Sequence[str], now: int) -> list[Ticket]:
        """The tickets of `ids`, in no order; those that had not been opened are left out."""
        return [cleaned(ticket) for ticket in self._replayed([list(ids)])] if ids else []

    def detail(self, ticket: str, now: int) -> Detail:
        """One ticket with its history up to the moment."""
        found = self.some([ticket], now)
        if not found:
            if self.store.some([ticket], now):
                raise NotOpenedYet(clean(ticket), utc(self.at))
            raise NoSuchTicket(clean(ticket))
        return Detail(found[0], tuple(event for event in self.store.events(ticket) if event.at <= self.at))

    def loads(self) -> Mapping[str, int]:
        """Open tickets per owner."""
        return Counter(ticket.owner for ticket in self._those_open() if ticket.owner is not None)

    def _of(self, view: View) -> list[Ticket]:
        if view not in self._lists:
            self._lists[view] = self._listed(self._those_open(), view)
        return self._lists[view]

    def _listed(self, tickets: Iterable[Ticket], view: View) -> list[Ticket]:
        found = (ticket for ticket in tickets if self._is_listed(ticket, view))
        in_order = sorted(found, key=lambda ticket: saving_order(ticket, self.at, view.filter.bucket))
        if view.sort.is_own:
            return in_order
        by_id = {ticket.id: ticket for ticket in in_order}
        rows = ((ticket.id, value_of(ticket, view.sort.by, counted(ticket, view.filter.bucket))) for ticket in in_order)
        return [by_id[id_] for id_ in ordered(rows, view.sort)]

    def _is_listed(self, ticket: Ticket, view: View) -> bool:
        return (
            ticket.stage.is_open
            and (view.filter.is_empty or matches(ticket, view.filter, self.at))
            and _in_tab(ticket, view, self.at)
        )

    def _as_now(self, ticket: Ticket) -> Ticket:
        """`ticket`, folded at another moment, with the mark that time alone changes."""
        return replace(ticket, worse=is_worse(ticket, self.at))


# To which tickets something happened in (:first, :last].
_TOUCHED = """
    SELECT ticket_id FROM events WHERE at > :first AND at <= :last
    UNION SELECT ticket_id FROM outcomes WHERE stopped_at > :first AND stopped_at <= :last"""
# What tells whether the store is still the one that was read: a revision that only grows, imports taken back, tickets.
_READ = """
    SELECT (SELECT rev FROM state), (SELECT count(*) FROM imports WHERE undone_at NOTNULL),
    (SELECT count(*) FROM tickets)"""
_CHANGED = "SELECT id FROM tickets WHERE rev > :rev"


def counted(ticket: Ticket, bucket: Bucket | None) -> Clock | None:
    """The clock by which a list of `bucket` has the ticket: its update's, or the one under which it counts."""
    if bucket is not Bucket.UPDATE:
        return ticket.clock(ticket.bucket)
    update = ticket.clock(Bucket.UPDATE)
    return update if update is not None and update.is_live and ticket.stage is not Stage.WAITING else None


def saving_order(ticket: Ticket, now: int, bucket: Bucket | None = None) -> tuple[int, int, str]:
    """The order of a list: orange, yellow, red, green, waiting, no SLA; in each by wall-clock due (rule 5)."""
    place = counted(ticket, bucket)
    if place is None or (ticket.no_sla is not None and bucket is not Bucket.UPDATE):
        return 5, ticket.opened_at or 0, ticket.id
    rank = 4 if ticket.stage is Stage.WAITING else _SAVING.index(place.zone(now))
    return rank, place.due_at or 0, ticket.id


ENDED = 9
"""Where the ended ones stand in a list, as `saving_order` has it: behind all others."""
_SAVING: Sequence[Zone] = (Zone.ORANGE, Zone.YELLOW, Zone.RED, Zone.GREEN)


def _in_tab(ticket: Ticket, view: View, now: int) -> bool:
    if view.tab is Tab.ALL:
        return True
    if view.tab is Tab.MINE:
        return ticket.owner is not None and ticket.owner == view.person
    place = counted(ticket, view.filter.bucket)
    if place is None or ticket.stage is Stage.WAITING:
        return False
    zone = place.zone(now)
    if view.tab is Tab.BREACHED:
        return zone is Zone.RED
    return ticket.owner is None and (zone in (Zone.ORANGE, Zone.YELLOW) or zone in view.filter.own_zones)


def matches(ticket: Ticket, wanted: Filter, now: int) -> bool:
    """Whether `wanted` lets `ticket` through: the same answer as the store's SQL gives."""
    text = " ".join((ticket.id, ticket.title, ticket.customer, ticket.status, ticket.board))
    place = counted(ticket, wanted.bucket)

    def stands(word: str) -> bool:
        return contains(text, word) or contains(ticket.owner or "", word)

    return (
        all(stands(word) for word in wanted.words)
        and not any(stands(word) for word in wanted.without)
        and (not wanted.priorities or any(is_priority(p, ticket.priority) for p in wanted.priorities))
        and (not wanted.owners or any(means(owner, ticket.owner or "") for owner in wanted.owners))
        and (not wanted.customers or any(means(customer, ticket.customer) for customer in wanted.customers))
        and (not wanted.boards or any(means(board, ticket.board) for board in wanted.boards))
        and (not wanted.unowned or ticket.owner is None)
        and (not wanted.own_zones or (_cell_zone(ticket, place, now) in wanted.own_zones))
        and (wanted.clock is None or _runs(ticket, wanted.clock, wanted.zones, now))
        and (wanted.bucket is None or (place is not None and shown(place.bucket) is wanted.bucket))
    )


def _runs(ticket: Ticket, bucket: Bucket, zones: frozenset[Zone], now: int) -> bool:
    """Whether a clock of `bucket` runs, in one of `zones` where any is named."""
    return any(
        shown(clock.bucket) is bucket and clock.state is ClockState.RUNNING and (not zones or clock.zone(now) in zones)
        for clock in ticket.clocks
    )


def _cell_zone(ticket: Ticket, place: Clock | None, now: int) -> Zone | None:
    return None if place is None or ticket.stage is Stage.WAITING else place.zone(now)
