"""Draws the list: its tabs, its heading, the pinned red line and the tickets."""

from __future__ import annotations

from slaboard.board import cells, durations, keys
from slaboard.board.columns import NARROW, Column, Row, columns
from slaboard.board.draw.line import Line, Span, fit, restyle, spread
from slaboard.board.draw.line import width as line_width
from slaboard.board.durations import Calendars
from slaboard.board.face import binding
from slaboard.board.state import Board, Focus, Mode
from slaboard.board.views import Filter, Tab
from slaboard.ticket import Ticket, Zone

NAMES = {Tab.NEEDS: "Needs claim", Tab.MINE: "Mine", Tab.ALL: "All", Tab.BREACHED: "Breached"}
SHORT = {Tab.NEEDS: "Needs", Tab.MINE: "Mine", Tab.ALL: "All", Tab.BREACHED: "Red"}
_SAVABLE = frozenset({Zone.YELLOW, Zone.ORANGE})
"""What needs claiming (rule 5): what is red is lost, and what is green has time."""
MARKS = 2
"""The cells before the first column: the cursor, and the mark, else that of a worse clock."""


def tabs(board: Board, width: int, right: tuple[Span, ...] = ()) -> Line:
    """The lists with their counts, or the shown one with its filter; the shown one is in brackets."""
    names = NAMES if width >= 72 else SHORT
    if sorting := sort_name(board):
        right = ((f" {sorting} ", "tab.filter"), *right)
    here = f" [{_tab(board, board.view.tab, names)}]"
    if sorting and cells.width(here) + line_width(right) > width:
        right = right[1:]
    room = width - line_width(right) - 1
    spans: list[Span] = [(here, "tab.active")]
    if named := filter_name(board):
        lead = "filter: " if width >= 40 else "/"
        spans += [
            ("  ", "text"),
            (lead + cells.cut(named, max(4, room - line_width(spans) - len(lead) - 2)), "tab.filter"),
        ]
        hint = f"  {keys.cap('back', board.keys)} clears it"
        if board.mode is not Mode.FILTER and line_width(spans) + len(hint) <= room:
            spans.append((hint, "dim"))
        return spread(spans, right, width)
    found = {board.view.tab: spans[0]}
    for tab in Tab:
        other = f"{'  ' if width >= 50 else ' '}{_tab(board, tab, names)}"
        if tab is not board.view.tab and line_width(found.values()) + cells.width(other) <= room:
            found[tab] = (other, "tab.idle")
    shown = [tab for tab in Tab if tab in found]
    if width >= 50 and shown[0] is not board.view.tab:
        found[board.view.tab] = (f" {here}", "tab.active")
    return spread([found[tab] for tab in shown], right, width)


def _tab(board: Board, tab: Tab, names: dict[Tab, str]) -> str:
    """`Needs claim 46`; `Needs claim 3 of 46` where the filter shows three of them; `Unclaimed 6` where it shows
    tickets that are none of the 46."""
    count = board.counts.get(tab)
    counted = [] if count is None else [f"{count}"]
    if tab is board.view.tab and board.hits is not None:
        if tab is Tab.NEEDS and not board.view.filter.own_zones <= _SAVABLE:
            return f"{'Unclaimed' if names is NAMES else 'Free'} {board.page.total}"
        counted.insert(0, f"{board.page.total}")
    return f"{names[tab]} {(' of ' if names is NAMES else '/').join(counted)}".rstrip()


def tab_at(board: Board, text: str, x: int) -> Tab | None:
    """The list whose name stands at cell `x` of the drawn tabs, None beside them."""
    if filter_name(board):
        return None
    for tab in Tab:
        name = _tab(board, tab, NAMES if len(text) >= 72 else SHORT)
        if 0 <= (start := text.find(name)) <= x < start + len(name):
            return tab
    return None


def filter_name(board: Board) -> str:
    """What the list is filtered by, as typed or in words; empty when nothing filters it."""
    if board.filter_text.strip():
        return cells.safe(board.filter_text.strip())
    return cells.safe(_words(board.view.filter))


def _words(wanted: Filter) -> str:
    parts = [
        *wanted.words,
        *(f"-{word}" for word in wanted.without),
        *wanted.priorities,
        *(zone.value for zone in sorted(wanted.zones, key=lambda zone: zone.rank)),
        *(f"owner:{owner}" for owner in wanted.owners),
        *(f"cust:{customer}" for customer in wanted.customers),
        *(f"board:{board}" for board in wanted.boards),
        *([f"in:{wanted.bucket}"] if wanted.bucket else []),
        *([f"clock:{wanted.clock}"] if wanted.clock else []),
        *(["unclaimed"] if wanted.unowned else []),
    ]
    return " ".join(parts)


def heading(board: Board, width: int) -> Line:
    """The columns' titles."""
    spans: list[Span] = [(" " * MARKS, "head")]
    for column in _columns(board, width):
        is_it = column.by is not None and column.by is board.view.sort.by and board.page.is_sorted
        title = f"{column.title}{arrow(board)}" if is_it else column.title
        style = "tab.active" if is_it else "head"
        spans += [(cells.fit(title, column.width, right=column.right), style), (" ", "head")]
    return fit(spans, width, "head")


def arrow(board: Board) -> str:
    """Which way the list is sorted."""
    return "↓" if board.view.sort.reverse else "↑"


