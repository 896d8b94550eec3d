"""The words everybody uses: ticket, event, clock, bucket, stage, zone, engineer."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class Bucket(StrEnum):
    """One promise to the customer. The first three are the board's rows (ConnectWise's names)."""

    RESPONSE = "response"
    RESPLAN = "resplan"
    RESOLUTION = "resolution"
    TOTAL_RESOLUTION = "total_resolution"
    """What the board counts on after a reopen, while `resolution` keeps its first, frozen result."""
    UPDATE = "update"
    """Keeping the customer informed: optional and recurring, one cycle a question."""


PROMISES = (Bucket.RESPONSE, Bucket.RESPLAN, Bucket.RESOLUTION)


class Stage(StrEnum):
    """Where a ticket is. `respond`, `plan`, `resolve` form the ladder; it is never climbed down."""

    RESPOND = "respond"
    PLAN = "plan"
    RESOLVE = "resolve"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        """True until somebody says the work is done."""
        return self not in (Stage.RESOLVED, Stage.CLOSED)


LADDER = (Stage.RESPOND, Stage.PLAN, Stage.RESOLVE)
STAGE_BUCKET: Mapping[Stage, Bucket] = {
    Stage.RESPOND: Bucket.RESPONSE,
    Stage.PLAN: Bucket.RESPLAN,
    Stage.RESOLVE: Bucket.RESOLUTION,
}


class Zone(StrEnum):
    """How much of the target is used, as a colour; `rank` grows with the danger."""

    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def letter(self) -> str:
        """G, Y, O or R: no zone is told by hue alone."""
        return self.value[0].upper()

    @property
    def rank(self) -> int:
        """0 for green to 3 for red."""
        return ZONES.index(self)


ZONES = (Zone.GREEN, Zone.YELLOW, Zone.ORANGE, Zone.RED)


class ClockState(StrEnum):
    """What a clock does. `closed_hours` is `running` seen while its calendar is closed; it is never stored."""

    RUNNING = "running"
    WAITING = "waiting"
    CLOSED_HOURS = "closed_hours"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"


_LIVE = (ClockState.RUNNING, ClockState.WAITING)


class Kind(StrEnum):
    """What happened. Everything about a clock follows from events of these kinds."""

    CREATED = "created"
    PRIORITY = "priority"
    CUSTOMER = "customer"
    TITLE = "title"
    STATUS = "status"
    MESSAGE = "message"
    CLAIM = "claim"
    RELEASE = "release"
    TAKEOVER = "takeover"
    ENGAGE = "engage"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CLOSE = "close"
    NOTE = "note"
    SURVEY = "survey"
    UNDO = "undo"
    PRUNE = "prune"
    """Somebody had the texts of an ended ticket removed; nothing follows from it."""


OWNERS = frozenset({Kind.CLAIM, Kind.RELEASE, Kind.TAKEOVER})
"""What only says whose a ticket is."""


class ActorKind(StrEnum):
    """Who acted; a missing kind is human."""

    HUMAN = "human"
    AUTOMATION = "automation"
    CUSTOMER = "customer"


class Direction(StrEnum):
    """Which way a message went: `out` is to the customer."""

    IN = "in"
    OUT = "out"


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One thing that happened to one ticket. Instants are integer epoch seconds (UTC)."""

    ticket: str
    at: int
    kind: Kind
    order: int = 0
    """Order within one instant, `seq` on an event line."""
    seq: int = 0
    """The store's commit order; 0 while it is not stored."""
    actor: str | None = None
    actor_kind: ActorKind = ActorKind.HUMAN
    id: str | None = None
    """The source's own id of this event, which `caused_by` of others names."""
    caused_by: str | None = None
    """The id of the event that led to this one; for `undo`, of the event taken back."""
    title: str | None = None
    customer: str | None = None
    priority: str | None = None
    status: str | None = None
    stage: Stage | None = None
    owner: str | None = None
    """Who a `created` ticket already belongs to, or whom a `claim` is for when that is not its actor."""
    reason: str | None = None
    direction: Direction | None = None
    channel: str | None = None
    url: str | None = None
    board: str | None = None
    type: str | None = None
    source_due: dict[Bucket, int] | None = None
    """The source's own due instant of each bucket, epoch seconds; kept beside ours (rule 19)."""
    note: str | None = None
    skill: str | None = None
    csat: int | None = None
    nps: int | None = None
    via: str | None = None
    """How an act came in, for the audit: `user@host tty mode`."""


