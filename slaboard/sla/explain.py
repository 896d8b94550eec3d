"""The due instant as a sum that a customer can check by hand, and why each message was a response or was none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from slaboard.sla.calendar import BusinessCalendar
from slaboard.sla.clock import Replay
from slaboard.sla.edges import Wait
from slaboard.sla.order import names_of, ordered
from slaboard.sla.policy import PolicySet
from slaboard.text import clean
from slaboard.ticket import ActorKind, Bucket, Clock, ClockState, Direction, Event, Kind

TOLD_S = 366 * 86_400
"""Of a stretch of several years the spans of its first and its last one are told, and those between are summed up: a
minute a week and a target of 6,500 hours make 390,000 spans, and telling them took 14 s."""
MANY = "in many spans"
DRIFT_S = 60
"""From this difference on, in seconds, a source's own due instant is told beside ours (rule 19)."""


class Step(Struct, frozen=True):
    """One stretch of real time: `open` counts its `seconds`, `wait` would have counted them but does not."""

    kind: str
    begin: int
    end: int
    seconds: int
    note: str = ""


class Retarget(Struct, frozen=True):
    """A change of priority or customer that gave the ticket another promise (rule 14)."""

    at: int
    what: str
    policy: str | None
    target_s: int | None


class Verdict(Struct, frozen=True):
    """One outbound message (or logged call), whether it is a response, and the link that decides it (rule 8)."""

    event: Event
    is_response: bool
    why: str
    chain: tuple[Event, ...]


class Explanation(Struct, frozen=True):
    """One clock, step by step. The `open` steps sum to `counted`, which is the target when a due instant is known."""

    ticket: str
    clock: Clock
    timezone: str
    is_always: bool
    steps: tuple[Step, ...]
    retargets: tuple[Retarget, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

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
    ticket: str, clock: Clock, calendar: BusinessCalendar, events: Sequence[Event], policies: PolicySet, now: int
) -> Explanation:
    """How `clock` came to its due instant; of a clock that waits, how it came to the time used so far."""
    until = clock.due_at if clock.due_at is not None else _frozen_at(clock, now)
    retargets, verdicts = _turning_points(ticket, clock.bucket, events, policies)
    return Explanation(
        ticket=ticket,
        clock=clock,
        timezone=calendar.timezone,
        is_always=calendar.is_always,
        steps=tuple(_steps(calendar, clock, until, events)),
        retargets=tuple(r for r in retargets if clock.stopped_at is None or r.at <= clock.stopped_at),
        verdicts=tuple(verdicts),
    )


def _turning_points(
    ticket: str, bucket: Bucket, events: Sequence[Event], policies: PolicySet
) -> tuple[list[Retarget], list[Verdict]]:
    """Where the promise changed, and of the response clock every message that could have stopped it."""
    retargets: list[Retarget] = []
    verdicts: list[Verdict] = []
    if not any(event.kind in _TURNING for event in events):
        return retargets, verdicts
    fold = Replay(ticket, policies)
    named = {name: event for event in events for name in names_of(event)}
    for event in ordered(events, policies):
        before = fold.policy_name()
        fold.apply(event)
        if event.kind in (Kind.PRIORITY, Kind.CUSTOMER) and fold.policy_name() != before:
            retargets.append(_retarget(event, fold, bucket))
        if bucket is Bucket.RESPONSE and event.kind is Kind.MESSAGE and event.direction is not Direction.IN:
            verdicts.append(_verdict(fold, event, named))
    return retargets, verdicts


_TURNING = frozenset({Kind.PRIORITY, Kind.CUSTOMER, Kind.MESSAGE})


def _frozen_at(clock: Clock, now: int) -> int:
    """Where a clock without a due instant stands still: at the beginning of its open wait."""
    last = clock.waits[-1] if clock.waits else None
    return max(clock.started_at, last[0]) if last is not None and last[1] is None else now


