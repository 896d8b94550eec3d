"""Clocks that are set back and forward, and a machine that slept for an hour.

Nobody sets this machine's clock: every process reads it through one function, which here adds what a file says.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from slaboard.commands.clock import now
from slaboard.store.sqlite import SqliteStore
from tests.faults.page import assert_told
from tests.faults.people import assert_whole, pause, slaboard
from tests.tui.pane import Pane

HOUR_S = 3_600


class Wall:
    """The clock on the wall of every process that was started with `before`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.before = (
            f"import time; from pathlib import Path; from slaboard.board.moves import asking; asking.SWAP_MS = 0\n"
            f"real, offset = time.time, Path({str(file)!r})\n"
            f"time.time = lambda: real() + float(offset.read_text())\n"
        )
        self.move(0)

    def move(self, seconds: int) -> None:
        """The clock is ahead of ours by so much."""
        new = self._file.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self._file)


@pytest.fixture
def wall(tmp_path: Path) -> Wall:
    return Wall(tmp_path / "offset")


@pytest.fixture
def pane(path: Path, wall: Wall) -> Iterator[Pane]:
    """A board on which Ana has claimed T-1."""
    with Pane(path, before=wall.before) as found:
        found.shows("Response 0 90 0 0 90")
        found.press("c")
        found.shows("T-1 is Ana's")
        found.shows("[Needs claim 89]")
        yield found


def test_a_clock_set_back(pane: Pane, path: Path, wall: Wall) -> None:
    """Tickets have more time left, an act comes right after the ticket's last event, and nothing waits for hours."""
    wall.move(-2 * HOUR_S)
    pane.shows("Response 90 0 0 0 90")
    while any("undo," in line for line in pane.screen()):  # until the second is over
        pane.rest(0.02)
    assert b"STALE" not in pane.output
    code, _, err = slaboard("note", "T-1", "later", "--as", "Ben", "--store", str(path), before=wall.before)
    assert (code, err) == (0, "")
    wall.move(0)
    pane.shows("Response 0 90 0 0 90")
    with SqliteStore(path) as store:
        claim, note = store.events("T-1")[-2:]
        assert (claim.actor, note.actor, note.at) == ("Ana", "Ben", claim.at)
        assert store.loads() == {"Ana": 1}
        assert_whole(store)


@pytest.mark.slow
def test_a_clock_set_forward_and_put_right(pane: Pane, path: Path, wall: Wall) -> None:
    """What was done by the wrong clock stays where that put it, and `doctor` says so."""
    wall.move(48 * HOUR_S)
    pane.shows("Response 0 0 0 90 90")
    assert slaboard("claim", "T-7", "--as", "Ben", "--store", str(path), before=wall.before)[0] == 0
    wall.move(0)
    pane.shows("Response 0 90 0 0 90")
    _, out, _ = slaboard("doctor", "--store", str(path), before=wall.before)
    warning = next(line for line in out.splitlines() if "future" in line)
    assert_told(warning.removeprefix("warn"), path)
    with SqliteStore(path) as store:
        assert store.events("T-7")[-1].at > now() + 47 * HOUR_S
        assert store.loads() == {"Ana": 1, "Ben": 1}
        assert_whole(store)


def test_a_machine_that_slept_for_an_hour(pane: Pane, path: Path, wall: Wall) -> None:
    """The board stands still, an hour passes, others act; when it goes on it shows what is true by then, at once."""
    pause(pane.process)
    wall.move(HOUR_S)
    assert slaboard("claim", "T-7", "--as", "Ben", "--store", str(path), before=wall.before)[0] == 0
    pane.process.send_signal(signal.SIGCONT)
    pane.shows("Response 0 0 0 90 90")
    pane.shows("[Needs claim 0]")
    pane.shows("LIVE 0s")
    with SqliteStore(path) as store:
        assert store.loads() == {"Ana": 1, "Ben": 1}
        assert_whole(store)
