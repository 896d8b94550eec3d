"""Events in, clocks out: a fold over one ticket's history up the ladder (SEMANTICS rules 1 to 25)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from slaboard.sla.edges import Thresholds, Wait, instant_of, used_s
from slaboard.sla.policy import Policy, PolicySet
from slaboard.ticket import (
    LADDER,
    PROMISES,
    STAGE_BUCKET,
    ActorKind,
    Bucket,
    Clock,
    ClockState,
    Direction,
    Event,
    Kind,
    Stage,
)

RETARGET = "retarget"
CALLS = frozenset({"phone", "call"})
"""Channels whose message by a human is a logged call, which is a response whichever way it went (rule 8)."""


@dataclass(slots=True)
class Live:
    """A clock that still runs or waits: only where it started is known, all else follows from the ticket."""

    bucket: Bucket
    started_at: int
    cycle: int = 0
    cause: str | None = None


@dataclass(slots=True)
class Standing:
    """One ticket as its events leave it: who has it, where it is, and its clocks."""

    id: str
    title: str = ""
    customer: str = ""
    priority: str = ""
    status: str = ""
    board: str = ""
    type: str = ""
    url: str = ""
    owner: str | None = None
    owned_at: int | None = None
    opened_at: int | None = None
    ended_at: int | None = None
    """When it was last resolved or closed, while it is."""
    changed_at: int | None = None
    closed: bool = False
    rung: int = 0
    """Index on the ladder: the lowest stage still allowed (rule 11)."""
    waits: tuple[Wait, ...] = ()
    gaps: tuple[Wait, ...] = ()
    """When it was resolved before a reopen, grace included: total resolution leaves them out beside the waits."""
    source_due: dict[Bucket, int] = field(default_factory=dict)
    live: dict[Bucket, Live] = field(default_factory=dict)
    done: dict[tuple[Bucket, int], Clock] = field(default_factory=dict)
    cycles: dict[Bucket, int] = field(default_factory=dict)
    unanswered: bool = False
    """A customer's message since the last human answer (rule 23)."""

    @property
    def is_waiting(self) -> bool:
        """True while the team waits for somebody else."""
        return bool(self.waits) and self.waits[-1][1] is None

    @property
    def stage(self) -> Stage:
        """The stage people see."""
        if self.ended_at is not None:
            return Stage.CLOSED if self.closed else Stage.RESOLVED
        return Stage.WAITING if self.is_waiting else LADDER[self.rung]


def ordered(events: Iterable[Event], policies: PolicySet) -> list[Event]:
    """`events` in the order they count: by time, then sequence, then stop > pause > resume > start (rule 17).

    Events that an `undo` takes back, and the undos, are left out.
    """
    events = list(events)
    if any(event.kind is Kind.UNDO for event in events):
        events = _without_undone(events)
    events.sort(key=lambda e: (e.at, e.kind is not Kind.CREATED, e.order, _rank(e, policies), e.seq))
    return events


def _without_undone(events: list[Event]) -> list[Event]:
    undone: set[str] = set()
    kept: list[Event] = []
    for event in sorted(events, key=lambda e: (e.at, e.order, e.seq), reverse=True):
        if not undone.isdisjoint(names_of(event)):
            continue
        if event.kind is Kind.UNDO and event.caused_by:
            undone.add(event.caused_by)
        else:
            kept.append(event)
    return kept[::-1]


def names_of(event: Event) -> set[str]:
    """How `caused_by` may name `event`: by the source's id, or by `#` and the store's sequence."""
    return {name for name in (event.id, f"#{event.seq}" if event.seq else None) if name}


_RANKS = {Kind.PRIORITY: 0, Kind.CUSTOMER: 0, Kind.TITLE: 0, Kind.REOPEN: 4}


def _rank(event: Event, policies: PolicySet) -> int:
    if event.kind is not Kind.STATUS:
        return _RANKS.get(event.kind, 1)
    stage = event.stage or policies.stage_of(event.status)
    if stage is None or not stage.is_open:
        return 1
    return 2 if stage is Stage.WAITING else 3


