"""Themes: what each style name of the board looks like, read from a file that anybody may write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from slaboard import toml
from slaboard.text import clean
from slaboard.toml import KeyPath, Problem, Written, shown

STYLES: Mapping[str, str] = {
    "text": "everything else",
    "dim": "what may be overlooked",
    "strong": "what should be read first",
    "head": "headings of columns and parts",
    "rule": "lines between parts",
    "top.name": "the store's name",
    "top.live": "the data is fresh",
    "top.stale": "the data is old: loud",
    "top.past": "a moment of the past is shown: loud",
    "top.clock": "the time",
    "top.who": "who acts here",
    "top.nobody": "nobody acts here",
    "top.readonly": "nothing can be changed here",
    "grid.label": "the name of a row",
    "grid.zero": "a count of none",
    "grid.green": "tickets in green",
    "grid.yellow": "tickets in yellow",
    "grid.orange": "tickets in orange",
    "grid.red": "tickets in red",
    "grid.sum": "a sum",
    "grid.cursor": "the cell under the cursor",
    "tab.active": "the list that is shown",
    "tab.idle": "the other lists",
    "tab.filter": "the filter that is on",
    "zone.green": "a green chip",
    "zone.yellow": "a yellow chip",
    "zone.orange": "an orange chip",
    "zone.red": "a red chip",
    "ink.green": "a green countdown",
    "ink.yellow": "a yellow countdown",
    "ink.orange": "an orange countdown",
    "ink.red": "a red countdown",
    "row.note": "waiting, closed, no SLA",
    "row.mark": "a later clock is worse",
    "row.mine": "the acting person's own name",
    "cursor.here": "the row the keys act on",
    "cursor.away": "the same while the keys move something else",
    "key.cap": "a key",
    "key.label": "what it does",
    "key.new": "how many are new while the order holds",
    "bar.ok": "it is done",
    "bar.lost": "it is not done",
    "bar.wait": "not yet, or ask again",
    "bar.stale": "the store does not answer",
    "prompt.title": "a question's heading",
    "prompt.key": "a letter that answers it",
    "prompt.input": "what is being typed",
}
"""Every style name the board draws with, and what it stands for."""

CHIPS = frozenset(f"{kind}.{zone}" for kind in ("zone", "grid") for zone in ("green", "yellow", "orange", "red"))
READABLE = 4.5
"""WCAG 2.2, 1.4.3: contrast below this is not readable for everybody."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks. A colour is `#rrggbb`; None is the terminal's own."""

    fg: str | None = None
    bg: str | None = None
    bold: bool = False
    dim: bool = False
    reverse: bool = False
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Theme:
    """A name, what ground it is made for, and a style for every name in `STYLES`."""

    name: str
    dark: bool = True
    styles: Mapping[str, Style] = field(default_factory=dict)

    def style(self, name: str) -> Style:
        """The style of `name`; plain text for a name it does not know."""
        return self.styles.get(name, _TEXT)


