"""Many processes on one store: each ticket has one winner, everybody else gets a sentence, and nobody starves."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Kind
from tests.benchmarks.stores import filled
from tests.store.desk import OPENED, agrees, desk, do, the

DEADLINE_S = 60
WAL_BOUND = 12 * 1024 * 1024
"""Bytes. The log is carried over at 4 MB; a reader in the middle of it may delay that once or twice."""


@contextmanager
def crowd(script: str, count: int, *arguments: str) -> Iterator[list[subprocess.Popen[str]]]:
    """`count` processes that have imported everything and start at the same moment, when the block is entered."""
    with ExitStack() as stack:
        people = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", script, *arguments, str(number)], text=True, stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                )
            )
            for number in range(count)
        ]  # fmt: skip
        for person in people:
            stack.callback(person.kill)
            assert person.stdout is not None
            assert person.stdout.readline() == "ready\n"
        for person in people:
            assert person.stdin is not None
            person.stdin.write("go\n")
            person.stdin.flush()
        yield people


CLAIM = """
import sys
from slaboard.__main__ import main
from slaboard.commands import act
print("ready", flush=True)
sys.stdin.readline()
sys.exit(main(["claim", "A-1", "--store", sys.argv[1], "--as", f"P{sys.argv[2]}"]))
"""


def test_twenty_processes_claim_one_ticket(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    desk(path).close()
    with crowd(CLAIM, 20, str(path)) as people:
        said = [person.communicate(timeout=DEADLINE_S) for person in people]
        codes = [person.returncode for person in people]
    assert Counter(codes) == {0: 1, 4: 19}
    winner = f"P{codes.index(0)}"
    assert said[codes.index(0)][0].startswith(f"OK A-1 is {winner}'s (")
    for number, (out, err) in enumerate(said):
        if codes[number] == 4:
            assert (out, err.count("\n")) == ("", 1)
            assert err.startswith(f"slaboard: A-1 was taken by {winner} ")
            assert err.endswith("). Nothing changed.\n")
            assert "Traceback" not in err
    with SqliteStore(path) as store:
        assert the(store).owner == winner
        assert [event.kind for event in store.events("A-1")] == [Kind.CREATED, Kind.CLAIM]
        assert agrees(store)


FLAT_OUT = """
import json, os, random, sys
from pathlib import Path
from slaboard.errors import Lost
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
path, now, tickets, notes, number = Path(sys.argv[1]), *map(int, sys.argv[2:])
order = [f"A-{n}" for n in range(1, tickets + 1)]
random.Random(number).shuffle(order)
won, wal = [], 0
with SqliteStore(path) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    for ticket in order:
        try:
            store.act(Act("claim", ticket, f"P{number}", any_zone=True), now)
            won.append(ticket)
        except Lost:
            pass
    for i in range(notes):
        store.act(Act("note", order[i % tickets], f"P{number}", f"note {i} " + "x" * 2000), now)
        wal = max(wal, os.stat(f"{path}-wal").st_size)
print(json.dumps({"won": won, "wal": wal}))
"""


def test_eight_processes_flat_out_over_sixty_tickets(tmp_path: Path) -> None:
    """No StoreBusy reaches anybody, each ticket is won once, and a board that reads on never sees half an act."""
    path, tickets, notes = tmp_path / "s.db", 60, 60
    with desk(path, *(f"09:00 mail add A-{number} priority=P2" for number in range(2, tickets + 1))) as store:
        with crowd(FLAT_OUT, 8, str(path), str(OPENED), str(tickets), str(notes)) as people:
            while any(person.poll() is None for person in people[:1]):
                grid, loads = store.grid(OPENED), store.loads()
                assert grid.open == tickets
                assert sum(loads.values()) <= tickets
            said = [person.communicate(timeout=DEADLINE_S) for person in people]
            assert [(person.returncode, err) for person, (_, err) in zip(people, said, strict=True)] == [(0, "")] * 8
        reports = [json.loads(out) for out, _ in said]
        winners = Counter(ticket for report in reports for ticket in report["won"])
        assert winners == dict.fromkeys((f"A-{number}" for number in range(1, tickets + 1)), 1)
        kinds = dict(store.ask("SELECT kind, count(*) FROM events GROUP BY kind"))
        assert kinds == {Kind.CREATED: tickets, Kind.CLAIM: tickets, Kind.NOTE: 8 * notes}
        assert all(0 < report["wal"] < WAL_BOUND for report in reports)
        assert agrees(store)


@pytest.mark.slow
def test_fifty_processes_over_a_thousand_tickets(tmp_path: Path) -> None:
    """Each ticket has one winner, whom its one event names; nobody dies of a store that is busy."""
    path = tmp_path / "s.db"
    with filled(path, 1_250) as store:  # a fifth of them is Ana's from the start
        command = [sys.executable, "-m", "tests.benchmarks.hands", "race", str(path), "50", "0"]
        done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=300)
        assert (done.returncode, done.stderr) == (0, "")
        wins = [(ticket, f"P{number}") for number, one in enumerate(json.loads(done.stdout)) for ticket in one["won"]]
        assert len(wins) == 1_000
        claims = "SELECT ticket_id, actor FROM events WHERE kind = 'claim' AND actor <> 'ana'"
        assert sorted(map(tuple, store.ask(claims))) == sorted(wins)
        assert dict(store.ask("SELECT id, owner FROM tickets WHERE owner <> 'ana'")) == dict(wins)
        assert agrees(store)


def test_the_log_is_carried_over_while_one_process_writes_on(tmp_path: Path) -> None:
    """Without that it would be some 30 MB here."""
    with desk(tmp_path / "s.db", *(f"09:00 mail add B-{number} priority=P2" for number in range(100))) as store:
        wal, biggest = Path(f"{store.path}-wal"), 0
        for minute in range(10, 13):
            for number in range(100):
                do(store, f"09:{minute} ana note B-{number} - {'x' * 60_000}")
            biggest = max(biggest, wal.stat().st_size)
        assert biggest < WAL_BOUND
