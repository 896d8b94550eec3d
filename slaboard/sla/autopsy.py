"""Where a clock's time went, part by part: the parts are disjoint and sum to its wall time, to the second."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from operator import attrgetter, itemgetter
from zoneinfo import ZoneInfo

from msgspec import Struct

from slaboard.sla.calendar import BusinessCalendar
from slaboard.sla.edges import Wait
from slaboard.sla.hands import Course, Hand, Part, course
from slaboard.sla.hours import duration, moment
from slaboard.sla.policy import PolicySet
from slaboard.text import clean
from slaboard.ticket import Bucket, Clock, Event, Zone

COUNTED = (Part.UNSEEN, Part.UNCLAIMED, Part.IDLE, Part.WORKED)
"""What uses the budget up; the others stand beside it."""


class Stretch(Struct, frozen=True):
    """One stretch of real time in one hand: `seconds` of it were in opening hours and are its part's."""

    part: Part
    who: str | None
    """Who held it or worked on it; of a wait, whom it was for; None for nobody, or nobody named."""
    begin: int
    end: int
    seconds: int


class Share(Struct, frozen=True):
    """All that went to one part in one pair of hands, in seconds."""

    part: Part
    who: str | None
    seconds: int


class Autopsy(Struct, frozen=True):
    """One clock from `begin` to `end`, taken apart. Source: docs/history.md."""

    ticket: str
    clock: Clock
    timezone: str
    begin: int
    end: int
    stretches: tuple[Stretch, ...]
    shares: tuple[Share, ...]
    """In the order of the parts; within one the longest first."""

    @property
    def wall_s(self) -> int:
        """Seconds from its begin to its end: the sum of all shares."""
        return self.end - self.begin

    @property
    def counted_s(self) -> int:
        """Business seconds that count against the target: the clock's own `elapsed_s` when it has one."""
        return sum(share.seconds for share in self.shares if share.part in COUNTED)

    def seconds(self, part: Part) -> int:
        """All of one part."""
        return sum(share.seconds for share in self.shares if share.part is part)


def autopsy(
    ticket: str, clock: Clock, calendar: BusinessCalendar, events: Iterable[Event], policies: PolicySet, now: int,
    *, whole: Course | None = None,
) -> Autopsy:  # fmt: skip
    """`clock` taken apart, up to when it stopped, else to `now`; `policies` are those that judged it.

    `whole` is the ticket's course under them, where it is known: 1,500 clocks of a ticket have one.
    """
    begin = clock.started_at
    end = clock.stopped_at if clock.stopped_at is not None else max(begin, now)
    found = whole if whole is not None else course(ticket, events, policies)
    stretches = tuple(_stretches(clock, calendar, found, begin, end))
    shares: dict[tuple[Part, str | None], int] = {}
    for stretch in stretches:
        shares[stretch.part, stretch.who] = shares.get((stretch.part, stretch.who), 0) + stretch.seconds
    closed = end - begin - sum(shares.values())
    if closed:
        shares[Part.OUTSIDE, clock.calendar] = closed
    order = list(Part)
    told = sorted((Share(*key, s) for key, s in shares.items() if s), key=lambda s: (order.index(s.part), -s.seconds))
    return Autopsy(ticket, clock, calendar.timezone, begin, end, stretches, tuple(told))


def _stretches(
    clock: Clock, calendar: BusinessCalendar, found: Course, begin: int, end: int
) -> Iterator[Stretch]:  # fmt: skip
    """From cut to cut, those that go on in the same hands as one."""
    open_: Stretch | None = None
    for first, last in pairwise(_cuts(clock.waits, found, begin, end)):
        part, who = _whose(clock.waits, found, first)
        seconds = calendar.elapsed_s(first, last)
        if open_ is not None and (open_.part, open_.who) == (part, who):
            open_ = Stretch(part, who, open_.begin, last, open_.seconds + seconds)
            continue
        if open_ is not None:
            yield open_
        open_ = Stretch(part, who, first, last, seconds)
    if open_ is not None:
        yield open_


def _cuts(waits: Iterable[Wait], found: Course, begin: int, end: int) -> list[int]:
    edges = {at for span in (*waits, *found.gaps) for at in span if at is not None and begin < at < end}
    first = bisect_right(found.hands, begin, key=attrgetter("at"))
    for hand in islice(found.hands, first, None):
        if hand.at >= end:
            break
        edges.add(hand.at)
    return sorted({begin, end, *edges})