_TEXT = Style()
_BOLD = Style(bold=True)
_LOUD = Style(bold=True, reverse=True)
PLAIN = Theme(
    "plain",
    styles=dict.fromkeys(STYLES, _TEXT)
    | dict.fromkeys(("strong", "head", "top.name", "tab.active", "key.cap", "prompt.key", "row.mark"), _BOLD)
    | dict.fromkeys(("top.stale", "top.past", "bar.lost", "bar.stale", "cursor.here", "grid.cursor"), _LOUD)
    | dict.fromkeys(("zone.orange", "zone.red", "grid.orange", "grid.red"), _LOUD)
    | dict.fromkeys(("ink.orange", "ink.red", "prompt.title", "bar.ok", "bar.wait", "key.new"), _BOLD),
)
"""No colour and no grey: for NO_COLOR, for what a theme leaves out, and when there is none."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
_ATTRIBUTES = ("bold", "dim", "reverse", "underline")
_TOP_KEYS = ("name", "dark", "styles")


def parse(text: str, *, name: str = "theme") -> tuple[Theme, list[str]]:
    """The theme that `text` (TOML) describes, and a sentence for each thing that is wrong with it. Never raises.

    A style is words as in `"bold #000000 on #ff8700"`; `default` is the terminal's own colour. What is missing or
    wrong looks as in `PLAIN`; chips that nobody can read are reported.
    """
    written = toml.parse(text)
    if isinstance(written, Problem):
        return Theme(name, styles=PLAIN.styles), [f"{clean(name)}: {written}."]
    theme, problems = _theme(written, name)
    return theme, [f"{clean(name)}: {problem}." for problem in problems]


def _theme(written: Written, name: str) -> tuple[Theme, list[Problem]]:
    data = written.values
    known = f"there are {', '.join(_TOP_KEYS)}"
    problems = [
        written.problem((key,), f"{_name(key)} is no key of a theme", known) for key in data if key not in _TOP_KEYS
    ]
    title, dark, tables = data.get("name", name), data.get("dark", True), data.get("styles", {})
    for key, value, kind, right in (
        ("name", title, str, "name must be one text in quotes"),
        ("dark", dark, bool, "dark must be true or false"),
        ("styles", tables, dict, "styles must be a table"),
    ):
        if not isinstance(value, kind):
            problems.append(written.problem((key,), f"{key} = {shown(value)} is not used", right))
    given = _flat(tables if isinstance(tables, dict) else {})
    styles = dict(PLAIN.styles)
    for keys, value in given.items():
        style, found = _style(".".join(keys), value)
        problems += [written.problem(("styles", *keys), *found)] if found else []
        styles |= {".".join(keys): style} if style else {}
    there = {".".join(keys) for keys in given}
    right = 'write a line such as {} = "bold #000000 on #ff8700" under [styles]'
    problems += [
        Problem(None, f"the style {key} ({STYLES[key]}) is missing", right.format(key))
        for key in STYLES
        if key not in there
    ]
    return Theme(title if isinstance(title, str) else name, dark is not False, styles), problems


def _name(key: str) -> str:
    return clean(key, limit=60)


def _flat(table: Mapping[str, Any]) -> dict[KeyPath, Any]:
    """`{"zone": {"red": x}}` as `{("zone", "red"): x}`."""
    flat: dict[KeyPath, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= {(key, inner): style for inner, style in value.items()}
        else:
            flat[key,] = value
    return flat


Flaw = tuple[str, str]
"""What is wrong, and what would be right."""


def _style(key: str, value: object) -> tuple[Style | None, Flaw | None]:
    """The style and what is wrong with it; a chip that is hard to read is a problem and is used all the same."""
    if key not in STYLES:
        near = get_close_matches(key[:60], STYLES, n=1)
        return None, (
            f"{_name(key)} is no style of the board",
            f"perhaps {near[0]} is meant" if near else "leave it out",
        )
    if not isinstance(value, str):
        return None, (f"{key} = {shown(value)} is no style", f'{key} must be a text such as "bold #000000 on #ff8700"')
    colours: list[str | None] = [None, None]
    ground, attributes = 0, dict.fromkeys(_ATTRIBUTES, False)
    for word in value.split():
        if word in attributes:
            attributes[word] = True
        elif word == "on":
            ground = 1
        elif word == "default" or _COLOUR.match(word):
            colours[ground] = None if word == "default" else word.lower()
        else:
            right = f"write #rrggbb, default, on, or any of {', '.join(_ATTRIBUTES)}"
            return None, (f"{key}: {shown(word)} is no colour and no attribute", right)
    style = Style(colours[0], colours[1], **attributes)
    return style, _unreadable(key, style)


def _unreadable(key: str, style: Style) -> Flaw | None:
    """What is wrong with a text that cannot be read on its own ground."""
    if style.fg is None or style.bg is None or (ratio := contrast(style.fg, style.bg)) >= READABLE:
        return None
    return f"{key}: {style.fg} on {style.bg} has a contrast of {ratio:.1f}:1", f"from {READABLE}:1 on it can be read"


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two `#rrggbb` colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """WCAG 2.2: relative luminance."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
