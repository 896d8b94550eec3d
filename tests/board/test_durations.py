"""Countdowns: business time left, and how it is written."""

from __future__ import annotations

import pytest
from msgspec.structs import replace as changed

from slaboard.board import durations
from slaboard.ticket import Bucket, Zone
from tests.board.factory import HOUR, NOW, calendars, running, waiting


@pytest.mark.parametrize(
    ("seconds", "full", "compact"),
    [
        (0, "00:00:00", "0:00"),
        (79, "00:01:19", "1:19"),
        (3599, "00:59:59", "59:59"),
        (3600, "1h 00m", "1h00"),
        (7559, "2h 05m", "2h05"),
        (86_399, "23h 59m", "23h59"),
        (86_400, "1d 00h", "1d"),
        (126_780, "1d 11h", "1d"),
        (-1, "-00:00:01", "-0:01"),
        (-1526, "-00:25:26", "-25:26"),
        (-11_100, "-3h 05m", "-3h05"),
        (-(2**60), "-999999d", "-9999d"),
    ],
)
def test_a_countdown_is_written(seconds: int, full: str, compact: str) -> None:
    """Seconds under an hour only; never wider than its column."""
    assert (durations.full(seconds), durations.compact(seconds)) == (full, compact)
    assert len(full) <= 9
    assert len(compact) <= 6


@pytest.mark.parametrize(
    ("seconds", "text"), [(40, "40s"), (900, "15m"), (3600, "1h"), (5400, "1h 30m"), (187_200, "52h")]
)
def test_a_target_has_no_days(seconds: int, text: str) -> None:
    """Rule 16: minutes and hours, as the policy has them."""
    assert durations.span(seconds) == text


def test_a_closed_calendar_does_not_tick() -> None:
    """Over a night the rest is the same at any second."""
    clock = running(Bucket.RESPONSE, 373, HOUR, "harbour")
    assert {durations.left_s(clock, NOW + passed, calendars()) for passed in (0, 1, 600)} == {373}
    assert durations.opens_at(clock, NOW, calendars()) == NOW + 18 * 60 + 53
    assert durations.opens_at(running(Bucket.RESPONSE, 373, HOUR), NOW, calendars()) is None


def test_an_open_calendar_ticks() -> None:
    """A second a second."""
    clock = running(Bucket.RESPONSE, 373, HOUR, "office")
    assert [durations.left_s(clock, NOW + passed, calendars()) for passed in (0, 1, 373)] == [373, 372, 0]


def test_red_is_below_zero_and_nothing_else_is() -> None:
    """Rule 3: late means strictly later, so the due second itself is 0 and the red one -1."""
    clock = running(Bucket.RESPONSE, 10, HOUR)
    assert [durations.left_s(clock, NOW + passed, calendars()) for passed in (9, 10, 11, 12)] == [1, 0, -1, -2]
    overnight = changed(clock, due_at=NOW - 9000, red_at=NOW - 1, calendar="harbour")
    assert durations.left_s(overnight, NOW, calendars()) == -1


def test_an_unknown_calendar_falls_back_to_the_wall() -> None:
    """Better than no countdown."""
    clock = changed(running(Bucket.RESPONSE, 373, HOUR), calendar="gone")
    assert durations.left_s(clock, NOW, calendars()) == 373


def test_a_far_instant_is_not_counted_in_business_time() -> None:
    """The year 9999 must not cost a minute of compiling."""
    assert durations.until_s(2**40, NOW, calendars()["office"]) == 2**40 - NOW


@pytest.mark.parametrize(("zone", "left"), [(Zone.ORANGE, 500), (Zone.RED, -1)])
def test_a_waiting_clock_keeps_its_rest(zone: Zone, left: int) -> None:
    """Frozen, and never a red 0."""
    clock = waiting(Bucket.RESOLUTION, 500 if zone is Zone.ORANGE else 0, HOUR, zone)
    assert durations.left_s(clock, NOW + 9999, calendars()) == left
