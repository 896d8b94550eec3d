"""The grid's numbers: from counted rows, from crossings of edges, or from tickets one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from slaboard.board.state import Grid, Next
from slaboard.board.views import Tab
from slaboard.ticket import PROMISES, ZONES, Bucket, Stage, Ticket, Zone

Cell = tuple[Bucket, Zone]


class Tally(Struct):
    """The numbers of one grid, or of one priority's part of it, while they are counted."""

    cells: Counter[Cell] = field(default_factory=Counter)
    waiting: int = 0
    no_sla: int = 0
    free: Counter[Zone] = field(default_factory=Counter)
    """Unclaimed tickets by zone, the green ones left out: nobody counts those."""

    @classmethod
    def of(cls, grid: Grid) -> Tally:
        """The numbers of `grid`, to be moved on."""
        return cls(Counter(grid.cells), grid.waiting, grid.no_sla, Counter(grid.unclaimed))

    def add(self, other: Tally) -> None:
        """Take the numbers of `other`, too."""
        self.cells.update(other.cells)
        self.free.update(other.free)
        self.waiting += other.waiting
        self.no_sla += other.no_sla

    def keep(self, zones: Container[Zone]) -> None:
        """Leave only what is in one of `zones`, and no updates: those are counted by where their ticket is."""
        self.cells = Counter({(b, z): n for (b, z), n in self.cells.items() if b is not Bucket.UPDATE and z in zones})
        self.free = Counter({zone: number for zone, number in self.free.items() if zone in zones})
        self.waiting = self.no_sla = 0

    def grid(self, at: int, *, uses_update: bool) -> Grid:
        """The grid at `at`: its open tickets are its cells (Update's apart), the waiting ones and those without SLA."""
        counted = sum(number for (bucket, _), number in self.cells.items() if bucket is not Bucket.UPDATE)
        return Grid(
            at,
            counted + self.waiting + self.no_sla,
            self.waiting,
            self.no_sla,
            dict(self.cells),
            needs=self.free[Zone.YELLOW] + self.free[Zone.ORANGE],
            breached_unclaimed=self.free[Zone.RED],
            unclaimed=dict(self.free),
            uses_update=uses_update,
        )


class Tallies:
    """The whole grid and its part of each priority, counted together."""

    def __init__(self, grid: Grid | None = None) -> None:
        self.whole = Tally.of(grid) if grid is not None else Tally()
        self.parts = {name: Tally.of(part) for name, part in grid.by_priority.items()} if grid is not None else {}

    def both(self, priority: str | None) -> tuple[Tally, Tally]:
        """The whole, and the part of `priority` (an empty text for none)."""
        return self.whole, self.parts.setdefault(priority or "", Tally())

    def count(self, row: Iterable[Any]) -> None:
        """Take bucket, priority, how many, yellow or worse, orange or worse, red; the same three of unclaimed ones."""
        name, priority, *counts = row
        count, yellow, orange, red, free_yellow, free_orange, free_red = (number or 0 for number in counts)
        bucket = shown(Bucket(name))
        for tally in self.both(priority):
            for zone, number in zip(ZONES, (count - yellow, yellow - orange, orange - red, red), strict=True):
                tally.cells[bucket, zone] += number
            if bucket is not Bucket.UPDATE:
                free = (free_yellow - free_orange, free_orange - free_red, free_red)
                for zone, number in zip(ZONES[1:], free, strict=True):
                    tally.free[zone] += number

    def cross(self, to: Zone, bucket: Bucket, priority: str | None, free: bool, count: int) -> None:
        """`count` clocks of `bucket` came into `to` from the zone before it; `free` ones have no owner."""
        row = shown(bucket)
        for tally in self.both(priority):
            tally.cells[row, to] += count
            tally.cells[row, ZONES[to.rank - 1]] -= count
            if free:
                tally.free[to] += count
                if to is not Zone.YELLOW:
                    tally.free[ZONES[to.rank - 1]] -= count

    def take(self, ticket: Ticket, now: int) -> None:
        """Count one open ticket in its one place (rule 2)."""
        place = ticket.clock(ticket.bucket)
        update = ticket.clock(Bucket.UPDATE)
        for tally in self.both(ticket.priority):
            if ticket.no_sla is not None or place is None:
                tally.no_sla += 1
            elif ticket.stage is Stage.WAITING:
                tally.waiting += 1
            else:
                zone = place.zone(now)
                tally.cells[shown(place.bucket), zone] += 1
                tally.free[zone] += ticket.owner is None and zone is not Zone.GREEN
            if update is not None and update.is_live and ticket.stage is not Stage.WAITING:
                tally.cells[Bucket.UPDATE, update.zone(now)] += 1

    def grid(self, at: int, *, uses_update: bool) -> Grid:
        """The grid at `at` with its parts by priority."""
        parts = {name: self.parts[name].grid(at, uses_update=uses_update) for name in sorted(self.parts)}
        return replace(self.whole.grid(at, uses_update=uses_update), by_priority=parts)


def shown(bucket: Bucket) -> Bucket:
    """The row of the grid in which `bucket` counts: the total resolution of a reopened ticket is a resolution."""
    return Bucket.RESOLUTION if bucket is Bucket.TOTAL_RESOLUTION else bucket


def only_updates(grid: Grid, zones: Collection[Zone]) -> Grid:
    """What of `grid` is updates (in `zones`, in any where none is named): they stand beside all that it counts."""

    def kept(part: Grid) -> Grid:
        own = {cell: n for cell, n in part.cells.items() if cell[0] is Bucket.UPDATE}
        cells = {cell: n for cell, n in own.items() if not zones or cell[1] in zones}
        return Grid(part.at, sum(cells.values()), cells=cells, uses_update=part.uses_update)

    return replace(kept(grid), by_priority={name: kept(part) for name, part in grid.by_priority.items()})


def grid_of(tickets: Iterable[Ticket], now: int, *, uses_update: bool = False) -> Grid:
    """The grid of `tickets`, counted one by one: the slow way, for the past and for checking the quick one."""
    tallies = Tallies()
    nearest: dict[Bucket, tuple[int, str, Next]] = {}
    for ticket in tickets:
        if not ticket.stage.is_open:
            continue
        tallies.take(ticket, now)
        place = None if ticket.stage is Stage.WAITING else ticket.clock(ticket.bucket)
        if place is None or place.due_at is None or place.red_at is None or place.red_at <= now:
            continue
        row, found = shown(place.bucket), Next(ticket.id, place.due_at, ticket.owner, place.calendar)
        if row not in nearest or (place.red_at, ticket.id) < nearest[row][:2]:
            nearest[row] = (place.red_at, ticket.id, found)
    return replace(
        tallies.grid(now, uses_update=uses_update), next={row: found for row, (_, _, found) in nearest.items()}
    )


def tab_counts(grid: Grid, mine: int) -> Mapping[str, int]:
    """Tickets per tab, from the grid."""
    red = sum(grid.row(bucket)[3] for bucket in PROMISES)
    return {Tab.NEEDS: grid.needs, Tab.MINE: mine, Tab.ALL: grid.open, Tab.BREACHED: red}
