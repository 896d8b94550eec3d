"""The demo's store: filled with the sample day re-timed to now, and kept alive from a thread beside the board."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from slaboard.connectors.files import open_lines
from slaboard.connectors.ndjson import Ndjson
from slaboard.demo import copies, weeks
from slaboard.demo.generate import FILE, SEED, endless
from slaboard.demo.retime import play, retime
from slaboard.errors import SlaboardError
from slaboard.resources import shipped
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.intake import BATCH, Intake, Record
from slaboard.ticket import Engineer, Event, Kind

POLICY = "demo_policy.toml"
TEAM = "team.toml"
STEP_S = 1.0
"""How often the demo looks for what has fallen due, in seconds."""
_WORK = frozenset({Kind.CLAIM, Kind.TAKEOVER, Kind.RELEASE, Kind.ENGAGE, Kind.RESOLVE, Kind.CLOSE, Kind.STATUS,
                   Kind.MESSAGE})  # fmt: skip


def sample_day() -> list[Event]:
    """The shipped day's events, in its own time."""
    with open_lines(str(shipped("sample_data") / FILE)) as lines:
        return [event for parsed in Ndjson().read(lines) for event in parsed.events]


def team() -> tuple[Engineer, ...]:
    """The made-up colleagues."""
    data = tomllib.loads((shipped("sample_data") / TEAM).read_text(encoding="utf-8"))
    return tuple(
        Engineer(name=person["name"], key=person["key"], skills=tuple(person.get("skills", ())))
        for person in data["engineer"]
    )


def fill(store: SqliteStore, now: int, *, share: float = 1) -> list[Event]:
    """Put the day until `now` and the weeks before it into an empty store; what is still to come.

    `share` is how much of a day's tickets each day of those weeks has.
    """
    store.apply_policy((shipped("sample_data") / POLICY).read_text(encoding="utf-8"), "demo", now)
    store.add_engineers(team())
    today, future = retime(sample_day(), now)
    past = weeks.before(now, share=share)
    intake = Intake(store)
    record = intake.begin(f"demo {now}", FILE, "demo", 0, now)
    _take(intake, record, past.events, now)
    copies.add(store, past.copies)
    _take(intake, record, today, now)  # last, as the last events of a store are the newest
    return future


def _take(intake: Intake, record: Record, events: Sequence[Event], now: int) -> None:
    for i in range(0, len(events), BATCH):
        intake.take(record, [(0, event) for event in events[i : i + BATCH]])
    intake.finish(record, lines=len(events), events=len(events), problems=0, now=now)


class Life(threading.Thread):
    """Colleagues and customers, who go on at `speed` until the board closes; nothing of it keeps the process alive."""

    def __init__(self, path: Path, future: list[Event], *, start: int, speed: float, clock: Callable[[], int]) -> None:
        super().__init__(name="demo", daemon=True)
        self._path, self._future, self._start, self._speed, self._clock = path, future, start, speed, clock
        self._ended = threading.Event()

    def stop(self) -> None:
        """Let the day end."""
        self._ended.set()
        self.join(timeout=2)

    def run(self) -> None:
        """Write what falls due, second by second."""
        with SqliteStore(self._path) as store:
            intake = Intake(store)
            record = intake.begin(f"demo life {self._start}", FILE, "demo", 0, self._start)
            days: Iterator[list[Event]] = endless(SEED)
            while not self._ended.wait(STEP_S):
                if not self._future:
                    self._future = retime(next(days), self._start)[1]
                due, self._future = play(self._future, self._clock(), self._speed, start=self._start)
                due = [event for event in due if not _taken_by_user(store, event)]
                if due:
                    try:
                        intake.take(record, [(0, event) for event in due])
                        store.catch_up(self._clock())
                    except SlaboardError:
                        continue  # the board tells what is wrong with the store


def _taken_by_user(store: SqliteStore, event: Event) -> bool:
    """True for work of the story on a ticket that somebody at a keyboard has acted on: it is theirs now."""
    if event.kind not in _WORK:
        return False
    return bool(store.ask("SELECT 1 FROM events WHERE ticket_id = ? AND via IS NOT NULL LIMIT 1", (event.ticket,)))
