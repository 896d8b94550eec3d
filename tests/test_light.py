"""What a status line calls every second stays light: no screen is imported for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore

HEAVY = ("textual", "rich", "watchfiles", "holidays", "sqlite_utils")
RUN = """
import sys
from slaboard.__main__ import main
code = main(sys.argv[1:])
print("\\n" + " ".join(sorted(set(sys.modules) & {heavy})))
sys.exit(code)
"""


@pytest.mark.parametrize(
    "command",
    [
        ["status", "--format", "tmux"],
        ["grid", "--json"],
        ["tickets", "--json"],
        ["claim", "T-1", "--as", "ana", "--any"],
        ["--version"],
    ],
    ids=lambda command: command[0],
)
def test_it_imports_neither_the_screen_nor_what_only_the_board_needs(tmp_path: Path, command: list[str]) -> None:
    """In a process of its own, with a ticket in the store."""
    path = tmp_path / "s.db"
    with SqliteStore.create(path) as store:
        store.add(Act("add", "", "ana", changes={"title": "x"}), 1_767_960_000)
    done = subprocess.run(
        [sys.executable, "-c", RUN.replace("{heavy}", repr(set(HEAVY))), *command],
        env={"SLABOARD_STORE": str(path), "HOME": str(tmp_path), "PATH": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == ""
