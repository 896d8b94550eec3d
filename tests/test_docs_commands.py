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
ELSEWHERE = re.compile(r"pip install|make (?:demo|test)|slaboard --as|slaboard bench|datasette")
"""Tested by others: packages, live boards, and what takes long; and another program that only reads."""

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


BEGUN = "slaboard init --yes"
IMPORTED = f"{BEGUN}; slaboard import tickets.csv --map map.toml"
RESOLVED = f"{IMPORTED}; slaboard claim T-1042 --as Amara; slaboard resolve T-1042 --as Amara"
THRICE = (
    f"{BEGUN}; for n in 1 2 3; do sed s/1042/104$n/ tickets.csv > t$n.csv; slaboard import t$n.csv --map map.toml; done"
)
HERE = f"export SLABOARD_STORE=board.db; {BEGUN}"
PAGES = (
    situation("alerts", "alerts.md", BEGUN, "Usage: slaboard watch"),
    situation("completion", "completion.md", BEGUN, ""),
    situation("config", "config.md", BEGUN, "OK "),
    situation("history", "history.md", RESOLVED, "T-1042"),
    situation("import", "import.md", THRICE, "t3.csv"),
    situation("metrics", "metrics.md", IMPORTED, "report.html"),
    situation("store", "store.md", HERE, "copy.db"),
    situation("team", "team.md", BEGUN, "OK Bjarne is on the team, under j"),
    situation("views", "views.md", BEGUN, "OK Desk is saved for the team"),
)
"""Each with what it takes for granted, and what stands on the screen then."""
TYPED_ELSEWHERE = {
    "status.md": "tests/test_docs_status.py types each of its snippets",
    "tour.md": "make demo, in tests/test_wheel.py and tests/tui",
    "performance.md": "make bench and make soak take hours",
    "security.md": "the fuzzers take as long as one lets them",
}


@pytest.mark.parametrize(("page", "before", "more"), PAGES)
def test_a_page_s_commands(folder: Path, page: str, before: str, more: str) -> None:
    code, screen = typed([before, *commands(f"docs/{page}")], folder)
    assert code == 0, screen
    assert more in screen


def test_every_page_with_commands_is_typed() -> None:
    """A new page joins the list above, or says where it is tested."""
    with_commands = {path.name for path in (ROOT / "docs").glob("*.md") if "```sh\n" in path.read_text("utf-8")}
    assert with_commands == {page.values[0] for page in PAGES} | TYPED_ELSEWHERE.keys()
