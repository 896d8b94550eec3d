"""Where one ticket stands: who has it, which stage it is in, and under which clock it counts."""

from __future__ import annotations

from msgspec import Struct, field

from slaboard.sla.edges import Wait
from slaboard.ticket import LADDER, STAGE_BUCKET, Bucket, Clock, Stage


class Live(Struct):
    """A clock that still runs or waits: only where it started is known, all else follows from the ticket."""

    bucket: Bucket
    started_at: int
    cycle: int = 0
    cause: str | None = None


class Standing(Struct):
    """One ticket as its events leave it: who has it, where it is, and its clocks."""

    id: str
    title: str = ""
    customer: str = ""
    priority: str = ""
    status: str = ""
    board: str = ""
    type: str = ""
    url: str = ""
    owner: str | None = None
    owned_at: int | None = None
    opened_at: int | None = None
    ended_at: int | None = None
    """When it was last resolved or closed, while it is."""
    changed_at: int | None = None
    closed: bool = False
    rung: int = 0
    """Index on the ladder: the lowest stage still allowed (rule 11)."""
    waits: tuple[Wait, ...] = ()
    gaps: tuple[Wait, ...] = ()
    """When it was resolved before a reopen, grace included: total resolution leaves them out beside the waits."""
    source_due: dict[Bucket, int] = field(default_factory=dict)
    live: dict[Bucket, Live] = field(default_factory=dict)
    done: dict[tuple[Bucket, int], Clock] = field(default_factory=dict)
    cycles: dict[Bucket, int] = field(default_factory=dict)
    unanswered: bool = False
    """A customer's message since the last human answer (rule 23)."""

    @property
    def is_waiting(self) -> bool:
        """True while the team waits for somebody else."""
        return bool(self.waits) and self.waits[-1][1] is None

    @property
    def stage(self) -> Stage:
        """The stage people see."""
        if self.ended_at is not None:
            return Stage.CLOSED if self.closed else Stage.RESOLVED
        return Stage.WAITING if self.is_waiting else LADDER[self.rung]


def place(stage: Stage, rung: int, clocks: tuple[Clock, ...]) -> Clock | None:
    """The clock that counts: of the stage's bucket, else of the next later bucket that has one."""
    if not stage.is_open:
        return None
    live = {clock.bucket: clock for clock in clocks if clock.is_live}
    if Bucket.TOTAL_RESOLUTION in live:
        live[Bucket.RESOLUTION] = live[Bucket.TOTAL_RESOLUTION]
    return next((live[STAGE_BUCKET[step]] for step in LADDER[rung:] if STAGE_BUCKET[step] in live), None)
