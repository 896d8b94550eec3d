"""The turnstile: one writer at a time, and every writer gets its turn.

On `busy_timeout` alone, of 50 writers one got 1 commit while another got 5,000 and the WAL grew to 631 MB; behind a
lock on a separate file all make progress and the WAL stays at 4 MB.

Whoever finds it taken stands in the kernel's queue for the lock: nobody looks again and again, and who is killed or
stopped stands there no more. When the lock becomes free the first of the queue has yet to wake up, though, and a writer
that comes again at once would be there before: so it lets those in who wait. Of 50 that write without a pause nobody
then waits longer than 0.34 s, and the fewest commits are 0.92 of the mean; when all looked at the lock now and then it
was 0.89 s and 0.57.

The lock is on a file of its own, never on the store's: closing a descriptor of the db file would drop SQLite's own
locks.
"""

from __future__ import annotations

import contextlib
import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from slaboard.errors import StoreBusy, StoreError
from slaboard.store.disk.sibling import beside

try:
    import fcntl
except ImportError:  # Windows: SQLite's own lock with its busy timeout has to do
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from slaboard.store.disk.queue import Place

WAIT_S = 2.0
"""How long a key press may wait for its turn."""
CATCH_UP_S = 0.25
"""How long recomputing what other programs wrote may wait for it: keys are served after that."""
AGAIN_S, ASIDE_S = 0.005, 0.001
"""Who comes again within the one and finds others waiting steps aside for the other: so long waking up may take."""
PID_WIDTH = 20
"""Bytes at the head of the lock file, which say who has the turn."""
LONGEST = 200
"""Bytes behind them at most, which say what a long turn is for: who has it, once more, and words."""


def _byte(kind: int) -> bytes:
    """A `struct flock` for the first byte: type, whence, start, length, pid."""
    return struct.pack("hhqqi", kind, os.SEEK_SET, 0, 1, 0)


_KNOWS_WAITING = hasattr(fcntl, "F_OFD_GETLK")
"""Only Linux has locks that belong to an open file; elsewhere the queue alone has to do."""
if fcntl is not None:
    _AT_ONCE = fcntl.LOCK_EX | fcntl.LOCK_NB
    _SHARED, _ALONE, _UNLOCKED = map(_byte, (fcntl.F_RDLCK, fcntl.F_WRLCK, fcntl.F_UNLCK))


class Turnstile:
    """An flock on `<store>.lock`, taken around every write transaction and checkpoint."""

    def __init__(self, store: Path) -> None:
        self.path = beside(store, ".lock")
        self._store = store
        self._file: int | None = None
        self._place: Place | None = None
        """Where we stand in the queue, kept also after a wait was given up: the next one goes on from there."""
        self._left = float("-inf")
        """When our last turn ended, on the monotonic clock."""

    @contextlib.contextmanager
    def turn(self, wait_s: float = WAIT_S, *, what: str = "") -> Iterator[None]:
        """Our turn, for as long as the block lasts; StoreBusy with who holds it after `wait_s` seconds.

        `what` is said to those who wait for a long one: `puts a backup back`.
        """
        if fcntl is None:
            yield
            return
        file = self._opened()
        self._take(file, wait_s)
        try:
            self._sign(file, what)
            yield
        finally:
            if what:
                with contextlib.suppress(OSError):  # a disk that went read-only: the words are ours, and known as old
                    os.ftruncate(file, PID_WIDTH)
            fcntl.flock(file, fcntl.LOCK_UN)
            self._left = time.monotonic()

    def is_awaited(self) -> bool:
        """True while somebody waits for our turn to end, and where that cannot be told."""
        return self._file is None or not _KNOWS_WAITING or _others_wait(self._file)

    def close(self) -> None:
        """Give the lock file back."""
        if self._place is not None:
            self._place.close()
        elif self._file is not None:
            os.close(self._file)
        self._file = self._place = None

    def _opened(self) -> int:
        if self._file is not None and self._place is None and not os.fstat(self._file).st_nlink:
            os.close(self._file)  # somebody tidied it away: those who come now queue at another one
            self._file = None
        if self._file is None:
            is_new = not self.path.exists()
            try:
                self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
                if is_new:  # who may write the store may take its turn, whatever the umask of who came first
                    os.fchmod(self._file, self._store.stat().st_mode & 0o666)
            except OSError as error:
                raise StoreError(
                    f"The store {self._store} cannot be written: {self.path.name} beside it cannot be opened "
                    f"({error.strerror})."
                ) from error
        return self._file

    def _take(self, file: int, wait_s: float) -> None:
        now = time.monotonic()
        if now - self._left < AGAIN_S and self._place is None and _others_wait(file):
            time.sleep(ASIDE_S)
        while True:
            if self._place is None:
                try:
                    fcntl.flock(file, _AT_ONCE)
                    return
                except BlockingIOError:
                    self._place = _place(file)
            with _seen_waiting(file):
                came = self._place.wait(now + wait_s - time.monotonic())
            if not (came or self._place.is_over):
                raise self._busy(file, wait_s)
            self._place = None
            if came:
                return

    @staticmethod
    def _sign(file: int, what: str) -> None:
        """Say who has the turn; on a full disk nothing is said, and the lock holds all the same."""
        try:
            os.pwrite(file, b"%-*d" % (PID_WIDTH, os.getpid()), 0)
            if what:
                os.pwrite(file, f"{os.getpid()} {what}".encode()[:LONGEST], PID_WIDTH)
        except OSError:
            return

    def _busy(self, file: int, wait_s: float) -> StoreBusy:
        """Names whom everybody waits for: who writes, else who has the turn (and may itself wait for the other)."""
        from slaboard.store.disk import holder

        said, note = os.pread(file, PID_WIDTH, 0).strip(), os.pread(file, LONGEST, PID_WIDTH)
        pid = holder.writer(self._store) or (int(said) if said.isdigit() else None)
        author, _, what = note.decode("utf-8", "replace").partition(" ")
        is_of_now = said.isdigit() and author == said.decode()  # who was killed has left its words behind
        return StoreBusy(holder.busy(self._store, int(said) if is_of_now else pid, wait_s, what if is_of_now else ""))


def _place(file: int) -> Place:
    from slaboard.store.disk.queue import Place  # a thread, for those only who have to wait

    return Place(file)


@contextlib.contextmanager
def _seen_waiting(file: int) -> Iterator[None]:
    """Hold a shared lock on the first byte, for those who come again to see; it ends with the process at the latest."""
    if not _KNOWS_WAITING:
        yield
        return
    fcntl.fcntl(file, fcntl.F_OFD_SETLK, _SHARED)
    try:
        yield
    finally:
        fcntl.fcntl(file, fcntl.F_OFD_SETLK, _UNLOCKED)


def _others_wait(file: int) -> bool:
    """True when somebody else holds it."""
    return _KNOWS_WAITING and fcntl.fcntl(file, fcntl.F_OFD_GETLK, _ALONE)[:2] == _SHARED[:2]
