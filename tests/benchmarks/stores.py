"""Stores of any size for the benches: some thousand tickets through the real code, a million by copying them."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.intake import BATCH, Intake
from slaboard.ticket import Event, Kind

NOW = 1_800_000_000
TODAY = int(time.time())  # noqa: TID251 real boards run on it
"""When this run began: the moment of stores that are opened by real boards, or shared with a bench that opens some."""
POLICY = """
[calendar.office]
timezone = "Europe/Berlin"
[calendar.office.hours]
mon = ["09:00-17:00"]
tue = ["09:00-17:00"]
wed = ["09:00-17:00"]
thu = ["09:00-17:00"]
fri = ["09:00-17:00"]
[status]
Active = "plan"
[[policy]]
name = "urgent"
match = {{ priority = ["P1", "P2"] }}
calendar = "24x7"
targets = {{ response = "{urgent}", resplan = "8h", resolution = "{resolution}" }}
[[policy]]
name = "rest"
calendar = "office"
targets = {{ response = "4h", resplan = "8h", resolution = "{resolution}" }}
"""


def policy(urgent: str = "1h", resolution: str = "40h") -> str:
    """The benches' policy, with targets to turn."""
    return POLICY.format(urgent=urgent, resolution=resolution)


def events(tickets: int) -> Iterator[Event]:
    """About two events a ticket: created, and for some a status word and a claim."""
    dice = random.Random(1)
    for i in range(tickets):
        at = NOW - dice.randrange(200 * 3600)
        title, customer, priority = f"thing {i}", f"C{i % 50}", f"P{i % 4 + 1}"
        yield Event(ticket=f"T-{i}", at=at, kind=Kind.CREATED, title=title, customer=customer, priority=priority)
        if i % 3:
            yield Event(ticket=f"T-{i}", at=at + 60, kind=Kind.STATUS, status="Active", actor="ana")
        if i % 5 == 0:
            yield Event(ticket=f"T-{i}", at=at + 90, kind=Kind.CLAIM, actor="ana")


def filled(path: Path, tickets: int) -> SqliteStore:
    """A new store at `path` with that many open tickets."""
    store = SqliteStore.create(path)
    store.apply_policy(policy(), "bench", NOW)
    intake = Intake(store)
    record = intake.begin("bench", "bench", "bench", 0, NOW)
    batch: list[tuple[int, Event]] = []
    for event in events(tickets):
        batch.append((0, event))
        if len(batch) == BATCH:
            intake.take(record, batch)
            batch = []
    intake.take(record, batch)
    intake.finish(record, lines=tickets, events=tickets, problems=0, now=NOW)
    return store


# --- many tickets, quickly ------------------------------------------------------------------------------------------

SEEDS = 2_000
"""Tickets that go through the real code; the rest are copies of them, moved in time."""
LARGE = 10_000
"""From here on promises grow with the number of tickets, as on a desk with so many open and as many new ones a day."""
QUIET = 240
"""By so much longer are the promises of a backlog in which hardly anything happens."""
OWNERS, CUSTOMERS = 40, 60
_THINGS = ("printer", "laptop", "VPN", "mailbox", "badge", "display", "invoice", "router", "account", "backup")
_TROUBLES = ("is on fire", "cannot connect", "asks for a password", "lost all its data", "is slow since Monday")
_PRIORITIES = ("P1", "P2", "P2", "P3", "P3", "P3", "P4", "P4", "P4", "P4")
DESK_S = 3_600
"""What is promised to tickets of priority P0 for a response, beside all others."""
_LONG_POLICY = """
[claim]
zones = ["green", "yellow", "orange", "red"]
[status]
Active = "plan"
Working = "resolve"
"On hold" = "waiting"
[[policy]]
name = "desk"
match = {{ priority = ["P0"] }}
calendar = "24x7"
targets = {{ response = "1h", resplan = "4h", resolution = "16h" }}
[[policy]]
name = "urgent"
match = {{ priority = ["P1", "P2"] }}
calendar = "24x7"
targets = {{ response = "{0}m", resplan = "{1}m", resolution = "{2}m" }}
[[policy]]
name = "rest"
match = {{ priority = ["P3", "P4"] }}
calendar = "24x7"
targets = {{ response = "{1}m", resplan = "{2}m", resolution = "{3}m" }}
"""


