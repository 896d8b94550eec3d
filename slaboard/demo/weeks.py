"""The weeks before the demo's day, as busy as that: some tickets told in full, all others copies of those in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from slaboard.demo import cast, realday, story
from slaboard.demo.dice import Dice
from slaboard.demo.generate import MIDNIGHT, PIVOT, drafted, in_order
from slaboard.demo.story import HOUR, Draft
from slaboard.ticket import Event, Kind

SEED = 20260323
WEEKS = 5
FIRST_OF_DAY = 10_001
"""The number of the sample day's first ticket: those before it lead up to it."""
BY_THE_CLOCK = "Oxmere Dental"
"""The customer with office hours: what was counted for it in one hour is not so in another, so it has no copies."""
_ONE_OF = 60
"""Of so many tickets one is that customer's, a third of what it is on the day: each costs as much as ten copies."""
_KEY = frozenset({"Ivorydene Care", "Saltgrave Marine"})
"""Customers who were promised more than others."""
_CUSTOMERS = {
    is_key: {name: calls for name, calls in cast.CUSTOMERS.items() if name != BY_THE_CLOCK and (name in _KEY) is is_key}
    for is_key in (False, True)
}
_TOLD = {"P1": 40, "P2": 120, "P3": 360, "P4": 20}
"""Tickets told in full, by priority: they take 0.4 s of the second that the demo's store takes."""
_SLOW = 0.7
"""Half of those have more luck than that, half have less: it is the late ones that somebody reads one by one."""
_DAY = 24 * HOUR
_WORSE = 0.12
"""By how much longer things took at the beginning than they do now."""


class Copy(Struct, frozen=True):
    """A ticket that went as another one did, `later_s` seconds later (or sooner: below 0), for somebody else."""

    ticket: str
    told: str
    later_s: int
    customer: str
    """One who was promised the same."""
    title: str


class Past(Struct, frozen=True):
    """All that is over: the events of the tickets that are told, in order, and copies of them, in the order of time."""

    events: Sequence[Event]
    copies: Sequence[Copy]


class _Arrival(Struct):
    ticket: str
    at: int
    priority: str
    luck: float
    """0 is best, to 1."""


class _Told(Struct, frozen=True):
    draft: Draft
    events: list[Event]


def before(now: int, *, weeks: int = WEEKS, share: float = 1, seed: int = SEED) -> Past:
    """What happened in the `weeks` before the day of `now` (epoch seconds), with `share` of the real day's tickets.

    A day of it begins and ends when the sample day would, so that both are alike at any time of day; at weekends it is
    quiet, unless the demo is opened at one. The first week is a whole one. What would not be over by now is left out:
    the day brings its own leftovers.
    """
    dice = Dice(seed)
    arrivals = _arrivals(dice, now, weeks, share)
    own = {arrival.ticket for arrival in arrivals[_ONE_OF // 2 :: _ONE_OF]}
    told = {arrival.ticket: _tell(dice, arrival, BY_THE_CLOCK) for arrival in arrivals if arrival.ticket in own}
    others = [arrival for arrival in arrivals if arrival.ticket not in own]
    by_priority = {
        priority: _some(dice, (one for one in others if one.priority == priority), number)
        for priority, number in _TOLD.items()
    }
    told |= {one.draft.id: one for some in by_priority.values() for one in some}
    titles: dict[tuple[str, str], list[str]] = {}
    for draft in (one.draft for some in by_priority.values() for one in some):
        titles.setdefault((draft.priority, draft.skill), []).append(draft.title)
    copies = []
    for arrival in others:
        if arrival.ticket in told:
            continue
        some = by_priority[arrival.priority]
        model = some[min(len(some) - 1, int(_place(arrival.luck) * len(some)))]
        later_s = arrival.at - model.draft.at
        if model.events[-1].at + later_s < now:
            title = dice.pick(titles[arrival.priority, model.draft.skill])
            customer = dice.weighted(_CUSTOMERS[model.draft.customer in _KEY])
            copies.append(Copy(arrival.ticket, model.draft.id, later_s, customer, title))
    over = (one.events for one in told.values() if one.events[-1].at < now)
    return Past(in_order(event for events in over for event in events), copies)


def _arrivals(dice: Dice, now: int, weeks: int, share: float) -> list[_Arrival]:
    """When a ticket came in, of which priority and how well it was to go, in order."""
    moments: list[tuple[int, float]] = []
    for back in range(weeks * 7, 0, -1):
        age = back / (weeks * 7)
        midnight = MIDNIGHT + now - PIVOT - back * _DAY
        busy = share * (0.9 + 0.2 * dice.share()) * (realday.WEEKEND if _is_quiet(now, back) else 1)
        for hour, usual in enumerate(realday.ARRIVALS, realday.FIRST_HOUR):
            for _ in range(int(busy * usual + dice.share())):
                moments.append((midnight + hour * HOUR + dice.between(0, HOUR), age))
    monday = _monday_after(now - weeks * 7 * _DAY)
    moments = sorted((at, age) for at, age in moments if at >= monday)
    return [
        _Arrival(f"T-{number}", at, dice.weighted(realday.PRIORITY), min(0.999, dice.share() * (1 + _WORSE * age)))
        for number, (at, age) in enumerate(moments, FIRST_OF_DAY - len(moments))
    ]


def _monday_after(at: int) -> int:
    """The first midnight of a Monday since the day of `at`."""
    day = datetime.fromtimestamp(at, UTC)
    return at - at % _DAY + (7 - day.weekday()) % 7 * _DAY


def _is_quiet(now: int, back: int) -> bool:
    """Whether so many days ago was a day of a weekend, and none on which the demo is opened now."""
    today, then = (datetime.fromtimestamp(at, UTC).weekday() for at in (now, now - back * _DAY))
    return then >= 5 and then != today


def _some(dice: Dice, arrivals: Iterable[_Arrival], number: int) -> list[_Told]:
    """The first `number` told, one of each degree of luck, the best first; all of them over long ago."""
    found = [arrival for arrival, _ in zip(arrivals, range(number), strict=False)]
    for number, arrival in enumerate(found):
        share = (number + 0.5) / len(found)
        arrival.luck = 2 * share * _SLOW if share < 0.5 else 1 - 2 * (1 - share) * (1 - _SLOW)
    return [_tell(dice, arrival) for arrival in found]


def _place(luck: float) -> float:
    """Where among those told (0 to 1) the one with as much luck stands."""
    return luck / _SLOW / 2 if luck < _SLOW else 1 - (1 - luck) / (1 - _SLOW) / 2


def _tell(dice: Dice, arrival: _Arrival, customer: str = "") -> _Told:
    """One told in full: `customer`'s, else one of which there may be copies, for its customer stays the same."""
    number = int(arrival.ticket.removeprefix("T-"))
    while True:
        draft = replace(drafted(dice, arrival.at, arrival.priority, number), id=arrival.ticket)
        draft = replace(draft, customer=customer or draft.customer)
        events = story.tell(dice, draft, story.usual(dice, draft, arrival.luck))
        is_fixed = draft.customer != BY_THE_CLOCK and all(event.kind is not Kind.CUSTOMER for event in events)
        if customer or is_fixed:
            return _Told(draft, events)
