"""A made-up quarter for the tests of reports: some hundred tickets with everything that may happen to one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.intake import Intake
from slaboard.ticket import ActorKind, Direction, Event, Kind

NOW = 1_774_944_000  # 2026-03-31T08:00:00Z
OPENING = 1_766_880_000  # 2025-12-28T00:00:00Z, so that a year, a week and a summer time begin within
TICKETS = 120
WORDS = {
    "New": "respond", "Active": "plan", "Working": "resolve", "Awaiting": "waiting", "Resolved": "resolved",
    "Closed": "closed",
}  # fmt: skip
CUSTOMERS = ("Contoso", "Fabrikam", "Tansy & Söhne", "", "<b>Quill</b>")
ENGINEERS = ("Ana", "Ben", "Chi")
PRIORITIES = ("P1", "P2", "P3", "P9")
HAPPENS = (
    "out", "out", "in", "auto", "claim", "takeover", "active", "working", "wait", "priority", "resolve", "reopen",
    "survey", "undo",
)  # fmt: skip
_POLICY = """
[calendar.office]
timezone = "Europe/Berlin"
hours = {{ mon = ["09:00-17:00"], tue = ["09:00-17:00"], thu = ["09:00-17:00"], fri = ["09:00-15:00"] }}
[status]
{words}
[[policy]]
name = "Urgent"
match = {{ priority = ["P1"] }}
calendar = "24x7"
targets = {{ response = "15m", resplan = "2h", resolution = "{urgent}" }}
[[policy]]
name = "Everyone"
match = {{ priority = ["P2", "P3"] }}
calendar = "office"
response_by_status = true
targets = {{ response = "1h", resplan = "4h", resolution = "16h", update = "4h" }}
"""


def policy(urgent: str = "8h") -> str:
    """What was promised, with one target to turn."""
    return _POLICY.format(words="\n".join(f'{word} = "{stage}"' for word, stage in WORDS.items()), urgent=urgent)


def _life(number: int, dice: random.Random) -> Iterator[Event]:
    """One ticket's events, no two in one second."""
    ticket, at = f"T-{number}", OPENING + dice.randrange(NOW - OPENING - 86_400)

    def event(kind: Kind, **values: object) -> Event:
        nonlocal at
        made = Event(ticket=ticket, at=at, kind=kind, **values)  # type: ignore[arg-type]
        at += 1 + int(dice.expovariate(1 / dice.choice((300, 3_000, 40_000))))
        return made

    who = dice.choice(ENGINEERS)
    yield event(
        Kind.CREATED, title=f"Thing {number}", customer=dice.choice(CUSTOMERS), priority=dice.choice(PRIORITIES),
        status="New", board=dice.choice(("Desk", "Field")), actor_kind=ActorKind.CUSTOMER,
    )  # fmt: skip
    for _ in range(dice.randrange(9)):
        word = dice.choice(HAPPENS)
        if word in ("out", "in", "auto"):
            kind = {"out": ActorKind.HUMAN, "in": ActorKind.CUSTOMER, "auto": ActorKind.AUTOMATION}[word]
            way = Direction.IN if word == "in" else Direction.OUT
            yield event(Kind.MESSAGE, direction=way, actor_kind=kind, actor=who, id=f"{ticket} {at}")
        elif word in ("claim", "takeover"):
            who = dice.choice(ENGINEERS)
            yield event(Kind(word), actor=who, id=f"{ticket} {at}")
        elif word in ("active", "working", "wait"):
            yield event(
                Kind.STATUS, status={"active": "Active", "working": "Working", "wait": "Awaiting"}[word], actor=who
            )
        elif word == "priority":
            yield event(Kind.PRIORITY, priority=dice.choice(("P1", "P2")))
        elif word == "resolve":
            yield event(Kind.STATUS, status=dice.choice(("Resolved", "Closed")), actor=who, id=f"{ticket} {at}")
        elif word == "reopen":
            yield event(Kind.REOPEN, actor=who, id=f"{ticket} {at}")
        elif word == "undo":
            last = event(Kind.RESOLVE, actor=who, id=f"{ticket} undone {at}")
            yield last
            yield event(Kind.UNDO, caused_by=last.id, actor=who)
        else:
            yield _answer(event, dice)
    if dice.random() < 0.75:
        yield event(Kind.RESOLVE, actor=who)
        if dice.random() < 0.5:
            yield _answer(event, dice)


def _answer(event: Callable[..., Event], dice: random.Random) -> Event:
    scores = dice.choice(({"csat": dice.randint(1, 5)}, {"nps": dice.randint(0, 10)}, {"csat": 5, "nps": 9}))
    return event(Kind.SURVEY, actor_kind=ActorKind.CUSTOMER, **scores)


def made(path: Path) -> SqliteStore:
    """A store in which all of that happened, made once; some results have a second revision, some were withdrawn."""
    if not _READY:
        with SqliteStore.create(path) as store:
            _happen(store)
        _READY.append(path.read_bytes())
    path.write_bytes(_READY[0])
    return SqliteStore(path)


_READY: list[bytes] = []


def _happen(store: SqliteStore) -> None:
    dice = random.Random(6)
    store.apply_policy(policy(), "test", OPENING)
    events = [event for number in range(TICKETS) for event in _life(number, dice) if event.at < NOW]
    taken(store, events, "first")
    # A message that comes late turns results that were frozen; a better promise judges a month anew.
    late = [
        Event(ticket=one.ticket, at=one.at + 1, kind=Kind.MESSAGE, direction=Direction.OUT, actor="Ana", id=f"late {n}")
        for n, one in enumerate(events)
        if one.kind is Kind.CREATED and n % 3 == 0
    ]
    taken(store, late, "late")
    store.apply_policy(policy("20h"), "test", NOW, rejudge_since=NOW - 30 * 86_400)
    ended = [row[0] for row in store.ask("SELECT id FROM tickets WHERE ended_at IS NULL ORDER BY id LIMIT 5")]
    for ticket in ended:
        store.act(Act("resolve", ticket, "Ben"), NOW - 60)
        store.act(Act("undo", ticket, "Ben"), NOW - 50)


def taken(store: SqliteStore, events: list[Event], name: str, now: int = NOW) -> None:
    """Bring `events` in, as an import of that name does."""
    intake = Intake(store)
    record = intake.begin(name, name, "ndjson", None, now)
    intake.take(record, [(line, event) for line, event in enumerate(events)], hold_from=now)
    intake.finish(record, lines=len(events), events=len(events), problems=0, now=now)
