"""One clock's arithmetic, apart from any ticket: thresholds, time used without the waits, and instants."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.sla.calendar import BusinessCalendar
from slaboard.sla.edges import Wait, instant_of, left_s, merged, state_at, used_s, zone_at
from slaboard.sla.zones import Zones
from slaboard.ticket import Bucket, Clock, ClockState, Zone
from tests.examples import examples
from tests.sla.story import at, situation

PROPERTY = examples(60)

DAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = BusinessCalendar.from_dict({"timezone": "UTC", "hours": {day: [["09:00", "17:00"]] for day in DAYS}})
HOUR = 3600


def waits(*spans: str) -> tuple[Wait, ...]:
    """`"10:00-11:00"` as a wait; `"12:00-"` is open."""
    ends = (span.split("-") for span in spans)
    return tuple((at(begin), at(end) if end else None) for begin, end in ends)


# --- thresholds -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "zones", "yellow", "orange"),
    [
        situation("half and three quarters", HOUR, {}, 1800, 2700),
        situation("rounded up", 7, {}, 4, 6),
        situation("exact, not as a float would have it", 10_000, {"orange": Decimal("0.8001")}, 5000, 8001),
        situation("never rounded up twice", 100, {"yellow": Decimal("0.07"), "orange": Decimal("0.07")}, 7, 7),
        situation("a floor that is worse", 900, {"orange_floor_s": 600}, 300, 300),
        situation("a floor that is not", 4 * HOUR, {"orange_floor_s": 600}, 2 * HOUR, 3 * HOUR),
        situation("a floor for yellow alone", 900, {"yellow_floor_s": 600}, 300, 675),
        situation("a floor of 0", HOUR, {"orange": Decimal(1), "orange_floor_s": 0}, 1800, HOUR),
        situation("a floor longer than the target", 900, {"yellow_floor_s": HOUR}, 0, 675),
        situation("yellow never after orange", 900, {"yellow": Decimal("0.75"), "orange_floor_s": 600}, 300, 300),
        situation("orange at once", HOUR, {"yellow": Decimal(0), "orange": Decimal(0)}, 0, 0),
        situation("a target of 0", 0, {}, 0, 0),
    ],
)
def test_thresholds(target: int, zones: dict[str, Any], yellow: int, orange: int) -> None:
    marks = Zones(**zones).of(target)
    assert (marks.yellow, marks.orange, marks.red) == (yellow, orange, target + 1)


@pytest.mark.parametrize(
    ("used", "zone"),
    [
        (0, Zone.GREEN),
        (49, Zone.GREEN),
        (50, Zone.YELLOW),
        (74, Zone.YELLOW),
        (75, Zone.ORANGE),
        (100, Zone.ORANGE),
        (101, Zone.RED),
    ],
)
def test_zone_of_the_time_used(used: int, zone: Zone) -> None:
    assert Zones().of(100).zone(used) is zone


shares = st.decimals(0, 1, places=3)
floors = st.none() | st.integers(0, 10_000)


@PROPERTY
@given(target=st.integers(0, 10_000), two=st.tuples(shares, shares).map(sorted), yellow=floors, orange=floors)
def test_zones_open_in_the_order_of_their_danger(
    target: int, two: list[Decimal], yellow: int | None, orange: int | None
) -> None:
    marks = Zones(two[0], two[1], yellow, orange).of(target)
    assert 0 <= marks.yellow <= marks.orange <= target < marks.red


# --- time used, and the instant at which it is ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "spans", "until", "used"),
    [
        situation("no wait", "09:00", [], "11:00", 2 * HOUR),
        situation("a wait", "09:00", ["10:00-10:30"], "11:00", 90 * 60),
        situation("two waits", "09:00", ["09:30-10:00", "10:30-10:45"], "11:00", 75 * 60),
        situation("a wait that goes on", "09:00", ["10:00-"], "16:00", HOUR),
        situation("a wait over the end", "09:00", ["10:00-12:00"], "11:00", HOUR),
        situation("a wait over the start", "10:00", ["09:30-10:30"], "11:00", 30 * 60),
        situation("a wait before the start", "10:00", ["09:00-09:30"], "11:00", HOUR),
        situation("a wait after the end", "09:00", ["12:00-13:00"], "11:00", 2 * HOUR),
        situation("a wait outside the hours", "16:00", ["18:00-06T08:00"], "06T10:00", 2 * HOUR),
        situation("nothing but a wait", "09:00", ["09:00-"], "11:00", 0),
        situation("reversed", "11:00", [], "09:00", 0),
        situation("reversed, with a wait", "11:00", ["09:30-10:00"], "09:00", 0),
    ],
)
def test_used(start: str, spans: list[str], until: str, used: int) -> None:
    assert used_s(OFFICE, at(start), waits(*spans), at(until)) == used


@pytest.mark.parametrize(
    ("start", "spans", "used", "instant"),
    [
        situation("no wait", "09:00", [], 2 * HOUR, "11:00"),
        situation("before the wait", "09:00", ["10:00-10:30"], HOUR - 1, "09:59:59"),
        situation("exactly at the wait", "09:00", ["10:00-10:30"], HOUR, "10:00"),
        situation("after the wait", "09:00", ["10:00-10:30"], HOUR + 1, "10:30:01"),
        situation("after two waits", "09:00", ["10:00-10:30", "11:00-12:00"], 2 * HOUR, "12:30"),
        situation("a wait over the start", "10:00", ["09:30-10:30"], HOUR, "11:30"),
        situation("a wait before the start", "10:00", ["09:00-09:30"], HOUR, "11:00"),
        situation("a wait from the start on", "09:00", ["09:00-10:00"], HOUR, "11:00"),
        situation("a wait of a second", "09:00", ["09:00-09:00:01"], HOUR, "10:00:01"),
        situation("an exact fit, then a wait", "16:00", ["17:00-06T10:00"], HOUR, "17:00"),
        situation("an exact fit after a wait", "15:00", ["15:30-16:30"], HOUR, "17:00"),
        situation("a wait that ends while closed", "16:00", ["16:30-20:00"], HOUR, "06T09:30"),
        situation("0: at once", "09:00", ["10:00-11:00"], 0, "09:00"),
        situation("0: the first opening", "04T12:00", [], 0, "09:00"),
        situation("0: not while waiting", "09:00", ["09:00-10:00"], 0, "10:00"),
        situation("0: not at an opening within a wait", "04T12:00", ["04T13:00-10:00"], 0, "10:00"),
        situation("0: not at an opening with which a wait begins", "04T12:00", ["09:00-10:00"], 0, "10:00"),
    ],
)
def test_instant(start: str, spans: list[str], used: int, instant: str) -> None:
    assert instant_of(OFFICE, at(start), waits(*spans), used) == at(instant)


times = st.integers(at("05T06:00"), at("07T18:00"))
ended = st.lists(st.tuples(times, times).map(sorted), max_size=4).map(
    lambda pairs: merged((begin, end) for begin, end in pairs)
)


@PROPERTY
@given(start=times, spans=ended, used=st.integers(1, 30 * HOUR))
def test_the_instant_is_the_first_at_which_the_time_is_used(start: int, spans: tuple[Wait, ...], used: int) -> None:
    instant = instant_of(OFFICE, start, spans, used)
    assert used_s(OFFICE, start, spans, instant) == used
    assert used_s(OFFICE, start, spans, instant - 1) == used - 1


@PROPERTY
@given(start=times, spans=ended, target=st.integers(0, 20 * HOUR), floor=floors, now=times)
def test_the_zone_is_what_the_edges_say(
    start: int, spans: tuple[Wait, ...], target: int, floor: int | None, now: int
) -> None:
    marks = Zones(yellow_floor_s=floor).of(target)
    over = tuple((begin, end) for begin, end in spans if end is not None and end <= now)
    edges = {Zone.YELLOW: marks.yellow, Zone.ORANGE: marks.orange, Zone.RED: marks.red}
    passed = [zone for zone, used in edges.items() if instant_of(OFFICE, start, over, used) <= now]
    assert zone_at(OFFICE, start, over, marks, now) is (passed[-1] if passed else Zone.GREEN)


# --- waits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spans", "joined"),
    [
        situation("none", [], []),
        situation("apart", ["09:00-10:00", "11:00-12:00"], ["09:00-10:00", "11:00-12:00"]),
        situation("out of order", ["11:00-12:00", "09:00-10:00"], ["09:00-10:00", "11:00-12:00"]),
        situation("touching", ["09:00-10:00", "10:00-11:00"], ["09:00-11:00"]),
        situation("overlapping", ["09:00-10:30", "10:00-11:00"], ["09:00-11:00"]),
        situation("one within the other", ["09:00-12:00", "10:00-11:00"], ["09:00-12:00"]),
        situation("an open one over the end of another", ["09:00-10:30", "10:00-"], ["09:00-"]),
        situation("an open one, alone", ["09:00-10:00", "10:30-"], ["09:00-10:00", "10:30-"]),
        situation(
            "the last two of three",
            ["09:00-10:00", "11:00-12:00", "11:30-13:00"],
            ["09:00-10:00", "11:00-13:00"],
        ),
        situation("an early one and two apart", ["09:00-10:00", "09:30-", "11:00-12:00"], ["09:00-"]),
        situation("one within an open one", ["09:00-", "10:00-11:00"], ["09:00-"]),
    ],
)
def test_merged(spans: list[str], joined: list[str]) -> None:
    assert merged(waits(*spans)) == waits(*joined)


# --- what a clock shows -----------------------------------------------------------------------------------------


def clock(state: ClockState = ClockState.RUNNING, **values: Any) -> Clock:
    """A clock of 4 h that started at 09:00."""
    return Clock(
        bucket=Bucket.RESOLUTION,
        state=state,
        started_at=at("09:00"),
        target_s=4 * HOUR,
        policy="Everyone",
        calendar="office",
        **values,
    )


RUNNING = clock(due_at=at("13:00"))
WAITED = clock(due_at=at("14:00"), waits=waits("10:00-11:00"))
WAITING = clock(ClockState.WAITING, waits=waits("10:00-"), left_s=3 * HOUR, frozen_zone=Zone.GREEN)
MISSED = clock(ClockState.MISSED, due_at=at("13:00"), stopped_at=at("15:00"), elapsed_s=6 * HOUR, met=False)


@pytest.mark.parametrize(
    ("clock", "now", "left"),
    [
        situation("at its start", RUNNING, "09:00", 4 * HOUR),
        situation("before its start", RUNNING, "08:00", 4 * HOUR),
        situation("a second before", RUNNING, "12:59:59", 1),
        situation("at its due", RUNNING, "13:00", 0),
        situation("late", RUNNING, "13:00:01", -1),
        situation("late, over the night", RUNNING, "06T10:00", -5 * HOUR),
        situation("before a wait that is over", WAITED, "09:30", 3 * HOUR + 1800),
        situation("in a wait that is over", WAITED, "10:30", 3 * HOUR),
        situation("after it", WAITED, "12:00", 2 * HOUR),
        situation("waiting", WAITING, "30T12:00", 3 * HOUR),
        situation("stopped", MISSED, "30T12:00", -2 * HOUR),
    ],
)
def test_left(clock: Clock, now: str, left: int) -> None:
    assert left_s(clock, OFFICE, at(now)) == left


@pytest.mark.parametrize(
    ("clock", "now", "state"),
    [
        situation("open", RUNNING, "10:00", ClockState.RUNNING),
        situation("closed", RUNNING, "17:00", ClockState.CLOSED_HOURS),
        situation("late is still running", RUNNING, "14:00", ClockState.RUNNING),
        situation("waiting beats closed", WAITING, "20:00", ClockState.WAITING),
        situation("stopped stays", MISSED, "20:00", ClockState.MISSED),
    ],
)
def test_state(clock: Clock, now: str, state: ClockState) -> None:
    assert state_at(clock, OFFICE, at(now)) is state
