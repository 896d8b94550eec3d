"""The history screen as values: what the last weeks came to, where the cursor is, and which tickets are behind that."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from slaboard.ticket import PROMISES, Bucket, Zone

WEEKS = 12
"""So many weeks are shown, the present one among them."""
USUAL_WEEKS = 8
"""Today is held against the same weekday of so many weeks before."""
EVERY_S = 60
"""The figures are counted anew after so long, and sooner only when somebody asks."""
MOST_ITEMS = 500
"""Tickets behind a figure that are listed."""


class Section(StrEnum):
    """The parts of the screen, in the order of `tab`."""

    KEPT = "Kept"
    TODAY = "Today"
    HOURS = "Hours"
    WEEK = "Week"
    PEOPLE = "People"


SECTIONS = tuple(Section)


class What(StrEnum):
    """What a figure counts."""

    JUDGED = "judged"
    SAVED = "saved"
    MISSED = "missed"
    OPENED = "opened"
    ENDED = "ended"
    BREACHED = "breached"
    HELD = "held"
    CLAIMED = "claimed"
    RESOLVED = "resolved"


FLOWS = (What.OPENED, What.ENDED, What.BREACHED)
"""The rows of today."""
WORKS = (What.HELD, What.CLAIMED, What.RESOLVED)
"""What is counted of each person."""


class Span(Struct, frozen=True):
    """From `since` to `until` (left out), epoch seconds."""

    since: int
    until: int


class Kept(Struct, frozen=True):
    """Results of one promise in one week."""

    n: int = 0
    met: int = 0
    saved: int = 0
    """Kept when yellow or orange already, by somebody who had claimed it."""

    @property
    def missed(self) -> int:
        """Those that were late."""
        return self.n - self.met


class Flow(Struct, frozen=True):
    """How many today, and on each of the days it is held against, up to the same time of day."""

    today: int = 0
    past: tuple[int, ...] = ()

    @property
    def usual(self) -> float | None:
        """The median of those days; None where there is none."""
        ordered, half = sorted(self.past), len(self.past) // 2
        if not ordered:
            return None
        return float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


class Person(Struct, frozen=True):
    """What somebody holds now, and what became theirs and was resolved as theirs this week."""

    name: str
    held: int = 0
    claimed: int = 0
    resolved: int = 0
    owners: tuple[str, ...] = ()
    """The name as the store has it, in every way it is written there."""

    def count(self, what: What) -> int:
        """The figure of one column."""
        return {What.HELD: self.held, What.CLAIMED: self.claimed, What.RESOLVED: self.resolved}[what]


class Figures(Struct, frozen=True):
    """All that the screen shows, as of `at`."""

    at: int
    timezone: str
    """Where a day begins."""
    weeks: tuple[Span, ...] = ()
    """The newest first: it ends now. Those before the store's first ticket are left out."""
    kept: Mapping[tuple[int, Bucket], Kept] = field(default_factory=dict)
    """By index in `weeks`; what is missing is none."""
    days: tuple[Span, ...] = ()
    """Today until now, then the same weekday of the weeks before up to the same time of day, where there was one."""
    flows: Mapping[What, Flow] = field(default_factory=dict)
    hours: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Tickets opened in `weeks` by weekday (0 is Monday) and hour on the board's clock."""
    people: tuple[Person, ...] = ()
    """By name."""

    @property
    def is_empty(self) -> bool:
        """True while nothing has happened in the store yet, or not for long."""
        return not self.kept and not self.hours and not any(person.held for person in self.people)

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """The three promises, and updates where there are some; the few total resolutions are left to the reports."""
        has_updates = any(bucket is Bucket.UPDATE for _, bucket in self.kept)
        return (*PROMISES, Bucket.UPDATE) if has_updates else PROMISES

    def result(self, week: int, bucket: Bucket) -> Kept:
        """What one week came to."""
        return self.kept.get((week, bucket), Kept())


class Part(Struct, frozen=True):
    """A figure whose tickets can be listed."""

    what: What
    span: Span
    count: int
    bucket: Bucket | None = None
    slot: tuple[int, int] | None = None
    """Weekday and hour."""
    person: Person | None = None


class Item(Struct, frozen=True):
    """One ticket behind a figure; its texts are clean. Where it is a result: of which promise, and how it went."""

    ticket: str
    at: int
    title: str = ""
    customer: str = ""
    priority: str = ""
    owner: str | None = None
    bucket: Bucket | None = None
    met: bool | None = None
    zone: Zone | None = None
    used_s: int = 0
    target_s: int = 0


class Items(Struct, frozen=True):
    """The tickets behind `part`, at most MOST_ITEMS of `total`."""

    part: Part
    rows: tuple[Item, ...]
    total: int


class Want(Struct, frozen=True):
    """What the screen asks the store for: the figures as of `at`, and the tickets behind one of them."""

    number: int
    """Another one asks again, even in the same second."""
    at: int
    timezone: str
    part: Part | None = None


class Counted(Struct, frozen=True):
    """What the store answered."""

    want: Want
    figures: Figures | None = None
    items: Items | None = None
    trouble: str = ""
    """Why there is nothing, in a sentence."""


class Trends(Struct, frozen=True):
    """The screen under somebody's hands."""

    figures: Figures | None = None
    """None until the store has counted for the first time."""
    trouble: str = ""
    number: int = 0
    since: int = 0
    """When it was asked for last by hand, epoch seconds."""
    section: Section = Section.KEPT
    row: int = 0
    column: int = 0
    part: Part | None = None
    """What is listed."""
    items: Items | None = None
    """None until they are read."""
    index: int = 0
    """The cursor in that list."""
    opened: str | None = None
    """The ticket that is read."""
    is_gone: bool = False
    """There is no such ticket any more."""
    top: int = 0
    """The first line of it that is in sight."""
    is_paper: bool = False
    """It is printed: no key does anything."""


def shape(figures: Figures, section: Section) -> tuple[int, int]:
    """Rows and columns of figures in a section; at least one of each."""
    sizes = {
        Section.KEPT: (len(figures.weeks), len(figures.buckets)),
        Section.TODAY: (len(FLOWS), 1),
        Section.HOURS: (7, 24),
        Section.WEEK: (len(figures.buckets), 2),
        Section.PEOPLE: (len(figures.people), len(WORKS)),
    }
    rows, columns = sizes[section]
    return max(1, rows), max(1, columns)


def part(figures: Figures, section: Section, row: int, column: int) -> Part | None:
    """The figure at a place; None where there is none."""
    rows, columns = shape(figures, section)
    if not (figures.weeks and 0 <= row < rows and 0 <= column < columns):
        return None
    week, whole = figures.weeks[0], Span(figures.weeks[-1].since, figures.weeks[0].until)
    if section is Section.KEPT:
        bucket = figures.buckets[column]
        return Part(What.JUDGED, figures.weeks[row], figures.result(row, bucket).n, bucket)
    if section is Section.TODAY:
        flow = FLOWS[row]
        return Part(flow, figures.days[0], figures.flows.get(flow, Flow()).today)
    if section is Section.HOURS:
        return Part(What.OPENED, whole, figures.hours.get((row, column), 0), slot=(row, column))
    if section is Section.WEEK:
        bucket = figures.buckets[row]
        found = figures.result(0, bucket)
        what, count = ((What.SAVED, found.saved), (What.MISSED, found.missed))[column]
        return Part(what, week, count, bucket)
    if row >= len(figures.people):
        return None
    person, what = figures.people[row], WORKS[column]
    return Part(what, week, person.count(what), person=person)