class Replay:
    """The fold. `apply` takes one event in order; `clocks` may be asked for after any of them."""

    def __init__(self, ticket: str, policies: PolicySet, version: int = 0) -> None:
        self.standing = Standing(ticket)
        self.policies = policies
        self.version = version
        self.ignored: list[tuple[Event, str]] = []
        """Events that made no sense where they stand, with the reason."""
        self._named: dict[str, Event] = {}

    def apply(self, event: Event) -> None:
        """Take `event`, the next in order. One older than the creation is ignored (rule 22)."""
        now = self.standing
        if event.kind is not Kind.CREATED and now.opened_at is not None and event.at < now.opened_at:
            self.ignored.append((event, "it is older than the ticket's creation"))
            return
        for name in names_of(event):
            self._named[name] = event
        now.changed_at = event.at
        _STEPS[event.kind](self, event)

    # --- what a ticket is -------------------------------------------------------------------------------------

    def _created(self, event: Event) -> None:
        now = self.standing
        if now.opened_at is not None:
            self.ignored.append((event, "the ticket was created before"))
            return
        now.opened_at = event.at
        now.title, now.url = event.title or now.title, event.url or now.url
        now.customer, now.priority = event.customer or now.customer, event.priority or now.priority
        now.board, now.type = event.board or now.board, event.type or now.type
        now.source_due.update(event.source_due or {})
        if event.owner:
            now.owner, now.owned_at = event.owner, event.at
        for bucket in PROMISES:
            now.live[bucket] = Live(bucket, event.at)
        if event.actor_kind is ActorKind.CUSTOMER:
            self._asked(event.at)
        if event.status is not None or event.stage is not None:
            self._status(event)

    def _retarget(self, event: Event) -> None:
        now, before = self.standing, self._policy()
        if event.kind is Kind.PRIORITY:
            now.priority = event.priority or ""
        elif event.kind is Kind.CUSTOMER:
            now.customer = event.customer or ""
        after = self._policy()
        if after is before:
            return
        for live in now.live.values():
            late_before, late_after = self._late(live, before, event.at), self._late(live, after, event.at)
            if late_after and not late_before:
                live.cause = RETARGET
            elif not late_after:
                live.cause = None

    def _title(self, event: Event) -> None:
        self.standing.title = event.title or ""

    def _owner(self, event: Event) -> None:
        now = self.standing
        now.owner = None if event.kind is Kind.RELEASE else event.owner or event.actor
        now.owned_at = None if now.owner is None else event.at

    def _nothing(self, event: Event) -> None:
        self.standing.source_due.update(event.source_due or {})

    # --- the ladder -------------------------------------------------------------------------------------------

    def _status(self, event: Event) -> None:
        now = self.standing
        if event.status is not None:
            now.status = event.status
        now.source_due.update(event.source_due or {})
        stage = event.stage or self.policies.stage_of(event.status)
        if stage is None:
            return
        if not stage.is_open:
            self._end(event.at, closed=stage is Stage.CLOSED)
            return
        if now.ended_at is not None:
            self._reopened(event.at)
        if stage is Stage.WAITING:
            if not now.is_waiting:
                now.waits += ((event.at, None),)
            return
        self._stop_waiting(event.at)
        self._climb(LADDER.index(stage), event)

    def _climb(self, rung: int, event: Event) -> None:
        now, policy = self.standing, self._policy()
        if rung > 0 and now.rung == 0 and policy is not None and policy.response_by_status:
            self._stop(Bucket.RESPONSE, event.at, by_status=True)
        if rung == 2 and event.actor_kind is ActorKind.HUMAN:
            self._stop(Bucket.RESPLAN, event.at)
        now.rung = max(now.rung, rung)

    def _message(self, event: Event) -> None:
        now = self.standing
        if self.is_response(event):
            self._stop(Bucket.RESPONSE, event.at)
            if now.ended_at is None:
                now.rung = max(now.rung, 1)
            now.unanswered = False
            self._stop(Bucket.UPDATE, event.at)
            policy = self._policy()
            if policy is not None and policy.update_mode == "keep_informed" and now.ended_at is None:
                self._start_update(event.at)
        elif event.direction is Direction.IN and event.actor_kind is not ActorKind.AUTOMATION:
            self._asked(event.at)

    def _asked(self, at: int) -> None:
        now = self.standing
        now.unanswered = True
        if now.ended_at is None and Bucket.UPDATE not in now.live:
            self._start_update(at)

    def _start_update(self, at: int) -> None:
        self.standing.live[Bucket.UPDATE] = Live(Bucket.UPDATE, at, self._next_cycle(Bucket.UPDATE))

    def _engage(self, event: Event) -> None:
        if event.actor_kind is not ActorKind.HUMAN or self.standing.ended_at is not None:
            self.ignored.append((event, "only a person can engage, and only with an open ticket"))
            return
        policy = self._policy()
        skill = policy.engage_skill if policy is not None else None
        if skill is not None and skill not in (event.skill or "").split(","):
            self.ignored.append((event, f"the policy asks for somebody with the skill {skill}"))
            return
        self._stop_waiting(event.at)
        self._stop(Bucket.RESPLAN, event.at)
        self.standing.rung = 2

    def _resolve(self, event: Event) -> None:
        self._end(event.at, closed=False)

    def _close(self, event: Event) -> None:
        self._end(event.at, closed=True)

    def _reopen(self, event: Event) -> None:
        if self.standing.ended_at is not None:
            self._reopened(event.at)

    def _end(self, at: int, *, closed: bool) -> None:
        now = self.standing
        now.closed = now.closed or closed
        if now.ended_at is not None:
            return
        now.ended_at = at
        for bucket in list(now.live):
            self._stop(bucket, at, skipped=bucket in (Bucket.RESPONSE, Bucket.RESPLAN))
        now.unanswered = False
        self._stop_waiting(at)

    def _reopened(self, at: int) -> None:
        now, policy = self.standing, self._policy()
        assert now.ended_at is not None
        now.gaps += ((now.ended_at, at + (policy.reopen_grace_s if policy is not None else 0)),)
        if now.opened_at is not None:
            cycle = self._next_cycle(Bucket.TOTAL_RESOLUTION)
            now.live[Bucket.TOTAL_RESOLUTION] = Live(Bucket.TOTAL_RESOLUTION, now.opened_at, cycle)
        now.ended_at, now.closed, now.rung = None, False, 2
        if now.unanswered:
            self._asked(at)

    def _stop_waiting(self, at: int) -> None:
        now = self.standing
        if now.is_waiting:
            now.waits = (*now.waits[:-1], (now.waits[-1][0], at))

    def _next_cycle(self, bucket: Bucket) -> int:
        return self.standing.cycles.get(bucket, 0)

    # --- what is a response -----------------------------------------------------------------------------------

    def causes(self, event: Event) -> list[Event]:
        """The chain of causes of `event`, itself first, as far as it is known; a circle ends it."""
        chain = [event]
        while (name := chain[-1].caused_by) and (cause := self._named.get(name)) and cause not in chain:
            chain.append(cause)
        return chain

    def is_response(self, event: Event) -> bool:
        """A human's message to the customer, a logged call, or what a human's act on this ticket caused (rule 8)."""
        if event.actor_kind is ActorKind.HUMAN:
            return event.direction is Direction.OUT or (event.channel or "").lower() in CALLS
        if event.actor_kind is not ActorKind.AUTOMATION or event.direction is not Direction.OUT:
            return False
        last = self.causes(event)[-1]
        return last is not event and last.actor_kind is ActorKind.HUMAN and last.kind is not Kind.CREATED

    # --- clocks -----------------------------------------------------------------------------------------------

    def _policy(self) -> Policy | None:
        now = self.standing
        return self.policies.match(customer=now.customer, priority=now.priority, board=now.board, type=now.type)

    def _waits_of(self, live: Live, policy: Policy) -> tuple[Wait, ...]:
        if live.bucket is Bucket.RESPONSE and not policy.response_pauses:
            return ()
        waits, gaps = self.standing.waits, self.standing.gaps
        return _merged((*waits, *gaps)) if live.bucket is Bucket.TOTAL_RESOLUTION else waits

    def _target(self, bucket: Bucket, policy: Policy) -> int | None:
        return policy.targets.get(Bucket.RESOLUTION if bucket is Bucket.TOTAL_RESOLUTION else bucket)

    def _late(self, live: Live, policy: Policy | None, at: int) -> bool:
        target = self._target(live.bucket, policy) if policy is not None else None
        if policy is None or target is None:
            return False
        calendar = self.policies.calendars[policy.calendar]
        return used_s(calendar, live.started_at, self._waits_of(live, policy), at) > target

    def _stop(self, bucket: Bucket, at: int, *, skipped: bool = False, by_status: bool = False) -> None:
        now, live, policy = self.standing, self.standing.live.pop(bucket, None), self._policy()
        if live is None:
            return
        now.cycles[bucket] = live.cycle + 1
        target = self._target(bucket, policy) if policy is not None else None
        if policy is None or target is None:
            return
        calendar = self.policies.calendars[policy.calendar]
        waits = tuple((a, at if b is None else min(b, at)) for a, b in self._waits_of(live, policy) if a < at)
        used = used_s(calendar, live.started_at, waits, at)
        met = used <= target
        now.done[bucket, live.cycle] = Clock(
            bucket=bucket,
            cycle=live.cycle,
            state=ClockState.MET if met else ClockState.MISSED,
            started_at=live.started_at,
            target_s=target,
            policy=policy.name,
            calendar=policy.calendar,
            policy_version=self.version,
            waits=waits,
            due_at=instant_of(calendar, live.started_at, waits, target),
            frozen_zone=Thresholds.of(target, policy.zones).zone(used),
            stopped_at=at,
            elapsed_s=used,
            met=met,
            skipped=skipped,
            by_status=by_status,
            cause=live.cause,
            source_due=now.source_due.get(bucket),
        )

    def _running(self, live: Live, policy: Policy, target: int) -> Clock:
        calendar = self.policies.calendars[policy.calendar]
        waits = self._waits_of(live, policy)
        marks = Thresholds.of(target, policy.zones)
        clock = Clock(
            bucket=live.bucket,
            cycle=live.cycle,
            state=ClockState.RUNNING,
            started_at=live.started_at,
            target_s=target,
            policy=policy.name,
            calendar=policy.calendar,
            policy_version=self.version,
            waits=waits,
            cause=live.cause,
            source_due=self.standing.source_due.get(live.bucket),
        )
        if waits and waits[-1][1] is None:
            used = used_s(calendar, live.started_at, waits, max(waits[-1][0], live.started_at))
            return replace(clock, state=ClockState.WAITING, frozen_zone=marks.zone(used), left_s=target - used)
        due, yellow, orange, red = (
            instant_of(calendar, live.started_at, waits, used)
            for used in (target, marks.yellow, marks.orange, marks.red)
        )
        return replace(clock, due_at=due, yellow_at=yellow, orange_at=orange, red_at=red)

    def clocks(self) -> tuple[Clock, ...]:
        """Every clock of the ticket, finished cycles first, in the board's order of buckets."""
        policy, now = self._policy(), self.standing
        clocks = list(now.done.values())
        if policy is not None:
            for live in now.live.values():
                target = self._target(live.bucket, policy)
                if target is not None:
                    clocks.append(self._running(live, policy, target))
        clocks.sort(key=lambda clock: (_BUCKETS.index(clock.bucket), clock.cycle))
        return tuple(clocks)

    def policy_name(self) -> str | None:
        """The policy that counts for the ticket now."""
        policy = self._policy()
        return policy.name if policy is not None else None

    def place(self, clocks: tuple[Clock, ...]) -> Clock | None:
        """The one clock under which an open ticket counts in the grid (rule 2)."""
        return place(self.standing.stage, self.standing.rung, clocks)

    def no_sla(self, place: Clock | None) -> str | None:
        """Why an open ticket has no clock to count under (rule 18), None when it has one."""
        now = self.standing
        if place is not None or now.ended_at is not None:
            return None
        if now.opened_at is None:
            return "no opening time"
        if self._policy() is None:
            return "no policy matched" if now.priority else "no priority"
        return "no target"


