"""The keys as they are set: the defaults with the person's own over them, and what is wrong with those."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from slaboard.board.keys import ACTIONS, BY_ID, printed
from slaboard.text import clean

_NAMED = {"enter", "tab", "escape", "space", "backspace", "delete", "insert", "up", "down", "left", "right", "home",
          "end", "pageup", "pagedown"} | {f"f{number}" for number in range(1, 25)}  # fmt: skip
_SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace", "ctrl+[": "escape"}
"""Keys that a terminal cannot tell from others."""
_RESERVED = {"ctrl+q": "always quits", "ctrl+z": "always suspends", "ctrl+c": "always quits when pressed twice"}
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


@dataclass(frozen=True, slots=True)
class Keymap:
    """Which key does what."""

    actions: Mapping[str, str]
    """Action ids by key, as Textual names it."""
    printed: Mapping[str, str]
    """Keys by action id, as people read them."""
    problems: tuple[str, ...] = ()


def keymap(own: Mapping[str, str]) -> Keymap:
    """The defaults changed by `own`: keys by action id, several parted by blanks, none to take them away."""
    problems: list[str] = []
    chosen: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for action, text in own.items():
        if action not in BY_ID or action == "quit":
            problems.append(_unknown(action))
            continue
        named = [_named(key) for key in _split(text)]
        problems += [f"[keys] {action}: {problem}" for _, problem in named if problem]
        found = [key for key, problem in named if key and not problem]
        problems += [f"[keys] {action}: {key} is {taken[key]}'s already." for key in found if key in taken]
        found = [key for key in found if key not in taken]
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
        tuple(problems),
    )


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
    is_letter = len(last) == 1 and last.isascii() and last.isalnum()
    known = last in _NAMED or last in {_name(char) for char in _PUNCTUATION}
    if (modifiers in ([], ["shift"]) and known) or (modifiers == ["ctrl"] and (is_letter or known)):
        return key.lower(), None
    return key, f"{clean(key, limit=60)} is no key; write a character, or names such as f5, ctrl+e, space."


def _name(char: str) -> str:
    if char.isalnum():
        return char
    name = unicodedata.name(char, char).lower().replace("-", "_").replace(" ", "_")
    return _RENAMED.get(name, name)


def _lost(chosen: Mapping[str, tuple[str, ...]], taken: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each action that the person's own keys leave without any."""
    for action in ACTIONS:
        if action.id not in chosen and all(key in taken for key in action.keys):
            yield f"[keys] {taken[action.keys[0]]} takes {printed(action.keys)}, so {action.id} has no key left."
