"""In which order events count: those of one instant, those that come late, and those that are taken back."""

from __future__ import annotations

from itertools import permutations

import pytest

from slaboard.sla.order import ordered
from slaboard.ticket import Kind, Stage
from tests.sla.story import ALL, EVERYONE, after, at, clocks, situation, story, team

UPDATE = team('targets = { update = "4h" }')

# --- 17: simultaneous events ------------------------------------------------------------------------------------

RUNNING = {"response": "running due 10:00", "resplan": "running due 13:00", "resolution": "running due 06T17:00"}
SKIPPED = {"response": "met 60m skipped", "resplan": "met 60m skipped", "resolution": "met 60m"}
WAITS = {"resplan": "waiting green 180m left", "resolution": "waiting green 900m left"}


@pytest.mark.parametrize(
    ("events", "stage", "results"),
    [
        situation(
            "an answer before the solution",
            ["respond", "resolve"], Stage.RESOLVED, SKIPPED | {"response": "met 60m"},
        ),
        situation("a stop before a pause", ["engage", "wait"], Stage.WAITING, RUNNING | WAITS | {"resplan": "met 60m"}),
        situation("a pause before a resume", ["wait", "status status=Active"], Stage.PLAN, RUNNING),
        situation(
            "the end before a pause, which reopens",
            ["resolve", "wait"], Stage.WAITING, SKIPPED | {"total_resolution": "waiting green 900m left"},
        ),
        situation(
            "the end before a reopening",
            ["reopen", "close"], Stage.RESOLVE, SKIPPED | {"total_resolution": "running due 06T17:00"},
        ),
        situation(
            "an effect after its cause",
            ["wait id=w", "autoreply caused_by=w"], Stage.WAITING, WAITS | {"response": "met 60m"},
        ),
        situation(
            "one effect after the other",
            ["claim id=c", "note by=automation id=n caused_by=c", "autoreply caused_by=n"],
            Stage.PLAN, RUNNING | {"response": "met 60m"},
        ),
        situation(
            "a circle of causes ends somewhere",
            ["note by=automation id=a caused_by=b", "note by=automation id=b caused_by=a"], Stage.RESPOND, RUNNING,
        ),
        situation(
            "a new target before what stops under it",
            ["priority priority=P1", "engage"], Stage.RESOLVE, {"resplan": "missed 60m retarget"},
        ),
        situation(
            "a sequence beats all of it",
            ["status status=Active order=1", "wait order=2"], Stage.WAITING, RUNNING | WAITS,
        ),
    ],
)  # fmt: skip
def test_events_of_one_instant_count_in_the_same_order_however_they_come(
    events: list[str], stage: Stage, results: dict[str, str]
) -> None:
    policies = team('match.priority = "P1"\ntargets = { resplan = "30m" }', ALL)
    for lines in permutations(["09:00 created", *(f"10:00 {line}" for line in events)]):
        fold = after(" / ".join(lines), policies)
        assert (fold.standing.stage, clocks(fold)) == (stage, results)


def test_the_creation_is_the_first_of_its_instant() -> None:
    for text in ("09:00 created order=5 / 09:00 respond", "09:00 respond / 09:00 created"):
        assert clocks(after(text)) == RUNNING | {"response": "met 0m"}


def test_a_customers_message_counts_after_the_answer_of_its_instant() -> None:
    for lines in permutations(["09:00 created by=customer", "10:00 respond", "10:00 asks"]):
        assert clocks(after(" / ".join(lines), UPDATE)) == {"update": "met 60m", "update 2": "running due 14:00"}


def test_a_tie_stays_as_it_came_also_when_something_was_undone() -> None:
    text = "09:00 created / 10:00 claim actor=ana / 10:00 claim actor=ben / 10:00 note id=n"
    assert after(text).standing.owner == after(f"{text} / 10:05 undo caused_by=n").standing.owner == "ben"


# --- 11, 22: undo, and what comes late or too early -------------------------------------------------------------

