"""Who takes part: other processes on the store, the command line, and what must be true after all of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from slaboard.commands.clock import now
from slaboard.store.base import Act
from slaboard.store.care.check import differences
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Kind

ROOT = Path(__file__).parent.parent.parent
DEADLINE_S = 120
"""For a crowd on a busy machine."""


@contextmanager
def crew(role: str, store: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A process in one of the crew's roles, from when it is ready on; killed at the end if it is still there."""
    arguments = [sys.executable, "-m", "tests.faults.crew", role, str(store), *more]
    with subprocess.Popen(
        arguments, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def through(role: str, store: Path, *more: str, environment: Mapping[str, str] | None = None) -> str:
    """What a process in that role prints until it is done."""
    arguments = [sys.executable, "-m", "tests.faults.crew", role, str(store), *more]
    process = subprocess.run(
        arguments,
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=DEADLINE_S,
        env={**os.environ, **(environment or {})},
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


def slaboard(*arguments: str, within: Sequence[str] = (), before: str = "") -> tuple[int, str, str]:
    """Exit code, output and errors of a command in a process of its own, after the Python statements in `before`."""
    program = ["-c", f"import sys\n{before}\nfrom slaboard.__main__ import main\nsys.exit(main(sys.argv[1:]))"]
    process = subprocess.run(
        [*within, sys.executable, *program, *arguments], text=True, capture_output=True, timeout=DEADLINE_S
    )
    assert "Traceback" not in process.stderr, process.stderr
    return process.returncode, process.stdout, process.stderr


def pause(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """Stop it, and come back when it stands still."""
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED)


def assert_true_to(log: Path, store: SqliteStore) -> int:
    """Everything acknowledged is in the store; how many acts that were."""
    acts = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    known = {
        row["seq"]: (row["ticket_id"], row["actor"]) for row in store.ask("SELECT seq, ticket_id, actor FROM events")
    }
    assert [act for act in acts if known.get(act["seq"]) != (act["ticket"], act["who"])] == []
    return len(acts)


def assert_whole(store: SqliteStore) -> None:
    """The file is sound, every row and clock is what the events say, and the next act is done."""
    assert [row[0] for row in store.ask("PRAGMA integrity_check")] == ["ok"]
    assert (list(differences(store, now())), store.stale()) == ([], [])
    done = store.act(Act("note", "T-1", "Zoe", text="I am next"), now())
    assert store.events("T-1")[-1].kind is Kind.NOTE
    assert store.events("T-1")[-1].seq == done.seq
