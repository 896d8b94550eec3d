"""A whole copy of a store in one plain file, taken while others write."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from slaboard.errors import StoreError, UsageError
from slaboard.store.disk.driver import APPLICATION_ID, Connection, module, sentences
from slaboard.store.disk.sibling import beside, real

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
    _refuse(store.path, target, force)
    with temporary(target) as made:
        copy(store.connection, store.path, made, on_pages)
        if problem := flaw(made):
            raise StoreError(f"The store {store.path} is damaged ({problem}), so no backup of it was made.")
        with on_disk(target):
            made.chmod(os.stat(store.path).st_mode & 0o666)
        found = facts_of(made)
        put(made, target, force=force)
    return Backup(target, os.stat(target).st_size, found)


def _refuse(store: Path, target: Path, force: bool) -> None:
    """Sentences for what a backup must not be put over."""
    ours = {beside(store, end) for end in ("", "-wal", "-shm", ".lock", ".watch")}
    if real(target) in ours or (target.exists() and target.samefile(store)):
        raise UsageError(f"{target} is the store itself, or a part of it. Name another file for the backup.")
    if target.is_dir():
        raise UsageError(f"{target} is a folder. Name a file in it: {target / (store.stem + '-backup.db')}")
    if target.exists() and not target.is_file():
        raise UsageError(f"{target} is not a file but a device or a pipe. Name a file.")
    if beside(target, "-wal").exists():
        raise UsageError(f"{target} is a store that is in use (it has a log beside it). Name another file.")
    if os.path.lexists(target) and not force:
        raise _there_already(target)


def _there_already(target: Path) -> UsageError:
    return UsageError(f"{target} is there already and stays as it is. Name another file, or say --force.")


@contextmanager
def temporary(target: Path) -> Iterator[Path]:
    """An empty file beside `target`, under a name that begins with a dot; gone when the block ends."""
    import tempfile  # 7 ms that only a backup waits for

    with on_disk(target):
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
        os.close(handle)
    made = Path(name)
    try:
        yield made
    finally:
        for left in (made, *(made.with_name(made.name + end) for end in ("-wal", "-shm", "-journal"))):
            with suppress(OSError):
                left.unlink(missing_ok=True)


@contextmanager
def on_disk(target: Path) -> Iterator[None]:
    """Says of what goes wrong beside `target` that the backup cannot be put there."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}. Nothing was changed.") from error


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


def put(made: Path, target: Path, *, force: bool) -> None:
    """Give `made` the name `target`, whole and on the disk; UsageError when somebody else has it, unless `force`."""
    with on_disk(target):
        _to_disk(made)
        if force:
            made.replace(target)
        else:
            _named(made, target)
        with suppress(OSError):  # a folder that cannot be synced, as on some network file systems
            _to_disk(target.parent)


def _named(made: Path, target: Path) -> None:
    try:
        os.link(made, target)
    except FileExistsError:
        raise _there_already(target) from None
    except OSError:  # no hard links here
        if os.path.lexists(target):
            raise _there_already(target) from None
        made.rename(target)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
