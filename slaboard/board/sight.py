"""What a board has in sight, and what a look at the store brings back: the words between the screen and the feed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from slaboard.board.pivot import Pivot, Pivoted
from slaboard.board.saved import SavedView
from slaboard.board.state import Detail, Grid, Page
from slaboard.board.trends import Want
from slaboard.board.views import Filter, View
from slaboard.board.wall import Today
from slaboard.sla.calendar import BusinessCalendar
from slaboard.ticket import Engineer, Ticket

LEAST_PAGE = 20
"""Tickets that are held around the visible ones even where few are visible, so that quick hands need not wait."""


class Sight(Struct, frozen=True):
    """The part of the store that is on the screen; a look reads this part and no more."""

    view: View = field(default_factory=View)
    pivot: Pivot = Pivot.STAGE
    """How the grid is turned."""
    cursor: str | None = None
    index: int = 0
    """Where the cursor is, for when its ticket is in the list no more."""
    line: int = 0
    """How many lines below the list's first visible one the cursor is: there it should stay."""
    rows: int = 0
    """How many lines the list has on the screen."""
    held: tuple[str, ...] = ()
    """The tickets whose order holds, empty while it does not."""
    detail: str | None = None
    """Whose history is shown."""
    person: str | None = None
    """Whose tickets count as `mine`."""
    past_at: int | None = None
    """The moment that is looked at, epoch seconds; None for the present."""
    reason: str | None = None
    """Whose clocks are explained."""
    timezone: str | None = None
    """The zone of whoever reads, in which they are told beside their calendar's."""
    marks: tuple[str, ...] = ()
    """The marked tickets, and those that an alert names, wherever they are."""
    today_from: int | None = None
    """When the day began whose results are shown, epoch seconds; None where none are."""
    trends: Want | None = None
    """What the history screen wants to have counted; None while it is not on."""
    nearest: tuple[Filter, int] | None = None
    """What lists the grid's cell under a hand, and how many of its first tickets are shown; None where none are."""
    seek: int = 0
    """1: the cursor goes on to the next ticket in need, -1: back to the one before; 0 for neither."""

    def window(self, index: int) -> tuple[int, int]:
        """The first index and the number of tickets to hold: the visible page, one before it and one after."""
        rows = max(self.rows, LEAST_PAGE)
        return max(0, index - self.line - rows), 3 * rows

    def shows(self, page: Page) -> bool:
        """True while `page` holds every ticket that is visible."""
        top = max(0, self.index - self.line)
        end = min(top + self.rows, page.total)
        return page.first <= top and end <= page.first + len(page.rows)


class Refresh(Struct, frozen=True):
    """Everything one look brought back, as of one moment."""

    sight: Sight
    """What was looked at: the screen may be elsewhere by now."""
    at: int
    grid: Grid
    hits: Grid | None
    """The grid of the filtered tickets, None without a filter."""
    counts: Mapping[str, int]
    page: Page
    """The list as its order is now, whatever is held."""
    index: int | None = None
    """Where the cursor's ticket is in the list now, None when it is not in it."""
    others: tuple[Ticket, ...] = ()
    """Held tickets that are elsewhere by now, as they are now."""
    left: int = 0
    """How many of these are in the list no more."""
    detail: Detail | None = None
    team: tuple[Engineer, ...] = ()
    loads: Mapping[str, int] = field(default_factory=dict)
    calendars: Mapping[str, BusinessCalendar] = field(default_factory=dict)
    read_only: bool = False
    reason: tuple[str, ...] | None = None
    """Why the ticket's clocks are due when they are, line by line; None when nobody asks."""
    marked: tuple[Ticket, ...] = ()
    """The tickets of the sight's `marks` as they are now; those that are gone are left out."""
    today: Today | None = None
    pivoted: Pivoted | None = None
    """The grid turned as `sight` has it; None while its rows are stages."""
    team_views: tuple[SavedView, ...] = ()
    nearest: tuple[Ticket, ...] = ()
    """The first tickets of the cell that the sight asks for."""


class Intent(Struct, frozen=True):
    """What somebody decided at the keyboard: the feed makes an act of it."""

    verb: str
    ticket: str
    who: str
    seq: int | None = None
    """For `undo`: which event is taken back."""
    text: str | None = None
    """What the act says: a note, why one waits, releases, reopens."""
    changes: tuple[tuple[str, str], ...] = ()
    """For `set`: priority, customer or title; for `engage`: the skill that is brought."""
    is_proven: bool = False
    """Whoever acts has proved who they are, by their PIN."""
