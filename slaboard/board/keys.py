"""The registry of actions: what each is called, its default keys and what the help says. Pure data.

The app binds these, `?`, the key bar, `slaboard keys` and docs/keys.md print them: nothing else names a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct


class Group(StrEnum):
    """The headings of the help."""

    ACT = "Act on the ticket under the cursor"
    MOVE = "Move"
    CHOOSE = "Choose what is listed"
    PAST = "The past"
    BOARD = "The board"


class Action(Struct, frozen=True):
    """One thing a key does. `keys` are Textual's names; the first is the one the key bar prints.

    An action without a key of its own is in the menu or among the commands, where all are.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    """One word for the key bar."""
    help: str
    """One sentence for the help. Neighbours with the same sentence share a line there."""
    group: Group


ACTIONS = (
    Action("claim", ("c",), "claim", "Claim it: become its owner.", Group.ACT),
    Action("undo", ("u",), "undo", "Take back your last act, for 30 seconds.", Group.ACT),
    Action("release", ("d",), "release", "Release it, with a reason: it needs an owner again.", Group.ACT),
    Action("takeover", ("T",), "take over", "Take it over from its owner, after a question.", Group.ACT),
    Action("menu", ("x",), "more", "What else can be done with it: a menu with a letter each.", Group.ACT),
    Action("engage", (), "engage", "Engage: you work on it with the customer, which stops Resplan.", Group.ACT),
    Action("respond", (), "respond", "Log that the customer was answered, which stops Response.", Group.ACT),
    Action("wait", (), "wait", "Let it wait for the customer or somebody else.", Group.ACT),
    Action("resume", (), "resume", "Go on after waiting.", Group.ACT),
    Action("resolve", (), "resolve", "Resolve it: this judges every clock that still runs.", Group.ACT),
    Action("reopen", (), "reopen", "Open it again after it was resolved or closed.", Group.ACT),
    Action("note", (), "note", "Write an internal note.", Group.ACT),
    Action("priority", (), "priority", "Set its priority.", Group.ACT),
    Action("customer", (), "customer", "Set its customer.", Group.ACT),
    Action("title", (), "title", "Set its title.", Group.ACT),
    Action(
        "mark.toggle", ("space",), "mark", "Mark it, or not any more: acts are done to all that is marked.", Group.ACT
    ),
    Action(
        "mark.invert",
        ("asterisk",),
        "mark all",
        "Mark what is on the screen; unmark what is marked.",
        Group.ACT,
    ),
    Action("mark.clear", ("backslash",), "unmark", "No marks any more.", Group.ACT),
    Action("open", ("enter",), "open", "Open its detail and history; in the grid, list that cell.", Group.ACT),
    Action("copy", ("y",), "copy id", "Copy its id, or those of all that is marked.", Group.ACT),
    Action("browse", ("o",), "browser", "Open its link in the browser, or copy it where there is none.", Group.ACT),
    Action("reason", ("exclamation_mark",), "why", "Explain when it is due, as a sum to check by hand.", Group.ACT),
    Action("move.down", ("j", "down"), "down", "A line down or up.", Group.MOVE),
    Action("move.up", ("k", "up"), "up", "A line down or up.", Group.MOVE),
    Action("move.left", ("h", "left"), "left", "A cell to the left or right in the grid.", Group.MOVE),
    Action("move.right", ("l", "right"), "right", "A cell to the left or right in the grid.", Group.MOVE),
    Action("move.half_down", ("ctrl+d",), "half down", "Half a page down or up.", Group.MOVE),
    Action("move.half_up", ("ctrl+u",), "half up", "Half a page down or up.", Group.MOVE),
    Action("move.page_down", ("pagedown",), "page down", "A page down or up.", Group.MOVE),
    Action("move.page_up", ("pageup",), "page up", "A page down or up.", Group.MOVE),
    Action("move.top", ("g", "home"), "top", "The first or the last.", Group.MOVE),
    Action("move.bottom", ("G", "end"), "bottom", "The first or the last.", Group.MOVE),
    Action("need.next", ("e",), "next need", "The next ticket in need of a claim, or the one before.", Group.MOVE),
    Action("need.previous", ("E",), "back", "The next ticket in need of a claim, or the one before.", Group.MOVE),
    Action("focus.next", ("tab",), "grid", "On to the grid, the list or the detail; back.", Group.MOVE),
    Action("focus.previous", ("shift+tab",), "back", "On to the grid, the list or the detail; back.", Group.MOVE),
    Action("filter", ("slash",), "filter", "Filter while you type; enter keeps it, esc clears it.", Group.CHOOSE),
    Action("tab.next", ("full_stop",), "lists", "The next list, the list before.", Group.CHOOSE),
    Action("tab.previous", ("comma",), "list before", "The next list, the list before.", Group.CHOOSE),
    Action("mine", ("m",), "mine", "My tickets; again: what needs claiming.", Group.CHOOSE),
    Action("zone.green", ("1",), "green", "Only green, yellow, orange or red tickets.", Group.CHOOSE),
    Action("zone.yellow", ("2",), "yellow", "Only green, yellow, orange or red tickets.", Group.CHOOSE),
    Action("zone.orange", ("3",), "orange", "Only green, yellow, orange or red tickets.", Group.CHOOSE),
    Action("zone.red", ("4",), "red", "Only green, yellow, orange or red tickets.", Group.CHOOSE),
    Action("zone.all", ("0",), "all zones", "All zones again.", Group.CHOOSE),
    Action("sort.next", ("s",), "sort", "Sort by the next column; at last what can be saved first.", Group.CHOOSE),
    Action("sort.reverse", ("S",), "turn", "Sort the other way round.", Group.CHOOSE),
    Action("pivot", ("b",), "turn grid", "The grid by priority, customer, owner, board, stage.", Group.CHOOSE),
    Action("clocks", ("t",), "all clocks", "All running clocks in the grid; again: each ticket once.", Group.CHOOSE),
    Action("views", ("v",), "views", "Saved views: pick one, save what is shown, rename, delete.", Group.CHOOSE),
    Action("export", ("X",), "export", "Take the list along: as CSV or NDJSON in a file.", Group.CHOOSE),
    Action("pause", ("p",), "pause", "Order and rows stand still, clocks go on; again: all goes on.", Group.CHOOSE),
    Action(
        "follow",
        ("f",),
        "follow",
        "The cursor stays on this ticket, and its news are told.",
        Group.CHOOSE,
    ),
    Action("zoom", ("z",), "zoom", "The list, or the detail where you are, in the room of both.", Group.CHOOSE),
    Action("past.back", ("left_square_bracket",), "back", "Five minutes back into the past, or on.", Group.PAST),
    Action("past.on", ("right_square_bracket",), "on", "Five minutes back into the past, or on.", Group.PAST),
    Action("past.hour_back", ("left_curly_bracket",), "hour back", "An hour back or on.", Group.PAST),
    Action("past.hour_on", ("right_curly_bracket",), "hour on", "An hour back or on.", Group.PAST),
    Action("past.play", ("P",), "play", "Play the past from here on, or pause it.", Group.PAST),
    Action("past.speed", ("plus",), "speed", "How fast it plays: 1, 5 or 15 minutes a second.", Group.PAST),
    Action("past.now", ("n",), "now", "Back to the present.", Group.PAST),
    Action("acknowledge", ("a",), "seen", "Acknowledge the alert; the next ticket that comes in rings.", Group.BOARD),
    Action("identity", ("i",), "who", "Who acts here: set your name.", Group.BOARD),
    Action("wall", ("w",), "wall", "The wallboard: big numbers for the room, for looking only.", Group.BOARD),
    Action("history", ("H",), "history", "The last weeks: kept, busy hours, today and the usual day.", Group.BOARD),
    Action("reload", ("r", "ctrl+l"), "reload", "Read the store again and repaint the screen.", Group.BOARD),
    Action("commands", ("colon", "ctrl+p"), "commands", "All commands: type a few letters of one.", Group.BOARD),
    Action("mouse", (), "mouse", "The mouse for the board, or for the terminal, to mark text.", Group.BOARD),
    Action("notes", (), "notes", "What was wrong when the board opened, with file and line.", Group.BOARD),
    Action("help", ("question_mark",), "help", "This help, with the keys as they are set.", Group.BOARD),
    Action("back", ("q", "escape"), "quit", "Back one level; on the board itself: quit.", Group.BOARD),
    Action("quit", ("ctrl+c",), "quit", "Pressed twice: quit from anywhere.", Group.BOARD),
)

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}

PRINTED: Mapping[str, str] = {
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "question_mark": "?",
    "slash": "/",
    "full_stop": ".",
    "comma": ",",
    "colon": ":",
    "exclamation_mark": "!",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "plus": "+",
    "asterisk": "*",
    "backslash": "\\",
}
"""What people read for a key of Textual's name."""


def printed(keys: tuple[str, ...]) -> str:
    """`keys` as people read them, a blank between two: `q esc`."""
    return " ".join(PRINTED.get(key, key) for key in keys)


def caps(action: str, effective: Mapping[str, str]) -> str:
    """All keys of `action` as they are set, for the help; empty when it has none."""
    found = effective.get(action)
    return found if found is not None else _shipped(action)


def cap(action: str, effective: Mapping[str, str]) -> str:
    """The one key of `action` that the board prints; empty when it has none."""
    return _first(caps(action, effective))


# A picture asks for 65 of them.
@lru_cache(maxsize=256)
def _shipped(action: str) -> str:
    return printed(BY_ID[action].keys)


@lru_cache(maxsize=256)
def _first(said: str) -> str:
    first = said.split(maxsplit=1)
    return first[0].removesuffix(",") or "," if first else ""
