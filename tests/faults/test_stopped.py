"""A process that stands still while it has the store: others are told who it is, and go on when it does."""

from __future__ import annotations

import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from slaboard.store.disk import holder
from slaboard.store.sqlite import SqliteStore
from tests.faults.page import assert_told
from tests.faults.people import assert_whole, crew, pause, slaboard
from tests.tui.pane import Pane

AT_ONCE = "from slaboard.board.moves import asking; asking.SWAP_MS = 0"
CLAIM = ("claim", "T-2", "--any", "--as", "Ben", "--store")


def test_a_command_says_who_stands_in_the_way(path: Path) -> None:
    with crew("hold", path) as other:
        pause(other)
        code, out, err = slaboard(*CLAIM, str(path))
        assert (code, out) == (3, "")
        assert f"is locked by process {other.pid} (tests.faults.crew hold), which is stopped: let it go on" in err
        assert_told(err, path)
        with SqliteStore(path, read_only=True) as store:
            assert store.grid(0).open == 90, "it can be read all the time"
        other.send_signal(signal.SIGCONT)
        other.communicate("go\n", timeout=30)
    assert slaboard(*CLAIM, str(path))[0] == 0
    with SqliteStore(path) as store:
        assert_whole(store)


def test_a_board_stays_alive_says_who_it_is_and_goes_on(path: Path) -> None:
    with crew("hold", path) as other, Pane(path, size=(170, 40), before=AT_ONCE) as pane:
        pane.shows("1/90")
        pause(other)
        pane.press("c")
        pane.shows("the store is locked by another writer, still trying")
        pane.shows(f"BUSY The store {path} is locked by process {other.pid} (tests.faults.crew hold), which is stopped")
        pane.press("/T-17\r")
        pane.shows("T-17 ")
        pane.shows("1/1")
        assert b"STALE" not in pane.output
        other.send_signal(signal.SIGCONT)
        other.communicate("go\n", timeout=30)
        pane.press("c")
        pane.shows("T-17 is Ana's")
    with SqliteStore(path) as store:
        assert store.loads() == {"Ana": 1}
        assert_whole(store)


@pytest.mark.slow
def test_three_at_once_are_told_of_the_program_that_takes_no_turn(path: Path) -> None:
    """Not of the one among them whose turn it is, and which itself waits for that program."""
    with crew("hold-from-outside", path) as other:
        pause(other)
        with ThreadPoolExecutor(3) as threads:
            said = list(threads.map(lambda _: slaboard(*CLAIM, str(path)), range(3)))
    for code, _, err in said:
        assert code == 3
        assert f"locked by process {other.pid} (tests.faults.crew hold-from-outside), which is stopped" in err


def test_a_stopped_reader_blocks_nobody(path: Path) -> None:
    with Pane(path) as pane:
        pane.shows("1/90")
        pause(pane.process)
        assert slaboard(*CLAIM, str(path))[0] == 0
        pane.process.send_signal(signal.SIGCONT)
        pane.shows("[Needs claim 89]")


# --- who it is ------------------------------------------------------------------------------------------------


def test_where_the_system_names_nobody_the_sentence_says_less(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holder, "PROC", path.with_name("nothing"))
    assert holder.writer(path) is None
    assert holder.strangers(path) == []
    assert holder.named(4711) == "process 4711"
    assert holder.busy(path, None, 2.0) == (
        f"The store {path} is locked by another writer for over 2 s. Nothing was changed; try again."
    )


def test_a_command_line_is_told_without_folders_and_without_what_follows(path: Path) -> None:
    proc = path.with_name("proc")
    (proc / "7").mkdir(parents=True)
    for line, told in (
        ("/usr/bin/python3\0/opt/bin/slaboard\0note\0T-1\0secret\0", "process 7 (slaboard note)"),
        ("python\0-m\0slaboard\0claim\0", "process 7 (slaboard claim)"),
        ("python3.11\0-c\0import x\0", "process 7 (python3.11 -c)"),
        ("sqlite3\0/srv/\x1b[31mboard.db\0", "process 7 (sqlite3 \ufffd[31mboard.db)"),
        ("", "process 7"),
    ):
        (proc / "7" / "cmdline").write_text(line)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(holder, "PROC", proc)
            assert holder.named(7) == told


def test_locks_of_other_files_name_nobody(path: Path) -> None:
    """A lock on a file of the same number on another disk is no lock on this one."""
    other = path.with_name("other.db")
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (x)")
        assert holder.writer(path) is None
        assert holder.strangers(path) == []
