"""The keys as they are set: the defaults with the person's own over them, and what is wrong with those."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from msgspec import Struct

from slaboard.board.keys import ACTIONS, BY_ID, PRINTED, printed
from slaboard.text import clean

_NAMED = {"enter", "tab", "escape", "space", "backspace", "delete", "insert", "up", "down", "left", "right", "home",
          "end", "pageup", "pagedown"} | {f"f{number}" for number in range(1, 25)}  # fmt: skip
_SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace", "ctrl+[": "escape"}
"""Keys that a terminal cannot tell from others."""
_SHORT = {short: name for name, short in PRINTED.items() if len(short) > 1}
"""What we print of a key may be written, too."""
_RESERVED = {"ctrl+q": "always quits", "ctrl+z": "always suspends", "ctrl+c": "always quits when pressed twice"}
_EATEN = {
    "ctrl+b": "tmux keeps it for itself: it is its prefix where nobody chose another",
    "ctrl+a": "screen keeps it for itself: it is its prefix where nobody chose another",
    "ctrl+s": "many terminals stop their output on it until ctrl+q",
    "ctrl+tab": "many terminals turn to their next tab on it",
    "ctrl+pageup": "many terminals turn to another tab on it",
    "ctrl+pagedown": "many terminals turn to another tab on it",
    "shift+pageup": "many terminals scroll back on it",
    "shift+pagedown": "many terminals scroll back on it",
    "shift+home": "many terminals scroll back on it",
    "shift+end": "many terminals scroll back on it",
    "shift+insert": "many terminals paste on it",
    "f1": "many terminals open their own help on it",
    "f10": "many terminals open their menu on it",
    "f11": "many terminals fill the screen on it",
}
"""Keys that may never arrive: bound all the same, for whoever knows their terminal, and told."""
_RENAMED = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Where Textual's name of a character's key is not its Unicode name."""
_PUNCTUATION = {char for code in range(33, 127) if not (char := chr(code)).isalnum()}


class Keymap(Struct, frozen=True):
    """Which key does what."""

    actions: Mapping[str, str]
    """Action ids by key, as Textual names it."""
    printed: Mapping[str, str]
    """Keys by action id, as people read them."""
    problems: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()
    """Ids of the actions whose keys are not the defaults."""


_NOWHERE: Mapping[str, str] = {}


def keymap(own: Mapping[str, str], places: Mapping[str, str] = _NOWHERE) -> Keymap:
    """The defaults changed by `own`: keys by action id, several parted by blanks, none to take them away.

    `places` says by action id where its keys are written (`config.toml: line 7: `); each problem begins with that.
    """
    problems: list[tuple[str, str]] = []
    chosen: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for action, text in own.items():
        if action not in BY_ID or action == "quit":
            problems.append((action, _unknown(action)))
            continue
        found, flaws = _read(text, taken)
        problems += [(action, f"[keys] {action}: {flaw}") for flaw in flaws]
        if found or not text.strip():
            chosen[action] = tuple(found)
            taken |= dict.fromkeys(found, action)
    problems += _lost(chosen, taken)
    effective = {
        action.id: chosen.get(action.id, tuple(key for key in action.keys if key not in taken)) for action in ACTIONS
    }
    return Keymap(
        {key: action for action, found in effective.items() for key in found},
        {action: printed(found) for action, found in effective.items()},
        tuple(places.get(action, "") + sentence for action, sentence in problems),
        frozenset(chosen),
    )


def _read(text: str, taken: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The keys that `text` gives and nobody else has, and what is wrong with any of them."""
    named = [_named(key) for key in _split(text)]
    flaws = [problem for _, problem in named if problem]
    known = [key for key, problem in named if not problem]
    flaws += [f"{key} is {taken[key]}'s already." for key in known if key in taken]
    found = [key for key in known if key not in taken]
    flaws += [f"{key} may never arrive, for {_EATEN[key]}." for key in found if key in _EATEN]
    return found, flaws


def _split(text: str) -> list[str]:
    return [text] if len(text) == 1 else [key for key in re.split(r"\s+|,\s+", text.strip()) if key]


def _unknown(action: str) -> str:
    if action == "quit":
        return "[keys] quit: ctrl+c pressed twice always quits."
    near = get_close_matches(action[:60], BY_ID, n=1)
    return f"[keys] {clean(action, limit=60)} is no action" + (f"; did you mean {near[0]}?" if near else ".")


def _named(key: str) -> tuple[str, str | None]:
    """Textual's name of `key`, and what is wrong with it."""
    if key in _RESERVED:
        return key, f"{key} {_RESERVED[key]}."
    if key in _SAME:
        return key, f"a terminal sends the same for {key} and {_SAME[key]}."
    if len(key) == 1 and key.isprintable() and key != " ":
        return _name(key), None
    *modifiers, last = key.lower().split("+")
    last = _SHORT.get(last, last)
    is_letter = len(last) == 1 and last.isascii() and last.isalnum()
    known = last in _NAMED or last in {_name(char) for char in _PUNCTUATION}
    if (modifiers in ([], ["shift"]) and known) or (modifiers == ["ctrl"] and (is_letter or known)):
        return "+".join((*modifiers, last)), None
    return key, f"{clean(key, limit=60)} is no key; write a character, or names such as f5, ctrl+e, space."


def _name(char: str) -> str:
    if char.isalnum():
        return char
    name = unicodedata.name(char, char).lower().replace("-", "_").replace(" ", "_")
    return _RENAMED.get(name, name)


def _lost(chosen: Mapping[str, tuple[str, ...]], taken: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A sentence for each action that the person's own keys leave without any, with the action that takes them."""
    for action in ACTIONS:
        if action.keys and action.id not in chosen and all(key in taken for key in action.keys):
            taker = taken[action.keys[0]]
            yield taker, f"[keys] {taker} takes {printed(action.keys)}, so {action.id} has no key left."
