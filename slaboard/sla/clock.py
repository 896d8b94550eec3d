"""Events in, clocks out: a fold over one ticket's history up the ladder (SEMANTICS rules 1 to 25)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from slaboard.sla.causes import Causes
from slaboard.sla.edges import Wait, instant_of, instants, merged, used_s, zone_at
from slaboard.sla.order import is_from_customer, ordered
from slaboard.sla.policy import Policy, PolicySet, UpdateMode, fold
from slaboard.sla.standing import Live, Standing, place
from slaboard.ticket import (
    LADDER,
    PROMISES,
    ActorKind,
    Bucket,
    Clock,
    ClockState,
    Event,
    Kind,
    Stage,
    Zone,
)

RETARGET = "retarget"


class Replay:
    """The fold. `apply` takes one event in order; `clocks` may be asked for after any of them."""

    def __init__(self, ticket: str, policies: PolicySet, version: int = 0) -> None:
        self.standing = Standing(ticket)
        self.policies = policies
        self.version = version
        self.ignored: list[tuple[Event, str]] = []
        """Events that made no sense where they stand, with the reason."""
        self.causes = Causes()
        self._counted: dict[Bucket, tuple[tuple[object, ...], Clock]] = {}
        """Running clocks as they were asked for last, and what they were made of: most events move none."""
        self._early: list[Event] = []
        """What came while no creation had: a feed may carry none, so it counts until one comes."""

    def apply(self, event: Event) -> None:
        """Take `event`, the next in order (see `ordered`, which also sees to the undos)."""
        if event.kind is Kind.CREATED and self._early:
            self._forget()
        elif event.kind is not Kind.CREATED and self.standing.opened_at is None:
            self._early.append(event)
        self.causes.pass_by(event)
        if event.kind is not Kind.PRUNE:  # a report of when things happened is the same before it and after
            self.standing.changed_at = event.at
        self.standing.source_due.update(event.source_due or {})
        _STEPS[event.kind](self, event)

    def _forget(self) -> None:
        """Ignore all that came before: it is older than the ticket's creation (rule 22)."""
        self.ignored = [(event, "it is older than the ticket's creation") for event in self._early]
        self._early = []
        self.causes = Causes()
        self.standing = Standing(self.standing.id)

    # --- what a ticket is -------------------------------------------------------------------------------------

    def _created(self, event: Event) -> None:
        now = self.standing
        if now.opened_at is not None:
            self.ignored.append((event, "the ticket was created before"))
            return
        now.opened_at = event.at
        now.title, now.url = event.title or "", event.url or ""
        now.customer, now.priority = event.customer or "", event.priority or ""
        now.board, now.type = event.board or "", event.type or ""
        if event.owner:
            now.owner, now.owned_at = event.owner, event.at
        for bucket in PROMISES:
            now.live[bucket] = Live(bucket, event.at)
        if event.actor_kind is ActorKind.CUSTOMER:
            self._asked(event.at)
        if event.status is not None or event.stage is not None:
            self._status(event)

    def _retarget(self, event: Event) -> None:
        now, before = self.standing, self.policy()
        if event.kind is Kind.PRIORITY:
            now.priority = event.priority or ""
        elif event.kind is Kind.CUSTOMER:
            now.customer = event.customer or ""
        after = self.policy()
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
        """A note, a survey, an undo or a removal of texts moves no clock."""

    # --- the ladder -------------------------------------------------------------------------------------------

    def _status(self, event: Event) -> None:
        now = self.standing
        if event.status is not None:
            now.status = event.status
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
        now, policy = self.standing, self.policy()
        if rung > now.rung and policy is not None and policy.response_by_status:
            self._stop(Bucket.RESPONSE, event.at, by_status=True)
        if rung == 2 and event.actor_kind is ActorKind.HUMAN:
            self._stop(Bucket.RESPLAN, event.at)
        now.rung = max(now.rung, rung)

    def _message(self, event: Event) -> None:
        now = self.standing
        if self.causes.is_response(event):
            self._stop(Bucket.RESPONSE, event.at)
            if now.ended_at is None:
                now.rung = max(now.rung, 1)
            now.unanswered = False
            self._stop(Bucket.UPDATE, event.at)
            policy = self.policy()
            if policy is not None and policy.update_mode == UpdateMode.KEEP_INFORMED and now.ended_at is None:
                self._start_update(event.at)
        elif is_from_customer(event):
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
        policy = self.policy()
        skill = policy.engage_skill if policy is not None else None
        if skill is not None and fold(skill) not in map(fold, (event.skill or "").split(",")):
            self.ignored.append((event, f"the policy asks for somebody with the skill {skill}"))
            return
        self._stop_waiting(event.at)
        self._climb(LADDER.index(Stage.RESOLVE), event)

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
        now, policy = self.standing, self.policy()
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

    # --- clocks -----------------------------------------------------------------------------------------------

    def policy(self) -> Policy | None:
        """The first policy that matches the ticket as it is now; None where none does."""
        now = self.standing
        return self.policies.match(customer=now.customer, priority=now.priority, board=now.board, type=now.type)

    def _waits_of(self, live: Live, policy: Policy, *, ended: bool = False) -> tuple[Wait, ...]:
        """What `live` does not count; with `ended`, without the wait that goes on."""
        if live.bucket is Bucket.RESPONSE and not policy.response_pauses:
            return ()
        waits = self.standing.waits[:-1] if ended and self.standing.is_waiting else self.standing.waits
        if live.bucket is Bucket.TOTAL_RESOLUTION:
            waits = merged((*waits, *self.standing.gaps))
        return tuple(wait for wait in waits if wait[1] is None or wait[1] > live.started_at)

    def _frozen_zone(self, live: Live, policy: Policy, target: int, at: int) -> Zone:
        """The zone in which `live` stops counting at `at`, or did so when the ticket began to wait."""
        if self._is_paused(live, policy):
            at = max(self.standing.waits[-1][0], live.started_at)
        ended = self._waits_of(live, policy, ended=True)
        calendar = self.policies.calendars[policy.calendar]
        return zone_at(calendar, live.started_at, ended, policy.zones.of(target), at)

    def _is_paused(self, live: Live, policy: Policy) -> bool:
        return self.standing.is_waiting and bool(self._waits_of(live, policy))

    def _target(self, bucket: Bucket, policy: Policy) -> int | None:
        return policy.targets.get(Bucket.RESOLUTION if bucket is Bucket.TOTAL_RESOLUTION else bucket)

    def _late(self, live: Live, policy: Policy | None, at: int) -> bool:
        target = self._target(live.bucket, policy) if policy is not None else None
        if policy is None or target is None:
            return False
        calendar = self.policies.calendars[policy.calendar]
        return used_s(calendar, live.started_at, self._waits_of(live, policy), at) > target

    def _stop(self, bucket: Bucket, at: int, *, skipped: bool = False, by_status: bool = False) -> None:
        now, live, policy = self.standing, self.standing.live.pop(bucket, None), self.policy()
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
            frozen_zone=self._frozen_zone(live, policy, target, at),
            stopped_at=at,
            elapsed_s=used,
            met=met,
            skipped=skipped,
            by_status=by_status,
            cause=live.cause,
            source_due=now.source_due.get(bucket),
        )

    def _running(self, live: Live, policy: Policy, target: int) -> Clock:
        waits = self._waits_of(live, policy)
        source_due = self.standing.source_due.get(live.bucket)
        made_of = (policy.name, live.started_at, live.cycle, live.cause, waits, self.standing.waits[-1:], source_due)
        known = self._counted.get(live.bucket)
        if known is None or known[0] != made_of:
            known = self._counted[live.bucket] = made_of, self._count(live, policy, target, waits)
        return known[1]

    def _count(self, live: Live, policy: Policy, target: int, waits: tuple[Wait, ...]) -> Clock:
        calendar = self.policies.calendars[policy.calendar]
        due = yellow = orange = red = left = zone = None
        state = ClockState.RUNNING
        if self._is_paused(live, policy):
            since = max(self.standing.waits[-1][0], live.started_at)
            state, zone = ClockState.WAITING, self._frozen_zone(live, policy, target, since)
            left = target - used_s(calendar, live.started_at, waits, since)
        else:
            due, yellow, orange, red = instants(calendar, live.started_at, waits, policy.zones.of(target))
        return Clock(
            bucket=live.bucket,
            cycle=live.cycle,
            state=state,
            started_at=live.started_at,
            target_s=target,
            policy=policy.name,
            calendar=policy.calendar,
            policy_version=self.version,
            waits=waits,
            due_at=due,
            yellow_at=yellow,
            orange_at=orange,
            red_at=red,
            frozen_zone=zone,
            left_s=left,
            cause=live.cause,
            source_due=self.standing.source_due.get(live.bucket),
        )

    def clocks(self) -> tuple[Clock, ...]:
        """Every clock of the ticket, finished cycles first, in the board's order of buckets."""
        policy, now = self.policy(), self.standing
        clocks = list(now.done.values())
        if policy is not None:
            for live in now.live.values():
                target = self._target(live.bucket, policy)
                if target is not None:
                    clocks.append(self._running(live, policy, target))
        clocks.sort(key=lambda clock: (_RANK[clock.bucket], clock.cycle))
        return tuple(clocks)

    def policy_name(self) -> str | None:
        """The policy that counts for the ticket now."""
        policy = self.policy()
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
        if self.policy() is None:
            return "no policy matched" if now.priority else "no priority"
        return "no target"


_RANK = {bucket: rank for rank, bucket in enumerate(Bucket)}


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
    Kind.PRUNE: Replay._nothing,
}


def replay(ticket: str, events: Iterable[Event], policies: PolicySet, version: int = 0) -> Replay:
    """The ticket after all of `events`, which may come in any order."""
    fold = Replay(ticket, policies, version)
    for event in ordered(events, policies):
        fold.apply(event)
    return fold
