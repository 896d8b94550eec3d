"""Making a store and opening one: what is refused, and with which sentence."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from slaboard.errors import SlaboardError, StoreError, UsageError
from slaboard.store.disk.driver import (
    APPLICATION_ID,
    Connection,
    connect,
    network_file_system,
    not_a_store,
    sentences,
)
from slaboard.store.disk.footing import refuse_another_log, refuse_strangers
from slaboard.store.disk.sibling import beside, real

SCHEMA_VERSION = 8
"""What this slaboard reads and writes; the same number as the last migration's."""
MIGRATION_S = 30.0
"""How long a process waits while another one brings the store to our schema."""


def create(path: Path) -> None:
    """A new, empty store at `path`; made beside it and put in place whole, never over a file that is there."""
    import tempfile  # 7 ms that a status line should not wait for

    refuse_network(path)
    _refuse_leftovers(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise StoreError(f"No store can be made in {path.parent.absolute()}: {error.strerror}.") from error
    made = Path(name)
    try:
        migrate(made)
        made.chmod(0o666 & ~_umask())
        os.link(made, path)
    except FileExistsError:
        raise UsageError(f"{path} is there already and stays as it is. Open it: slaboard --store {path}") from None
    except OSError as error:
        raise StoreError(f"No store can be made at {path}: {error.strerror}.") from error
    except StoreError as error:  # of a file whose name nobody knows
        raise StoreError(str(error).replace(str(made), str(path))) from error
    finally:
        for left in (made, made.with_name(made.name + "-wal"), made.with_name(made.name + "-shm")):
            left.unlink(missing_ok=True)


def opened(path: Path, read_only: bool) -> Connection:
    """A connection to the store at `path`, brought to our schema; a sentence for whatever is not a store."""
    if not path.exists():
        raise StoreError(f"There is no store at {path}. Make one with: slaboard init {path}")
    if path.is_dir():
        raise StoreError(f"{path} is a folder, not a store. Name a file inside it: --store {path / 'board.db'}")
    if not path.is_file():  # a device or a pipe
        raise StoreError(not_a_store(path))
    refuse_network(path)
    refuse_strangers(path)
    connection = connect(path, read_only=read_only)
    try:
        with sentences(path):
            application = connection.execute("PRAGMA application_id").fetchall()[0][0]
            version = connection.execute("PRAGMA user_version").fetchall()[0][0]
            if not read_only:
                refuse_another_log(path, connection)
        if application != APPLICATION_ID:
            raise StoreError(not_a_store(path))
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"The store {path} was made by a newer slaboard (schema {version}, this one knows {SCHEMA_VERSION}). "
                f"Upgrade: pip install -U slaboard"
            )
        if version < SCHEMA_VERSION and not read_only:
            from slaboard.store.disk.turnstile import Turnstile  # 10 ms that a status line should not wait for

            with closing(Turnstile(path)) as turnstile, turnstile.turn(MIGRATION_S):  # of several, one takes each step
                migrate(path)
    except SlaboardError:
        connection.close()
        raise
    return connection


def is_writable(path: Path) -> bool:
    """True when we may write the store at `path`: the file, and the folder for its log."""
    return os.access(path, os.W_OK) and os.access(real(path).parent, os.W_OK)


def migrate(path: Path) -> None:
    """Bring the file to our schema, each step in a transaction of its own; a new file gets the WAL as well."""
    from sqlite_utils import Database

    from slaboard.store.migrations import migrations

    with sentences(path):
        connection = connect(path)
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
            migrations.apply(Database(connection))
        finally:
            connection.close()


def _refuse_leftovers(path: Path) -> None:
    """StoreError when the log of a store that is gone is still there: SQLite would pour it into the new one."""
    log = beside(path, "-wal")
    if log.exists() and not path.exists():
        raise StoreError(
            f"No store can be made at {path}: {log.name}, the log of one that was there before, would be mixed into "
            f"it. Close what has it open; if it stays, move it away."
        )


def refuse_network(path: Path) -> None:
    """StoreError when `path` is on a network file system, where SQLite's shared memory does not work."""
    if kind := network_file_system(path):
        raise StoreError(
            f"{path} is on a network file system ({kind}), where SQLite cannot share a store safely. Keep it on a "
            f"local disk of one host and let people come there (ssh, tmux)."
        )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
