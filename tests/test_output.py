"""What programs read: the design's keys, instants in UTC, business seconds, and null for what does not apply."""

from __future__ import annotations

from typing import Any

import pytest

from slaboard.board.state import Grid, Next
from slaboard.output import CSV_COLUMNS, clock_json, grid_json, iso, ticket_json, tickets_csv
from slaboard.sla.calendar import BusinessCalendar
from slaboard.ticket import Bucket, Clock, ClockState, Stage, Ticket, Zone
from tests.sla.story import at, situation

OFFICE = BusinessCalendar.from_dict(
    {"timezone": "UTC", "hours": {"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}}
)
CALENDARS = {"office": OFFICE}
CLOCK = Clock(
    bucket=Bucket.RESPONSE, state=ClockState.RUNNING, started_at=at("16:00"), target_s=7200, policy="Gold",
    policy_version=3, calendar="office", due_at=at("06T10:00"), yellow_at=at("06T09:00"), orange_at=at("06T09:30"),
    red_at=at("06T10:00:01"),
)  # fmt: skip


def clock(**changes: Any) -> Clock:
    return Clock(**{name: getattr(CLOCK, name) for name in Clock.__struct_fields__} | changes)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (None, None), (0, "1970-01-01T00:00:00Z"), (at("09:00"), "2026-01-05T09:00:00Z"), (10**18, None),
        (-(10**18), None),
    ],
)  # fmt: skip
def test_an_instant(instant: int | None, text: str | None) -> None:
    assert iso(instant) == text


@pytest.mark.parametrize(
    ("now", "told"),
    [
        situation("in office hours", at("16:30"), {"state": "running", "elapsed_s": 1800, "zone": "green"}),
        situation("in the night", at("20:00"), {"state": "closed_hours", "elapsed_s": 3600, "zone": "green"}),
        situation("next morning", at("06T09:15"), {"state": "running", "elapsed_s": 4500, "zone": "yellow"}),
        situation("too late", at("06T10:30"), {"state": "running", "elapsed_s": 9000, "zone": "red", "met": None}),
    ],
)
def test_a_running_clock(now: int, told: dict[str, object]) -> None:
    found = clock_json(CLOCK, CALENDARS, now)
    assert {key: found[key] for key in told} == told
    assert found | {"due_at": "2026-01-06T10:00:00Z", "red_at": "2026-01-06T10:00:01Z", "stopped_at": None} == found
    assert (found["target_s"], found["policy_version"], found["cycle"], found["skipped"]) == (7200, 3, 0, False)


def test_a_waiting_clock_has_a_rest_and_no_instants() -> None:
    edges = dict.fromkeys(("due_at", "yellow_at", "orange_at", "red_at"))
    waiting = clock(state=ClockState.WAITING, left_s=1800, frozen_zone=Zone.ORANGE, **edges)
    found = clock_json(waiting, CALENDARS, at("06T12:00"))
    assert (found["state"], found["zone"], found["elapsed_s"]) == ("waiting", "orange", 5400)
    assert [found[name] for name in ("due_at", "yellow_at", "orange_at", "red_at")] == [None] * 4


@pytest.mark.parametrize("calendars", [CALENDARS, {}], ids=["its calendar is there", "its calendar is gone"])
def test_a_finished_clock_needs_no_calendar(calendars: dict[str, BusinessCalendar]) -> None:
    done = clock(
        state=ClockState.MISSED, stopped_at=at("06T10:30"), elapsed_s=9000, met=False, frozen_zone=Zone.RED,
        skipped=True, cause="retarget", yellow_at=None, orange_at=None, red_at=None,
    )  # fmt: skip
    found = clock_json(done, calendars, at("06T20:00"))
    told = {
        "state": "missed", "zone": "red", "elapsed_s": 9000, "met": False, "skipped": True, "cause": "retarget",
        "stopped_at": "2026-01-06T10:30:00Z", "due_at": "2026-01-06T10:00:00Z",
    }  # fmt: skip
    assert {key: found[key] for key in told} == told


