"""The patrol: changes of zone as they happen, for ever, from a store that may be busy, replaced or away for a while."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from msgspec import Struct

from slaboard.alerts.alert import Crossing
from slaboard.errors import SlaboardError, StoreError
from slaboard.follow.hints import hints
from slaboard.store.disk.footing import gone
from slaboard.store.disk.opening import is_writable
from slaboard.store.disk.turnstile import CATCH_UP_S
from slaboard.store.read.crossings import Lookout
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Ticket

SAFETY_S = 1.0
"""How often we look for ourselves: whether the store is the one we have open, and whether a commit was missed."""
POLL_S = 0.1
"""How often where nothing tells of changes."""
RECHECKS_S = (0.002, 0.003, 0.005, 0.010, 0.020)
"""After a hint: file events come before the commit that they announce can be read."""
BATCH_APART_S = 0.25
"""Between two batches of tickets that another program wrote."""
MAX_RETRY_S = 5
LOST = (
    "More has changed in the store than its ledger tells, so some changes of zone are left out; it goes on from here."
)


class Change(Struct, frozen=True):
    """A ticket changed zone; the ticket as it is now, texts as they came, None where it is gone."""

    crossing: Crossing
    ticket: Ticket | None


class Patrol:
    """Follows one store. `say` hears in sentences what is wrong, and that it is well again."""

    def __init__(self, path: Path, clock: Callable[[], float], say: Callable[[str], None]) -> None:
        self.path = path
        self._clock, self._say = clock, say
        self._lookout = Lookout()
        self._store: SqliteStore | None = None
        self._version = -1
        self._told: str | None = None
        """What is wrong, as it was last said."""
        self._attempt = 0
        self._more_due: float | None = None
        """When tickets that another program wrote are recomputed next, on the monotonic clock."""
        self._hints: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None

    def rounds(self) -> Generator[list[Change], None, None]:
        """What has changed since the round before, often nothing; a round a second, and one for whatever happens.

        The first tells nothing: how things stand is no change. Raises StoreError where the store cannot be opened at
        the first attempt; later it is waited for.
        """
        self._open()
        try:
            while True:
                try:
                    found = self._round()
                    self._well()
                except SlaboardError as error:
                    self._trouble(error)
                    found = []
                yield found
                self._rest()
        finally:
            self._stop.set()
            self._drop()

    # --- a round ----------------------------------------------------------------------------------------------

    def _round(self) -> list[Change]:
        if self._store is None or not self._store.is_in_place():
            self._open()
        store, now = self._store, int(self._clock())
        assert store is not None
        before, self._version = self._version, store.data_version()
        is_due = self._more_due is not None and monotonic() >= self._more_due
        changed = before != self._version or is_due
        if changed:
            self._catch_up(store, now)
        if not changed and not self._lookout.is_due(now):
            return []
        looked = self._lookout.look(store, now)
        if not looked.is_whole:
            self._say(LOST)
        ids = list(dict.fromkeys(crossing.ticket for crossing in looked.crossings))
        tickets = {ticket.id: ticket for ticket in store.some(ids, now, as_it_came=True)}
        return [Change(crossing, tickets.get(crossing.ticket)) for crossing in looked.crossings]

    def _catch_up(self, store: SqliteStore, now: int) -> None:
        """Give clocks to a batch of tickets that another program wrote."""
        self._more_due = None
        try:
            if store.catch_up(now, wait_s=CATCH_UP_S) and store.has_stale():
                self._more_due = monotonic() + BATCH_APART_S
        except StoreError:  # somebody else writes: what can be read is told all the same
            self._more_due = monotonic() + MAX_RETRY_S

    # --- between two ------------------------------------------------------------------------------------------

    def _rest(self) -> None:
        """Wait for a hint, the next edge, or a second."""
        waits = [SAFETY_S if self._watcher is not None and self._watcher.is_alive() else POLL_S]
        if self._store is None:
            waits = [float(min(self._attempt, MAX_RETRY_S))]
        elif (edge := self._lookout.next_edge) is not None:
            waits.append(edge - self._clock())
        if self._more_due is not None:
            waits.append(self._more_due - monotonic())
        with suppress(queue.Empty):
            self._hints.get(timeout=max(0.001, min(waits)))
            with suppress(queue.Empty):
                while True:
                    self._hints.get_nowait()
            self._await_commit()

    def _await_commit(self) -> None:
        """The hint came before its commit can be read."""
        for wait_s in RECHECKS_S if self._store is not None else ():
            with suppress(StoreError):
                if self._store is None or self._store.data_version() != self._version:
                    return
            sleep(wait_s)

    def _watch(self) -> None:
        if self._watcher is None or not self._watcher.is_alive():
            self._watcher = threading.Thread(target=self._hear, name="slaboard-hints", daemon=True)
            self._watcher.start()

    def _hear(self) -> None:
        with suppress(Exception):  # no inotify left, a folder that went away: polling notices as well
            for is_store in hints(self.path, self._stop):
                self._hints.put(is_store)

    # --- opening, trouble -------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._drop()
        self._store = SqliteStore(self.path, read_only=not is_writable(self.path))
        self._version = -1
        self._watch()

    def _drop(self) -> None:
        if self._store is not None:
            store, self._store = self._store, None
            with suppress(SlaboardError):
                store.close()

    def _well(self) -> None:
        self._attempt = 0
        if self._told is not None:
            self._told = None
            self._say(f"The store {self.path} answers again.")

    def _trouble(self, error: SlaboardError) -> None:
        """Say so once, let go, and try again: after one second, then two, at last every five."""
        self._drop()
        self._attempt += 1
        said = str(error) if self.path.exists() else gone(self.path)
        if said != self._told:
            self._told = said
            self._say(f"{said.removesuffix('.')}. The watch goes on when it answers.")
