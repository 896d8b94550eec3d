"""An explanation in words, for people, and in facts, for machines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from slaboard.sla.autopsy import BUCKETS
from slaboard.sla.explain import Edge, Explanation, Promise, Step
from slaboard.sla.hours import day_text, duration, moment, offset, week_text
from slaboard.sla.spans import EPOCH_ORDINAL, Spans
from slaboard.sla.verdict import Verdict, named
from slaboard.text import clean
from slaboard.ticket import Bucket, Event

LISTED = 40
"""Days with other hours, and events that did not count, that are told of one clock."""
_NOT_COUNTED = {
    "wait": "not counted: waited",
    "resolved": "not counted: it was resolved",
    "grace": "not counted: the grace after the reopen",
}


class _Clock:
    """The calendar's wall clock, and beside it the reader's where that shows another time."""

    def __init__(self, zone: str, reader: str | None) -> None:
        self.zone, self.reader = ZoneInfo(zone), ZoneInfo(reader) if reader else None

    def shows(self, at: int) -> str:
        """`Mon 2026-01-05 09:00:00 +01:00 (Mon 03:00:00)`."""
        text = moment(at, self.zone)
        if self.reader is None or not self.is_other(at):
            return text
        here = moment(at, self.reader)
        return f"{text} ({here[:3]} {here[15:23]})"

    def is_other(self, *instants: int) -> bool:
        """Whether the reader's clock shows another time than the calendar's at any of `instants`."""
        reader = self.reader
        return reader is not None and any(offset(at, reader) != offset(at, self.zone) for at in instants)

    def stretch(self, step: Step) -> str:
        """`Mon 2026-01-05 09:00:00 +01:00 to 12:30:00`, with the date where it ends on another one."""
        begin, end = moment(step.begin, self.zone), moment(step.end, self.zone)
        return f"{begin} to {end[15:23] if begin[:14] == end[:14] and begin[24:] == end[24:] else end}"

    def skips(self, step: Step) -> str:
        """Of a stretch over a change of the clocks, by how much they go forward or back."""
        first, last = (datetime.fromtimestamp(at, UTC).astimezone(self.zone) for at in (step.begin, step.end))
        moved = (last.replace(tzinfo=UTC) - first.replace(tzinfo=UTC)).total_seconds() - (step.end - step.begin)
        if not moved or last.date().toordinal() - first.date().toordinal() > 1:
            return ""
        return f", the clocks go {'forward' if moved > 0 else 'back'} {duration(abs(int(moved)))}"


def lines(found: Explanation, reader: str | None = None, *, after: Explanation | None = None) -> list[str]:
    """The explanation as lines of text: times in the calendar's own zone, and in `reader`'s where that is another.

    What was told of the calendar and the version `after` another explanation is not told again.
    """
    clock, shown = found.clock, _Clock(found.timezone, reader)
    told = [f"{clean(found.ticket)}  {_name(found)}  {_state(found)}"]
    told += _promised(found)
    if after is None or (after.opening, after.version) != (found.opening, found.version):
        told += _ground(found, shown)
    told += _start(found, shown)
    total = 0
    for step in found.steps:
        counts = step.kind == "open"
        total += step.seconds if counts else 0
        note = f"sum {duration(total)}" if counts else _NOT_COUNTED[step.kind]
        note += f", {step.note}" if counts and step.note else f" {step.note}" if step.note else ""
        label = {"open": "+ open", "wait": "  wait", "resolved": "  ended", "grace": "  grace"}[step.kind]
        told.append(
            f"  {label:<10} {shown.stretch(step):<50} {duration(step.seconds):>10}  {note}{shown.skips(step)}".rstrip()
        )
    told += _end(found, shown)
    if clock.bucket is Bucket.RESPONSE:
        told += [line for verdict in found.verdicts for line in _verdict(verdict, shown)]
    told += _listed(
        [f"  left out   {moment(event.at, shown.zone)} {named(event)}: {why}" for event, why in found.left_out]
    )
    return told


def _name(found: Explanation) -> str:
    """`Update 2` of the second of several cycles."""
    name = BUCKETS[found.clock.bucket]
    return f"{name} {found.clock.cycle + 1}" if found.cycles > 1 else name


def _state(found: Explanation) -> str:
    return f"{found.state.value.replace('_', ' ')}, {found.clock.zone(found.now).value}"


def _promised(found: Explanation) -> Iterator[str]:
    clock = found.clock
    yield (
        f"  promised   {duration(clock.target_s)} by policy {clean(clock.policy)} (version {clock.policy_version}), "
        f"calendar {clean(clock.calendar)}"
    )


def _ground(found: Explanation, shown: _Clock) -> Iterator[str]:
    """What all clocks of a calendar and a version stand on."""
    if found.version is not None:
        number, applied = found.version.number, shown.shows(found.version.applied_at)
        yield f"  version    {number}, applied {applied} by {clean(found.version.author, limit=60)}"
    yield f"  hours      {'around the clock' if found.opening.is_always else week_text(found.opening)}"
    clock = found.clock
    if shown.is_other(clock.started_at, clock.due_at or found.now, found.now):
        yield f"  times      {found.timezone}, the calendar's zone; in brackets {shown.reader}, yours"
    else:
        yield f"  times      {found.timezone}, the calendar's zone"


def _start(found: Explanation, shown: _Clock) -> Iterator[str]:
    yield from _listed([f"    {'closed' if not spans else 'hours':<8} {_day(day, spans, why)}"
                        for day, spans, why in found.days])  # fmt: skip
    why = f", {named(found.started_by)}" if found.started_by is not None else ""
    yield f"  start      {shown.shows(found.clock.started_at)}{why}"
    for change in found.retargets:
        yield (
            f"    changed  {moment(change.at, shown.zone)}: {change.what}: "
            f"{_promise(change.before)}, from then on {_promise(change.after)}"
        )


def _day(day: int, spans: Spans, why: str) -> str:
    text = f"{date.fromordinal(day + EPOCH_ORDINAL):%a %Y-%m-%d}: "
    return text + (day_text(spans) if spans else why)


def _promise(promise: Promise) -> str:
    if promise.target_s is None:
        return "nothing promised"
    return f"{duration(promise.target_s)} by {clean(promise.policy or '')} ({clean(promise.calendar or '')})"


def _end(found: Explanation, shown: _Clock) -> Iterator[str]:
    clock = found.clock
    if clock.due_at is not None:
        yield f"  = due      {shown.shows(clock.due_at)}"
    elif found.waits_since is not None:
        since, what = found.waits_since
        yield f"  = used     {duration(found.counted)}"
        yield f"    waits    since {shown.shows(since)} {what}".rstrip()
    for edge in found.edges:
        at = f"{shown.shows(edge.at)}, " if edge.at is not None else ""
        yield f"    {edge.zone.value:<8} {at}{_edge(edge, clock.target_s)}"
    yield from _outcome(found, shown)
    if clock.cause:
        yield f"  late by a {clock.cause}: the promise changed, not the work"
    if found.drift_s is not None and clock.source_due is not None:
        apart = f"{duration(abs(found.drift_s))} {'before' if found.drift_s > 0 else 'after'} ours"
        yield f"  source     says due {shown.shows(clock.source_due)}, {apart}"


def _edge(edge: Edge, target: int) -> str:
    if edge.by == "due":
        return "first open second past due"
    used = f"{duration(edge.used_s)} used"
    if edge.by == "share":
        return f"{used}: {(edge.share or 0) * 100:.8g} %"
    if edge.by == "floor":
        return f"{used}: {duration(target - edge.used_s)} left"
    return f"{used}: no later than orange"


def _outcome(found: Explanation, shown: _Clock) -> Iterator[str]:
    clock = found.clock
    if clock.stopped_at is None:
        left = f"{duration(found.left_s)} left" if found.left_s >= 0 else f"{duration(-found.left_s)} too much"
        used = duration(clock.target_s - found.left_s)
        yield f"  now        {shown.shows(found.now)}: {used} used, {left}"
        return
    by = f" by {named(found.stopped_by)}" if found.stopped_by is not None else ""
    how = ", which ended the ticket" if clock.skipped else ", as response_by_status says" if clock.by_status else ""
    yield f"  stopped    {shown.shows(clock.stopped_at)}{by}{how}"
    judged = _judged(clock.met, clock.elapsed_s or 0, clock.target_s)
    yield f"  judged     {judged}, under version {clock.policy_version}"
    for one in found.judged_before:
        said = f"{_judged(one.met, one.elapsed_s, one.target_s)}, under version {one.version}"
        yield f"    before   {said}; stopped {moment(one.stopped_at, shown.zone)}; judged anew: {clean(one.why)}"


def _judged(met: bool | None, used: int, target: int) -> str:
    return f"{'met' if met else 'missed'}: {duration(used)} used of {duration(target)}"


def _verdict(verdict: Verdict, shown: _Clock) -> Iterator[str]:
    mark = "a response" if verdict.is_response else "no response"
    who = clean(verdict.event.actor, limit=60) if verdict.event.actor else "somebody"
    yield f"  message    {moment(verdict.event.at, shown.zone)} by {who}: {mark}, {verdict.why}"
    for link in verdict.chain[1:]:
        yield f"    cause    {moment(link.at, shown.zone)} {named(link)}"


def _listed(told: list[str]) -> list[str]:
    """No more than `LISTED` lines of a kind."""
    return told if len(told) <= LISTED else [*told[:LISTED], f"    ... {len(told) - LISTED} more like this"]


# --- for machines -----------------------------------------------------------------------------------------------


def facts(found: Explanation) -> dict[str, object]:
    """The explanation for machines: instants in epoch seconds, spans in business seconds. Source: docs/explain.md."""
    return {**_ground_facts(found), **_sum_facts(found), **_end_facts(found)}


def _ground_facts(found: Explanation) -> dict[str, object]:
    """Which clock it is, and what it stands on."""
    clock = found.clock
    return {
        "ticket": found.ticket,
        "bucket": clock.bucket.value,
        "cycle": clock.cycle,
        "state": found.state.value,
        "zone": clock.zone(found.now).value,
        "policy": clock.policy,
        "policy_version": clock.policy_version,
        "policy_applied_at": found.version.applied_at if found.version is not None else None,
        "policy_author": found.version.author if found.version is not None else None,
        "calendar": clock.calendar,
        "timezone": found.timezone,
        "hours": "24x7" if found.opening.is_always else week_text(found.opening),
        "days": [
            {"date": date.fromordinal(day + EPOCH_ORDINAL).isoformat(), "hours": day_text(spans), "why": why}
            for day, spans, why in found.days
        ],
    }


def _sum_facts(found: Explanation) -> dict[str, object]:
    clock = found.clock
    return {
        "target_s": clock.target_s,
        "started_at": clock.started_at,
        "started_by": _event(found.started_by),
        "retargets": [
            {"at": r.at, "what": r.what, "before": _facts_of(r.before), "after": _facts_of(r.after)}
            for r in found.retargets
        ],
        "steps": [
            {"kind": s.kind, "from": s.begin, "to": s.end, "seconds": s.seconds, "note": s.note} for s in found.steps
        ],
        "counted_s": found.counted,
        "due_at": clock.due_at,
        "edges": [
            {"zone": e.zone.value, "at": e.at, "used_s": e.used_s, "by": e.by, "share": e.share, "floor_s": e.floor_s}
            for e in found.edges
        ],
        "waiting_since_at": found.waits_since[0] if found.waits_since is not None else None,
    }


def _end_facts(found: Explanation) -> dict[str, object]:
    clock = found.clock
    return {
        "stopped_at": clock.stopped_at,
        "stopped_by": _event(found.stopped_by),
        "elapsed_s": clock.target_s - found.left_s,
        "left_s": found.left_s,
        "met": clock.met,
        "skipped": clock.skipped,
        "by_status": clock.by_status,
        "cause": clock.cause,
        "source_due_at": clock.source_due,
        "drift_s": found.drift_s,
        "judged_before": [
            {"policy_version": j.version, "met": j.met, "elapsed_s": j.elapsed_s, "target_s": j.target_s,
             "stopped_at": j.stopped_at, "why": j.why} for j in found.judged_before
        ],
        "messages": [_message(verdict) for verdict in found.verdicts],
        "left_out": [{**(_event(event) or {}), "why": why} for event, why in found.left_out],
    }  # fmt: skip


def _facts_of(promise: Promise) -> dict[str, object]:
    return {"policy": promise.policy, "calendar": promise.calendar, "target_s": promise.target_s}


def _event(event: Event | None) -> dict[str, object] | None:
    if event is None:
        return None
    return {"kind": event.kind.value, "actor": event.actor, "actor_kind": event.actor_kind.value, "at": event.at}


def _message(verdict: Verdict) -> dict[str, object]:
    event = verdict.event
    return {
        "at": event.at,
        "actor": event.actor,
        "actor_kind": event.actor_kind.value,
        "response": verdict.is_response,
        "why": verdict.why,
        "chain": [_event(link) for link in verdict.chain[1:]],
    }
