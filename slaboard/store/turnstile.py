"""The turnstile: one writer at a time, and every writer gets its turn.

On `busy_timeout` alone, of 50 writers one got 1 commit while another got 5,000 and the WAL grew to 631 MB; behind a
lock on a separate file all make progress and the WAL stays at 4 MB. The lock is on a file of its own, never on the
store's: closing a descriptor of the db file would drop SQLite's own locks.
"""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

from slaboard.errors import StoreBusy

try:
    import fcntl
except ImportError:  # Windows: SQLite's own lock with its busy timeout has to do
    fcntl = None  # type: ignore[assignment]

WAIT_S = 2.0
"""How long a key press may wait for its turn."""


class Turnstile:
    """An flock on `<store>.lock`, taken around every write transaction and checkpoint."""

    def __init__(self, store: Path) -> None:
        self.path = store.with_name(store.name + ".lock")
        self._store = store
        self._file: int | None = None

    @contextlib.contextmanager
    def turn(self, wait_s: float = WAIT_S) -> Iterator[None]:
        """Our turn, for as long as the block lasts; StoreBusy with who holds it after `wait_s` seconds."""
        if fcntl is None:
            yield
            return
        file = self._opened()
        self._take(file, wait_s)
        try:
            os.pwrite(file, f"{os.getpid():<20}".encode(), 0)
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the lock file back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _opened(self) -> int:
        if self._file is None:
            try:
                self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            except OSError as error:
                from slaboard.errors import StoreError

                raise StoreError(
                    f"The store {self._store} cannot be written: its folder does not let us make {self.path.name} "
                    f"({error.strerror})."
                ) from error
        return self._file

    def _take(self, file: int, wait_s: float) -> None:
        give_up = time.monotonic() + wait_s
        pause = 0.0002
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    raise StoreBusy(
                        f"The store {self._store} is locked by another writer (process {self._holder(file)}) for over "
                        f"{wait_s:g} s. Nothing was changed; try again."
                    ) from None
                time.sleep(pause * random.uniform(0.5, 1.5))
                pause = min(pause * 1.5, 0.004)

    @staticmethod
    def _holder(file: int) -> str:
        return os.pread(file, 20, 0).decode("ascii", "replace").strip() or "unknown"
