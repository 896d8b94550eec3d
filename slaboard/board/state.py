"""The board as a value: counts, rows, held order, cursor, prompt and freshness. Nothing here draws or waits."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from slaboard.alerts.alert import Vigil
from slaboard.board.errand import Answer
from slaboard.board.pivot import Pivot, Pivoted
from slaboard.board.saved import SavedView
from slaboard.board.trends import Trends
from slaboard.board.views import View
from slaboard.board.wall import Today, Wall
from slaboard.sla.calendar import BusinessCalendar
from slaboard.ticket import Bucket, Engineer, Event, Ticket, Zone

if TYPE_CHECKING:
    from slaboard.sla.autopsy import Autopsy

STALE_AFTER_S = 15
"""From this age on the board says loudly that its data is old, and claims are off."""
LAST_S = 60
"""For so long a shared screen says who acted last, and `enter` offers them."""
HOLD_S = 5
"""While the last move of the cursor is younger, the order of the list holds."""


class Next(Struct, frozen=True):
    """The clock of one bucket that breaches next."""

    ticket: str
    due_at: int
    owner: str | None
    calendar: str


class Grid(Struct, frozen=True):
    """SLA by status: `open` is the sum of all cells, `waiting` and `no_sla` (disjoint, rule 2)."""

    at: int
    open: int = 0
    waiting: int = 0
    no_sla: int = 0
    cells: Mapping[tuple[Bucket, Zone], int] = field(default_factory=dict)
    """A missing cell is 0. Resolution counts the total resolution of reopened tickets too."""
    next: Mapping[Bucket, Next] = field(default_factory=dict)
    by_priority: Mapping[str, Grid] = field(default_factory=dict)
    needs: int = 0
    """Unclaimed and orange or yellow."""
    breached_unclaimed: int = 0
    unclaimed: Mapping[Zone, int] = field(default_factory=dict)
    """By zone, the green ones left out."""
    uses_update: bool = False
    """The policy promises updates, so the grid shows their row."""

    def row(self, bucket: Bucket) -> tuple[int, int, int, int]:
        """Green, yellow, orange, red of `bucket`."""
        g, y, o, r = (self.cells.get((bucket, zone), 0) for zone in Zone)
        return g, y, o, r

    def zone(self, zone: Zone) -> int:
        """The tickets in `zone`; its updates stand beside them and are the same tickets."""
        return sum(count for (bucket, z), count in self.cells.items() if z is zone and bucket is not Bucket.UPDATE)


class Page(Struct, frozen=True):
    """The part of a list that is held: `rows[0]` stands at index `first` of `total`."""

    rows: tuple[Ticket, ...] = ()
    first: int = 0
    total: int = 0
    worst: Ticket | None = None
    """The worst breached and unclaimed ticket, for the pinned line."""
    is_sorted: bool = True
    """False where the list is too long for the order that is wanted, and keeps its own."""


class Focus(StrEnum):
    """Which part of the board the movement keys move."""

    LIST = "list"
    GRID = "grid"
    DETAIL = "detail"


class Mode(StrEnum):
    """What the keys mean now."""

    BOARD = "board"
    FILTER = "filter"
    HELP = "help"
    WHO = "who"
    """Who is taking it? One letter, bound to one ticket id."""
    NAME = "name"
    """A name is being typed, for one act or for this person's own identity."""
    CONFIRM = "confirm"
    """Take over from its owner? Named, y or n."""
    VIEWS = "views"
    """Saved views are picked, saved, renamed, deleted."""
    EXPORT = "export"
    """The name of a file for the list is being typed."""
    COMMANDS = "commands"
    """All actions, by a few letters."""
    PIN = "pin"
    """Whoever acts proves who they are."""
    REASON = "reason"
    """Why a ticket's clocks are due when they are."""
    MENU = "menu"
    """What can be done with it: one letter a verb."""
    TEXT = "text"
    """What an act says is being typed."""
    NOTES = "notes"
    """What was wrong when the board opened."""
    REPORT = "report"
    """What became of each of several acts."""
    WALL = "wall"
    """The wallboard, for looking only."""
    TRENDS = "trends"
    """The history screen, for looking only."""

    @property
    def is_reading(self) -> bool:
        """True where a text covers the list."""
        return self in (Mode.HELP, Mode.REASON, Mode.REPORT, Mode.NOTES)

    @property
    def is_typing(self) -> bool:
        """True where letters are letters."""
        return self in (Mode.FILTER, Mode.NAME, Mode.TEXT, Mode.PIN, Mode.COMMANDS)

    @property
    def is_asking(self) -> bool:
        """True while a question is open."""
        return self in (
            Mode.WHO, Mode.NAME, Mode.CONFIRM, Mode.MENU, Mode.TEXT, Mode.PIN, Mode.COMMANDS, Mode.VIEWS,
            Mode.EXPORT,
        )  # fmt: skip


