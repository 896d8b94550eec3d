"""Themes: what each style name of the board looks like, read from a file that anybody may write."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

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
    "bar.pause": "the list stands still because somebody wants it to",
    "prompt.title": "a question's heading",
    "prompt.key": "a letter that answers it",
    "prompt.input": "what is being typed",
}
"""Every style name the board draws with, and what it stands for."""

CHIPS = frozenset(f"{kind}.{zone}" for kind in ("zone", "grid") for zone in ("green", "yellow", "orange", "red"))
READABLE = 4.5
"""WCAG 2.2, 1.4.3: contrast below this is not readable for everybody."""


class Style(Struct, frozen=True):
    """How a text looks. A colour is `#rrggbb` or one of `TERMINAL`; None is the terminal's own default."""

    fg: str | None = None
    bg: str | None = None
    bold: bool = False
    dim: bool = False
    reverse: bool = False
    underline: bool = False


class Theme(Struct, frozen=True):
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
    | dict.fromkeys(
        ("top.stale", "top.past", "bar.lost", "bar.stale", "bar.pause", "cursor.here", "grid.cursor"), _LOUD
    )
    | dict.fromkeys(("zone.orange", "zone.red", "grid.orange", "grid.red"), _LOUD)
    | dict.fromkeys(("ink.orange", "ink.red", "prompt.title", "bar.ok", "bar.wait", "key.new"), _BOLD),
)
"""No colour and no grey: for NO_COLOR, for what a theme leaves out, and when there is none."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
_HUES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
TERMINAL = frozenset((*_HUES, *(f"bright_{hue}" for hue in _HUES)))
"""The terminal's own 16 colours, whatever it makes of them."""
_ATTRIBUTES = ("bold", "dim", "reverse", "underline")
_TOP_KEYS = ("name", "dark", "ground", "like", "styles")
_EXAMPLE = '"bold #000000 on #ff8700"'

Find = Callable[[str], Theme | None]
"""The shipped theme of a name."""


class Parsed(Struct, frozen=True):
    """What a theme's file gives."""

    theme: Theme | None
    """None where something in the file cannot be used: half a theme may hide what is urgent."""
    problems: tuple[str, ...] = ()
    """A sentence each, with the line; also of chips that are used although nobody can read them."""


def parse(text: str, *, name: str = "theme", find: Find = lambda name: None) -> Parsed:
    """The theme that `text` (TOML) describes. Never raises.

    A style is words as in `"bold #000000 on #ff8700"`; `default` is the terminal's own colour, or the theme's `ground`.
    What is not written looks as in the shipped theme that it is `like`: `dark` or `light` where it names none.
    """
    written = toml.parse(text)
    if isinstance(written, Problem):
        return Parsed(None, (f"{written}.",))
    broken: list[Problem] = []
    top = _top(written, broken)
    base = _base(written, top, find, broken)
    styles = {key: _grounded(style, top["ground"]) for key, style in base.styles.items()}
    doubts = []
    for keys, value in _flat(top["styles"]).items():
        key = ".".join(keys)
        style = _style(key, value)
        if not isinstance(style, Style):
            broken.append(written.problem(("styles", *keys), *style))
            continue
        styles[key] = _grounded(style, top["ground"])
        if found := _unreadable(key, styles[key]):
            doubts.append(written.problem(("styles", *keys), *found))
    problems = sorted((*broken, *doubts), key=lambda problem: problem.line or 0)
    theme = None if broken else Theme(top["name"] or name, base.dark if top["dark"] is None else top["dark"], styles)
    return Parsed(theme, tuple(f"{problem}." for problem in problems))


def _top(written: Written, broken: list[Problem]) -> dict[str, Any]:
    """The values of all top keys, those that cannot be used as if nobody had written them."""
    defaults: dict[str, Any] = {"name": "", "dark": None, "ground": None, "like": None, "styles": {}}
    rights = {
        "name": "name must be one text in quotes",
        "dark": "dark must be true or false",
        "ground": 'ground must be a colour such as "#1e1e1e"',
        "like": "like must be the name of a shipped theme, in quotes",
        "styles": "styles must be a table",
    }
    kinds = {"dark": bool, "styles": dict}
    for key, value in written.values.items():
        if key not in defaults:
            known = f"there are {', '.join(_TOP_KEYS)}"
            broken.append(written.problem((key,), f"{_name(key)} is no key of a theme", known))
        elif isinstance(value, kinds.get(key, str)) and (key != "ground" or _COLOUR.match(str(value))):
            defaults[key] = value
        else:
            broken.append(written.problem((key,), f"{key} = {shown(value)} is not used", rights[key]))
    return defaults


def _base(written: Written, top: Mapping[str, Any], find: Find, broken: list[Problem]) -> Theme:
    """What styles look like that the file leaves out."""
    found = find(top["like"] or ("light" if top["dark"] is False else "dark"))
    if top["like"] is not None and found is None:
        right = "give the name of a shipped theme, such as dark or light"
        broken.append(written.problem(("like",), f"there is no shipped theme {_name(top['like'])}", right))
    return found or PLAIN


def _grounded(style: Style, ground: str | None) -> Style:
    """`style` on the theme's own ground where it has none."""
    return style if style.bg is not None or ground is None else replace(style, bg=ground.lower())


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


def _style(key: str, value: object) -> Style | Flaw:
    """The style that `value` says, or what is wrong with it."""
    if key not in STYLES:
        near = get_close_matches(key[:60], STYLES, n=1)
        return f"{_name(key)} is no style of the board", f"perhaps {near[0]} is meant" if near else "leave it out"
    if not isinstance(value, str):
        return f"{key} = {shown(value)} is no style", f"{key} must be a text such as {_EXAMPLE}"
    colours: list[str | None] = [None, None]
    ground, attributes = 0, dict.fromkeys(_ATTRIBUTES, False)
    for word in value.split():
        if word in attributes:
            attributes[word] = True
        elif word == "on":
            ground = 1
        elif word == "default" or word in TERMINAL or _COLOUR.match(word):
            colours[ground] = None if word == "default" else word.lower()
        else:
            known = f"write #rrggbb, default, red or bright_red and the like, on, or any of {', '.join(_ATTRIBUTES)}"
            return f"{key}: {shown(word)} is no colour and no attribute", known
    return Style(colours[0], colours[1], **attributes)


def _unreadable(key: str, style: Style) -> Flaw | None:
    """What is wrong with a text that cannot be read on its own ground; the terminal's colours are not ours to judge."""
    fg, bg = style.fg, style.bg
    if key == "rule" or not (fg and bg and fg.startswith("#") and bg.startswith("#")):
        return None
    if (ratio := contrast(fg, bg)) >= READABLE:
        return None
    return f"{key}: {fg} on {bg} has a contrast of {ratio:.1f}:1", f"from {READABLE}:1 on it can be read"


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two `#rrggbb` colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """WCAG 2.2: relative luminance."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
