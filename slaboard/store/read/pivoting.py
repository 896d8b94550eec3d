"""The grid turned: counted once by customer, owner or board, then moved on by what the ledger and the clock say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from slaboard.board.counting import shown
from slaboard.board.pivot import NONE, Counts, Pivot, Turned, added, only
from slaboard.board.state import Grid
from slaboard.board.views import Filter
from slaboard.store.disk.driver import Connection
from slaboard.store.read import queries
from slaboard.store.read.census import EDGES, Entry, continues, last_entry
from slaboard.store.read.search import Where
from slaboard.store.words import fold
from slaboard.text import clean
from slaboard.ticket import PROMISES, ZONES, Bucket, Clock, ClockState, Stage, Ticket

MOST = 200_000
"""More open tickets are not turned by customer or board, nor all their clocks counted: a first look at a million by
customer takes 2 s of a processor. Owners stand in order in an index, priorities in the grid itself."""
MOST_JOINED = 20_000
"""More filtered tickets do not have all their clocks looked up: that takes 3 us each, every second."""


class Turn(Struct, frozen=True):
    """What was counted as of one entry of the ledger and one instant."""

    by: Pivot
    wanted: Filter
    """Without its zones."""
    at: int
    last: Entry
    turned: Turned


class Turning:
    """Counts on one connection at `now`, in the caller's transaction; `found` is `wanted` as SQL."""

    def __init__(self, connection: Connection, by: Pivot, wanted: Filter, found: Where, now: int) -> None:
        self._connection, self._by, self._wanted, self._found, self._now = connection, by, wanted, found, now
        self._key = queries.KEYS[by.value]
        place = 3 if wanted.bucket is Bucket.UPDATE else 1
        self._bound: dict[str, object] = {**dict(found.values), "now": now, "place": place}

    def anew(self, among: Sequence[str] | None) -> Turn:
        """Everything counted; `among` are all the tickets there may be, where they are few."""
        clocks = queries.OWNED_CLOCKS if self._by is Pivot.OWNER and not self._found.clocks else queries.ALL_CLOCKS
        bound = self._bound
        if among is not None:
            clocks, bound = queries.SOME_CLOCKS, {**bound, "among": json.dumps(among)}
        sql = queries.TURNED.format(key=self._key, weight="1", clocks=clocks, where=self._found.clocks)
        return self._made(Turned(), self._connection.execute(sql, bound).fetchall())

    def since(self, before: Turn) -> Turn | None:
        """`before` moved on; None where it must be counted anew."""
        last = last_entry(self._connection)
        if (before.by, before.wanted) != (self._by, self._wanted) or self._now < before.at:
            return None
        if (last, self._now) == (before.last, before.at):
            return before
        if self._found.clock or (last != before.last and not self._is_told(before.last)):
            return None
        rows: list[Sequence[Any]] = []
        if last != before.last:
            sql = queries.TURNED.format(
                key=self._key, weight="c.sign", clocks=queries.MOVED, where=self._found.clocks
            )  # fmt: skip
            rows += self._connection.execute(sql, {**self._bound, "now": before.at, "seq": before.last.seq}).fetchall()
        return self._made(before.turned, [*rows, *self._crossed(before.at)])

    def _is_told(self, last: Entry) -> bool:
        """Whether the ledger tells what has changed since: of boards it only knows those of tickets that stand."""
        if not continues(self._connection, last):
            return False
        if self._by is not Pivot.BOARD:
            return not self._found.board
        gone = self._connection.execute(queries.BOARDLESS, {"seq": last.seq}).fetchall()[0][0]
        return not (gone or self._found.board)

    def _crossed(self, last: int) -> Iterable[Sequence[Any]]:
        """What came into a zone in (last, now], as rows that weigh as much there and less in the zone before."""
        if self._now == last:
            return
        for edge, zone in enumerate(EDGES):
            sql = queries.TURNED_CROSSED.format(
                key=self._key, edge=zone.value, range=queries.EDGES[zone.value], where=self._found.clocks
            )  # fmt: skip
            for name, ticket, count in self._connection.execute(sql, {**self._bound, "last": last}).fetchall():
                yield name, ticket, 0, *(count if other == edge else 0 for other in range(3))

    def _made(self, before: Turned, rows: Iterable[Sequence[Any]]) -> Turn:
        """`before` with `rows`: name, one of its tickets, all, yellow or worse, orange or worse, red."""
        named = [(row, fold(row[0] or "")) for row in rows]
        labels = {**before.labels}
        unknown = {name: (row[1], row[0]) for row, name in named if name and name not in labels}
        labels |= self._labels(unknown)
        counts = added([*before.counts.items(), *((name, _counts(row[2:])) for row, name in named)])
        found = Turned({name: row for name, row in counts.items() if row != NONE}, labels)
        return Turn(self._by, self._wanted, self._now, last_entry(self._connection), found)

    def _labels(self, unknown: Mapping[str, tuple[str, str]]) -> dict[str, str]:
        """How names are written: customers stand folded in the words, so one ticket of each is asked."""
        if self._by is not Pivot.CUSTOMER:
            return {name: clean(text) for name, (_, text) in unknown.items()}
        ids = {ticket: name for name, (ticket, _) in unknown.items()}
        rows = self._connection.execute(queries.CUSTOMERS, {"ids": json.dumps(list(ids))}).fetchall() if ids else []
        return {ids[id_]: clean(customer or "") for id_, customer in rows if fold(customer or "") == ids[id_]}