ENGAGED = "09:20 engage id=e seq=5"


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        situation("an act", f"{ENGAGED} / 09:21 undo caused_by=e", Stage.RESPOND),
        situation("by the store's number", f"{ENGAGED} / 09:21 undo caused_by=#5", Stage.RESPOND),
        situation("in the same instant", f"09:20 undo caused_by=e / {ENGAGED}", Stage.RESPOND),
        situation("by a machine whose clock is slow", f"{ENGAGED} / 09:19 undo caused_by=e", Stage.RESPOND),
        situation("an undo", f"{ENGAGED} / 09:21 undo caused_by=e id=u / 09:22 undo caused_by=u", Stage.RESOLVE),
        situation(
            "the undo of an undo",
            f"{ENGAGED} / 09:21 undo caused_by=e id=u / 09:22 undo caused_by=u id=v / 09:23 undo caused_by=v",
            Stage.RESPOND,
        ),
        situation("a resolution", "09:20 resolve id=r / 09:21 undo caused_by=r", Stage.RESPOND),
        situation(
            "two acts",
            f"09:10 respond id=m / {ENGAGED} / 09:21 undo caused_by=m / 09:22 undo caused_by=e",
            Stage.RESPOND,
        ),
        situation("nothing known", f"{ENGAGED} / 09:21 undo caused_by=x", Stage.RESOLVE),
        situation("itself", f"{ENGAGED} / 09:21 undo id=u caused_by=u", Stage.RESOLVE),
        situation("nothing at all", f"{ENGAGED} / 09:21 undo", Stage.RESOLVE),
    ],
)
def test_undo(text: str, stage: Stage) -> None:
    assert after(f"09:00 created / {text}").standing.stage is stage


def test_a_takeover_that_is_undone_gives_the_ticket_back() -> None:
    text = "09:00 created / 09:20 claim actor=ana / 09:30 takeover actor=ben id=t / 09:31 undo caused_by=t"
    assert after(text).standing == after("09:00 created / 09:20 claim actor=ana").standing


def test_what_was_undone_leaves_no_trace_on_the_clocks() -> None:
    undone = after("09:00 created / 09:20 respond id=m / 09:21 undo caused_by=m / 10:10 respond")
    assert clocks(undone) == clocks(after("09:00 created / 10:10 respond"))


def test_undos_and_what_they_take_back_are_not_among_the_ordered() -> None:
    events = story("10:00 undo caused_by=n / 09:00 created / 09:30 note id=n / 09:10 claim")
    assert [event.kind for event in ordered(events, EVERYONE)] == [Kind.CREATED, Kind.CLAIM]


def test_an_event_that_arrives_late_is_put_where_it_belongs() -> None:
    lines = ["09:00 created", "09:30 respond", "10:00 wait", "11:00 resume", "12:00 engage"]
    in_time = after(" / ".join(lines))
    for arrival in permutations(lines):
        fold = after(" / ".join(arrival))
        assert (fold.standing, fold.clocks()) == (in_time.standing, in_time.clocks())


def test_what_is_older_than_the_creation_is_ignored_with_its_reason() -> None:
    early = "08:00 respond / 08:10 claim actor=ben / 08:20 status status=Working"
    fold, plain = after(f"{early} / 09:00 created / 09:20 note"), after("09:00 created / 09:20 note")
    assert fold.ignored == [(event, "it is older than the ticket's creation") for event in story(early)]
    assert (fold.standing, fold.clocks()) == (plain.standing, plain.clocks())


def test_what_made_no_sense_and_is_older_than_the_creation_too_is_ignored_once() -> None:
    fold = after("08:00 engage by=automation / 09:00 created")
    assert [why for _, why in fold.ignored] == ["it is older than the ticket's creation"]


def test_an_act_from_before_the_creation_stands_behind_no_message() -> None:
    fold = after("08:00 claim id=c / 09:00 created / 09:20 autoreply caused_by=c")
    assert clocks(fold)["response"] == "running due 10:00"


def test_a_second_creation_is_ignored_with_its_reason() -> None:
    fold = after("09:00 created priority=P1 / 10:00 created priority=P2 owner=ben / 11:00 created")
    assert [why for _, why in fold.ignored] == ["the ticket was created before"] * 2
    ticket = fold.standing
    assert (ticket.opened_at, ticket.priority, ticket.owner) == (at("09:00"), "P1", None)
