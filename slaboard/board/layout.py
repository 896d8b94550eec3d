"""Where everything is: the parts of the screen at one size, for drawing, paging, scrolling and the mouse."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from slaboard.board.draw import foot as draw_foot
from slaboard.board.draw import grid as draw_grid
from slaboard.board.draw import list as draw_list
from slaboard.board.draw import prompt as draw_prompt
from slaboard.board.draw import tiny as draw_tiny
from slaboard.board.state import Board, Focus

TINY_WIDTH, TINY_HEIGHT = 30, 8
"""Below either the board is one line."""
ROWS_WIDTH = 24
"""Even there rows follow from this width on: nobody should claim a ticket that is not in sight."""
SIDE_WIDTH, SIDE_HEIGHT = 160, 16
"""From here on the detail stands at the right of the list."""
BELOW_HEIGHT = 38
"""From here on it stands below the list, where it is not at the right."""


class Area(Struct, frozen=True):
    """A rectangle in cells; empty when its width or height is 0."""

    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0

    def __contains__(self, cell: tuple[int, int]) -> bool:
        x, y = cell
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    def top(self, lines: int) -> tuple[Area, Area]:
        """Its first lines, as many as there are, and the rest."""
        cut = max(0, min(lines, self.height))
        return (
            Area(self.x, self.y, self.width, cut),
            Area(self.x, self.y + cut, self.width, self.height - cut),
        )

    def bottom(self, lines: int) -> tuple[Area, Area]:
        """Its last lines and the rest."""
        rest, cut = self.top(self.height - max(0, min(lines, self.height)))
        return cut, rest

    def right(self, columns: int) -> tuple[Area, Area]:
        """Its last columns and the rest."""
        rest = self.width - columns
        return (
            Area(self.x + rest, self.y, columns, self.height),
            Area(self.x, self.y, rest, self.height),
        )


NOWHERE = Area()


class Layout(Struct, frozen=True):
    """The parts from top to bottom. A part that has no room or nothing to show is empty."""

    width: int
    height: int
    tiny: Area = NOWHERE
    """Counts instead of a grid, below the least size of a board; nothing else is drawn then but `rows`."""
    top: Area = NOWHERE
    grid: Area = NOWHERE
    tabs: Area = NOWHERE
    heading: Area = NOWHERE
    pinned: Area = NOWHERE
    rows: Area = NOWHERE
    """The tickets: `rows.height` of them are visible; empty while help or an opened detail covers them."""
    detail: Area = NOWHERE
    """The ticket under the cursor; its first line is a rule where it stands below the list."""
    help: Area = NOWHERE
    """A text that covers the list: the help, or why a ticket is due when it is."""
    prompt: Area = NOWHERE
    foot: Area = NOWHERE
    first: int = 0
    """Index of the first visible ticket: the board's `top`, moved so that the cursor is in sight."""

    @property
    def is_tiny(self) -> bool:
        """True where there is no room for a grid."""
        return self.tiny.height > 0

    def index_at(self, x: int, y: int) -> int | None:
        """The index in the list of the ticket drawn at this cell."""
        return self.first + y - self.rows.y if (x, y) in self.rows else None


def layout(board: Board, width: int, height: int) -> Layout:
    """Where everything is on `width` x `height` cells."""
    screen = Area(0, 0, width, height)
    if width < TINY_WIDTH or height < TINY_HEIGHT:
        tiny, rest = screen.top(len(draw_tiny.lines(board, width, height)))
        fixed = Layout(width, height, tiny=tiny)
        return _covered(fixed, board, rest) or _listed(fixed, board, rest if width >= ROWS_WIDTH else NOWHERE)
    air = 1 if height >= 30 else 0
    top, rest = screen.top(1 if height >= 10 else 0)
    grid, rest = rest.top(air)[1].top(draw_grid.line_count(board, width, height))
    foot, rest = rest.top(air)[1].bottom(len(draw_foot.lines(board, width, height)))
    prompt, rest = rest.bottom(len(draw_prompt.lines(board, width, rest.height)))
    fixed = Layout(width, height, top=top, grid=grid, prompt=prompt, foot=foot)
    if covered := _covered(fixed, board, rest):
        return covered
    tabs, rest = rest.top(1 if rest.height > 2 else 0)
    detail, rest = _side(board, rest, width, height)
    heading, rest = rest.top(1 if height >= 16 and rest.height > 3 and board.page.total else 0)
    pinned, rest = rest.top(1 if draw_list.has_pinned(board) and rest.height > 2 else 0)
    return _listed(replace(fixed, tabs=tabs, detail=detail, heading=heading, pinned=pinned), board, rest)


def _covered(fixed: Layout, board: Board, rest: Area) -> Layout | None:
    """A text to read, or an opened detail where there is no room beside the list, instead of the list."""
    if board.mode.is_reading:
        return replace(fixed, help=rest)
    if board.zoom is Focus.DETAIL or (board.detail_open and not _has_side(fixed.width, fixed.height)):
        return replace(fixed, detail=rest)
    return None


def _listed(fixed: Layout, board: Board, rows: Area) -> Layout:
    return replace(fixed, rows=rows, first=_first(board, rows.height))


def _has_side(width: int, height: int) -> bool:
    """True where list and detail are on the screen together."""
    is_wide = width >= SIDE_WIDTH and height >= SIDE_HEIGHT
    return is_wide or (width >= TINY_WIDTH and height >= BELOW_HEIGHT)


def _side(board: Board, rest: Area, width: int, height: int) -> tuple[Area, Area]:
    """The place of the detail beside the list, and what is left for the list; no place while the list is empty."""
    if not board.page.total or board.zoom is Focus.LIST or not _has_side(width, height):
        return NOWHERE, rest
    if width >= SIDE_WIDTH:
        return rest.right(min(max(width * 31 // 100, 52), 72))
    return rest.bottom(min(max(height * 2 // 5, 14), 22))


def _first(board: Board, visible: int) -> int:
    """The board's `top`, not past the last page, and moved so that the cursor is in sight."""
    total = max(board.page.total, board.page.first + len(board.page.rows))
    first = min(max(0, board.top), max(0, total - visible))
    if board.cursor is None or visible <= 0:
        return first
    cursor = min(max(0, board.cursor_index), max(0, total - 1))
    return max(min(first, cursor), cursor - visible + 1)
