"""A session: the board and what its reducers must remember between two keys. Values only."""

from __future__ import annotations

from msgspec import Struct

from slaboard.board.errand import Errand
from slaboard.board.sight import Intent
from slaboard.board.state import Board
from slaboard.board.views import View


class Session(Struct, frozen=True):
    """The board and what its reducers must remember. `_ms` are milliseconds of a clock that never jumps."""

    board: Board
    width: int = 80
    height: int = 24
    rows: int = 0
    """How many tickets are visible."""
    has_detail: bool = False
    """The detail is on the screen."""
    moved_ms: int | None = None
    """When the cursor was last moved by hand; None before the first time."""
    holds: bool = False
    """The order holds."""
    listed: View | None = None
    """Which list the rows are; None before the first look."""
    held_total: int = 0
    """How long the list was when the order began to hold."""
    swapped_ms: int | None = None
    """When another ticket came under the cursor by itself."""
    recent: tuple[str, ...] = ()
    """Ids of the actions that were chosen among the commands, the last one first."""
    tries: int = 0
    """How many PINs were tried here."""
    undo: tuple[Intent, ...] = ()
    """What `undo` takes back: one act, or all of a bulk that were done."""
    errands: tuple[Errand, ...] = ()
    """Acts whose outcomes are not known yet."""
    seek: int = 0
    """1 while the next ticket in need is looked for, -1 while the one before is."""
    followed_seq: int | None = None
    """The last event of the followed ticket that was seen; None before the first look."""
    parting_ms: int | None = None
    """When the key was pressed that quits when pressed twice."""
    past_at: int | None = None
    """Where in the past the hands want to be; the board shows another moment until that one is read."""
    speed: int = 60
    """How fast the past plays when it plays: seconds of it in a second."""
    stepped_s: int = 0
    """When the playing past was last moved on (epoch seconds)."""
    wall_s: int = 0
    """What the clock said last (epoch seconds), for while the board shows the past."""

    @property
    def clock(self) -> int:
        """Epoch seconds now, whatever moment is shown."""
        return self.board.now if self.board.past_at is None else self.wall_s

    @property
    def pending(self) -> frozenset[str]:
        """The tickets of acts whose outcomes are not known yet."""
        return frozenset(ticket for errand in self.errands for ticket in errand.awaited)
