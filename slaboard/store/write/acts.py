"""The rules of each verb: what event an act becomes, or the sentence with which it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import humanize

from slaboard.errors import Gone, Lost, Refused, UsageError
from slaboard.sla.clock import Replay
from slaboard.sla.edges import left_s
from slaboard.sla.order import ordered
from slaboard.sla.policy import PolicySet
from slaboard.store.base import Act
from slaboard.store.folding import Folded
from slaboard.text import clean
from slaboard.ticket import Bucket, Clock, Direction, Event, Kind, Stage, Zone

UNDO_S = 30
"""For how long one may take one's last act back."""
UNDOABLE = frozenset({Kind.CLAIM, Kind.RELEASE, Kind.TAKEOVER, Kind.ENGAGE, Kind.MESSAGE, Kind.STATUS, Kind.RESOLVE,
                      Kind.REOPEN, Kind.CLOSE, Kind.NOTE, Kind.PRIORITY, Kind.CUSTOMER, Kind.TITLE})  # fmt: skip
SETTABLE = {"priority": Kind.PRIORITY, "customer": Kind.CUSTOMER, "title": Kind.TITLE}


class Case:
    """What a rule looks at: the act, the ticket as its events leave it, and now."""

    def __init__(self, act: Act, found: Folded, events: Sequence[Event], now: int) -> None:
        self.act, self.fold, self.clocks, self.events, self.now = act, found.fold, found.clocks, events, now
        self.standing = found.fold.standing
        self.ticket, self.who = clean(act.ticket), clean(act.who)
        self.owner = self.standing.owner
        """Who had the ticket before the act."""

    @cached_property
    def counted(self) -> list[Event]:
        """The events that count, in their order: none that was undone."""
        return ordered(self.events, self.fold.policies)

    def event(self, kind: Kind, **values: Any) -> Event:
        """The act as an event, ordered behind everything else of its instant."""
        order = max((event.order + 1 for event in self.events if event.at == self.now), default=0)
        return Event(
            ticket=self.act.ticket, at=self.now, order=order, kind=kind, actor=self.act.who, via=self.act.via, **values
        )

    def ago(self, at: int | None) -> str:
        """`2 seconds ago`."""
        return "just now" if at is None or at >= self.now else f"{humanize.naturaldelta(self.now - at)} ago"

    def last(self, *kinds: Kind) -> Event | None:
        """The last event of one of `kinds` that counts."""
        return next((event for event in reversed(self.counted) if event.kind in kinds), None)


def check_person(who: str) -> None:
    """Refuses an empty name, a very long one, and one with control characters or bytes that are no text."""
    if not who.strip() or len(who) > 200 or clean(who) != who or "\ufffd" in who:
        raise UsageError("Say who acts: --as NAME, a plain name of at most 200 characters.")


def events_for(case: Case) -> list[Event]:
    """The events of an act, or Lost, Gone, Refused with the reason."""
    check_person(case.act.who)
    return _RULES[case.act.verb](case)


def _ended(case: Case) -> str | None:
    if case.standing.ended_at is None:
        return None
    last = case.last(Kind.RESOLVE, Kind.CLOSE, Kind.STATUS)
    by = f" by {clean(last.actor)}" if last is not None and last.actor else ""
    at = case.standing.ended_at if last is None else last.at
    return f"{case.ticket} was {case.standing.stage.value}{by} {case.ago(at)}"


def _must_be_open(case: Case) -> None:
    if ended := _ended(case):
        raise Refused(f"{ended}: {case.act.verb} makes no sense on it. Nothing changed; `reopen` opens it again.")


def lost(case: Case) -> Lost:
    """The sentence for whoever claims second: who was first, and when."""
    first = case.last(Kind.CLAIM, Kind.TAKEOVER)
    host = f" (from {clean(first.via)})" if first is not None and first.via else ""
    owner = clean(case.standing.owner or "")
    who = f"{owner} (that is you)" if owner == case.act.who else owner
    return Lost(f"{case.ticket} was taken by {who} {case.ago(case.standing.owned_at)}{host}. Nothing changed.")


def _claim(case: Case) -> list[Event]:
    if ended := _ended(case):
        raise Gone(f"{ended}. Nothing changed.")
    if case.standing.owner is not None:
        raise lost(case)
    zone = unclaimable(case.clocks, case.fold.policies, case.act, case.now)
    if zone is not None and not case.standing.is_waiting:
        names = ", ".join(z.value for z in Zone if z in case.fold.policies.claim_zones)
        raise Refused(
            f"{case.ticket} is {zone.value}; the policy lets people claim {names}. Nothing changed; "
            f"`slaboard claim {case.ticket} --any` claims it all the same."
        )
    return [case.event(Kind.CLAIM)]


