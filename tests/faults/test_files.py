"""The store's files pulled from under open boards: replaced, deleted, cut short, damaged."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from slaboard.commands.clock import now
from slaboard.errors import StoreError
from slaboard.store.base import Act
from slaboard.store.disk.driver import module
from slaboard.store.disk.footing import COUNTS_FRAMES
from slaboard.store.sqlite import SqliteStore
from tests.faults.page import assert_told
from tests.faults.people import assert_whole, crew, pause, slaboard
from tests.stores import YELLOW, make
from tests.tui.pane import Pane

AT_ONCE = "from slaboard.board.moves import asking; asking.SWAP_MS = 0"
WIDE = (230, 40)
DEADLINE_S = 20


def claim(path: Path, ticket: str) -> tuple[str, ...]:
    """The arguments with which Ben claims it."""
    return ("claim", ticket, "--any", "--as", "Ben", "--store", str(path))


def beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


@pytest.fixture
def pane(path: Path) -> Iterator[Pane]:
    """A board on the store, on which Ana has claimed T-1; that stands in the log alone."""
    with Pane(path, size=WIDE, before=AT_ONCE) as found:
        found.shows("[Needs claim 90]")
        found.press("c")
        found.shows("T-1 is Ana's")
        found.shows("[Needs claim 89]")
        yield found


def eventually(true: Callable[[], object]) -> None:
    """Wait until it is; fails after the deadline."""
    end = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_store_replaced_by_rename(pane: Pane, path: Path) -> None:
    """The board lets go of the old file, in which everything is that was done on it, and shows the new one."""
    kept = path.with_name("old.db")
    os.link(path, kept)
    make(path.with_name("new.db"), now(), [YELLOW] * 7).replace(path)
    pane.shows("[Needs claim 7]")
    pane.press("c")
    pane.shows("[Needs claim 6]")
    assert slaboard(*claim(path, "T-7"))[0] == 0
    with SqliteStore(path) as store:
        assert store.loads() == {"Ana": 1, "Ben": 1}
        assert_whole(store)
    with SqliteStore(kept) as store:
        assert store.loads() == {"Ana": 1}, "carried over from the log as the last board let go"
        assert_whole(store)


def test_whoever_comes_before_the_old_one_is_let_go_of_waits(pane: Pane, path: Path) -> None:
    """To join its log would mix two stores; the board that stands still here would let go within a second."""
    pause(pane.process)
    make(path.with_name("new.db"), now(), [YELLOW] * 7).replace(path)
    for command in (claim(path, "T-2"), ("grid", "--store", str(path)), ("status", "--store", str(path))):
        code, out, err = slaboard(*command)
        assert (code, out) == (3, "")
        assert f"while process {pane.process.pid} (python" in err
        assert_told(err, path)
    pane.process.kill()
    pane.process.wait()
    beside(path, "-wal").unlink()
    assert slaboard(*claim(path, "T-2"))[0] == 0
    with SqliteStore(path) as store:
        assert store.loads() == {"Ben": 1}
        assert_whole(store)


def test_what_is_done_while_the_store_is_replaced_is_not_acknowledged(path: Path) -> None:
    """Between the last look at the file and the commit; and right before the act begins."""
    with SqliteStore(path) as store:
        shutil.copy(path, path.with_name("new.db"))
        with pytest.raises(StoreError) as caught, store.writing():
            path.with_name("new.db").replace(path)
        assert_told(str(caught.value), path)
        with pytest.raises(StoreError) as caught:
            store.act(Act("claim", "T-3", "Ana"), now())
        assert_told(str(caught.value), path)


def test_a_store_deleted_and_put_back(pane: Pane, path: Path) -> None:
    kept = path.with_name("kept.db")
    path.rename(kept)
    gone = f"The store is gone: {path} was deleted or renamed, or its disk is away. Put it back."
    pane.shows(f"! {gone} Retry in 1s (attempt 1).")
    assert_told(gone, path)
    pane.press("c")
    pane.shows("Claims are off until the store answers.")
    code, _, err = slaboard(*claim(path, "T-2"))
    assert code == 3
    assert_told(err, path)
    kept.rename(path)
    pane.shows("LIVE")
    pane.press("jc")
    pane.shows("[Needs claim 88]")
    with SqliteStore(path) as store:
        assert store.loads() == {"Ana": 2}
        assert_whole(store)


def test_no_new_store_is_made_where_an_old_log_lies(path: Path) -> None:
    """Left by a process that was killed: SQLite would pour it into whatever has that name."""
    with crew("work", path, str(path.with_name("acknowledged")), "1") as worker:
        eventually(lambda: beside(path, "-wal").exists() and beside(path, "-wal").stat().st_size > 50_000)
        worker.kill()
        worker.wait()
    path.rename(path.with_name("kept.db"))
    code, _, err = slaboard("init", str(path))
    assert code == 3
    assert_told(err, path)
    beside(path, "-wal").unlink()
    assert slaboard("init", str(path))[0] == 0


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(["-wal"], id="the log"),
        pytest.param(["-shm"], id="its index", marks=pytest.mark.slow),
        pytest.param(["-wal", "-shm"], id="both", marks=pytest.mark.slow),
    ],
)
def test_the_log_deleted_under_a_board(pane: Pane, path: Path, ends: list[str]) -> None:
    """The board has it open still, carries over what is in it, and begins a new one."""
    for end in ends:
        beside(path, end).unlink()
    eventually(lambda: all(beside(path, end).exists() for end in ends))
    pane.shows("LIVE")
    pane.press("jc")
    pane.shows("[Needs claim 88]")
    eventually(lambda: slaboard(*claim(path, "T-9"))[0] == 0)
    pane.shows("[Needs claim 87]")
    with closing(module().connect(f"file:{path}?immutable=1", uri=True)) as connection:
        owners = connection.execute("SELECT id FROM tickets WHERE owner = 'Ana'").fetchall()
        assert [row[0] for row in owners][:1] == ["T-1"], "it is in the store itself now"
    with SqliteStore(path) as store:
        assert store.loads() == {"Ana": 2, "Ben": 1}
        assert_whole(store)


@pytest.mark.skipif(module().sqlite_version_info < COUNTS_FRAMES, reason="this SQLite does not say how long its log is")
def test_whoever_comes_while_the_log_is_missing_is_refused(pane: Pane, path: Path) -> None:
    """A new log beside an old index would be read as if it were the old one."""
    pause(pane.process)
    beside(path, "-wal").unlink()
    code, _, err = slaboard(*claim(path, "T-2"))
    assert code == 3
    assert_told(err, path)
    pane.process.send_signal(signal.SIGCONT)
    eventually(lambda: slaboard(*claim(path, "T-2"))[0] == 0)
    pane.shows("[Needs claim 88]")
    with SqliteStore(path) as store:
        assert store.loads() == {"Ana": 1, "Ben": 1}
        assert_whole(store)


def test_a_store_cut_short_under_a_board(pane: Pane, path: Path) -> None:
    """It says so within a second, also when all that it shows is in memory; a backup put in its place is shown."""
    backup = path.with_name("backup.db")
    with SqliteStore(path) as store, closing(module().connect(str(backup))) as target:
        store.connection.backup(target)
    os.truncate(path, path.stat().st_size // 2)
    pane.shows("is damaged")
    pane.shows("STALE")
    pane.rest(1.5)
    attempt = re.search(r"attempt (\d+)", "\n".join(pane.screen()))
    assert attempt is not None
    assert int(attempt[1]) < 5, "it tries now and then, and does not wake itself by trying"
    code, _, err = slaboard(*claim(path, "T-2"))
    assert code == 3
    assert_told(err, path)
    backup.replace(path)
    pane.shows("LIVE")
    eventually(lambda: slaboard(*claim(path, "T-2"))[0] == 0)
    with SqliteStore(path) as store:
        assert store.loads() == {"Ana": 1, "Ben": 1}
        assert_whole(store)


def test_a_damaged_page(pane: Pane, path: Path) -> None:
    """Noise in a page of tickets: whoever reads it says so, and a claim on it is refused."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'tickets'").fetchall()[0][0]
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(os.urandom(4096))
    with closing(sqlite3.connect(path)) as connection, connection:  # news, so that the board reads
        connection.execute("INSERT INTO engineers (name, key) VALUES ('Zoe', 'z')")
    pane.shows("is damaged")
    for command in (claim(path, "T-2"), ("check", "--store", str(path)), ("tickets", "--store", str(path))):
        code, _, err = slaboard(*command)
        assert code == 3
        assert_told(err, path)
    code, out, _ = slaboard("doctor", "--store", str(path))
    assert code == 1
    assert "is damaged" in out
