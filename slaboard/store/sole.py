"""One watcher a store: whoever runs the hooks holds a lock beside it, which ends with the process in any case."""

from __future__ import annotations

import os
from pathlib import Path

from slaboard.errors import StoreError
from slaboard.store.holder import named
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
        self.path = store.with_name(f"{store.name}.watch")
        self._file: int | None = None

    def take(self, who: str) -> None:
        """Hold it from now on; StoreError with who does where somebody else does."""
        if fcntl is None:
            return
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        except OSError as error:
            raise StoreError(
                f"Whether another watch runs on {self._store} cannot be told: {self.path.name} beside it cannot be "
                f"opened ({error.strerror}). Stream without hooks: slaboard watch --also"
            ) from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            said = os.pread(file, LONGEST, 0)
            os.close(file)
            raise StoreError(
                f"The store {self._store} is watched already, by {_told(said)}. Two would run each hook twice; to "
                f"stream beside it, without hooks: slaboard watch --also"
            ) from None
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()} {who}".encode()[:LONGEST], 0)
        self._file = file

    def release(self) -> None:
        """Let go of it. The file stays: to delete it would let two hold one of the same name."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None


def holder_of(store: Path) -> str | None:
    """Who watches `store`: `process 123 (slaboard watch) of ana@pc-07`; None where nobody does."""
    path = store.with_name(f"{store.name}.watch")
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
