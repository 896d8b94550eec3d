"""Draws the board where there is no room for one: the counts and the next ticket in a single line."""

from __future__ import annotations

from slaboard.board import cells, durations
from slaboard.board.draw import foot, prompt, top
from slaboard.board.draw import keys as draw_keys
from slaboard.board.draw import list as draw_list
from slaboard.board.draw.line import Line, Span, fit, width
from slaboard.board.instant import age
from slaboard.board.state import Board, Mode, Next
from slaboard.ticket import ZONES


def lines(board: Board, into: int, height: int) -> list[Line]:
    """The counts, then what is asked, answered or typed; at most `height` lines."""
    drawn = _summary(board, into)
    if asked := prompt.lines(board, into, height - len(drawn) - 1):
        drawn += [*asked, draw_keys.line(board, into)]
    elif board.outcome is not None or board.vigil.shown is not None or board.mode is Mode.FILTER:
        drawn += foot.lines(board, into, 1)
    return drawn[:height]


def _summary(board: Board, into: int) -> list[Line]:
    """`R 5  O 20  Y 11  next T-10392 1:19`, on a second line where one is too short."""
    lines: list[list[Span]] = [[]]
    for part in _parts(board):
        gap: list[Span] = [("  ", "text")] if lines[-1] else []
        if width((*lines[-1], *gap, *part)) > into and len(lines) == 1 and lines[0]:
            lines.append([*part])
        else:
            lines[-1] += [*gap, *part]
    return [fit(spans, into) for spans in lines]


def _parts(board: Board) -> list[tuple[Span, ...]]:
    parts: list[tuple[Span, ...]] = []
    if board.freshness.is_stale(board.now):
        parts.append(((f"STALE {age(board.freshness.age(board.now))}", "top.stale"),))
    if board.past_at is not None:
        parts.append(((top.past(board, is_roomy=False), "top.past"),))
    if board.paused_at is not None:
        parts.append((("PAUSED", "bar.pause"),))
    elif board.held_new is not None:
        parts.append(tuple((text.strip(), style) for text, style in draw_keys.held(board)))
    for zone in reversed(ZONES[1:]):
        count = "-" if board.grid is None else f"{board.grid.zone(zone)}"
        parts.append(((zone.letter, f"zone.{zone}"), (f" {count}", "strong")))
    if named := draw_list.filter_name(board):
        parts.append(((f"/{cells.cut(named, 12)}", "tab.filter"),))
    if board.grid and board.grid.next:
        found = min(board.grid.next.values(), key=lambda found: found.due_at)
        parts.append((("next ", "dim"), (_next(found, board), "text")))
    return parts


def _next(found: Next, board: Board) -> str:
    left = durations.until_s(found.due_at, board.now, board.calendars.get(found.calendar))
    return f"{cells.safe(found.ticket)} {durations.compact(left)}"
