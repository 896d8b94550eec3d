"""The other processes of these tests: `python -m tests.faults.crew ROLE STORE ...`; each says when it is ready."""

from __future__ import annotations

import ctypes
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from slaboard.commands.clock import now
from slaboard.errors import SlaboardError
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore

SMALL_LOG = "PRAGMA wal_autocheckpoint=8"
"""Every few acts carry the log over, so that a process can also be killed in the middle of that."""


def hold(store: Path) -> None:
    """Stay in a write transaction until a line comes in, then undo it."""
    with SqliteStore(store) as opened, opened.writing() as connection:
        connection.execute("UPDATE state SET rev = rev + 1")
        _ready()
        sys.stdin.readline()
        connection.execute("UPDATE state SET rev = rev - 1")


def hold_from_outside(store: Path) -> None:
    """The same by a program that knows nothing of turns."""
    connection = sqlite3.connect(store, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    _ready()
    sys.stdin.readline()
    connection.execute("ROLLBACK")


def read(store: Path) -> None:
    """Begin to read in the log, and stay in the middle of it until a line comes in."""
    with SqliteStore(store, read_only=True) as opened, opened.reading() as connection:
        connection.execute("SELECT count(*) FROM tickets").fetchall()
        _ready()
        sys.stdin.readline()


def work(store: Path, log: str, number: str) -> None:
    """Act on random tickets for ever; what the store has acknowledged goes into the log."""
    _ready()
    _work(store, log, int(number))


def claims(store: Path, log: str, first: str, last: str) -> None:
    """Claim one ticket after the other, twenty a second; it ends badly when one of them is not done within 2 s."""
    _ready()
    with SqliteStore(store) as opened:
        for number in range(int(first), int(last) + 1):
            _acted(opened, Act("claim", f"T-{number}", f"P{first}"), log)
            time.sleep(0.05)


def herd(store: Path, log: str, seed: str, rounds: str) -> None:
    """Three workers at a time, each killed at a random instant, many times over; prints how many were."""
    chance = random.Random(int(seed))
    for turn in range(int(rounds)):
        people = [_forked(partial(_work, store, log, n)) for n in range(3 * turn, 3 * turn + 3)]
        for pid in people:
            time.sleep(chance.uniform(0.002, 0.03))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    print(3 * int(rounds), flush=True)


def points(store: Path, log: str, error: str, for_good: str) -> None:
    """One act again and again, broken at its first write, its second and so on; prints what became of each, as JSON.

    `error` is an errno, or 0 for SIGKILL. It ends with the first act that has fewer writes than that.
    """
    library = ctypes.CDLL(None)
    library.breaker_seen.restype = ctypes.c_long
    SqliteStore(store).close()
    found: list[Mapping[str, object]] = []
    while not found or found[-1]["reached"]:
        at = len(found) + 1
        arm = (ctypes.c_long(at), int(error), int(for_good), str(store).encode())
        reader, writer = os.pipe()
        pid = _forked(partial(_one, store, log, library, arm, writer))
        os.close(writer)
        with os.fdopen(reader) as said:
            report = said.read()
        os.waitpid(pid, 0)
        found.append(json.loads(report) if report else {"reached": True, "said": None})
    print(json.dumps(found), flush=True)


def _one(store: Path, log: str, library: ctypes.CDLL, arm: tuple[ctypes.c_long, int, int, bytes], writer: int) -> None:
    said = ""
    try:
        with SqliteStore(store) as opened:
            opened.connection.execute(SMALL_LOG)
            library.breaker_arm(*arm)
            _acted(opened, Act("claim", f"T-{arm[0].value}", f"P{arm[1]}"), log)
            reached = library.breaker_seen() >= arm[0].value
            library.breaker_arm(0, 0, 0, b"")
    except SlaboardError as error:
        reached, said = True, str(error)
        library.breaker_arm(0, 0, 0, b"")
    os.write(writer, json.dumps({"reached": reached, "said": said}).encode())


def _work(store: Path, log: str, number: int) -> None:
    chance = random.Random(number)
    with SqliteStore(store) as opened:
        opened.connection.execute(SMALL_LOG)
        while True:
            verb = chance.choice(("claim", "claim", "release", "takeover", "note", "resolve", "reopen"))
            _acted(opened, Act(verb, f"T-{chance.randint(1, 40)}", f"P{number}", text="why not"), log)


def _acted(store: SqliteStore, act: Act, log: str) -> None:
    """Do it; once that is acknowledged write it down in one piece, as a person would remember it."""
    try:
        done = store.act(act, now())
    except SlaboardError as error:
        if error.exit_code == 3:
            raise
        return
    line = json.dumps({"seq": done.seq, "ticket": act.ticket, "who": act.who})
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(file, f"{line}\n".encode())
    os.close(file)


def _forked(do: Callable[[], None]) -> int:
    pid = os.fork()
    if not pid:
        try:
            do()
        finally:
            os._exit(0)
    return pid


def _ready() -> None:
    print("ready", flush=True)


ROLES: Mapping[str, Callable[..., None]] = {
    "read": read, "hold": hold, "hold-from-outside": hold_from_outside,
    "work": work, "claims": claims, "herd": herd, "points": points,
}  # fmt: skip

if __name__ == "__main__":
    ROLES[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
