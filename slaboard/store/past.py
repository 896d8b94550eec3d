"""The store as it was at a moment: its events up to then, replayed (rule 24)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from slaboard.board.counting import grid_of, shown, tab_counts
from slaboard.board.state import Detail, Grid, Page
from slaboard.board.views import Filter, Tab, View
from slaboard.errors import NoSuchTicket
from slaboard.sla.clock import Replay, place
from slaboard.store.driver import Row
from slaboard.store.folding import NO_TIME_LEFT, folded
from slaboard.store.queries import contains, priority_pattern
from slaboard.store.rows import event_of, is_worse, outcome_clock, raw
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean
from slaboard.ticket import Bucket, Clock, Event, Stage, Ticket, Zone

Text = Callable[[str], str]


class Past:
    """What a board can ask of the store as it stood at `at`; nothing can be done to it any more.

    Tickets opened by then, with owner, status and stage as they were; running clocks under the policy in force today;
    results frozen by then as they were frozen.
    """

    def __init__(self, store: SqliteStore, at: int) -> None:
        self.store, self.at, self.name = store, at, store.name
        self._raw: list[Ticket] | None = None
        self._clean: list[Ticket] | None = None

    def all(self) -> list[Ticket]:
        """Every ticket that had been opened, texts clean, in the order of their ids."""
        if self._clean is None:
            self._clean = [cleaned(ticket) for ticket in self.all_raw()]
        return self._clean

    def all_raw(self) -> list[Ticket]:
        """The same tickets, texts as they came."""
        if self._raw is None:
            self._raw = list(self._replayed())
        return self._raw

    def _replayed(self) -> Iterator[Ticket]:
        version = self.store.policy_version()
        frozen = self._frozen()
        ended_under = dict(self.store.ask(_ENDED_UNDER, (version,)))
        for ticket, events in self._histories():
            found = folded(ticket, events, self.store.policy_of(version), version)
            if ticket in ended_under and found.fold.standing.ended_at is not None:
                found = folded(ticket, events, self.store.policy_of(ended_under[ticket]), ended_under[ticket])
            kept = frozen.get(ticket, {})
            clocks = [clock for clock in found.clocks if (clock.bucket, clock.cycle) not in kept]
            clocks += kept.values()
            clocks.sort(key=lambda clock: (_BUCKETS.index(clock.bucket), clock.cycle))
            made = ticket_from(found.fold, tuple(clocks), self.at, raw)
            yield made if found.is_promised else replace(made, no_sla=made.no_sla and NO_TIME_LEFT)

    def _histories(self) -> Iterator[tuple[str, list[Event]]]:
        """Each ticket with its events up to the moment."""
        sql = "SELECT * FROM events WHERE at <= ? ORDER BY ticket_id, at"
        ticket, events = None, list[Event]()
        with self.store.reading() as connection:
            for row in connection.execute(sql, (self.at,)):
                if row["ticket_id"] != ticket:
                    if ticket is not None and events:
                        yield ticket, events
                    ticket, events = row["ticket_id"], []
                if (event := _readable(row)) is not None:
                    events.append(event)
        if ticket is not None and events:
            yield ticket, events

    def _frozen(self) -> dict[str, dict[tuple[Bucket, int], Clock]]:
        found: dict[str, dict[tuple[Bucket, int], Clock]] = {}
        sql = "SELECT * FROM outcomes WHERE stopped_at <= ? ORDER BY revision"
        for row in self.store.ask(sql, (self.at,)):
            clocks = found.setdefault(row["ticket_id"], {})
            key = (Bucket(row["bucket"]), row["cycle"])
            if row["withdrawn"]:
                clocks.pop(key, None)
            else:
                clocks[key] = outcome_clock(row)
        return found

    def tickets(self, now: int, *, view: View, ended: bool = False, as_it_came: bool = False) -> Iterator[Ticket]:
        """Every ticket of the view in the list's order, then the ended ones when asked for."""
        listed = self._of(view)
        if ended:
            listed += [t for t in self.all() if not t.stage.is_open and matches(t, view.filter, self.at)]
        if as_it_came:
            came = {id(shown): ticket for shown, ticket in zip(self.all(), self.all_raw(), strict=True)}
            listed = [came[id(ticket)] for ticket in listed]
        yield from listed

    def grid(self, now: int, view: View | None = None) -> Grid:
        """The grid as it was."""
        wanted = view.filter if view is not None else Filter()
        tickets = (t for t in self.all() if t.stage.is_open and matches(t, wanted, self.at))
        return grid_of(tickets, self.at, uses_update=self.store.policy().uses_update)

    def counts(self, now: int, person: str | None) -> Mapping[str, int]:
        """Tickets per tab."""
        mine = sum(t.stage.is_open and t.owner == person for t in self.all()) if person else 0
        return tab_counts(self.grid(now), mine)

    def window(self, view: View, now: int, first: int, limit: int) -> Page:
        """`limit` tickets of the list from index `first` on."""
        found = self._of(view)
        lost = [t for t in self._of(View(Tab.BREACHED)) if t.owner is None] if view.tab is Tab.NEEDS else []
        return Page(tuple(found[first : first + limit]), first, len(found), lost[0] if lost else None)

    def rank(self, view: View, now: int, ticket: str) -> int | None:
        """The index of `ticket` in the list, None when it is not in it."""
        return next((i for i, found in enumerate(self._of(view)) if found.id == ticket), None)

    def detail(self, ticket: str, now: int) -> Detail:
        """One ticket with its history up to the moment."""
        found = next((t for t in self.all() if t.id == ticket), None)
        if found is None:
            raise NoSuchTicket(clean(ticket))
        return Detail(found, tuple(event for event in self.store.events(ticket) if event.at <= self.at))

    def loads(self) -> Mapping[str, int]:
        """Open tickets per owner."""
        found: dict[str, int] = {}
        for ticket in self.all():
            if ticket.stage.is_open and ticket.owner is not None:
                found[ticket.owner] = found.get(ticket.owner, 0) + 1
        return found

    def _of(self, view: View) -> list[Ticket]:
        found = [
            ticket
            for ticket in self.all()
            if ticket.stage.is_open and matches(ticket, view.filter, self.at) and _in_tab(ticket, view, self.at)
        ]
        return sorted(found, key=lambda ticket: saving_order(ticket, self.at))


