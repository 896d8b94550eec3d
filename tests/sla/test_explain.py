"""An explanation adds up to its due instant, and says why a message was a response."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from slaboard.connectors.files import open_lines
from slaboard.connectors.servicenow_log import ServicenowLog
from slaboard.sla.clock import replay
from slaboard.sla.explain import Explanation, explain
from slaboard.sla.policy import PolicySet, parse
from slaboard.sla.story import story
from slaboard.sla.wording import facts, lines
from slaboard.ticket import ActorKind, Bucket, Clock, Direction, Event, Kind, Stage
from tests.shared_data import need_shared

POLICY = """
response_by_status = true
[calendar.office]
timezone = "America/Sao_Paulo"
holidays = ["2016-03-25", "2016-04-21"]
[calendar.office.hours]
mon = ["08:00-12:00", "13:00-18:00"]
tue = ["08:00-18:00"]
wed = ["08:00-18:00"]
thu = ["08:00-18:00"]
fri = ["08:00-17:00"]
[status]
New = "respond"
Active = "plan"
"Awaiting User Info" = "waiting"
"Awaiting Problem" = "waiting"
"Awaiting Vendor" = "waiting"
"Awaiting Evidence" = "waiting"
Resolved = "resolved"
Closed = "closed"
[[policy]]
name = "urgent"
match = { priority = ["1 - Critical", "2 - High"] }
calendar = "24x7"
targets = { response = "30m", resplan = "4h", resolution = "12h" }
[[policy]]
name = "rest"
calendar = "office"
targets = { response = "2h", resplan = "8h", resolution = "40h", update = "8h" }
"""


@pytest.fixture(scope="module")
def policies() -> PolicySet:
    """An office with a lunch break in a zone with clock changes, and a calendar that never closes."""
    found, problems = parse(POLICY)
    assert found is not None, problems
    return found


def at(text: str) -> int:
    """Epoch seconds of an ISO instant in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def explained(events: list[Event], policies: PolicySet, bucket: Bucket, now: int) -> Explanation:
    """The explanation of one clock of the ticket."""
    ticket = events[0].ticket
    clock = next(clock for clock in replay(ticket, events, policies).clocks() if clock.bucket is bucket)
    return explain(story(ticket, events, policies), clock, now)


def adds_up(found: Explanation) -> bool:
    """The open steps sum to the target and end at the due instant; without one, to the time used so far."""
    clock: Clock = found.clock
    opens = [step for step in found.steps if step.kind == "open"]
    if any(step.end - step.begin != step.seconds for step in opens):
        return False
    if any(a.end > b.begin for a, b in zip(found.steps, found.steps[1:], strict=False)):
        return False
    if clock.due_at is None:
        return clock.left_s is not None and found.counted == clock.target_s - clock.left_s
    return found.counted == clock.target_s and (not opens or opens[-1].end == clock.due_at)


def test_a_target_of_thousands_of_years_is_told_in_a_few_lines() -> None:
    """A minute a week, and 6,500 hours: the years between the first and the last are one line."""
    found, problems = parse(
        '[calendar.rare]\ntimezone = "UTC"\nhours = { mon = ["09:00-09:01"] }\n'
        '[[policy]]\nname = "x"\ntargets = { resolution = "6500h" }'
    )
    assert found is not None, problems
    told = explained([Event(ticket="T-1", at=0, kind=Kind.CREATED)], found, Bucket.RESOLUTION, 60)
    assert told.counted == told.clock.target_s == 6_500 * 3_600
    assert [step.note for step in told.steps if step.note] == ["in many spans"]
    assert len(lines(told)) < 120
    assert told.steps[-1].end == told.clock.due_at


def _histories() -> Iterator[tuple[str, list[Event]]]:
    histories: dict[str, list[Event]] = {}
    path: Path = need_shared("data/uci_incident_event_log_open.csv.gz")
    with open_lines(path) as found:
        for parsed in ServicenowLog().read(found):
            for event in parsed.events:
                histories.setdefault(event.ticket, []).append(event)
    yield from histories.items()


