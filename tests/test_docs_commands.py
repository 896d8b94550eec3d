"""The commands of the README and of pages, typed as they stand there into a shell on a terminal: none of them fails."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import sys
import time
from pathlib import Path

import pytest

from tests.sla.story import situation

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
TICKETS = "Key,Summary,Client,Urgency,Raised\nT-1042,Mail is down,Saltgrave Marine,P1,2026-01-05T09:00:00Z\n"
MAP = '[columns]\nid = "Key"\ntitle = "Summary"\ncustomer = "Client"\npriority = "Urgency"\nopened_at = "Raised"\n'
ELSEWHERE = re.compile(r"pip install|make (?:demo|test)|slaboard --as|slaboard bench")
"""Tested by others: packages, live boards, and what takes long."""

pytestmark = pytest.mark.skipif(
    not (BIN / "slaboard").exists() or shutil.which("bash") is None, reason="no bash, or slaboard is not installed here"
)


def commands(page: str, heading: str = "") -> list[str]:
    """The lines of the page's shell blocks, from `heading` on, without those that are tested elsewhere."""
    text = (ROOT / page).read_text(encoding="utf-8")
    text = text[text.index(heading) :]
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.S) for line in block.splitlines()]
    return [line for line in lines if not ELSEWHERE.search(line)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the pages take for granted: tickets and their columns, events and a policy, an editor."""
    (tmp_path / "tickets.csv").write_text(TICKETS)
    (tmp_path / "map.toml").write_text(MAP)
    shutil.copy(ROOT / "sample_data" / "busy_day.ndjson", tmp_path / "events.ndjson")
    shutil.copy(ROOT / "sample_data" / "demo_policy.toml", tmp_path / "p.toml")
    return tmp_path


def typed(lines: list[str], folder: Path) -> tuple[int, str]:
    """The exit code and the screen of a shell that stops at the first failure; questions are answered yes, or Enter."""
    (folder / "typed.sh").write_text("set -euo pipefail\n" + "\n".join(lines) + "\n")
    env = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder), "TERM": "xterm", "LC_ALL": "C.UTF-8",
           "USER": "ana", "LOGNAME": "ana", "EDITOR": "true", "COLUMNS": "120"}  # fmt: skip
    pid, file = pty.fork()
    if not pid:
        os.chdir(folder)
        os.execvpe("bash", ["bash", "--norc", "typed.sh"], env)
    seen, answered = "", 0
    end = time.monotonic() + 240
    while True:
        assert select.select([file], [], [], max(0.0, end - time.monotonic()))[0], seen
        try:
            piece = os.read(file, 65_536)
        except OSError:  # Linux's way of saying that the shell has closed its end
            break
        if not piece:
            break
        seen += piece.decode("utf-8", "replace")
        question = re.compile(r"\[(y/N)?[^\]\n]*\]: $").search(seen, answered)
        if question:
            answered = len(seen)
            os.write(file, b"y\n" if question[1] else b"\n")
    os.close(file)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen


def test_the_readme_s_five_minutes_and_its_scripts(folder: Path) -> None:
    """One after the other, as somebody would: a team ready, tickets in, a claim, a backup and back."""
    lines = commands("README.md", "## Five minutes")
    assert len(lines) >= 15
    code, screen = typed(lines, folder)
    assert code == 0, screen
    assert "Three questions" in screen
    assert "T-1042 is Amara's" in screen


@pytest.mark.parametrize(
    ("page", "more"),
    [
        situation("config", "config.md", "OK "),
        situation("team", "team.md", "OK Bjarne is on the team, under j"),
        situation("completion", "completion.md", ""),
        situation("views", "views.md", "OK Desk is saved for the team"),
        situation("alerts", "alerts.md", "Usage: slaboard watch"),
    ],
)
def test_a_page_s_commands(folder: Path, page: str, more: str) -> None:
    code, screen = typed(["slaboard init --yes", *commands(f"docs/{page}")], folder)
    assert code == 0, screen
    assert more in screen
