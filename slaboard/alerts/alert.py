"""Alerts: which tickets that came into a zone ring, how far apart, by which ways, and what is not acknowledged yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from slaboard.text import clean
from slaboard.ticket import ZONES, Bucket, Ticket, Zone

APART_S = 10
"""Two alerts are at least so far apart; all that comes in between is the next one."""
BY_DEFAULT = frozenset({Zone.ORANGE, Zone.RED})
BELL, TMUX, OSC9, DESKTOP, HOOK = WAYS = ("bell", "tmux", "osc9", "desktop", "hook")
"""How an alert goes out: the first four from a board, the hook from `slaboard watch`."""
_NEVER = 1 << 62


class Crossing(Struct, frozen=True):
    """A ticket's clock came from one zone into another. None is no zone: new, done, or nothing is promised any more."""

    ticket: str
    """Its id as the store writes it."""
    bucket: Bucket
    before: Zone | None
    after: Zone | None
    at: int
    """When, epoch seconds: the edge's instant, or when the change was noticed that moved it there."""
    due_at: int | None = None
    is_retarget: bool = False
    """It is late by a change of priority, customer or policy alone."""

    @property
    def is_entry(self) -> bool:
        """True where it came into a worse zone, or into the grid; a breach born by a retarget is none (rule 14)."""
        if self.after is None or (self.before is not None and self.before.rank >= self.after.rank):
            return False
        return not (self.after is Zone.RED and self.is_retarget)


class Entry(Struct, frozen=True):
    """A ticket that came into a zone, in words that are clean."""

    ticket: str
    bucket: Bucket
    zone: Zone
    at: int
    due_at: int | None = None
    owner: str | None = None
    customer: str = ""
    priority: str = ""
    title: str = ""
    fate: str = ""
    """What has become of it since, in two words; empty while it is as it came."""


class Burst(Struct, frozen=True):
    """How many tickets came into each zone, and of each zone the one that is due first."""

    counts: Mapping[Zone, int] = field(default_factory=dict)
    worst: Mapping[Zone, Entry] = field(default_factory=dict)

    def joined(self, other: Burst) -> Burst:
        """Both."""
        zones = [zone for zone in ZONES if self.counts.get(zone) or other.counts.get(zone)]
        counts = {zone: self.counts.get(zone, 0) + other.counts.get(zone, 0) for zone in zones}
        found = {zone: [e for e in (self.worst.get(zone), other.worst.get(zone)) if e is not None] for zone in zones}
        return Burst(counts, {zone: min(entries, key=_standing) for zone, entries in found.items() if entries})

    def only(self, zones: frozenset[Zone]) -> Burst:
        """What of it is in one of `zones`."""
        counts = {zone: count for zone, count in self.counts.items() if zone in zones and count}
        return Burst(counts, {zone: entry for zone, entry in self.worst.items() if zone in counts})


NOTHING = Burst()


class Alert(Struct, frozen=True):
    """Tickets that came into zones: what a bell stands for."""

    at: int
    """When the first of them was noticed, epoch seconds."""
    burst: Burst

    @property
    def zone(self) -> Zone:
        """The worst zone that one of them came into."""
        return max(self.burst.counts, key=lambda zone: zone.rank)

    @property
    def worst(self) -> Entry:
        """Of the worst zone the one that is due first."""
        return self.burst.worst[self.zone]

    @property
    def total(self) -> int:
        """How many tickets."""
        return sum(self.burst.counts.values())

    @property
    def summary(self) -> str:
        """`2 red, 5 orange`."""
        counts = self.burst.counts
        return ", ".join(f"{counts[zone]} {zone}" for zone in reversed(ZONES) if counts.get(zone))


class Rules(Struct, frozen=True):
    """What somebody wants to be told, and how."""

    zones: frozenset[Zone] = BY_DEFAULT
    """Who enters one of these makes an alert."""
    ways: Mapping[str, frozenset[Zone]] = field(default_factory=lambda: {BELL: BY_DEFAULT})
    """The zones of each way that is used."""
    quiet: tuple[int, int] | None = None
    """From which minute of the day to which nothing rings."""

    def ways_of(self, burst: Burst) -> frozenset[str]:
        """How an alert of `burst` goes out."""
        return frozenset(way for way, zones in self.ways.items() if any(burst.counts.get(zone) for zone in zones))


