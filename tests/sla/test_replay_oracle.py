"""Replay against the slow oracle, to the second, and step by step against from scratch on a real log."""

from __future__ import annotations

import gzip
import os
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import ANY

from hypothesis import given
from hypothesis import strategies as st

from slaboard.connectors.servicenow_log import ServicenowLog
from slaboard.sla.calendar import BusinessCalendar
from slaboard.sla.clock import Replay, replay
from slaboard.sla.edges import left_s, state_at
from slaboard.sla.order import ordered
from slaboard.sla.policy import Policy, PolicySet, parse
from slaboard.sla.zones import Zones
from slaboard.store.read.moment import ticket_from
from slaboard.store.rows import raw
from slaboard.ticket import PROMISES, ActorKind, Bucket, Clock, ClockState, Direction, Event, Kind, Stage
from tests.examples import examples
from tests.shared_data import need_shared
from tests.sla.oracle_replay import Life, Seen, World

PROPERTY = examples(45)

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
START = int(MONDAY.timestamp())
LAST_EVENT = 300
"""Seconds after START; a ticket's whole life is five minutes long, so that the oracle can count each second."""
TAIL = 360
"""From here on every calendar is open, so that every edge comes before END."""
LONGEST = 120
END = START + TAIL + LONGEST + 60
WORDS = {
    "New": Stage.RESPOND,
    "Active": Stage.PLAN,
    "Working": Stage.RESOLVE,
    "Hold": Stage.WAITING,
    "Done": Stage.RESOLVED,
    "Shut": Stage.CLOSED,
}
PRIORITIES = ("P1", "P2", "P3")
CUSTOMERS = ("Contoso", "Fabrikam")

# --- random teams ---------------------------------------------------------------------------------------------


