"""Draws a board as lines of text with style names: what the screen, `--once` and the tests show."""

from __future__ import annotations

from slaboard.board.draw import detail, empty, foot, grid, notes, prompt, reason, report, tiny, trends, wall
from slaboard.board.draw import help as draw_help
from slaboard.board.draw import list as draw_list
from slaboard.board.draw import top as draw_top
from slaboard.board.draw.line import Line, Span, fit
from slaboard.board.layout import Area, Layout, layout
from slaboard.board.state import Board, Mode

__all__ = ["Area", "Layout", "Line", "Span", "layout", "render", "scroll_limit"]


def render(board: Board, width: int, height: int) -> list[Line]:
    """Exactly `height` lines of exactly `width` cells, for any board at any size from 1 x 1 on."""
    if board.mode is Mode.WALL:
        return wall.lines(board, width, height)
    if board.mode is Mode.TRENDS:
        return trends.lines(board, width, height)
    places = layout(board, width, height)
    drawn = [fit([], width)] * height
    _put(drawn, places.tiny, tiny.lines(board, width, places.tiny.height))
    _put(drawn, places.top, [draw_top.line(board, width)])
    _put(drawn, places.grid, grid.lines(board, width, height))
    aside = () if places.top.height else draw_top.brief(board)
    _put(drawn, places.tabs, [draw_list.tabs(board, width, aside)])
    _put(drawn, places.heading, [draw_list.heading(board, places.heading.width)])
    _put(drawn, places.pinned, [draw_list.pinned(board, places.pinned.width)])
    _put(drawn, places.rows, _rows(board, places))
    _put(drawn, places.help, _help(board, places.help))
    _put_detail(drawn, board, places)
    _put(drawn, places.prompt, prompt.lines(board, width, places.prompt.height))
    _put(drawn, places.foot, foot.lines(board, width, height))
    return drawn


def _put(drawn: list[Line], area: Area, lines: list[Line]) -> None:
    """Lay `lines` on the left edge of the screen at `area`."""
    for y, line in enumerate(lines[: area.height], area.y):
        drawn[y] = line


def _rows(board: Board, places: Layout) -> list[Line]:
    area = places.rows
    if not board.page.total:
        return empty.lines(board, area.width, area.height)
    return draw_list.rows(board, places.first, area.width, area.height)


def _help(board: Board, area: Area) -> list[Line]:
    return _window(_text(board, area.width), board.help_top, area) if area.height else []


def _text(board: Board, width: int) -> list[Line]:
    """What covers the list."""
    drawers = {Mode.REASON: reason.lines, Mode.REPORT: report.lines, Mode.NOTES: notes.lines}
    return drawers.get(board.mode, draw_help.lines)(board, width)


def _put_detail(drawn: list[Line], board: Board, places: Layout) -> None:
    """Under the list, over it, or at its right behind a line."""
    area = places.detail
    if not area.height:
        return
    text = _detail_area(places)
    lines = _window(detail.lines(board, text.width), board.detail_top, text)
    if area.x:
        for y, line in enumerate(lines, area.y):
            drawn[y] = (*drawn[y], ("│ ", "rule"), *line)
        return
    if places.rows.height:
        _put(drawn, area.top(1)[0], [fit([("─" * area.width, "rule")], area.width)])
    _put(drawn, text, [fit([(" ", "text"), *line], places.width) for line in lines])


def _detail_area(places: Layout) -> Area:
    """Where the detail's text is: without the line that parts it from the list."""
    area = places.detail
    if area.x:
        return area.right(area.width - 2)[0]
    inside = area.top(1)[1] if places.rows.height else area
    return inside.right(inside.width - 1)[0]


def _window(lines: list[Line], top: int, area: Area) -> list[Line]:
    """The part of `lines` that `area` shows from `top` on; its last line says how much is below."""
    first = min(max(0, top), max(0, len(lines) - area.height))
    seen = lines[first : first + area.height]
    below = len(lines) - first - len(seen)
    if below and seen:
        seen[-1] = fit([(f" … {below + 1} more lines", "dim")], area.width)
    return [*seen, *[fit([], area.width)] * (area.height - len(seen))]


def scroll_limit(board: Board, width: int, height: int) -> int:
    """The largest `help_top` while a text covers the list, else the largest `detail_top`, that still scrolls."""
    places = layout(board, width, height)
    if board.mode.is_reading:
        return max(0, len(_text(board, places.help.width)) - places.help.height) if places.help.height else 0
    area = _detail_area(places)
    return max(0, len(detail.lines(board, area.width)) - area.height) if places.detail.height else 0
