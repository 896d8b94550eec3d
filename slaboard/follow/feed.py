"""The feed: one thread that owns a board's connection, notices commits by anybody and says what changed, as values."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic, thread_time

from msgspec import Struct
from msgspec.structs import replace

from slaboard.alerts.alert import BY_DEFAULT, Burst, Crossing, Entry, burst, entry_of, leaders
from slaboard.board.sight import Refresh, Sight
from slaboard.board.trends import Counted
from slaboard.errors import SlaboardError, StoreBusy, StoreError
from slaboard.follow.absence import Absence, absence
from slaboard.follow.hindsight import Hindsight
from slaboard.follow.hints import hints
from slaboard.follow.reader import Reader
from slaboard.resources import shipped
from slaboard.store.base import Act, Done
from slaboard.store.disk.footing import gone
from slaboard.store.disk.opening import is_writable
from slaboard.store.disk.turnstile import WAIT_S
from slaboard.store.read.crossings import Lookout
from slaboard.store.sqlite import SqliteStore
from slaboard.store.team.pin import PinCheck
from slaboard.ticket import Zone

POLL_S = 0.1
"""How often `PRAGMA data_version`, the truth about commits, is asked (3-5 us)."""
RECHECKS_S = (0.002, 0.005, 0.010, 0.020, 0.040)
"""When it is asked after a hint: file events come before the commit that they announce can be read."""
SAFETY_S = 1.0
"""How often we look whether the file is still the one we have open."""
APART_S = 0.25
"""Refreshes come at most this often while others write; the first two at once, the last always."""
SHARE = 0.25
"""And reading takes at most this share of a core: a store of 100,000 open tickets is read less often."""
MAX_RETRY_S = 5
SLICE_S = 0.25
"""So long an act that has to wait keeps those who only look waiting, then they come in between."""


class Acted(Struct, frozen=True):
    """What became of an act."""

    act: Act
    result: Done | SlaboardError
    seen: Refresh | None = None
    """The board after it; None where a refresh shows it later, because reading takes long."""


class Proved(Struct, frozen=True):
    """What the store says of a PIN."""

    number: int
    """Which try it was."""
    result: PinCheck | SlaboardError


class Trouble(Struct, frozen=True):
    """The store does not answer; what was read before is old."""

    sentence: str
    attempt: int
    retry_s: int
    cause: Exception | None = None
    """An error that nobody foresaw, for the log."""


class Entered(Struct, frozen=True):
    """Tickets came into the zones that are told; never those that were in them at the first look."""

    burst: Burst


Report = Refresh | Acted | Proved | Trouble | Absence | Entered | Counted
Job = Callable[[], None]


class Feed:
    """Follows one store. Every answer goes to `post`, called on the feed's own thread."""

    def __init__(
        self, path: Path, post: Callable[[Report], None], clock: Callable[[], int], *, read_only: bool = False,
        zones: frozenset[Zone] = BY_DEFAULT,
    ) -> None:  # fmt: skip
        """Who comes into one of `zones` is told as `Entered`; nobody else is looked at for that."""
        self.path = path
        self._post, self._clock = post, clock
        self._read_only, self._zones = read_only, zones
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._reader: Reader | None = None
        self._sight = Sight()
        self._lookout = Lookout()
        self._hindsight = Hindsight(post)
        self._answered: float | None = None
        self._attempt = 0
        self._was_open = False
        # Instants of the monotonic clock at which something is due.
        self._refresh_due: float | None = None
        self._retry_due = 0.0
        self._safety_due = 0.0
        self._rechecks: list[float] = []
        self._next_slot = 0.0
        self._apart_s = APART_S
        self._untold: list[Acted] = []
        self._waiting: deque[Act] = deque()
        """What is to be done, in its order, while somebody else writes."""
        self._began: float | None = None
        """When the first of them was tried first."""

    # --- called by the board, from its own thread -------------------------------------------------------------

    def start(self) -> None:
        """Begin. Daemon threads: whatever they do, they never keep the process from exiting."""
        threading.Thread(target=self._run, name="slaboard-feed", daemon=True).start()

    def look(self, sight: Sight) -> None:
        """The board shows `sight` from now on; what it misses is read at once."""
        self._sight = sight
        self._hindsight.look(self.path, sight.trends)
        self._jobs.put(self._looked)

    def act(self, *acts: Act) -> None:
        """Do them, one after the other; an `Acted` each says what became of it, the last with the refresh."""
        self._jobs.put(lambda: self._acted(acts))

    def prove(self, name: str, digits: str, number: int) -> None:
        """Have `digits` looked at as the PIN of `name`; a `Proved` says what it is."""
        self._jobs.put(lambda: self._post(Proved(number, self._proved(name, digits))))

    def tick(self) -> None:
        """A new second has begun: zones may have moved."""
        self._jobs.put(lambda: None)

    def reload(self) -> None:
        """Read everything again, or try again to open the store."""
        self._jobs.put(self._reload)

    def open(self, path: Path) -> None:
        """Follow another store instead."""
        self._jobs.put(lambda: self._open_other(path))

    def create(self, author: str) -> None:
        """Make a store where there is none, with the default policy, and follow it."""
        self._jobs.put(lambda: self._create(author))

    def age_s(self) -> float | None:
        """Seconds since the store last answered, None before it ever did."""
        return None if self._answered is None else monotonic() - self._answered

    def close(self) -> None:
        """Stop following."""
        self._stop.set()
        self._hindsight.close()
        self._jobs.put(lambda: None)

    # --- the thread -------------------------------------------------------------------------------------------

    def _run(self) -> None:
        watching = False
        while not self._stop.is_set():
            try:
                self._turn(self._next_job())
            except Exception as error:  # whatever it is, it must not end a board that is always on
                self._trouble(error)
            if self._was_open and not watching:
                watching = True  # only now: the first picture waits for none of it
                self._watch()
        self._drop()

    def _next_job(self) -> Job | None:
        due = [*self._rechecks[:1], *([0.0] if self._waiting else [])]
        if self._reader is None:
            due.append(self._retry_due)
        else:
            due += [monotonic() + POLL_S, *([] if self._refresh_due is None else [self._refresh_due])]
        with suppress(queue.Empty):
            return self._jobs.get(timeout=max(0.0, min(due) - monotonic()))
        return None

    def _turn(self, job: Job | None) -> None:
        """One turn: the job, then whatever is due. What became of an act is told whatever happens after it."""
        try:
            if job is not None:
                job()
            if self._waiting and (job is None or self._is_late()):
                self._try()
            self._due()
        finally:
            self._tell()

    def _tell(self, seen: Refresh | None = None) -> None:
        """What became of acts; the last of them with what there is to see now."""
        untold, self._untold = self._untold, []
        for acted in untold:
            self._post(replace(acted, seen=seen) if acted is untold[-1] else acted)

    def _due(self) -> None:
        now = monotonic()
        self._rechecks = [at for at in self._rechecks if at > now]
        if self._reader is None:
            if now >= self._retry_due:
                self._open()
            return
        if now >= self._safety_due:
            self._safety_due = now + SAFETY_S
            if not self._reader.store.is_in_place() or self._may_write_again(self._reader):
                self._open()
        self._follow(self._reader)

    def _follow(self, reader: Reader) -> None:
        """Notice commits, let other programs' tickets get their clocks, and refresh when that is due."""
        if self._sight.past_at is None and reader.has_changed():  # commits do not matter in the past
            # Whoever came late once does not stay late: the slot of the last refresh counts, not when it was taken.
            due = max(monotonic(), self._next_slot - self._apart_s)
            self._refresh_due = due if self._refresh_due is None else min(due, self._refresh_due)
            self._rechecks = []  # this is what the hint was about; another commit has a hint of its own
        now = self._clock()
        self._answered = monotonic()
        if self._refresh_due is not None and monotonic() >= self._refresh_due:
            more_in = reader.catch_up(now)
            begun, used = monotonic(), thread_time()
            seen = reader.read(self._sight, now)
            if self._untold:
                self._tell(seen)
            else:
                self._post(seen)
            self._attempt = 0
            self._answered = monotonic()
            self._apart_s = max(APART_S, (thread_time() - used) / SHARE)
            self._next_slot = max(self._next_slot, begun) + self._apart_s
            self._refresh_due = None if more_in is None else self._answered + more_in
            self._look_out(reader, now)
        elif (moved := reader.tick(self._sight, now)) is not None:
            self._post(moved)
        if self._lookout.is_due(now):
            self._look_out(reader, now)

    def _look_out(self, reader: Reader, now: int) -> None:
        """Say who came into a zone: after a commit, and when the next edge has come; in between it costs nothing."""
        crossings = [each for each in self._lookout.look(reader.store, now).crossings if each.after in self._zones]
        if leaders(crossings):

            def told(crossing: Crossing) -> Entry:
                return entry_of(crossing, next(iter(reader.store.some([crossing.ticket], now)), None))

            self._post(Entered(burst(crossings, told)))

    # --- jobs -------------------------------------------------------------------------------------------------

    def _looked(self) -> None:
        if self._reader is not None and (seen := self._reader.look(self._sight, self._clock())) is not None:
            self._post(seen)

    def _acted(self, acts: Sequence[Act]) -> None:
        self._waiting.extend(acts)
        if len(self._waiting) == len(acts):  # else others wait before them
            self._try()

    def _try(self) -> None:
        """Do what is to be done. While somebody else writes keys that only look are served in between."""
        while self._waiting:
            try:
                result = self._tried(self._waiting[0])
            except Exception:
                nothing = StoreError("The store holds something unforeseen. Nothing was changed.")
                self._untold += [Acted(left, nothing) for left in self._waiting]
                self._waiting.clear()
                raise
            if result is None:
                return
            self._untold.append(Acted(self._waiting.popleft(), result))
            self._began = None
            self._refresh_due = monotonic()  # our own commits do not move data_version
        if self._apart_s > APART_S or self._reader is None:  # reading takes long here
            self._tell()

    def _tried(self, act: Act) -> Done | SlaboardError | None:
        """What became of `act`; None while it has to wait."""
        if self._reader is None:
            return StoreError("The store does not answer. Nothing was changed.")
        if self._began is None:
            self._began = monotonic()
        try:
            return self._reader.store.act(act, self._clock(), wait_s=SLICE_S)
        except StoreBusy as error:
            return error if self._is_late() else None
        except SlaboardError as error:
            return error

    def _is_late(self) -> bool:
        """True when the first of those that wait has waited for as long as anybody should."""
        return self._began is not None and monotonic() - self._began >= WAIT_S

    def _proved(self, name: str, digits: str) -> PinCheck | SlaboardError:
        if self._reader is None:
            return StoreError("The store does not answer. Nothing was changed.")
        try:
            return self._reader.store.pin_ok(name, digits, self._clock())
        except SlaboardError as error:
            return error

    def _reload(self) -> None:
        self._retry_due = 0.0
        if self._reader is not None:
            self._refresh_due = monotonic()

    def _open_other(self, path: Path) -> None:
        self.path, self._was_open = path, False
        self._open()

    def _create(self, author: str) -> None:
        try:
            with SqliteStore.create(self.path) as store:
                policy = shipped("sample_data") / "policy.toml"
                store.apply_policy(policy.read_text(encoding="utf-8"), author, self._clock())
        except SlaboardError as error:
            self._post(absence(self.path, str(error)))
            return
        self._open()

    # --- opening, trouble -------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._drop()
        read_only = self._read_only or not is_writable(self.path)
        self._reader = Reader(SqliteStore(self.path, read_only=read_only))
        self._was_open = True
        self._refresh_due = monotonic()

    def _may_write_again(self, reader: Reader) -> bool:
        """True when a disk that could only be read can be written again."""
        return reader.store.read_only and not self._read_only and is_writable(self.path)

    def _drop(self) -> None:
        if self._reader is not None:
            reader, self._reader = self._reader, None
            with suppress(SlaboardError):
                reader.store.close()

    def _trouble(self, error: Exception) -> None:
        """Say so, let go, and try again: after one second, then two, at last every five."""
        self._drop()
        self._attempt += 1
        retry_s = min(self._attempt, MAX_RETRY_S)
        self._retry_due = monotonic() + retry_s
        if not isinstance(error, SlaboardError):
            from slaboard.host.crash import unforeseen  # 6 ms that a first picture need not wait for

            self._post(Trouble(unforeseen(error, self.path), self._attempt, retry_s, error))
        elif not self._was_open:
            self._retry_due = monotonic() + MAX_RETRY_S
            self._post(absence(self.path, str(error)))
        elif not self.path.exists():
            self._post(Trouble(gone(self.path), self._attempt, retry_s))
        else:
            self._post(Trouble(str(error), self._attempt, retry_s))

    # --- hints ------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        threading.Thread(target=self._hints, name="slaboard-hints", daemon=True).start()

    def _hints(self) -> None:
        """Wake the feed when the store's files change. Only a hint: without it, polling notices within 100 ms."""
        with suppress(Exception):  # no inotify left, a folder that went away, a platform without it
            for is_store in hints(self.path, self._stop):
                self._jobs.put(partial(self._hinted, is_store=is_store))

    def _hinted(self, *, is_store: bool) -> None:
        """Look soon. A store that could not be opened is tried again when it changes, not its log: trying makes one."""
        now = monotonic()
        self._rechecks = [now + after for after in RECHECKS_S]
        if is_store:
            self._retry_due = min(self._retry_due, now + APART_S)