def _steps(calendar: BusinessCalendar, clock: Clock, until: int, events: Iterable[Event]) -> Iterator[Step]:
    reasons = {e.at: e.reason or e.status or "" for e in events if e.kind is Kind.STATUS}
    begin = clock.started_at
    for wait in _ended(clock.waits, clock.started_at, until):
        yield from _open(calendar, begin, wait[0])
        yield Step("wait", *wait, calendar.elapsed_s(*wait), clean(reasons.get(wait[0], "")))
        begin = wait[1]
    yield from _open(calendar, begin, until)
    if clock.state is ClockState.WAITING and clock.waits and clock.due_at is None:
        yield Step("wait", until, until, 0, "waiting now")


def _ended(waits: Iterable[Wait], start: int, until: int) -> Iterator[tuple[int, int]]:
    """The waits between `start` and `until`, cut to it."""
    for begin, end in waits:
        first, last = max(begin, start), until if end is None else min(end, until)
        if first < last:
            yield first, last


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


def _retarget(event: Event, fold: Replay, bucket: Bucket) -> Retarget:
    what = event.priority if event.kind is Kind.PRIORITY else event.customer
    policy = fold._policy()
    wanted = Bucket.RESOLUTION if bucket is Bucket.TOTAL_RESOLUTION else bucket
    target = policy.targets.get(wanted) if policy is not None else None
    return Retarget(event.at, f"{event.kind.value} {clean(what or 'none')}", fold.policy_name(), target)


def _verdict(fold: Replay, event: Event, named: Mapping[str, Event]) -> Verdict:
    chain = tuple(_chain(event, named))
    answered = fold.causes.is_response(event)
    last = chain[-1]
    if event.actor_kind is ActorKind.HUMAN:
        why = "a human sent it"
    elif len(chain) == 1:
        why = "it is automatic and names no known cause" if event.caused_by else "it is automatic and names no cause"
    elif answered:
        why = f"it is automatic, but {clean(last.actor or 'somebody')}'s {last.kind.value} caused it"
    elif last.kind is Kind.CREATED:
        why = "it is automatic and only the ticket's creation caused it"
    else:
        actor = f"{last.actor_kind.value} {clean(last.actor or '')}".rstrip()
        why = f"it is automatic and its chain of causes ends in {actor}"
    return Verdict(event, answered, why, chain)


def _chain(event: Event, named: Mapping[str, Event]) -> list[Event]:
    """`event` and its causes, up to the first that was not automatic, as far as they are known; a circle ends it."""
    chain = [event]
    while chain[-1].actor_kind is ActorKind.AUTOMATION and (cause := named.get(chain[-1].caused_by or "")):
        if cause in chain:
            break
        chain.append(cause)
    return chain


# --- in words ---------------------------------------------------------------------------------------------------


def lines(found: Explanation, now: int) -> list[str]:
    """The explanation as lines of text, times in the calendar's own zone."""
    clock, zone = found.clock, ZoneInfo(found.timezone)
    hours = "24x7" if found.is_always else f"{clean(clock.calendar)}, {found.timezone}"
    told = [
        f"{clean(found.ticket)}  {clock.bucket.value}  {_state(clock, now)}",
        f"  promised   {duration(clock.target_s)} by policy {clean(clock.policy)} (version {clock.policy_version}), "
        f"calendar {hours}",
        f"  start      {moment(clock.started_at, zone)}",
    ]
    total = 0
    for step in found.steps:
        until = moment(step.end, zone) if _day(step.begin, zone) != _day(step.end, zone) else _clock(step.end, zone)
        stretch = f"{moment(step.begin, zone)} to {until}"
        if step.kind == "open":
            total += step.seconds
            note = f", {step.note}" if step.note else ""
            told.append(f"  + open     {stretch:<50} {duration(step.seconds):>10}  sum {duration(total)}{note}")
        elif step.begin < step.end:
            note = f" for {step.note}" if step.note else ""
            told.append(f"    wait     {stretch:<50} {duration(step.seconds):>10}  not counted: waited{note}")
    told += [f"    changed  {moment(r.at, zone)}: {r.what}, now {_promise(r)}" for r in found.retargets]
    told += _end(found, zone)
    told += _verdict_lines(found, zone)
    return told


