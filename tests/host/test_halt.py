"""Asked to end: what was begun is cleared away, and a sentence says what stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from slaboard.host import halt
from slaboard.store.base import Act
from slaboard.store.disk.driver import sentences
from slaboard.store.sqlite import SqliteStore

DEADLINE_S = 30
LINE = '{"ticket":"T-9","at":"2026-01-05T09:00:00Z","kind":"created","title":"x"}\n'
HEARING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from slaboard.__main__ import run
run()
"""
"""The program as started by hand, whatever the tests were started under."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with SqliteStore.create(tmp_path / "s.db") as store:
        store.add(Act("add", "", "ana", changes={"title": "x"}), 1_767_960_000)
        return store.path


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_rehearsal_that_is_stopped_leaves_no_copy_of_the_store(path: Path, name: str) -> None:
    """It waits for more lines while the copy stands in the temporary folder."""
    folder = path.with_name("temporary")
    folder.mkdir()
    environment = {**os.environ, "SLABOARD_STORE": str(path), "TMPDIR": str(folder)}
    command = [sys.executable, "-c", HEARING, "import", "--dry-run", "-"]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        process.stdin.write(LINE)
        process.stdin.flush()
        deadline = time.monotonic() + DEADLINE_S
        while not list(folder.glob("slaboard-*/s.db-wal")):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(getattr(signal, name))
        _, said = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, said.strip()) == (
        128 + getattr(signal, name), "slaboard: stopped. Nothing was changed."
    )  # fmt: skip
    assert list(folder.iterdir()) == []


def test_who_ignores_a_signal_goes_on_so() -> None:
    """As under `nohup`."""
    code = """
import signal
from slaboard.host import halt
signal.signal(signal.SIGHUP, signal.SIG_IGN)
halt.listen()
signal.raise_signal(signal.SIGHUP)
print(halt.is_asked(), signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_what_the_outer_work_takes_back_is_not_told_as_staying() -> None:
    inner = halt.telling(lambda: "half of it")
    with pytest.raises(KeyboardInterrupt, match="nothing"), halt.telling(lambda: "nothing"), inner:
        raise KeyboardInterrupt
    with pytest.raises(ValueError, match="other"), halt.telling(lambda: "half of it"):
        raise ValueError("other")


def test_a_long_question_that_is_stopped_is_no_error(path: Path) -> None:
    """SQLite loses what a signal raises in its callback, and says only that it was interrupted."""
    with SqliteStore(path) as store:
        store.connection.set_progress_handler(lambda: 1, 1)
        with pytest.raises(KeyboardInterrupt):
            store.ask("SELECT count(*) FROM tickets a, tickets b")
        store.connection.set_progress_handler(None, 0)


def test_once_asked_no_error_of_the_store_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function of ours that SQLite calls has lost what the signal raised: it says that the function failed."""
    monkeypatch.setattr(halt, "_asked", [signal.SIGTERM])
    with SqliteStore(path) as store, pytest.raises(KeyboardInterrupt), sentences(path):
        store.connection.execute("SELECT 1 WHERE 'a' REGEXP '('").fetchall()
    assert halt.exit_code() == 143
