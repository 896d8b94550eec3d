"""A place in the kernel's queue for a lock, at which one can wait for a limited time.

`flock` waits without a limit, and what could interrupt it are signals, which only the main thread gets. So a thread of
its own stands in the queue. Linux lets in one by one who came first (fs/locks.c, "Locking conflicts and
dependencies"), and who was killed or stopped is in the queue no more.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from _thread import allocate_lock, start_new_thread


class Place:
    """A place in the queue for the lock on an open file. It is kept while nobody waits, until the lock comes."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._state = allocate_lock()
        self._came, self._over, self._wanted, self._closing = False, False, True, False
        self._call = allocate_lock()
        """Locked until the lock comes."""
        self._call.acquire()
        start_new_thread(self._stand, ())

    @property
    def is_over(self) -> bool:
        """True once the lock came while nobody waited, and was passed on."""
        with self._state:
            return self._over

    def wait(self, seconds: float) -> bool:
        """True once the lock is ours; False after `seconds`, or when the place is over."""
        with self._state:
            if self._over:
                return False
            self._wanted = True
        try:
            self._call.acquire(timeout=max(0.0, seconds))
        except BaseException:  # ctrl+c
            self._leave()
            raise
        with self._state:
            self._wanted = self._came
            return self._came

    def close(self) -> None:
        """Nobody will wait here any more: close the file, as soon as the lock has come."""
        with self._state:
            self._closing = True
            if self._over:
                os.close(self._file)

    def _leave(self) -> None:
        with self._state:
            self._wanted = False
            if self._came:
                self._pass_on()

    def _stand(self) -> None:
        with contextlib.suppress(OSError):  # a system that has no more locks to give: SQLite's own has to do
            fcntl.flock(self._file, fcntl.LOCK_EX)
        with self._state:
            if self._wanted:
                self._came = True
            else:
                self._pass_on()
        self._call.release()

    def _pass_on(self) -> None:
        self._came, self._over = False, True
        if self._closing:
            os.close(self._file)
        else:
            fcntl.flock(self._file, fcntl.LOCK_UN)