def _end(found: Explanation, zone: ZoneInfo) -> Iterator[str]:
    clock = found.clock
    if clock.due_at is not None:
        yield f"  = due      {moment(clock.due_at, zone)}"
    else:
        yield f"  = used     {duration(found.counted)}; {duration(clock.left_s or 0)} left when it goes on"
    for name, at in (("yellow", clock.yellow_at), ("orange", clock.orange_at), ("red", clock.red_at)):
        if at is not None:
            yield f"    {name:<8} {moment(at, zone)}"
    if clock.stopped_at is not None:
        how = " by resolving the ticket" if clock.skipped else " by a status word" if clock.by_status else ""
        yield f"  stopped    {moment(clock.stopped_at, zone)}{how}, {duration(clock.elapsed_s or 0)} used"
    if clock.cause:
        yield f"  late by a {clock.cause}: the promise changed, not the work"
    if found.drift_s is not None and clock.source_due is not None:
        yield f"  the source says due {moment(clock.source_due, zone)}: {duration(abs(found.drift_s))} apart from ours"


def _verdict_lines(found: Explanation, zone: ZoneInfo) -> Iterator[str]:
    for verdict in found.verdicts:
        mark = "a response" if verdict.is_response else "no response"
        who = clean(verdict.event.actor or "somebody")
        yield f"  message    {moment(verdict.event.at, zone)} by {who}: {mark}, {verdict.why}"
        for link in verdict.chain[1:]:
            actor = f"{link.actor_kind.value} {clean(link.actor or '')}".rstrip()
            yield f"    caused by {link.kind.value} of {actor}, {moment(link.at, zone)}"


def _state(clock: Clock, now: int) -> str:
    return f"{clock.state.value}, {clock.zone(now).value}"


def _promise(change: Retarget) -> str:
    if change.target_s is None:
        return "nothing is promised"
    return f"{duration(change.target_s)} by {clean(change.policy or '')}"


def duration(seconds: int) -> str:
    """`1:02:03` hours, minutes and seconds of business time; never days (rule 16)."""
    sign = "-" if seconds < 0 else ""
    whole = abs(seconds)
    return f"{sign}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def moment(at: int, zone: ZoneInfo) -> str:
    """`Mon 2026-01-05 09:00:00 +01:00` in `zone`; the offset tells the two same hours of an autumn night apart."""
    here = datetime.fromtimestamp(at, UTC).astimezone(zone)
    offset = here.strftime("%z")
    return f"{here:%a %Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:]}"


def _day(at: int, zone: ZoneInfo) -> object:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).date()


def _clock(at: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at, UTC).astimezone(zone):%H:%M:%S}"


def facts(found: Explanation) -> dict[str, object]:
    """The explanation for machines: instants in epoch seconds, spans in business seconds."""
    clock = found.clock
    return {
        "ticket": found.ticket,
        "bucket": clock.bucket.value,
        "cycle": clock.cycle,
        "state": clock.state.value,
        "policy": clock.policy,
        "policy_version": clock.policy_version,
        "calendar": clock.calendar,
        "timezone": found.timezone,
        "target_s": clock.target_s,
        "started_at": clock.started_at,
        "steps": [
            {"kind": s.kind, "from": s.begin, "to": s.end, "seconds": s.seconds, "note": s.note} for s in found.steps
        ],
        "counted_s": found.counted,
        "due_at": clock.due_at,
        "yellow_at": clock.yellow_at,
        "orange_at": clock.orange_at,
        "red_at": clock.red_at,
        "stopped_at": clock.stopped_at,
        "elapsed_s": clock.elapsed_s,
        "left_s": clock.left_s,
        "met": clock.met,
        "skipped": clock.skipped,
        "by_status": clock.by_status,
        "cause": clock.cause,
        "source_due": clock.source_due,
        "drift_s": found.drift_s,
        "retargets": [
            {"at": r.at, "what": r.what, "policy": r.policy, "target_s": r.target_s} for r in found.retargets
        ],
        "messages": [_message(verdict) for verdict in found.verdicts],
    }  # fmt: skip


def _message(verdict: Verdict) -> dict[str, object]:
    event = verdict.event
    return {
        "at": event.at,
        "actor": event.actor,
        "actor_kind": event.actor_kind.value,
        "response": verdict.is_response,
        "why": verdict.why,
        "chain": [
            {"kind": link.kind.value, "actor": link.actor, "actor_kind": link.actor_kind.value, "at": link.at}
            for link in verdict.chain[1:]
        ],
    }
