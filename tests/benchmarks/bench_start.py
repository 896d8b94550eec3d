"""Starts: the board's first picture against a minimal Textual app's, `slaboard status` against a bare Python."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter

from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Bucket
from tests.benchmarks.measure import Figure
from tests.benchmarks.stores import TODAY, store_of

PICTURES, LINES = 6, 20
"""Rounds: of boards, and of commands that print a line."""
SIZE = (120, 30)
DEADLINE_S = 60.0
TAKEN_OVER = b"\x1b[?2004h"
"""What Textual asks of a terminal right before it listens to keys; the board answers none earlier."""
READY = b"READY"
FRAME = b"SLA by Status"
"""Stands in every picture, whether the store has answered yet or not."""
_MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("READY")
Minimal().run()
"""
_SEQUENCE = re.compile(rb"\x1b\[[0-9;:?<>]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
STORES = {"100": 100, "100k": 100_000, "1m": 1_000_000}
LARGE = {"100k": 1.25, "1m": 1.6}
"""Stores that boards are opened on, and how often the minimal app's time each may take."""


def figures() -> Iterator[Figure]:
    """Each command in turns with its peer; of each the quickest, for a start can only be disturbed."""
    now = int(time.time())  # noqa: TID251 the program runs by this machine's clock
    with tempfile.TemporaryDirectory(prefix="slaboard-") as name:
        folder = Path(name)
        environment = _environment(folder)
        sums = {}
        for short, tickets in STORES.items():
            with store_of(tickets, folder / f"{short}.db", now=TODAY) as store:
                sums[short] = str(sum(store.grid(now).row(Bucket.RESPONSE))).encode()
        yield from _boards(folder, environment, sums)
        yield from _lines(folder, environment)


def _environment(folder: Path) -> dict[str, str]:
    """Nobody's settings; and the code is compiled once, as it is where it was installed."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SLABOARD_", "TEXTUAL", "PYTHON"))
    }
    kept |= {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    environment = {**kept, "TERM": "xterm-256color"}
    subprocess.run([*_slaboard("status"), "--store", str(folder / "no.db")], env=environment, stderr=subprocess.DEVNULL)
    return environment


def _slaboard(*words: str) -> list[str]:
    """The command as people start it: pip's script beside the interpreter, else the module."""
    script = shutil.which("slaboard", path=str(Path(sys.executable).parent))
    return [script, *words] if script else [sys.executable, "-m", "slaboard", *words]


# --- boards -----------------------------------------------------------------------------------------------------


def _boards(folder: Path, environment: Mapping[str, str], sums: Mapping[str, bytes]) -> Iterator[Figure]:
    """`sums` are what the grid's first row adds up to, whatever the time: until it is read no number is shown."""
    program = folder / "minimal.py"
    program.write_text(_MINIMAL)
    commands = {"peer": [sys.executable, str(program)]}
    commands |= {short: _slaboard("board", "--as", "Ana", "--store", str(folder / f"{short}.db")) for short in LARGE}
    first: dict[str, list[float]] = {short: [] for short in commands}
    keys: dict[str, list[float]] = {short: [] for short in commands}
    frame: list[float] = []
    anew: list[float] = []
    for _ in range(PICTURES + 1):
        for short, command in commands.items():
            first[short].append(_seen(command, sums.get(short, READY), environment))
            keys[short].append(_seen(command, TAKEN_OVER, environment))
        for took, sign in ((frame, FRAME), (anew, sums["1m"])):
            shutil.rmtree(folder / "cache", ignore_errors=True)
            took.append(_seen(commands["1m"], sign, environment))
    least = {short: min(took[1:]) for short, took in first.items()}  # the first round fills the caches
    ready = {short: min(took[1:]) for short, took in keys.items()}
    for short, limit in LARGE.items():
        what = f"{STORES[short]:,} open tickets: from exec to the first picture with the grid's figures"
        yield Figure(
            f"start.board.{short}", f"{what}, over a minimal Textual app's", _over(least, short), f"<= {limit}"
        )
    never = f"{STORES['1m']:,} open tickets, never counted before"
    what = f"{never}: the first picture, still without figures, over the same app's"
    yield Figure("start.board.1m.frame", what, min(frame[1:]) / least["peer"], f"<= {LARGE['1m']}")
    what = f"{never}: the first picture with figures, once in a store's life, over the same app's"
    yield Figure("start.board.1m.first", what, min(anew[1:]) / least["peer"], "<= 3")
    what = f"{STORES['100k']:,} open tickets: from exec to the first key that is answered, over the same app's"
    yield Figure("start.keys.100k", what, _over(ready, "100k"), "<= 2")


def _over(least: Mapping[str, float], name: str) -> float:
    return least[name] / least["peer"]


def _seen(command: Sequence[str], sign: bytes, environment: Mapping[str, str]) -> float:
    """Seconds from the start of `command` on a terminal of its own until it has written `sign`."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    start = perf_counter()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env=dict(environment)
    )
    os.close(theirs)
    written = b""
    try:
        while sign not in written and sign not in _SEQUENCE.sub(b"", written):
            if perf_counter() > start + DEADLINE_S or not select.select([ours], [], [], DEADLINE_S)[0]:
                raise TimeoutError(f"{' '.join(command)} has not written {sign!r} within {DEADLINE_S:g} s")
            written += os.read(ours, 65_536)
        return perf_counter() - start
    finally:
        process.kill()
        process.wait()
        os.close(ours)


# --- lines ------------------------------------------------------------------------------------------------------


def _lines(folder: Path, environment: Mapping[str, str]) -> Iterator[Figure]:
    bare = [sys.executable, "-c", "import sqlite3"]
    commands = {f"status.{short}": _slaboard("status", "--store", str(folder / f"{short}.db")) for short in STORES}
    commands["claim"] = _slaboard("claim", "--any", "--json", "--as", "Ana", "--store", str(folder / "100.db"))
    free = _free(folder / "100.db")
    took: dict[str, list[float]] = {name: [] for name in ("bare", *commands)}
    for i in range(LINES):
        for name, command in {"bare": bare, **commands}.items():
            words = [*command, free[i]] if name == "claim" else command
            start = perf_counter()
            subprocess.run(words, env=dict(environment), stdout=subprocess.DEVNULL, check=True)
            took[name].append(perf_counter() - start)
    least = {name: min(seconds) for name, seconds in took.items()}
    for short, tickets in STORES.items():
        what = f'`slaboard status`, {tickets:,} open tickets, over `python -c "import sqlite3"`'
        yield Figure(f"start.status.{short}", what, least[f"status.{short}"] / least["bare"], "<= 3")
    yield Figure("start.claim", "`slaboard claim --json` over the same", least["claim"] / least["bare"], "<= 10")


def _free(path: Path) -> list[str]:
    """As many tickets as are claimed here."""
    with SqliteStore(path) as store:
        sql = "SELECT id FROM tickets WHERE owner IS NULL AND ended_at IS NULL AND no_sla IS NULL ORDER BY id LIMIT ?"
        found = [row[0] for row in store.ask(sql, (LINES,))]
    if len(found) < LINES:
        raise RuntimeError(f"the store has {len(found)} tickets to claim, and {LINES} are needed")
    return found
