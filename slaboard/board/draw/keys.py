"""Draws the key bar: the keys that mean something now, what the held order keeps back, and the position."""

from __future__ import annotations

from functools import lru_cache

from slaboard.board import cells, keys
from slaboard.board.draw.line import Line, Span, spread, width
from slaboard.board.state import Board, Focus, Mode, Prompt
from slaboard.board.views import Filter

_BOARD = ("open", "help", "focus.next", "tab.next", "mine", "reason", "pause", "follow", "identity", "reload")
_EMPTY = ("filter", "help", "tab.next", "identity", "reload")

_UNFILTERED = Filter()
_ROOMY = 60
"""From this width on two blanks part one key from the next; below, one does and there are more keys."""
Item = tuple[str, str]
"""A key as printed, and what it does here."""


def line(board: Board, into: int) -> Line:
    """As many keys as fit; what is new and the help are always among them."""
    items = tuple((key, label) for key, label in _items(board, into) if key)
    return _line(items, _new(board), _place(board), _asks(board) or board.focus is not Focus.LIST, into)


@lru_cache(maxsize=8)
def _line(items: tuple[Item, ...], new: tuple[Span, ...], place: tuple[Span, ...], is_aside: bool, into: int) -> Line:
    gap = " " if into >= _ROOMY else ""
    if is_aside and width((*new, *place)) + sum(width(_spans(gap, item)) for item in items) > into:
        place = ()  # the question or the list says it too
    room = into - width((*new, *place))
    missing = [item for item in items if item[1] == keys.BY_ID["help"].label]
    spans: list[Span] = []
    for item in items:
        still = [other for other in missing if other != item]
        if width((*spans, *_spans(gap, item, *still))) <= room:
            spans += _spans(gap, item)
            missing = still
    return spread(spans, (*new, *place), into)


def _spans(gap: str, *items: Item) -> tuple[Span, ...]:
    return tuple(span for key, label in items for span in ((f" {key}", "key.cap"), (f" {label}{gap}", "key.label")))


def _new(board: Board) -> tuple[Span, ...]:
    """At every size: a list that holds still must say so."""
    marked: tuple[Span, ...] = ((f" {len(board.marks)} marked ", "key.new"),) if board.marks else ()
    if board.follow is not None:
        marked = (*marked, (f" follows {cells.cut(board.follow, 12)} ", "key.new"))
    if board.held_new == 0 and board.paused_at is None:
        # Where hands are elsewhere the way back comes first.
        is_apart = board.mode.is_asking or board.mode.is_reading or board.focus is not Focus.LIST
        return marked if is_apart else (*marked, ("  ", "text"), *held(board))
    return (*marked, *held(board))


def held(board: Board) -> tuple[Span, ...]:
    """What the held order keeps back: loud as soon as there is something."""
    if board.held_new is None or board.paused_at is not None:
        return ()
    return ((f" +{board.held_new} new ", "key.new"),) if board.held_new else (("held ", "dim"),)


def _place(board: Board) -> tuple[Span, ...]:
    """`5/46`, or which ticket the question is bound to."""
    if board.prompt and _asks(board):
        more = len(board.prompt.more)
        what = f"{more + 1} tickets" if more else cells.cut(board.prompt.ticket, 16)
        return ((f" locked to {what} ", "dim"),) if board.prompt.ticket else ()
    total = board.page.total
    if not total or board.mode.is_reading:
        return ()
    return ((f" {board.cursor_index + 1}/{total} " if board.cursor is not None else f" {total} ", "dim"),)


def _asks(board: Board) -> bool:
    return board.prompt is not None and board.mode.is_asking


def can_act(board: Board) -> bool:
    """False where every act would be refused: its keys are hidden, not dim."""
    return not (board.read_only or board.past_at is not None or board.freshness.is_stale(board.now))


