"""Footnotes: when each is told, when not, and never whose act it was unless one asks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from slaboard.reports.footnotes import Footnote, Sort, footnotes
from slaboard.sla.clock import replay
from slaboard.sla.policy import PolicySet
from slaboard.ticket import Bucket, Event
from tests.sla.oracle_replay import World
from tests.sla.story import EVERYONE, at, situation, story, team
from tests.sla.test_replay_oracle import END, histories, teams


def notes(text: str, policies: PolicySet = EVERYONE, *, now: str = "06T17:00") -> tuple[Footnote, ...]:
    """Those of one ticket with that story."""
    events = story(text)
    return footnotes("T-1", replay("T-1", events, policies).clocks(), events, lambda _: policies, at(now))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        situation(
            "waiting with nothing left",
            "09:00 created / 09:10 respond / 12:59 wait reason=customer / 15:00 resume / 15:10 engage / 15:20 resolve",
            ["T-1 was set to wait for customer with 0:01:00 of 4:00:00 left of Resplan."],
        ),
        situation(
            "to the second",
            "09:00 created / 09:10 respond / 13:00 wait reason=customer / 15:10 resolve",
            ["T-1 was set to wait for customer with 0:00:00 of 4:00:00 left of Resplan."],
        ),
        situation(
            "a reason of one's own is not told",
            "09:00 created / 09:10 respond / 12:55 wait reason=Mrs.Brackenfell / 15:10 resolve",
            ["T-1 was set to wait with 0:05:00 of 4:00:00 left of Resplan."],
        ),
        situation("waiting in good time", "09:00 created / 09:10 respond / 12:47 wait / 15:10 resolve", []),
        situation("waiting when late already", "09:00 created / 09:10 respond / 13:01 wait / 15:10 resolve", []),
        situation("a rule that waits", "09:00 created / 09:10 respond / 12:59 wait by=automation / 15:10 resolve", []),
        situation(
            "reopened by the team",
            "09:00 created / 10:00 resolve / 10:04 reopen / 11:00 resolve",
            ["T-1 was reopened 0:04:00 after it was resolved."],
        ),
        situation(
            "by a status word",
            "09:00 created / 10:00 status status=Resolved / 10:10 status status=Working / 11:00 resolve",
            ["T-1 was reopened 0:10:00 after it was resolved."],
        ),
        situation("reopened later", "09:00 created / 10:00 resolve / 10:11 reopen / 11:00 resolve", []),
        situation(
            "reopened by a customer", "09:00 created / 10:00 resolve / 10:01 reopen by=customer / 11:00 resolve", []
        ),
        situation(
            "held for a quarter of the target",
            "09:00 created / 09:30 claim / 13:30 engage / 14:00 resolve",
            ["T-1 was held for 4:00:00 of business time without recorded work, of 16:00:00 for Resolution."],
        ),
        situation("a little less", "09:00 created / 09:30 claim / 13:29 engage / 14:00 resolve", []),
        situation(
            "in two goes", "09:00 created / 09:00 claim / 11:30 note / 11:35 wait / 12:00 resume by=automation"
            " / 14:30 note / 15:00 resolve", []
        ),
        situation("free for as long", "09:00 created / 09:10 note / 16:00 claim / 16:10 engage / 16:20 resolve", []),
    ],
)  # fmt: skip
def test_what_is_told(text: str, expected: list[str]) -> None:
    assert [note.sentence() for note in notes(text)] == expected


def test_names_only_when_asked_for() -> None:
    """And clean ones."""
    (note,) = notes("09:00 created / 09:30 claim actor=\x1bana / 13:30 engage actor=ben / 14:00 resolve")
    assert "ana" not in note.sentence()
    assert note.sentence(names=True).endswith("for Resolution (\ufffdana).")


def test_the_clock_that_had_least_left_is_named() -> None:
    """One footnote a wait, however many clocks it stopped."""
    both = team('targets = { resplan = "4h", resolution = "4h" }')
    (note,) = notes("09:00 created / 09:10 respond / 12:59 wait / 15:10 resolve", both)
    assert (note.sort, note.at) == (Sort.LATE_WAIT, at("12:59"))


def test_what_was_held_is_told_with_the_resolution_where_one_is_promised() -> None:
    """A report that has only the other results of a ticket does not tell it; the one with its end does."""
    events = story("09:00 created / 09:30 claim / 13:30 engage / 14:00 resolve")
    for policies, told in ((EVERYONE, 0), (team('targets = { response = "1h", resplan = "4h" }'), 1)):
        clocks = [c for c in replay("T-1", events, policies).clocks() if c.bucket is not Bucket.RESOLUTION]
        found = footnotes("T-1", clocks, events, lambda _, these=policies: these, at("17:00"))  # type: ignore[misc]
        assert len(found) == told


def test_a_ticket_without_a_clock_has_none() -> None:
    assert footnotes("T-1", (), story("09:00 created"), lambda _: EVERYONE, at("17:00")) == ()


@settings(max_examples=8, deadline=None)
@given(world=teams(), events=histories())
def test_any_life_has_footnotes_in_the_order_of_time(world: tuple[PolicySet, World], events: list[Event]) -> None:
    """And none has a name in it."""
    clocks = replay("T-1", events, world[0]).clocks()
    found = footnotes("T-1", clocks, events, lambda _: world[0], END)
    assert list(found) == sorted(found, key=lambda note: note.at)
    assert not any(name in note.sentence() for note in found for name in ("ana", "ben"))