def sort_name(board: Board) -> str:
    """`by owner ↑` where the list is not in its own order; what to do where it is too long for another one."""
    sort = board.view.sort
    if sort.is_own:
        return ""
    return f"by {sort.by} {arrow(board)}" if board.page.is_sorted else f"too long to sort by {sort.by}: filter it"


def _columns(board: Board, width: int) -> tuple[Column, ...]:
    return columns(width - MARKS, board.page.rows, board.view.filter.bucket)


def has_pinned(board: Board) -> bool:
    """True where lost tickets would hide behind a list of what can still be saved, and not where they are listed."""
    is_hiding = board.view.tab is Tab.NEEDS and Zone.RED not in board.view.filter.own_zones
    return is_hiding and board.grid is not None and board.grid.breached_unclaimed > 0


def pinned(board: Board, width: int) -> Line:
    """Red as one line, so that lost tickets neither hide nor bury those that can be saved; quiet where the filter
    matches none of them."""
    grid, hits, worst = board.grid, board.hits, board.page.worst
    count = f"{grid.breached_unclaimed if grid else 0}"
    if hits is not None:
        count = f"{hits.breached_unclaimed}/{count}"
    cap = "" if hits is not None and not hits.breached_unclaimed else keys.cap("zone.red", board.keys)
    shows = f"   ({cap} shows them)" if cap else ""
    brief = f" ({cap})" if cap else ""
    texts = [f"{count} breached and unclaimed{shows}", f"{count} breached, unclaimed{brief}", f"{count} lost{brief}"]
    if worst is not None:
        clock = binding(worst)
        left = durations.left_s(clock, board.now, board.calendars) if clock else 0
        about = f"{count} breached and unclaimed, worst {worst.id}"
        texts = [f"{about} {durations.full(left)}{shows}", f"{about} {durations.compact(left)}{brief}", *texts]
    text = next((text for text in texts if cells.width(text) <= width - 5), texts[-1])
    chip, ink = ("dim", "dim") if hits is not None and not hits.breached_unclaimed else ("zone.red", "ink.red")
    line = fit([("  ", "text"), ("R", chip), (f" {text}", ink)], width)
    return restyle(line, _aged) if board.freshness.is_stale(board.now) else line


def rows(board: Board, first: int, width: int, height: int) -> list[Line]:
    """`height` lines of tickets from index `first` on; blank where a ticket is not held or the list has ended."""
    found = _columns(board, width)
    blank = fit([], width)
    before, now = _last.lines_of(board, found, width), {}
    drawn = []
    for index in range(first, first + height):
        at = index - board.page.first
        if not 0 <= at < len(board.page.rows):
            drawn.append(blank)
            continue
        ticket = board.page.rows[at]
        look = (ticket.id == board.cursor, ticket.id in board.marks)
        kept = before.get(ticket.id)
        if kept is None or kept[0] is not ticket or kept[1] != look:
            kept = (ticket, look, _row(board, ticket, found, width))
        now[ticket.id] = kept
        drawn.append(kept[2])
    _last.lines = now
    return drawn


Drawn = tuple[Ticket, tuple[bool, bool], Line]
"""What was drawn, whether the cursor was on it and it was marked, and how."""


class _Last:
    """The rows as they were drawn last: until the next second those that are the same value are the same line.

    A commit changes one row and a key two of them, and drawing all was two thirds of a picture.
    """

    def __init__(self) -> None:
        self.lines: dict[str, Drawn] = {}
        self._setting: tuple[object, ...] = ()
        self._calendars: Calendars = {}

    def lines_of(self, board: Board, found: tuple[Column, ...], width: int) -> dict[str, Drawn]:
        """What of them holds for this board; nothing once anything but the tickets and the cursor is different."""
        setting = (
            board.now, board.person, board.timezone, board.focus, board.freshness.is_stale(board.now), width,
            *((column.title, column.width) for column in found),
        )  # fmt: skip
        # The columns of a side pane look at all rows to shorten their ids.
        is_same = setting == self._setting and board.calendars is self._calendars and width >= NARROW
        if not is_same:
            self._setting, self._calendars, self.lines = setting, board.calendars, {}
        return self.lines


_last = _Last()


def _row(board: Board, ticket: Ticket, found: tuple[Column, ...], width: int) -> Line:
    is_cursor = ticket.id == board.cursor
    row = Row.of(ticket, board)
    sign = "*" if ticket.id in board.marks else "!" if ticket.worse else " "
    mark = (sign, {"*": "key.new", "!": "row.mark"}.get(sign, "text"))
    spans: list[Span] = [(">" if is_cursor else " ", "text"), mark]
    for column in found:
        spans += [*column.cell(row, column.width), (" ", "text")]
    line = fit(spans, width)
    if board.freshness.is_stale(board.now):
        line = restyle(line, _aged)
    if is_cursor:
        line = restyle(line, _here if board.focus is Focus.LIST else _away)
    return line


def _aged(style: str) -> str:
    """Old rows are dim: their letters and minus signs still tell."""
    return "dim"


def _here(style: str) -> str:
    """Under the cursor a coloured text becomes a chip, which can be read on any ground; the rest is the cursor's."""
    if style.startswith(("ink.", "zone.")):
        return style.replace("ink.", "zone.")
    return "cursor.here"


def _away(style: str) -> str:
    return _here(style).replace("cursor.here", "cursor.away")
