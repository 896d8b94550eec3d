"""The person's own settings: which store, who they are, theme and keys; each from the nearest place that says so."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slaboard import document, toml
from slaboard.address import config_file, default, nearest, path_of
from slaboard.text import cap, clean

USER_VARIABLE = "SLABOARD_USER"
_TEXTS = ("store", "name", "theme", "timezone")
_FLAGS = ("shared", "mouse")


@dataclass(frozen=True, slots=True)
class Config:
    """What `config.toml` says."""

    path: Path
    store: str | None = None
    name: str | None = None
    theme: str | None = None
    timezone: str | None = None
    shared: bool = False
    mouse: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by action id, as in `[keys]`."""
    problems: tuple[str, ...] = ()
    """What could not be used: told at start and by `doctor`, never fatal."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one board is opened with, after the command line, the environment and the config file were asked."""

    store: Path
    store_from: str = "command line"
    """Where the store's path came from, for people who wonder."""
    person: str | None = None
    """Who acts here; None when nobody said, and then the board asks once."""
    shared: bool = False
    read_only: bool = False
    theme: str = "dark"
    timezone: str | None = None
    """The zone instants are shown in; None for this machine's."""
    past_at: int | None = None
    mouse: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def load(path: Path | None = None) -> Config:
    """The config file as values; a missing one is empty, a broken one is empty and says why in `problems`."""
    path = path or config_file()
    try:
        found = toml.parse(document.read(path, named=False))
    except document.Missing:
        return Config(path)
    except document.Unreadable as error:
        return Config(path, problems=(f"{error} None of its settings is used",))
    if isinstance(found, toml.Problem):
        return Config(path, problems=(f"{path} cannot be read: {found}. None of its settings is used",))
    problems: list[toml.Problem] = []
    values: dict[str, Any] = {}
    for key, value in found.values.items():
        if right := _right(key, value):
            problems.append(found.problem((key,), f"{clean(key, limit=60)} = {toml.shown(value)} is not used", right))
        else:
            values[key] = value
    keys = values.get("keys", {})
    problems += [
        found.problem(("keys", key), f"[keys] {clean(key, limit=60)} = {toml.shown(value)} is not used", _KEYS_RIGHT)
        for key, value in keys.items()
        if not isinstance(value, str)
    ]
    values["keys"] = {key: value for key, value in keys.items() if isinstance(value, str)}
    return Config(path, **values, problems=tuple(f"{path}: {problem}" for problem in problems))


_KEYS_RIGHT = 'write the keys as one text, such as "c" or "f5 ctrl+e"'


def _right(key: str, value: object) -> str | None:
    """What would be right for a setting; None when it is."""
    if key in _TEXTS and not isinstance(value, str):
        return "write one text in quotes"
    if key in _FLAGS and not isinstance(value, bool):
        return "write true or false, without quotes"
    if key == "keys" and not isinstance(value, dict):
        return "write [keys] above the lines of keys"
    if key not in (*_TEXTS, *_FLAGS, "keys"):
        return f"there are {', '.join((*_TEXTS, *_FLAGS))} and [keys]"
    return None if key != "timezone" or _is_zone(str(value)) else 'give the name of a zone, such as "Europe/Berlin"'


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        return bool(ZoneInfo(name))
    except (LookupError, ValueError, OSError):  # OSError: "Europe" is a folder
        return False


def store_path(option: str | None, config: Config) -> tuple[Path, str]:
    """Which store, and who said so: --store, SLABOARD_STORE, the config file, or the user data folder."""
    if (found := nearest(option)) is not None:
        return found
    if config.store:
        return path_of(config.store, str(config.path)), str(config.path)
    return default(), "the user data folder"


def person(option: str | None, config: Config, team: tuple[str, ...] = ()) -> str | None:
    """Who acts: --as, SLABOARD_USER, the config file, or the login name if it is on the roster; else None."""
    for text in (option, os.environ.get(USER_VARIABLE), config.name):
        if text:
            return cap(text)
    login = os.environ.get("USER") or os.environ.get("LOGNAME") or ""
    return next((name for name in team if name.lower() == login.lower()), None) if login else None
