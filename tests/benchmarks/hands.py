"""Many processes on one store, forked after everything is imported so that 50 of them start at once.

`python -m tests.benchmarks.hands JOB STORE WORKERS SECONDS`: a JSON list with what each of them found.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any

from slaboard.errors import Lost, StoreBusy
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from tests.benchmarks.stores import NOW

FREE = "SELECT id FROM tickets WHERE owner IS NULL AND ended_at IS NULL"
AT_ONCE = 20
"""So many free tickets a worker looks at before it takes one of them."""
Found = dict[str, Any]
Job = Callable[[SqliteStore, int, int, float, Callable[[], None]], Found]


def single(store: SqliteStore, number: int, workers: int, seconds: float, ready: Callable[[], None]) -> Found:
    """One claim after another."""
    tickets = _own(store, number, workers)
    took: list[float] = []
    _warm_up(store, tickets, number)
    ready()
    until = monotonic() + seconds
    while monotonic() < until and tickets:
        begun = perf_counter()
        _claim(store, tickets.pop(), number)
        took.append(perf_counter() - begun)
    return {"took": took}


def paced(store: SqliteStore, number: int, workers: int, seconds: float, ready: Callable[[], None]) -> Found:
    """A claim a second, each worker at an instant of its own."""
    tickets, dice = _own(store, number, workers), random.Random(number)
    took: list[float] = []
    _warm_up(store, tickets, number)
    ready()
    start = monotonic()
    while (due := start + len(took) + dice.random()) < start + seconds:
        sleep(max(0.0, due - monotonic()))
        begun = perf_counter()
        with suppress(StoreBusy):  # counts with the two seconds that it took
            _claim(store, tickets.pop(), number)
        took.append(perf_counter() - begun)
    return {"took": took}


def race(store: SqliteStore, number: int, workers: int, seconds: float, ready: Callable[[], None]) -> Found:
    """Claim whatever is free, until nothing is: all of them want the same tickets."""
    dice = random.Random(number)
    won: list[str] = []
    lost = busy = 0
    ready()
    while free := store.ask(f"{FREE} LIMIT {AT_ONCE}"):
        ticket = dice.choice(free)[0]
        try:
            _claim(store, ticket, number)
            won.append(ticket)
        except Lost:
            lost += 1
        except StoreBusy:
            busy += 1
    return {"won": won, "lost": lost, "busy": busy}


def flat_out(store: SqliteStore, number: int, workers: int, seconds: float, ready: Callable[[], None]) -> Found:
    """Claims and releases without a pause; every tenth worker reads like a board instead, and writes as well."""
    tickets = _own(store, number, workers)
    acts = busy = longest = 0
    _warm_up(store, tickets, number)
    tickets = tickets[:AT_ONCE]
    ready()
    until = monotonic() + seconds
    while monotonic() < until:
        if number % 10 == 0:
            store.grid(NOW)
        verb = "release" if acts // len(tickets) % 2 else "claim"
        try:
            store.act(Act(verb, tickets[acts % len(tickets)], f"P{number}", any_zone=True, via="desk"), NOW)
            acts += 1
        except StoreBusy:
            busy += 1
        longest = max(longest, os.stat(f"{store.path}-wal").st_size)
    return {"acts": acts, "busy": busy, "log": longest}


def _own(store: SqliteStore, number: int, workers: int) -> list[str]:
    """The free tickets of one worker, which nobody else touches."""
    rows = store.ask("SELECT id, owner IS NULL AND ended_at IS NULL FROM tickets ORDER BY id")
    return [ticket for ticket, is_free in rows[number::workers] if is_free]


def _claim(store: SqliteStore, ticket: str, number: int) -> None:
    store.act(Act("claim", ticket, f"P{number}", any_zone=True, via="desk"), NOW)


def _warm_up(store: SqliteStore, tickets: list[str], number: int) -> None:
    """The first claims of a forked process take up to four times as long, for it copies the memory that it touches."""
    for _ in range(4):
        with suppress(StoreBusy):
            _claim(store, tickets.pop(), number)


JOBS: dict[str, Job] = {"single": single, "paced": paced, "race": race, "flat_out": flat_out}


def main(arguments: Sequence[str]) -> int:
    """Fork them, let them go at one moment, and print what they found."""
    job, path, workers, seconds = JOBS[arguments[0]], Path(arguments[1]), int(arguments[2]), float(arguments[3])
    gc.freeze()
    go, gone = os.pipe()
    pipes = []
    for number in range(workers):
        mine, theirs = os.pipe()
        if not os.fork():
            os.close(gone)
            _work(job, path, number, workers, seconds, go, theirs)
        os.close(theirs)
        pipes.append(mine)
    for pipe in pipes:
        os.read(pipe, 1)
    os.close(gone)
    found = [os.fdopen(pipe).read() for pipe in pipes]
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    print(f"[{', '.join(found)}]")
    return 0 if all(found) else 1


def _work(job: Job, path: Path, number: int, workers: int, seconds: float, go: int, told: int) -> None:
    def ready() -> None:
        os.write(told, b" ")
        os.read(go, 1)

    try:
        with SqliteStore(path) as store:
            store.policy()
            found = job(store, number, workers, seconds, ready)
        os.write(told, json.dumps(found).encode())
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