def _items(board: Board, into: int) -> list[Item]:
    """The keys that mean something now, the most useful first."""
    if board.mode is Mode.FILTER:
        return [("enter", "keep"), ("esc", "clear"), ("down up", "move while typing")]
    if board.prompt and _asks(board):
        return _answers(board, board.prompt, is_roomy=into >= _ROOMY)
    back = keys.cap("back", board.keys)
    arrows = f"{keys.cap('move.down', board.keys)} {keys.cap('move.up', board.keys)}"
    if board.mode is Mode.NOTES:
        return [("any other key" if into >= _ROOMY else "other keys", "close"), (arrows, "scroll")]
    if board.mode.is_reading:
        return [(back, "close"), (arrows, "scroll")]
    if board.detail_open or board.focus is Focus.DETAIL:
        acts = _acts(board, "claim", "menu")
        return [(back, "close"), *acts[:1], (arrows, "scroll"), *acts[1:], *_named(board, "help")]
    if board.focus is Focus.GRID:
        around = f"{keys.cap('move.left', board.keys)} {arrows} {keys.cap('move.right', board.keys)}"
        return [
            (keys.cap("open", board.keys), "list it"),
            (keys.cap("focus.next", board.keys), "back to list" if into >= _ROOMY else "back"),
            (around, "move"),
            *_named(board, "pivot", "clocks", "help"),
        ]
    if board.past_at is not None:
        return _through_time(board)
    if not board.page.total:
        others, leaving = _named(board, *_EMPTY), (back, _backwards(board))
        return [*others, leaving] if leaving[1] == "quit" else [leaving, *others]
    return [
        *_acts(board, "claim"),
        *_named(board, "filter"),
        *_acts(board, "menu"),
        *_named(board, *_BOARD),
        (back, _backwards(board)),
        *_acts(board, "mark.toggle", "release", "takeover"),
    ]


def _backwards(board: Board) -> str:
    """What going back does here: it ends one thing after the other, and quits only where nothing is left to end."""
    if board.marks:
        return "unmark"
    if board.paused_at is not None:
        return "go on"
    if board.follow is not None:
        return "unfollow"
    return "quit" if board.view.filter == _UNFILTERED and not board.filter_text else "clear filter"


def _through_time(board: Board) -> list[Item]:
    steps = f"{keys.cap('past.back', board.keys)} {keys.cap('past.on', board.keys)}"
    play = (keys.cap("past.play", board.keys), "pause" if board.past_speed else "play")
    now = keys.cap("past.now" if board.past_only else "back", board.keys)
    leave = _named(board, "back") if board.past_only else []
    others = _named(board, "past.speed", "open", "help", "filter", "focus.next", "tab.next", "reason")
    first = [play, (steps, "5 min")] if board.past_speed else [(steps, "5 min"), play]
    return [*first, (now, "now"), *others, *leave]


def _answers(board: Board, prompt: Prompt, *, is_roomy: bool) -> list[Item]:
    mode = board.mode
    if mode is Mode.NAME:
        return [("enter", "take this name" if is_roomy else "done"), ("esc", "cancel")]
    if mode is Mode.COMMANDS:
        return [("enter", "do it"), ("esc", "close"), ("up down", "choose")]
    if mode in (Mode.VIEWS, Mode.EXPORT):
        return _of_views(prompt, has_any=bool(board.views or board.team_views))
    if mode is Mode.PIN:
        return [*([] if prompt.is_checked else [("enter", "prove it")]), ("q", "cancel")]
    if mode is Mode.TEXT:
        return [("enter", "done"), ("esc", "cancel"), *([("tab", "next")] if prompt.choices else [])]
    if mode is Mode.CONFIRM:
        return [("y", "take over"), ("n", "leave it")]
    if mode is Mode.MENU:
        return [("q", "cancel")]
    ago = f", {max(0, prompt.last_age_s)}s ago" if is_roomy else ""
    last = [("enter", f"{cells.cut(prompt.last, 12)}{ago}")] if prompt.last else []
    return [("q", "cancel"), *last, ("/", "type a name" if is_roomy else "name")]


def _of_views(prompt: Prompt, *, has_any: bool) -> list[Item]:
    if prompt.verb == "views":
        saves = [("s", "save mine"), ("t", "save team's")]
        changes = [("r", "rename"), ("d", "delete")]
        return [("enter", "show"), ("q", "close"), *saves, *changes] if has_any else [("q", "close"), *saves]
    if prompt.verb == "export":
        return [("enter", "write it"), ("esc", "cancel"), ("tab", "CSV or NDJSON")]
    if prompt.verb == "views.delete":
        return [("y", "delete"), ("n", "leave it")]
    return [("enter", "done"), ("esc", "cancel")]


def _acts(board: Board, *actions: str) -> list[Item]:
    return _named(board, *actions) if can_act(board) else []


def _named(board: Board, *actions: str) -> list[Item]:
    return [(keys.cap(action, board.keys), keys.BY_ID[action].label) for action in actions]
