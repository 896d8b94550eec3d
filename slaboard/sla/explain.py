"""The due instant as a sum that a customer can check by hand: what was promised, what counted, what did not."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, groupby, pairwise
from operator import itemgetter
from zoneinfo import ZoneInfo

from msgspec import Struct

from slaboard.sla.calendar import BusinessCalendar
from slaboard.sla.edges import Wait, instants, left_s, state_at
from slaboard.sla.hours import day_of
from slaboard.sla.policy import Policy, PolicySet
from slaboard.sla.spans import DAY, FIRST, LAST, OpeningHours, Spans
from slaboard.sla.story import Story
from slaboard.sla.verdict import Verdict
from slaboard.sla.zones import Thresholds, Zones
from slaboard.text import clean
from slaboard.ticket import Bucket, Clock, ClockState, Event, Kind, Zone

TOLD_S = 366 * 86_400
"""Of a stretch of several years the spans of its first and its last one are told, and those between are summed up: a
minute a week and a target of 6,500 hours make 390,000 spans, and telling them took 14 s."""
MANY = "in many spans"
DRIFT_S = 60
"""From this difference on, in seconds, a source's own due instant is told beside ours (rule 19)."""


class Step(Struct, frozen=True):
    """One stretch of real time: `open` counts its `seconds`; `wait`, `resolved` and `grace` would have, but do not."""

    kind: str
    begin: int
    end: int
    seconds: int
    note: str = ""
    """Of a wait, whom it was for or its status word; clean."""


class Promise(Struct, frozen=True):
    """What a policy promises a ticket in one bucket; `target_s` is None where it promises nothing."""

    policy: str | None
    calendar: str | None
    target_s: int | None


class Retarget(Struct, frozen=True):
    """A change of priority, customer or policy that gave the ticket another promise (rule 14)."""

    at: int
    what: str
    before: Promise
    after: Promise


class Edge(Struct, frozen=True):
    """Where a zone begins: at `at`, None while the clock waits, with `used_s` used (rule 4)."""

    zone: Zone
    at: int | None
    used_s: int
    by: str
    """What decides: `share` of the target, `floor` of time left, `orange` for a yellow that begins with it, `due`."""
    share: float | None = None
    floor_s: int | None = None


class Version(Struct, frozen=True):
    """One version of the policy, by whom and since when."""

    number: int
    author: str
    applied_at: int
    policies: PolicySet


class Judgement(Struct, frozen=True):
    """What was judged before of the same clock, and why that does not stand any more."""

    version: int
    met: bool
    elapsed_s: int
    target_s: int
    stopped_at: int
    why: str


