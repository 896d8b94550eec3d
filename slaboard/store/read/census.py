"""The grid's numbers: counted once from the store, then moved on by what the ledger and the clock say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from slaboard.board.counting import Tallies, only_updates
from slaboard.board.state import Grid, Next
from slaboard.board.views import Filter
from slaboard.store.disk.driver import Connection
from slaboard.store.read import queries
from slaboard.store.read.search import Names, Where
from slaboard.store.words import is_priority
from slaboard.text import clean
from slaboard.ticket import PROMISES, Bucket, Zone

FEW_HITS = 500
"""So many tickets that a filter finds are remembered by id: to look through a million for them again takes 0.3 s."""
ANY = Where()
EDGES = (Zone.YELLOW, Zone.ORANGE, Zone.RED)


class Entry(NamedTuple):
    """Where a ledger was read up to: its last entry, and the mark that tells it from another ledger's."""

    seq: int
    mark: int


def last_entry(connection: Connection) -> Entry:
    """The last entry of the ledger."""
    return Entry(*connection.execute(queries.LAST_ENTRY).fetchall()[0])


def continues(connection: Connection, last: Entry) -> bool:
    """Whether the ledger tells all that has happened since: it was not shortened, replaced or gone round."""
    bound = {"seq": last.seq}
    marks = [row[0] for row in connection.execute(queries.MARK, bound).fetchall()]
    return marks == [last.mark] and not connection.execute(queries.TRACELESS, bound).fetchall()[0][0]


def loads(connection: Connection, before: Mapping[str, int] | None, last: Entry) -> Mapping[str, int]:
    """Open tickets per owner: `before` as of `last`, moved on; all of them where that cannot be."""
    if before is None or not continues(connection, last):
        return dict(connection.execute(queries.LOADS).fetchall())
    found = Counter(before)
    found.update(dict(connection.execute(queries.MOVED_LOADS, {"seq": last.seq}).fetchall()))
    return {owner: count for owner, count in found.items() if count}


def names(connection: Connection, before: Names | None, last: Entry) -> Names:
    """Owners and priorities that count now; with `before` as of `last` also all that have counted since."""
    known = before is not None and continues(connection, last)
    rows = connection.execute(queries.NAMES_MOVED if known else queries.NAMES, {"seq": last.seq}).fetchall()
    owners, priorities = {row[0] for row in rows}, {row[1] for row in rows}
    if before is not None:
        owners |= before.owners
        priorities |= before.priorities
    if not known:
        owners |= {row[0] for row in connection.execute(queries.OWNERS).fetchall()}
        priorities |= {row[2] for row in connection.execute(queries.KINDS).fetchall()}
    return Names(frozenset(owners - {None}), frozenset(priorities - {None}))


class Count(Struct, frozen=True):
    """What was counted as of one entry of the ledger and one instant, `grid.at`; zones are left to `shown`."""

    wanted: Filter
    grid: Grid
    last: Entry
    version: int
    """Of the policy: another one may show other rows."""
    among: tuple[str, ...] | None = None
    """All tickets that the filter finds (and some that it no longer finds), where they are few."""


