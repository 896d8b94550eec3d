"""Writing: a claim and an import, each against bare SQLite that writes the same rows."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import msgspec

from slaboard.store.base import Act
from slaboard.store.disk.driver import connect
from slaboard.store.sqlite import SqliteStore
from slaboard.sync import Order, import_file
from tests.benchmarks.measure import Figure, Stolen, calm
from tests.benchmarks.stores import NOW, filled

CLAIMS = 400
EVENTS, SLICES = 1_000_000, 10
MOST_LOG = 16 * 1024 * 1024
MOST_WAIT_S = 0.1
COPIED = ("tickets", "events", "clocks", "outcomes")
BATCH = 1_000


def figures() -> Iterator[Figure]:
    """The claim, then the import."""
    with tempfile.TemporaryDirectory(prefix="slaboard-") as folder:
        yield from _claims(Path(folder) / "claims.db")
        yield from _import(Path(folder))


# --- a claim --------------------------------------------------------------------------------------------------


def _claims(path: Path) -> Iterator[Figure]:
    """The median of each, in turns, on tickets of one store."""
    with filled(path, 4 * CLAIMS) as store:
        free = [row[0] for row in store.ask("SELECT id FROM tickets WHERE owner IS NULL AND ended_at IS NULL")]
        random.Random(1).shuffle(free)
        bare = connect(path)
        ours, peer = [], []
        for mine, other in zip(free[:CLAIMS], free[CLAIMS : 2 * CLAIMS], strict=True):
            start = perf_counter()
            store.act(Act("claim", mine, "ana", any_zone=True, via="ana@desk pts/1"), NOW)
            ours.append(perf_counter() - start)
            start = perf_counter()
            _bare_claim(bare, other)
            peer.append(perf_counter() - start)
        bare.close()
        what = "claim (ticket, event, clocks), median, over a bare sqlite3 transaction that writes the same rows"
        yield Figure("claim.p50", what, median(ours) / median(peer), "<= 2")


def _bare_claim(connection: sqlite3.Connection, ticket: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    (rev,) = connection.execute("UPDATE state SET rev = rev + 1, ours = 1 RETURNING rev").fetchall()[0]
    connection.execute(
        "UPDATE tickets SET owner = 'ana', owned_at = ?, changed_at = ?, rev = ? WHERE id = ?", (NOW, NOW, rev, ticket)
    )
    connection.execute(
        "INSERT INTO events (ticket_id, at, kind, actor, via, rev) VALUES (?, ?, 'claim', 'ana', 'ana@desk pts/1', ?)",
        (ticket, NOW, rev),
    )
    connection.execute("UPDATE clocks SET owner = 'ana', rev = ? WHERE ticket_id = ?", (rev, ticket))
    connection.execute("UPDATE state SET ours = 0")
    connection.execute("COMMIT")


# --- an import ------------------------------------------------------------------------------------------------


def _import(folder: Path) -> Iterator[Figure]:
    """Slices of a large history, each imported; of every other the rows are written by a bare executemany, too.

    The twin's smaller tables are its advantage. Claims count where other machines left us our processors.
    """
    ours = peer = 0.0
    log = 0
    waits: list[tuple[float, list[float]]] = []
    tickets = _tickets(folder / "bare.db", folder / "store.db")
    with SqliteStore(folder / "store.db") as store:
        bare = connect(folder / "bare.db")
        bare.execute("UPDATE state SET ours = 1")
        for number in range(SLICES):
            path = folder / f"{number}.ndjson"
            path.write_bytes(b"".join(_lines(number, EVENTS // SLICES)))
            hand, stolen = _hand(folder / "store.db", tickets), Stolen()
            start = perf_counter()
            import_file(store, Order(str(path)), NOW, _refused)
            took = perf_counter() - start
            waits.append((stolen.share, _let_go(hand)))
            log = max(log, (folder / "store.db-wal").stat().st_size)
            path.unlink()
            if number % 2:
                continue
            ours += took
            rows = {table: _new_rows(store, table, f"S{number}-%") for table in COPIED}
            start = perf_counter()
            _bare_insert(bare, rows)
            peer += perf_counter() - start
        bare.close()
    per = f"import of {EVENTS:,} events"
    yield Figure("import.rate", f"{per}: its rate over a bare executemany of the same rows", peer / ours, ">= 0.25")
    yield Figure("import.wal", f"{per}: the write-ahead log over 16 MB", log / MOST_LOG, "<= 1")
    counted, words = calm(waits)
    claims = [wait for slice_ in counted for wait in slice_]
    what = f"{per}: the slowest of {len(claims)} claims by another process meanwhile, over 100 ms{words}"
    yield Figure("import.claims", what, max(claims) / MOST_WAIT_S, "<= 1")


def _tickets(*stores: Path) -> int:
    """Stores of the same policy with tickets to claim; how many."""
    for path in stores:
        filled(path, 4_000).close()
    return 4_000


def _lines(number: int, events: int) -> Iterator[bytes]:
    """Whole lives of tickets as a help desk has them: claimed, worked on, answered, most of them resolved."""
    dice = random.Random(number)
    made = ticket = 0
    while made < events:
        at = NOW - 90 * 86_400 + dice.randrange(89 * 86_400)
        ticket += 1
        steps: list[dict[str, object]] = [
            {
                "kind": "created", "title": f"thing {ticket}", "customer": f"C{ticket % 50}",
                "priority": f"P{1 + ticket % 4}",
            },
            {"kind": "claim", "actor": f"engineer {ticket % 20}"},
            {"kind": "status", "status": "Active", "actor": f"engineer {ticket % 20}"},
            {"kind": "message", "direction": "out", "actor": f"engineer {ticket % 20}"},
            {"kind": "message", "direction": "in", "actor": f"C{ticket % 50}", "actor_kind": "customer"},
            {"kind": "resolve", "actor": f"engineer {ticket % 20}"},
        ]  # fmt: skip
        for i, step in enumerate(steps[: 2 + ticket % 5 if ticket % 10 > 6 else len(steps)]):
            made += 1
            line = {
                "ticket": f"S{number}-{ticket}",
                "at": at + i * (60 + ticket % 3600),
                "id": f"{number}.{made}",
                **step,
            }
            yield msgspec.json.encode(line) + b"\n"


def _refused(line: int, reason: str) -> None:
    raise AssertionError(f"line {line}: {reason}")


def _new_rows(store: SqliteStore, table: str, like: str) -> list[tuple[object, ...]]:
    key = "id" if table == "tickets" else "ticket_id"
    order = "rowid" if table in ("events", "outcomes") else key
    rows = store.ask(f"SELECT * FROM {table} WHERE {key} GLOB ? ORDER BY {order}", (like.replace("%", "*"),))  # noqa: S608
    return [tuple(row) for row in rows]


def _bare_insert(connection: sqlite3.Connection, rows: dict[str, list[tuple[object, ...]]]) -> None:
    for table, values in rows.items():
        marks = ", ".join("?" * len(values[0]))
        for i in range(0, len(values), BATCH):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values[i : i + BATCH])  # noqa: S608
            connection.execute("COMMIT")


# Claims and releases tickets of a store four times a second until its input ends, then prints how long each act took.
_HAND = """
import json, select, sys, time
from pathlib import Path
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
took = []
with SqliteStore(Path(sys.argv[1])) as store:
    number = 0
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0.25)[0]:
        number += 1
        free = "SELECT id FROM tickets WHERE owner IS NULL AND ended_at IS NULL AND id GLOB 'T-*' LIMIT 1"
        ticket = store.ask(free)[0][0]
        start = time.perf_counter()
        store.act(Act("claim", ticket, "hand", any_zone=True), int(sys.argv[2]))
        took.append(time.perf_counter() - start)
print(json.dumps(took))
"""


def _hand(path: Path, tickets: int) -> subprocess.Popen[str]:
    hand = subprocess.Popen(
        [sys.executable, "-c", _HAND, str(path), str(NOW)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert hand.stdout is not None
    assert hand.stdout.readline() == "ready\n"
    return hand


def _let_go(hand: subprocess.Popen[str]) -> list[float]:
    told, _ = hand.communicate("")
    found: list[float] = json.loads(told)
    return found
