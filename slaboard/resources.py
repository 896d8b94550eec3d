"""Where shipped files (themes, sample data) and personal files (config, store, logs) are."""

from __future__ import annotations

from pathlib import Path

import platformdirs

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
    return platformdirs.user_config_path(APP)


def data_dir() -> Path:
    """Where the store is when nobody says otherwise."""
    return platformdirs.user_data_path(APP)


def state_dir() -> Path:
    """Where crash logs go."""
    return platformdirs.user_state_path(APP)
