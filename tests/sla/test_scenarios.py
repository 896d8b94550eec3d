"""Whole tickets from other people's SLA test suites; data/vectors/README.md says what they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slaboard.sla.calendar import BusinessCalendar
from slaboard.sla.clock import Replay, replay
from slaboard.sla.edges import left_s
from slaboard.sla.policy import Policy, PolicySet
from slaboard.ticket import ActorKind, Bucket, Clock, ClockState, Direction, Event, Kind, Stage, Zone
from tests.shared_data import Case, each_vector, need_shared, vectors

Key = tuple[str, int | str, str]
"""One expectation: its scenario, after which event (or when), and its field."""

KEPT: frozenset[Key] = frozenset(
    {
        ("alga-scn-001", 1, "first_response_due"),
        ("alga-scn-002", 1, "first_response_due"),
        ("alga-scn-007", 1, "resolve_due"),
        ("zamo-scn-011", 1, "first_response_due"),
        ("zamo-scn-019", 4, "first_response_due"),
        ("zamo-scn-019", 4, "resolve_due"),
        ("zamo-scn-022", 4, "first_response_due"),
        ("zamo-scn-022", 4, "resolve_due"),
    }
)
"""Not recommended: the due instant of a promise that is over. Nothing is due any more, but our results keep it."""

OURS: Mapping[Key, tuple[object, str]] = {
    ("cw-scn-002", "2024-06-05T12:00:00+00:00", "update_breached"): (True, "the peer's own value"),
    ("erp-scn-001", 4, "hold_seconds"): (0, "waiting is business time (rule 12); the peer's is the wall clock's"),
    ("erp-scn-001", 4, "resolve_due"): ("2020-03-04T16:00:00+00:00", "waiting is business time (rule 12)"),
    ("otob-scn-002", 1, "resolve_due"): (None, "no due while it waits (rule 6); the peer adds 4 minutes at a time"),
    ("rsla-scn-021", 1, "first_response_breached"): (False, "late is by time used: 60 of 60 minutes (rules 3 and 20)"),
    ("sup-scn-015", 1, "first_response_breached"): (False, "late is by time used: 60 of 60 minutes (rules 3 and 20)"),
    ("rt-scn-005", 0, "update_due"): ("2024-06-05T14:00:00+00:00", "a ticket that a customer opened asks (rule 23)"),
    ("rt-scn-005", 1, "update_due"): (None, "an answer stops Update and starts none, unless keep_informed (rule 23)"),
    ("rt-scn-005", 2, "update_due"): (None, "an answer stops Update and starts none, unless keep_informed (rule 23)"),
    ("zamn-scn-020", 2, "update_due"): ("2016-11-09T10:26:36+01:00", "to the second; the peer drops them"),
    ("zamn-scn-020", 3, "update_due"): ("2016-11-09T10:26:36+01:00", "to the second; a repeat does not move it"),
    ("zamo-scn-008", 2, "update_elapsed"): (0, "a cycle counts from its question; the peer from the creation"),
    ("zamo-scn-008", 3, "update_due"): (None, "an answer stops Update and starts none, unless keep_informed (rule 23)"),
    ("zamo-scn-008", 3, "update_elapsed"): (5, "the answered cycle's own time; the peer counts from the creation"),
}
"""The other expectations that are disputed or not recommended: our value, and why."""

WORDS: Mapping[str, Mapping[str, Any]] = {
    "created": {"kind": Kind.CREATED, "actor_kind": ActorKind.CUSTOMER},
    "status": {"kind": Kind.STATUS},
    "agent_reply": {"kind": Kind.MESSAGE, "direction": Direction.OUT},
    "customer_reply": {"kind": Kind.MESSAGE, "direction": Direction.IN, "actor_kind": ActorKind.CUSTOMER},
    "internal_note": {"kind": Kind.NOTE},
    "closed": {"kind": Kind.CLOSE},
    "reopened": {"kind": Kind.REOPEN},
}


class Scenario:
    """One scenario at one of its moments, in the words of its expectations."""

    def __init__(self, case: Case, expect: dict[str, Any]) -> None:
        events = [_event(order, line) for order, line in enumerate(case["events"])]
        step = expect.get("after_event")
        self.now = epoch(expect["at"]) if step is None else events[step].at
        known = events[: step + 1] if step is not None else [event for event in events if event.at <= self.now]
        self.calendar = BusinessCalendar.from_dict(case["calendar"])
        self.fold: Replay = replay("T-1", known, _policies(case, self.calendar))
        self.clocks = self.fold.clocks()

    def value(self, field: str) -> object:
        """What an expectation asks for."""
        if field in _WHOLE:
            return _WHOLE[field](self)
        words, bucket = next((words, bucket) for words, bucket in _BUCKETS.items() if field.startswith(words))
        clock = self.clock(bucket)
        if clock is None or (field == "update_breached" and not clock.is_live):  # an Update that was answered is over
            return None
        return _OF_CLOCK[field.removeprefix(words)](self, clock)

    def clock(self, bucket: Bucket) -> Clock | None:
        """The running clock of a bucket, else its last; a reopened ticket's resolution is the total one."""
        names = (Bucket.RESOLUTION, Bucket.TOTAL_RESOLUTION) if bucket is Bucket.RESOLUTION else (bucket,)
        found = [clock for clock in self.clocks if clock.bucket in names]
        return next((clock for clock in found if clock.is_live), found[-1] if found else None)

    def due(self, clock: Clock) -> int | None:
        """The due instant of a clock that runs."""
        return clock.due_at if clock.state is ClockState.RUNNING else None

    def slack(self, clock: Clock) -> int:
        """Seconds left, or that were left when it stopped."""
        return left_s(clock, self.calendar, self.now)

    def is_breached(self, clock: Clock) -> bool:
        """True when it is red, or was missed."""
        return clock.zone(self.now) is Zone.RED if clock.met is None else not clock.met

    def held(self) -> int:
        """Business seconds spent waiting."""
        return sum(
            self.calendar.elapsed_s(begin, self.now if end is None else end) for begin, end in self.fold.standing.waits
        )

    def next_due(self) -> int | None:
        """The nearest due instant of all clocks that run."""
        return min((due for due in map(self.due, self.clocks) if due is not None), default=None)

    def agreement(self) -> str:
        """Frappe's word for the whole."""
        if any(map(self.is_breached, self.clocks)):
            return "Failed"
        response = self.clock(Bucket.RESPONSE)
        if response is not None and response.is_live:
            return "First Response Due"
        return "Resolution Due" if any(clock.is_live for clock in self.clocks) else "Fulfilled"