class Census:
    """Counts on one connection at `now`, in the caller's transaction."""

    def __init__(self, connection: Connection, version: int, now: int, *, uses_update: bool) -> None:
        self._connection, self._version, self._now, self._uses_update = connection, version, now, uses_update

    # --- from scratch -----------------------------------------------------------------------------------------

    def anew(self, wanted: Filter, found: Where = ANY, within: tuple[str, ...] | None = None) -> Count:
        """Everything counted, as every board begins; `found` is `wanted` as SQL, all of whose tickets are `within`."""
        last = last_entry(self._connection)
        if wanted.is_empty:
            return Count(wanted, self._whole(), last, self._version)
        among = within if within is not None else self._among(wanted, found)
        return Count(wanted, self._found(wanted, found, among), last, self._version, among)

    def _whole(self) -> Grid:
        tallies = Tallies()
        for place, bucket, priority in self._kinds():
            bound = {"place": place, "bucket": bucket, "priority": priority, "now": self._now}
            if place == 2:
                [(count,)] = self._ask(queries.WAITING, bound)
                for tally in tallies.both(priority) if count else ():
                    tally.waiting += count
                continue
            [(green,)] = self._ask(queries.GREEN, bound)
            [(worse, *counts)] = self._ask(queries.WORSE, bound)
            if green + worse:
                orange, red, *free = counts
                tallies.count((bucket, priority, green + worse, worse, orange, red, *free))
        for priority, count in self._ask(queries.NO_SLA):
            for tally in tallies.both(priority):
                tally.no_sla += count
        return tallies.grid(self._now, uses_update=self._uses_update)

    def _kinds(self) -> list[tuple[int, str, str | None]]:
        """Every place, bucket and priority in the grid; a clock may have no priority at all."""
        found = [tuple(row) for row in self._ask(queries.KINDS)]
        return [(place, bucket, priority) for place, bucket, priority in found if place != 3 or self._uses_update]

    def _found(self, wanted: Filter, found: Where, among: tuple[str, ...] | None) -> Grid:
        tallies = Tallies()
        bound: dict[str, object] = {"now": self._now}
        clocks, tickets = queries.ALL_CLOCKS, queries.ALL_NO_SLA
        if among is not None:
            clocks, tickets, bound["among"] = queries.SOME_CLOCKS, queries.SOME_NO_SLA, json.dumps(among)
        self._count(tallies, wanted, found, clocks, tickets, "1", bound)
        return tallies.grid(self._now, uses_update=self._uses_update)

    def _count(
        self, tallies: Tallies, wanted: Filter, found: Where, clocks: str, tickets: str, weight: str,
        bound: Mapping[str, object],
    ) -> None:  # fmt: skip
        """Take what `clocks` and `tickets` hold under `found` into `tallies`; each row weighs `weight`."""
        bound = {**bound, **dict(found.values)}
        for place in (1, 3) if self._counts_updates(wanted) else (1,):
            sql = queries.CELLS.format(weight=weight, clocks=clocks, where=found.clocks)
            for row in self._ask(sql, {**bound, "place": place}):
                tallies.count(row)
        waiting = queries.PLAIN.format(weight=weight, tickets=clocks, where=found.clocks)
        for priority, count in self._ask(waiting, {**bound, "place": 2}):
            for tally in tallies.both(priority):
                tally.waiting += count
        if wanted.bucket is None:
            no_sla = queries.PLAIN.format(weight=weight, tickets=tickets, where=found.rows)
            for priority, count in self._ask(no_sla, bound):
                for tally in tallies.both(priority):
                    tally.no_sla += count

    def _counts_updates(self, wanted: Filter) -> bool:
        """Whether updates are counted with the rest: in a promise they are counted by where their ticket is."""
        return self._uses_update and wanted.bucket in (None, Bucket.UPDATE)

    def _among(self, wanted: Filter, found: Where) -> tuple[str, ...] | None:
        if wanted.bucket is Bucket.UPDATE:
            return None  # they are in no place of their own
        bound = {**dict(found.values), "now": self._now, "limit": FEW_HITS + 1}
        ids = [row[0] for row in self._ask(queries.HITS.format(where=found.clocks), bound)]
        if len(ids) <= FEW_HITS and wanted.bucket is None:
            ids += [row[0] for row in self._ask(queries.HITS_NO_SLA.format(where=found.rows), bound)]
        return tuple(ids) if len(ids) <= FEW_HITS else None

    # --- moved on ---------------------------------------------------------------------------------------------

    def since(self, before: Count, found: Where = ANY) -> Count | None:
        """`before` moved on to what the ledger holds now and to `now`; None where it must be counted anew."""
        last = last_entry(self._connection)
        if before.version != self._version or self._now < before.grid.at:
            return None
        if found.board and last != before.last:
            return None  # the ledger does not tell which board a ticket was of
        if found.clock and (last, self._now) != (before.last, before.grid.at):
            return None  # nor of clocks that count nowhere
        if last == before.last and self._now == before.grid.at:
            return before
        moved, among = Tallies(before.grid), before.among
        if last != before.last:
            if not continues(self._connection, before.last):
                return None
            bound: dict[str, object] = {"seq": before.last.seq, "now": before.grid.at}
            self._count(moved, before.wanted, found, queries.MOVED, queries.MOVED_NO_SLA, "c.sign", bound)
            among = self._more(before, found)
            if among is not None and len(among) > 2 * FEW_HITS:
                return None
        self._cross(moved, before.grid.at, before.wanted, found)
        grid = moved.grid(self._now, uses_update=self._uses_update)
        return replace(before, grid=grid, last=last, among=among)

    def _more(self, before: Count, found: Where) -> tuple[str, ...] | None:
        if before.among is None:
            return None
        sql = queries.HITS_MOVED.format(where=found.clocks)
        more = self._ask(sql, {"seq": before.last.seq, **dict(found.values)})
        return tuple(dict.fromkeys((*before.among, *(row[0] for row in more))))

    def ticked(self, grid: Grid) -> Grid:
        """`grid` of all open tickets, moved on to `now` while no ticket changed."""
        moved = Tallies(grid)
        self._cross(moved, grid.at, Filter(), ANY)
        return self.with_next(moved.grid(self._now, uses_update=self._uses_update))

    def _cross(self, moved: Tallies, last: int, wanted: Filter, found: Where) -> None:
        """Take the edges in (last, now]: only the clocks that crossed one are read."""
        if self._now == last:
            return
        bound = {"last": last, "now": self._now, **dict(found.values)}
        for place in (1, 3) if self._counts_updates(wanted) else (1,):
            for to in EDGES:
                edge = queries.EDGES[to.value]
                sql = queries.CROSSED.format(edge=to.value, range=edge, where=found.clocks)
                for bucket, priority, free, count in self._ask(sql, {**bound, "place": place}):
                    moved.cross(to, Bucket(bucket), priority, bool(free) and place == 1, count)

    # --- what is shown ----------------------------------------------------------------------------------------

    def chosen(self, base: Count, wanted: Filter) -> Count:
        """The tickets of some priorities, out of a count of all."""
        tallies = Tallies()
        whole = Tallies(base.grid)
        for name, part in whole.parts.items():
            if any(is_priority(typed, name) for typed in wanted.priorities):
                for tally in tallies.both(name):
                    tally.add(part)
        return replace(base, wanted=wanted, grid=tallies.grid(base.grid.at, uses_update=self._uses_update))

    def shown(self, count: Count, wanted: Filter, found: Where = ANY) -> Grid:
        """The grid of `count` as `wanted` shows it: only its zones; a ticket that waits is in none (rule 2)."""
        if wanted.is_empty:
            return count.grid
        if wanted.bucket is Bucket.UPDATE:
            return only_updates(count.grid, wanted.own_zones)
        tallies = Tallies(count.grid)
        if wanted.own_zones:
            for tally in (tallies.whole, *tallies.parts.values()):
                tally.keep(wanted.own_zones)
        if self._uses_update and (wanted.own_zones or wanted.bucket is not None):
            self._count_updates(tallies, wanted, found)
        return tallies.grid(count.grid.at, uses_update=self._uses_update)

    def _count_updates(self, tallies: Tallies, wanted: Filter, found: Where) -> None:
        """Updates stand beside the clock by which a ticket is in a zone and a bucket."""
        beside = replace(found, bucket="").clocks + queries.beside(found.bucket, wanted.own_zones)
        sql = queries.CELLS.format(weight="1", clocks=queries.ALL_CLOCKS, where=beside)
        for row in self._ask(sql, {"now": self._now, "place": 3, **dict(found.values)}):
            tallies.count(row)

    def with_next(self, grid: Grid) -> Grid:
        """`grid` of all open tickets with what breaches next."""
        found: dict[Bucket, Next] = {}
        for bucket in PROMISES:
            if not sum(grid.row(bucket)[:3]):
                continue
            names = (bucket, Bucket.TOTAL_RESOLUTION) if bucket is Bucket.RESOLUTION else (bucket,)
            rows = [row for name in names for row in self._ask(queries.NEXT, {"bucket": name, "now": grid.at})]
            if rows:
                first = min(rows, key=lambda row: (row["red_at"], row["ticket_id"]))
                owner = clean(first["owner"]) if first["owner"] is not None else None
                found[bucket] = Next(clean(first["ticket_id"]), first["due_at"], owner, first["calendar"])
        return replace(grid, next=found)

    def _ask(self, sql: str, values: Mapping[str, object] = {}) -> list[Any]:
        return self._connection.execute(sql, values).fetchall()