def _whose(waits: Sequence[Wait], found: Course, at: int) -> tuple[Part, str | None]:
    """Whose the time from `at` on is, in opening hours."""
    place = bisect_right(found.hands, at, key=attrgetter("at"))
    hand = found.hands[place - 1] if place else Hand(at, Part.UNSEEN, None)
    if not _within(waits, at):
        return hand.part, hand.who
    if _within(found.gaps, at):
        return Part.ENDED, None
    return Part.WAITING, hand.reason


def _within(spans: Sequence[Wait], at: int) -> bool:
    """Whether `at` lies in one of `spans`, which come in order: neither their begins nor their ends go back."""
    place = bisect_right(spans, at, key=itemgetter(0))
    if not place:
        return False
    end = spans[place - 1][1]
    return end is None or at < end


def is_breached(clock: Clock, now: int) -> bool:
    """Whether the clock missed its target, or would if it stopped at `now`."""
    return clock.met is False or (clock.is_live and clock.zone(now) is Zone.RED)


# --- in words ---------------------------------------------------------------------------------------------------

NAMES = {
    Part.UNSEEN: "unseen",
    Part.UNCLAIMED: "unclaimed",
    Part.IDLE: "claimed but idle",
    Part.WORKED: "worked",
    Part.WAITING: "waiting",
    Part.ENDED: "resolved",
    Part.OUTSIDE: "outside hours",
}
BUCKETS = {bucket: bucket.value.replace("_", " ").capitalize() for bucket in Bucket}


def lines(found: Autopsy) -> list[str]:
    """The autopsy as lines of text within 80 columns, times in the calendar's own zone."""
    clock, zone = found.clock, ZoneInfo(found.timezone)
    told = [f"{clean(found.ticket)}  {BUCKETS[clock.bucket]}  {_verdict(found)}"]
    told.append(
        f"  {moment(found.begin, zone)} to {'' if clock.stopped_at is not None else 'now, '}{moment(found.end, zone)}"
    )
    told += [_line(share, clock.target_s) for share in found.shares if share.part in COUNTED]
    told.append(f"  = {'counted':<17}{duration(found.counted_s):>9}{_percent(found.counted_s, clock.target_s)}")
    beside = [share for share in found.shares if share.part not in COUNTED]
    told += [_line(share, None) for share in beside]
    told.append(f"  = {'elapsed':<17}{duration(found.wall_s):>9}")
    return told


def _verdict(found: Autopsy) -> str:
    clock, over = found.clock, found.counted_s - found.clock.target_s
    state = "missed" if clock.met is False else "met" if clock.met else clock.state.value
    rest = f", {duration(over)} too much" if over > 0 else ""
    return f"{state}: {duration(found.counted_s)} of {duration(clock.target_s)}{rest}"


def _line(share: Share, target: int | None) -> str:
    percent = " " * 7 if target is None else _percent(share.seconds, target)
    return f"    {NAMES[share.part]:<17}{duration(share.seconds):>9}{percent}  {_holder(share)}".rstrip()


def _percent(seconds: int, target: int) -> str:
    """`   12 %` of the target in seven cells, whole percents, `  127 x` from 10,000 % on; blank of a target of 0."""
    if not target:
        return " " * 7
    percent = seconds * 100 // target
    return f"{percent:>5} %" if percent < 10_000 else f"{percent // 100:>5} x"


def _holder(share: Share) -> str:
    if share.who:
        return clean(share.who, limit=40)
    return {Part.UNSEEN: "nobody", Part.UNCLAIMED: "nobody", Part.ENDED: ""}.get(share.part, "not named")


def spent(found: Autopsy) -> list[str]:
    """The autopsy in a few lines of an explanation: `  spent      1:00:00 claimed, idle (ana)`."""
    return [
        f"  {'spent' if share.part in COUNTED else '  beside':<10} {duration(share.seconds):>10} {NAMES[share.part]}"
        + (f" ({clean(share.who, limit=40)})" if share.who else "")
        for share in found.shares
    ]


def facts(found: Autopsy) -> dict[str, object]:
    """The autopsy for machines: instants in epoch seconds, spans in seconds."""
    clock = found.clock
    return {
        "ticket": found.ticket,
        "bucket": clock.bucket.value,
        "cycle": clock.cycle,
        "state": clock.state.value,
        "met": clock.met,
        "policy": clock.policy,
        "policy_version": clock.policy_version,
        "calendar": clock.calendar,
        "target_s": clock.target_s,
        "begin_at": found.begin,
        "end_at": found.end,
        "counted_s": found.counted_s,
        "elapsed_wall_s": found.wall_s,
        "parts": [{"part": s.part.value, "who": s.who, "seconds": s.seconds} for s in found.shares],
        "stretches": [
            {"part": s.part.value, "who": s.who, "from": s.begin, "to": s.end, "seconds": s.seconds}
            for s in found.stretches
        ],
    }
