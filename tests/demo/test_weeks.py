"""The weeks before the demo's day: ended, seeded, of every weekday, and quick to make."""

from __future__ import annotations

from datetime import UTC, datetime

from slaboard.demo import weeks
from slaboard.demo.generate import PIVOT, generate
from slaboard.ticket import Kind

NOW = PIVOT + 17


def test_all_of_it_is_over_before_now_and_nothing_is_open() -> None:
    """The last word on every ticket is that it is resolved, or what comes after that."""
    events = weeks.before(NOW)
    assert events == sorted(events, key=lambda event: (event.at, event.order))
    assert all(event.at < NOW for event in events)
    stories = {event.ticket: [kind.kind for kind in events if kind.ticket == event.ticket] for event in events[:200]}
    last = (Kind.REOPEN, Kind.RESOLVE)
    assert {next(kind for kind in reversed(kinds) if kind in last) for kinds in stories.values()} == {Kind.RESOLVE}


def test_its_tickets_are_none_of_the_day() -> None:
    ids = {event.ticket for event in weeks.before(NOW)}
    assert not ids & {event.ticket for event in generate()}
    assert 200 <= len(ids) <= 400


def test_a_seed_gives_the_same_weeks_and_every_weekday_has_some() -> None:
    events = weeks.before(NOW)
    assert events == weeks.before(NOW) != weeks.before(NOW, seed=weeks.SEED + 1)
    opened = [event.at for event in events if event.kind is Kind.CREATED]
    assert {datetime.fromtimestamp(at, UTC).weekday() for at in opened} == set(range(7))
    assert min(opened) >= NOW - (weeks.WEEKS * 7 + 1) * 86_400
