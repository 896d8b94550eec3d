"""Theme files: those shipped and a person's own, found by name and read whole or not at all."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from slaboard.board import theme
from slaboard.host import document
from slaboard.resources import config_dir, shipped
from slaboard.text import clean

DEFAULT = "dark"


class ThemeFile(Struct, frozen=True):
    """One theme's file."""

    name: str
    path: Path
    is_own: bool
    """It is in the person's own folder, not shipped."""


def own_folder() -> Path:
    """Where a person's own themes are: beside the config file."""
    return config_dir() / "themes"


def theme_files() -> dict[str, ThemeFile]:
    """Theme files by name; a person's own wins over a shipped one of that name. Raises OSError."""
    found = {}
    for folder, is_own in ((shipped("themes"), False), (own_folder(), True)):
        for path in sorted(folder.glob("*.toml")):
            found[path.stem] = ThemeFile(path.stem, path, is_own)
    return found


def read(file: ThemeFile) -> theme.Parsed:
    """What its file gives; every problem names the file."""
    try:
        text = document.read(file.path, "The theme", named=False)
    except document.Unreadable as error:
        return theme.Parsed(None, (str(error),))
    find = _shipped if file.is_own else _nothing
    found = theme.parse(text, name=file.name, find=find)
    place = clean(str(file.path)) if file.is_own else clean(file.name)
    return theme.Parsed(found.theme, tuple(f"{place}: {problem}" for problem in found.problems))


def load(name: str, place: str = "") -> tuple[theme.Theme, list[str]]:
    """The theme of that name, else the default one, else none; and a sentence for each thing that is wrong.

    `place` says where the name is written, for when there is no such theme: `config.toml: line 3: `.
    """
    try:
        found = theme_files()
    except OSError as error:
        return theme.PLAIN, [f"The themes cannot be read: {clean(str(error))}."]
    if name not in found:
        known = ", ".join(sorted(found))
        return _default(), [f"{place}There is no theme {clean(name)}; there are {clean(known)}. {_instead()}"]
    parsed = read(found[name])
    if parsed.theme is None:
        return _default(), [*parsed.problems[:-1], f"{parsed.problems[-1]} {_instead()}"]
    return parsed.theme, list(parsed.problems)


def _default() -> theme.Theme:
    """The shipped default: a file of a person's own cannot break it."""
    return _shipped(DEFAULT) or theme.PLAIN


def _instead() -> str:
    return f"The theme {DEFAULT} is used instead."


def _nothing(name: str) -> None:
    """A shipped theme is whole: it is like no other, and reading that one would take as long again."""


def _shipped(name: str) -> theme.Theme | None:
    """A shipped theme; None where there is none of that name."""
    path = shipped("themes") / f"{name}.toml"
    if not name.replace("-", "").isalnum() or not path.is_file():
        return None
    try:
        return theme.parse(document.read(path, "The theme", named=False), name=name).theme
    except document.Unreadable:
        return None
