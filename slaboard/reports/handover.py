"""The hand-over of a shift: what turns before the next one opens, who holds it, and what waits on whom. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, overload

from msgspec import Struct, field
from msgspec.structs import replace

from slaboard.sla.calendar import BusinessCalendar, CalendarError
from slaboard.sla.hands import Hand, Part, course
from slaboard.sla.order import ordered
from slaboard.sla.policy import PolicySet
from slaboard.ticket import Clock, ClockState, Event, Kind, Stage, Ticket

T = TypeVar("T")
SLACK = 8
"""So many times what is kept comes in before the rest is let go."""
WITHOUT_HOURS_S = 8 * 3_600
"""How far one looks ahead where nobody ever closes: a shift."""


class Turn(Struct, frozen=True):
    """One clock that turns orange or red; None is not before the next shift."""

    ticket: Ticket
    clock: Clock
    orange_at: int | None
    red_at: int | None

    @property
    def first_at(self) -> int:
        """When it turns for the first time."""
        return min(at for at in (self.orange_at, self.red_at) if at is not None)


class Wait(Struct, frozen=True):
    """One ticket that waits, since when and for whom."""

    ticket: Ticket
    reason: str | None
    since: int


class Held(Struct, frozen=True):
    """One ticket that somebody holds and has not worked on, since they got it or since it waited."""

    ticket: Ticket
    since: int


class Taken(Struct, frozen=True):
    """One ticket that went from one person to another."""

    ticket: Ticket
    at: int
    before: str | None
    after: str | None


class Told(Sequence[T]):
    """What there is to tell of one kind, in the order of its instants; `total` of it, and all or the first `most` kept.

    Of a million tickets that are open nearly each is told: kept whole they took 440 MB, for fifteen lines a kind.
    """

    def __init__(self, order: Callable[[T], tuple[int, str]], most: int | None = None) -> None:
        self.total = 0
        self._order, self._most = order, most
        self._kept: list[T] = []

    def add(self, one: T) -> None:
        """Take one in."""
        self.total += 1
        self._kept.append(one)
        if self._most is not None and len(self._kept) >= SLACK * self._most:
            self.sort()

    def sort(self) -> None:
        """Put those that are kept in order."""
        self._kept.sort(key=self._order)
        if self._most is not None:
            del self._kept[self._most :]

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: int | slice) -> T | list[T]:
        return self._kept[at]


class Handover(Struct):
    """Everything that the next shift must know at `until`, told at `now`."""

    now: int
    until: int
    day_began: int
    """From when on takeovers are of today."""
    red: int = 0
    """How many tickets are red already, and how many orange."""
    orange: int = 0
    most: int | None = None
    """So many of each kind are kept; None for all."""
    holders: Counter[str | None] = field(default_factory=Counter)
    """Whose the clocks are that turn, and how many."""
    turns: Told[Turn] = field(default_factory=lambda: Told(_turning))
    waits: Told[Wait] = field(default_factory=lambda: Told(_since_when))
    held: Told[Held] = field(default_factory=lambda: Told(_since_when))
    taken: Told[Taken] = field(default_factory=lambda: Told(_taken_at))

    def __post_init__(self) -> None:
        """Keep no more than is wanted."""
        if self.most is not None:
            self.turns, self.taken = Told(_turning, self.most), Told(_taken_at, self.most)
            self.waits, self.held = Told(_since_when, self.most), Told(_since_when, self.most)

    def add(self, ticket: Ticket, events: Sequence[Event], policies: PolicySet) -> None:
        """Take in one ticket with its history, whatever there is to say of it; without the clocks that do not turn."""
        told = replace(ticket, clocks=())  # which are three quarters of it, and most tickets of a large desk are told
        if ticket.stage.is_open:
            for turn in _turns(ticket, self.now, self.until):
                self.turns.add(replace(turn, ticket=told))
                self.holders[ticket.owner] += 1
            if ticket.stage is Stage.WAITING or ticket.owner is not None:
                self._stands(told, course(ticket.id, events, policies).hands)
        for taken in _taken(told, ordered(events, policies), self.day_began):
            self.taken.add(taken)

    def _stands(self, ticket: Ticket, hands: Sequence[Hand]) -> None:
        if not hands:
            return
        last = hands[-1]
        if ticket.stage is Stage.WAITING:
            self.waits.add(Wait(ticket, last.reason, _since(hands, [hand.is_waiting for hand in hands])))
        elif last.part is Part.IDLE:
            alike = [(hand.part, hand.who, hand.is_waiting) == (Part.IDLE, last.who, False) for hand in hands]
            self.held.add(Held(ticket, _since(hands, alike)))

    def sort(self) -> None:
        """Put every list in order; once all is in."""
        for told in (self.turns, self.waits, self.held, self.taken):
            told.sort()


def _turning(turn: Turn) -> tuple[int, str]:
    return turn.first_at, turn.ticket.id


def _since_when(one: Wait | Held) -> tuple[int, str]:
    return one.since, one.ticket.id


def _taken_at(taken: Taken) -> tuple[int, str]:
    return taken.at, taken.ticket.id


def _since(hands: Sequence[Hand], alike: Sequence[bool]) -> int:
    """When the last run of hands that are alike began."""
    place = len(hands) - 1
    while place and alike[place - 1]:
        place -= 1
    return hands[place].at


def _turns(ticket: Ticket, now: int, until: int) -> Iterator[Turn]:
    """The running clocks that turn orange or red in (now, until]."""
    for clock in ticket.clocks:
        if clock.state is not ClockState.RUNNING:
            continue
        edges = (clock.orange_at if clock.orange_at != clock.red_at else None, clock.red_at)
        orange, red = (at if at is not None and now < at <= until else None for at in edges)
        if orange is not None or red is not None:
            yield Turn(ticket, clock, orange, red)


def _taken(ticket: Ticket, events: Iterable[Event], since: int) -> Iterator[Taken]:
    owner: str | None = None
    for event in events:
        new = event.owner or event.actor if event.kind in (Kind.CLAIM, Kind.TAKEOVER) else owner
        if event.kind is Kind.CREATED:
            new = event.owner
        elif event.kind is Kind.RELEASE:
            new = None
        if event.kind is Kind.TAKEOVER and event.at >= since:
            yield Taken(ticket, event.at, owner, new)
        owner = new


def next_shift(calendar: BusinessCalendar | None, now: int, day_began: int) -> int | None:
    """When the next shift opens: the next opening that is not only the end of a break; None where nobody ever closes.

    `day_began` is the midnight before `now`: an opening behind a break of today is no new shift.
    """
    if calendar is None or calendar.is_always:
        return None
    try:
        opens = calendar.next_open_s(now) if not calendar.is_open_s(now) else _after(calendar, now)
        has_worked = calendar.elapsed_s(day_began, now) > 0
        while has_worked and opens is not None and opens < day_began + 86_400:
            opens = _after(calendar, opens)
        return opens
    except CalendarError:
        return None


def _after(calendar: BusinessCalendar, at: int) -> int | None:
    """The next opening after the close of the span that holds `at`."""
    closes = calendar.next_close_s(at)
    return None if closes is None else calendar.next_open_s(closes)


def facts(found: Handover) -> Mapping[str, object]:
    """The hand-over for machines, instants in epoch seconds under names that end in `_at`."""
    return {
        "now_at": found.now,
        "until_at": found.until,
        "red": found.red,
        "orange": found.orange,
        "turns": [
            {**_ticket(t.ticket), "bucket": t.clock.bucket.value, "orange_at": t.orange_at, "red_at": t.red_at}
            for t in found.turns
        ],
        "waiting": [{**_ticket(w.ticket), "reason": w.reason, "since_at": w.since} for w in found.waits],
        "held": [{**_ticket(h.ticket), "since_at": h.since} for h in found.held],
        "taken_over": [{**_ticket(t.ticket), "taken_at": t.at, "from": t.before, "to": t.after} for t in found.taken],
    }


def _ticket(ticket: Ticket) -> dict[str, object]:
    return {
        "ticket": ticket.id, "title": ticket.title, "customer": ticket.customer, "priority": ticket.priority,
        "owner": ticket.owner,
    }  # fmt: skip
