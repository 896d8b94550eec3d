"""How a situation is written in these tests: a story of one line, and what the clocks say after it in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from slaboard.sla.clock import Replay, replay
from slaboard.sla.policy import PolicySet, parse
from slaboard.ticket import ActorKind, Bucket, Clock, ClockState, Direction, Event, Kind, Stage

FILE = """
{settings}
[calendar.office]
timezone = "UTC"
hours = {{ {office} }}
[calendar.early]
timezone = "UTC"
hours = {{ {early} }}

[status]
New = "respond"
Active = "plan"
Working = "resolve"
Awaiting = "waiting"
Resolved = "resolved"
Closed = "closed"
"""
OFFICE, EARLY = (
    ", ".join(f'{day} = ["{span}"]' for day in ("mon", "tue", "wed", "thu", "fri"))
    for span in ("09:00-17:00", "08:00-17:00")
)


def team(*policies: str, settings: str = "") -> PolicySet:
    """A policy file with these policies; each keeps office hours where it does not say otherwise."""
    text = FILE.format(settings=settings, office=OFFICE, early=EARLY)
    for number, policy in enumerate(policies):
        calendar = "" if "calendar" in policy else 'calendar = "office"\n'
        text += f'[[policy]]\nname = "{number}"\n{calendar}{policy}\n'
    found, problems = parse(text)
    assert found is not None, problems
    return found


ALL = 'targets = { response = "1h", resplan = "4h", resolution = "16h" }'
EVERYONE = team(ALL)
PAUSING = team(ALL, settings="response_pauses = true")


def at(time: str) -> int:
    """Epoch seconds of a time in January 2026: `09:30` is on Monday the 5th, `09T16:30` on Friday the 9th."""
    return int(
        datetime.fromisoformat(f"2026-01-{time if 'T' in time else f'05T{time}'}").replace(tzinfo=UTC).timestamp()
    )


def clock_time(instant: int | None) -> str:
    """An instant as `at` reads it."""
    if instant is None:
        return "never"
    text = datetime.fromtimestamp(instant, UTC).strftime("%dT%H:%M:%S").removeprefix("05T")
    return text.removesuffix(":00")


def minutes(seconds: int | None) -> str:
    """`90m`, or `90m5s`."""
    assert seconds is not None
    sign, seconds = "-" * (seconds < 0), abs(seconds)
    return f"{sign}{seconds // 60}m" + f"{seconds % 60}s" * bool(seconds % 60)


WORDS: Mapping[str, Mapping[str, Any]] = {
    "respond": {"kind": Kind.MESSAGE, "direction": Direction.OUT},
    "asks": {"kind": Kind.MESSAGE, "direction": Direction.IN, "actor_kind": ActorKind.CUSTOMER},
    "autoreply": {"kind": Kind.MESSAGE, "direction": Direction.OUT, "actor_kind": ActorKind.AUTOMATION},
    "wait": {"kind": Kind.STATUS, "stage": Stage.WAITING},
    "resume": {"kind": Kind.STATUS, "stage": Stage.RESPOND},
}
"""Words that stand for an event of another kind."""
TYPES = {"by": ActorKind, "direction": Direction, "stage": Stage, "order": int, "seq": int}


def event(line: str) -> Event:
    """`09:20 message direction=out by=automation`; `by` is the kind of the actor."""
    time, word, *pairs = line.split()
    values: dict[str, Any] = {"ticket": "T-1", "at": at(time), "actor": "ana", **WORDS.get(word, {})}
    values.setdefault("kind", word)
    values["kind"] = Kind(values["kind"])
    for key, _, value in (pair.partition("=") for pair in pairs):
        values["actor_kind" if key == "by" else key] = TYPES.get(key, str)(value)
    return Event(**values)


def story(text: str) -> list[Event]:
    """The events of a text, one between two slashes."""
    return [event(line) for line in text.split("/")]


def after(text: str, policies: PolicySet = EVERYONE) -> Replay:
    """The ticket after that story."""
    return after_events(story(text), policies)


def after_events(events: list[Event], policies: PolicySet = EVERYONE) -> Replay:
    """The ticket after these events."""
    return replay("T-1", events, policies)


def clocks(fold: Replay) -> dict[str, str]:
    """Each clock in words, by its bucket, with its cycle from the second on."""
    return {clock.bucket.value + f" {clock.cycle + 1}" * bool(clock.cycle): told(clock) for clock in fold.clocks()}


def told(clock: Clock) -> str:
    """`met 20m`, `missed 70m skipped`, `running due 14:00`, `waiting green 40m left`."""
    marks = [word for word in ("skipped", "by_status") if getattr(clock, word)] + [clock.cause or ""]
    if clock.state is ClockState.WAITING:
        assert clock.frozen_zone is not None
        words = [f"waiting {clock.frozen_zone.value} {minutes(clock.left_s)} left"]
    elif clock.is_live:
        words = [f"running due {clock_time(clock.due_at)}"]
    else:
        words = [f"{clock.state.value} {minutes(clock.elapsed_s)}"]
    return " ".join([*words, *filter(None, marks)])


def the(fold: Replay, bucket: Bucket) -> Clock:
    """The ticket's one clock of `bucket`."""
    (clock,) = (clock for clock in fold.clocks() if clock.bucket is bucket)
    return clock


def situation(name: str, *values: Any) -> Any:
    """One row of a table."""
    return pytest.param(*values, id=name)
