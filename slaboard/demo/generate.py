"""Busy days without end, drawn from the figures of a real one; `python -m slaboard.demo.generate` ships the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count, islice

import msgspec
from msgspec.structs import replace

from slaboard import resources
from slaboard.demo import cast, realday, story
from slaboard.demo.dice import Dice, choose, spread
from slaboard.demo.story import HOUR, MINUTE, Draft, Plan
from slaboard.text import json_line
from slaboard.ticket import Event

SEED = 20260420
MIDNIGHT = int(datetime(2026, 3, 18, tzinfo=UTC).timestamp())
"""The start of the sample day, a Wednesday, in epoch seconds."""
PIVOT = MIDNIGHT + 14 * HOUR + 41 * MINUTE
"""14:41, in the middle of the outage: the moment at which the demo opens."""
FILE = "busy_day.ndjson"

_DAY = 24 * HOUR
_SKIPPED_HOURS = 2
"""Later days begin at 08:00, right after 18:00 of the one before: nobody watches a demo to see nothing come in."""
_LEFTOVERS = 72
_OUTAGE_AT = 14 * HOUR + 2 * MINUTE
_OUTAGE_ARRIVALS: realday.Knots = ((0.78, 25),)
"""Denser at first than the real one, which one person typed in at an even pace."""
_FIRST_LINK = 29 * MINUTE
"""From the outage's first ticket until somebody sees that they belong together and starts to link them, one by one."""
_OVERLOOKED_EVERY = 5
"""Of the outage's tickets; so that at 14:41 some have lost their response already."""

_PRIORITY = {"P1": 0.012, "P2": 0.075, "P3": 0.872, "P4": 0.016, "": 0.025}
_LEFT_PRIORITY = {"P3": 0.9, "P4": 0.07, "": 0.03}
_CONTACT = {"mail": 0.55, "portal": 0.3, "phone": 0.15}
_DAYS_AGO = {1: 0.72, 2: 0.14, 5: 0.08, 6: 0.06}
"""When leftovers came in; the third and fourth day before a Wednesday are a weekend."""
_ODD_EVERY = 50

_Ticket = tuple[Draft, Plan]
_Subjects = tuple[tuple[str, str], ...]


def generate(seed: int = SEED) -> list[Event]:
    """The sample day until 18:00, with all that happened before to what is open in its morning, in order."""
    return next(_days(seed))


def endless(seed: int = SEED) -> Iterator[list[Event]]:
    """What follows `generate(seed)` without a gap, day by day, in its time: new tickets come and its own go on."""
    return islice(_days(seed), 1, None)


def in_order(events: Iterable[Event]) -> list[Event]:
    """`events` by instant, those that share one numbered from 0 (`order`) as they come."""
    found: list[Event] = []
    for event in sorted(events, key=lambda event: event.at):
        order = found[-1].order + 1 if found and found[-1].at == event.at else 0
        found.append(msgspec.structs.replace(event, order=order))
    return found


def line(event: Event) -> str:
    """`event` as a line of NDJSON, as SEMANTICS has it, without the line end."""
    facts = msgspec.to_builtins(event)
    ticket, at, kind, order = facts.pop("ticket"), facts.pop("at"), facts.pop("kind"), facts.pop("order", 0)
    head = {"ticket": ticket, "at": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}", "kind": kind}
    return json_line(head | ({"seq": order} if order else {}) | facts)


def _days(seed: int) -> Iterator[list[Event]]:
    dice, numbers, midnight = Dice(seed), count(10_001), MIDNIGHT
    to_come: list[Event] = []
    for day in count():
        tickets = _leftovers(dice) if day == 0 else []
        tickets += _arrivals(dice, midnight, skip=_SKIPPED_HOURS if day else 0)
        tickets += _outage(dice, midnight, *cast.OUTAGES[day % len(cast.OUTAGES)])
        for draft, plan in sorted(tickets, key=lambda ticket: ticket[0].at):
            to_come += story.tell(dice, replace(draft, id=f"T-{next(numbers)}"), plan)
        end = midnight + realday.LAST_HOUR * HOUR
        yield in_order(event for event in to_come if event.at < end)
        to_come = [event for event in to_come if event.at >= end]
        midnight = end - (realday.FIRST_HOUR + _SKIPPED_HOURS) * HOUR