@pytest.mark.parametrize(("source", "drift"), [(None, None), (0, None), (60, None), (61, 61), (-3600, -3600)])
def test_the_drift_from_the_sources_own_due_instant(source: int | None, drift: int | None) -> None:
    """Rule 19: what differs by more than a minute is said."""
    due = None if source is None else at("06T10:00") - source
    assert clock_json(clock(source_due=due), CALENDARS, at("16:30"))["drift_s"] == drift


TICKET = Ticket(
    id="A-1",
    title="VPN",
    stage=Stage.RESPOND,
    policy="Gold",
    opened_at=at("16:00"),
    bucket=Bucket.RESPONSE,
    clocks=(CLOCK,),
)


def test_a_ticket() -> None:
    found = ticket_json(TICKET, CALENDARS, at("16:30"))
    told = {
        "id": "A-1", "title": "VPN", "customer": None, "priority": None, "status": None, "stage": "respond",
        "owner": None, "policy": "Gold", "opened_at": "2026-01-05T16:00:00Z", "bucket": "response", "zone": "green",
        "due_at": "2026-01-06T10:00:00Z", "left_business_s": 5400, "left_wall_s": 17 * 3600 + 1800, "no_sla": None,
    }  # fmt: skip
    assert {key: found[key] for key in told} == told
    assert list(found["clocks"]) == ["response"]


def test_a_ticket_without_sla() -> None:
    found = ticket_json(Ticket(id="A-1", no_sla="no priority"), {}, 0)
    assert (found["no_sla"], found["clocks"]) == ("no priority", {})
    assert [found[name] for name in ("bucket", "zone", "due_at", "left_business_s", "left_wall_s")] == [None] * 5


def test_of_several_cycles_the_running_one_is_shown_else_the_last() -> None:
    first = clock(bucket=Bucket.UPDATE, cycle=0, state=ClockState.MET, elapsed_s=5, met=True)
    second, third = (
        clock(bucket=Bucket.UPDATE, cycle=1),
        clock(bucket=Bucket.UPDATE, cycle=2, state=ClockState.MET, met=True),
    )
    for clocks, cycle in (((first, second), 1), ((first, third), 2)):
        ticket = Ticket(id="A-1", clocks=clocks)
        assert ticket_json(ticket, CALENDARS, at("16:30"))["clocks"]["update"]["cycle"] == cycle


@pytest.mark.parametrize("uses_update", [False, True])
def test_a_grid(uses_update: bool) -> None:
    """Its sums add up, and the row of updates is there only where somebody promises them."""
    cells = {(Bucket.RESPONSE, Zone.RED): 2, (Bucket.RESOLUTION, Zone.GREEN): 1, (Bucket.UPDATE, Zone.YELLOW): 4}
    grid = Grid(
        at("09:00"), 6, 2, 1, cells, {Bucket.RESPONSE: Next("A-1", 1, None, "office")}, {"P1": Grid(0, 1, 1)},
        uses_update=uses_update,
    )  # fmt: skip
    found = grid_json(grid)
    assert (found["at"], found["open"], found["waiting"], found["no_sla"]) == ("2026-01-05T09:00:00Z", 6, 2, 1)
    assert ("update" in found["buckets"]) is uses_update
    assert found["buckets"]["response"] == {"green": 0, "yellow": 0, "orange": 0, "red": 2}
    assert found["by_priority"]["P1"]["open"] == 1
    promised = sum(sum(row.values()) for name, row in found["buckets"].items() if name != "update")
    assert found["open"] == promised + found["waiting"] + found["no_sla"]


def test_a_table_for_spreadsheets() -> None:
    heading, line = tickets_csv([TICKET], CALENDARS, at("16:30"))
    assert heading == ",".join(CSV_COLUMNS)
    assert line == "A-1,VPN,,,,respond,,Gold,2026-01-05T16:00:00Z,response,green,2026-01-06T10:00:00Z,5400,63000,"
    assert list(tickets_csv([], {}, 0)) == [heading]