def _counts(row: Sequence[int | None]) -> Counts:
    count, yellow, orange, red = (number or 0 for number in row)
    return count - yellow, yellow - orange, orange - red, red


def in_zones(turned: Turned, wanted: Filter) -> Turned:
    """`turned` with nothing outside the zones that are wanted."""
    return replace(turned, counts=only(turned.counts, wanted.own_zones))


def by_priority(grid: Grid, wanted: Filter) -> Turned:
    """The tickets on a clock by priority, out of the grid of `wanted`."""
    buckets = (Bucket.UPDATE,) if wanted.bucket is Bucket.UPDATE else PROMISES
    rows = [(name, part.row(bucket)) for name, part in grid.by_priority.items() for bucket in buckets]
    return _told(rows)


def _told(rows: Iterable[tuple[str, Counts]]) -> Turned:
    """Counts of names as they are written."""
    written = list(rows)
    labels = {fold(name): clean(name) for name, _ in written if name}
    return Turned(added((fold(name), counts) for name, counts in written), labels)


# --- all running clocks -----------------------------------------------------------------------------------------


def every_clock(connection: Connection, grid: Grid, now: int) -> Turned:
    """All running clocks by bucket: those that `grid` counts, those beside them, and those of waiting tickets."""
    rows = [(bucket.value, grid.row(bucket)) for bucket in (*PROMISES, Bucket.UPDATE)]
    for sql in (queries.BESIDE, queries.WAITING_RUNS):
        rows += [_bucket_row(row) for row in connection.execute(sql, {"now": now}).fetchall()]
    return _buckets(rows, uses_update=grid.uses_update)


def clocks_of_hits(connection: Connection, wanted: Filter, found: Where, now: int, *, uses_update: bool) -> Turned:
    """All running clocks of the tickets that `wanted` lets through."""
    bound = {**dict(found.values), "now": now}
    which = found.clocks + queries.within(wanted.own_zones)
    clocks = queries.EVERY.format(tickets=queries.EVERY_CLOCKS, where=which)
    if wanted.bucket is Bucket.UPDATE:
        places: tuple[int, ...] = (3,)
    else:
        places = (1,) if wanted.own_zones else (1, 2)
    rows = [_bucket_row(row) for place in places for row in connection.execute(clocks, {**bound, "place": place})]
    if not wanted.own_zones and wanted.bucket is None:
        others = queries.EVERY.format(tickets=queries.EVERY_NO_SLA, where=found.rows)
        rows += [_bucket_row(row) for row in connection.execute(others, bound)]
    return _buckets(rows, uses_update=uses_update)


def _bucket_row(row: Sequence[Any]) -> tuple[str, Counts]:
    return shown(Bucket(row[0])).value, _counts(row[1:])


def _buckets(rows: Iterable[tuple[str, Counts]], *, uses_update: bool) -> Turned:
    return Turned(added((name, row) for name, row in rows if uses_update or name != Bucket.UPDATE))


# --- of tickets one by one, as the past has them ----------------------------------------------------------------


def turned_of(tickets: Iterable[tuple[Ticket, Clock | None]], by: Pivot, now: int) -> Turned:
    """`tickets`, each with the clock by which it counts, by one of their facts."""
    rows = []
    for ticket, place in tickets:
        if place is None or ticket.stage is Stage.WAITING or ticket.no_sla is not None:
            continue
        name = {
            Pivot.PRIORITY: ticket.priority, Pivot.CUSTOMER: ticket.customer, Pivot.BOARD: ticket.board,
        }.get(by, ticket.owner)  # fmt: skip
        rows.append((name or "", _zone_row(place, now)))
    return _told(rows)


def clocks_of(tickets: Iterable[Ticket], now: int, *, uses_update: bool) -> Turned:
    """All running clocks of `tickets`."""
    clocks = (clock for ticket in tickets for clock in ticket.clocks if clock.state is ClockState.RUNNING)
    rows = ((shown(clock.bucket).value, _zone_row(clock, now)) for clock in clocks)
    return _buckets(rows, uses_update=uses_update)


def _zone_row(clock: Clock, now: int) -> Counts:
    green, yellow, orange, red = (int(clock.zone(now) is zone) for zone in ZONES)
    return green, yellow, orange, red
