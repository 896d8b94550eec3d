"""The sample day moved to now, and played from there on."""

from __future__ import annotations

from itertools import islice

import pytest

from slaboard.demo.generate import PIVOT, endless, generate
from slaboard.demo.retime import play, retime
from slaboard.errors import UsageError
from slaboard.ticket import Bucket, Event, Kind

NOW = PIVOT + 1_000_000


def event(at: int, ticket: str = "T-1", order: int = 0) -> Event:
    return Event(ticket=ticket, at=at, kind=Kind.NOTE, order=order)


def test_the_day_moves_as_a_whole_and_splits_at_now() -> None:
    """What falls on now has happened."""
    past, future = retime([event(100), event(160), event(161)], now=1_000, pivot=160)
    assert (past, future) == ([event(940), event(1_000)], [event(1_001)])


def test_the_sources_own_due_instant_moves_along() -> None:
    """Else the demo would show drift that nobody put there."""
    due = Event(ticket="T-1", at=100, kind=Kind.CREATED, source_due={Bucket.RESPONSE: 400})
    assert retime([due], now=1_000, pivot=100)[0][0].source_due == {Bucket.RESPONSE: 1_300}


def test_the_sample_day_opens_in_its_outage() -> None:
    """At 14:41 there is a past to show and a future to play, and moving it loses nothing."""
    day, (past, future) = generate(), retime(generate(), NOW)
    assert past[-1].at <= NOW < future[0].at
    assert [(e.ticket, e.at - NOW + PIVOT, e.kind) for e in past + future] == [(e.ticket, e.at, e.kind) for e in day]
    assert len(future) > 500


@pytest.mark.parametrize(
    ("speed", "now", "due"),
    [
        pytest.param(1, 1_009, [], id="not yet"),
        pytest.param(1, 1_010, [1_010], id="on the second"),
        pytest.param(1, 1_025, [1_010, 1_020], id="some"),
        pytest.param(10, 1_001, [1_001], id="ten times as fast"),
        pytest.param(7, 1_003, [1_002, 1_003], id="fractions wait for the next second"),
        pytest.param(0.5, 1_025, [1_020], id="half as fast"),
        pytest.param(60, 1_100, [1_001, 1_001, 1_001], id="all in one second"),
    ],
)
def test_play_hands_out_what_is_due(speed: float, now: int, due: list[int]) -> None:
    """Three events, 10, 20 and 30 seconds after the start."""
    future = [event(1_010), event(1_020), event(1_030)]
    played, rest = play(future, now, speed, start=1_000)
    assert [e.at for e in played] == due
    assert rest == future[len(due) :]


def test_what_falls_on_one_second_keeps_its_order() -> None:
    """A fast demo presses events together; their sequence still tells which came first."""
    played, _ = play([event(10, "A"), event(20, "B"), event(20, "C", order=1)], now=1, speed=100, start=0)
    assert [(e.ticket, e.at, e.order) for e in played] == [("A", 1, 0), ("B", 1, 1), ("C", 1, 2)]


def test_play_in_small_steps_equals_one_big_step() -> None:
    """However often the caller looks, every event is handed out once and at its instant."""
    _, future = retime(generate(), NOW)
    rest, played, now = future, list[Event](), NOW
    while rest:
        now += 13
        due, rest = play(rest, now, 3, start=NOW)
        played += due
    assert played == play(future, now, 3, start=NOW)[0]


def test_the_next_day_follows_the_last_event() -> None:
    """The documented loop: when the rest is empty, the next day of `endless()` takes its place."""
    days, last = endless(), retime(generate(), NOW)[1][-1].at
    for day in islice(days, 2):
        past, future = retime(day, NOW)
        assert not past
        assert last <= future[0].at < last + 600
        last = future[-1].at


@pytest.mark.parametrize("speed", [0, -1])
def test_a_speed_that_leads_nowhere_is_refused(speed: float) -> None:
    """In a sentence, for it comes from the command line."""
    with pytest.raises(UsageError, match="above 0"):
        play([], 0, speed, start=0)
