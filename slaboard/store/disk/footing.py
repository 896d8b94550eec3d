"""What a connection stands on: the store's file, its log and the log's index, which must stay the same ones.

SQLite goes on with files that were deleted or replaced, and what is written to them nobody else ever sees:
https://sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use
"""

from __future__ import annotations

import os
from pathlib import Path
from time import sleep

from slaboard.errors import StoreError
from slaboard.store.disk.driver import REPAIR, Connection, version
from slaboard.store.disk.holder import identity, named, strangers
from slaboard.store.disk.sibling import beside

COUNTS_FRAMES = (3, 51, 0)
"""From this version on SQLite says how long the log is without touching it (`wal_checkpoint(NOOP)`)."""
PATIENCE_S = 0.025
"""Whoever is just opening or closing the store holds only one of two locks for less than this."""
WAL_HEADER, FRAME_HEADER = 32, 24
"""Bytes: https://sqlite.org/fileformat2.html#the_write_ahead_log"""


class Footing:
    """The files under a connection, as they were when it was opened."""

    def __init__(self, store: Path, connection: Connection, *, is_reader: bool) -> None:
        self._store, self._connection = store, connection
        self._log, self._index = (beside(store, end) for end in ("-wal", "-shm"))
        self._file_id, self._log_id, self._index_id = map(identity, (store, self._log, self._index))
        self._frozen_at = _written_at(store) if is_reader and self._log_id is None else None
        """For whoever reads the file alone, when it was last written: SQLite takes it for one that never changes."""
        self._size = self.log_size = 0
        """Bytes of the store and of its log, when they were last looked at."""
        self.is_cut_short()

    def is_firm(self) -> bool:
        """True while the store and its log are the files at their paths; two or three `stat`, about 5 us."""
        try:
            log = os.stat(self._log)
        except OSError:
            log_id, self.log_size = None, 0
        else:
            log_id, self.log_size = (log.st_dev, log.st_ino), log.st_size
        return identity(self._store) == self._file_id and self._log_id in (None, log_id)

    def is_whole(self) -> bool:
        """True while also the index is the same one, the store is not cut short and a reader sees what others write."""
        if not self.is_firm() or self._index_id not in (None, identity(self._index)) or self.is_cut_short():
            return False
        return self._frozen_at is None or (self._frozen_at == _written_at(self._store) and not self._log.exists())

    def is_cut_short(self) -> bool:
        """True when the file has become smaller than what SQLite has put into it."""
        try:
            before, self._size = self._size, os.stat(self._store).st_size
        except OSError:
            return True
        return self._size < before and self._size < self._number("page_count") * self._number("page_size")

    def is_leaving_a_log(self) -> bool:
        """True when SQLite would not carry the log over as it closes the store, or would not find it again.

        It leaves alone the log of a store that was replaced, which the next one would take for its own; and of a log
        that was deleted, or whose index was, only those know the last commits who have it open. Not true once somebody
        has begun a new one.
        """
        if self._log_id is None:
            return False
        if identity(self._store) != self._file_id:
            return identity(self._log) == self._log_id
        log, index = identity(self._log), identity(self._index)
        if (log, index) == (self._log_id, self._index_id) or index not in (None, self._index_id):
            return False
        return log in (None, self._log_id) or not os.stat(self._log).st_size

    def sentence(self) -> str:
        """What has become of the files."""
        if not self._store.exists():
            return gone(self._store)
        if identity(self._store) != self._file_id:
            return f"The store {self._store} was replaced by another file. Nothing was changed in that one; try again."
        if self.is_firm():
            return f"The store {self._store} was cut short. Nothing was changed. {REPAIR}"
        return f"The log of the store, {self._log.name}, was deleted or replaced. Nothing was changed; try again."

    def _number(self, pragma: str) -> int:
        return int(self._connection.execute(f"PRAGMA {pragma}").fetchall()[0][0])


def _written_at(store: Path) -> int:
    return os.stat(store).st_mtime_ns


def gone(store: Path) -> str:
    """The sentence for a store that was there before."""
    return f"The store is gone: {store} was deleted or renamed, or its disk is away. Put it back."


def refuse_strangers(store: Path) -> None:
    """StoreError while others have files open that were at this store's path before: joining them would mix the two."""
    found = strangers(store)
    for _ in range(5):
        if not found:
            return
        sleep(PATIENCE_S / 5)
        found = sorted({*found}.intersection(strangers(store)))
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        if os.stat(store).st_nlink > 1:
            raise StoreError(
                f"The store {store} has another name (a hard link), by which {named(found[0])}{more} may have it open; "
                f"by two names it would have two logs. Open it by that one, or by a symbolic link."
            )
        raise StoreError(
            f"The store {store}, or the log beside it, was deleted or replaced while {named(found[0])}{more} had it "
            f"open; to open it now would mix two stores. Boards let go of the old one within a second: try again, else "
            f"end that process."
        )


def refuse_another_log(store: Path, connection: Connection) -> None:
    """StoreError when the log at this store's path is not the one that others write to: theirs was deleted."""
    if version() < COUNTS_FRAMES:
        return
    log = beside(store, "-wal")
    for _ in range(5):
        frames = _frames(connection)
        if frames <= 0 or _size(log) >= WAL_HEADER + frames * (FRAME_HEADER + _page_size(connection)):
            return
        if _frames(connection) == frames:  # else it was just begun anew
            break
    raise StoreError(
        f"The log of the store, {log.name}, was deleted while others have it open. Nothing was changed. An open board "
        f"carries over what was in it within a second: try again."
    )


def _frames(connection: Connection) -> int:
    return int(connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchall()[0][1])


def _page_size(connection: Connection) -> int:
    return int(connection.execute("PRAGMA page_size").fetchall()[0][0])


def _size(log: Path) -> int:
    try:
        return os.stat(log).st_size
    except OSError:
        return 0
