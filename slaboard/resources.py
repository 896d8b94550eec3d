"""Where shipped files (themes, sample data) and personal files (config, store, logs) are."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

_PACKAGE = Path(__file__).parent
APP = "slaboard"


def shipped(folder: str) -> Path:
    """The folder `themes` or `sample_data`: inside an installed package, else in the checkout.

    `importlib.resources` finds neither in an editable install, so the package's own folder is looked at first and
    then the folder above it, but only where a `pyproject.toml` says that it is a checkout.
    """
    inside = _PACKAGE / folder
    if inside.is_dir():
        return inside
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / folder).is_dir():
        return checkout / folder
    raise FileNotFoundError(f"slaboard was installed without its folder {folder}; install it again")


def config_dir() -> Path:
    """Where the person's `config.toml` and own themes are."""
    return _of_user("CONFIG", ".config")


def data_dir() -> Path:
    """Where the store is when nobody says otherwise."""
    return _of_user("DATA", ".local/share")


def state_dir() -> Path:
    """Where crash logs go."""
    return _of_user("STATE", ".local/state")


def cache_dir() -> Path:
    """Where things are kept that only save time."""
    return _of_user("CACHE", ".cache")


def _of_user(kind: str, beneath_home: str) -> Path:
    """The folder as platformdirs has it, without the 12 ms of its import on a Linux where nothing is unusual."""
    if sys.platform == "linux" and "ANDROID_DATA" not in os.environ:
        named, home = os.environ.get(f"XDG_{kind}_HOME", ""), os.environ.get("HOME", "")
        if named.startswith("/"):
            return Path(named) / APP
        if not named and home.startswith("/"):
            return Path(home) / beneath_home / APP
    import platformdirs

    ask: Callable[[str], Path] = getattr(platformdirs, f"user_{kind.lower()}_path")
    return ask(APP)
