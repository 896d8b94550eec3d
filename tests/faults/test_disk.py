"""Full disks and disks that went read-only, made for the test: what is shown, what is refused, and how it goes on."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from slaboard.store.sqlite import SqliteStore
from tests.faults.page import assert_told
from tests.faults.people import assert_whole, slaboard
from tests.faults.room import Room, room
from tests.tui.pane import Pane

AT_ONCE = "from slaboard.board.moves import asking; asking.SWAP_MS = 0"
CLAIM = ("claim", "T-2", "--any", "--as", "Ben", "--store")


@pytest.fixture
def disk(tmp_path: Path, made: Path) -> Iterator[Room]:
    """A disk with a store on it."""
    with room(tmp_path / "disk") as found:
        shutil.copy(made, found.inside / "board.db")
        yield found


@pytest.fixture
def path(disk: Room) -> Path:
    """Where those within the disk's room see the store."""
    return disk.folder / "board.db"


def test_a_full_disk(disk: Room, path: Path) -> None:
    full = f"The disk that holds {path} is full. Nothing was changed; make room and try again."
    with Pane(path, size=(170, 40), before=AT_ONCE, within=disk.within) as pane:
        pane.shows("1/90")
        pane.press("c")
        pane.shows("T-1 is Ana's")
        disk.fill()
        pane.press("jc")
        pane.shows(f"ERROR {full}")
        assert b"STALE" not in pane.output, "it can be read all the time"
        code, out, err = slaboard(*CLAIM, str(path), within=disk.within)
        assert (code, out, err) == (3, "", f"slaboard: {full}\n")
        assert_told(err, path)
        assert slaboard("grid", "--store", str(path), within=disk.within)[0] == 0
        assert "fail  The disk that holds" in slaboard("doctor", "--store", str(path), within=disk.within)[1]
        disk.make_room()
        assert slaboard(*CLAIM, str(path), within=disk.within)[0] == 0
        pane.shows("[Needs claim 88]")
    with SqliteStore(disk.taken_out("board.db")) as store:
        assert store.loads() == {"Ana": 1, "Ben": 1}
        assert_whole(store)


@pytest.mark.slow
def test_a_log_deleted_on_a_full_disk(disk: Room, path: Path) -> None:
    """Two faults at once: half of the log in the store would be damage, so the board keeps hold of all of it."""
    long = "x" * 9_000
    with Pane(path, size=(170, 40), before=AT_ONCE, within=disk.within) as pane:
        pane.shows("1/90")
        for number in range(11, 19):
            note = ("note", f"T-{number}", long, "--as", "Ben", "--store", str(path))
            assert slaboard(*note, within=disk.within)[0] == 0
        pane.press("c")
        pane.shows("T-1 is Ana's")
        disk.fill()
        (disk.inside / "board.db-wal").unlink()
        pane.shows("Leave this open: what was done last stands in a log that was deleted")
        assert slaboard(*CLAIM, str(path), within=disk.within)[0] == 3
        disk.make_room()
        pane.shows("LIVE")
        assert slaboard(*CLAIM, str(path), within=disk.within)[0] == 0
        pane.shows("[Needs claim 88]")
    with SqliteStore(disk.taken_out("board.db")) as store:
        assert store.loads() == {"Ana": 1, "Ben": 1}
        assert store.events("T-18")[-1].note == long
        assert_whole(store)


def test_a_full_disk_that_nobody_has_a_board_on(disk: Room, path: Path) -> None:
    """SQLite cannot even begin to read: it wants 32 KB for what processes share."""
    disk.fill()
    for command in (CLAIM, ("grid", "--store"), ("status", "--store")):
        code, out, err = slaboard(*command, str(path), within=disk.within)
        assert (code, out) == (3, "")
        assert err == f"slaboard: The disk that holds {path} is full. Nothing was changed; make room and try again.\n"
    code, _, err = slaboard("init", str(path.with_name("new.db")), within=disk.within)
    assert code == 3
    assert "full" in err or "No space left" in err
    assert ".new." not in err, "it is told of the name that was said"
    disk.make_room()
    assert {file.name for file in disk.inside.iterdir()} <= {f"board.db{end}" for end in ("", "-wal", "-shm", ".lock")}
    assert slaboard(*CLAIM, str(path), within=disk.within)[0] == 0


def test_a_disk_that_went_read_only(disk: Room, path: Path) -> None:
    """The kernel refuses to remount while a board has its log open, so the board is killed first; its log stays."""
    with Pane(path, before=AT_ONCE, within=disk.within) as pane:
        pane.shows("1/90")
        pane.press("c")
        pane.shows("T-1 is Ana's")
        pane.process.send_signal(signal.SIGKILL)
        pane.process.wait()
    disk.remount("ro")
    code, out, err = slaboard(*CLAIM, str(path), within=disk.within)
    assert (code, out) == (3, "")
    assert_told(err, path)
    with Pane(path, size=(170, 40), before=AT_ONCE, within=disk.within) as pane:
        pane.shows("READ-ONLY")
        pane.shows("[Needs claim 89]")
        pane.press("c")
        pane.shows("This board is for looking only: it was asked to be, or the store cannot be written")
        disk.remount("rw")
        pane.shows("as Ana")
        pane.press("c")
        pane.shows("[Needs claim 88]")
    assert slaboard("claim", "T-9", "--as", "Ben", "--store", str(path), within=disk.within)[0] == 0
    with SqliteStore(disk.taken_out("board.db")) as store:
        assert store.loads() == {"Ana": 2, "Ben": 1}
        assert_whole(store)
