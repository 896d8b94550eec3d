"""Surroundings that are the same everywhere: nobody's settings, colours or stores; folders of the test's own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Hundreds of children import the program: each would compile it anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("calm", deadline=None)  # a busy machine is no failure
settings.load_profile("calm")

SHARED = "SLABOARD_SHARED"
"""Says where the tests' own data is, and nothing to the program."""


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a fresh account on a plain terminal has."""
    for name in os.environ:
        if name.startswith(("SLABOARD_", "TEXTUAL")) and name != SHARED:
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TMUX", "TZ", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("TERM", "xterm-256color")
