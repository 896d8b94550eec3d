"""The history screen on paper: what `slaboard board --history` prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.shell import Run
from tests.stores import make


@pytest.mark.usefixtures("path")
def test_it_is_printed_whole_without_keys(run: Run) -> None:
    """All parts where the paper is long enough; no cursor, and no key that does nothing there."""
    seen = run("board", "--history", "--once", "--size", "80x50").out
    for heading in ("KEPT", "TODAY until", "HOURS", "WEEK so far", "PEOPLE this week"):
        assert heading in seen
    assert "enter" not in seen
    assert "[Kept]" not in seen


def test_without_a_past_it_says_how_there_would_be_one(tmp_path: Path, run: Run) -> None:
    store = make(tmp_path / "empty.db", 1_800_000_000)
    assert "No history yet." in run("--store", str(store), "board", "--history", "--once").out


@pytest.mark.usefixtures("path")
def test_it_ends_now_and_is_no_wallboard(run: Run) -> None:
    """Both say why."""
    for more in (("--wall",), ("--at", "2026-01-05T09:00:00Z")):
        found = run("board", "--history", *more, code=2)
        assert "leave out --history" in found.err
