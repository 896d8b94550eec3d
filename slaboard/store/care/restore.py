"""A backup put back into a live store: all of it or nothing, while boards stay open.

SQLite's backup API writes the pages of the backup into the live file as one transaction: in the log until the commit,
so a process that is killed leaves the old store whole; readers go on, and whoever follows `data_version` sees the new
one. The file stays the same one, which a rename would not keep. Copying row by row would have to know every table,
trigger and index, and writes each index anew: minutes for a million tickets instead of seconds.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from time import monotonic
from typing import Any

from msgspec import Struct

from slaboard.errors import StoreBusy, StoreError, UsageError
from slaboard.host import halt
from slaboard.host.machine import via
from slaboard.store.care.backup import STEP, Facts, OnPages, copy, facts, facts_of, flaw, on_disk, plain, put, temporary
from slaboard.store.disk import holder
from slaboard.store.disk.driver import APPLICATION_ID, Connection, cannot_write, connect, module, sentences
from slaboard.store.disk.footing import refuse_another_log
from slaboard.store.disk.opening import SCHEMA_VERSION, is_writable, migrate, opened, refuse_network
from slaboard.store.disk.sibling import beside, real
from slaboard.store.disk.turnstile import Turnstile

TURN_S = 30.0
"""How long a restore waits for its turn; it has no key press to answer."""
AHEAD = 1_000_000
"""By how much the revision moves on: a store may be written to while the restore is made ready."""
TRIES = 5
"""How often it begins anew because a program that takes no turn has written in between."""
NOTHING = "Nothing was restored."
SQLITE_DONE = (0, 101)
"""What a step of a backup answers that has copied something; else somebody holds the store."""

# Events of one store that the other one has not.
_MISSING = """
    SELECT count(*) FROM {here}.events e WHERE NOT EXISTS (SELECT 1 FROM {there}.events o WHERE o.seq = e.seq
        AND o.ticket_id = e.ticket_id AND o.at IS e.at AND o.kind = e.kind AND o.actor IS e.actor)"""
_REV = "SELECT rev FROM state"
# Every ticket is newer than whatever anybody has seen.
_MOVE_ON = ("UPDATE state SET rev = :rev, ours = 0", "UPDATE tickets SET rev = :rev")


class Place(Enum):
    """What is where the store belongs."""

    STORE = "a store"
    DAMAGED = "a damaged store"
    NOTHING = "nothing"


class Change(Struct, frozen=True):
    """What a restore does to the events."""

    gone: int
    """Events of the store that the backup does not have."""
    back: int
    """Events of the backup that the store does not have."""


class Restored(Struct, frozen=True):
    """What a restore has done."""

    facts: Facts
    before: Path | None
    """The store as it was before; None when nothing was there."""
    change: Change | None
    """None when what was there could not be read."""


class Restore:
    """A backup that is read, checked and of our schema, ready to be put into the store at `live`."""

    def __init__(self, live: Path, made: Path, mode: int) -> None:
        self.live, self._made, self._mode = live, made, mode
        self._is_done = False
        """The store holds the backup: what was there before is nowhere else but beside it."""
        self.place, self.store = look(live)
        with closing(connect(made)) as source, sentences(made):
            self._move_on(source, 0 if self.store is None else self.store.rev)
            self.backup = facts(source)
        self.change: Change | None = None
        if self.place is Place.STORE:
            with closing(opened(live, True)) as connection:
                self.change = change(connection, made)

    def run(self, now: int, on_pages: OnPages | None = None) -> Restored:
        """Do it, behind the turnstile; what was there is kept beside it, copied before our turn where nobody writes."""
        if self.place is Place.NOTHING:  # and no turnstile yet
            return Restored(self.backup, self._into_place(now), None)
        turnstile = Turnstile(self.live)
        try:
            with (
                self._early(now) as kept,
                turnstile.turn(TURN_S, what=f"puts a backup back, for {via('restore').split()[0]}"),
            ):
                self._must_be_the_same()
                if self.place is not Place.STORE:
                    return Restored(self.backup, self._into_place(now), None)
                before = self._into_store(now, kept, on_pages)
        finally:
            turnstile.close()
        with closing(plain(before)) as old:
            return Restored(self.backup, before, change(old, self._made))

    def _must_be_the_same(self) -> None:
        if look(self.live)[0] is not self.place:
            raise StoreBusy(f"{self.live} has become another file meanwhile. Nothing was restored; try again.")

    def _into_store(self, now: int, early: _Kept | None, on_pages: OnPages | None) -> Path:
        """Put the backup into the live store; where the store is kept as it was."""
        for number in range(TRIES):
            with suppress(_Slipped), self._kept(now) if number or early is None else nullcontext(early) as kept:
                return self._once(kept, on_pages)
        raise StoreBusy(f"Other programs write to {self.live} all the time. Nothing was restored; stop them first.")

    def _once(self, kept: _Kept, on_pages: OnPages | None) -> Path:
        """Write the backup over what was kept, unless somebody has written since."""
        with (
            closing(connect(self.live)) as writer, closing(connect(self._made)) as source, sentences(self.live),
        ):  # fmt: skip
            refuse_another_log(self.live, writer)
            if kept.rev >= self.backup.rev:
                self._move_on(source, kept.rev)
            try:
                self._pour(source, writer, _Guard(self.live, kept.reader, kept.seen, on_pages))
            except BaseException as error:
                if not _holds(kept.reader, source):
                    kept.path.unlink(missing_ok=True)
                    raise
                self._is_done = True
                if not isinstance(error, KeyboardInterrupt):  # which came while the last step was committed
                    raise
            self._is_done = True
            with halt.telling(lambda: f"The backup is in the store. What was there before: {kept.path}"):
                _carry_over(writer)
        return kept.path

    @contextmanager
    def _early(self, now: int) -> Iterator[_Kept | None]:
        """What is there, kept before our turn: copying it in our turn doubled the time that everybody waits."""
        if self.place is not Place.STORE:
            yield None
            return
        self._must_be_the_same()
        with self._kept(now) as kept:
            try:
                yield kept
            except BaseException:
                if not self._is_done:
                    kept.path.unlink(missing_ok=True)
                raise

    @contextmanager
    def _kept(self, now: int) -> Iterator[_Kept]:
        """What is there, beside it, and a look at whether it is still that."""
        with closing(opened(self.live, True)) as reader, sentences(self.live):
            reader.execute("BEGIN")
            rev, seen = int(reader.execute(_REV).fetchall()[0][0]), _data_version(reader)
            before = self._keep(reader, now)
            reader.execute("ROLLBACK")
            yield _Kept(before, reader, rev, seen)

    def _keep(self, reader: Connection, now: int) -> Path:
        """The store as it is, beside it."""
        with temporary(self.live) as made:
            copy(reader, self.live, made)
            with on_disk(self.live):
                _as(made, os.stat(self.live), self.live.stat().st_mode)
            for _ in range(TRIES):
                before = free_name(self.live, now)
                with suppress(UsageError):  # another restore of this second has just taken the name
                    put(made, before, force=False)
                    return before
        raise StoreBusy(f"Others put backups into {self.live} all the time. Nothing was restored; try again.")

    def _move_on(self, source: Connection, rev: int) -> None:
        """Number what is put back so that it is news to whoever has seen `rev`."""
        beyond = max(rev, int(source.execute(_REV).fetchall()[0][0])) + AHEAD
        for pragma in ("synchronous=OFF", "journal_mode=OFF"):  # a copy of ours, and nothing to lose
            source.execute(f"PRAGMA {pragma}").fetchall()
        source.execute("BEGIN")
        for sql in _MOVE_ON:
            source.execute(sql, {"rev": beyond})
        source.execute("COMMIT")

    def _pour(self, source: Connection, writer: Connection, guard: Callable[[int, int, int], None]) -> None:
        """Write every page of `source` into the live store, as one transaction."""
        writer.execute("PRAGMA journal_mode=WAL").fetchall()
        wanted = _number(writer, "page_size")
        if _number(source, "page_size") != wanted:  # a log holds pages of one size
            for pragma in ("PRAGMA journal_mode=DELETE", f"PRAGMA page_size={wanted}", "VACUUM"):
                source.execute(pragma).fetchall()
        # In two steps at least: the last one commits, and the guard looks after the first.
        source.backup(writer, pages=min(STEP, _number(source, "page_count") - 1), progress=guard, sleep=0.01)

    def _into_place(self, now: int) -> Path | None:
        """Make the backup a new file; where what was there, and its log, are now."""
        with closing(connect(self._made)) as source, sentences(self._made):
            source.execute("PRAGMA journal_mode=WAL").fetchall()
        live, before = self.live, free_name(self.live, now)
        log, index = (beside(live, end) for end in ("-wal", "-shm"))
        with on_disk(live):
            is_there = live.exists()
            _as(self._made, os.stat(live) if is_there else None, self._mode)
            if is_there:
                before.hardlink_to(live)
            if log.exists() and live.exists() is is_there:  # SQLite would pour it into the new file
                log.rename(before.with_name(before.name + "-wal"))
            index.unlink(missing_ok=True)
        put(self._made, live, force=is_there)
        return before if is_there else None


class _Kept(Struct, frozen=True):
    """The store as it was when its revision was `rev`."""

    path: Path
    reader: Any
    """The connection that read it, which sees by its `data_version` whether anybody has written since."""
    rev: int
    seen: int


class _Slipped(Exception):
    """A program that takes no turn has committed between the copy of the store and our hold on it."""


class _Guard:
    """Looks on while pages are written: nobody may have come in between, and nobody is waited for without end."""

    def __init__(self, live: Path, reader: Connection, seen: int, on_pages: OnPages | None) -> None:
        self._live, self._reader, self._seen, self._on_pages = live, reader, seen, on_pages
        self._is_ours = False
        self._give_up = monotonic() + TURN_S

    def __call__(self, status: int, left: int, total: int) -> None:
        if status not in SQLITE_DONE:
            if monotonic() > self._give_up:
                raise StoreBusy(holder.busy(self._live, holder.writer(self._live), TURN_S))
            return
        if not self._is_ours and _data_version(self._reader) != self._seen:
            raise _Slipped
        self._is_ours = True
        if self._on_pages is not None:
            self._on_pages(total - left, total)


@contextmanager
def prepared(file: Path, live: Path, on_pages: OnPages | None = None) -> Iterator[Restore]:
    """A restore of the backup `file` into `live`, of which nothing has changed yet.

    UsageError when the backup cannot be used, StoreError when the store cannot be written.
    """
    live = real(live)
    refuse_network(live)
    if file.exists() and live.exists() and file.samefile(live):
        raise UsageError(f"{file} is the store itself. Name a backup of it.")
    if live.exists() and not is_writable(live):
        raise StoreError(f"{cannot_write(live)} Nothing was restored.")
    with temporary(live) as made:
        with halt.telling(lambda: NOTHING):
            with closing(_source(file)) as source:
                copy(source, file, made, on_pages)
            if problem := flaw(made):
                raise UsageError(f"The backup {file} is damaged ({problem}). Nothing was restored; take another one.")
            if facts_of(made).schema < SCHEMA_VERSION:
                migrate(made)
            ready = Restore(live, made, os.stat(file).st_mode)
        yield ready


def _source(file: Path) -> Connection:
    """The backup, open for reading, wherever it lies; UsageError for what is none that we can read."""
    if not file.is_file():
        what = "is a folder" if file.is_dir() else "is not there" if not file.exists() else "is not a file"
        raise UsageError(f"The backup {file} {what}. Nothing was restored.")
    try:
        connection = connect(file, read_only=True)
        with sentences(file):
            application, version = _number(connection, "application_id"), _number(connection, "user_version")
    except StoreBusy:
        raise
    except StoreError as error:
        raise UsageError(f"The backup {file} cannot be read ({error.__cause__}). Nothing was restored.") from error
    if application == APPLICATION_ID and version <= SCHEMA_VERSION:
        return connection
    connection.close()
    if application != APPLICATION_ID:
        raise UsageError(f"{file} is not a backup of a slaboard store. Nothing was restored.")
    raise UsageError(
        f"The backup {file} was made by a newer slaboard (schema {version}, this one knows {SCHEMA_VERSION}). "
        f"Nothing was restored. Upgrade: pip install -U slaboard"
    )


def look(live: Path) -> tuple[Place, Facts | None]:
    """What is at `live`, and what a store there holds; StoreError for what must not be restored over."""
    if not os.path.lexists(live):
        return Place.NOTHING, None
    try:
        with closing(opened(live, True)) as connection, sentences(live):
            return Place.STORE, facts(connection)
    except StoreError as error:
        name = getattr(error.__cause__, "sqlite_errorname", "")
        is_damaged = name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_IOERR_SHORT_READ", "SQLITE_ERROR"))
        if is_damaged or (live.is_file() and not os.stat(live).st_size):
            return Place.DAMAGED, None
        raise


def change(connection: Connection, made: Path) -> Change:
    """How the events under `connection` differ from those of `made`."""
    connection.execute("ATTACH ? AS made", (f"{made.absolute().as_uri()}?mode=ro",))
    try:
        gone, back = (
            int(connection.execute(_MISSING.format(here=here, there=there)).fetchall()[0][0])
            for here, there in (("main", "made"), ("made", "main"))
        )
    finally:
        connection.execute("DETACH made")
    return Change(gone, back)


def free_name(live: Path, now: int) -> Path:
    """`board.db.before-restore-20260105-093000`; a number behind it when that is taken."""
    stem = f"{live.name}.before-restore-{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}"
    found, number = live.with_name(stem), 1
    while os.path.lexists(found):
        number += 1
        found = live.with_name(f"{stem}-{number}")
    return found


def _as(made: Path, like: os.stat_result | None, mode: int) -> None:
    """Who may use `made`: those who may use the store whose place it takes."""
    made.chmod((like.st_mode if like else mode) & 0o666)
    if like is not None:
        with suppress(OSError):  # only root may give files away
            os.chown(made, like.st_uid, like.st_gid)


def _holds(reader: Connection, source: Connection) -> bool:
    """True once the store that `reader` reads holds what is in `source`, and where that cannot be told."""
    try:
        return bool(reader.execute(_REV).fetchall()[0][0] == source.execute(_REV).fetchall()[0][0])
    except module().Error:
        return True


def _carry_over(writer: Connection) -> None:
    """Empty the log, which is as long as the backup is large; a reader may keep it so for a while."""
    with suppress(module().Error):
        for pragma in ("busy_timeout=250", "wal_checkpoint(TRUNCATE)"):
            writer.execute(f"PRAGMA {pragma}").fetchall()


def _data_version(connection: Connection) -> int:
    return _number(connection, "data_version")


def _number(connection: Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchall()[0][0])
