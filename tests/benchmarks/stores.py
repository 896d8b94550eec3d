"""Stores of any size for the benches: open tickets of the last 200 hours under one policy."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from slaboard.store.intake import BATCH, Intake
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Event, Kind

NOW = 1_800_000_000
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
