"""Hints on real files: each change of a store and its log is told, nothing else is, and stopping ends them."""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from slaboard.follow import hints
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from tests.stores import YELLOW, make

NOW = 1_800_000_000
DEADLINE_S = 10.0
ENDED = "ended"
Source = Callable[[Path, threading.Event], Iterator[bool]]

SOURCES = [
    pytest.param(hints._from_kernel, id="inotify", marks=pytest.mark.skipif(sys.platform != "linux", reason="Linux's")),
    pytest.param(hints._from_watchfiles, id="watchfiles"),
]
each_source = pytest.mark.parametrize("source", SOURCES)


@contextmanager
def heard(source: Source, path: Path) -> Iterator[queue.Queue[object]]:
    """What is told of `path` on a thread of its own, which has begun to listen."""
    if source is hints._from_watchfiles:
        pytest.importorskip("watchfiles", reason="watchfiles is not installed")
    told: queue.Queue[object] = queue.Queue()
    stop = threading.Event()

    def listen() -> None:
        for hint in source(path, stop):
            told.put(hint)
        told.put(ENDED)

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    while told.empty():  # until it listens
        os.utime(path)
        path.with_name(f"{path.name}-wal").touch()
        path.with_name(f"{path.name}-wal").write_bytes(b"x")
        stop.wait(0.02)
    stop.wait(4 * hints.APART_S)
    while not told.empty():
        told.get()
    yield told
    stop.set()
    thread.join(DEADLINE_S)
    assert not thread.is_alive()
    assert told.queue[-1] == ENDED


@each_source
def test_the_file_and_its_log_are_told_apart(source: Source, tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.touch()
    with heard(source, path) as told:
        (tmp_path / "s.db-wal").write_bytes(b"more")
        assert told.get(timeout=DEADLINE_S) is False
        path.write_bytes(b"more")
        assert told.get(timeout=DEADLINE_S) is True


@each_source
def test_other_files_are_nobody_s_business(source: Source, tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.touch()
    with heard(source, path) as told:
        (tmp_path / "other.db").write_bytes(b"x")
        (tmp_path / "s.db-shm").write_bytes(b"x")
        (tmp_path / "s.db-wal").write_bytes(b"last")
        assert told.get(timeout=DEADLINE_S) is False
        assert told.empty()


@each_source
def test_a_file_that_is_put_in_place_is_told(source: Source, tmp_path: Path) -> None:
    path, other = tmp_path / "s.db", tmp_path / "new.db"
    path.touch()
    with heard(source, path) as told:
        other.write_bytes(b"x")
        other.replace(path)
        assert told.get(timeout=DEADLINE_S) is True


@each_source
def test_a_commit_is_told(source: Source, tmp_path: Path) -> None:
    path = make(tmp_path / "s.db", NOW, [YELLOW])
    log = tmp_path / "s.db-wal"
    with SqliteStore(path) as store:
        told: queue.Queue[object] = queue.Queue()
        stop = threading.Event()
        if source is hints._from_watchfiles:
            pytest.importorskip("watchfiles", reason="watchfiles is not installed")

        def listen() -> None:
            for hint in source(path, stop):
                told.put(hint)

        threading.Thread(target=listen, daemon=True).start()
        for number in range(200):
            store.act(Act("note", "T-1", "Ana", text=f"{number}"), NOW)
            stop.wait(0.02)
            if not told.empty():
                break
        stop.set()
        assert told.get(timeout=DEADLINE_S) is False
        assert log.exists()


def test_where_nothing_can_be_watched_an_error_says_so(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("Linux's")
    with pytest.raises(OSError, match="cannot be watched"):
        next(hints._from_kernel(tmp_path / "gone" / "s.db", threading.Event()))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's")
def test_a_folder_that_goes_away_ends_it(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "s.db").touch()
    told: queue.Queue[object] = queue.Queue()

    def listen() -> None:
        for hint in hints._from_kernel(folder / "s.db", threading.Event()):
            told.put(hint)
        told.put(ENDED)

    threading.Thread(target=listen, daemon=True).start()
    while told.empty():
        (folder / "s.db").write_bytes(b"x")
    (folder / "s.db").unlink()
    folder.rmdir()
    while told.get(timeout=DEADLINE_S) != ENDED:
        pass
