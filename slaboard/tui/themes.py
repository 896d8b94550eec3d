"""Themes from files, shipped and one's own, and their styles as the terminal's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from slaboard import document
from slaboard.board import theme
from slaboard.board.line import Line
from slaboard.resources import config_dir, shipped
from slaboard.text import clean

DEFAULT = "dark"


def themes() -> dict[str, Path]:
    """Theme files by name; a person's own wins over a shipped one of that name."""
    return {path.stem: path for folder in _folders() for path in sorted(folder.glob("*.toml"))}


def _folders() -> Iterator[Path]:
    yield shipped("themes")
    yield config_dir() / "themes"


def load(name: str) -> tuple[theme.Theme, list[str]]:
    """The theme of that name (else the default one, else none), and a sentence for each thing that is wrong."""
    try:
        found = themes()
    except OSError as error:
        return theme.PLAIN, [f"The themes cannot be read: {error}."]
    if name not in found:
        known = ", ".join(sorted(found))
        instead, problems = load(DEFAULT) if name != DEFAULT and DEFAULT in found else (theme.PLAIN, [])
        return instead, [f"There is no theme {clean(name)}; there are {known}.", *problems]
    try:
        return theme.parse(document.read(found[name], "The theme", named=False), name=name)
    except document.Unreadable as error:
        instead, _ = load(DEFAULT) if name != DEFAULT else (theme.PLAIN, [])
        return instead, [str(error)]


class Palette:
    """A theme's styles for the terminal. A line's strip is made once for as long as it is on the screen."""

    def __init__(self, wanted: theme.Theme) -> None:
        self._styles = {name: _rich(wanted.style(name)) for name in theme.STYLES}
        self._plain = _rich(wanted.style("text"))
        self.strip = lru_cache(maxsize=512)(self._strip)

    def _strip(self, line: Line, width: int) -> Strip:
        return Strip([Segment(text, self._styles.get(name, self._plain)) for text, name in line], width)


def _rich(style: theme.Style) -> RichStyle:
    return RichStyle(
        color=style.fg, bgcolor=style.bg, bold=style.bold, dim=style.dim, reverse=style.reverse,
        underline=style.underline,
    )  # fmt: skip
