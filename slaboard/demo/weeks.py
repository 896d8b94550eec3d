"""The weeks before the demo's day: a few tickets a day, all of them ended, so that there is a history to look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from msgspec.structs import replace

from slaboard.demo import realday, story
from slaboard.demo.dice import Dice
from slaboard.demo.generate import drafted, in_order
from slaboard.demo.story import HOUR
from slaboard.ticket import Event

SEED = 20260323
WEEKS = 8
A_DAY = 6
"""Tickets of a working day. Far fewer than on the demo's own, so that the demo still opens at once."""
_WEEKEND = 0.25
"""What a day of a weekend has of that."""
_DAY = 24 * HOUR
_PRIORITY = {"P1": 0.02, "P2": 0.14, "P3": 0.84}
_WORSE = 0.35
"""By how much longer things took at the beginning than they do now."""
_HOURS = {hour: usual + 2 for hour, usual in enumerate(realday.ARRIVALS, realday.FIRST_HOUR)}


def before(now: int, *, weeks: int = WEEKS, a_day: float = A_DAY, seed: int = SEED) -> list[Event]:
    """What happened in the weeks before the day of `now` (epoch seconds), in order; nothing of it is open any more."""
    dice, midnight = Dice(seed), now - now % _DAY
    numbers = count(1_001)
    told: list[Event] = []
    for back in range(weeks * 7, 0, -1):
        for at in sorted(_arrivals(dice, midnight - back * _DAY, a_day)):
            number = next(numbers)
            made = replace(drafted(dice, at, dice.weighted(_PRIORITY), number), id=f"T-{number}")
            luck = min(0.999, dice.share() * (1 + _WORSE * back / (weeks * 7)))
            events = story.tell(dice, made, story.usual(dice, made, luck))
            if events[-1].at < now:
                told += events
    return in_order(told)


def _arrivals(dice: Dice, midnight: int, a_day: float) -> Iterator[int]:
    is_weekend = datetime.fromtimestamp(midnight, UTC).weekday() >= 5
    for _ in range(round(a_day * (_WEEKEND if is_weekend else 1) * (0.7 + 0.6 * dice.share()))):
        yield midnight + dice.weighted(_HOURS) * HOUR + dice.between(0, HOUR)