class Vigil(Struct, frozen=True):
    """What came in and was not acknowledged, what has not rung yet, and when it rang last."""

    shown: Alert | None = None
    waiting: Burst = NOTHING
    rung_at: int | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The tickets that the alert names."""
        return () if self.shown is None else tuple(entry.ticket for entry in self.shown.burst.worst.values())


# --- from crossings to bursts -----------------------------------------------------------------------------------


def leaders(crossings: Iterable[Crossing]) -> list[Crossing]:
    """Of each zone that was entered the crossing whose ticket is due first."""
    found: dict[Zone, Crossing] = {}
    for crossing in crossings:
        if crossing.is_entry and crossing.after is not None:
            best = found.get(crossing.after)
            found[crossing.after] = crossing if best is None else min(best, crossing, key=_urgency)
    return list(found.values())


def burst(crossings: Iterable[Crossing], entry_of: Callable[[Crossing], Entry]) -> Burst:
    """The entries among `crossings`; only the first of each zone is put into words."""
    entries = [crossing for crossing in crossings if crossing.is_entry]
    counts = {zone: sum(crossing.after is zone for crossing in entries) for zone in ZONES}
    worst = {first.after: entry_of(first) for first in leaders(entries) if first.after is not None}
    return Burst({zone: count for zone, count in counts.items() if count}, worst)


def entry_of(crossing: Crossing, ticket: Ticket | None) -> Entry:
    """`crossing` in the words of its ticket, which is clean; None where it is gone."""
    zone = crossing.after or Zone.GREEN
    if ticket is None:
        return Entry(clean(crossing.ticket), crossing.bucket, zone, crossing.at, crossing.due_at)
    return Entry(
        ticket.id, crossing.bucket, zone, crossing.at, crossing.due_at, ticket.owner, ticket.customer, ticket.priority,
        ticket.title,
    )  # fmt: skip


def _standing(entry: Entry) -> tuple[bool, int, str]:
    """The most urgent first; what somebody sees to is less so than anything that nobody does."""
    return (bool(entry.fate), *_urgency(entry))


def _urgency(found: Crossing | Entry) -> tuple[int, str]:
    return (_NEVER if found.due_at is None else found.due_at, found.ticket)


# --- the vigil --------------------------------------------------------------------------------------------------


def entered(vigil: Vigil, found: Burst, now: int, rules: Rules) -> Vigil:
    """`vigil` after `found` came into zones; what nobody wants to be told leaves it as it was."""
    found = found.only(rules.zones)
    if not found.counts:
        return vigil
    shown = Alert(now, found) if vigil.shown is None else Alert(vigil.shown.at, vigil.shown.burst.joined(found))
    return replace(vigil, shown=shown, waiting=vigil.waiting.joined(found))


def rung(vigil: Vigil, now: int, rules: Rules, *, is_quiet: bool) -> tuple[Vigil, Alert | None]:
    """What is due to ring at `now`: the first entry at once, all further ones together `APART_S` later.

    In quiet hours, or where no way is used for its zones, it stays on the board and never rings.
    """
    if not vigil.waiting.counts:
        return vigil, None
    if is_quiet or not rules.ways_of(vigil.waiting):
        return replace(vigil, waiting=NOTHING), None
    if vigil.rung_at is not None and vigil.rung_at <= now < vigil.rung_at + APART_S:
        return vigil, None
    return replace(vigil, waiting=NOTHING, rung_at=now), Alert(now, vigil.waiting)


def acknowledged(vigil: Vigil) -> Vigil:
    """Somebody has seen it: nothing rings until the next ticket enters a zone."""
    return replace(vigil, shown=None, waiting=NOTHING)


def settled(vigil: Vigil, fates: Mapping[str, str]) -> Vigil:
    """`vigil` with what has become of tickets that its alert names; without the alert once that is all it was about."""
    shown = vigil.shown
    if shown is None:
        return vigil
    worst = {
        zone: replace(entry, fate=fates.get(entry.ticket, entry.fate)) for zone, entry in shown.burst.worst.items()
    }
    if shown.total == len(worst) and all(entry.fate for entry in worst.values()):
        return acknowledged(vigil)
    return replace(vigil, shown=Alert(shown.at, Burst(shown.burst.counts, worst)))


# --- settings ---------------------------------------------------------------------------------------------------


def zones_of(text: str) -> frozenset[Zone] | None:
    """The zones that `orange red` names; None where one of the words is no zone."""
    words = text.lower().replace(",", " ").split()
    return frozenset(map(Zone, words)) if set(words) <= set(ZONES) else None


def rules(said: Mapping[str, object], quiet: tuple[int, int] | None) -> Rules:
    """Rules as the settings `said` them: `zones`, then for each way true, false or zones of its own."""
    zones = zones_of(str(said.get("zones"))) or frozenset()
    found = {way: _own(said.get(way), zones) for way in WAYS}
    return Rules(zones, {way: wanted for way, wanted in found.items() if wanted}, quiet)


def _own(value: object, zones: frozenset[Zone]) -> frozenset[Zone]:
    if isinstance(value, str):
        return (zones_of(value) or frozenset()) & zones
    return zones if value is True else frozenset()
