"""Who holds a store: the processes that Linux says have a lock on its files, so that a sentence can name them.

Read from /proc/locks, which opens none of the store's files; elsewhere nobody is known and the sentences say less.
https://sqlite.org/walformat.html#locks names the bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from slaboard.store.disk.sibling import beside

PROC = Path("/proc")
SHM_WRITE = 120
"""The byte of the log's index (`-shm`) that a writer locks."""
SHM_READ = range(123, 128)
"""Those of it of which everybody locks one who is in the middle of reading."""
SHM_OPEN = 128
"""The byte of it that everybody locks who has it open."""
DB_SHARED = 0x40000002
"""The first of the bytes of the store's file of which everybody locks some who has it open."""
WORDS = 2
"""Words of a command line that are told: what follows may be a ticket's text."""

Lock = tuple[int, tuple[int, int], int, int, bool]
"""Process, file (device and inode), first byte, last byte, whether it keeps everybody else out."""


def writer(store: Path) -> int | None:
    """The process that is in a write transaction on `store`, None when there is none or nobody can tell."""
    index = identity(_index(store))
    found = (
        pid for pid, file, first, last, alone in _locks() if alone and file == index and first <= SHM_WRITE <= last
    )
    return next(found, None)


def readers(store: Path) -> list[int]:
    """Other processes that are reading `store` at this moment: its log is not begun anew before they end."""
    index = identity(_index(store))
    found = {
        pid for pid, file, first, last, _ in _locks() if file == index and first <= SHM_READ[-1] and last >= SHM_READ[0]
    }
    return sorted(found - {os.getpid()})


def strangers(store: Path) -> list[int]:
    """Processes that share only the store's file or only its log's index with whoever opens `store` now.

    They have another one open in its stead, for one of the two was replaced or deleted meanwhile; to join them would
    mix two stores. Who only comes or goes, however slowly, has nothing in its stead.
    """
    file, index = identity(store), identity(_index(store))
    files: dict[int, set[tuple[int, int]]] = {}
    indexes: dict[int, set[tuple[int, int]]] = {}
    for pid, locked, first, last, _ in _locks():
        if last >= DB_SHARED and first > SHM_OPEN:
            files.setdefault(pid, set()).add(locked)
        elif first <= SHM_OPEN <= last:
            indexes.setdefault(pid, set()).add(locked)
    both = files.keys() & indexes.keys()
    return sorted(pid for pid in both - {os.getpid()} if (file in files[pid]) != (index in indexes[pid]))


def identity(path: Path) -> tuple[int, int] | None:
    """Device and inode, None where there is no file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def named(pid: int) -> str:
    """`process 123 (slaboard import)`, also `, which is stopped,`; less where the system says less."""
    from slaboard.text import clean

    words = _command(pid)
    told = f"process {pid} ({clean(' '.join(words), limit=40)})" if words else f"process {pid}"
    return f"{told}, which is stopped," if is_stopped(pid) else told


def is_stopped(pid: int) -> bool:
    """True for a process that SIGSTOP, ctrl+z or a debugger has stopped."""
    try:
        state = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state in ("T", "t")


def busy(store: Path, pid: int | None, wait_s: float, what: str = "") -> str:
    """The sentence for whoever waited `wait_s` seconds for the store, which `pid` holds (None: somebody).

    `what` it said that it does: for that it may hold it longer than anybody should wait.
    """
    from slaboard.text import clean

    who = "another writer" if pid is None else named(pid)
    if pid is not None and is_stopped(pid):  # what helps stands early: a small screen cuts the end
        who = who.removesuffix(",")
        return f"The store {store} is locked by {who}: let it go on (kill -CONT {pid}). Nothing was changed; try again."
    if what:
        return (
            f"The store {store} is taken: {who} {clean(what, limit=150)}. Nothing was changed; when it is done, look "
            f"at the ticket first."
        )
    since = f" for over {wait_s:g} s" if wait_s >= 1 else ""
    return f"The store {store} is locked by {who}{since}. Nothing was changed; try again."


def _command(pid: int) -> list[str]:
    """The first words of what it runs, without folders and without the interpreter of a script."""
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return []
    names = [os.path.basename(word) for word in words if word]
    if len(names) > 1 and names[0].startswith("python"):
        names = names[2:] if names[1] == "-m" else names if names[1].startswith("-") else names[1:]
    return names[:WORDS]


def _index(store: Path) -> Path:
    return beside(store, "-shm")


def _locks() -> Iterator[Lock]:
    try:
        lines = (PROC / "locks").read_text().splitlines()
    except OSError:
        return
    for line in lines:  # `1: POSIX  ADVISORY  WRITE 21555 fe:00:2213143 120 120`, with `->` for one that waits
        words = line.split()
        if len(words) == 8 and words[1] in ("POSIX", "OFDLCK"):
            major, minor, inode = words[5].split(":")
            device = os.makedev(int(major, 16), int(minor, 16))
            last = 2**63 if words[7] == "EOF" else int(words[7])
            yield int(words[4]), (device, int(inode)), int(words[6]), last, words[3] == "WRITE"
