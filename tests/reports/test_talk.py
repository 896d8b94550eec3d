"""What follows from the figures of a review, and what does not."""

from __future__ import annotations

import pytest

from slaboard.reports.breach import Breach
from slaboard.reports.promises import Group, Kept, kept
from slaboard.reports.talk import talk
from slaboard.sla.autopsy import Autopsy, Share
from slaboard.sla.hands import Part
from slaboard.ticket import Bucket, Clock, ClockState
from tests.reports.promise import promise
from tests.sla.story import situation

HOUR = 3_600
CLOCK = Clock(
    bucket=Bucket.RESOLUTION, cycle=0, state=ClockState.MISSED, started_at=0, target_s=HOUR, policy="Gold",
    calendar="24x7", policy_version=1,
)  # fmt: skip


def said(
    *times: int, breaches: list[Breach] | None = None, before: tuple[int, int] = (0, 0), now: tuple[int, int] = (0, 0),
    tickets: dict[str, int] | None = None, surveys: dict[str, int] | None = None,
) -> list[str]:  # fmt: skip
    """The sentences of a review of Gold's Resolution within an hour."""
    rows = [row(*before), row(*now)]
    return talk([promise(times).promise], breaches or [], rows, ["Q1", "Q2"], tickets, surveys).paragraphs()


def row(met: int, n: int) -> tuple[Kept, ...]:
    return kept([Group((), Bucket.RESOLUTION, n, met)] if n else [], ())


def late(**seconds: int) -> Breach:
    """A breach with so many seconds in each part; `customer` waits for them."""
    shares = [
        Share(Part.WAITING, "customer", s) if name == "customer" else Share(Part(name), "Ana", s)
        for name, s in seconds.items()
    ]
    found = Autopsy("T-1", CLOCK, "UTC", 0, sum(seconds.values()), (), tuple(shares))
    return Breach("T-1", "", None, found, "2026-01-05", ())


def test_nothing_to_talk_about() -> None:
    """Few results, few breaches and no other time say nothing."""
    assert said(*[9 * HOUR] * 19, breaches=[late(idle=HOUR)], now=(1, 50)) == [
        "Nothing in these figures asks for a change."
    ]


@pytest.mark.parametrize(
    ("times", "text"),
    [
        situation("a little more", [HOUR // 2] * 70 + [HOUR + 1_000] * 30,
                  "Gold (P1), Resolution 1h was kept 70.0 %, too tight for how the work goes today: 1h 30m would have "
                  "been kept 100 %. Another target, or what would it take to keep this one?"),
        situation("far from it", [9 * HOUR] * 40,
                  "Gold (P1), Resolution 1h was kept 0 %, and 90 % took up to 9h: that is no target to promise. What "
                  "would it take to keep this one?"),
        situation("much less", [600] * 40,
                  "Gold (P1), Resolution 1h was kept 100 %, far from what is done: 10m would have been kept 100 %. "
                  "Promise that?"),
    ],
)  # fmt: skip
def test_targets(times: list[int], text: str) -> None:
    assert said(*times) == [text]


@pytest.mark.parametrize(
    ("before", "now", "text"),
    [
        situation("worse", (95, 100), (70, 100),
                  "Resolution was kept clearly worse than in Q1: 70.0 % after 95.0 %. Why?"),
        situation("better", (70, 100), (95, 100),
                  "Resolution was kept clearly better than in Q1: 95.0 % after 70.0 %. Why?"),
        situation("chance", (90, 100), (88, 100), "Nothing in these figures asks for a change."),
    ],
)  # fmt: skip
def test_changes(before: tuple[int, int], now: tuple[int, int], text: str) -> None:
    assert said(before=before, now=now) == [text]


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        situation("unseen", {"unseen": 80, "worked": 20}, "passed before anybody saw the ticket."),
        situation("nobody's", {"unclaimed": 50, "worked": 50}, "passed while the ticket was seen and nobody's."),
        situation("idle", {"idle": 90, "outside": 5_000}, "passed while the ticket was somebody's and no work"),
        situation("work", {"worked": 90, "idle": 10}, "was work."),
    ],
)
def test_where_the_time_went(parts: dict[str, int], text: str) -> None:
    """Of several breaches; closed hours are nobody's time."""
    [sentence] = said(breaches=[late(**parts)] * 3)
    assert f"% of the counted time of the breaches {text}" in sentence


def test_waiting_for_the_customer_is_said_as_what_it_is() -> None:
    """It counts against no target, and that is said."""
    breaches = [late(idle=9, worked=8, unseen=8), late(idle=9, worked=8, unseen=8, customer=2 * HOUR)]
    assert said(breaches=breaches) == [
        "1 of the 2 breaches also waited for the customer, 2h in all. No target counts that; quicker answers would "
        "help both all the same."
    ]


def test_reopened_tickets_and_answers_to_surveys() -> None:
    """Enough of the ones, and too few of the others."""
    assert said(tickets={"ended": 50, "reopened": 4}, surveys={"answered": 0, "solved": 50}) == said()
    assert said(tickets={"ended": 19, "reopened": 19}, surveys={"answered": 40, "solved": 50}) == said()
    assert said(tickets={"ended": 50, "reopened": 5}, surveys={"answered": 10, "solved": 50}) == [
        "5 reopened beside 50 ended (10.0 %): what does the customer need to call a ticket solved?",
        "10 answers to the survey beside 50 solved tickets speak for few of them.",
    ]
