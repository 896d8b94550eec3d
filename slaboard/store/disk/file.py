"""One store file, open: its connection, its transactions, and what tells that somebody else has written."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any, Self

from slaboard.errors import StoreBusy, StoreError
from slaboard.store.disk import estate, holder
from slaboard.store.disk.driver import BUSY_MS, NOTHING, Connection, cannot_write, sentences
from slaboard.store.disk.footing import Footing
from slaboard.store.disk.log import BULK_PAGES, keep_short
from slaboard.store.disk.opening import opened
from slaboard.store.disk.turnstile import WAIT_S, Turnstile
from slaboard.store.words import contains

OURS_NO_MORE = "UPDATE state SET ours = 0 WHERE ours = 1"
LEAST_MS = 250
"""So long a writer that takes no turn is waited for even when most of the time went by before our turn came."""


class StoreFile:
    """A connection for one thread at a time. Opening never creates and never changes a file that is not ours."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.name = path.stem
        self.read_only = read_only
        estate.settle(path)
        self.connection = opened(path, read_only)
        self.connection.create_function("REGEXP", 2, _regexp, deterministic=True)
        self.connection.create_function("CONTAINS", 2, _contains, deterministic=True)
        self._footing = Footing(path, self.connection, is_reader=read_only)
        self._turnstile = Turnstile(path)
        self._patience_ms = BUSY_MS
        self.turn_s = 0.0
        """How long our last turn was, in seconds: what others had to wait for."""

    def close(self) -> None:
        """Let go of the file and of the turnstile; later, where what stands in the log alone would be lost."""
        try:
            self.carry_over()
        except StoreError:
            estate.keep(self)
        else:
            self.release()

    def release(self) -> None:
        """Close the connection and the turnstile."""
        self.connection.close()
        self._turnstile.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def writing(self, wait_s: float = WAIT_S, *, in_bulk: bool = False) -> Iterator[Connection]:
        """One write transaction behind the turnstile; rolled back whole when the block raises.

        `wait_s` is for both: for our turn, and for a writer that takes none. What is written `in_bulk` may be lost in
        a power cut, until the next act by anybody: it can be read or computed again.
        """
        if self.read_only:
            raise StoreError(f"{cannot_write(self.path)} {NOTHING}")
        give_up = monotonic() + wait_s
        with self._turnstile.turn(wait_s), sentences(self.path):
            began = monotonic()
            self._wait_at_most(give_up - began)
            self._must_be_firm()
            log_size = self._footing.log_size
            if in_bulk:
                self.connection.execute("PRAGMA synchronous=NORMAL")
                self.connection.execute(f"PRAGMA wal_autocheckpoint={BULK_PAGES}").fetchall()
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                yield self.connection
                self.connection.execute(OURS_NO_MORE)
                with sentences(self.path, at_commit=True):
                    self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # SQLite itself rolls back when the disk is full
                    self.connection.execute("ROLLBACK")
                raise
            finally:
                if in_bulk:
                    self.connection.execute("PRAGMA synchronous=FULL")
            self._must_be_firm()  # else it went into a file that nobody else will ever read
            keep_short(self.connection, log_size, self._footing.log_size, self._patience_ms)
            self.turn_s = monotonic() - began

    def is_awaited(self) -> bool:
        """True while somebody waits for our turn to end."""
        return self._turnstile.is_awaited()

    def _wait_at_most(self, seconds: float) -> None:
        """How long SQLite waits for programs that take no turn; set anew only when it differs much: 3 us."""
        patience = min(BUSY_MS, max(LEAST_MS, int(seconds * 1000)))
        if abs(patience - self._patience_ms) > LEAST_MS // 2:
            self.connection.execute(f"PRAGMA busy_timeout={patience}").fetchall()
            self._patience_ms = patience

    def _must_be_firm(self) -> None:
        if not self._footing.is_firm():
            raise StoreError(self._footing.sentence())

    def carry_over(self) -> None:
        """When the store or its log was pulled from under us, put into our file what stands in our log alone."""
        if self.read_only or not self._footing.is_leaving_a_log():
            return
        with self._turnstile.turn(), sentences(self.path):
            if self._footing.is_leaving_a_log():
                _, frames, carried = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0]
                if carried < frames:
                    raise StoreBusy(holder.busy(self.path, None, self._patience_ms / 1000))

    def empty_log(self) -> bool:
        """Carry the log into the store and cut it to nothing; False where somebody still reads in it."""
        with self._turnstile.turn(), sentences(self.path):
            return not self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0][0]

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the store for several questions."""
        with sentences(self.path):
            if self.connection.in_transaction:
                yield self.connection
                return
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("COMMIT")

    def ask(self, sql: str, values: Mapping[str, object] | Sequence[object] = ()) -> list[Any]:
        """All rows of a query; none is left open, for an open SELECT holds a transaction."""
        with sentences(self.path):
            return self.connection.execute(sql, values).fetchall()

    def data_version(self) -> int:
        """Changes with every commit of any other connection; 3 to 5 us."""
        return int(self.ask("PRAGMA data_version")[0][0])

    def revision(self) -> int:
        """Grows with everything that changes on a board."""
        return int(self.ask("SELECT rev FROM state")[0][0])

    def is_in_place(self) -> bool:
        """False once the store or its log was replaced, deleted or cut short: let go of it and open it anew."""
        with sentences(self.path):
            return self._footing.is_whole()


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _regexp(pattern: str, value: object) -> bool:
    return value is not None and _pattern(pattern).search(str(value)) is not None


def _contains(text: object, word: str) -> bool:
    return contains("" if text is None else str(text), word)
