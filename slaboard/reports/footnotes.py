"""Footnotes to a figure: what one should know about how it came to be, never a score, no names by default. Pure.

What is told are facts from the record, which have good reasons as often as not. docs/history.md says when each is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from slaboard.board.verb import WAITS
from slaboard.sla.autopsy import BUCKETS, autopsy
from slaboard.sla.causes import is_deliberate
from slaboard.sla.edges import used_s
from slaboard.sla.hands import Hand, Part, course
from slaboard.sla.hours import duration
from slaboard.sla.order import ordered
from slaboard.sla.policy import PolicySet
from slaboard.text import clean
from slaboard.ticket import Bucket, Clock, Event, Kind

LAST_PERCENT = 5
"""A wait is told when it began with no more than so much of a target left."""
SOON_S = 600
"""A reopen is told when it came so soon after the resolution, in seconds of the clock on the wall."""
SAT_PERCENT = 25
"""Being held without recorded work is told from so much of the target on, at one go."""
SAT_S = 1_800
"""And from so many business seconds on: a quarter of a short target is nothing."""


_WORDS = frozenset({Kind.CREATED, Kind.STATUS})


class Sort(StrEnum):
    """What a footnote is about."""

    LATE_WAIT = "late_wait"
    QUICK_REOPEN = "quick_reopen"
    HELD_IDLE = "held_idle"


class Footnote(Struct, frozen=True):
    """One fact about one ticket."""

    ticket: str
    sort: Sort
    at: int
    text: str
    """The fact, without a name and without a full stop."""
    who: str | None
    """Whose act it was."""

    def sentence(self, *, names: bool = False) -> str:
        """The fact as a sentence, harmless on a terminal; `names` says whose act it was."""
        by = f" ({clean(self.who, limit=40)})" if names and self.who else ""
        return f"{clean(self.ticket)} {self.text}{by}."


def footnotes(
    ticket: str, clocks: Sequence[Clock], events: Sequence[Event], policy_of: Callable[[int], PolicySet], now: int
) -> tuple[Footnote, ...]:
    """What there is to tell of `ticket`, in the order of time; `policy_of` knows the versions that its clocks name."""
    if not clocks:
        return ()
    policies = policy_of(clocks[-1].policy_version)
    counted = ordered(events, policies)
    found = [*_held_idle(ticket, clocks, counted, policy_of, now)]
    if any(clock.waits for clock in clocks) or _may_be_reopened(counted, policies):
        hands = course(ticket, counted, policies).hands
        found += _late_waits(ticket, clocks, counted, hands, policy_of)
        found += _quick_reopens(ticket, counted, hands)
    return tuple(sorted(found, key=lambda note: note.at))


def _late_waits(
    ticket: str, clocks: Sequence[Clock], events: Sequence[Event], hands: Sequence[Hand],
    policy_of: Callable[[int], PolicySet],
) -> Iterator[Footnote]:  # fmt: skip
    """Waits that a person began with next to nothing left, each by the clock that had least."""
    for before, hand in pairwise(hands):
        actor = _actor(events, hand.at, Kind.STATUS)
        if before.is_waiting or not hand.is_waiting or actor is None:
            continue
        rests = [rest for clock in clocks if (rest := _rest(clock, hand.at, policy_of)) is not None]
        near = [(left, clock) for left, clock in rests if 0 <= left * 100 <= clock.target_s * LAST_PERCENT]
        if near:
            left, clock = min(near, key=lambda item: item[0])
            reason = f" for {hand.reason}" if hand.reason in WAITS else ""
            text = (
                f"was set to wait{reason} with {duration(left)} of {duration(clock.target_s)} left of "
                f"{BUCKETS[clock.bucket]}"
            )
            yield Footnote(ticket, Sort.LATE_WAIT, hand.at, text, actor.actor)


def _rest(clock: Clock, at: int, policy_of: Callable[[int], PolicySet]) -> tuple[int, Clock] | None:
    """The business seconds that a clock had left when it began to wait at `at`; None when it did not wait then."""
    if clock.bucket is Bucket.TOTAL_RESOLUTION or not clock.target_s or all(begin != at for begin, _ in clock.waits):
        return None
    calendar = policy_of(clock.policy_version).calendars[clock.calendar]
    earlier = tuple(wait for wait in clock.waits if wait[0] < at)
    return clock.target_s - used_s(calendar, clock.started_at, earlier, at), clock


def _may_be_reopened(events: Iterable[Event], policies: PolicySet) -> bool:
    """Whether an act that may open comes soon after one that may end: of most tickets no hands need be followed."""
    ended: int | None = None
    for event in events:
        stage = (event.stage or policies.stage_of(event.status)) if event.kind in _WORDS else None
        if event.kind in (Kind.RESOLVE, Kind.CLOSE) or (stage is not None and not stage.is_open):
            ended = event.at
        elif ended is not None and event.kind in (Kind.REOPEN, Kind.STATUS) and event.at - ended <= SOON_S:
            return True
    return False


def _quick_reopens(ticket: str, events: Sequence[Event], hands: Sequence[Hand]) -> Iterator[Footnote]:
    """Resolved, and reopened by a person of the team a few minutes later."""
    ended: int | None = None
    for before, hand in pairwise(hands):
        if hand.is_ended and not before.is_ended:
            ended = hand.at
        elif before.is_ended and not hand.is_ended and ended is not None and hand.at - ended <= SOON_S:
            actor = _actor(events, hand.at, Kind.REOPEN, Kind.STATUS)
            if actor is not None:
                text = f"was reopened {duration(hand.at - ended)} after it was resolved"
                yield Footnote(ticket, Sort.QUICK_REOPEN, hand.at, text, actor.actor)


def _held_idle(
    ticket: str, clocks: Sequence[Clock], events: Sequence[Event], policy_of: Callable[[int], PolicySet], now: int
) -> Iterator[Footnote]:
    """Held at one go for much of the target of Resolution, or of the longest where none is promised, without work."""
    named = [clock for clock in clocks if clock.bucket is Bucket.RESOLUTION] or [
        clock for clock in clocks if clock.bucket is not Bucket.TOTAL_RESOLUTION and not _resolves(clock, policy_of)
    ]
    if not named:
        return
    clock = max(named, key=lambda clock: clock.target_s)
    if clock.elapsed_s is not None and not _is_long(clock.elapsed_s, clock):
        return
    policies = policy_of(clock.policy_version)
    for stretch in autopsy(ticket, clock, policies.calendars[clock.calendar], events, policies, now).stretches:
        if stretch.part is Part.IDLE and _is_long(stretch.seconds, clock):
            text = (
                f"was held for {duration(stretch.seconds)} of business time without recorded work, of "
                f"{duration(clock.target_s)} for {BUCKETS[clock.bucket]}"
            )
            yield Footnote(ticket, Sort.HELD_IDLE, stretch.begin, text, stretch.who)


def _resolves(clock: Clock, policy_of: Callable[[int], PolicySet]) -> bool:
    """Whether the clock's policy promises a resolution, too: then that is where it is told."""
    policies = policy_of(clock.policy_version).policies
    return any(policy.name == clock.policy and Bucket.RESOLUTION in policy.targets for policy in policies)


def _is_long(seconds: int, clock: Clock) -> bool:
    return seconds >= SAT_S and seconds * 100 >= clock.target_s * SAT_PERCENT


def _actor(events: Iterable[Event], at: int, *kinds: Kind) -> Event | None:
    """The last act of a person of the team of one of `kinds` at that instant."""
    acts = [event for event in events if event.at == at and event.kind in kinds and is_deliberate(event)]
    return acts[-1] if acts else None
