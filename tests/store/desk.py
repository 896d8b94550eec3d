"""A help desk for the store's tests: a policy without pauses, people who act in one line, and the store in words."""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from slaboard.errors import SlaboardError
from slaboard.store.base import Act, Done
from slaboard.store.care.check import differences
from slaboard.store.disk.driver import connect
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Ticket
from tests.sla.story import at, told

POLICY = """
[status]
New = "respond"
Active = "plan"
Working = "resolve"
Awaiting = "waiting"
Resolved = "resolved"
Closed = "closed"

[[policy]]
name = "Urgent"
match = { priority = ["P1"] }
calendar = "24x7"
targets = { response = "15m", resplan = "1h", resolution = "4h" }

[[policy]]
name = "Everyone"
match = { priority = ["P2", "P3"] }
calendar = "24x7"
targets = { response = "1h", resplan = "4h", resolution = "16h" }
"""
"""Around the clock; green may not be claimed; a ticket without one of these priorities has no SLA."""
OPENED = at("09:00")
Dump = Mapping[str, list[tuple[Any, ...]]]


def parsed(line: str) -> tuple[Act, int]:
    """`09:50 ana set A-1 priority=P1 - because`: when, who, what, to which ticket (A-1 when not said), how and why.

    The word `any` claims a ticket of any zone, `#3` names the event that is taken back.
    """
    words, _, text = line.partition(" - ")
    time, who, verb, *more = words.split()
    ticket = next((word for word in more if "=" not in word and word != "any" and word[0] != "#"), "A-1")
    changes = dict(word.split("=", 1) for word in more if "=" in word)
    seq = next((int(word[1:]) for word in more if word[0] == "#"), None)
    via = f"{who}@desk tty1 test"
    return Act(verb, ticket, who, text or None, changes, any_zone="any" in more, via=via, seq=seq), at(time)


def do(store: SqliteStore, *lines: str) -> list[Done]:
    """Each line is one act, as `parsed` reads it; several may stand in one text, between slashes."""
    done = []
    for line in (part.strip() for text in lines for part in text.split("/") if part.strip()):
        act, now = parsed(line)
        done.append(store.add(act, now) if act.verb == "add" else store.act(act, now))
    return done


def desk(path: Path, *lines: str, policy: str = POLICY) -> SqliteStore:
    """A store in which A-1 was opened on Monday at 09:00 with priority P2, and then `lines` were done.

    Made once for each policy, then copied: hundreds of tests begin with it.
    """
    if policy not in _READY:
        with SqliteStore.create(path) as store:
            store.apply_policy(policy, "test", OPENED)
            do(store, "09:00 mail add A-1 title=VPN customer=Contoso priority=P2")
        _READY[policy] = path.read_bytes()
    path.write_bytes(_READY[policy])
    store = SqliteStore(path)
    do(store, *lines)
    return store


_READY: dict[str, bytes] = {}


def the(store: SqliteStore, ticket: str = "A-1", *, now: int = OPENED) -> Ticket:
    """The ticket as the store shows it."""
    return store.detail(ticket, now).ticket


def words(store: SqliteStore, ticket: str = "A-1") -> str:
    """`plan ana; response met 20m; resplan running due 13:00`: stage, owner, clocks."""
    found = the(store, ticket)
    clocks = (
        f"{clock.bucket.value}{f' {clock.cycle + 1}' * bool(clock.cycle)} {told(clock)}" for clock in found.clocks
    )
    return "; ".join([f"{found.stage.value} {found.owner or '-'}", *clocks, *filter(None, [found.no_sla])])


def dump(store: SqliteStore | Path, *, without: Container[str] = ("rev",), of: Container[str] = ()) -> Dump:
    """Every row of every table (or of those named), but for some columns."""
    connection = connect(store) if isinstance(store, Path) else store.connection
    found = {}
    for (table,) in connection.execute(_TABLES).fetchall():
        if table in of or not of:
            cursor = connection.execute(f"SELECT * FROM {table}")  # noqa: S608 a name from the schema
            kept = [i for i, column in enumerate(cursor.description) if column[0] not in without]
            found[table] = sorted((tuple(row[i] for i in kept) for row in cursor.fetchall()), key=repr)
    return found


_TABLES = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 1) <> '_' AND name NOT LIKE 'sqlite%'"
    " AND name <> 'ledger'"
)


def agrees(store: SqliteStore) -> bool:
    """True when every row, clock and outcome is what the events say."""
    return not list(differences(store, OPENED)) and not store.stale()


VERBS = (
    "claim any", "respond", "engage", "wait", "resume", "resolve", "reopen", "set priority=P1", "set customer=Acme",
    "set priority=P3", "undo",
)  # fmt: skip
"""What may happen to A-1, allowed or not."""
STEPS = st.lists(st.tuples(st.sampled_from(("ana", "ben")), st.sampled_from(VERBS)), max_size=12)


def worked(store: SqliteStore, steps: list[tuple[str, str]]) -> None:
    """Every step that is allowed, ten minutes apart from 09:05."""
    for i, (who, verb) in enumerate(steps):
        minute = 5 + 10 * i
        try:
            do(store, f"{9 + minute // 60:02}:{minute % 60:02} {who} {verb}")
        except SlaboardError:
            continue
