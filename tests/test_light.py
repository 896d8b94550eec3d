"""What a status line calls every second stays light: no screen is imported for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore

HEAVY = ("textual", "rich", "watchfiles", "holidays", "sqlite_utils")
HEAVY_FOR_A_STATUS_LINE = (
    *HEAVY, "click", "msgspec", "humanize", "platformdirs", "dataclasses", "typing", "tempfile", "zoneinfo", "decimal",
)  # fmt: skip
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
    assert _imported(tmp_path, command, HEAVY) == ""


@pytest.mark.parametrize("form", ["plain", "tmux"])
def test_a_status_line_imports_nothing_that_it_can_do_without(tmp_path: Path, form: str) -> None:
    """Each of these costs more than all that it does; click alone as much as Python itself."""
    assert _imported(tmp_path, ["status", "--format", form], HEAVY_FOR_A_STATUS_LINE) == ""


@pytest.mark.parametrize("command", ["--version", "--help"])
def test_what_asks_no_store_imports_none(tmp_path: Path, command: str) -> None:
    """The store and the engine are a tenth of a second."""
    names = ("slaboard.store.sqlite", "slaboard.sla.policy") if command == "--version" else HEAVY
    assert _imported(tmp_path, [command], names) == ""


def _imported(folder: Path, command: Sequence[str], names: Sequence[str]) -> str:
    """Which of the modules `names` a process of its own has imported after `command` on a store with a ticket."""
    path = folder / "s.db"
    with SqliteStore.create(path) as store:
        store.add(Act("add", "", "ana", changes={"title": "x"}), 1_767_960_000)
    done = subprocess.run(
        [sys.executable, "-c", RUN.replace("{heavy}", repr(set(names))), *command],
        env={"SLABOARD_STORE": str(path), "HOME": str(folder), "PATH": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]
