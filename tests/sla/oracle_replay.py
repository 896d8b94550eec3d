"""The slow, obvious reference for replay: lives through a ticket second by second, and counts on its fingers.

Shares no arithmetic with the engine: a calendar is a set of open seconds, time used is the number of seconds that
counted, and an edge is the first second at which a rule, read aloud, holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from slaboard.sla.policy import Policy
from slaboard.ticket import ActorKind, Bucket, ClockState, Direction, Event, Kind, Stage, Zone
from tests.sla.oracle_order import history, names_of, plain

LADDER = [Stage.RESPOND, Stage.PLAN, Stage.RESOLVE]
PROMISED = [Bucket.RESPONSE, Bucket.RESPLAN, Bucket.RESOLUTION]
A, H, C = ActorKind.AUTOMATION, ActorKind.HUMAN, ActorKind.CUSTOMER


@dataclass(frozen=True)
class World:
    """What the oracle knows of a team: its policies in order, its words and its hours."""

    policies: Sequence[Policy]
    words: Mapping[str, Stage]
    """By the word in small letters."""
    hours: Mapping[str, list[tuple[int, int]]]
    """The open spans of each calendar."""
    end: int
    """No edge lies past it."""

    def stage_of(self, e: Event) -> Stage | None:
        """The stage to which a status moves; None for a word that means nothing."""
        return e.stage or self.words.get(plain(e.status))


@dataclass(eq=False)
class Promise:
    """One clock; `until` and `under` are when it stopped and which policy was in force then."""

    bucket: Bucket
    cycle: int
    since: int
    until: int | None = None
    counted_until: int | None = None
    """When it stopped counting: when it stopped, or when the wait began in which it did."""
    under: Policy | None = None
    skipped: bool = False
    by_status: bool = False
    cause: str | None = None
    said_due: int | None = None
    """The source's own due, as it was known when it stopped."""


@dataclass(frozen=True)
class Seen:
    """What must be true of one clock."""

    bucket: Bucket
    cycle: int
    state: ClockState
    started_at: int
    target_s: int
    policy: str
    calendar: str
    due_at: int | None
    yellow_at: int | None
    orange_at: int | None
    red_at: int | None
    frozen_zone: Zone | None
    left_s: int | None
    stopped_at: int | None
    elapsed_s: int | None
    met: bool | None
    skipped: bool
    by_status: bool
    cause: str | None
    source_due: int | None