_BUCKETS = {
    "first_response_": Bucket.RESPONSE,
    "resolve_": Bucket.RESOLUTION,
    "update_": Bucket.UPDATE,
}
_OF_CLOCK: Mapping[str, Callable[[Scenario, Clock], object]] = {
    "due": Scenario.due,
    "kept_due": lambda scenario, clock: clock.due_at,
    "breached": Scenario.is_breached,
    "elapsed": lambda scenario, clock: (clock.target_s - scenario.slack(clock)) // 60,
    "slack": lambda scenario, clock: -(-scenario.slack(clock) // 60),
    "late_by": lambda scenario, clock: max(0, -scenario.slack(clock)) // 60,
}
_WHOLE: Mapping[str, Callable[[Scenario], object]] = {
    "hold_minutes": lambda scenario: scenario.held() // 60,
    "hold_seconds": Scenario.held,
    "next_escalation_at": Scenario.next_due,
    "agreement_status": Scenario.agreement,
    "sla_state": lambda scenario: "paused" if scenario.fold.standing.stage is Stage.WAITING else "running",
}


def epoch(text: str) -> int:
    """Epoch seconds of an ISO instant."""
    return int(datetime.fromisoformat(text).timestamp())


def _event(order: int, line: dict[str, Any]) -> Event:
    return Event(ticket="T-1", at=epoch(line["at"]), order=order, status=line.get("value"), **WORDS[line["kind"]])


def _policies(case: Case, calendar: BusinessCalendar) -> PolicySet:
    statuses = dict.fromkeys(("new", "open", "replied"), Stage.RESPOND) | {"resolved": Stage.RESOLVED}
    statuses |= dict.fromkeys(case["policy"]["pause_states"], Stage.WAITING)
    promised = {bucket: case["policy"][f"{words}minutes"] for words, bucket in _BUCKETS.items()}
    targets = {bucket: minutes * 60 for bucket, minutes in promised.items() if minutes is not None}
    policy = Policy("scenario", {}, "scenario", targets, response_pauses=True)
    return PolicySet({"scenario": calendar}, statuses, frozenset(), (policy,), "")


def _is_judged(expect: dict[str, Any]) -> bool:
    return bool(expect["recommended"]) and bool(expect["checked"])


def _key(case: Case, expect: dict[str, Any]) -> Key:
    return case["id"], expect["at"] if "at" in expect else expect["after_event"], expect["field"]


def _comparable(value: object) -> object:
    return epoch(value) if isinstance(value, str) and value[:2] == "20" else value


@each_vector("sla_scenarios")
def test_what_is_recommended(case: Case) -> None:
    judged = [expect for expect in case["expect"] if _is_judged(expect)]
    expected = {_key(case, expect): _comparable(expect["value"]) for expect in judged}
    assert {_key(case, expect): Scenario(case, expect).value(expect["field"]) for expect in judged} == expected


@each_vector("sla_scenarios", lambda case: not all(map(_is_judged, case["expect"])))
def test_what_is_disputed_or_not_recommended_reads_as_our_rules_have_it(case: Case) -> None:
    for expect in case["expect"]:
        key, scenario = _key(case, expect), Scenario(case, expect)
        if _is_judged(expect):
            assert key not in OURS
        elif key in KEPT:
            assert scenario.value(expect["field"].replace("due", "kept_due")) == _comparable(expect["value"])
        else:
            value, why = OURS[key]
            assert scenario.value(expect["field"]) == _comparable(value), why


def test_the_lists_name_nothing_else() -> None:
    need_shared("data", "vectors", "sla_scenarios.jsonl")
    others = {
        _key(case, expect) for case in vectors("sla_scenarios") for expect in case["expect"] if not _is_judged(expect)
    }
    assert others == KEPT | set(OURS)
