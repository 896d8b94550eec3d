"""The store as it is now, as one board follows it: what was counted once is kept and moved on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from slaboard.board.counting import tab_counts
from slaboard.board.pivot import Pivot, Turned
from slaboard.board.state import Detail, Grid, Page
from slaboard.board.views import Filter, Tab, View
from slaboard.errors import StoreError
from slaboard.sla.calendar import BusinessCalendar
from slaboard.store.read import census, queries
from slaboard.store.read.baseline import Baseline
from slaboard.store.read.census import Census, Count, Entry
from slaboard.store.read.listing import Anchor, Listing
from slaboard.store.read.pivoting import (
    MOST,
    MOST_JOINED,
    Turn,
    Turning,
    by_priority,
    clocks_of_hits,
    every_clock,
    in_zones,
)
from slaboard.store.read.search import Names, Where, narrows, needs_names, where
from slaboard.store.read.sorting import Sorted, sorted_ids
from slaboard.text import clean
from slaboard.ticket import Ticket

if TYPE_CHECKING:
    from slaboard.store.sqlite import SqliteStore

ALL, NOBODY = Filter(), Names()
LEDGER_SCHEMA = 3
"""The schema that brought the ledger."""
FLOOR_BACK_S = 60 * 86_400
"""So far back we look for when a calendar was open last."""


class _Seen(Struct, frozen=True):
    """A filter as SQL, its grid, and its tickets where they are few."""

    counting: Census
    found: Where
    grid: Grid
    among: tuple[str, ...] | None


class Live:
    """What a board can ask of the store; several questions at one `now` are answered as of one moment."""

    def __init__(self, store: SqliteStore, baseline: Baseline | None = None) -> None:
        self.store = store
        self._baseline = baseline
        self._base: Count | None = None
        self._found: Count | None = None
        """The last filter's tickets, counted without its zones."""
        self._anchor: Anchor | None = None
        self._names: tuple[Entry, Names] | None = None
        self._loads: tuple[Entry, Mapping[str, int]] | None = None
        self._told: tuple[str, Detail] | None = None
        """The detail that was asked for last, and its ticket's id in the store."""
        self._floor = (-1, -1, 0)
        self._turns: dict[bool, Turn] = {}
        """The turned grid of all tickets, and of the filtered ones."""
        self._sorted: tuple[tuple[View, int, Count | None], Sorted | None] | None = None
        if baseline is not None and (found := baseline.take()) is not None:
            self._base, self._loads = found

    @property
    def name(self) -> str:
        """The store's name."""
        return self.store.name

    # --- what a board asks ------------------------------------------------------------------------------------

    def grid(self, now: int, view: View | None = None) -> Grid:
        """The grid at `now`, of all open tickets or of those that the view's filter lets through."""
        with self._seen(now, view.filter if view is not None else ALL) as seen:
            return seen.grid if view is not None and not view.filter.is_empty else seen.counting.with_next(seen.grid)

    def loads(self) -> Mapping[str, int]:
        """Open tickets per owner."""
        with self.store.reading() as connection:
            last = census.last_entry(connection)
            at, known = self._loads if self._loads is not None else (last, None)
            self._loads = last, census.loads(connection, known, at)
        loads: dict[str, int] = {}
        for owner, count in self._loads[1].items():
            loads[clean(owner)] = loads.get(clean(owner), 0) + count
        return loads

    def counts(self, now: int, person: str | None) -> Mapping[str, int]:
        """Tickets per tab."""
        grid = self.grid(now)
        return tab_counts(grid, self.loads().get(person or "", 0))

    def window(self, view: View, now: int, first: int, limit: int) -> Page:
        """`limit` tickets of the list from index `first` on, and how many the list has."""
        with self._listing(view, now) as (listing, grid):
            order, is_sorted = self._ordered(listing, view, now)
            total = order.total()
            ids, pinned = order.page(first, limit), []
            self._anchor = listing.anchor
            if view.tab is Tab.NEEDS and view.filter.is_empty and grid.breached_unclaimed:
                pinned = [row[0] for row in self.store.ask(queries.WORST, {"now": now})]
            rows = self.store.some([*ids, *pinned], now)
            worst = rows.pop() if pinned else None
            return Page(tuple(rows), min(first, total), total, worst, is_sorted)

    def rank(self, view: View, now: int, ticket: str) -> int | None:
        """The index of `ticket` in the list, None when it is not in it."""
        with self._listing(view, now) as (listing, _):
            index = self._ordered(listing, view, now)[0].rank(ticket)
            self._anchor = listing.anchor
            return index

    def ids(self, view: View, now: int) -> list[str]:
        """Every id of the list, in its order."""
        with self._listing(view, now) as (listing, _):
            return self._ordered(listing, view, now)[0].all()

    def batches(self, view: View, now: int, size: int) -> list[str]:
        """Every id of the list in its order, as JSON arrays of `size`: a million take 20 MB, as a list 80."""
        with self._listing(view, now) as (listing, _):
            ids = self._ordered(listing, view, now)[0].each()
            return [json.dumps(batch) for batch in iter(lambda: list(islice(ids, size)), [])]

    def seek(self, view: View, now: int, ticket: str | None, step: int) -> str | None:
        """The ticket after `ticket` in the list (before it, by -1) that needs claiming; None when none does."""
        needs = replace(view, tab=Tab.NEEDS)
        with self._listing(needs, now) as (listing, _):
            if needs.sort.is_own:
                return listing.beside(ticket or "", step)
            wanted = set(listing.all())
        ids = self.ids(view, now)
        here = ids.index(ticket) if ticket in ids else -1 if step > 0 else len(ids)
        around = (ids[(here + step * away) % len(ids)] for away in range(1, len(ids) + 1))
        return next((id_ for id_ in around if id_ in wanted), None)

    def turned(self, by: Pivot, now: int, wanted: Filter = ALL) -> Turned | None:
        """The tickets on a clock by `by`, or all running clocks; None where there are too many for that."""
        with self._seen(now, wanted) as seen:
            if by is Pivot.PRIORITY:
                return by_priority(seen.grid, wanted)
            if by is Pivot.CLOCKS:
                return self._clocks(seen, wanted, now)
            if by is not Pivot.OWNER and seen.grid.open > MOST:
                return None
            plain = wanted if wanted.clock is not None else replace(wanted, zones=frozenset())
            turning = Turning(self.store.connection, by, plain, seen.found, now)
            before = self._turns.get(wanted.is_empty)
            moved = turning.since(before) if before is not None else None
            turn = moved if moved is not None else turning.anew(seen.among)
            self._turns[wanted.is_empty] = turn
            return in_zones(turn.turned, wanted)

    def _clocks(self, seen: _Seen, wanted: Filter, now: int) -> Turned | None:
        if seen.grid.open > (MOST if wanted.is_empty else MOST_JOINED):
            return None
        if wanted.is_empty:
            return every_clock(self.store.connection, seen.grid, now)
        uses_update = self.store.policy().uses_update
        return clocks_of_hits(self.store.connection, wanted, seen.found, now, uses_update=uses_update)

    def nearest(self, view: View, now: int, limit: int) -> list[Ticket]:
        """The first `limit` tickets of a list that is not counted; there must be as many, else all are looked at."""
        with self.store.reading() as connection:
            found = self._where(view.filter)
            listing = Listing(connection, view, now, found, Grid(now), floor=self._lowest_due(now))
            return self.store.some(listing.nearest(limit), now)

    def some(self, ids: Sequence[str], now: int) -> list[Ticket]:
        """The tickets of `ids`, in that order; those that are gone are left out."""
        return self.store.some(ids, now)

    def detail(self, ticket: str, now: int) -> Detail:
        """One ticket with its history, which is read anew only when the ticket has changed."""
        with self.store.reading():
            found = self.store.some([ticket], now)
            if self._told is None or not found or (self._told[0], self._told[1].ticket.rev) != (ticket, found[0].rev):
                self._told = ticket, self.store.detail(ticket, now)
            return replace(self._told[1], ticket=found[0])

    def keep(self) -> None:
        """Leave what was counted to the next board; outside any transaction."""
        if self._baseline is not None and self._base is not None and self._loads is not None:
            self._baseline.put(self._base, self._loads)

    # --- what was counted, moved on ---------------------------------------------------------------------------

    @contextmanager
    def _seen(self, now: int, wanted: Filter) -> Iterator[_Seen]:
        """The numbers of a filter at `now`, in one transaction with whatever is asked besides."""
        self._must_have_ledger()
        with self.store.reading() as connection:
            version = self.store.policy_version()
            counting = Census(connection, version, now, uses_update=self.store.policy_of(version).uses_update)
            base = self._counted(counting)
            found = self._where(wanted)
            plain = wanted if wanted.clock is not None else replace(wanted, zones=frozenset())
            count = self._of(counting, base, plain, found)
            yield _Seen(counting, found, counting.shown(count, wanted, found), count.among)

    def _must_have_ledger(self) -> None:
        """StoreError for a store of an older schema that was opened for reading only; else it is of ours."""
        if self._base is None and self.store.read_only:
            version = self.store.ask("PRAGMA user_version")[0][0]
            if version < LEDGER_SCHEMA:
                raise StoreError(
                    f"The store {self.store.path} was made by an older slaboard (schema {version}) and is opened for "
                    f"reading only. Bring it up to date where it may be written: slaboard status"
                )

    def _counted(self, counting: Census) -> Count:
        """All open tickets, counted anew only where the ledger does not tell what has changed."""
        before = self._base
        moved = counting.since(before) if before is not None else None
        if before is None or moved is None:
            self._base, self._found, self._anchor, self._told = counting.anew(ALL), None, None, None
            self._turns = {}
            return self._base
        self._base = moved
        if self._anchor is not None and moved is not before:
            found = self._where(self._anchor.view.filter)
            listing = Listing(self.store.connection, self._anchor.view, moved.grid.at, found, moved.grid)
            self._anchor = listing.moved(self._anchor, before.last.seq, before.grid.at, moved.grid.at)
        return moved

    def _of(self, counting: Census, base: Count, plain: Filter, found: Where) -> Count:
        if plain.is_empty:
            return base
        if plain == Filter(priorities=plain.priorities):
            return counting.chosen(base, plain)
        before, within = self._found, None
        if before is not None and before.wanted == plain:
            moved = counting.since(before, found)
        else:
            moved = None
            if before is not None and before.among is not None and narrows(plain, before.wanted):
                wider = counting.since(before, self._where(before.wanted))
                within = wider.among if wider is not None else None
        self._found = moved if moved is not None else counting.anew(plain, found, within)
        return self._found

    def _where(self, wanted: Filter) -> Where:
        if not needs_names(wanted):
            return where(wanted, NOBODY)
        last = census.last_entry(self.store.connection)
        at, names = self._names if self._names is not None else (last, None)
        if names is None or at != last:
            names = census.names(self.store.connection, names, at)
            self._names = last, names
        return where(wanted, names)

    @contextmanager
    def _listing(self, view: View, now: int) -> Iterator[tuple[Listing, Grid]]:
        with self._seen(now, view.filter) as seen:
            yield Listing(
                self.store.connection, view, now, seen.found, seen.grid, floor=self._lowest_due(now),
                among=seen.among, anchor=self._anchor,
            ), seen.grid  # fmt: skip

    def _ordered(self, listing: Listing, view: View, now: int) -> tuple[Listing | Sorted, bool]:
        """The list in the order of the view, kept for this second; its own where it is too long for that, and False."""
        if view.sort.is_own:
            return listing, True
        key = (view, now, self._base)
        if self._sorted is None or self._sorted[0] != key:
            ids = sorted_ids(listing, view.sort)
            self._sorted = key, None if ids is None else Sorted(ids)
        found = self._sorted[1]
        return (listing, False) if found is None else (found, True)

    def _lowest_due(self, now: int) -> int:
        """No clock that is not red at `now` was due before; 0 where that cannot be told.

        A clock turns red with the next open second of its calendar. While tickets still stand under an earlier
        policy, its calendars might be others.
        """
        version = self.store.policy_version()
        if self._floor[:2] != (version, now):
            is_mixed = bool(self.store.ask(queries.ANY_STALE))
            calendars = () if is_mixed else self.store.policy().calendars.values()
            floor = min((_last_open(calendar, now) for calendar in calendars), default=0)
            self._floor = (version, now, floor)
        return self._floor[2]


def _last_open(calendar: BusinessCalendar, now: int) -> int:
    """Two open seconds before `now`; 0 when there were none for long."""
    if calendar.is_always:
        return now - 2
    for back in (86_400, 7 * 86_400, FLOOR_BACK_S):
        wanted = 2
        for opens, closes in reversed(calendar.spans_s(now - back, now)):
            if closes - opens >= wanted:
                return closes - wanted
            wanted -= closes - opens
    return 0