def _minutes(tickets: int, *, quiet: bool) -> tuple[int, ...]:
    slow = QUIET if quiet else max(1, tickets // LARGE)
    return tuple(minutes * slow for minutes in (60, 240, 480, 2_400))


def _seed_events(number: int, targets: tuple[int, ...], now: int, dice: random.Random) -> Iterator[Event]:
    """One open ticket: unanswered, planned for, worked on or waiting, at any age up to 1.2 times what is promised."""
    priority = "none" if number % 50 == 7 else _PRIORITIES[number % len(_PRIORITIES)]
    stage = number // 10 % 4
    promised = targets[min(stage, 2) + (priority in ("P3", "P4"))] * 60
    name, age = f"T-{number}", 120 + int(dice.random() * 1.2 * promised)
    opened = now - age
    title = f"{_THINGS[number % 10]} {number} {_TROUBLES[number // 7 % 5]}"
    yield Event(ticket=name, at=opened, kind=Kind.CREATED, title=title, priority=priority,
                customer=f"Customer {dice.randrange(CUSTOMERS)}")  # fmt: skip
    owner = f"engineer {dice.randrange(OWNERS)}"
    if number % 3:
        yield Event(ticket=name, at=opened + 60, kind=Kind.CLAIM, actor=owner)
    if stage:
        status = ("Active", "Working", "On hold")[stage - 1]
        yield Event(ticket=name, at=opened + 90, kind=Kind.STATUS, status=status, actor=owner)


def _seed(store: SqliteStore, seeds: int, targets: tuple[int, ...], now: int) -> None:
    dice = random.Random(seeds)
    store.apply_policy(_LONG_POLICY.format(*targets), "bench", now)
    intake = Intake(store)
    record = intake.begin("bench", "bench", "bench", 0, now)
    batch = [(0, event) for number in range(seeds) for event in _seed_events(number, targets, now, dice)]
    for i in range(0, len(batch), BATCH):
        intake.take(record, batch[i : i + BATCH])
    intake.finish(record, lines=seeds, events=len(batch), problems=0, now=now)


# The seeds :copies times more, each copy some seconds older; around the clock its edges move by as much. In the order
# of the keys: sorting three million clocks, or inserting them out of order, took longer than all the rest.
_COPIES = """
    WITH RECURSIVE copy(k) AS MATERIALIZED (SELECT 1 UNION ALL SELECT k + 1 FROM copy WHERE k < :copies)
    INSERT INTO {table} ({columns}) SELECT {values} FROM seed s CROSS JOIN copy CROSS JOIN seed_{table} t
    WHERE t.{name} = s.id AND s.number + k * :seeds < :tickets"""
_SHIFTED = frozenset(
    {"at", "opened_at", "owned_at", "ended_at", "changed_at", "started_at", "due_at", "yellow_at", "orange_at",
     "red_at", "stopped_at", "source_due"}
)  # fmt: skip
_SHIFT = "(k * 7919 % :span)"
_MOVED_WAITS = """
    (SELECT json_group_array(json_array(w.value ->> 0 - k * 7919 % :span, w.value ->> 1 - k * 7919 % :span))
    FROM json_each(t.waits) w)"""


# The seeds in the order of their keys, with what the copies' words are put together from.
_SEED = """CREATE TEMP TABLE seed AS
    SELECT id, CAST(substr(id, 3) AS INTEGER) AS number, length(id) AS named, length(title) AS titled FROM tickets
    ORDER BY id"""
_WORDS = """
    CASE WHEN t.words <> '' THEN lower(s.id) || printf('-%05d', k) || substr(t.words, named + 1, titled + 1)
        || ' again ' || k || substr(t.words, named + titled + 2) ELSE '' END"""


def _value(column: str) -> str:
    """What a copy has in `column`, given the seed's."""
    if column in _SHIFTED:
        return f"t.{column} - {_SHIFT}"
    return {
        "fingerprint": "NULL",
        "words": _WORDS,
        "title": "t.title || ' again ' || k",
        "waits": f"CASE WHEN t.waits IS NOT NULL THEN {_MOVED_WAITS} END",
    }.get(column, f"t.{column}")


def _multiply(store: SqliteStore, seeds: int, tickets: int, span: int) -> None:
    """Bare tables first, in the order of their keys; indexes and triggers come back when all rows are there."""
    bound = {"copies": -(-tickets // seeds), "seeds": seeds, "tickets": tickets, "span": span}
    execute = store.connection.execute
    for pragma in ("journal_mode=DELETE", "journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
        execute(f"PRAGMA {pragma}").fetchall()
    execute(_SEED)
    execute("BEGIN EXCLUSIVE")
    aside = execute(_ASIDE).fetchall()
    for kind, name, _ in aside:
        execute(f"DROP {kind} {name}")
    for table, name, left_out in (
        ("tickets", "id", ""), ("events", "ticket_id", "seq"), ("clocks", "ticket_id", ""),
        ("outcomes", "ticket_id", "id"),
    ):  # fmt: skip
        execute(f"CREATE TEMP TABLE seed_{table} AS SELECT * FROM {table}")  # noqa: S608 a name from above
        execute(f"CREATE INDEX temp.{table}_of ON seed_{table} ({name})")
        columns = [row[0] for row in execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()]
        kept = [column for column in columns if column != left_out]
        values = [f"t.{name} || printf('-%05d', k)" if column == name else _value(column) for column in kept]
        execute(_COPIES.format(table=table, columns=", ".join(kept), values=", ".join(values), name=name), bound)
    for _, _, sql in aside:
        execute(sql)
    execute("COMMIT")
    execute("PRAGMA journal_mode=WAL").fetchall()


_ASIDE = """
    SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
    ORDER BY type = 'trigger'"""
_MADE: dict[tuple[int, int], Path] = {}
_SHELF: list[tempfile.TemporaryDirectory[str]] = []


def store_of(tickets: int, path: Path, *, now: int = NOW) -> SqliteStore:
    """A true store at `path` with that many open tickets in every zone at `now`, waiting, owned and not.

    `slaboard check` finds nothing wrong in it. A million take half a minute; made once in a run, then copied.
    """
    if (tickets, now) not in _MADE:
        if not _SHELF:
            _SHELF.append(tempfile.TemporaryDirectory(prefix="slaboard-bench-"))
        _MADE[tickets, now] = Path(_SHELF[0].name) / f"{tickets}-{now}.db"
        _make(_MADE[tickets, now], tickets, now, _minutes(tickets, quiet=False))
    shutil.copyfile(_MADE[tickets, now], path)
    return SqliteStore(path)


def quiet_store(tickets: int, path: Path, *, now: int) -> SqliteStore:
    """The same with promises of weeks and months, so that hardly anything happens in it."""
    _make(path, tickets, now, _minutes(tickets, quiet=True))
    return SqliteStore(path)


def _make(path: Path, tickets: int, now: int, targets: tuple[int, ...]) -> None:
    seeds = min(tickets, SEEDS)
    with SqliteStore.create(path) as store:
        _seed(store, seeds, targets, now)
        if tickets > seeds:
            _multiply(store, seeds, tickets, targets[0] * 30)
