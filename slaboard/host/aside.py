"""What a long look sets aside on the disk instead of in memory: values by name, or to be told in another order.

In a database of SQLite's own that has no name (https://sqlite.org/inmemorydb.html#temp_db): small ones never leave the
memory, large ones go to the folder for temporary files, and nothing is left of either, whatever ends the program.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import msgspec

from slaboard.errors import StoreError

T = TypeVar("T")
CACHE_KIB = 8_192
"""How much of it SQLite keeps in memory."""
BATCH = 500
"""Values that are written at once."""
MOST = 5_000
"""Values by name that are kept at hand."""


class InOrder(Generic[T]):
    """Values that come in any order and go out by their key; those of one key as they came. Bounded memory.

    Raises StoreError when there is no room for them.
    """

    def __init__(self, kind: Any) -> None:
        self._database = _database("CREATE TABLE aside (first, second, third, value BLOB)")
        self._decode = msgspec.msgpack.Decoder(kind).decode
        self._rows: list[tuple[int, int, str, bytes]] = []

    def add(self, key: tuple[int, int, str], value: T) -> None:
        """Take one in."""
        self._rows.append((*key, msgspec.msgpack.encode(value)))
        if len(self._rows) == BATCH:
            self._write()

    def __iter__(self) -> Iterator[T]:
        self._write()
        with _room():
            for (value,) in self._database.execute("SELECT value FROM aside ORDER BY first, second, third, rowid"):
                yield self._decode(value)

    def _write(self) -> None:
        with _room():
            self._database.executemany("INSERT INTO aside VALUES (?, ?, ?, ?)", self._rows)
        self._rows.clear()


class ByName(Generic[T]):
    """Values by their name. Those used last are at hand, the others on the disk. Bounded memory.

    Raises StoreError when there is no room for them.
    """

    def __init__(self, kind: Any, most: int = MOST) -> None:
        self._kind, self._most = kind, most
        self._at_hand: OrderedDict[str, T] = OrderedDict()
        self._database: sqlite3.Connection | None = None
        self._decode = msgspec.msgpack.Decoder(kind).decode

    def get(self, name: str) -> T | None:
        """The value of `name`, None when it has none."""
        if name in self._at_hand:
            self._at_hand.move_to_end(name)
            return self._at_hand[name]
        if self._database is None:
            return None
        with _room():
            rows = self._database.execute("SELECT value FROM aside WHERE name = ?", (name,)).fetchall()
        if not rows:
            return None
        found: T = self._decode(rows[0][0])
        self.put(name, found)
        return found

    def put(self, name: str, value: T) -> None:
        """Keep `value` as the one of `name`."""
        self._at_hand[name] = value
        self._at_hand.move_to_end(name)
        if len(self._at_hand) > self._most:
            self._write(min(BATCH, self._most))

    def _write(self, count: int) -> None:
        """Those that were not used for longest to the disk."""
        if self._database is None:
            self._database = _database("CREATE TABLE aside (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
        rows = [(name, msgspec.msgpack.encode(value)) for name, value in self._oldest(count)]
        with _room():
            self._database.executemany("INSERT OR REPLACE INTO aside VALUES (?, ?)", rows)

    def _oldest(self, count: int) -> Iterable[tuple[str, T]]:
        return [self._at_hand.popitem(last=False) for _ in range(count)]


def _database(table: str) -> sqlite3.Connection:
    """A database that nobody else sees: without journal, and in one transaction that never ends."""
    with _room():
        found = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for sql in (f"PRAGMA cache_size=-{CACHE_KIB}", "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", table):
            found.execute(sql).fetchall()
        found.execute("BEGIN")
    return found


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"The folder for temporary files has no room for what has to be put in order ({error}). Make room there, "
            f"or name another folder in TMPDIR."
        ) from error
