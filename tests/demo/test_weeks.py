"""The weeks before the demo's day: as busy as that, over, seeded, and a ticket that is copied went as the one told."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from slaboard.demo import realday, weeks
from slaboard.demo.generate import MIDNIGHT, PIVOT, generate
from slaboard.demo.weeks import Past
from slaboard.ticket import Kind
from tests.sla.story import situation

NOW = PIVOT + 17
DAY = 86_400


@pytest.fixture(scope="module", name="past")
def _past() -> Past:
    return weeks.before(NOW)


def opened(past: Past) -> list[int]:
    """When each ticket came in."""
    told = {event.ticket: event.at for event in past.events if event.kind is Kind.CREATED}
    return sorted([*told.values(), *(told[copy.told] + copy.later_s for copy in past.copies)])


def test_all_of_it_is_over_before_now_and_nothing_is_open(past: Past) -> None:
    """The last word on every ticket is that it is resolved, or what comes after that."""
    events = past.events
    assert events == sorted(events, key=lambda event: (event.at, event.order))
    ends = {event.ticket: event.at for event in events}
    assert max(ends.values()) < NOW
    assert all(ends[copy.told] + copy.later_s < NOW for copy in past.copies)
    stories: dict[str, list[Kind]] = {}
    for event in events:
        stories.setdefault(event.ticket, []).append(event.kind)
    last = (Kind.REOPEN, Kind.RESOLVE)
    assert {next(kind for kind in reversed(kinds) if kind in last) for kinds in stories.values()} == {Kind.RESOLVE}


def test_each_ticket_has_a_number_of_its_own_before_those_of_the_day(past: Past) -> None:
    told = {event.ticket for event in past.events}
    copies = [copy.ticket for copy in past.copies]
    numbers = sorted(int(ticket.removeprefix("T-")) for ticket in [*told, *copies])
    assert len(set(numbers)) == len(numbers)
    assert 0 < numbers[0] < numbers[-1] < weeks.FIRST_OF_DAY
    assert min(event.ticket for event in generate()) == f"T-{weeks.FIRST_OF_DAY}"


def test_customers_with_office_hours_have_no_copies(past: Past) -> None:
    """What was counted of one hour is not so of another."""
    theirs = {event.ticket for event in past.events if event.customer == weeks.BY_THE_CLOCK}
    assert len(theirs) > 50
    assert not theirs & {copy.told for copy in past.copies}


def test_a_day_is_as_busy_as_the_real_one(past: Past) -> None:
    """On average within a tenth, hour by hour within a fifth; a weekend is quiet."""
    begin = NOW - PIVOT + MIDNIGHT
    days: dict[bool, list[int]] = {True: [], False: []}
    at = opened(past)
    for back in range(3, 24):
        first = begin - back * DAY
        is_weekend = datetime.fromtimestamp(first + DAY // 2, UTC).weekday() >= 5
        days[is_weekend].append(sum(first <= one < first + DAY for one in at))
    usual = sum(realday.ARRIVALS)
    assert sum(days[False]) / len(days[False]) == pytest.approx(usual, rel=0.1)
    assert sum(days[True]) / len(days[True]) == pytest.approx(usual * realday.WEEKEND, rel=0.3)
    hours = Counter((one - begin) % DAY // 3_600 for one in at)
    total = sum(hours.values())
    for hour, number in enumerate(realday.ARRIVALS, realday.FIRST_HOUR):
        assert hours[hour] / total == pytest.approx(number / usual, rel=0.2), hour


@pytest.mark.parametrize(
    ("now", "quiet"),
    [
        situation("on a Wednesday", NOW, {5, 6}),
        situation("on a Saturday, which is as busy as the demo's day", NOW + 3 * DAY, {6}),
        situation("on a Sunday", NOW + 4 * DAY, {5}),
    ],
)
def test_the_weekday_of_the_demo_is_never_a_quiet_one(now: int, quiet: set[int]) -> None:
    """So that today stands beside days of its kind."""
    days = Counter(datetime.fromtimestamp(at, UTC).weekday() for at in opened(weeks.before(now)))
    assert {day for day, number in days.items() if number < max(days.values()) / 3} == quiet


def test_a_seed_gives_the_same_weeks_from_a_monday_on(past: Past) -> None:
    assert past == weeks.before(NOW) != weeks.before(NOW, seed=weeks.SEED + 1)
    first = datetime.fromtimestamp(opened(past)[0], UTC)
    assert first.weekday() == 0
    assert (weeks.WEEKS - 1) * 7 * DAY < NOW - first.timestamp() <= (weeks.WEEKS * 7 + 1) * DAY


def test_the_share_of_a_day() -> None:
    """For who needs little."""
    assert len(opened(weeks.before(NOW, share=0.05))) < 500