@pytest.mark.slow
def test_every_clock_of_the_real_log_adds_up(policies: PolicySet) -> None:
    """All 14,955 incidents at their end, and each as it stood after the first half of its events."""
    wrong: list[str] = []
    clocks = 0
    for ticket, events in _histories():
        for history in (events, events[: (len(events) + 1) // 2]):
            told = story(ticket, history, policies)
            for clock in replay(ticket, history, policies).clocks():
                found = explain(told, clock, history[-1].at)
                clocks += 1
                if not adds_up(found):
                    wrong.append(f"{ticket} {clock.bucket} {clock}")
    assert clocks > 80_000
    assert not wrong[:5], len(wrong)


CREATED = Event(ticket="A-1", at=at("2016-04-20T14:00:00"), kind=Kind.CREATED, priority="3 - Moderate")


def test_a_wait_over_night_is_told_with_what_it_would_have_counted(policies: PolicySet) -> None:
    """Wednesday 16:00 to Friday 9:00 with a holiday between: three business hours waited, and the sum still holds."""
    events = [
        CREATED,
        Event(ticket="A-1", at=at("2016-04-20T19:00:00"), kind=Kind.STATUS, stage=Stage.WAITING, reason="vendor"),
        Event(ticket="A-1", at=at("2016-04-22T12:00:00"), kind=Kind.STATUS, stage=Stage.PLAN),
    ]
    found = explained(events, policies, Bucket.RESOLUTION, at("2016-04-22T13:00:00"))
    assert adds_up(found)
    (wait,) = [step for step in found.steps if step.kind == "wait"]
    assert (wait.seconds, wait.note) == (3 * 3600, "for vendor")
    assert "not counted: waited for vendor" in "\n".join(lines(found))


def test_a_clock_that_waits_is_told_up_to_where_it_stands(policies: PolicySet) -> None:
    """No due instant, but the time used and the time left when it goes on."""
    events = [CREATED, Event(ticket="A-1", at=at("2016-04-20T15:30:00"), kind=Kind.STATUS, stage=Stage.WAITING)]
    found = explained(events, policies, Bucket.RESPLAN, at("2016-04-25T13:00:00"))
    assert adds_up(found)
    assert facts(found)["due_at"] is None
    assert "1:30:00" in "\n".join(lines(found))


def test_a_retarget_is_told_with_the_new_promise(policies: PolicySet) -> None:
    """The start stays, the promise is another; the line says since when and why."""
    events = [
        CREATED,
        Event(ticket="A-1", at=at("2016-04-20T15:00:00"), kind=Kind.PRIORITY, priority="1 - Critical", actor="ana"),
    ]
    found = explained(events, policies, Bucket.RESOLUTION, at("2016-04-20T16:00:00"))
    assert adds_up(found)
    assert [(r.what, r.after.policy, r.after.target_s) for r in found.retargets] == [
        ("priority 1 - Critical", "urgent", 12 * 3600)
    ]


def _out(seconds: int, **values: object) -> Event:
    base = {"ticket": "A-1", "at": CREATED.at + seconds, "kind": Kind.MESSAGE, "direction": Direction.OUT}
    return Event(**{**base, **values})  # type: ignore[arg-type]


AUTOMATIC = ActorKind.AUTOMATION


@pytest.mark.parametrize(
    ("events", "answered", "why"),
    [
        ([_out(60, actor="ana")], [True], "a human sent it"),
        ([_out(60, actor_kind=AUTOMATIC)], [False], "names no cause"),
        ([_out(60, actor_kind=AUTOMATIC, caused_by="lost")], [False], "names a cause that is not known"),
        (
            [
                Event(ticket="A-1", at=CREATED.at + 50, kind=Kind.STATUS, status="Active", actor="ana", id="e1"),
                _out(60, actor_kind=AUTOMATIC, caused_by="e1"),
            ],
            [True],
            "status Active of ana caused it",
        ),
        (
            [
                _out(60, actor_kind=AUTOMATIC, id="a", caused_by="b"),
                _out(61, actor_kind=AUTOMATIC, id="b", caused_by="a"),
            ],
            [False, False],
            "names a cause that came after it",
        ),
    ],
    ids=["human", "no cause", "unknown cause", "a human's act", "a circle"],
)
def test_the_link_that_decides_is_named(
    policies: PolicySet, events: list[Event], answered: list[bool], why: str
) -> None:  # fmt: skip
    """Each message of the response clock with its verdict and the reason."""
    found = explained([CREATED, *events], policies, Bucket.RESPONSE, CREATED.at + 100)
    assert [verdict.is_response for verdict in found.verdicts] == answered
    assert why in found.verdicts[0].why


def test_hostile_names_are_harmless_in_the_words(policies: PolicySet) -> None:
    """No escape sequence of a stranger reaches the terminal through an explanation."""
    events = [CREATED, _out(60, actor="\x1b]0;owned\x07\u202e[b]")]
    text = "\n".join(lines(explained(events, policies, Bucket.RESPONSE, CREATED.at + 100)))
    assert not set(text) & {"\x1b", "\x07", "\u202e"}