class Prompt(Struct, frozen=True):
    """A question on the board, bound to a ticket's id so that no moving row can change its meaning."""

    verb: str
    ticket: str
    title: str
    """The question's heading, e.g. `Claim T-10302`."""
    about: str = ""
    """Customer and subject, clean."""
    closes_at: int = 0
    """Epoch seconds at which silence closes it; 0 for never."""
    last: str | None = None
    """Who acted last on this screen, offered for 60 s."""
    last_age_s: int = 0
    text: str = ""
    """What is being typed."""
    back: int = 0
    """How many of its characters stand behind the caret."""
    owner: str | None = None
    more: tuple[str, ...] = ()
    """The other tickets that it is about, too: marked ones."""
    said: str | None = None
    """What was typed before it was asked whose act it is."""
    hint: str = ""
    """What is to be typed."""
    choices: tuple[str, ...] = ()
    """Answers that tab offers one after the other."""
    default: str = ""
    """The answer where nothing is typed."""
    chosen: int = 0
    """Which of the commands that fit is the one that `enter` does."""
    who: str = ""
    """Whose PIN is asked for."""
    is_checked: bool = False
    """The store is looking at what was typed."""

    @property
    def tickets(self) -> tuple[str, ...]:
        """Everything that it is about."""
        return (self.ticket, *self.more) if self.ticket else ()


class Report(Struct, frozen=True):
    """What became of several acts, ticket by ticket."""

    title: str
    answers: tuple[Answer, ...]
    closes_at: int = 0
    """Epoch seconds at which it goes by itself; 0 for never."""


class Outcome(Struct, frozen=True):
    """What became of an act, in words, for the line above the key bar."""

    word: str
    """OK, LOST, GONE, BUSY, MOVED, NO."""
    text: str
    at: int
    undo_until: int | None = None


class Freshness(Struct, frozen=True):
    """How old the shown data is and why."""

    as_of: int = 0
    """When the store last answered, epoch seconds; 0 for not yet."""
    error: str | None = None
    """The sentence of what is wrong, while something is."""
    attempt: int = 0
    retry_s: int = 0

    def age(self, now: int) -> int:
        """Seconds since the store last answered."""
        return max(0, now - self.as_of)

    def is_stale(self, now: int) -> bool:
        """True when the numbers must not be trusted as current."""
        return self.as_of > 0 and (self.age(now) >= STALE_AFTER_S or self.error is not None)


class Detail(Struct, frozen=True):
    """One ticket with its history, newest last."""

    ticket: Ticket
    events: tuple[Event, ...] = ()
    late: tuple[Autopsy, ...] = ()
    """Its late clocks, taken apart."""


