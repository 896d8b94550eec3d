"""A whole copy of a store in one plain file, taken while others write."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from slaboard.errors import StoreError
from slaboard.host import place
from slaboard.store.disk.apart import refuse_store
from slaboard.store.disk.driver import APPLICATION_ID, Connection, module, sentences

if TYPE_CHECKING:
    from slaboard.store.disk.file import StoreFile

STEP = 2_048
"""Pages (8 MB) between two looks at the progress, and at ctrl+c."""
LOOK_UP = 10_000
"""Steps of SQLite's machine, or pages that it checks, between two looks at ctrl+c."""
FORMAT_AT, PLAIN = 18, b"\x01\x01"
"""Where a database says whether it has a write-ahead log (2), and that it has none (1):
https://sqlite.org/fileformat2.html#file_format_version_numbers"""

# What is told of a store. A time that another program wrote as a text is newer than every number.
_FACTS = """
    SELECT (SELECT count(*) FROM tickets), count(*), max(CASE WHEN typeof(at) = 'integer' THEN at END),
        (SELECT rev FROM state), (SELECT user_version FROM pragma_user_version)
    FROM events"""

OnPages = Callable[[int, int], None]
"""Hears how many pages are copied, and of how many."""
temporary = partial(place.temporary, wrong=StoreError)
on_disk = partial(place.on_disk, wrong=StoreError)
put = partial(place.put, wrong=StoreError)


class Facts(Struct, frozen=True):
    """What a store holds."""

    tickets: int
    events: int
    newest: int | None
    """When its newest event happened."""
    rev: int
    schema: int


class Backup(Struct, frozen=True):
    """A copy that is in place, checked and on the disk."""

    path: Path
    size: int
    """Bytes."""
    facts: Facts


def facts(connection: Connection) -> Facts:
    """What the store under `connection` holds."""
    return Facts(*connection.execute(_FACTS).fetchall()[0])


def backup(store: StoreFile, target: Path, *, force: bool = False, on_pages: OnPages | None = None) -> Backup:
    """Copy `store` to `target`, also onto a network file system; over a file that is there only with `force`.

    The copy is checked, and on the disk before it gets its name: whoever looks finds all of it, or nothing.
    """
    refuse_store(target, store.path)
    place.refuse(target, force=force, such=f"{store.path.stem}-backup.db", wrong=StoreError)
    with temporary(target) as made:
        copy(store.connection, store.path, made, on_pages)
        if problem := flaw(made):
            raise StoreError(f"The store {store.path} is damaged ({problem}), so no backup of it was made.")
        with on_disk(target):
            made.chmod(os.stat(store.path).st_mode & 0o666)
        found = facts_of(made)
        put(made, target, force=force)
    return Backup(target, os.stat(target).st_size, found)


def copy(source: Connection, store: Path, made: Path, on_pages: OnPages | None = None) -> None:
    """Copy what `source` sees of `store` at this moment into `made`, an empty file that nobody else has open.

    One read transaction is held from the first page to the last. Without it SQLite begins anew after every commit of
    somebody else: with one each 20 ms, 90 MB in steps of 1 MB were not copied after 10 s, and in a transaction after
    0.2 s. No writer waits for it; the log grows by what they write meanwhile. `VACUUM INTO` holds one, too, but took
    two to three times as long and may number rows anew (https://sqlite.org/lang_vacuum.html).
    """
    # No locks and no journal: the file is ours alone, and a network file system need not know of locks.
    with closing(_connected(made, "nolock=1")) as target:
        with sentences(made):
            for pragma in ("journal_mode=OFF", "synchronous=OFF"):
                target.execute(f"PRAGMA {pragma}").fetchall()
        with _whose_fault(store, made):
            began = not source.in_transaction
            if began:
                source.execute("BEGIN")
            try:
                source.execute("SELECT count(*) FROM sqlite_schema").fetchall()  # the snapshot begins here
                source.backup(target, pages=STEP, progress=_progress(on_pages))
            finally:
                if began and source.in_transaction:
                    source.execute("ROLLBACK")
    with on_disk(made), made.open("r+b") as file:
        # Without a log it can be read where nobody may write.
        file.seek(FORMAT_AT)
        file.write(PLAIN)


def _progress(on_pages: OnPages | None) -> Callable[[int, int, int], None]:
    """Also for nobody: without it the driver does not look up, and ctrl+c ends nothing before all is copied."""
    return lambda _, left, total: None if on_pages is None else on_pages(total - left, total)


@contextmanager
def _whose_fault(store: Path, made: Path) -> Iterator[None]:
    """Sentences for a copy that failed, of which the driver gives only the text."""
    try:
        yield
    except module().Error as error:
        if "full" in str(error):
            raise StoreError(
                f"There is no room for a copy of {store} in {made.parent}. Nothing was changed; make room and try "
                f"again."
            ) from error
        if "I/O" in str(error):
            raise StoreError(
                f"{store} cannot be copied to {made.parent}: one of the two disks fails ({error}). Nothing was "
                f"changed. Look at dmesg."
            ) from error
        with sentences(store):
            raise


@contextmanager
def interruptible(connection: Connection) -> Iterator[None]:
    """Within it ctrl+c ends a long question of `connection` at once: SQLite looks up from its work now and then.

    Python raises nothing before the question is answered: a check of 1.4 GB went on for 4 s.
    """
    connection.set_progress_handler(lambda: 0, LOOK_UP)  # what a signal raises in there ends the question
    try:
        yield
    except module().OperationalError as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            raise KeyboardInterrupt from error
        raise
    finally:
        connection.set_progress_handler(None, 0)


def flaw(made: Path) -> str | None:
    """What is wrong with a copy as a file, None when it is a whole store."""
    try:
        with closing(plain(made)) as connection:
            if connection.execute("PRAGMA application_id").fetchall()[0][0] != APPLICATION_ID:
                return "it is not a slaboard store"
            with interruptible(connection):
                found = str(connection.execute("PRAGMA quick_check(1)").fetchall()[0][0])
            return None if found == "ok" else found.splitlines()[-1]
    except module().DatabaseError as error:
        return str(error)


def facts_of(made: Path) -> Facts:
    """What a copy holds."""
    with closing(plain(made)) as connection, sentences(made):
        return facts(connection)


def plain(made: Path) -> Connection:
    """A connection for reading a copy that nobody writes to any more."""
    return _connected(made, "mode=ro&immutable=1")


def _connected(path: Path, how: str) -> Connection:
    """A bare connection to a file that is ours alone."""
    with sentences(path):
        connection: Any = module().connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
    return connection  # type: ignore[no-any-return]