class Clock(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One bucket of one ticket (one cycle of it). Instants are epoch seconds, spans are seconds.

    While it waits for the customer it has no edges and no due instant but `frozen_zone` and `left_s`; once it has
    stopped it has `met`, `elapsed_s` and `stopped_at`. Over closed hours the edges stay.
    """

    bucket: Bucket
    cycle: int = 0
    state: ClockState
    started_at: int
    target_s: int
    policy: str
    calendar: str
    policy_version: int = 0
    waits: tuple[tuple[int, int | None], ...] = ()
    """The waiting intervals this clock does not count; the last may be open (rule 12)."""
    due_at: int | None = None
    yellow_at: int | None = None
    orange_at: int | None = None
    red_at: int | None = None
    frozen_zone: Zone | None = None
    left_s: int | None = None
    """Business seconds left, kept only while the clock waits; negative when late."""
    stopped_at: int | None = None
    elapsed_s: int | None = None
    """Business seconds used, kept once the clock has stopped."""
    met: bool | None = None
    skipped: bool = False
    """Judged by resolving the ticket, not by an act of its own (rule 10)."""
    by_status: bool = False
    """Stopped by a status word under `response_by_status` (rule 8)."""
    cause: str | None = None
    """`retarget` when a change of priority, customer or policy made it late (rule 14)."""
    source_due: int | None = None

    @property
    def is_live(self) -> bool:
        """True while it runs or waits, false once it has a result."""
        return self.state in _LIVE

    def zone(self, now: int) -> Zone:
        """The zone at `now`; a stopped clock is red when it missed, else the zone it stopped in."""
        if self.frozen_zone is not None:
            return self.frozen_zone
        if self.red_at is not None and self.red_at <= now:
            return Zone.RED
        if self.orange_at is not None and self.orange_at <= now:
            return Zone.ORANGE
        if self.yellow_at is not None and self.yellow_at <= now:
            return Zone.YELLOW
        return Zone.GREEN


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """One ticket as the board shows it. Its texts are clean (see `text.clean`) and safe for a terminal."""

    id: str
    title: str = ""
    customer: str = ""
    priority: str = ""
    status: str = ""
    stage: Stage = Stage.RESPOND
    owner: str | None = None
    policy: str | None = None
    opened_at: int | None = None
    bucket: Bucket | None = None
    """Where it counts in the grid; None when nothing is promised or nothing is open."""
    worse: bool = False
    """A later clock is already in a worse zone than the one it counts under (rule 2)."""
    no_sla: str | None = None
    """Why it has no clock: no policy matched, no target, no opening time."""
    url: str = ""
    board: str = ""
    type: str = ""
    owned_at: int | None = None
    changed_at: int | None = None
    """When its last event happened, epoch seconds."""
    rev: int = 0
    clocks: tuple[Clock, ...] = ()

    def clock(self, bucket: Bucket | None) -> Clock | None:
        """The ticket's clock of `bucket`: the running cycle, else the last one."""
        last = None
        for clock in self.clocks:  # a board asks for some hundred of them each second
            if clock.bucket == bucket:
                if clock.is_live:
                    return clock
                last = clock
        return last


class Engineer(msgspec.Struct, frozen=True, kw_only=True):
    """One person of the team. `key` is the letter that is theirs in the claim prompt, for good."""

    name: str
    key: str
    skills: tuple[str, ...] = ()
    active: bool = True
    """False for who is off the team; their letter stays theirs."""
    has_pin: bool = False
    """A shared screen asks them for their PIN before they act."""
