"""An import of 20,000 rows under twenty boards and three people who claim: all of it is true in the end, everywhere."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from slaboard.commands.clock import now
from slaboard.output import iso
from slaboard.store.sqlite import SqliteStore
from tests.faults.people import DEADLINE_S, assert_true_to, crew, slaboard
from tests.stores import YELLOW
from tests.tui.pane import Pane

ROWS, BOARDS = 20_000, 20
WAL_BOUND = 16 * 1024 * 1024


def write_rows(file: Path) -> None:
    """Event lines: each opens a ticket that has used half of its hour."""
    opened = iso(now() - YELLOW)
    with file.open("w", encoding="utf-8") as lines:
        for number in range(ROWS):
            event = {
                "ticket": f"I-{number}",
                "at": opened,
                "kind": "created",
                "title": f"Printer {number}",
                "priority": "P2",
            }
            lines.write(json.dumps(event) + "\n")


def pumped(pane: Pane, over: threading.Event) -> None:
    """Read what the board writes, as a terminal does, until it is all over."""
    while not over.is_set():
        pane.rest(0.1)


@pytest.mark.slow
def test_an_import_under_twenty_boards(path: Path, log: Path) -> None:
    """Nobody is told BUSY, nothing acknowledged is lost, and each board shows all 20,090 tickets."""
    file, over = path.with_name("events.ndjson"), threading.Event()
    write_rows(file)
    with ExitStack() as stack:
        panes = [stack.enter_context(Pane(path, size=(80, 24))) for _ in range(BOARDS)]
        for pane in panes:
            pane.shows("All 90", within_s=DEADLINE_S)
        stack.callback(over.set)
        readers = [threading.Thread(target=pumped, args=(pane, over)) for pane in panes]
        for reader in readers:
            reader.start()
        people = [stack.enter_context(crew("claims", path, str(log), str(n), str(n + 29))) for n in (1, 31, 61)]
        code, out, err = slaboard("import", str(file), "--store", str(path))
        assert (code, err) == (0, ""), err
        assert f"added {ROWS:,} events and {ROWS:,} tickets" in out
        assert [person.wait(timeout=DEADLINE_S) for person in people] == [0, 0, 0]
        over.set()
        for reader in readers:
            reader.join()
        for pane in panes:
            pane.shows(f"All {ROWS + 90}", within_s=DEADLINE_S)
            pane.shows("[Needs claim 20000]")
        assert all(b"STALE" not in pane.output for pane in panes)
        assert path.with_name("board.db-wal").stat().st_size < WAL_BOUND
    with SqliteStore(path) as store:
        assert assert_true_to(log, store) == 90
        owned = store.ask("SELECT count(*) FROM tickets WHERE owner IS NOT NULL")[0][0]
        clocks = store.ask("SELECT count(DISTINCT ticket_id) FROM clocks WHERE state = 'running'")[0][0]
        assert (owned, clocks, store.stale()) == (90, ROWS + 90, [])
        assert store.ask("PRAGMA integrity_check")[0][0] == "ok"