def _arrivals(dice: Dice, midnight: int, skip: int) -> list[_Ticket]:
    """The day's usual tickets, without the first `skip` hours; some come in twos."""
    moments: list[int] = []
    for hour, usual in enumerate(realday.ARRIVALS[skip:], realday.FIRST_HOUR + skip):
        for _ in range(round(usual * (0.9 + 0.2 * dice.share()))):
            if moments and dice.chance(0.15):
                moments.append(moments[-1] + dice.between(1, 40))
            else:
                moments.append(midnight + hour * HOUR + dice.between(0, HOUR))
    found = []
    deals = zip(sorted(moments), dice.strata(len(moments)), dice.strata(len(moments)), strict=True)
    for number, (at, rank, luck) in enumerate(deals, 1):
        draft = drafted(dice, at, choose(_PRIORITY, rank), number)
        found.append((draft, story.usual(dice, draft, luck)))
    return found


def _leftovers(dice: Dice) -> list[_Ticket]:
    """What is still open from the days before, as the sample day begins."""
    found = []
    for number, rank in enumerate(dice.strata(_LEFTOVERS)):
        at = MIDNIGHT - dice.weighted(_DAYS_AGO) * _DAY + dice.between(8 * HOUR, 18 * HOUR)
        draft = drafted(dice, at, choose(_LEFT_PRIORITY, rank), number)
        found.append((draft, story.leftover(dice, draft, MIDNIGHT + realday.FIRST_HOUR * HOUR)))
    return found


def _outage(dice: Dice, midnight: int, problem: str, skill: str, words: tuple[str, ...]) -> list[_Ticket]:
    """One cause, many customers: they come close together, and it takes a while until they are linked to it."""
    size, start, found = realday.WAVE_TICKETS, midnight + _OUTAGE_AT, []
    for number, rank, luck in zip(range(size), dice.strata(size), dice.strata(size), strict=True):
        late = spread(_OUTAGE_ARRIVALS, (number + dice.share()) / size, realday.WAVE_MINUTES) if number else 0
        draft = Draft(
            id="",
            at=start + late,
            title=f"{problem}: {dice.pick(words)}",
            customer=dice.pick(tuple(cast.CUSTOMERS)),
            priority=choose(realday.WAVE_PRIORITY, rank),
            contact=dice.weighted({"portal": 0.6, "phone": 0.4}),
            skill=skill,
        )
        overlooked = 40 * MINUTE if number % _OVERLOOKED_EVERY == 2 else 0
        linked = start + _FIRST_LINK + number * 45 + dice.between(0, 40) + overlooked
        found.append((draft, story.outage(draft, luck, linked)))
    return found


def drafted(dice: Dice, at: int, priority: str, number: int) -> Draft:
    """The `number`th usual ticket: what its priority is likely to be about, and now and then something odd."""
    book = {"P1": cast.URGENT, "P4": cast.WISHES}.get(priority, cast.USUAL)
    skill, subject = dice.pick(_flat(book))
    title = subject.format(**{blank: dice.pick(words) for blank, words in cast.BLANKS.items()})
    title = title[0].upper() + title[1:]
    if priority == "P3" and number % _ODD_EVERY == 0:
        skill, title = _flat(cast.ODD)[number // _ODD_EVERY % len(_flat(cast.ODD))]
    watched = skill in ("server", "backup") and dice.chance(0.6)
    return Draft(
        id="",
        at=at,
        title=title,
        customer=dice.weighted(cast.CUSTOMERS),
        priority=priority,
        contact="monitoring" if watched else dice.weighted(_CONTACT),
        skill=skill,
        type="Request" if book is cast.WISHES else "Incident",
    )


def _flat(book: Mapping[str, tuple[str, ...]]) -> _Subjects:
    return tuple((skill, subject) for skill, subjects in book.items() for subject in subjects)


def main() -> None:
    """Rewrites the shipped day."""
    text = "".join(f"{line(event)}\n" for event in generate())
    (resources.shipped("sample_data") / FILE).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
