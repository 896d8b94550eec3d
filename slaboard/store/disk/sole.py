"""One watcher a store: whoever runs the hooks holds a lock beside it, which ends with the process in any case."""

from __future__ import annotations

import os
from pathlib import Path
from time import sleep

from slaboard.errors import StoreError
from slaboard.store.disk.holder import named
from slaboard.store.disk.sibling import beside
from slaboard.text import clean

try:
    import fcntl
except ImportError:  # Windows: nobody is kept from running a second one
    fcntl = None  # type: ignore[assignment]

LONGEST = 300
"""Bytes that are read of who holds it."""


class Sole:
    """An flock on `<store>.watch`, in which stands who has it."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self.path = beside(store, ".watch")
        self._file: int | None = None
        self._who = ""

    def take(self, who: str) -> None:
        """Hold it from now on; StoreError with who does where somebody else does."""
        if fcntl is None:
            return
        self._who = who
        is_new = not self.path.exists()
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
            if is_new:  # whoever of the team may write the store may watch it after us, whatever our umask
                os.fchmod(file, self._store.stat().st_mode & 0o666)
        except OSError as error:
            raise StoreError(
                f"Whether another watch runs on {self._store} cannot be told: {self.path.name} beside it cannot be "
                f"opened ({error.strerror}). Stream without hooks: slaboard watch --also"
            ) from None
        if not _locked(file):
            said = os.pread(file, LONGEST, 0)
            os.close(file)
            raise StoreError(
                f"The store {self._store} is watched already, by {_told(said)}. Two would run each hook twice; to "
                f"stream beside it, without hooks: slaboard watch --also"
            )
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()} {who}".encode()[:LONGEST], 0)
        self._file = file

    def keep(self) -> None:
        """Hold it anew where somebody tidied it away; StoreError where another watch has begun since. 2 us."""
        if self._file is not None and not os.fstat(self._file).st_nlink and self._store.exists():
            os.close(self._file)
            self._file = None
            self.take(self._who)

    def release(self) -> None:
        """Let go of it. The file stays: to delete it would let two hold one of the same name."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None


def _locked(file: int) -> bool:
    """True when it is ours now. Whoever only looks holds it for a moment."""
    for wait_s in (0.02, 0.05, 0.0):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sleep(wait_s)
        else:
            return True
    return False


def holder_of(store: Path) -> str | None:
    """Who watches `store`: `process 123 (slaboard watch) of ana@pc-07`; None where nobody does."""
    path = beside(store, ".watch")
    if fcntl is None or not path.is_file():
        return None
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _told(os.pread(file, LONGEST, 0))
    finally:
        os.close(file)
    return None


def _told(said: bytes) -> str:
    pid, _, who = said.decode("utf-8", "replace").partition(" ")
    found = named(int(pid)) if pid.isdecimal() else "another process"
    return f"{found} of {clean(who, limit=100)}" if who else found