def unclaimable(clocks: Iterable[Clock], policies: PolicySet, act: Act, now: int) -> Zone | None:
    """The worst zone of the live `clocks` when the policy lets nobody claim in it; a waiting ticket is in none."""
    zone = max((clock.zone(now) for clock in clocks if clock.is_live), key=lambda zone: zone.rank, default=None)
    return None if act.any_zone or zone in policies.claim_zones else zone


def _release(case: Case) -> list[Event]:
    _must_be_open(case)
    owner = case.standing.owner
    if owner is None:
        raise Refused(f"Nobody owns {case.ticket}, so there is nothing to release.")
    if owner != case.act.who:
        raise Refused(f"{case.ticket} is {clean(owner)}'s; only its owner may release it. `takeover` takes it over.")
    return [case.event(Kind.RELEASE, reason=case.act.text)]


def _takeover(case: Case) -> list[Event]:
    _must_be_open(case)
    owner = case.standing.owner
    if owner is None:
        raise Refused(f"Nobody owns {case.ticket}: claim it instead of taking it over.")
    if owner == case.act.who:
        raise Refused(f"{case.ticket} is {clean(owner)}'s already. Nothing changed.")
    return [case.event(Kind.TAKEOVER, reason=case.act.text)]


def _engage(case: Case) -> list[Event]:
    _must_be_open(case)
    if Bucket.RESPLAN not in case.standing.live and case.standing.rung == 2 and not case.standing.is_waiting:
        raise Refused(f"Somebody is working on {case.ticket} with the customer already. Nothing changed.")
    return [case.event(Kind.ENGAGE, skill=(case.act.changes or {}).get("skill"))]


def _respond(case: Case) -> list[Event]:
    if case.standing.closed and (ended := _ended(case)):
        raise Refused(f"{ended}: respond makes no sense on it. Nothing changed; `reopen` opens it again.")
    return [case.event(Kind.MESSAGE, direction=Direction.OUT, note=case.act.text)]


def _wait(case: Case) -> list[Event]:
    _must_be_open(case)
    if case.standing.is_waiting:
        raise Refused(f"{case.ticket} is waiting already: it was put there {case.ago(case.standing.waits[-1][0])}.")
    return [case.event(Kind.STATUS, stage=Stage.WAITING, reason=case.act.text or "customer")]


def _resume(case: Case) -> list[Event]:
    _must_be_open(case)
    if not case.standing.is_waiting:
        raise Refused(f"{case.ticket} is not waiting, so there is nothing to resume.")
    return [case.event(Kind.STATUS, stage=Stage.RESPOND)]


def _resolve(case: Case) -> list[Event]:
    _must_be_open(case)
    return [case.event(Kind.RESOLVE, note=case.act.text)]


def _reopen(case: Case) -> list[Event]:
    if case.standing.ended_at is None:
        raise Refused(f"{case.ticket} is open, so there is nothing to reopen.")
    return [case.event(Kind.REOPEN, reason=case.act.text)]


def _close(case: Case) -> list[Event]:
    if case.standing.closed and (ended := _ended(case)):
        raise Refused(f"{ended}. Nothing changed.")
    return [case.event(Kind.CLOSE, note=case.act.text)]


def _note(case: Case) -> list[Event]:
    if not (case.act.text or "").strip():
        raise UsageError("The note is empty: say what it is about.")
    return [case.event(Kind.NOTE, note=case.act.text)]


def _set(case: Case) -> list[Event]:
    changes = {name: value for name, value in (case.act.changes or {}).items() if name in SETTABLE}
    if not changes:
        raise UsageError("Say what to set: --priority, --customer or --title.")
    if case.standing.closed and (ended := _ended(case)):
        raise Refused(f"{ended}: it is not changed any more. `reopen` opens it again.")
    news = {name: value for name, value in changes.items() if (value or "") != getattr(case.standing, name)}
    if not news:
        raise Refused(f"{case.ticket} has that already. Nothing changed.")
    order = case.event(Kind.NOTE).order
    return [
        Event(ticket=case.act.ticket, at=case.now, order=order + i, kind=SETTABLE[name], actor=case.act.who,
              via=case.act.via, **{name: value or ""})  # type: ignore[arg-type]
        for i, (name, value) in enumerate(news.items())
    ]  # fmt: skip


