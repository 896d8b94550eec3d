"""Where the store is, as far as the command line, the environment and the config file's `store` say it."""

from __future__ import annotations

import os
from pathlib import Path

from slaboard.errors import UsageError
from slaboard.resources import config_dir, data_dir

STORE_VARIABLE = "SLABOARD_STORE"
PLAIN_BYTES = 64 * 1024
"""A config file that is larger is no plain one."""


def nearest(option: str | None) -> tuple[Path, str] | None:
    """Which store --store names, else SLABOARD_STORE, and which of them said so; None when neither does."""
    for text, place in ((option, "command line"), (os.environ.get(STORE_VARIABLE), STORE_VARIABLE)):
        if text:
            return path_of(text, place), place
    return None


def path_of(text: str, place: str) -> Path:
    """The path that `place` gives as `text`; UsageError when there can be no such path."""
    if "\0" in text:
        raise UsageError("A store's path has no NUL character. Name another with --store.")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise UsageError(f"The store's path {text} (from {place}) names the home of nobody known here.") from None


def config_file() -> Path:
    """The person's own settings."""
    return config_dir() / "config.toml"


def default() -> Path:
    """Where the store is when nobody says otherwise."""
    return data_dir() / "board.db"


def quickly(option: str | None) -> Path | None:
    """The store, without the 40 ms that `slaboard.config` takes to import; None where only that can tell."""
    if (found := nearest(option)) is not None:
        return found[0]
    file = config_file()
    if not os.path.lexists(file):
        return default()
    try:
        if not file.is_file() or file.stat().st_size > PLAIN_BYTES:
            return None
        import tomllib

        store = tomllib.loads(file.read_text(encoding="utf-8")).get("store", "")
    except (OSError, ValueError, RecursionError):  # a broken file is told of elsewhere
        return None
    if not isinstance(store, str):
        return None
    return path_of(store, str(file)) if store else default()
