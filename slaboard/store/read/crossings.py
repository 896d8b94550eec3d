"""Which tickets have changed zone since the last look: by the edges that time has passed and by the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from slaboard.alerts.alert import Crossing
from slaboard.store.disk.driver import Connection
from slaboard.store.disk.file import StoreFile
from slaboard.store.read import queries
from slaboard.store.read.census import Entry, continues, last_entry
from slaboard.ticket import Bucket, Zone

BACK_S = 60
"""A machine's clock that is set back by less is waited for; by more, what lies ahead is told again."""
WAITS, UPDATES = 2, 3
"""`clocks.place` of a ticket that waits for somebody, and of an update's clock."""


class Spot(NamedTuple):
    """A ticket's place in the grid: under its promise, or beside that under its update."""

    ticket: str
    is_update: bool


class Counted(Struct, frozen=True):
    """A clock as it counts or has counted, with its edges; without any it waits."""

    place: int
    bucket: str
    yellow_at: int | None
    orange_at: int | None
    red_at: int | None
    due_at: int | None

    @property
    def waits(self) -> bool:
        """True where only its frozen zone tells how it stands."""
        return self.place == WAITS and self.yellow_at is None and self.orange_at is None and self.red_at is None

    def reached(self, now: int) -> tuple[Zone, int]:
        """The zone at `now`, and the instant of its edge (0 for green)."""
        for zone, edge in ((Zone.RED, self.red_at), (Zone.ORANGE, self.orange_at), (Zone.YELLOW, self.yellow_at)):
            if edge is not None and edge <= now:
                return zone, edge
        return Zone.GREEN, 0


class Looked(Struct, frozen=True):
    """What one look has found."""

    crossings: tuple[Crossing, ...] = ()
    is_whole: bool = True
    """False where the ledger does not tell what has happened since the last look: it was cut, or is another one."""


class Lookout:
    """Looks again and again, at one store after the other if need be. The first look only says where it begins."""

    def __init__(self) -> None:
        self.next_edge: int | None = None
        """When time alone will move a ticket next, epoch seconds; None before the first look and when never."""
        self._last: Entry | None = None
        self._at = 0

    def is_due(self, now: int) -> bool:
        """True when time alone asks for a look: an edge has come, or the clock was set back and edges lie ahead again.

        No edge would come before the time that the clock had gone to, a day or for ever, if nobody committed anything.
        """
        is_past = self.next_edge is not None and now >= self.next_edge
        return is_past or (self._last is not None and now < self._at - BACK_S)

    def look(self, store: StoreFile, now: int) -> Looked:
        """Every ticket that is in another zone at `now` than at the last look."""
        with store.reading() as connection:
            last, looked = last_entry(connection), Looked()
            if self._last is None or now < self._at - BACK_S:
                self._at = now
            elif not continues(connection, self._last):
                self._at, looked = max(self._at, now), Looked(is_whole=False)
            else:
                now = max(self._at, now)
                found = _crossings(connection, self._last, last, self._at, now)
                looked = Looked(tuple(sorted(found, key=lambda crossing: (crossing.at, crossing.ticket))))
                self._at = now
            self._last = last
            self.next_edge = connection.execute(queries.NEXT_EDGE, {"now": self._at}).fetchall()[0][0]
            return looked


def _crossings(connection: Connection, since: Entry, last: Entry, at: int, now: int) -> Iterator[Crossing]:
    """What has changed zone between two looks, the one at `at` and at the entry `since`."""
    went, came = _moved(connection, since) if last != since else ({}, {})
    moved = went.keys() | came.keys()
    crossed = {spot: one for spot, one in _crossed(connection, at, now) if spot not in moved} if now > at else {}
    before, after = {**went, **crossed}, {**came, **crossed}
    rests = _Rests(connection, [spot for spot in before.keys() | after.keys() if _rests(spot, before, after)], now)
    late = {spot.ticket for spot, one in came.items() if one.red_at is not None and one.red_at <= now}
    retargeted = {tuple(row) for row in _of(connection, queries.RETARGETED, late)}
    for spot in before.keys() | after.keys():
        was, is_now = before.get(spot), after.get(spot)
        if spot.is_update and _rests(spot, before, after):
            continue  # it goes out of the grid while its ticket waits, and comes back as it was
        old = None if was is None else rests.zone(spot, was, at)
        new = None if is_now is None else rests.zone(spot, is_now, now)
        if old is new:
            continue
        shown = is_now or was
        assert shown is not None
        edge = is_now.reached(now)[1] if is_now is not None and not is_now.waits else 0
        yield Crossing(
            spot.ticket, Bucket(shown.bucket), old, new, edge if at < edge else now, shown.due_at,
            is_retarget=(spot.ticket, shown.bucket) in retargeted,
        )  # fmt: skip


def _moved(connection: Connection, since: Entry) -> tuple[dict[Spot, Counted], dict[Spot, Counted]]:
    """What counted otherwise, or not at all, when the ledger was at `since`: as it was then, and as it is now."""
    went: dict[Spot, Counted] = {}
    came: dict[Spot, Counted] = {}
    for row in connection.execute(queries.CAME_AND_WENT, {"seq": since.seq}).fetchall():
        (came if row["sign"] > 0 else went)[_spot(row)] = _counted(row)
    return went, came


def _crossed(connection: Connection, at: int, now: int) -> Iterator[tuple[Spot, Counted]]:
    """Clocks that crossed an edge between the instants of two looks."""
    for edge, between in queries.EDGES.items():
        sql = queries.CROSSING.format(edge=edge, range=between)
        for row in connection.execute(sql, {"last": at, "now": now}).fetchall():
            yield _spot(row), _counted(row)


def _rests(spot: Spot, before: Mapping[Spot, Counted], after: Mapping[Spot, Counted]) -> bool:
    """True where the ticket waits or waited: a clock of it may have been without edges, and its update out of sight."""
    promise = Spot(spot.ticket, is_update=False)
    return any(one is not None and one.place == WAITS for one in (before.get(promise), after.get(promise)))


class _Rests:
    """The zones in which clocks wait, for tickets that wait or have just gone on."""

    def __init__(self, connection: Connection, spots: Iterable[Spot], now: int) -> None:
        self._zones: dict[tuple[str, str], Zone] = {}
        for row in _of(connection, queries.STANDINGS, {spot.ticket for spot in spots}):
            edges = Counted(0, row["bucket"], row["yellow_at"], row["orange_at"], row["red_at"], None)
            frozen = row["frozen_zone"]
            self._zones[row["ticket_id"], row["bucket"]] = Zone(frozen) if frozen else edges.reached(now)[0]

    def zone(self, spot: Spot, clock: Counted, at: int) -> Zone | None:
        """The zone of `clock` at `at`; of one that waits, the zone in which it does or did: waiting moves no clock."""
        return self._zones.get((spot.ticket, clock.bucket)) if clock.waits else clock.reached(at)[0]


def _of(connection: Connection, sql: str, tickets: Iterable[str]) -> list[Any]:
    ids = sorted(tickets)
    return connection.execute(sql, {"ids": json.dumps(ids)}).fetchall() if ids else []


def _spot(row: Any) -> Spot:
    return Spot(row["ticket_id"], row["place"] == UPDATES)


def _counted(row: Any) -> Counted:
    return Counted(*(row[name] for name in ("place", "bucket", "yellow_at", "orange_at", "red_at", "due_at")))
