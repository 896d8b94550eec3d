"""The turnstile: one writer at a time, and every writer gets its turn.

On `busy_timeout` alone, of 50 writers one got 1 commit while another got 5,000 and the WAL grew to 631 MB; behind a
lock on a separate file all make progress and the WAL stays at 4 MB. Whoever leaves lets those in who wait before it
comes again: of 8 that write without a pause none then waits longer than 0.3 s, where some had waited for 1.8 s.

The lock is on a file of its own, never on the store's: closing a descriptor of the db file would drop SQLite's own
locks.
"""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

from slaboard.errors import StoreBusy, StoreError

try:
    import fcntl
except ImportError:  # Windows: SQLite's own lock with its busy timeout has to do
    fcntl = None  # type: ignore[assignment]

WAIT_S = 2.0
"""How long a key press may wait for its turn."""
POLL_S = 0.004
"""At most so long is a free lock left alone by those who wait for it."""
PID_WIDTH, WAITING = 20, b"w"
"""The lock file: who holds it, then a mark that somebody waits."""


class Turnstile:
    """An flock on `<store>.lock`, taken around every write transaction and checkpoint."""

    def __init__(self, store: Path) -> None:
        self.path = store.with_name(store.name + ".lock")
        self._store = store
        self._file: int | None = None
        self._left = float("-inf")
        """When our last turn ended, on the monotonic clock."""

    @contextlib.contextmanager
    def turn(self, wait_s: float = WAIT_S) -> Iterator[None]:
        """Our turn, for as long as the block lasts; StoreBusy with who holds it after `wait_s` seconds."""
        if fcntl is None:
            yield
            return
        file = self._opened()
        self._let_others_in(file)
        self._take(file, wait_s)
        try:
            self._mark(file, f"{os.getpid():<{PID_WIDTH}}".encode(), 0)
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
            self._left = time.monotonic()

    def close(self) -> None:
        """Give the lock file back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _opened(self) -> int:
        if self._file is None:
            is_new = not self.path.exists()
            try:
                self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
                if is_new:  # who may write the store may take its turn, whatever the umask of who came first
                    os.fchmod(self._file, self._store.stat().st_mode & 0o666)
            except OSError as error:
                raise StoreError(
                    f"The store {self._store} cannot be written: {self.path.name} beside it cannot be opened "
                    f"({error.strerror})."
                ) from error
        return self._file

    def _let_others_in(self, file: int) -> None:
        """Stand back for a moment when we were here just now and somebody waits: they look at the lock now and then."""
        if time.monotonic() - self._left < 4 * POLL_S and os.pread(file, 1, PID_WIDTH) == WAITING:
            self._mark(file, b" ", PID_WIDTH)
            time.sleep(random.uniform(1, 4) * POLL_S)

    def _take(self, file: int, wait_s: float) -> None:
        give_up = time.monotonic() + wait_s
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    raise self._busy(file, wait_s) from None
                self._mark(file, WAITING, PID_WIDTH)
                time.sleep(random.uniform(0.25, 1) * POLL_S)

    @staticmethod
    def _mark(file: int, text: bytes, place: int) -> None:
        """Say something to the others; on a full disk nothing is said, and the lock holds all the same."""
        with contextlib.suppress(OSError):
            os.pwrite(file, text, place)

    def _busy(self, file: int, wait_s: float) -> StoreBusy:
        """Names whom everybody waits for: who writes, else who has the turn (and may itself wait for the other)."""
        from slaboard.store import holder

        said = os.pread(file, PID_WIDTH, 0).strip()
        pid = holder.writer(self._store) or (int(said) if said.isdigit() else None)
        return StoreBusy(holder.busy(self._store, pid, wait_s))
