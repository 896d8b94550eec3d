"""Tab: what is offered, that it is quick, and that no ticket's id ever becomes a command."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from slaboard.__main__ import main
from slaboard.board.saved import SavedView
from slaboard.commands.completion import SCRIPTS
from slaboard.store.team.roster import Roster
from slaboard.store.team.teamviews import TeamViews
from tests.commands.shell import Run
from tests.sla.story import situation
from tests.store.desk import desk

BIN = Path(sys.executable).parent
HOSTILE = (
    "T-1;touch canary", "T-$(touch canary)", "T-`touch canary`", "T-1\ntouch canary", "T-1 && touch canary", "T-{a,b}",
    "T-*", "T-1\x1b]0;x\x07", "T-'", 'T-"', "T-\\", "T-!!", "T-~", "T-#", "T-<x", "T-|x", "T-1\u202e", "-rf", "$HOME",
    "!!", "\ttouch canary\n", "T-1\tplain\tx", "T-%s", "T-(touch canary)", "T-[a]", "T-^a", "T-=x", "T-&",
)  # fmt: skip
"""Ids as a mail could carry them, each of which some shell would take for more than a text."""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two open tickets and a resolved one, hostile ones, and people with blanks and apostrophes in their names."""
    path = tmp_path / "board.db"
    lines = ("09:00 mail add INC-7 title=x priority=P1", "09:00 mail add INC-8 title=x", "09:10 ana resolve INC-8")
    with desk(path, *lines) as made:
        for name in ("Ana", "Anna Maria", "Øyvind", "Miles O'Brien", "李雷"):
            Roster(made).add(name)
        Roster(made).remove("Ana")
        TeamViews(made).save(SavedView("Dawn watch"), "Ana", 1_767_605_400)
        for id_ in HOSTILE:
            made.connection.execute("INSERT INTO tickets (id, priority) VALUES (?, 'P1')", (id_.replace("\0", ""),))
            made.connection.execute("INSERT OR IGNORE INTO engineers (name, key) VALUES (?, ?)", (id_, id_))
        while made.catch_up(1_767_605_400):
            pass
    monkeypatch.setenv("SLABOARD_STORE", str(path))
    return path


def offered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, shell: str) -> list[str]:
    """What is offered for the last of `words` (parted by blanks; empty when they end with one)."""
    parts = ["slaboard", *words.split(" ")]
    monkeypatch.setenv("_SLABOARD_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", "\n".join(parts[:-1] if shell == "fish" else parts))
    monkeypatch.setenv("COMP_CWORD", parts[-1] if shell == "fish" else str(len(parts) - 1))
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 0
    said = capsys.readouterr()
    assert said.err == ""
    return [line.split("\t")[1] for line in said.out.splitlines() if line.startswith("plain\t")]


@pytest.mark.parametrize("shell", SCRIPTS)
@pytest.mark.parametrize(
    ("words", "values"),
    [
        situation("a command", "exp", ["explain"]),
        situation("commands of one kind", "config ", ["check", "edit", "path", "show"]),
        situation("an open ticket", "claim INC", ["INC-7"]),
        situation("the open tickets, next first", "claim ", ["INC-7", "A-1"]),
        situation("a resolved one to open again", "reopen INC", ["INC-7", "INC-8"]),
        situation("a ticket that is not there", "claim X", []),
        situation("a ticket behind an option", "claim --as Ana A", ["A-1"]),
        situation("a saved view", "views show da", ["Dawn watch"]),
        situation("what a saved view lists", "tickets --view D", ["Dawn watch"]),
        situation("a person, in any case", "claim A-1 --as an", ["Anna Maria"]),
        situation("a person with an apostrophe", "team remove mil", ["Miles O'Brien"]),
        situation("a person of any script", "team remove 李", ["李雷"]),
        situation("who may come back first", "team add An", ["Ana", "Anna Maria"]),
        situation("a theme", "--theme da", ["dark"]),
        situation("a form", "status --format ", ["plain", "tmux", "json"]),
        situation("an option", "team pin --pi", ["--pin-stdin"]),
        situation("a shell", "completion z", ["zsh"]),
    ],
)
def test_what_is_offered(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, values: list[str],
    shell: str,
) -> None:  # fmt: skip
    assert offered(monkeypatch, capsys, words, shell) == values


