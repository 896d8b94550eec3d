"""The wallboard as values: how it is shown, which of its views is on, and what happened today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from slaboard.board.instant import local, within
from slaboard.ticket import PROMISES, Bucket, Zone

EVERY_S = 20
PAUSE_S = 60
"""For so long the views stand still after a key: somebody is looking."""
ORBIT_S = 300
"""After so long the whole picture moves by a cell, so that nothing burns in."""
ORBIT = ((0, 0), (1, 0), (2, 0), (2, 1), (1, 1), (0, 1))
NEW_S = 30
"""For so long a cell says what is new in it, and the numbers stay in sight."""
FLASHES = (0, 2)
"""In these seconds of its age a new red is drawn the other way round: twice, then never again."""
BLIND_AFTER_S = 120
"""From this age on there are no numbers: a screen across the room must not lie."""


class Show(StrEnum):
    """The views that come one after the other."""

    ZONES = "zones"
    NEXT = "next"
    TODAY = "today"


class Claimed(Struct, frozen=True):
    """Somebody took a ticket."""

    at: int
    who: str
    ticket: str


class Today(Struct, frozen=True):
    """What has happened since midnight."""

    claimed: int = 0
    saved: int = 0
    """Promises kept when their clock was yellow or orange already, on tickets that somebody owned."""
    breached: int = 0
    """Promises that fell due and were not kept, whether their clock still runs or not."""
    claims: tuple[Claimed, ...] = ()
    """The last ones, newest first."""


class New(Struct, frozen=True):
    """So many more tickets of one bucket in orange or red than before."""

    bucket: Bucket
    zone: Zone
    count: int
    at: int


class Wall(Struct, frozen=True):
    """How a wallboard is shown."""

    every_s: int = EVERY_S
    """Seconds of each view; 0 for the first one alone."""
    shows: frozenset[str] = frozenset()
    """`customer`, `title`: what else than ids may be read by whoever walks by."""
    night: tuple[int, int] | None = None
    """From which minute of the day to which the night's theme is on."""
    is_all: bool = False
    """The board was opened as a wallboard: leaving it is quitting."""
    held: Show | None = None
    """The view that somebody stopped at."""
    held_until: int = 0
    is_paper: bool = False
    """It is printed once: there are no keys, and nothing burns in."""
    is_still: bool = False
    """Nothing flashes."""
    new: tuple[New, ...] = ()
    """What has come since the wall was looked at last, newest last."""


def noticed(wall: Wall, before: Mapping[tuple[Bucket, Zone], int], after: Mapping[tuple[Bucket, Zone], int],
            now: int) -> Wall:  # fmt: skip
    """What is orange or red in `after` beyond `before`. Where as many left a cell as came, nothing is new there."""
    come = (
        New(bucket, zone, more, now)
        for bucket in PROMISES
        for zone in (Zone.ORANGE, Zone.RED)
        if (more := after.get((bucket, zone), 0) - before.get((bucket, zone), 0)) > 0
    )
    new = (*(new for new in wall.new if _is_fresh(new, now)), *come)
    return wall if new == wall.new else replace(wall, new=new)


def _is_fresh(new: New, now: int) -> bool:
    return 0 <= now - new.at < NEW_S


def new_in(wall: Wall, bucket: Bucket | None, zone: Zone, now: int) -> tuple[New, ...]:
    """What is new in one cell, or in a zone of all buckets."""
    return tuple(new for new in wall.new if new.zone is zone and bucket in (None, new.bucket) and _is_fresh(new, now))


def is_flashing(wall: Wall, bucket: Bucket | None, zone: Zone, now: int) -> bool:
    """True in the moments in which a cell with a new red is drawn the other way round."""
    is_red = zone is Zone.RED and not wall.is_still
    return is_red and any(now - new.at in FLASHES for new in new_in(wall, bucket, zone, now))


def showing(wall: Wall, now: int) -> Show:
    """The view that is on at `now`: by the clock, so that every wall of a room shows the same; while something is new,
    the numbers."""
    views = tuple(Show)
    if wall.held is not None and now < wall.held_until:
        return wall.held
    if any(_is_fresh(new, now) for new in wall.new):
        return Show.ZONES
    return views[now // wall.every_s % len(views)] if wall.every_s > 0 else views[0]


def held(wall: Wall, now: int) -> Wall:
    """The view stays for a while; where it has been stopped already, the next one comes."""
    views = tuple(Show)
    shown = showing(wall, now)
    if wall.held is not None and now < wall.held_until:
        shown = views[(views.index(shown) + 1) % len(views)]
    return replace(wall, held=shown, held_until=now + PAUSE_S)


def remaining_s(wall: Wall, now: int) -> int:
    """Seconds until another view comes; 0 where none does."""
    if wall.held is not None and now < wall.held_until:
        return wall.held_until - now
    if wall.every_s <= 0:
        return 0
    turns = max((new.at + NEW_S for new in wall.new if _is_fresh(new, now)), default=now)
    is_other = turns > now and showing(wall, turns) is not Show.ZONES
    return turns - now + (0 if is_other else wall.every_s - turns % wall.every_s)


def offset(now: int, width: int, height: int) -> tuple[int, int, int, int]:
    """Where the picture begins at `now` (column, line), and how many columns and lines are kept free for that."""
    x, y = ORBIT[now // ORBIT_S % len(ORBIT)]
    free_x, free_y = (2 if width >= 72 else 1 if width >= 30 else 0), (1 if height >= 20 else 0)
    return min(x, free_x), min(y, free_y), free_x, free_y


def is_night(wall: Wall, now: int, timezone: str) -> bool:
    """True in the hours of the night's theme."""
    return within(wall.night, now, timezone)


def midnight(now: int, timezone: str) -> int:
    """The beginning of the day on the wall's clock, epoch seconds."""
    moment = local(now, timezone)
    begins = moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    found = int(begins.timestamp())
    return found if found <= now else int((begins - timedelta(days=1)).timestamp())
