"""The course of a ticket: the same that its clocks see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.reports.course import ENDLESS, Course, course
from slaboard.sla.clock import Replay
from slaboard.sla.order import ordered
from tests.sla.story import EVERYONE, clock_time, event, situation, story


def told(text: str) -> Course:
    """The course of a ticket with that story."""
    return course({}, story(text), EVERYONE)


def spells(found: Course) -> str:
    """`09:00 to 10:00, 11:00 on`."""
    return ", ".join(
        f"{clock_time(begin)} {'on' if end == ENDLESS else f'to {clock_time(end)}'}" for begin, end in found.spells
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        situation("open", "09:00 created", "09:00 on"),
        situation("resolved", "09:00 created / 10:00 resolve", "09:00 to 10:00"),
        situation("resolved, then closed", "09:00 created / 10:00 resolve / 12:00 close", "09:00 to 10:00"),
        situation("reopened", "09:00 created / 10:00 resolve / 11:00 reopen", "09:00 to 10:00, 11:00 on"),
        situation("reopened by a status word", "09:00 created / 10:00 resolve / 11:00 status status=Awaiting",
                  "09:00 to 10:00, 11:00 on"),
        situation("born resolved", "09:00 created status=Resolved", "09:00 to 09:00"),
        situation("an end that was undone", "09:00 created / 10:00 resolve id=x / 10:05 undo caused_by=x", "09:00 on"),
        situation("an unknown word", "09:00 created / 10:00 status status=Pending", "09:00 on"),
        situation("older than its creation", "08:00 resolve / 09:00 created", "09:00 on"),
        situation("never created", "09:00 status status=Closed", ""),
    ],
)  # fmt: skip
def test_when_it_was_open(text: str, expected: str) -> None:
    assert spells(told(text)) == expected


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        situation("once, with the end", "09:00 created / 10:00 respond / 10:00 resolve", 1),
        situation("twice", "09:00 created / 09:30 respond / 10:00 respond / 11:00 resolve", 2),
        situation("afterwards", "09:00 created / 10:00 resolve / 10:30 respond", 0),
        situation("by a machine", "09:00 created / 09:01 autoreply / 10:00 resolve", 0),
        situation("on the phone", "09:00 created / 09:01 message direction=in channel=phone / 10:00 resolve", 1),
        situation("by the customer", "09:00 created / 09:30 asks / 10:00 resolve", 0),
    ],
)
def test_how_often_the_customer_was_answered(text: str, answers: int) -> None:
    """Before the first end, or with it."""
    assert told(text).answers == answers


def test_whose_it_became() -> None:
    """A claim may be for somebody else; what was undone is no claim."""
    found = told("09:00 created / 09:10 claim id=x / 09:11 undo caused_by=x / 09:20 claim owner=ben / 09:30 takeover")
    assert [(clock_time(at), who, taken) for at, who, taken in found.claims] == [
        ("09:20", "ben", False), ("09:30", "ana", True),
    ]  # fmt: skip


WORDS = st.sampled_from(
    ("resolve", "close", "reopen", "status status=Active", "status status=Awaiting", "status status=Resolved", "asks",
     "respond", "engage", "claim", "undo caused_by=3", "undo caused_by=5", "wait", "resume")
)  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 40), WORDS), max_size=12))
def test_it_agrees_with_the_clocks(steps: list[tuple[int, str]]) -> None:
    """Also within one minute, out of order and undone: ended and open when the replay says so."""
    lines = [f"09:{minute:02} {word} id={number}" for number, (minute, word) in enumerate(steps)]
    events = [event("09:00 created"), *map(event, lines)]
    fold = Replay("T-1", EVERYONE)
    expected: list[tuple[int, int]] = []
    for one in ordered(events, EVERYONE):
        fold.apply(one)
        ended = fold.standing.ended_at
        if not expected or (ended is None and expected[-1][1] != ENDLESS):
            expected.append((one.at, ENDLESS if ended is None else ended))
        elif ended is not None and expected[-1][1] == ENDLESS:
            expected[-1] = (expected[-1][0], ended)
    assert course({}, events, EVERYONE).spells == expected