@pytest.mark.parametrize(
    "words", ["claim ", "claim T", "claim T-", "claim -", "claim $", "reopen T-1", "claim A --as T"]
)
def test_a_hostile_id_or_name_is_never_offered(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    """Whatever shell asks, whatever has been typed of it."""
    for shell in SCRIPTS:
        found = set(offered(monkeypatch, capsys, words, shell))
        assert not {value for value in found if value in HOSTILE or not value.isprintable() or "touch" in value}


@pytest.mark.parametrize(
    "words", [["--store=", "claim", ""], ["--store", "=", "{other}", "claim", ""], ["claim", "--store={other}", ""]]
)
def test_the_store_that_is_named_before(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """On the line, however it is parted; else as everywhere."""
    desk(tmp_path / "other.db", "09:00 mail add OTHER-1 title=x priority=P1").close()
    line = " ".join(words).replace("{other}", str(tmp_path / "other.db"))
    assert ("OTHER-1" in offered(monkeypatch, capsys, line, "bash")) == ("{other}" in " ".join(words))


@pytest.mark.parametrize("content", [None, b"", b"text" * 999])
def test_a_store_that_cannot_be_read_offers_nothing_and_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    """A tab is no place for a complaint."""
    if content is not None:
        (tmp_path / "x.db").write_bytes(content)
    monkeypatch.setenv("SLABOARD_STORE", str(tmp_path / "x.db"))
    assert offered(monkeypatch, capsys, "claim T", "bash") == []


def test_a_tab_imports_no_screen(store: Path) -> None:
    """Nor what only some commands need."""
    code = "import sys; from slaboard.__main__ import main\ntry: main([])\nexcept SystemExit: print(*sys.modules)"
    env = {"_SLABOARD_COMPLETE": "bash_complete", "COMP_WORDS": "slaboard\nclaim\nINC", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **env}, capture_output=True, text=True, check=True
    )  # fmt: skip
    first, *_, modules = done.stdout.splitlines()
    assert first == "plain\tINC-7\t"
    assert {"textual", "rich", "watchfiles", "holidays", "sqlite_utils"}.isdisjoint(modules.split())


# --- real shells ------------------------------------------------------------------------------------------------


START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "bind 'set bell-style none' 2>/dev/null; PS1='> '"),
    "zsh": (["zsh", "-f", "-i"], "autoload -Uz compinit && compinit -D -u; PS1='> '; unsetopt beep"),
    "fish": (["fish", "--no-config", "-i"], "function fish_prompt; echo '> '; end"),
}
"""How each shell is started without anybody's settings, and what its first line sets up."""


class Terminal:
    """A shell on a terminal of its own, with our completion."""

    def __init__(self, shell: str, folder: Path, run: Run) -> None:
        command, setup = START[shell]
        (folder / "script").write_text(run("completion", shell).out)
        env = {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder), "TERM": "xterm", "LC_ALL": "C.UTF-8",
            "SLABOARD_STORE": os.environ["SLABOARD_STORE"], "SLABOARD_USER": "Ana",
        }  # fmt: skip
        self._pid, self._file = pty.fork()
        if not self._pid:
            os.chdir(folder)
            os.execvpe(command[0], command, env)
        self.seen = ""
        self.type(f"{setup}; . ./script; echo rea''dy\n")
        self.until("ready")
        self.seen = ""

    def type(self, text: str) -> None:
        os.write(self._file, text.encode())

    def until(self, text: str) -> None:
        """Read until `text` is on the screen; an error after a long while."""
        end = time.monotonic() + 60
        while text not in self.seen:
            ready, _, _ = select.select([self._file], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{text!r} never came: {self.seen!r}"
            self.seen += os.read(self._file, 65_536).decode("utf-8", "replace")

    def close(self) -> None:
        os.close(self._file)
        os.waitpid(self._pid, 0)


@contextmanager
def terminal(shell: str, folder: Path, run: Run) -> Iterator[Terminal]:
    if shutil.which(shell) is None or not (BIN / "slaboard").exists():
        pytest.skip(f"no {shell} here, or slaboard is not installed")
    opened = Terminal(shell, folder, run)
    try:
        yield opened
    finally:
        opened.close()


@pytest.mark.parametrize("shell", SCRIPTS)
def test_tab_in_a_real_shell(store: Path, tmp_path: Path, run: Run, shell: str) -> None:
    """An id is completed; a name with blanks arrives at the program as one word; a hostile id never does anything."""
    with terminal(shell, tmp_path, run) as opened:
        opened.type("slaboard claim INC\t")
        opened.until("INC-7")
        opened.type("--as ann\t")
        opened.until("Maria")
        opened.type("--any\n")
        opened.until("OK INC-7 is Anna Maria's")
        opened.type("slaboard claim T-\t\t\n")
        opened.until("There is no ticket T-")
    assert not (tmp_path / "canary").exists()
