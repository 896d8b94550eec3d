"""The log is begun anew while people write and others read, and one who never leaves holds nobody up for long."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from slaboard.store.disk import log
from slaboard.store.disk.driver import LOG_LIMIT, Connection, connect
from slaboard.store.disk.log import TOO_MUCH
from slaboard.store.sqlite import SqliteStore
from tests.store.desk import desk

WRITES, BYTES = 150, 200_000
"""Some 30 MB of log, were it never begun anew."""


def written(store: SqliteStore, writes: int = WRITES) -> int:
    """How long the log became during many writes."""
    longest = 0
    for _ in range(writes):
        with store.writing() as connection:
            connection.execute("INSERT INTO scratch VALUES (zeroblob(?))", (BYTES,))
        longest = max(longest, Path(f"{store.path}-wal").stat().st_size)
    return longest


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with desk(tmp_path / "s.db") as store:
        with store.writing() as connection:
            connection.execute("CREATE TABLE scratch (x)")
        yield store


@contextmanager
def hand_in_hand(path: Path) -> Iterator[None]:
    """Two who read in turns: each ends only when the other has begun, so that one of them reads at any moment."""
    over, begun = threading.Event(), threading.Event()

    def read() -> None:
        pair = [connect(path, read_only=True) for _ in "ab"]
        begin(pair[0])
        begun.set()
        while not over.wait(0.02):
            pair.reverse()
            begin(pair[0])
            pair[1].execute("COMMIT")
        for connection in pair:
            connection.close()

    thread = threading.Thread(target=read)
    thread.start()
    try:
        assert begun.wait(30)
        yield
    finally:
        over.set()
        thread.join()


def begin(connection: Connection) -> None:
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM events").fetchall()


def test_boards_that_read_in_turns(store: SqliteStore) -> None:
    """There is no moment at which nobody reads."""
    with hand_in_hand(store.path):
        assert LOG_LIMIT < written(store) < TOO_MUCH


def test_a_reader_that_never_leaves(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can shorten the log then; the writer tries a few times and goes on, and once it can it does."""
    monkeypatch.setattr(log, "SHORT_MS", 1)
    monkeypatch.setattr(log, "LONG_MS", 1)
    attempts: list[str] = []
    store.connection.set_trace_callback(lambda sql: attempts.append(sql) if "RESTART" in sql else None)
    stuck = connect(store.path, read_only=True)
    begin(stuck)
    assert written(store) > TOO_MUCH
    assert 8 <= len(attempts) <= 10
    stuck.close()
    written(store, 2)
    assert Path(f"{store.path}-wal").stat().st_size <= LOG_LIMIT
    assert store.ask("PRAGMA busy_timeout")[0][0] == 2_000