def _undo(case: Case) -> list[Event]:
    mine = [e for e in case.events if e.actor == case.act.who and e.kind in UNDOABLE and case.act.seq in (None, e.seq)]
    if not mine:
        raise Refused(f"There is no act of {clean(case.act.who)} on {case.ticket} to undo.")
    target = next((event for event in reversed(mine) if event in case.counted), None)
    if target is None:
        raise Refused(f"That was undone already. {case.ticket} stays as it is.")
    if case.now - target.at > UNDO_S:
        raise Refused(f"That was {case.ago(target.at)}; an act can be undone for {UNDO_S} s. Nothing changed.")
    later = next((e for e in reversed(case.events) if e.seq > target.seq and e.actor != case.act.who), None)
    if later is not None:
        who = clean(later.actor or "somebody")
        raise Refused(f"{who} has acted on {case.ticket} since ({later.kind.value}). Nothing changed.")
    return [case.event(Kind.UNDO, caused_by=f"#{event.seq}") for event in _whole(target, case.counted)]


def _whole(target: Event, counted: Sequence[Event]) -> list[Event]:
    """The events of the act that `target` is of: one `set` may have changed several things."""
    if target.kind not in SETTABLE.values():
        return [target]
    return [e for e in counted if e.kind in SETTABLE.values() and (e.at, e.actor) == (target.at, target.actor)]


_RULES: Mapping[str, Callable[[Case], list[Event]]] = {
    "claim": _claim,
    "release": _release,
    "takeover": _takeover,
    "engage": _engage,
    "respond": _respond,
    "wait": _wait,
    "resume": _resume,
    "resolve": _resolve,
    "reopen": _reopen,
    "close": _close,
    "note": _note,
    "set": _set,
    "undo": _undo,
}
VERBS = tuple(_RULES)


def check_counted(made: Sequence[Event], after: Replay) -> None:
    """Refuses an act that the rules of the clock ignore, such as to engage without the skill that is asked for."""
    seqs = {event.seq for event in made}
    for event, reason in after.ignored:
        if event.seq in seqs:
            raise Refused(f"{reason[:1].upper()}{reason[1:]}. Nothing changed.")


def sentence(case: Case, after: Folded) -> str:
    """What an act did, for the outcome line: `T-1 is Ben's (3m17s before breach)`."""
    words = _WORDS[case.act.verb](case)
    place = after.fold.place(after.clocks) if case.act.verb in ("claim", "takeover") else None
    return words if place is None else words + until_breach(place, after.fold.policies, case.now)


def until_breach(place: Clock, policies: PolicySet, now: int) -> str:
    """` (3m17s before breach)`."""
    left = left_s(place, policies.calendars[place.calendar], now)
    return f" ({span(left)} before breach)" if left >= 0 else f" ({span(-left)} after breach)"


_WORDS: Mapping[str, Callable[[Case], str]] = {
    "claim": lambda case: f"{case.ticket} is {case.who}'s",
    "takeover": lambda case: f"{case.ticket} is {case.who}'s, taken over from {clean(case.owner or '')}",
    "release": lambda case: f"{case.ticket} is unclaimed again",
    "engage": lambda case: f"{case.who} works on {case.ticket} with the customer",
    "respond": lambda case: f"{case.ticket} is answered by {case.who}",
    "wait": lambda case: f"{case.ticket} waits for {clean(case.act.text or 'customer')}",
    "resume": lambda case: f"{case.ticket} is no longer waiting",
    "resolve": lambda case: f"{case.ticket} is resolved",
    "reopen": lambda case: f"{case.ticket} is open again",
    "close": lambda case: f"{case.ticket} is closed",
    "note": lambda case: f"noted on {case.ticket}",
    "set": lambda case: (
        f"{case.ticket} has "
        + ", ".join(f"{name} {clean(value or 'none')}" for name, value in (case.act.changes or {}).items())
    ),
    "undo": lambda case: f"undone on {case.ticket}",
}


def span(seconds: int) -> str:
    """`3m17s`, `2h05m`, `3d04h`: a stretch of business time in words."""
    if seconds < 3600:
        return f"{seconds // 60}m{seconds % 60:02}s"
    if seconds < 86_400:
        return f"{seconds // 3600}h{seconds // 60 % 60:02}m"
    return f"{seconds // 86_400}d{seconds // 3600 % 24:02}h"
