"""The face of a clock: the letter, the sign and the rest that the board shows for it now."""

from __future__ import annotations

from msgspec import Struct

from slaboard.board import durations
from slaboard.board.instant import when
from slaboard.board.state import Board
from slaboard.ticket import Bucket, Clock, ClockState, Ticket, Zone

WAITING = "w"
CLOSED = "c"
"""Rule 6: waiting for somebody and a night outside office hours are different signs."""

NAMES = {
    Bucket.RESPONSE: "Response",
    Bucket.RESPLAN: "Resplan",
    Bucket.RESOLUTION: "Resolution",
    Bucket.TOTAL_RESOLUTION: "Resl total",
    Bucket.UPDATE: "Update",
}
SHORT = {
    Bucket.RESPONSE: "Resp",
    Bucket.RESPLAN: "Plan",
    Bucket.RESOLUTION: "Resl",
    Bucket.TOTAL_RESOLUTION: "Resl",
    Bucket.UPDATE: "Updt",
}
TINY = {
    Bucket.RESPONSE: "Rsp",
    Bucket.RESPLAN: "Pln",
    Bucket.RESOLUTION: "Rsl",
    Bucket.TOTAL_RESOLUTION: "Rsl",
    Bucket.UPDATE: "Upd",
}


class Face(Struct, frozen=True):
    """What one clock shows."""

    zone: Zone | None
    """None once the clock has a result."""
    sign: str = " "
    """`WAITING`, `CLOSED`, or a blank while it ticks."""
    word: str = ""
    """Its result; empty while it is live."""
    left: int = 0
    """Seconds it has left, while it is live."""
    opens: int | None = None
    """When its calendar opens again, while that is closed."""

    @property
    def full(self) -> str:
        """The rest, or the result, in at most 9 cells."""
        return self.word or durations.full(self.left)

    @property
    def compact(self) -> str:
        """The same in at most 6."""
        return {"missed": "late"}.get(self.word, self.word) or durations.compact(self.left)

    @property
    def letter(self) -> str:
        """The zone's letter, a blank for a result."""
        return self.zone.letter if self.zone else " "


NONE = Face(zone=None, word="-")


def face(clock: Clock | None, board: Board) -> Face:
    """What `clock` shows at `board.now`; a dash where nothing was promised."""
    if clock is None:
        return NONE
    if not clock.is_live and clock.state is not ClockState.CLOSED_HOURS:
        return Face(zone=None, word="-" if clock.state is ClockState.CANCELLED else clock.state.value)
    left = durations.left_s(clock, board.now, board.calendars)
    opens = None
    sign = WAITING
    if clock.state is not ClockState.WAITING:
        opens = durations.opens_at(clock, board.now, board.calendars)
        sign = " " if opens is None else CLOSED
    return Face(
        zone=clock.zone(board.now),
        sign=sign,
        left=left,
        opens=opens,
    )


def running(ticket: Ticket, bucket: Bucket | None) -> Clock | None:
    """The clock that stands for `bucket`: after a reopen the total resolution stands for resolution (rule 13)."""
    clock = ticket.clock(bucket)
    if bucket is Bucket.RESOLUTION and (clock is None or not clock.is_live):
        total = ticket.clock(Bucket.TOTAL_RESOLUTION)
        return total if total and total.is_live else clock
    return clock


def binding(ticket: Ticket) -> Clock | None:
    """The one clock that is coloured: that of the bucket under which the ticket counts; None once it has a result."""
    clock = running(ticket, ticket.bucket)
    return clock if clock and clock.is_live else None


def worse(ticket: Ticket, now: int) -> Clock | None:
    """The live clock in the worst zone that is worse than the binding one's (rule 2)."""
    bound = binding(ticket)
    rank = bound.zone(now).rank if bound else -1
    later = [clock for clock in ticket.clocks if clock.is_live and clock.zone(now).rank > rank]
    return max(later, key=lambda clock: clock.zone(now).rank, default=None)


def note(ticket: Ticket, shown: Face, board: Board) -> tuple[str, ...]:
    """What is out of the ordinary, in a few words, the longest form first; empty when nothing is."""
    if ticket.no_sla and binding(ticket) is None:
        return (ticket.no_sla, "no SLA")
    if shown.sign == WAITING:
        return ("waiting", "wait")
    if ticket.worse and (clock := worse(ticket, board.now)):
        short = SHORT[clock.bucket]
        return (f"{short} is {clock.zone(board.now)}", f"! {short}")
    if shown.opens is not None:
        return (f"closed until {_opening(shown.opens, board)}", f"closed {_opening(shown.opens, board)}", "closed")
    return ()


def _opening(at: int, board: Board) -> str:
    """`09:00` when that is the next time the clock on the wall says so, else with its day."""
    text = when(at, board.now, board.timezone)
    return text[-5:] if at - board.now < durations.DAY else text