_BUCKETS = list(Bucket)


def place(stage: Stage, rung: int, clocks: tuple[Clock, ...]) -> Clock | None:
    """The clock that counts: of the stage's bucket, else of the next later bucket that has one."""
    if not stage.is_open:
        return None
    live = {clock.bucket: clock for clock in clocks if clock.is_live}
    if Bucket.TOTAL_RESOLUTION in live:
        live[Bucket.RESOLUTION] = live[Bucket.TOTAL_RESOLUTION]
    return next((live[STAGE_BUCKET[step]] for step in LADDER[rung:] if STAGE_BUCKET[step] in live), None)


def _merged(waits: tuple[Wait, ...]) -> tuple[Wait, ...]:
    merged: list[Wait] = []
    for begin, end in sorted(waits, key=lambda wait: wait[0]):
        if merged and (merged[-1][1] is None or begin <= merged[-1][1]):
            last = merged[-1][1]
            merged[-1] = (merged[-1][0], None if last is None or end is None else max(last, end))
        else:
            merged.append((begin, end))
    return tuple(merged)


_STEPS: Mapping[Kind, Callable[[Replay, Event], None]] = {
    Kind.CREATED: Replay._created,
    Kind.PRIORITY: Replay._retarget,
    Kind.CUSTOMER: Replay._retarget,
    Kind.TITLE: Replay._title,
    Kind.STATUS: Replay._status,
    Kind.MESSAGE: Replay._message,
    Kind.CLAIM: Replay._owner,
    Kind.RELEASE: Replay._owner,
    Kind.TAKEOVER: Replay._owner,
    Kind.ENGAGE: Replay._engage,
    Kind.RESOLVE: Replay._resolve,
    Kind.REOPEN: Replay._reopen,
    Kind.CLOSE: Replay._close,
    Kind.NOTE: Replay._nothing,
    Kind.SURVEY: Replay._nothing,
    Kind.UNDO: Replay._nothing,
}


def replay(ticket: str, events: Iterable[Event], policies: PolicySet, version: int = 0) -> Replay:
    """The ticket after all of `events`, which may come in any order."""
    fold = Replay(ticket, policies, version)
    for event in ordered(events, policies):
        fold.apply(event)
    return fold