class Explanation(Struct, frozen=True):
    """One clock, step by step. The `open` steps sum to `counted`, which is the target when a due instant is known."""

    ticket: str
    clock: Clock
    state: ClockState
    opening: OpeningHours
    steps: tuple[Step, ...]
    days: tuple[tuple[int, Spans, str], ...]
    """Days on the way with other hours than their weekday's, as numbers from 1970-01-01, their hours, and why."""
    edges: tuple[Edge, ...]
    now: int
    left_s: int
    """Business seconds left at `now`, negative when late; what was left where it stopped or waits."""
    waits_since: tuple[int, str] | None = None
    started_by: Event | None = None
    stopped_by: Event | None = None
    retargets: tuple[Retarget, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    left_out: tuple[tuple[Event, str], ...] = ()
    """Events that would have moved this clock and did not count, with the reason."""
    version: Version | None = None
    judged_before: tuple[Judgement, ...] = ()
    cycles: int = 1
    """How many cycles of this bucket the ticket has had."""

    @property
    def timezone(self) -> str:
        """The zone of the calendar, whose wall clock the sum is told in."""
        return self.opening.timezone

    @property
    def counted(self) -> int:
        """Business seconds of all open steps."""
        return sum(step.seconds for step in self.steps if step.kind == "open")

    @property
    def drift_s(self) -> int | None:
        """Our due instant less the source's, where they differ by more than `DRIFT_S`."""
        if self.clock.source_due is None or self.clock.due_at is None:
            return None
        drift = self.clock.due_at - self.clock.source_due
        return drift if abs(drift) > DRIFT_S else None


def explain(
    told: Story, clock: Clock, now: int, *, version: Version | None = None, versions: Sequence[Version] = (),
    before: Sequence[Judgement] = (), cycles: int = 1,
) -> Explanation:  # fmt: skip
    """How `clock` came to its due instant; of a clock that waits, how it came to the time used so far.

    `told` is the ticket's history under the policies that judged the clock, of that `version`; of `versions` all but
    the first were applied while the ticket was known.
    """
    calendar = told.policies.calendars[clock.calendar]
    until = clock.due_at if clock.due_at is not None else _frozen_at(clock, now)
    key = clock.bucket, clock.cycle
    return Explanation(
        ticket=told.ticket,
        clock=clock,
        state=state_at(clock, calendar, now),
        opening=calendar.opening,
        steps=tuple(_steps(told, calendar, clock, until)),
        days=tuple(_days(calendar, clock.started_at, until)),
        edges=_edges(told.policies, calendar, clock),
        now=now,
        left_s=left_s(clock, calendar, now),
        waits_since=_waits_since(told, clock),
        started_by=told.started.get(key),
        stopped_by=None if clock.stopped_at is None else told.stopped.get(key),
        retargets=tuple(_retargets(told, clock, versions, now)),
        verdicts=told.verdicts if clock.bucket is Bucket.RESPONSE else (),
        left_out=tuple(pair for pair in told.left_out if _would_move(pair[0], clock)),
        version=version,
        judged_before=tuple(before),
        cycles=cycles,
    )


def _frozen_at(clock: Clock, now: int) -> int:
    """Where a clock without a due instant stands still: at the beginning of its open wait."""
    last = clock.waits[-1] if clock.waits else None
    return max(clock.started_at, last[0]) if last is not None and last[1] is None else now


def _waits_since(told: Story, clock: Clock) -> tuple[int, str] | None:
    if clock.state is not ClockState.WAITING or not told.waits:
        return None
    at, event = told.waits[-1]
    return at, reason_of(event)


def reason_of(event: Event) -> str:
    """Whom a wait is for: `for customer`, or the status word in brackets; empty where nothing says it."""
    if event.reason:
        return f"for {clean(event.reason, limit=200)}"
    return f"({clean(event.status, limit=200)})" if event.status else ""


# --- the sum ----------------------------------------------------------------------------------------------------


def _steps(told: Story, calendar: BusinessCalendar, clock: Clock, until: int) -> Iterator[Step]:
    begin = clock.started_at
    for first, last in _ended(clock.waits, begin, until):
        yield from _open(calendar, begin, first)
        yield from _not_counted(told, calendar, first, last)
        begin = last
    yield from _open(calendar, begin, until)


def _ended(waits: Sequence[Wait], start: int, until: int) -> Iterator[tuple[int, int]]:
    """The waits between `start` and `until`, cut to it."""
    for begin, end in waits:
        first, last = max(begin, start), until if end is None else min(end, until)
        if first < last:
            yield first, last


def _not_counted(told: Story, calendar: BusinessCalendar, first: int, last: int) -> Iterator[Step]:
    """A stretch that does not count, in parts: waited, resolved, and open again within the grace."""
    gaps = [(begin, first if end is None else end) for begin, end in told.gaps if (end or first) > first]
    edges = {at for gap in gaps for at in gap} | set(told.reopened) | {at for at, _ in told.waits}
    cuts = sorted({first, last, *(at for at in edges if first < at < last)}) if gaps else [first, last]
    for (kind, note), parts in groupby(pairwise(cuts), lambda part: _stood(told, gaps, part[0])):
        begin, *_, end = chain.from_iterable(parts)
        yield Step(kind, begin, end, calendar.elapsed_s(begin, end), note)


def _stood(told: Story, gaps: Sequence[tuple[int, int]], at: int) -> tuple[str, str]:
    """Why time does not count from `at` on, and whom a wait is for."""
    if any(opens <= at < closes for opens, closes in gaps):
        return "grace" if _is_graced(told, gaps, at) else "resolved", ""
    place = bisect_right(told.waits, at, key=itemgetter(0))
    return "wait", reason_of(told.waits[place - 1][1]) if place else ""


def _is_graced(told: Story, gaps: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether each resolution that still holds `at` back had been reopened by then."""
    return all(any(opens <= back <= at for back in told.reopened) for opens, closes in gaps if opens <= at < closes)


def _open(calendar: BusinessCalendar, begin: int, end: int) -> Iterator[Step]:
    if begin >= end:
        return
    near, far = (end, end) if end - begin < 3 * TOLD_S or calendar.is_always else (begin + TOLD_S, end - TOLD_S)
    for opens, closes in calendar.spans_s(begin, near):
        yield Step("open", opens, closes, closes - opens)
    if near < far:
        yield Step("open", near, far, calendar.elapsed_s(near, far), MANY)
    for opens, closes in calendar.spans_s(far, end):
        yield Step("open", opens, closes, closes - opens)


def _days(calendar: BusinessCalendar, begin: int, end: int) -> list[tuple[int, Spans, str]]:
    """What a calendar has special on the way; of many years only the first and the last, as of the spans."""
    zone, found = ZoneInfo(calendar.timezone), []
    near, far = (end, end) if end - begin < 3 * TOLD_S else (begin + TOLD_S, end - TOLD_S)
    for first, last in ((begin, near), (far, end)):
        first, last = (day_of(min(max(at, FIRST + DAY), LAST - DAY), zone) for at in (first, last))
        found += [day for day in calendar.opening.special_days(first, last) if day not in found]
    return found


def _edges(policies: PolicySet, calendar: BusinessCalendar, clock: Clock) -> tuple[Edge, ...]:
    """Where the zones begin; of a clock that has stopped, where they would have."""
    policy = next((policy for policy in policies.policies if policy.name == clock.policy), None)
    zones = policy.zones if policy is not None else Zones()
    marks = zones.of(clock.target_s)
    at: tuple[int | None, ...] = (clock.yellow_at, clock.orange_at, clock.red_at)
    if clock.stopped_at is not None:
        at = instants(calendar, clock.started_at, clock.waits, marks)[1:]
    yellow = _by(zones.yellow, zones.yellow_floor_s, marks, marks.yellow)
    orange = _by(zones.orange, zones.orange_floor_s, marks, marks.orange)
    return (
        Edge(Zone.YELLOW, at[0], marks.yellow, yellow, float(zones.yellow), zones.yellow_floor_s),
        Edge(Zone.ORANGE, at[1], marks.orange, orange, float(zones.orange), zones.orange_floor_s),
        Edge(Zone.RED, at[2], marks.red, "due"),
    )


def _by(share: Decimal, floor: int | None, marks: Thresholds, used: int) -> str:
    if used >= math.ceil(share * marks.target):
        return "share"
    return "floor" if floor is not None and used == max(0, marks.target - floor) else "orange"


# --- what changed, what did not count --------------------------------------------------------------------------------


def _retargets(told: Story, clock: Clock, versions: Sequence[Version], now: int) -> list[Retarget]:
    """Each change of the promise while the clock ran, in order."""
    end = now if clock.stopped_at is None else clock.stopped_at
    found = [
        Retarget(
            change.event.at, _what(change.event), _promise(change.before, clock), _promise(change.after, clock)
        )
        for change in told.changes
    ]  # fmt: skip
    for before, after in pairwise(versions):
        if clock.started_at < after.applied_at <= end and after.number <= clock.policy_version:
            what = f"policy version {after.number} of {clean(after.author, limit=60)}"
            found.append(Retarget(after.applied_at, what, *(_then(told, v, clock, after) for v in (before, after))))
    found = [one for one in found if clock.started_at <= one.at <= end and one.before != one.after]
    return sorted(found, key=lambda one: one.at)


def _then(told: Story, version: Version, clock: Clock, after: Version) -> Promise:
    """What `version` promised the ticket as it was when `after` was applied."""
    place = bisect_right(told.attributes, after.applied_at, key=itemgetter(0))
    customer, priority, board, kind = told.attributes[max(0, place - 1)][1]
    policy = version.policies.match(customer=customer, priority=priority, board=board, type=kind)
    return _promise(policy, clock)


def _what(event: Event) -> str:
    word = event.priority if event.kind is Kind.PRIORITY else event.customer
    return f"{event.kind.value} {clean(word, limit=60) if word else 'none'}"


def _promise(policy: Policy | None, clock: Clock) -> Promise:
    wanted = Bucket.RESOLUTION if clock.bucket is Bucket.TOTAL_RESOLUTION else clock.bucket
    target = None if policy is None else policy.targets.get(wanted)
    if policy is None or target is None:
        return Promise(None, None, None)
    return Promise(policy.name, policy.calendar, target)


_MOVES_ALL = frozenset({Kind.CREATED, Kind.STATUS, Kind.RESOLVE, Kind.REOPEN, Kind.CLOSE, Kind.PRIORITY, Kind.CUSTOMER})
_MOVES_ONE = {
    Kind.MESSAGE: (Bucket.RESPONSE, Bucket.UPDATE),
    Kind.ENGAGE: (Bucket.RESPLAN,),
}


def _would_move(event: Event, clock: Clock) -> bool:
    """Whether an event of this kind can move a clock of this bucket, and came before it had stopped."""
    if clock.stopped_at is not None and event.at > clock.stopped_at:
        return False
    return event.kind in _MOVES_ALL or clock.bucket in _MOVES_ONE.get(event.kind, ())
