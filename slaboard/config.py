"""The person's own settings: which store, who they are, theme and keys; each from the nearest place that says so."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from slaboard.errors import UsageError
from slaboard.resources import config_dir, data_dir

STORE_VARIABLE = "SLABOARD_STORE"
USER_VARIABLE = "SLABOARD_USER"
_TEXTS = ("store", "name", "theme", "timezone")


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
    path = path or config_dir() / "config.toml"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Config(path)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Config(path, problems=(f"{path} cannot be read, so its settings are not used: {error}",))
    problems: list[str] = []
    values: dict[str, str | bool | dict[str, str]] = {}
    for key, value in found.items():
        if (key in _TEXTS and isinstance(value, str)) or (key in ("shared", "mouse") and isinstance(value, bool)):
            values[key] = value
        elif key == "keys" and isinstance(value, dict):
            values["keys"] = {str(action): str(text) for action, text in value.items()}
        else:
            known = ", ".join((*_TEXTS, "shared", "mouse", "[keys]"))
            problems.append(f"{path}: {key} is not a setting, or not of its type, and is not used; there are: {known}")
    return Config(path, **values, problems=tuple(problems))  # type: ignore[arg-type]


def store_path(option: str | None, config: Config) -> tuple[Path, str]:
    """Which store, and who said so: --store, SLABOARD_STORE, the config file, or the user data folder."""
    for text, place in (
        (option, "command line"),
        (os.environ.get(STORE_VARIABLE), STORE_VARIABLE),
        (config.store, str(config.path)),
    ):
        if text:
            if "\0" in text:
                raise UsageError("A store's path has no NUL character. Name another with --store.")
            try:
                return Path(text).expanduser(), place
            except RuntimeError:
                raise UsageError(
                    f"The store's path {text} (from {place}) names the home of nobody known here."
                ) from None
    return data_dir() / "board.db", "the user data folder"


def person(option: str | None, config: Config, team: tuple[str, ...] = ()) -> str | None:
    """Who acts: --as, SLABOARD_USER, the config file, or the login name if it is on the roster; else None."""
    for text in (option, os.environ.get(USER_VARIABLE), config.name):
        if text:
            return text
    login = os.environ.get("USER") or os.environ.get("LOGNAME") or ""
    return next((name for name in team if name.lower() == login.lower()), None) if login else None
