"""The grid's numbers: counted one by one, from rows, or moved on by crossings; each ticket once, in its place."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from slaboard.board.counting import Tallies, grid_of, shown, tab_counts
from slaboard.board.state import Grid, Next
from slaboard.board.views import Tab
from slaboard.ticket import Bucket, Clock, ClockState, Stage, Ticket, Zone
from tests.sla.story import situation

NOW = 1_000
EDGES = {Zone.GREEN: 1_600, Zone.YELLOW: 1_200, Zone.ORANGE: 1_080, Zone.RED: 900}
"""When the promise of a clock in that zone is due."""


def clock(bucket: Bucket, zone: Zone, **changes: Any) -> Clock:
    due = EDGES[zone]
    values: dict[str, Any] = {
        "bucket": bucket, "state": ClockState.RUNNING, "started_at": 0, "target_s": 400, "policy": "p",
        "calendar": "24x7", "due_at": due, "yellow_at": due - 200, "orange_at": due - 100, "red_at": due + 1,
    }  # fmt: skip
    return Clock(**values | changes)


def ticket(name: str, *clocks: Clock, **changes: Any) -> Ticket:
    values: dict[str, Any] = {
        "id": name,
        "priority": "P1",
        "bucket": clocks[0].bucket if clocks else None,
        "clocks": clocks,
    }
    return Ticket(**values | changes)


def counted(*tickets: Ticket) -> Grid:
    return grid_of(tickets, NOW)


@pytest.mark.parametrize("zone", Zone)
@pytest.mark.parametrize("bucket", [Bucket.RESPONSE, Bucket.RESPLAN, Bucket.RESOLUTION])
def test_a_ticket_counts_once_in_its_cell(bucket: Bucket, zone: Zone) -> None:
    grid = counted(ticket("A-1", clock(bucket, zone), clock(Bucket.RESOLUTION, Zone.RED)))
    assert grid.row(bucket)[zone.rank] == 1
    assert sum(grid.cells.values()) == grid.open == 1
    assert (grid.needs, grid.breached_unclaimed) == (zone in (Zone.YELLOW, Zone.ORANGE), zone is Zone.RED)


@pytest.mark.parametrize(
    ("found", "open_", "waiting", "no_sla"),
    [
        situation("waiting", ticket("A", clock(Bucket.RESPLAN, Zone.RED), stage=Stage.WAITING), 1, 1, 0),
        situation("without SLA", ticket("A", no_sla="no priority"), 1, 0, 1),
        situation("waiting without SLA", ticket("A", no_sla="no priority", stage=Stage.WAITING), 1, 0, 1),
        situation("resolved", ticket("A", stage=Stage.RESOLVED), 0, 0, 0),
        situation("closed", ticket("A", clock(Bucket.RESPLAN, Zone.RED), stage=Stage.CLOSED), 0, 0, 0),
    ],
)
def test_what_stands_in_no_cell(found: Ticket, open_: int, waiting: int, no_sla: int) -> None:
    grid = counted(found)
    assert (grid.open, grid.waiting, grid.no_sla, sum(grid.cells.values())) == (open_, waiting, no_sla, 0)
    assert (grid.needs, grid.breached_unclaimed) == (0, 0)


def test_what_somebody_owns_needs_nobody() -> None:
    grid = counted(*(ticket(zone.value, clock(Bucket.RESPONSE, zone), owner="ana") for zone in Zone))
    assert (grid.open, grid.needs, grid.breached_unclaimed) == (4, 0, 0)


def test_a_reopened_ticket_counts_as_a_resolution() -> None:
    assert shown(Bucket.TOTAL_RESOLUTION) is Bucket.RESOLUTION
    grid = counted(ticket("A", clock(Bucket.TOTAL_RESOLUTION, Zone.ORANGE)))
    assert grid.row(Bucket.RESOLUTION) == (0, 0, 1, 0)


@pytest.mark.parametrize(("stage", "count"), [(Stage.PLAN, 1), (Stage.WAITING, 0)])
def test_an_update_clock_counts_beside_the_ticket(stage: Stage, count: int) -> None:
    clocks = (clock(Bucket.RESPLAN, Zone.GREEN), clock(Bucket.UPDATE, Zone.RED))
    grid = grid_of([ticket("A", *clocks, stage=stage)], NOW, uses_update=True)
    assert (grid.row(Bucket.UPDATE)[3], grid.open, grid.breached_unclaimed) == (count, 1, 0)


def test_each_priority_has_its_part() -> None:
    grid = counted(
        ticket("A", clock(Bucket.RESPONSE, Zone.RED)), ticket("B", clock(Bucket.RESPONSE, Zone.GREEN), priority="P2"),
        ticket("C", priority="", no_sla="no priority"),
    )  # fmt: skip
    assert {name: (part.open, part.no_sla, part.breached_unclaimed) for name, part in grid.by_priority.items()} == {
        "": (1, 1, 0), "P1": (1, 0, 1), "P2": (1, 0, 0),
    }  # fmt: skip
    assert list(grid.by_priority) == ["", "P1", "P2"]


def test_next_is_what_turns_red_next_in_each_row() -> None:
    """Not what is red, waits, or is due sooner but can still be met in the morning."""
    grid = counted(
        ticket("red", clock(Bucket.RESPONSE, Zone.RED)), ticket("far", clock(Bucket.RESPONSE, Zone.GREEN)),
        ticket("near", clock(Bucket.RESPONSE, Zone.ORANGE), owner="ana"),
        ticket("twin", clock(Bucket.RESPONSE, Zone.ORANGE)),
        ticket("night", clock(Bucket.RESPONSE, Zone.ORANGE, due_at=NOW - 50, red_at=5_000)),
        ticket("waits", clock(Bucket.RESPLAN, Zone.GREEN, due_at=None, red_at=None), stage=Stage.WAITING),
        ticket("waits for an answer, too", clock(Bucket.RESPONSE, Zone.ORANGE, red_at=NOW + 1), stage=Stage.WAITING),
        ticket("again", clock(Bucket.TOTAL_RESOLUTION, Zone.GREEN)),
    )  # fmt: skip
    assert grid.next == {
        Bucket.RESPONSE: Next("near", EDGES[Zone.ORANGE], "ana", "24x7"),
        Bucket.RESOLUTION: Next("again", EDGES[Zone.GREEN], None, "24x7"),
    }


# --- from rows and crossings ----------------------------------------------------------------------------------


def test_a_row_of_sql_tells_zones_apart_by_their_edges() -> None:
    """10 clocks: 7 past yellow, 4 past orange, 1 past red."""
    tallies = Tallies()
    tallies.count(("response", "P1", 10, 7, 4, 1, 6, 3, 1))
    tallies.count(("total_resolution", None, 2, 2, 2, 2, 2, 2, 2))
    tallies.count(("update", "P1", 3, 3, 0, 0, 3, 3, 3))
    grid = tallies.grid(NOW, uses_update=True)
    assert grid.row(Bucket.RESPONSE) == (3, 3, 3, 1)
    assert grid.row(Bucket.RESOLUTION) == (0, 0, 0, 2)
    assert grid.row(Bucket.UPDATE) == (0, 3, 0, 0)
    assert (grid.open, grid.needs, grid.breached_unclaimed) == (12, 5, 3), "updates are counted beside"
    assert (grid.by_priority["P1"].open, grid.by_priority[""].open) == (10, 2)


def test_crossings_move_what_was_counted() -> None:
    tallies = Tallies(counted(*(ticket(str(n), clock(Bucket.RESPONSE, Zone.GREEN)) for n in range(5))))
    tallies.cross(Zone.YELLOW, Bucket.RESPONSE, "P1", True, 3)
    tallies.cross(Zone.YELLOW, Bucket.RESPONSE, "P1", False, 1)
    tallies.cross(Zone.ORANGE, Bucket.RESPONSE, "P1", True, 2)
    tallies.cross(Zone.RED, Bucket.RESPONSE, "P1", True, 1)
    for grid in (found := tallies.grid(NOW, uses_update=False), found.by_priority["P1"]):
        assert grid.row(Bucket.RESPONSE) == (1, 2, 1, 1)
        assert (grid.open, grid.needs, grid.breached_unclaimed) == (5, 2, 1)


def test_moving_on_leaves_the_old_grid_as_it_was() -> None:
    before = counted(ticket("A", clock(Bucket.RESPONSE, Zone.GREEN)))
    copy = replace(before, cells=dict(before.cells))
    Tallies(before).cross(Zone.YELLOW, Bucket.RESPONSE, "P1", True, 1)
    assert before == copy


def test_the_tabs_are_counted_from_the_grid() -> None:
    cells = {(Bucket.RESPONSE, Zone.RED): 2, (Bucket.RESOLUTION, Zone.RED): 1, (Bucket.UPDATE, Zone.RED): 5}
    grid = Grid(NOW, open=9, cells=cells, needs=4)
    assert tab_counts(grid, mine=3) == {Tab.NEEDS: 4, Tab.MINE: 3, Tab.ALL: 9, Tab.BREACHED: 3}
