"""A terminal's and a person's surroundings that are the same everywhere."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from slaboard.board.moves import asking


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No colours or settings of whoever runs the tests; configuration and logs in a folder of their own."""
    for name in ("NO_COLOR", "COLORTERM", "TEXTUAL", "TEXTUAL_THEME", "TEXTUAL_DRIVER", "TMUX", "TZ"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(autouse=True)
def steady_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test is refused an act because the machine was quick."""
    monkeypatch.setattr(asking, "SWAP_MS", 0)


@pytest.fixture
def now() -> int:
    """The real time: the board's own clock runs in these tests."""
    return int(time.time())  # noqa: TID251
