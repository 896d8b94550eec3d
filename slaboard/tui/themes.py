"""Themes from files, shipped and one's own, and their styles as the terminal's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.style import Style as RichStyle

from slaboard import document
from slaboard.board import theme
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


def styles(wanted: theme.Theme) -> dict[str, RichStyle]:
    """The terminal's style of each style's name; `text` is everything else's."""
    return {name: _rich(wanted.style(name)) for name in theme.STYLES}


def _rich(style: theme.Style) -> RichStyle:
    return RichStyle(
        color=style.fg, bgcolor=style.bg, bold=style.bold, dim=style.dim, reverse=style.reverse,
        underline=style.underline,
    )  # fmt: skip
