"""One desk, one shell, one moment for all tests of commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.shell import Run, at_noon, shell
from tests.sla.story import at
from tests.store.desk import desk

LINES = (
    "09:20 ana respond", "09:30 ana claim any", "09:00 mail add B-2 title=Disk customer=Tansy priority=P1",
    "09:00 mail add C-3 title=Old priority=P2", "09:10 ben resolve C-3",
)  # fmt: skip
"""A-1 is Ana's and green, B-2 nobody's and red, C-3 resolved."""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with three tickets, at ten to ten; SLABOARD_STORE names it."""
    made = tmp_path / "board.db"
    desk(made, *LINES).close()
    monkeypatch.setenv("SLABOARD_STORE", str(made))
    at_noon(monkeypatch, at("09:50"))
    return made


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    with shell(capsys) as runner:
        yield runner