@dataclass
class Life:
    """A ticket, lived through from its first event up to `now`."""

    events: list[Event]
    world: World
    now: int
    born: int | None = None
    title: str = ""
    customer: str = ""
    priority: str = ""
    status: str = ""
    owner: str | None = None
    owned_since: int | None = None
    touched: int | None = None
    """When something happened to it last."""
    said: dict[Bucket, int] = field(default_factory=dict)
    """When the source says that each bucket is due."""
    ignored: list[Event] = field(default_factory=list)
    """What made no sense where it stands."""
    rung: int = 0
    waiting: bool = False
    waiting_since: int = 0
    ended: bool = False
    closed: bool = False
    grace: set[int] = field(default_factory=set)
    """Each second after a reopen that does not count yet."""
    asked: bool = False
    waited: set[int] = field(default_factory=set)
    """Each second spent waiting."""
    away: set[int] = field(default_factory=set)
    """Each second spent resolved, or in a grace."""
    promises: list[Promise] = field(default_factory=list)
    past: dict[str, Event] = field(default_factory=dict)
    open: dict[str, set[int]] = field(default_factory=dict)
    """Each second that is open, by calendar."""

    def __post_init__(self) -> None:
        for name, spans in self.world.hours.items():
            self.open[name] = {second for opens, closes in spans for second in range(opens, closes)}
        events = history(self.events, self.world.stage_of)
        births = [e.at for e in events if e.kind is Kind.CREATED]
        self.ignored = [e for e in events if births and e.at < births[0]]
        for event in events[len(self.ignored) :]:
            self._live_until(event.at)
            self._happens(event)
        self._live_until(self.now)
        self.away |= self.grace

    _second: int | None = None

    def _live_until(self, t: int) -> None:
        for second in range(t if self._second is None else self._second, t):
            if self.waiting:
                self.waited.add(second)
            if self.ended or second in self.grace:
                self.away.add(second)
        self._second = t

    # --- what an event does ---------------------------------------------------------------------------------------

    def _happens(self, e: Event) -> None:
        self.past |= dict.fromkeys(names_of(e), e)
        self.touched = e.at
        self.said |= e.source_due or {}
        match e.kind:
            case Kind.CREATED if self.born is None:
                self.born, self.title = e.at, e.title or ""
                self.priority, self.customer = e.priority or "", e.customer or ""
                if e.owner:
                    self.owner, self.owned_since = e.owner, e.at
                self.promises += [Promise(bucket, 0, e.at) for bucket in PROMISED]
                if e.actor_kind is C:
                    self._customer_asks(e.at)
                self._says(e)
            case Kind.CREATED:
                self.ignored.append(e)
            case Kind.TITLE:
                self.title = e.title or ""
            case Kind.PRIORITY | Kind.CUSTOMER:
                self._is_promised_anew(e)
            case Kind.STATUS:
                self._says(e)
            case Kind.MESSAGE if self.is_answer(e):
                self._is_answered(e.at)
            case Kind.MESSAGE if e.direction is Direction.IN and e.actor_kind is not A:
                self._customer_asks(e.at)
            case Kind.CLAIM | Kind.TAKEOVER:
                self.owner, self.owned_since = e.owner or e.actor, e.at
            case Kind.RELEASE:
                self.owner = self.owned_since = None
            case Kind.ENGAGE if e.actor_kind is H and not self.ended and self._is_able(e):
                self.waiting = False
                self._moves_to(2, e)
            case Kind.ENGAGE:
                self.ignored.append(e)
            case Kind.RESOLVE:
                self._ends(e.at, closed=False)
            case Kind.CLOSE:
                self._ends(e.at, closed=True)
            case Kind.REOPEN if self.ended:
                self._reopens(e.at)

    def _says(self, e: Event) -> None:
        self.status = e.status if e.status is not None else self.status
        stage = self.world.stage_of(e)
        if stage in (Stage.RESOLVED, Stage.CLOSED):
            self._ends(e.at, closed=stage is Stage.CLOSED)
        elif stage is not None:
            if self.ended:
                self._reopens(e.at)
            if stage is Stage.WAITING and not self.waiting:
                self.waiting_since = e.at
            self.waiting = stage is Stage.WAITING
            if stage is not Stage.WAITING:
                self._moves_to(LADDER.index(stage), e)

    def _moves_to(self, rung: int, e: Event) -> None:
        policy = self.policy
        if rung > self.rung and policy is not None and policy.response_by_status:
            self._stop(Bucket.RESPONSE, e.at, by_status=True)
        if rung == 2 and e.actor_kind is H:
            self._stop(Bucket.RESPLAN, e.at)
        self.rung = max(self.rung, rung)

    def _is_promised_anew(self, e: Event) -> None:
        before = self.policy
        if e.kind is Kind.PRIORITY:
            self.priority = e.priority or ""
        else:
            self.customer = e.customer or ""
        if self.policy is before:
            return
        for promise in self._running():
            was_late, is_late = self._is_late(promise, before, e.at), self._is_late(promise, self.policy, e.at)
            if is_late and not was_late:
                promise.cause = "retarget"
            if not is_late:
                promise.cause = None

    def _is_able(self, e: Event) -> bool:
        wanted = self.policy.engage_skill if self.policy is not None else None
        return wanted is None or plain(wanted) in [plain(skill) for skill in (e.skill or "").split(",")]

    def _is_answered(self, at: int) -> None:
        self._stop(Bucket.RESPONSE, at)
        self._stop(Bucket.UPDATE, at)
        self.asked = False
        if not self.ended:
            self.rung = max(self.rung, 1)
            if self.policy is not None and self.policy.update_mode == "keep_informed":
                self._start(Bucket.UPDATE, at, at)

    def _customer_asks(self, at: int) -> None:
        self.asked = True
        if not self.ended and not self._running(Bucket.UPDATE):
            self._start(Bucket.UPDATE, at, at)

    def _ends(self, at: int, *, closed: bool) -> None:
        self.closed = self.closed or closed
        if not self.ended:
            self._stop(Bucket.RESPONSE, at, skipped=True)
            self._stop(Bucket.RESPLAN, at, skipped=True)
            for bucket in (Bucket.RESOLUTION, Bucket.TOTAL_RESOLUTION, Bucket.UPDATE):
                self._stop(bucket, at)
            self.ended, self.waiting, self.asked = True, False, False

    def _reopens(self, at: int) -> None:
        self.ended = self.closed = False
        self.rung = 2
        self.grace |= set(range(at, at + (self.policy.reopen_grace_s if self.policy is not None else 0)))
        if self.born is not None:
            self._start(Bucket.TOTAL_RESOLUTION, self.born, at)
        if self.asked:
            self._start(Bucket.UPDATE, at, at)

    def _start(self, bucket: Bucket, since: int, at: int) -> None:
        self.promises.append(Promise(bucket, sum(p.bucket is bucket for p in self.promises), since))

    def _stop(self, bucket: Bucket, at: int, *, skipped: bool = False, by_status: bool = False) -> None:
        for promise in self._running(bucket):
            promise.counted_until = self._counted_until(promise, at)
            promise.until, promise.under, promise.said_due = at, self.policy, self.said.get(bucket)
            promise.skipped, promise.by_status = skipped, by_status

    def _running(self, bucket: Bucket | None = None) -> list[Promise]:
        return [p for p in self.promises if p.until is None and bucket in (None, p.bucket)]

    def is_answer(self, e: Event) -> bool:
        """Rule 8, from the message back to whoever set it off."""
        if e.actor_kind is H:
            return e.direction is Direction.OUT or e.channel == "phone"
        if e.actor_kind is C or e.direction is Direction.IN:
            return False
        for _ in range(len(self.past) + 1):
            if e.actor_kind is not A:
                break
            if e.caused_by not in self.past:
                return False
            e = self.past[e.caused_by]
        came_in = e.kind is Kind.MESSAGE and e.direction is Direction.IN and e.channel != "phone"
        return e.actor_kind is H and e.kind not in (Kind.CREATED, Kind.SURVEY) and not came_in

    # --- what the clocks say --------------------------------------------------------------------------------------

    @property
    def policy(self) -> Policy | None:
        """The policy in force: the first that takes such a ticket."""
        own = {"customer": plain(self.customer), "priority": plain(self.priority)}
        takes = (p for p in self.world.policies if all(own[key] in words for key, words in p.match.items()))
        return next(takes, None)

    @property
    def stage(self) -> Stage:
        """The stage people see."""
        if self.ended:
            return Stage.CLOSED if self.closed else Stage.RESOLVED
        return Stage.WAITING if self.waiting else LADDER[self.rung]

    def clocks(self) -> dict[tuple[Bucket, int], Seen]:
        """What must be true of each clock that has a target."""
        return {(seen.bucket, seen.cycle): seen for seen in map(self._seen, self.promises) if seen is not None}

    def place(self) -> tuple[Bucket, int] | None:
        """Rule 2: the running clock of the ticket's stage, else of the next later one."""
        if not self.ended:
            for bucket in PROMISED[self.rung :]:
                names = (bucket, Bucket.TOTAL_RESOLUTION) if bucket is Bucket.RESOLUTION else (bucket,)
                for promise in self._running():
                    if promise.bucket in names and self._target(promise, self.policy) is not None:
                        return promise.bucket, promise.cycle
        return None

    def no_sla(self) -> str | None:
        """Rule 18."""
        if self.ended or self.place() is not None:
            return None
        if self.born is None:
            return "no opening time"
        if self.policy is not None:
            return "no target"
        return "no policy matched" if self.priority else "no priority"

    def is_worse(self, t: int) -> bool:
        """Rule 2's mark at `t`: a running clock in a worse zone than the one under which the ticket counts."""
        place, zones = self.place(), {}
        for key, seen in self.clocks().items():
            if seen.met is None:
                zones[key] = seen.frozen_zone or self.zone_at(key, t)
        return place is not None and max(zone.rank for zone in zones.values()) > zones[place].rank

    def zone_at(self, key: tuple[Bucket, int], t: int) -> Zone:
        """The zone of a running clock at `t`."""
        promise = next(p for p in self.promises if (p.bucket, p.cycle) == key)
        assert self.policy is not None
        used = self._used(promise, self.policy, t)
        has_begun = used or self._counts(promise, self.policy, t)
        return self._zone_of(promise, self.policy, used) if has_begun else Zone.GREEN

    def left_at(self, key: tuple[Bucket, int], t: int) -> int:
        """Seconds left of a running clock at `t`."""
        promise = next(p for p in self.promises if (p.bucket, p.cycle) == key)
        target = self._target(promise, self.policy)
        assert self.policy is not None
        assert target is not None
        return target - self._used(promise, self.policy, t)

    def stood(self, key: tuple[Bucket, int]) -> set[int]:
        """The seconds up to now, or to its stop, that did not count for a clock whatever the hours."""
        promise = next(p for p in self.promises if (p.bucket, p.cycle) == key)
        policy = promise.under or self.policy
        assert policy is not None
        end = self.now if promise.until is None else promise.until
        return {second for second in range(promise.since, end) if self._stands(promise, policy, second)}

    def _seen(self, promise: Promise) -> Seen | None:
        policy = self.policy if promise.until is None else promise.under
        target = self._target(promise, policy)
        if policy is None or target is None:
            return None
        waits = promise.until is None and self._is_waiting(promise)
        runs = promise.until is None and not waits
        used = self._used(promise, policy, promise.until if promise.until is not None else self.now)
        met = None if promise.until is None else used <= target
        state = (
            ClockState.WAITING
            if waits
            else ClockState.RUNNING
            if runs
            else ClockState.MET
            if met
            else ClockState.MISSED
        )
        return Seen(
            bucket=promise.bucket,
            cycle=promise.cycle,
            state=state,
            started_at=promise.since,
            target_s=target,
            policy=policy.name,
            calendar=policy.calendar,
            due_at=None if waits else self._first(promise, policy, lambda used: used >= target),
            yellow_at=self._first_in(promise, policy, Zone.YELLOW) if runs else None,
            orange_at=self._first_in(promise, policy, Zone.ORANGE) if runs else None,
            red_at=self._first_in(promise, policy, Zone.RED) if runs else None,
            frozen_zone=None if runs else self._frozen(promise, policy),
            left_s=target - used if waits else None,
            stopped_at=promise.until,
            elapsed_s=None if promise.until is None else used,
            met=met,
            skipped=promise.skipped,
            by_status=promise.by_status,
            cause=promise.cause,
            source_due=self.said.get(promise.bucket) if promise.until is None else promise.said_due,
        )

    def _is_waiting(self, promise: Promise) -> bool:
        may = promise.bucket is not Bucket.RESPONSE or (self.policy is not None and self.policy.response_pauses)
        return self.waiting and may

    def _counted_until(self, promise: Promise, at: int) -> int:
        return max(self.waiting_since, promise.since) if self._is_waiting(promise) else at

    def _target(self, promise: Promise, policy: Policy | None) -> int | None:
        bucket = Bucket.RESOLUTION if promise.bucket is Bucket.TOTAL_RESOLUTION else promise.bucket
        return policy.targets.get(bucket) if policy is not None else None

    def _stands(self, promise: Promise, policy: Policy, second: int) -> bool:
        if promise.until is not None and second >= promise.until:
            return False
        if promise.bucket is Bucket.RESPONSE:
            return policy.response_pauses and second in self.waited
        return second in self.waited or (promise.bucket is Bucket.TOTAL_RESOLUTION and second in self.away)

    def _counts(self, promise: Promise, policy: Policy, second: int) -> bool:
        return second in self.open[policy.calendar] and not self._stands(promise, policy, second)

    def _used(self, promise: Promise, policy: Policy, at: int) -> int:
        return sum(self._counts(promise, policy, second) for second in range(promise.since, at))

    def _is_late(self, promise: Promise, policy: Policy | None, at: int) -> bool:
        target = self._target(promise, policy)
        return policy is not None and target is not None and self._used(promise, policy, at) > target

    def _frozen(self, promise: Promise, policy: Policy) -> Zone:
        """The zone in which it stopped counting."""
        at = promise.counted_until if promise.counted_until is not None else self._counted_until(promise, self.now)
        used = self._used(promise, policy, at)
        has_begun = used or (at in self.open[policy.calendar] and not self._is_in_grace(promise, at))
        return self._zone_of(promise, policy, used) if has_begun else Zone.GREEN

    def _is_in_grace(self, promise: Promise, at: int) -> bool:
        return promise.bucket is Bucket.TOTAL_RESOLUTION and at in self.grace

    def _zone_of(self, promise: Promise, policy: Policy, used: int) -> Zone:
        """Rules 3 and 4."""
        target, zones = self._target(promise, policy), policy.zones
        assert target is not None
        left = target - used
        if used > target:
            return Zone.RED
        if used >= zones.orange * target or (zones.orange_floor_s is not None and left <= zones.orange_floor_s):
            return Zone.ORANGE
        if used >= zones.yellow * target or (zones.yellow_floor_s is not None and left <= zones.yellow_floor_s):
            return Zone.YELLOW
        return Zone.GREEN

    def _first_in(self, promise: Promise, policy: Policy, zone: Zone) -> int:
        return self._first(promise, policy, lambda used: self._zone_of(promise, policy, used).rank >= zone.rank)

    def _first(self, promise: Promise, policy: Policy, holds: Callable[[int], bool]) -> int:
        """The first second at which it holds of the time used; with nothing used, the first one that counts."""
        used = 0
        for second in range(promise.since, self.world.end):
            counts = self._counts(promise, policy, second)
            if (used or counts) and holds(used):
                return second
            used += counts
        raise AssertionError("the world ends too early for this promise")