def ticket_from(fold: Replay, clocks: tuple[Clock, ...], at: int, text: Text) -> Ticket:
    """The ticket that `fold` has come to, with `clocks`, as seen at `at`; `text` makes its strings safe."""
    now = fold.standing
    counted = place(now.stage, now.rung, clocks)
    made = Ticket(
        id=text(now.id), title=text(now.title), customer=text(now.customer), priority=text(now.priority),
        status=text(now.status), stage=now.stage, owner=None if now.owner is None else text(now.owner),
        policy=fold.policy_name(), opened_at=now.opened_at, bucket=None if counted is None else counted.bucket,
        no_sla=fold.no_sla(counted), url=text(now.url), board=text(now.board), type=text(now.type),
        owned_at=now.owned_at, changed_at=now.changed_at, clocks=clocks,
    )  # fmt: skip
    return replace(made, worse=is_worse(made, at))


def cleaned(ticket: Ticket) -> Ticket:
    """`ticket` with its texts made safe for a terminal."""
    texts = {name: clean(getattr(ticket, name)) for name in _TEXTS}
    return replace(ticket, **texts, owner=None if ticket.owner is None else clean(ticket.owner))


_TEXTS = ("id", "title", "customer", "priority", "status", "board", "type", "url")
_BUCKETS = list(Bucket)
# Ended tickets that stay under an earlier version of the policy (rule 15).
_ENDED_UNDER = "SELECT id, policy_version FROM tickets WHERE ended_at IS NOT NULL AND policy_version <> ?"


def saving_order(ticket: Ticket, now: int) -> tuple[int, int, str]:
    """The order of a list: orange, yellow, red, green, waiting, no SLA; in each by wall-clock due (rule 5)."""
    place = ticket.clock(ticket.bucket)
    if place is None or ticket.no_sla is not None:
        return 5, ticket.opened_at or 0, ticket.id
    rank = 4 if ticket.stage is Stage.WAITING else _SAVING.index(place.zone(now))
    return rank, place.due_at or 0, ticket.id


_SAVING: Sequence[Zone] = (Zone.ORANGE, Zone.YELLOW, Zone.RED, Zone.GREEN)


def _in_tab(ticket: Ticket, view: View, now: int) -> bool:
    if view.tab is Tab.ALL:
        return True
    if view.tab is Tab.MINE:
        return ticket.owner is not None and ticket.owner == view.person
    place = ticket.clock(ticket.bucket)
    if place is None or ticket.stage is Stage.WAITING:
        return False
    zone = place.zone(now)
    if view.tab is Tab.BREACHED:
        return zone is Zone.RED
    return ticket.owner is None and (zone in (Zone.ORANGE, Zone.YELLOW) or zone in view.filter.zones)


def matches(ticket: Ticket, wanted: Filter, now: int) -> bool:
    """Whether `wanted` lets `ticket` through: the same answer as the store's SQL gives."""
    text = " ".join((ticket.id, ticket.title, ticket.customer, ticket.owner or "", ticket.status, ticket.board))
    place = ticket.clock(ticket.bucket)
    return (
        all(contains(text, word) for word in wanted.words)
        and not any(contains(text, word) for word in wanted.without)
        and (not wanted.priorities or any(is_priority(p, ticket.priority) for p in wanted.priorities))
        and (not wanted.owners or any(contains(ticket.owner or "", owner) for owner in wanted.owners))
        and (not wanted.customers or any(contains(ticket.customer, customer) for customer in wanted.customers))
        and (not wanted.unowned or ticket.owner is None)
        and (not wanted.zones or (_cell_zone(ticket, place, now) in wanted.zones))
        and (wanted.bucket is None or (place is not None and shown(place.bucket) is wanted.bucket))
    )


def _cell_zone(ticket: Ticket, place: Clock | None, now: int) -> Zone | None:
    return None if place is None or ticket.stage is Stage.WAITING else place.zone(now)


def is_priority(typed: str, priority: str) -> bool:
    """Whether `p1` or `1` means `priority`."""
    return re.search(priority_pattern(typed), priority) is not None


def _readable(row: Row) -> Event | None:
    try:
        return event_of(row)
    except (ValueError, TypeError):
        return None