@st.composite
def spans(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Open spans before TAIL, as seconds after START; none of them touch."""
    cuts = draw(st.lists(st.integers(0, TAIL - 1), max_size=8, unique=True).map(sorted))
    return [*zip(cuts[::2], cuts[1::2], strict=False), (TAIL, TAIL + 600)]


def calendar(open_spans: list[tuple[int, int]]) -> BusinessCalendar:
    """The same spans, as a person would write them."""
    hours = [[f"{MONDAY + timedelta(seconds=second):%H:%M:%S}" for second in span] for span in open_spans]
    return BusinessCalendar.from_dict({"timezone": "UTC", "hours": {"mon": hours}})


shares = st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)
floors = st.none() | st.integers(0, LONGEST)
zones = st.builds(
    lambda two, yellow, orange: Zones(min(two), max(two), yellow, orange), st.tuples(shares, shares), floors, floors
)


targets = st.just(0) | st.integers(1, 20) | st.integers(1, LONGEST) | st.integers(1, LONGEST)


def some_of(words: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    """One or two of `words`, as policies keep them."""
    return st.frozensets(st.sampled_from([word.casefold() for word in words]), min_size=1, max_size=2)


MATCHES = {
    "first": st.fixed_dictionaries({"priority": some_of(PRIORITIES)}, optional={"customer": some_of(CUSTOMERS)}),
    "second": st.fixed_dictionaries({"customer": some_of(CUSTOMERS)}),
    "third": st.fixed_dictionaries({}, optional={"priority": some_of(PRIORITIES)}),
}


@st.composite
def teams(draw: st.DrawFn) -> tuple[PolicySet, World]:
    """A policy set, and the same for the oracle."""
    hours = {"office": draw(spans()), "shop": draw(spans()), "24x7": [(-600, END - START + 600)]}
    always = BusinessCalendar.from_dict({"hours": "24x7"})
    calendars = {name: always if name == "24x7" else calendar(hours[name]) for name in hours}
    policies = []
    for name, match in MATCHES.items():
        buckets = draw(st.sets(st.sampled_from([*PROMISES, Bucket.UPDATE]), min_size=1))
        policy = Policy(
            name=name,
            match=draw(match),
            calendar=draw(st.sampled_from(sorted(hours))),
            targets={bucket: draw(targets) for bucket in sorted(buckets)},
            zones=draw(zones),
            response_pauses=draw(st.booleans()),
            response_by_status=draw(st.booleans()),
            update_mode=draw(st.sampled_from(["unanswered", "keep_informed"])),
            engage_skill=draw(st.sampled_from([None, None, "Network"])),
            reopen_grace_s=draw(st.sampled_from([0, 0, 20, 60])),
        )
        policies.append(policy)
    epoch = {name: [(START + opens, START + closes) for opens, closes in spans] for name, spans in hours.items()}
    team = PolicySet(calendars, WORDS, frozenset(), tuple(policies), "")
    return team, World(policies, {word.casefold(): stage for word, stage in WORDS.items()}, epoch, END)


# --- random histories -----------------------------------------------------------------------------------------

KINDS = (
    *[Kind.STATUS] * 12,
    *[Kind.MESSAGE] * 10,
    *[Kind.PRIORITY] * 4,
    *[Kind.CUSTOMER] * 3,
    *[Kind.ENGAGE] * 4,
    *[Kind.REOPEN] * 3,
    *[Kind.UNDO] * 3,
    *[Kind.RESOLVE] * 3,
    *[Kind.CLAIM] * 2,
    *[Kind.TAKEOVER, Kind.RELEASE, Kind.CLOSE, Kind.NOTE, Kind.SURVEY, Kind.TITLE, Kind.CREATED],
)
actor_kinds = st.sampled_from([ActorKind.HUMAN] * 4 + [ActorKind.AUTOMATION] * 2 + [ActorKind.CUSTOMER])
words = st.sampled_from(["New", "Active", "active ", "Working", "Hold", "Hold", "hold", "Done", "Shut", "Unheard of"])
priorities = st.sampled_from([*PRIORITIES * 2, " p1", "P9", None])
customers = st.sampled_from([*CUSTOMERS * 2, "CONTOSO ", "Nobody", None])
skills = st.sampled_from([None, "network", "mail, NETWORK", "mail"])
dues = st.none() | st.dictionaries(st.sampled_from(Bucket), st.integers(START, END), min_size=1, max_size=2)
orders = st.sampled_from([0, 0, 0, 0, 1, -1])


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """The events of one ticket in any order; many share a second, and some come before the creation."""
    number = draw(st.integers(5, 20))
    moments = st.integers(1, LAST_EVENT)
    busy = st.sampled_from(draw(st.lists(moments, min_size=2, max_size=2)))
    times = sorted(draw(st.lists(moments | moments | moments | busy, min_size=number, max_size=number)))
    events = [event(draw, Kind.CREATED, 1, draw(st.integers(0, 12)))]
    if draw(st.integers(0, 19)) == 7:
        events.clear()
    for place, second in enumerate(times, 2):
        kind = draw(st.sampled_from(KINDS))
        events.append(event(draw, kind, place, draw(moments) if draw(st.integers(0, 24)) == 7 else second))
    return draw(st.permutations(events))


def event(draw: st.DrawFn, kind: Kind, number: int, second: int) -> Event:
    """Event `number` of a history, so many seconds after START."""
    return Event(
        ticket="T-1", at=START + second, kind=kind, order=draw(orders), seq=number, id=f"e{number}",
        actor=draw(st.sampled_from(["ana", "ben"])), actor_kind=draw(actor_kinds),
        source_due=draw(dues) if number % 4 == 0 else None, **said(draw, kind, number),
    )  # fmt: skip


def said(draw: st.DrawFn, kind: Kind, number: int) -> dict[str, Any]:
    """What event `number` of a history says, by its kind."""
    earlier = st.integers(max(1, number - 4), max(1, number - 1))
    named = earlier.map(lambda n: f"e{n}") | earlier.map(lambda n: f"#{n}")
    match kind:
        case Kind.CREATED:
            return {
                "priority": draw(priorities),
                "customer": draw(customers),
                "status": draw(st.none() | words),
                "owner": draw(st.sampled_from([None, None, "cleo"])),
                "title": "Printer on fire",
            }
        case Kind.MESSAGE:
            return {
                "direction": draw(st.sampled_from([Direction.IN, Direction.OUT, Direction.OUT])),
                "caused_by": draw(named | named | st.none() | st.just("unknown")),
                "channel": draw(st.sampled_from(["email", "email", "phone"])),
            }
        case Kind.STATUS if draw(st.integers(0, 4)):
            return {"status": draw(words), "caused_by": draw(st.none() | named)}
        case Kind.STATUS:
            return {"stage": draw(st.sampled_from(Stage)), "status": draw(st.none() | words)}
        case Kind.PRIORITY:
            return {"priority": draw(priorities)}
        case Kind.CUSTOMER:
            return {"customer": draw(customers)}
        case Kind.NOTE | Kind.CLAIM:
            return {"caused_by": draw(st.none() | named), "owner": draw(st.none() | st.just("cleo"))}
        case Kind.UNDO:
            return {"caused_by": draw(named)}
        case Kind.ENGAGE:
            return {"skill": draw(skills)}
        case Kind.TITLE:
            return {"title": draw(st.sampled_from(["Printer out", None]))}
    return {}


# --- both say the same ----------------------------------------------------------------------------------------


def seen(clock: Clock) -> Seen:
    """What the engine says of a clock, in the oracle's words."""
    return Seen(**{name: getattr(clock, name) for name in Seen.__dataclass_fields__})


moments = st.integers(0, LAST_EVENT)


@PROPERTY
@given(team=teams(), events=histories(), moments=st.tuples(moments, moments, st.just(LAST_EVENT)), later=moments)
def test_replay_says_what_living_through_it_says(
    team: tuple[PolicySet, World], events: list[Event], moments: tuple[int, ...], later: int
) -> None:
    for moment in moments:
        assert_same(events, *team, now=START + moment, then=START + moment + later)


def assert_same(events: list[Event], policies: PolicySet, world: World, *, now: int, then: int) -> None:
    """What is known at `now`, and what is foretold of `then`."""
    known = [event for event in events if event.at <= now]
    life = Life(known, world, now)
    fold = replay("T-1", known, policies)
    clocks = {(clock.bucket, clock.cycle): clock for clock in fold.clocks()}

    assert {key: seen(clock) for key, clock in clocks.items()} == life.clocks()
    assert fold.ignored == [(event, ANY) for event in life.ignored]
    standing, place = fold.standing, fold.place(fold.clocks())
    assert (standing.stage, standing.status, standing.title) == (life.stage, life.status, life.title)
    assert (standing.owner, standing.owned_at, standing.changed_at) == (life.owner, life.owned_since, life.touched)
    assert (None if place is None else (place.bucket, place.cycle)) == life.place()
    assert fold.no_sla(place) == life.no_sla()
    assert ticket_from(fold, fold.clocks(), then, raw).worse == life.is_worse(then)

    for key, clock in clocks.items():
        assert stood(clock, now) == life.stood(key)
        if clock.state is ClockState.RUNNING:
            calendar = policies.calendars[clock.calendar]
            assert clock.zone(then) == life.zone_at(key, then)
            assert left_s(clock, calendar, then) == life.left_at(key, then)
            is_open = then in life.open[clock.calendar]
            assert state_at(clock, calendar, then) is (ClockState.RUNNING if is_open else ClockState.CLOSED_HOURS)


def stood(clock: Clock, now: int) -> set[int]:
    """The seconds of the clock's waits, up to now or its stop."""
    end = now if clock.stopped_at is None else clock.stopped_at
    spans = ((max(begin, clock.started_at), end if until is None else min(until, end)) for begin, until in clock.waits)
    return {second for begin, until in spans for second in range(begin, until)}


@PROPERTY
@given(team=teams(), events=histories(), data=st.data())
def test_the_order_in_which_events_arrive_does_not_matter(
    team: tuple[PolicySet, World], events: list[Event], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(events))
    one, other = replay("T-1", events, team[0]), replay("T-1", shuffled, team[0])
    assert one.standing == other.standing
    assert one.clocks() == other.clocks()
    assert one.ignored == other.ignored


@PROPERTY
@given(team=teams(), events=histories())
def test_step_by_step_is_the_same_as_from_scratch(team: tuple[PolicySet, World], events: list[Event]) -> None:
    assert_steps("T-1", events, team[0])


def assert_steps(ticket: str, events: list[Event], policies: PolicySet) -> None:
    """One fold asked after each event says what a new fold of all up to there says."""
    steps = ordered(events, policies)
    fold = Replay(ticket, policies)
    for number, event in enumerate(steps, 1):
        fold.apply(event)
        scratch = replay(ticket, steps[:number], policies)
        assert fold.standing == scratch.standing
        assert fold.clocks() == scratch.clocks()
        assert fold.ignored == scratch.ignored


# --- a real log -----------------------------------------------------------------------------------------------

LOG_POLICY = """
response_by_status = true
reopen_grace = "2h"
[calendar.office]
timezone = "Europe/Rome"
holidays_in = "IT"
hours.mon = ["08:30-12:30", "13:30-18:00"]
hours.tue = ["08:30-12:30", "13:30-18:00"]
hours.wed = ["08:30-12:30", "13:30-18:00"]
hours.thu = ["08:30-12:30", "13:30-18:00"]
hours.fri = ["08:30-12:30", "13:30-17:00"]
[status]
New = "respond"
Active = "plan"
"Awaiting User Info" = "waiting"
"Awaiting Vendor" = "waiting"
"Awaiting Problem" = "waiting"
"Awaiting Evidence" = "waiting"
Resolved = "resolved"
Closed = "closed"
[[policy]]
name = "Urgent"
match.priority = ["1 - Critical", "2 - High"]
calendar = "24x7"
targets = { response = "30m", resplan = "2h", resolution = "8h" }
zones = { orange_floor = "1h" }
[[policy]]
name = "Everyone"
calendar = "office"
response_pauses = true
targets = { response = "2h", resplan = "8h", resolution = "40h" }
"""
SAMPLE = 300


def test_step_by_step_is_the_same_as_from_scratch_on_a_real_log() -> None:
    """For a sample of its incidents; with SLABOARD_FULL=1 for all."""
    path = need_shared("data", "uci_incident_event_log_open.csv.gz")
    policies, problems = parse(LOG_POLICY)
    assert policies is not None, problems
    incidents: defaultdict[str, list[Event]] = defaultdict(list)
    with gzip.open(path) as lines:
        for parsed in ServicenowLog().read(lines):
            for event in parsed.events:
                incidents[event.ticket].append(event)
    chosen = list(incidents) if os.environ.get("SLABOARD_FULL") else random.Random(9).sample(sorted(incidents), SAMPLE)
    for ticket in chosen:
        assert_steps(ticket, incidents[ticket], policies)