class Board(Struct, frozen=True):
    """Everything the screen shows. `render` draws it; a key or a change gives a new one."""

    now: int
    """The moment that is shown, epoch seconds: in the present what the clock says."""
    store_name: str = "slaboard"
    store_path: str = ""
    grid: Grid | None = None
    """None until the store has answered for the first time."""
    hits: Grid | None = None
    """The grid of the filtered tickets alone, while a filter is on."""
    pivot: Pivot = Pivot.STAGE
    """What a row of the grid stands for."""
    pivoted: Pivoted | None = None
    """The turned grid; None until it is read, and while rows are stages."""
    nearest: tuple[Ticket, ...] = ()
    """The first tickets of the cell under the grid's cursor."""
    views: tuple[SavedView, ...] = ()
    """The person's own, as they were read last."""
    team_views: tuple[SavedView, ...] = ()
    view_problems: tuple[str, ...] = ()
    """Which files of views cannot be used, and why."""
    page: Page = field(default_factory=Page)
    view: View = field(default_factory=View)
    filter_text: str = ""
    filter_back: int = 0
    """How many of its characters stand behind the caret while it is typed."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Tickets per tab."""
    top: int = 0
    """Index of the first visible row of the list."""
    cursor: str | None = None
    """The id under the cursor: it stays on its ticket, not on its line."""
    cursor_index: int = 0
    cell: tuple[int, int] = (0, 0)
    """The grid's cursor: row and zone column."""
    focus: Focus = Focus.LIST
    mode: Mode = Mode.BOARD
    prompt: Prompt | None = None
    detail: Detail | None = None
    """The ticket under the cursor with its history, where there is room or when it was opened."""
    detail_open: bool = False
    """The detail covers the list."""
    detail_top: int = 0
    help_top: int = 0
    """The first visible line of the help or of the reasons."""
    reason_of: str | None = None
    """The ticket whose reasons are shown; no moving row changes it."""
    reason: tuple[str, ...] | None = None
    """Its reasons, line by line; None until they are read."""
    outcome: Outcome | None = None
    report: Report | None = None
    """What became of the last bulk."""
    vigil: Vigil = field(default_factory=Vigil)
    """Who has come into a zone: what rings, and what nobody has acknowledged yet."""
    notes: tuple[str, ...] = ()
    """What was wrong when it opened, each a sentence behind its file and line."""
    notes_until: int = 0
    """Epoch seconds at which they go by themselves; 0 for never."""
    notes_over: Mode = Mode.BOARD
    """What comes back when they go."""
    marks: Mapping[str, Ticket] = field(default_factory=dict)
    """The marked tickets by id, as they were last read, in the order in which they were marked."""
    freshness: Freshness = field(default_factory=Freshness)
    person: str | None = None
    """Who acts here in personal mode."""
    shared: bool = False
    last: tuple[str, int] | None = None
    """Who acted last on this screen, and when (epoch seconds)."""
    read_only: bool = False
    past_at: int | None = None
    """The moment of the past that is shown; None for the present."""
    is_ahead: bool = False
    """That moment is yet to come: the board as it will be if nothing happens until then."""
    past_only: bool = False
    """It was opened in the past and never left it: going back is leaving."""
    past_speed: int = 0
    """Seconds of the past that go by in a second while it is played; 0 while it stands."""
    held_new: int | None = None
    """How many tickets are new since the order holds; None when it does not hold."""
    held_gone: int = 0
    """How many of the held tickets the list has lost meanwhile."""
    paused_at: int | None = None
    """Since when the order holds whatever the hands do (epoch seconds)."""
    follow: str | None = None
    """The ticket on which the cursor stays, wherever it goes."""
    zoom: Focus | None = None
    """The list, or the detail, has the other's place too."""
    team: tuple[Engineer, ...] = ()
    loads: Mapping[str, int] = field(default_factory=dict)
    """Open tickets per owner."""
    calendars: Mapping[str, BusinessCalendar] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    """Effective key of each action id, as printed."""
    timezone: str = "UTC"
    """The zone instants are shown in."""
    colours: bool = True
    wall: Wall = field(default_factory=Wall)
    """How the wallboard is shown, while it is."""
    today: Today | None = None
    """What has happened today, while the wallboard is shown; None until it is read."""
    trends: Trends = field(default_factory=Trends)
    """The history screen: its figures and where the hands are on it."""

    @property
    def pickable(self) -> tuple[Engineer, ...]:
        """Whoever can be picked: those who have left the team are not offered."""
        return tuple(engineer for engineer in self.team if engineer.active)


def held(board: Board, id_: str) -> Ticket | None:
    """The ticket of that id as it was last read; None when it is not held."""
    here = [*([board.detail.ticket] if board.detail else []), *board.page.rows, *board.marks.values()]
    return next((ticket for ticket in here if ticket.id == id_), None)


def under_cursor(board: Board) -> Ticket | None:
    """The ticket that the keys act on, as it was last read."""
    return None if board.cursor is None else held(board, board.cursor)
